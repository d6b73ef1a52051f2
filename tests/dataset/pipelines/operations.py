"""Operations on rows and columns."""

import numpy as np


def rows(ds, values=range(6), columns=("a",)):
    values = [value if isinstance(value, tuple) else (value,) for value in values]
    return ds.GeneratorDataset(values, list(columns), shuffle=False)


def pairs(ds):
    return rows(ds, [(i, i * 10) for i in range(4)], ["a", "b"])


def ragged(ds, lengths=(1, 2, 3, 4)):
    return rows(ds, [np.arange(length) for length in lengths])


def bucketed(ds, *arguments, lengths=(1, 5, 2, 6, 3, 4, 1, 7)):
    return ragged(ds, lengths).bucket_batch_by_length(*arguments)


def fails(*values):
    raise KeyError("fails")


def sums(a, b, info):
    return [x + info.get_batch_num() for x in a], b


CASES = {
    "map": lambda ds, _: pairs(ds).map(lambda x: x + 1),
    "map, two to one": lambda ds, _: pairs(ds).map(lambda x, y: x + y, ["a", "b"], ["c"]),
    "map, one to two": lambda ds, _: pairs(ds).map(lambda x: (x, x * 2), ["a"], ["a", "c"]),
    "map, last to two": lambda ds, _: pairs(ds).map(lambda x: (x, x * 2), ["b"], ["d", "c"]),
    "map, exchanged": lambda ds, _: pairs(ds).map(lambda x, y: (y, x), ["b", "a"]),
    "map, two to three": lambda ds, _: pairs(ds).map(lambda x, y: (y, x, x), ["b", "a"], ["x", "y", "z"]),
    "map, too few": lambda ds, _: pairs(ds).map(lambda x, y: x + y, ["a", "b"]),
    "map, too many": lambda ds, _: pairs(ds).map(lambda x: (x, x), ["a"]),
    "map, no such column": lambda ds, _: pairs(ds).map(lambda x: x, ["zz"]),
    "map, onto a column": lambda ds, _: pairs(ds).map(lambda x: x, ["a"], ["b"]),
    "map, list": lambda ds, _: pairs(ds).map([lambda x: x + 1, lambda x: (x, x * 2), lambda x, y: x + y], ["a"]),
    "map to int": lambda ds, _: pairs(ds).map(lambda x: 5, "a"),
    "map to float": lambda ds, _: pairs(ds).map(lambda x: 5.0, "a"),
    "map to str": lambda ds, _: pairs(ds).map(lambda x: "s", "a"),
    "map to bytes": lambda ds, _: pairs(ds).map(lambda x: b"s", "a"),
    "map to list": lambda ds, _: pairs(ds).map(lambda x: [1, 2], "a"),
    "map to bool": lambda ds, _: pairs(ds).map(lambda x: x > 1, "a"),
    "map to None": lambda ds, _: pairs(ds).map(lambda x: None, "a"),
    "map to float16": lambda ds, _: pairs(ds).map(lambda x: np.float16(x), "a"),
    "map, int in between": lambda ds, _: pairs(ds).map([lambda x: 5, lambda x: str(type(x))], "a"),
    "map, what comes": lambda ds, _: pairs(ds).map(lambda x: f"{type(x)} {x.dtype} {x.shape}", "a"),
    "map of str": lambda ds, _: rows(ds, ["xyz"]).map(lambda x: f"{type(x)} {x.dtype} {x.shape}"),
    "map raises": lambda ds, _: pairs(ds).map(fails),
    "map of no function": lambda ds, _: pairs(ds).map(3),
    "map, column twice": lambda ds, _: pairs(ds).map(lambda x, y: x, ["a", "a"]),
    "map, workers": lambda ds, _: pairs(ds).map(lambda x: x + 1, num_parallel_workers=2),
    "map, unknown keyword": lambda ds, _: pairs(ds).map(lambda x: x + 1, foo=1),
    "batch": lambda ds, _: rows(ds).batch(4),
    "batch, full": lambda ds, _: rows(ds).batch(4, drop_remainder=True),
    "batch, none full": lambda ds, _: rows(ds).batch(20, True),
    "batch of str": lambda ds, _: rows(ds, ["a", "bcd"]).batch(2),
    "batch of bytes": lambda ds, _: rows(ds, [b"a", b"bcd"]).batch(2),
    "batch of shapes": lambda ds, _: rows(ds, [np.zeros(2), np.zeros(3)]).batch(2),
    "batch of types": lambda ds, _: rows(ds, [np.zeros(2), np.zeros(2, np.int32)]).batch(2),
    "batch of batches": lambda ds, _: rows(ds).batch(2).batch(2),
    "batch, growing": lambda ds, _: rows(ds, range(10)).batch(lambda info: info.get_batch_num() + 1),
    "batch by epoch": lambda ds, _: rows(ds).batch(lambda info: info.get_epoch_num() + 1),
    "batch by epoch, repeated": lambda ds, _: rows(ds).batch(lambda info: info.get_epoch_num() + 1).repeat(2),
    "batch, growing, repeated": lambda ds, _: rows(ds).batch(lambda info: info.get_batch_num() + 1).repeat(2),
    "batch of 0 by function": lambda ds, _: rows(ds).batch(lambda info: 0),
    "batch of str by function": lambda ds, _: rows(ds).batch(lambda info: "x"),
    "batch of 0": lambda ds, _: rows(ds).batch(0),
    "batch of float": lambda ds, _: rows(ds).batch(2.0),
    "batch, drop 1": lambda ds, _: rows(ds).batch(2, 1),
    "per_batch_map": lambda ds, _: pairs(ds).batch(2, per_batch_map=sums),
    "per_batch_map of a column": lambda ds, _: pairs(ds).batch(
        2, per_batch_map=lambda a, info: ([x + 1 for x in a],), input_columns=["a"]
    ),
    "per_batch_map to a list": lambda ds, _: pairs(ds).batch(
        2, per_batch_map=lambda a, info: [x + 1 for x in a], input_columns=["a"]
    ),
    "per_batch_map to an array": lambda ds, _: pairs(ds).batch(
        2, per_batch_map=lambda a, info: (np.stack(a).astype(np.float32),), input_columns=["a"]
    ),
    "per_batch_map to three": lambda ds, _: pairs(ds).batch(
        2, per_batch_map=lambda a, b, info: (a, b, a), input_columns=["a", "b"], output_columns=["x", "y", "z"]
    ),
    "per_batch_map of one to two": lambda ds, _: pairs(ds).batch(
        2, per_batch_map=lambda b, info: (b, b), input_columns=["b"], output_columns=["x", "y"]
    ),
    "per_batch_map, ragged": lambda ds, _: pairs(ds).batch(
        2, per_batch_map=lambda a, info: ([np.zeros(1), np.zeros(2)],), input_columns=["a"]
    ),
    "per_batch_map, too few": lambda ds, _: pairs(ds).batch(2, per_batch_map=lambda a, b, info: (a,)),
    "per_batch_map raises": lambda ds, _: pairs(ds).batch(2, per_batch_map=fails),
    "padded": lambda ds, _: ragged(ds).padded_batch(2, pad_info={"a": ([5], -1)}),
    "padded to the longest": lambda ds, _: ragged(ds).padded_batch(2, pad_info={"a": ([None], -1)}),
    "padded without": lambda ds, _: ragged(ds).padded_batch(2),
    "padded, all": lambda ds, _: ragged(ds).padded_batch(2, pad_info={}),
    "padded, None": lambda ds, _: ragged(ds).padded_batch(2, pad_info={"a": None}),
    "padded, cut": lambda ds, _: ragged(ds).padded_batch(4, pad_info={"a": ([2], -1)}),
    "padded with None": lambda ds, _: ragged(ds).padded_batch(4, pad_info={"a": ([4], None)}),
    "padded str": lambda ds, _: rows(ds, [np.array(["a"]), np.array(["b", "cd"])]).padded_batch(
        2, pad_info={"a": ([3], "zz")}
    ),
    "padded, 2 dimensions": lambda ds, _: rows(ds, [np.ones((1, 2)), np.ones((2, 1))]).padded_batch(
        2, pad_info={"a": ([3, None], 9)}
    ),
    "padded, no such column": lambda ds, _: ragged(ds).padded_batch(4, pad_info={"q": ([2], -1)}),
    "padded, rank": lambda ds, _: ragged(ds).padded_batch(4, pad_info={"a": ([2, 2], -1)}),
    "buckets": lambda ds, _: bucketed(ds, ["a"], [2, 4], [2, 2, 1], lambda x: x.shape[0], {"a": ([None], 0)}),
    "buckets, no function": lambda ds, _: bucketed(ds, ["a"], [2, 4], [2, 2, 1], None, {"a": ([None], 0)}),
    "buckets, no info": lambda ds, _: bucketed(ds, ["a"], [2, 4], [2, 2, 1]),
    "buckets, full length": lambda ds, _: bucketed(ds, ["a"], [2, 4, 8], [2, 2, 1, 1], None, {"a": ([None], 0)}, True),
    "buckets, full": lambda ds, _: bucketed(ds, ["a"], [2, 4, 8], [2, 2, 4, 1], None, {"a": ([None], 0)}, False, True),
    "buckets, too long": lambda ds, _: bucketed(ds, ["a"], [2, 4], [2, 2, 1], None, {"a": ([None], 0)}, True),
    "buckets, sizes": lambda ds, _: bucketed(ds, ["a"], [2, 4, 8], [2, 2, 4]),
    "buckets, str": lambda ds, _: bucketed(ds, "a", [2, 4], [2, 2, 1]),
    "buckets, falling": lambda ds, _: bucketed(ds, ["a"], [4, 2], [2, 2, 4]),
    "buckets, two columns": lambda ds, _: pairs(ds).bucket_batch_by_length(["a", "b"], [4, 5], [2, 2, 4]),
    "repeat": lambda ds, _: rows(ds, range(3)).repeat(2),
    "repeat 0": lambda ds, _: rows(ds).repeat(0),
    "repeat -2": lambda ds, _: rows(ds).repeat(-2),
    "skip": lambda ds, _: rows(ds).skip(4),
    "skip all": lambda ds, _: rows(ds).skip(10),
    "skip -1": lambda ds, _: rows(ds).skip(-1),
    "take": lambda ds, _: rows(ds).take(2),
    "take all": lambda ds, _: rows(ds).take(),
    "take too many": lambda ds, _: rows(ds).take(20),
    "take 0": lambda ds, _: rows(ds).take(0),
    "zip": lambda ds, _: rows(ds, range(3)).zip(rows(ds, range(2)).rename("a", "b")),
    "zip function": lambda ds, _: ds.zip((rows(ds, range(3)), rows(ds, range(2)).rename("a", "b"))),
    "zip, same names": lambda ds, _: rows(ds).zip(rows(ds)),
    "zip of one": lambda ds, _: ds.zip((rows(ds),)),
    "zip of no tuple": lambda ds, _: ds.zip(rows(ds)),
    "concat": lambda ds, _: rows(ds, range(3)).concat([rows(ds, range(2)), rows(ds, range(1))]),
    "plus": lambda ds, _: rows(ds, range(3)) + rows(ds, range(2)),
    "plus, names": lambda ds, _: rows(ds) + rows(ds).rename("a", "b"),
    "plus, types": lambda ds, _: rows(ds) + rows(ds, [1.5]),
    "rename": lambda ds, _: pairs(ds).rename(["a", "b"], ["b", "a"]),
    "rename, no such column": lambda ds, _: pairs(ds).rename(["c"], ["d"]),
    "rename, too many": lambda ds, _: pairs(ds).rename(["a"], ["d", "e"]),
    "rename to a column": lambda ds, _: pairs(ds).rename(["a"], ["b"]),
    "project": lambda ds, _: pairs(ds).project(["b", "a"]),
    "project str": lambda ds, _: pairs(ds).project("b"),
    "project, no such column": lambda ds, _: pairs(ds).project(["z"]),
    "project twice": lambda ds, _: pairs(ds).project(["a", "a"]),
    "filter": lambda ds, _: rows(ds).filter(lambda x: x > 2),
    "filter by a column": lambda ds, _: pairs(ds).filter(lambda x: x > 10, ["b"]),
    "filter by two": lambda ds, _: pairs(ds).filter(lambda x, y: x + y > 11, ["b", "a"]),
    "filter by all": lambda ds, _: pairs(ds).filter(lambda x, y: y > 11),
    "filter raises": lambda ds, _: rows(ds).filter(fails),
    "flat_map": lambda ds, _: rows(ds, range(1, 3)).flat_map(
        lambda x: ds.NumpySlicesDataset(np.arange(3) + x, ["q"], shuffle=False)
    ),
    "flat_map to int": lambda ds, _: rows(ds).flat_map(lambda x: 5),
    "apply": lambda ds, _: rows(ds).apply(lambda d: d.batch(3)),
    "apply 3": lambda ds, _: rows(ds).apply(3),
    "apply to int": lambda ds, _: rows(ds).apply(lambda d: 4),
    "sizes": lambda ds, _: [
        rows(ds).batch(4).get_dataset_size(),
        rows(ds).batch(4, True).get_dataset_size(),
        rows(ds).repeat(2).batch(4).get_dataset_size(),
        rows(ds).batch(4).repeat(2).get_dataset_size(),
        rows(ds).repeat().get_dataset_size(),
        rows(ds).skip(10).get_dataset_size(),
        rows(ds).take(20).get_dataset_size(),
        rows(ds).filter(lambda x: x > 2).get_dataset_size(),
        rows(ds).batch(lambda info: 4).get_dataset_size(),
        (rows(ds) + rows(ds)).get_dataset_size(),
        len(rows(ds)),
    ],
    "facts": lambda ds, _: [
        pairs(ds).batch(2).output_shapes(),
        [str(dtype) for dtype in rows(ds, [1.5]).output_types()],
        pairs(ds).get_col_names(),
        pairs(ds).get_batch_size(),
        pairs(ds).batch(3).repeat(2).get_batch_size(),
        pairs(ds).repeat(3).get_repeat_count(),
        pairs(ds).repeat(3).batch(2).get_repeat_count(),
        pairs(ds).repeat().get_repeat_count(),
        pairs(ds).get_repeat_count(),
        pairs(ds).num_classes(),
        pairs(ds).get_class_indexing(),
        ragged(ds).output_shapes(estimate=True),
        ragged(ds).output_shapes(),
    ],
}
