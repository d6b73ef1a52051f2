"""A gradient after a call: what the call of a Cell did to its state is not done twice.

Programs call a Cell for its loss, and then compute the gradient, which runs the Cell again:

    loss = self.network(x)
    gradients = self.grad(self.network, self.weights)(x)

MindSpore keeps what the call recorded, if `set_grad()` was called on the Cell. Here the gradient finds the state that
the call has found, and leaves none behind: running statistics move once, and dropout leaves out for the gradient what
it left out for the loss.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import jax

from msjax.core import random, trace
from msjax.core.tensor import Tensor, rebind
from msjax.core.trace import Kind


@dataclass(frozen=True, eq=False)
class _Call:
    """A call of a Cell.

    Attributes:
        args: its arguments.
        changed: handles that it has written, with their arrays before.
    """

    args: tuple
    changed: list[tuple[Tensor, Any]]

    def is_of(self, args: tuple) -> bool:
        """Whether `args` are its arguments, or those and a cotangent, and what was before is still there."""
        return (
            len(args) - len(self.args) in (0, 1)
            and all(map(operator.is_, self.args, args))
            and all(_exists(array) for _, array in self.changed)
        )


_KEPT = 4  # calls of one Cell
_eager: WeakKeyDictionary[Any, deque[_Call]] = WeakKeyDictionary()


def may_follow() -> bool:
    """Whether a gradient of what is called here may come after the call, in the same transform."""
    frame = trace.top()
    return frame is None or frame.kind is Kind.COMPILE


def noted(cell: Any, args: tuple, run: Callable[[], Any]) -> Any:
    """`run()`, which calls a Cell with `args`; a gradient of the Cell after that finds the state from before."""
    before = [(handle, handle._array, handle._version) for handle in _state(cell)]
    result = run()
    changed = [(handle, array) for handle, array, version in before if handle._version != version]
    if changed:
        _calls().setdefault(cell, deque(maxlen=_KEPT)).append(_Call(args, changed))
    return result


@contextmanager
def rewound(cell: Any, args: tuple) -> Iterator[None]:
    """Around a gradient of a Cell at `args`: what its last call with these has changed has the values from before."""
    calls = _calls().get(cell, deque())
    call = next((call for call in reversed(calls) if call.is_of(args)), None)
    if call is None:
        yield
        return
    calls.remove(call)
    now = [(handle, handle._array) for handle, _ in call.changed]
    for handle, array in call.changed:
        rebind(handle, array)
    try:
        yield
    finally:
        for handle, array in now:
            rebind(handle, array)


def _state(cell: Any) -> list[Tensor]:
    """What a call may change and go on from: Parameters that are not trained, and the random state."""
    return [*(p for p in cell.get_parameters() if not p.requires_grad), random.state()]


def _calls() -> MutableMapping[Any, deque[_Call]]:
    """Where calls are noted: for as long as the program is traced that they belong to, else while there is the Cell."""
    frame = trace.top()
    return _eager if frame is None else frame.calls


def _exists(array: Any) -> bool:
    """Whether no program has written over an array."""
    return not (isinstance(array, jax.Array) and not isinstance(array, trace.Tracer) and array.is_deleted())
