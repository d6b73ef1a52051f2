"""Batches that are made of whole arrays are those that are stacked of rows, bit for bit, and in the same order."""

import numpy as np
import pytest

import msjax.dataset as ds
from msjax.dataset import gathering, transforms, vision
from msjax.dataset.operations.mapping import MapDataset

RANDOM = np.random.RandomState(0)
IMAGES = RANDOM.randint(0, 256, (23, 5, 4, 3)).astype(np.uint8)
COLUMNS = {
    "image": IMAGES,
    "grey": IMAGES[..., 0],
    "label": np.arange(23),
    "real": RANDOM.randn(23, 3),
    "bool": IMAGES[..., :1] > 99,
    "strided": RANDOM.randn(4, 23).T,
}


def source(**how):
    return ds.NumpySlicesDataset(COLUMNS, **({"shuffle": False} | how))


OPERATIONS = {
    "channels first": vision.HWC2CHW(),
    "rescale": vision.Rescale(1 / 255, -0.5),
    "cast": transforms.TypeCast(np.uint8),
    "to tensor": vision.ToTensor(),
    "normalize": vision.Normalize([120.0], [50.0]),
    "normalize, channels first": vision.Normalize([0.1], [0.3], is_hwc=False),
}

PIPELINES = {
    "batch": lambda: source().batch(4),
    "drop": lambda: source().batch(4, drop_remainder=True),
    "shuffled source": lambda: source(shuffle=True).batch(4),
    "share": lambda: source(shuffle=True, num_shards=3, shard_id=1, num_samples=None).batch(3),
    "sampler": lambda: source(shuffle=None, sampler=ds.SubsetRandomSampler([3, 9, 1])).batch(2),
    "shuffle": lambda: source().shuffle(7).batch(4),
    "skip, take": lambda: source().shuffle(7).skip(3).take(11).batch(4),
    "repeat": lambda: source(shuffle=True).repeat(3).skip(5).shuffle(9).batch(4),
    "take of shuffled": lambda: source().shuffle(7).take(6).repeat(2).batch(4),
    "two": lambda: source().shuffle(7).map(transforms.TypeCast(np.int32), "real").shuffle(3).batch(4).repeat(2),
    "names": lambda: source().map(transforms.TypeCast(np.float16), ["label"], ["y"]).batch(4),
    "drops a column": lambda: source().map(transforms.TypeCast(np.float16), ["label"], ["grey"]).batch(4),
    **{
        f"{operation} of {name}": lambda operation=operation, name=name: (
            source().map([OPERATIONS[operation], transforms.TypeCast(np.float32)], name).shuffle(5).batch(4)
        )
        for operation in OPERATIONS
        for name in ("image", "grey", "bool", "real", "strided", "label")
        if name != "label" or operation == "cast"
    },
    "other names": lambda: (
        source().project(["real", "image"]).rename("image", "x").map(vision.ToTensor(), "x").batch(5)
    ),
    "of three channels": lambda: (
        source().map([vision.Normalize([120.0, 100, 90], [50.0, 40, 30]), vision.HWC2CHW()], "image").batch(4)
    ),
    "wrong channels": lambda: source().map(vision.Normalize([1.0, 2.0], [1.0, 2.0]), "image").batch(4),
    "wrong shape": lambda: source().map(vision.HWC2CHW(), "label").batch(4),
}


def batches(pipeline):
    ds.config.set_seed(11)
    rows = pipeline().create_tuple_iterator(num_epochs=2, output_numpy=True)
    try:
        return [list(rows) for _ in range(2)]
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("name", PIPELINES)
def test_same_bits(name, monkeypatch):
    at_once = batches(PIPELINES[name])
    monkeypatch.setattr(ds.NumpySlicesDataset, "_gathering", lambda self: None)
    of_rows = batches(PIPELINES[name])
    monkeypatch.setattr(MapDataset, "_gathering", lambda self: None)
    one_by_one = batches(PIPELINES[name])
    check_same(at_once, one_by_one)
    check_same(of_rows, one_by_one)


def check_same(found, expected):
    if isinstance(expected, tuple):
        assert found == expected
        return
    for mine, other in zip(found, expected, strict=True):
        for row, expected in zip(mine, other, strict=True):
            for part, whole in zip(row, expected, strict=True):
                assert (part.dtype, part.shape, part.tobytes()) == (whole.dtype, whole.shape, whole.tobytes())
                assert part.flags.c_contiguous and part.flags.writeable


def uneven(shapes, dtypes=(np.uint8,)):
    return lambda: (np.ones(shape, dtypes[i % len(dtypes)]) for i, shape in enumerate(shapes))


CROP, CAST = vision.CenterCrop(2), transforms.TypeCast(np.float32)
GENERATED = {
    "even": (uneven([(3, 4, 3)] * 5), [vision.Rescale(2.0, 0.0), vision.HWC2CHW()]),
    "greys and colours": (uneven([(3, 4, 3)] * 2 + [(3, 4)] * 2), [vision.Rescale(2.0, 0.0)]),
    "one of another shape": (uneven([(2, 2)] * 3 + [(3, 2)]), [CAST]),
    "shapes that a transform makes equal": (uneven([(3, 4, 3), (4, 3, 3)] * 2), [CROP, CAST]),
    "dtypes that a transform makes equal": (uneven([(2,)] * 6, [np.uint8, np.int32]), [CAST]),
    "a row of another kind": (uneven([(3, 4, 3)] * 3 + [(2,)]), [vision.HWC2CHW()]),
    "numbers": (lambda: iter(range(5)), [CAST]),
    "words": (lambda: iter(["a", "bc", "d"]), [CAST]),
    "none": (lambda: iter([]), [CAST]),
}


@pytest.mark.parametrize("name", GENERATED)
def test_same_bits_of_generators(name, monkeypatch):
    generator, operations = GENERATED[name]

    def pipeline():
        return ds.GeneratorDataset(generator, ["x"]).map(operations[:1], "x").map(operations[1:] or CAST, "x").batch(2)

    of_rows = batches(pipeline)
    monkeypatch.setattr(MapDataset, "_gathering", lambda self: None)
    check_same(of_rows, batches(pipeline))


def test_who_is_computed_at_once():
    class Own(transforms.TypeCast):
        def _compute(self, array):
            return super()._compute(array) + array.sum()

    assert source().shuffle(3).map(transforms.TypeCast(np.int32), "label")._gathering()
    for operation in (Own(np.int32), lambda x: x, vision.RandomHorizontalFlip()):
        assert source().map(operation, "image")._gathering() is None
    assert ds.NumpySlicesDataset([1, 2])._gathering() is None
    assert not gathering.is_plain(np.array(["a"])) and not gathering.is_plain(np.zeros(2, ">f4"))
