"""Which rows come, how often and in which order: shuffle, repeat, skip, take."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from itertools import count as counting

from msjax.core.kinds import check
from msjax.dataset.execution import Pass, Run
from msjax.dataset.gathering import Gathered, Gathering
from msjax.dataset.pipeline import Dataset
from msjax.dataset.randomness import Twister64

_INT32 = 2147483647


def through_buffer(rows: Iterator, size: int, draw: Twister64) -> Iterator:
    """Rows in random order: each is drawn from a buffer, where the last takes its place, and a new one comes last."""
    buffer = list(islice(rows, size))
    for row in rows:
        drawn = draw() % len(buffer)
        yield buffer[drawn]
        buffer[drawn] = buffer[-1]
        buffer[-1] = row
    while buffer:
        drawn = draw() % len(buffer)
        yield buffer[drawn]
        buffer[drawn] = buffer[-1]
        buffer.pop()


class _Choosing(Dataset):
    """Base of what chooses among rows without looking at them, so that it can choose among their numbers too."""

    def _chosen(self, run: Run, before: Pass) -> Pass:
        """What gives rows, or numbers, of those that come before."""
        raise NotImplementedError

    def _open(self, run: Run) -> Pass:
        return self._chosen(run, self.children[0]._open(run))

    def _gathering(self) -> Gathering | None:
        below = self.children[0]._gathering()
        if below is None:
            return None

        def opened(run: Run) -> Gathered:
            numbers, columns = below(run)
            return Gathered(self._chosen(run, numbers), columns)

        return opened


class ShuffleDataset(_Choosing):
    """Rows in random order: each is drawn from a buffer, which is then filled up.

    Args:
        input_dataset (Dataset): where rows come from.
        buffer_size (int): how many rows the buffer has; as many as the dataset for a full shuffle.

    Raises:
        RuntimeError: if there are no rows.

    Example:
        >>> ds.config.set_seed(5)
        >>> rows = ds.NumpySlicesDataset(np.arange(10), ["x"], shuffle=False).shuffle(4)
        >>> [int(x) for x, in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
        [2, 0, 4, 3, 5, 1, 9, 8, 7, 6]
        >>> ds.config.set_seed(5489)
    """

    def __init__(self, input_dataset, buffer_size):
        super().__init__(input_dataset)
        check("shuffle", "buffer_size", buffer_size, f"int [2, {_INT32}]")
        if next(input_dataset._waiting(), None) is not None:
            raise RuntimeError("No shuffle after sync operators.")
        self.buffer_size = buffer_size
        self.seed: int | None = None  # for a shuffle that is the same in each epoch and each run

    @property
    def _draws_on(self) -> bool:
        return self.seed is None

    def _chosen(self, run: Run, before: Pass) -> Pass:
        draw = Twister64(run.seed if self.seed is None else self.seed)

        def rows() -> Iterator:
            nonlocal draw
            if self.seed is not None:
                draw = Twister64(self.seed)
            below = before()
            for first in below:
                return through_buffer(chain([first], below), self.buffer_size, draw)
            raise RuntimeError("Unable to fetch a single row for the shuffle buffer: there are no rows to shuffle.")

        return rows


class RepeatDataset(_Choosing):
    """All rows, several times.

    Args:
        input_dataset (Dataset): where rows come from.
        count (int): how often; None or -1 for without end.

    Example:
        >>> ds.NumpySlicesDataset(np.arange(3)).repeat(2).get_dataset_size()
        6
    """

    def __init__(self, input_dataset, count=None):
        super().__init__(input_dataset)
        check("repeat", "count", count, "None or int")
        if count is not None and count != -1 and not 0 < count <= _INT32:
            raise ValueError("count should be either -1 or positive integer, range[1, INT32_MAX].")
        self.count = -1 if count is None else count

    @property
    def _draws_on(self) -> bool:  # in each pass
        return self.count > 1 and _is_random(self.children[0])

    def get_repeat_count(self) -> int:
        below = super().get_repeat_count()
        return below if self.count == 1 else self.count

    def _count(self) -> int:
        return self.children[0].get_dataset_size() * max(self.count, 1)

    def _chosen(self, run: Run, before: Pass) -> Pass:
        def rows() -> Iterator:
            for _ in counting() if self.count < 0 else range(self.count):
                empty = True
                for row in before():
                    empty = False
                    yield row
                if empty:  # and would be without end
                    return

        return rows


class SkipDataset(_Choosing):
    """All rows but the first.

    Args:
        input_dataset (Dataset): where rows come from.
        count (int): how many are left out.

    Example:
        >>> ds.NumpySlicesDataset(np.arange(3)).skip(2).get_dataset_size()
        1
    """

    def __init__(self, input_dataset, count):
        super().__init__(input_dataset)
        check("skip", "count", count, f"int [0, {_INT32}]")
        self.count = count

    def _count(self) -> int:
        return max(0, self.children[0].get_dataset_size() - self.count)

    def _chosen(self, run: Run, before: Pass) -> Pass:
        return lambda: islice(before(), self.count, None)


class TakeDataset(_Choosing):
    """The first rows.

    Args:
        input_dataset (Dataset): where rows come from.
        count (int): how many; -1 for all.

    Example:
        >>> ds.NumpySlicesDataset(np.arange(3)).take(2).get_dataset_size()
        2
    """

    def __init__(self, input_dataset, count=-1):
        super().__init__(input_dataset)
        check("take", "count", count, "int")
        if count != -1 and not 0 < count <= _INT32:
            raise ValueError(
                f"count should be either -1 or within the required interval of (0, {_INT32}], got {count}."
            )
        self.count = count

    @property
    def _counts(self) -> bool:  # what does not tell may be without end
        return self.count < 0 or _is_endless(self.children[0]) or _tells(self.children[0])

    def _count(self) -> int:
        if self.count > 0 and _is_endless(self.children[0]):
            return self.count
        before = self.children[0].get_dataset_size()
        return before if self.count < 0 else min(before, self.count)

    def _chosen(self, run: Run, before: Pass) -> Pass:
        if self.count < 0:
            return before
        below = to_the_end(self.children[0], before)
        return lambda: islice(below(), self.count)


def to_the_end(dataset: Dataset, before: Pass) -> Pass:
    """The passes of a dataset, `before`, of which not all rows are taken.

    As in MindSpore the others are drawn from its shuffles too, though only when a next pass needs to know.
    """
    if not _shuffles_on(dataset) or _is_endless(dataset):
        return before
    left: list[Iterator] = []

    def rows() -> Iterator:
        while left:
            for _ in left.pop():
                pass
        left.append(before())
        return left[0]

    return rows


def _tells(dataset: Dataset) -> bool:
    """Whether all in a pipeline tell how many rows they have."""
    return dataset._counts and all(map(_tells, dataset.children))


def _is_endless(dataset: Dataset) -> bool:
    repeats = isinstance(dataset, RepeatDataset) and dataset.count < 0
    return repeats or any(map(_is_endless, dataset.children))


def _is_random(dataset: Dataset) -> bool:
    """Whether a source below comes in random order."""
    sampler = getattr(dataset, "sampler", None)
    return (sampler is not None and sampler.is_shuffled()) or any(map(_is_random, dataset.children))


def _shuffles_on(dataset: Dataset) -> bool:
    """Whether something below draws on in the next epoch where it ended in this."""
    return dataset._draws_on or any(map(_shuffles_on, dataset.children))
