"""MindPage: the rows of MindRecord files by what one field says, a page of some rows at a time."""

from __future__ import annotations

import json
from typing import Any

from msjax.mindrecord.errors import MRMDefineCategoryError, ParamValueError
from msjax.mindrecord.filereader import open_files


class MindPage:
    """Read rows of MindRecord files by category: those which have the same in one field.

    Args:
        file_name (str or list[str]): a file, which stands for all that were written with it, or a list of files.
        num_consumer (int): accepted for compatibility.

    Raises:
        RuntimeError: if a file does not exist or is none of this format.

    Example:
        >>> import os, tempfile
        >>> from msjax.mindrecord import FileWriter, MindPage
        >>> path = os.path.join(tempfile.mkdtemp(), "numbers.mindrecord")
        >>> writer = FileWriter(path)
        >>> writer.add_schema({"n": {"type": "int32"}, "kind": {"type": "string"}})
        >>> writer.write_raw_data([{"n": n, "kind": "odd" if n % 2 else "even"} for n in range(5)])
        >>> writer.commit()
        >>> page = MindPage(path)
        >>> page.category_field = "kind"
        >>> page.read_at_page_by_name("even", page=0, num_row=2)
        [{'kind': 'even', 'n': 0}, {'kind': 'even', 'n': 2}]
    """

    def __init__(self, file_name, num_consumer: int = 4):
        self._files = open_files(file_name, num_consumer)
        self._field: str | None = None
        self._rows: dict[str, list[int]] = {}

    @property
    def candidate_fields(self) -> list[str]:
        """The fields that can be the category: those of the index."""
        return list(self._files.index)

    def get_category_fields(self) -> list[str]:
        """The fields that can be the category."""
        return self.candidate_fields

    @property
    def category_field(self) -> str | None:
        """The field that is the category.

        Raises:
            ParamValueError: if what it is set to is no string.
            MRMDefineCategoryError: if it is set to none of the candidates.
        """
        return self._field

    @category_field.setter
    def category_field(self, name: str) -> None:
        self.set_category_field(name)

    def set_category_field(self, name: str) -> None:
        """Set the field that is the category."""
        if not isinstance(name, str) or not name:
            raise ParamValueError("Category field should be str.")
        if name not in self._files.index:
            raise MRMDefineCategoryError(f"Field '{name}' is not a candidate category field.")
        rows: dict[str, list[int]] = {}
        for number, value in enumerate(self._files.raw_values(name)):
            rows.setdefault(str(value), []).append(number)
        self._field, self._rows = name, dict(sorted(rows.items()))

    def read_category_info(self) -> str:
        """The categories, as JSON: their numbers, names and numbers of rows.

        Raises:
            RuntimeError: if there is no category field yet.
        """
        self._check_field()
        categories = [{"count": len(rows), "id": i, "name": name} for i, (name, rows) in enumerate(self._rows.items())]
        return json.dumps({"categories": categories, "key": f"{self._field}_0"}, separators=(",", ":"))

    def read_at_page_by_id(self, category_id: int, page: int, num_row: int) -> list[dict[str, Any]]:
        """Some rows of the category of a number.

        Args:
            category_id (int): the number of the category.
            page (int): which rows: those after so many pages.
            num_row (int): how many rows a page has.

        Returns:
            list[dict], the rows.

        Raises:
            ParamValueError: if an argument is no integer, or negative.
            RuntimeError: if there is no such category or page, or no category field yet.
        """
        _check_whole("Category id", category_id)
        _check_page(page, num_row)
        self._check_field()
        if category_id >= len(self._rows):
            raise RuntimeError(f"Invalid data, category_id: {category_id} must be in the range [0, {len(self._rows)}].")
        return self._page(list(self._rows.values())[category_id], page, num_row)

    def read_at_page_by_name(self, category_name: str, page: int, num_row: int) -> list[dict[str, Any]]:
        """Some rows of the category of a name.

        Args:
            category_name (str): what the category field has, as a string.
            page (int): which rows: those after so many pages.
            num_row (int): how many rows a page has.

        Returns:
            list[dict], the rows.

        Raises:
            ParamValueError: if an argument is of another type, or negative.
            RuntimeError: if there is no such category or page, or no category field yet.
        """
        if not isinstance(category_name, str):
            raise ParamValueError("Category name should be str.")
        _check_page(page, num_row)
        self._check_field()
        if category_name not in self._rows:
            raise RuntimeError(f"category_name: {category_name} could not found.")
        return self._page(self._rows[category_name], page, num_row)

    def _check_field(self) -> None:
        if self._field is None:
            raise RuntimeError("Invalid data, field: is invalid. Set category_field first.")

    def _page(self, rows: list[int], page: int, num_row: int) -> list[dict[str, Any]]:
        if page * num_row >= len(rows):
            raise RuntimeError(f"Invalid data, page no: {page} or page size: {num_row} is invalid.")
        return [self._files.read(number) for number in rows[page * num_row : (page + 1) * num_row]]


def _check_whole(what: str, value: Any) -> None:
    if type(value) is not int or value < 0:
        raise ParamValueError(f"{what} should be int and greater than or equal to 0.")


def _check_page(page: Any, num_row: Any) -> None:
    _check_whole("Page", page)
    if type(num_row) is not int or num_row <= 0:
        raise ParamValueError("num_row should be int and greater than 0.")
