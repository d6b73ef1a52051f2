"""Names of older MindSpore releases that 2.10 has dropped, and programs still use.

Each is served with the meaning it had when it was there, and warns, once, how it is written today. The table has a row
for a name, with its home here, or for a module whose names `alias/table.py` serves. Paths are relative to the root, as
there. Tests: `tests/alias/test_older.py`.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from typing import NamedTuple

from msjax.core import names


class Older(NamedTuple):
    """What an old name leads to, "" for a module, and how a program would write it today."""

    home: str
    today: str


_ADAPTERS = "alias.older.adapters"
_VISION, _TRANSFORMS = "mindspore.dataset.vision", "mindspore.dataset.transforms"
_RESIZE = "mindspore.ops.interpolate(x, size=size, mode='bilinear')"

TABLE: dict[str, Older] = {
    # Compilation
    "ms_function": Older(f"{_ADAPTERS}.ms_function", "mindspore.jit"),
    "ms_class": Older("compile.marks.jit_class", "mindspore.jit_class"),
    "ops._tracefunc.trace": Older(f"{_ADAPTERS}.ms_function", "mindspore.jit"),
    # Operators
    "ops.ControlDepend": Older(f"{_ADAPTERS}.ControlDepend", "mindspore.ops.Depend"),
    "ops.FusedBatchNorm": Older(f"{_ADAPTERS}.FusedBatchNorm", "mindspore.ops.BatchNorm"),
    "ops.FusedBatchNormEx": Older(f"{_ADAPTERS}.FusedBatchNorm", "mindspore.ops.BatchNorm"),
    "ops.IsInstance": Older(f"{_ADAPTERS}.IsInstance", "isinstance"),
    "ops.IsSubClass": Older(f"{_ADAPTERS}.IsSubClass", "mindspore.dtype.issubclass_"),
    "ops.ResizeBilinear": Older(f"{_ADAPTERS}.ResizeBilinearOperator", _RESIZE),
    "ops.SameTypeShape": Older(f"{_ADAPTERS}.SameTypeShape", "a comparison of dtype and shape"),
    "ops.Sum": Older("ops.ReduceSum", "mindspore.ops.ReduceSum"),
    "ops.TransShape": Older("ops.Reshape", "mindspore.ops.Reshape"),
    "ops.get_seed": Older("get_seed", "mindspore.get_seed"),
    "ops.set_seed": Older("set_seed", "mindspore.set_seed"),
    # Layers
    "nn.FusedBatchNorm": Older("nn.BatchNorm2d", "mindspore.nn.BatchNorm2d"),
    "nn.layer.basic.check_dense_input_shape": Older(f"{_ADAPTERS}.check_dense_input_shape", "an error of nn.Dense"),
    "nn.layer.flash_attention.FlashAttention": Older(
        f"{_ADAPTERS}.FlashAttention", "mindspore.ops.flash_attention_score"
    ),
    "nn.ResizeBilinear": Older(f"{_ADAPTERS}.ResizeBilinear", _RESIZE),
    # Checks, once methods of a class
    "_checkparam.Rel": Older("_checkparam", "its members in mindspore._checkparam"),
    "_checkparam.Validator": Older("_checkparam", "its methods in mindspore._checkparam"),
    # Checkpoints
    "train.serialization._check_checkpoint_param": Older(
        f"{_ADAPTERS}._check_checkpoint_param", "mindspore.load_checkpoint"
    ),
    # Data
    "dataset.ImageFolderDatasetV2": Older("dataset.ImageFolderDataset", "mindspore.dataset.ImageFolderDataset"),
    "dataset.transforms.OneHotOp": Older("dataset.transforms.OneHot", f"{_TRANSFORMS}.OneHot"),
    "dataset.vision.Compose": Older("dataset.transforms.Compose", f"{_TRANSFORMS}.Compose"),
    "dataset.vision.ComposeOp": Older(f"{_ADAPTERS}.ComposeOp", f"{_TRANSFORMS}.Compose"),
    "dataset.vision.RandomApply": Older("dataset.transforms.RandomApply", f"{_TRANSFORMS}.RandomApply"),
    "dataset.vision.RandomChoice": Older("dataset.transforms.RandomChoice", f"{_TRANSFORMS}.RandomChoice"),
    "dataset.vision.RandomOrder": Older("dataset.transforms.RandomOrder", f"{_TRANSFORMS}.RandomOrder"),
    # Modules
    "dataset.transforms.c_transforms": Older("", _TRANSFORMS),
    "dataset.transforms.py_transforms": Older("", _TRANSFORMS),
    "dataset.transforms.vision": Older("", _VISION),
    "dataset.transforms.vision.c_transforms": Older("", _VISION),
    "dataset.transforms.vision.py_transforms": Older("", _VISION),
    "dataset.vision.c_transforms": Older("", _VISION),
    "dataset.vision.py_transforms": Older("", _VISION),
    "nn.transformer": Older("", "mindspore.nn.Transformer"),
    "ops.composite.array_ops": Older("", "mindspore.ops"),
    "ops.composite.clip_ops": Older("", "mindspore.ops"),
    "ops.composite.random_ops": Older("", "mindspore.ops"),
    "parallel._transformer": Older("", "mindspore.nn.Transformer"),
    "profiler.profiling": Older("", "mindspore.profiler"),
    "train.parallel_utils": Older("", "mindspore.ParallelMode"),
}

_warned: set[str] = set()


def look_up(module: str, name: str) -> object:
    """An old name of a module of ours."""
    path = names.public(f"{module}.{name}").partition(".")[2]
    row = TABLE.get(path)
    if row is None or not row.home:
        raise AttributeError(name)
    value = _at(row.home)
    warn(path)
    return value


def _at(home: str) -> object:
    module, _, name = home.rpartition(".")
    return getattr(importlib.import_module(f"msjax.{module}".rstrip(".")), name)


def warn(path: str) -> None:
    """Say how an old name or module is written today, the first time in a program."""
    if path in TABLE and path not in _warned:
        _warned.add(path)
        warnings.warn(
            f"mindspore.{path} is of an older release; {names.MINDSPORE} has {TABLE[path].today}",
            FutureWarning,
            stacklevel=_level(),
        )


def _level() -> int:
    """How far above the caller the program's own line is; Python counts no frames of its import system's core."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in ("msjax", "importlib"):
        level, frame = level + ("_bootstrap" not in frame.f_code.co_filename), frame.f_back
    return level
