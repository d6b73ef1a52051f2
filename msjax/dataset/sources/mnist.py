"""MNIST and data sets in its format, IDX: http://yann.lecun.com/exdb/mnist."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np

from msjax.dataset.rows import Row
from msjax.dataset.sources.folder import FolderDataset
from msjax.dataset.sources.reading import reading, regular

_IMAGES, _LABELS = 3, 1  # how many axes images and labels have in their files


class MnistDataset(FolderDataset):
    """Handwritten digits: columns `image`, uint8 of shape (28, 28, 1), and `label`, uint32.

    Args:
        dataset_dir (str): the folder with `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the like.
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

    _parts: Mapping[str, str] = MappingProxyType({"test": "t10k", "train": "train"})
    _begin = ""  # how the names of all files begin

    def _columns(self) -> list[str]:
        return ["image", "label"]

    @cached_property
    def _arrays(self) -> tuple[np.ndarray, np.ndarray]:
        parts = [self._begin + name for part, name in self._parts.items() if self.usage in ("all", part)]
        images, labels = [], []
        for part in parts:  # the folders of tutorials hold one part each
            paths = [sorted(Path(self.dataset_dir).glob(f"{part}-{kind}*")) for kind in ("images", "labels")]
            if len(paths[0]) != len(paths[1]):
                raise self.no_data(f"{len(paths[0])} files of images and {len(paths[1])} of labels")
            for image_path, label_path in zip(*paths, strict=True):
                with reading(self, image_path):
                    images.append(_read(image_path, _IMAGES))
                with reading(self, label_path):
                    labels.append(_read(label_path, _LABELS))
                if len(images[-1]) != len(labels[-1]):
                    raise RuntimeError(
                        f"Invalid data, {image_path} has {len(images[-1])} images, but {label_path} "
                        f"{len(labels[-1])} labels."
                    )
        if not images:
            raise self.no_data("mnist file")
        return np.concatenate(images)[..., None], np.concatenate(labels).astype(np.uint32)

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        images, labels = self._arrays
        return len(labels), lambda i: (images[i].copy(), np.array(labels[i]))

    def _slices(self) -> list:
        return list(self._arrays)

    def labels(self) -> list:
        return self._arrays[1].tolist()


class FashionMnistDataset(MnistDataset):
    """Articles of clothing, in the format of MNIST: see `MnistDataset`. https://github.com/zalandoresearch/fashion-mnist"""


class KMnistDataset(MnistDataset):
    """Cursive Japanese characters, in the format of MNIST: see `MnistDataset`. http://codh.rois.ac.jp/kmnist"""


class EMnistDataset(MnistDataset):
    """Handwritten letters and digits, in the format of MNIST: see `MnistDataset`.
    https://www.nist.gov/itl/products-and-services/emnist-dataset

    Args:
        dataset_dir (str): the folder with `emnist-letters-train-images-idx3-ubyte` and the like.
        name (str): "byclass", "bymerge", "balanced", "letters", "digits" or "mnist".
        usage, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache: as there.

    Raises:
        ValueError: if there is no such folder, name or usage.
        RuntimeError: if it has no such files, or they are not what they should be.
    """

    _parts = MappingProxyType({"test": "test", "train": "train"})

    def __init__(
        self, dataset_dir, name, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, usage, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)
        names = ["byclass", "bymerge", "balanced", "letters", "digits", "mnist"]
        if name not in names:
            raise ValueError(f"Input name is not within the valid set of {names}.")
        self.name, self._begin = name, f"emnist-{name}-"


_DTYPES = {8: ">u1", 12: ">i4"}


def read_idx(path: Path) -> np.ndarray:
    """The array in a file of the format IDX, of bytes or of ints.

    Raises:
        RuntimeError: if it is none.
        OSError: if it is no file.
    """
    content = regular(path).read_bytes()
    zeros, code, rank = struct.unpack(">HBB", content[:4]) if len(content) >= 4 else (1, 0, 0)
    head = 4 + 4 * rank
    if zeros or code not in _DTYPES or len(content) < head:
        raise RuntimeError(f"Invalid data, {path} is no file in the format IDX.")
    shape, dtype = struct.unpack(f">{rank}I", content[4:head]), np.dtype(_DTYPES[code])
    if len(content) - head != np.prod(shape, dtype=object) * dtype.itemsize:
        raise RuntimeError(
            f"Invalid data, {path} should have {shape} numbers after {head} bytes, but has {len(content) - head} bytes."
        )
    return np.frombuffer(content, dtype, offset=head).reshape(shape)


def _read(path: Path, rank: int) -> np.ndarray:
    """The array of a file of images, of rank 3, or of labels, of rank 1."""
    array = read_idx(path)
    if array.ndim != rank or array.dtype != np.uint8:
        raise RuntimeError(
            f"Invalid data, {path} is no file of {'images' if rank == 3 else 'labels'} in the format IDX."
        )
    return array
