"""Whether a program is linear, which only then may be transposed.

What JAX derives on its way back is linear in the cotangents. Rules that users write need not be: gradients may be
clipped, normalized or squared. So it is proven from the program: each equation must be linear in what depends on the
arguments, and add to it only what is zero. What is not known here is not linear.
"""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax.shims.jax import Tracer
from msjax.shims.primitives import BILINEAR, CHECKPOINTS, JOINTLY_LINEAR, KEEPS_ZEROS, LINEAR_IN
from msjax.shims.programs import inner, is_literal

_SMALL = 1 << 16  # constants of more elements are not looked at

ZERO, VARIES = "zero", "varies"


class _NotLinear(Exception):
    """It is not known to be linear."""


def is_linear(program: Any) -> bool:
    """Whether all results of a closed jaxpr are linear in all of its arguments together."""
    known = {v: ZERO for v, c in zip(program.jaxpr.constvars, program.consts, strict=True) if _is_zero(c)}
    try:
        kinds = _results(program.jaxpr, {**known, **dict.fromkeys(program.jaxpr.invars, VARIES)})
    except _NotLinear:
        return False
    return None not in kinds


def _is_zero(value) -> bool:
    # Looking at a large constant would cost more than the transposition saves.
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
        kinds = _of_equation(equation, list(map(of, equation.invars)))
        known.update((v, kind) for v, kind in zip(equation.outvars, kinds, strict=True) if kind is not None)
    return list(map(of, jaxpr.outvars))


def _of_equation(equation, operands: list) -> list:
    name, count = equation.primitive.name, len(equation.outvars)
    if called := inner(equation):
        return _of_program(*called, operands)
    # It does not depend on the arguments. Of such values only zeros matter: they may be added to what is linear.
    if VARIES not in operands:
        return [ZERO if name in KEEPS_ZEROS and operands == [ZERO] else None] * count
    if name in CHECKPOINTS:
        return _of_program(equation.params["jaxpr"], (), operands)
    if name == "scan":
        return _of_scan(equation, operands)
    if name == "cond":
        return _of_cond(equation, operands)
    # Integers and comparisons of what varies jump: no multiple of the argument gives the multiple of the result.
    if not all(jnp.issubdtype(v.aval.dtype, jnp.inexact) for v in equation.outvars):
        raise _NotLinear
    if name in BILINEAR:
        linear = operands.count(VARIES) == 1
    else:
        # A constant among what is linear together would be added; beside it, it may only scale or choose.
        together = _together(name, len(operands))
        linear = all(kind is not None for i, kind in enumerate(operands) if i in together)
        linear = linear and all(kind != VARIES for i, kind in enumerate(operands) if i not in together)
    if not linear:
        raise _NotLinear
    return [VARIES] * count


def _together(name: str, count: int):
    """The operands in which a primitive is linear, all together."""
    if name in JOINTLY_LINEAR:
        return range(count)
    return range(1, count) if name == "select_n" else LINEAR_IN.get(name, ())


def _of_program(jaxpr, consts, operands: list) -> list:
    known = {v: ZERO for v, c in zip(jaxpr.constvars, consts, strict=False) if _is_zero(c)}
    known.update((v, kind) for v, kind in zip(jaxpr.invars, operands, strict=True) if kind is not None)
    return _results(jaxpr, known)


def _of_scan(equation, operands: list) -> list:
    """What is carried varies if it does so at first or after some steps; what is zero at first may."""
    params, body = equation.params, equation.params["jaxpr"]
    first, carried = params["num_consts"], params["num_carry"]
    # What is zero before the first step may vary after it, so it counts as varying from the start.
    operands = [VARIES if kind and first <= i < first + carried else kind for i, kind in enumerate(operands)]
    # Each round can only let more of what is carried vary, so this ends.
    while True:
        results = _of_program(body.jaxpr, body.consts, operands)
        carry = [_joined(a, b) for a, b in zip(operands[first : first + carried], results[:carried], strict=True)]
        if carry == operands[first : first + carried]:
            return [*carry, *results[carried:]]
        operands = [*operands[:first], *carry, *operands[first + carried :]]


def _of_cond(equation, operands: list) -> list:
    if operands[0] == VARIES:
        raise _NotLinear
    branches = [_of_program(b.jaxpr, b.consts, operands[1:]) for b in equation.params["branches"]]
    return [_joined(*kinds) for kinds in zip(*branches, strict=True)]


def _joined(*kinds):
    """What may be one of several: zero fits what varies, other constants do not."""
    if VARIES in kinds and None in kinds:
        raise _NotLinear
    return VARIES if VARIES in kinds else None if None in kinds else ZERO
