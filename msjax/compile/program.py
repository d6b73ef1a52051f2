"""One traced and compiled version of a function on handles.

Tracing runs the function twice: once on abstract values, to learn which handles from outside it reads and writes, and
once under `jax.jit` with those handles as inputs. So a Parameter is never frozen into the program: each call passes
its present array, and what the function wrote is put back.
"""

from __future__ import annotations

from collections.abc import Callable

import jax

from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.core.trace import Frame


class Captured(Frame):
    """The frame of a function being compiled. Its leaves may be written: the program puts them back itself."""

    compiles = True

    def is_leaf(self, handle) -> bool:
        return False

    def writes(self, handle) -> None:
        if id(handle) not in self._leaf_ids:
            super().writes(handle)


def is_tensor(value) -> bool:
    return isinstance(value, Tensor)


class Program:
    """A function compiled for arguments of one structure, shapes and dtypes.

    Args:
        run: a function of the Tensors among the arguments.
        arrays: their arrays, or anything of the same shapes and dtypes.
    """

    def __init__(self, run: Callable, arrays: list):
        self._run = run
        self._captured = self._discover(arrays)
        self._call = jax.jit(self._pure)

    def _discover(self, arrays) -> list[Tensor]:
        """The handles from outside that the function reads or writes."""
        frame = Captured(records=True)

        def body(arrays):
            with frame.running([]):
                self._run([wrap(a) for a in arrays])
            frame.abandon()  # what the function left elsewhere has no value yet

        jax.eval_shape(body, arrays)
        written = frame.undo()
        return list({id(h): h for h in (*frame.reads.values(), *written)}.values())

    def _pure(self, arrays, captured):
        frame = Captured(self._captured, records=True)
        with frame.running(captured):
            leaves, tree = jax.tree.flatten(self._run([wrap(a) for a in arrays]), is_leaf=is_tensor)
            self._structure = tree, [None if is_tensor(leaf) else leaf for leaf in leaves]
            outputs = [raw(leaf) if is_tensor(leaf) else None for leaf in leaves]
            self._written = [h for h, old in zip(self._captured, captured, strict=True) if h._array is not old]
            returned = {id(leaf) for leaf in leaves}
            known = returned | {id(h) for h in self._written}
            self._written += [h for h in frame.escaping() if id(h) not in known]
            return outputs, [h._array for h in self._written]

    def __call__(self, arrays: list):
        outputs, written = self._call(arrays, [raw(h) for h in self._captured])
        for handle, array in zip(self._written, written, strict=True):
            rebind(handle, array)
        tree, constants = self._structure
        return jax.tree.unflatten(tree, [c if o is None else wrap(o) for o, c in zip(outputs, constants, strict=True)])
