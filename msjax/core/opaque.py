"""Numbers that differ from call to call, in a function that is being compiled.

A learning rate or an epoch that was compiled in as a constant would need a program for each of its values. A `Number`
stands for it while the function is traced. What Python computes with it is computed anew at each call, before the
program runs, and so is how comparisons with it come out, which must be as they were. Where it meets a Tensor it becomes
an input of the program. Whatever else wants to know it, gets its value, which then is compiled in.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

KINDS = (int, float)


class Number:
    """A Python number, known by the variable that holds it when the checks of a program run.

    Args:
        variable: its name.
        value: what it is now.
        notes: the `compile.guards.Guards` that write down what is computed with it.
    """

    __slots__ = ("_notes", "value", "variable")

    def __init__(self, variable: str, value, notes: Any):
        self.variable, self.value, self._notes = variable, value, notes

    def fixed(value, itself: bool = True):
    """A value without Numbers: those in it, and if it is one `itself`, are compiled in."""
    if type(value) is Number:
        return value.fixed() if itself else value
    if type(value) in (list, tuple, dict):
        held = [*value.values()] if type(value) is dict else value
        made = list(map(fixed, held))
        if not all(map(operator.is_, made, held)):
            return dict(zip(value, made, strict=True)) if type(value) is dict else type(value)(made)
    return value
