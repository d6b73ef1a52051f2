"""What sources have in common that read a folder, whose rows have numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msjax.core.kinds import check
from msjax.dataset.sources.source import MappableDataset


class FolderDataset(MappableDataset):
    """Base of these sources.

    Args:
        dataset_dir (str): the folder.
        usage (str): which part of the data, of those in `_usages`; None for all.
        num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id: as for `NumpySlicesDataset`.
        cache: accepted for compatibility.

    Raises:
        ValueError: if there is no such folder, or no such part.
        RuntimeError: if both a sampler and another choice of rows are given.
    """

    _usages: tuple[str, ...] = ("train", "test", "all")

    def __init__(
        self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        owner = type(self).__name__
        check(owner, "shuffle", shuffle, "None or bool")
        check_folder(self, dataset_dir, usage, self._usages)
        for name, argument in (("shuffle", shuffle), ("sharding", num_shards), ("num_samples", num_samples)):
            if sampler is not None and argument is not None:
                raise RuntimeError(f"sampler and {name} cannot be specified at the same time.")
        super().__init__(num_parallel_workers, sampler, num_samples, shuffle, num_shards, shard_id)
        self.dataset_dir, self.usage = dataset_dir, usage or "all"

    def no_data(self, what: Any) -> RuntimeError:
        """The error for a folder without files of this format."""
        return RuntimeError(
            f"Invalid data, {type(self).__name__} API can't read the data file (interface mismatch or no data found). "
            f"Check {what} in directory: {self.dataset_dir}"
        )


def check_folder(dataset: object, dataset_dir: str, usage: str | None, usages: tuple[str, ...]) -> None:
    """Check that there is a folder, and such a part of the data.

    Raises:
        TypeError: if an argument is no str.
        ValueError: if there is not.
    """
    owner = type(dataset).__name__
    check(owner, "dataset_dir", dataset_dir, "str")
    if not Path(dataset_dir).is_dir():
        raise ValueError(f"The folder {dataset_dir} does not exist or is not a directory or permission denied!")
    if usage is not None:
        check(owner, "usage", usage, "str")
        if usage not in usages:
            raise ValueError(f"Input usage is not within the valid set of {list(usages)}.")
