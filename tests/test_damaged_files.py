"""Whatever happened to a file, reading it gives what is in it, or raises the one documented error of its kind.

Those of datasets are in `dataset/test_damaged_files.py`.
"""

import gzip
import json
import pickle
import random
import struct
from pathlib import Path

import numpy as np
import pytest
from damage import damaged

import msjax as ms
import msjax.dataset as ds
from dataset.pipelines.files import tfrecord
from msjax import Tensor, nn, ops, profiler, train
from msjax.dataset.utils import LineReader
from msjax.mindrecord import Cifar10ToMR, TFRecordToMR
from msjax.mindrecord.converters import csv, mnist
from msjax.mindrecord.converters.tfrecord import FixedLenFeature
from msjax.parallel import strategy_files
from msjax.profiler.trace import text

QUICK, ALL = 40, 2500
_TEXTS = "one\ntwo\nthree\n"


def _checkpoint(format: str):
    def write(folder: Path) -> str:
        values = {"w": Tensor(np.arange(6, dtype=np.float32).reshape(2, 3)), "b": Tensor([1, 2], ms.int32)}
        ms.save_checkpoint(values, f"{folder}/net.{format}", append_dict={"epoch": 3, "lr": 0.5}, format=format)
        return f"net.{format}"

    return write, lambda path: ms.load_checkpoint(path, format=format), ValueError


def _strategies(name: str):
    def write(folder: Path) -> str:
        slicing = strategy_files.Slicing(dev_matrix=(2, 4), tensor_map=(0, -1), param_split_shape=(2, 3))
        strategy_files.store(f"{folder}/{name}", {"w": slicing, "b": slicing})
        return name

    return write, ms.build_searched_strategy, (TypeError, ValueError)  # that for an empty one


def _written(name: str, content: str | bytes, read, error: type[Exception]):
    def write(folder: Path) -> str:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    return write, read, error


def _program(folder: Path) -> str:
    ms.export(nn.ReLU(), ops.ones(2), file_name=f"{folder}/net", file_format="STABLEHLO")
    return "net.stablehlo"


_SCHEMA = {"datasetType": "TF", "numRows": 3, "columns": {"a": {"type": "int32", "rank": 1, "shape": [2]}}}
_PIPELINE = {"op_type": "Repeat", "count": 2, "children": [{"op_type": "RandomDataset", "children": []}]}

_CIFAR = pickle.dumps({b"data": np.zeros((2, 3072), np.uint8), b"labels": [1, 2]}, protocol=2)


def _cifar(path: str):
    return Cifar10ToMR(path.removesuffix("test_batch"), "")._read(path)


_ROWS = {"n": [3], "x": [0.5, 1.5], "s": [b"text"]}
_FEATURES = {
    "n": FixedLenFeature([], "int64"),
    "x": FixedLenFeature([2], "float32"),
    "s": FixedLenFeature([], "string"),
}
_DIGITS = gzip.compress(struct.pack(">IIII", 2051, 2, 3, 3) + bytes(18))


def _converted(converter, *options):
    return lambda path: list(converter(path, f"{path}.mindrecord", *options)._rows())


def _lines(path: str):
    reader = LineReader(path)
    return [reader.readline(number) for number in range(1, min(reader.len(), 3) + 1)]


def _words(path: str):
    return ds.text.JiebaTokenizer(path, path, ds.text.JiebaMode.MP)("one")


_EVENT = {"ph": "X", "pid": 1, "tid": 2, "ts": 1, "dur": 2, "args": {"hlo_op": "add"}}
_TRACE = gzip.compress(json.dumps({"traceEvents": [_EVENT] * 2}).encode())


# Of each kind: how a file is written, how it is read, and the error that is documented.
KINDS = {
    "ckpt": _checkpoint("ckpt"),
    "safetensors": _checkpoint("safetensors"),
    "strategies": _strategies("strategy.ckpt"),
    "strategies in JSON": _strategies("strategy.json"),
    "groups": _written("group.pb", bytes([0x12, 6, 0x0A, 4, 0, 5, 6, 7]), ms.restore_group_info_list, ValueError),
    "a program": (_program, ms.load, ValueError),
    "a schema": _written("schema.json", json.dumps(_SCHEMA), ds.Schema, RuntimeError),
    "settings": _written("config.json", json.dumps({"numParallelWorkers": 2}), ds.config.load, RuntimeError),
    "a vocabulary": _written("vocab.txt", _TEXTS, ds.text.Vocab.from_file, RuntimeError),
    "vectors": _written("vectors.txt", "2 3\na 1 2 3\nb 4 5 6\n", ds.text.Vectors.from_file, RuntimeError),
    "pickles of CIFAR-10": _written("test_batch", _CIFAR, _cifar, RuntimeError),
    "records of TensorFlow's": _written("a", tfrecord(_ROWS) * 2, _converted(TFRecordToMR, _FEATURES), RuntimeError),
    "rows in CSV": _written("a.csv", "a,b\n1,x\n2,y\n" * 9, csv._read, RuntimeError),
    "images of MNIST": _written("a.gz", _DIGITS, lambda path: mnist._read(path, 2051, 3), RuntimeError),
    "a dictionary": _written("words.txt", "one 5 t\ntwo 3 n\n", _words, RuntimeError),
    "lines": _written("lines.txt", _TEXTS, _lines, RuntimeError),
    "a trace": _written("a.gz", _TRACE, lambda path: text(Path(path)), RuntimeError),
    "a pipeline": _written(
        "pipeline.json", json.dumps(_PIPELINE), lambda path: ds.deserialize(json_filepath=path), ValueError
    ),
}


def wrong(kind: str, folder: Path, seeds: range) -> dict[int, str]:
    """What reading damaged files of a kind raises besides its error, which names the file."""
    write, read, expected = KINDS[kind]
    name = write(folder)
    whole = (folder / name).read_bytes()
    read(str(folder / name))
    found = {}
    for seed in seeds:
        path = folder / f"{seed}" / name
        path.parent.mkdir()
        path.write_bytes(damaged(whole, random.Random(f"{kind} {seed}")))
        try:
            read(str(path))
        except Exception as error:
            if not isinstance(error, expected) or isinstance(error, RecursionError) or str(path) not in str(error):
                found[seed] = repr(error)[:200]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_in_it_or_one_error(kind, tmp_path):
    assert not wrong(kind, tmp_path, range(QUICK))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_in_it_or_one_error_more_often(kind, tmp_path):
    assert not wrong(kind, tmp_path, range(QUICK, ALL))


@pytest.mark.parametrize(
    "content",
    ["", "{", "[" * 100_000, "[]", "3", '{"start_step": "a", "stop_step": [1]}', "\xff"],
)
def test_settings_that_are_wrong_do_not_end_a_program(tmp_path, content, capfd):
    for name in ("profiler_config.json", "exit.json"):
        (tmp_path / name).write_bytes(content.encode("latin-1"))
    ending = train.OnRequestExit(directory=str(tmp_path), config_file=str(tmp_path / "exit.json"))
    watching = profiler.DynamicProfilerMonitor(str(tmp_path), str(tmp_path))
    net = nn.Dense(2, 1)
    model = train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
    model.train(1, [(ops.zeros((4, 2)), ops.zeros((4, 1)))], callbacks=[ending, watching])
    assert "json" in capfd.readouterr().err


@pytest.mark.parametrize("call", ["serialize", "config.load", "__name__", "show"])
def test_descriptions_of_pipelines_name_classes_only(call, tmp_path):
    described = {"op_type": call, "children": [_PIPELINE], "json_filepath": str(tmp_path / "written")}
    with pytest.raises(ValueError, match="there is no Dataset"):
        ds.deserialize(described)
    assert not list(tmp_path.iterdir())
