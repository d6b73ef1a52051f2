"""jet and derivative: derivatives of high order along a curve."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from math import factorial
from typing import Any

import jax
import jax.numpy as jnp

from msjax.autodiff.engine import Evaluation
from msjax.autodiff.forward import jvp
from msjax.autodiff.slots import check_function
from msjax.autodiff.tree import derived, differentiable, refilled, tensors_in
from msjax.compile.task import automatic
from msjax.core import dtype as mstype
from msjax.core.kinds import check
from msjax.core.tensor import Tensor, raw, wrap
from msjax.core.trace import Kind
from msjax.shims.jax import taylor
from msjax.shims.programs import live

_DTYPES = (mstype.int32, mstype.int64, mstype.float32, mstype.float64)


def jet(fn: Callable, primals: Any, series: Any) -> Any:
    """The value of `fn` and its derivatives along a curve.

    Args:
        fn: a function or Cell of Tensors.
        primals: where the curve is at 0: a Tensor, or a tuple of Tensors for several arguments.
        series: its derivatives: for each primal a Tensor of shape `(n, *primal.shape)`, whose element i is the
            derivative of order i + 1 (not divided by a factorial), or one of the primal's shape for n = 1.

    Returns:
        (output, series of the output), the latter of shape `(n, *output.shape)`.

    Raises:
        TypeError: if primals and series are not both Tensors or both tuples, or are no int32, int64, float32 or float64
            Tensors of one dtype. Integers are cast to float32.
        ValueError: if they differ in number or shape.

    Differs from MindSpore: every differentiable operator can be used, not only eleven; see "Series of every
    operator" in docs/differences.md.

    Example:
        >>> ops.jet(ops.sin, Tensor([0.0]), Tensor([[1.0], [0.0], [0.0]]))[1].asnumpy().ravel().tolist()
        [1.0, 0.0, -1.0]
    """
    check_function(fn)

    def jet(primals, series):
        return _jet(fn, primals, series)

    return automatic(jet, (primals, series), {})


def _jet(fn, primals, series):
    points, directions = _pair(primals, series)
    points = [_floats(p) for p in points]
    directions = [_series(p, _floats(s)) for p, s in zip(points, directions, strict=True)]
    orders = {len(s) for s in directions}
    if len(orders) != 1:
        raise ValueError(f"In series, all elements must have the same number of derivatives, but got {sorted(orders)}.")
    value, derivatives = _expand(fn, points, directions, orders.pop())
    stacked = iter(
        [wrap(jnp.stack([raw(t) for t in each])) for each in zip(*map(tensors_in, derivatives), strict=True)]
    )
    return value, derived(value, stacked)


def derivative(fn: Callable, primals: Any, order: int) -> Any:
    """The value of `fn` and its derivative of an order, with respect to all primals at once.

    Args:
        fn: a function or Cell of Tensors.
        primals: a Tensor, or a tuple of Tensors for several arguments.
        order: an int of at least 1.

    Returns:
        (output, derivative); for several primals the derivative along (1, 1, ...).

    Raises:
        TypeError, ValueError: if `order` is no such int, or as `jet`.

    Example:
        >>> ops.derivative(lambda x: x**3, Tensor([2.0]), 2)[1]
        Tensor(shape=[1], dtype=Float32, value= [ 1.20000000e+01])
    """
    check_function(fn)
    check("derivative", "order", order, "int >= 1")
    if not isinstance(primals, (Tensor, tuple)):
        raise TypeError(
            f"For 'F.derivative', the 'primals' must be a Tensor or tuple, but got {type(primals).__name__}."
        )

    def derivative(primals):
        return _derivative(fn, primals, order)

    return automatic(derivative, (primals,), {})


def _derivative(fn, primals, order: int):
    points = [_floats(p) for p in (primals if isinstance(primals, tuple) else (primals,))]
    directions = [[jnp.ones_like(p)] + [jnp.zeros_like(p)] * (order - 1) for p in points]
    value, derivatives = _expand(fn, points, directions, order)
    return value, derivatives[-1]


def _pair(primals, series) -> tuple[tuple, tuple]:
    if isinstance(primals, Tensor) and isinstance(series, Tensor):
        pair = (primals,), (series,)
    elif isinstance(primals, tuple) and isinstance(series, tuple):
        pair = primals, series
    else:
        raise TypeError("For 'F.jet', the 'primals' and `series` must be both Tensor or tuple.")
    if len(pair[0]) != len(pair[1]):
        raise ValueError(
            f"The lengths of primals and series must be the same, but got {len(pair[0])} and {len(pair[1])}."
        )
    if len({t.dtype for part in pair for t in part if isinstance(t, Tensor)}) > 1:
        raise TypeError("For `F.jet`, the elements' types of primals and series must be the same.")
    return pair


def _floats(tensor):
    """The array of a Tensor; integers as float32."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"The elements of primals and series must be Tensors, but got {type(tensor).__name__}.")
    if tensor.dtype not in _DTYPES:
        raise TypeError(
            "The elements' types of primals and series must be the same and belong to `mstype.int32, mstype.int64, "
            f"mstype.float32, mstype.float64`, but got {tensor.dtype}."
        )
    array = raw(tensor)
    return array if differentiable(array) else array.astype(jnp.float32)


def _series(point, series) -> list:
    """The derivatives of one primal, by order."""
    if series.shape == point.shape:
        return [series]
    if series.shape[1:] != point.shape or series.ndim != point.ndim + 1:
        raise ValueError(
            "In series, the shape of each element must be the same as the primals: "
            f"{point.shape} with the number of orders in front, but got {series.shape}."
        )
    return list(series)


def _expand(fn, points, directions, order: int):
    """fn's value, and the list of its derivatives by order, nested like the value."""
    # Taylor arithmetic has no rule for some operators (relu, arctan, softplus, ...), and fails in ways that differ.
    # Derivatives of derivatives always work, at a price that doubles with every order; up to 2 they are cheaper too.
    if order > 2:
        try:
            return _by_taylor(fn, points, directions, order)
        except Exception:
            pass
    return _by_jvp(fn, points, directions, order)


def _by_taylor(fn, points, directions, order: int):
    evaluation = Evaluation(lambda *arrays: fn(*map(wrap, arrays)), kind=Kind.COMPILE)

    def expand():
        # Of the function's program, not of the function: that one might handle what fails for want of a rule.
        program = jax.make_jaxpr(lambda *arrays: evaluation([], *arrays))(*points)
        arrays, series = taylor(program.replace(jaxpr=live(program.jaxpr)), tuple(points), tuple(directions))
        count = len(evaluation.outputs)
        return arrays[:count], series[:count], arrays[count:]

    results, series = evaluation.through(expand)
    value = refilled(evaluation.value, iter(map(wrap, results)))
    return value, [derived(value, iter([wrap(s[k]) for s in series])) for k in range(order)]


def _by_jvp(fn, points, directions, order: int):
    kind = jnp.result_type(*points)

    def along(time: Tensor):
        curve = [
            # By Horner's rule: the curve whose derivatives at 0 are those that were asked for.
            reduce(lambda sum_, term: sum_ * raw(time).astype(p.dtype) + term, reversed([p, *_scaled(d)]))
            for p, d in zip(points, directions, strict=True)
        ]
        return fn(*map(wrap, curve))

    one = jnp.ones((), kind)
    derived = along
    for _ in range(order):
        derived = _derived(derived, one)
    everything = derived(wrap(jnp.zeros((), kind)))
    return _order(everything, order, 0), [_order(everything, order, k) for k in range(1, order + 1)]


def _scaled(derivatives) -> list:
    return [d / factorial(k) for k, d in enumerate(derivatives, 1)]


def _derived(function, one):
    return lambda time: jvp(function, time, wrap(one))


def _order(pairs, depth: int, order: int):
    """Out of (value, tangent) pairs, nested as often as was differentiated, the derivative of one order."""
    for level in range(depth):
        pairs = pairs[1] if level < order else pairs[0]
    return pairs
