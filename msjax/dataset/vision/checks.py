"""What the arguments of image transforms may be, beyond the kinds of `core/kinds.py`: sizes, ranges, paddings."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check


def sequence(owner: str, name: str, value, kind: str, lengths: tuple[int, ...] = ()) -> tuple:
    """The elements of an argument that must be a list or a tuple, of one of the lengths if there are any.

    Raises:
        TypeError: if it is no list or tuple, or of another length, or an element is of another type.
        ValueError: if an element is out of bounds.
    """
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"For '{owner}', the '{name}' must be a list or a tuple, but got {value!r:.80}.")
    if lengths and len(value) not in lengths:
        wanted = " or ".join(map(str, lengths))
        raise TypeError(f"For '{owner}', the '{name}' must have {wanted} elements, but got {value!r:.80}.")
    for index, element in enumerate(value):
        check(owner, f"{name}[{index}]", element, kind)
    return tuple(value)


def size(owner: str, value, name: str = "size") -> tuple[int, int]:
    """The height and width that an argument means: an int means both."""
    if isinstance(value, (list, tuple)):
        return sequence(owner, name, value, "int > 0", (2,))
    check(owner, name, value, "int > 0")
    return (value, value)


def interval(owner: str, name: str, value, kind: str = "number") -> tuple:
    """The bounds that an argument must be, the lower first."""
    low, high = sequence(owner, name, value, kind, (2,))
    if low > high:
        raise ValueError(f"For '{owner}', the '{name}' must be (min, max), but got {value!r}.")
    return low, high


def degrees(owner: str, value, name: str = "degrees") -> tuple:
    """A range of angles: a number means from minus it to it."""
    if isinstance(value, (list, tuple)):
        return interval(owner, name, value)
    check(owner, name, value, "number >= 0")
    return -value, value


def fill(owner: str, value, name: str = "fill_value") -> tuple[int, int, int]:
    """The colour that an argument means: an int means grey."""
    if isinstance(value, tuple):
        return sequence(owner, name, value, "int [0, 255]", (3,))
    check(owner, name, value, "int [0, 255]")
    return (value, value, value)


def padding(owner: str, value, name: str = "padding") -> tuple[int, int, int, int]:
    """Left, top, right and bottom padding: one number means all four, two mean (left and right), (top and bottom)."""
    if not isinstance(value, (list, tuple)):
        check(owner, name, value, "int >= 0")
        return (value,) * 4
    if len(value) not in (2, 4):
        raise ValueError(f"For '{owner}', the '{name}' must have 2 or 4 elements, but got {value!r:.80}.")
    value = sequence(owner, name, value, "int >= 0")
    return value if len(value) == 4 else value * 2


def statistics(owner: str, mean, std) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the channels, as float32."""
    sequence(owner, "mean", mean, "number [0, 255]")
    sequence(owner, "std", std, "number (0, 255]")
    if len(mean) != len(std):
        raise ValueError(
            f"For '{owner}', the 'mean' and 'std' must be of one length, but got {len(mean)} and {len(std)} elements."
        )
    return np.array(mean, np.float32), np.array(std, np.float32)
