"""Whether a program is linear, which only then may be transposed.

What JAX derives on its way back is linear in the cotangents. Rules that users write need not be: gradients may be
clipped, normalized or squared. So it is proven from the program: each equation must be linear in what depends on the
arguments, and add to it only what is zero. What is not known here is not linear.
"""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np

from msjax.shims.jax import Tracer
from msjax.shims.primitives import BILINEAR, CHECKPOINTS, JOINTLY_LINEAR, KEEPS_ZEROS, LINEAR_IN
from msjax.shims.programs import inner, is_literal

_SMALL = 1 << 16  # constants of more elements are not looked at

ZERO, VARIES = "zero", "varies"


class _NotLinear(Exception):
    """It is not known to be linear."""


def is_linear(program) -> bool:
    """Whether all results of a closed jaxpr are linear in all of its arguments together."""
    known = {v: ZERO for v, c in zip(program.jaxpr.constvars, program.consts, strict=True) if _is_zero(c)}
    try:
        found = _results(program.jaxpr, {**known, **dict.fromkeys(program.jaxpr.invars, VARIES)})
    except _NotLinear:
        return False
    return None not in found


def _is_zero(value) -> bool:
    known = not isinstance(value, Tracer) and math.prod(np.shape(value)) <= _SMALL
    return known and not np.any(np.asarray(value))


def _results(jaxpr, known: dict) -> list:
    """For each result of a program whether it is zero, varies, or is another constant, None.

    Args:
        known: the same for its variables, constants left out.

    Raises:
        _NotLinear: if an equation is not known to be linear.
    """

    def of(atom):
        return (ZERO if _is_zero(atom.val) else None) if is_literal(atom) else known.get(atom)

    for equation in jaxpr.eqns:
        found = _of_equation(equation, list(map(of, equation.invars)))
        known.update((v, kind) for v, kind in zip(equation.outvars, found, strict=True) if kind is not None)
    return list(map(of, jaxpr.outvars))


def _of_equation(equation, given: list) -> list:
    name, count = equation.primitive.name, len(equation.outvars)
    if called := inner(equation):
        return _of_program(*called, given)
    if VARIES not in given:
        return [ZERO if name in KEEPS_ZEROS and given == [ZERO] else None] * count
    if name in CHECKPOINTS:
        return _of_program(equation.params["jaxpr"], (), given)
    if name == "scan":
        return _of_scan(equation, given)
    if name == "cond":
        return _of_cond(equation, given)
    if not all(jnp.issubdtype(v.aval.dtype, jnp.inexact) for v in equation.outvars):
        raise _NotLinear
    if name in BILINEAR:
        linear = given.count(VARIES) == 1
    else:
        places = _places(name, len(given))
        linear = all(kind is not None if i in places else kind != VARIES for i, kind in enumerate(given))
    if not linear:
        raise _NotLinear
    return [VARIES] * count


def _places(name: str, count: int):
    """The operands in which a primitive is linear, all together."""
    if name in JOINTLY_LINEAR:
        return range(count)
    return range(1, count) if name == "select_n" else LINEAR_IN.get(name, ())


def _of_program(jaxpr, consts, given: list) -> list:
    known = {v: ZERO for v, c in zip(jaxpr.constvars, consts, strict=False) if _is_zero(c)}
    return _results(jaxpr, known | {v: kind for v, kind in zip(jaxpr.invars, given, strict=True) if kind is not None})


def _of_scan(equation, given: list) -> list:
    """What is carried varies if it does so at first or after some steps; what is zero at first may."""
    params, body = equation.params, equation.params["jaxpr"]
    first, carried = params["num_consts"], params["num_carry"]
    given = [VARIES if kind and first <= i < first + carried else kind for i, kind in enumerate(given)]
    while True:
        found = _of_program(body.jaxpr, body.consts, given)
        carry = [_joined(a, b) for a, b in zip(given[first : first + carried], found[:carried], strict=True)]
        if carry == given[first : first + carried]:
            return [*carry, *found[carried:]]
        given = [*given[:first], *carry, *given[first + carried :]]


def _of_cond(equation, given: list) -> list:
    if given[0] == VARIES:
        raise _NotLinear
    branches = [_of_program(b.jaxpr, b.consts, given[1:]) for b in equation.params["branches"]]
    return [_joined(*kinds) for kinds in zip(*branches, strict=True)]


def _joined(*kinds):
    """What may be one of several: zero fits what varies, other constants do not."""
    if VARIES in kinds and None in kinds:
        raise _NotLinear
    return VARIES if VARIES in kinds else None if None in kinds else ZERO
