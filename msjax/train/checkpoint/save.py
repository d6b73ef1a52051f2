"""Save Parameters in files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING, Any

import numpy as np

from msjax import log
from msjax.core import trace
from msjax.core.kinds import check, is_a
from msjax.core.parameter import Parameter
from msjax.core.random import Generator
from msjax.core.tensor import Tensor, raw
from msjax.nn.cell import Cell
from msjax.train.checkpoint.files import FORMATS, check_flags, refuse_key, write

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

_pending: list[Future] = []
_writer: ThreadPoolExecutor | None = None


def save_checkpoint(
    save_obj: Cell | list | dict,
    ckpt_file_name: str,
    integrated_save: bool = True,
    async_save: bool | str = False,
    append_dict: Mapping | None = None,
    enc_key: bytes | None = None,
    enc_mode: str = "AES-GCM",
    choice_func: Callable[[str], bool] | None = None,
    crc_check: bool = False,
    format: str = "ckpt",
    **kwargs: Any,
) -> None:
    """Write Parameters to a file, which appears under its name when it is complete, and is readable by its owner only.

    Args:
        save_obj: a Cell (an optimizer is one), a list of Parameters, a list of {"name": str, "data": Parameter or
            Tensor}, or a dict name -> Parameter.
        ckpt_file_name: where to; the format's suffix is added where it is missing.
        async_save: whether to return before the file is written; the values are those of the call. "thread" and
            "process" are both a thread here.
        append_dict: further values by name: int, float, bool, str, Tensor, Parameter or Generator.
        choice_func: says for each Parameter's name whether to save it.
        crc_check: whether to add a checksum.
        format: "ckpt" or "safetensors".
        enc_key: None: files are not encrypted here.
        integrated_save, enc_mode, kwargs: accepted for compatibility.

    Raises:
        TypeError, ValueError: if an argument is of the wrong type or value.
        OSError: if the file can not be written.
        NotImplementedError: with `enc_key`: files are not encrypted here.

    Example:
        >>> ms.save_checkpoint(nn.Dense(2, 1), "dense.ckpt", append_dict={"epoch": 3})
        >>> list(ms.load_checkpoint("dense.ckpt"))
        ['weight', 'bias', 'epoch']
    """
    path = _target(ckpt_file_name, format)
    check_flags("save_checkpoint", crc_check=crc_check, remove_redundancy=kwargs.get("remove_redundancy", False))
    check("save_checkpoint", "integrated_save", integrated_save, "bool")
    if not is_a(async_save, "bool or str"):
        raise TypeError(f"For 'save_checkpoint', 'async_save' must be bool or str, but got {async_save!r}.")
    if async_save not in (False, True, "thread", "process"):
        raise ValueError(
            "For 'save_checkpoint', the argument 'async_save' can only be 'process' or 'thread', "
            f"but got {async_save!r}."
        )
    refuse_key("save_checkpoint", enc_key)
    values = {n: _snapshot(v) for n, v in _named(save_obj) if choice_func is None or choice_func(n)}
    values |= _appended(append_dict)
    if not async_save:
        wait(tuple(_pending))  # an earlier file must not replace this one
        write(path, format, values, crc_check)
    else:
        # Copies: an optimizer's step may reuse the memory of the arrays it replaces.
        values = {n: v if isinstance(v, str) else v.copy() for n, v in values.items()}
        _pending[:] = [f for f in _pending if not f.done()]
        try:
            _pending.append(_background().submit(_write_logged, path, format, values, crc_check))
        except RuntimeError:  # the program ends, so no thread begins any more
            _write_logged(path, format, values, crc_check)


def _background() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor  # can not be imported while a program ends, which may save

    global _writer
    _writer = _writer or ThreadPoolExecutor(1, "msjax-checkpoint")  # one, so that files appear in order
    return _writer


def async_ckpt_thread_status() -> bool:
    """Whether a file is still being written by `save_checkpoint(async_save=True)`.

    Returns:
        A bool.

    Example:
        >>> ms.async_ckpt_thread_status()
        False
    """
    return any(not f.done() for f in _pending)


def _write_logged(path: str, format: str, values, checksum: bool) -> None:
    try:
        write(path, format, values, checksum)
    except Exception as error:
        log.error("Failed to save the checkpoint file %s: %s", path, error)


def _target(name, format: str) -> str:
    if not isinstance(name, str):
        raise TypeError(
            f"For 'save_checkpoint', the parameter {name!r} for checkpoint file name is invalid, "
            f"'ckpt_file_name' must be string, but got {type(name)}."
        )
    if format not in FORMATS:
        raise ValueError(f"For 'save_checkpoint', the format must be 'safetensors' or 'ckpt', but got {format}.")
    path = os.path.realpath(name)
    if os.path.isdir(path):
        raise IsADirectoryError(
            f"For 'save_checkpoint', the parameter `ckpt_file_name`: {path} is a directory, it must be a file name."
        )
    return path if path.endswith(format) else f"{path}.{format}"


# -- what to save ------------------------------------------------------------------------------------------------------


def _named(source) -> Iterator[tuple[str, Tensor]]:
    """(name, Tensor) of all that `save_obj` holds."""
    if isinstance(source, Cell):
        source = source.parameters_dict()
    if isinstance(source, dict):
        items = list(source.items())
    elif isinstance(source, list):
        items = [_item(entry) for entry in source]
    else:
        raise TypeError(
            f"For 'save_checkpoint', the parameter 'save_obj' must be nn.Cell, list or dict, but got {type(source)}."
        )
    for name, value in items:
        if not isinstance(name, str):
            raise TypeError(
                "For 'save_checkpoint', the names of what is saved must be strings, "
                f"but got {name!r} of type {type(name).__name__}."
            )
        if not isinstance(value, Tensor):
            raise TypeError(
                f"For 'save_checkpoint', what is saved must be a Parameter or Tensor, but {name!r} is {type(value)}."
            )
        yield name, value


def _item(entry):
    if isinstance(entry, Parameter):
        return entry.name, entry
    if not isinstance(entry, dict):
        raise TypeError(
            "For save_checkpoint, when save_obj is made up by list of Parameter, the param should be parameter, "
            f"but got {type(entry)}"
        )
    if "name" not in entry or "data" not in entry:
        raise TypeError(
            "For save_checkpoint, save_obj should be a list of dict items, and the dict should have key values 'name' "
            f"and 'data', but got {entry!r}."
        )
    return entry["name"], entry["data"]


def _appended(extra) -> dict[str, np.ndarray | str]:
    if extra is None:
        return {}
    if not isinstance(extra, dict):
        raise TypeError(f"For 'save_checkpoint', the argument 'append_dict' must be dict, but got {type(extra)}.")
    return {name: _appended_value(name, value) for name, value in extra.items()}


def _appended_value(name, value) -> np.ndarray | str:
    if isinstance(name, str):
        if isinstance(value, str):
            return value
        if isinstance(value, Generator):
            value = value.get_state()
        if isinstance(value, Tensor | bool | int | float):
            return _snapshot(value if isinstance(value, Tensor) else Tensor(value))
    raise TypeError(
        "For 'save_checkpoint', the type of dict 'append_info' must be key: string, value: int, float, bool or "
        f"Generator, but got key: {type(name)}, value: {type(value)}"
    )


def _snapshot(tensor: Tensor) -> np.ndarray:
    return trace.concrete(raw(tensor))
