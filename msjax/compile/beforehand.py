"""Demands that can be seen to hold before a program runs, since they are about what it is given."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import jax
import jax.numpy as jnp

from msjax.shims.primitives import LONG
from msjax.shims.programs import bound, is_literal, names_of, run

_FEW = 40  # equations, which take some microseconds


class Beforehand:
    """The outputs of a program that are worked out of its arguments in a few equations.

    Args:
        program: a closed jaxpr.
        outputs: the positions of the outputs in question, bools.

    Attributes:
        outputs: the positions of those that are.
        arguments: the positions of the arguments that they need.
        compute: from these, whether they are true, as one vector.
    """

    def __init__(self, program, outputs: list[int]):
        jaxpr = program.jaxpr
        makers = {v: equation for equation in jaxpr.eqns for v in equation.outvars}
        self.outputs, needed, arguments = [], {}, set()
        if jax.default_backend() != "cpu":  # elsewhere, asking for a value ends what runs meanwhile
            outputs = []
        for position in outputs:
            equations, inputs = _behind(jaxpr.outvars[position], makers)
            alone = not any(equation.effects for equation in equations.values())  # of other processes
            if alone and len(equations) <= _FEW and not names_of(SimpleNamespace(eqns=equations.values())) & LONG:
                self.outputs.append(position)
                needed |= equations
                arguments |= inputs
        self.arguments = [i for i, v in enumerate(jaxpr.invars) if v in arguments]

        def function(*arrays):
            inputs = dict(zip(self.arguments, arrays, strict=True))
            everything = [inputs.get(i) for i in range(len(jaxpr.invars))]
            results = run(jaxpr, program.consts, everything, lambda equation, operands: (
                bound(equation)(*operands) if id(equation) in needed else [None] * len(equation.outvars)
            ))  # fmt: skip
            return jnp.stack([jnp.asarray(results[i]) for i in self.outputs])

        self.compute: Callable = jax.jit(function)


def _behind(variable, makers: dict) -> tuple[dict, set]:
    """The equations that make a variable, by id, until there are too many, and the variables that no equation makes."""
    equations: dict = {}
    inputs, waiting = set(), [variable]
    while waiting and len(equations) <= _FEW:
        variable = waiting.pop()
        equation = None if is_literal(variable) else makers.get(variable)
        if equation is not None and id(equation) not in equations:
            equations[id(equation)] = equation
            waiting += equation.invars
        elif equation is None and not is_literal(variable):
            inputs.add(variable)
    return equations, inputs
