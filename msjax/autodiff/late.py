"""Hooks that are registered after their Tensor was used.

Such a hook counts for the Tensor's whole gradient. From where it is registered on, the Tensor's uses go through a
marker, `custom.with_rule(late=True)`. The linear program that JAX keeps for the way back has the marker in it. There it
is moved to where the Tensor is made, so that the earlier uses go through it too.
"""

from __future__ import annotations

from collections.abc import Callable

import jax.numpy as jnp

from msjax.autodiff.custom import MARKER
from msjax.shims.jax import first_linear, linear_program, name_of_rule, with_linear_program, zero
from msjax.shims.programs import is_literal


def hooks_moved(pullback: Callable, markers: list) -> Callable:
    """The pullback of a function whose last results are `markers`, as that of the others, with late hooks in place.

    Args:
        pullback: what `jax.vjp` gave.
        markers: the results of the markers, which are results of the function so that they are kept.
    """
    whole = with_linear_program(pullback, _moved(linear_program(pullback)))
    # The markers are results, which have cotangents as well; what they are for comes from their Tensors' uses alone.
    unused = [jnp.zeros_like(m) for m in markers]
    return lambda cotangents: whole([*cotangents, *unused])


def _moved(program):
    """The program with each marker right after what makes its Tensor, and all that uses the Tensor after the marker."""
    waiting: dict = {}
    for equation in filter(_is_late, program.eqns):
        waiting.setdefault(first_linear(equation), []).append(equation)
    equations: list = []
    names: dict = {}  # by variable, what stands for it after its markers

    def renamed(atoms) -> list:
        return [a if is_literal(a) else names.get(a, a) for a in atoms]

    def emit(variable) -> None:
        for marker in waiting.get(variable, ()):
            before, (after,) = names.get(variable, variable), marker.outvars
            equations.append(marker.replace(invars=renamed(marker.invars)))
            # Markers of the same Tensor follow on each other: what stood for the first one now stands for the last.
            names.update({v: after for v, name in names.items() if name is before})
            names[variable] = after
            emit(after)

    for variable in program.invars:
        emit(variable)
    for equation in program.eqns:
        if not _is_late(equation):
            equations.append(equation.replace(invars=renamed(equation.invars)))
            for variable in equation.outvars:
                emit(variable)
    outputs = renamed(program.outvars)
    for index in range(len(outputs) - sum(map(len, waiting.values())), len(outputs)):
        outputs[index] = zero(outputs[index].aval)  # what a marker is for comes from its Tensor's uses alone
    return program.replace(eqns=equations, outvars=outputs)


def _is_late(equation) -> bool:
    return name_of_rule(equation) == MARKER
