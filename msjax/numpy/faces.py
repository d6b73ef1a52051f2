"""What numpy's faces have beyond the table's: lists of numbers count as Tensors, Python numbers as
int32 or float32, and `dtype` casts the result."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np

from msjax.core.tensor import Tensor
from msjax.ops import table
from msjax.ops.arrays.casting import astype
from msjax.ops.table import faces
from msjax.ops.table.signature import Face, Signature

_LISTED = {"atleast_1d", "atleast_2d", "atleast_3d", "indices", "meshgrid"}  # give a list, not a tuple
_NARROW = {"copysign", "maximum", "minimum"}  # keep the Tensor's dtype, whatever number is beside it


def lookup(name: str):
    """The function `name` of `msjax.numpy`.

    Raises:
        AttributeError: if the table has none.
    """
    room = table.rooms["numpy"]
    if name in room.made or name not in room.rows:
        return table.lookup("numpy", name)
    declared = room.faces(name)
    return _with_lists(faces.build([_ignoring_dtype(f) for f in declared]), declared)


def _ignoring_dtype(face: Face) -> Face:
    if not _casts(face):
        return face
    parameters = tuple(replace(p, target=faces.IGNORED) if p.name == "dtype" else p for p in face.call.parameters)
    return replace(face, call=Signature(parameters))


def _casts(face: Face) -> bool:
    return "dtype" in face.call.names and "dtype" not in face.operator.statics


def _with_lists(function, declared: list[Face]):
    """`function`, taking lists where its definition takes arrays."""
    face = declared[0]
    own = [p.name for p in face.call.parameters]
    targets = faces._targets(_ignoring_dtype(face), _ignoring_dtype(face).call)
    arrays = {name for name, target in targets.items() if target in face.operator.arrays}
    casts = any(map(_casts, declared))
    widens = own[:2] == ["x1", "x2"] and face.name not in _NARROW
    starred, listed = face.operator.variadic, face.name in _LISTED

    @functools.wraps(function)
    def called(*args, **kwargs):
        args = [array_like(a) if starred or (i < len(own) and own[i] in arrays) else a for i, a in enumerate(args)]
        kwargs = {k: array_like(v) if k in arrays else v for k, v in kwargs.items()}
        if widens and len(args) > 1:
            args[:2] = beside(*args[:2]), beside(args[1], args[0])
        result = function(*args, **kwargs)
        if listed and isinstance(result, tuple):
            return list(result)
        dtype = kwargs.get("dtype", args[own.index("dtype")] if casts and len(args) > own.index("dtype") else None)
        return astype(result, dtype) if casts and dtype is not None else result

    return called


_WIDE = {int: ({"Bool", "Int8", "Int16", "UInt8"}, "int32"), float: ({"Float16", "BFloat16"}, "float32")}


def beside(value, other):
    """A Tensor beside a Python number, in a dtype as wide as the number's: int32 or float32."""
    kind = type(getattr(other, "value", other))  # of a number that changes, its value
    if kind not in _WIDE or not isinstance(value, Tensor):
        return value
    narrow, wide = _WIDE[kind]
    return astype(value, wide) if str(value.dtype) in narrow else value


def array_like(value):
    """Nested lists and tuples of numbers as a Tensor: int32, float32 or bool; anything else unchanged."""
    if not isinstance(value, (list, tuple)) or not _of_numbers(value):
        return value
    tensor = Tensor(list(value))
    return tensor if tensor.dtype.numpy != np.int64 else astype(tensor, "int32")


def _of_numbers(value) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_of_numbers, value))
    return isinstance(value, (bool, int, float, complex))
