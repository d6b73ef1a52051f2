"""Images in a folder for each class."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.execution import Pass, Run
from msjax.dataset.operations.columns import as_names
from msjax.dataset.operations.workers import Workers
from msjax.dataset.rows import Row
from msjax.dataset.sources.folder import FolderDataset


class ImageFolderDataset(FolderDataset):
    """Files in a folder for each class: columns `image`, uint8, and `label`, int32.

    Args:
        dataset_dir (str): the folder with a folder for each class.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many workers read and decode.
        shuffle (bool): whether in random order; None for True.
        sampler (Sampler or Iterable): which rows come, and in which order.
        extensions (list[str]): endings of the files that are taken, as ".jpg"; None for all.
        class_indexing (dict): numbers of the classes, by the names of their folders, which alone are taken; None for
            0 and so on, in the order of the names.
        decode (bool): whether `image` is decoded, into shape (height, width, 3), or the content of the file.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.
        decrypt (function): of a path, gives the content of the file; None for what is in it.

    Raises:
        ValueError: if there is no such folder.
        RuntimeError: if it has no such files, or an image cannot be decoded.
    """

    def __init__(
        self, dataset_dir, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None, extensions=None,
        class_indexing=None, decode=False, num_shards=None, shard_id=None, cache=None, decrypt=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, None, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)
        self.extensions = as_names("ImageFolderDataset", "extensions", extensions, empty=None)
        check("ImageFolderDataset", "class_indexing", class_indexing, "None or dict")
        check("ImageFolderDataset", "decode", decode, "bool")
        check("ImageFolderDataset", "decrypt", decrypt, "None or function")
        self.class_indexing, self.decode, self.decrypt = class_indexing, decode, decrypt

    def _columns(self) -> list[str]:
        return ["image", "label"]

    @cached_property
    def _files(self) -> list[tuple[str, np.int32]]:
        files = [
            (str(path), np.int32(number))
            for name, number in self._classes().items()
            for path in sorted(Path(self.dataset_dir, name).iterdir())
            if self.extensions is None or path.suffix in self.extensions
        ]
        if not files:
            raise self.no_data("image folder file path")
        return files

    def get_class_indexing(self) -> dict:
        return self.class_indexing or self._classes()

    def _classes(self) -> dict:
        """The numbers of the classes that have a folder, by name."""
        names = sorted(path.name for path in Path(self.dataset_dir).iterdir() if path.is_dir())
        if self.class_indexing is None:
            return {name: i for i, name in enumerate(names)}
        return {name: self.class_indexing[name] for name in names if name in self.class_indexing}

    def num_classes(self) -> int:
        return len(self.get_class_indexing())

    def _length(self) -> int:
        return len(self._files)

    def labels(self) -> list:
        return [int(label) for _, label in self._files]

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        read = self._reader()
        return len(self._files), lambda i: read(*self._files[i])

    def _open(self, run: Run) -> Pass:
        epoch = self.sampler.opened(self, len(self._files), run.seed)
        workers = Workers(run, [self._reader()], tuple, self.num_parallel_workers, False, "ImageFolderDataset")
        return lambda: (row for _, row in workers.over((None, self._files[i]) for i in epoch()))

    def _reader(self) -> ImageReader:
        return ImageReader(self.decode, self.decrypt)


class Caltech256Dataset(ImageFolderDataset):
    """Photographs of Caltech-256: columns `image`, uint8, and `label`, int32. https://data.caltech.edu/records/nyy15-4j048

    Args:
        dataset_dir (str): the folder with a folder for each class.
        decode (bool): whether `image` is decoded, into shape (height, width, 3), or the content of the file.
        num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache: as for `ImageFolderDataset`.

    Raises:
        ValueError: if there is no such folder.
        RuntimeError: if it has no such files, or an image cannot be decoded.
    """

    def __init__(
        self, dataset_dir, num_samples=None, num_parallel_workers=None, shuffle=None, decode=False, sampler=None,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, num_samples, num_parallel_workers, shuffle, sampler, [".jpg", ".JPEG"], None, bool(decode),
            num_shards, shard_id,
        )  # fmt: skip


class ImageReader:
    """Reads a file and maybe decodes it; gives the image, and what else is in its row."""

    random = False

    def __init__(self, decode: bool, decrypt):
        self._decode, self._decrypt = None, decrypt
        if decode:
            from msjax.dataset.vision import Decode

            self._decode = Decode()

    def __call__(self, path: str, *others) -> Row:
        if self._decrypt is not None:
            content = np.frombuffer(self._decrypt(path), np.uint8)
        else:
            mode = os.stat(path).st_mode
            if not stat.S_ISREG(mode):  # what comes from a pipe or a device, which a list may name, may have no end
                what = "directory" if stat.S_ISDIR(mode) else "what is none"
                raise RuntimeError(f"Invalid file found: {path}, should be file, but got {what}.")
            content = np.fromfile(path, np.uint8)
        image = content if self._decode is None else self._decode(content)
        return (np.array(image), *map(np.array, others))
