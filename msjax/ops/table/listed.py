"""What the faces of a room that works as numpy does have beyond their rows (`Room.lists`): lists of numbers count as
Tensors, Python numbers as int32 or float32, and a `dtype` that the definition does not know casts the result."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from msjax.core.tensor import Tensor
from msjax.ops.table.signature import IGNORED, Face

_GIVE_LISTS = {"atleast_1d", "atleast_2d", "atleast_3d", "indices", "meshgrid"}  # not tuples
_NARROW = {"copysign", "maximum", "minimum"}  # keep the Tensor's dtype, whatever number is beside it


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

    @functools.wraps(function)
    def called(*args, **kwargs):
        args = [array_like(a) if starred or (i < len(own) and own[i] in arrays) else a for i, a in enumerate(args)]
        kwargs = {k: array_like(v) if k in arrays else v for k, v in kwargs.items()}
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


def array_like(value):
    """Nested lists and tuples of numbers as a Tensor: int32, float32 or bool; anything else unchanged."""
    if not isinstance(value, (list, tuple)) or not _of_numbers(value):
        return value
    tensor = Tensor(list(value))
    return tensor if tensor.dtype.numpy != np.int64 else tensor.astype("int32")


def _of_numbers(value) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_of_numbers, value))
    return isinstance(value, (bool, int, float, complex))
