"""Dataset: a pipeline as a description, and the methods that add an operation to it.

A pipeline is a tree: each operation has the datasets it works on as `children`, and sources have none. Nothing runs
before it is iterated, and running changes no description, so one pipeline can run many times, also at once. A class
defines

- `_columns()`: the names of its columns,
- `_open(run)`: a function that gives the rows of the next pass, made of those of its children,
- `_count()`: how many rows a pass has; or it says by `_counts` that only running tells.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from msjax import dataset as ds
from msjax.core.kinds import check, takes
from msjax.dataset import config, shares
from msjax.dataset.execution import Pass, Run
from msjax.dataset.gathering import Gathering
from msjax.dataset.listing import listed

_WORKERS = "None or int > 0"


class Dataset:
    """Base of all sources and operations.

    Args:
        children (Dataset or list[Dataset]): what it works on.
        num_parallel_workers (int): how many workers it has; None for `config.get_num_parallel_workers()`.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(5), ["x"], shuffle=False).batch(2)
        >>> [row["x"].tolist() for row in rows.create_dict_iterator(num_epochs=1, output_numpy=True)]
        [[0, 1], [2, 3], [4]]
    """

    def __init__(self, children=None, num_parallel_workers: int | None = None, cache=None):
        check(type(self).__name__, "num_parallel_workers", num_parallel_workers, _WORKERS)
        self.children: list[Dataset] = [children] if isinstance(children, Dataset) else list(children or ())
        self.num_parallel_workers = num_parallel_workers
        self._names: list[str] | None = None
        self._counted: int | None = None  # rows, if only running tells

    # What classes define.

    def _columns(self) -> list[str]:
        return self.children[0].get_col_names()

    def _open(self, run: Run) -> Pass:
        raise NotImplementedError(f"{type(self).__name__} does not say what its rows are.")

    @property
    def _counts(self) -> bool:
        """Whether `_count` tells how many rows there are, if those of the children are known."""
        return True

    def _count(self) -> int:
        return self.children[0].get_dataset_size()

    @property
    def _draws_on(self) -> bool:
        """Whether its next pass draws random numbers from where this one ended."""
        return False

    def _listing(self) -> list[str]:
        """The columns, as MindSpore's map of them lists them."""
        return self.children[0]._listing() if self.children else listed(self.get_col_names())

    def _gathering(self) -> Gathering | None:
        """What opens it for looking up rows by their numbers; None if that can not be."""
        return None

    # What it is.

    def get_col_names(self) -> list[str]:
        """The names of the columns, in their order."""
        if self._names is None:
            self._names = list(self._columns())
        return list(self._names)

    def get_dataset_size(self) -> int:
        """How many rows, or batches, an epoch has. What does not tell, as a filter, is run once, with all below it."""
        if self._counts:
            return self._count()
        if self._counted is None:
            self._counted = sum(1 for _ in self._rows())
        return self._counted

    def __len__(self) -> int:
        return self.get_dataset_size()

    def output_shapes(self, estimate: bool = False) -> list:
        """The shape of each column in the first row.

        Args:
            estimate (bool): whether all rows are looked at; sizes that differ between them are then None.
        """
        check("output_shapes", "estimate", estimate, "bool")
        shapes: list | None = None
        for row in self._rows():
            now = [list(np.shape(part)) for part in row]
            shapes = now if shapes is None else [_common(*pair) for pair in zip(shapes, now, strict=True)]
            if not estimate:
                break
        return shapes or []

    def output_types(self) -> list:
        """The numpy dtype of each column in the first row."""
        return [np.dtype(part.dtype.kind) if part.dtype.kind in "SU" else part.dtype for part in next(self._rows(), ())]

    # Of what has several children the last one answers, as in MindSpore.

    def get_batch_size(self) -> int:
        """How many rows a batch has: 1 if there is no `batch` in the pipeline, -1 if a function says it."""
        self.get_col_names()  # raises for columns that are not there
        return self.children[-1].get_batch_size() if self.children else 1

    def get_repeat_count(self) -> int:
        """How often the last `repeat` repeats: 1 if there is none in the pipeline, -1 for without end."""
        self.get_col_names()
        return self.children[-1].get_repeat_count() if self.children else 1

    def num_classes(self) -> int | None:
        """How many classes the source has, if it knows."""
        return self.children[0].num_classes() if self.children else None

    def get_class_indexing(self) -> dict:
        """The number of each class, by name, if the source knows."""
        return self.children[0].get_class_indexing() if self.children else {}

    @property
    def input_indexs(self):
        """What `input_indexs` was set to, here or below."""
        own = self.__dict__.get("_input_indexs")
        if own is None:
            return self.children[0].input_indexs if self.children else ()
        return own

    @input_indexs.setter
    def input_indexs(self, value) -> None:
        self._input_indexs = value

    @property
    def dataset_size(self) -> int:
        """How many rows an epoch has."""
        return self.get_dataset_size()

    def reset(self) -> None:
        """Nothing to do: each iterator begins anew. MindSpore needs it before a pipeline runs again."""

    def to_json(self, filename: str = "") -> dict:
        """The description as a dict, which is also written to a file if its name is given."""
        return ds.serialize(self, filename)

    # Rows.

    def create_dict_iterator(self, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool = False):
        """An iterator over rows as dicts, by column name. A `for` loop over it is an epoch.

        Args:
            num_epochs (int): how many epochs it is for; -1 for without end.
            output_numpy (bool): whether columns are numpy arrays, in place of Tensors.
            do_copy (bool): accepted for compatibility; a row never shares memory with another.

        Returns:
            DictIterator.

        Example:
            >>> rows = ds.NumpySlicesDataset(np.arange(2), ["x"], shuffle=False)
            >>> [int(row["x"]) for row in rows.create_dict_iterator(num_epochs=1, output_numpy=True)]
            [0, 1]
        """
        return ds.DictIterator(self, num_epochs, output_numpy, do_copy)

    def create_tuple_iterator(
        self, columns=None, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool = False
    ):
        """An iterator over rows as lists. A `for` loop over it is an epoch.

        Args:
            columns (list[str]): which columns, and in which order; None for all.
            num_epochs, output_numpy, do_copy: as for `create_dict_iterator`.

        Returns:
            TupleIterator.

        Example:
            >>> rows = ds.NumpySlicesDataset(np.arange(2), ["x"], shuffle=False)
            >>> [int(x) for x, in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
            [0, 1]
        """
        return ds.TupleIterator(self, columns, num_epochs, output_numpy, do_copy)

    def __iter__(self):
        return self.create_tuple_iterator(num_epochs=1)

    def _rows(self) -> Iterator:
        """The rows of one pass, in the thread that asks."""
        run = Run(self)
        run.serial = True
        try:
            yield from self._open(run)()
        finally:
            run.stop()

    # Operations. What their arguments mean stands with the classes.

    def map(self, operations, input_columns=None, output_columns=None, num_parallel_workers=None, **kwargs):
        """Each row with columns computed from columns: see `MapDataset`."""
        return ds.MapDataset(self, operations, input_columns, output_columns, num_parallel_workers, **kwargs)

    def filter(self, predicate, input_columns=None, num_parallel_workers=None):
        """The rows for which a function says so: see `FilterDataset`."""
        return ds.FilterDataset(self, predicate, input_columns, num_parallel_workers)

    def batch(self, batch_size, drop_remainder=False, num_parallel_workers=None, **kwargs):
        """Rows, stacked by some: see `BatchDataset`."""
        return ds.BatchDataset(self, batch_size, drop_remainder, num_parallel_workers, **kwargs)

    def padded_batch(self, batch_size, drop_remainder=False, num_parallel_workers=None, pad_info=None):
        """Rows, made equal in shape and stacked by some: see `PaddedBatchDataset`."""
        return ds.PaddedBatchDataset(self, batch_size, drop_remainder, num_parallel_workers, pad_info)

    def bucket_batch_by_length(
        self, column_names, bucket_boundaries, bucket_batch_sizes, element_length_function=None, pad_info=None,
        pad_to_bucket_boundary=False, drop_remainder=False,
    ):  # fmt: skip
        """Rows of about the same length, stacked: see `BucketBatchByLengthDataset`."""
        return ds.BucketBatchByLengthDataset(
            self, column_names, bucket_boundaries, bucket_batch_sizes, element_length_function, pad_info,
            pad_to_bucket_boundary, drop_remainder,
        )  # fmt: skip

    def shuffle(self, buffer_size):
        """Rows in random order: see `ShuffleDataset`."""
        return ds.ShuffleDataset(self, buffer_size)

    def repeat(self, count=None):
        """All rows, several times: see `RepeatDataset`."""
        return ds.RepeatDataset(self, count)

    def skip(self, count):
        """All rows but the first: see `SkipDataset`."""
        return ds.SkipDataset(self, count)

    def take(self, count=-1):
        """The first rows: see `TakeDataset`."""
        return ds.TakeDataset(self, count)

    def zip(self, datasets):
        """Rows side by side with those of other datasets: see `ZipDataset`."""
        if not isinstance(datasets, (tuple, Dataset)):
            raise TypeError(
                f"For 'zip', the 'datasets' must be a Dataset or a tuple of them, but got {datasets!r:.80}."
            )
        return ds.ZipDataset((self, datasets) if isinstance(datasets, Dataset) else (self, *datasets))

    def concat(self, datasets):
        """Rows, followed by those of other datasets: see `ConcatDataset`."""
        if not isinstance(datasets, (list, Dataset)):
            raise TypeError(
                f"For 'concat', the 'datasets' must be a Dataset or a list of them, but got {datasets!r:.80}."
            )
        return ds.ConcatDataset([self, datasets] if isinstance(datasets, Dataset) else [self, *datasets])

    def __add__(self, datasets):
        return self.concat(datasets)

    def rename(self, input_columns, output_columns):
        """Columns under other names: see `RenameDataset`."""
        return ds.RenameDataset(self, input_columns, output_columns)

    def project(self, columns):
        """Some of the columns: see `ProjectDataset`."""
        return ds.ProjectDataset(self, columns)

    @takes(apply_func="function")
    def apply(self, apply_func: Callable[[Dataset], Dataset]):
        """What a function makes of this dataset.

        Raises:
            TypeError: if it makes no dataset.

        Example:
            >>> rows = ds.NumpySlicesDataset(np.arange(4), ["x"], shuffle=False)
            >>> rows.apply(lambda rows: rows.batch(2)).get_dataset_size()
            2
        """
        made = apply_func(self)
        if not isinstance(made, Dataset):
            raise TypeError("apply_func must return a dataset.")
        return made

    def flat_map(self, func: Callable[..., Dataset]):
        """The rows of the datasets that a function makes of each row, one after the other. It is called at once.

        Args:
            func (function): of the columns of a row, gives a Dataset.

        Example:
            >>> rows = ds.NumpySlicesDataset(np.arange(1, 3), ["n"], shuffle=False)
            >>> rows.flat_map(lambda n: ds.NumpySlicesDataset(np.arange(n), ["x"])).get_dataset_size()
            3
        """
        if not callable(func):
            raise TypeError("func must be a function.")
        joined: Dataset | None = None
        for row in self._rows():
            made = func(*row)
            if not isinstance(made, Dataset):
                raise TypeError("flat_map must return a Dataset object.")
            joined = made if joined is None else joined + made
        if joined is None:
            raise TypeError("flat_map must return a Dataset object, but there is no row to make one of.")
        return joined

    def split(self, sizes, randomize: bool = True) -> list[Dataset]:
        """Datasets that share out the rows: each row comes in one of them.

        Args:
            sizes (list[int] or list[float]): how many rows each has, or which share; they make up the whole.
            randomize (bool): whether rows are shuffled first, once and for all.

        Raises:
            ValueError: if shares do not sum up to 1.
            RuntimeError: if numbers of rows do not sum up to the number there is.

        Example:
            >>> rows = ds.NumpySlicesDataset(np.arange(10), ["x"], shuffle=False)
            >>> [part.get_dataset_size() for part in rows.split([0.8, 0.2])]
            [8, 2]
        """
        check("split", "randomize", randomize, "bool")
        shares.check_sizes(sizes)
        counts = shares.counts_of(sizes, self.get_dataset_size())
        seed = config.fresh_seed()  # one for all parts, so that no row comes in two
        return self._split(counts, seed if randomize else None)

    def _split(self, counts: list[int], seed: int | None) -> list[Dataset]:
        """Parts of so many rows, shuffled first if there is a seed."""
        rows = self
        if seed is not None:
            rows = ds.ShuffleDataset(self, max(2, sum(counts)))
            rows.seed = seed
        firsts = itertools.accumulate(counts, initial=0)
        return [(rows.skip(first) if first else rows).take(count) for first, count in zip(firsts, counts, strict=False)]

    def build_vocab(self, columns, freq_range, top_k, special_tokens, special_first):
        """A vocabulary of the words in this dataset: an older name of `text.Vocab.from_dataset`, which says more.

        Args:
            columns, freq_range, top_k, special_tokens, special_first: as there.

        Returns:
            Vocab, the vocabulary.
        """
        from msjax.dataset.text import Vocab

        return Vocab.from_dataset(self, columns, freq_range, top_k, special_tokens, special_first)

    def build_sentencepiece_vocab(self, columns, vocab_size, character_coverage, model_type, params):
        """Pieces of the words in this dataset: an older name of `text.SentencePieceVocab.from_dataset`.

        Args:
            columns, vocab_size, character_coverage, model_type, params: as there.

        Returns:
            SentencePieceVocab, the pieces.
        """
        from msjax.dataset.text import SentencePieceVocab

        return SentencePieceVocab.from_dataset(self, columns, vocab_size, character_coverage, model_type, params)

    def save(self, file_name: str, num_files: int = 1, file_type: str = "mindrecord") -> None:
        """Write the rows to MindRecord files, which `MindDataset` reads.

        Args:
            file_name (str): the file; if there are several, their numbers are added to it.
            num_files (int): how many files share out the rows.
            file_type (str): must be "mindrecord".

        Raises:
            ValueError: if there is no such type, or the number is none of files.
            RuntimeError: if the file exists, or rows differ in what a file has one of: types, and sizes but the first.

        Example:
            >>> import os, tempfile
            >>> path = os.path.join(tempfile.mkdtemp(), "rows.mindrecord")
            >>> ds.NumpySlicesDataset({"x": np.arange(6).reshape(3, 2)}, shuffle=False).save(path)
            >>> [row["x"].tolist() for row in ds.MindDataset(path, shuffle=False).create_dict_iterator(1, True)]
            [[0, 1], [2, 3], [4, 5]]
        """
        from msjax.dataset.saving import save

        save(self, file_name, num_files, file_type)

    @takes(condition_name="str", num_batch="int > 0", callback="None or function")
    def sync_wait(self, condition_name: str, num_batch: int = 1, callback: Callable | None = None):
        """Let rows through only after `sync_update`: see `SyncWaitDataset`."""
        return ds.SyncWaitDataset(self, condition_name, num_batch, callback)

    @takes(condition_name="str", num_batch="None or int > 0")
    def sync_update(self, condition_name: str, num_batch: int | None = None, data: Any = None) -> None:
        """Let more rows through the `sync_wait` of this name, below this dataset.

        Args:
            condition_name (str): the name that `sync_wait` was given.
            num_batch (int): how many; None for as many as it was told.
            data: what its callback is called with first.

        Raises:
            RuntimeError: if there is no `sync_wait` of this name.
        """
        for waiting in self._waiting():
            if waiting.condition_name == condition_name:
                waiting._update(num_batch, data)
                return
        raise RuntimeError(f"Condition name {condition_name!r} not found: no sync_wait of this pipeline has it.")

    def _waiting(self) -> Iterator:
        """The `sync_wait`s in the pipeline, from here down."""
        for child in self.children:
            yield from child._waiting()

    @takes(send_epoch_end="bool", create_data_info_queue="bool", queue_name="None or str")
    def device_que(
        self, send_epoch_end: bool = True, create_data_info_queue: bool = False, queue_name: str | None = ""
    ):
        """This dataset as one that sends its rows to the device: see `TransferDataset`."""
        return ds.TransferDataset(self, send_epoch_end, create_data_info_queue, queue_name)


def _common(one: list, other: list) -> list:
    """The shape that both have, None where they differ."""
    if len(one) != len(other):
        raise RuntimeError(f"Rows have different numbers of dimensions: shapes {one} and {other}.")
    return [size if size == also else None for size, also in zip(one, other, strict=True)]


# MindSpore's classes for what may be done with rows of images, texts and sounds; here that is the same for all.
AudioBaseDataset = TextBaseDataset = UnionBaseDataset = VisionBaseDataset = Dataset
