"""What the parts of a split are: numbers of rows, or shares of them."""

from __future__ import annotations

from typing import Any


def check_sizes(sizes: Any) -> None:
    """Check that sizes are numbers of rows, or shares that make up the whole."""
    if not isinstance(sizes, list) or not sizes:
        raise TypeError("sizes should be a list that is not empty.")
    if all(type(size) is int for size in sizes):
        if any(size <= 0 for size in sizes):
            raise ValueError("sizes is a list of int, but there should be no negative or zero numbers.")
        return
    if not all(type(size) is float for size in sizes):
        raise ValueError("sizes should be list of int or list of float.")
    if any(not 0 < size <= 1 for size in sizes):
        raise ValueError("sizes is a list of float, but there should be no numbers outside the range (0, 1].")
    if abs(sum(sizes) - 1) > 1e-9:
        raise ValueError("sizes is a list of float, but the percentages do not sum up to 1.")


def counts_of(sizes: list, count: int) -> list[int]:
    """How many rows each part has."""
    if type(sizes[0]) is int:
        if sum(sizes) != count:
            raise RuntimeError(f"Sum of split sizes {sum(sizes)} is not equal to dataset size {count}.")
        return sizes
    counts = [round(size * count) for size in sizes]
    for size, rows in zip(sizes, counts, strict=True):
        if rows == 0:
            raise RuntimeError(f"Split percentage {size} is too small.")
    over = count - sum(counts)  # what rounding leaves goes to the first part that can bear it
    first = next(i for i, rows in enumerate(counts) if rows + over > 0)
    counts[first] += over
    return counts
