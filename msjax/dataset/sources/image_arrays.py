"""Small images that a file holds many of, as numbers one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.options import Shuffle
from msjax.dataset.rows import Row
from msjax.dataset.sources.corpora import Corpus
from msjax.dataset.sources.files import Piece
from msjax.dataset.sources.folder import FolderDataset
from msjax.dataset.sources.mnist import read_idx
from msjax.dataset.sources.reading import reading, regular, text_of


class _Arrays(FolderDataset):
    """Base of these sources. A class defines `_read()`, which gives the images and the labels."""

    _usages: tuple[str, ...] = ()

    def _read(self) -> tuple[np.ndarray, np.ndarray]:
        raise NotImplementedError

    def _columns(self) -> list[str]:
        return ["image", "label"]

    @cached_property
    def _arrays(self) -> tuple[np.ndarray, np.ndarray]:
        with reading(self, self.dataset_dir):
            images, labels = self._read()
        if not len(images) or len(images) != len(labels):
            raise self.no_data(f"{len(images)} images and {len(labels)} labels")
        return images, labels

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        images, labels = self._arrays
        return len(labels), lambda i: (images[i].copy(), np.array(labels[i]))

    def _slices(self) -> list:
        return list(self._arrays)

    def labels(self) -> list:
        return self._arrays[1].tolist()


_PARTS = {"train": "qmnist-train", "test": "qmnist-test", "nist": "xnist"}


class QMnistDataset(_Arrays):
    """Handwritten digits of QMNIST: columns `image`, uint8 of shape (28, 28, 1), and `label`, uint32, one number or, if
    not `compat`, eight. https://github.com/facebookresearch/qmnist

    Args:
        dataset_dir (str): the folder.
        usage (str): "train", "test", "test10k", "test50k", "nist" or "all"; None for all.
        compat (bool): whether there is only the class of each digit.
        num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache: as for `MnistDataset`.

    Raises:
        ValueError: if there is no such folder or usage.
        RuntimeError: if it has no such files, or they are not what they should be.
    """

    _usages = "train", "test", "test10k", "test50k", "nist", "all"

    def __init__(
        self, dataset_dir, usage=None, compat=True, num_samples=None, num_parallel_workers=None, shuffle=None,
        sampler=None, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, usage, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)
        check("QMnistDataset", "compat", compat, "bool")
        self.compat = compat

    def _read(self):
        parts = [name for part, name in _PARTS.items() if self.usage == "all" or self.usage.startswith(part)]
        images = np.concatenate([read_idx(Path(self.dataset_dir, f"{name}-images-idx3-ubyte")) for name in parts])
        labels = np.concatenate([read_idx(Path(self.dataset_dir, f"{name}-labels-idx2-int")) for name in parts])
        chosen = {"test10k": slice(0, 10000), "test50k": slice(10000, None)}.get(self.usage, slice(None))
        labels = labels.astype(np.uint32)
        return images[chosen, ..., None], (labels[:, 0] if self.compat else labels)[chosen]


class STL10Dataset(_Arrays):
    """Images of STL-10: columns `image`, uint8 of shape (96, 96, 3), and `label`, int32, -1 where there is none.
    https://cs.stanford.edu/~acoates/stl10

    Args:
        dataset_dir (str): the folder.
        usage (str): "train", "test", "unlabeled", "train+unlabeled" or "all"; None for all.
        num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache: as for `MnistDataset`.

    Raises:
        ValueError: if there is no such folder or usage.
        RuntimeError: if it has no such files, or they are not what they should be.
    """

    _usages = "train", "test", "unlabeled", "train+unlabeled", "all"

    def _read(self):
        asked = ("test", "train", "unlabeled") if self.usage == "all" else self.usage.split("+")
        images, labels = [], []
        for part in asked:
            pixels = np.fromfile(regular(self.dataset_dir, f"{part}_X.bin"), np.uint8).reshape(-1, 3, 96, 96)
            images.append(pixels.transpose(0, 3, 2, 1))  # columns come first in the file
            if part == "unlabeled":
                labels.append(np.full(len(pixels), -1, np.int32))
            else:
                labels.append(np.fromfile(regular(self.dataset_dir, f"{part}_y.bin"), np.uint8).astype(np.int32) - 1)
        return np.concatenate(images), np.concatenate(labels)


class SemeionDataset(_Arrays):
    """Handwritten digits of Semeion: columns `image`, uint8 of shape (16, 16), 0 or 1, and `label`, uint32.
    https://archive.ics.uci.edu/dataset/178

    Args:
        dataset_dir (str): the folder with semeion.data.
        num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache: as for `MnistDataset`.

    Raises:
        ValueError: if there is no such folder.
        RuntimeError: if it has no such file, or that is not what it should be.
    """

    def __init__(
        self, dataset_dir, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None, num_shards=None,
        shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, None, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)

    def _read(self):
        numbers = np.loadtxt(regular(self.dataset_dir, "semeion.data"), ndmin=2)
        if numbers.shape[1] != 266:
            raise ValueError(f"a line has {numbers.shape[1]} numbers, but should have 266")
        if not ((numbers >= 0) & (numbers <= 1)).all():
            raise ValueError("a number is not between 0 and 1")
        return numbers[:, :256].astype(np.uint8).reshape(-1, 16, 16), numbers[:, 256:].argmax(axis=1).astype(np.uint32)


class USPSDataset(Corpus):
    """Handwritten digits on letters: columns `image`, uint8 of shape (16, 16, 1), and `label`, uint32: see
    `AGNewsDataset`. The files are usps, of the part "train", and usps.t, of "test".

    Source: https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass.html#usps
    """

    _parts = (("train", "usps"), ("test", "usps.t"))
    _headings = "image", "label"

    def __init__(
        self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=Shuffle.GLOBAL,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, usage, num_samples, num_parallel_workers, shuffle, num_shards, shard_id)

    def _records(self, path: str) -> Iterator[list]:
        for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines()):
            label, *pixels = line.split()
            values = [pixel.partition(":")[2] for pixel in pixels]
            if len(values) != 256 or "" in values:
                raise RuntimeError(f"Invalid data, {path} at line {number + 1} has no 256 pixels.")
            levels = (np.array(values, np.float32).astype(np.float64) + 1) / 2 * 255
            if not ((levels > -1) & (levels < 256)).all():
                raise RuntimeError(f"Invalid data, {path} at line {number + 1} has pixels that are not from -1 to 1.")
            yield [levels.astype(np.uint8).reshape(16, 16, 1), np.array(int(label) - 1, np.uint32)]

    def _read(self, piece: Piece) -> Iterator[Row]:
        return (tuple(record) for record in islice(self._records(piece.path), piece.start, piece.stop))


_PLACES = "notredame", "yosemite", "liberty", "notredame_harris", "yosemite_harris", "liberty_harris"


class PhotoTourDataset(FolderDataset):
    """Patches of photographs of sights, uint8 of shape (64, 64, 1): column `image` of "train"; of "test" `image1`,
    `image2` and `matches`, uint32, 1 if both show the same point. http://matthewalunbrown.com/patchdata/patchdata.html

    Args:
        dataset_dir (str): the folder, with a folder for each place.
        name (str): the place: "notredame", "yosemite", "liberty", or one of these with "_harris" at its end.
        usage (str): "train" or "test"; None for "train".
        num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache: as for `MnistDataset`.

    Raises:
        ValueError: if there is no such folder, name or usage.
        RuntimeError: if it has no such files, or they are not what they should be.
    """

    _usages = ("train", "test")

    def __init__(
        self, dataset_dir, name, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, usage, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)
        if name not in _PLACES:
            raise ValueError(f"Input name is not within the valid set of {list(_PLACES)}.")
        self.name, self.usage = name, usage or "train"

    def _columns(self) -> list[str]:
        return ["image"] if self.usage == "train" else ["image1", "image2", "matches"]

    def _numbers_of(self, file: str) -> list[list[int]]:
        """The numbers in each line of a file of the place."""
        path = Path(self.dataset_dir, self.name, file)
        with reading(self, path):
            return [[int(word) for word in line.split()] for line in text_of(path).splitlines()]

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        bitmaps = lru_cache(maxsize=256)(self._bitmap)  # of 1 MiB each

        def patch(number: int) -> np.ndarray:
            whole, (down, along) = number // 256, divmod(number % 256, 16)
            return bitmaps(whole)[64 * down :][:64, 64 * along :][:, :64, None].copy()

        if self.usage == "train":
            return len(self._numbers_of("info.txt")), lambda i: (patch(i),)
        pairs = self._numbers_of("m50_100000_100000_0.txt")

        def row(index: int) -> Row:
            with reading(self, f"pair {index}"):
                first, first_point, _, second, second_point, *_ = pairs[index]
            return patch(first), patch(second), np.array(first_point == second_point, np.uint32)

        return len(pairs), row

    def _bitmap(self, number: int) -> np.ndarray:
        """A file of 16 x 16 patches."""
        from msjax.dataset.vision.libraries import opened

        path = Path(self.dataset_dir, self.name, f"patches{number:04d}.bmp")
        with reading(self, path):
            image = opened(path)
            if image.size != (1024, 1024):
                raise ValueError(f"it should have 1024 x 1024 pixels, but has {image.size}")
            return np.array(image.convert("L"))
