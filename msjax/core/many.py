"""Many objects at once: whether what they hold is what it was.

A line of Python for each attribute of each layer would cost a deep network more than a small one needs to compute. So
attributes are read and compared in rows, by built-in functions: what that costs hardly grows with the number of layers.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, repeat
from operator import attrgetter, contains, is_, itemgetter
from typing import Any

from msjax.core.tensor import Tensor

_own, _hooks = attrgetter("__dict__"), attrgetter("_hooks")
_requires_grad, _view = attrgetter("_requires_grad"), attrgetter("_view")
_IN_ROW = re.compile(r"(many|handles)\[(\d+)\]")


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
    """What was read, each time from a table: a container, or what an object has as attributes.

    Each read has a number, which then stands for what was found; so has what is given. Where a method takes a table's
    number and a key, it is about what is found there. Nothing here keeps an object alive, but plain values.

    Attributes:
        given: the numbers of what is given when the rows are read, by the variables that hold it.
        things: the numbers of the objects, containers and Tensors that are known, by their ids.
        tables: the numbers of the containers, and of the objects whose attributes they are, by their ids.
    """

    def __init__(self):
        self.given: dict[str, int] = {}
        self.things: dict[int, int] = {}
        self.tables: dict[int, int] = {}
        self._reads: list[tuple[int | None, Any]] = []
        self._kinds: dict[int, type] = {}
        self._owners: dict[int, int] = {}  # the ids of objects
        self._plain: list[tuple[int, Any]] = []
        self._links: list[tuple[int, int]] = []
        self._sizes: dict[int, int] = {}
        self._keys: dict[int, list] = {}
        self._tensors: list[tuple[int, bool, bool]] = []
        self._empty: list[int] = []
        self._absent: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._reads)

    def _read(self, table: int | None, key) -> int:
        self._reads.append((table, key))
        return len(self._reads) - 1

    def _found(self, thing, number: int) -> str:
        self._kinds[number], self.things[id(thing)] = type(thing), number
        return f"many[{len(self._kinds) - 1}]"

    def give(self, variable: str) -> int:
        """The number of what a variable holds when the rows are read."""
        if variable not in self.given:
            self.given[variable] = self._read(None, variable)
        return self.given[variable]

    def plain(self, table: int, key, value) -> None:
        """There is a plain value."""
        self._plain.append((self._read(table, key), value))

    def link(self, table: int, key, number: int) -> None:
        """There is what has a number already."""
        self._links.append((self._read(table, key), number))

    def empty(self, table: int, key: str) -> None:
        """There is a dict of nothing but empty containers."""
        self._empty.append(self._read(table, key))

    def absent(self, table: int, key: str) -> None:
        """There is nothing."""
        self._absent.setdefault(key, []).append(table)

    def object(self, number: int, obj) -> str:
        """A number stands for an object; gives the variable that holds it after the rows were read."""
        self._owners[number] = id(obj)
        if hasattr(obj, "__dict__"):
            self.tables[id(obj.__dict__)] = number
        return self._found(obj, number)

    def object_at(self, table: int, key, obj) -> str:
        """There is an object; gives its variable."""
        return self.object(self._read(table, key), obj)

    def tensor_at(self, table: int, key, tensor: Tensor) -> str:
        """There is a Tensor, any without hooks; gives its variable."""
        number = self._read(table, key)
        self._tensors.append((number, tensor._requires_grad, tensor._view is None))
        return self._found(tensor, number)

    def container_at(self, table: int, key, value) -> str:
        """There is a list, a tuple or a dict of strings; gives its variable."""
        number = self.tables[id(value)] = self._read(table, key)
        self._sizes[number] = len(value)
        if isinstance(value, dict):
            self._keys[number] = [*value]
        return self._found(value, number)

    def reader(self) -> Callable[[list], Sequence | None]:
        """A function that takes what is given and finds what has variables; None if anything is not as it was.

        It raises KeyError or IndexError where a key is gone.
        """
        position: dict[int, int] = {}

        def pick(numbers: Iterable[int]) -> Callable[[list], Sequence]:
            return _pick([position[number] for number in numbers])

        def pick_tables(numbers: list[int]) -> Callable[[list], Iterator]:
            containers, objects = (pick(n for n in numbers if (n in self._owners) is own) for own in (False, True))
            return lambda values: chain(containers(values), map(_own, objects(values)))

        steps, count = [], 0
        for level in self._levels():
            tables = sorted((t for t in level if t is not None), key=self._owners.__contains__)
            several = [level[t] * 2 if len(level[t]) == 1 else level[t] for t in tables]  # of one, there is no tuple
            getters = [itemgetter(*[self._reads[number][1] for number in run]) for run in several]
            tables_of = pick_tables(tables)
            for number in chain(level.get(None, ()), *several):
                position[number], count = count, count + 1
            known = [number for run in level.values() for number in run if number in self._kinds]
            steps.append((getters, tables_of, pick(known), [self._kinds[number] for number in known]))
        objects, ids = pick(self._owners), [*self._owners.values()]
        plain, values = pick(n for n, _ in self._plain), [value for _, value in self._plain]
        ones, others = pick(n for n, _ in self._links), pick(n for _, n in self._links)
        containers, sizes = pick(self._sizes), [*self._sizes.values()]
        dicts, keys = pick(self._keys), [*chain.from_iterable(self._keys.values())]
        tensors, (flags, whole) = pick(t[0] for t in self._tensors), ([t[i] for t in self._tensors] for i in (1, 2))
        absent = [(name, pick_tables(tables)) for name, tables in self._absent.items()]
        empty, things = pick(self._empty), pick(self._kinds)

        def check(given):
            found = [*given]
            for getters, tables, known, kinds in steps:
                found += chain.from_iterable(map(operator.call, getters, tables(found)))
                if [*map(type, known(found))] != kinds:
                    return None
            of_program = tensors(found)
            if (
                [*map(id, objects(found))] != ids
                or not alike(plain(found), values)
                or not all(map(is_, ones(found), others(found)))
                or [*map(len, containers(found))] != sizes
                or [*chain.from_iterable(dicts(found))] != keys
                or any(map(any, map(dict.values, empty(found))))
                or any(map(_hooks, of_program))
                or [*map(_requires_grad, of_program)] != flags
                or [*map(is_, map(_view, of_program), repeat(None))] != whole
            ):
                return None
            for name, tables in absent:
                if any(map(contains, tables(found), repeat(name))):
                    return None
            return things(found)

        return check

    def _levels(self) -> list[dict[int | None, list[int]]]:
        """The numbers of the reads by their tables: first of what is given, then from that, from what is in it..."""
        levels: list[dict] = []
        depth: list[int] = []
        for number, (table, _) in enumerate(self._reads):  # what holds another one was read before it
            depth.append(0 if table is None else depth[table] + 1)
            if depth[number] == len(levels):
                levels.append({})
            levels[depth[number]].setdefault(table, []).append(number)
        return levels


def _pick(places: list[int]) -> Callable[[list], Sequence]:
    """A function that gives the elements of a list at some places."""
    if len(places) > 1:
        return itemgetter(*places)
    return (lambda row: [row[places[0]]]) if places else (lambda row: ())


def in_rows(names: Iterable[str], constant: Callable[[Any], str]) -> Iterator[str]:
    """The elements of a list of variables: those of one row that follow each other are put there at once."""
    for row, run in groupby(names, key=lambda name: (found := _IN_ROW.fullmatch(name)) and found[1]):
        several = [*run]
        if row and len(several) > 1:
            yield f"*{constant(itemgetter(*[int(name[len(row) + 1 : -1]) for name in several]))}({row})"
        else:
            yield from several
