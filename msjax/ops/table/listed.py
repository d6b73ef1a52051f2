"""What the faces of a room that works as numpy does have beyond their rows (`Room.lists`): lists of numbers count as
Tensors, Python numbers as int32 or float32, and a `dtype` that the definition does not know casts the result."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from msjax.core import dtype as mstype
from msjax.core.opaque import Number
from msjax.core.tensor import Tensor, wrap
from msjax.ops.table.signature import IGNORED, Face

_GIVE_LISTS = {"atleast_1d", "atleast_2d", "atleast_3d", "indices", "meshgrid"}  # not tuples
_NARROW = {"copysign", "maximum", "minimum"}  # keep the Tensor's dtype, whatever number is beside it
# What takes numbers as Tensors always, and what takes them as they are; all others do if there is no Tensor.
_OF_TENSORS = set("copysign intersect1d polyadd polyint polymul polysub polyval setdiff1d".split())
_OF_NUMBERS = {"around", "cumprod", "round"}
_OF_LISTS = {"histogramdd"}  # have another meaning for a list of lists than for a Tensor


def without_cast(face: Face) -> Face:
    """The face without the `dtype` that its definition does not know."""
    return face if "dtype" in face.operator.statics else face.feeding({"dtype": IGNORED})


def taking_lists(function: Callable, faces: list[Face]) -> Callable:
    """`function`, made of `faces`, with what such a room adds."""
    face = faces[0]
    own = face.call.names
    arrays = {name for name, target in face.targets.items() if target in face.operator.arrays}
    casts = any(f.targets.get("dtype") == IGNORED for f in faces)
    widens = own[:2] == ["x1", "x2"] and face.name not in _NARROW
    starred, gives_list = face.operator.variadic, face.name in _GIVE_LISTS
    to_array = each_array_like if face.name in _OF_LISTS else array_like

    def each(change: Callable, args, kwargs) -> tuple[list, dict]:
        """The arguments, of which those that are arrays are changed."""
        args = [change(a) if starred or (i < len(own) and own[i] in arrays) else a for i, a in enumerate(args)]
        return args, {k: change(v) if k in arrays else v for k, v in kwargs.items()}

    @functools.wraps(function)
    def called(*args, **kwargs):
        args, kwargs = each(to_array, args, kwargs)
        counts = face.name not in _OF_NUMBERS and not any(map(_has_numbers, (*args, *kwargs.values())))
        if counts or face.name in _OF_TENSORS:
            args, kwargs = each(counted, args, kwargs)
        if widens and len(args) > 1:
            args[:2] = beside(*args[:2]), beside(args[1], args[0])
        result = function(*args, **kwargs)
        if gives_list and isinstance(result, tuple):
            return list(result)
        dtype = kwargs.get("dtype", args[own.index("dtype")] if casts and len(args) > own.index("dtype") else None)
        return result.astype(dtype) if casts and dtype is not None else result

    return called


_WIDE = {int: ({"Bool", "Int8", "Int16", "UInt8"}, "int32"), float: ({"Float16", "BFloat16"}, "float32")}


def beside(value, other):
    """A Tensor beside a Python number, in a dtype as wide as the number's: int32 or float32."""
    kind = type(getattr(other, "value", other))  # of a number that changes, its value
    if kind not in _WIDE or not isinstance(value, Tensor):
        return value
    narrow, wide = _WIDE[kind]
    return value.astype(wide) if str(value.dtype) in narrow else value


_COUNTED = {int: mstype.int32, float: mstype.float32}


def counted(value):
    """A Python number as a Tensor: int32 or float32; anything else unchanged."""
    kind = type(getattr(value, "value", value))
    if kind not in _COUNTED or isinstance(value, Tensor):
        return value
    dtype = _COUNTED[kind]
    return wrap(value.array(dtype.numpy)) if isinstance(value, Number) else Tensor(value, dtype)


def _has_numbers(value) -> bool:
    """Whether it is a Tensor that says of which dtype numbers beside it are; a condition does not."""
    return isinstance(value, Tensor) and value.dtype != mstype.bool_


def each_array_like(value):
    """`array_like` of each part of a list or tuple."""
    return list(map(array_like, value)) if isinstance(value, (list, tuple)) else value


def array_like(value):
    """Nested lists and tuples of numbers as a Tensor: int32, float32 or bool; so are those in a list of others."""
    if not isinstance(value, (list, tuple)):
        return value
    if not _of_numbers(value):
        return type(value)(map(array_like, value)) if type(value) in (list, tuple) else value
    tensor = Tensor(list(value))
    return tensor if tensor.dtype.numpy != np.int64 else tensor.astype("int32")


def _of_numbers(value) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_of_numbers, value))
    return isinstance(value, (bool, int, float, complex))
