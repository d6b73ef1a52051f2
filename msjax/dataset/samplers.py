"""Samplers: which rows of a source come, and in which order.

A sampler is a description, as pipelines are. `opened` gives, for a number of rows and a seed, what an iterator keeps: a
function that lists the indices of the next epoch. Orders under a seed are MindSpore's.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.options import Shuffle
from msjax.dataset.randomness import Twister

Epoch = Callable[[], Sequence[int]]
_COUNT = f"None or int [0, {2**63 - 1}]"


class BuiltinSampler:
    """What all samplers have in common: a number of samples, and samplers below them.

    Args:
        num_samples (int): how many rows come, at most; None or 0 for all.
    """

    def __init__(self, num_samples: int | None = None):
        check(type(self).__name__, "num_samples", num_samples, _COUNT)
        self.num_samples = num_samples
        self.child_sampler: BuiltinSampler | None = None

    def add_child(self, sampler) -> None:
        """Let another sampler choose first: this one then orders what that one chose.

        Args:
            sampler (Sampler): the one that chooses first.

        Raises:
            RuntimeError: if there is one already.

        Example:
            >>> sampler = ds.SubsetSampler([2, 0])
            >>> sampler.add_child(ds.SequentialSampler(5, 3))
            >>> rows = ds.NumpySlicesDataset(np.arange(10), ["x"], sampler=sampler)
            >>> [int(x) for x, in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
            [7, 5]
        """
        if self.child_sampler is not None:
            raise RuntimeError("Cannot add child sampler, this sampler already has a child.")
        self.child_sampler = as_sampler(sampler)

    def get_child(self):
        """The sampler that chooses first, or None."""
        return self.child_sampler

    def get_num_samples(self) -> int | None:
        """How many rows come, at most, as far as it was said; of a chain, the smallest number."""
        below = self.child_sampler.get_num_samples() if self.child_sampler else None
        counts = [count for count in (self.num_samples or None, below) if count]
        return min(counts, default=None)

    def is_shuffled(self) -> bool:
        """Whether the order is random."""
        return bool(self._shuffles()) or bool(self.child_sampler and self.child_sampler.is_shuffled())

    def is_sharded(self) -> bool:
        """Whether it takes one share of several."""
        return bool(self.child_sampler and self.child_sampler.is_sharded())

    def _shuffles(self) -> bool:
        return False

    def opened(self, source: Any, count: int, seed: int) -> Epoch:
        """A function that lists the indices of the next epoch, for a source of `count` rows."""
        if self.child_sampler is None:
            own = self._epochs(source, count, seed)
            return lambda: in_range(self._limited(own()), count)
        below = self.child_sampler.opened(source, count, seed)
        available = len(below())
        below = self.child_sampler.opened(source, count, seed)
        own = self._epochs(source, available, seed)

        def chained() -> list[int]:
            chosen = below()
            return [chosen[i] for i in in_range(self._limited(own()), available)]

        return chained

    def size(self, source: Any, count: int) -> int:
        """How many rows an epoch has, of a source of `count` rows. Nothing is drawn or checked for that."""
        return self._size(source, self.child_sampler.size(source, count) if self.child_sampler else count)

    def _size(self, source: Any, count: int) -> int:
        return min(count, self.num_samples or count)

    def _limited(self, indices: Sequence[int]) -> Sequence[int]:
        return indices[: self.num_samples] if self.num_samples else indices

    def _epochs(self, source: Any, count: int, seed: int) -> Epoch:
        raise NotImplementedError(f"{type(self).__name__} does not say which rows come.")


def in_range(indices: Sequence[int], count: int) -> Sequence[int]:
    """The indices, all of which are to be of one of `count` rows.

    Raises:
        RuntimeError: if one is not.
    """
    if len(indices) and not (min(indices) >= 0 and max(indices) < count):
        wrong = next(i for i in indices if not 0 <= i < count)
        raise RuntimeError(f"Sample ID ({wrong}) is out of bound, expected range [0, {count - 1}]")
    return indices


class Sampler(BuiltinSampler):
    """Base of samplers of the user's: a subclass defines `__iter__`, which gives indices. It is asked for each epoch.

    Each iterator has a copy, so what `__iter__` changes lasts from epoch to epoch, but not to the next iterator.

    Args:
        num_samples (int): how many rows come, at most; None for all.

    Attributes:
        dataset_size (int): how many rows the source has.

    Example:
        >>> class Backwards(ds.Sampler):
        ...     def __iter__(self):
        ...         yield from range(self.dataset_size - 1, -1, -1)
        >>> rows = ds.NumpySlicesDataset(np.arange(4), ["x"], sampler=Backwards())
        >>> [int(x) for x, in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
        [3, 2, 1, 0]
    """

    def __init__(self, num_samples: int | None = None):
        super().__init__(num_samples)
        self.dataset_size = 0

    def __iter__(self):
        raise NotImplementedError(f"{type(self).__name__} is a Sampler without '__iter__'.")

    def reset(self) -> None:
        """Called by nobody; MindSpore documents it for subclasses."""

    def _size(self, source, count) -> int:
        return self.num_samples or len(self._epochs(source, count, 0)())

    def _epochs(self, source, count, seed) -> Epoch:
        self.dataset_size = count
        own = as_of_now(self)
        return lambda: whole_numbers(own)


class IterSampler(Sampler):
    """Indices from a list, or from anything that can be iterated.

    Args:
        sampler (Iterable): the indices.
        num_samples (int): how many of them.
    """

    def __init__(self, sampler: Iterable, num_samples: int | None = None):
        super().__init__(num_samples)
        self.sampler = sampler

    def __iter__(self):
        return iter(self.sampler)


def as_of_now(sampler: Any) -> Any:
    """A copy of a user's sampler for one iterator, or for counting, so that what it notes of its epochs is not seen by
    others; the sampler itself if it cannot be copied."""
    try:
        return copy.deepcopy(sampler)
    except Exception:
        return sampler


def whole_numbers(indices: Iterable) -> list[int]:
    """The indices as ints."""
    listed = list(indices)
    for index in listed:
        if not isinstance(index, Integral):
            raise TypeError(f"A sampler must give integers, but it gave {index!r:.80} of type {type(index).__name__}.")
    return [int(index) for index in listed]


def as_sampler(sampler: Any) -> BuiltinSampler:
    """A sampler as users give them: one of these classes, a list of indices, or anything that can be iterated.

    Raises:
        TypeError: if it is none of these, or an index is no int.
    """
    if isinstance(sampler, BuiltinSampler):
        return sampler
    if isinstance(sampler, str):
        raise TypeError(f"Unsupported sampler object of type ({type(sampler)})")
    if isinstance(sampler, (list, tuple, np.ndarray)):
        return SubsetSampler(sampler)
    if hasattr(sampler, "__iter__") or hasattr(sampler, "__getitem__"):
        iter(sampler), iter(sampler)  # as MindSpore does: one that counts its epochs comes to the first with 2
        return IterSampler(sampler)
    raise TypeError("sampler should be either iterable or from mindspore.dataset.samplers.")


class SequentialSampler(BuiltinSampler):
    """Rows in their order.

    Args:
        start_index (int): the first; None for 0.
        num_samples (int): how many rows come; None for all.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(9), ["x"], sampler=ds.SequentialSampler(2, 3))
        >>> [int(x) for x, in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
        [2, 3, 4]
    """

    def __init__(self, start_index: int | None = None, num_samples: int | None = None):
        check("SequentialSampler", "start_index", start_index, "None or int")
        super().__init__(num_samples)
        self.start_index = start_index

    def _size(self, source, count) -> int:
        return max(0, min(super()._size(source, count), count - (self.start_index or 0)))

    def _epochs(self, source, count, seed) -> Epoch:
        start = self.start_index or 0
        if start < 0 or start >= max(count, 1):
            raise RuntimeError(
                f"start_index must be from 0 to {count - 1}, as there are {count} rows, but got {start}."
            )
        return lambda: range(start, count)


class RandomSampler(BuiltinSampler):
    """Rows in random order, another one in each epoch.

    Args:
        replacement (bool): whether a row may come more than once.
        num_samples (int): how many rows come; None for as many as there are.
        shuffle (Shuffle): what is shuffled, where a source has files; everything.

    Example:
        >>> ds.config.set_seed(5)
        >>> rows = ds.NumpySlicesDataset(np.arange(10), ["x"], sampler=ds.RandomSampler(num_samples=4))
        >>> [int(x) for x, in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
        [3, 8, 5, 2]
        >>> ds.config.set_seed(5489)
    """

    def __init__(self, replacement: bool = False, num_samples: int | None = None, shuffle: Shuffle = Shuffle.GLOBAL):
        check("RandomSampler", "replacement", replacement, "bool")
        super().__init__(num_samples)
        self.deterministic, self.replacement, self.reshuffle_each_epoch = False, replacement, True
        self.shuffle = shuffle

    def _shuffles(self) -> bool:
        return True

    def _epochs(self, source, count, seed) -> Epoch:
        order, seeds = list(range(count)), _counting(seed)

        def shuffled() -> list[int]:  # what the epoch before left
            Twister(next(seeds)).shuffle(order)
            return order.copy()

        def drawn() -> list[int]:
            twister = Twister(next(seeds))
            wanted = min(self.num_samples or count, count)
            return [twister.below(count) for _ in range(wanted)]

        return drawn if self.replacement else shuffled


def _counting(seed: int):
    while True:
        yield seed % 2**32
        seed += 1


class DistributedSampler(BuiltinSampler):
    """The share of one of several processes: every `num_shards`-th row. The last rows are filled up from the first.

    Args:
        num_shards (int): how many shares there are.
        shard_id (int): which of them, from 0.
        shuffle (bool): whether rows are shuffled first, in the same way for all.
        num_samples (int): how many rows come; None for all of the share.
        offset (int): the shard that begins with row 0, so that those before it have a row less; -1 for none.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(5), ["x"], sampler=ds.DistributedSampler(2, 1, shuffle=False))
        >>> [int(x) for x, in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
        [1, 3, 0]
    """

    def __init__(
        self, num_shards: int, shard_id: int, shuffle: bool = True, num_samples: int | None = None, offset: int = -1
    ):
        check("DistributedSampler", "num_shards", num_shards, "int")
        check("DistributedSampler", "shard_id", shard_id, "int")
        if not isinstance(shuffle, Shuffle):
            check("DistributedSampler", "shuffle", shuffle, "bool")
        super().__init__(num_samples)
        check("DistributedSampler", "offset", offset, "int")
        self.num_shards, self.shard_id, self.shuffle, self.offset = num_shards, shard_id, shuffle, offset
        self.seed = 0

    def _shuffles(self) -> bool:
        return self.shuffle is True or self.shuffle == Shuffle.GLOBAL

    def is_sharded(self) -> bool:
        return True

    def _size(self, source, count) -> int:
        shards = max(1, self.num_shards)
        before = (self.shard_id - self.offset) % shards if self.offset >= 0 else 0
        share = max(1, -(-(count - before) // shards))
        return min(share, self.num_samples or share)

    def _epochs(self, source, count, seed) -> Epoch:
        if self.num_shards <= 0 or not 0 <= self.shard_id < self.num_shards:
            raise RuntimeError(
                f"DistributedSampler: shard_id must be from 0 to num_shards - 1, but got shard_id {self.shard_id} and "
                f"num_shards {self.num_shards}."
            )
        if self.offset >= self.num_shards:
            raise RuntimeError(f"DistributedSampler: offset must be below num_shards, but got {self.offset}.")
        order, seeds = list(range(count)), _counting(seed + 1)

        def share() -> list[int]:
            if self._shuffles():
                Twister(next(seeds)).shuffle(order)
            if self.offset >= 0:
                first = (self.shard_id - self.offset) % self.num_shards
                return order[first :: self.num_shards] or [order[first % count]]
            each = -(-count // self.num_shards)
            return [order[(self.shard_id + i * self.num_shards) % count] for i in range(each)]

        return share


class SubsetSampler(BuiltinSampler):
    """The rows of some indices, in their order.

    Args:
        indices (Iterable): the indices.
        num_samples (int): how many of them; None for all.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(9), ["x"], sampler=ds.SubsetSampler([7, 3]))
        >>> [int(x) for x, in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
        [7, 3]
    """

    def __init__(self, indices, num_samples: int | None = None):
        super().__init__(num_samples)
        listed = list(indices) if isinstance(indices, Iterable) else [indices]
        for i, index in enumerate(listed):
            if not isinstance(index, Integral):
                raise TypeError(
                    f"{type(self).__name__}: Type of indices element must be int, but got list[{i}]: {index}, "
                    f"type: {type(index)}."
                )
        self.indices = [int(index) for index in listed]

    def get_num_samples(self) -> int:
        return min(len(self.indices), super().get_num_samples() or len(self.indices))

    def _size(self, source, count) -> int:
        return min(len(self.indices), super()._size(source, count))

    def _epochs(self, source, count, seed) -> Epoch:
        return lambda: self.indices


class SubsetRandomSampler(SubsetSampler):
    """The rows of some indices, in random order.

    Args:
        indices (Iterable): the indices.
        num_samples (int): how many of them; None for all.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(9), ["x"], sampler=ds.SubsetRandomSampler([7, 3]))
        >>> sorted(int(x) for x, in rows.create_tuple_iterator(num_epochs=1, output_numpy=True))
        [3, 7]
    """

    def _shuffles(self) -> bool:
        return True

    def _epochs(self, source, count, seed) -> Epoch:
        order = list(self._limited(self.indices))

        def shuffled() -> list[int]:  # MindSpore shuffles what the epoch before left, always with the same seed
            Twister(seed).shuffle(order)
            return order.copy()

        return shuffled


class WeightedRandomSampler(BuiltinSampler):
    """Rows drawn with probabilities.

    Args:
        weights (list[float]): how likely each row is, up to a factor.
        num_samples (int): how many are drawn; None for as many as there are rows.
        replacement (bool): whether a row may come more than once.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(3), ["x"], sampler=ds.WeightedRandomSampler([0, 1, 0], 2))
        >>> [int(x) for x, in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
        [1, 1]
    """

    def __init__(self, weights, num_samples: int | None = None, replacement: bool = True):
        weights = list(weights) if isinstance(weights, Iterable) else [weights]
        for i, weight in enumerate(weights):
            if not isinstance(weight, Real):
                raise TypeError(
                    f"type of weights element must be number, but got w[{i}]: {weight}, type: {type(weight)}."
                )
        check("WeightedRandomSampler", "replacement", replacement, "bool")
        super().__init__(num_samples)
        self.weights, self.replacement = [float(weight) for weight in weights], replacement

    def _shuffles(self) -> bool:
        return True

    def _epochs(self, source, count, seed) -> Epoch:
        weights = np.array(self.weights)
        wanted = min(self.num_samples or count, count)
        if len(weights) > count:
            raise RuntimeError(
                f"WeightedRandomSampler: there must not be more weights than rows, but got {len(weights)} weights for "
                f"{count} rows."
            )
        if not len(weights) or weights.min() < 0 or not weights.any():
            raise RuntimeError("WeightedRandomSampler: weights must not be negative, and one must be positive.")
        if not self.replacement and wanted > len(weights):
            raise RuntimeError(
                f"WeightedRandomSampler: without replacement num_samples must be at most the number of weights, "
                f"{len(weights)}, but got {wanted}."
            )

        def drawn() -> list[int]:  # the same in each epoch
            twister = Twister(seed)
            upto = np.cumsum(weights / weights.sum())
            units = [twister.unit() for _ in range(wanted)]
            return np.minimum(np.searchsorted(upto, units), len(weights) - 1).tolist()

        def chosen() -> list[int]:  # the smallest of exponentially distributed numbers with these rates
            twister = Twister(seed)
            with np.errstate(divide="ignore"):
                times = -np.log(1 - np.array([twister.unit() for _ in weights])) / weights
            return np.argsort(times, kind="stable")[:wanted].tolist()

        return drawn if self.replacement else chosen


class PKSampler(BuiltinSampler):
    """Rows drawn from each class.

    Args:
        num_val (int): how many rows of a class; one may come more than once.
        num_class (int): must be None: all classes are taken.
        shuffle (bool): whether the classes come in random order.
        class_column (str): the column with the class.
        num_samples (int): how many rows come; None for all.
    """

    def __init__(
        self, num_val: int, num_class: int | None = None, shuffle: bool = False, class_column: str = "label",
        num_samples: int | None = None,
    ):  # fmt: skip
        check("PKSampler", "num_val", num_val, "int")
        if num_class is not None:
            raise NotImplementedError("Not supported to specify num_class for PKSampler.")
        check("PKSampler", "shuffle", shuffle, "bool")
        check("PKSampler", "class_column", class_column, "str")
        super().__init__(num_samples)
        self.num_val, self.shuffle, self.class_column = num_val, shuffle, class_column

    def _shuffles(self) -> bool:
        return self.shuffle

    def _size(self, source, count) -> int:
        return len(self._limited(self._epochs(source, count, 0)()))

    def _epochs(self, source, count, seed) -> Epoch:
        if self.num_val <= 0:
            raise RuntimeError(f"PKSampler: num_val must be positive, but got {self.num_val}.")
        of_class: dict[int, list[int]] = {}
        for index, label in enumerate(source.labels()[:count]):
            of_class.setdefault(label, []).append(index)
        classes, twister, seeds = sorted(of_class), Twister(seed), _counting(seed + 1)
        if self.shuffle:
            twister.shuffle(classes)

        def some_of_each() -> list[int]:
            nonlocal twister
            numbers = [of_class[label] for label in classes for _ in range(self.num_val)]
            chosen = [indices[twister.below(len(indices))] for indices in numbers]
            twister = Twister(next(seeds))
            return chosen

        return some_of_each


def select(
    num_samples: int | None, sampler: Any, shuffle: Any, num_shards: int | None, shard_id: int | None
) -> BuiltinSampler:
    """The sampler that a source's arguments say.

    Raises:
        ValueError: if they contradict each other.
    """
    if isinstance(sampler, BuiltinSampler) and any(
        argument is not None for argument in (num_samples, shuffle, num_shards, shard_id)
    ):
        raise ValueError(
            f"Conflicting arguments during sampler assignments. num_samples: {num_samples}, num_shards: {num_shards}, "
            f"shard_id: {shard_id}, shuffle: {shuffle}."
        )
    if sampler is not None:
        chosen = as_sampler(sampler)
        if num_samples and chosen is not sampler:
            chosen.num_samples = num_samples
        return chosen
    if (num_shards is None) != (shard_id is None):
        raise ValueError("num_shards and shard_id need to be passed in together.")
    shuffled = shuffle is not False and shuffle != Shuffle.FALSE
    if num_shards is not None and shard_id is not None:
        check_shard(num_shards, shard_id)
        return DistributedSampler(num_shards, shard_id, shuffled, num_samples)
    if shuffled:
        return RandomSampler(replacement=bool(num_samples), num_samples=num_samples)
    return SequentialSampler(num_samples=num_samples)


def check_shard(num_shards: int, shard_id: int) -> None:
    """Check which share of how many is asked for."""
    check("dataset", "num_shards", num_shards, "int > 0")
    check("dataset", "shard_id", shard_id, "int >= 0")
    if shard_id >= num_shards:
        raise ValueError("shard_id should be less than num_shards.")
