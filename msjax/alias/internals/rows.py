"""Checks of arguments as MindSpore's pipelines make them.

They are `dataset.core.validator_helpers` and `dataset.transforms.validators`.
A value of the wrong type is a TypeError, one outside of its range a ValueError; a check returns nothing.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from functools import wraps
from typing import Any

UINT8_MIN, UINT8_MAX = 0, 2**8 - 1
UINT32_MIN, UINT32_MAX = 0, 2**32 - 1
UINT64_MIN, UINT64_MAX = 0, 2**64 - 1
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
# Up to these, every whole number is a float.
FLOAT_MIN_INTEGER, FLOAT_MAX_INTEGER = -(2**24), 2**24
DOUBLE_MIN_INTEGER, DOUBLE_MAX_INTEGER = -(2**53), 2**53
POS_INT_MIN = 1

valid_detype = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 string".split()


def pad_arg_name(arg_name: str) -> str:
    """A name, and a space behind it."""
    return f"{arg_name} " if arg_name else arg_name


def type_check(arg: Any, types: Any, arg_name: str) -> None:
    """A value of one of some types; True is no int."""
    if not isinstance(arg, tuple(types)) or (isinstance(arg, bool) and bool not in types):
        raise TypeError(f"Argument {arg_name} with value {arg} is not of type {list(types)}, but got {type(arg)}.")


def type_check_list(args: Any, types: Any, arg_names: Any) -> None:
    """A list or tuple of values of some types; one name for all, or one for each."""
    type_check(args, (list, tuple), arg_names)
    named = [f"{arg_names}[{i}]" for i in range(len(args))] if isinstance(arg_names, str) else arg_names
    if len(args) != len(named):
        raise ValueError("List of arguments is not the same length as argument_names.")
    for arg, name in zip(args, named, strict=True):
        type_check(arg, types, name)


def check_value(value, valid_range, arg_name="", left_open_interval=False, right_open_interval=False) -> None:
    """A value between two limits, which may or may not belong to the range."""
    low, high = valid_range
    above = low < value if left_open_interval else low <= value
    below = value < high if right_open_interval else value <= high
    if not (above and below):
        interval = f"{'(' if left_open_interval else '['}{low}, {high}{')' if right_open_interval else ']'}"
        raise ValueError(f"Input {pad_arg_name(arg_name)}is not within the required interval of {interval}.")


def check_range(values, valid_range, arg_name="") -> None:
    """Two limits in their order, both within a range."""
    low, high = valid_range
    if not low <= values[0] <= values[1] <= high:
        raise ValueError(f"Input {pad_arg_name(arg_name)}is not within the required interval of [{low}, {high}].")


def _check_of(types: tuple, low: float, high: float, open_below: bool = False) -> Callable:
    def check(value, arg_name="") -> None:
        type_check(value, types, arg_name)
        check_value(value, (low, high), arg_name, open_below)

    check.__doc__ = f"A number of type {types[0].__name__} in {'(' if open_below else '['}{low}, {high}]."
    return check


_INT, _FLOAT = (int,), (float, int)
check_uint8 = _check_of(_INT, UINT8_MIN, UINT8_MAX)
check_uint32 = _check_of(_INT, UINT32_MIN, UINT32_MAX)
check_uint64 = _check_of(_INT, UINT64_MIN, UINT64_MAX)
check_int32 = _check_of(_INT, INT32_MIN, INT32_MAX)
check_pos_int32 = _check_of(_INT, POS_INT_MIN, INT32_MAX)
check_pos_int64 = _check_of(_INT, POS_INT_MIN, INT64_MAX)
check_pos_uint32 = _check_of(_INT, POS_INT_MIN, UINT32_MAX)
check_pos_uint64 = _check_of(_INT, POS_INT_MIN, UINT64_MAX)
check_non_negative_int32 = _check_of(_INT, 0, INT32_MAX)
check_float32 = _check_of(_FLOAT, FLOAT_MIN_INTEGER, FLOAT_MAX_INTEGER)
check_float64 = _check_of(_FLOAT, DOUBLE_MIN_INTEGER, DOUBLE_MAX_INTEGER)
check_pos_float32 = _check_of(_FLOAT, 0, FLOAT_MAX_INTEGER, open_below=True)
check_pos_float64 = _check_of(_FLOAT, 0, DOUBLE_MAX_INTEGER, open_below=True)
check_non_negative_float32 = _check_of(_FLOAT, 0, FLOAT_MAX_INTEGER)
check_non_negative_float64 = _check_of(_FLOAT, 0, DOUBLE_MAX_INTEGER)


def _nonzero(check: Callable, low: float, high: float) -> Callable:
    def check_not_zero(value, arg_name="") -> None:
        check(value, arg_name)
        if value == 0:
            ranges = f"[{low}, 0) and (0, {high}]"
            raise ValueError(f"Input {pad_arg_name(arg_name)}is not within the required interval of {ranges}.")

    check_not_zero.__doc__ = f"A number in [{low}, 0) or (0, {high}]."
    return check_not_zero


check_int32_not_zero = _nonzero(check_int32, INT32_MIN, INT32_MAX)
check_float32_not_zero = _nonzero(check_float32, FLOAT_MIN_INTEGER, FLOAT_MAX_INTEGER)


def check_positive(value, arg_name="") -> None:
    """A number above 0."""
    if value <= 0:
        raise ValueError(f"Input {pad_arg_name(arg_name)}must be greater than 0.")


def check_odd(value, arg_name="") -> None:
    """An odd number."""
    if value % 2 != 1:
        raise ValueError(f"Input {pad_arg_name(arg_name)}is not an odd value.")


def check_2tuple(value, arg_name="") -> None:
    """A tuple of two."""
    if not (isinstance(value, tuple) and len(value) == 2):
        raise ValueError(f"Value {pad_arg_name(arg_name)}needs to be a 2-tuple.")


def check_valid_str(value, valid_strings, arg_name="") -> None:
    """A text out of some."""
    type_check(value, (str,), arg_name)
    if value not in valid_strings:
        raise ValueError(f"Input {pad_arg_name(arg_name)}is not within the valid set of {valid_strings}.")


def check_valid_detype(type_: str) -> bool:
    """The name of a column's type."""
    if type_ not in valid_detype:
        raise TypeError("Unknown column type.")
    return True


def check_list_same_size(list1, list2, list1_name="", list2_name="") -> None:
    """Two lists of one length."""
    if len(list1) != len(list2):
        raise ValueError(f"The size of {list1_name} should be the same as that of {list2_name}.")


def check_columns(columns, name: str) -> None:
    """The name of a column, or names without a repetition."""
    type_check(columns, (str, list, tuple), name)
    if not columns:
        raise ValueError(f"{name} should not be empty{' str' if columns == '' else ''}.")
    if not isinstance(columns, str):
        type_check_list(columns, (str,), name)
        if len(set(columns)) < len(columns):
            raise ValueError("Every column name should not be same with others in column_names.")


def check_dir(dataset_dir: str) -> None:
    """A folder that is there and can be read."""
    if not os.path.isdir(dataset_dir) or not os.access(dataset_dir, os.R_OK):
        raise ValueError(f"The folder {dataset_dir} does not exist or is not a directory or permission denied!")


def check_file(dataset_file: str) -> None:
    """A file that is there and can be read."""
    if not os.path.isfile(dataset_file) or not os.access(dataset_file, os.R_OK):
        raise ValueError(f"The file {dataset_file} does not exist or permission denied!")


def is_iterable(obj: Any) -> bool:
    """Whether one can go through an object's elements."""
    return hasattr(obj, "__iter__") or hasattr(obj, "__getitem__")


def replace_none(value: Any, default: Any) -> Any:
    """A value, or for None another one."""
    return default if value is None else value


def parse_user_args(method: Callable, *args, **kwargs) -> tuple[list, dict]:
    """The arguments of a call of a method, without `self`: as a list, and by their names, defaults filled in."""
    parameters = inspect.signature(method).parameters
    given = inspect.signature(method).bind(*([None] if "self" in parameters else []), *args, **kwargs)
    given.apply_defaults()
    named = {name: value for name, value in given.arguments.items() if name != "self"}
    return list(named.values()), named


def check_random_transform_ops(method: Callable) -> Callable:
    """A decorator of `__init__(self, transforms)`: these are a list of at least one that can be called."""

    @wraps(method)
    def checked(self, *args, **kwargs):
        (transforms, *_), _ = parse_user_args(method, *args, **kwargs)
        type_check(transforms, (list,), "transforms list")
        if not transforms:
            raise ValueError("transforms list can not be empty.")
        for i, transform in enumerate(transforms):
            if not callable(transform):
                raise TypeError(f"transforms[{i}] is neither a transforms op nor a callable pyfunc.")
        return method(self, *args, **kwargs)

    return checked
