"""Hooks that are registered after their Tensor was used.

Such a hook counts for the Tensor's whole gradient. From where it is registered on, the Tensor's uses go through a
marker, `custom.with_rule(late=True)`. The linear program that JAX keeps for the way back has the marker in it. There it
is moved to where the Tensor is made, so that the earlier uses go through it too.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial

import jax.numpy as jnp

from msjax.autodiff.custom import MARKER
from msjax.core.equations import is_literal


def hooks_moved(pullback: Callable, markers: list) -> Callable:
    """The pullback of a function whose last results are `markers`, as that of the others, with late hooks in place.

    Args:
        pullback: what `jax.vjp` gave.
        markers: the results of the markers, which are results of the function so that they are kept.
    """
    program = pullback.jaxpr
    moved = _moved(program)
    arguments = [moved if a is program else a for a in pullback.fun.args]
    whole = copy.copy(pullback)
    whole.fun = partial(pullback.fun.func, *arguments)
    unused = [jnp.zeros_like(m) for m in markers]
    return lambda cotangents: whole([*cotangents, *unused])


def _moved(program):
    """The program with each marker right after what makes its Tensor, and all that uses the Tensor after the marker."""
    from jax.extend.core import Literal  # loads much

    waiting: dict = {}
    for equation in filter(_is_late, program.eqns):
        waiting.setdefault(_marked(equation), []).append(equation)
    equations: list = []
    names: dict = {}  # by variable, what stands for it after its markers

    def renamed(atoms) -> list:
        return [a if is_literal(a) else names.get(a, a) for a in atoms]

    def made(variable) -> None:
        for marker in waiting.get(variable, ()):
            before, (after,) = names.get(variable, variable), marker.outvars
            equations.append(marker.replace(invars=renamed(marker.invars)))
            names.update({v: after for v, name in names.items() if name is before})
            names[variable] = after
            made(after)

    for variable in program.invars:
        made(variable)
    for equation in program.eqns:
        if not _is_late(equation):
            equations.append(equation.replace(invars=renamed(equation.invars)))
            for variable in equation.outvars:
                made(variable)
    outputs = renamed(program.outvars)
    for place in range(len(outputs) - sum(map(len, waiting.values())), len(outputs)):
        outputs[place] = Literal(0, outputs[place].aval)  # what a marker is for comes from its Tensor's uses alone
    return program.replace(eqns=equations, outvars=outputs)


def _is_late(equation) -> bool:
    rule = equation.params.get("bwd")
    return rule is not None and rule.debug_info.func_name == MARKER


def _marked(equation):
    """The variable that a marker is for: the first of those that are linear."""
    return equation.invars[equation.params["num_res"]]
