"""MindRecord files: byte for byte those of MindSpore, and clear errors for what is none."""

import gzip
import json
import os
import pickle
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

import msjax.dataset as ds
import msjax.mindrecord as mr
from dataset.mindrecord_files import FILES, HEADER, PAGE, write
from dataset.pipelines.files import tfrecord
from msjax.mindrecord.converters import cifar
from msjax.mindrecord.converters.tfrecord import FixedLenFeature

RECORDED = Path(__file__).with_name("recorded") / "mindrecord.zip"
SMALL = {"k": {"type": "int32"}, "data": {"type": "bytes"}}
ROW = {"k": 1, "data": b"1"}


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """The folder with the files that MindSpore wrote."""
    folder = tmp_path_factory.mktemp("theirs")
    zipfile.ZipFile(RECORDED).extractall(folder)
    return folder


def names(case_name: str) -> list[str]:
    count = FILES[case_name].shards
    return [case_name] if count == 1 else [f"{case_name}{i}" for i in range(count)]


def without_version(path: Path) -> bytes:
    """A file; of a database without the number of the SQLite that wrote it."""
    content = path.read_bytes()
    return content[:96] + content[100:] if path.suffix == ".db" else content


def rows_of(path) -> list[dict]:
    return [{name: plain(value) for name, value in row.items()} for row in mr.FileReader(str(path)).get_next()]


def plain(value):
    return (value.dtype.str, value.tolist()) if isinstance(value, np.ndarray) else value


def small_file(path, rows=None, schema=None) -> str:
    writer = mr.FileWriter(str(path), overwrite=True)
    writer.set_page_size(PAGE)
    writer.set_header_size(HEADER)
    writer.add_schema(schema or SMALL)
    writer.write_raw_data(rows or [ROW])
    writer.commit()
    return str(path)


@pytest.mark.parametrize("name", FILES)
def test_the_bytes_are_mindspores(name, theirs, tmp_path):
    write(mr.FileWriter, str(tmp_path), name, FILES[name])
    for file in names(name):
        for ours in (tmp_path / file, tmp_path / f"{file}.db"):
            assert without_version(ours) == without_version(theirs / ours.name), ours.name
    assert not list(tmp_path.glob("*.partial*"))


@pytest.mark.parametrize("name", FILES)
def test_mindspores_files_are_read(name, theirs):
    case = FILES[name]
    written = [row for rows in (*case.calls, *case.appended) for row in rows]
    got = [row for file in names(name) for row in mr.FileReader([str(theirs / file)]).get_next()]
    key = lambda row: repr(sorted((k, plain(v)) for k, v in row.items()))  # noqa: E731
    assert sorted(map(key, got)) == sorted(map(key, written))


# What is no whole file.


def outcome(path) -> str:
    """Reads all of a file: its error, or "". Anything else is raised."""
    try:
        rows_of(path)
        list(ds.MindDataset(str(path), shuffle=False).create_tuple_iterator(num_epochs=1, output_numpy=True))
    except RuntimeError as error:
        assert str(path) in str(error)
        return str(error)
    return ""


@pytest.mark.parametrize("name", ["types", "made3"])
def test_a_file_that_was_cut(name, theirs, tmp_path):
    content = (theirs / name).read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    (tmp_path / "cut.db").write_bytes((theirs / f"{name}.db").read_bytes())
    for size in (0, 4, 8, 9, 8 + length // 2, 7 + length, HEADER, HEADER + 3, HEADER + PAGE, len(content) - 1):
        (tmp_path / "cut").write_bytes(content[:size])
        assert outcome(tmp_path / "cut"), size


def test_an_index_that_was_cut_or_is_missing(theirs, tmp_path):
    (tmp_path / "a").write_bytes((theirs / "a").read_bytes())
    assert "missing" in outcome(tmp_path / "a")
    content = (theirs / "a.db").read_bytes()
    for size in (0, 16, 100, 4096, 5000, len(content) - 4096):
        (tmp_path / "a.db").write_bytes(content[:size])
        assert outcome(tmp_path / "a"), size
    (tmp_path / "a.db").write_bytes((theirs / "a2.db").read_bytes())
    assert "4" in outcome(tmp_path / "a")


@pytest.mark.parametrize(("name", "suffix"), [("types", ""), ("types", ".db"), ("made3", ""), ("strings", "")])
def test_flipped_bytes(name, suffix, theirs, tmp_path):
    """Some are not told: the format has no checksums. But there is an error that names the file, or rows."""
    draw = random.Random(name + suffix)
    for file in (name, f"{name}.db"):
        (tmp_path / file).write_bytes((theirs / file).read_bytes())
    good = (theirs / (name + suffix)).read_bytes()
    used = [i for i, byte in enumerate(good) if byte]
    for _ in range(80):
        content = bytearray(good)
        for _ in range(draw.choice([1, 1, 4])):
            content[draw.choice(used)] = draw.randrange(256)
        (tmp_path / (name + suffix)).write_bytes(content)
        outcome(tmp_path / name)


def changed_header(path, change) -> None:
    content = bytearray(Path(path).read_bytes())
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    change(header)
    now = json.dumps(header).encode()
    content[: 8 + len(now)] = struct.pack("<Q", len(now)) + now
    Path(path).write_bytes(content)


LIES = {
    "page size": lambda h: h["page"][0].update(page_size=2**40),
    "rows": lambda h: h["page"][0].update(end_row_id=2**40),
    "more rows than bytes": lambda h: h["page"][0].update(end_row_id=2**30),
    "offset of pages": lambda h: h.update(header_size=2**27),
    "huge header size": lambda h: h.update(header_size=2**60),
    "no number": lambda h: h.update(page_size="32768"),
    "no schema": lambda h: h.update(schema=[]),
    "a type": lambda h: h["schema"][0]["schema"]["k"].update(type="object"),
    "a name": lambda h: h["schema"][0]["schema"].update({"k); DROP TABLE INDEXES; --": {"type": "int32"}}),
    "an index": lambda h: h.update(index_fields=[{"index_field": "k_0 FROM INDEXES; --", "schema_id": 0}]),
    "a shape": lambda h: h["schema"][0]["schema"].update(data={"type": "int32", "shape": [2**31, 2**31]}),
    "shards": lambda h: h.update(shard_addresses=["../../etc/passwd", "b"]),
    "no list": lambda h: h.update(page=7),
}


@pytest.mark.parametrize("lie", LIES)
def test_lying_headers(lie, tmp_path):
    path = small_file(tmp_path / "small")
    changed_header(path, LIES[lie])
    assert outcome(path)


@pytest.mark.parametrize(("at", "value"), [(0, struct.pack("<Q", 2**62)), (8, b"[" * 8000), (HEADER, b"\xff" * 8)])
def test_lying_lengths(at, value, tmp_path):
    path = Path(small_file(tmp_path / "small"))
    content = bytearray(path.read_bytes())
    content[at : at + len(value)] = value
    if value[:1] == b"[":
        content[:8] = struct.pack("<Q", len(value))
    path.write_bytes(content)
    assert outcome(path)


def test_lies_take_no_memory(tmp_path):
    """Of an array, and of a string: sizes are compared with what there is before memory is asked for."""
    rows = [{"s": "text", "x": np.arange(9, dtype=np.int32)}]
    schema = {"s": {"type": "string"}, "x": {"type": "int32", "shape": [-1]}}
    for at, value in ((HEADER + 8, b"\xff" * 4), (HEADER + PAGE + 8 + 3, b"\xdb\x7f\xff\xff\xff")):
        path = Path(small_file(tmp_path / "small", rows, schema))
        content = bytearray(path.read_bytes())
        content[at : at + len(value)] = value
        path.write_bytes(content)
        tracemalloc.start()
        assert "page" in outcome(path)
        assert tracemalloc.get_traced_memory()[1] < 2**22
        tracemalloc.stop()


def test_a_hostile_index(tmp_path):
    path = small_file(tmp_path / "small", [ROW] * 3)
    for statement in (
        "UPDATE INDEXES SET PAGE_ID_BLOB = 'x'",
        "UPDATE INDEXES SET PAGE_ID_BLOB = 99",
        "UPDATE INDEXES SET PAGE_ID_BLOB = 1",
        "UPDATE INDEXES SET PAGE_OFFSET_RAW_END = 1000000",
        "UPDATE INDEXES SET PAGE_OFFSET_RAW = -8",
        "UPDATE INDEXES SET ROW_ID = ROW_ID + 10",
        "DELETE FROM INDEXES WHERE ROW_ID = 1",
        "DROP TABLE INDEXES",
        "ALTER TABLE INDEXES RENAME TO OTHER; CREATE VIEW INDEXES AS SELECT * FROM OTHER",
        "ALTER TABLE INDEXES RENAME COLUMN PAGE_ID_BLOB TO OTHER;"
        "ALTER TABLE INDEXES ADD COLUMN PAGE_ID_BLOB INT AS (OTHER + length(hex(zeroblob(300000000))) * 0)",
    ):
        small_file(path, [ROW] * 3)
        database = sqlite3.connect(f"{path}.db")
        database.executescript(statement)
        database.close()
        assert outcome(path), statement


def test_going_on_with_hostile_files(tmp_path):
    """What names, rows and indexes say is checked, too, where rows are added."""
    for number, statement in enumerate(("UPDATE INDEXES SET PAGE_ID_BLOB = 1", "", "", "")):
        path = small_file(tmp_path / f"{number}", [ROW] * 3)
        if number == 1:
            changed_header(path, lambda header: header.update(shard_addresses=["0", ".."]))
        if number == 2:  # the fields of a row are of another name
            content = Path(path).read_bytes()
            Path(path).write_bytes(content.replace(b"\xa1k", b"\xa1q"))
        if number == 3:
            statement = "DROP TABLE SHARD_NAME; CREATE VIEW SHARD_NAME AS SELECT 1 AS NAME"
        database = sqlite3.connect(f"{path}.db")
        database.executescript(statement)
        database.close()
        with pytest.raises(RuntimeError):
            writer = mr.FileWriter.open_for_append(path)
            writer.write_raw_data([ROW])
            writer.commit()
        writer.abandon()
        assert not list(tmp_path.glob("*.partial"))


# Writing.


@pytest.mark.parametrize("added", [False, True])
def test_planted_links_are_not_followed(added, tmp_path):
    path, other = small_file(tmp_path / "small", [ROW]), tmp_path / "other"
    other.write_text("kept")
    for suffix in ("", ".db"):
        (tmp_path / f"small{suffix}.partial").symlink_to(other)
    if added:
        writer = mr.FileWriter.open_for_append(path)
        writer.write_raw_data([ROW])
        writer.commit()
    else:
        small_file(path, [ROW, ROW])
    assert other.read_text() == "kept"
    assert len(rows_of(path)) == 2


def test_a_killed_writer_leaves_no_file(tmp_path):
    """And an older file of that name as it was."""
    path = small_file(tmp_path / "small", [ROW] * 3)
    before = rows_of(path)
    program = (
        "import os, signal\nfrom msjax.mindrecord import FileWriter\n"
        f"for name in ({path!r}, {str(tmp_path / 'new')!r}):\n"
        "    writer = FileWriter(name, overwrite=True)\n"
        "    writer.add_schema({'k': {'type': 'int32'}})\n"
        "    writer.write_raw_data([{'k': 1}])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env={**os.environ, "JAX_PLATFORMS": "cpu"}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert rows_of(path) == before
    assert not (tmp_path / "new").exists()
    small_file(tmp_path / "new")
    assert sorted(file.name for file in tmp_path.glob("new*")) == ["new", "new.db"]


def test_rows_that_do_not_match_are_left_out(tmp_path):
    wrong = [{"k": 1}, {"k": "1", "data": b""}, {"k": True, "data": b"x"}, {"k": 2, "data": "x"}, {"k": 3, "data": b""}]
    path = small_file(tmp_path / "small", [ROW, *wrong, {"k": 4, "data": b"4", "more": 1}])
    assert rows_of(path) == [ROW, {"k": 4, "data": b"4"}]
    with pytest.raises(RuntimeError, match="no valid data"):
        small_file(path, wrong)


SCHEMAS = {
    mr.MRMInvalidSchemaError: [
        None, {}, "x", {"a": "int32"}, {"a": {"type": "int8"}}, {"a": {}}, {"a b": {"type": "int32"}},
        {"a": {"type": "int32", "shape": 2}}, {"a": {"type": "bytes", "shape": [1]}}, {"a": {"type": "int32", "x": 1}},
    ],
    mr.MRMBuildSchemaError: [{"a": {"type": "int32", "shape": [-1, -1]}}],
}  # fmt: skip


def test_wrong_arguments(tmp_path):
    path = str(tmp_path / "x")
    for kind, schemas in SCHEMAS.items():
        for schema in schemas:
            with pytest.raises(kind):
                mr.FileWriter(path).add_schema(schema)
    for arguments in (("",), (None,), (3,), ("a*b",), (path, 0), (path, 1001), (path, "1"), (path, None), (path, 1, 1)):
        with pytest.raises(mr.ParamValueError):
            mr.FileWriter(*arguments)
    writer = mr.FileWriter(path)
    with pytest.raises(mr.MRMGetMetaError):
        writer.add_index(["k"])
    with pytest.raises(RuntimeError, match="add_schema"):
        writer.write_raw_data([ROW])
    writer.add_schema(SMALL)
    for kind, call, argument in (
        (mr.MRMAddSchemaError, writer.add_schema, SMALL),
        (mr.MRMDefineIndexError, writer.add_index, ["data"]),
        (RuntimeError, writer.add_index, ["zz"]),
        (RuntimeError, writer.add_index, ["k", "k"]),
        (mr.ParamTypeError, writer.add_index, []),
        (mr.ParamTypeError, writer.add_index, [1]),
        (RuntimeError, writer.set_page_size, PAGE - 1),
        (RuntimeError, writer.set_header_size, HEADER - 1),
        (TypeError, writer.set_page_size, "1"),
        (mr.ParamTypeError, writer.write_raw_data, ROW),
        (mr.ParamTypeError, writer.write_raw_data, [1]),
        (RuntimeError, writer.write_raw_data, []),
        (RuntimeError, mr.FileWriter.open_for_append, str(tmp_path / "nothing")),
    ):
        with pytest.raises(kind):
            call(argument)
    writer.abandon()


def test_what_must_not_be_done_twice(tmp_path):
    path = small_file(tmp_path / "small")
    writer = mr.FileWriter(path)
    writer.add_schema(SMALL)
    with pytest.raises(RuntimeError, match="already exist"):
        writer.write_raw_data([ROW])
    writer = mr.FileWriter(path, overwrite=True)
    writer.add_schema(SMALL)
    writer.write_raw_data([ROW])
    writer.commit()
    for again in (writer.commit, lambda: writer.write_raw_data([ROW])):
        with pytest.raises(RuntimeError):
            again()


def test_no_rows(tmp_path):
    writer = mr.FileWriter(str(tmp_path / "x"), 2)
    writer.add_schema(SMALL)
    writer.commit()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x0", "x0.db", "x1", "x1.db"]
    assert rows_of(tmp_path / "x0") == []
    assert list(ds.MindDataset(str(tmp_path / "x0")).create_tuple_iterator(num_epochs=1)) == []


def test_a_row_larger_than_a_page(tmp_path):
    with pytest.raises(RuntimeError, match="too small to save a blob row"):
        small_file(tmp_path / "x", [{"k": 1, "data": b"x" * PAGE}])
    with pytest.raises(RuntimeError, match="too small to save a raw row"):
        small_file(tmp_path / "x", [{"s": "x" * PAGE}], {"s": {"type": "string"}})


def test_parallel_writing(tmp_path):
    writer = mr.FileWriter(str(tmp_path / "x"), 2)
    writer.add_schema(SMALL)
    for first in (0, 3, 6):
        writer.write_raw_data([{"k": first + i, "data": b"x"} for i in range(3)], parallel_writer=True)
    writer.commit()
    assert sorted(row["k"] for row in rows_of(tmp_path / "x0")) == list(range(9))


# Reading, by other ways.


def test_file_reader(theirs):
    reader = mr.FileReader(str(theirs / "three1"), columns=["k"])
    assert [row["k"] for row in reader.get_next()] == list(range(12))
    assert reader.len() == 12
    assert reader.schema() == FILES["three"].schema
    reader.close()
    with pytest.raises(RuntimeError, match="zz"):
        mr.FileReader(str(theirs / "a"), columns=["zz"])
    with pytest.raises(RuntimeError, match="nothing"):
        mr.FileReader("nothing")
    with pytest.raises(mr.ParamValueError):
        mr.FileReader(str(theirs / "a"), 0)


def test_mind_page(theirs):
    page = mr.MindPage(str(theirs / "a"))
    assert page.candidate_fields == ["k", "s"]
    with pytest.raises(RuntimeError):
        page.read_category_info()
    page.category_field = "k"
    assert page.read_category_info() == (
        '{"categories":[{"count":4,"id":0,"name":"0"},{"count":3,"id":1,"name":"1"},{"count":3,"id":2,"name":"2"}],'
        '"key":"k_0"}'
    )
    assert [row["s"] for row in page.read_at_page_by_id(0, 1, 3)] == ["s9"]
    assert [row["s"] for row in page.read_at_page_by_name("1", 0, 2)] == ["s1", "s4"]
    for arguments in ((-1, 0, 2), (0, -1, 2), (0, 0, 0)):
        with pytest.raises(mr.ParamValueError):
            page.read_at_page_by_id(*arguments)
    for arguments in ((9, 0, 2), (0, 7, 2)):
        with pytest.raises(RuntimeError):
            page.read_at_page_by_id(*arguments)
    with pytest.raises(mr.MRMDefineCategoryError):
        page.category_field = "zz"


def test_rows_of_each_class(theirs):
    rows = ds.MindDataset(str(theirs / "a"), ["k"], sampler=ds.PKSampler(2, class_column="k"))
    got = [int(k) for (k,) in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
    assert got == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize("files", [1, 3])
def test_a_pipeline_saved(files, tmp_path):
    data = {
        "x": np.arange(12).reshape(6, 2) > 3,
        "y": np.arange(6, dtype=np.float16),
        "s": ["a", "b", "é", "", "f", "g"],
    }
    path = str(tmp_path / "x")
    ds.NumpySlicesDataset(data, shuffle=False).save(path, files)
    got = sorted(rows_of(path if files == 1 else f"{path}0"), key=lambda row: row["y"])
    assert [row["y"] for row in got] == list(range(6))
    assert [row["s"] for row in got] == data["s"]
    assert got[2]["x"] == ("<i4", [1, 1])
    with pytest.raises(RuntimeError, match="exist"):
        ds.NumpySlicesDataset(data).save(path, files)


def test_what_cannot_be_saved(tmp_path):
    path = str(tmp_path / "x")
    for values in (np.array([["a", "b"]]), [np.zeros(2), np.zeros((2, 2))]):
        with pytest.raises(RuntimeError):
            ds.GeneratorDataset(list(values), ["x"], shuffle=False).save(path)
    for arguments in ((path, 0), (path, 1, "tfrecord")):
        with pytest.raises(ValueError):
            ds.NumpySlicesDataset([1]).save(*arguments)
    assert not list(tmp_path.iterdir())


# Converters.


def test_csv(tmp_path):
    source, path = tmp_path / "a.csv", str(tmp_path / "a")
    source.write_text("a,b,c,d\n1,2.5,xx,True\n3,4,,False\n-5,1e3,zz,False\n")
    mr.CsvToMR(str(source), path).transform()
    assert rows_of(path) == [{"a": 1, "b": 2.5, "c": "xx", "d": 1}, {"a": -5, "b": 1000.0, "c": "zz", "d": 0}]
    with pytest.raises(RuntimeError, match="zz"):
        mr.CsvToMR(str(source), path, ["zz"]).transform()
    with pytest.raises(OSError):
        mr.CsvToMR("nothing.csv", path).transform()


def test_images_in_folders(tmp_path):
    for name, file in (("n02", "b.JPEG"), ("n01", "a.jpg"), ("n01", "c.txt")):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / file).write_bytes(file.encode())
    (tmp_path / "map.txt").write_text("n01 0\nn02 1\n")
    path = str(tmp_path / "images")
    mr.ImageNetToMR(str(tmp_path / "map.txt"), str(tmp_path), path).transform()
    assert [(row["label"], row["image"]) for row in rows_of(path)] == [(0, b"a.jpg"), (1, b"b.JPEG")]


def test_mnist(tmp_path):
    pytest.importorskip("PIL")
    images = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)
    for part in ("train", "t10k"):
        head = struct.pack(">IIII", 2051, *images.shape)
        with gzip.open(tmp_path / f"{part}-images-idx3-ubyte.gz", "wb") as file:
            file.write(head + images.tobytes())
        with gzip.open(tmp_path / f"{part}-labels-idx1-ubyte.gz", "wb") as file:
            file.write(struct.pack(">II", 2049, 2) + bytes([7, 8]))
    mr.MnistToMR(str(tmp_path), str(tmp_path / "x")).transform()
    rows = rows_of(tmp_path / "x_test.mindrecord")
    assert [row["label"] for row in rows] == [7, 8]
    assert rows[0]["data"][:3] == b"\xff\xd8\xff"


class Evil:
    def __reduce__(self):
        return os.system, ("echo no",)


def test_cifar(tmp_path):
    pytest.importorskip("PIL")
    images = np.zeros((2, 3072), np.uint8)
    good = {b"data": images, b"labels": [3, 4], b"fine_labels": [5, 6], b"coarse_labels": [1, 2]}
    for name in (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch", "train", "test"):
        (tmp_path / name).write_bytes(pickle.dumps(good, 2))
    mr.Cifar10ToMR(str(tmp_path), str(tmp_path / "ten")).transform()
    mr.Cifar100ToMR(str(tmp_path), str(tmp_path / "hundred")).transform(["fine_label"])
    assert [(row["id"], row["label"]) for row in rows_of(tmp_path / "ten")][8:] == [(8, 3), (9, 4)]
    assert [(row["coarse_label"], row["fine_label"]) for row in rows_of(tmp_path / "hundred_test")] == [(1, 5), (2, 6)]
    (tmp_path / "test_batch").write_bytes(pickle.dumps({b"data": Evil()}))
    with pytest.raises(RuntimeError, match="asks for"):
        mr.Cifar10ToMR(str(tmp_path), str(tmp_path / "evil")).transform()


_DEFAULTS = b"\nN}X\x0c\x00\x00\x00__defaults__K\x01s\x86b."  # sets that attribute of what stands before it


@pytest.mark.parametrize(
    "content",
    [
        b"\x80\x02Nr\xff\xff\xff\x7f.",  # a number for which the unpickler would ask for 64 GiB
        *(b"\x80\x02c" + name + _DEFAULTS for name in (b"_codecs\nencode", b"numpy\ndtype", b"numpy\nndarray")),
    ],
)
def test_pickles_change_nothing_outside_of_them(content, tmp_path):
    (tmp_path / "test_batch").write_bytes(content)
    before = {kind: dict(vars(kind)) for kind in cifar._CALLED.values()}
    with pytest.raises(RuntimeError, match="test_batch"):
        mr.Cifar10ToMR(str(tmp_path), "")._read(str(tmp_path / "test_batch"))
    assert before == {kind: dict(vars(kind)) for kind in cifar._CALLED.values()}


def test_tfrecords(tmp_path):
    source, path = tmp_path / "a.tfrecord", str(tmp_path / "a")
    source.write_bytes(b"".join(tfrecord({"n": [i], "x": [0.5, i + 0.5], "im/raw": [b"\xff"]}) for i in range(2)))
    features = {
        "n": FixedLenFeature([], "int64"), "x": FixedLenFeature([2], "float32"),
        "im/raw": FixedLenFeature([], "string"), "more": FixedLenFeature([], "string", "?"),
    }  # fmt: skip
    mr.TFRecordToMR(str(source), path, features, ["im/raw"]).transform()
    assert rows_of(path)[1] == {"more": "?", "n": 1, "im_raw": b"\xff", "x": ("<f4", [0.5, 1.5])}


def test_keys_are_refused():
    mr.set_enc_key(None)
    mr.set_enc_mode("SM4-CBC")
    mr.set_dec_mode(None)
    with pytest.raises(NotImplementedError):
        mr.set_enc_key("0" * 16)
    with pytest.raises(ValueError):
        mr.set_enc_mode("x")


def test_errors_are_mindspores():
    assert str(mr.ParamTypeError("a", "b")) == "[ParamTypeError]: Invalid parameter type. 'a' expect b type."
    error = pickle.loads(pickle.dumps(mr.MRMInvalidSchemaError("why")))
    assert str(error) == "[MRMInvalidSchemaError]: Schema format is error. Detail: why"
    assert isinstance(error, mr.MindRecordException)
