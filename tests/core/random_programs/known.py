"""In what programs may differ from MindSpore's: rules by kind, each under its section of docs/differences.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from golden.compare import mismatch

Step = dict[str, Any]


def first_difference(statements: list[str], ours: list[Step], theirs: list[Step]) -> str | None:
    """The first statement that does something else, and what; None if there is none, or one that the rules know.

    What comes after a statement that the rules know is not compared: it goes on with other values.
    """
    before: dict[str, Any] = {}
    for statement, mine, other in zip(statements, ours, theirs, strict=True):
        place = Place(statement, before, mine, other)
        if place.told:
            return None if place.known else f"{statement}: {place.told}"
        before |= other.get("changed", {})
    return None


@dataclass(frozen=True)
class Place:
    """One statement, the variables before it, and what it did here and in MindSpore."""

    statement: str
    before: dict[str, Any]
    ours: Step
    theirs: Step

    @cached_property
    def told(self) -> str | None:
        if self.ours.get("error") != self.theirs.get("error"):
            return f"{self.ours.get('error', self.ours)}, expected {self.theirs.get('error', self.theirs)}"
        return mismatch(self.ours.get("changed", {}), self.theirs.get("changed", {}))

    @cached_property
    def known(self) -> str | None:
        """The section that says so."""
        return next((section for section, rule in RULES if rule(self)), None)

    def errors(self, ours: str, theirs: str) -> bool:
        """Whether the two raised these, each a pattern of names, or "" for nothing."""
        return all(re.fullmatch(p, s.get("error", "")) for p, s in ((ours, self.ours), (theirs, self.theirs)))

    def has(self, pattern: str) -> bool:
        return re.search(pattern, self.statement) is not None

    @cached_property
    def operands(self) -> list[dict[str, Any]]:
        """The Tensors that it names."""
        names = re.findall(r"\b[a-p]\b", re.sub(r"^\w+ = ", "", self.statement))
        return [self.before[name] for name in names if "tensor" in (self.before.get(name) or ())]

    @cached_property
    def pairs(self) -> list[tuple[Any, Any]]:
        """The elements that differ, if shapes and dtypes do not."""
        ours, theirs = (self.before | step.get("changed", {}) for step in (self.ours, self.theirs))
        return _pairs(ours, theirs)

    @cached_property
    def dtype(self) -> str:
        """That of what it gives in MindSpore, or there is of Tensors."""
        told = [value for value in self.theirs.get("changed", {}).values() if isinstance(value, dict)]
        return next((value["tensor"] for value in [*told, *self.operands] if "tensor" in value), "")

    def of(self, kind: str) -> bool:
        """Whether an operand or the result is of a dtype of this kind."""
        text = " ".join([self.dtype, self.statement, *(one["tensor"] for one in self.operands)])
        return kind in text or (kind == "Complex" and re.search(r"complex|\dj", text) is not None)

    @cached_property
    def zero(self) -> bool:
        """Whether an operand may hold a 0, or what is 0 as an integer."""
        small = any(_is_small(value) for one in self.operands for value in one["values"])
        return small or self.has(r"(?<![\d.])-?0\b|False|1j")

    @cached_property
    def nan(self) -> bool:
        """Whether an operand holds nan."""
        return any("nan" in one["values"] for one in self.operands)

    @cached_property
    def empty(self) -> bool:
        return any(0 in one["shape"] for one in self.operands)

    @property
    def views(self) -> bool:
        """Whether a write reached more than one variable, here or there, or none there."""
        return "error" not in self.ours and any(len(s.get("changed", ())) != 1 for s in (self.ours, self.theirs))

    @property
    def scalar(self) -> bool:
        """Whether it is about Tensors without axes alone."""
        return bool(self.operands) and not any(one["shape"] for one in self.operands)

    @cached_property
    def close(self) -> bool:
        """Whether elements differ by what kernels of 32 bits are good to, or of 16 bits."""
        return bool(self.pairs) and all(_is_close(x, y, half=self.of("Float16")) for x, y in self.pairs)

    @property
    def whole(self) -> bool:
        """Whether whole numbers differ by one, as those do that are cut off from what is not exact."""
        return bool(self.pairs) and all(isinstance(x, int) and abs(x - y) <= 1 for x, y in self.pairs)

    @cached_property
    def only_odd(self) -> bool:
        """Whether elements differ only where one of both is nan or infinite, but for rounding."""
        odd = [_is_odd(x) or _is_odd(y) for x, y in self.pairs]
        return any(odd) and all(o or _is_close(*pair, half=True) for o, pair in zip(odd, self.pairs, strict=True))


def _pairs(ours: Any, theirs: Any) -> list[tuple[Any, Any]]:
    """The elements of Tensors that differ, in dicts and lists of them."""
    if isinstance(ours, list) and isinstance(theirs, list):
        ours, theirs = dict(enumerate(ours)), dict(enumerate(theirs))
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return []
    if "values" in ours and "values" in theirs:
        return [(x, y) for x, y in zip(ours["values"], theirs["values"], strict=False) if x != y]
    return [pair for name in ours.keys() & theirs.keys() for pair in _pairs(ours[name], theirs[name])]


def _unsigned(step: Step) -> str:
    return str(step).replace("-0.00", " 0.00")


def _is_small(value: Any) -> bool:
    return _is_odd(value) or (abs(complex(*value)) if isinstance(value, list) else abs(value)) < 1


def _is_close(x: Any, y: Any, *, half: bool = False) -> bool:
    if _is_odd(x) or _is_odd(y) or not isinstance(x, (float, list)):
        return False
    x, y = (complex(*value) if isinstance(value, list) else value for value in (x, y))
    relative, least = (1e-3, 5e-4) if half else (2e-4, 1e-5)
    return abs(x - y) <= max(relative * max(abs(x), abs(y)), least)


def _is_odd(value: Any) -> bool:
    return any(map(_is_odd, value)) if isinstance(value, list) else value in ("nan", "inf", "-inf")


DIVISION = r"[/%]|div|mod|remainder|reciprocal"
POWER = r"\*\*|pow|prod|square|cube"

WRONG, WRONG_INDEX = "TypeError|ValueError", "IndexError|ValueError"

RULES: tuple[tuple[str, Callable[[Place], Any]], ...] = (
    ("More dtypes", lambda at: at.theirs.get("cpu_kernel")),
    ("More dtypes", lambda at: at.errors("", ".+")),
    ("More dtypes", lambda at: at.has("hardtanh") and at.of("Bool")),
    ("More dtypes", lambda at: at.has("is_signed") and at.of("Float16")),
    ("The sign of zero", lambda at: _unsigned(at.ours) == _unsigned(at.theirs)),
    ("Numpy 2", lambda at: "np.float" in str(at.ours)),
    ("Arguments", lambda at: at.errors(f"{WRONG}|RuntimeError", f"{WRONG}|RuntimeError|AttributeError")),
    ("Arguments", lambda at: at.has(r"\bnp\.") or (at.has(r"norm\(") and at.scalar and at.errors("ValueError", ""))),
    ("Indices that are none", lambda at: at.has(r"\[") and at.errors(WRONG_INDEX, f"|RuntimeError|{WRONG_INDEX}")),
    ("In place methods", lambda at: at.has(r"\.copy_\(") and at.views),
    ("All writes reach the base", lambda at: at.views and at.has(r"^\w+\[.*(\[|\.\.\.|None|True|Tensor).*\] .?= ")),
    ("Broadcasting copies", lambda at: at.has(r"\[\(\)\] ") and at.theirs.keys() == at.ours.keys() and at.pairs),
    ("Numbers beside Tensors without axes", lambda at: at.has(r"\*|mul|div|mod|/") and at.scalar),
    ("Numbers out of range", lambda at: at.pairs and at.of("UInt8") and at.has(r"-\d|300|2\*\*40")),
    ("Numbers out of range", lambda at: at.pairs and at.of("Int64") and at.has(r"\[.*\[.*\] = -?(1e10|2\*\*40)")),
    ("Undefined integers", lambda at: at.pairs and at.of("Int") and at.has(POWER)),
    ("Undefined integers", lambda at: at.pairs and at.of("Int") and at.has("std|var|mean|norm")),
    ("Division by zero", lambda at: at.has(DIVISION) and at.only_odd),
    ("Division by zero", lambda at: at.has(DIVISION) and at.pairs and at.zero and (at.of("Int") or at.of("Bool"))),
    ("Division by zero", lambda at: at.has(POWER) and at.only_odd),
    ("Remainders", lambda at: at.has(DIVISION) and at.of("Complex")),
    ("Remainders", lambda at: at.has("//|%|mod|remainder|floor") and at.pairs and at.of("Float")),
    ("Nothing, and too much", lambda at: at.empty and (at.pairs or not at.errors("", ""))),
    ("Nothing, and too much", lambda at: at.empty and at.has(r"\b(var|std)\(")),
    ("Nan in reductions", lambda at: at.has("max|min") and at.pairs and at.nan),
    ("Derivatives at special points", lambda at: at.has("relu|clamp|clip|hardtanh") and at.only_odd),
    ("Derivatives at special points", lambda at: at.has("sort") and at.pairs and at.nan),
    ("The sign of zero", lambda at: at.has("signbit") and at.nan),
    ("Infinities", lambda at: at.has("xlogy|log(cum)?sumexp|gelu|silu|softplus|mish|logsigmoid|sinc") and at.only_odd),
    ("Infinities", lambda at: at.of("Complex") and at.only_odd),
    ("Accuracy", lambda at: at.close),
    ("Accuracy", lambda at: at.of("Complex") and at.whole),
)
