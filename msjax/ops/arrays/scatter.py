"""Writing elements by index: scatter and its kin. The input stays as it is, but for the names that end in "_"."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.ops.arrays.creation import shape_of
from msjax.ops.arrays.gather import array, compiled, indices_of, mask_of, nd_index
from msjax.ops.arrays.reshape import ints
from msjax.ops.call.checks import check_nd, check_range, one_dtype, require
from msjax.ops.call.promotion import axis_in, cast, check_broadcast
from msjax.ops.maths.products import products
from msjax.ops.table import family, op

# how new elements meet old ones: MindSpore's name -> the method of jax's `x.at[...]`
MEETINGS = {
    "update": "set", "add": "add", "sub": "subtract", "mul": "multiply", "div": "divide", "max": "max", "min": "min",
}  # fmt: skip


def put(x, index, values, meeting="update"):
    """`x` with `values` at `index`, in the dtype of `x`."""
    values = cast(jnp.asarray(values), x.dtype)
    if meeting in ("mul", "div"):
        factors = _factors(x, index, values)
        return x * factors if meeting == "mul" else jax.lax.div(x, factors)
    return getattr(x.at[index], MEETINGS[meeting])(values)


def _factors(x, index, values):
    """What each element of `x` is multiplied with."""
    places = jnp.arange(x.size).reshape(x.shape).at[index].get(mode="fill", fill_value=x.size)
    values = jnp.broadcast_to(values, places.shape)
    return products(values.ravel(), places.ravel(), x.size).reshape(x.shape)


def check_dtype(x, updates, what: str) -> None:
    if x.dtype != updates.dtype:
        raise TypeError(f"For '{what}', the updates must be of the input's dtype, {x.dtype}, but got {updates.dtype}.")


def check_shape(found, wanted, what: str) -> None:
    if tuple(found) != tuple(wanted):
        raise ValueError(f"For '{what}', the updates must be of shape {tuple(wanted)}, but got {tuple(found)}.")


# -- at places given by the last axis of the indices -----------------------------------------------------------------


@compiled
def _put_nd(x, indices, updates, *, meeting):
    return put(x, nd_index(indices), updates, meeting)


def scatter_at(x, indices, updates, meeting: str, what: str):
    x, indices, updates = array(x), indices_of(indices), array(updates, "updates")
    check_dtype(x, updates, what)
    check_nd(indices, x.shape, what)
    check_shape(updates.shape, indices.shape[:-1] + x.shape[indices.shape[-1] :], what)
    return _put_nd(x, indices, updates, meeting=meeting)


@op(
    "ops.TensorScatterUpdate()(input_x, indices, updates; meeting='update')",
    "ops.tensor_scatter_update(input_x, indices, updates; meeting='update')",
    *family(
        "meeting",
        [meeting for meeting in MEETINGS if meeting != "update"],
        "ops.TensorScatter{Meeting}()(input_x, indices, updates)",
        "ops.tensor_scatter_{meeting}(input_x, indices, updates)",
        "Tensor.scatter_{meeting}(indices, updates)",
    ),
    name="tensor_scatter_{meeting}",
    jit=False,
)
def tensor_scatter(x, indices, updates, *, meeting="update"):
    """The input, its elements at places {meeting}; the last axis of `indices` counts along its first axes.

    Raises:
        TypeError: if the dtypes differ.
        ValueError: if the shapes do not fit.
        RuntimeError: if an index is out of range; negative ones are.
    """
    return scatter_at(x, indices, updates, meeting, f"TensorScatter{meeting.title()}")


@op("ops.scatter_nd(indices, updates, shape)", "ops.ScatterNd()(indices, updates, shape)", jit=False)
def scatter_nd(indices, updates, *, shape):
    """Zeros of the given shape, plus the updates at places; several at one place add up.

    Raises:
        RuntimeError: if an index is out of range.
    """
    updates = array(updates, "updates")
    return scatter_at(jnp.zeros(shape_of(shape), updates.dtype), indices, updates, "add", "ScatterNd")


# -- one place along an axis for each element ------------------------------------------------------------------------


@compiled
def _put_along(x, index, source, *, axis, meeting):
    places = list(jnp.indices(index.shape, sparse=True))
    places[axis] = index
    if jnp.ndim(source):
        source = source[tuple(map(slice, index.shape))]
    return put(x, tuple(places), source, meeting)


def _along(x, index, source, axis, meeting: str):
    x, index = array(x), indices_of(index, "index")
    (axis,) = ints(axis, "axis")
    if index.ndim != x.ndim:
        raise ValueError(f"'index' must have the rank of the input, {x.ndim}, but its shape is {index.shape}.")
    if isinstance(source, jax.Array) and source.ndim:
        check_dtype(x, source, "scatter")
    return _put_along(x, index, source, axis=axis_in(axis, x.ndim), meeting=meeting)


@op(
    "ops.scatter(input, axis, index, src)",
    "Tensor.scatter(axis, index, src)",
    "Tensor.scatter(dim, index, src)",
    "Tensor.scatter_(dim, index, src)",
    "Tensor.scatter_(dim, index, value: src)",
    "mint.scatter(input, dim, index, src)",
    jit=False,
)
def scatter(x, index, src, *, axis):
    """The input with `out[i, index[i, j]] = src[i, j]`, for axis 1; `src` may be a number.

    Raises:
        TypeError: if the dtypes differ.
        ValueError: if the ranks do.
    """
    return _along(x, index, src, axis, "update")


@op("Tensor.scatter_(dim, index, src, *, reduce)", "Tensor.scatter_(dim, index, value: src, *, reduce)", jit=False)
def scatter_reduce(x, index, src, *, axis, reduce):
    """The input with `src[i, j]` added to ("add") or multiplied with ("multiply") `[i, index[i, j]]`, for axis 1.

    Raises:
        ValueError: for another `reduce`.
    """
    meetings = {"add": "add", "multiply": "mul"}
    if reduce not in meetings:
        raise ValueError(f"'reduce' must be 'add' or 'multiply', but got {reduce!r}.")
    return _along(x, index, src, axis, meetings[reduce])


@op(
    "Tensor.scatter_add(dim, index, src)",
    "Tensor.scatter_add_(dim, index, src)",
    "mint.scatter_add(input, dim, index, src)",
    jit=False,
)
def scatter_add(x, index, src, *, axis):
    """The input with `src[i, j]` added to the element `[i, index[i, j]]`, for axis 1."""
    return _along(x, index, src, axis, "add")


@op(
    "ops.tensor_scatter_elements(input_x, indices, updates, axis=0, reduction='none')",
    "ops.TensorScatterElements(axis=0, reduction='none')(data, indices, updates)",
    jit=False,
)
def tensor_scatter_elements(x, indices, updates, *, axis=0, reduction="none"):
    """The input with `out[i, indices[i, j]] = updates[i, j]` for axis 1, or with the updates added for "add".

    Raises:
        ValueError: for another reduction.
    """
    if reduction not in ("none", "add"):
        raise ValueError(f"'reduction' must be 'none' or 'add', but got {reduction!r}.")
    return _along(x, indices, updates, axis, "update" if reduction == "none" else "add")


# -- whole slices along an axis --------------------------------------------------------------------------------------


@compiled
def _put_slices(x, index, values, *, axis, meeting):
    return put(x, (slice(None),) * axis + (index,), values, meeting)


def put_slices(x, index, values, axis, meeting: str, what: str):
    """`x` with slices of an axis met by `values`."""
    x, index = array(x), indices_of(index, "index")
    axis = axis_in(ints(axis, "axis")[0], x.ndim)
    check_range(index, x.shape[axis], what)
    return _put_slices(x, index, values, axis=axis, meeting=meeting)


@op(
    "Tensor.index_add(dim, index, source, *, alpha=1)",
    "Tensor.index_add(indices: index, y: source, axis, use_lock: _ = True, check_index_bound: _ = True)",
    "Tensor.index_add_(dim, index, source, *, alpha=1)",
    "mint.index_add(input, dim, index, source, *, alpha=1)",
    jit=False,
)
def index_add(x, index, source, alpha=1, *, axis):
    """The input with `alpha` times the slices of `source` added to its slices at `index`.

    Raises:
        RuntimeError: if an index is out of range.
    """
    source = array(source, "source")
    scaled = source if type(alpha) is int and alpha == 1 else source * alpha
    return put_slices(x, index, scaled, axis, "add", "IndexAdd")


@op(
    "ops.index_fill(x, axis, index, value)",
    "ops.IndexFill()(x, dim, index, value)",
    "Tensor.index_fill(axis, index, value)",
    "Tensor.index_fill_(dim, index, value)",
    jit=False,
)
def index_fill(x, index, value, *, axis):
    """The input with one value in its slices at `index`."""
    return put_slices(x, index, value, axis, "update", "IndexFill")


@op("Tensor.index_copy_(dim, index, tensor)", jit=False)
def index_copy(x, index, tensor, *, axis):
    """The input with the slices of `tensor` in the place of its own at `index`.

    Raises:
        RuntimeError: if an index is out of range.
    """
    return put_slices(x, index, array(tensor, "tensor"), axis, "update", "index_copy_")


@op(
    *family(
        "meeting",
        ("add", "sub", "update"),
        "ops.inplace_{meeting}(x, v, indices)",
        "ops.Inplace{Meeting}(indices)(x, input_v: v)",
    ),
    "Tensor.inplace_update(v, indices; meeting='update')",
    "ops.InplaceUpdateV2()(x, indices, v; meeting='update')",
    name="inplace_{meeting}",
    jit=False,
)
def inplace(x, v, *, indices, meeting="update"):
    """The input, its rows at the numbers `indices` {meeting|add: increased|sub: decreased|update: replaced} by `v`."""
    what, v = f"Inplace{meeting.title()}", array(v)
    one_dtype(what, x, v)
    if v.shape[1:] != x.shape[1:] or v.ndim != x.ndim:
        raise ValueError(f"For '{what}', 'v' must hold rows of 'x', but their shapes are {v.shape} and {x.shape}.")
    return put_slices(x, np.asarray(ints(indices, "indices")), v, 0, meeting, what)


# -- at indices as of x[...] -----------------------------------------------------------------------------------------


def _index_arrays(indices, shape, what: str) -> tuple:
    """The index arrays of `x[indices]`; a mask stands for the places where it is True."""
    found = []
    for index in indices:
        index = array(index, "indices")
        found += [jnp.asarray(i) for i in trace.concrete(index).nonzero()] if index.dtype == np.bool_ else [index]
    if len(found) > len(shape):
        raise ValueError(f"For '{what}', {len(found)} indices are too many for the shape {shape}.")
    for index, size in zip(found, shape, strict=False):
        check_range(indices_of(index), size, what, error=ValueError)
    return tuple(found)


@compiled
def _put_at(x, index, values, *, meeting):
    return put(x, index, values, meeting)


@op(
    "Tensor.index_put(indices, values, accumulate=False)",
    "Tensor.index_put_(indices, values, accumulate=False)",
    "ops.IndexPut(accumulate=0)(x1, x2: values, indices)",
    jit=False,
)
def index_put(x, indices, values, *, accumulate=False):
    """The input with `x[indices] = values`, or `+=` if they accumulate; a mask among the indices counts as its places.

    Raises:
        ValueError: if an index is out of range.
    """
    x = array(x)
    index = _index_arrays(indices, x.shape, "IndexPut")
    return _put_at(x, index, values, meeting="add" if accumulate else "update")


@op("Tensor.put_(index, source, accumulate=False)", "ops.put_(input, index, source, accumulate=False)", jit=False)
def put_flat(x, index, source, *, accumulate=False):
    """The input with elements replaced, or added to, at indices counted over all elements."""
    index = indices_of(index, "index")
    check_range(index, x.size, "put_")
    return _put_at(x.ravel(), index, source, meeting="add" if accumulate else "update").reshape(x.shape)


# -- by a mask -------------------------------------------------------------------------------------------------------


@op(
    "ops.masked_fill(input_x, mask, value)",
    "ops.MaskedFill()(input_x, mask, value)",
    "Tensor.masked_fill(mask, value)",
    "Tensor.masked_fill_(mask, value)",
)
def masked_fill(x, mask, value):
    """The input with one value where the mask is True, broadcast.

    Raises:
        TypeError: if the mask is not of bools.
        ValueError: if the shapes do not broadcast, or the value has axes.
    """
    x, mask, value = array(x), mask_of(mask), array(value, "value")
    if value.ndim:
        raise ValueError(f"'value' must be a number or a Tensor without axes, but its shape is {value.shape}.")
    check_broadcast(x.shape, mask.shape)
    return jnp.where(mask, cast(value, x.dtype), x)


@compiled
def _put_masked(x, mask, source):
    place = jnp.clip(jnp.cumsum(mask.ravel()) - 1, 0, max(0, source.size - 1)).reshape(mask.shape)
    return jnp.where(mask, source.ravel()[place], x)


@op(
    "Tensor.masked_scatter(mask, source)",
    "Tensor.masked_scatter_(mask, source)",
    "ops.MaskedScatter()(input, mask, source)",
    jit=False,
)
def masked_scatter(x, mask, source):
    """The input with the elements of `source`, in their order, where the mask is True.

    Raises:
        ValueError: if `source` has too few elements.
    """
    x, mask, source = array(x), mask_of(mask), array(source, "source")
    mask = jnp.broadcast_to(mask, check_broadcast(x.shape, mask.shape))
    error = ValueError(f"For 'masked_scatter', the mask takes more elements than 'source' has: {source.size}.")
    require(mask.sum() <= source.size, error)
    return _put_masked(x, mask, cast(source, x.dtype)) if source.size else x


# -- a slice, a diagonal ---------------------------------------------------------------------------------------------


@op("ops.select_scatter(input, src, axis, index)", "Tensor.select_scatter(src, axis, index)")
def select_scatter(x, src, *, axis, index):
    """The input with `src` as its slice at one index of an axis."""
    one_dtype("select_scatter", x, src)
    axis = axis_in(axis, x.ndim)
    return put(x, (slice(None),) * axis + (axis_in(index, x.shape[axis], "index"),), src)


@op("ops.slice_scatter(input, src, axis=0, start=None, end=None, step=1)",
    "Tensor.slice_scatter(src, axis=0, start=None, end=None, step=1)")  # fmt: skip
def slice_scatter(x, src, *, axis=0, start=None, end=None, step=1):
    """The input with `src` as the slice `start:end:step` of an axis."""
    one_dtype("slice_scatter", x, src)
    return put(x, (slice(None),) * axis_in(axis, x.ndim) + (slice(start, end, step),), src)


@op(
    "ops.diagonal_scatter(input, src, offset=0, dim1=0, dim2=1)",
    "Tensor.diagonal_scatter(src, offset=0, dim1=0, dim2=1)",
)
def diagonal_scatter(x, src, *, offset=0, dim1=0, dim2=1):
    """The input with `src` as the diagonals of the matrices in two axes."""
    first, second = axis_in(dim1, x.ndim, "dim1"), axis_in(dim2, x.ndim, "dim2")
    moved = jnp.moveaxis(x, (first, second), (-2, -1))
    count = jnp.diagonal(moved, offset, -2, -1).shape[-1]
    rows, columns = np.arange(count) + max(0, -offset), np.arange(count) + max(0, offset)
    return jnp.moveaxis(put(moved, (..., rows, columns), src), (-2, -1), (first, second))


@op("Tensor.fill_diagonal(fill_value, wrap=False)", "Tensor.fill_diagonal_(fill_value, wrap=False)",
    "ops.FillDiagonal(fill_value, wrap=False)(input_x)")  # fmt: skip
def fill_diagonal(x, fill_value, *, wrap=False):
    """The input with one value on its main diagonal; with `wrap` the diagonal of a tall matrix begins again.

    Raises:
        ValueError: if there are fewer than two axes, or more than two of different sizes.
    """
    if x.ndim < 2 or (x.ndim > 2 and len(set(x.shape)) > 1):
        raise ValueError(f"The diagonal of a Tensor of shape {x.shape} can not be filled: use two axes, or equal ones.")
    step = 1 + sum(int(n) for n in np.cumprod(x.shape[:0:-1]))
    end = None if wrap or x.ndim > 2 else x.shape[1] ** 2
    return put(x.ravel(), slice(None, end, step), fill_value).reshape(x.shape)


@op("Tensor.fill_(value)", "Tensor.fills(value)")
def fill_(x, value):
    """One value everywhere."""
    return jnp.full(x.shape, cast(array(value), x.dtype))


@op("Tensor.zero_()", "ops.zero_(input)")
def zero_(x):
    """Zeros everywhere."""
    return jnp.zeros_like(x)


@op("Tensor.copy_(src, non_blocking: _ = False)")
def copy_(x, src):
    """The elements of `src`, broadcast, in this Tensor's dtype.

    Raises:
        RuntimeError: if `src` does not broadcast to the shape.
    """
    src = cast(array(src), x.dtype)
    if src.ndim > x.ndim or any(n not in (1, own) for n, own in zip(src.shape[::-1], x.shape[::-1], strict=False)):
        raise RuntimeError(f"The elements of a Tensor of shape {src.shape} can not be copied to one of {x.shape}.")
    return jnp.broadcast_to(src, x.shape)
