"""Compilation: of what the user asks for, and, unasked, of what the gradient family returns and of steps of training.

A call is traced under a watch: at the first call if it trains or evaluates a network, at the second if it is of plain
functions, which may be called just once. If all that it reads can be checked and all that it changes are Tensors, the
traced program serves this call and those after it for which the checks hold. Else the function runs eagerly, as it does
whenever there is doubt: by `ms.jit` and GRAPH_MODE the user asks for compilation, but never for other results.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
import weakref
from collections import OrderedDict
from collections.abc import Callable
from time import perf_counter
from typing import Any

from msjax import log
from msjax.compile.explain import Report, is_ours, report_of
from msjax.compile.fingerprint import Call, Refused
from msjax.compile.guards import Guards
from msjax.compile.instrument import raised_in
from msjax.compile.program import Program, Unmet
from msjax.compile.reach import tensors_in_reach, trains
from msjax.compile.result import gathered
from msjax.compile.watch import Watch, put
from msjax.core import context, precision, trace
from msjax.core.interrupts import interrupts
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.core.tracebacks import shorten

_MODES = ("auto", "off")
_VARIANTS = 8  # programs for calls of one key; the oldest goes then
_UNUSED = 4  # that many in a row, which served fewer calls than _WORTH each: what they read changes all the time
_WORTH = 4
_PATIENCE = 8  # calls before a program is made for objects that are made anew all the time, twice as many each time
_REFUSALS = 4  # of one function, before it is taken to refuse always
_RUNS_LATER = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_FREE = 600  # operators of a function that is compiled without knowing what it costs to run eagerly
_OPERATORS = 400  # are compiled in a second, with their derivatives
_DIFFERENT = 2  # numbers of an argument, before a program is made for all
_KEPT = 256  # keys with programs
_SEEN = 4096  # keys without programs

_entries: OrderedDict = OrderedDict()
_seen: dict[int, int] = {}  # by the hash of a key that has no programs yet: how many calls
_short_lived: dict[tuple, int] = {}  # by code: how many programs in a row went with their objects before they paid
_numbers: dict[int, set] = {}  # by the hash of a key without numbers: the hashes of the last keys with them
_spent: dict[tuple, float] = {}  # by code: seconds in eager calls
_mode = "off" if os.environ.get("MSJAX_COMPILE", "auto").lower() in ("off", "0", "false") else "auto"


def set_compile(mode: str) -> None:
    """Choose whether gradient functions, optimizers and training steps compile by themselves in PYNATIVE_MODE.

    Args:
        mode: "auto", the default, to compile what can be compiled without anybody noticing, networks at their first
            call, plain functions at their second; "off" to compile only what `ms.jit` and GRAPH_MODE ask for. The
            environment variable `MSJAX_COMPILE` sets it for a whole process.

    Raises:
        ValueError: for another mode.

    Example:
        >>> ms.set_compile("auto")
    """
    global _mode
    if mode not in _MODES:
        raise ValueError(f"For 'set_compile', the mode must be one of {list(_MODES)}, but got {mode!r}.")
    _mode = mode


class Variant:
    """A program, and the checks under which it may run: `check(pins, handles)` finds the Tensors that it captured.

    Attributes:
        assigned: weak references to the objects, and the names of their attributes, that get new Tensors. The program
            gives these beside its result, if there are any.
        runs: how many calls it served.
    """

    __slots__ = ("assigned", "check", "guards", "program", "runs")

    def __init__(self, program: Program, check: Callable, guards: Guards, assigned: tuple):
        self.program, self.check, self.guards, self.assigned = program, check, guards, assigned
        self.runs = 0

    def run(self, call: Call, captured: list, again: Callable):
        """The result for a call, with the Tensors that its check found; `again` runs the call eagerly."""
        self.runs += 1
        if not self.assigned:
            return self.program(call, captured, again)
        result, values = self.program(call, captured, again)
        for (reference, name), value in zip(self.assigned, values, strict=True):
            put(reference(), name, value)
        return result


class Entry:
    """The programs for calls of one key.

    Attributes:
        codes: the user's code that they run.
        eager: why these calls run eagerly, or None.
        open: whether the calls may differ in the numbers that they take.
        fixed: whether numbers that differ from call to call must be compiled in.
        postponed: how many seconds they are to take before they are traced again.
        first: whether it is made for a first call, which may make what others find: a table, a weight of a shape.
    """

    __slots__ = ("codes", "eager", "first", "fixed", "open", "postponed", "variants")

    def __init__(self, codes: tuple = ()):
        self.codes = codes
        self.variants: list[Variant] = []
        self.eager: str | None = None
        self.open = self.fixed = self.first = False
        self.postponed = 0.0


class Task:
    """A call that may run compiled.

    Args:
        function: what is called and traced.
        plain: what is called to run it eagerly.
        kind: what the report on it says was asked for.
        asked: whether the user asked for compilation.
        ruled: whether it runs by the rules of a compiled function, compiled or not.
        at_once: whether the first call compiles already.
    """

    __slots__ = ("args", "asked", "at_once", "call", "function", "kind", "kwargs", "plain", "ruled")

    def __init__(
        self, function, args: tuple, kwargs: dict, kind: str, plain=None, asked=False, ruled=False, at_once=False
    ):
        self.function, self.args, self.kwargs, self.kind = function, args, kwargs, kind
        self.plain = function if plain is None else plain
        self.asked, self.ruled, self.at_once = asked, ruled, at_once

    def eagerly(self):
        """The result without compilation."""
        return self._called(self.plain, self.args, self.kwargs)

    def _called(self, function: Any, args: tuple, kwargs: dict):
        return as_compiled(function, args, kwargs) if self.ruled else function(*args, **kwargs)

    @property
    def report(self) -> Report:
        return report_of(self.kind, *self.call.subject())

    def run(self):
        """The result."""
        try:
            return self._result()
        except Exception as error:
            shorten(error)
            raise

    def _result(self):
        if trace._stack.frames or trace._stack.saver:  # part of something that is traced already, or hooks see it
            return self.eagerly()
        if trace._stack.pending is not None:
            trace.settle()
        if _mode == "off" and not self.asked:
            with trace.lock:
                return self.plain(*self.args, **self.kwargs)
        with trace.lock:
            key, entry = self._found()
            if key is None:
                return self.eagerly()
            call = self.call
            if entry is None:
                entry = self._enter(key)
                if entry is None:
                    return self._timed(self.codes)
            for variant in entry.variants:
                found = variant.check(call.pins, call.handles, call.numbers)
                if found is not None:
                    return self._run(entry, variant, found)
            return self.eagerly() if entry.eager is not None else self._compile(entry, key)

    # What runs eagerly runs outside of handlers of exceptions: the user would see which exception is being handled.

    def _found(self) -> tuple:
        """The key of the call and its entry, if it has one; no key if it can not be told from other calls."""
        self.call = Call()
        try:
            key = self._key(self.call.take(self.function, self.args, self.kwargs))
            entry = _entries.get(key)
            return self._opened(key) if entry is None and self.call.counts else (key, entry)
        except (Refused, Exception) as reason:  # objects may answer what they are as they like
            if interrupts(reason):
                raise
            self.report.ran_eagerly(str(reason))
            return None, None

    def _key(self, taken) -> tuple:
        return taken, self.asked, context.in_graph(), precision.chosen(), trace.gradients_forbidden()

    def _opened(self, key) -> tuple:
        """The key of a call with numbers, and its entry, if it has one; once calls differ in their numbers, those of a
        program that serves any."""
        call = Call()
        shared = self._key(call.take_open(self.function, self.args, self.kwargs))
        entry = _entries.get(shared)
        if entry is None:
            _bound(_numbers)
            others = _numbers.setdefault(hash(shared), set())
            others.add(hash(key))
            if len(others) <= _DIFFERENT:
                return key, None
            entry = _made(shared, self.codes)
            entry.open = True
        if entry.eager is not None:
            return key, None
        self.call = call
        return shared, entry

    @property
    def codes(self) -> tuple:
        """The user's code that is called."""
        return tuple(c for c in self.call.subject()[0] if not is_ours(c))

    def _timed(self, codes: tuple):
        """The result without compilation; notes what that costs."""
        start = perf_counter()
        try:
            return self.eagerly()
        finally:
            _bound(_spent)
            if codes:  # what is of msjax alone, as optimizers are, is not told apart by its code
                _spent[codes] = _spent.get(codes, 0.0) + perf_counter() - start

    def _enter(self, key) -> Entry | None:
        """A new entry, if it is time for one."""
        codes = self.codes
        calls = _seen.get(hash(key), 0)
        lost = _short_lived.get(codes, 0) - _UNUSED if codes else -1
        at_once = self.at_once or (codes not in _spent and trains(self.call))
        _bound(_seen, _short_lived)
        _seen[hash(key)] = calls + 1
        if not at_once and calls < (1 if lost < 0 else _PATIENCE << min(lost, 5)):
            self.report.waits(key)
            return None
        entry = _made(key, codes)
        entry.first = not calls
        return entry

    def _run(self, entry: Entry, variant: Variant, found: list):
        try:
            return variant.run(self.call, found, self.eagerly)
        except Refused:  # something that JAX itself takes into account has changed
            entry.variants.remove(variant)
        except Unmet:
            pass
        return self.eagerly()

    def _compile(self, entry: Entry, key):
        report = self.report
        spent = _spent.setdefault(entry.codes, 0.0) if entry.codes else 0.0
        if report.refusals >= _REFUSALS and not self.asked:
            entry.eager = report.reason
        elif self._always_changes(entry.variants):
            entry.eager = f"what it reads changes from call to call: {report.cause}"
            report.gave_up(entry.eager)
        if entry.eager is not None or spent < entry.postponed:
            return self._timed(entry.codes)
        start, result, unmet = perf_counter(), None, False
        try:
            variant = self._traced(entry, sys.maxsize if self.asked else _FREE + int(spent * _OPERATORS))
            try:
                result = variant.run(self.call, variant.program.captured, self.eagerly)
            except Unmet:
                unmet = True
        except trace.TooLarge:
            entry.postponed = 2 * spent + perf_counter() - start
            report.waits(key, "it runs many operators, and has not run long enough for compilation to pay")
        except Refused as refusal:
            entry.eager = str(refusal)
        except BaseException as error:  # the eager run will tell
            if interrupts(error):
                raise
            entry.eager = f"it raises {type(error).__name__} when it is traced: {_first_line(error)}{raised_in(error)}"
        else:
            entry.variants = [variant, *entry.variants[: _VARIANTS - 1]]
            variant.guards.watch_deaths(functools.partial(_forget, key))
            variant.program.forget()
            variant.guards.forget()
            report.compiled(key, perf_counter() - start)
            return self.eagerly() if unmet else result
        if entry.eager is None:
            return self._timed(entry.codes)
        if entry.first and not entry.open:
            del _entries[key]
            report.ran_eagerly(entry.eager)
            return self.eagerly()
        report.refused(entry.eager)
        if self.asked:
            log.info(f"{report.function} runs eagerly: {entry.eager}")
        return self.eagerly()

    def _always_changes(self, variants: list[Variant]) -> bool:
        """Whether the latest programs for a key hardly served, so that one more will not either."""
        many = _VARIANTS if self.asked else _UNUSED
        return len(variants) >= many and sum(v.runs for v in variants[:many]) < many * _WORTH

    def _traced(self, entry: Entry, budget: int) -> Variant:
        """A program for the call."""
        known = {} if entry.fixed or not entry.variants else entry.variants[0].guards.numbers
        if not known:
            return self._program(budget, known)
        try:
            return self._program(budget, known)
        except (Refused, Exception) as error:
            if interrupts(error):
                raise
            entry.fixed = True  # something wants to know the numbers
            return self._program(budget, {})

    def _program(self, budget: int, known: dict) -> Variant:
        code = getattr(getattr(self.function, "construct", self.function), "__code__", None)
        if code is not None and code.co_flags & _RUNS_LATER:
            raise Refused("it is a generator or a coroutine, which runs after the call")
        call, watch = self.call, Watch(self.call, self.asked, known)
        guards = watch.guards
        guards.roots((self.function, self.args, self.kwargs))
        args, kwargs = watch.numbers(self.args, self.kwargs) if call.numbers else (self.args, self.kwargs)

        def body():
            result = self._called(watch.lifted(self.function), args, kwargs)
            values = [obj.__dict__[name] for obj, name, _ in watch.assigned.values()]
            return (result, values) if values else result

        program = Program(body, call, watch, self.kind, tensors_in_reach(call), budget)
        captured = [(h, guards.place(h)) for h in program.captured]
        check = guards.build(captured, program.distinct)
        found = check(call.pins, call.handles, call.numbers)
        if found is None:
            raise Refused("it changes what it reads")
        assigned = tuple([(weakref.ref(obj), name) for obj, name, _ in watch.assigned.values()])
        return Variant(program, check, guards, assigned)


def as_compiled(function: Callable, args: tuple, kwargs: dict):
    """The call of a function by graph mode's rules, whether it is being compiled or not.

    Tensors among the arguments are the function's own variables. A Tensor that it updates as a whole (`assign`, `add_`)
    is updated for the caller too; setting items makes a new value, which the caller does not see.
    """
    own = tuple(_own(a) if type(a) is Tensor and not a._hooks else a for a in args)
    with context.compiling():
        result = gathered(function(*own, **kwargs))
    for theirs, ours in zip(args, own, strict=True):
        if ours is not theirs and ours._version and not ours._items_set and not _is_differentiated(theirs):
            rebind(theirs, raw(ours))
    return result


def _own(tensor: Tensor) -> Tensor:
    own = wrap(raw(tensor))
    if tensor._shadow is not None:
        trace.shadow(own, tensor._shadow)
    return own


def _is_differentiated(handle: Tensor) -> bool:
    frame = trace.top()
    return frame is not None and frame.is_leaf(handle)


def automatic(function: Callable, args: tuple, kwargs: dict):
    """`function(*args, **kwargs)`, compiled if nobody can tell, or in graph mode.

    Args:
        function: msjax's own; what it captured of the user's is looked at when it is compiled.
    """
    return Task(function, args, kwargs, function.__name__, None, context.in_graph(), context.in_jit()).run()


def _made(key, codes: tuple) -> Entry:
    """A new entry of the table of programs; the oldest one goes."""
    entry = _entries[key] = Entry(codes)
    if len(_entries) > _KEPT:
        _entries.popitem(last=False)
    return entry


def _bound(*tables: dict) -> None:
    for table in tables:
        if len(table) > _SEEN:
            table.clear()


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]


def _forget(key, reference) -> None:
    """An object that a program is for is gone."""
    if _entries is None:  # as it is when the interpreter ends
        return
    entry = _entries.pop(key, None)
    if entry is not None:
        _seen.pop(hash(key), None)  # another object may get the same id
        paid = sum(v.runs for v in entry.variants) >= _WORTH
        _short_lived[entry.codes] = 0 if paid else _short_lived.get(entry.codes, 0) + 1
