"""Operations on top of each other, and columns of dicts."""

import numpy as np


def listed(ds, values, name="c", **arguments):
    return ds.GeneratorDataset(list(values), name, **arguments)


def ordered(ds, count=8, name="c"):
    return listed(ds, range(count), name, shuffle=False)


def dicts(ds):
    return ds.GeneratorDataset([({"a": 1},), ({"a": 2},)], ["c"], shuffle=False)


def concat(ds, sampler, shuffle=False):
    dataset = listed(ds, [1, 2, 3], shuffle=shuffle) + listed(ds, [4, 5, 6, 7], shuffle=shuffle)
    dataset.use_sampler(sampler)
    return dataset


def schema(ds, *columns):
    made = ds.Schema()
    for column in columns:
        made.add_column(*column)
    return made


CASES = {
    "concat, random": lambda ds, _: concat(ds, ds.RandomSampler()),
    "concat of shuffled, random": lambda ds, _: concat(ds, ds.RandomSampler(), True),
    "concat, random, some": lambda ds, _: concat(ds, ds.RandomSampler(num_samples=4)),
    "concat, in order": lambda ds, _: concat(ds, ds.SequentialSampler(2, 3)),
    "concat, shuffled share": lambda ds, _: concat(ds, ds.DistributedSampler(2, 0)),
    "concat, share": lambda ds, _: concat(ds, ds.DistributedSampler(2, 0, False)),
    "concat of shuffled, share": lambda ds, _: concat(ds, ds.DistributedSampler(2, 0, False), True),
    "concat, share, some": lambda ds, _: concat(ds, ds.DistributedSampler(2, 0, False, num_samples=1)),
    "concat, share of three": lambda ds, _: concat(ds, ds.DistributedSampler(3, 1, False)),
    "concat, shuffle, repeat, batch": lambda ds, _: (
        (listed(ds, [1, 2, 3]) + listed(ds, [4, 5])).shuffle(3).repeat(2).batch(2)
    ),
    "dict": lambda ds, _: dicts(ds).map(lambda d: {"b": d["a"] + 1}),
    "dict, batch": lambda ds, _: dicts(ds).batch(2),
    "skip, shuffle, take": lambda ds, _: listed(ds, range(8)).skip(2).shuffle(4).take(3),
    "shuffle, skip": lambda ds, _: ordered(ds).shuffle(4).skip(2),
    "shuffle, zip": lambda ds, _: ordered(ds).shuffle(4).zip(ordered(ds, 3, "d")),
    "zip of shuffled": lambda ds, _: listed(ds, range(4)).zip(listed(ds, range(4), "d")).shuffle(3),
    "filter, batch, filter": lambda ds, _: (
        ordered(ds).filter(lambda x: x % 2 == 0).batch(3).filter(lambda x: len(x) > 2)
    ),
    "take, repeat": lambda ds, _: listed(ds, range(8)).take(3).repeat(2),
    "repeat, take": lambda ds, _: listed(ds, range(8)).repeat(2).take(11),
    "split, shuffle, batch": lambda ds, _: listed(ds, range(8)).split([0.5, 0.5])[0].shuffle(4).batch(2),
    "split, shuffle, batch, second": lambda ds, _: listed(ds, range(8)).split([0.5, 0.5])[1].shuffle(4).batch(2),
    "split of mapped": lambda ds, _: ordered(ds).map(lambda x: x).split([0.5, 0.5])[0],
    "split of mapped, second": lambda ds, _: ordered(ds).map(lambda x: x).split([0.5, 0.5])[1],
    "split of a share": lambda ds, _: listed(ds, range(9), num_shards=2, shard_id=1).split([3, 2])[0],
    "split of a split": lambda ds, _: ordered(ds).split([6, 2])[0].split([4, 2])[1],
    "share, repeat": lambda ds, _: listed(ds, range(7), num_shards=2, shard_id=0).repeat(2),
    "bool": lambda ds, _: listed(ds, [True, False], shuffle=False).batch(2),
    "str functions": lambda ds, _: listed(ds, ["a", "b"], shuffle=False).map(np.char.upper).batch(2),
    "schema": lambda ds, _: ds.GeneratorDataset([(1, 2)], schema=schema(ds, ("x", "int64", []), ("y", "int64", []))),
    "schema, shape": lambda ds, _: ds.GeneratorDataset([(np.zeros(3),)], schema=schema(ds, ("y", "float64", [2]))),
    "schema, type": lambda ds, _: ds.GeneratorDataset([(1,)], schema=schema(ds, ("x", "int32", []))),
    "padded by function": lambda ds, _: ordered(ds, 3).padded_batch(lambda info: info.get_batch_num() + 1),
    "sync_wait, shuffle": lambda ds, _: ordered(ds).sync_wait("c").shuffle(2),
    "map, map, project": lambda ds, _: (
        ordered(ds, 3).map(lambda x: (x, x * 1.5), "c", ["c", "d"]).map(lambda d: d > 1, "d").project(["d"])
    ),
    "map, rename, map": lambda ds, _: (
        ordered(ds, 3).map(lambda x: x + 1).rename("c", "e").map(lambda x: (x, -x), "e", ["f", "g"])
    ),
    "batch, map, batch": lambda ds, _: ordered(ds).batch(2).map(lambda x: x.sum()).batch(3),
    "batch, shuffle, repeat": lambda ds, _: ordered(ds, 9).batch(2).shuffle(3).repeat(2),
    "repeat, batch, full": lambda ds, _: ordered(ds, 5).repeat(2).batch(3, drop_remainder=True),
    "filter, repeat, size": lambda ds, _: ordered(ds).filter(lambda x: x > 4).repeat(3).get_dataset_size(),
    "flat_map, batch": lambda ds, _: ordered(ds, 3).flat_map(lambda n: ordered(ds, int(n) + 1, "q")).batch(2),
    "zip, batch, size": lambda ds, _: ordered(ds).zip(ordered(ds, 5, "d")).batch(2).get_dataset_size(),
    "per_batch_map, two epochs": lambda ds, _: ordered(ds, 4).batch(
        2, per_batch_map=lambda c, info: ([x + 10 * info.get_epoch_num() + 100 * info.get_batch_num() for x in c],)
    ),
    "per_batch_map, repeated": lambda ds, _: (
        ordered(ds, 4).batch(2, per_batch_map=lambda c, info: ([x + 10 * info.get_epoch_num() for x in c],)).repeat(2)
    ),
    "per_batch_map, padded": lambda ds, _: ordered(ds, 4).batch(
        2, per_batch_map=lambda c, info: (np.stack(c).reshape(-1, 1) * np.ones((1, 2), np.float16),)
    ),
    "random numbers of numpy": lambda ds, _: ordered(ds, 3).map(lambda x: np.random.rand(), num_parallel_workers=1),
}
