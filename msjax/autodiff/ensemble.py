"""Several Cells of one structure, evaluated as one under vmap."""

from __future__ import annotations

import jax.numpy as jnp

from msjax.core.tensor import hold, raw, rebind


class Ensemble:
    """The Cells of a CellList. The first one is run, with slices of all Cells' Parameters and buffers in its own.

    Attributes:
        first: that Cell.
        size: how many Cells there are.

    Raises:
        RuntimeError: if there are fewer than two Cells, or they differ in class or in what their Parameters are.
        ValueError: if they differ in the number of Parameters.
    """

    def __init__(self, cells):
        self._cells = list(cells)
        self.size = len(self._cells)
        if self.size < 2:
            raise RuntimeError(
                "In the model ensembling parallel training scenario ('VmapOperation' arg0 is a 'CellList'), the size "
                f"of 'CellList' must be greater than 1, but got {self.size}."
            )
        self.first = self._cells[0]
        states = [[*cell.get_parameters(), *cell.buffers()] for cell in self._cells]
        counts = list(map(len, states))
        if len(set(counts)) > 1:
            raise ValueError(f"The Parameter size of each Cell should be consistent, but got {counts}.")
        kinds = [
            (type(c), *((raw(t).shape, raw(t).dtype) for t in s)) for c, s in zip(self._cells, states, strict=True)
        ]
        if any(kind != kinds[0] for kind in kinds):
            raise RuntimeError(
                "The Cells of an ensemble must be of one class, with Parameters of the same shapes and dtypes."
            )
        self._own = states[0]
        # Their versions come back as well, so that views of them do not read again.
        self._before = [(t._array, t._version) for t in self._own]
        self._groups = {id(group[0]): group for group in zip(*states, strict=True)}

    def arrays(self) -> list:
        """The Cells' Parameters and buffers, stacked."""
        return [jnp.stack([raw(t) for t in group]) for group in self._groups.values()]

    def __call__(self, slices: list, args: tuple):
        for tensor, array in zip(self._own, slices, strict=True):
            rebind(tensor, array)
        value = self.first(*args)
        self._written = {id(t) for t, array in zip(self._own, slices, strict=True) if t._array is not array}
        return value

    def restore(self) -> None:
        """Let the first Cell hold its own arrays again."""
        for tensor, (array, version) in zip(self._own, self._before, strict=True):
            hold(tensor, array)
            tensor._version = version

    def distribute(self, escaping: list) -> list:
        """Write what the first Cell's state has become into all Cells.

        Args:
            escaping: (handle, stacked array, whether the slices differ) of all handles that were written.

        Returns:
            Those that are none of the Cells' state.
        """
        for tensor, stacked, _ in escaping:
            if id(tensor) in self._written:
                for i, own in enumerate(self._groups[id(tensor)]):
                    rebind(own, stacked[i])
        return [entry for entry in escaping if id(entry[0]) not in self._groups]
