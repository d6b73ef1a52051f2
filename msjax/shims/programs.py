"""Programs of JAX, jaxprs, for whoever runs one in a way of its own.

Their equations are no public interface: what a call's parameters are called, how a primitive is bound again and how a
place for arrays is left open differ from version to version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msjax.shims.primitives import CALLS, ELEMENTWISE


def is_literal(atom: Any) -> bool:
    """Whether an argument is a number in the program's text, `atom.val`, not a variable."""
    return hasattr(atom, "val")


def run(jaxpr: Any, consts: Iterable, args: Iterable, apply: Callable) -> list:
    """The results of a program whose equations have the results `apply(equation, its arguments)`."""
    values = dict(zip((*jaxpr.constvars, *jaxpr.invars), (*consts, *args), strict=True))

    def read(atom):
        return atom.val if is_literal(atom) else values[atom]

    for equation in jaxpr.eqns:
        values.update(zip(equation.outvars, apply(equation, list(map(read, equation.invars))), strict=True))
    return list(map(read, jaxpr.outvars))


def inner(equation: Any) -> tuple[Any, Any] | None:
    """(jaxpr, its constants) if the equation only calls another program, whose arguments and results are its own."""
    params = equation.params
    if equation.primitive.name not in CALLS or _placed(params):
        return None
    called = params.get("jaxpr", params.get("call_jaxpr"))
    return getattr(called, "jaxpr", called), getattr(called, "consts", ())


def _placed(params: dict) -> bool:
    """Whether a call says on which devices its arguments and results are to be."""
    places = (*params.get("in_shardings", ()), *params.get("out_shardings", ()))
    return any(type(sharding).__name__ != "UnspecifiedValue" for sharding in places)


def is_elementwise(jaxpr: Any, places: list[int]) -> bool:
    """Whether each element of the only result depends on one element, in its place, of the arguments at `places`."""
    varying = {jaxpr.invars[i] for i in places}
    shape = jaxpr.outvars[0].aval.shape
    for equation in jaxpr.eqns:
        moving = [i for i, v in enumerate(equation.invars) if not is_literal(v) and v in varying]
        if not moving:
            continue
        called = inner(equation)
        if called and not is_elementwise(called[0], moving):
            return False
        if not called and equation.primitive.name not in ELEMENTWISE | {"convert_element_type"}:
            return False
        varying.update(equation.outvars)
    return len(jaxpr.outvars) == 1 and all(v.aval.shape == shape for v in varying)


def size_of(jaxpr: Any) -> int:
    """How many operators a program has, with those of the programs that it calls."""
    return sum(size_of(called[0]) if (called := inner(equation)) else 1 for equation in jaxpr.eqns)


def live(jaxpr: Any) -> Any:
    """A program of those equations alone that the results, or effects, depend on."""
    needed, kept = {v for v in jaxpr.outvars if not is_literal(v)}, []
    for equation in reversed(jaxpr.eqns):
        if equation.effects or not needed.isdisjoint(equation.outvars):
            needed.update(v for v in equation.invars if not is_literal(v))
            kept.append(equation)
    return jaxpr.replace(eqns=kept[::-1])


def names_of(jaxpr: Any) -> set[str]:
    """The primitives of a program, those of its parts too."""
    names = set()
    for equation in jaxpr.eqns:
        names.add(equation.primitive.name)
        names.update(*map(names_of, parts_of(equation)))
    return names


def parts_of(equation: Any) -> list:
    """The jaxprs in an equation, as of a loop's body."""
    values = (v if isinstance(v, (list, tuple)) else [v] for v in equation.params.values())
    parts = [getattr(part, "jaxpr", part) for value in values for part in value]
    return [part for part in parts if hasattr(part, "eqns")]


def bound(equation: Any) -> Callable:
    """The equation's primitive as a function from arrays to a list of arrays."""
    primitive = equation.primitive
    params = primitive.get_bind_params(equation.params)
    functions, params = params if isinstance(params, tuple) else ((), params)  # a pair in some versions of jax

    def function(*arrays):
        with equation.ctx.manager:
            results = primitive.bind(*functions, *arrays, **params)
        return list(results) if primitive.multiple_results else [results]

    return function
