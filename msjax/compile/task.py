"""A call that may run compiled: of what the gradient family returns, of optimizers and of steps of training, unasked;
else of what the user asks for, by `ms.jit` or GRAPH_MODE, but never with other results.

A call is traced under a watch: at the first call if it trains or evaluates a network, at the second if it is of plain
functions, which may be called just once. If all that it reads can be checked and all that it changes are Tensors, the
traced program serves this call and those after it for which the checks hold. Else the function runs eagerly, as it does
whenever there is doubt.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Any

from msjax import log
from msjax.compile import mode, table
from msjax.compile.answers import Asks, Noted, Repeated, given_by, note
from msjax.compile.explain import Report, is_ours, report_of
from msjax.compile.fingerprint import Call, but_shapes
from msjax.compile.lengths import ByChance, Opened
from msjax.compile.program import Program, Unmet
from msjax.compile.reach import tensors_in_reach, trains
from msjax.compile.refusal import Refused, raised_in
from msjax.compile.ruled import as_compiled
from msjax.compile.table import Entry, Variant
from msjax.compile.together import OneByOne
from msjax.compile.watch import Watch
from msjax.core import context, placement, precision, trace
from msjax.core.frames import TooLarge
from msjax.core.interrupts import interrupts
from msjax.core.tracebacks import shorten
from msjax.core.view import array_of
from msjax.device.communication import cluster
from msjax.device.communication.agreement import Disagreement

_REFUSALS = 4  # of one function, before it is taken to refuse always
_RUNS_LATER = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_FREE = 600  # operators of a function that is compiled without knowing what it costs to run eagerly
_LOOPS = 12_000  # of one that was asked to be, in which the turns that a loop happens to take come one after the other
_OPERATORS = 400  # are compiled in a second, with their derivatives


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

    def run(self):
        """The result."""
        try:
            return self._result()
        except Exception as error:
            shorten(error)
            raise

    def sunk(self, columns: list, taken: set[int]):
        """Calls like this one in one program, as many as `columns` have rows: their arguments are one row after the
        other, and those of this call the last.

        Args:
            columns: an array for each argument.
            taken: the ids of the arguments of all calls.

        Returns:
            A tuple of the last result; None if no program is known that can do that. Then nothing has changed.
        """
        if trace._stack.frames or trace._stack.saver or (mode.is_off() and not self.asked):
            return None
        if trace._stack.pending is not None:
            trace.settle()
        with trace.lock:
            _, entry = self._look_up()
            if entry is None or self.call.numbers or self.call.lengths:
                return None
            variant, found = entry.found(self.call)
            # What is stored in each step would have to be looked at in each.
            if variant is None or variant.beside:
                return None
            variant.runs += 1
            return self._sunk_by(variant.program, found, columns, taken)

    def _sunk_by(self, program: Program, captured: list, columns: list, taken: set[int]):
        try:
            return program.sunk(self.call, captured, self.args, columns, taken)
        except Refused:
            return None

    def eagerly(self):
        """The result without compilation."""
        return self._called(self.plain, self.args, self.kwargs)

    def _called(self, function: Any, args: tuple, kwargs: dict):
        return as_compiled(function, args, kwargs) if self.ruled else function(*args, **kwargs)

    def _result(self):
        if trace._stack.frames or trace._stack.saver:  # part of something that is traced already, or hooks see it
            return self.eagerly()
        if trace._stack.pending is not None:  # what the program before this one demanded
            trace.settle()
        if mode.is_off() and not self.asked:
            with trace.lock:
                return self.plain(*self.args, **self.kwargs)
        with trace.lock:
            key, entry = self._look_up()
            if key is None:
                return self.eagerly()
            # This is the way of each call of a small compiled function, so it is short.
            call = self.call
            if entry is None:
                entry = self._enter(key)
                if entry is None:
                    return self._timed(self.codes)
            variant, captured = entry.found(call)
            if variant is not None:
                return self._run(entry, key, variant, captured)
            return self.eagerly() if entry.eager is not None else self._compile(entry, key)

    # What runs eagerly runs outside of handlers of exceptions: the user would see which exception is being handled.

    def _timed(self, codes: tuple):
        """The result without compilation; notes what that costs."""
        start = perf_counter()
        try:
            return self.eagerly()
        finally:
            table.spend(codes, perf_counter() - start)

    def _noted(self, entry: Entry):
        """The result without compilation; notes which way the function goes, if it goes by values."""
        if entry.ways is None:
            return self._timed(entry.codes)
        with given_by(Noted()) as noted:
            result = self._timed(entry.codes)
        note(noted.answers)
        if noted.repeatable:
            entry.ways.appendleft(tuple(noted.answers))
        return result

    def _run(self, entry: Entry, key, variant: Variant, captured: list, wrong: tuple = ()):
        """The result by a program, or, where that asks for other answers than Tensors give, by another one.

        Args:
            wrong: the answers of programs that were tried before, up to the one that did not hold.
        """
        try:
            result = variant.run(self.call, captured, self.eagerly)
        except Refused:  # something that JAX itself takes into account has changed
            entry.drop(variant)
            at = None
        except Unmet as unmet:
            at = unmet.at
        else:
            if entry.ways is not None:
                entry.went(variant)
            return result
        if at is None:
            return self.eagerly()
        wrong = (*wrong, variant.answers[: at + 1])
        variant, captured = entry.found(self.call, wrong)
        if variant is not None:
            return self._run(entry, key, variant, captured, wrong)
        return self.eagerly() if entry.eager is not None else self._compile(entry, key, wrong)

    # -- finding a program ----------------------------------------------------------------------------------------

    def _look_up(self) -> tuple:
        """The key of the call and its entry, if it has one; no key if it can not be told from other calls."""
        self.call = Call()
        try:
            key = self._key(self.call.take(self.function, self.args, self.kwargs))
            entry = table.entries.get(key)
            if entry is None and self.call.counts:
                key, entry = self._opened(key)
            return (key, entry) if entry is not None else self._of_any_length(key)
        except (Refused, Exception) as reason:  # objects may answer what they are as they like
            if interrupts(reason):
                raise
            self.report.ran_eagerly(str(reason))
            return None, None

    def _key(self, taken) -> tuple:
        rules = context.rules(self.args, self.kwargs)
        return taken, self.asked, rules, precision.chosen(), trace.gradients_forbidden(), placement.state()

    def _opened(self, key) -> tuple:
        """The key of a call with numbers, and its entry, if it has one; once calls differ in their numbers, those of a
        program that serves any."""
        call = Call()
        shared = self._key(call.take_open(self.function, self.args, self.kwargs))
        entry = table.entries.get(shared)
        if entry is None:
            if not table.differs_in_numbers(shared, key):
                return key, None
            entry = table.enter(shared, self.codes)
            entry.open = True
        if entry.eager is not None:  # the function needs its numbers, so each of them gets its own program
            return key, None
        self.call = call
        return shared, entry

    def _of_any_length(self, key) -> tuple:
        """The key of a call, and its entry, if it has one; once calls differ in the lengths of axes, those of a program
        that serves other lengths."""
        call, arrays = self.call, list(map(array_of, self.call.distinct))
        if call.spread or cluster.size() > 1:
            return key, None
        rest = but_shapes(key), tuple((a.dtype, a.weak_type, a.ndim) for a in arrays)
        seen = table.seen_shapes(rest)
        lengths = seen.lengths(tuple(a.shape for a in arrays))
        if lengths is None:
            return key, None
        shared = "lengths", rest, lengths.key
        entry = table.entries.get(shared)
        if entry is None:
            entry = table.enter(shared, self.codes)
            entry.seen = seen
        if entry.eager is not None:
            return key, None
        call.lengths = lengths
        return shared, entry

    def _enter(self, key) -> Entry | None:
        """A new entry, if it is time for one."""
        codes = self.codes
        lives = codes or (() if trains(self.call) else tuple(self.call.subject()[0]))  # optimizers share theirs
        at_once = (
            self.at_once
            or lives in table.together
            or (table.compiles(codes, self._but_shapes(key)) if table.has_run(codes) else trains(self.call))
        )
        entry = table.enter_when_due(key, codes, lives, at_once, functools.partial(trains, self.call))
        if entry is None:
            self.report.waits(key)
        return entry

    def _but_shapes(self, key) -> tuple | None:
        """What calls of one function share that differ in shapes only; of a call with numbers nothing, since those may
        be others each time."""
        return None if self.call.counts else (*map(id, self.call.pins), but_shapes(key))

    @property
    def codes(self) -> tuple:
        """The user's code that is called."""
        return tuple(c for c in self.call.subject()[0] if not is_ours(c))

    @property
    def report(self) -> Report:
        return report_of(self.kind, *self.call.subject())

    # -- making a program -----------------------------------------------------------------------------------------

    def _compile(self, entry: Entry, key, wrong: tuple = ()):
        """The result of a call that no program serves, by a new one if one can be made; `wrong` as in `_run`."""
        report, way = self.report, None
        spent = table.spent(entry.codes)
        if report.refusals >= _REFUSALS and not self.asked:
            entry.eager = report.reason
        elif entry.always_changes(table.VARIANTS if self.asked else table.UNUSED):
            self._give_up(entry, f"what it reads changes from call to call: {report.cause}")
        if entry.eager is not None or spent < entry.postponed:
            return self._timed(entry.codes)
        if entry.ways is not None:
            way = entry.due_way(wrong)
            if way is None:
                return self._noted(entry)
        start, result, unmet, by_chance = perf_counter(), None, False, False
        try:
            variant = self._traced(entry, self._budget(spent, way), way)
            try:
                result = variant.run(self.call, variant.found(self.call), self.eagerly)
            except Unmet:
                unmet = True
        except Asks as asks:
            entry.ways = deque(maxlen=table.WAYS)
            report.ran_eagerly(str(asks))
        except TooLarge:
            entry.postponed = 2 * spent + perf_counter() - start
            report.waits(key, "it runs many operators, and has not run long enough for compilation to pay")
        except Refused as refusal:
            entry.eager = str(refusal)
            by_chance = isinstance(refusal, ByChance)
            entry.first &= not isinstance(refusal, OneByOne)  # that is how all processes will run it
        except BaseException as error:  # the eager run will tell
            if interrupts(error) or isinstance(error, Disagreement):
                raise
            entry.eager = f"it raises {type(error).__name__} when it is traced: {_first_line(error)}{raised_in(error)}"
        else:
            entry.add(variant)
            table.note_compiled(entry.codes, self._but_shapes(key))
            if variant.program.communicates and entry.lives:
                table.together.add(entry.lives)
            # Only the program and its checks stay, which hold nothing of the user's alive.
            variant.guards.watch_deaths(functools.partial(table.gone, key))
            variant.program.forget()
            variant.guards.forget()
            report.compiled(key, perf_counter() - start)
            if unmet:
                return self._noted(entry)
            if not entry.settles(variant, self.call):
                self._give_up(entry, "what it stores is read by the next call, and differs from call to call")
            return result
        if entry.eager is None:
            return self._noted(entry)
        if entry.seen is not None and self.call.lengths is not None:  # by itself, then
            entry.seen.refuse(entry.eager, self.call.lengths.shapes if by_chance else None)
            entry.eager = None if by_chance else entry.eager
            return self._result()
        self._refused(entry, entry.eager, key)
        return self.eagerly()

    def _give_up(self, entry: Entry, reason: str) -> None:
        """Make no more programs for such calls."""
        entry.give_up(reason)
        self.report.gave_up(reason)

    def _budget(self, spent: float, way: tuple | None) -> int:
        """How many operators a program may have. The more it has cost to run eagerly, the more: then they pay."""
        # Processes that run a function together must decide alike, so not by the time it takes.
        if cluster.size() > 1 or (self.asked and not way):
            return sys.maxsize
        return (_LOOPS if self.asked else _FREE) + int(spent * _OPERATORS)

    def _refused(self, entry: Entry, reason: str, key) -> None:
        """Report why calls of a key run eagerly; after a first call others may still do, which find what it made."""
        if entry.first and not entry.open:
            del table.entries[key]
            self.report.ran_eagerly(reason)
            return
        self.report.refused(reason)
        if self.asked:
            log.info(f"{self.report.function} runs eagerly: {reason}")

    def _traced(self, entry: Entry, budget: int, way: tuple | None) -> Variant:
        """A program for the call, if the function gets the answers of a way; None if it is not known to ask."""
        known = entry.known_numbers()
        try:
            variant, counters = self._program(budget, known, way)
            if counters and not entry.fixed:
                known = {**known, **dict.fromkeys(counters)}
                variant, counters = self._program(budget, known, way)
        except (Refused, Exception) as error:
            if interrupts(error) or isinstance(error, Asks) or not known:
                raise
            entry.fixed = True  # something wants to know the numbers
            variant, counters = self._program(budget, {}, way)
        if counters:
            raise Refused(f"it counts in {sorted(name for _, name in counters)[0]}, and needs to know that number")
        return variant

    def _program(self, budget: int, known: dict, way: tuple | None) -> tuple[Variant, set]:
        """A program, and which numbers it has taken as they are, although the next call will find others."""
        code = getattr(getattr(self.function, "construct", self.function), "__code__", None)
        if code is not None and code.co_flags & _RUNS_LATER:
            raise Refused("it is a generator or a coroutine, which runs after the call")
        call, watch = self.call, Watch(self.call, self.asked, known)
        guards, stores = watch.guards, watch.changes.stores
        guards.roots((self.function, self.args, self.kwargs))
        args, kwargs = self.args, self.kwargs
        if call.numbers:
            args, kwargs = watch.numbers.arguments(call, args, kwargs)

        def body():
            # Processes that run a function together go one way only if all of them go it.
            with given_by(Repeated(way) if cluster.size() == 1 else None) as repeated:
                result = self._called(watch.lifted(self.function), args, kwargs)
            if repeated is not None:
                repeated.check_used()
            values = stores.values()
            return (result, values) if values else result

        # The checks are tried on this very call, for they must hold if the trace has changed nothing that it read.
        opened = None if call.lengths is None else Opened(call.lengths)
        program = Program(body, call, watch, self.kind, tensors_in_reach(call), budget, opened)
        captured = [(h, guards.tensor_variable(h)) for h in program.captured]
        check = guards.build(captured, program.distinct, [*stores.objects(), *program.numbers])
        variant = Variant(program, check, guards, stores.again(), way or (), opened and opened.checked())
        if variant.found(call) is None:
            raise Refused("it changes what it reads")
        program.settles |= bool(variant.stores)
        return variant, watch.changes.counters


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]


def automatic(function: Callable, args: tuple, kwargs: dict):
    """`function(*args, **kwargs)`, compiled if nobody can tell, or in graph mode.

    Args:
        function: msjax's own; what it captured of the user's is looked at when it is compiled.
    """
    return Task(function, args, kwargs, function.__name__, None, context.in_graph(), context.in_jit()).run()
