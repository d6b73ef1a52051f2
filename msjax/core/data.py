"""Python's data as numpy arrays of MindSpore's default dtypes."""

from __future__ import annotations

import numbers
from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype


def cast(values: np.ndarray, dtype: Any) -> np.ndarray:
    """The values in a dtype; what does not fit into it wraps round or overflows without a warning, as in MindSpore."""
    with np.errstate(all="ignore"):
        return values.astype(dtype)


def to_numpy(data: Any, real: type = np.float32) -> np.ndarray:
    """`data` as numpy; Python floats become `real`."""
    if isinstance(data, (np.ndarray, np.generic)):
        mstype.element_type(data.dtype)
        return np.asarray(data)
    if isinstance(data, bool):
        return np.asarray(data)
    if isinstance(data, numbers.Integral):
        return _integer(data)
    if isinstance(data, numbers.Real):
        return np.asarray(data, real)
    if isinstance(data, numbers.Complex):
        return np.asarray(data, np.complex128)
    if isinstance(data, (list, tuple)):
        return _sequence(data, real)
    raise TypeError(
        "For 'Tensor', the type of 'input_data' should be one of '['Tensor', 'float', 'int', 'bool', 'complex', "
        "'list', "
        f"'tuple', 'numpy.ndarray']', but got {data!r} with type '{type(data).__name__}'."
    )


def _integer(value) -> np.ndarray:
    try:
        return np.asarray(value, np.int64 if value < 2**63 else np.uint64)
    except OverflowError:
        raise RuntimeError(f"The integer {value} fits neither into int64 nor into uint64.") from None


def _sequence(data, real) -> np.ndarray:
    """Nested lists: dtype by the widest element, Python floats counting as `real`."""
    leaves: list = []
    _collect(data, leaves)
    if not leaves:
        shape = np.asarray(data).shape
        return np.zeros(shape, np.float32)
    kinds = {np.dtype(real) if type(v) is float else np.asarray(v).dtype for v in leaves}
    unsupported = [k for k in kinds if k.kind not in "biufcV"]
    try:
        if unsupported:
            raise ValueError
        values = np.array(_values(data))
    except (ValueError, TypeError):
        raise TypeError(f"For 'Tensor', the input_data {data!r} that contain unsupported element.") from None
    except OverflowError:
        raise RuntimeError(f"For 'Tensor', an integer of {data!r} does not fit into int64.") from None
    if values.dtype == object:
        raise RuntimeError(f"For 'Tensor', an integer of {data!r} does not fit into int64.")
    return cast(values, jnp.result_type(*kinds))


def _collect(data, leaves: list) -> None:
    for item in data:
        if isinstance(item, (list, tuple)):
            _collect(item, leaves)
        else:
            leaves.append(_value(item))


def _values(data):
    """Nested lists with the values of Tensors in their places."""
    return list(map(_values, data)) if isinstance(data, (list, tuple)) else _value(data)


def _value(leaf):
    """The values of a Tensor, whose class needs this module and not the other way round; anything else as it is."""
    return np.asarray(leaf) if hasattr(leaf, "asnumpy") else leaf
