"""What MindSpore's compiler makes of Python's own operations, and old programs call: `F.make_tuple` and its kin."""

from __future__ import annotations

__only_computes__ = True  # see core.effects

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np


def make_tuple(*elements: Any) -> tuple:
    """A tuple."""
    return elements


def make_list(*elements: Any) -> list:
    """A list."""
    return list(elements)


def _replaced(kind: type) -> Callable:
    def replaced(data: Any, index: int, value: Any) -> Any:
        elements = list(data)
        elements[index] = value
        return kind(elements)

    replaced.__doc__ = f"A {kind.__name__} with another element at an index."
    return replaced


make_slice = slice
augassign_add, augassign_sub, augassign_mul = operator.add, operator.sub, operator.mul
augassign_div, augassign_floordiv, augassign_mod = operator.truediv, operator.floordiv, operator.mod
tuple_getitem = list_getitem = dict_getitem = operator.getitem
tuple_setitem, list_setitem = _replaced(tuple), _replaced(list)
tuple_equal = list_equal = operator.eq
is_, is_not = operator.is_, operator.is_not
shape_mul = math.prod


def in_dict(key: Any, data: dict) -> bool:
    """Whether a dict has a key."""
    return key in data


def not_in_dict(key: Any, data: dict) -> bool:
    """Whether a dict lacks a key."""
    return key not in data


def tuple_reversed(data: tuple) -> tuple:
    """A tuple the other way round."""
    return data[::-1]


def tuple_div(x: tuple, y: tuple) -> tuple:
    """The quotients of two tuples, element by element."""
    return tuple(a // b for a, b in zip(x, y, strict=True))


def reduced_shape(shape: tuple, axis: tuple) -> tuple:
    """A shape with 1 for each of some axes."""
    return tuple(1 if i in axis else size for i, size in enumerate(shape))


def switch(cond: Any, true_branch: Any, false_branch: Any) -> Any:
    """One of two values."""
    return true_branch if cond else false_branch


def hyper_add(x: Any, y: Any) -> Any:
    """The sums of what two nested tuples or lists hold, element by element."""
    if isinstance(x, tuple | list):
        return tuple(hyper_add(a, b) for a, b in zip(x, y, strict=True))
    return x + y


def broadcast_gradient_args(x_shape: tuple, y_shape: tuple) -> tuple[tuple, tuple]:
    """For two shapes the axes of what they broadcast to, over which the gradients of each are summed."""
    common = np.broadcast_shapes(x_shape, y_shape)

    def summed(shape: tuple) -> tuple:
        new = len(common) - len(shape)
        return tuple(i for i, size in enumerate(common) if i < new or shape[i - new] == 1 != size)

    return summed(x_shape), summed(y_shape)


def is_sequence_value_unknown(sequence: Any) -> bool:
    """Whether the compiler does not know a sequence yet: here it always does."""
    return False


def is_sequence_shape_unknown(sequence: Any) -> bool:
    """Whether the compiler does not know a sequence's length yet: here it always does."""
    return False
