"""Dtypes of Tensors: cast and astype, the methods named after dtypes, and questions about dtype and shape."""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core.tensor import Tensor, is_tensor, raw, share
from msjax.ops.call import promotion
from msjax.ops.call.promotion import array
from msjax.ops.table import lookup, op, publish


@op("ops.cast(input, dtype)", "ops.Cast()(input_x, dtype)", casts=True)
def cast(x, *, dtype):
    """The elements in another dtype; floats are cut off to integers.

    Raises:
        TypeError: if `dtype` is not a MindSpore dtype.

    Example:
        >>> ops.cast(Tensor([1.5, 2.5]), ms.int32)
        Tensor(shape=[2], dtype=Int32, value= [1, 2])
    """
    if not isinstance(dtype, mstype.DType):
        raise TypeError(f"For 'cast', 'dtype' must be a mindspore dtype such as mindspore.float32, but got {dtype!r}.")
    return promotion.cast(array(x), dtype)


def to_dtype(self: Tensor, dtype) -> Tensor:
    """`self` in a MindSpore dtype; shared, not copied, if it has that already."""
    if mstype.of(raw(self)) is dtype:
        return share(self)
    return lookup("ops", "cast")(self, dtype)


_PYTHON_FLOAT = np.dtype(np.float64)  # unlike elsewhere: astype(float) follows numpy


def astype(self: Tensor, dtype, copy=True) -> Tensor:
    """The elements in another dtype: a MindSpore or numpy dtype, a Python type, or a name such as "float32".

    Args:
        dtype: the dtype.
        copy: accepted; elements that have that dtype are shared.

    Returns:
        A Tensor of the same shape.

    Raises:
        TypeError: if `dtype` is none of these.

    Example:
        >>> Tensor([1.7]).astype("int32").tolist()
        [1]
    """
    if not isinstance(dtype, mstype.DType) or dtype.numpy is None:
        dtype = mstype.of(np.empty(0, _PYTHON_FLOAT if dtype is float else mstype.element_type(dtype)))
    return to_dtype(self, dtype)


def to(self: Tensor, *args, dtype=None, device=None, other=None, non_blocking=False, copy=False) -> Tensor:
    """This Tensor in the dtype named by an argument: a dtype, or a Tensor that has it. Devices are JAX's business.

    Args:
        args: a dtype, a device, a Tensor or a bool, in any order.
        dtype: the dtype.
        device, non_blocking, copy: accepted.
        other: a Tensor, whose dtype is meant.

    Returns:
        A Tensor of the same shape; this one, if nothing changes.

    Raises:
        TypeError: if an argument is neither a dtype, a device, a Tensor nor a bool.

    Example:
        >>> Tensor([1.5]).to(ms.float16).dtype
        mindspore.float16
    """
    for argument in (*args, dtype, device, other):
        if isinstance(argument, Tensor):
            dtype = argument.dtype
        elif isinstance(argument, mstype.DType):
            dtype = argument
        elif argument is not None and not isinstance(argument, (str, bool)):
            raise TypeError(f"to() takes a mindspore dtype, a device or a Tensor, but got {argument!r}.")
    return self if dtype is None else to_dtype(self, dtype)


def type_(self: Tensor, dtype=None):
    """The name of the dtype, such as "Float32"; or the elements in another dtype, if one is given.

    Args:
        dtype: as for `astype`.

    Returns:
        A text, or a Tensor.

    Example:
        >>> Tensor([1.5]).type()
        'Float32'
    """
    return str(self.dtype) if dtype is None else astype(self, dtype)


def type_as(self: Tensor, other: Tensor) -> Tensor:
    """The elements in the dtype of `other`.

    Args:
        other: a Tensor.

    Returns:
        A Tensor of this one's shape.

    Example:
        >>> Tensor([1]).type_as(Tensor([1.5])).dtype
        mindspore.float32
    """
    return to_dtype(self, other.dtype)


def _named_cast(name: str, dtype: mstype.DType):
    def method(self) -> Tensor:
        return to_dtype(self, dtype)

    method.__name__, method.__qualname__ = name, f"Tensor.{name}"
    method.__doc__ = f"The elements as {dtype}.\n\nReturns:\n    A Tensor of the same shape."
    return method


for name, method in (("astype", astype), ("to", to), ("type", type_), ("type_as", type_as)):
    setattr(Tensor, name, method)
for name, dtype in {
    "float": mstype.float32, "half": mstype.float16, "double": mstype.float64, "bfloat16": mstype.bfloat16,
    "int": mstype.int32, "long": mstype.int64, "short": mstype.int16, "byte": mstype.uint8, "bool": mstype.bool_,
}.items():  # fmt: skip
    setattr(Tensor, name, _named_cast(name, dtype))


# -- questions about a Tensor, answered in Python --------------------------------------------------------------------


def _question(*faces: str):
    """Declare a definition whose result is a Python value, for Tensors only."""

    def declare(answer):
        def definition(x):
            if x is None or isinstance(x, (bool, int, float, complex, list)):
                raise TypeError(f"For '{answer.__name__}', the input must be a Tensor, but got {type(x).__name__}.")
            return answer(x)

        definition.__name__, definition.__doc__ = answer.__name__, answer.__doc__
        definition.__annotations__ = answer.__annotations__
        return op(*faces, jit=False)(definition)

    return declare


@_question("ops.shape(input_x)", "ops.Shape()(x)", "ops.shape_(x)")
def shape(x) -> tuple[int, ...]:
    """The shape, as a tuple of ints."""
    return x.shape


@_question("ops.dyn_shape(input_x)", "ops.TensorShape()(input_x)", "ops.DynamicShape(dtype: _ = 9)(x)")
def dyn_shape(x):
    """The shape, as an int64 Tensor."""
    return jnp.asarray(np.asarray(x.shape, np.int64))


@_question("ops.size(input_x)", "ops.numel(input)", "ops.Size()(input_x)")
def size(x) -> int:
    """The number of elements, as an int."""
    return math.prod(x.shape)


@_question("ops.rank(input_x)", "ops.Rank()(x)")
def rank(x) -> int:
    """The number of axes, as an int."""
    return x.ndim


@_question("ops.dtype(x)", "ops.DType()(x)")
def dtype_(x) -> mstype.DType:
    """The dtype."""
    return mstype.of(x)


@_question("ops.is_complex(input)", "Tensor.is_complex()")
def is_complex(x) -> bool:
    """Whether the dtype is complex."""
    return bool(jnp.issubdtype(x.dtype, jnp.complexfloating))


@_question("ops.is_floating_point(input)", "Tensor.is_floating_point()")
def is_floating_point(x) -> bool:
    """Whether the dtype is one of floating point."""
    return bool(jnp.issubdtype(x.dtype, jnp.floating))


@_question("Tensor.is_signed()")
def is_signed(x) -> bool:
    """Whether the dtype has negative numbers."""
    return not (x.dtype == np.bool_ or jnp.issubdtype(x.dtype, jnp.unsignedinteger))


publish("ops", is_tensor=is_tensor, tuple_len=len, list_len=len)


# -- from Python values ----------------------------------------------------------------------------------------------


@op("ops.scalar_to_tensor(input_x, dtype=mstype.float32)", "ops.ScalarToTensor()(x, dtype=mstype.float32)", jit=False)
def scalar_to_tensor(x, *, dtype=mstype.float32):
    """A Tensor without axes of a Python number.

    Raises:
        TypeError: if it is not a number.
    """
    if not isinstance(x, (bool, int, float)):
        raise TypeError(f"For 'scalar_to_tensor', the input must be a number, but got {type(x).__name__}.")
    return jnp.asarray(x, mstype.element_type(dtype))


@op("ops.tuple_to_array(input_x)", "ops.TupleToArray()(input_x)", jit=False)
def tuple_to_array(x):
    """A Tensor of a tuple of numbers: int32 or float32.

    Raises:
        TypeError: if the numbers are of different types.
    """
    if len({type(v) for v in x}) > 1:
        raise TypeError("For 'tuple_to_array', all elements must be of the same type.")
    return jnp.asarray(x, np.float32 if isinstance(x[0], float) else np.int32)


@op("ops.scalar_cast(input_x, input_y: dtype)", "ops.ScalarCast()(input_x, input_y: dtype)", jit=False)
def scalar_cast(x, *, dtype):
    """A Python number as another kind of number."""
    return mstype.dtype_to_pytype(dtype)(x)


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
