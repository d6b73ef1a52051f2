"""Declaring a primitive that is the derivative of an operator of the table.

    pullback("ops.AvgPool", "AvgPoolGrad(kernel_size=1, strides=1, pad_mode='VALID')(x, out: _, dout: dy)")

says: `AvgPoolGrad` takes what `ops.AvgPool` takes under the same names, a result that it has no use for, and the
gradient `dy` of the result, which it pulls back to x. An annotation names the operator's parameter where that is called
otherwise; `x.shape` stands for an input of which the shape alone is given, which is enough where the operator is linear
in it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.ops.table import op, rooms
from msjax.ops.table.signature import IGNORED, Face, Param, Signature

ROOM = "ops.grad_ops"


def pulled(function: Callable, dy, *inputs):
    """The gradients of the inputs, for that of the function's result, or of the first of its results.

    Whole numbers go through as float64, which holds them, and come out as they were.

    Raises:
        ValueError: if `dy` is not of the shape of the result.
    """
    whole = dy.dtype if jnp.issubdtype(dy.dtype, jnp.integer) else None
    if whole is not None:
        dy, inputs = jax.tree.map(lambda x: x.astype(np.float64), (dy, inputs))
    result, pull = jax.vjp(lambda *given: _first(function(*given)), *inputs)
    if dy.shape != result.shape:
        raise ValueError(f"A gradient of shape {dy.shape} is not that of a result of shape {result.shape}.")
    found = pull(dy.astype(result.dtype))
    found = found if whole is None else jax.tree.map(lambda x: x.astype(whole), found)
    return found[0] if len(found) == 1 else found


def _first(result):
    return result[0] if isinstance(result, (tuple, list)) else result


class _Primal(NamedTuple):
    """What is differentiated: the definition, and its parameter for each name that its face has."""

    function: Callable
    targets: dict[str, str]
    title: str

    @classmethod
    def of(cls, name: str | Callable) -> _Primal:
        if callable(name):
            names = list(inspect.signature(name).parameters)
            return cls(name, dict(zip(names, names, strict=True)), "")
        room, _, face = name.rpartition(".")
        found = rooms[room].faces(face)[0]
        return cls(found.operator.definition, found.targets, name)


def pullback(primal: str | Callable, row: str, wrt: str = "") -> None:
    """Declare a primitive that pulls a gradient back through an operator.

    Args:
        primal: an operator, as "ops.ReLU", or a function of arrays that may take `dy_shape`, the gradient's shape.
        row: the primitive as its user sees it; see the module's text.
        wrt: the parameters of the operator that get gradients, separated by spaces; all that are given, and are
            floats, if not said. Where one is given by its shape it is that one.
    """
    source = _Primal.of(primal)
    face = Face.parse(None, f"{ROOM}.{row}")  # type: ignore[arg-type]  (of its text alone)
    parameters = [*(face.init.parameters if face.init else ()), *face.call.parameters]
    roles = {p.name: _role(p, source) for p in parameters if p.target != IGNORED}
    roles = {name: role for name, role in roles.items() if role != IGNORED}
    wanted = wrt.split() or [r.removesuffix(".shape") for r in roles.values() if r.endswith(".shape")]
    takes_shape = "dy_shape" in inspect.signature(source.function).parameters

    def definition(*arrays, **statics):
        values = dict(zip(names, arrays, strict=True)) | statics
        given = {role: values[name] for name, role in roles.items()}
        dy = given.pop("dy")
        for role in [r for r in given if r.endswith(".shape")]:
            given[role.removesuffix(".shape")] = jnp.zeros(given.pop(role), dy.dtype)
        if takes_shape:
            given["dy_shape"] = dy.shape
        whole = jnp.issubdtype(dy.dtype, jnp.integer)
        moved = wanted or [role for role in order if role in given and (whole or _has_floats(given[role]))]
        fixed = {role: value for role, value in given.items() if role not in moved}
        forward = lambda *inputs: source.function(**dict(zip(moved, inputs, strict=True)), **fixed)  # noqa: E731
        return pulled(forward, dy, *(given[role] for role in moved))

    of_function = inspect.signature(source.function).parameters
    order = [name for name, p in of_function.items() if p.kind is not p.KEYWORD_ONLY]
    names = [name for name, role in roles.items() if role == "dy" or role in order]
    _declare(definition, face, names, [name for name in roles if name not in names], source.title)


def _role(p: Param, source: _Primal) -> str:
    """The operator's parameter that a parameter of the primitive stands for, or "dy"."""
    name, dot, shape = (p.target or p.name).partition(".")
    return name if name == "dy" else f"{source.targets[name]}{dot}{shape}"


def _has_floats(value) -> bool:
    leaves = jax.tree.leaves(value)
    return bool(leaves) and all(jnp.issubdtype(leaf.dtype, jnp.inexact) for leaf in leaves)


def formula(row: str, title: str = "") -> Callable:
    """Declare a primitive by its definition; `title` is the operator that it is the derivative of."""

    def declared(definition: Callable) -> Callable:
        face = Face.parse(None, f"{ROOM}.{row}")  # type: ignore[arg-type]
        definition.__doc__ = definition.__doc__ or _doc(title, _names(face))
        op(f"{ROOM}.{row}", name=face.name)(definition)
        return definition

    return declared


def _names(face: Face) -> list[str]:
    return [name for s in (face.init, face.call) if s for name in s.names]


def _declare(definition: Callable, face: Face, arrays: list[str], statics: list[str], title: str) -> None:
    taken = {*arrays, *statics}
    defaults = {p.name: p.default for s in (face.init, face.call) if s for p in s.parameters}
    signature = [_parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD, defaults) for n in arrays]
    signature += [_parameter(n, inspect.Parameter.KEYWORD_ONLY, defaults) for n in statics]
    definition.__signature__ = inspect.Signature(sorted(signature, key=lambda p: p.kind))  # type: ignore[attr-defined]
    definition.__name__, definition.__doc__ = face.name, _doc(title, _names(face))
    parts = [_plain(s, taken) for s in (face.init or Signature(()), face.call)]
    op(f"{ROOM}.{face.name}({parts[0]})({parts[1]})", name=face.name)(definition)


def _parameter(name: str, kind: Any, defaults: dict[str, str | None]) -> inspect.Parameter:
    default = defaults[name]
    # A default stands in a row of ours.
    value = inspect.Parameter.empty if default is None else eval(default, {"mstype": mstype})
    return inspect.Parameter(name, kind, default=value)


def _plain(signature: Signature, taken: set[str]) -> str:
    """The parameters without annotations but that of those without effect, which are not taken."""
    marks = {p.name: f": {IGNORED}" for p in signature.parameters if p.name not in taken}
    return ", ".join(
        f"{p.name}{marks.get(p.name, '')}{'' if p.default is None else f'={p.default}'}" for p in signature.parameters
    )


def _doc(title: str, names: list[str]) -> str:
    of = f"`{title}`" if title else "an operator"
    lines = "\n".join(f"    {name}: as {of} has it, the result, or its gradient." for name in names)
    return (
        f"The derivative of {of}, times the gradient of its result.\n\nArgs:\n{lines}\n\nReturns:\n    The gradient.\n"
    )
