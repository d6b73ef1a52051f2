"""Random values, to try a pipeline or a network without data."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from msjax.core.kinds import check
from msjax.dataset import config
from msjax.dataset.rows import Row
from msjax.dataset.schema import Schema
from msjax.dataset.sources.source import MappableDataset


class FakeImageDataset(MappableDataset):
    """Images of noise: columns `image`, uint8, and `label`, uint32.

    Args:
        num_images (int): how many.
        image_size (tuple[int]): height, width and channels.
        num_classes (int): labels are less.
        base_seed (int): row `i` has the random numbers of the seed `base_seed + i`.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): accepted for compatibility.
        shuffle (bool): whether in random order; None for True.
        sampler (Sampler or Iterable): which rows come, and in which order.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.

    Raises:
        TypeError, ValueError: if an argument is of another type, or not positive.

    Example:
        >>> [image.shape for image, label in ds.FakeImageDataset(2, (4, 5, 3))]
        [(4, 5, 3), (4, 5, 3)]
    """

    def __init__(
        self, num_images=1000, image_size=(224, 224, 3), num_classes=10, base_seed=0, num_samples=None,
        num_parallel_workers=None, shuffle=None, sampler=None, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        check("FakeImageDataset", "num_images", num_images, "int [1, 2147483647]")
        check("FakeImageDataset", "image_size", image_size, "tuple or list")
        if len(image_size) != 3:
            raise ValueError(
                f"For 'FakeImageDataset', the 'image_size' must have 3 elements, but got {len(image_size)}."
            )
        for length in image_size:
            check("FakeImageDataset", "element of image_size", length, "int > 0")
        check("FakeImageDataset", "num_classes", num_classes, "int > 0")
        check("FakeImageDataset", "base_seed", base_seed, "int >= 0")
        super().__init__(num_parallel_workers, sampler, num_samples, shuffle, num_shards, shard_id)
        self.num_images, self.image_size, self.classes, self.base_seed = num_images, image_size, num_classes, base_seed

    def _columns(self) -> list[str]:
        return ["image", "label"]

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        return self.num_images, self._row

    def _row(self, index: int) -> Row:
        draws = np.random.RandomState((self.base_seed + index) % 2**32)
        label = np.array(draws.randint(self.classes), np.uint32)
        return draws.randint(0, 256, tuple(self.image_size), np.uint8), label

    def num_classes(self) -> int:
        return self.classes


class RandomDataset(MappableDataset):
    """Rows of random bytes.

    Args:
        total_rows (int): how many; None for 100.
        schema (Schema or str): the columns, or a JSON file that says them; None for one column `c0` of uint8.
        columns_list (list[str]): the columns that are taken; None for all.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): accepted for compatibility.
        cache: accepted for compatibility.
        shuffle (bool): whether in random order; None for True.
        num_shards, shard_id (int): how many shares there are, and which this is.

    Raises:
        TypeError, ValueError: if an argument is of another type, or not positive.

    Example:
        >>> schema = ds.Schema()
        >>> schema.add_column("x", ms.int32, [2])
        >>> [x.shape for x, in ds.RandomDataset(2, schema)]
        [(2,), (2,)]
    """

    def __init__(
        self, total_rows=None, schema=None, columns_list=None, num_samples=None, num_parallel_workers=None, cache=None,
        shuffle=None, num_shards=None, shard_id=None,
    ):  # fmt: skip
        check("RandomDataset", "total_rows", total_rows, "None or int [1, 2147483647]")
        if schema is not None and not isinstance(schema, (str, Schema)):
            raise TypeError(f"For 'RandomDataset', the 'schema' must be a Schema or a str, but got {schema!r:.80}.")
        check("RandomDataset", "columns_list", columns_list, "None or list")
        super().__init__(num_parallel_workers, None, num_samples, shuffle, num_shards, shard_id)
        self.schema = Schema(schema) if isinstance(schema, str) else schema
        columns = self.schema.columns if self.schema else {"c0": {"type": "uint8", "shape": [1]}}
        for name in columns_list or ():
            if name not in columns:
                raise ValueError(f"For 'RandomDataset', the 'columns_list' names {name!r}, which the schema has not.")
        names = columns_list or list(columns)
        self._layout = {name: (columns[name].get("shape", [1]), columns[name]["type"]) for name in names}
        self.total_rows, self.columns_list = total_rows, columns_list

    def _columns(self) -> list[str]:
        return list(self._layout)

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        seed = config.get_seed()
        return self.total_rows or 100, lambda index: self._row(np.random.RandomState((seed + index) % 2**32))

    def _row(self, draws: np.random.RandomState) -> Row:
        """All bytes of a column are the same, as MindSpore's are."""
        return tuple(np.array(self._filled(draws.randint(256), *layout)) for layout in self._layout.values())

    @staticmethod
    def _filled(byte: int, shape: list[int], kind: str) -> np.ndarray:
        dtype = np.dtype(kind)
        count = int(np.prod(shape))
        if dtype == np.bool_:
            return np.full(shape, byte % 2 == 1)
        return np.full(count * dtype.itemsize, byte, np.uint8).view(dtype).reshape(shape)
