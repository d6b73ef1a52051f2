"""A network that was loaded from a file, as a Cell."""

from __future__ import annotations

import jax
import numpy as np

from msjax.core.tensor import raw, wrap
from msjax.nn.cell import Cell


class Graph:
    """A program that `ms.load` has read.

    Args:
        exported: the program, a `jax.export.Exported`.
    """

    def __init__(self, exported):
        self._exported = exported

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """The shapes of its inputs; axes of any length are symbols."""
        return [tuple(aval.shape) for aval in self._exported.in_avals]

    def __call__(self, *arrays):
        shapes = [tuple(np.shape(a)) for a in arrays]
        if len(shapes) != len(self.shapes) or not all(map(_fits, shapes, self.shapes)):
            raise ValueError(f"The loaded network takes inputs of shapes {self.shapes}, but got {shapes}.")
        return self._exported.call(*arrays)


def _fits(shape: tuple, wanted: tuple) -> bool:
    """Whether the sizes are equal where they are known; what symbols ask for, `jax.export` checks."""
    return len(shape) == len(wanted) and all(s == w for s, w in zip(shape, wanted, strict=True) if isinstance(w, int))


class GraphCell(Cell):
    """A network that `ms.load` has read, as a Cell; its Parameters are part of its program.

    Args:
        graph: what `ms.load` gave.
        params_init, obf_random_seed: accepted for compatibility, None only.

    Inputs:
        inputs: Tensors of the shapes that the network was saved for.

    Returns:
        What the network gives.

    Raises:
        TypeError: if `graph` is something else.
        ValueError: if Parameters are given; and in calls, for inputs of other shapes.

    Example:
        >>> net = nn.GraphCell(ms.load("net.stablehlo"))  # doctest: +SKIP
    """

    def __init__(self, graph: Graph, params_init=None, obf_random_seed=None):
        super().__init__()
        if not isinstance(graph, Graph):
            raise TypeError(
                f"For 'GraphCell', the argument 'graph' must be what 'load' returns, but got type {type(graph)}."
            )
        if params_init:
            raise ValueError("For 'GraphCell', 'params_init' must be empty: the program holds its Parameters.")
        self.graph = graph

    def construct(self, *inputs):
        return jax.tree.map(wrap, self.graph(*map(raw, inputs)))
