"""What all operators are made of: a way to compute them, and a plan that chooses it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import jax

from msjax.autodiff.grad import compiling
from msjax.diffops.field import Field
from msjax.diffops.plan import Plan, check_method, planned


def operator(
    f: Callable,
    name: str,
    costs: Callable,
    compute: Callable,
    *,
    grad_position=0,
    lower: bool = False,
    method: str = "auto",
    chunk: int | None = None,
) -> Callable:
    """What the user gets: a function of the arguments of f which compiles by itself and tells its plan.

    Args:
        f: a function or Cell.
        name: what is computed.
        costs: of a Field and the count of numbers that f gives at a point, the cost of each formulation.
        compute: of a Field, a pure function, its arguments and a formulation, one list of arrays for each order.
        lower: whether to give all orders, as a tuple, or the last.
        grad_position, method, chunk: as users give them.
    """

    def derive(args, result_of: Callable):
        field = Field(f, args, grad_position, chunk)

        def transform(function, xs):
            numbers = [math.prod(o.shape[field.axis :]) for o in jax.eval_shape(function, xs)]
            choices = costs(field, max(numbers, default=1))
            check_method(name, method, choices)
            return result_of(*planned(name, choices, method, field.size, lambda by: compute(field, function, xs, by)))

        return field, field.derived(transform)

    def derived(*args):
        _, orders = derive(args, lambda _, found: found if lower else found[-1:])
        return tuple(orders) if lower else orders[0]

    def plan(*args) -> Plan:
        plans: list[Plan] = []

        def note(plan, _):
            plans.append(plan)
            return []

        field, _ = derive(args, note)
        return replace(plans[0], chunk=field.chunk)

    derived.__name__ = name
    result = compiling(f, derived)
    result.plan = plan
    return result
