"""Many objects at once: whether what they hold is what it was.

A line of Python for each attribute of each layer would cost a deep network more than a small one needs to compute. So
attributes are read and compared in rows, by built-in functions: what that costs hardly grows with the number of layers.
"""

from __future__ import annotations

import operator
import re
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, repeat
from operator import attrgetter, contains, getitem, is_, itemgetter
from typing import Any

from msjax.core.tensor import Tensor

_own, _hooks = attrgetter("__dict__"), attrgetter("_hooks")
_requires_grad, _view = attrgetter("_requires_grad"), attrgetter("_view")
_IN_ROW = re.compile(r"(t|handles)\[\d+\]")


def alike(found: Sequence, expected: Sequence) -> bool:
    """Whether two rows of plain values are the same, in order, type and sign."""
    return len(found) == len(expected) and (
        all(map(is_, found, expected))
        or all(
            a is b or (a.__class__ is b.__class__ and a == b and repr(a) == repr(b))
            for a, b in zip(found, expected, strict=True)
        )
    )


class Many:
    """What was read of objects, and of the containers among their attributes.

    A place is a row and a number: ("o", 2) has the third object, ("d", 2) its attributes, ("s", 2) the third container,
    ("t", 2) the third Tensor, and ("g", 2) the third of what is given when the rows are read. Nothing here keeps an
    object alive, but plain values.

    Attributes:
        given: the variables of what is given, by which their numbers are found.
    """

    def __init__(self):
        self.given: dict[str, int] = {}
        self._places: dict[int, tuple[str, int]] = {}
        self._objects: list[weakref.ref] = []
        self._kinds: list[type] = []
        self._containers: list[tuple[tuple, Any]] = []
        self._were: list[tuple[type, int]] = []
        self._keys: dict[int, list] = {}  # of the containers that are dicts
        self._reads: list[tuple[tuple, Any, str, Any]] = []  # with what was there: a plain value, or a number in a row
        self._tensors: list[tuple[tuple, Any]] = []
        self._settings: list[tuple[type, bool, bool]] = []
        self._empty: list[tuple[tuple, str]] = []
        self._absent: dict[str, list[tuple]] = {}

    def __len__(self) -> int:
        return len(self._reads) + len(self._tensors) + len(self._objects)

    def place(self, obj) -> tuple[str, int] | None:
        """The place of an object, its attributes, a container or a Tensor, None if it has none."""
        return self._places.get(id(obj))

    def place_given(self, variable: str) -> tuple[str, int]:
        """The place of what a variable holds when the rows are read."""
        return "g", self.given.setdefault(variable, len(self.given))

    def _add(self, obj, row: str, size: int) -> tuple[str, int]:
        self._places[id(obj)] = found = row, size - 1
        return found

    def object(self, obj) -> tuple[str, int] | None:
        """Give a place to an object, if it keeps attributes and can be referred to weakly."""
        if not (hasattr(type(obj), "__weakref__") and hasattr(obj, "__dict__")):
            return None
        self._places[id(obj.__dict__)] = "d", len(self._objects)
        self._objects.append(weakref.ref(obj))
        self._kinds.append(type(obj))
        return self._add(obj, "o", len(self._objects))

    def plain(self, place: tuple, key, value) -> None:
        """At a place, there is a plain value under a key."""
        self._reads.append((place, key, "plain", value))

    def link(self, place: tuple, key, other: tuple) -> None:
        """There is what has another place."""
        self._reads.append((place, key, *other))

    def tensor(self, place: tuple, key, tensor: Tensor) -> tuple[str, int]:
        """There is a Tensor, any without hooks; gives its place."""
        self._tensors.append((place, key))
        self._settings.append((type(tensor), tensor._requires_grad, tensor._view is None))
        return self._add(tensor, "t", len(self._tensors))

    def container(self, place: tuple, key, value) -> tuple[str, int]:
        """There is a list, a tuple or a dict of these keys; gives its place."""
        if isinstance(value, dict):
            self._keys[len(self._containers)] = [*value]
        self._containers.append((place, key))
        self._were.append((type(value), len(value)))
        return self._add(value, "s", len(self._containers))

    def empty(self, place: tuple, key: str) -> None:
        """There is a dict of nothing but empty containers."""
        self._empty.append((place, key))

    def absent(self, place: tuple, key: str) -> None:
        """There is nothing under a key."""
        self._absent.setdefault(key, []).append(place)

    def _levels(self) -> list[list[int]]:
        """The numbers of the containers, level by level: those in objects, those in them, and so on."""
        levels: list[list[int]] = []
        depth: list[int] = []
        for number, ((row, holder), _) in enumerate(self._containers):  # what holds another one was entered before it
            depth.append(depth[holder] + 1 if row == "s" else 0)
            if depth[number] == len(levels):
                levels.append([])
            levels[depth[number]].append(number)
        return levels

    def reader(self) -> Callable[[list], tuple | None]:
        """A function that gives the objects, the containers and the Tensors, or None if anything is not as it was.

        It takes what is given, and raises KeyError or IndexError where a key is gone.
        """
        objects, kinds, levels = self._objects, self._kinds, self._levels()
        order = [*chain.from_iterable(levels)]
        position = {number: i for i, number in enumerate(order)}
        own = len(self.given)
        count = own + len(objects)

        def at(place: tuple) -> int:
            row, number = place
            return number if row == "g" else own + number if row == "d" else count + position[number]

        containers = [_Row([self._containers[number] for number in level], at) for level in levels]
        of_kinds, sizes = [self._were[n][0] for n in order], [self._were[n][1] for n in order]
        keys = [key for n in order for key in self._keys.get(n, ())]
        with_keys = _pick([i for i, n in enumerate(order) if n in self._keys])
        in_turn = _pick([position[n] for n in range(len(order))])
        runs = _Runs(sorted(self._reads, key=itemgetter(0)), at)
        of_row: dict[str, list[int]] = {"plain": []}
        for i, read in enumerate(runs.reads):
            of_row.setdefault(read[2], []).append(i)
        where_plain, values = _pick(of_row["plain"]), [runs.reads[i][3] for i in of_row.pop("plain")]
        links = [(row, _pick(where), _pick([runs.reads[i][3] for i in where])) for row, where in of_row.items()]
        del runs.reads
        tensors_of, empty = _Row(self._tensors, at), _Row(self._empty, at)
        types, flags, whole = map(list, zip(*self._settings, strict=True)) if self._settings else ([], [], [])
        absent = [(name, _pick([*map(at, places)])) for name, places in self._absent.items()]

        def check(given):
            found = [*map(operator.call, objects)]
            if [*map(type, found)] != kinds:
                return None
            tables = [*given, *map(_own, found)]
            for row in containers:
                tables += row(tables)
            held = tables[count:]
            if [*map(type, held)] != of_kinds or [*map(len, held)] != sizes:
                return None
            if keys and [*chain.from_iterable(with_keys(held))] != keys:
                return None
            held = in_turn(held)
            read = runs(tables)
            if not alike(where_plain(read), values):
                return None
            for name, pick in absent:
                if any(map(contains, pick(tables), repeat(name))):
                    return None
            if empty.reads and any(hooks := empty(tables)) and any(map(any, map(dict.values, hooks))):
                return None
            tensors = tensors_of(tables) if types else ()
            if types and (
                [*map(type, tensors)] != types
                or any(map(_hooks, tensors))
                or [*map(_requires_grad, tensors)] != flags
                or [*map(is_, map(_view, tensors), repeat(None))] != whole
            ):
                return None
            rows = {"g": given, "o": found, "d": tables[own:count], "s": held, "t": tensors}
            for row, where, which in links:
                if not all(map(is_, where(read), which(rows[row]))):
                    return None
            return found, held, tensors

        return check


class _Row:
    """Reads of (place, key), one after the other.

    Args:
        at: where the table of a place is.
    """

    def __init__(self, reads: list, at: Callable[[int], int]):
        self.reads = bool(reads)
        self._keys = [read[1] for read in reads]
        self._pick = _pick([at(place) for place, *_ in reads])

    def __call__(self, tables: list) -> list:
        return [*map(getitem, self._pick(tables), self._keys)]


class _Runs:
    """The same, several keys of one place together; in an order of its own, that of `reads`."""

    def __init__(self, reads: list, at: Callable[[int], int]):
        runs = [list(run) for _, run in groupby(reads, key=itemgetter(0))]
        single = [run[0] for run in runs if len(run) == 1]
        runs = [run for run in runs if len(run) > 1]
        self.reads = [*chain.from_iterable(runs), *single]
        self._getters = [itemgetter(*[read[1] for read in run]) for run in runs]
        self._pick = _pick([at(run[0][0]) for run in runs])
        self._rest = _Row(single, at)

    def __call__(self, tables: list) -> list:
        found = [*chain.from_iterable(map(operator.call, self._getters, self._pick(tables)))]
        return found + self._rest(tables) if self._rest.reads else found


def _pick(places: list[int]) -> Callable[[list], Sequence]:
    """A function that gives the elements of a list at some places."""
    if len(places) > 1:
        return itemgetter(*places)
    return (lambda row: [row[places[0]]]) if places else (lambda row: ())


def in_rows(names: Iterable[str], constant: Callable[[Any], str]) -> Iterator[str]:
    """The elements of a list of variables: those of one row that follow each other are put there at once."""
    for row, run in groupby(names, key=lambda name: name.partition("[")[0] if _IN_ROW.fullmatch(name) else ""):
        several = [*run]
        if row and len(several) > 1:
            yield f"*{constant(itemgetter(*[int(name[len(row) + 1 : -1]) for name in several]))}({row})"
        else:
            yield from several
