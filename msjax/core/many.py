"""Many objects at once: whether what they hold is what it was.

A line of Python for each attribute of each layer would cost a deep network more than a small one needs to compute. So
attributes are read and compared in rows, by built-in functions: what that costs hardly grows with the number of layers.
"""

from __future__ import annotations

import operator
import weakref
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby, repeat
from operator import attrgetter, contains, getitem, is_, itemgetter
from typing import Any

from msjax.core.tensor import Tensor

_own, _hooks = attrgetter("__dict__"), attrgetter("_hooks")
_requires_grad, _view = attrgetter("_requires_grad"), attrgetter("_view")


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

    Objects and containers are kept track of by their places, containers by negative ones. Nothing here keeps an object
    alive, but plain values.
    """

    def __init__(self):
        self._places: dict[int, int] = {}
        self._objects: list[weakref.ref] = []
        self._kinds: list[type] = []
        self._containers: list[tuple[int, Any]] = []
        self._were: list[tuple[type, int]] = []
        self._keys: dict[int, list] = {}  # of the containers that are dicts
        self._plain: list[tuple[int, Any, Any]] = []
        self._links: dict[str, list[tuple[int, Any, int]]] = {}  # where things are that have numbers, by kind
        self._tensors: list[tuple[int, Any]] = []
        self._settings: list[tuple[type, bool, bool]] = []
        self._empty: list[tuple[int, str]] = []
        self._absent: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._plain) + sum(map(len, self._links.values())) + len(self._tensors) + len(self._objects)

    def place(self, obj) -> int | None:
        """The place of an object, None if it has none."""
        return self._places.get(id(obj))

    def add(self, obj) -> int | None:
        """Give a place to an object, if it keeps attributes and can be referred to weakly."""
        if id(obj) not in self._places and hasattr(type(obj), "__weakref__") and hasattr(obj, "__dict__"):
            self._places[id(obj)] = len(self._objects)
            self._objects.append(weakref.ref(obj))
            self._kinds.append(type(obj))
        return self._places.get(id(obj))

    def plain(self, place: int, key, value) -> None:
        """At a place, there is a plain value under a key."""
        self._plain.append((place, key, value))

    def link(self, place: int, key, row: str, number: int) -> None:
        """There is what stands in one of the rows "o", objects, "s", containers, "t", Tensors, and "h", handles."""
        self._links.setdefault(row, []).append((place, key, number))

    def tensor(self, place: int, key, tensor: Tensor) -> int:
        """There is a Tensor, any without hooks; gives its number."""
        self._tensors.append((place, key))
        self._settings.append((type(tensor), tensor._requires_grad, tensor._view is None))
        return len(self._tensors) - 1

    def container(self, place: int, key, value) -> int:
        """There is a list, a tuple or a dict of these keys; gives its number. Its place is the number's complement."""
        number = len(self._containers)
        self._containers.append((place, key))
        self._were.append((type(value), len(value)))
        if isinstance(value, dict):
            self._keys[number] = [*value]
        return number

    def empty(self, place: int, key: str) -> None:
        """There is a dict of nothing but empty containers."""
        self._empty.append((place, key))

    def absent(self, obj, name: str) -> bool:
        """An object has nothing under a name; gives whether it has a place, so that this can be told."""
        known = id(obj) in self._places
        if known:
            self._absent.setdefault(name, []).append(self._places[id(obj)])
        return known

    def lines(self, constant: Callable[[Any], str]) -> Iterator[str]:
        """The same as lines of a function of `handles`, which are faster where little is read.

        Args:
            constant: gives the name of an object that the lines may hold on to.
        """

        def entry(place: int, key) -> str:
            return f"{f'd{place}' if place >= 0 else f's{~place}'}[{key!r}]"

        for i, (reference, kind) in enumerate(zip(self._objects, self._kinds, strict=True)):
            yield f"o{i} = {constant(reference)}()"
            yield f"if o{i}.__class__ is not {constant(kind)}: return None"
            yield f"d{i} = o{i}.__dict__"
        for i, (read, (kind, size)) in enumerate(zip(self._containers, self._were, strict=True)):
            yield f"s{i} = {entry(*read)}"
            other = f" or [*s{i}] != {self._keys[i]}" if self._keys.get(i) else ""
            yield f"if s{i}.__class__ is not {constant(kind)} or s{i}.__len__() != {size}{other}: return None"
        for place, key, value in self._plain:
            x, name = entry(place, key), constant(value)
            yield f"if {x} is not {name} and not _alike(({x},), ({name},)): return None"
        for i, (read, (kind, flag, whole)) in enumerate(zip(self._tensors, self._settings, strict=True)):
            yield f"t{i} = {entry(*read)}"
            same = f"t{i}.__class__ is {constant(kind)} and t{i}._requires_grad is {flag}"
            same += f" and (t{i}._view is None) is {whole}"
            yield f"if t{i}._hooks or not ({same}): return None"
        for row, reads in self._links.items():
            for place, key, number in reads:
                thing = f"handles[{number}]" if row == "h" else f"{row}{number}"
                yield f"if {entry(place, key)} is not {thing}: return None"
        for read in self._empty:
            yield f"if any({entry(*read)}.values()): return None"
        for name, places in self._absent.items():
            for place in places:
                yield f"if {name!r} in d{place}: return None"
        for row, size in (("o", len(self._objects)), ("s", len(self._containers)), ("t", len(self._tensors))):
            yield f"{row} = [{', '.join(f'{row}{i}' for i in range(size))}]"

    def _levels(self) -> tuple[list[int], list[list[int]]]:
        """The numbers of the containers, those in objects first, then those in them, and so on; and level by level."""
        levels: list[list[int]] = []
        depth: dict[int, int] = {}
        for number, (place, _) in enumerate(self._containers):  # what holds another one was entered before it
            depth[number] = 0 if place >= 0 else depth[~place] + 1
            if depth[number] == len(levels):
                levels.append([])
            levels[depth[number]].append(number)
        return [*chain.from_iterable(levels)], levels

    def reader(self) -> Callable[[list], tuple | None]:
        """A function that gives the objects, the containers and the Tensors, or None if anything is not as it was.

        It takes the handles of a call, and raises KeyError or IndexError where a key is gone.
        """
        objects, kinds = self._objects, self._kinds
        count = len(objects)
        order, levels = self._levels()
        position = {number: i for i, number in enumerate(order)}

        def at(place: int) -> int:
            return place if place >= 0 else count + position[~place]

        containers = [_Row([self._containers[number] for number in level], at) for level in levels]
        of_kinds, sizes = [self._were[n][0] for n in order], [self._were[n][1] for n in order]
        keys = [key for n in order for key in self._keys.get(n, ())]
        with_keys = _pick([i for i, n in enumerate(order) if n in self._keys])
        in_turn = _pick([position[n] for n in range(len(order))])
        expected = [(place, key, "plain", value) for place, key, value in self._plain]
        expected += [(place, key, row, n) for row, reads in self._links.items() for place, key, n in reads]
        runs = _Runs(sorted(expected, key=itemgetter(0)), at)
        of_row = {row: [i for i, read in enumerate(runs.reads) if read[2] == row] for row in ("plain", *self._links)}
        where_plain, values = _pick(of_row["plain"]), [runs.reads[i][3] for i in of_row.pop("plain")]
        links = [(row, _pick(where), _pick([runs.reads[i][3] for i in where])) for row, where in of_row.items()]
        del expected, runs.reads
        tensors_of, empty = _Row(self._tensors, at), _Row(self._empty, at)
        types, flags, whole = map(list, zip(*self._settings, strict=True)) if self._settings else ([], [], [])
        absent = [(name, _pick(places)) for name, places in self._absent.items()]

        def check(handles):
            found = [*map(operator.call, objects)]
            if [*map(type, found)] != kinds:
                return None
            tables = [*map(_own, found)]
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
            rows = {"o": found, "s": held, "t": tensors, "h": handles}
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


def in_rows(names: list[str], constant: Callable[[Any], str]) -> Iterator[str]:
    """The elements of a list of variables: Tensors of the row "t" that follow each other are put there at once."""
    for at_once, run in groupby(names, key=lambda name: name.startswith("t[")):
        row = [*run]
        if at_once and len(row) > 1:
            yield f"*{constant(itemgetter(*[int(name[2:-1]) for name in row]))}(t)"
        else:
            yield from row
