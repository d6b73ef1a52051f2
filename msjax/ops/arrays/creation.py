"""New Tensors: constants, ranges, grids, and matrices made of diagonals."""

from __future__ import annotations

import math
from itertools import combinations as _combinations
from itertools import combinations_with_replacement

import jax
import jax.numpy as jnp
import numpy as np
from jax.export import is_symbolic_dim

from msjax.ops.call.arguments import dtype_of, hashable
from msjax.ops.call.operator import MOST_BYTES
from msjax.ops.call.promotion import array, cast, inexact
from msjax.ops.table import op


def shape_of(size) -> tuple[int, ...]:
    """A shape given as an int, or a list, tuple or Tensor of ints.

    Raises:
        TypeError: if it holds something else.
        ValueError: if a length is negative, or there are more elements than any memory holds.
    """
    size = hashable(size)
    sizes = size if isinstance(size, tuple) else (size,)
    for length in sizes:
        if isinstance(length, bool) or not (isinstance(length, int) or is_symbolic_dim(length)):
            raise TypeError(f"A shape must be an int or a tuple or list of ints, but got {size!r}.")
        if length < 0:
            raise ValueError(f"The lengths of a shape must not be negative, but got {size!r}.")
    if all(isinstance(n, int) for n in sizes) and math.prod(sizes) >= MOST_BYTES:  # of one byte each at least
        raise ValueError(f"A Tensor of shape {size!r} is larger than any memory.")
    return sizes


# -- constants -------------------------------------------------------------------------------------------------------


def _constant(name: str, value: int, parameter: str) -> None:
    """Declare zeros or ones; `parameter` is what ops calls the shape."""

    def filled(*, shape, dtype=None):
        return jnp.full(shape_of(shape), value, dtype_of(dtype) or np.float32)

    def like(x, *, dtype=None, shape=None):
        x = array(x)
        return jnp.full(x.shape if shape is None else shape_of(shape), value, dtype_of(dtype) or x.dtype)

    filled.__name__, like.__name__ = name, f"{name}_like"
    filled.__doc__ = f"A Tensor of {name}, float32 by default."
    like.__doc__ = f"A Tensor of {name} with the input's shape and dtype."
    op(
        f"ops.{name}({parameter}: shape, dtype=None)",
        f"ops.{name.title()}()({parameter}: shape, dtype=None)",
        f"mint.{name}(size: shape, *, dtype=None)",
        f"numpy.{name}(shape, dtype=mstype.float32)",
    )(filled)
    op(
        f"ops.{name}_like(input, *, dtype=None)",
        f"ops.{name.title()}Like()(x)",
        f"mint.{name}_like(input, *, dtype=None)",
        f"numpy.{name}_like(a, dtype=None, shape=None)",
        f"Tensor.new_{name}(size: shape, dtype=None)",
    )(like)


_constant("zeros", 0, "size")
_constant("ones", 1, "shape")


@op(
    "mint.empty(*size, dtype=None, device: _=None, pin_memory: _=False)",
    "numpy.empty(shape: size, dtype=mstype.float32)",
)
def empty(*, size, dtype=None):
    """A Tensor whose elements are to be written; they are 0."""
    return jnp.zeros(shape_of(size), dtype_of(dtype) or np.float32)


@op(
    "mint.empty_like(input, *, dtype=None, device: _=None, pin_memory: _=False)",
    "numpy.empty_like(prototype, dtype=None, shape=None)",
    "Tensor.new_empty(size: shape, *, dtype=None, device: _=None)",
)
def empty_like(x, *, dtype=None, shape=None):
    """A Tensor like the input whose elements are to be written; they are 0."""
    x = array(x)
    return jnp.zeros(x.shape if shape is None else shape_of(shape), dtype_of(dtype) or x.dtype)


@op("mint.full(size, fill_value, *, dtype=None)")
def full(fill_value, *, size, dtype=None):
    """A Tensor filled with one value, of the value's dtype by default."""
    return jnp.broadcast_to(cast(array(fill_value), dtype or array(fill_value).dtype), shape_of(size))


@op("numpy.full(shape: size, fill_value, dtype=None)", jit=False)
def full_short(fill_value, *, size, dtype=None):
    """A Tensor filled with one value; a Python int gives int32 by default."""
    if dtype is None and isinstance(fill_value, (int, float)):
        dtype = {bool: np.bool_, int: np.int32}.get(type(fill_value), np.float32)
    return full(fill_value, size=size, dtype=dtype)


@op("ops.full(size, fill_value, *, dtype=None)")
def full_of_integers(fill_value, *, size, dtype=None):
    """A Tensor filled with one value; int64 by default, as in MindSpore, whatever the value's dtype.

    Raises:
        TypeError: if `size` is not a tuple or list.
    """
    if not isinstance(size, (tuple, list)):
        raise TypeError(f"For 'ops.full', 'size' must be a tuple or list of ints, but got {type(size)}.")
    return jnp.full(shape_of(size), cast(array(fill_value), dtype or np.int64))


@op(
    "ops.full_like(input, fill_value, *, dtype=None)",
    "mint.full_like(input, fill_value, *, dtype=None)",
    "numpy.full_like(a, fill_value, dtype=None, shape: size=None)",
    "Tensor.new_full(size, fill_value, *, dtype=None)",
)
def full_like(x, fill_value, *, size=None, dtype=None):
    """A Tensor with the input's shape and dtype, filled with one value."""
    value = cast(array(fill_value), dtype or array(x).dtype)
    return jnp.broadcast_to(value, x.shape if size is None else shape_of(size))


@op("ops.eps(x)", "ops.Eps()(x)")
def eps(x):
    """The spacing of floats at 1 in the input's dtype, in its shape."""
    return jnp.full(x.shape, jnp.finfo(x.dtype).eps, x.dtype)


# -- ranges ----------------------------------------------------------------------------------------------------------


def _range(start, end, step, dtype, integer):
    """Numbers from `start` up to `end`: of dtype `integer` if all are ints, else float32."""
    start, end, step = map(hashable, (start, end, step))
    if end is None:
        start, end = 0, start
    for value in (start, end, step):
        if not isinstance(value, (int, float)):
            raise TypeError(f"The bounds and step of a range must be numbers, but got {value!r}.")
    if step == 0 or (end - start) * step < 0:
        raise ValueError(f"A range from {start} to {end} can not go in steps of {step}.")
    floating = any(isinstance(v, float) for v in (start, end, step))
    return jnp.asarray(np.arange(start, end, step), dtype_of(dtype) or (np.float32 if floating else integer))


@op(
    "ops.arange(start=0, end=None, step=1, *, dtype=None)",
    "mint.arange(start=0, end=None, step=1, *, dtype=None)",
    "ops.range(start, end, step, maxlen: _=1000000)",
    "ops.Range(maxlen: _=1000000)(start, end, step)",
)
def arange(*, start=0, end=None, step=1, dtype=None):
    """Numbers from `start` (0 if `end` is not given) up to `end`, exclusive, in steps of `step`.

    Raises:
        ValueError: if the step is 0 or leads away from `end`.
    """
    return _range(start, end, step, dtype, np.int64)


@op("numpy.arange(start, stop: end=None, step=None, dtype=None)")
def arange_short(*, start=0, end=None, step=None, dtype=None):
    """Numbers from `start` (0 if `stop` is not given) up to `stop`, exclusive; int32 or float32."""
    return _range(start, end, 1 if step is None else step, dtype, np.int32)


def _ends(start, end, dtype):
    start, end = inexact(start), inexact(end)
    dtype = dtype_of(dtype) or jnp.result_type(start, end)
    exact = jnp.promote_types(dtype, np.float32)
    return start.astype(exact), end.astype(exact), dtype


@op(
    "ops.linspace(start, end, steps)",
    "ops.LinSpace()(start, stop, num: steps)",
    "mint.linspace(start, end, steps, *, dtype=None)",
)
def linspace(start, end, *, steps, dtype=None):
    """`steps` numbers from `start` to `end`, evenly spaced, both included.

    Raises:
        ValueError: if an end is not a number, or `steps` is not positive.
    """
    start, end, dtype = _ends(start, end, dtype)
    steps = hashable(steps)
    if start.ndim or end.ndim:
        raise ValueError(f"For 'linspace', both ends must be numbers, but got shapes {start.shape} and {end.shape}.")
    if steps <= 0:
        raise ValueError(f"For 'linspace', 'steps' must be positive, but got {steps}.")
    return jnp.linspace(start, end, steps, dtype=dtype)


@op("numpy.linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0)")
def linspace_along(
    start, stop, *, num=50, endpoint=True, retstep=False, dtype=None, axis=0
) -> jax.Array | tuple[jax.Array, ...]:
    """`num` numbers from `start` to `stop`, evenly spaced, along a new axis; with `retstep` also the spacing."""
    start, stop, dtype = _ends(start, stop, dtype)
    numbers = jnp.linspace(start, stop, num, endpoint, dtype=dtype, axis=axis)
    return (numbers, (stop - start) / max(num - bool(endpoint), 1)) if retstep else numbers


@op(
    "ops.logspace(start, end, steps, base=10, *, dtype=mstype.float32)",
    "ops.LogSpace(steps=10, base=10, dtype=mstype.float32)(start, end)",
    numbers="base",
)
def logspace(start, end, *, steps, base=10, dtype=None):
    """base ** x for `steps` evenly spaced x from `start` to `end`."""
    start, end, dtype = _ends(start, end, dtype)
    return jnp.logspace(start, end, steps, base=base, dtype=dtype)


@op("numpy.logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0)")
def logspace_along(start, stop, *, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """base ** x for `num` evenly spaced x from `start` to `stop`, along a new axis."""
    start, stop, dtype = _ends(start, stop, dtype)
    return jnp.logspace(start, stop, num, endpoint, base, dtype, axis)


@op("numpy.geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0)")
def geomspace(start, stop, *, num=50, endpoint=True, dtype=None, axis=0):
    """`num` numbers from `start` to `stop` in geometric progression, along a new axis."""
    start, stop, dtype = _ends(start, stop, dtype)
    return jnp.geomspace(start, stop, num, endpoint, dtype, axis)


# -- grids -----------------------------------------------------------------------------------------------------------


def _grid(inputs, indexing, sparse=False):
    if len(inputs) == 1 and isinstance(inputs[0], list):
        inputs = inputs[0]
    if indexing not in ("xy", "ij"):
        raise ValueError(f"For 'meshgrid', 'indexing' must be 'xy' or 'ij', but got {indexing!r}.")
    return tuple(jnp.meshgrid(*map(array, inputs), indexing=indexing, sparse=sparse))


@op(
    "ops.meshgrid(*inputs, indexing='xy')",
    "numpy.meshgrid(*xi, sparse=False, indexing='xy')",
)
def meshgrid(*inputs, indexing="xy", sparse=False) -> tuple[jax.Array, ...]:
    """Coordinates of the grid that the vectors span; with "xy" the first two axes are swapped."""
    return _grid(inputs, indexing, sparse)


@op("mint.meshgrid(*tensors, indexing=None)")
def meshgrid_by_matrix_index(*inputs, indexing=None) -> tuple[jax.Array, ...]:
    """Coordinates of the grid that the vectors span; "ij" by default."""
    return _grid(inputs, indexing or "ij")


@op("ops.Meshgrid(indexing='xy')(inputs)")
def meshgrid_primitive(inputs, *, indexing="xy") -> tuple[jax.Array, ...]:
    """Coordinates of the grid that the vectors span; with "xy" the first two axes are swapped."""
    return _grid(inputs, indexing)


@op("numpy.indices(dimensions, dtype=mstype.int32, sparse=False)")
def indices(*, dimensions, dtype=None, sparse=False) -> tuple[jax.Array, ...]:
    """For each axis of a shape, the index along it of every place."""
    return tuple(jnp.indices(shape_of(dimensions), dtype_of(dtype), sparse))


@op("numpy.ix_(*args)")
def ix_(*args) -> tuple[jax.Array, ...]:
    """Index vectors reshaped so that they index the grid they span."""
    return tuple(jnp.ix_(*map(array, args)))


@op("ops.cartesian_prod(*inputs)")
def cartesian_prod(*inputs):
    """All tuples of an element of each vector, as rows; a single vector unchanged."""
    if len(inputs) == 1:
        return array(inputs[0])
    return jnp.stack([g.ravel() for g in jnp.meshgrid(*map(array, inputs), indexing="ij")], -1)


@op("ops.combinations(input, r=2, with_replacement=False)")
def combinations(x, *, r=2, with_replacement=False):
    """All combinations of `r` elements of a vector, as rows."""
    choose = combinations_with_replacement if with_replacement else _combinations
    places = np.array(list(choose(range(array(x).shape[0]), r)), np.int32).reshape(-1, r)
    return x[places]


@op("ops.vander(x, N: count=None)", "numpy.vander(x, N: count=None, increasing=False)")
def vander(x, *, count=None, increasing=False):
    """Powers of a vector's elements, as rows; decreasing from left to right by default."""
    x = array(x)
    count = x.shape[0] if count is None else count
    factors = jnp.concatenate([jnp.ones_like(x)[:, None], jnp.broadcast_to(x[:, None], (x.shape[0], count))], 1)
    powers = jnp.cumprod(factors[:, :count], 1, x.dtype)  # which has derivatives at 0, as a power has not
    return powers if increasing else powers[:, ::-1]
