"""Numbers that differ from call to call: which ones do, and what Python computes of them."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Hashable
from types import CellType
from typing import Any

import numpy as np

from msjax.compile.fingerprint import MANY
from msjax.core.mutable import MARKED, unmarked
from msjax.core.opaque import KINDS, Number, gathered, value_of

_ARRAYS = {np.array, np.asarray, np.float32, np.float64, np.float16, np.int32, np.int64}  # make one of numbers
_FUNCTIONS = {float, int, abs, round, min, max, pow, bool}


def _made(function, numbers, rest: tuple, names: dict):
    with np.errstate(all="raise"):  # where numpy would warn, it is to do so by itself
        return function(numbers, *rest, **names)


def is_array(value) -> bool:
    """Whether it stands for an array of numpy that is made of numbers that differ from call to call."""
    return type(value) is Number and type(value.value) not in KINDS


class Numbers:
    """The numbers of one traced call. Those that were another one before are carried through the trace as a `Number`.

    Args:
        guards: they write down what is computed of such numbers.
        known: the numbers that an earlier program read, by what has them and its name (see `Guards.numbers`).
    """

    def __init__(self, guards, known: dict):
        self._guards, self._known = guards, known
        self._cells: dict[int, CellType] = {}  # what stands for captured variables
        self._rests: dict[str, tuple] = {}  # what is given to functions of numpy beside numbers, by its text
        self._containers: dict[int, Any] = {}  # what stands for containers, by their ids

    def arguments(self, call, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        """The arguments of a call, with numbers that differ from call to call; so are those that it captured."""
        count = itertools.count()

        def argument(value):
            if type(value) not in call.open:
                return self._with_numbers(value, call)
            number = self._argument(next(count), unmarked(value))
            number.mutable = type(value) in MARKED
            return number

        def captured(cell: CellType):
            i = call.places.get((id(cell), None))
            return self._with_numbers(cell.cell_contents, call) if i is None else self._argument(i, call.numbers[i])

        new = tuple(map(argument, args)), {k: argument(v) for k, v in kwargs.items()}
        self._cells = {id(cell): CellType(captured(cell)) for cell in call.cells}
        return new

    def _argument(self, i: int, value) -> Number:
        return self._guards.number(("argument", i), f"numbers[{i}]", value)

    def _with_numbers(self, container, call):
        """A container that the call brings with what is in it: another one, if some of that may differ."""
        if type(container) not in (list, tuple, dict) or not call.places:
            return container
        if id(container) not in self._containers:
            held, parts = list(container.values()) if type(container) is dict else container, []
            for position, value in enumerate(held):
                i = call.places.get((id(container), position))
                parts.append(self._with_numbers(value, call) if i is None else self._argument(i, value))
            same = all(map(operator.is_, held, parts))
            self._containers[id(container)] = container if same else self._like(container, parts)
        return self._containers[id(container)]

    def _like(self, container, parts: list):
        """A container from outside with other elements."""
        made = dict(zip(container, parts, strict=True)) if type(container) is dict else type(container)(parts)
        self._guards.outer[id(made)] = made
        return made

    def cell(self, cell: CellType) -> CellType:
        """What a rewritten function sees in the place of a variable that the function captured."""
        return self._cells.get(id(cell), cell)

    def held(self, table: dict, name: str, value, obj=None) -> Number | None:
        """A global number, or an attribute of an object, if it was another one when an earlier program was made."""
        key, numbers = (id(table), name), self._guards.numbers
        numbers[key] = before = self._known.get(key, value)
        if type(before) is type(value) and before == value:
            return None
        numbers[key] = None  # it differs
        holder = self._guards.constant(table) if obj is None else self._guards.dict_of(obj)
        return self._guards.number(key, f"{holder}[{name!r}]", value)

    def held_in(self, obj, name: str, value):
        """A list, tuple or dict of nothing but numbers, as weights of losses, that is an attribute of an object: one
        of the same kind in its place, if one of them was another one when an earlier program was made."""
        table, items = obj.__dict__, list(value.items() if type(value) is dict else enumerate(value))
        if not 0 < len(items) <= MANY or not all(type(number) in KINDS for _, number in items):
            return None
        if type(value) is dict and not all(type(key) is str for key in value):
            return None
        if any((id(value), key) in self._guards.stored for key, _ in items):
            return None
        if id(value) in self._containers:
            self._guards.same_attribute(obj, name, value)  # the same one
            return self._containers[id(value)]
        place, numbers = (id(table), name), self._guards.numbers
        differ = False
        for key, number in items:
            numbers[*place, key] = before = self._known.get((*place, key), number)
            differ |= type(before) is not type(number) or before != number
        if not differ:
            return None
        variable = self._guards.keys_of(f"{self._guards.dict_of(obj)}[{name!r}]", value)
        for key, _ in items:
            numbers[*place, key] = None
        parts = [self._guards.number((*place, key), f"{variable}[{key!r}]", number) for key, number in items]
        self._containers[id(value)] = made = self._like(value, parts)
        return made

    def is_replaced(self, container) -> bool:
        """Whether another container stands for one, of which some numbers differ."""
        return self._containers.get(id(container), container) is not container

    def array(self, function, args, kwargs) -> Number | None:
        """An array of numpy that is made of numbers of which some differ from call to call; None for all else."""
        if not args or not isinstance(function, Hashable) or function not in _ARRAYS:
            return None
        numbers = gathered(args[0])
        if numbers is None or not all(isinstance(a, (np.dtype, type)) for a in (*args[1:], *kwargs.values())):
            return None
        value = _made(function, numbers.value, args[1:], kwargs)
        rest = (args[1:], kwargs)
        rest = self._rests.setdefault(repr(rest), rest)
        made, rest = self._guards.constant(_made), self._guards.constant(rest)
        text = f"{made}({self._guards.constant(function)}, {numbers.variable}, *{rest})"
        return self._guards.number((text,), text, value)

    def computed(self, function, args, kwargs):
        """What Python computes of numbers that differ from call to call; None if not numbers alone."""
        kinds = {type(a) for a in args}
        if kwargs or Number not in kinds or not kinds <= {*KINDS, bool, Number}:
            return None
        if function not in _FUNCTIONS and getattr(function, "__module__", "") != "math":
            return None
        value = function(*map(value_of, args))
        if type(value) not in (*KINDS, bool):
            return None
        operands = [a.variable if type(a) is Number else self._guards.constant(a) for a in args]
        text = f"{self._guards.constant(function)}({', '.join(operands)})"
        return (
            self._guards.same_answer(text, value) if type(value) is bool else self._guards.number((text,), text, value)
        )
