"""New Tensors of one value: zeros, ones, full, empty, fill."""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np
from jax.export import is_symbolic_dim

from msjax.ops.call import promotion
from msjax.ops.call.arguments import dtype_of, hashable
from msjax.ops.call.operator import MOST_BYTES
from msjax.ops.call.promotion import array, cast
from msjax.ops.table import family, op


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


_VALUES = {"zeros": 0, "ones": 1}


@op(
    "ops.zeros(size: shape, dtype=None; name='zeros')",
    "ops.Zeros()(size: shape, dtype=None; name='zeros')",
    "ops.ones(shape, dtype=None; name='ones')",
    "ops.Ones()(shape, dtype=None; name='ones')",
    *family("name", _VALUES, "mint.{name}(size: shape, *, dtype=None)", "numpy.{name}(shape, dtype=mstype.float32)"),
    name="{name}",
)
def filled(*, shape, dtype=None, name="zeros"):
    """A Tensor of {name}, float32 by default."""
    return jnp.full(shape_of(shape), _VALUES[name], dtype_of(dtype) or np.float32)


@op(
    *family(
        "name",
        _VALUES,
        "ops.{name}_like(input, *, dtype=None)",
        "ops.{Name}Like()(x)",
        "mint.{name}_like(input, *, dtype=None)",
        "numpy.{name}_like(a, dtype=None, shape=None)",
        "Tensor.new_{name}(size: shape, dtype=None)",
    ),
    name="{name}_like",
)
def filled_like(x, *, dtype=None, shape=None, name="zeros"):
    """A Tensor of {name} with the input's shape and dtype."""
    x = array(x)
    return jnp.full(x.shape if shape is None else shape_of(shape), _VALUES[name], dtype_of(dtype) or x.dtype)


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
    "Tensor.new_full(size, fill_value, *, dtype=None)",
)
def full_like(x, fill_value, *, size=None, dtype=None):
    """A Tensor with the input's shape and dtype, filled with one value."""
    value = cast(array(fill_value), dtype or array(x).dtype)
    return jnp.broadcast_to(value, x.shape if size is None else shape_of(size))


@op("numpy.full_like(a, fill_value, dtype=None, shape: size=None)")
def full_like_value(x, fill_value, *, size=None, dtype=None):
    """A Tensor with the input's shape, filled with one value, of whose dtype it is; of the input's for a number or a
    bool."""
    value = array(fill_value)
    own = array(x).dtype if getattr(value, "weak_type", False) or value.dtype == np.bool_ else value.dtype
    return jnp.broadcast_to(cast(value, dtype or own), x.shape if size is None else shape_of(size))


@op("ops.eps(x)", "ops.Eps()(x)")
def eps(x):
    """The spacing of floats at 1 in the input's dtype, in its shape."""
    return jnp.full(x.shape, jnp.finfo(x.dtype).eps, x.dtype)


@op("ops.fill(type: dtype, shape, value)", "ops.Fill()(type: dtype, shape, value)")
def fill(value, *, dtype, shape):
    """A Tensor of one value."""
    return jnp.full(shape, promotion.cast(array(value), dtype))


@op("ops.FillV2()(shape, value)")
def fill_v2(value, *, shape):
    """A Tensor of one value, in the value's dtype."""
    return jnp.full(shape, value)


@op("ops.fills(x, value)", "ops.Fills()(x, value)")
def fills(x, value):
    """A Tensor of one value, in the shape and dtype of the input."""
    return jnp.full(x.shape, promotion.cast(array(value), x.dtype))
