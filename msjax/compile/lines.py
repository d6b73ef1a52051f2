"""The checks of a program as lines of Python, which are compiled into one function since they run on each call.

The first few objects are read line by line, each into a variable. When they become many, the others are read in rows
(see `core.many`): at one place between the lines, from what is known until there.
"""

from __future__ import annotations

import itertools
import keyword
import unicodedata

import jax
import jax.numpy as jnp
import numpy as np

from msjax.compile.journal import Journal
from msjax.compile.refusal import Refused
from msjax.core.data import cast
from msjax.core.many import Many, alike
from msjax.core.opaque import KINDS, Number
from msjax.core.tensor import Tensor, _new, raw
from msjax.core.view import owner

_FEW = 400  # lines, before what comes is read in rows
_MANY = 20_000  # lines
_ERRORS = "(KeyError, AttributeError, IndexError, TypeError, ValueError, ArithmeticError)"


def scalar(value, dtype) -> Tensor:
    """A number as a Tensor, of a dtype or weakly typed; one from outside, also when it is made in a transform."""
    if dtype is not None:
        value = cast(value, dtype) if isinstance(value, np.ndarray) else np.asarray(value, dtype)
    tensor = _new(Tensor)
    tensor._array = jnp.asarray(value)
    return tensor


def member_of(variable: str, name: str) -> str:
    """`variable.name`.

    Raises:
        Refused: if this is not the source text of that, as "a, b" is not the name of an attribute in source text.
    """
    if not name.isidentifier() or keyword.iskeyword(name) or unicodedata.normalize("NFKC", name) != name:
        raise Refused("it reads an attribute whose name is no identifier")
    return f"{variable}.{name}"


class Lines:
    """Variables, and the lines that read and compare them.

    Attributes:
        journal: what objects from outside hold.
        brought: the variables of containers that the call brings, of which the key tells.
        apart: whether lists and dicts may not become one with another, as something is stored in some.
    """

    def __init__(self):
        self.journal = Journal()
        self._lines: list[str] = []
        self._count = itertools.count()
        self._constants: dict = {"_alike": alike}
        self._names: dict = {}  # of the constants, by their ids or what they are
        self._variables: dict[int, str] = {}
        self._done: set = set()
        self._kept: list = []
        self._handles: dict[int, tuple[Tensor, str]] = {}
        self.rows, self._before_rows = Many(), 0
        self._early: dict[int, str] = {}  # the variables that are known when the rows are read, if these are
        self._opaque: dict[tuple, Number] = {}
        self._inputs: dict[tuple, Tensor] = {}
        self._loose: dict[int, str] = {}  # the variables of containers of which nothing is read
        self.brought: dict[int, str] = {}
        self.apart = False

    # -- variables ------------------------------------------------------------------------------------------------

    def variable(self, obj) -> str | None:
        """The variable that holds an object from outside, None if it is not known as such."""
        return self._variables.get(id(obj))

    def constant(self, obj) -> str:
        """The name of an object that the checks hold on to."""
        # A number that is computed is another object in each trace.
        key = (type(obj), repr(obj)) if type(obj) in KINDS else id(obj)
        name = self._names.setdefault(key, f"c{len(self._names)}")
        self._constants[name] = obj
        return name

    def _named(self, obj) -> str:
        return self._variables.get(id(obj)) or self.constant(obj)

    def keeps(self, obj) -> None:
        """Remember an object that is made while the function is traced, and is not from outside."""
        self._kept.append(obj)

    def _know(self, obj, variable: str) -> str:
        self._variables[id(obj)] = variable
        self._kept.append(obj)
        self.journal.note(obj)
        return variable

    def _new(self, obj, expression: str) -> str:
        name = self._know(obj, f"v{next(self._count)}")
        self._line(f"{name} = {expression}")
        return name

    def dict_of(self, obj) -> str:
        """The variable that holds an object's own attributes."""
        own, expression = obj.__dict__, f"{self._variables[id(obj)]}.__dict__"
        if id(own) not in self._variables:
            if not self._in_rows():
                return self._new(own, expression)
            self._know(own, expression)
            if id(obj) in self._early:
                self._early[id(own)] = expression
        return self._variables[id(own)]

    def _in_rows(self) -> bool:
        """Whether what comes now is read in rows, as far as it can be."""
        # From here on variables are known to the rows only if they are given to them, where they are read.
        if not self._early and len(self._lines) > _FEW:
            self._early, self._before_rows = dict(self._variables), len(self._lines)
        return bool(self._early)

    def row_of(self, obj, numbers: dict[int, int]) -> int | None:
        """The number that rows have for what is known, be it known before; None if they have none."""
        if not self._in_rows():
            return None
        early = self._early.get(id(obj))
        return numbers.get(id(obj)) if early is None else self.rows.give(early)

    # -- lines ----------------------------------------------------------------------------------------------------

    def once(self, *key) -> bool:
        """Whether this is the first time that something is to be checked."""
        before = len(self._done)
        self._done.add(key)
        return len(self._done) > before

    def _line(self, line: str) -> None:
        if len(self._lines) > _MANY:  # Python compiles them slower and slower, and each call runs them
            raise Refused("it reads very many values")
        self._lines.append(line)

    def fail_if(self, condition: str) -> None:
        if self.once(condition):
            self._line(f"if {condition}: return None")

    def tensor_variable(self, handle: Tensor) -> str | None:
        """The variable that holds a Tensor from outside, None if it was not read in a way that is known."""
        value, name = self._handles.get(id(owner(handle)), (None, None))
        return name if value is None or owner(value) is value else f"{self.constant(owner)}({name})"

    def build(self, captured: list[tuple[Tensor, str | None]], distinct: int, beside: list[str]):
        """The checks: a function of what a call brings (pins, handles, numbers, containers), which gives the captured
        Tensors, or None if a check fails.

        Args:
            captured: the Tensors that the program takes besides its arguments, each with its variable.
            distinct: how many different Tensors arguments and captured ones are together.
            beside: the variables of what the checks give after these.
        """
        names = [variable or self.constant(handle) for handle, variable in captured]
        source, namespace = self.text(names, distinct, beside), dict(self._constants)
        # Nothing that was read is source text but names that `member_of` has let pass, and what `repr` makes of an
        # exact string or number. All else is a constant of a name of ours.
        exec(compile(source, "<guards>", "exec"), namespace)
        return namespace["check"]

    def text(self, names: list[str], distinct: int, beside: list[str]) -> str:
        """The source of the checks, which give the Tensors of these names, and what is beside them."""
        lines = [*self._lines, f"captured = [{', '.join(names)}]"]
        if names:  # two Tensors that have become one, or one that has become two, need another program
            lines.append(f"if len({{*map(id, captured), *map(id, handles)}}) != {distinct}: return None")
        if self.apart:
            tables = {id(getattr(obj, "__dict__", None)) for obj in self._kept}
            known = {id(v): self.variable(v) for v in self._kept if isinstance(v, (list, dict)) and id(v) not in tables}
            found = {key: name for key, name in known.items() if name} | self._loose
            all_of_them = ", ".join([*found.values(), "*containers"])
            lines += [f"if {found[key]} is not {self.brought[key]}: return None" for key in found.keys() & self.brought]
            lines.append(f"if len({{*map(id, [{all_of_them}])}}) != {len({*found, *self.brought})}: return None")
        if beside:
            lines.append(f"captured += [{', '.join(beside)}]")
        if self._early:
            read = f"many = {self.constant(self.rows.reader())}([{', '.join(self.rows.given)}])"
            lines.insert(self._before_rows, f"{read}\n        if many is None: return None")
        body = "\n        ".join(lines)
        source = f"def check(pins, handles, numbers, containers):\n    try:\n        {body}\n        return captured\n"
        return f"{source}    except {_ERRORS}:\n        return None\n"

    # -- numbers that differ from call to call --------------------------------------------------------------------

    def number(self, key: tuple, expression: str, value) -> Number:
        """A number is read that may be another one at the next call, of the same type."""
        if key not in self._opaque:
            self._opaque[key] = number = Number(f"n{next(self._count)}", value, self)
            self.fail_if(f"({number.variable} := {expression}).__class__ is not {self.constant(type(value))}")
            if isinstance(value, (np.ndarray, np.generic)):
                same = f"({number.variable}.dtype, {number.variable}.shape)"
                self.fail_if(f"{same} != {self.constant((value.dtype, value.shape))}")
        return self._opaque[key]

    def same_answer(self, text: str, answer: bool) -> bool:
        """How a comparison with such a number comes out."""
        self.fail_if(f"({text}) is not {answer}")
        return answer

    def input_of(self, number: Number, dtype):
        """The array of such a number, which the program takes."""
        key = number.variable, dtype
        if key not in self._inputs:
            with jax.ensure_compile_time_eval():
                self._inputs[key] = tensor = scalar(number.value, dtype)
            again = f"{self.constant(scalar)}({number.variable}, {self.constant(dtype)})"
            self._handles[id(tensor)] = tensor, again
        return raw(self._inputs[key])
