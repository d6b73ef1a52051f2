"""What was compiled, what was not, and why."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from copy import copy
from dataclasses import dataclass, field
from types import CodeType, FunctionType

from msjax.compile.fingerprint import subject_of
from msjax.compile.origin import captured
from msjax.compile.source import parts
from msjax.core import context
from msjax.core.tracebacks import LIBRARY

_KEPT = 1024  # reports, the newest: a program may go on making functions
_SHOWN = ("function", "kind", "status", "reason", "traces", "causes", "seconds")
_OTHERWISE = "calls of another kind run eagerly: "
_reports: OrderedDict[tuple, Report] = OrderedDict()


@dataclass(eq=False)
class Report:
    """How calls of one function went.

    Attributes:
        function: its name and where it is defined.
        kind: what was asked for: "grad", "value_and_grad", "jit", "step", ...
        status: "compiled", "eager", or "new" for a function that was called once.
        reason: why it runs eagerly, or calls of another kind do, with the file and line of what stands in the way.
        traces: how often it was traced.
        causes: what was new at each trace after the first.
        seconds: how long tracing and compiling took.
    """

    function: str
    kind: str
    status: str = "new"
    reason: str = ""
    traces: int = 0
    causes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    refusals: int = field(default=0, repr=False)
    subject: frozenset = field(default=frozenset(), repr=False)
    last: object = field(default=None, repr=False)

    @property
    def cause(self) -> str:
        return self.causes[-1] if self.causes else ""

    def waits(self, key, reason: str = "the first call of each kind runs eagerly") -> None:
        """A call ran eagerly, but later ones of its kind may be compiled."""
        if self.status == "new":
            changed = "" if self.last in (None, key) else f", and {difference(self.last, key)}"
            self.reason, self.last = f"{reason}{changed}", key

    def ran_eagerly(self, reason: str) -> None:
        """A call ran eagerly, as all of its kind do."""
        if self.status == "compiled":
            self.reason = f"{_OTHERWISE}{reason}"
        else:
            self.status, self.reason = "eager", reason

    def gave_up(self, reason: str) -> None:
        """Calls run eagerly from now on, although some were compiled."""
        self.status, self.reason = "eager", reason

    def refused(self, reason: str) -> None:
        """A trace showed that the function can not be compiled."""
        self.refusals += 1
        self.ran_eagerly(reason)

    def compiled(self, key, seconds: float) -> None:
        """A trace has been compiled, for calls of a key."""
        if self.traces:
            self.causes.append(difference(self.last, key))
            del self.causes[:-20]
        if self.status != "compiled":
            self.reason = f"{_OTHERWISE}{self.reason}" if self.status == "eager" else ""
        self.status, self.last = "compiled", key
        self.traces += 1
        self.seconds += seconds

    def data(self) -> dict:
        """The report as a dict of plain values."""
        return {name: copy(getattr(self, name)) for name in _SHOWN}


def report_of(kind: str, codes, objects) -> Report:
    """The report on a function, known by the code of all functions that it consists of, and the objects they use."""
    subject = _subject(codes, objects)
    key = (kind, *subject)
    report = _reports.get(key)
    if report is None:
        report = _reports[key] = Report(_name(codes), kind, subject=frozenset(subject))
        if len(_reports) > _KEPT:
            _reports.popitem(last=False)
    return report


def _subject(codes, objects) -> list:
    return [*((code, code.co_filename) for code in codes), *objects]  # codes of two files may be equal


def is_ours(code: CodeType) -> bool:
    """Whether code is msjax's own."""
    return code.co_filename.startswith((LIBRARY, "<msjax"))


def _name(codes) -> str:
    """The first function that is not msjax's own, and where it is."""
    for code in codes:
        if not is_ours(code):
            return f"{code.co_qualname} ({code.co_filename}:{code.co_firstlineno})"
    return codes[0].co_qualname if codes else "?"


def difference(old, new) -> str:
    """The first difference between two keys, in words."""
    pair = _first_difference(old, new)
    if pair is None:
        return "a value that it reads has changed"
    if new[0] == "lengths":
        return f"lengths of axes differ, here up to {', '.join(map(str, new[-1][1]))}"
    before, after = (str(v)[:60] for v in pair)
    return f"{before} became {after}"


def _first_difference(old, new, number: bool = False):
    if isinstance(old, tuple) and isinstance(new, tuple):
        if len(old) != len(new):
            return (f"{len(old)} values", f"{len(new)} values")
        number = old[:1] == (int,)  # a number stands behind its type; any other int is the id of an object
        return next((d for a, b in zip(old, new, strict=True) if (d := _first_difference(a, b, number))), None)
    if isinstance(old, CodeType) and isinstance(new, CodeType):
        return None if old is new else (old.co_qualname, new.co_qualname)
    if type(old) is type(new) is int and old != new and not number:
        return "an object", "another one"
    return None if old == new and type(old) is type(new) else (old, new)


class Explanation:
    """Reports as a table; `data` has them as a list of dicts."""

    def __init__(self, reports: list[Report], ignored: dict | None = None):
        self.data = [r.data() for r in reports]
        self.ignored = dict(ignored or {})

    @property
    def compiled(self) -> bool:
        """Whether the function was called and ran compiled at last."""
        statuses = {r["status"] for r in self.data} - {"new"}
        return statuses == {"compiled"}

    def __str__(self) -> str:
        rows = [("function", "kind", "status", "traces", "seconds", "reason")]
        for r in self.data:
            note = r["reason"] or "; ".join(r["causes"][-2:])
            rows.append((r["function"], r["kind"], r["status"], str(r["traces"]), f"{r['seconds']:.2f}", note))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
        lines.insert(1, "  ".join("-" * w for w in widths))
        if len(rows) == 1:
            lines = ["Nothing was compiled, and nothing was called that might be."]
        if self.ignored:
            shown = ", ".join(f"{k}={v!r}" for k, v in self.ignored.items())
            lines.append(f"Accepted without effect: {shown}")
        return "\n".join(lines)

    __repr__ = __str__


def explain(fn=None) -> Explanation:
    """What was compiled, what runs eagerly and why, how often it was traced and what had changed then.

    Args:
        fn: a function, Cell, or what `ms.grad` or `ms.jit` made of one; None for all that was called in this process.
            Of a function that is not compiled itself, like a step of training, what it calls is told.

    Returns:
        A table when it is printed. Its `data` is a list of dicts with the keys "function", "kind", "status", "reason",
        "traces", "causes" and "seconds"; its `ignored` are the options that were accepted and have no effect.

    Example:
        >>> print(ms.explain())  # doctest: +SKIP
    """
    if fn is None:
        return Explanation(list(_reports.values()), context.ignored())
    return Explanation(
        _reports_on(fn) or list(dict.fromkeys(r for part in _parts(fn, set()) for r in _reports_on(part)))
    )


def _reports_on(fn) -> list[Report]:
    codes, objects = subject_of(fn)
    wanted = {*_subject([c for c in codes if not is_ours(c)], objects)}
    return [r for r in _reports.values() if wanted and wanted <= r.subject]


def _parts(fn, known: set) -> list:
    """What a function that is not compiled itself may call: by names of its own, or of its object, and so on."""
    function = inspect.unwrap(getattr(fn, "construct", fn))
    owner, function = getattr(function, "__self__", None), getattr(function, "__func__", function)
    if not isinstance(function, FunctionType) or (id(owner), function) in known:
        return []
    known.add((id(owner), function))
    code = function.__code__
    names = dict.fromkeys(n for c in parts(code) for n in (*c.co_names, *c.co_freevars))
    spaces = [captured(function), getattr(owner, "__dict__", {}), {} if is_ours(code) else function.__globals__]
    values = [space[n] for n in names for space in spaces if callable(space.get(n))]
    return [part for value in values for part in (value, *_parts(value, known))]
