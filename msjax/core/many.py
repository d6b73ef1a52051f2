"""Many objects at once: whether what they hold is what it was.

A line of Python for each attribute of each layer would cost a deep network more than a small one needs to compute. So
attributes are read and compared in rows, by built-in functions: what that costs hardly grows with the number of layers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, repeat
from operator import attrgetter, contains, is_, itemgetter
from typing import Any

from msjax.core.tensor import Tensor

_own, _hooks = attrgetter("__dict__"), attrgetter("_hooks")
_requires_grad, _view = attrgetter("_requires_grad"), attrgetter("_view")
_call: Any = operator.call

# What is compared of a row of things.
_FACTS: dict[str, Callable[[Sequence], list]] = {
    "id": lambda objects: [*map(id, objects)],
    "size": lambda containers: [*map(len, containers)],
    "keys": lambda dicts: [*map(list, dicts)],
    "trained": lambda tensors: [*map(_requires_grad, tensors)],
    "hooked": lambda tensors: [*map(bool, map(_hooks, tensors))],
    "view": lambda tensors: [*map(bool, map(_view, tensors))],
    "hooks": lambda dicts: [*map(any, map(dict.values, dicts))],
}


def alike(found: Sequence, expected: Sequence) -> bool:
    """Whether two rows of plain values are the same, in order, type and sign."""
    return len(found) == len(expected) and (
        all(map(is_, found, expected))
        or all(
            a is b
            or (a.__class__ is b.__class__ and a == b and (alike(a, b) if a.__class__ is tuple else repr(a) == repr(b)))
            for a, b in zip(found, expected, strict=True)
        )
    )


class Many:
    """What was read, each time from a table: a container, or the attributes of an object.

    Each read has a number, which stands for what was found; so has what is given. Methods that take a table's number
    and a key are about what is found there. Nothing here keeps an object alive, but plain values.

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
        self._facts: dict[str, dict[int, Any]] = {name: {} for name in ("plain", "same", *_FACTS)}
        self._absent: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._reads)

    def read(self, table: int | None, key: Any, **facts) -> int:
        """There is something of which these facts are known; gives its number.

        Args:
            facts: as in `_FACTS`, or `plain`, a plain value, or `same`, the number of what it is.
        """
        number = len(self._reads)
        self._reads.append((table, key))
        for name, fact in facts.items():
            self._facts[name][number] = fact
        return number

    def give(self, variable: str) -> int:
        """The number of what a variable holds when the rows are read."""
        if variable not in self.given:
            self.given[variable] = self.read(None, variable)
        return self.given[variable]

    def thing(self, number: int, value: Any) -> str:
        """A number stands for an object, a Tensor, or a list, a tuple or a dict of strings; gives its variable."""
        self._kinds[number], self.things[id(value)] = type(value), number
        if isinstance(value, Tensor):
            facts = {"trained": value._requires_grad, "hooked": False, "view": value._view is not None}
        elif isinstance(value, (list, tuple, dict)):
            self.tables[id(value)] = number
            facts = {"keys": [*value]} if isinstance(value, dict) else {"size": len(value)}
        else:
            facts = {"id": id(value)}
            self.tables[id(getattr(value, "__dict__", value))] = number
        for name, fact in facts.items():
            self._facts[name][number] = fact
        return f"many[{len(self._kinds) - 1}]"

    def absent(self, table: int, key: str) -> None:
        """There is nothing."""
        self._absent.setdefault(key, []).append(table)

    def reader(self) -> Callable[[list], Sequence | None]:
        """A function that takes what is given and finds what has variables; None if anything is not as it was.

        It raises KeyError or IndexError where a key is gone.
        """
        position: dict[int, int] = {}
        owners = self._facts["id"]  # objects, of which the attributes are read

        def pick(numbers: Iterable[int]) -> Callable[[list], Sequence]:
            return _pick([position[number] for number in numbers])

        def pick_tables(numbers: list[int]) -> Callable[[list], Iterator]:
            containers, objects = (pick(n for n in numbers if (n in owners) is own) for own in (False, True))
            return lambda values: chain(containers(values), map(_own, objects(values)))

        steps, count = [], 0
        for level in self._levels():
            tables = sorted((t for t in level if t is not None), key=owners.__contains__)
            several = [level[t] * 2 if len(level[t]) == 1 else level[t] for t in tables]  # of one, there is no tuple
            getters = [itemgetter(*[self._reads[number][1] for number in run]) for run in several]
            tables_of = pick_tables(tables)
            for number in chain(level.get(None, ()), *several):
                position[number], count = count, count + 1
            known = [number for run in level.values() for number in run if number in self._kinds]
            steps.append((getters, tables_of, pick(known), [self._kinds[number] for number in known]))
        facts = [(_FACTS[name], pick(of), [*of.values()]) for name, of in self._facts.items() if name in _FACTS and of]
        plain, values = pick(self._facts["plain"]), [*self._facts["plain"].values()]
        ones, others = pick(self._facts["same"]), pick(self._facts["same"].values())
        absent, things = [(key, pick_tables(tables)) for key, tables in self._absent.items()], pick(self._kinds)

        def check(given):
            found = [*given]
            for getters, tables, known, kinds in steps:
                found += chain.from_iterable(map(_call, getters, tables(found)))
                if [*map(type, known(found))] != kinds:
                    return None
            for compute, row, expected in facts:
                if compute(row(found)) != expected:
                    return None
            if not alike(plain(found), values) or not all(map(is_, ones(found), others(found))):
                return None
            for key, tables in absent:
                if any(map(contains, tables(found), repeat(key))):
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
