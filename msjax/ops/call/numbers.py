"""Numbers among an operator's static arguments, such as slopes and exponents: one program for all of them.

A static argument is compiled in, and a slope that falls from step to step would need a program for each of its values.
So from its second value on a number is an argument of the jitted function. While that is traced, a `Number` stands for
it: as an array where it meets arrays; how comparisons with it come out is a condition for other numbers to share the
function; and where a number's value is needed, it is the only one that does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import jax

from msjax.core.opaque import Number

_MOST_PROGRAMS = 16  # of one family
_NAMES = {"inf": float("inf"), "nan": float("nan")}  # as `repr` writes them


@jax.tree_util.register_pytree_node_class
class Operand(Number):
    """A Number in an operator's definition: JAX's own jitted functions take it as the array that it stands for."""

    __slots__ = ()

    @classmethod
    def of(cls, number: Number) -> Operand:
        return cls(number.variable, number.value, number._notes)

    @property
    def __class__(self):  # of what an operator checks
        return type(self.value)

    def applied(self, text: str, value):
        result = super().applied(text, value)
        return Operand.of(result) if type(result) is Number else result

    def tree_flatten(self):
        return (self.array(),), None

    @classmethod
    def tree_unflatten(cls, _, children):
        return children[0]


class Family:
    """The functions of an operator for arguments that differ in numbers only.

    Args:
        traced: makes of static arguments a function of arrays.
        places: which static arguments are numbers.

    Attributes:
        needed: whether the operator can not be traced with Numbers, so that each number is compiled in.
    """

    def __init__(self, traced: Callable, places: tuple[int, ...]):
        self.traced, self.places, self.needed = traced, places, False
        self._programs: list[_Program] = []

    def program(self, statics: tuple) -> _Program:
        """The one that these static arguments may share."""
        values = [statics[i] for i in self.places]
        for program in self._programs:
            if program.meets(*values):
                return program
        self._programs = [*self._programs[1 - _MOST_PROGRAMS :], _Program(self, statics)]
        return self._programs[-1]


class Bound:
    """A function of arrays: that of a family, with the numbers that it is given beside them.

    Args:
        number: makes an array of a number that is used often.

    Attributes:
        fleeting: whether a number has come up just now and is not worth keeping.
    """

    __slots__ = ("_alone", "_checked", "_family", "_numbers", "_program", "_statics", "fleeting", "write")

    def __init__(self, family: Family, statics: tuple, number: Callable):
        self._family, self._statics = family, statics
        self._numbers = tuple(number(statics[i]) for i in family.places)
        self._program = self._checked = self._alone = None
        self.fleeting = not all(isinstance(n, jax.Array) for n in self._numbers)

    def __call__(self, *arrays):
        if self._alone is None:
            if self._program is None or self._program.meets is not self._checked:
                self._program = self._family.program(self._statics)
            try:
                result = self._program(self._statics, self._numbers, arrays)
            except Exception:  # perhaps the arguments are wrong; perhaps the operator has no use for a Number
                pass
            else:
                self._checked = self._program.meets
                return result
        alone = self._alone or jax.jit(self._family.traced(self._statics))
        result = alone(*arrays)
        self._alone, self._family.needed = alone, True
        return result


class _Program:
    """A jitted function of numbers and arrays, and what the numbers must be like."""

    def __init__(self, family: Family, statics: tuple):
        self.conditions: dict[str, object] = {}
        self.meets: Callable = lambda *values: True  # until it has been traced
        self._current = threading.local()

        def traced(numbers, *arrays):
            given = list(self._current.statics)
            notes = _Notes(self, dict(zip(map("n{}".format, family.places), numbers, strict=True)))
            for i in family.places:
                given[i] = Operand(f"n{i}", given[i], notes)
            result = family.traced(tuple(given))(*arrays)
            names = ", ".join(f"n{i}" for i in family.places)
            text = " and ".join(f"({asked}) == {answer!r}" for asked, answer in self.conditions.items())
            # Of names of ours, operators, and texts of plain numbers (`_Notes.constant`).
            self.meets = _safely(eval(f"lambda {names}: {text or True}", dict(_NAMES)))
            return result

        traced.__name__ = traced.__qualname__ = family.traced(statics).__name__
        self._run = jax.jit(traced)

    def __call__(self, statics: tuple, numbers: tuple, arrays: tuple):
        self._current.statics = statics  # JAX may trace it anew for these arrays
        return self._run(numbers, *arrays)


def _safely(meets: Callable) -> Callable:
    def safe(*values) -> bool:
        try:
            return meets(*values)
        except ArithmeticError:
            return False

    return safe


class _Notes:
    """What a trace does with Numbers; see `msjax.core.opaque`. Texts are of Python, with the numbers as variables."""

    def __init__(self, program: _Program, arrays: dict):
        self._program, self._arrays = program, arrays

    def constant(self, value) -> str:
        return f"({value!r})"  # of an exact int, float, bool or None, as `core.opaque` takes no others

    def same_value(self, text: str, value) -> None:
        self._program.conditions[f"repr({text})"] = repr(value)  # tells apart zeros, and is the same for nan

    def same_answer(self, text: str, answer: bool) -> bool:
        self._program.conditions[text] = answer
        return answer

    def number(self, key: tuple, text: str, value) -> Number:
        self.same_answer(f"({text}) is None", False)  # it can be computed
        return Number(f"({text})", value, self)

    def input_of(self, number: Number, dtype):
        # The same kind of text, of which the numbers are arrays here.
        return eval(number.variable, {**_NAMES, **self._arrays})
