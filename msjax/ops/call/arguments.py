"""What an operator takes, as its function receives it: arrays for handles and numbers, static arguments as keys."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core import trace
from msjax.core.mutable import unmarked
from msjax.core.opaque import Number
from msjax.core.sameness import elements
from msjax.core.tensor import Tensor, raw
from msjax.core.view import current, undisturbed
from msjax.shims.lengths import is_length, number_of

Tracer = trace.Tracer
_frames = trace._stack
_SCALARS = (bool, int, float, complex)
_MOST_NUMBERS = 4096


def check_int(value: int) -> None:
    """Raise RuntimeError for an int of more than 64 bits."""
    if not -(2**63) <= value < 2**63:
        raise RuntimeError(f"Unable to cast Python instance of type <class 'int'> to C++ type 'long': {value}.")


def own(tensor):
    """The Tensor that a method is called on; `Tensor.add([1], [2])` has none."""
    if isinstance(tensor, Tensor):
        return tensor
    raise TypeError(f"A method of Tensor is called on a Tensor, but got {type(tensor).__name__}: {tensor!r:.60}.")


def only_tensor(value, name: str):
    """`value`, which must be a Tensor; an array of JAX's is one, too."""
    if isinstance(value, (Tensor, jax.Array)) or hasattr(value, "__jax_array__"):
        return value
    value = value.value if isinstance(value, Number) else value
    shown = f" {value!r:.60}" if isinstance(value, (*_SCALARS, str)) else ""
    raise TypeError(f"The '{name}' must be a Tensor, but got {type(value).__name__}{shown}.")


def only_tensors(values, name: str):
    """`values`, which must be Tensors, or lists or tuples of them."""
    for value in values if isinstance(values, (list, tuple)) else (values,):
        (only_tensors if isinstance(value, (list, tuple)) else only_tensor)(value, name)
    return values


def argument(value):
    """What an operator's function receives for a handle, a number or a list of them."""
    if isinstance(value, Tensor):
        if _frames.frames:
            return raw(value)
        return undisturbed(value) if trace.busy else value._array if value._view is None else current(value)
    kind = type(value)
    if kind in _SCALARS:
        if kind is int:
            check_int(value)
        return value
    if value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [argument(v) for v in value]
    return _foreign(value)


def jitted_argument(value):
    """The same for a function that is jitted."""
    result = argument(value)
    return number(result) if result.__class__ in _SCALARS and not _frames.frames else result


_numbers: dict = {}


def number(value):
    """A Python number, from its second use on as the weakly typed array that it becomes anyway: a jitted function takes
    that several times faster. A number that is used once, such as a step's learning rate, is not worth an array."""
    key = type(value), value
    found = _numbers.get(key)
    if found is not None:
        return found
    if type(value) is bool or (not value and type(value) is not int):  # 0.0 and -0.0 are one key
        return value
    if type(value) is int:
        check_int(value)
    if key not in _numbers:
        if len(_numbers) >= _MOST_NUMBERS:
            _numbers.clear()
        _numbers[key] = None
        return value
    made = jnp.asarray(value)
    if isinstance(made, Tracer):  # inside a jax.jit of the user's
        return value
    _numbers[key] = made
    return made


def _foreign(value):
    if isinstance(value, (jax.Array, Number)):
        return value
    if isinstance(value, np.generic):
        return value.item()  # weak, as a Python number is
    if isinstance(value, _SCALARS):
        return unmarked(value)
    if is_length(value):
        return number_of(value)
    if hasattr(value, "__jax_array__"):
        return value.__jax_array__()
    raise TypeError(
        "Operators take a Tensor, a number, or a list or tuple of these, "
        f"but got {type(value).__name__}: {value!r:.60}."
    )


def constants(arrays: list) -> list:
    """Python floats as constants in the dtype of the arrays beside them, so that a float32 program has no float64."""
    strong = [a.dtype for a in jax.tree.leaves(arrays) if hasattr(a, "dtype") and not getattr(a, "weak_type", False)]
    inexact = [d for d in strong if jnp.issubdtype(d, jnp.inexact)]
    dtype = jnp.result_type(*inexact) if inexact else np.dtype(np.float32)

    def constant(value):
        if isinstance(value, float):
            return jnp.asarray(np.asarray(value, dtype))
        if isinstance(value, Number):
            return value.array(dtype if type(value.value) is float else None)
        return jnp.asarray(value) if isinstance(value, _SCALARS) else value

    return jax.tree.map(constant, arrays, is_leaf=lambda a: a is None)


def settle_scalars(arrays):
    """Give Python numbers MindSpore's dtypes where JAX, with 64-bit types on, would widen: floats count as float32."""
    leaves = [a for a in jax.tree.leaves(list(arrays)) if hasattr(a, "weak_type")]
    if not any(a.weak_type for a in leaves):
        return arrays
    strong = [a.dtype for a in leaves if not a.weak_type]
    if strong and any(a.weak_type and a.dtype.kind == "c" for a in leaves) and not any(d.kind == "c" for d in strong):
        raise TypeError(
            "A Python complex number can not be combined with a real Tensor; cast the Tensor to complex64 first."
        )
    inexact = any(jnp.issubdtype(d, jnp.inexact) for d in strong)

    def settle(a):
        if not getattr(a, "weak_type", False):
            return a
        if a.dtype == np.float64 and not inexact:
            return a.astype(np.float32)
        if not strong:
            return a.astype(np.complex64 if a.dtype == np.complex128 else a.dtype)
        return a

    return jax.tree.map(settle, tuple(arrays), is_leaf=lambda a: a is None)


def hashable(value) -> Any:
    """A static argument as part of a cache key."""
    if isinstance(value, (list, tuple)):
        return elements(value, hashable)
    if isinstance(value, Tensor):
        return hashable(value.tolist())
    if isinstance(value, np.ndarray):
        return hashable(value.tolist())
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Number):
        return value.fixed() if type(value) is Number else value
    hash(value)
    return unmarked(value)


def kind(value):
    """The type of a static argument as part of a key, in which 1, 1.0 and True would be one."""
    return value.__class__ if value.__class__ is not tuple else tuple(map(type, value))


def dtype_of(dtype):
    """A static `dtype` argument as a numpy dtype, or None."""
    return None if dtype is None else mstype.element_type(dtype)
