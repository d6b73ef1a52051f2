"""Questions about a Tensor that are answered in Python: shape, dtype, size, kind of dtype."""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core import printing, trace
from msjax.core.tensor import is_tensor, raw
from msjax.ops.table import op, publish


def _tensor(x, what: str):
    """`x`, if it is an array; else a TypeError."""
    if x is None or isinstance(x, (bool, int, float, complex, list)):
        raise TypeError(f"For '{what}', the input must be a Tensor, but got {type(x).__name__}.")
    return x


@op("ops.shape(input_x)", "ops.Shape()(x)", "ops.shape_(x)", jit=False)
def shape(x) -> tuple[int, ...]:
    """The shape, as a tuple of ints."""
    return _tensor(x, "shape").shape


@op("ops.dyn_shape(input_x)", "ops.TensorShape()(input_x)", "ops.DynamicShape(dtype: _ = 9)(x)", jit=False)
def dyn_shape(x):
    """The shape, as an int64 Tensor."""
    return jnp.asarray(np.asarray(_tensor(x, "dyn_shape").shape, np.int64))


@op("ops.size(input_x)", "ops.numel(input)", "ops.Size()(input_x)", "numpy.size(a, axis=None)", jit=False)
def size(x, *, axis=None) -> int:
    """The number of elements, as an int; of one `axis`, if that is not None."""
    lengths = _tensor(x, "size").shape
    return math.prod(lengths) if axis is None else lengths[axis]


@op("ops.rank(input_x)", "ops.Rank()(x)", jit=False)
def rank(x) -> int:
    """The number of axes, as an int."""
    return _tensor(x, "rank").ndim


@op("ops.dtype(x)", "ops.DType()(x)", jit=False)
def dtype_(x) -> mstype.DType:
    """The dtype."""
    return mstype.of(_tensor(x, "dtype"))


@op("ops.is_complex(input)", "Tensor.is_complex()", jit=False)
def is_complex(x) -> bool:
    """Whether the dtype is complex."""
    return bool(jnp.issubdtype(_tensor(x, "is_complex").dtype, jnp.complexfloating))


@op("ops.is_floating_point(input)", "Tensor.is_floating_point()", jit=False)
def is_floating_point(x) -> bool:
    """Whether the dtype is one of floating point."""
    return bool(jnp.issubdtype(_tensor(x, "is_floating_point").dtype, jnp.floating))


@op("Tensor.is_signed()", jit=False)
def is_signed(x) -> bool:
    """Whether the dtype has negative numbers."""
    return not (x.dtype == np.bool_ or jnp.issubdtype(x.dtype, jnp.unsignedinteger))


publish("ops", is_tensor=is_tensor, tuple_len=len, list_len=len)


def array_str(a) -> str:
    """The elements as text."""
    return printing.to_str(trace.concrete(raw(a)))


def isscalar(element) -> bool:
    """Whether `element` is a Python number or string; a Tensor is not."""
    return isinstance(element, (bool, int, float, complex, str, np.generic))


publish("numpy", array_str=array_str, isscalar=isscalar)
