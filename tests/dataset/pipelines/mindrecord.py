"""MindDataset: its columns, orders, shares and samplers."""

from itertools import product


def rows(ds, folder, files, columns=None, **arguments):
    names = [f"{folder}/mindrecord/{name}" for name in files.split()]
    return ds.MindDataset(names if len(names) > 1 else names[0], columns, **arguments)


def ordered(ds, folder, files="n0 n1 n2 n3 n4", **arguments):
    """Only the column that tells rows apart."""
    return rows(ds, folder, files, ["s" if files[0] == "a" else "k"], **arguments)


def described(dataset):
    shapes, types = dataset.output_shapes(), [str(dtype) for dtype in dataset.output_types()]
    return [dataset.get_col_names(), shapes, types, dataset.get_dataset_size()]


def sampled(make):
    return lambda ds, f: ordered(ds, f, "a", sampler=make(ds))


def below(ds, sampler, child):
    sampler.add_child(child)
    return sampler


PAD = {"k": -1, "s": "pad", "data": b"zz"}
MODES = ("GLOBAL", "FILES", "INFILE", "PARTIAL", "ADAPTIVE")


def padded(ds, folder, count, **arguments):
    return rows(ds, folder, "a", ["s", "k", "data"], padded_sample=PAD, num_padded=count, **arguments)


def shuffled(mode, **shares):
    return lambda ds, f: ordered(ds, f, shuffle=getattr(ds.Shuffle, mode), **shares)


CASES = {
    "all types": lambda ds, f: rows(ds, f, "types", shuffle=False),
    "some columns": lambda ds, f: rows(ds, f, "types", ["s", "i", "ai"], shuffle=False),
    "only blobs": lambda ds, f: rows(ds, f, "types", ["ai", "b"], shuffle=False),
    "strings": lambda ds, f: rows(ds, f, "strings", shuffle=False),
    "blobs": lambda ds, f: rows(ds, f, "blobs", shuffle=False),
    "described": lambda ds, f: described(rows(ds, f, "types")),
    "described, columns": lambda ds, f: described(rows(ds, f, "types", ["l", "b"])),
    "no such column": lambda ds, f: rows(ds, f, "types", ["zz"]),
    "a column twice": lambda ds, f: rows(ds, f, "types", ["s", "s"]),
    "several files by one": lambda ds, f: rows(ds, f, "three1", shuffle=False),
    "a list": lambda ds, f: ordered(ds, f, "a2 a", shuffle=False),
    "a list of one": lambda ds, f: ds.MindDataset([f"{f}/mindrecord/three1"], shuffle=False),
    "different schemas": lambda ds, f: ordered(ds, f, "a types"),
    "no such file": lambda ds, f: rows(ds, f, "nothing"),
    "no files": lambda ds, f: ds.MindDataset([]),
    "plain": lambda ds, f: ordered(ds, f, shuffle=False),
    "default": lambda ds, f: ordered(ds, f),
    "shuffle": lambda ds, f: ordered(ds, f, shuffle=True),
    **{f"shuffle {mode}": shuffled(mode) for mode in MODES},
    **{f"share {i}, {mode}": shuffled(mode, num_shards=2, shard_id=i) for mode, i in product(MODES[:3], range(2))},
    **{
        f"share {i} of 3": lambda ds, f, i=i: ordered(ds, f, "a", shuffle=False, num_shards=3, shard_id=i)
        for i in range(3)
    },
    "few": lambda ds, f: ordered(ds, f, num_samples=4),
    "few, plain": lambda ds, f: ordered(ds, f, num_samples=4, shuffle=False),
    "few of a share": lambda ds, f: ordered(ds, f, num_samples=4, num_shards=2, shard_id=1),
    "too many": lambda ds, f: ordered(ds, f, num_samples=99, shuffle=False),
    "none asked for": lambda ds, f: ordered(ds, f, num_samples=0, shuffle=False),
    "sequential": sampled(lambda ds: ds.SequentialSampler(3, 4)),
    "random": sampled(lambda ds: ds.RandomSampler()),
    "random, few": sampled(lambda ds: ds.RandomSampler(False, 3)),
    "random, replaced": sampled(lambda ds: ds.RandomSampler(True, 6)),
    "distributed": sampled(lambda ds: ds.DistributedSampler(3, 1)),
    "distributed, plain": sampled(lambda ds: ds.DistributedSampler(3, 1, False)),
    "distributed, few": sampled(lambda ds: ds.DistributedSampler(3, 1, False, 2)),
    **{
        f"distributed {i}, offset {offset}": sampled(
            lambda ds, i=i, offset=offset: ds.DistributedSampler(4, i, False, offset=offset)
        )
        for i, offset in product(range(4), range(2))
    },
    "subset": sampled(lambda ds: ds.SubsetSampler([3, 1, 9])),
    "subset beyond": sampled(lambda ds: ds.SubsetSampler([3, 1, 19])),
    "subset before": sampled(lambda ds: ds.SubsetSampler([3, -1])),
    "subset, random": sampled(lambda ds: ds.SubsetRandomSampler([3, 1, 9, 5])),
    "weighted": sampled(lambda ds: ds.WeightedRandomSampler([1] * 10)),
    "a list of numbers": sampled(lambda ds: [1, 2]),
    "chain": sampled(lambda ds: below(ds, ds.SubsetSampler([3, 1]), ds.SequentialSampler(2, 5))),
    "chain of random": sampled(lambda ds: below(ds, ds.DistributedSampler(2, 1, False), ds.RandomSampler())),
    "sampler and shuffle": lambda ds, f: ordered(ds, f, sampler=ds.SubsetSampler([1]), shuffle=True),
    "class of bytes": lambda ds, f: rows(ds, f, "a", sampler=ds.PKSampler(2, class_column="data")),
    "padded": lambda ds, f: padded(ds, f, 2, shuffle=False),
    "padded, random": lambda ds, f: padded(ds, f, 2),
    **{
        f"padded, share {i}": lambda ds, f, i=i: padded(ds, f, 2, num_shards=4, shard_id=i, shuffle=False)
        for i in range(4)
    },
    "padded, random share": lambda ds, f: padded(ds, f, 2, num_shards=4, shard_id=1),
    "padded, uneven": lambda ds, f: padded(ds, f, 1, num_shards=4, shard_id=1),
    "padded, no columns": lambda ds, f: rows(ds, f, "a", padded_sample=PAD, num_padded=2),
    "padded, other columns": lambda ds, f: rows(ds, f, "a", ["k"], padded_sample={"s": "x"}, num_padded=2),
    "padded, no number": lambda ds, f: rows(ds, f, "a", ["k"], padded_sample=PAD),
    "padded, no sample": lambda ds, f: rows(ds, f, "a", ["k"], num_padded=2),
    "padded, negative": lambda ds, f: rows(ds, f, "a", ["k"], padded_sample=PAD, num_padded=-1),
    "batch": lambda ds, f: rows(ds, f, "a", ["k"], shuffle=False).batch(4).repeat(2),
}
