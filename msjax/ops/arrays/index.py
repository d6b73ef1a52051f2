"""Indexing: `x[...]` and `x[...] = v` with numpy's meaning, and MindSpore's errors where JAX clamps or drops.

Integers and slice bounds are arguments of the compiled function, not part of it: a loop over rows compiles once. What
an index means is remembered, so that the second use of `x[:, 0]` costs little more than the call of that function.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import context, trace
from msjax.core import dtype as mstype
from msjax.core.choosing import can_choose, chosen
from msjax.core.data import to_numpy
from msjax.core.tensor import Tensor, _new, overwrite, raw, rebind, to_array, wrap
from msjax.core.view import Indexed, Origin, current, indexed
from msjax.ops.call.arguments import _frames, jitted_argument, number
from msjax.ops.call.checks import check_between
from msjax.ops.call.promotion import cast
from msjax.ops.call.shadows import carry_over, derived_as, floats, has_shadow
from msjax.ops.table import publish
from msjax.shims.jax import max_size, min_size
from msjax.shims.lengths import has_lengths, is_length

_MOST_PLACES = 1024
_NEW = "new axis"
_NESTED = list, tuple, slice, Tensor
ALLOWED = "integers, slices(`:`), ellipsis(`...`), None, bool, tensor, int, list and tuple"


class Basic(NamedTuple):
    """A basic index: for each axis (count, step, squeezed), or None for all of it; `new` are the places of new axes in
    the result. Where the axes start that are not None is given apart."""

    axes: tuple[tuple[int, int, bool] | None, ...]
    new: tuple[int, ...]


# -- reading and writing, compiled once per kind of index ------------------------------------------------------------


class Place:
    """Where a basic index points to in arrays of one shape: reads and writes there."""

    __slots__ = ("index", "known", "reader", "starts", "writer")

    def __init__(self, starts: tuple[int, ...], index: Basic):
        self.starts, self.index, self.known = starts, index, None
        self.reader, self.writer = _reader(index), _writer(index)

    def _starts(self) -> tuple:
        """The starts as arrays once they are, outside of all transforms; inside they are constants of the program."""
        if trace.top() is not None:
            return self.starts
        if self.known is None:
            starts = tuple(map(jitted_argument, self.starts))
            if any(type(i) is int for i in starts):
                return starts
            self.known = starts
        return self.known

    def read(self, array):
        if trace.staged():  # of a program that is recorded they are part
            return _read_basic(array, *self.starts, index=self.index)
        return self.reader(array, *self._starts())

    def write(self, array, value):
        return self.writer(array, value, *self._starts())


@lru_cache(maxsize=512)
def _reader(index: Basic):
    return jax.jit(partial(_read_basic, index=index))


@lru_cache(maxsize=512)
def _writer(index: Basic):
    return jax.jit(partial(_write_basic, index=index))


def _axes(shape, starts, index: Basic) -> list[tuple]:
    """(start, count, step, squeezed) for each axis."""
    given = iter(starts)
    return [
        (0, size, 1, False) if axis is None else (next(given), *axis)
        for size, axis in zip(shape, index.axes, strict=True)
    ]


def _read_basic(array, *starts, index: Basic):
    axes = _axes(array.shape, starts, index)
    if starts:
        spans = [count if step == 1 else abs(step) * (count - 1) + 1 if count else 0 for _, count, step, _ in axes]
        array = _part(array, [start for start, *_ in axes], spans)
        array = array[tuple(slice(None, None, step) for _, _, step, _ in axes)]
    array = array.reshape([count for _, count, _, squeezed in axes if not squeezed])
    return jnp.expand_dims(array, index.new)


def _part(array, starts: list, spans: list[int]):
    # Where an axis has any length, only a dynamic slice is known to end within it.
    if all(
        isinstance(start, int) and (not start or isinstance(span, int))
        for start, span in zip(starts, spans, strict=True)
    ):
        return jax.lax.slice(array, starts, [start + span for start, span in zip(starts, spans, strict=True)])
    return jax.lax.dynamic_slice(array, starts, spans)


def _write_basic(array, value, *starts, index: Basic):
    value = _as_elements(value, array)
    target = jax.eval_shape(partial(_read_basic, index=index), array, *starts).shape
    value = _broadcast(value, target)
    axes = _axes(array.shape, starts, index)
    value = jnp.squeeze(value, index.new).reshape([count for _, count, _, _ in axes])
    if not starts:
        return value
    if all(step == 1 for _, _, step, _ in axes):
        return jax.lax.dynamic_update_slice(array, value, [start for start, *_ in axes])
    places = [
        start + step * jnp.arange(count) + (-step * (count - 1) if step < 0 else 0) for start, count, step, _ in axes
    ]
    return array.at[jnp.ix_(*places)].set(value)


@partial(jax.jit, static_argnames=("template", "new"))
def _read_advanced(array, indices, *, template, new):
    return jnp.expand_dims(array, new)[_fill(template, indices)]


@partial(jax.jit, static_argnames=("template", "new"))
def _write_advanced(array, indices, value, *, template, new):
    index, wide = _fill(template, indices), jnp.expand_dims(array, new)
    value = _as_elements(value, array)
    target = jax.eval_shape(lambda a: a[index], wide).shape
    return wide.at[index].set(_broadcast(value, target)).reshape(array.shape)


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
        if isinstance(t, _Array):
            index = indices[t.place]  # JAX adds the length of the axis to what is negative, in the index's dtype
            return index.astype(np.int32) if index.dtype.itemsize < 4 and index.dtype != np.bool_ else index
        return t

    return tuple(item(t) for t in template)


def _items(index, ndim: int) -> list:
    """The index as one item per axis consumed, Ellipsis filled in."""
    # A list of anything but numbers means a tuple, as it once did in numpy.
    nested = isinstance(index, list) and any(i is None or i is Ellipsis or isinstance(i, _NESTED) for i in index)
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
    if item is None or item is Ellipsis or isinstance(item, (bool, slice)) or is_length(item):
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
            return np.zeros(0, np.int64).view(_Listed)
        places = to_numpy(list(item))  # no jax.Array: within `jax.jit` that would have no values
        if places.dtype.kind not in "bi":
            raise IndexError(f"The tensor index must be int or bool type, but got {mstype.of(places)}.")
        return places.view(_Listed)
    if isinstance(item, (np.ndarray, float, complex)):
        raise IndexError(f"Only support {ALLOWED} as index, but got {type(item).__name__}.")
    raise IndexError(f"Unsupported Python object type received: {type(item)}. Supported as an index are {ALLOWED}.")


def _consumes(item) -> int:
    if item is None or item is Ellipsis or isinstance(item, bool):
        return 0
    return item.ndim if isinstance(item, np.ndarray) and item.dtype == np.bool_ else 1


def _is_basic(items) -> bool:
    return all(i is None or is_length(i) or (isinstance(i, (int, slice)) and not isinstance(i, bool)) for i in items)


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
        if not isinstance(item, slice):
            starts.append(_in_range(item, size))
            axes.append((1, 1, True))
            continue
        start, count, step = _extent(item, size)
        if (start, count, step) == (0, size, 1):
            axes.append(None)
        else:
            starts.append(start + step * (count - 1) if step < 0 and count else start if count else 0)
            axes.append((count, step, False))
        places += 1
    return tuple(starts), Basic(tuple(axes), tuple(new))


def _extent(item: slice, size) -> tuple:
    """(start, count, step) of a slice of an axis."""
    if isinstance(size, int) and not has_lengths(item):
        start, stop, step = item.indices(size)
        return start, len(range(start, stop, step)), step
    if item.step not in (None, 1):
        raise IndexError(f"An axis of any length can only be sliced with step 1, but got step {item.step}.")
    ends = item.start or 0, size if item.stop is None else item.stop
    start, stop = [max_size(end + size, 0) if end < 0 else end for end in ends]
    return start, max_size(min_size(stop, size) - start, 0), 1


_places: dict = {}


def _place(index, shape) -> Place | None:
    """The place that an index means in arrays of a shape if it is basic, remembered by the index's text."""
    key = _key(index), shape
    found = _places.get(key)
    if found is None:
        items = _items(index, len(shape))
        if not _is_basic(items):
            return None
        found = Place(*_basic(items, shape))
        if len(_places) >= _MOST_PLACES:
            _places.clear()
        if key[0] is not None:
            _places[key] = found
    return found


def _key(index):
    """A basic index as part of a key; None if it may be another. Slices are hashable only from Python 3.12 on."""
    if index.__class__ is not tuple:
        return _part_of_key(index)
    parts = []
    for item in index:
        part = item if item.__class__ is int else _part_of_key(item)
        if part is None:
            return None
        parts.append(part)
    return tuple(parts)


def _part_of_key(item):
    if item.__class__ is slice:
        start, stop, step = item.start, item.stop, item.step
        if (
            (start is None or start.__class__ is int)
            and (stop is None or stop.__class__ is int)
            and (step is None or step.__class__ is int)
        ):
            return (":", start, stop, step)
        return None
    return _NEW if item is None else item if item is Ellipsis or item.__class__ is int else None


def _in_range(i: int, size: int) -> int:
    if not -size <= i < size:
        raise IndexError(f"index {i} is out of bounds for dimension with size {size}")
    return i + size if i < 0 else i


def _advanced(items, shape, writing: bool = False):
    """(index arrays, what is static) of an index with arrays in it; values are checked where they are known.

    True is the index [0] of a new axis: JAX takes it for one of another axis where None is beside it.
    """
    template, arrays, new, axis = [], [], [], 0
    for item in items:
        if item is None:
            template.append(item)
            continue
        if item is True:
            new.append(axis + len(new))
            template.append(_Array(len(arrays)))
            arrays.append(np.zeros(1, np.int64))
            continue
        if isinstance(item, slice):
            start, count, step = _extent(item, shape[axis])
            stop = start + step * count
            template.append(_Slice(start, None if step < 0 and stop < 0 else stop, step) if count else _Slice(0, 0, 1))
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
    return arrays, {"template": tuple(template), "new": tuple(new)}


def _check_mask(mask, shape, axis, writing: bool) -> None:
    if mask.shape != shape[axis : axis + mask.ndim]:
        error = IndexError if writing or isinstance(mask, _Listed) else ValueError
        raise error(f"The shape of the mask {mask.shape} does not match the shape of the indexed tensor {shape}.")


def _check_values(index, size: int, writing: bool) -> None:
    if isinstance(index, _Listed) and not index.size and not writing:
        raise IndexError("When tensor is indexed by list, the list can't be empty.")
    error = IndexError if isinstance(index, _Listed) else ValueError if writing else RuntimeError
    range_ = f"dimension with size {size}: it should be in the range [{-size}, {size})."
    check_between(index, -size, size, lambda bad: error(f"index {bad or 'is'} out of bounds for {range_}"))


# -- the two methods of Tensor ---------------------------------------------------------------------------------------


def getitem(self: Tensor, index):
    """`self[index]`; a basic index gives a view, one with lists or Tensors a copy that writes back."""
    if not _frames.frames and not trace.busy:  # the short way of an index that has come up before
        array = self._array if self._view is None else current(self)
        place = _places.get((index if index.__class__ is int else _key(index), array.shape))
        if place is not None and place.known is not None:
            result = _new(Tensor)
            result._array = place.reader(array, *place.known)
            result._view = Indexed(self, place.read, place.write)
            return result
    result = _read(self, index)
    if _frames.shadows and self._shadow is not None:
        carry_over(lambda given: _read(given[0], index), result, [self])
    return result


def _read(self: Tensor, index) -> Tensor:
    array = raw(self)
    shape = array.shape
    if not shape:
        _check_scalar(index)
    mask = raw(index) if isinstance(index, Tensor) and index.dtype == mstype.bool_ else None
    if mask is not None and mask.ndim and mask.shape == shape[: mask.ndim] and can_choose(mask):
        result = wrap(chosen(array, mask))
    elif (place := _place(index, shape)) is not None:
        result = wrap(place.read(array))
        result._view = Indexed(self, place.read, place.write)
        return result
    else:
        arrays, static = _advanced(_items(index, len(shape)), shape)
        result = wrap(_read_advanced(array, arrays, **static))
    result._origin = Origin(self, index)
    return result


def _check_scalar(index) -> None:
    """Raises:
    TypeError, ValueError: if a Tensor without axes can not be indexed so."""
    if isinstance(index, int) and not isinstance(index, bool):
        raise TypeError("Cannot iterate over a scalar tensor.")
    if isinstance(index, (Tensor, list, slice)):
        raise ValueError("The input data's dim must be at least 1 to be indexed by a Tensor, list or slice, but got 0.")


def setitem(self: Tensor, index, value) -> None:
    """`self[index] = value`, in place; the value is cast to this Tensor's dtype and broadcast."""
    if self._view is None and self._origin is None and not (_frames.frames or trace.busy or context.in_jit()):
        array, kind = self._array, value.__class__  # the short way of an index that has come up before
        place = _places.get((index if index.__class__ is int else _key(index), array.shape))
        if place is not None and place.known is not None and (kind is Tensor or kind is float or kind is int):
            given = number(value) if kind is not Tensor else value._array if value._view is None else current(value)
            overwrite(self, place.writer(array, given, *place.known))
            return
    if context.in_jit():
        self._items_set = True
    if index is False:
        _value(value)
        return
    array, shadow = _written(raw(self), index, _value(value)), None
    if _frames.shadows and has_shadow((self, value)):
        shadow = _written(floats(self), index, floats(value) if isinstance(value, Tensor) else _value(value))
        if self._shadow is None and array.dtype.kind not in "biu":
            array, shadow = derived_as(array, shadow), None
    rebind(self, array, shadow)
    # As in MindSpore, all that a copy holds is set where it was copied from: `x[index][:, 0] = 1` writes `x`.
    copied = indexed(self)
    if copied._origin is not None and (base := copied._origin.base()) is not None:
        setitem(base, copied._origin.index, copied)


def _written(array, index, value):
    """The array with a value in the places of an index."""
    shape = array.shape
    if not shape and not isinstance(index, tuple) and not any(index is whole for whole in (Ellipsis, None, True)):
        raise TypeError("Cannot iterate over a scalar tensor.")
    if isinstance(value, complex) and array.dtype.kind != "c":
        raise IndexError(f"A complex value can not be written into a Tensor of {mstype.of(array)}.")
    # One mask and one value: where the mask holds need not be known.
    mask = raw(index) if isinstance(index, Tensor) and np.ndim(value) == 0 else None
    if mask is not None and mask.dtype == np.bool_ and 0 < mask.ndim <= len(shape):
        _check_mask(mask, shape, 0, writing=True)
        return _write_masked(array, mask, value)
    place = _place(index, shape)
    if place is not None:
        return place.write(array, jitted_argument(value))
    items = _items(index, len(shape))
    if len(items) and _is_mask(items) and np.ndim(value) == 0:
        _check_mask(items[0], shape, 0, writing=True)
        return _write_masked(array, items[0], value)
    arrays, static = _advanced(items, shape, writing=True)
    return _write_advanced(array, arrays, value, **static)


def _is_mask(items) -> bool:
    all_of_it = (isinstance(i, slice) and i == slice(None) for i in items[1:])
    return isinstance(items[0], np.ndarray) and items[0].dtype == np.bool_ and all(all_of_it)


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


publish("Tensor", __getitem__=getitem, __setitem__=setitem)
