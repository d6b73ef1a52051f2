"""Sources in Python and in memory."""

import numpy as np


def given(ds, *rows, columns=("a",), **arguments):
    return ds.GeneratorDataset(list(rows), list(columns), shuffle=False, **arguments)


def slices(ds, *arguments, **keywords):
    return ds.NumpySlicesDataset(*arguments, shuffle=False, **keywords)


def numbers():
    for i in range(5):
        yield (i,)


def fails():
    yield 1, 2
    raise ValueError("fails")


class Numbered:
    def __getitem__(self, i):
        if i >= 4:
            raise IndexError(i)
        return i, i * 2

    def __len__(self):
        return 4


class Counting:
    def __init__(self):
        self.count = 0

    def __iter__(self):
        self.count = 0
        return self

    def __next__(self):
        self.count += 1
        if self.count > 3:
            raise StopIteration
        return self.count, self.count


def filled_up(ds, share, shuffle=False):
    rows = [(np.array([i]),) for i in range(5)]
    dataset = ds.GeneratorDataset(rows, ["a"], shuffle=False) + ds.PaddedDataset([{"a": np.array([9])}])
    dataset.use_sampler(ds.DistributedSampler(2, share, shuffle=shuffle))
    return dataset


VALUES = {
    "int": 1, "float": 1.5, "bool": True, "str": "ab", "accent": "é", "bytes": b"xy", "float16": np.float16(1),
    "uint8": np.uint8(3), "list": [1, 2], "mixed list": [1.0, 2], "list of str": ["a", "bcd"],
    "array of bytes": np.array([b"a", b"bcd"]), "None": None, "tuple": (1, 2), "empty": np.array([], np.int32),
    "complex": 1 + 2j, "date": np.datetime64("2020-01-01"), "matrix": np.ones((2, 2), np.float32),
    "dict": {"k": 1},
}  # fmt: skip


def counted_before(ds, folder):
    class Batches:
        def __init__(self):
            self.epoch = 0

        def __iter__(self):
            self.epoch += 1
            return iter([[self.epoch, 0], [0]])

    dataset = ds.GeneratorDataset(Numbered(), ["a", "b"], batch_sampler=Batches())
    list(dataset.create_tuple_iterator(num_epochs=1))
    return dataset


CASES = {
    **{f"value: {name}": lambda ds, _, value=value: given(ds, (value,)) for name, value in VALUES.items()},
    "no tuple": lambda ds, _: given(ds, 1, 2),
    "rows of an array": lambda ds, _: ds.GeneratorDataset(np.arange(4).reshape(2, 2), ["a"], shuffle=False),
    "rows of an array, two columns": lambda ds, _: ds.GeneratorDataset(
        np.arange(4).reshape(2, 2), ["a", "b"], shuffle=False
    ),
    "too many": lambda ds, _: given(ds, (1, 2)),
    "too few": lambda ds, _: given(ds, (1,), columns=["a", "b"]),
    "list for a row": lambda ds, _: given(ds, [1, 2], columns=["a", "b"]),
    "no columns": lambda ds, _: ds.GeneratorDataset([(1, 2)], shuffle=False),
    "int for a source": lambda ds, _: ds.GeneratorDataset(5, ["x"]),
    "str for columns": lambda ds, _: ds.GeneratorDataset([(1,)], "x", shuffle=False),
    "column twice": lambda ds, _: given(ds, (1, 2), columns=["a", "a"]),
    "empty columns": lambda ds, _: given(ds, (1, 2), columns=[]),
    "function raises": lambda ds, _: ds.GeneratorDataset(fails, ["a", "b"]),
    "function, sampler": lambda ds, _: ds.GeneratorDataset(numbers, ["a"], sampler=ds.SequentialSampler()),
    "function, share": lambda ds, _: ds.GeneratorDataset(numbers, ["a"], num_shards=2, shard_id=0),
    "function": lambda ds, _: ds.GeneratorDataset(numbers, ["a"]),
    "function, some": lambda ds, _: ds.GeneratorDataset(numbers, ["a"], num_samples=2),
    "generator": lambda ds, _: ds.GeneratorDataset(numbers(), ["a"]),
    "iterator": lambda ds, _: ds.GeneratorDataset(Counting(), ["a", "b"]),
    "numbered": lambda ds, _: ds.GeneratorDataset(Numbered(), ["a", "b"]),
    "numbered, in order": lambda ds, _: ds.GeneratorDataset(Numbered(), ["a", "b"], shuffle=False),
    "numbered, share": lambda ds, _: ds.GeneratorDataset(Numbered(), ["a", "b"], num_shards=3, shard_id=0),
    "numbered, some": lambda ds, _: ds.GeneratorDataset(Numbered(), ["a", "b"], num_samples=3),
    "numbered, many": lambda ds, _: ds.GeneratorDataset(Numbered(), ["a", "b"], num_samples=10),
    "numbered, list": lambda ds, _: ds.GeneratorDataset(Numbered(), ["a", "b"], sampler=[3, 1]),
    "numbered, list beyond": lambda ds, _: ds.GeneratorDataset(Numbered(), ["a", "b"], sampler=[5, 1]),
    "numbered, batches": lambda ds, _: ds.GeneratorDataset(Numbered(), ["a", "b"], batch_sampler=[[0, 1], [2, 3]]),
    "numbered, batches that count, read before": counted_before,
    "numbered, batches, collate": lambda ds, _: ds.GeneratorDataset(
        Numbered(), ["a", "b"], batch_sampler=[[0, 1], [2, 3]], collate_fn=lambda a, b: (np.stack(a), np.stack(b) + 1)
    ),
    "numbered, batches, size": lambda ds, _: [
        ds.GeneratorDataset(Numbered(), ["a", "b"], batch_sampler=[[0, 1], [2]]).get_dataset_size(),
        ds.GeneratorDataset(Numbered(), ["a", "b"]).get_dataset_size(),
        ds.GeneratorDataset(Counting(), ["a", "b"]).get_dataset_size(),
        ds.GeneratorDataset(numbers, ["a"]).get_dataset_size(),
    ],
    "empty": lambda ds, _: given(ds),
    "slices of a list": lambda ds, _: slices(ds, [1, 2]),
    "slices of lists": lambda ds, _: slices(ds, [[1, 2], [3, 4]]),
    "slices of a tuple": lambda ds, _: slices(ds, ([1, 2], [3, 4])),
    "slices with names": lambda ds, _: slices(ds, ([1, 2], [3, 4]), ["x", "y"]),
    "slices of a dict": lambda ds, _: slices(ds, {"p": [1, 2], "q": ["a", "b"]}),
    "slices of an array": lambda ds, _: slices(ds, np.arange(4, dtype=np.float32).reshape(2, 2), ["z"]),
    "slices, mixed": lambda ds, _: slices(ds, [1.5, 2]),
    "slices, str": lambda ds, _: slices(ds, ["a", "bc"]),
    "slices, ragged": lambda ds, _: slices(ds, [[1], [2, 3]]),
    "slices, lengths": lambda ds, _: slices(ds, ([1, 2], [3])),
    "slices, too many names": lambda ds, _: slices(ds, [1, 2], ["x", "y"]),
    "slices, too few names": lambda ds, _: slices(ds, ([1, 2], [3, 4]), ["x"]),
    "slices of nothing": lambda ds, _: slices(ds, []),
    "slices of 5": lambda ds, _: slices(ds, 5),
    "slices, renamed": lambda ds, _: slices(ds, {"p": [1, 2]}, ["z"]),
    "slices of a dict of ints": lambda ds, _: slices(ds, {"a": 1}),
    "padded": lambda ds, _: slices(ds, np.arange(3), "a") + ds.PaddedDataset([{"a": np.array(9)}]),
    "filled up, first": lambda ds, _: filled_up(ds, 0),
    "filled up, second": lambda ds, _: filled_up(ds, 1),
    "filled up, shuffled": lambda ds, _: filled_up(ds, 1, True),
    "filled up, size": lambda ds, _: filled_up(ds, 1).get_dataset_size(),
}
