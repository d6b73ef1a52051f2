"""Programs with axes whose lengths depend on values: elements that a mask chooses, and what is computed of them.

XLA knows no such lengths. So what is chosen stays where it is, in an axis as long as the mask, and goes along with it
to where elements meet: a sum over the axis leaves out what is not chosen, and so does the way back. Elsewhere the
others are computed too, and nobody looks at what comes out. For each primitive that can meet such an axis there is a
rule that says so; a program with another one is not compiled.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.compile.refusal import Refused
from msjax.shims.primitives import ELEMENTWISE_OR_NUMBERS, WITH_RULES
from msjax.shims.programs import bound, inner, parts_of, run
from msjax.shims.selection import PLACE, SELECT, evaluated, is_symbolic

_MOST_WORK = 1 << 28  # multiplications of a product of all elements, chosen or not: some milliseconds


def has_sizes(program) -> bool:
    """Whether elements are chosen in a closed jaxpr."""
    return _chooses(program.jaxpr)


def _chooses(jaxpr) -> bool:
    return any(e.primitive is SELECT or any(map(_chooses, parts_of(e))) for e in jaxpr.eqns)


def fixed_sizes(program):
    """A closed jaxpr in which elements are chosen, as one whose axes all have known lengths.

    Raises:
        Refused: if it gives arrays of lengths that depend on values, or computes what has no rule.
    """
    if any(is_symbolic(v.aval.shape) for v in program.jaxpr.outvars):
        raise Refused("a Tensor whose shape depends on values leaves it")
    sizes = _Sizes()
    kinds = [jax.ShapeDtypeStruct(v.aval.shape, v.aval.dtype, weak_type=v.aval.weak_type) for v in program.jaxpr.invars]
    made = jax.make_jaxpr(lambda *arrays: sizes.run(program.jaxpr, program.consts, arrays))(*kinds)
    for before, after in zip(program.jaxpr.outvars, made.jaxpr.outvars, strict=True):
        if (before.aval.shape, before.aval.dtype) != (after.aval.shape, after.aval.dtype):
            raise Refused("its shapes depend on values")
    return made


class _Sizes:
    """The masks of one program.

    Attributes:
        masks: by the length of an axis, which of its elements are there.
    """

    def __init__(self):
        self.masks: dict[Any, Any] = {}

    def run(self, jaxpr, consts, arrays) -> list:
        return run(jaxpr, consts, arrays, self._apply)

    def _apply(self, equation, arrays: list) -> list:
        name, rule = equation.primitive.name, _RULES.get(equation.primitive.name)
        called = parts_of(equation) if name in WITH_RULES else None  # nobody differentiates it any more
        called = (called[0], ()) if called and not called[0].constvars else inner(equation)
        if called:
            return self.run(*called, arrays)
        known = not any(is_symbolic(v.aval.shape) for v in (*equation.invars, *equation.outvars))
        if known and name not in _OURS:
            if any(map(_chooses, parts_of(equation))):
                raise Refused(f"elements that a mask chooses are in a {name}")
            return bound(equation)(*arrays)
        if rule is None:
            raise Refused(f"the shape of what goes into {name} depends on values")
        result = rule(self, equation, *arrays)
        return result if isinstance(result, list) else [result]

    # -- lengths --------------------------------------------------------------------------------------------------

    def mask(self, size):
        """Which elements of an axis of this length are there; None if all are."""
        return self.masks[size] if is_symbolic((size,)) else None

    def length(self, size) -> int:
        """How long an axis really is."""
        return self.masks[size].shape[0] if is_symbolic((size,)) else int(size)

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


def _least(dtype):
    return False if dtype == np.bool_ else -np.inf if jnp.issubdtype(dtype, jnp.inexact) else jnp.iinfo(dtype).min


def _most(dtype):
    return True if dtype == np.bool_ else np.inf if jnp.issubdtype(dtype, jnp.inexact) else jnp.iinfo(dtype).max


def _reduction(neutral: Callable) -> Callable:
    def rule(sizes: _Sizes, equation, x):
        return _again(equation, sizes.without(x, _given(equation), equation.params["axes"], neutral(x.dtype)))

    return rule


def _cumsum(sizes: _Sizes, equation, x):
    return _again(equation, sizes.without(x, _given(equation), (equation.params["axis"],), 0))


def _broadcast(sizes: _Sizes, equation, x):
    return lax.broadcast_in_dim(x, sizes.shape(equation.params["shape"]), equation.params["broadcast_dimensions"])


def _reshape(sizes: _Sizes, equation, x):
    """Axes of length 1 come and go; an axis may also be joined with those behind it, and parted from them again."""
    before, after = _given(equation), equation.outvars[0].aval.shape
    old = [i for i, size in enumerate(before) if is_symbolic((size,))]
    new = [i for i, size in enumerate(after) if is_symbolic((size,))]
    _needs(len(old) == len(new) == 1 and equation.params["dimensions"] is None, equation)
    (i,), (j,) = old, new
    _needs(math.prod(before[:i]) == math.prod(after[:j]), equation)
    rest, left = math.prod(before[i + 1 :]), math.prod(after[j + 1 :])
    if rest >= left:
        _needs(rest % left == 0 and after[j] == before[i] * (rest // left), equation)
        mask = sizes.masks[before[i]]
        sizes.masks.setdefault(after[j], jnp.repeat(mask, rest // left))
    _needs(after[j] in sizes.masks, equation)
    return lax.reshape(x, sizes.shape(after))


def _iota(sizes: _Sizes, equation):
    params, (out,) = equation.params, equation.outvars
    size = params["shape"][params["dimension"]]
    mask, dtype = sizes.mask(size), params["dtype"]
    places = lax.iota(dtype, int(size)) if mask is None else (lax.cumsum(mask.astype(np.int32)) - 1).astype(dtype)
    return lax.broadcast_in_dim(places, sizes.shape(out.aval.shape), (params["dimension"],))


def _count(sizes: _Sizes, equation):
    known = {size: mask.sum(dtype=np.int64) for size, mask in sizes.masks.items()}
    dtype = equation.outvars[0].aval.dtype
    return jnp.asarray(evaluated(equation.params["dim"], known)).astype(dtype)


def _product(sizes: _Sizes, equation, x, y):
    (left, right), _ = equation.params["dimension_numbers"]
    x = sizes.without(x, _given(equation), left, 0)
    y = sizes.without(y, _given(equation, 1), right, 0)
    work = math.prod(sizes.shape(equation.outvars[0].aval.shape)) * math.prod(x.shape[axis] for axis in left)
    if work > _MOST_WORK and any(is_symbolic(v.aval.shape) for v in (*equation.invars, *equation.outvars)):
        raise Refused("a product with all elements, of which a mask chooses some, may be slow")
    return _again(equation, x, y)


def _slice(sizes: _Sizes, equation, x):
    params, shape = equation.params, _given(equation)
    starts, limits = list(params["start_indices"]), list(params["limit_indices"])
    for axis, size in enumerate(shape):
        if is_symbolic((size,)):
            _needs(starts[axis] == 0 and limits[axis] == size, equation)
            _needs(not params["strides"] or params["strides"][axis] == 1, equation)
            limits[axis] = sizes.length(size)
    return lax.slice(x, starts, limits, params["strides"])


def _pad(sizes: _Sizes, equation, x, value):
    config = equation.params["padding_config"]
    wide = [axis for axis, amounts in enumerate(config) if tuple(amounts) != (0, 0, 0)]
    _needs(_is_whole(_given(equation), wide), equation)
    return _again(equation, x, value)


def _numbers(equation):
    return equation.params["dimension_numbers"]


def _gather(sizes: _Sizes, equation, x, indices):
    params, numbers, shape = equation.params, _numbers(equation), _given(equation)
    slices = list(params["slice_sizes"])
    for axis, size in enumerate(shape):
        if is_symbolic((size,)) and axis not in numbers.operand_batching_dims:
            _needs(slices[axis] == size and axis not in numbers.start_index_map, equation)
            slices[axis] = sizes.length(size)
    return _again(equation, x, indices, slice_sizes=tuple(slices))


def _scatter_add(sizes: _Sizes, equation, x, indices, updates):
    numbers, shape, given = _numbers(equation), _given(equation), _given(equation, 2)
    for axis, size in enumerate(shape):
        if is_symbolic((size,)) and axis not in numbers.operand_batching_dims:
            _needs(axis not in numbers.scatter_dims_to_operand_dims, equation)
            _needs(axis not in numbers.inserted_window_dims, equation)
    outside = [axis for axis in range(len(given)) if axis not in numbers.update_window_dims]
    return _again(equation, x, indices, sizes.without(updates, given, outside, 0))


_OURS = {SELECT.name, PLACE.name, "dim_as_value"}  # which are about lengths, whatever their arguments are
_RULES: dict[str, Callable] = {
    **dict.fromkeys(ELEMENTWISE_OR_NUMBERS | {*"stop_gradient transpose squeeze expand_dims stack".split()}, _same),
    **dict.fromkeys(("argmax", "argmin"), _along("axes")),
    **dict.fromkeys(("concatenate", "sort"), _along("dimension")),
    "rev": _along("dimensions"),
    **dict.fromkeys(("split", "unstack"), _along("axis")),
    SELECT.name: _select,
    PLACE.name: _place,
    "reduce_sum": _reduction(lambda dtype: 0),
    "reduce_prod": _reduction(lambda dtype: 1),
    "reduce_max": _reduction(_least),
    "reduce_min": _reduction(_most),
    "reduce_and": _reduction(lambda dtype: True),
    "reduce_or": _reduction(lambda dtype: False),
    "cumsum": _cumsum,
    "broadcast_in_dim": _broadcast,
    "reshape": _reshape,
    "iota": _iota,
    "dim_as_value": _count,
    "dot_general": _product,
    "slice": _slice,
    "pad": _pad,
    "gather": _gather,
    "scatter-add": _scatter_add,
}
