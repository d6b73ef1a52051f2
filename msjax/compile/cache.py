"""JAX's persistent compilation cache, on by default: later processes do not compile again what was compiled once.

What is in the folder is machine code that will be run. So the folder is the user's own, and nobody else writes to it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import stat
import time
from pathlib import Path
from typing import NamedTuple

import jax

from msjax import log

_OFF = ("off", "0", "false", "none")
_VARIABLE = "MSJAX_CACHE_DIR"
_MOST_BYTES = 2**31
_SWEEP_SECONDS = 24 * 3600  # how often the size is looked at: that takes a moment with thousands of programs
_SWEPT = ".swept"  # a file whose time says when it was


def folder() -> Path | None:
    """Where compiled programs are kept, as the environment asks.

    `MSJAX_CACHE_DIR` names a folder, or is "off"; without it a folder of the user's cache, by kind of processor, since
    programs of one may not run on another. None if it is off or JAX has been told of a folder itself.
    """
    chosen = os.environ.get(_VARIABLE, "")
    if chosen.lower() in _OFF or getattr(jax.config, "jax_compilation_cache_dir", None):
        return None
    if chosen:
        return Path(os.path.expanduser(chosen))
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base) / "msjax" / f"xla-{_processor()}"


def _processor() -> str:
    """A short name for what the processor can do."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        told = next(line for line in lines if line.startswith(("flags", "Features")))
    except (OSError, StopIteration):
        told = platform.processor()
    return hashlib.sha256(f"{platform.machine()} {told}".encode()).hexdigest()[:12]


def switch_on() -> None:
    """Use the folder, if it can be written to and trusted. Small programs are kept too: a run has hundreds."""
    path = folder()
    if path is None:
        return
    fault = _fault(path)
    if fault is not None:
        # That the user's own folder can not be written to is nobody's mistake.
        if os.environ.get(_VARIABLE) or not fault.closed:
            log.warning(
                f"Compiled programs are not kept on disk, in {str(path)!r}: {fault.text}. {_VARIABLE} names another "
                "folder, or is 'off'."
            )
        return
    jax.config.update("jax_compilation_cache_dir", str(path))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    _sweep(path)


class _Fault(NamedTuple):
    """Why a folder can not be used; `closed` if it can just not be written to."""

    text: str
    closed: bool = False


def _fault(path: Path) -> _Fault | None:
    """What is wrong with a folder, which is made if it is not there."""
    try:
        _make(path)
        found = os.stat(path)
    except (OSError, ValueError) as error:
        return _Fault(f"it can not be written to ({getattr(error, 'strerror', None) or error})", closed=True)
    if not stat.S_ISDIR(found.st_mode):
        return _Fault("it is not a folder")
    if hasattr(os, "getuid") and found.st_uid != os.getuid():
        return _Fault("it is another user's, who could put programs there")
    if found.st_mode & stat.S_IWOTH:
        return _Fault("everybody can write to it, and put programs there (chmod 700 mends that)")
    return None if os.access(path, os.W_OK | os.X_OK) else _Fault("it can not be written to", closed=True)


def _make(path: Path) -> None:
    """Make a folder, and those above it, for this user alone, whatever the umask."""
    if not path.exists():
        _make(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def _sweep(path: Path) -> None:
    """Once a day, remove the programs that were used longest ago, if there are more than 2 GiB of them."""
    swept = path / _SWEPT
    try:
        if swept.exists() and time.time() - swept.stat().st_mtime < _SWEEP_SECONDS:
            return
        swept.touch(mode=0o600)
        with os.scandir(path) as entries:
            files = [(entry, entry.stat(follow_symlinks=False)) for entry in entries if entry.name != _SWEPT]
        files.sort(key=lambda file: max(file[1].st_atime, file[1].st_mtime))
        excess = sum(about.st_size for _, about in files) - _MOST_BYTES
        for entry, about in files:
            if excess <= 0:
                break
            os.unlink(entry.path)
            excess -= about.st_size
    except OSError:  # another process sweeps at the same time; there is another day
        return
