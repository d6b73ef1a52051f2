"""What a watch does where something is changed: Tensors may be, and what the function itself has made; of objects from
outside only what stores something, which can be done again after each run (see `stores`).
"""

from __future__ import annotations

import functools
import operator
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

from msjax.compile.classes import is_shown
from msjax.compile.foreign import IMMUTABLE
from msjax.compile.operands import is_plain
from msjax.compile.origin import holder, is_user, static
from msjax.compile.refusal import Refused
from msjax.compile.stores import CONTAINERS, Stores
from msjax.core.cells import is_cell, registry_of
from msjax.core.demands import taker
from msjax.core.dtype import DType
from msjax.core.opaque import KINDS, Number
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor

_OF_CELLS = frozenset("_params _cells _buffers training requires_grad".split())  # what Cells keep for themselves


class Changes:
    """The part of a watch for assignments and deletions.

    Attributes:
        stores: what is stored in objects from outside.
        counters: the numbers that are read from outside, and changed, so that they differ from call to call: what has
            them, and their names, as in `Guards.numbers`.
    """

    def __init__(self, watch):
        self._watch, self._guards = watch, watch.guards
        self.stores = Stores(watch.guards)
        self.counters: set[tuple] = set()

    def mutates(self, value) -> None:
        """`value` is about to be changed in place, if it can be."""
        self._watch.go_on()
        if not isinstance(value, (Tensor, *IMMUTABLE)) and value is not None and self._watch.is_outer(value):
            raise Refused(f"it changes a {type(value).__name__} in place")

    def set_attr(self, obj, name: str, value) -> None:
        """`obj.name = value`."""
        self._watch.go_on()
        name = str.__str__(name)  # no string of a class of the user's
        if is_shown(static(type(obj), "__setattr__")):
            return setattr(obj, name, value)
        if self._watch.is_new(obj) and not isinstance(obj, Tensor):
            return self._set_own(obj, name, value)
        held: Any = getattr(obj, "__dict__", {}).get(name)
        if is_cell(obj) and isinstance(held, Parameter) and type(value) is Tensor:
            self._watch.attr(obj, name)
            setattr(obj, name, value)  # the Parameter takes on the value
        elif isinstance(value, (Tensor, list, dict)) and held is value and static(type(obj), name) is None:
            self._watch.attr(obj, name)  # as after `self.count += 1`, which wrote into the Tensor that is there
        elif self._only_stores(obj, name, value) and self._may_be_stored(value, []):
            self._note_counter((id(obj.__dict__), name), value)
            self.stores.attribute(obj, name, value)
        else:
            raise Refused(f"it assigns the attribute {name}")
        return None

    def _only_stores(self, obj, name: str, value) -> bool:
        """Whether assigning an attribute of an object from outside does nothing but store the value, once for each
        time that it is seen."""
        cls = type(obj)
        owner, setter = holder(cls, name), holder(cls, "__setattr__")
        member = None if owner is None else vars(owner)[name]
        if (
            self._guards.variable(obj) is None
            or isinstance(obj, (Tensor, tuple, list, dict))
            or not hasattr(obj, "__dict__")
            or not (is_cell(obj) or is_user(cls))
            or hasattr(type(member), "__get__")
            or hasattr(type(member), "__set__")
            or taker() is None  # in a `scan` of JAX's, say, which runs the function once for all steps
        ):
            return False
        if owner is not None:
            self._guards.no_setter(cls, name)
        if not is_cell(obj):
            return setter is object
        if setter is None or is_user(setter) or name in {*_OF_CELLS, *cls._CALL_MODES, *cls._NOT_COMPUTED_WITH}:
            return False
        self._watch.attributes.library_method(cls, "__setattr__")
        registry = registry_of(obj, name)
        self._guards.same_registry(obj, name, registry)
        return registry is None or (registry == "_buffers" and type(value) is type(obj.__dict__.get(name)) is Tensor)

    def _may_be_stored(self, value, above: list) -> bool:
        """Whether an object from outside may hold a value: Tensors, plain values, new containers of such."""
        kind = type(value)
        if kind is Tensor:
            return not value._hooks
        if kind not in (list, dict, OrderedDict) and not isinstance(value, tuple):
            return is_plain(value) or isinstance(value, DType) or (kind is Number and type(value.value) in KINDS)
        if self._watch.is_outer(value) or any(value is v for v in above):
            return False
        parts = (*value, *value.values()) if isinstance(value, dict) else value
        return all(self._may_be_stored(v, [*above, value]) for v in parts)

    def _note_counter(self, place: tuple, value) -> None:
        """What may be a number that has been read is about to become another one."""
        before = self._guards.numbers.get(place)
        if before is not None and (type(value) is Number or (type(value) is type(before) and value != before)):
            self.counters.add(place)

    def _set_own(self, obj, name: str, value) -> None:
        member = static(type(obj), name)
        if isinstance(member, property) and member.fset is not None:
            self._guards.same_accessor(type(obj), name, member.fset, "fset")
            self._watch.call(member.fset, obj, value)
        elif is_user(type(member)) and hasattr(type(member), "__set__"):
            raise Refused(f"it assigns {name} by a descriptor")
        else:
            setattr(obj, name, value)

    def set_item(self, obj, index, value) -> None:
        """`obj[index] = value`."""
        self._watch.go_on()
        if isinstance(obj, Tensor):
            obj[index] = value
        elif type(obj) in CONTAINERS and self._guards.is_held(obj):
            self._set_outer(obj, index, value)
        else:
            self._changes_element(obj, isinstance(obj, dict) or type(obj) is np.ndarray)
            obj[index] = value

    def _set_outer(self, container, index, value) -> None:
        """An element of a container from outside, all of which is checked."""
        here = container.get(index) if isinstance(container, dict) and is_plain(index) else None
        in_list = type(container) is list and type(index) is int and -len(container) <= index < len(container)
        if in_list:
            index %= len(container)
            here = container[index]
        if isinstance(value, Tensor) and here is value:
            return  # as after `self.table["count"] += 1`, which wrote into the Tensor that is there
        both = is_plain(value) and is_plain(here) and here is not None
        differs = type(value) is Number or (both and value != here)  # from call to call
        if (
            differs
            or not (in_list or (isinstance(container, dict) and is_plain(index)))
            or not self._may_be_stored(value, [])
            or self._guards.is_table(container)
            or self._watch.numbers.is_replaced(container)
            or taker() is None
        ):
            raise Refused(f"it changes a {type(container).__name__} in place")
        self.stores.item(container, index, value)

    def updates(self, function: Any) -> bool:
        """Whether a method, `update`, is that of a dict from outside, all of which is checked."""
        return isinstance(function.__self__, dict) and self._guards.is_held(function.__self__)

    def set_items(self, container: dict, others: Any = (), /, **names) -> None:
        """`container.update(others, **names)`."""
        if type(others) is not dict and others != ():
            raise Refused(f"it changes a {type(container).__name__} in place")
        for key, value in {**dict(others), **names}.items():
            self.set_item(container, key, value)

    def part(self, kind: str, obj, key):
        """`obj.key` or `obj[key]`, when something is about to be appended to it, or to a part of it. What else is in a
        container from outside does not matter then."""
        self._watch.go_on()
        if kind == "attr":
            return self._watch.attributes.container(obj, key)
        guards = self._guards
        if not guards.is_loose(obj):
            return self._watch.item(obj, key)
        if is_plain(key) and isinstance(obj, defaultdict) and key not in obj and obj.default_factory is list:
            guards.makes_list(obj, key)
            self.stores.item(obj, key, [])
        if is_plain(key) and ((id(obj), key) in guards.stored or guards.loose_in(obj, key)):
            return obj[key]
        raise Refused(f"it reads a {type(obj).__name__} of which it changes a part")

    def appends(self, obj) -> Callable:
        """`obj.append`, which takes what is appended."""
        if type(obj) is not list or not self._guards.is_loose(obj):
            return functools.partial(self._watch.call, self._watch.attr(obj, "append"))
        return functools.partial(self._append, obj)

    def _append(self, container: list, value) -> None:
        self._watch.go_on()
        if taker() is None or not self._may_be_stored(value, []):
            raise Refused("it calls list.append, which may change what is outside")
        self.stores.append(container, value)

    def del_item(self, obj, index) -> None:
        """`del obj[index]`."""
        self._changes_element(obj, type(obj) is dict)
        self._watch.operand(index)
        del obj[index]

    def _changes_element(self, obj, plain: bool) -> None:
        self.mutates(obj)
        if type(obj) is not list and not plain and not is_user(type(obj)):
            raise Refused(f"it changes an element of a {type(obj).__name__}")

    def del_attr(self, obj, name: str) -> None:
        raise Refused("it deletes attributes")

    def update(self, kind: str, obj, key) -> Callable:
        """`obj.name += ...`, `obj[index] += ...` and their kin: gives what takes the operation and an operand."""
        read, store = {"attr": (self._watch.attr, self.set_attr), "item": (self._watch.item, self.set_item)}[kind]
        before = read(obj, key)
        return lambda operation, value: store(obj, key, self.updated(before, operation, value))

    def updated(self, before, operation: str, value):
        """What becomes of a value by `+=` and its kin."""
        self.mutates(before)
        value = self._watch.operands.formatted(before, value) if operation == "mod" else value
        return getattr(operator, f"i{operation}")(before, value)
