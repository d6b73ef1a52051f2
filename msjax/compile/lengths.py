"""Axes whose lengths differ from call to call, as those of episodes, sentences, graphs: one program serves many.

XLA knows no such axes. So a program is made for longer ones: what a call brings is filled up, and how much of it is
there goes along, see `sizes`. The function sees symbols for the lengths, see `shims/lengths`.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.compile.refusal import Refused
from msjax.core.tensor import wrap
from msjax.shims.lengths import LEAST, Example, evaluated, grows, names_in
from msjax.shims.selection import is_symbolic, select

_FEW = 3  # shapes, each of which gets its own program
_SOME = 24  # shapes that come again and again get their own programs, as those of layers
_AGAIN = 32  # times, since then it pays to compile them
_SHORTEST = 8  # axis of a program
_DOUBLED = 512  # up to here the next one is twice as long; from there on an eighth of it more

Shapes = tuple[tuple[int, ...], ...]


class ByChance(Refused):
    """The function asks about lengths what is true of those of this call alone."""


class Seen:
    """The shapes with which calls have come that differ in nothing else.

    Attributes:
        closed: why there is no program for other lengths than those it was traced with.
    """

    def __init__(self):
        self.closed: str | None = None
        self._calls: dict[Shapes, int] = {}
        self._open: set[tuple[int, int]] = set()
        self._many = False
        self._left_out: set[Shapes] = set()

    def refuse(self, reason: str, shapes: Shapes | None) -> None:
        """Calls with these shapes get a program of their own; those with any, if there are none."""
        if shapes is None:
            self.closed = reason
        else:
            self._left_out.add(shapes)

    def lengths(self, shapes: Shapes) -> Lengths | None:
        """The lengths of a call with these shapes that are open; None if it is served better by its own program."""
        calls = self._calls[shapes] = self._calls.pop(shapes, 0) + 1
        if len(self._calls) > _SOME:
            self._many = True
            del self._calls[next(iter(self._calls))]
        if (
            self.closed is not None
            or shapes in self._left_out
            or len(self._calls) < _FEW
            or (calls >= _AGAIN and not self._many)
        ):
            return None
        columns = {
            (i, axis): tuple(known[i][axis] for known in self._calls)
            for i, shape in enumerate(shapes)
            for axis in range(len(shape))
        }
        self._open |= {place for place, column in columns.items() if len({*column}) > 1}
        if not self._open or min(columns[place][-1] for place in self._open) < LEAST:
            return None
        return _named({place: columns[place] for place in sorted(self._open)}, shapes)


def _named(columns: dict[tuple[int, int], tuple[int, ...]], shapes: Shapes) -> Lengths:
    """Symbols for open axes: those that always differed by the same number have one, that of the shortest."""
    values: list[int] = []
    symbols: dict[tuple, tuple[int, int]] = {}  # by how a column differs from its last length: the symbol, its value
    for column in sorted(columns.values(), key=lambda column: column[-1]):
        kind = tuple(length - column[-1] for length in column)
        if kind not in symbols:
            symbols[kind] = len(values), column[-1]
            values.append(column[-1])
    axes = {}
    for place, column in columns.items():
        symbol, value = symbols[tuple(length - column[-1] for length in column)]
        axes[place] = symbol, column[-1] - value
    return Lengths(axes, tuple(values), tuple(map(_bound, values)), shapes)


def _bound(length: int) -> int:
    """How long the axis of a program is, which serves this length."""
    bound = max(_SHORTEST, 1 << (length - 1).bit_length())
    return bound if bound <= _DOUBLED else -(-length // (bound // 8)) * (bound // 8)


@dataclass
class Lengths:
    """The lengths of one call that are open.

    Attributes:
        axes: by a Tensor's position and an axis, which symbol its length is, and what is added to it.
        values: of the symbols, in this call.
        bounds: how long these are in the program.
        shapes: of the Tensors of this call.
    """

    axes: dict[tuple[int, int], tuple[int, int]]
    values: tuple[int, ...]
    bounds: tuple[int, ...]
    shapes: Shapes

    @property
    def key(self) -> tuple:
        """Equal for calls which one program may serve, as far as shapes go."""
        known = tuple(
            tuple(None if (i, axis) in self.axes else size for axis, size in enumerate(shape))
            for i, shape in enumerate(self.shapes)
        )
        return tuple(self.axes.items()), self.bounds, known

    @property
    def ends(self) -> dict[int, list[int]]:
        """The shapes that the program takes of Tensors with open axes, by their positions."""
        ends: dict[int, list[int]] = {}
        for (i, axis), (symbol, more) in self.axes.items():
            ends.setdefault(i, list(self.shapes[i]))[axis] = self.bounds[symbol] + more
        return ends

    def filled(self, arrays: list) -> list:
        """The arrays of a call, as long as the program takes them; then the values of the symbols."""
        ends = self.ends
        arrays = [_filled(array, ends[i]) if i in ends else array for i, array in enumerate(arrays)]
        return [*arrays, *map(np.int32, self.values)]


class Opened:
    """The lengths of one program, while it is traced and when it is called.

    Args:
        lengths: of the call that it is made of.

    Attributes:
        example: what the function is told about lengths.
        bounds: how long axes are in the program, for each symbol.
    """

    def __init__(self, lengths: Lengths):
        self.example = Example(lengths.values, _refuse)
        self._lengths = lengths
        self.bounds = lengths.bounds
        self._cut: list[tuple[int, tuple]] = []

    def arguments(self, leaves: list) -> list:
        """What the function is to be traced with, for arrays that are its leaves."""
        ends = self._lengths.ends
        kinds = [
            jax.ShapeDtypeStruct(ends.get(i, a.shape), a.dtype, weak_type=a.weak_type) for i, a in enumerate(leaves)
        ]
        return [*kinds, *(jax.ShapeDtypeStruct((), np.int32) for _ in self.bounds)]

    def open(self, arguments: tuple) -> list:
        """Inside of the trace: the leaves, with symbols for their lengths."""
        end = len(arguments) - len(self.bounds)
        leaves, values = list(arguments[:end]), arguments[end:]
        for (i, axis), (symbol, more) in self._lengths.axes.items():
            rows = jnp.moveaxis(leaves[i], axis, 0)
            there = lax.iota(np.int32, rows.shape[0]) < values[symbol] + more
            leaves[i] = jnp.moveaxis(select(rows, there, self.example.symbols[symbol] + more), 0, axis)
        return leaves

    def known(self, arguments: list) -> dict:
        """The symbols' values in the program, and their bounds, by name."""
        values = arguments[len(arguments) - len(self.bounds) :]
        return self.example.named(tuple(zip(values, self.bounds, strict=True)))

    def checked(self) -> Example:
        """The example, once the function is traced.

        Raises:
            ByChance: if what was answered is not so: others were taken to differ from the length of the example.
        """
        if not self.example.holds(self._lengths.values):
            raise ByChance("it asks about lengths what is true of these alone")
        return self.example

    def note_results(self, shapes: list[tuple], written: int) -> None:
        """Which results are to be cut, when the program gives those of its shapes."""
        if any(map(is_symbolic, shapes[:written])):
            raise Refused("it writes to a Tensor whose length differs from call to call")
        self._cut = [(i, shape) for i, shape in enumerate(shapes[written:]) if is_symbolic(shape)]

    def cut_results(self, results: list, values: tuple[int, ...]) -> None:
        """Replace, in a list of results, what is longer than it is to be."""
        named = self.example.named(values)
        for i, shape in self._cut:
            results[i] = wrap(_cut(results[i]._array, [evaluated(size, named) for size in shape]))


def _refuse() -> None:
    """What the function computes from a length by itself is another number for others."""
    raise Refused("it computes with a length of a Tensor")


def _on_host(array) -> bool:
    return next(iter(array.devices())).platform == "cpu"


def _filled(array, shape: list[int]):
    """An array among zeros. By numpy where that is as near, since JAX would compile it for each length."""
    amounts = [(0, after - before) for before, after in zip(array.shape, shape, strict=True)]
    if not _on_host(array):
        return jnp.pad(array, amounts)
    filled = np.zeros(shape, array.dtype)
    filled[tuple(map(slice, array.shape))] = np.asarray(array)
    return filled


def _cut(array, shape: list[int]):
    part = tuple(map(slice, shape))
    return jnp.array(np.asarray(array)[part]) if _on_host(array) else array[part]


def bound_of(size, bounds: dict[str, int]) -> int:
    """The most that a length can be, if its symbols are at most so long.

    Raises:
        Refused: if that is not easily told.
    """
    names = list(names_in(size))
    if len(names) == 1:
        values = np.arange(LEAST, bounds[names[0]] + 1)
        return int(np.max(evaluated(size, {names[0]: values})))
    if not grows(size):
        raise Refused("how long an axis can be is not known")
    return int(evaluated(size, bounds))
