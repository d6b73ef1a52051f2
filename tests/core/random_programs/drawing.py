"""Random programs while they are drawn: a text, and what is known of its variables."""

from __future__ import annotations

import itertools
import random
from typing import NamedTuple

import numpy as np

from . import words


class Variable(NamedTuple):
    """What is known of a variable."""

    kind: str  # of its dtype
    shape: tuple[int, ...] | None  # None where it is not followed
    base: str = ""  # the name of the Tensor whose elements it shares, if it is a view
    way: str = ""  # of a view: "index", or "other" ways


class Program:
    """Statements, drawn one after the other. The first ones make Tensors, which are in `inputs`."""

    def __init__(self, seed: int):
        self.draw = random.Random(seed)
        self.statements: list[str] = []
        self.variables: dict[str, Variable] = {}
        for _ in range(self.draw.choice((1, 2, 2, 2, 3))):
            self.create()
        self.inputs = len(self.statements)
        for _ in range(self.draw.randint(3, 8)):
            kinds, weights = zip(*STATEMENTS.items(), strict=True)
            getattr(self, self.draw.choices(kinds, weights)[0])()

    # What statements are made of.

    def pick(self, options):
        return options[self.draw.randrange(len(options))]

    def chance(self, probability: float) -> bool:
        return self.draw.random() < probability

    def name(self) -> str:
        """The later ones more often, since they are what came of the others."""
        names = [*self.variables]
        return max(self.pick(names), self.pick(names), key=names.index)

    def bind(self, expression: str, kind: str, shape: tuple[int, ...] | None, base: str = "", way: str = "") -> None:
        """By a new name, or by one of a Tensor that is no part of others."""
        free = [name for name in self.variables if not self.shared(name) and name not in expression]
        name = self.pick(free) if free and self.chance(0.15) else "abcdefghijklmnop"[len(self.variables)]
        self.statements.append(f"{name} = {expression}")
        self.variables[name] = Variable(kind, shape, base, way)

    def shared(self, name: str) -> bool:
        """Whether it is a view, or has one."""
        return bool(self.variables[name].base) or any(one.base == name for one in self.variables.values())

    def of_axes(self, table: dict[int, tuple[str, ...]], shape: tuple[int, ...] | None) -> str:
        """Of what needs no more axes than there are; mostly of what needs as many."""
        most = min(len(shape or ()), max(table))
        return self.pick(table[most if self.chance(0.7) else self.draw.randint(0, most)])

    def axis(self, shape: tuple[int, ...] | None) -> int:
        if not shape:
            return self.pick((0, 0, -1))
        return self.draw.randint(-len(shape), len(shape) - 1) if self.chance(0.96) else len(shape)

    def operand(self, shape: tuple[int, ...] | None, broadcast_to: bool = False) -> str:
        """A number, a variable that is broadcast with the shape (or to it), or a new Tensor of the shape or less."""
        if self.chance(0.4):
            return self.scalar()
        if self.chance(0.04):
            return self.pick(("np.float32(1.5)", "[1, 2, 3]", "None", "np.ones(3, np.float32)", "'a'", "np.int64(2)"))
        return self.fitting(shape, _fits_to if broadcast_to else _fits)

    def fitting(self, shape: tuple[int, ...] | None, fits) -> str:
        fitting = [name for name, one in self.variables.items() if fits(one.shape, shape)]
        if fitting and self.chance(0.75):
            return self.pick(fitting)
        return self.tensor(self.pick(words.DTYPES), (shape or ())[self.draw.randint(0, len(shape or ())) :])

    def scalar(self) -> str:
        return self.pick(words.ODD_NUMBERS if self.chance(0.12) else words.NUMBERS)

    def tensor(self, dtype: str, shape: tuple[int, ...]) -> str:
        values = [self.number(words.KINDS[dtype]) for _ in range(int(np.prod(shape)))]
        text = f"[{', '.join(values)}]" if shape else values[0]
        return f"Tensor({text}, ms.{dtype}){f'.reshape({shape})' if len(shape) > 1 else ''}"

    def number(self, kind: str) -> str:
        if kind in words.SPECIAL and self.chance(0.03):
            return str(self.pick(words.SPECIAL[kind]))
        whole = self.draw.randint(0 if kind in ("bool", "uint") else -4, 5)
        if kind == "bool":
            return str(whole > 2)
        if kind == "complex":
            return f"{whole}{self.pick(('+1j', '-2j', '+0j'))}"
        return str(whole + self.pick((0.0, 0.25, 0.5)) if kind == "float" else whole)

    # Statements.

    def create(self) -> None:
        dtype, shape = self.pick(words.DTYPES), self.pick(words.EMPTY if self.chance(0.03) else words.SHAPES)
        kind = self.draw.random()
        if kind < 0.85:
            return self.bind(self.tensor(dtype, shape), words.KINDS[dtype], shape)
        number = self.scalar()
        if kind < 0.92:
            text = self.pick(words.CREATED).format(shape=shape, dtype=dtype, number=number)
            return self.bind(text, words.KINDS[dtype], shape)
        return self.bind(self.pick(words.RANGES).format(dtype=dtype, shape=shape, number=number), "float", None)

    def alias(self) -> None:
        name = self.name()
        kind, shape, base, way = self.variables[name]
        self.bind(name, kind, shape, base or name, way or "alias")

    def arithmetic(self) -> None:
        name = self.name()
        variable = self.variables[name]
        operator = self.pick(words.ARITHMETIC if self.chance(0.85) else words.LOGIC)
        other = self.operand(variable.shape)
        text = f"{other} {operator} {name}" if self.chance(0.3) else f"{name} {operator} {other}"
        self.bind(text, "float" if operator == "/" else variable.kind, variable.shape)

    def comparison(self) -> None:
        name = self.name()
        shape = self.variables[name].shape
        text = f"{name} {self.pick(words.COMPARISONS)} {self.operand(shape)}"
        self.bind(text, "bool", shape)

    def augmented(self) -> None:
        name = self.name()
        operator = self.pick(words.ARITHMETIC if self.chance(0.9) else words.LOGIC)
        self.statements.append(f"{name} {operator}= {self.operand(self.variables[name].shape, broadcast_to=True)}")

    def paired(self) -> None:
        name = self.name()
        kind, shape, *_ = self.variables[name]
        self.bind(self.pick(words.PAIRED).format(name, self.operand(shape)), kind, shape)

    def elementwise(self) -> None:
        name = self.name()
        given = self.pick(("same", "same", "same", "float", "float", "bool", "int"))
        kind, shape, base, _ = self.variables[name]
        text = self.pick(words.ELEMENTWISE[given])
        view = (base or name, "other") if text in words.SAME else ()
        self.bind(text.format(name), kind if given == "same" else given, None if "nonzero" in text else shape, *view)

    def converted(self) -> None:
        name, dtype = self.name(), self.pick(words.DTYPES)
        shape, base = self.variables[name].shape, self.variables[name].base
        text = self.pick(words.CONVERTED).format(name, dtype=dtype)
        self.bind(text, words.KINDS[dtype], shape, base or name, "other")  # it may have had the dtype

    def reduced(self) -> None:
        name = self.name()
        kind, shape, *_ = self.variables[name]
        if shape is None or self.chance(0.3):
            self.bind(self.pick(words.REDUCTIONS).format(name), kind, () if shape is not None else None)
        else:
            axis, table = self.axis(shape), self.pick((words.ALONG, words.ALONG, words.KEPT, words.RUNNING))
            self.bind(self.pick(table).format(name, axis=axis), kind, _along(shape, axis, table))

    def viewed(self) -> None:
        name = self.name()
        kind, shape, base, way = self.variables[name]
        text = self.of_axes(words.VIEWS, shape)
        by_index = way in ("", "index") and text.startswith("{}[") and "None" not in text
        way = "index" if by_index else "other"
        self.bind(text.format(name), kind, _shape(text.format("x"), shape), base or name, way)

    def shaped(self) -> None:
        name = self.name()
        kind, shape, *_ = self.variables[name]
        text = self.of_axes(words.SHAPED, shape)
        view = (self.variables[name].base or name, "other") if any(map(text.__contains__, words.PARTS)) else ()
        self.bind(text.format(name), kind, _shape(text.format("x"), shape), *view)

    def written(self) -> None:
        name = self.name()
        index = self.of_axes(words.WRITTEN, self.variables[name].shape)
        # What such a write reaches differs, and so does whether its value is copied: "All writes reach the base".
        if self.shared(name) and not _is_basic(index):
            self.written_by_method()
        elif self.chance(0.1) and not self.shared(name):
            self.statements.append(f"{name}[{self.pick(words.WHOLE)}] = {self.scalar()}")
        else:
            self.assigned(name, index)

    def assigned(self, name: str, index: str) -> None:
        value = self.operand(_shape(f"x[{index.format('x')}]", self.variables[name].shape), broadcast_to=True)
        if self.chance(0.2) and _is_basic(index):
            self.statements.append(f"{name}[{index}] {self.pick(words.ARITHMETIC)}= {value}")
        else:
            self.statements.append(f"{name}[{index.format(name)}] = {value}")

    def written_by_method(self) -> None:
        name = self.name()
        text = self.pick(words.WRITING)
        self.statements.append(text.format(name, self.fitting(self.variables[name].shape, _fits_to)))

    def told(self) -> None:
        self.statements.append(f"told = {self.pick(words.TOLD).format(self.name())}")


STATEMENTS = {
    "arithmetic": 16, "augmented": 9, "comparison": 4, "paired": 14, "elementwise": 12, "converted": 6, "reduced": 10,
    "viewed": 14, "shaped": 6, "written": 15, "written_by_method": 3, "told": 5, "alias": 2, "create": 2,
}  # fmt: skip


def _is_basic(index: str) -> bool:
    """Whether it has but integers and slices."""
    return not any(part in index for part in ("[", "Tensor", "None", "...", "True", "{", "()"))


def _fits(shape, other) -> bool:
    if shape is None or other is None:
        return shape == other
    return all(a == b or 1 in (a, b) for a, b in zip(reversed(shape), reversed(other), strict=False))


def _fits_to(shape, target) -> bool:
    if shape is None or target is None:
        return shape == target
    pairs = itertools.zip_longest(reversed(shape), reversed(target))
    return all(a in (b, 1, None) for a, b in pairs)


def _along(shape: tuple[int, ...], axis: int, table) -> tuple[int, ...] | None:
    if not shape or table is words.RUNNING:
        return shape
    if not -len(shape) <= axis < len(shape):
        return None
    axis %= len(shape)
    return (*shape[:axis], *((1,) if table is words.KEPT else ()), *shape[axis + 1 :])


def _shape(expression: str, shape: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """The shape of what an expression of `x` gives, if it is one of what numpy has too."""
    if shape is None:
        return None
    names = {"x": _Like(np.zeros(shape)), "ops": _Functions(), "mint": _Functions(), "Tensor": np.array}
    try:
        return eval(expression, names).array.shape
    except Exception:
        return None


class _Functions:
    """Functions that are methods, too."""

    def __getattr__(self, name):
        return lambda x, *arguments: getattr(x, name)(*arguments)


class _Like:
    """An array with those methods of Tensors that give views."""

    def __init__(self, array):
        self.array = np.asarray(array)

    T = property(lambda self: _Like(self.array.T))

    def __getitem__(self, index):
        return _Like(self.array[index])

    def __gt__(self, number):
        return self.array > number

    __eq__ = __ge__ = __gt__

    def __getattr__(self, name: str):
        names = {"permute": "transpose", "view": "reshape", "flatten": "ravel", "t": "transpose", "copy": "copy"}
        method = getattr(self.array, names.get(name, name))
        return lambda *arguments: _Like(method(*arguments))

    def expand_dims(self, axis):
        return _Like(np.expand_dims(self.array, axis))

    unsqueeze = expand_dims

    def narrow(self, axis, start, length):
        return _Like(self.array.take(range(start, start + length), axis))

    def select(self, axis, index):
        return _Like(self.array.take(index, axis))

    def movedim(self, source, target):
        return _Like(np.moveaxis(self.array, source, target))
