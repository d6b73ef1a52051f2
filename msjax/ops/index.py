"""Indexing: `x[...]` and `x[...] = v` with numpy's meaning, and MindSpore's errors where JAX clamps or drops.

Integers and slice bounds are arguments of the compiled function, not part of it: a loop over rows compiles once.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.core.tensor import Tensor, raw, rebind, to_array, wrap
from msjax.core.view import View
from msjax.ops.promotion import cast

ALLOWED = "integers, slices(`:`), ellipsis(`...`), None, bool, tensor, int, list and tuple"


class Basic(NamedTuple):
    """A basic index: for each axis (span, step, squeezed); `new` are the places of new axes in the result."""

    axes: tuple[tuple[int, int, bool], ...]
    new: tuple[int, ...]


# -- reading and writing, compiled once per kind of index ------------------------------------------------------------


@partial(jax.jit, static_argnames="index")
def _read_basic(array, starts, *, index: Basic):
    spans = [abs(step) * (count - 1) + 1 if count else 0 for count, step, _ in index.axes]
    out = jax.lax.dynamic_slice(array, starts, spans) if array.ndim else array
    out = out[tuple(slice(None, None, step) for _, step, _ in index.axes)]
    out = out.reshape([count for count, _, squeezed in index.axes if not squeezed])
    return jnp.expand_dims(out, index.new)


@partial(jax.jit, static_argnames="index")
def _write_basic(array, starts, value, *, index: Basic):
    value = _as_elements(value, array)
    target = jax.eval_shape(partial(_read_basic, index=index), array, starts).shape
    value = _broadcast(value, target)
    kept = [count for count, _, _ in index.axes]
    value = jnp.squeeze(value, index.new).reshape(kept)
    if all(step == 1 for _, step, _ in index.axes):
        return jax.lax.dynamic_update_slice(array, value, starts) if array.ndim else value
    places = [
        start + step * jnp.arange(count) + (-step * (count - 1) if step < 0 else 0)
        for start, (count, step, _) in zip(starts, index.axes, strict=True)
    ]
    return array.at[jnp.ix_(*places)].set(value)


@partial(jax.jit, static_argnames="template")
def _read_advanced(array, indices, *, template):
    return array[_fill(template, indices)]


@partial(jax.jit, static_argnames="template")
def _write_advanced(array, indices, value, *, template):
    index = _fill(template, indices)
    value = _as_elements(value, array)
    target = jax.eval_shape(lambda a: a[index], array).shape
    return array.at[index].set(_broadcast(value, target))


@jax.jit
def _write_masked(array, mask, value):
    mask = mask.reshape(mask.shape + (1,) * (array.ndim - mask.ndim))
    return jnp.where(mask, _as_elements(value, array), array)


def _as_elements(value, array):
    return cast(jnp.asarray(value), array.dtype)


def _broadcast(value, target):
    if not target and value.size == 1:
        return value.reshape(())
    try:
        return jnp.broadcast_to(value, target)
    except ValueError:
        raise ValueError(
            f"shape mismatch: a value of shape {value.shape} can not be broadcast to the indexed shape {target}."
        ) from None


# -- understanding an index ------------------------------------------------------------------------------------------


class _Listed(np.ndarray):
    """An index array that was given as a list: MindSpore's exceptions depend on it."""


class _Slice(NamedTuple):  # slices are hashable only from Python 3.12 on
    start: int
    stop: int | None
    step: int


class _Array(NamedTuple):
    place: int


def _fill(template, indices):
    def item(t):
        if isinstance(t, _Slice):
            return slice(t.start, t.stop, t.step)
        return indices[t.place] if isinstance(t, _Array) else t

    return tuple(item(t) for t in template)


def _items(index, ndim: int) -> list:
    """The index as one item per axis consumed, Ellipsis filled in."""
    # A list that holds lists means a tuple, as it once did in numpy.
    nested = isinstance(index, list) and any(isinstance(i, (list, tuple, slice)) for i in index)
    items = list(index) if isinstance(index, tuple) or nested else [index]
    items = [_item(i) for i in items]
    consumed = sum(_consumes(i) for i in items)
    if consumed > ndim:
        raise IndexError(f"too many indices for tensor with dimension size {ndim}: {consumed} were given.")
    dots = [n for n, i in enumerate(items) if i is Ellipsis]
    if len(dots) > 1:
        raise IndexError("an index can only have a single ellipsis('...')")
    at = dots[0] if dots else len(items)
    return items[:at] + [slice(None)] * (ndim - consumed) + items[at + 1 :]


def _item(item):
    """One item in its plain form: bool, int, slice, None, Ellipsis, or a numpy or jax index array."""
    if item is False:
        raise IndexError("When tensor is indexed by a bool object, the value only support 'True'.")
    if item is None or item is Ellipsis or isinstance(item, (bool, slice)):
        return item
    if isinstance(item, (int, np.integer)):
        return int(item)
    if isinstance(item, Tensor):
        array = raw(item)
        if array.dtype == np.bool_:
            return trace.concrete(array)
        if array.dtype.kind != "i":
            raise IndexError(f"The tensor index must be int or bool type, but got {item.dtype}.")
        return array
    if isinstance(item, (list, tuple)):
        if not item:
            raise IndexError("When tensor is indexed by list, the list can't be empty.")
        return np.asarray(_item(Tensor(list(item)))).view(_Listed)
    if isinstance(item, (np.ndarray, float, complex)):
        raise IndexError(f"Only support {ALLOWED} as index, but got {type(item).__name__}.")
    raise IndexError(f"Unsupported Python object type received: {type(item)}. Supported as an index are {ALLOWED}.")


def _consumes(item) -> int:
    if item is None or item is Ellipsis or isinstance(item, bool):
        return 0
    return item.ndim if isinstance(item, np.ndarray) and item.dtype == np.bool_ else 1


def _is_basic(items) -> bool:
    return all(i is None or (isinstance(i, (int, slice)) and not isinstance(i, bool)) for i in items)


def _basic(items, shape) -> tuple[tuple[int, ...], Basic]:
    """Where the axes start, and the rest of a basic index."""
    starts, axes, new, places = [], [], [], 0
    sizes = iter(enumerate(shape))
    for item in items:
        if item is None:
            new.append(places)
            places += 1
            continue
        _, size = next(sizes)
        if isinstance(item, int):
            starts.append(_in_range(item, size))
            axes.append((1, 1, True))
            continue
        start, stop, step = item.indices(size)
        count = len(range(start, stop, step))
        starts.append(min(start, start + step * (count - 1)) if count else 0)
        axes.append((count, step, False))
        places += 1
    return tuple(starts), Basic(tuple(axes), tuple(new))


def _in_range(i: int, size: int) -> int:
    if not -size <= i < size:
        raise IndexError(f"index {i} is out of bounds for dimension with size {size}")
    return i % size


def _advanced(items, shape, writing: bool = False):
    """(template, index arrays) of an index with arrays in it; values are checked where they are known."""
    template, arrays, axis = [], [], 0
    for item in items:
        if item is None or isinstance(item, bool):
            template.append(item)
            continue
        if isinstance(item, slice):
            start, stop, step = item.indices(shape[axis])
            template.append(_Slice(start, None if stop < 0 else stop, step))
        elif isinstance(item, int):
            template.append(_Array(len(arrays)))
            arrays.append(np.asarray(_in_range(item, shape[axis])))
        elif isinstance(item, np.ndarray) and item.dtype == np.bool_:
            _check_mask(item, shape, axis, writing)
            for places in item.nonzero():
                template.append(_Array(len(arrays)))
                arrays.append(places)
            axis += item.ndim - 1
        else:
            _check_values(item, shape[axis], writing)
            template.append(_Array(len(arrays)))
            arrays.append(item)
        axis += 1
    return tuple(template), arrays


def _check_mask(mask, shape, axis, writing: bool) -> None:
    if mask.shape != shape[axis : axis + mask.ndim]:
        error = IndexError if writing or isinstance(mask, _Listed) else ValueError
        raise error(f"The shape of the mask {mask.shape} does not match the shape of the indexed tensor {shape}.")


def _check_values(index, size: int, writing: bool) -> None:
    if isinstance(index, trace.Tracer) or index.size == 0:
        return
    low, high = int(index.min()), int(index.max())
    if low < -size or high >= size:
        bad = low if low < -size else high
        error = IndexError if isinstance(index, _Listed) else ValueError if writing else RuntimeError
        raise error(
            f"index {bad} out of bounds for dimension with size {size}: it should be in the range [{-size}, {size})."
        )


# -- the two methods of Tensor ---------------------------------------------------------------------------------------


def getitem(self: Tensor, index):
    """`self[index]`; a basic index gives a view, one with lists or Tensors a copy."""
    array = raw(self)
    if array.ndim == 0 and isinstance(index, int) and not isinstance(index, bool):
        raise TypeError("Cannot iterate over a scalar tensor.")
    if array.ndim == 0 and isinstance(index, (Tensor, list, slice)):
        raise ValueError("The input data's dim must be at least 1 to be indexed by a Tensor, list or slice, but got 0.")
    items = _items(index, array.ndim)
    if not _is_basic(items):
        template, arrays = _advanced(items, array.shape)
        return wrap(_read_advanced(array, arrays, template=template))
    starts, basic = _basic(items, array.shape)
    result = wrap(_read_basic(array, starts, index=basic))
    read = partial(_read_basic, starts=starts, index=basic)
    result._view = View(self, read, lambda base, value: _write_basic(base, starts, value, index=basic))
    return result


def setitem(self: Tensor, index, value) -> None:
    """`self[index] = value`, in place; the value is cast to this Tensor's dtype and broadcast."""
    array, value = raw(self), _value(value)
    if index is False:
        return
    if array.ndim == 0 and not isinstance(index, tuple) and not any(index is whole for whole in (Ellipsis, None, True)):
        raise TypeError("Cannot iterate over a scalar tensor.")
    if isinstance(value, complex) and array.dtype.kind != "c":
        raise IndexError(f"A complex value can not be written into a Tensor of {self.dtype}.")
    items = _items(index, array.ndim)
    if _is_basic(items):
        starts, basic = _basic(items, array.shape)
        rebind(self, _write_basic(array, starts, value, index=basic))
    elif len(items) and _is_mask(items) and np.ndim(value) == 0:
        _check_mask(items[0], array.shape, 0, writing=True)
        rebind(self, _write_masked(array, items[0], value))
    else:
        template, arrays = _advanced(items, array.shape, writing=True)
        rebind(self, _write_advanced(array, arrays, value, template=template))


def _is_mask(items) -> bool:
    rest = items[1:]
    return isinstance(items[0], np.ndarray) and items[0].dtype == np.bool_ and all(i == slice(None) for i in rest)


def _value(value):
    if isinstance(value, Tensor):
        return raw(value)
    if isinstance(value, (bool, int, float, complex)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        return to_array(value)
    error = TypeError if value is None or isinstance(value, np.ndarray) else IndexError
    raise error(f"only support numbers, Tensor, tuple, list as value, but got {type(value).__name__}.")


Tensor.__getitem__ = getitem
Tensor.__setitem__ = setitem
