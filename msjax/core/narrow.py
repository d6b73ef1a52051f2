"""The dtype that operators compute in where mixed precision is chosen for them one by one, as by `amp_level="auto"`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msjax.core import trace


class _State(threading.local):
    dtype = None


state = _State()


@contextmanager
def to(dtype: Any) -> Iterator[None]:
    """In the body, operators of this thread compute in `dtype`; with None, as they are."""
    before, state.dtype = state.dtype, dtype
    trace.busy.append(threading.get_ident())  # so that no call takes the short way to its operator
    try:
        yield
    finally:
        trace.busy.remove(threading.get_ident())
        state.dtype = before
