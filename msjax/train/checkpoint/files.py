"""Checkpoint files of both formats: written as a whole or not at all, and read as far as asked for."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from mmap import ACCESS_READ, mmap

import numpy as np

from msjax import log
from msjax.train.checkpoint import ckpt, safetensors

FORMATS = {"ckpt": ckpt, "safetensors": safetensors}


def write(path: str, format: str, values, checksum: bool) -> None:
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


def read(path: str, format: str, checksum: bool) -> Mapping[str, np.ndarray | str]:
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
        log.warning("For 'load_checkpoint', the file has no checksum, so it is not checked.")
    return values


def check_flags(function: str, **flags) -> None:
    """Raise if what says yes or no is no bool."""
    for name, value in flags.items():
        if not isinstance(value, bool):
            raise ValueError(f"For '{function}', '{name}' must be bool, but got {value!r}.")


def refuse_key(function: str, key) -> None:
    """Raise if there is a key: files are not encrypted here."""
    if key is None:
        return
    if not isinstance(key, bytes):
        raise ValueError(f"For '{function}', a key must be bytes, but got {type(key).__name__}.")
    raise NotImplementedError(
        f"For '{function}', msjax has no encryption; leave the key out and protect the file itself."
    )
