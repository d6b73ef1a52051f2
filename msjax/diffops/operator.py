"""What all operators are made of: a way to compute them, and a plan that chooses it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import jax

from msjax.autodiff.grad import compiling
from msjax.diffops.field import Field
from msjax.diffops.plan import Plan, check_method, planned


class Derived(Protocol):
    """A differential operator of a function: called with the arguments of the function, and asked for its plan."""

    def __call__(self, *args: Any) -> Any: ...
    def plan(self, *args: Any) -> Plan: ...


def operator(
    f: Callable,
    name: str,
    costs: Callable,
    compute: Callable,
    *,
    grad_position: Any = 0,
    lower: bool = False,
    method: str = "auto",
    chunk: int | None = None,
) -> Derived:
    """What the user gets: a function of the arguments of f which compiles by itself and tells its plan.

    Args:
        f: a function or Cell.
        name: what is computed.
        costs: of a Field and the count of numbers that f gives at a point, the cost of each formulation.
        compute: of a Field, a pure function, its arguments and a formulation, one list of arrays for each order.
        lower: whether to give all orders, as a tuple, or the last.
        grad_position, method, chunk: as users give them.
    """

    def chosen(field, function, xs, compute: Callable):
        """The plan, and what `compute` gives for its formulation."""
        numbers = [math.prod(o.shape[field.axis :]) for o in jax.eval_shape(function, xs)]
        choices = costs(field, max(numbers, default=1))
        check_method(name, method, choices)
        return planned(name, choices, method, field.size, compute)

    def derived(*args):
        def transform(function, xs):
            _, computed = chosen(field, function, xs, lambda by: compute(field, function, xs, by))
            return computed if lower else computed[-1:]

        field = Field(f, args, grad_position, chunk, name)
        orders = field.derived(transform)
        return tuple(orders) if lower else orders[0]

    def plan(*args) -> Plan:
        plans: list[Plan] = []

        def transform(function, xs):
            def tried(by):
                return jax.eval_shape(lambda xs: compute(field, function, xs, by), xs)

            plans.append(chosen(field, function, xs, tried)[0])
            return []

        # Without a name: that rows are mixed is for the call to say.
        field = Field(f, args, grad_position, chunk)
        field.derived(transform)
        return replace(plans[0], chunk=field.chunk)

    derived.__name__ = name
    result: Any = compiling(f, derived)
    result.plan = plan
    return result
