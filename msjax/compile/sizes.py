"""Programs with axes whose lengths depend on values, or are others from call to call.

XLA knows no such lengths. What a mask chooses stays where it is, in an axis as long as the mask; what differs in length
from call to call (`lengths`) is at the beginning of a longer axis. Either goes along with a mask of what is there to
where elements meet: a sum over the axis leaves out what is not there, and so does the way back. Elsewhere the others
are computed too, and nobody looks at what comes out. For each primitive that can meet such an axis there is a rule that
says so; a program with another one is not compiled.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.compile.lengths import Opened, bound_of
from msjax.compile.refusal import Refused
from msjax.shims.lengths import evaluated, names_in
from msjax.shims.primitives import ELEMENTWISE_OR_NUMBERS, WITH_RULES
from msjax.shims.programs import bound, inner, parts_of, run
from msjax.shims.selection import PLACE, SELECT, is_symbolic

_MOST_WORK = 1 << 28  # multiplications of a product of all elements, chosen or not: some milliseconds


def has_sizes(program) -> bool:
    """Whether elements are chosen in a closed jaxpr."""
    return _chooses(program.jaxpr)


def _chooses(jaxpr) -> bool:
    return any(e.primitive is SELECT or any(map(_chooses, parts_of(e))) for e in jaxpr.eqns)


def fixed_sizes(program, opened: Opened | None = None):
    """A closed jaxpr in which elements are chosen, as one whose axes all have known lengths.

    Args:
        opened: lengths that are among the arguments; results of such are as long as they can be.

    Raises:
        Refused: if it gives arrays of lengths that depend on values, or computes what has no rule.
    """
    sizes = _Sizes()

    def fixed(*arrays):
        if opened is not None:
            sizes.given = opened.known(list(arrays))
        return sizes.run(program.jaxpr, program.consts, arrays)

    kinds = [jax.ShapeDtypeStruct(v.aval.shape, v.aval.dtype, weak_type=v.aval.weak_type) for v in program.jaxpr.invars]
    made = jax.make_jaxpr(fixed)(*kinds)
    for before, after in zip(program.jaxpr.outvars, made.jaxpr.outvars, strict=True):
        if any(not sizes.begins(size) for size in before.aval.shape):
            raise Refused("a Tensor whose shape depends on values leaves it")
        if (sizes.shape(before.aval.shape), before.aval.dtype) != (after.aval.shape, after.aval.dtype):
            raise Refused("its shapes depend on values")
    return made


class _Sizes:
    """The masks of one program.

    Attributes:
        masks: by the length of an axis, which of its elements are there.
        given: the lengths that are among the arguments, by name: the value, and how long the axis is at most.
    """

    def __init__(self, masks: dict | None = None, given: dict | None = None):
        self.masks: dict[Any, Any] = masks or {}
        self.given: dict[str, tuple[Any, int]] = given or {}
        self._bounds: dict[Any, int] = {}

    def inside(self) -> _Sizes:
        """The same, for a program that another one runs over and over."""
        return _Sizes(dict(self.masks), self.given)

    def run(self, jaxpr, consts, arrays) -> list:
        return run(jaxpr, consts, arrays, self._apply)

    def _apply(self, equation, arrays: list) -> list:
        name, rule = equation.primitive.name, _RULES.get(equation.primitive.name)
        called = parts_of(equation) if name in WITH_RULES else None  # nobody differentiates it any more
        called = (called[0], ()) if called and not called[0].constvars else inner(equation)
        if called:
            return self.run(*called, arrays)
        if not _has_symbols(equation):
            return bound(equation)(*arrays)
        if rule is None:
            raise Refused(f"the shape of what goes into {name} depends on values")
        result = rule(self, equation, *arrays)
        return result if isinstance(result, list) else [result]

    # -- lengths --------------------------------------------------------------------------------------------------

    def begins(self, size) -> bool:
        """Whether what is there is the beginning of an axis of this length, or all."""
        return not is_symbolic((size,)) or names_in(size) <= self.given.keys()

    def mask(self, size) -> Any:
        """Which elements of an axis of this length are there; None if all are."""
        if not is_symbolic((size,)):
            return None
        if size not in self.masks and self.begins(size):
            self.masks[size] = lax.iota(np.int32, self.length(size)) < self.value(size)
        return self.masks[size]

    def length(self, size) -> int:
        """How long an axis really is."""
        if not is_symbolic((size,)):
            return int(size)
        if not self.begins(size):
            return self.masks[size].shape[0]
        if size not in self._bounds:
            self._bounds[size] = bound_of(size, {name: bound for name, (_, bound) in self.given.items()})
        return self._bounds[size]

    def value(self, size):
        """A length, or a number that is computed of some."""
        if not is_symbolic((size,)):
            return size
        chosen = {str(of): mask for of, mask in self.masks.items()}
        return evaluated(size, {
            name: self.given[name][0] if name in self.given else chosen[name].sum(dtype=np.int64)
            for name in names_in(size)
        })  # fmt: skip

    def shape(self, shape) -> tuple[int, ...]:
        return tuple(map(self.length, shape))

    def without(self, array, shape, axes, neutral):
        """The array with another value for what is not there, along some axes."""
        for axis in axes:
            mask = self.mask(shape[axis])
            if mask is not None:
                mask = lax.broadcast_in_dim(mask, array.shape, (axis,))
                array = lax.select(mask, array, jnp.full_like(array, neutral))
        return array


def _has_symbols(equation) -> bool:
    """Whether lengths that are not known play a part."""
    shapes = [v.aval.shape for v in (*equation.invars, *equation.outvars)]
    return (
        equation.primitive.name in _OURS
        or any(map(is_symbolic, (*shapes, (equation.params.get("length", 0),))))
        or any(_has_symbols(e) for part in parts_of(equation) for e in part.eqns)
    )


def _is_whole(sizes, axes) -> bool:
    """Whether axes that an operator works along are of lengths that are known."""
    return not is_symbolic(tuple(sizes[axis] for axis in axes))


def _needs(condition: bool, equation) -> None:
    if not condition:
        raise Refused(f"{equation.primitive.name} works along an axis whose length depends on values")


def _given(equation, place: int = 0) -> tuple:
    return equation.invars[place].aval.shape


def _again(equation, *arrays, **params):
    """The same, of arrays of other shapes."""
    return equation.primitive.bind(*arrays, **{**equation.params, **params})


# -- rules ------------------------------------------------------------------------------------------------------------


def _select(sizes: _Sizes, equation, x, mask):
    size, before = equation.params["size"], sizes.mask(_given(equation, 1)[0])
    sizes.masks.setdefault(size, mask if before is None else mask & before)
    return x


def _place(sizes: _Sizes, equation, x, mask):
    return sizes.without(x, _given(equation), (0,), 0)


def _same(sizes: _Sizes, equation, *arrays):
    """Element by element, or along axes that are named by numbers."""
    return bound(equation)(*arrays)


def _along(name: str) -> Callable:
    """Along axes of known lengths."""

    def rule(sizes: _Sizes, equation, *arrays):
        axes = equation.params[name]
        axes = axes if isinstance(axes, tuple) else (axes,)
        _needs(all(_is_whole(v.aval.shape, axes) for v in equation.invars), equation)
        return bound(equation)(*arrays)

    return rule


def _begins(sizes: _Sizes, shape, axes, equation) -> None:
    """What is there must be at the beginning of some axes."""
    _needs(all(sizes.begins(shape[axis]) for axis in axes), equation)


def _zero(dtype):
    return 0


def _least(dtype):
    return False if dtype == np.bool_ else -np.inf if jnp.issubdtype(dtype, jnp.inexact) else jnp.iinfo(dtype).min


def _most(dtype):
    return True if dtype == np.bool_ else np.inf if jnp.issubdtype(dtype, jnp.inexact) else jnp.iinfo(dtype).max


def _reduction(neutral: Callable) -> Callable:
    def rule(sizes: _Sizes, equation, x):
        return _again(equation, sizes.without(x, _given(equation), equation.params["axes"], neutral(x.dtype)))

    return rule


def _running(neutral: Callable) -> Callable:
    def rule(sizes: _Sizes, equation, x):
        return _again(equation, sizes.without(x, _given(equation), (equation.params["axis"],), neutral(x.dtype)))

    return rule


def _place_of(neutral: Callable) -> Callable:
    """Where the greatest element is, or the least."""

    reduced = _reduction(neutral)

    def rule(sizes: _Sizes, equation, x):
        _begins(sizes, _given(equation), equation.params["axes"], equation)
        return reduced(sizes, equation, x)

    return rule


def _top_k(sizes: _Sizes, equation, x):
    axis = equation.params.get("axis", len(_given(equation)) - 1)
    _needs(isinstance(equation.params["k"], int), equation)
    _begins(sizes, _given(equation), (axis,), equation)
    return _again(equation, sizes.without(x, _given(equation), (axis,), _least(x.dtype)))


def _sort(sizes: _Sizes, equation, *arrays):
    """What is not there is sorted behind the rest."""
    axis, shape = equation.params["dimension"], _given(equation)
    _begins(sizes, shape, (axis,), equation)
    mask = sizes.mask(shape[axis])
    if mask is None:
        return _again(equation, *arrays)
    missing = lax.broadcast_in_dim((~mask).astype(np.int8), arrays[0].shape, (axis,))
    return _again(equation, missing, *arrays, num_keys=equation.params["num_keys"] + 1)[1:]


def _rev(sizes: _Sizes, equation, x):
    shape = _given(equation)
    _begins(sizes, shape, equation.params["dimensions"], equation)
    for axis in equation.params["dimensions"]:
        x = lax.rev(x, (axis,))
        if is_symbolic((shape[axis],)):
            x = jnp.roll(x, sizes.value(shape[axis]) - x.shape[axis], axis)
    return x


def _concatenate(sizes: _Sizes, equation, *arrays):
    """One behind the other; each covers what is not there of the one before it."""
    axis, (out,) = equation.params["dimension"], equation.outvars
    lengths = [v.aval.shape[axis] for v in equation.invars]
    if not is_symbolic(tuple(lengths)):
        return _again(equation, *arrays)
    _needs(all(map(sizes.begins, lengths)), equation)
    shape = list(arrays[0].shape)
    shape[axis] = sum(a.shape[axis] for a in arrays)
    result, start = jnp.zeros(shape, arrays[0].dtype), np.int32(0)
    for length, array in zip(lengths, arrays, strict=True):
        result = lax.dynamic_update_slice_in_dim(result, array, start, axis)
        start = start + _int32(sizes.value(length))
    return lax.slice_in_dim(result, 0, sizes.length(out.aval.shape[axis]), axis=axis)


def _broadcast(sizes: _Sizes, equation, x):
    return lax.broadcast_in_dim(x, sizes.shape(equation.params["shape"]), equation.params["broadcast_dimensions"])


def _reshape(sizes: _Sizes, equation, x):
    before, after = _given(equation), equation.outvars[0].aval.shape
    _needs(equation.params["dimensions"] is None, equation)
    if _parted(before) == _parted(after):  # axes of known lengths become others between those that stay
        return lax.reshape(x, sizes.shape(after))
    if _is_joined(sizes, before, after):
        return lax.reshape(x, sizes.shape(after))
    # JAX does not look whether there are as many, where it may be that it can not tell.
    _needs(all(map(sizes.begins, (*before, *after))) and math.prod(before) == math.prod(after), equation)
    return _moved(sizes, x, before, after)


def _parted(shape) -> list:
    """The axes of lengths that are not known, and how many elements the axes between them have."""
    parts: list[Any] = [1]
    for size in shape:
        if is_symbolic((size,)):
            parts += [size, 1]
        else:
            parts[-1] *= int(size)
    return parts


def _is_joined(sizes: _Sizes, before, after) -> bool:
    """Whether one axis is joined with those behind it, or parted from them again; notes the mask of what comes out."""
    old = [i for i, size in enumerate(before) if is_symbolic((size,))]
    new = [i for i, size in enumerate(after) if is_symbolic((size,))]
    if not len(old) == len(new) == 1:
        return False
    (i,), (j,) = old, new
    rest, left = math.prod(before[i + 1 :]), math.prod(after[j + 1 :])
    if math.prod(before[:i]) != math.prod(after[:j]) or before[i] * rest != after[j] * left:
        return False
    if rest >= left and rest % left == 0:
        sizes.masks.setdefault(after[j], jnp.repeat(sizes.mask(before[i]), rest // left))
    return after[j] in sizes.masks or (sizes.begins(after[j]) and left % rest == 0)


def _moved(sizes: _Sizes, x, before, after):
    """The elements from where they are in axes that are longer than what is there to where they are in others."""
    same = 0  # axes at the end that stay
    while same < min(len(before), len(after)) and before[-1 - same] == after[-1 - same]:
        same += 1
    before, after, row = before[: len(before) - same], after[: len(after) - same], x.shape[len(before) - same :]
    place, stride = np.int32(0), np.int32(1)  # in the array without what is not there
    for axis in reversed(range(len(after))):
        place = place + lax.broadcasted_iota(np.int32, sizes.shape(after), axis) * stride
        stride = stride * _int32(sizes.value(after[axis]))
    found, room = np.int32(0), 1  # in the array as it is
    for size in reversed(before):
        length = _int32(sizes.value(size))
        found, place = found + lax.rem(place, length) * room, lax.div(place, length)
        room *= sizes.length(size)
    rows = lax.reshape(x, (room, *row))
    return jnp.take(rows, found, axis=0, mode="clip")


def _int32(value):
    return jnp.asarray(value).astype(np.int32)


def _iota(sizes: _Sizes, equation):
    params, (out,) = equation.params, equation.outvars
    size = params["shape"][params["dimension"]]
    mask, dtype = sizes.mask(size), params["dtype"]
    if sizes.begins(size):
        places = lax.iota(dtype, sizes.length(size))
    else:
        places = (lax.cumsum(mask.astype(np.int32)) - 1).astype(dtype)
    return lax.broadcast_in_dim(places, sizes.shape(out.aval.shape), (params["dimension"],))


def _bits(sizes: _Sizes, equation, key):
    """Random bits, which JAX makes of the place that an element has in the whole."""
    shape, kind = equation.outvars[0].aval.shape, jax.random.key_impl(key)
    known = jax.config.jax_threefry_partitionable and str(kind) == "threefry2x32"  # pyright: ignore
    _needs(known and key.ndim == 0 and all(map(sizes.begins, shape)), equation)
    room = math.prod(sizes.shape(shape))
    bits = _again(equation, key, shape=(room,))
    if not is_symbolic(shape[1:]):
        return lax.reshape(bits, sizes.shape(shape))
    return _moved(sizes, bits, (math.prod(shape),), shape)


def _count(sizes: _Sizes, equation):
    return jnp.asarray(sizes.value(equation.params["dim"])).astype(equation.outvars[0].aval.dtype)


def _product(sizes: _Sizes, equation, x, y):
    (left, right), _ = equation.params["dimension_numbers"]
    x = sizes.without(x, _given(equation), left, 0)
    y = sizes.without(y, _given(equation, 1), right, 0)
    work = math.prod(sizes.shape(equation.outvars[0].aval.shape)) * math.prod(x.shape[axis] for axis in left)
    places = [size for v in (*equation.invars, *equation.outvars) for size in v.aval.shape]
    if work > _MOST_WORK and not all(map(sizes.begins, places)):
        raise Refused("a product with all elements, of which a mask chooses some, may be slow")
    return _again(equation, x, y)


def _slice(sizes: _Sizes, equation, x):
    params, shape, after = equation.params, _given(equation), equation.outvars[0].aval.shape
    starts, strides = list(params["start_indices"]), list(params["strides"] or [1] * x.ndim)
    for axis, size in enumerate(shape):
        if size == after[axis] or not is_symbolic((size, after[axis], starts[axis])):
            continue
        _begins(sizes, (size, after[axis]), (0, 1), equation)
        _needs(strides[axis] == 1, equation)
        x = _slice_of(sizes, x, axis, sizes.value(starts[axis]), after[axis])
        starts[axis] = 0
    ends = [
        length if is_symbolic((size, before)) else end
        for length, size, before, end in zip(x.shape, after, shape, params["limit_indices"], strict=True)
    ]
    return lax.slice(x, starts, ends, params["strides"])


def _slice_of(sizes: _Sizes, x, axis: int, start, size):
    """As much of an axis as there is of a length, which may be longer than the axis."""
    length = sizes.length(size)
    if not isinstance(start, int) or start + length > x.shape[axis]:
        x = _longer(x, axis, 0, length)
    return lax.dynamic_slice_in_dim(x, start, length, axis)


def _longer(x, axis: int, before: int, behind: int, value: Any = 0):
    config = [(0, 0, 0)] * x.ndim
    config[axis] = before, behind, 0
    return lax.pad(x, jnp.asarray(value, x.dtype), config)


def _split(sizes: _Sizes, equation, x):
    axis, parts = equation.params["axis"], equation.params["sizes"]
    size = _given(equation)[axis]
    if not is_symbolic((size, *parts)):
        return bound(equation)(x)
    _needs(all(map(sizes.begins, (size, *parts))), equation)
    starts = [sizes.value(sum(parts[:i])) for i in range(len(parts))]
    return [_slice_of(sizes, x, axis, start, part) for start, part in zip(starts, parts, strict=True)]


def _dynamic_slice(sizes: _Sizes, equation, x, *starts):
    shape, after = _given(equation), equation.outvars[0].aval.shape
    for axis, size in enumerate(shape):
        if size == after[axis]:
            continue
        _begins(sizes, (size, after[axis]), (0, 1), equation)
        x = _slice_of(sizes, x, axis, _within(sizes, starts[axis], size, after[axis]), after[axis])
    return x


def _wide(value):
    return jnp.asarray(value).astype(np.int64)


def _within(sizes: _Sizes, start, size, part):
    """Where a part of an axis begins, which ends within it."""
    return lax.clamp(np.int64(0), _wide(start), _wide(sizes.value(size) - sizes.value(part)))


def _laid(sizes: _Sizes, part, axis: int, start, length: int, size) -> tuple:
    """A part of an axis as long as the axis, with its elements where they belong; and which elements these are."""
    offset = lax.iota(np.int64, length) - start
    return jnp.take(part, offset, axis, mode="clip"), (offset >= 0) & (offset < sizes.value(size))


def _dynamic_update_slice(sizes: _Sizes, equation, x, update, *starts):
    """Also where what is written ends before its axis does: what is behind it stays."""
    shape, given, places, there = _given(equation), _given(equation, 1), list(starts), None
    for axis, (size, part) in enumerate(zip(shape, given, strict=True)):
        if not is_symbolic((size, part)):
            continue
        _needs(size == part or (sizes.begins(size) and sizes.begins(part)), equation)
        places[axis] = np.int64(0)
        if size == part:
            continue
        start = _within(sizes, starts[axis], size, part)
        update, here = _laid(sizes, update, axis, start, x.shape[axis], part)
        here = lax.broadcast_in_dim(here, update.shape, (axis,))
        there = here if there is None else there & here
    if there is not None:
        held = lax.dynamic_slice(x, [_wide(place) for place in places], update.shape)
        update = lax.select(there, update, held)
    return lax.dynamic_update_slice(x, update, [_wide(place) for place in places])


def _tile(sizes: _Sizes, equation, x):
    for axis, (size, after) in enumerate(zip(_given(equation), equation.outvars[0].aval.shape, strict=True)):
        if size != after:
            _begins(sizes, (size, after), (0, 1), equation)
            places = lax.rem(lax.iota(np.int32, sizes.length(after)), _int32(sizes.value(size)))
            x = jnp.take(x, places, axis, mode="clip")
    return x


def _pad(sizes: _Sizes, equation, x, value):
    config, shape, after = list(equation.params["padding_config"]), _given(equation), equation.outvars[0].aval.shape
    for axis, (low, high, interior) in enumerate(config):
        if not is_symbolic((shape[axis], after[axis])) or (low, high, interior) == (0, 0, 0):
            continue
        _begins(sizes, (shape[axis], after[axis]), (0, 1), equation)
        _needs(interior == 0, equation)
        x = sizes.without(x, shape, (axis,), value)
        length = sizes.length(after[axis])
        if isinstance(low, int):
            config[axis] = low, length - low - x.shape[axis], 0
        else:  # before it as much as there may be, and of that as much as there is
            room = sizes.length(low)
            x = _longer(x, axis, room, max(length - x.shape[axis], 0) + room, value)
            x = lax.dynamic_slice_in_dim(x, room - sizes.value(low), length, axis)
            config[axis] = 0, 0, 0
    return lax.pad(x, value, config)


def _numbers(equation):
    return equation.params["dimension_numbers"]


def _mode(equation) -> str:
    """What becomes of indices that are out of range."""
    return str(equation.params["mode"]).rpartition(".")[2]


def _gather(sizes: _Sizes, equation, x, indices):
    numbers, shape = _numbers(equation), _given(equation)
    slices, ends = list(equation.params["slice_sizes"]), []
    if indices.ndim == 1 and any(
        is_symbolic((part,)) and part != size for part, size in zip(slices, shape, strict=True)
    ):
        return _one_slice(sizes, equation, x, indices)
    for axis, size in enumerate(shape):
        if is_symbolic((size,)) and axis not in numbers.operand_batching_dims:
            _needs(slices[axis] == size or (sizes.begins(size) and isinstance(slices[axis], int)), equation)
            _needs(axis not in numbers.start_index_map or slices[axis] != size, equation)
            slices[axis] = sizes.length(slices[axis])
    _needs(not is_symbolic(tuple(slices)), equation)
    for axis in numbers.start_index_map:
        ends.append(sizes.value(shape[axis]) - slices[axis])
    if is_symbolic(tuple(shape[axis] for axis in numbers.start_index_map)):
        last = jnp.stack([jnp.asarray(end, indices.dtype) for end in ends])
        if _mode(equation) == "CLIP":
            indices = lax.clamp(jnp.zeros_like(indices), indices, jnp.broadcast_to(last, indices.shape))
        elif _mode(equation) != "PROMISE_IN_BOUNDS":
            indices = jnp.where(indices > last, jnp.iinfo(indices.dtype).max, indices)
    return _again(equation, x, indices, slice_sizes=tuple(slices))


def _one_slice(sizes: _Sizes, equation, x, indices):
    """The one slice that is taken, of a length that is not known."""
    numbers, shape, slices = _numbers(equation), _given(equation), equation.params["slice_sizes"]
    _needs(_mode(equation) == "PROMISE_IN_BOUNDS", equation)
    starts = dict(zip(numbers.start_index_map, indices, strict=True))
    for axis, (size, part) in enumerate(zip(shape, slices, strict=True)):
        if size != part:
            _begins(sizes, (size, part), (0, 1), equation)
            x = _slice_of(sizes, x, axis, _wide(starts.get(axis, 0)), part)
    return lax.squeeze(x, numbers.collapsed_slice_dims)


def _scatter(sizes: _Sizes, equation, x, indices, updates):
    """What is not there goes nowhere."""
    numbers, shape, given = _numbers(equation), _given(equation), _given(equation, 2)
    adds = equation.primitive.name in ("scatter-add", "scatter-sub")
    apart = {*numbers.inserted_window_dims, *numbers.operand_batching_dims}
    window = dict(zip([a for a in range(len(shape)) if a not in apart], numbers.update_window_dims, strict=True))
    if any(is_symbolic((given[place],)) and given[place] != shape[axis] for axis, place in window.items()):
        _needs(adds and indices.ndim == 1, equation)
        return _one_added(sizes, equation, x, indices, updates)
    along = {*numbers.scatter_dims_to_operand_dims, *numbers.inserted_window_dims}
    for axis, size in enumerate(shape):
        if is_symbolic((size,)) and axis not in numbers.operand_batching_dims and axis in along:
            _needs(sizes.begins(size) and _mode(equation) != "CLIP", equation)
    outside = [axis for axis in range(len(given)) if axis not in numbers.update_window_dims]
    if adds:
        return _again(equation, x, indices, sizes.without(updates, given, outside, 0))
    _needs(_mode(equation) == "FILL_OR_DROP", equation)
    indices = sizes.without(indices, _given(equation, 1), range(indices.ndim - 1), jnp.iinfo(indices.dtype).max)
    return _again(equation, x, indices, updates)


def _one_added(sizes: _Sizes, equation, x, indices, updates):
    """What is added in one place, of a length that is not known."""
    numbers, shape, given = _numbers(equation), _given(equation), list(_given(equation, 2))
    _needs(_mode(equation) == "PROMISE_IN_BOUNDS", equation)
    starts = dict(zip(numbers.scatter_dims_to_operand_dims, indices, strict=True))
    updates, there = lax.expand_dims(updates, numbers.inserted_window_dims), jnp.ones(x.shape, bool)
    for axis in numbers.inserted_window_dims:
        given.insert(axis, 1)
    for axis, (size, part) in enumerate(zip(shape, given, strict=True)):
        if size != part:
            _begins(sizes, (size, part), (0, 1), equation)
            updates, here = _laid(sizes, updates, axis, _wide(starts.get(axis, 0)), x.shape[axis], part)
            there &= lax.broadcast_in_dim(here, x.shape, (axis,))
    updates = lax.select(there, updates, jnp.zeros_like(updates))
    return x + updates if equation.primitive.name == "scatter-add" else x - updates


def _convolution(sizes: _Sizes, equation, x, kernel):
    """Over any axes. Along one, zeros are where nothing is, as they are in the padding."""
    numbers, given, kernels = _numbers(equation), _given(equation), _given(equation, 1)
    _, depth, *places = numbers.lhs_spec
    _, inputs, *offsets = numbers.rhs_spec
    _begins(sizes, given, places, equation)
    _begins(sizes, kernels, offsets, equation)
    _needs(equation.params["batch_group_count"] == 1 and _is_plain(equation.params["padding"]), equation)
    x = sizes.without(x, given, (depth, *places), 0)
    kernel = sizes.without(kernel, kernels, (inputs, *offsets), 0)
    return _as_long(sizes, equation, bound(equation)(x, kernel))


def _is_plain(amounts) -> bool:
    """Whether what is put around an array is the same for any length."""
    return not is_symbolic(tuple(amount for pair in amounts for amount in pair))


def _as_long(sizes: _Sizes, equation, results: list) -> list:
    """Results of which each must be as long as what is made of longer axes is taken to be."""
    for result, variable in zip(results, equation.outvars, strict=True):
        _needs(result.shape == sizes.shape(variable.aval.shape), equation)
    return results


def _windows(*neutral: Callable) -> Callable:
    """Windows along axes; `neutral` is what each array has where nothing is."""

    def rule(sizes: _Sizes, equation, *arrays):
        params, filled = equation.params, list(arrays)
        _needs(_is_plain(params["padding"]), equation)
        for i, value in enumerate(neutral):
            shape = _given(equation, i)
            wide = [
                axis for axis in range(len(shape))
                if params["window_dimensions"][axis] != 1 or params["window_strides"][axis] != 1
                or tuple(params["padding"][axis]) != (0, 0)
            ]  # fmt: skip
            _begins(sizes, shape, wide, equation)
            filled[i] = sizes.without(arrays[i], shape, wide, value(arrays[i].dtype))
        return _as_long(sizes, equation, bound(equation)(*filled))

    return rule


# -- loops and branches -----------------------------------------------------------------------------------------------


def _scan(sizes: _Sizes, equation, *arrays):
    """As many turns as there may be, of which those that are none change nothing."""
    params, body = equation.params, equation.params["jaxpr"]
    consts, carried = params["num_consts"], params["num_carry"]
    mask, length = sizes.mask(params["length"]), sizes.length(params["length"])
    _begins(sizes, (params["length"],), (0,), equation)

    def turn(carry, row):
        there, given = row
        results = sizes.inside().run(body.jaxpr, body.consts, [*arrays[:consts], *carry, *given])
        new, rows = results[:carried], results[carried:]
        if there is not None:
            new = [jnp.where(there, one, old) for one, old in zip(new, carry, strict=True)]
        return new, rows

    rows = mask, list(arrays[consts + carried :])
    carry = list(map(jnp.asarray, arrays[consts : consts + carried]))
    last, out = lax.scan(turn, carry, rows, length, reverse=params["reverse"], unroll=params["unroll"])
    return [*last, *out]


def _while(sizes: _Sizes, equation, *arrays):
    params = equation.params
    asked, turned = params["cond_nconsts"], params["body_nconsts"]
    asks, turns = arrays[:asked], arrays[asked : asked + turned]

    def runs(program, consts):
        return lambda carry: sizes.inside().run(program.jaxpr, program.consts, [*consts, *carry])

    ask, turn = runs(params["cond_jaxpr"], asks), runs(params["body_jaxpr"], turns)
    return lax.while_loop(lambda carry: ask(carry)[0], turn, list(map(jnp.asarray, arrays[asked + turned :])))


def _cond(sizes: _Sizes, equation, index, *arrays):
    branches = [
        lambda *given, branch=branch: sizes.inside().run(branch.jaxpr, branch.consts, given)
        for branch in equation.params["branches"]
    ]
    return lax.switch(index, branches, *arrays)


_OURS = {SELECT.name, PLACE.name, "dim_as_value"}  # which are about lengths, whatever their arguments are
_PLAIN = """stop_gradient transpose squeeze expand_dims stack optimization_barrier bitcast_convert_type
    shift_left shift_right_logical shift_right_arithmetic population_count"""
_RULES: dict[str, Callable] = {
    **dict.fromkeys(ELEMENTWISE_OR_NUMBERS | {*_PLAIN.split()}, _same),
    "argmax": _place_of(_least),
    "argmin": _place_of(_most),
    "top_k": _top_k,
    "sort": _sort,
    "rev": _rev,
    "concatenate": _concatenate,
    "split": _split,
    "unstack": _along("axis"),
    SELECT.name: _select,
    PLACE.name: _place,
    "reduce_sum": _reduction(_zero),
    "reduce_prod": _reduction(lambda dtype: 1),
    "reduce_max": _reduction(_least),
    "reduce_min": _reduction(_most),
    "reduce_and": _reduction(lambda dtype: True),
    "reduce_or": _reduction(lambda dtype: False),
    "cumsum": _running(_zero),
    "cumprod": _running(lambda dtype: 1),
    "cummax": _running(_least),
    "cummin": _running(_most),
    "cumlogsumexp": _running(_least),
    "broadcast_in_dim": _broadcast,
    "reshape": _reshape,
    "iota": _iota,
    "dim_as_value": _count,
    "random_bits": _bits,
    "dot_general": _product,
    "slice": _slice,
    "dynamic_slice": _dynamic_slice,
    "dynamic_update_slice": _dynamic_update_slice,
    "pad": _pad,
    "tile": _tile,
    "gather": _gather,
    **dict.fromkeys("scatter scatter-add scatter-sub scatter-mul scatter-min scatter-max".split(), _scatter),
    "conv_general_dilated": _convolution,
    "reduce_window_sum": _windows(_zero),
    "reduce_window_max": _windows(_least),
    "reduce_window_min": _windows(_most),
    "select_and_scatter_add": _windows(_zero, _least),
    "scan": _scan,
    "while": _while,
    "cond": _cond,
}
