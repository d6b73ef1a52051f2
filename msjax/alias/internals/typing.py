"""Classes of dtypes, as `mindspore._c_expression.typing` has them."""

from __future__ import annotations

import inspect

from msjax.core import dtype


class _Family(type):
    """The classes of `mindspore._c_expression.typing`. Our dtypes are objects of one class; a family lists its own."""

    members: tuple

    def __instancecheck__(cls, value) -> bool:
        return isinstance(value, dtype.DType) and value in cls.members

    def __call__(cls, bits: int | None = None):
        """`typing.Int(32)` is `mindspore.int32`."""
        return cls.members[-1] if bits is None else str_to_type(f"{cls.__name__.lower()}{bits}")


_FAMILIES = {
    "Bool": (dtype.bool_,),
    "Int": (*dtype.int_type, dtype.int_),
    "UInt": (*dtype.uint_type, dtype.uint),
    "Float": (dtype.float16, dtype.float32, dtype.float64, dtype.float_),
    "BFloat": (dtype.bfloat16,),
    "Complex": (*dtype.complex_type, dtype.complex_),
    "Number": (dtype.bool_, *dtype.number_type, dtype.int_, dtype.uint, dtype.float_, dtype.complex_, dtype.number),
    "String": (dtype.string,),
    "TensorType": (dtype.tensor_type,),
    "Function": (dtype.function,),
    "Tuple": (dtype.tuple_,),
    "List": (dtype.list_,),
    "TypeNone": (dtype.type_none,),
}
globals().update({name: _Family(name, (), {"members": members}) for name, members in _FAMILIES.items()})


def str_to_type(name: str):
    """The dtype of a name, in lower or upper case: `"float32"`, `"Float32"`.

    Raises:
        TypeError: if there is no such dtype.
    """
    lower = {"bool": "bool_"}.get(name.lower(), name.lower())
    found = inspect.getattr_static(dtype, lower, None)
    if not isinstance(found, dtype.DType):
        raise TypeError(f"str_to_type: {name!r} is not the name of a dtype")
    return found
