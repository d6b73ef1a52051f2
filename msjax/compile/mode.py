"""Whether anything is compiled that the user has not asked for."""

from __future__ import annotations

import os

_MODES = ("auto", "off")
# What `MSJAX_COMPILE` may be, and the mode that it asks for.
_CHOICES = {"auto": "auto", "1": "auto", "on": "auto", "true": "auto", "off": "off", "0": "off", "false": "off"}


def _chosen() -> str:
    """The mode that the environment asks for."""
    asked = os.environ.get("MSJAX_COMPILE", "") or "auto"
    if asked.lower() not in _CHOICES:
        raise ValueError(f"MSJAX_COMPILE must be one of {list(_CHOICES)}, but is {asked!r}.")
    return _CHOICES[asked.lower()]


_mode = _chosen()


def set_compile(mode: str) -> None:
    """Choose whether gradient functions, optimizers and training steps compile by themselves in PYNATIVE_MODE.

    Args:
        mode: "auto", the default, to compile what can be compiled without anybody noticing, networks at their first
            call, plain functions at their second; "off" to compile only what `ms.jit` and GRAPH_MODE ask for. The
            environment variable `MSJAX_COMPILE` sets it for a whole process.

    Raises:
        ValueError: for another mode.

    Example:
        >>> ms.set_compile("auto")
    """
    global _mode
    if mode not in _MODES:
        raise ValueError(f"For 'set_compile', the mode must be one of {list(_MODES)}, but got {mode!r}.")
    _mode = mode


def is_off() -> bool:
    """Whether only what the user asks for is compiled."""
    return _mode == "off"
