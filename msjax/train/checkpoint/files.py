"""Checkpoint files of both formats: written as a whole or not at all, and read as far as asked for."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import numpy as np

from msjax import log
from msjax.train.checkpoint import ckpt, safetensors
from msjax.train.checkpoint.content import Part, Source

_PREFIX, _SUFFIX = ".msjax-", ".tmp"
_NEW = 60  # seconds, in which a file may not be locked yet
FORMATS = {"ckpt": ckpt, "safetensors": safetensors}


def write(path: str, format: str, values, checksum: bool) -> None:
    """Write beside the target and put the whole file in its place, so that nobody meets half of one."""
    folder = os.path.dirname(path) or "."
    try:
        _remove_left(folder)
        # Of a name that nobody else has or knows beforehand.
        descriptor, unfinished = tempfile.mkstemp(_SUFFIX, _PREFIX, folder)
        _write(descriptor, unfinished, path, format, values, checksum)
    except OSError as error:
        raise type(error)(error.errno, f"The checkpoint file can not be written: {error.strerror}", path) from error
    _sync(folder)


def _write(descriptor: int, unfinished: str, path: str, format: str, values, checksum: bool) -> None:
    try:
        with open(descriptor, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed: see `_remove_left`
            FORMATS[format].write(file, values, checksum)
            os.fchmod(file.fileno(), 0o400)
            file.flush()
            os.fsync(file.fileno())  # else a crash of the machine may leave the name without the content
            os.replace(unfinished, path)
    except BaseException:
        with suppress(OSError):
            os.remove(unfinished)
        raise


def _remove_left(folder: str) -> None:
    """Remove what processes that were killed left unfinished: nobody has it open, and it is not new."""
    for name in os.listdir(folder):
        if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
            left = os.path.join(folder, name)
            # O_NONBLOCK: a pipe of that name would be waited for.
            with suppress(OSError), open(os.open(left, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if time.time() - os.fstat(file.fileno()).st_mtime > _NEW:
                    os.remove(left)


def _sync(folder: str) -> None:
    """See that a renaming lasts."""
    with suppress(OSError):  # not every file system does that
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read(
    path: str, format: str, checksum: bool, wanted: Callable[[str], bool]
) -> Iterator[tuple[str, np.ndarray | str]]:
    """(name, value) of those values of a file whose names are wanted; the others are not read from the disk.

    Raises:
        ValueError: if the file can not be read, or is damaged, or was changed while it was read.
    """
    with ExitStack() as opened:
        with _explained(path):
            file = opened.enter_context(open(_opened(path), "rb"))
        with _explained(path):
            source = Source(file)
            values, has_checksum = FORMATS[format].read(Part(source, 0, source.size), checksum)
        for name in filter(wanted, values):
            with _explained(path):
                value = values[name]()
            yield name, value
        with _explained(path):
            source.check_unchanged()
    if checksum and not has_checksum:
        log.warning("For 'load_checkpoint', the file has no checksum, so it is not checked.")


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Errors of a file as the one that is documented."""
    try:
        yield
    except ValueError as error:
        raise ValueError(
            f"Failed to read the checkpoint file {path}. The file may be corrupted or encrypted, and the content "
            f"cannot be parsed: {error}. Encrypted files have to be decrypted with MindSpore first."
        ) from None
    except OSError as error:
        raise ValueError(
            f"Failed to read the checkpoint file {path}: {error}. It must be a file that you have permission to read."
        ) from None


def _opened(path: str) -> int:
    """A descriptor of a regular file: opening a pipe could wait for ever."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("it is no regular file")
    return descriptor


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
