"""Load Parameters from files."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

import numpy as np

from msjax import log
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw
from msjax.nn.cell import Cell
from msjax.train.checkpoint.files import FORMATS, check_flags, read, refuse_key
from msjax.train.checkpoint.into_net import load_param_into_net


def load_checkpoint(
    ckpt_file_name: str,
    net: Cell | None = None,
    strict_load: bool = False,
    filter_prefix: str | Sequence[str] | None = None,
    dec_key: bytes | None = None,
    dec_mode: str = "AES-GCM",
    specify_prefix: str | Sequence[str] | None = None,
    choice_func: Callable[[str], bool] | None = None,
    crc_check: bool = False,
    remove_redundancy: bool = False,
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
        dec_key: None: encrypted files can not be read here.
        remove_redundancy: passed to `load_param_into_net`.
        dec_mode: accepted for compatibility.

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
    refuse_key("load_checkpoint", dec_key)
    check_flags("load_checkpoint", crc_check=crc_check, remove_redundancy=remove_redundancy)

    def wanted(name: str) -> bool:
        if name.startswith(left_out) or (asked_for and not name.startswith(asked_for)):
            return False
        return choice_func is None or bool(choice_func(name))

    loaded: dict[str, Any] = {
        name: value if isinstance(value, str) else _parameter(name, value)
        for name, value in read(path, format, crc_check, wanted)
    }
    if not loaded:
        raise ValueError(
            f"The loaded parameter dict of {path} is empty after filter or specify, please check whether "
            "'filter_prefix' or 'specify_prefix' are set correctly, and what the file holds."
        )
    if net is not None:
        load_param_into_net(net, loaded, strict_load, remove_redundancy)
    return loaded


def _parameter(name: str, value: np.ndarray) -> Parameter:
    tensor = Tensor(value)
    raw(tensor).block_until_ready()  # what was read would stay in memory until then, so that much of the file might
    return Parameter(tensor, name=name)


def load_checkpoint_async(
    ckpt_file_name: str,
    net: Cell | None = None,
    strict_load: bool = False,
    filter_prefix: str | Sequence[str] | None = None,
    dec_key: bytes | None = None,
    dec_mode: str = "AES-GCM",
    specify_prefix: str | Sequence[str] | None = None,
    choice_func: Callable[[str], bool] | None = None,
) -> Future:
    """`load_checkpoint` in the background.

    Args:
        ckpt_file_name, net, strict_load, filter_prefix, dec_key, dec_mode, specify_prefix, choice_func: as for
            `load_checkpoint`.

    Returns:
        A future; its `result()` waits for and gives the dict, or raises what `load_checkpoint` raised.

    Example:
        >>> ms.save_checkpoint([{"name": "w", "data": Tensor([1.0])}], "w.ckpt")
        >>> list(ms.load_checkpoint_async("w.ckpt").result())
        ['w']
    """
    from concurrent.futures import ThreadPoolExecutor  # see `save._background`

    reader = ThreadPoolExecutor(1)
    try:
        return reader.submit(
            load_checkpoint, ckpt_file_name, net, strict_load, filter_prefix, dec_key, dec_mode, specify_prefix,
            choice_func,
        )  # fmt: skip
    finally:
        reader.shutdown(wait=False)


def _source(name, format: str) -> str:
    if not isinstance(name, str):
        raise TypeError(f"For 'load_checkpoint', the argument 'ckpt_file_name' must be string, but got {type(name)}.")
    if format not in FORMATS:
        raise ValueError(
            "For 'load_checkpoint', the checkpoint file should end with '.ckpt' or '.safetensors', give the "
            "right 'format'."
        )
    if not name.endswith(format):  # with or without a dot before it, as in MindSpore
        raise ValueError(
            "For 'load_checkpoint', the checkpoint file must have the suffix of 'format', but got "
            f"file_name:'{name}', format:'{format}'"
        )
    path = os.path.realpath(name)
    if not os.path.exists(path):
        raise ValueError(
            f"For 'load_checkpoint', the checkpoint file: {path} does not exist, please check whether the "
            "'ckpt_file_name' is correct."
        )
    return path


def _prefixes(what: str, prefixes) -> tuple[str, ...]:
    if prefixes is None:
        return ()
    log.warning("For load_checkpoint, this parameter `%s` will be deprecated, please use `choice_func` instead.", what)
    chosen = (prefixes,) if isinstance(prefixes, str) else prefixes
    if not isinstance(chosen, list | tuple) or not all(isinstance(p, str) for p in chosen):
        raise TypeError(
            "For 'load_checkpoint', the type of 'specify_prefix' or 'filter_prefix' must be string, list[string] or "
            f"tuple[string], but got {prefixes!r}."
        )
    if "" in chosen:
        raise ValueError("For 'load_checkpoint', the value of 'specify_prefix' or 'filter_prefix' can't include ''.")
    return tuple(chosen)
