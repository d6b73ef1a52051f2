"""Exceptions that do not come from what runs, but from outside: Ctrl-C, and what the handlers of signals raise."""

from __future__ import annotations

import signal
import traceback


def interrupts(error: BaseException) -> bool:
    """Whether an exception is Ctrl-C, or was raised by a function that handles a signal, as timeouts are."""
    if isinstance(error, KeyboardInterrupt):
        return True
    handlers = [signal.getsignal(number) for number in signal.valid_signals()]
    codes = {getattr(getattr(h, "__func__", h), "__code__", None) for h in handlers}
    return any(frame.f_code in codes for frame, _ in traceback.walk_tb(error.__traceback__))
