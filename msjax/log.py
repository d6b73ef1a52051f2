"""`mindspore.log`: messages on standard error, in MindSpore's layout.

The environment variable GLOG_v, as it is at the import, sets the level: 0 debug, 1 info, 2 warning (the default),
3 error, 4 critical.

Example:
    >>> ms.log.warning("learning rate %s is high", 10.0)  # doctest: +SKIP
    [WARNING] ME(4711:140506330491776,MainProcess):2026-01-31-12:00:00.123.000 [train.py:3] learning rate 10.0 is high
"""

from __future__ import annotations

import functools
import logging
import os
import sys
from collections.abc import Callable

__all__ = ["critical", "debug", "error", "get_level", "get_log_config", "info", "warning"]

_LEVELS = {"0": logging.DEBUG, "1": logging.INFO, "2": logging.WARNING, "3": logging.ERROR, "4": logging.CRITICAL}
_LEVEL = os.environ.get("GLOG_v", "2")
_LAYOUT = (
    "[%(levelname)s] ME(%(process)d:%(thread)d,%(processName)s):%(asctime)s.%(msecs)03d.000 [%(pathname)s:%(lineno)d] "
    "%(message)s"
)

# Called with what is about to happen when a warning is logged, which must not happen just once, while a function is
# traced. Who watches that adds to the list.
before_warning: list[Callable[[str], None]] = []


class _StandardError(logging.StreamHandler):
    """Writes to what `sys.stderr` is at the moment of the message, as print does, not at that of the import."""

    def __init__(self):
        logging.Handler.__init__(self)

    @property
    def stream(self):
        return sys.stderr


@functools.lru_cache(maxsize=1)
def _get_logger() -> logging.Logger:
    logger = logging.getLogger("msjax")
    handler = _StandardError()
    handler.setFormatter(logging.Formatter(_LAYOUT, datefmt="%Y-%m-%d-%H:%M:%S"))
    logger.addHandler(handler)
    logger.setLevel(_LEVELS.get(_LEVEL, logging.WARNING))
    logger.propagate = False
    return logger


def get_level() -> str:
    """The level as text, "0" (debug) to "4" (critical).

    Returns:
        A text of one digit.

    Example:
        >>> ms.get_level()
        '2'
    """
    return _LEVEL


def get_log_config() -> dict[str, str]:
    """The settings of the log, as environment variables had them at the import.

    Returns:
        A dict from names of variables to texts.

    Example:
        >>> sorted(ms.get_log_config())
        ['GLOG_logtostderr', 'GLOG_v']
    """
    return {"GLOG_v": _LEVEL, "GLOG_logtostderr": "1"}


def debug(msg, *args, **kwargs) -> None:
    """Log `msg % args` for those who look for a fault."""
    _get_logger().debug(msg, *args, stacklevel=2, **kwargs)


def info(msg, *args, **kwargs) -> None:
    """Log `msg % args` as news."""
    _get_logger().info(msg, *args, stacklevel=2, **kwargs)


def warning(msg, *args, **kwargs) -> None:
    """Log `msg % args` as a warning."""
    for tell in before_warning:
        tell("it logs a warning")
    _get_logger().warning(msg, *args, stacklevel=2, **kwargs)


def error(msg, *args, **kwargs) -> None:
    """Log `msg % args` as an error."""
    _get_logger().error(msg, *args, stacklevel=2, **kwargs)


def critical(msg, *args, **kwargs) -> None:
    """Log `msg % args` as a failure."""
    _get_logger().critical(msg, *args, stacklevel=2, **kwargs)
