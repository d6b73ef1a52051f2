"""Letting go of what compilation keeps in memory."""

from __future__ import annotations

import gc

import jax

from msjax.compile import table


def ms_memory_recycle() -> None:
    """Let go of all compiled programs, and of the memory that they hold; what is called next is compiled again.

    Example:
        >>> ms.ms_memory_recycle()
    """
    table.entries.clear()
    jax.clear_caches()
    gc.collect()
