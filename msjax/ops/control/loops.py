"""Loops as operators. They are Python's loops: under `ms.jit` they are unrolled, and gradients pass them."""

from __future__ import annotations

import operator

from msjax.core import watching
from msjax.core.tensor import Tensor
from msjax.ops.table import publish
from msjax.ops.table.primitive import Primitive


def _check_callable(owner: str, name: str, value) -> None:
    if not callable(value):
        raise TypeError(f"For '{owner}', '{name}' must be a function, but got {type(value).__name__}.")


class WhileLoop(Primitive):
    """value = loop_func(value) while cond_func(value).

    Example:
        >>> ops.WhileLoop()(lambda x: x < 20, lambda x: x * 2, Tensor(1))
        Tensor(shape=[], dtype=Int64, value= 32)
    """

    def __init__(self):
        super().__init__("WhileLoop")

    def __call__(self, cond_func, loop_func, init_val):
        _check_callable("WhileLoop", "cond_func", cond_func)
        _check_callable("WhileLoop", "loop_func", loop_func)
        going_on, step, value = watching.seen(cond_func), watching.seen(loop_func), init_val
        while going_on(value):
            value = step(value)
        return value


class ForiLoop(Primitive):
    """value = loop_func(i, value) for i in range(lower, upper).

    Example:
        >>> ops.ForiLoop()(0, 4, lambda i, x: x + i, Tensor(0))
        Tensor(shape=[], dtype=Int64, value= 6)
    """

    def __init__(self):
        super().__init__("ForiLoop")

    def __call__(self, lower, upper, loop_func, init_val, unroll=True):
        _check_callable("ForiLoop", "loop_func", loop_func)
        step, value = watching.seen(loop_func), init_val
        for i in range(operator.index(lower), operator.index(upper)):
            value = step(i, value)
        return value


class Scan(Primitive):
    """carry, y = loop_func(carry, x) for x in xs; gives (carry, list of the y).

    Args of a call:
        loop_func, init: the function and the first carry.
        xs: a list, tuple or Tensor; with None, `length` says how often.

    Example:
        >>> ops.Scan()(lambda total, x: (total + x, total), Tensor(0), [Tensor(1), Tensor(2)])[0]
        Tensor(shape=[], dtype=Int64, value= 3)
    """

    def __init__(self):
        super().__init__("Scan")

    def __call__(self, loop_func, init, xs, length=None, unroll=True):
        _check_callable("Scan", "loop_func", loop_func)
        if xs is None and length is None:
            raise ValueError("For 'Scan', 'length' must be given when 'xs' is None.")
        if xs is not None and not isinstance(xs, list | tuple | Tensor):
            raise TypeError(f"For 'Scan', 'xs' must be a list, tuple, Tensor or None, but got {type(xs).__name__}.")
        if xs is not None and length is not None and length != len(xs):
            raise ValueError(f"For 'Scan', 'length' is {length}, but 'xs' has {len(xs)} elements.")
        step, carry, results = watching.seen(loop_func), init, []
        for x in [None] * (length or 0) if xs is None else xs:
            carry, result = step(carry, x)
            results.append(result)
        return carry, results


publish("ops", WhileLoop=WhileLoop, ForiLoop=ForiLoop, Scan=Scan)
