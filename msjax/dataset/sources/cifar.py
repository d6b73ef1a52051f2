"""CIFAR-10 and CIFAR-100, in their binary version: https://www.cs.toronto.edu/~kriz/cifar.html."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import numpy as np

from msjax.dataset.rows import Row
from msjax.dataset.sources.folder import FolderDataset

_PIXELS = 3 * 32 * 32


class _CifarDataset(FolderDataset):
    """Base of both: images of shape (32, 32, 3), with labels."""

    _FILES: dict[str, list[str]]
    _LABELS: tuple[str, ...]

    def _columns(self) -> list[str]:
        return ["image", *self._LABELS]

    @cached_property
    def _records(self) -> np.ndarray:
        """The records of all files: labels, then the planes of red, green and blue."""
        parts = ["test", "train"] if self.usage == "all" else [self.usage]
        names = sorted(name for part in parts for name in self._FILES[part])
        paths = [Path(self.dataset_dir, name) for name in names if Path(self.dataset_dir, name).is_file()]
        if not paths:
            raise RuntimeError(f"Invalid cifar folder, cifar(.bin) files are missing under {self.dataset_dir}")
        return np.concatenate([self._read(path) for path in paths])

    def _read(self, path: Path) -> np.ndarray:
        size, content = len(self._LABELS) + _PIXELS, np.fromfile(path, np.uint8)
        if len(content) % size or not len(content):
            raise RuntimeError(
                f"Invalid cifar file {path}: records have {size} bytes, but it has {len(content)}. It must be the "
                "binary version."
            )
        return content.reshape(-1, size)

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        records, count = self._records, len(self._LABELS)

        def row(i: int) -> Row:
            image = records[i, count:].reshape(3, 32, 32).transpose(1, 2, 0)
            return (np.ascontiguousarray(image), *[np.array(label, np.uint32) for label in records[i, :count]])

        return len(records), row

    def labels(self) -> list:
        return self._records[:, len(self._LABELS) - 1].tolist()


class Cifar10Dataset(_CifarDataset):
    """Photographs of 10 classes: columns `image`, uint8 of shape (32, 32, 3), and `label`, uint32.

    Args:
        dataset_dir (str): the folder with `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`.
        usage (str): "train", "test" or "all"; None for all.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): accepted for compatibility.
        shuffle (bool): whether in random order; None for True.
        sampler (Sampler or Iterable): which rows come, and in which order.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.

    Raises:
        ValueError: if there is no such folder or usage.
        RuntimeError: if it has no such files, or they are not what they should be.
    """

    _FILES = {"train": [f"data_batch_{i}.bin" for i in range(1, 6)], "test": ["test_batch.bin"]}  # noqa: RUF012
    _LABELS = ("label",)


class Cifar100Dataset(_CifarDataset):
    """Photographs of 100 classes in 20 groups: columns `image`, uint8 of shape (32, 32, 3), `coarse_label` and
    `fine_label`, uint32.

    Args:
        dataset_dir (str): the folder with `train.bin` and `test.bin`.
        usage, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache: as for
            `Cifar10Dataset`.

    Raises:
        ValueError, RuntimeError: as `Cifar10Dataset`.
    """

    _FILES = {"train": ["train.bin"], "test": ["test.bin"]}  # noqa: RUF012
    _LABELS = ("coarse_label", "fine_label")
