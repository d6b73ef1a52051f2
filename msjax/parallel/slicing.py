"""Slicing: which part of a Parameter each rank has, in the words of MindSpore's strategy files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np


class Slicing(NamedTuple):
    """How a Parameter is cut among ranks, which stand in a block.

    Attributes:
        dev_matrix: the sizes of the block's axes.
        tensor_map: for each axis of the Parameter the axis of the block that cuts it, counted from the last; -1 for
            none, a tuple for several.
        param_split_shape: the sizes of slices along the first axis, if they are not equal.
        indices_offset, field: of embeddings; kept.
        opt_weight_shard_step, opt_weight_shard_size: slices are cut again along the first axis, in so many parts, for
            ranks that are a step apart.
    """

    dev_matrix: tuple[int, ...]
    tensor_map: tuple[Any, ...]
    param_split_shape: tuple[int, ...] = ()
    indices_offset: tuple[int, ...] = ()
    field: int = 0
    opt_weight_shard_step: int = 0
    opt_weight_shard_size: int = 0

    @property
    def nested(self) -> bool:
        """Whether several axes of the block cut one of the Parameter."""
        return any(isinstance(entry, tuple) for entry in self.tensor_map)

    @property
    def axes(self) -> tuple[tuple[int, ...], ...]:
        """For each axis of the Parameter those of the block that cut it, counted from the last."""
        entries = (entry if isinstance(entry, tuple) else (entry,) for entry in self.tensor_map)
        return tuple(tuple(place for place in entry if place >= 0) for entry in entries)

    @property
    def parts(self) -> tuple[int, ...]:
        """In how many parts each axis of the Parameter is cut, before the first is cut again."""
        return tuple(math.prod(self.dev_matrix[-1 - place] for place in places) for places in self.axes)

    @property
    def ranks(self) -> int:
        """How many ranks there are."""
        return math.prod(self.dev_matrix)

    @property
    def again(self) -> tuple[tuple[int, int], ...]:
        """The axes of the block that cut slices again, and in how many parts, the last axis first: of those that cut
        no axis of the Parameter, as many as it takes.

        Raises:
            ValueError: if they can not be cut so.
        """
        left, used = self.opt_weight_shard_size, {len(self.dev_matrix) - 1 - p for places in self.axes for p in places}
        if not left or not self.opt_weight_shard_step:
            return ()
        free = [i for i in reversed(range(len(self.dev_matrix))) if i not in used and self.dev_matrix[i] > 1]
        if left == -1:
            return tuple((axis, self.dev_matrix[axis]) for axis in free)
        chosen = []
        for axis in free:
            parts = min(left, self.dev_matrix[axis])
            if left % parts or self.dev_matrix[axis] % parts:
                break
            chosen.append((axis, parts))
            left //= parts
            if left == 1:
                return tuple(chosen)
        raise ValueError(
            f"Slices of ranks {self.dev_matrix}, cut by {self.tensor_map}, can not be cut again in "
            f"{self.opt_weight_shard_size} parts."
        )

    def whole(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of the Parameter, from that of a slice."""
        shape = tuple(size * k for size, k in zip(shape, self.parts, strict=True))
        return (shape[0] * math.prod(parts for _, parts in self.again), *shape[1:]) if shape else shape

    def region(self, rank: int, shape: tuple[int, ...]) -> tuple[slice, ...]:
        """Which part of a Parameter of a shape a rank has.

        Raises:
            ValueError: if the shape can not be cut so.
        """
        rank %= self.ranks
        at = [int(i) for i in np.unravel_index(rank, self.dev_matrix)]
        region = []
        for axis, (size, places) in enumerate(zip(shape, self.axes, strict=True)):
            parts, number = 1, 0
            for place in places:
                count = self.dev_matrix[-1 - place]
                parts, number = parts * count, number * count + at[-1 - place]
            for place, again in reversed(self.again) if axis == 0 else ():
                parts, number = parts * again, number * again + at[place] % again
            if size % parts:
                raise ValueError(f"An axis of {size} elements can not be cut in {parts} parts.")
            region.append(slice(number * (size // parts), (number + 1) * (size // parts)))
        return tuple(region)


def uncut(ndim: int) -> Slicing:
    """The slicing of a Parameter that every rank has all of."""
    return Slicing((1,), (-1,) * ndim)


def joined(slicing: Slicing, slices: Mapping[int, np.ndarray]) -> np.ndarray:
    """A Parameter, put together from slices of ranks.

    Raises:
        ValueError: if the slices do not make it up.
    """
    return recut(slicing, uncut(next(iter(slices.values())).ndim), 0, slices)


def recut(old: Slicing, new: Slicing, rank: int, slices: Mapping[int, np.ndarray]) -> np.ndarray:
    """The slice of a rank, cut in a new way, put together from those of ranks that were cut in another.

    Raises:
        ValueError: if these do not make it up, or the shape can not be cut so.
    """
    first = next(iter(slices.values()))
    shape = old.whole(first.shape)
    wanted = new.region(rank, shape)
    result = np.empty([w.stop - w.start for w in wanted], first.dtype)
    covered = np.zeros(result.shape, bool)
    for other, part in slices.items():
        region = old.region(other, shape)
        common = [slice(max(r.start, w.start), min(r.stop, w.stop)) for r, w in zip(region, wanted, strict=True)]
        if overlap(region, wanted):
            to, at = _within(common, wanted), _within(common, region)
            result[to], covered[to] = part[at], True
    if not covered.all():
        raise ValueError(f"the slices of the ranks {sorted(slices)} do not make up what is needed of shape {shape}.")
    return result


def overlap(one: tuple[slice, ...], other: tuple[slice, ...]) -> bool:
    """Whether two parts of a Parameter have elements in common."""
    return all(a.start < b.stop and b.start < a.stop for a, b in zip(one, other, strict=True))


def _within(common: list[slice], region: tuple[slice, ...]) -> tuple[slice, ...]:
    return tuple(slice(c.start - r.start, c.stop - r.start) for c, r in zip(common, region, strict=True))
