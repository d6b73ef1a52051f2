"""Samplers, shares and shuffles: which rows come, and in which order."""

import numpy as np


def rows(ds, count=10, **arguments):
    return ds.NumpySlicesDataset(np.arange(count), ["a"], **arguments)


def sampled(ds, name, *arguments, count=10, **keywords):
    return rows(ds, count, sampler=getattr(ds, name)(*arguments, **keywords))


def chained(ds, first, then, count=10):
    then.add_child(first)
    return rows(ds, count, sampler=then)


def backwards(ds, folder):
    class Backwards(ds.Sampler):
        def __iter__(self):
            return iter(range(self.dataset_size - 1, -1, -2))

    return rows(ds, sampler=Backwards())


def other_each_epoch(ds, folder):
    class Other(ds.Sampler):
        def __init__(self):
            super().__init__()
            self.epoch = 0

        def __iter__(self):
            self.epoch += 1
            return iter([self.epoch, 0])

    return rows(ds, sampler=Other())


class Counting:
    """No sampler of MindSpore's: it says in which epoch it is."""

    def __init__(self):
        self.epoch = 0

    def __iter__(self):
        self.epoch += 1
        return iter([self.epoch, 0])


def read_before(ds, sampler):
    """What one iterator has asked a sampler, another one does not see."""
    dataset = rows(ds, sampler=sampler)
    list(dataset.create_tuple_iterator(num_epochs=1))
    return dataset


def added(ds, folder):
    dataset = rows(ds)
    dataset.add_sampler(ds.SequentialSampler(1, 3))
    return dataset


def used(ds, folder):
    dataset = rows(ds)
    dataset.use_sampler(ds.SequentialSampler(1, 3))
    return dataset


CASES = {
    "default": lambda ds, _: rows(ds),
    "default 9": lambda ds, _: rows(ds, 9),
    "default 1": lambda ds, _: rows(ds, 1),
    "default 2": lambda ds, _: rows(ds, 2),
    "default 1000": lambda ds, _: rows(ds, 1000),
    "in order": lambda ds, _: rows(ds, shuffle=False),
    "num_samples": lambda ds, _: rows(ds, num_samples=4),
    "num_samples, shuffled": lambda ds, _: rows(ds, num_samples=4, shuffle=True),
    "num_samples, in order": lambda ds, _: rows(ds, num_samples=4, shuffle=False),
    "num_samples beyond": lambda ds, _: rows(ds, num_samples=20, shuffle=False),
    "num_samples 0": lambda ds, _: rows(ds, num_samples=0, shuffle=False),
    "share": lambda ds, _: rows(ds, num_shards=3, shard_id=1),
    "share in order": lambda ds, _: rows(ds, num_shards=3, shard_id=2, shuffle=False),
    "share with num_samples": lambda ds, _: rows(ds, num_shards=2, shard_id=1, num_samples=3),
    "share without number": lambda ds, _: rows(ds, num_shards=2),
    "share out of range": lambda ds, _: rows(ds, num_shards=2, shard_id=2),
    "shuffle 10": lambda ds, _: rows(ds, shuffle=False).shuffle(10),
    "shuffle 4": lambda ds, _: rows(ds, shuffle=False).shuffle(4),
    "shuffle 1000": lambda ds, _: rows(ds, 500, shuffle=False).shuffle(1000),
    "shuffle 1": lambda ds, _: rows(ds).shuffle(1),
    "shuffle, take": lambda ds, _: rows(ds, shuffle=False).shuffle(10).take(3),
    "take, shuffle": lambda ds, _: rows(ds, shuffle=False).take(3).shuffle(10),
    "shuffle, repeat": lambda ds, _: rows(ds, shuffle=False).shuffle(10).repeat(2),
    "repeat, shuffle": lambda ds, _: rows(ds, shuffle=False).repeat(2).shuffle(10),
    "random, repeat": lambda ds, _: rows(ds).repeat(2),
    "random, take": lambda ds, _: rows(ds).take(3),
    "random, shuffle": lambda ds, _: rows(ds).shuffle(4),
    "two shuffles": lambda ds, _: rows(ds, shuffle=False).shuffle(4).shuffle(4),
    "RandomSampler": lambda ds, _: sampled(ds, "RandomSampler"),
    "RandomSampler 5": lambda ds, _: sampled(ds, "RandomSampler", num_samples=5),
    "RandomSampler 20": lambda ds, _: sampled(ds, "RandomSampler", num_samples=20),
    "RandomSampler again": lambda ds, _: sampled(ds, "RandomSampler", True),
    "RandomSampler again 5": lambda ds, _: sampled(ds, "RandomSampler", True, 5),
    "RandomSampler again 20": lambda ds, _: sampled(ds, "RandomSampler", True, 20),
    "SequentialSampler": lambda ds, _: sampled(ds, "SequentialSampler", 3, 4),
    "SequentialSampler over": lambda ds, _: sampled(ds, "SequentialSampler", 8, 4),
    "SequentialSampler beyond": lambda ds, _: sampled(ds, "SequentialSampler", 10),
    "DistributedSampler": lambda ds, _: sampled(ds, "DistributedSampler", 4, 1),
    "DistributedSampler of 1": lambda ds, _: sampled(ds, "DistributedSampler", 1, 0),
    "DistributedSampler in order": lambda ds, _: sampled(ds, "DistributedSampler", 4, 3, shuffle=False),
    **{
        f"DistributedSampler {share} offset {offset}": lambda ds, _, share=share, offset=offset: sampled(
            ds, "DistributedSampler", 4, share, shuffle=False, offset=offset, count=11
        )
        for share in range(4)
        for offset in range(4)
    },
    "DistributedSampler 1 row": lambda ds, _: sampled(ds, "DistributedSampler", 4, 1, False, 1),
    "DistributedSampler wrong": lambda ds, _: sampled(ds, "DistributedSampler", 2, 2),
    "SubsetSampler": lambda ds, _: sampled(ds, "SubsetSampler", [3, 2, 1]),
    "SubsetSampler 2": lambda ds, _: sampled(ds, "SubsetSampler", [3, 2, 1], 2),
    "SubsetSampler -1": lambda ds, _: sampled(ds, "SubsetSampler", [-1]),
    "SubsetRandomSampler": lambda ds, _: sampled(ds, "SubsetRandomSampler", [1, 3, 5, 7, 9]),
    "SubsetRandomSampler 2": lambda ds, _: sampled(ds, "SubsetRandomSampler", [3, 2, 1, 5, 6, 7], 2),
    "WeightedRandomSampler": lambda ds, _: sampled(ds, "WeightedRandomSampler", [0.1] * 10, 6),
    "WeightedRandomSampler all": lambda ds, _: sampled(ds, "WeightedRandomSampler", [0.1, 0.2] * 5),
    "WeightedRandomSampler few": lambda ds, _: sampled(ds, "WeightedRandomSampler", [0.1, 0.2] * 3),
    "WeightedRandomSampler many": lambda ds, _: sampled(ds, "WeightedRandomSampler", [0.1, 0.2] * 8),
    "WeightedRandomSampler once": lambda ds, _: sampled(ds, "WeightedRandomSampler", [0.1, 0.2] * 5, 6, False),
    "WeightedRandomSampler zeros": lambda ds, _: sampled(ds, "WeightedRandomSampler", [0, 1, 0, 2, 0], 3),
    "WeightedRandomSampler all zero": lambda ds, _: sampled(ds, "WeightedRandomSampler", [0, 0]),
    "WeightedRandomSampler negative": lambda ds, _: sampled(ds, "WeightedRandomSampler", [-1]),
    "chained": lambda ds, _: chained(ds, ds.SequentialSampler(2, 6), ds.RandomSampler()),
    "chained shares": lambda ds, _: chained(ds, ds.SubsetSampler([5, 6, 7, 8]), ds.DistributedSampler(2, 1, False)),
    "chained random": lambda ds, _: chained(ds, ds.RandomSampler(num_samples=6), ds.SequentialSampler(1, 3)),
    "user's": backwards,
    "user's, other each epoch": other_each_epoch,
    "an iterable that counts": lambda ds, _: rows(ds, sampler=Counting()),
    "an iterable that counts, read before": lambda ds, _: read_before(ds, Counting()),
    "added": added,
    "used": used,
    "list": lambda ds, _: rows(ds, sampler=[4, 2]),
    "list, shuffled": lambda ds, _: rows(ds, sampler=[4, 2], shuffle=True),
    "array": lambda ds, _: rows(ds, sampler=np.array([4, 2])),
    "list out of range": lambda ds, _: rows(ds, sampler=[10]),
    "int": lambda ds, _: rows(ds, sampler=4),
    "PKSampler of arrays": lambda ds, _: rows(ds, sampler=ds.PKSampler(2)),
    "conflict": lambda ds, _: rows(ds, sampler=ds.RandomSampler(), shuffle=True),
    "sizes": lambda ds, _: [
        sampled(ds, "DistributedSampler", 4, 1, False).get_dataset_size(),
        sampled(ds, "RandomSampler", num_samples=3).get_dataset_size(),
        sampled(ds, "SubsetSampler", [1, 2]).get_dataset_size(),
        rows(ds, num_samples=3).get_dataset_size(),
        rows(ds, num_samples=30).get_dataset_size(),
        backwards(ds, None).get_dataset_size(),
    ],
    "arguments": lambda ds, _: ds.RandomSampler(1),
    "arguments 2": lambda ds, _: ds.RandomSampler(num_samples=-1),
    "arguments 3": lambda ds, _: ds.SequentialSampler("a"),
    "arguments 4": lambda ds, _: ds.SubsetSampler(["a"]),
    "arguments 5": lambda ds, _: ds.WeightedRandomSampler("a"),
    "arguments 6": lambda ds, _: ds.PKSampler(2, shuffle=2),
    "arguments 7": lambda ds, _: ds.PKSampler(2, 3),
    "split": lambda ds, _: rows(ds, 6, shuffle=False).split([4, 2])[0],
    "split, second": lambda ds, _: rows(ds, 6, shuffle=False).split([4, 2])[1],
    "split, shares": lambda ds, _: rows(ds, 7, shuffle=False).split([0.5, 0.3, 0.2])[0],
    "split, shares, second": lambda ds, _: rows(ds, 7, shuffle=False).split([0.5, 0.3, 0.2])[1],
    "split, shares, third": lambda ds, _: rows(ds, 7, shuffle=False).split([0.5, 0.3, 0.2])[2],
    "split, rounding": lambda ds, _: [
        [part.get_dataset_size() for part in rows(ds, count).split(shares)]
        for count in (5, 7, 10, 11)
        for shares in ([0.5, 0.5], [0.7, 0.3], [0.35, 0.35, 0.3], [0.25, 0.25, 0.25, 0.25], [0.6, 0.15, 0.25])
    ],
    "split in order": lambda ds, _: rows(ds, 6, shuffle=False).split([4, 2], randomize=False)[1],
    "split of shuffled": lambda ds, _: rows(ds, 6).split([4, 2])[0],
    "split of batches": lambda ds, _: rows(ds, 6, shuffle=False).batch(1).split([4, 2])[0],
    "split of batches, second": lambda ds, _: rows(ds, 6, shuffle=False).batch(1).split([4, 2])[1],
    "split of batches in order": lambda ds, _: rows(ds, 6, shuffle=False).batch(1).split([4, 2], False)[1],
    "split, wrong sum": lambda ds, _: rows(ds, 6).split([4, 1])[0],
    "split, wrong shares": lambda ds, _: rows(ds, 6).split([0.3, 0.3])[0],
    "split, zero": lambda ds, _: rows(ds, 6).split([3, 3, 0])[0],
    "split, str": lambda ds, _: rows(ds, 6).split(["a"])[0],
    "split, too small": lambda ds, _: rows(ds, 6).split([0.05, 0.95])[0],
}
