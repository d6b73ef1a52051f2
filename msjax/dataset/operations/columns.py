"""Columns: some of them, and under other names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msjax.dataset.execution import Pass, Run
from msjax.dataset.gathering import Gathered, Gathering
from msjax.dataset.listing import listed
from msjax.dataset.pipeline import Dataset
from msjax.dataset.rows import Row


def as_names(owner: str, argument: str, names: Any, empty: Any = ...) -> Any:
    """Column names, given as one or as a list.

    Args:
        empty: what is meant if there are none; without it, there must be some.

    Raises:
        TypeError: if they are no strings.
        ValueError: if one is empty or comes twice, or there are none.
    """
    if names is None and empty is not ...:
        return empty
    listed = [names] if isinstance(names, str) else list(names) if isinstance(names, (list, tuple)) else None
    if listed is None or any(not isinstance(name, str) for name in listed):
        raise TypeError(f"For '{owner}', the '{argument}' must be a str or a list of them, but got {names!r:.80}.")
    if not listed:
        if empty is not ...:
            return empty
        raise ValueError(f"For '{owner}', the '{argument}' should not be empty.")
    if "" in listed:
        raise ValueError(f"For '{owner}', the '{argument}' must not have an empty name.")
    if len(set(listed)) < len(listed):
        raise ValueError("Every column name should not be same with others in column_names.")
    return listed


def position(owner: str, names: list[str], name: str) -> int:
    """Where a column stands.

    Raises:
        RuntimeError: if there is none of this name.
    """
    if name not in names:
        raise RuntimeError(
            f"Invalid column of '{owner}', column name: {name} does not exist; the columns are {', '.join(names)}."
        )
    return names.index(name)


class ProjectDataset(Dataset):
    """Some of the columns, in a given order.

    Args:
        input_dataset (Dataset): where rows come from.
        columns (str or list[str]): the columns.

    Example:
        >>> ds.NumpySlicesDataset({"x": [1], "y": [2]}).project("y").get_col_names()
        ['y']
    """

    def __init__(self, input_dataset, columns):
        super().__init__(input_dataset)
        self.columns = as_names("project", "columns", columns)

    def _columns(self) -> list[str]:
        before = self.children[0].get_col_names()
        for name in self.columns:
            position("project", before, name)
        return self.columns

    def _listing(self) -> list[str]:
        return listed(self.get_col_names())

    def _open(self, run: Run) -> Pass:
        names, before = self.children[0].get_col_names(), self.children[0]._open(run)
        places = [names.index(name) for name in self.get_col_names()]

        def rows() -> Iterator[Row]:
            return (tuple([row[i] for i in places]) for row in before())

        return rows

    def _gathering(self) -> Gathering | None:
        below, names = self.children[0]._gathering(), self.children[0].get_col_names()
        if below is None or len({*self.columns}) < len(self.columns):
            return None
        places = [names.index(name) for name in self.get_col_names()]

        def opened(run: Run) -> Gathered:
            numbers, columns = below(run)

            def chosen(rows: list[int]) -> list:
                every = columns(rows)
                return [every[i] for i in places]

            return Gathered(numbers, chosen)

        return opened


class RenameDataset(Dataset):
    """Columns under other names.

    Args:
        input_dataset (Dataset): where rows come from.
        input_columns (str or list[str]): the columns.
        output_columns (str or list[str]): their new names.

    Example:
        >>> ds.NumpySlicesDataset({"x": [1], "y": [2]}).rename("y", "z").get_col_names()
        ['x', 'z']
    """

    def __init__(self, input_dataset, input_columns, output_columns):
        super().__init__(input_dataset)
        self.input_columns = as_names("rename", "input_columns", input_columns)
        self.output_columns = as_names("rename", "output_columns", output_columns)
        if len(self.input_columns) != len(self.output_columns):
            raise ValueError("Number of column in input_columns and output_columns is not equal.")

    def _columns(self) -> list[str]:
        before = self.children[0].get_col_names()
        for name in self.input_columns:
            position("rename", before, name)
        new = dict(zip(self.input_columns, self.output_columns, strict=True))
        after = [new.get(name, name) for name in before]
        for name in self.output_columns:
            if after.count(name) > 1:
                raise RuntimeError(f"Invalid column of 'rename': a column is renamed to {name}, but there is one.")
        return after

    def _listing(self) -> list[str]:
        new = dict(zip(self.input_columns, self.output_columns, strict=True))
        return listed(new.get(name, name) for name in self.children[0]._listing())

    def _open(self, run: Run) -> Pass:
        self.get_col_names()
        return self.children[0]._open(run)

    def _gathering(self) -> Gathering | None:
        self.get_col_names()
        return self.children[0]._gathering()
