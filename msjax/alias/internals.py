"""Small internal names of MindSpore's that programs reach for, though no page of its documentation lists them."""

from __future__ import annotations

import functools
import inspect

from msjax.core import dtype

__all__ = ["deprecated", "is_dim_unknown", "is_shape_unknown"]


def is_shape_unknown(shape) -> bool:
    """Whether a shape has an axis, or a number of axes, that is not known. No shape of ours is, but scripts ask."""
    return any(size < 0 for size in shape)


def is_dim_unknown(shape) -> bool:
    """Whether a shape says that even the number of axes is unknown."""
    return tuple(shape) == (-2,)


def deprecated(version: str, substitute: str, use_substitute_name: bool = False, module_prefix: str = ""):
    """A decorator that warns, once per call site of Python's warning filters, that a name is on its way out."""

    def decorate(function):
        @functools.wraps(function, updated=())
        def call(*args, **kwargs):
            import warnings

            old = f"{module_prefix}{function.__name__}"
            warnings.warn(f"{old!r} is deprecated since {version}: use {substitute!r}", FutureWarning, stacklevel=2)
            return function(*args, **kwargs)

        return call

    return decorate


def _get_cache_prim(primitive: type):
    """A constructor of `primitive` that gives the same object again for the same arguments."""

    @functools.wraps(primitive, updated=())
    def build(*args, **kwargs):
        try:
            return _cached(primitive, args, tuple(sorted(kwargs.items())))
        except TypeError:  # an argument that cannot be hashed
            return primitive(*args, **kwargs)

    return build


@functools.lru_cache(maxsize=1024, typed=True)
def _cached(primitive: type, args: tuple, kwargs: tuple):
    return primitive(*args, **dict(kwargs))


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
