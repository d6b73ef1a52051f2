"""Dtypes of Tensors: cast and astype, the methods named after dtypes, and numbers as Tensors."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core.opaque import Number
from msjax.core.tensor import Tensor, raw, share
from msjax.core.view import owner
from msjax.ops.call import arguments, promotion
from msjax.ops.call.promotion import array
from msjax.ops.table import lookup, op, publish


@op("ops.cast(input, dtype)", "ops.Cast()(input_x, dtype)", casts=True)
def cast(x, *, dtype):
    """The elements in another dtype; floats are cut off to integers. A Tensor that has the dtype is returned itself.

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
    """`self` in a MindSpore dtype; if it has that already, its elements are shared, but those of a view are copied."""
    if mstype.of(raw(self)) is dtype:
        return share(self) if owner(self)._view is None else self.copy()
    return lookup("ops", "cast")(self, dtype)


_PYTHON_FLOAT = np.dtype(np.float64)  # unlike elsewhere: astype(float) follows numpy


def astype(self: Tensor, dtype, copy=True) -> Tensor:
    """The elements in another dtype: a MindSpore or numpy dtype, a Python type, or a name such as "float32".

    Args:
        dtype: the dtype.
        copy: if False, a Tensor that has the dtype is returned itself. Else its elements are shared, those of a view
            copied.

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
    return self if not copy and self.dtype is dtype else to_dtype(self, dtype)


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
    return self if self.dtype is other.dtype else to_dtype(self, other.dtype)


def _named_cast(name: str, dtype: mstype.DType):
    def method(self) -> Tensor:
        return to_dtype(self, dtype)

    method.__name__, method.__qualname__ = name, f"Tensor.{name}"
    method.__doc__ = f"The elements as {dtype}.\n\nReturns:\n    A Tensor of the same shape."
    return method


_DTYPES = {
    "float": mstype.float32, "half": mstype.float16, "double": mstype.float64, "bfloat16": mstype.bfloat16,
    "int": mstype.int32, "long": mstype.int64, "short": mstype.int16, "byte": mstype.uint8, "bool": mstype.bool_,
}  # fmt: skip


def typed(input: Tensor, other: Tensor) -> Tensor:
    """The elements in the dtype of `other`.

    Args:
        input: a Tensor.
        other: a Tensor.

    Returns:
        A Tensor of the input's shape.

    Example:
        >>> ops.type_as(Tensor([1]), Tensor([1.5])).dtype
        mindspore.float32
    """
    return to_dtype(input, other.dtype)


typed.__name__ = typed.__qualname__ = "type_as"
publish("ops", type_as=typed)
publish("Tensor", astype=astype, to=to, type=type_, type_as=type_as)
publish("Tensor", **{name: _named_cast(name, dtype) for name, dtype in _DTYPES.items()})


# -- from Python values ----------------------------------------------------------------------------------------------


@op("ops.scalar_to_tensor(input_x, dtype=mstype.float32)", "ops.ScalarToTensor()(x, dtype=mstype.float32)", jit=False)
def scalar_to_tensor(x, *, dtype=mstype.float32):
    """A Tensor without axes of a Python number.

    Raises:
        TypeError: if it is not a number.
    """
    if isinstance(x, Number):
        return x.array(mstype.element_type(dtype))
    if not isinstance(x, (bool, int, float)):
        raise TypeError(f"For 'scalar_to_tensor', the input must be a number, but got {type(x).__name__}.")
    return jnp.asarray(x, mstype.element_type(dtype))


@op("ops.scalar_to_array(input_x)", "ops.ScalarToArray()(input_x)", jit=False)
def scalar_to_array(x):
    """A Tensor without axes of a Python number: bool, int64 or float32.

    Raises:
        TypeError: if it is not a number.
    """
    if isinstance(x, Number):
        return x.array(np.float32 if isinstance(x.value, float) else np.int64)
    if not isinstance(x, (bool, int, float)):
        raise TypeError(f"For 'scalar_to_array', the input must be a number, but got {type(x).__name__}.")
    return jnp.asarray(x, np.float32 if isinstance(x, float) else None)


@op("ops.tuple_to_array(input_x: x)", "ops.TupleToArray()(input_x: x)", jit=False)
def tuple_to_array(*, x):
    """A Tensor of a tuple of numbers, or of a range: int32 or float32.

    Raises:
        TypeError: if the numbers are of different types.
    """
    if len({type(v) for v in x}) > 1:
        raise TypeError("For 'tuple_to_array', all elements must be of the same type.")
    return jnp.asarray([arguments.argument(v) for v in x], np.float32 if isinstance(x[0], float) else np.int32)


@op("ops.scalar_cast(input_x, input_y: dtype)", "ops.ScalarCast()(input_x, input_y: dtype)", jit=False)
def scalar_cast(x, *, dtype):
    """A Python number as another kind of number."""
    return mstype.dtype_to_pytype(dtype)(x)


def promote_types(type1, type2):
    """The smallest dtype that both can be converted to."""
    return mstype.of(np.empty(0, jnp.promote_types(mstype.element_type(type1), mstype.element_type(type2))))


def result_type(*arrays_and_dtypes):
    """The dtype of an operation on the arguments: Tensors, numbers, lists or dtypes."""
    found = [_dtype_of_any(a) for a in arrays_and_dtypes]
    strong = [d for d, weak in found if not weak]
    weak = [{"i": 0, "f": 0.0, "b": False, "c": 0j}[d.kind] for d, is_weak in found if is_weak]
    dtype = jnp.result_type(*strong, *weak)
    if dtype == np.float64 and np.dtype(np.float64) not in strong:
        dtype = np.dtype(np.float32)
    return mstype.of(np.empty(0, dtype))


def _dtype_of_any(value) -> tuple[np.dtype, bool]:
    if isinstance(value, Tensor):
        return mstype.element_type(value.dtype), False
    if isinstance(value, (bool, int, float, complex)):
        return np.dtype(type(value)), True
    if isinstance(value, (list, tuple)):
        return mstype.element_type(Tensor(list(value)).dtype), False
    return mstype.element_type(value), False


publish("numpy", promote_types=promote_types, result_type=result_type)
