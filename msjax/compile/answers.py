"""Answers: the numbers that a function asks Tensors for, as `if` and `while` do, and `int(x)`.

A trace has no values. So a call that runs eagerly notes the answers it gets, in order; a trace of a later call is given
them again, and its program demands that they still hold. Where they do not, the call has gone another way: that of
another program, if there is one whose answers are different there, else it runs eagerly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import jax.numpy as jnp

from msjax.compile.refusal import Refused
from msjax.core import demands, trace
from msjax.core.opaque import KINDS
from msjax.core.tensor import Tensor, raw

_KINDS = (bool, *KINDS)
_OTHERS = "it asks for other values when it is traced"
_MOST = 1000  # answers of one call; each is a demand, and what it decides is in the program as often as it was asked


class Asks(Refused):
    """A function asks for values, of which no answers are known."""


class Otherwise(Exception):
    """A Tensor has another value than the function was told when it was traced.

    Args:
        at: which of the answers it was.
    """

    def __init__(self, at: int):
        super().__init__(f"answer {at} does not hold")
        self.at = at


class Noted:
    """The answers that a function gets while it runs.

    Attributes:
        answers: those until now; none are added to what can not be repeated.
        repeatable: whether a trace can be given them.
    """

    def __init__(self):
        self.answers: list = []
        self.repeatable = True

    def given(self, tensor: Tensor, read: Callable):
        """The answer of a Tensor, which `read` asks it for."""
        answer = read()
        self.add([answer])
        return answer

    def add(self, answers) -> None:
        """Note answers that were got in one go."""
        if self.repeatable:
            self.answers += answers
            self.repeatable = len(self.answers) <= _MOST and all(type(a) in _KINDS for a in answers)


class Repeated:
    """The answers that a function is given while it is traced.

    Args:
        answers: those of an earlier call; None if the function is not known to ask.
    """

    def __init__(self, answers: tuple | None):
        self._answers, self._next = answers, 0

    def given(self, tensor: Tensor, read: Callable):
        """The answer of a Tensor, which is demanded; what can not be is asked of `read`."""
        if tensor.size != 1 or demands.taker() is None or trace.batching():
            return read()
        if self._answers is None:
            raise Asks("it needs the value of a Tensor")
        at = self._next
        if at == len(self._answers):
            raise Refused(_OTHERS)
        self._next, answer = at + 1, self._answers[at]
        demands.demand(_holds(raw(tensor), answer), Otherwise(at))
        return answer

    def check_used(self) -> None:
        """The function asked as often as it did eagerly: if not, the answers were not to the same questions."""
        if self._next != len(self._answers or ()):
            raise Refused(_OTHERS)


def _holds(array, answer):
    """Whether a Tensor has a value; zeros are told apart by their signs, as functions do."""
    value = jnp.asarray(answer, array.dtype)
    same = array == value
    return same & (jnp.signbit(array) == jnp.signbit(value)) if type(answer) is float else same


@contextmanager
def given_by(source: Noted | Repeated | None) -> Iterator:
    """Inside, what the function asks Tensors for goes by `source`."""
    stack = trace.stack()
    before, stack.answers = stack.answers, source
    try:
        yield source
    finally:
        stack.answers = before


def note(answers: tuple) -> None:
    """A program ran in the place of a function that got these answers."""
    source = trace.stack().answers
    if isinstance(source, Noted):
        source.add(answers)
