"""Python numbers, as what compiled programs compute with them is called; and what is known while one is compiled."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import context, trace
from msjax.core.effects import has_effects
from msjax.core.tensor import Tensor, raw
from msjax.ops.table import publish


def _divided(function: Callable, name: str) -> Callable:
    def divided(x, y):
        if not isinstance(y, Tensor) and y == 0:
            raise ValueError(f"For '{name}', the divisor could not be zero.")
        return function(x, y)

    return divided


_TWO = {
    "add": (operator.add, "x + y", "5"), "sub": (operator.sub, "x - y", "-1"),
    "mul": (operator.mul, "x * y", "6"), "div": (operator.truediv, "x / y", "0.6666666666666666"),
    "floordiv": (operator.floordiv, "x // y", "0"), "mod": (operator.mod, "x % y", "2"),
    "pow": (operator.pow, "x ** y", "8"),
    "max": (max, "The larger of x and y", "3"), "min": (min, "The smaller of x and y", "2"),
    "eq": (operator.eq, "Whether x == y", "False"), "ne": (operator.ne, "Whether x != y", "True"),
    "gt": (operator.gt, "Whether x > y", "False"), "ge": (operator.ge, "Whether x >= y", "False"),
    "lt": (operator.lt, "Whether x < y", "True"), "le": (operator.le, "Whether x <= y", "True"),
}  # fmt: skip
_ONE = {
    "uadd": (lambda x: x, "x itself, a bool too", "2"), "usub": (operator.neg, "-x", "-2"),
    "log": (math.log, "The natural logarithm of x", "0.6931471805599453"),
}  # fmt: skip


def _of_two(compute: Callable) -> Callable:
    def scalar(x, y):
        return compute(x, y)

    return scalar


def _of_one(compute: Callable) -> Callable:
    def scalar(x):
        return compute(x)

    return scalar


_RAISES = """
    Raises:
        ValueError: if y is 0.
"""


def _declare(rows: dict, make: Callable, arguments: str, said: str) -> None:
    for short, (compute, meaning, result) in rows.items():
        name = f"scalar_{short}"
        divides = short in ("div", "floordiv", "mod")
        function = make(_divided(compute, name) if divides else compute)
        function.__name__ = function.__qualname__ = name
        function.__doc__ = f"""{meaning}.

    Args:
        {said}

    Returns:
        A number.
{_RAISES if divides else ""}
    Example:
        >>> ops.{name}({arguments})
        {result}
    """
        publish("ops", **{name: function})


_declare(_TWO, _of_two, "2, 3", "x, y: numbers.")
_declare(_ONE, _of_one, "2", "x: a number.")


def make_range(*args) -> tuple[int, ...]:
    """A tuple of ints, as `range` counts.

    Args:
        args: where to stop; or where to start and to stop; or these and the step.

    Returns:
        A tuple of ints.

    Raises:
        TypeError: if an argument is not an int.
        ValueError: if the step is 0.

    Example:
        >>> ops.make_range(1, 9, 3)
        (1, 4, 7)
    """
    for number in args:
        if not isinstance(number, int):
            raise TypeError(f"For 'make_range', the arguments must be ints, but got {number!r:.60}.")
    return tuple(range(*args))


@has_effects  # its answer would show that a function was compiled
def isconstant(x) -> bool:
    """Whether a value is known while the program is compiled: of a Tensor under `ms.jit` it is not.

    Args:
        x: anything.

    Returns:
        A bool, True outside of `ms.jit`.

    Example:
        >>> ops.isconstant(3)
        True
    """
    return not (context.in_jit() and any(isinstance(leaf, trace.Tracer) for leaf in jax.tree.leaves(x)))


def mixed_precision_cast(dst_dtype, x) -> Any:
    """The float Tensors of a value in another dtype, and all else as it is.

    Args:
        dst_dtype: a float dtype.
        x: a Tensor, or a tuple or list with Tensors at any depth of tuples and lists.

    Returns:
        A Tensor, or a tuple.

    Example:
        >>> ops.mixed_precision_cast(ms.float16, (Tensor([1.0]), 2))
        (Tensor(shape=[1], dtype=Float16, value= [ 1.0000e+00]), 2)
    """
    if isinstance(x, tuple | list):
        return tuple(mixed_precision_cast(dst_dtype, item) for item in x)
    return x.astype(dst_dtype) if isinstance(x, Tensor) and jnp.issubdtype(raw(x).dtype, np.floating) else x


publish("ops", make_range=make_range, isconstant=isconstant, mixed_precision_cast=mixed_precision_cast)
