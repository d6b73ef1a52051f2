"""What one line of the operator table says: a room, a name, and the parameters as the user sees them."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass, replace
from functools import cached_property

from msjax.ops.call.operator import Operator

IGNORED, IN_PLACE = "_", "in_place"  # what may stand for the definition's parameter
_PRIMITIVES = ("ops.reshape_", "ops.shape_")  # end in "_" and write nothing
SYNONYMS = {
    "dim": "axis", "dims": "axis", "axes": "axis", "keepdim": "keepdims", "keep_dims": "keepdims",
    "input_perm": "axis", "permutation": "axis",
}  # fmt: skip


@dataclass(frozen=True)
class Param:
    """A parameter of a face. `kind` is "" (ordinary), "*" (starred) or "=" (keyword only); `target`, written as an
    annotation (`p: exponent = 2`), names the definition's parameter, or is `IGNORED` or `IN_PLACE`."""

    name: str
    kind: str
    default: str | None
    target: str | None


@dataclass(frozen=True)
class Signature:
    """The parameters of one face."""

    parameters: tuple[Param, ...]

    @classmethod
    def parse(cls, text: str) -> Signature:
        function = ast.parse(f"def f({text}): pass").body[0]
        assert isinstance(function, ast.FunctionDef)
        args = function.args
        defaults = [None] * (len(args.args) - len(args.defaults)) + list(args.defaults)
        found = [_param(a, "", d) for a, d in zip(args.args, defaults, strict=True)]
        found += [_param(args.vararg, "*", None)] if args.vararg else []
        found += [_param(a, "=", d) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
        return cls(tuple(found))

    def source(self) -> str:
        parts, starred = [], False
        for p in self.parameters:
            if p.kind == "=" and not starred:
                parts.append("*")
            starred = starred or (p.kind in "*=" and p.kind != "")
            parts.append(f"*{p.name}" if p.kind == "*" else p.name if p.default is None else f"{p.name}={p.default}")
        return ", ".join(parts)

    @property
    def names(self) -> list[str]:
        return [p.name for p in self.parameters]

    def feeding(self, targets: dict[str, str]) -> Signature:
        return Signature(tuple(replace(p, target=targets.get(p.name, p.target)) for p in self.parameters))


def _param(arg: ast.arg, kind: str, default: ast.expr | None) -> Param:
    unparse = lambda node: None if node is None else ast.unparse(node)  # noqa: E731
    return Param(arg.arg, kind, unparse(default), unparse(arg.annotation))


@dataclass(frozen=True)
class Face:
    """One declared face of an operator: `room.name(init)(call)`; `init` is None but for primitive classes."""

    operator: Operator
    room: str
    name: str
    init: Signature | None
    call: Signature

    @classmethod
    def parse(cls, operator: Operator, text: str) -> Face:
        path, _, signature = text.partition("(")
        room, _, name = path.rpartition(".")
        signature = signature.removesuffix(")")
        init, _, call = signature.rpartition(")(")
        if room == "Tensor":
            call = f"self, {call}" if call else "self"
        elif not init and signature.startswith(")("):
            init = " "
        return cls(operator, room, name, Signature.parse(init) if init else None, Signature.parse(call))

    def feeding(self, targets: dict[str, str]) -> Face:
        """The same with parameters that feed others of the definition's."""
        init, call = (signature and signature.feeding(targets) for signature in (self.init, self.call))
        return replace(self, init=init, call=call)

    @property
    def in_place(self) -> bool:
        """Whether the result is written into the first argument."""
        ending = self.name.endswith("_") and not self.name.endswith("__")
        return ending and self.room != "numpy" and f"{self.room}.{self.name}" not in _PRIMITIVES

    @cached_property
    def targets(self) -> dict[str, str]:
        """Parameter -> the definition's parameter that it feeds, of construction and call, in their order.

        Raises:
            TypeError: if a parameter has none.
        """
        known = {*self.operator.arrays, *self.operator.statics}
        parameters = [*(self.init.parameters if self.init else ()), *self.call.parameters]
        targets: dict[str, str] = {}
        for p in parameters:
            wanted = p.target or (p.name if p.name in known else SYNONYMS.get(p.name))
            if wanted in known or wanted in (IGNORED, IN_PLACE):
                targets[p.name] = wanted
        free = [a for a in self.operator.arrays if a not in targets.values()]
        others = [p.name for p in parameters if p.name not in targets]
        if len(others) > len(free):
            raise TypeError(
                f"{self.room}.{self.name}: {others[len(free) :]} fit none of {self.operator.name}{sorted(known)}."
            )
        targets |= zip(others, free, strict=False)
        return {p.name: targets[p.name] for p in parameters}


class Overloads(inspect.Signature):
    """The signatures of a function that has several, as `inspect` and `help` show them: the parameters are those of the
    first, and arguments are bound to the first that they fit."""

    def __init__(self, signatures: list[inspect.Signature]):
        super().__init__(list(signatures[0].parameters.values()))
        self._all = signatures

    def replace(self, **changes) -> inspect.Signature:
        parameters = changes.get("parameters")
        if parameters is None or len(parameters) != len(self.parameters) - 1:
            return self._all[0].replace(**changes)
        return Overloads([s.replace(parameters=list(s.parameters.values())[1:]) for s in self._all])  # of a method

    def bind(self, /, *args, **kwargs) -> inspect.BoundArguments:
        for signature in self._all[:-1]:
            try:
                return signature.bind(*args, **kwargs)
            except TypeError:
                continue
        return self._all[-1].bind(*args, **kwargs)

    def format(self, **_) -> str:
        return str(self)

    def __str__(self) -> str:
        return " or ".join(map(str, self._all))
