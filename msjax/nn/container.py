"""Cells that hold Cells: SequentialCell, CellList, CellDict."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Self

from msjax.core.effects import gives_parts, reads_parts
from msjax.nn.cell import Cell


def _check_cell(owner: str, value) -> Cell:
    if not isinstance(value, Cell):
        raise TypeError(f"For '{owner}', each cell must be a Cell, but got {type(value).__name__}.")
    return value


def _prefix(cells: Mapping[str, Cell]) -> str:
    """What stands before the names of some Cells in those of their Parameters: "blocks." where "blocks.0.weight" is.

    If the name of the first one comes up several times, as in "0.0.weight", it is where that of the next one stands,
    too; else the last. So these names are MindSpore's, with which checkpoints are written.
    """
    firsts = ((name, next(cell.get_parameters(), None)) for name, cell in cells.items())
    first, *others = [(name, p.name.split(".")) for name, p in firsts if p is not None][:2] or [("", [])]
    places = [i for i, part in enumerate(first[1]) if part == first[0]]
    shared = [i for i in places for name, parts in others if parts[i : i + 1] == [name]]
    return "".join(f"{part}." for part in first[1][: (shared[:1] or places[-1:] or [0])[0]])


@gives_parts
class _Numbered(Cell):
    """Cells under the names "0", "1", ..."""

    def _renew(self, cells: Iterable[Cell]) -> None:
        cells, prefix = [_check_cell(type(self).__name__, c) for c in cells], _prefix(self._cells)
        for name in list(self._cells):
            del self._cells[name]
            self.__dict__.pop(name, None)
        for i, cell in enumerate(cells):
            self._set_cell(str(i), cell, prefix)

    def _name_of(self, index: int) -> str:
        if not isinstance(index, int):
            raise TypeError(f"For '{type(self).__name__}', the index must be int, but got {type(index).__name__}.")
        if not -len(self) <= index < len(self):
            raise IndexError(
                f"For '{type(self).__name__}', the index must be in [{-len(self)}, {len(self)}), but got {index}."
            )
        return list(self._cells)[index]

    def __len__(self) -> int:
        return len(self._cells)

    def __iter__(self):
        return iter(list(self._cells.values()))

    def __getitem__(self, index):
        if isinstance(index, slice):
            items = list(self._cells.items())[index]
            part = type(self)()
            for name, cell in items:
                part._cells[name] = part.__dict__[name] = cell
            return part
        return self._cells[self._name_of(index)]

    def __setitem__(self, index: int, cell: Cell) -> None:
        self._set_cell(self._name_of(index), _check_cell(type(self).__name__, cell), _prefix(self._cells))

    def __delitem__(self, index) -> None:
        cells = list(self)
        if isinstance(index, int):
            self._name_of(index)
        del cells[index]
        self._renew(cells)

    def append(self, cell: Cell) -> None:
        """Add a Cell at the end.

        Args:
            cell: the Cell.
        """
        self._set_cell(str(len(self)), _check_cell(type(self).__name__, cell), _prefix(self._cells))

    def insert(self, index: int, cell: Cell) -> None:
        """Put a Cell before another.

        Args:
            index: the number of that other; how many there are, to put it at the end.
            cell: the Cell.

        Raises:
            IndexError: if there are fewer.
        """
        cells = list(self)
        if not -len(cells) <= index <= len(cells):
            raise IndexError(
                f"For '{type(self).__name__}', the index must be in [{-len(cells)}, {len(cells)}], but got {index}."
            )
        cells.insert(index, cell)
        self._renew(cells)

    def extend(self, cells: Iterable[Cell]):
        """Add several Cells at the end.

        Args:
            cells: a list or tuple of Cells.

        Returns:
            This Cell.

        Raises:
            TypeError: if `cells` is something else.
        """
        if not isinstance(cells, (list, tuple, _Numbered)):
            raise TypeError(
                f"For '{type(self).__name__}', 'cells' must be a list of Cells, but got {type(cells).__name__}."
            )
        prefix = _prefix(self._cells)
        for cell in list(cells):
            self._set_cell(str(len(self)), _check_cell(type(self).__name__, cell), prefix)
        return self

    __iadd__ = extend

    def set_grad(self, requires_grad: bool = True) -> Self:
        """Note on each Cell that gradients will be taken; `ms.grad` needs no such note.

        Args:
            requires_grad: what is noted.

        Returns:
            This Cell.
        """
        for cell in self:
            cell.set_grad(requires_grad)
        return super().set_grad(requires_grad)


@gives_parts
class SequentialCell(_Numbered):
    """Cells called one after the other, each with the previous one's output.

    Args:
        args: Cells, or one list or OrderedDict of them (its keys become their names).

    Inputs:
        input_data: what the first Cell takes.

    Returns:
        What the last Cell gives.

    Raises:
        TypeError: for something else.

    Example:
        >>> nn.SequentialCell(nn.Dense(2, 3), nn.ReLU())(ops.ones((4, 2))).shape
        (4, 3)
    """

    def __init__(self, *args):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], Mapping):
            for name, cell in args[0].items():
                self._set_cell(name, _check_cell("SequentialCell", cell))
            return
        if len(args) == 1 and not isinstance(args[0], (Cell, list, tuple)):
            raise TypeError(
                "For 'SequentialCell', the 'args[0]' must be a Cell, a list or an OrderedDict, "
                f"but got {type(args[0]).__name__}."
            )
        self._renew(args[0] if len(args) == 1 and isinstance(args[0], (list, tuple)) else args)

    def construct(self, input_data):
        for cell in self._cells.values():
            input_data = cell(input_data)
        return input_data


@gives_parts
class CellList(_Numbered):
    """A list of Cells that the network owns.

    Args:
        args: Cells, or one list of them.
        auto_prefix: whether Parameters are named after the Cell's number.

    Example:
        >>> layers = nn.CellList([nn.Dense(2, 2) for _ in range(3)])
        >>> layers[1].weight.name
        '1.weight'
    """

    _is_ensemble = True  # to vmap: its Cells are evaluated side by side

    def __init__(self, *args, auto_prefix: bool = True):
        super().__init__(auto_prefix)
        self._renew(args[0] if len(args) == 1 and isinstance(args[0], (list, tuple, _Numbered)) else args)

    def construct(self, *inputs):
        raise NotImplementedError("CellList is a container: call the Cells in it.")


@gives_parts
class CellDict(Cell):
    """A dictionary of Cells that the network owns.

    Args:
        args: at most one mapping, or iterable of (name, Cell).

    Example:
        >>> list(nn.CellDict({"act": nn.ReLU()}).keys())
        ['act']
    """

    def __init__(self, *args):
        super().__init__()
        if len(args) > 1:
            raise TypeError(f"For 'CellDict', at most one mapping can be given, but got {len(args)} arguments.")
        if args:
            self.update(args[0])

    def update(self, cells) -> None:
        """Add or replace Cells.

        Args:
            cells: a mapping, or pairs of (name, Cell).

        Raises:
            TypeError, KeyError: if `cells` is something else, or a name is not possible.
        """
        if not isinstance(cells, (Mapping, CellDict, Iterable)):
            raise TypeError(f"For 'CellDict', 'cells' must be a mapping or pairs, but got {type(cells).__name__}.")
        pairs = getattr(cells, "items", lambda: cells)()
        for name, cell in OrderedDict(pairs).items():
            self[name] = cell

    def __setitem__(self, key: str, cell: Cell) -> None:
        if not isinstance(key, str):
            raise TypeError(f"For 'CellDict', the key must be str, but got {type(key).__name__}.")
        if not key or "." in key or hasattr(type(self), key):
            raise KeyError(f"For 'CellDict', the key {key!r} is empty, contains '.', or is an attribute of CellDict.")
        self._set_cell(key, _check_cell("CellDict", cell), _prefix(self._cells))

    def __getitem__(self, key: str) -> Cell:
        return self._cells[key]

    def __delitem__(self, key: str) -> None:
        del self._cells[key]
        self.__dict__.pop(key, None)

    def __len__(self) -> int:
        return len(self._cells)

    def __iter__(self):
        return iter(self._cells)

    def __contains__(self, key) -> bool:
        return key in self._cells

    def clear(self) -> None:
        """Remove all."""
        for key in list(self._cells):
            del self[key]

    def pop(self, key: str) -> Cell:
        """Remove a Cell.

        Args:
            key: its name.

        Returns:
            The Cell.
        """
        cell = self[key]
        del self[key]
        return cell

    @reads_parts
    def keys(self):
        """The names.

        Returns:
            A view of them, as of a dict.
        """
        return self._cells.keys()

    @reads_parts
    def values(self):
        """The Cells.

        Returns:
            A view of them, as of a dict.
        """
        return self._cells.values()

    @reads_parts
    def items(self):
        """The Cells with their names.

        Returns:
            A view of (name, Cell), as of a dict.
        """
        return self._cells.items()

    def construct(self, *inputs):
        raise NotImplementedError("CellDict is a container: call the Cells in it.")
