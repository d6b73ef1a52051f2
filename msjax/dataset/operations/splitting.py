"""Datasets that share out the rows of one."""

from __future__ import annotations

import copy
from typing import Any

from msjax.core.kinds import check
from msjax.dataset import config
from msjax.dataset.operations.ordering import ShuffleDataset
from msjax.dataset.pipeline import Dataset, MappableDataset
from msjax.dataset.randomness import Twister
from msjax.dataset.samplers import SubsetSampler


def split(dataset: Dataset, sizes: Any, randomize: bool) -> list[Dataset]:
    """The parts of a dataset: `Dataset.split` says which."""
    check("split", "randomize", randomize, "bool")
    _check_sizes(sizes)
    count = dataset.get_dataset_size()
    counts = _counts(sizes, count)
    seed = config.fresh_seed()  # one for all parts, so that no row comes in two
    if isinstance(dataset, MappableDataset) and dataset.has_numbers:
        return _by_numbers(dataset, count, counts, seed if randomize else None)
    if randomize:
        dataset = ShuffleDataset(dataset, max(2, count))
        dataset.seed = seed
    parts, first = [], 0
    for size in counts:
        part = dataset.skip(first) if first else dataset
        parts.append(part.take(size))
        first += size
    return parts


def _by_numbers(dataset: MappableDataset, count: int, counts: list[int], seed: int | None) -> list[Dataset]:
    order = list(range(count))
    if seed is not None:
        Twister(seed).shuffle(order)
    parts: list[Dataset] = []
    for size in counts:
        part = copy.copy(dataset)
        part.sampler = SubsetSampler(order[:size])
        part.sampler.add_child(dataset.sampler)
        parts.append(part)
        del order[:size]
    return parts


def _check_sizes(sizes: Any) -> None:
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


def _counts(sizes: list, count: int) -> list[int]:
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
