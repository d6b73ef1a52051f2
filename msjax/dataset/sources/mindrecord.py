"""Rows of MindRecord files."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.execution import Pass, Run
from msjax.dataset.operations.columns import as_names
from msjax.dataset.options import Shuffle
from msjax.dataset.rows import Row, cell
from msjax.dataset.samplers import (
    BuiltinSampler,
    DistributedSampler,
    PKSampler,
    RandomSampler,
    SequentialSampler,
    check_shard,
)
from msjax.dataset.sources.files import as_shuffle
from msjax.dataset.sources.mindrecord_order import check_sampler, opened
from msjax.dataset.sources.source import MappableDataset
from msjax.mindrecord.files import Files, existing


class MindDataset(MappableDataset):
    """Rows of files in MindSpore's own format: see `msjax.mindrecord`.

    Args:
        dataset_files (str or list[str]): a file, which stands for all files that were written with it, or a list of
            files, of which each stands for itself.
        columns_list (list[str]): which columns come; None for all, in the order of the alphabet.
        num_parallel_workers (int): accepted for compatibility.
        shuffle (bool or Shuffle): GLOBAL, True or None for all rows, FILES for the order of files, INFILE for the
            order in files, False for none.
        num_shards, shard_id (int): how many shares there are, and which this is.
        sampler (Sampler): which rows come, in place of the above; one of Sequential-, Random-, Subset-, SubsetRandom-,
            Distributed- and PKSampler.
        padded_sample (dict): a row by column, which fills up the files.
        num_padded (int): how often.
        num_samples (int): how many rows come; None for all.
        cache: accepted for compatibility.

    Raises:
        ValueError: if a file does not exist, or the sampler is another one.
        RuntimeError: if a file is none of this format, or arguments contradict each other.

    Example:
        >>> import os, tempfile
        >>> from msjax.mindrecord import FileWriter
        >>> path = os.path.join(tempfile.mkdtemp(), "numbers.mindrecord")
        >>> writer = FileWriter(path)
        >>> writer.add_schema({"n": {"type": "int32"}})
        >>> writer.write_raw_data([{"n": n} for n in range(3)])
        >>> writer.commit()
        >>> [int(n) for n, in ds.MindDataset(path, shuffle=False).create_tuple_iterator(num_epochs=1)]
        [0, 1, 2]
    """

    def __init__(
        self, dataset_files, columns_list=None, num_parallel_workers=None, shuffle=None, num_shards=None,
        shard_id=None, sampler=None, padded_sample=None, num_padded=None, num_samples=None, cache=None,
    ):  # fmt: skip
        self.dataset_files = _paths(dataset_files)
        if isinstance(columns_list, list) and any(columns_list.count(name) > 1 for name in columns_list):
            raise RuntimeError(f"MindDataset: 'columns_list' : duplicate column names are not allowed: {columns_list}.")
        names = None if columns_list is None else as_names("MindDataset", "columns_list", columns_list, empty=None)
        check("MindDataset", "num_samples", num_samples, f"None or int [0, {2**63 - 1}]")
        _check_padding(padded_sample, num_padded, names)
        chosen = _sampler(sampler, shuffle, num_samples, num_shards, shard_id)
        check_sampler(chosen)
        super().__init__(num_parallel_workers, chosen)
        self.columns_list, self.padded_sample, self.num_padded = names, padded_sample, num_padded or 0
        self.num_samples, self.shuffle_option = num_samples, shuffle

    @cached_property
    def _files(self) -> Files:
        return Files(self.dataset_files)

    def _columns(self) -> list[str]:
        if self.columns_list is None:
            return list(self._files.schema.fields)
        self._files.check_columns(self.columns_list)
        return self.columns_list

    def _counts(self) -> list[int]:
        """How many rows each file has; those that fill up count as of the last."""
        *others, last = self._files.counts
        counts = [*others, last + self.num_padded]
        shares = getattr(self.sampler, "num_shards", 1)
        if self.num_padded and sum(counts) % shares:
            raise RuntimeError(
                f"Invalid data, the size of dataset and padded samples: {sum(counts)} can not be divisible by the "
                f"value of 'num_shards': {shares}. Please adjust the value of 'num_padded'."
            )
        return counts

    def _length(self) -> int:
        return sum(self._counts())

    def _count(self) -> int:
        counts = self._counts()
        return len(opened(self.sampler, self, counts, 0)()) if sum(counts) else 0

    def labels(self) -> list:
        name = self.sampler.class_column if isinstance(self.sampler, PKSampler) else ""
        if name not in self._files.schema.raw:
            raise RuntimeError(
                f"Invalid data, 'class_column': {name} can not found in fields of mindrecord files. Please check "
                "'class_column' in PKSampler."
            )
        return list(self._files.raw_values(name))

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        files, names, fields = self._files, self.get_col_names(), self._files.schema.fields
        padding: dict = self.padded_sample or {}
        raw, blob = (any(name in part for name in names) for part in (files.schema.raw, files.schema.blob))
        rows = len(files)

        def row_of(number: int) -> Row:
            values = files.read(number, raw, blob) if number < rows else padding
            return tuple([_column(values[name], name, fields[name]) for name in names])

        return self._length(), row_of

    def _open(self, run: Run) -> Pass:
        count, row_of = self._table()
        if not count:
            return lambda: iter(())
        epoch = opened(self.sampler, self, self._counts(), run.seed)
        return lambda: map(row_of, epoch())


def _column(value: Any, name: str, field: dict) -> np.ndarray:
    """A field as an array. Bytes are one element, which numpy knows as a string."""
    if isinstance(value, bytes):
        return np.frombuffer(value, f"S{len(value)}") if value else np.array([b""])
    if isinstance(value, np.ndarray):
        return value.copy()
    if field["type"] == "string" or "shape" in field:
        return cell(value, "MindDataset")
    try:
        return np.array(value, field["type"])
    except (TypeError, ValueError, OverflowError):
        raise RuntimeError(f"Column {name!r} should be {field['type']}, but a row has {value!r:.80}.") from None


def _paths(files: Any) -> str | list[str]:
    if not isinstance(files, list):
        return existing(files)
    if not files:
        raise RuntimeError("MindDataset: dataset files list is empty, check input dataset_files.")
    return [existing(path) for path in files]


def _check_padding(padded_sample, num_padded, names: list[str] | None) -> None:
    if padded_sample is None:
        if num_padded is not None:
            raise RuntimeError("num_padded is specified but padded_sample is not.")
        return
    if num_padded is None:
        raise RuntimeError("padded_sample is specified and requires num_padded as well.")
    if names is None:
        raise RuntimeError("padded_sample is specified and requires columns_list as well.")
    check("MindDataset", "padded_sample", padded_sample, "dict")
    check("MindDataset", "num_padded", num_padded, "int")
    if num_padded < 0:
        raise ValueError(f"num_padded is invalid, num_padded={num_padded}.")
    if any(name not in padded_sample for name in names):
        raise ValueError("padded_sample cannot match columns_list.")


def _sampler(sampler, shuffle, num_samples, num_shards, shard_id) -> BuiltinSampler:
    """The sampler that the arguments say."""
    if sampler is not None:
        if shuffle is not None:
            raise RuntimeError("sampler and shuffle cannot be specified at the same time.")
        if num_shards is not None or shard_id is not None or num_samples:
            raise ValueError(
                f"Conflicting arguments during sampler assignments. num_samples: {num_samples}, num_shards: "
                f"{num_shards}, shard_id: {shard_id}, shuffle: {shuffle}."
            )
        if not isinstance(sampler, BuiltinSampler):
            raise ValueError("The sampler is not supported yet.")
        return sampler
    if (num_shards is None) != (shard_id is None):
        raise ValueError("num_shards and shard_id need to be passed in together.")
    mode = as_shuffle(shuffle)
    if num_shards is not None:
        check_shard(num_shards, shard_id)
        return DistributedSampler(num_shards, shard_id, mode, num_samples)  # type: ignore[arg-type]
    if mode is Shuffle.FALSE:
        return SequentialSampler(num_samples=num_samples)
    return RandomSampler(replacement=bool(num_samples), num_samples=num_samples, shuffle=mode)


class OBSMindDataset:
    """MindRecord files in Huawei's Object Storage Service, which msjax does not read.

    Raises:
        NotImplementedError: always. Copy the files, and read them with `MindDataset`.
    """

    def __init__(self, dataset_files, server, ak, sk, sync_obs_path, *arguments, **keywords):
        raise NotImplementedError(
            "OBSMindDataset reads files from Huawei's Object Storage Service, which msjax does not do. Copy the files "
            "to a local folder, and read them with MindDataset."
        )
