"""mstx: ranges and points with names, which a trace shows."""

from __future__ import annotations

import itertools
from typing import Any, ClassVar

import jax

from msjax import log


class mstx:
    """Mark ranges and points of a program, to find them in its trace.

    Example:
        >>> with ms.profiler.profile():
        ...     number = ms.profiler.mstx.range_start("load the data")
        ...     ms.profiler.mstx.range_end(number)
    """

    _numbers = itertools.count(1)
    _open: ClassVar[dict[tuple[str, int], Any]] = {}

    @staticmethod
    def mark(message: str, stream: Any = None, domain: str = "default") -> None:
        """Mark a point.

        Args:
            message: its name.
            stream: accepted for compatibility.
            domain: a name for marks that belong together; the trace shows it if it is not "default".
        """
        if _is_name("mark", message):
            with _annotation(message, domain):
                pass

    @staticmethod
    def range_start(message: str, stream: Any = None, domain: str = "default") -> int:
        """Begin a range.

        Args:
            message: its name.
            stream: accepted for compatibility.
            domain: a name for marks that belong together; the trace shows it if it is not "default".

        Returns:
            A number for `range_end`; 0 if the message is no text, as a warning then says.
        """
        if not _is_name("range_start", message):
            return 0
        number = next(mstx._numbers)
        mstx._open[domain, number] = annotation = _annotation(message, domain)
        annotation.__enter__()
        return number

    @staticmethod
    def range_end(range_id: int, domain: str = "default") -> None:
        """End a range.

        Args:
            range_id: what `range_start` gave; nothing happens for another number.
            domain: as for `range_start`.
        """
        annotation = mstx._open.pop((domain, range_id), None)
        if annotation is not None:
            annotation.__exit__(None, None, None)


def _annotation(message: str, domain: str) -> jax.profiler.TraceAnnotation:
    return jax.profiler.TraceAnnotation(message if domain == "default" else f"{domain}: {message}")


def _is_name(owner: str, message) -> bool:
    if isinstance(message, str) and message:
        return True
    log.warning("For 'mstx.%s', the message must be a str that is not empty, but got %r.", owner, message)
    return False
