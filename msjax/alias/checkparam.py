"""Checks of arguments, as `mindspore._checkparam` has them: each returns the value, or says what is wrong with it.

A value of the wrong type is a TypeError, one outside of its range a ValueError.
"""

from __future__ import annotations

import functools
import inspect
import math
import operator
import re
from collections.abc import Iterable
from typing import Any

from msjax.core import context, dtype
from msjax.core.tensor import Tensor

EQ, NE, LT, LE, GT, GE = range(1, 7)
INC_NEITHER, INC_LEFT, INC_RIGHT, INC_BOTH = range(7, 11)
IN, NOT_IN = 11, 12

_COMPARE = {
    EQ: ("=", operator.eq),
    NE: ("!=", operator.ne),
    LT: ("<", operator.lt),
    LE: ("<=", operator.le),
    GT: (">", operator.gt),
    GE: (">=", operator.ge),
    IN: ("in", lambda value, choices: value in choices),
    NOT_IN: ("not in", lambda value, choices: value not in choices),
}
# How an interval is written, and what holds at its two ends.
_INTERVAL = {
    INC_NEITHER: ("({}, {})", operator.lt, operator.lt),
    INC_LEFT: ("[{}, {})", operator.le, operator.lt),
    INC_RIGHT: ("({}, {}]", operator.lt, operator.le),
    INC_BOTH: ("[{}, {}]", operator.le, operator.le),
}


def _subject(arg_name: str | None, prim_name: str | None) -> str:
    name = f"the '{arg_name}'" if arg_name else "the input value"
    return f"For '{prim_name}', {name}" if prim_name else name[0].upper() + name[1:]


def check_is_number(arg_value, arg_type, arg_name=None, prim_name=None):
    """A number of exactly this type; True is not an int, and nan and inf are no numbers."""
    if type(arg_value) is not arg_type:
        got = type(arg_value).__name__
        raise TypeError(f"{_subject(arg_name, prim_name)} must be of type '{arg_type.__name__}', but got '{got}'.")
    if isinstance(arg_value, float) and not math.isfinite(arg_value):
        raise ValueError(f"{_subject(arg_name, prim_name)} must be a finite number, but got '{arg_value}'.")
    return arg_value


def check_number_range(arg_value, lower_limit, upper_limit, rel, value_type, arg_name=None, prim_name=None):
    """A number between two limits; `rel` says which of them belong to the range."""
    check_is_number(arg_value, value_type, arg_name, prim_name)
    text, above, below = _INTERVAL[rel]
    if not (above(lower_limit, arg_value) and below(arg_value, upper_limit)):
        interval = text.format(lower_limit, upper_limit)
        raise ValueError(f"{_subject(arg_name, prim_name)} must be in range of {interval}, but got {arg_value}.")
    return arg_value


def check(arg_name, arg_value, value_name, value, rel=EQ, prim_name=None, excp_cls=ValueError):
    """A value that stands in relation `rel` to another one, which has a name of its own."""
    sign, holds = _COMPARE[rel]
    if not holds(arg_value, value):
        raise excp_cls(f"{_subject(arg_name, prim_name)} must be {sign} {value_name}: {value}, but got {arg_value}.")
    return arg_value


def _check_relation(arg_value, value, rel, kind, arg_name, prim_name):
    check_is_number(arg_value, kind, arg_name, prim_name)
    sign, holds = _COMPARE[rel]
    if not holds(arg_value, value):
        raise ValueError(f"{_subject(arg_name, prim_name)} must be {sign} {value}, but got {arg_value}.")
    return arg_value


def check_int(arg_value, value, rel, arg_name=None, prim_name=None):
    return _check_relation(arg_value, value, rel, int, arg_name, prim_name)


def check_float(arg_value, value, rel, arg_name=None, prim_name=None):
    return _check_relation(arg_value, value, rel, float, arg_name, prim_name)


def check_number(arg_name, arg_value, value, rel, prim_name):
    return check(arg_name, arg_value, "the limit", value, rel, prim_name)


def check_is_int(arg_value, arg_name=None, prim_name=None):
    return check_is_number(arg_value, int, arg_name, prim_name)


def check_is_float(arg_value, arg_name=None, prim_name=None):
    return check_is_number(arg_value, float, arg_name, prim_name)


def check_equal_int(arg_value, value, arg_name=None, prim_name=None):
    return check_int(arg_value, value, EQ, arg_name, prim_name)


def check_int_range(arg_value, lower_limit, upper_limit, rel, arg_name=None, prim_name=None):
    return check_number_range(arg_value, lower_limit, upper_limit, rel, int, arg_name, prim_name)


def check_float_range(arg_value, lower_limit, upper_limit, rel, arg_name=None, prim_name=None):
    return check_number_range(arg_value, lower_limit, upper_limit, rel, float, arg_name, prim_name)


def _sign_check(kind: type, rel: int):
    def check_sign(arg_value, arg_name=None, prim_name=None):
        return _check_relation(arg_value, kind(0), rel, kind, arg_name, prim_name)

    return check_sign


def _each(check_one):
    def check_sequence(sequence, arg_name=None, prim_name=None):
        for index, value in enumerate(sequence):
            check_one(value, f"{arg_name}[{index}]" if arg_name else None, prim_name)
        return sequence

    return check_sequence


check_positive_int, check_positive_float = _sign_check(int, GT), _sign_check(float, GT)
check_negative_int, check_negative_float = _sign_check(int, LT), _sign_check(float, LT)
check_non_positive_int, check_non_positive_float = _sign_check(int, LE), _sign_check(float, LE)
check_non_negative_int, check_non_negative_float = _sign_check(int, GE), _sign_check(float, GE)
check_positive_int_sequence = _each(check_positive_int)
check_non_negative_int_sequence = _each(check_non_negative_int)
check_positive_float_sequence = _each(check_positive_float)


def check_bool(arg_value, arg_name=None, prim_name=None):
    if not isinstance(arg_value, bool):
        raise TypeError(f"{_subject(arg_name, prim_name)} must be a bool, but got {type(arg_value).__name__}.")
    return arg_value


def check_string(arg_value, valid_values, arg_name=None, prim_name=None):
    if not (isinstance(arg_value, str) and arg_value in valid_values):
        raise ValueError(f"{_subject(arg_name, prim_name)} must be one of {valid_values}, but got {arg_value!r}.")
    return arg_value


def check_str_by_regular(target, reg=None, flag=re.ASCII, prim_name=None):
    if re.match(reg or r"^\w+[0-9a-zA-Z\_\.]*$", target, flag) is None:
        raise ValueError(f"{_subject(None, prim_name)} {target!r} does not match the pattern {reg!r}.")
    return True


def check_isinstance(arg_name, arg_value, classes):
    if not isinstance(arg_value, classes):
        raise ValueError(f"The parameter '{arg_name}' must be an instance of {classes}, but got {arg_value}.")
    return arg_value


def check_value_type(arg_name, arg_value, valid_types, prim_name=None):
    """A value of one of some types; True counts as an int only where bool is among them."""
    types = tuple(valid_types) if isinstance(valid_types, Iterable) else (valid_types,)
    if not isinstance(arg_value, types) or (isinstance(arg_value, bool) and bool not in types):
        wanted = " or ".join(getattr(kind, "__name__", str(kind)) for kind in types)
        got = type(arg_value).__name__
        raise TypeError(f"{_subject(arg_name, prim_name)} must be of type '{wanted}', but got type '{got}'.")
    return arg_value


def check_element_type_of_iterable(arg_name, arg_value, valid_types, prim_name=None):
    check_value_type(arg_name, arg_value, (tuple, list, set), prim_name)
    for element in arg_value:
        check_value_type(f"element of {arg_name}", element, valid_types, prim_name)
    return arg_value


def check_type_name(arg_name, arg_type, valid_types, prim_name):
    """A dtype or Python type out of some."""
    types = tuple(valid_types) if isinstance(valid_types, Iterable) else (valid_types,)
    if arg_type not in types:
        wanted = " or ".join(map(str, types))
        raise TypeError(f"{_subject(arg_name, prim_name)} must be {wanted}, but got {arg_type!r}.")
    return arg_type


def check_subclass(arg_name, type_, template_types, prim_name, addition_error_info=None) -> None:
    """A dtype of one of some groups of dtypes (`mindspore.number`, ...), or a Python subclass."""
    groups = template_types if isinstance(template_types, (tuple, list)) else (template_types,)
    if not any(_is_of(type_, group) for group in groups):
        wanted = " or ".join(map(str, groups))
        more = f" {addition_error_info}" if addition_error_info else ""
        raise TypeError(f"{_subject(arg_name, prim_name)} must be of {wanted}, but got {type_}.{more}")


def _is_of(type_: Any, group: Any) -> bool:
    if isinstance(type_, type) and isinstance(group, type):
        return issubclass(type_, group)
    return dtype.issubclass_(type_, group)


def check_element_type_of_dict(arg_name, arg_value, key_types, value_types, prim_name=None):
    """A dict whose keys and values are of some types."""
    check_value_type(arg_name, arg_value, dict, prim_name)
    for key, value in arg_value.items():
        check_value_type(f"a key of {arg_name}", key, key_types, prim_name)
        check_value_type(f"a value of {arg_name}", value, value_types, prim_name)


def check_size_and_element_type_of_tuple(arg_name, arg_value, expect_size, expect_element_type, prim_name=None):
    """A tuple of so many, all of a type."""
    check_value_type(arg_name, arg_value, tuple, prim_name)
    check_equal_int(len(arg_value), expect_size, f"{arg_name} size", prim_name)
    for element in arg_value:
        check_value_type(f"element of {arg_name}", element, expect_element_type, prim_name)


def check_types_same_and_valid(args: dict, valid_values, prim_name) -> None:
    """Types by the names of their arguments: the same for all, and one of some."""
    first = next(iter(args.items()))
    for name, kind in args.items():
        check_type_name(name, kind, valid_values, prim_name)
        if kind != first[1]:
            raise TypeError(
                f"{_subject(name, prim_name)} must be of the same type as '{first[0]}', {first[1]}, but got {kind}."
            )


check_tensor_dtype_valid = check_type_name
check_tensors_dtypes_same_and_valid = check_types_same_and_valid


def check_scalar_or_tensor_types_same(args: dict, valid_values, prim_name, allow_mix=False) -> None:
    """The dtypes of numbers or Tensors by their names: the same for all, and one of some."""
    check_types_same_and_valid(args, valid_values, prim_name)


def check_type_support(dtype, device, supported_dtypes) -> bool:
    """Whether a kind of device takes a dtype: where that is another kind than this one's, it does not matter."""
    return dtype in supported_dtypes or context.get_context("device_target") != device


def check_astype_dtype(dtype):
    """The dtype that a dtype, its name, a type of Python's or of numpy's stands for."""
    return Tensor(0).astype(dtype).dtype


def check_valid_input(arg_name, arg_value, prim_name):
    """Anything but None."""
    if arg_value is None:
        raise ValueError(f"{_subject(arg_name, prim_name)} must not be None.")
    return arg_value


def check_input_format(input_param):
    """The order of axes "NCHW"."""
    return check_string(input_param, ("NCHW",), "data format")


def check_flatten_order(order) -> None:
    """ "C" or "F"."""
    check_string(order, ("C", "F"), "order", "Tensor.flatten")


def check_file_name_by_regular(target, reg=None, prim_name=None):
    """A file name of letters, digits and `@_-.:/\\`."""
    return check_str_by_regular(target, reg or r"^[0-9a-zA-Z@\_\-\.\:\/\\]+$", re.ASCII, prim_name)


def check_str_and_none_by_regular(target, reg=None, flag=re.ASCII, prim_name=None):
    """A text, which may be empty, of letters, digits and `_.-`."""
    return check_str_by_regular(target, reg or r"^\w*[0-9a-zA-Z\_\.\-]*$", flag, prim_name)


def check_hook_fn(hook_fn) -> None:
    """A function."""
    if not callable(hook_fn):
        raise TypeError(f"A hook must be a function, but got {type(hook_fn).__name__}.")


def check_input_data(*data, data_class) -> None:
    """Objects of some classes, also in lists, tuples and dicts."""
    for item in data:
        if isinstance(item, (tuple, list, dict)):
            check_input_data(*(item.values() if isinstance(item, dict) else item), data_class=data_class)
        elif not isinstance(item, data_class):
            raise TypeError(f"The data must be of {data_class}, but got {type(item).__name__}.")


def check_input_dataset(*dataset, dataset_type) -> bool:
    """Whether there are any, and all are of a type."""
    return bool(dataset) and all(isinstance(item, dataset_type) for item in dataset)


def check_output_data(data) -> None:
    """Anything but None."""
    if data is None:
        raise RuntimeError("The outputs must not be None: look at the network or its inputs.")


def check_pad_value_by_mode(pad_mode, padding, prim_name):
    """A padding, which is 0 unless `pad_mode` is "pad"."""
    if pad_mode != "pad" and padding != 0:
        raise ValueError(f"For '{prim_name}', padding must be zero when pad_mode is '{pad_mode}', but got {padding}.")
    return padding


def args_type_check(*type_args, **type_kwargs):
    """A decorator: the arguments of a function, where they are not None, are of these types."""

    def decorate(function):
        signature = inspect.signature(function)
        wanted = signature.bind_partial(*type_args, **type_kwargs).arguments

        @functools.wraps(function)
        def call(*args, **kwargs):
            for name, value in signature.bind(*args, **kwargs).arguments.items():
                if value is not None and name in wanted and not isinstance(value, wanted[name]):
                    raise TypeError(f"The parameter '{name}' must be {wanted[name]}, but got {type(value)}")
            return function(*args, **kwargs)

        return call

    return decorate
