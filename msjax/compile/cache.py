"""JAX's persistent compilation cache, on by default: later processes do not compile again what was compiled once."""

from __future__ import annotations

import gc
import hashlib
import os
import platform
from pathlib import Path

import jax

from msjax.compile import table

_OFF = ("off", "0", "false", "none")


def folder() -> Path | None:
    """Where compiled programs are kept, as the environment asks.

    `MSJAX_CACHE_DIR` names a folder, or is "off"; without it a folder of the user's cache, by kind of processor, since
    programs of one may not run on another. None if it is off or JAX has been told of a folder itself.
    """
    chosen = os.environ.get("MSJAX_CACHE_DIR", "")
    if chosen.lower() in _OFF or getattr(jax.config, "jax_compilation_cache_dir", None):
        return None
    if chosen:
        return Path(chosen).expanduser()
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
    """Use the folder, if there is one that can be written to. Small programs are kept too: a run has hundreds."""
    path = folder()
    if path is None:
        return
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(path, os.W_OK):
        jax.config.update("jax_compilation_cache_dir", str(path))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def ms_memory_recycle() -> None:
    """Let go of all compiled programs, and of the memory that they hold; what is called next is compiled again.

    Example:
        >>> ms.ms_memory_recycle()
    """
    table.entries.clear()
    jax.clear_caches()
    gc.collect()
