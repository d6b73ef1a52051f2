"""The largest and smallest elements, their places, and running ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.ops.arrays.sort import pick
from msjax.ops.call.promotion import array, axis_in, is_inexact, pair
from msjax.ops.maths.reduction import as_dtype, operand
from msjax.ops.table import family, op


class _Kind(NamedTuple):
    """The functions of the largest or the smallest elements.

    Attributes:
        over: over axes.
        of_two: of two arrays, element by element.
        sign: 1 for the largest, -1 for the smallest.
    """

    over: Callable
    of_two: Callable
    sign: int

    def beyond(self, dtype):
        """The value of a dtype that never is the extreme of several."""
        if jnp.issubdtype(dtype, jnp.floating):
            return -self.sign * np.inf
        if dtype == np.bool_:
            return self.sign < 0
        return jnp.iinfo(dtype).min if self.sign > 0 else jnp.iinfo(dtype).max

    def place(self, x, axis, keepdims=False):
        """Where the extreme is: of equals and of NaN the first. XLA's own reduces pairs, in twice the time on a CPU."""
        x, axis = (x.ravel(), 0) if axis is None else (x, axis)
        if x.size == 0:
            raise ValueError(f"There is no largest or smallest element of a Tensor of shape {x.shape}.")
        x = jax.lax.stop_gradient(x)
        extreme = (x == self.over(x, axis, keepdims=True)) | (x != x)
        places = jax.lax.broadcasted_iota(np.int32, x.shape, axis % x.ndim)
        return jnp.where(extreme, places, x.shape[axis]).min(axis, keepdims=keepdims)

    def first(self, x, axis, keepdims):
        """The extreme along one axis and its place: of equals the first, which alone gets the gradient.

        Raises:
            TypeError: if `axis` is not an int or `keepdims` not a bool.
            ValueError: if the axis is empty.
        """
        if axis is None:
            raise TypeError("'axis' must be an int, but got None.")
        x, axes = operand(x, axis_in(axis, array(x).ndim), keepdims)
        if not x.ndim:
            return x, jnp.zeros((), np.int64)
        return pick(x, self.place(x, axes[0], keepdims=True), axes[0], keepdims)

    def masked(self, x, where, initial):
        """`x` with what `where` hides replaced by `initial`, which is one of several then, or by what is no extreme."""
        if initial is not None and (isinstance(initial, list) or jnp.ndim(initial)):
            raise TypeError(f"'initial' must be a number, but got {initial}.")
        if where is not None:
            hidden = self.beyond(x.dtype) if initial is None else initial
            x = jnp.where(where.astype(bool), x, jnp.asarray(hidden, x.dtype))
        return x if initial is None else self.of_two(x, jnp.asarray(initial, x.dtype))


_KINDS = {"max": _Kind(jnp.max, jnp.maximum, 1), "min": _Kind(jnp.min, jnp.minimum, -1)}


# -- largest and smallest: over all or several axes, equal elements share the gradient ---------------------------------


@op(*family("kind", _KINDS, "Tensor.{kind}()", "mint.{kind}(input)"), name="{kind}")
def over_all(x, *, kind="max"):
    """The {kind}imum of all elements.

    Returns:
        A Tensor without axes, of the input's dtype.
    """
    x = array(x)
    if x.size == 0:
        raise ValueError(f"There is no {kind}imum of a Tensor of shape {x.shape}.")
    return _KINDS[kind].over(x)


@op(
    *family("kind", _KINDS, "Tensor.{kind}(dim, keepdim=False)", "mint.{kind}(input, dim, keepdim=False)"),
    name="{kind}",
    positional=False,
)
def along(x, *, axis, keepdims=False, kind="max") -> tuple[jax.Array, jax.Array]:
    """The {kind}imum along `axis`, and its place as int64.

    Of equal elements along one axis the first is taken, and alone receives the gradient.

    Returns:
        A tuple of two Tensors: the values, and their places.
    """
    return _KINDS[kind].first(x, axis, keepdims)


@op(
    *family(
        "kind", _KINDS, "Tensor.{kind}(axis=None, keepdims=False, *, initial=None, where=True, return_indices=False)"
    ),
    name="{kind}",
)
def over_some(
    x, initial=None, where=None, *, axis=None, keepdims=False, return_indices=False, kind="max"
) -> jax.Array | tuple[jax.Array, ...]:
    """The {kind}imum over `axis`, over all axes by default.

    Returns:
        A Tensor of the reduced shape; with `return_indices` a tuple of it and the places as int64.
    """
    x, axes = operand(x, axis, keepdims)
    masked = _KINDS[kind].masked(x, where, initial)
    if axis is None or isinstance(axis, (tuple, list)):
        extreme = _KINDS[kind].over(masked, axes, keepdims=keepdims)
        return (extreme, jnp.zeros_like(extreme, np.int64)) if return_indices and axis is None else extreme
    values, places = _KINDS[kind].first(masked, axis, keepdims)
    return (values, places) if return_indices else values


@op(
    *family("kind", _KINDS, "ops.{kind}(input, axis=None, keepdims=False, *, initial=None, where=None)"),
    name="{kind}",
    kinds={"keepdims": None},
)
def with_place(x, initial=None, where=None, *, axis=None, keepdims=False, kind="max") -> tuple[jax.Array, jax.Array]:
    """The {kind}imum along `axis`, and its place as int64.

    Of equal elements along one axis the first is taken, and alone receives the gradient.

    Returns:
        A tuple of two Tensors: the values, and their places.
    """
    if axis is None:
        return over_all(x, kind=kind), jnp.zeros((), np.int64)
    return _KINDS[kind].first(_KINDS[kind].masked(array(x), where, initial), axis, keepdims)


@op(
    *family(
        "kind",
        _KINDS,
        "ops.a{kind}(input, axis=None, keepdims=False, *, initial=None, where=None)",
        "ops.Reduce{Kind}(keep_dims=False)(x, axis=())",
        "ops.reduce_{kind}(x, axis=())",
        "Tensor.a{kind}(axis=None, keepdims=False, *, initial=None, where=None)",
        "mint.a{kind}(input, dim=(), keepdim=False)",
        "numpy.a{kind}(a, axis=None, keepdims=False, initial=None, where=True)",
        "numpy.{kind}(a, axis=None, keepdims=False, initial=None, where=True)",
    ),
    name="{kind}",
)
def over_axes(x, initial=None, where=None, *, axis=None, keepdims=False, kind="max"):
    """The {kind}imum over `axis`, over all axes by default."""
    x, axes = operand(x, axis, keepdims)
    return _KINDS[kind].over(_KINDS[kind].masked(x, where, initial), axes, keepdims=keepdims)


@op(*family("kind", _KINDS, "mint.{kind}(input, other)"), name="{kind}")
def of_pair(x, y, *, kind="max"):
    """The {kind}imum of both, element by element.

    Returns:
        A Tensor of the shape to which both broadcast, in their common dtype.
    """
    return _KINDS[kind].of_two(*pair(x, y))


@op(*family("kind", _KINDS, "numpy.nan{kind}(a, axis=None, dtype=None, keepdims=False)"), name="{kind}")
def of_numbers(x, *, axis=None, dtype=None, keepdims=False, kind="max"):
    """The {kind}imum over `axis`, over all axes by default. NaN is left out."""
    x, axes = operand(x, axis, keepdims)
    x = as_dtype(x, dtype)
    if not is_inexact(x):
        return _KINDS[kind].over(x, axes, keepdims=keepdims)
    numbers = jnp.where(jnp.isnan(x), _KINDS[kind].beyond(x.dtype), x)
    none = jnp.all(jnp.isnan(x), axes, keepdims=keepdims)
    return jnp.where(none, np.nan, _KINDS[kind].over(numbers, axes, keepdims=keepdims))


@op("ops.aminmax(input, *, axis=0, keepdims=False)", "Tensor.aminmax(*, axis=0, keepdims=False)")
def aminmax(x, *, axis=0, keepdims=False) -> tuple[jax.Array, jax.Array]:
    """The minimum and the maximum along `axis`, over all axes for None. NaN is left out."""
    of = partial(of_numbers, x, axis=axis, keepdims=keepdims)
    return of(kind="min"), of(kind="max")


@op("Tensor.ptp(axis=None, keepdims=False)", "numpy.ptp(x, axis=None, keepdims=False)")
def ptp(x, *, axis=None, keepdims=False):
    """The maximum less the minimum over `axis`."""
    x, axes = operand(x, axis, keepdims)
    return jnp.max(x, axes, keepdims=keepdims) - jnp.min(x, axes, keepdims=keepdims)


# -- places of the largest and smallest --------------------------------------------------------------------------------


@op(
    "ops.argmax(input, dim=None, keepdim=False; kind='max', places=mstype.int64)",
    "ops.argmin(input, axis=None, keepdims=False; kind='min', places=mstype.int32)",
    "Tensor.argmax(axis=None, keepdims=False; kind='max', places=mstype.int64)",
    "Tensor.argmin(axis=None, keepdims=False; kind='min', places=mstype.int32)",
    "Tensor.argmax(dim=None, keepdim=False; kind='max', places=mstype.int64)",
    "Tensor.argmin(dim=None, keepdim=False; kind='min', places=mstype.int32)",
    "numpy.argmax(a, axis=None; kind='max', places=mstype.int64)",
    "numpy.argmin(a, axis=None; kind='min', places=mstype.int32)",
    *family("kind", _KINDS, "mint.arg{kind}(input, dim=None, keepdim=False)"),
    "ops.Argmax(axis=-1, output_type: places = mstype.int32)(input_x; kind='max')",
    "ops.Argmin(axis=-1, output_type: places = mstype.int32)(x; kind='min')",
    name="arg{kind}",
)
def place(x, *, axis=None, keepdims=False, kind="max", places=mstype.int64):
    """Where the {kind}imum along `axis` is (of all for None), of equals the first."""
    x, _ = operand(x, None, keepdims)
    axis = None if axis is None else axis_in(axis, x.ndim)
    if not x.ndim:
        return jnp.zeros((), np.int64)
    return _KINDS[kind].place(x, axis, keepdims=bool(keepdims and axis is not None)).astype(places.numpy)


@op(*family("kind", _KINDS, "ops.Arg{Kind}WithValue(axis=0, keep_dims=False)(input)"), name="arg{kind}")
def place_and_value(x, *, axis=0, keepdims=False, kind="max") -> tuple[jax.Array, jax.Array]:
    """Where the {kind}imum along `axis` is, of equals the first, and its value.

    Returns:
        A tuple of two Tensors: the places, and the values.
    """
    value, place = _KINDS[kind].first(x, axis, keepdims)
    return place, value


@op(*family("kind", _KINDS, "Tensor.arg{kind}_with_value(axis=0, keep_dims=False)"), name="arg{kind}")
def value_and_place(x, *, axis=0, keepdims=False, kind="max") -> tuple[jax.Array, jax.Array]:
    """The {kind}imum along `axis`, and where it is, of equals the first; of all elements, 0 stands for the place.

    Returns:
        A tuple of two Tensors: the values, and their places.
    """
    if axis is None:
        return getattr(array(x), kind)(), jnp.zeros((), np.int64)
    return _KINDS[kind].first(x, axis, keepdims)


# -- running largest and smallest --------------------------------------------------------------------------------------


@op(
    "ops.cummax(input, axis; kind='max', places=mstype.int64)",
    "ops.cummin(input, axis; kind='min', places=mstype.int32)",
    "ops.Cummax(axis)(input; kind='max', places=mstype.int64)",
    "ops.Cummin(axis)(input; kind='min', places=mstype.int32)",
    "Tensor.cummax(axis; kind='max', places=mstype.int64)",
    "Tensor.cummin(axis; kind='min', places=mstype.int32)",
    *family("kind", _KINDS, "mint.cum{kind}(input, dim)"),
    name="cum{kind}",
)
def running(x, *, axis, kind="max", places=mstype.int64) -> tuple[jax.Array, jax.Array]:
    """The {kind}imum of all elements up to each along `axis`, and its place, of equals the last."""
    x = array(x)
    axis = axis_in(axis, x.ndim)

    def later(a, b):
        better = b[0] >= a[0] if kind == "max" else b[0] <= a[0]
        takes = (b[0] != b[0]) | ((a[0] == a[0]) & better)  # NaN is the extreme
        return jnp.where(takes, b[0], a[0]), jnp.where(takes, b[1], a[1])

    own = jax.lax.broadcasted_iota(np.dtype(places.numpy), x.shape, axis)
    _, best = jax.lax.associative_scan(later, (jax.lax.stop_gradient(x), own), axis=axis)
    return jnp.take_along_axis(x, best, axis), best
