"""What a watch does where an attribute is read: it becomes a check, unless reading it would run a function unseen."""

from __future__ import annotations

import abc
import enum
import functools
import logging
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from msjax.compile.classes import check_class
from msjax.compile.fingerprint import data_of
from msjax.compile.origin import BUILT_IN, METHODS, holder, is_library, is_user, origin, static
from msjax.compile.refusal import Refused
from msjax.compile.stores import CONTAINERS
from msjax.core.cells import is_cell, registry_of
from msjax.core.opaque import KINDS, Number, fixed, value_of
from msjax.core.parameter import Parameter
from msjax.core.tensor import SETTINGS, Tensor
from msjax.shims.lengths import is_length
from msjax.shims.selection import has_symbols

_OF_ARRAYS = ("shape", "dtype", "T", "ndim", "size", "nbytes", "itemsize", "real", "imag")  # which the checks cover
_RUNS_NOTHING = ("jax", "jaxlib", "numpy", "msjax", "mindspore")  # packages whose modules may be read as one likes


class Attributes:
    """The part of a watch for attributes, and for the builtins that read them."""

    def __init__(self, watch):
        self._watch, self._guards = watch, watch.guards

    def read(self, obj, name: str):
        """`obj.name` is read."""
        self._watch.go_on()
        obj = fixed(obj) if type(obj) is Number else obj
        try:
            value = self._of_kind(obj, name)
        except AttributeError:  # which may be caught
            self._has_not(obj, name)
            raise
        if isinstance(obj, Tensor) and has_symbols(value):
            raise Refused(f"the {name} of a Tensor depends on values")
        return value

    def _of_kind(self, obj, name: str):
        if isinstance(obj, Tensor):
            return self._of_tensor(obj, name)
        if isinstance(obj, (ModuleType, type)):
            return self.member(obj, name)
        if isinstance(obj, super):
            return self._of_super(obj, name)
        if isinstance(obj, FunctionType):
            return self._of_function(obj, name)
        # A logger's level may change, and reading it is no check; calls of these two are followed.
        if isinstance(obj, logging.Logger) and name not in ("debug", "info"):
            raise Refused(f"it reads {name} of a logger")
        if self._guards.variable(obj) is None or (type(obj) is np.ndarray and name in _OF_ARRAYS):
            return self._of_new(obj, name)
        return self._of_outer(obj, name)

    def _property(self, cls: type, name: str, getter: Any, obj):
        """What a property of the user's gives."""
        self._guards.same_accessor(cls, name, getter)
        return self._watch.call(getter, obj)

    def _partial_method(self, obj, name: str, member: functools.partialmethod):
        owner = holder(type(obj), name)
        self._guards.same_value(f"{self._guards.constant(owner)}.__dict__[{name!r}]", member)
        if self._guards.variable(obj) is not None:
            self._guards.no_attribute(obj, name)
        return functools.partial(MethodType(member.func, obj), *member.args, **member.keywords)

    # -- of Tensors -----------------------------------------------------------------------------------------------

    def _of_tensor(self, tensor: Tensor, name: str):
        cls = type(tensor)
        owner = holder(cls, name) or cls
        member = vars(owner).get(name)
        if isinstance(member, property) and is_user(owner):
            return self._property(cls, name, member.fget, tensor)
        plain = member is not None and not hasattr(type(member), "__get__")
        if name in tensor.__dict__ or name in SETTINGS or plain:
            self.setting(tensor, name)
            return getattr(tensor, name)
        if isinstance(member, METHODS) and is_user(owner):
            self._guards.same_member(cls, name, getattr(cls, name))
        elif is_user(owner) and member is not None:
            raise _by_descriptor(name)
        else:
            self.method_of_tensor(name, cls)
        if self._guards.variable(tensor) is not None and not isinstance(member, property):
            self._guards.no_attribute(tensor, name)
        return getattr(tensor, name)

    def method_of_tensor(self, name: str, kind: type = Tensor) -> None:
        """A method or property of Tensors is used: it may be replaced later."""
        self._guards.nothing_added(Tensor, Parameter)
        self.library_method(kind, name)

    def library_method(self, cls: type, name: str) -> None:
        """Refuse if a method or property of a library class is the user's; note that it must not be replaced later."""
        member = getattr(cls, name, None)
        method = member.fget if isinstance(member, property) else member
        if isinstance(method, FunctionType) and origin(method) != "msjax":
            raise Refused(f"{cls.__name__}.{name} has been replaced")
        if member is not None:
            self._guards.not_replaced(cls, name)

    def setting(self, tensor: Tensor, name: str) -> None:
        """What a Tensor from outside has besides its elements is read, as a Parameter's name is, be it by msjax."""
        if self._guards.variable(tensor) is None:
            raise Refused(f"it reads {name} of a {type(tensor).__name__}")
        self._guards.same_member(tensor, name, getattr(tensor, name))

    # -- of modules, classes and functions ------------------------------------------------------------------------

    def member(self, owner, name: str):
        """`owner.name` of a module or a class."""
        module = owner.__name__ if isinstance(owner, ModuleType) else owner.__module__
        top = module.partition(".")[0]
        if top not in _RUNS_NOTHING and _runs_on_reading(owner, name):
            raise Refused(f"it reads {name} of {owner.__name__}, which runs a function")
        value = getattr(owner, name)
        if top in ("jax", "numpy") and origin(value) != "user":
            self._guards.not_replaced(owner, name)
        else:
            self._guards.same_member(owner, name, value)
        return value

    def _of_function(self, function: FunctionType, name: str):
        if self._guards.variable(function) is None or not name.startswith("__"):
            raise Refused(f"it reads {name} of a function")
        value = getattr(function, name)
        self._guards.same_member(function, name, value)
        return value

    def _of_super(self, obj: Any, name: str):
        """What a class inherits; that it does not inherit it from a class in between is checked too."""
        order = obj.__self_class__.__mro__
        for owner in order[order.index(obj.__thisclass__) + 1 :]:
            if name in vars(owner):
                break
            self._guards.not_defined_in(owner, name)
        else:
            return getattr(obj, name)  # raises the right error
        member = vars(owner)[name]
        if isinstance(obj.__self__, Tensor) and not is_user(owner):
            self._of_tensor(obj.__self__, name)
        if isinstance(member, property) and is_user(owner):
            return self._property(owner, name, member.fget, obj.__self__)
        if isinstance(member, (*METHODS, *BUILT_IN)) or not hasattr(type(member), "__get__"):
            self._guards.same_member(owner, name, getattr(owner, name))
        elif is_user(owner):
            raise _by_descriptor(name)
        return getattr(obj, name)

    # -- of other objects -----------------------------------------------------------------------------------------

    def _of_new(self, obj, name: str):
        """Of an object that was made meanwhile, or a plain value."""
        cls, own = type(obj), getattr(obj, "__dict__", {})
        member = static(cls, name)
        in_key = id(obj) in self._guards.outer  # and the key tells what is in it
        if in_key and member is not None and name in (data_of(obj) or ()):
            self._guards.not_replaced(cls, name)  # by which the value is found
            return getattr(obj, name)
        if isinstance(member, property) and is_user(cls):
            return self._property(cls, name, member.fget, obj)
        if isinstance(member, functools.partialmethod):
            return self._partial_method(obj, name, member)
        if member is not None and is_user(cls) and name not in own:
            if isinstance(member, (*METHODS, property)) or not hasattr(type(member), "__get__"):
                self._guards.same_member(cls, name, getattr(cls, name))
            elif is_user(type(member)):
                raise _by_descriptor(name)
        known = in_key or self._watch.is_new(obj) or isinstance(obj, (tuple, BaseException, enum.Enum))
        if (is_user(cls) or is_cell(obj)) and not known:
            raise Refused(f"a {cls.__name__} comes from an unknown place")
        if isinstance(obj, MethodType) and name not in ("__self__", "__func__"):
            return self._of_function(obj.__func__, name)
        if isinstance(obj, tuple) and is_user(cls) and name in own:
            raise Refused(f"it reads {name}, which was set on a tuple")
        value = getattr(obj, name)
        if isinstance(obj, enum.Enum) and not isinstance(value, MethodType):
            self._guards.same_member(obj, name, value)
        return value

    def _of_outer(self, obj, name: str):
        """Of an object from outside."""
        cls, own = type(obj), getattr(obj, "__dict__", {})
        member = static(cls, name)
        if name == "__class__" and member is object.__dict__["__class__"]:
            return obj.__class__
        if name == "__dict__" and is_user(cls) and not is_cell(obj):
            self._guards.same_attributes(obj)
            return obj.__dict__
        if isinstance(member, property) and member.fget is not None and origin(member.fget) != "msjax":
            return self._property(cls, name, member.fget, obj)
        if isinstance(member, property) and (is_cell(obj) or is_library(obj)):
            self._guards.layers.all_of(obj)
        elif isinstance(obj, tuple) and name in getattr(cls, "_fields", ()):
            pass  # an element
        elif member is not None and hasattr(type(member), "__set__"):
            if type(member).__name__ != "member_descriptor":
                raise _by_descriptor(name)
            self._guards.same_member(obj, name, getattr(obj, name))
        elif name in own:
            return self._own(obj, name, own)
        elif isinstance(member, functools.partialmethod):
            return self._partial_method(obj, name, member)
        elif member is None and is_cell(obj) and (registry := registry_of(obj, name)):
            return self._watch.item(self.read(obj, registry), name)
        elif member is None:  # `__getattr__` is asked, which is seen
            self._guards.no_attribute(obj, name)
        elif isinstance(member, METHODS) or not hasattr(type(member), "__get__"):
            self._guards.no_attribute(obj, name)
            self._guards.same_member(cls, name, getattr(cls, name))
        elif hasattr(type(member), "as_called_by"):  # a method under `ms.jit`, which the object keeps when it is bound
            self._guards.no_attribute(obj, name)
            self._guards.same_member(cls, name, member)
            self._watch.made(method := getattr(obj, name))
            return method
        elif hasattr(type(member), "__only_computes__") and is_cell(obj):  # of what the layer keeps
            self._guards.no_attribute(obj, name)
            self._guards.layers.all_of(obj)
        elif not isinstance(member, BUILT_IN):
            raise _by_descriptor(name)
        return getattr(obj, name)

    def _own(self, obj, name: str, own: dict):
        """What stands in an object's `__dict__`."""
        if hasattr(type(obj), name):
            self._guards.no_setter(type(obj), name)
        if (id(own), name) in self._guards.stored:
            return own[name]
        if type(own[name]) in KINDS:
            number = self._watch.numbers.held(own, name, own[name], obj)
            if number is not None:
                return number
        elif type(own[name]) in (list, tuple, dict):
            numbers = self._watch.numbers.held_in(obj, name, own[name])
            if numbers is not None:
                return numbers
        self._guards.same_attribute(obj, name, own[name])
        return own[name]

    def container(self, obj, name: str):
        """`obj.name`, of which only a part is about to be changed, if it is a container from outside."""
        cls, own = type(obj), getattr(obj, "__dict__", {})
        value = own.get(name)
        known = self._guards.variable(obj) is not None and (id(own), name) not in self._guards.stored
        if known and (is_cell(obj) or is_user(cls)) and type(value) in CONTAINERS:
            owner = holder(cls, name)
            if owner is None or not hasattr(type(vars(owner)[name]), "__set__"):
                if owner is not None:
                    self._guards.no_setter(cls, name)
                if self._guards.loose(f"{self._guards.dict_of(obj)}[{name!r}]", value):
                    return value
        return self.read(obj, name)

    # -- builtins that read attributes ----------------------------------------------------------------------------

    def getattr(self, obj, name, *default):
        try:
            return self.read(obj, str.__str__(name))
        except AttributeError:
            if not default:
                raise
            return default[0]

    def vars(self, obj):
        return self.read(obj, "__dict__")

    def isinstance(self, obj, classes):
        obj = 0 if is_length(obj) else value_of(obj)
        for cls in classes if isinstance(classes, tuple) else (classes,):
            if isinstance(cls, abc.ABCMeta) and is_user(cls):  # what is an instance may be declared, or have changed
                self._guards.same_isinstance(self._guards.variable(obj), type(obj), cls, isinstance(obj, cls))
        return isinstance(obj, classes)

    def hasattr(self, obj, name):
        name = str.__str__(name)  # no string of a class of the user's
        if isinstance(static(type(obj), name), property) or not hasattr(obj, name):
            self._has_not(obj, name)
            return hasattr(obj, name)
        self.read(obj, name)
        return True

    def _has_not(self, obj, name: str) -> None:
        member = static(type(obj), name)
        if isinstance(member, property) and member.fget is not None and is_user(type(obj)):
            raise Refused(f"it asks whether there is {name}, which runs a function")
        if isinstance(obj, Tensor) and self._guards.variable(obj) is None and obj._frame is None:
            raise Refused(f"it asks whether there is {name}, of a Tensor from an unknown place")
        if self._guards.variable(obj) is not None or isinstance(obj, (ModuleType, type, enum.Enum)):
            self._guards.same_hasattr(obj, name, hasattr(obj, name))


def _by_descriptor(name: str) -> Refused:
    return Refused(f"it reads {name} by a descriptor")


def _runs_on_reading(owner, name: str) -> bool:
    """Whether reading a member of a module or a class runs a function of the user's."""
    if isinstance(owner, ModuleType):
        return type(owner) is not ModuleType or (name not in vars(owner) and "__getattr__" in vars(owner))
    check_class(owner)
    member = static(owner, name)
    runs = is_user(type(member)) and hasattr(type(member), "__get__")
    return runs and not isinstance(member, (*METHODS, property))
