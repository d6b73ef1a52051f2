"""The same elements in another shape: reshape, flatten, squeeze, transpose, broadcast, diagonal."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.export import is_symbolic_dim

from msjax.core import dtype as mstype
from msjax.core.tensor import Tensor
from msjax.ops.call.promotion import array, axes_in, axis_in, check_broadcast
from msjax.ops.table import family, op


def ints(value, name: str = "shape") -> tuple[int, ...]:
    """An int, several, or a Tensor of them, as a tuple of ints.

    Raises:
        TypeError: if one is not an int.
    """
    if isinstance(value, (Tensor, np.ndarray, jax.Array)):
        value = np.asarray(value).tolist()
    values = value if isinstance(value, (tuple, list)) else (value,)
    return tuple(_int(v, name) for v in values)


def _int(value: Any, name: str) -> Any:
    if isinstance(value, (Tensor, np.ndarray)) and value.size == 1:
        value = value.item()
    if not isinstance(value, (Tensor, np.ndarray)) and is_symbolic_dim(value):  # an axis of any length, in `ms.export`
        return value
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name!r} must be an int or a tuple of ints, but got {type(value).__name__}: {value!r}.")
    return int(value)


def as_base(base, value, **_):
    return value.reshape(base.shape)


@op(
    "ops.reshape(input, shape)",
    "ops.Reshape()(input, shape)",
    "ops.reshape_(input, shape)",
    "Tensor.reshape(*shape)",
    "Tensor.reshape(shape)",
    "Tensor.view(*shape)",
    "Tensor.view(shape)",
    "mint.reshape(input, shape)",
    "numpy.reshape(x, new_shape: shape)",
    view=True,
    write=as_base,
)
def reshape(x, *, shape):
    """The elements in row-major order, in another shape; one axis may be -1.

    Raises:
        ValueError: if the number of elements differs, or several axes are -1.

    Example:
        >>> ops.reshape(Tensor([1, 2, 3, 4]), (2, -1))
        Tensor(shape=[2, 2], dtype=Int64, value=
        [[1, 2],
         [3, 4]])
    """
    x, shape = array(x), ints(shape)
    if shape.count(-1) > 1:
        raise ValueError(f"Only one dimension can be inferred, but 'shape' {shape} has several -1.")
    known = math.prod(n for n in shape if n != -1)
    if any(n < -1 for n in shape) or (x.size != known if -1 not in shape else known == 0 or x.size % known):
        raise ValueError(f"The shape {shape} is invalid for an input of size {x.size} and shape {x.shape}.")
    return x.reshape(shape)


@op("Tensor.view(dtype)", view=True, write=lambda base, value, dtype: value.view(base.dtype))
def view_as_dtype(x, *, dtype):
    """The same bytes as elements of another dtype."""
    return x.view(mstype.element_type(dtype))


def _unflatten(base, value, order, **_):
    return value.reshape(base.shape) if order == "C" else value.reshape(base.shape[::-1]).T


@op(
    "ops.flatten(input, order='C', *, start_dim=1, end_dim=-1)",
    "ops.Flatten()(input_x; rows=True)",
    "Tensor.flatten(start_dim=0, end_dim=-1)",
    "mint.flatten(input, start_dim=0, end_dim=-1)",
    view=True,
    write=_unflatten,
)
def flatten(x, *, order="C", start_dim=1, end_dim=-1, rows=False):
    """Axes `start_dim` to `end_dim` made one, in row-major ("C") or column-major ("F") order.

    Args:
        rows: whether a vector becomes a matrix of one column.

    Raises:
        ValueError: if an axis is out of range, or the end comes before the start.
    """
    if order not in ("C", "F"):
        kind = TypeError if not isinstance(order, str) else ValueError
        raise kind(f"'order' must be 'C' or 'F', but got {order!r}.")
    x = array(x).T if order == "F" else array(x)
    if x.ndim < 2:
        return x.reshape(-1, 1) if rows and x.ndim else x.reshape(-1)
    start, end = axis_in(start_dim, x.ndim, "start_dim"), axis_in(end_dim, x.ndim, "end_dim")
    if start > end:
        raise ValueError(f"'start_dim' {start_dim} can not come after 'end_dim' {end_dim}.")
    return jax.lax.collapse(x, start, end + 1)


@op(
    "Tensor.flatten(order='C', *, start_dim=0, end_dim=-1)",
    "ops.ravel(input)",
    "Tensor.ravel()",
    "mint.ravel(input)",
    "numpy.ravel(x)",
    view=True,
    write=_unflatten,
)
def ravel(x, *, order="C", start_dim=0, end_dim=-1):
    """All elements in one axis."""
    return flatten(x, order=order, start_dim=start_dim, end_dim=end_dim)


@op(
    "ops.squeeze(input, axis=None)",
    "ops.Squeeze(axis=())(input)",
    "Tensor.squeeze(axis=None)",
    "mint.squeeze(input, dim=None)",
    "numpy.squeeze(a, axis=None)",
    view=True,
    write=as_base,
)
def squeeze(x, *, axis=None):
    """Without the axes of size 1, or those of `axis`; an axis of another size stays.

    Raises:
        ValueError: if an axis is out of range.
    """
    x = array(x)
    return jnp.squeeze(x, tuple(a for a in axes_in(axis, x.ndim) if x.shape[a] == 1))


@op(
    "ops.expand_dims(input_x, axis)",
    "ops.unsqueeze(input, dim)",
    "ops.ExpandDims()(input_x, axis)",
    "Tensor.expand_dims(axis)",
    "Tensor.unsqueeze(dim)",
    "Tensor.unsqueeze(axis)",
    "mint.unsqueeze(input, dim)",
    view=True,
    write=as_base,
)
def expand_dims(x, *, axis):
    """With a new axis of size 1 at `axis`.

    Raises:
        TypeError: if `axis` is not an int.
        ValueError: if it is out of range.
    """
    x = array(x)
    return jnp.expand_dims(x, axis_in(axis, x.ndim + 1))


@op("numpy.expand_dims(a, axis)", view=True, write=as_base)
def expand_several(x, *, axis):
    """With new axes of size 1 at `axis`, an int or several."""
    return jnp.expand_dims(x, ints(axis, "axis"))


@op(
    "ops.swapaxes(input, axis0, axis1)",
    "ops.swapdims(input, dim0: axis0, dim1: axis1)",
    "Tensor.swapaxes(axis0, axis1)",
    "Tensor.swapdims(dim0: axis0, dim1: axis1)",
    "Tensor.transpose(dim0: axis0, dim1: axis1)",
    "mint.swapaxes(input, axis0, axis1)",
    "mint.transpose(input, dim0: axis0, dim1: axis1)",
    "ops.TransposeExtView()(input, dim0: axis0, dim1: axis1)",
    "numpy.swapaxes(x, axis1: axis0, axis2: axis1)",
    view=True,
    write=lambda base, value, axis0, axis1: jnp.swapaxes(value, axis0, axis1),
)
def swapaxes(x, *, axis0, axis1):
    """With two axes exchanged.

    Raises:
        ValueError: if an axis is out of range.
    """
    x = array(x)
    return jnp.swapaxes(x, axis_in(axis0, x.ndim), axis_in(axis1, x.ndim))


def _transpose_back(base, value, axis):
    return value.transpose(None if not axis else np.argsort([a % base.ndim for a in axis]))


@op(
    "ops.transpose(input, dims)",
    "ops.permute(input, axis)",
    "ops.Transpose()(input, dims)",
    "ops.TransposeView()(input, input_perm)",
    "Tensor.permute(*axis)",
    "Tensor.permute(dims: axis)",
    "Tensor.transpose(*axes)",
    "mint.permute(input, dims)",
    "numpy.transpose(a, axes=None)",
    view=True,
    write=_transpose_back,
)
def transpose(x, *, axis=None):
    """With the axes in another order, reversed by default.

    Raises:
        ValueError: if `axis` is not a permutation of the axes.

    Example:
        >>> ops.transpose(Tensor([[1, 2]]), (1, 0))
        Tensor(shape=[2, 1], dtype=Int64, value=
        [[1],
         [2]])
    """
    x = array(x)
    if axis is None or axis in ((), (None,)):
        return x.T
    axes = ints(axis, "axis")
    if len(axes) != x.ndim:
        raise ValueError(f"The number of axes must equal the rank of the input, {x.ndim}, but got {len(axes)}: {axes}.")
    return x.transpose(axes_in(axes, x.ndim))


@op(
    "ops.t(input)",
    "Tensor.t()",
    view=True,
    write=lambda base, value: value.T if base.ndim == 2 else value,
)
def t(x):
    """The transpose of a matrix; anything else is given back."""
    return x.T if array(x).ndim == 2 else x


def _two_axes_swapped(x, value=None):
    value = x if value is None else value
    return jnp.swapaxes(value, 0, 1) if x.ndim in (2, 3) else value


@op("mint.t(input)", view=True, write=_two_axes_swapped)
def t_mint(x):
    """The first two of two or three axes swapped; anything else is given back."""
    return _two_axes_swapped(array(x))


@op(
    "ops.moveaxis(x, source, destination)",
    "ops.movedim(x, source, destination)",
    "Tensor.moveaxis(source, destination)",
    "Tensor.movedim(source, destination)",
    "numpy.moveaxis(a, source, destination)",
    view=True,
    write=lambda base, value, source, destination: jnp.moveaxis(value, destination, source),
)
def moveaxis(x, *, source, destination):
    """With the axes `source` at the places `destination`.

    Raises:
        ValueError: if they are out of range, repeated, or differ in number.
    """
    x = array(x)
    source, destination = (axes_in(ints(a), x.ndim, n) for a, n in ((source, "source"), (destination, "destination")))
    if len(source) != len(destination):
        raise ValueError(
            f"'source' and 'destination' must name as many axes: got {len(source)} and {len(destination)}."
        )
    return jnp.moveaxis(x, source, destination)


@op("numpy.rollaxis(x, axis, start=0)", view=True)
def rollaxis(x, *, axis, start=0):
    """With `axis` moved before the axis `start`."""
    x = array(x)
    return jnp.rollaxis(x, axis_in(axis, x.ndim), start)


@op(
    "ops.broadcast_to(input, shape)",
    "ops.BroadcastTo(shape)(input)",
    "Tensor.broadcast_to(*shape)",
    "Tensor.expand(*size: shape)",
    "ops.expand(input_x, size: shape)",
    "ops.Expand()(input, size: shape)",
    "mint.broadcast_to(input, shape)",
    "numpy.broadcast_to(array, shape)",
)
def broadcast_to(x, *, shape):
    """Repeated along new axes and axes of size 1; -1 keeps an axis.

    Raises:
        ValueError: if the shapes do not fit.
    """
    x, shape = array(x), ints(shape)
    new = len(shape) - x.ndim
    if new < 0 or -1 in shape[:new]:
        raise ValueError(f"Shape {x.shape} can not be broadcast to {shape}: -1 can only stand for an axis it has.")
    target = shape[:new] + tuple(n if s == -1 else s for s, n in zip(shape[new:], x.shape, strict=True))
    if any(n not in (1, s) for s, n in zip(target[new:], x.shape, strict=True)):
        raise ValueError(f"An input of shape {x.shape} can not be broadcast to {shape}: an axis must be equal or 1.")
    return jnp.broadcast_to(x, target)


@op("Tensor.expand_as(other)", "Tensor.expand_as(x: other)", "ops.expand_as(input, other)")
def expand_as(x, other):
    """Broadcast to the shape of `other`."""
    return broadcast_to(x, shape=array(other, "other").shape)


@op("Tensor.resize(*new_shape: shape)")
def resize(x, *, shape):
    """The elements in another shape, cut off or filled up with zeros at the end."""
    shape = ints(shape)
    size = math.prod(shape)
    return jnp.pad(x.ravel()[:size], (0, max(0, size - x.size))).reshape(shape)


_AT_LEAST = {1: jnp.atleast_1d, 2: jnp.atleast_2d, 3: jnp.atleast_3d}


@op(*family("rank", _AT_LEAST, "ops.atleast_{rank}d(inputs)"), name="atleast_{rank}d", view=True)
def at_least(inputs, *, rank=1):
    """The input, or each of several, with at least {rank} axes."""
    return _AT_LEAST[rank](*inputs) if isinstance(inputs, list) else _AT_LEAST[rank](inputs)


@op(*family("rank", _AT_LEAST, "numpy.atleast_{rank}d(*arys)"), name="atleast_{rank}d")
def each_at_least(*inputs, rank=1):
    """The input, or each of several, with at least {rank} axes."""
    return _AT_LEAST[rank](*inputs)


@op("numpy.broadcast_arrays(*args)", jit=False)
def broadcast_arrays(*args) -> list[jax.Array]:
    """The Tensors, broadcast to their common shape, as a list."""
    shape = check_broadcast(*[np.shape(a) for a in args])
    return [jnp.broadcast_to(a, shape) for a in args]
