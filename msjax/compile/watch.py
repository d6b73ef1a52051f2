"""The watch: it goes along while a function is traced, notes what the function reads, and stops it before it changes
anything but Tensors."""

from __future__ import annotations

import itertools
from types import CellType

from msjax.compile.reads import Reads
from msjax.core.opaque import KINDS


class Watch(Reads):
    """What one traced call reads, calls and changes; its methods stand in the rewritten functions."""

    def numbers(self, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        """The arguments of the call, with numbers that differ from call to call; so are those that it captured."""
        count = itertools.count()

        def argument(value):
            if type(value) not in KINDS:
                return value
            i = next(count)
            return self.guards.number(("argument", i), f"numbers[{i}]", value)

        found = tuple(map(argument, args)), {k: argument(v) for k, v in kwargs.items()}
        self._cells = {id(cell): CellType(argument(cell.cell_contents)) for cell in self._call.cells}
        return found
