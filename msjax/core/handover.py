"""Programs that write over the arrays of handles, and how the handles take on the new ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from itertools import chain, starmap
from sys import getrefcount

import jax

from msjax.core.tensor import Tensor
from msjax.core.trace import registration, threads_share
from msjax.core.view import array_of

_CAREFUL = 2  # runs of a program that leave the arrays alone which it writes over
_hold = Tensor._array.__set__  # type: ignore[attr-defined]


def given_up(tensors: Sequence[Tensor], copied: bool = False) -> list:
    """The arrays of Tensors that are about to get others, for a program to write over; to be called with `registration`
    held until that has happened.

    An array that somebody else holds too (beside the Tensor, this loop and the question) is copied; so are all if
    `copied`, or if other threads use Tensors, which may be about to read one.
    """
    if copied or threads_share():
        return jax.device_put([array_of(t) for t in tensors], may_alias=False)
    return [array if getrefcount(array := array_of(t)) <= 3 else array.copy() for t in tensors]


def fill(written: Sequence[Tensor], function: Callable, arguments: tuple, new: Sequence[Tensor] = ()) -> None:
    """Let handles, those that are written and new ones, hold the results of `function(*arguments)`, a list of arrays.

    The call and the changes are one step of C code, which no signal divides: the arrays that the function was given to
    write over are gone, so whoever is interrupted must find either those, untouched, or the new ones.
    """
    for handle in written:
        handle._version += 1
    deque(map(_hold, chain(written, new), chain.from_iterable(starmap(function, (arguments,)))), maxlen=0)


def write_over(
    written: Sequence[Tensor], at: Sequence[int], function: Callable, arguments: list, new: Sequence[Tensor], runs: int
) -> None:
    """`fill` by a compiled function that takes the arrays of what it writes, too, and may use their memory.

    Args:
        at: where among the arguments their arrays go.
        runs: how often the function has run. At first JAX itself runs Python code on the way, in which a signal may
            come; so these runs leave the arrays alone.
    """
    if not at:  # then nothing is lost where a signal comes
        deque(map(_hold, new, function(*arguments)), maxlen=0)
        return
    with registration:
        for i, array in zip(at, given_up(written, runs < _CAREFUL), strict=True):
            arguments[i] = array
        fill(written, function, tuple(arguments), new)
