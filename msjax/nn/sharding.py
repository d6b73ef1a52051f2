"""`ms.shard` and `Cell.shard`: what Cells and functions take and give, divided among devices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msjax import log
from msjax.core import placement, watching
from msjax.core.cells import is_cell
from msjax.core.layout import Layout
from msjax.core.parameter import Parameter
from msjax.ops.table import strategy
from msjax.ops.table.strategy import Plan


class Strategies:
    """The strategies of a Cell or function.

    Args:
        name: whose they are.
        in_strategy, out_strategy: tuples with an entry for each Tensor, a tuple of ints or a Layout; or None.

    Raises:
        TypeError, ValueError: if they are none.
    """

    def __init__(self, name: str, in_strategy: Any, out_strategy: Any):
        strategy.check(name, in_strategy, out_strategy)
        self._name, self._both = name, (in_strategy, out_strategy)

    def around(self, function: Callable, args: tuple, kwargs: dict) -> Any:
        """The result of a call, with the strategies on what goes in and comes out where they count."""
        devices = strategy.in_force()
        if devices is None:
            return function(*args, **kwargs)
        plan = Plan(devices, self._name, args, self._both)
        return plan.leaving(function(*plan.entering(args), **kwargs))


def shard(
    fn: Callable, in_strategy: tuple, out_strategy: tuple | None = None, parameter_plan: dict | None = None
) -> Callable:
    """A function that computes the same, with what it takes and gives divided among devices.

    Strategies count in semi-auto and auto mode, if there are several devices; XLA derives those of all between.

    Args:
        fn (Cell or function): of Tensors.
        in_strategy (tuple): for each Tensor that it takes, in how many parts its axes are divided, a tuple of ints; or
            a Layout.
        out_strategy (tuple): the same for what it gives; None for what XLA finds best.
        parameter_plan (dict): of a Cell: by names of Parameters, in how many parts they are divided, or a Layout.

    Returns:
        A function.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if a strategy does not fit, when the function is called.

    Differs from MindSpore: arguments are always checked, and it works for functions that run eagerly.

    Example:
        >>> double = ms.shard(lambda x: x * 2, in_strategy=((1, 1),))
        >>> double(ops.ones((2, 2))).sum()
        Tensor(shape=[], dtype=Float32, value= 8)
    """
    strategies = Strategies(getattr(fn, "__name__", type(fn).__name__), in_strategy, out_strategy)
    plan_parameters(fn, parameter_plan)

    def sharded(*args, **kwargs):
        return strategies.around(watching.seen(fn), args, kwargs)

    return sharded


def plan_parameters(fn: Any, plan: Any) -> None:
    """Divide Parameters of a Cell among devices.

    Args:
        plan: tuples of ints or Layouts, by the Parameters' names, which may begin with "self."; or None.

    Raises:
        TypeError: if it is no such dict, or `fn` is no Cell.
        ValueError: if an entry does not fit its Parameter.
    """
    if plan is None:
        return
    if not isinstance(plan, dict):
        raise TypeError(f"For 'shard', the 'parameter_plan' should be a dict or None, but got {type(plan).__name__}")
    if not is_cell(fn):
        raise TypeError(f"If parameter_plan is set, type of fn must be mindspore.nn.Cell, but got {type(fn)}")
    parameters = {p.name: p for p in fn.trainable_params()}
    for name, entry in plan.items():
        if not isinstance(name, str) or not isinstance(entry, tuple | Layout):
            raise TypeError(
                "For 'shard', the type of each key and value in 'parameter_plan' must be str and tuple/Layout, "
                f"but got {type(name).__name__} and {type(entry).__name__}"
            )
        parameter = parameters.get(name.replace("self.", ""))
        if parameter is None:
            log.warning("%s is not exist, ignored its setting.", name)
        else:
            divide(parameter, entry)


def divide(parameter: Parameter, entry: tuple | Layout) -> None:
    """Divide a Parameter among devices, from when it is first used on several.

    Args:
        entry: in how many parts each axis is divided, or a Layout.

    Raises:
        ValueError: if that does not fit its shape.
    """
    parts = entry.parts if isinstance(entry, Layout) else entry
    shape = tuple(parameter.shape)
    if len(parts) != len(shape):
        raise ValueError(
            f"For {parameter.name}, the length of param_strategy: {len(parts)}, "
            f"is not equal to param_shape len: {len(shape)}."
        )
    for axis, (size, count) in enumerate(zip(shape, parts, strict=True)):
        if count < 1 or size % count:
            raise ValueError(
                f"For '{parameter.name}', the param_shape is {shape} and the setting param_strategy is {parts}. "
                f"The param_shape[{axis}]: {size} cannot be divisible by param_strategy[{axis}]: {count}."
            )
    devices = placement.mesh()
    if devices is not None:
        sharding = entry.sharding(devices) if isinstance(entry, Layout) else placement.split(devices, entry)
        placement.assign(parameter, sharding)
