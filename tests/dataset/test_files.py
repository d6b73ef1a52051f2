"""Files that are not what they should be: errors that say which, and where."""

import contextlib
import os
import pickle
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import msjax.dataset as ds
from dataset.pipelines.files import tfrecord, write_mnist
from msjax.dataset.sources.tfrecord import parse_example
from msjax.dataset.utils import LineReader

EXAMPLE = tfrecord({"n": [1, -2], "x": [0.5], "s": [b"one", b"two"]})


def rows(path, **arguments):
    dataset = ds.TFRecordDataset(str(path), shuffle=False, **arguments)
    return list(dataset.create_dict_iterator(num_epochs=1, output_numpy=True))


def test_an_example_is_read():
    example = parse_example(EXAMPLE[12:-4])
    assert example["n"].tolist() == [1, -2] and example["x"].tolist() == [0.5] and example["s"] == [b"one", b"two"]


@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "no data found"),
        (EXAMPLE[:5], "record 0"),
        (EXAMPLE + EXAMPLE[:-1], "record 1: the file ends within a record"),
        (EXAMPLE[:12] + b"\xff" * (len(EXAMPLE) - 12), "record 0"),
        (struct.pack("<Q", 2**60) + b"0" * 40, "record 0"),
        (b"text\n" * 10, "record 0"),
    ],
)
def test_broken_records(tmp_path, content, says):
    path = tmp_path / "broken.tfrecord"
    path.write_bytes(content)
    with pytest.raises(RuntimeError, match=says) as raised:
        rows(path)
    assert str(path) in str(raised.value)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_bytes_are_an_example_or_a_value_error(data):
    content = bytearray(EXAMPLE[12:-4])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    with contextlib.suppress(ValueError):
        parse_example(bytes(content))


def test_compressed_records(tmp_path):
    import gzip
    import zlib

    (tmp_path / "a.gz").write_bytes(gzip.compress(EXAMPLE))
    (tmp_path / "a.z").write_bytes(zlib.compress(EXAMPLE))
    assert len(rows(tmp_path / "a.gz", compression_type="GZIP")) == 1
    assert len(rows(tmp_path / "a.z", compression_type="ZLIB")) == 1
    (tmp_path / "cut.gz").write_bytes(gzip.compress(EXAMPLE)[:-9])
    (tmp_path / "cut.z").write_bytes(zlib.compress(EXAMPLE)[:-9])
    for name, kind in (("cut.gz", "GZIP"), ("cut.z", "ZLIB")):
        with pytest.raises(RuntimeError, match=name):
            rows(tmp_path / name, compression_type=kind)


def test_broken_mnist(tmp_path):
    write_mnist(tmp_path / "mnist")
    path = tmp_path / "mnist" / "train-images-idx3-ubyte"
    whole = path.read_bytes()
    for content in (whole[:-1], whole[4:], b"", whole[:8] + struct.pack(">II", 2**31, 2**31)):
        path.write_bytes(content)
        with pytest.raises(RuntimeError, match="train-images"):
            ds.MnistDataset(str(tmp_path / "mnist"), "train").get_dataset_size()


def test_mnist_in_folders_for_each_part(tmp_path):
    write_mnist(folder := tmp_path / "mnist")
    (both, test) = (ds.MnistDataset(str(folder), usage).get_dataset_size() for usage in ("all", "test"))
    for path in folder.glob("train-*"):
        path.unlink()
    assert ds.MnistDataset(str(folder)).get_dataset_size() == test < both
    next(folder.glob("t10k-labels*")).unlink()
    with pytest.raises(RuntimeError, match="1 files of images and 0 of labels"):
        ds.MnistDataset(str(folder)).get_dataset_size()


def test_broken_cifar(tmp_path):
    (tmp_path / "test_batch.bin").write_bytes(b"0" * 100)
    with pytest.raises(RuntimeError, match=r"test_batch\.bin"):
        ds.Cifar10Dataset(str(tmp_path), "test").get_dataset_size()


def test_broken_text(tmp_path):
    path = tmp_path / "latin.txt"
    path.write_bytes("é\n".encode("latin1"))
    with pytest.raises(RuntimeError, match=r"latin\.txt.*UTF-8"):
        list(ds.TextFileDataset(str(path)).create_tuple_iterator(num_epochs=1))


def test_images_are_decoded(tmp_path):
    pytest.importorskip("cv2")
    from dataset.pipelines.files import png

    (tmp_path / "class").mkdir()
    image = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    (tmp_path / "class" / "a.png").write_bytes(png(image))
    (tmp_path / "class" / "b.png").write_bytes(b"no image")
    iterator = ds.ImageFolderDataset(str(tmp_path), decode=True, shuffle=False).create_dict_iterator(output_numpy=True)
    assert np.array_equal(next(iterator)["image"], image)
    with pytest.raises(RuntimeError, match="ImageFolderDataset"):
        next(iterator)


def test_lists_name_files_and_nothing_else(tmp_path):
    """What comes from a pipe or a device may have no end."""
    os.mkfifo(tmp_path / "pipe.jpg")
    for name in ("pipe.jpg", "/dev/zero", "."):
        (tmp_path / "list.txt").write_text(f"{name}#0\ta sentence\n")
        rows = ds.FlickrDataset(str(tmp_path), str(tmp_path / "list.txt"))
        with pytest.raises(RuntimeError, match="should be file"):
            next(rows.create_tuple_iterator(num_epochs=1, output_numpy=True))


def test_folders_with_pipes_are_not_waited_for(tmp_path):
    for kind, names in {
        ds.YesNoDataset: ("0_0_0_0_1_1_1_1.wav",),
        ds.MnistDataset: ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
        ds.STL10Dataset: ("test_X.bin", "test_y.bin"),
        ds.SemeionDataset: ("semeion.data",),
    }.items():
        folder = tmp_path / kind.__name__
        folder.mkdir()
        for name in names:
            os.mkfifo(folder / name)
        with pytest.raises(RuntimeError, match="is no file"):
            next(kind(str(folder)).create_tuple_iterator(num_epochs=1, output_numpy=True))


def test_lines_by_number(tmp_path):
    (tmp_path / "lines.txt").write_bytes("one\r\nzwö\nthree".encode())
    reader = LineReader(str(tmp_path / "lines.txt"))
    assert [reader.readline(n) for n in (3, 1, 2)] == ["three", "one", "zwö"]
    (tmp_path / "lines.txt").write_bytes(b"")
    assert pickle.loads(pickle.dumps(reader)).readline(1) == ""  # pages of a file that is mapped would end the process
    reader.close()


def test_descriptions(tmp_path):
    (tmp_path / "a.txt").write_text("one\ntwo\n")
    rows = (
        ds.TextFileDataset(str(tmp_path / "a.txt"), shuffle=False).repeat(2).shuffle(5).batch(3, True).take(4).skip(1)
    )
    file = str(tmp_path / "described.json")
    assert ds.compare(ds.deserialize(ds.serialize(rows, file)), rows)
    assert ds.compare(ds.deserialize(json_filepath=file), rows)
    assert not ds.compare(rows, rows.batch(2))
    write_mnist(tmp_path / "mnist")
    sampler = ds.DistributedSampler(2, 1)
    sampler.add_child(ds.SequentialSampler(1, 3))
    images = ds.MnistDataset(str(tmp_path / "mnist"), sampler=sampler)
    again = ds.deserialize(ds.serialize(images.zip(images.rename(["image", "label"], ["a", "b"]))))
    assert again.children[0].sampler.child_sampler.num_samples == 3
    with pytest.raises(RuntimeError, match="function"):
        ds.deserialize(ds.serialize(rows.map(lambda x: x)))


def test_the_other_settings():
    for name in ("prefetch_size", "num_parallel_workers", "callback_timeout", "autotune_interval"):
        before = getattr(ds.config, f"get_{name}")()
        getattr(ds.config, f"set_{name}")(7)
        assert getattr(ds.config, f"get_{name}")() == 7
        getattr(ds.config, f"set_{name}")(before)
    with pytest.raises(TypeError, match="size"):
        ds.config.set_prefetch_size("a")
    with pytest.raises(ValueError, match="seed"):
        ds.config.set_seed(-1)
    with pytest.raises(TypeError, match="error_samples_mode"):
        ds.config.set_error_samples_mode(1)


def test_random_values():
    images = ds.FakeImageDataset(3, (2, 3, 1), num_classes=4, base_seed=7, shuffle=False)
    first, again = ([[part.asnumpy().tolist() for part in row] for row in images] for _ in range(2))
    assert first == again and len(first) == 3 and images.num_classes() == 4
    schema = ds.Schema()
    for kind in ("int32", "float64", "bool"):
        schema.add_column(kind, kind, [2, 2])
    for row in ds.RandomDataset(2, schema, ["bool", "int32"]).create_dict_iterator(1, True):
        described = [(name, str(part.dtype), part.shape) for name, part in row.items()]
        assert described == [("bool", "bool", (2, 2)), ("int32", "int32", (2, 2))]
    with pytest.raises(ValueError, match="names 'c'"):
        ds.RandomDataset(2, schema, ["c"])


@pytest.mark.parametrize("usage", ["train", "test", "all"])
def test_emnist_is_mnist_in_files_of_other_names(tmp_path, usage):
    write_mnist(tmp_path / "mnist")
    for file in (tmp_path / "mnist").iterdir():
        (tmp_path / f"emnist-letters-{file.name.replace('t10k', 'test')}").write_bytes(file.read_bytes())
    ours = ds.EMnistDataset(str(tmp_path), "letters", usage, shuffle=False)
    theirs = ds.MnistDataset(str(tmp_path / "mnist"), usage, shuffle=False)
    for row, other in zip(ours, theirs, strict=True):
        assert all((a.asnumpy() == b.asnumpy()).all() for a, b in zip(row, other, strict=True))
    with pytest.raises(RuntimeError, match="no data found"):
        ds.EMnistDataset(str(tmp_path), "digits").get_dataset_size()


def test_a_run_counts_the_rows_of_a_file_once(tmp_path, monkeypatch):
    counted, count = [], ds.TextFileDataset._rows_in
    monkeypatch.setattr(ds.TextFileDataset, "_rows_in", lambda self, path: counted.append(path) or count(self, path))
    files = [str(tmp_path / f"{n}.txt") for n in range(3)]
    for path in files:
        with open(path, "w") as file:
            file.write("one\ntwo\n")
    epochs = ds.TextFileDataset(files, num_shards=2, shard_id=0).create_tuple_iterator(num_epochs=3)
    assert [len(list(epochs)) for _ in range(3)] == [3, 3, 3]
    assert sorted(counted) == files
