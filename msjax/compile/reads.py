"""What a watch does where something is read: each becomes a check, unless reading it would run a function unseen."""

from __future__ import annotations

import abc
import builtins
import dataclasses
import enum
import functools
import logging
import operator
import sys
from collections.abc import Iterator
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from msjax.compile import purity
from msjax.compile.fingerprint import data_of
from msjax.compile.purity import BUILT_IN, is_cell, is_library, is_user, place, static
from msjax.core.dtype import DType
from msjax.core.opaque import KINDS, Number, fixed, value_of
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor

_METHODS = (FunctionType, classmethod, staticmethod)
_SHOWN = (str, bytes, int, float, complex, type(None), type(...), range, np.ndarray, np.generic, np.dtype, DType)
_CONTAINERS = (list, tuple, dict, set, frozenset)
# Descriptors of Tensors that give what it has besides its elements; `name` tells by itself that it is read.
_SETTINGS = frozenset(
    "__dict__ __weakref__ _array _variable has_init requires_grad layerwise_parallel parallel_optimizer".split()
)
# What is one and the same object wherever it has one value, or is known by identity.
_ONES = (bool, type(None), type(...), type, ModuleType, enum.Enum, DType)
_OF_ARRAYS = ("shape", "dtype", "T", "ndim", "size", "nbytes", "itemsize", "real", "imag")  # which the checks cover
_MANAGERS = ("_no_grad", "nullcontext", "suppress", "_GeneratorContextManager")  # which do nothing unseen


class Reads:
    """The part of a watch that reads go by."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """What else `Watch` has."""

    def name(self, name: str):
        """A global variable or builtin is read."""
        self.go_on()
        namespace = sys._getframe(1).f_globals
        if type(value := namespace.get(name)) in KINDS and (made := self._number(namespace, name, value)) is not None:
            return made
        self.guards.global_(namespace, name)
        if name in namespace:
            return namespace[name]
        if not hasattr(builtins, name):
            raise NameError(f"name {name!r} is not defined", name=name)
        return getattr(builtins, name)

    def _number(self, held: dict, name: str, value, obj=None) -> Number | None:
        """A number that was another one when an earlier program was made, as one that differs from call to call."""
        key, known = (id(held), name), self._known
        self.guards.numbers[key] = before = known.get(key, value)
        if type(before) is type(value) and before == value:
            return None
        self.guards.numbers[key] = None  # it differs
        holder = self.guards.constant(held) if obj is None else self.guards.dict_of(obj)
        return self.guards.number(key, f"{holder}[{name!r}]", value)

    # -- attributes -----------------------------------------------------------------------------------------------

    def attr(self, obj, name: str):
        """`obj.name` is read."""
        self.go_on()
        obj = fixed(obj) if type(obj) is Number else obj
        try:
            return self._attribute(obj, name)
        except AttributeError:  # which may be caught
            self._has_not(obj, name)
            raise

    def _attribute(self, obj, name: str):
        if isinstance(obj, Tensor):
            return self._tensor_attribute(obj, name)
        if isinstance(obj, (ModuleType, type)):
            return self._member(obj, name)
        if isinstance(obj, super):
            return self._of_super(obj, name)
        if isinstance(obj, FunctionType):
            return self._of_function(obj, name)
        if isinstance(obj, logging.Logger) and name not in ("debug", "info"):
            self.refuse(f"it reads {name} of a logger")
        if self.guards.variable(obj) is None or (type(obj) is np.ndarray and name in _OF_ARRAYS):
            return self._own_attribute(obj, name)
        return self._outer_attribute(obj, name)

    def _property(self, cls: type, name: str, getter: Any, obj):
        """What a property of the user's gives."""
        self.guards.accessor(cls, name, getter)
        return self.call(getter, obj)

    def _descriptor(self, name: str):
        self.refuse(f"it reads {name} by a descriptor")

    def _tensor_attribute(self, tensor: Tensor, name: str):
        cls = type(tensor)
        holder = purity.holder(cls, name) or cls
        found = vars(holder).get(name)
        if isinstance(found, property) and is_user(holder):
            return self._property(cls, name, found.fget, tensor)
        if name in tensor.__dict__ or name in _SETTINGS or (found is not None and not hasattr(type(found), "__get__")):
            self._setting(tensor, name)
            return getattr(tensor, name)
        if isinstance(found, _METHODS) and is_user(holder):
            self.guards.member(cls, name, getattr(cls, name))
        elif is_user(holder) and found is not None:
            self._descriptor(name)
        else:
            self._method_of_tensor(name, cls)
        if self.guards.variable(tensor) is not None and not isinstance(found, property):
            self.guards.no_attribute(tensor, name)
        return getattr(tensor, name)

    def _method_of_tensor(self, name: str, kind: type = Tensor) -> None:
        """A method or property of Tensors is used: it may be replaced later."""
        self.guards.no_additions(Tensor, Parameter)
        self._keeps_method(kind, name)

    def _keeps_method(self, cls: type, name: str) -> None:
        """Refuse if a method or property of a library class is the user's; note that it must not be replaced later."""
        member = getattr(cls, name, None)
        method = member.fget if isinstance(member, property) else member
        if isinstance(method, FunctionType) and place(method) != "msjax":
            self.refuse(f"{cls.__name__}.{name} has been replaced")
        if member is not None:
            self.guards.fixed(cls, name)

    def named(self, parameter: Parameter) -> None:
        """The name of a Parameter is read, be it by msjax."""
        self._setting(parameter, "_name")

    def _setting(self, tensor: Tensor, name: str) -> None:
        if self.guards.variable(tensor) is None:
            self.refuse(f"it reads {name} of a {type(tensor).__name__}")
        self.guards.member(tensor, name, getattr(tensor, name))

    def _member(self, owner, name: str):
        module = owner.__name__ if isinstance(owner, ModuleType) else owner.__module__
        known = module.partition(".")[0] in ("jax", "jaxlib", "numpy", "msjax", "mindspore")
        if not known and self._runs_on_reading(owner, name):
            self.refuse(f"it reads {name} of {owner.__name__}, which runs a function")
        value = getattr(owner, name)
        if module.partition(".")[0] in ("jax", "numpy") and place(value) != "user":
            self.guards.fixed(owner, name)
        else:
            self.guards.member(owner, name, value)
        return value

    @staticmethod
    def _runs_on_reading(owner, name: str) -> bool:
        """Whether reading a member of a module or a class runs a function of the user's."""
        if isinstance(owner, ModuleType):
            return type(owner) is not ModuleType or (name not in vars(owner) and "__getattr__" in vars(owner))
        purity.check_class(owner)
        found = static(owner, name)
        return not isinstance(found, (*_METHODS, property)) and is_user(type(found)) and hasattr(type(found), "__get__")

    def _of_function(self, function: FunctionType, name: str):
        if self.guards.variable(function) is None or not name.startswith("__"):
            self.refuse(f"it reads {name} of a function")
        value = getattr(function, name)
        self.guards.member(function, name, value)
        return value

    def _of_super(self, obj: Any, name: str):
        """What a class inherits; that it does not inherit it from a class in between is checked too."""
        order = obj.__self_class__.__mro__
        for holder in order[order.index(obj.__thisclass__) + 1 :]:
            if name in vars(holder):
                break
            self.guards.not_in(holder, name)
        else:
            return getattr(obj, name)  # raises the right error
        found = vars(holder)[name]
        if isinstance(obj.__self__, Tensor) and not is_user(holder):
            self._tensor_attribute(obj.__self__, name)
        if isinstance(found, property) and is_user(holder):
            return self._property(holder, name, found.fget, obj.__self__)
        if isinstance(found, (*_METHODS, *BUILT_IN)) or not hasattr(type(found), "__get__"):
            self.guards.member(holder, name, getattr(holder, name))
        elif is_user(holder):
            self._descriptor(name)
        return getattr(obj, name)

    def _own_attribute(self, obj, name: str):
        """Of an object that was made meanwhile, or a plain value."""
        cls, own = type(obj), getattr(obj, "__dict__", {})
        found = static(cls, name)
        given = id(obj) in self.guards.outer  # and the key tells what is in it
        if given and found is not None and name in (data_of(obj) or ()):
            self.guards.fixed(cls, name)  # by which the value is found
            return getattr(obj, name)
        if isinstance(found, property) and is_user(cls):
            return self._property(cls, name, found.fget, obj)
        if isinstance(found, functools.partialmethod):
            return self._partial_method(obj, name, found)
        if found is not None and is_user(cls) and name not in own:
            if isinstance(found, (*_METHODS, property)) or not hasattr(type(found), "__get__"):
                self.guards.member(cls, name, getattr(cls, name))
            elif is_user(type(found)):
                self._descriptor(name)
        known = given or id(obj) in self._made or isinstance(obj, (tuple, BaseException, enum.Enum))
        if (is_user(cls) or is_cell(obj)) and not known:
            self.refuse(f"a {cls.__name__} comes from an unknown place")
        if isinstance(obj, MethodType) and name not in ("__self__", "__func__"):
            return self._of_function(obj.__func__, name)
        if isinstance(obj, tuple) and is_user(cls) and name in own:
            self.refuse(f"it reads {name}, which was set on a tuple")
        value = getattr(obj, name)
        if isinstance(obj, enum.Enum) and not isinstance(value, MethodType):
            self.guards.member(obj, name, value)
        return value

    def _outer_attribute(self, obj, name: str):
        cls, own = type(obj), getattr(obj, "__dict__", {})
        found = static(cls, name)
        if name == "__class__" and found is object.__dict__["__class__"]:
            return obj.__class__
        if name == "__dict__" and is_user(cls) and not is_cell(obj):
            self.guards.attributes(obj)
            return obj.__dict__
        if isinstance(found, property) and found.fget is not None and place(found.fget) != "msjax":
            return self._property(cls, name, found.fget, obj)
        if isinstance(found, property) and (is_cell(obj) or is_library(obj)):
            self.guards.layer(obj)
        elif isinstance(obj, tuple) and name in getattr(cls, "_fields", ()):
            pass  # an element
        elif found is not None and hasattr(type(found), "__set__"):
            if type(found).__name__ != "member_descriptor":
                self._descriptor(name)
            self.guards.member(obj, name, getattr(obj, name))
        elif name in own:
            if hasattr(cls, name):
                self.guards.plain_member(cls, name)
            if type(own[name]) in KINDS and (made := self._number(own, name, own[name], obj)) is not None:
                return made
            self.guards.attribute(obj, name, own[name])
            return own[name]
        elif isinstance(found, functools.partialmethod):
            return self._partial_method(obj, name, found)
        elif found is None:  # `__getattr__` is asked, which is seen
            self.guards.no_attribute(obj, name)
        elif isinstance(found, _METHODS) or not hasattr(type(found), "__get__"):
            self.guards.no_attribute(obj, name)
            self.guards.member(cls, name, getattr(cls, name))
        elif not isinstance(found, BUILT_IN):
            self._descriptor(name)
        return getattr(obj, name)

    def _partial_method(self, obj, name: str, found: functools.partialmethod):
        holder = purity.holder(type(obj), name)
        self.guards.value(f"{self.guards.constant(holder)}.__dict__[{name!r}]", found)
        if self.guards.variable(obj) is not None:
            self.guards.no_attribute(obj, name)
        return functools.partial(MethodType(found.func, obj), *found.args, **found.keywords)

    # -- builtins that read attributes ----------------------------------------------------------------------------

    def _getattr(self, obj, name, *default):
        try:
            return self.attr(obj, str.__str__(name))
        except AttributeError:
            if not default:
                raise
            return default[0]

    def _vars(self, obj):
        return self.attr(obj, "__dict__")

    _super: Any = super

    def _isinstance(self, obj, classes):
        obj = value_of(obj)
        for cls in classes if isinstance(classes, tuple) else (classes,):
            if isinstance(cls, abc.ABCMeta) and is_user(cls):  # what is an instance may be declared, or have changed
                self.guards.instance(self.guards.variable(obj), type(obj), cls, isinstance(obj, cls))
        return isinstance(obj, classes)

    def _hasattr(self, obj, name):
        name = str.__str__(name)  # no string of a class of the user's
        if isinstance(static(type(obj), name), property) or not hasattr(obj, name):
            self._has_not(obj, name)
            return hasattr(obj, name)
        self.attr(obj, name)
        return True

    def _has_not(self, obj, name: str) -> None:
        found = static(type(obj), name)
        if isinstance(found, property) and found.fget is not None and is_user(type(obj)):
            self.refuse(f"it asks whether there is {name}, which runs a function")
        if isinstance(obj, Tensor) and self.guards.variable(obj) is None and obj._frame is None:
            self.refuse(f"it asks whether there is {name}, of a Tensor from an unknown place")
        if self.guards.variable(obj) is not None or isinstance(obj, (ModuleType, type, enum.Enum)):
            self.guards.has(obj, name, hasattr(obj, name))

    # -- elements -------------------------------------------------------------------------------------------------

    def item(self, obj: Any, index):
        """`obj[index]` is read."""
        self.go_on()
        if hasattr(type(obj), "__missing__") and index not in obj:
            self.refuse(f"it reads a missing key of a {type(obj).__name__}")
        if isinstance(obj, Tensor):
            return self._outside(operator.getitem, (obj, index), {})
        if isinstance(obj, type):
            purity.check_class(obj)
            if any("__class_getitem__" in vars(c) for c in filter(is_user, obj.__mro__)):
                self.refuse(f"it takes an element of the class {obj.__name__}")
        if isinstance(index, FunctionType) and isinstance(obj, dict) and self.guards.variable(obj):
            self.guards.identity(self.guards.variable(index), index)
        else:
            self.operand(index)
        found = obj[index]
        if isinstance(index, slice) and is_cell(found) and is_library(obj):
            self.made(found)  # of the same layers
        return found

    slice: Any = slice

    # -- values as a whole ----------------------------------------------------------------------------------------

    def shown(self, value):
        """A value is formatted."""
        self.go_on()
        value = fixed(value)
        if isinstance(value, _CONTAINERS) and not is_user(type(value)):
            for element in _elements(value):
                self.shown(element)
        elif not isinstance(value, _SHOWN):
            self.refuse(f"it formats a {type(value).__name__}")
        return value

    def formatted(self, text, value):
        """`text % value`, if it is a text: gives the value."""
        return self.shown(value) if isinstance(text, (str, bytes)) else value

    def modulo(self, left, right):
        """`left % right`."""
        return left % self.formatted(left, right)

    def operand(self, value):
        """A value is compared: what dataclasses hold is read for that."""
        for leaf in self._leaves(value):
            if isinstance(leaf, FunctionType) and place(leaf) == "user":
                self.refuse("it compares a function with others")  # one made anew may take its place
            if purity.is_namespace(type(leaf)):
                self.refuse(f"it compares a {type(leaf).__name__} with others")
        return value

    def _copied(self, value, **how) -> None:
        """A value is about to be copied, as `dataclasses.asdict` does."""
        for leaf in self._leaves(value):
            if not isinstance(leaf, Tensor) and not is_plain(leaf):
                self.refuse(f"it copies a {type(leaf).__name__}")

    def _leaves(self, value) -> Iterator:
        """What is in containers and dataclasses."""
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            parts: Any = [fixed(self.attr(value, field.name)) for field in dataclasses.fields(value)]
        elif isinstance(value, _CONTAINERS):
            parts = _elements(value)
        else:
            yield value
            return
        for part in parts:
            yield from self._leaves(part)

    def same(self, first, second) -> bool:
        """`first is second`."""
        self.go_on()
        answer = first is second
        one, other = self.guards.variable(first), self.guards.variable(second)
        if one is not None and other is not None:
            self.guards.asked(f"{one} is {other}", answer)
        elif isinstance(first, _ONES) or isinstance(second, _ONES) or self._is_single(first) or self._is_single(second):
            pass  # told apart by their values already
        elif not all(isinstance(v, Tensor) or id(v) in self._made for v in (first, second)):
            self.refuse("it compares values by identity")
        return answer

    def _is_single(self, value) -> bool:
        """Whether a value is an object that counts by identity."""
        kind = type(value)
        counts = kind is object or is_cell(value) or (is_user(kind) and not isinstance(value, tuple))
        return counts and id(value) not in self.guards.outer

    def subject(self, value, names: tuple[str, ...], *classes):
        """A value is compared with patterns that are about attributes of these names, and about classes."""
        self.go_on()
        value = fixed(value)
        if isinstance(value, (list, tuple, dict)) and not is_user(type(value)):
            for element in value.values() if isinstance(value, dict) else value:
                self.subject(element, names, *classes)
        elif is_user(type(value)):
            self._isinstance(value, classes)
            for name in {*names, *getattr(type(value), "__match_args__", ())}:
                if self._hasattr(value, name):
                    self.subject(self.attr(value, name), names, *classes)
        return value

    def manager(self, value):
        """A value is entered by `with`."""
        kind = type(value)
        if kind.__name__ not in _MANAGERS and not (is_user(kind) and "__enter__" in dir(kind)):
            self.refuse(f"it enters a {kind.__name__}")
        if BaseException in getattr(value, "_exceptions", ()):
            self.refuse(f"it suppresses every exception by a {kind.__name__}")
        return value

    # -- modules --------------------------------------------------------------------------------------------------

    def imports(self, name: str) -> None:
        """A module is imported."""
        if name.startswith(".") or name not in sys.modules:
            self.refuse(f"it imports {name}")
        self.guards.global_(sys.modules, name)

    def imported(self, module: str, name: str) -> None:
        """A name is imported from a module."""
        self._member(sys.modules[module], name)


def _elements(container):
    return (*container, *container.values()) if isinstance(container, dict) else container


def is_plain(value) -> bool:
    """Whether a value is a number, a string, or a tuple of such."""
    plain = type(value) is tuple and all(map(is_plain, value))
    return plain or type(value) in (int, float, bool, str, bytes, type(None))
