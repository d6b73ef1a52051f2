"""MindSpore's dtypes: singletons such as `ms.float32`, and the ways to and from numpy's and Python's types."""

from __future__ import annotations

import builtins
import enum
from typing import Any

import jax.numpy as jnp
import numpy as np


class DType:
    """A MindSpore type.

    `numpy` is the numpy dtype of its elements, or None for a type that no array has (`ms.type_none`, `ms.number`).
    Each type exists once, also after pickling, so `x.dtype is ms.float32` and `x.dtype == ms.float32` agree.

    Args:
        name: its name in `msjax`, such as "float32".
        label: how `str` shows it, such as "Float32".
        numpy: the numpy dtype, if there is one.

    Example:
        >>> str(ms.float32), repr(ms.float32)
        ('Float32', 'mindspore.float32')
    """

    __slots__ = ("_label", "_name", "numpy")

    def __init__(self, name: str, label: str, numpy: Any = None):
        self._name, self._label = name, label
        self.numpy = None if numpy is None else np.dtype(numpy)

    @property
    def dtype(self) -> np.dtype | None:
        """The numpy dtype: numpy looks for it here, so that `np.dtype(ms.float32)` works, and JAX with it."""
        return self.numpy

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return 0 if self.numpy is None else self.numpy.itemsize

    @property
    def is_floating_point(self) -> builtins.bool:
        """Whether it is a type of real numbers, which does not hold for complex ones."""
        return self.numpy is not None and builtins.bool(jnp.issubdtype(self.numpy, jnp.floating))

    @property
    def is_complex(self) -> builtins.bool:
        """Whether it is a type of complex numbers."""
        return self.numpy is not None and self.numpy.kind == "c"

    @property
    def is_signed(self) -> builtins.bool:
        """Whether it has numbers below zero."""
        return self.is_floating_point or self.is_complex or (self.numpy is not None and self.numpy.kind == "i")

    def to_real(self) -> DType:
        """The type of real and imaginary parts; of what is not complex the type itself."""
        return {"complex64": float32, "complex128": float64}.get(self._name, self)

    def to_complex(self) -> DType:
        """The type of complex numbers with such parts.

        Raises:
            TypeError: for types other than bfloat16, float32, float64 and complex ones.
        """
        if self.is_complex:
            return self
        found = {"bfloat16": complex64, "float32": complex64, "float64": complex128}.get(self._name)
        if found is None:
            raise TypeError(f"Cannot convert type {self._name} to complex type.")
        return found

    def __str__(self) -> str:
        return self._label

    def __repr__(self) -> str:
        return f"mindspore.{self._name}"

    def __reduce__(self):
        return _by_name, (self._name,)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


_ELEMENT_TYPES = (
    ("bool", "Bool", np.bool_),
    ("int8", "Int8", np.int8),
    ("int16", "Int16", np.int16),
    ("int32", "Int32", np.int32),
    ("int64", "Int64", np.int64),
    ("uint8", "UInt8", np.uint8),
    ("uint16", "UInt16", np.uint16),
    ("uint32", "UInt32", np.uint32),
    ("uint64", "UInt64", np.uint64),
    ("float16", "Float16", np.float16),
    ("float32", "Float32", np.float32),
    ("float64", "Float64", np.float64),
    ("bfloat16", "BFloat16", jnp.bfloat16),
    ("complex64", "Complex64", np.complex64),
    ("complex128", "Complex128", np.complex128),
    ("float8_e4m3fn", "Float8E4M3FN", jnp.float8_e4m3fn),
    ("float8_e5m2", "Float8E5M2", jnp.float8_e5m2),
)
_ABSTRACT_TYPES = (
    ("int", "Int"),
    ("uint", "UInt"),
    ("float", "Float"),
    ("number", "Number"),
    ("complex", "Complex"),
    ("string_", "String"),
    ("tensor", "Tensor"),
    ("list_", "List"),
    ("tuple_", "Tuple"),
    ("dict_", "Dictionary"),
    ("slice", "Slice"),
    ("function", "Function"),
    ("symbolic_key", "SymType"),
    ("env_type", "EnvType"),
    ("type_type", "TypeType"),
    ("type_none", "NoneType"),
    ("type_ellipsis", "Ellipsis"),
    ("qint4x2", "QInt4x2"),
    ("hifloat8", "HiFloat8"),
)

_types = {name: DType(name, label, numpy) for name, label, numpy in _ELEMENT_TYPES}
_types |= {name: DType(name, label) for name, label in _ABSTRACT_TYPES}


def _by_name(name: str) -> DType:
    return _types[name]


int8, int16, int32, int64 = (_types[f"int{n}"] for n in (8, 16, 32, 64))
uint8, uint16, uint32, uint64 = (_types[f"uint{n}"] for n in (8, 16, 32, 64))
float16, float32, float64 = (_types[f"float{n}"] for n in (16, 32, 64))
bfloat16, complex64, complex128 = _types["bfloat16"], _types["complex64"], _types["complex128"]
bool_, int_, uint, float_, complex_ = (_types[n] for n in ("bool", "int", "uint", "float", "complex"))
number, string, tensor_type = _types["number"], _types["string_"], _types["tensor"]
list_, tuple_, dict_, slice_ = _types["list_"], _types["tuple_"], _types["dict_"], _types["slice"]
function, symbolic_key, env_type = _types["function"], _types["symbolic_key"], _types["env_type"]
type_type, type_none, type_ellipsis = _types["type_type"], _types["type_none"], _types["type_ellipsis"]
qint4x2, hifloat8 = _types["qint4x2"], _types["hifloat8"]
float8_e4m3fn, float8_e5m2 = _types["float8_e4m3fn"], _types["float8_e5m2"]

byte, short, intc, intp = int8, int16, int32, int64
ubyte, ushort, uintc, uintp = uint8, uint16, uint32, uint64
half, single, double = float16, float32, float64
long, cfloat, cdouble = int64, complex64, complex128
tensor = tensor_type

int_type = (int8, int16, int32, int64)
uint_type = (uint8, uint16, uint32, uint64)
float_type = (float16, float32, float64, bfloat16)
complex_type = (complex64, complex128)
signed_type = int_type + float_type
number_type = int_type + uint_type + float_type + complex_type
all_types = (bool_, *number_type)

Type = DType
Int, Float, Bool, UInt, Complex = DType, DType, DType, DType, DType

_from_numpy = {t.numpy: t for t in _types.values() if t.numpy is not None}
_from_python = {
    builtins.bool: bool_,
    builtins.int: int64,
    builtins.float: float32,
    builtins.complex: complex128,
    str: string,
    list: list_,
    tuple: tuple_,
    dict: dict_,
    type(None): type_none,
}
_to_python = {t: python for python, t in _from_python.items() if t.numpy is None}
_to_python |= {int_: builtins.int, float_: builtins.float}


def of(array: Any) -> DType:
    """The DType of a jax or numpy array.

    Raises:
        TypeError: if MindSpore has no such dtype.
    """
    try:
        return _from_numpy[array.dtype]
    except KeyError:
        raise TypeError(f"MindSpore has no dtype for arrays of {array.dtype}.") from None


def element_type(dtype: Any) -> np.dtype:
    """The numpy dtype meant by a DType, a numpy dtype, a Python type or a name such as "float32".

    Raises:
        TypeError: if `dtype` names no dtype of MindSpore's.
    """
    if isinstance(dtype, DType) and dtype.numpy is not None:
        return dtype.numpy
    if isinstance(dtype, type) and dtype in _from_python:
        dtype = _from_python[dtype]
        if dtype.numpy is not None:
            return dtype.numpy
    elif dtype is not None and not isinstance(dtype, DType):
        if isinstance(dtype, str):
            dtype = "bool" if dtype.lower() in ("bool_", "bool") else dtype.lower()
            if dtype in _types and (known := _types[dtype].numpy) is not None:
                return known
        try:
            element = np.dtype(dtype)
        except TypeError:
            element = None
        if element is not None and element in _from_numpy:
            return element
    raise TypeError(f"'dtype' must be a mindspore dtype such as mindspore.float32, but got {dtype!r}.")


def dtype_to_nptype(type_: Any) -> Any:
    """The numpy scalar type of a MindSpore dtype.

    Args:
        type_: a dtype.

    Returns:
        A class, such as `numpy.int8`. That of bfloat16 is the one of the package ml_dtypes.

    Example:
        >>> ms.dtype_to_nptype(ms.int8)
        <class 'numpy.int8'>
    """
    return element_type(type_).type


def dtype_to_pytype(type_: Any) -> Any:
    """The Python type nearest to a MindSpore dtype.

    Args:
        type_: a dtype.

    Returns:
        bool, int, float, complex, str, list, tuple, ...

    Example:
        >>> ms.dtype_to_pytype(ms.bool_)
        <class 'bool'>
    """
    if type_ in _to_python:
        return _to_python[type_]
    kind = element_type(type_).kind
    return {"b": builtins.bool, "i": builtins.int, "u": builtins.int, "c": builtins.complex}.get(kind, builtins.float)


def pytype_to_dtype(obj: Any) -> Any:
    """The MindSpore dtype of a Python or numpy type.

    Args:
        obj: the type. A MindSpore dtype is given back.

    Returns:
        A dtype.

    Raises:
        NotImplementedError: if there is none.

    Example:
        >>> ms.pytype_to_dtype(int)
        mindspore.int64
    """
    if isinstance(obj, DType):
        return obj
    if obj in _from_python:
        return float64 if obj is builtins.float else _from_python[obj]
    try:
        return _from_numpy[np.dtype(obj)]
    except (TypeError, KeyError):
        raise NotImplementedError(f"Unsupported convert python type {obj} to MindSpore type.") from None


def get_py_obj_dtype(obj: Any) -> Any:
    """The MindSpore dtype of a Python object: `ms.tensor_type` with its elements' dtype is reported for a Tensor.

    Args:
        obj: a number, a Tensor, a function, a type, ...

    Returns:
        A dtype; of a function `ms.common.dtype.function`.

    Example:
        >>> ms.get_py_obj_dtype(1)
        mindspore.int64
    """
    if hasattr(obj, "asnumpy"):
        return obj.dtype
    if isinstance(obj, type):
        return pytype_to_dtype(obj)
    if callable(obj):
        return function
    return pytype_to_dtype(type(obj))


def issubclass_(type_: Any, dtype: Any) -> builtins.bool:
    """Whether `type_` is `dtype` or of the group that `dtype` stands for (`int_`, `float_`, `uint`, `number`).

    Args:
        type_: the dtype in question.
        dtype: a dtype or a group of them.

    Returns:
        A bool.

    Example:
        >>> ms.common.dtype.issubclass_(ms.int32, ms.common.dtype.int_)
        True
    """
    groups = {int_: int_type, uint: uint_type, float_: float_type, complex_: complex_type, number: number_type}
    return type_ is dtype or type_ in groups.get(dtype, ())


class _Quantized(enum.Enum):
    """Kinds of quantized numbers."""

    def value(self) -> int:
        """The number of the type."""
        return self._value_

    def __str__(self) -> str:
        return self.name


QuantDtype = _Quantized(
    "QuantDtype",
    {f"{sign}INT{bits}": start + bits - 1 for sign, start in (("", 0), ("U", 100)) for bits in range(1, 17)},
)

__all__ = [
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64",
    "bfloat16", "complex64", "complex128", "bool_", "byte", "short", "intc", "intp", "ubyte", "ushort", "uintc",
    "uintp", "half", "single", "double", "long", "cfloat", "cdouble",
    "int_", "uint", "float_", "number", "string", "tensor_type", "list_", "tuple_", "type_none", "type_type",
    "function", "symbolic_key", "env_type", "hifloat8", "float8_e4m3fn", "float8_e5m2", "qint4x2",
    "dtype_to_nptype", "dtype_to_pytype", "pytype_to_dtype", "get_py_obj_dtype", "issubclass_", "Type",
]  # fmt: skip


_OF_BUILTINS = {"bool": bool_, "int": int32, "float": float32, "complex": complex_, "slice": slice_}


def __getattr__(name: str):
    # Under their own names these would shadow the builtins inside this module.
    if name in _OF_BUILTINS:
        return _OF_BUILTINS[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
