"""One traced and compiled version of a function on handles.

Tracing runs the function twice: once on abstract values, to learn which handles from outside it reads and writes, and
once under `jax.jit` with those handles as inputs. So a Parameter is never frozen into the program: each call passes
its present array, and what the function wrote is put back.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import jax

from msjax.compile.fingerprint import Refused
from msjax.compile.result import Result
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.core.trace import LostValue, OpenFrame
from msjax.core.view import array_of, given_up, owner
from msjax.ops.dispatch import handles


class Captured(OpenFrame):
    """The frame of a function being compiled; the program puts back what it writes."""

    compiles = True

    def strangers(self) -> list:
        """Handles from outside that were read or written, and are not leaves."""
        found = [*self.reads.values(), *(handle for handle, _ in self._before.values())]
        return [handle for handle in found if id(handle) not in self._leaf_ids]


class Program:
    """A function compiled for Tensors of given shapes and dtypes.

    Args:
        run: a function of a list of Tensors.
        arguments: the Tensors. The program serves others of the same shapes and dtypes.
        watch: what goes along while the function is traced. With it, the caller's Tensors are the variables of the
            function themselves, so that it sees them also where it captured them, and what it returns must be made anew
            on each call. Without, it gets handles of its own.
        places: without a watch, which of the Tensors of a call are the arguments.

    Attributes:
        captured: the Tensors that it takes besides its arguments.
        distinct: how many different Tensors it takes.
    """

    def __init__(self, run: Callable, arguments: list[Tensor], watch=None, places: list[int] | None = None):
        self._run, self._watch, self._places = run, watch, places
        arrays = [raw(a) for a in arguments]
        self._own = arguments if watch is not None else []
        self.captured, written = self._discover(arrays)
        self._leaves = [*self._own, *self.captured]
        self.distinct = len(arguments) + len(self.captured)
        place_of = {id(h): i for i, h in enumerate(self._leaves)}
        self._written = sorted({place_of[id(h)] for h in written})
        self._check_writes(written)
        self._apart = set(self._written)
        self._escaped: list[Tensor] = []
        self._call = jax.jit(self._pure, donate_argnums=0)

    def _check_writes(self, written: list[Tensor]) -> None:
        """Views and what they show may be other Tensors on the next call, so they must not be written."""
        shown = {id(h._view.base) for h in self._leaves if h._view is not None and owner(h) is h}
        if any(h._view is not None or id(h) in shown for h in written):
            raise Refused("it writes to a view, or to a Tensor that it sees by a view", certain=True)

    def _watched(self):
        return nullcontext() if self._watch is None else self._watch.active()

    def _discover(self, arrays) -> tuple[list[Tensor], list[Tensor]]:
        """The handles from outside that the function reads or writes, and those that it writes."""
        frame = Captured(self._own, records=True)
        overwritten: list[Tensor] = []

        def body(arrays):
            inside = list(arrays) if self._own else []
            with frame.running(inside), self._watched():
                self._run(self._own or [wrap(a) for a in arrays])
                overwritten.extend(h for h, a in zip(self._own, inside, strict=True) if h._array is not a)
            frame.abandon()  # what the function left elsewhere has no value yet

        try:
            jax.eval_shape(body, arrays)
        finally:
            written = [h for h in frame.undo() if not isinstance(h._array, LostValue)]
        known = {id(h) for h in self._own}
        read = (h for h in frame.reads.values() if not isinstance(h._array, LostValue))
        found = {id(h): h for h in (*read, *written) if id(h) not in known}
        return list(found.values()), [*overwritten, *written]

    def _pure(self, written, others, arguments):
        """The function of arrays: of the handles that are written, of the other ones, and of arguments of its own."""
        written, others = iter(written), iter(others)
        inside = [next(written if i in self._apart else others) for i in range(len(self._leaves))]
        frame = Captured(self._leaves, records=True)
        with frame.running(inside), self._watched():
            value = self._run(self._own or [wrap(a) for a in arguments])
            watch = self._watch
            result = Result(value, [], True) if watch is None else Result(value, self._leaves, False, watch.is_outer)
            now = [h._array for h in self._leaves]
            if self._watch is not None:
                self._check_same(frame, inside, now)
            else:
                self._escaped = [h for h in frame.escaping() if id(h) not in result.returned]
                for handle in self._escaped:
                    handle._replaced = True
            escaped = [h._array for h in self._escaped]
        frame.abandon()
        self._rebuilt = result.rebuilt
        return result.arrays, [now[i] for i in self._written], escaped

    def _check_same(self, frame: Captured, inside: list, now: list) -> None:
        """The function must read and write the same Tensors as when it was first traced."""
        also = [i for i, (a, b) in enumerate(zip(inside, now, strict=True)) if a is not b and i not in self._apart]
        if also or frame.strangers():
            raise Refused("it does not use the same Tensors when it is traced again")

    def forget(self) -> None:
        """Let go of the function and of the Tensors that it was traced with; from now on they are given."""
        self._run, self._watch, self._own = _forgotten, None, []
        self.captured, self._leaves = [], []

    def __call__(self, call, captured: list[Tensor]):
        """Run it for a call like the one that it was compiled for, outside of any transform."""
        if self._places is None:
            leaves, passed = [*call.distinct, *captured], ()
        else:
            leaves, passed = captured, [array_of(call.handles[i]) for i in self._places]
        outputs, new, escaped = self._call(*self._divided(leaves), passed)
        for i, array in zip(self._written, new, strict=True):
            handle = leaves[i]
            if handle._view is None:
                handle._array = array
                handle._version += 1
            else:
                rebind(handle, array)
        for handle, array in zip(self._escaped, escaped, strict=True):
            rebind(handle, array)
        return self._rebuilt(handles(outputs), leaves)

    def _divided(self, leaves: list[Tensor]):
        """The arrays of the handles that are written, to be given up, and those of the others."""
        if not self._apart:
            return (), [array_of(h) for h in leaves]
        written = given_up([leaves[i] for i in self._written])
        return written, [array_of(h) for i, h in enumerate(leaves) if i not in self._apart]


def _forgotten(handles):
    raise Refused("the program would have to be traced again")
