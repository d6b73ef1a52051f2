"""Save and load Parameters: `.ckpt` files as MindSpore writes and reads them, and safetensors files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from typing import Any

import numpy as np

from msjax import log
from msjax.core import trace
from msjax.core.parameter import Parameter
from msjax.core.random import Generator
from msjax.core.tensor import Tensor, raw
from msjax.nn.cell import Cell
from msjax.train import ckpt, safetensors

FORMATS = {"ckpt": ckpt, "safetensors": safetensors}
_pending: list[Future] = []
_writer: ThreadPoolExecutor | None = None


def save_checkpoint(
    save_obj,
    ckpt_file_name: str,
    integrated_save=True,
    async_save: bool | str = False,
    append_dict: Mapping | None = None,
    enc_key: bytes | None = None,
    enc_mode: Any = "AES-GCM",
    choice_func: Callable[[str], bool] | None = None,
    crc_check: bool = False,
    format: str = "ckpt",
    **kwargs,
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
    if not isinstance(crc_check, bool):
        raise ValueError(f"The parameter 'crc_check' must be isinstance of <class 'bool'>, but got {crc_check!r}.")
    if async_save not in (False, True, "thread", "process"):
        raise ValueError(
            "For 'save_checkpoint', the argument 'async_save' can only be 'process' or 'thread', "
            f"but got {async_save!r}."
        )
    _refuse_key("save_checkpoint", enc_key)
    values = {n: _snapshot(v) for n, v in _named(save_obj) if choice_func is None or choice_func(n)}
    values |= _appended(append_dict)
    if not async_save:
        wait(tuple(_pending))  # an earlier file must not replace this one
        _write(path, format, values, crc_check)
    else:
        # Copies: an optimizer's step may reuse the memory of the arrays it replaces.
        values = {n: v if isinstance(v, str) else v.copy() for n, v in values.items()}
        global _writer
        _writer = _writer or ThreadPoolExecutor(1, "msjax-checkpoint")  # one, so that files appear in order
        _pending[:] = [f for f in _pending if not f.done()]
        _pending.append(_writer.submit(_write_logged, path, format, values, crc_check))


def async_ckpt_thread_status() -> bool:
    """Whether a file is still being written by `save_checkpoint(async_save=True)`."""
    return any(not f.done() for f in _pending)


def load_checkpoint(
    ckpt_file_name: str,
    net: Cell | None = None,
    strict_load=False,
    filter_prefix=None,
    dec_key: bytes | None = None,
    dec_mode: Any = "AES-GCM",
    specify_prefix=None,
    choice_func: Callable[[str], bool] | None = None,
    crc_check: bool = False,
    remove_redundancy=False,
    format: str = "ckpt",
) -> dict[str, Any]:
    """Read a file that `save_checkpoint`, here or in MindSpore, has written.

    Args:
        ckpt_file_name: the file, with the suffix of `format`.
        net: a Cell to give the values to, as `load_param_into_net` does.
        strict_load: passed to `load_param_into_net`.
        filter_prefix: a prefix, or a list of them, of names to leave out; deprecated, use `choice_func`.
        specify_prefix: a prefix, or a list of them, of the only names to read; deprecated, use `choice_func`.
        choice_func: says for each name whether to read it.
        crc_check: whether to compare the checksum.
        format: "ckpt" or "safetensors".
        dec_mode, remove_redundancy: accepted for compatibility.

    Returns:
        name -> Parameter; an appended text is a str.

    Raises:
        ValueError: if the file is not there, not of the format or damaged, or nothing is left of it.
        TypeError: if an argument is of the wrong type.
        NotImplementedError: with `dec_key`: encrypted files can not be read here.

    Differs from MindSpore: Parameters read from a safetensors file have their names.

    Example:
        >>> ms.save_checkpoint([{"name": "w", "data": Tensor([1.0])}], "w.ckpt")
        >>> ms.load_checkpoint("w.ckpt")
        {'w': Parameter (name=w, shape=(1,), dtype=Float32, requires_grad=True)}
    """
    path = _source(ckpt_file_name, format)
    left_out, asked_for = _prefixes("filter_prefix", filter_prefix), _prefixes("specify_prefix", specify_prefix)
    _refuse_key("load_checkpoint", dec_key)

    def wanted(name: str) -> bool:
        if name.startswith(left_out) or (asked_for and not name.startswith(asked_for)):
            return False
        return choice_func is None or bool(choice_func(name))

    values = {name: value for name, value in _read(path, format, crc_check).items() if wanted(name)}
    if not values:
        raise ValueError(
            "The loaded parameter dict is empty after filter or specify, please check whether 'filter_prefix' or "
            "'specify_prefix' are set correctly."
        )
    loaded: dict[str, Any] = {n: v if isinstance(v, str) else Parameter(Tensor(v), name=n) for n, v in values.items()}
    if net is not None:
        from msjax.train.loading import load_param_into_net

        load_param_into_net(net, loaded, strict_load)
    return loaded


def load_checkpoint_async(
    ckpt_file_name,
    net=None,
    strict_load=False,
    filter_prefix=None,
    dec_key=None,
    dec_mode: Any = "AES-GCM",
    specify_prefix=None,
    choice_func=None,
) -> Future:
    """`load_checkpoint` in the background.

    Returns:
        A future; its `result()` waits for and gives the dict, or raises what `load_checkpoint` raised.

    Example:
        >>> ms.save_checkpoint([{"name": "w", "data": Tensor([1.0])}], "w.ckpt")
        >>> list(ms.load_checkpoint_async("w.ckpt").result())
        ['w']
    """
    reader = ThreadPoolExecutor(1)
    try:
        return reader.submit(
            load_checkpoint, ckpt_file_name, net, strict_load, filter_prefix, dec_key, dec_mode, specify_prefix,
            choice_func,
        )  # fmt: skip
    finally:
        reader.shutdown(wait=False)


# -- what to save ----------------------------------------------------------------------------------------------------


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


# -- files -----------------------------------------------------------------------------------------------------------


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
    return path if path.endswith(f".{format}") else f"{path}.{format}"


def _source(name, format: str) -> str:
    if not isinstance(name, str):
        raise TypeError(f"For 'load_checkpoint', the argument 'ckpt_file_name' must be string, but got {type(name)}.")
    if format not in FORMATS:
        raise ValueError(
            "For 'load_checkpoint', the checkpoint file should end with '.ckpt' or '.safetensors', please input the "
            "correct 'format'."
        )
    if not name.endswith(f".{format}"):
        raise ValueError(
            "For 'load_checkpoint', the checkpoint file format must same with 'format', but got "
            f"file_name:'{name}', format:'{format}'"
        )
    path = os.path.realpath(name)
    if not os.path.exists(path):
        raise ValueError(
            f"For 'load_checkpoint', the checkpoint file: {path} does not exist, please check whether the "
            "'ckpt_file_name' is correct."
        )
    return path


def _write(path: str, format: str, values, checksum: bool) -> None:
    """Write beside the target and put the whole file in its place, so that nobody meets half of one."""
    # Of a name that nobody else has or knows beforehand.
    descriptor, unfinished = tempfile.mkstemp(".tmp", ".msjax-", os.path.dirname(path))
    try:
        with open(descriptor, "wb") as file:
            FORMATS[format].write(file, values, checksum)
        os.chmod(unfinished, 0o400)
        os.replace(unfinished, path)
    except BaseException:
        with suppress(OSError):
            os.remove(unfinished)
        raise


def _write_logged(path: str, format: str, values, checksum: bool) -> None:
    try:
        _write(path, format, values, checksum)
    except Exception as error:
        log.error("Failed to save the checkpoint file %s: %s", path, error)


def _read(path: str, format: str, checksum: bool) -> Mapping[str, np.ndarray | str]:
    """The values of a file, which are views of it: what nobody asks for is not read from the disk."""
    try:
        with open(path, "rb") as file:
            content = mmap(file.fileno(), 0, access=ACCESS_READ)
        values, has_checksum = FORMATS[format].read(content, checksum)
    except ValueError as error:
        raise ValueError(
            f"Failed to read the checkpoint file {path}. The file may be corrupted or encrypted, and the content "
            f"cannot be parsed: {error}. Encrypted files have to be decrypted with MindSpore first."
        ) from None
    if checksum and not has_checksum:
        log.warning("For 'load_checkpoint', the ckpt file do not contain the crc code, please check the file.")
    return values


def _prefixes(what: str, prefixes) -> tuple[str, ...]:
    if prefixes is None:
        return ()
    log.warning("For load_checkpoint, this parameter `%s` will be deprecated, please use `choice_func` instead.", what)
    found = (prefixes,) if isinstance(prefixes, str) else prefixes
    if not isinstance(found, list | tuple) or not all(isinstance(p, str) for p in found):
        raise TypeError(
            "For 'load_checkpoint', the type of 'specify_prefix' or 'filter_prefix' must be string, list[string] or "
            f"tuple[string], but got {prefixes!r}."
        )
    if "" in found:
        raise ValueError("For 'load_checkpoint', the value of 'specify_prefix' or 'filter_prefix' can't include ''.")
    return tuple(found)


def _refuse_key(function: str, key) -> None:
    if key is None:
        return
    if not isinstance(key, bytes):
        raise ValueError(f"For '{function}', a key must be bytes, but got {type(key).__name__}.")
    raise NotImplementedError(
        f"For '{function}', msjax has no encryption; leave the key out and protect the file itself."
    )
