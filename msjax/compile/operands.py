"""What a watch does with values as a whole: elements, operands, what is formatted, compared, matched or entered."""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import operator
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from msjax.compile.classes import check_class, is_namespace
from msjax.compile.foreign import MANAGERS
from msjax.compile.origin import is_library, is_user, origin
from msjax.compile.refusal import Refused
from msjax.core.cells import is_cell
from msjax.core.dtype import DType
from msjax.core.opaque import fixed
from msjax.core.tensor import Tensor
from msjax.shims.lengths import has_lengths

_SHOWN = (str, bytes, int, float, complex, type(None), type(...), range, np.ndarray, np.generic, np.dtype, DType)
_CONTAINERS = (list, tuple, dict, set, frozenset)
# What is one and the same object wherever it has one value, or is known by identity.
_ONES = (bool, type(None), type(...), type, ModuleType, enum.Enum, DType)


class Operands:
    """The part of a watch for what expressions and statements do with values."""

    def __init__(self, watch):
        self._watch, self._guards = watch, watch.guards

    def item(self, obj: Any, index):
        """`obj[index]` is read."""
        self._watch.go_on()
        if hasattr(type(obj), "__missing__") and index not in obj:  # as a defaultdict, which would add it
            raise Refused(f"it reads a missing key of a {type(obj).__name__}")
        if isinstance(obj, Tensor):
            return self._watch.calls.outside(operator.getitem, (obj, index), {})
        if isinstance(obj, dict) and has_lengths(index):
            raise Refused("it looks for an element by the length of a Tensor")
        if isinstance(obj, type):
            check_class(obj)
            if any("__class_getitem__" in vars(c) for c in filter(is_user, obj.__mro__)):
                raise Refused(f"it takes an element of the class {obj.__name__}")
        # A key is compared; a function that is made anew each time is equal to no other.
        if isinstance(index, FunctionType) and isinstance(obj, dict) and self._guards.variable(obj):
            self._guards.same_object(self._guards.variable(index), index)
        else:
            self.operand(index)
        element = obj[index]  # pyright: ignore[reportIndexIssue]
        if isinstance(index, slice) and is_cell(element) and is_library(obj):
            self._watch.made(element)  # of the same layers
        return element

    # -- what is formatted ----------------------------------------------------------------------------------------

    def shown(self, value):
        """A value is formatted."""
        self._watch.go_on()
        value = fixed(value)
        if isinstance(value, _CONTAINERS) and not is_user(type(value)):
            for element in _elements(value):
                self.shown(element)
        elif not isinstance(value, _SHOWN):
            raise Refused(f"it formats a {type(value).__name__}")
        return value

    def formatted(self, text, value):
        """`text % value`, if it is a text: gives the value."""
        return self.shown(value) if isinstance(text, (str, bytes)) else value

    def modulo(self, left, right):
        """`left % right`."""
        return left % self.formatted(left, right)

    # -- what is compared -----------------------------------------------------------------------------------------

    def operand(self, value):
        """A value is compared: what dataclasses hold is read for that."""
        for leaf in self._leaves(value):
            if isinstance(leaf, FunctionType) and origin(leaf) == "user":
                raise Refused("it compares a function with others")  # one made anew may take its place
            if is_namespace(type(leaf)):
                raise Refused(f"it compares a {type(leaf).__name__} with others")
        return value

    def element(self, value):
        """A value is an element of a set, a key of a dict, or looked for in one."""
        if has_lengths(value):  # whose hashes say nothing
            raise Refused("it looks for the length of a Tensor among other values")
        return value

    def copied(self, value, **how) -> None:
        """A value is about to be copied, as `dataclasses.asdict` does."""
        for leaf in self._leaves(value):
            if not isinstance(leaf, Tensor) and not is_plain(leaf):
                raise Refused(f"it copies a {type(leaf).__name__}")

    def _leaves(self, value) -> Iterator:
        """What is in containers and dataclasses."""
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            parts: Any = [fixed(self._watch.attr(value, field.name)) for field in dataclasses.fields(value)]
        elif isinstance(value, _CONTAINERS):
            parts = _elements(value)
        else:
            yield value
            return
        for part in parts:
            yield from self._leaves(part)

    def same(self, first, second) -> bool:
        """`first is second`."""
        self._watch.go_on()
        answer = first is second
        one, other = self._guards.variable(first), self._guards.variable(second)
        if one is not None and other is not None:
            self._guards.same_answer(f"{one} is {other}", answer)
        elif any(isinstance(value, _ONES) or self._is_single(value) for value in (first, second)):
            pass  # told apart by their values already
        elif not all(isinstance(value, Tensor) or self._watch.is_new(value) for value in (first, second)):
            raise Refused("it compares values by identity")
        return answer

    def _is_single(self, value) -> bool:
        """Whether a value is an object that counts by identity."""
        kind = type(value)
        counts = kind is object or is_cell(value) or (is_user(kind) and not isinstance(value, tuple))
        return counts and id(value) not in self._guards.outer

    # -- statements -----------------------------------------------------------------------------------------------

    def subject(self, value, names: tuple[str, ...], *classes):
        """A value is compared with patterns that are about attributes of these names, and about classes."""
        self._watch.go_on()
        value, attributes = fixed(value), self._watch.attributes
        if isinstance(value, (list, tuple, dict)) and not is_user(type(value)):
            for element in value.values() if isinstance(value, dict) else value:
                self.subject(element, names, *classes)
        elif is_user(type(value)):
            attributes.isinstance(value, classes)
            for name in {*names, *getattr(type(value), "__match_args__", ())}:
                if attributes.hasattr(value, name):
                    self.subject(attributes.read(value, name), names, *classes)
        return value

    def manager(self, value):
        """A value is entered by `with`."""
        kind = type(value)
        if (
            kind not in MANAGERS
            and not hasattr(kind, "__changes_nothing__")
            and not (is_user(kind) and "__enter__" in dir(kind))
        ):
            raise Refused(f"it enters a {kind.__name__}")
        # It would swallow what stops a trace.
        if BaseException in getattr(value, "_exceptions", ()):
            raise Refused(f"it suppresses every exception by a {kind.__name__}")
        if isinstance(value, contextlib.AbstractContextManager) or is_user(kind):
            self._watch.swallowing()
        return value


def _elements(container):
    return (*container, *container.values()) if isinstance(container, dict) else container


def is_plain(value) -> bool:
    """Whether a value is a number, a string, or a tuple of such."""
    plain = type(value) is tuple and all(map(is_plain, value))
    return plain or type(value) in (int, float, bool, str, bytes, type(None))
