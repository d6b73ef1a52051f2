"""The order of rows of MindRecord files, for which MindSpore has samplers of its own behind those of the other sources.

They draw from another generator; their seed is that of the pipeline and 1 more in each epoch. A shuffle begins with
what the epoch before left, but the share of one of several processes begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from itertools import count as counting

from msjax.dataset.options import Shuffle
from msjax.dataset.randomness import Minimal, Twister
from msjax.dataset.samplers import (
    BuiltinSampler,
    DistributedSampler,
    Epoch,
    PKSampler,
    RandomSampler,
    SequentialSampler,
    SubsetRandomSampler,
    SubsetSampler,
    in_range,
)


def check_sampler(sampler: BuiltinSampler) -> None:
    """Check that a sampler is one of those there are for MindRecord files.

    Raises:
        ValueError: if it is not.
    """
    if type(sampler) not in _EPOCHS:
        raise ValueError("The sampler is not supported yet.")
    if sampler.child_sampler is not None:
        check_sampler(sampler.child_sampler)


def opened(sampler: BuiltinSampler, source, counts: list[int], seed: int) -> Epoch:
    """A function that lists the numbers of the rows of the next epoch.

    Args:
        sampler (BuiltinSampler): which rows come.
        source (Dataset): whose `labels` say the class of each row.
        counts (list[int]): how many rows each file has.
        seed (int): the seed of the pipeline.
    """
    check_sampler(sampler)
    if sampler.child_sampler is None:
        own = _EPOCHS[type(sampler)](sampler, source, counts, seed)
        return lambda: in_range(own(), sum(counts))
    below = opened(sampler.child_sampler, source, counts, seed)()
    own = _EPOCHS[type(sampler)](sampler, source, [len(below)], seed)
    return lambda: [below[i] for i in in_range(own(), len(below))]


def _shuffle(order: list[int], counts: list[int], mode: Shuffle | bool, seed: int) -> list[int]:
    """An order, shuffled as a mode says; `counts` are the lengths of the parts of it that stand for files."""
    if mode in (Shuffle.FILES, Shuffle.INFILE, Shuffle.PARTIAL):
        parts = [order[end - count : end] for end, count in zip(accumulate(counts), counts, strict=True)]
        if mode is Shuffle.INFILE:
            for part in parts:
                Minimal(seed).shuffle(part)
        else:
            Minimal(seed).shuffle(parts)
        order = [number for part in parts for number in part]
    if mode not in (Shuffle.FILES, Shuffle.INFILE):
        Minimal(seed).shuffle(order)
    return order


def _shuffled(sampler: RandomSampler, source, counts: list[int], seed: int) -> Epoch:
    order, seeds = list(range(sum(counts))), counting(seed + 1)
    wanted = sampler.num_samples or len(order)

    def epoch() -> list[int]:
        nonlocal order
        if sampler.shuffle is Shuffle.PARTIAL:
            order = list(range(sum(counts)))
        order = _shuffle(order, counts, sampler.shuffle, next(seeds))[:wanted]
        return order.copy()

    def drawn() -> list[int]:  # each number from a generator of its own, of what the epoch before left
        nonlocal order
        first = next(seeds)
        order = [order[Twister(first + i).below(len(order))] for i in range(wanted)]
        return order.copy()

    return drawn if sampler.replacement else epoch


def _share(sampler: DistributedSampler, source, counts: list[int], seed: int) -> Epoch:
    total, seeds = sum(counts), counting(seed + 1)
    shares, share = sampler.num_shards, sampler.shard_id
    if not 0 <= share < shares or sampler.offset >= shares:
        raise RuntimeError(
            f"DistributedSampler: shard_id and offset must be below num_shards, but got shard_id {share}, offset "
            f"{sampler.offset} and num_shards {shares}."
        )

    def epoch() -> Sequence[int]:
        order = list(range(total))
        if sampler.shuffle not in (False, Shuffle.FALSE):
            order = _shuffle(order, counts, sampler.shuffle, next(seeds))
        if sampler.offset < 0:
            each = -(-total // shares)
            return sampler._limited([order[(share + i * shares) % total] for i in range(each)])
        sizes = [total // shares + ((i - sampler.offset) % shares < total % shares) for i in range(share + 1)]
        return sampler._limited(order[sum(sizes[:-1]) : sum(sizes)])

    return epoch


def _subset(sampler: SubsetSampler, source, counts: list[int], seed: int) -> Epoch:
    total = sum(counts)
    if len(sampler._limited(sampler.indices)) > total:
        raise RuntimeError(
            f"Invalid input, indices size: {len(sampler.indices)} should be less than or equal to database size: "
            f"{total}."
        )
    order = [number % 2**64 % total for number in sampler._limited(sampler.indices)]  # as in MindSpore: no error
    if isinstance(sampler, SubsetRandomSampler):
        Minimal(seed + 1).shuffle(order)
    return lambda: order


def _usual(sampler: BuiltinSampler, source, counts: list[int], seed: int) -> Epoch:
    epoch = sampler._epochs(source, sum(counts), seed)
    return lambda: sampler._limited(epoch())


_EPOCHS: dict[type, Callable[..., Epoch]] = {
    SequentialSampler: _usual,
    RandomSampler: _shuffled,
    DistributedSampler: _share,
    SubsetSampler: _subset,
    SubsetRandomSampler: _subset,
    PKSampler: _usual,
}
