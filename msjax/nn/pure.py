"""A Cell as a pure function: it runs on other arrays than those in its handles, and is left as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import jax

from msjax.core.cells import is_cell
from msjax.core.frames import OpenFrame
from msjax.core.random import Generator, drawing_from
from msjax.core.tensor import Tensor, raw, wrap


def lend(handles: Sequence[Tensor], arrays: Sequence, run: Callable, key=None):
    """`run()` with `arrays` in the handles.

    Args:
        key: words of a random key, from which is drawn in place of the default generator.

    Returns:
        What `run` returns and the arrays that are in the handles afterwards.
    """
    frame = OpenFrame(handles)
    with frame.running(arrays):
        if key is None:
            result = run()
        else:
            generator = Generator()
            generator._handle = wrap(key)
            with drawing_from(generator):
                result = run()
        leaves, tree = jax.tree.flatten(result, is_leaf=_is_whole)
        outputs = [raw(leaf) for leaf in leaves]
        after = [raw(h) for h in handles]
    frame.abandon()  # what `run` left elsewhere has no value outside
    outputs = [wrap(a) if isinstance(leaf, Tensor) else leaf for leaf, a in zip(leaves, outputs, strict=True)]
    return jax.tree.unflatten(tree, outputs), after


def _is_whole(value) -> bool:
    return isinstance(value, Tensor) or is_cell(value)
