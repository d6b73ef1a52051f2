"""The watch: it goes along while a function is traced, notes what the function reads, and stops it before it changes
anything but Tensors."""

from __future__ import annotations

import abc
import builtins
import dataclasses
import enum
import functools
import itertools
import logging
import operator
import sys
from collections.abc import Callable
from types import CellType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from msjax.compile import purity
from msjax.compile.calls import _BUILTIN, Calls, fixed, put
from msjax.compile.fingerprint import data_of
from msjax.compile.purity import is_cell, is_library, is_user, place
from msjax.core.dtype import DType
from msjax.core.opaque import KINDS, Number, value_of
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor

_IN_PLACE = {
    "Add": "iadd", "Sub": "isub", "Mult": "imul", "MatMult": "imatmul", "Div": "itruediv", "Mod": "imod",
    "Pow": "ipow", "FloorDiv": "ifloordiv", "LShift": "ilshift", "RShift": "irshift", "BitOr": "ior",
    "BitXor": "ixor", "BitAnd": "iand",
}  # fmt: skip


_PLAIN_MEMBERS = (FunctionType, classmethod, staticmethod, property)
_SHOWN = (str, bytes, int, float, complex, type(None), type(...), range, np.ndarray, np.generic, np.dtype, DType)
# Descriptors of Tensors that give what it has besides its elements; `name` tells by itself that it is read.
_SETTINGS = frozenset(
    "__dict__ __weakref__ _array _variable has_init requires_grad layerwise_parallel parallel_optimizer".split()
)
# What is one and the same object wherever it has one value, or is known by identity.
_ONES = (bool, type(None), type(...), type, ModuleType, enum.Enum, DType)


_OF_ARRAYS = ("shape", "dtype", "T", "ndim", "size", "nbytes", "itemsize", "real", "imag")  # which the checks cover
_MANAGERS = ("_no_grad", "nullcontext", "suppress", "_GeneratorContextManager")  # which do nothing unseen


class Watch(Calls):
    """What one traced call reads and does; its methods stand in the rewritten functions.

    Args:
        call: the call, taken apart.
    """

    # -- reads ----------------------------------------------------------------------------------------------------

    def name(self, name: str):
        """A global variable or builtin is read."""
        self.go_on()
        namespace = sys._getframe(1).f_globals
        if type(value := namespace.get(name)) in KINDS and (made := self._number(namespace, name, value)) is not None:
            return made
        self._noted(self.guards.global_, namespace, name)
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
        if obj is not None and hasattr(type(obj), name):
            self.guards.plain_member(type(obj), name)
        holder = self.guards.constant(held) if obj is None else self.guards.dict_of(obj)
        return self.guards.number(key, f"{holder}[{name!r}]", value)

    def numbers(self, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        """The arguments of the call, with numbers that differ from call to call; so are those that it captured."""
        count = itertools.count()

        def argument(value):
            if type(value) not in KINDS:
                return value
            i = next(count)
            return self.guards.number(("argument", i), f"numbers[{i}]", value)

        found = tuple(map(argument, args)), {k: argument(v) for k, v in kwargs.items()}
        self._cells = {id(cell): CellType(argument(cell.cell_contents)) for cell in self._call.cells}
        return found

    def attr(self, obj, name: str):
        """`obj.name` is read."""
        self.go_on()
        if type(obj) is Number:
            obj = obj.fixed()
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
        if isinstance(obj, enum.Enum):
            return self._of_enumeration(obj, name)
        if isinstance(obj, super):
            return self._of_super(obj, name)
        if isinstance(obj, FunctionType):
            return self._of_function(obj, name)
        if isinstance(obj, logging.Logger) and name not in ("debug", "info"):
            self.refuse(f"it reads {name} of a logger")
        if self.guards.variable(obj) is None or (type(obj) is np.ndarray and name in _OF_ARRAYS):
            return self._own_attribute(obj, name)
        return self._outer_attribute(obj, name)

    def _tensor_attribute(self, tensor: Tensor, name: str):
        cls = type(tensor)
        holder = next((c for c in cls.__mro__ if name in vars(c)), cls)
        found, own = vars(holder).get(name), tensor.__dict__
        if isinstance(found, property) and is_user(holder):
            self._noted(self.guards.accessor, cls, name, found.fget)
            return self.call(found.fget, tensor)
        if name in own or name in _SETTINGS or (found is not None and not hasattr(type(found), "__get__")):
            self._setting(tensor, name)
            return getattr(tensor, name)
        if isinstance(found, (FunctionType, classmethod, staticmethod)) and is_user(holder):
            self._noted(self.guards.member, cls, name, getattr(cls, name))
        elif is_user(holder) and found is not None:
            self.refuse(f"it reads {name} by a descriptor", certain=False)
        else:
            self._method_of_tensor(name, cls)
        if self.guards.variable(tensor) is not None and not isinstance(found, property):
            self._noted(self.guards.no_attribute, tensor, name)
        return getattr(tensor, name)

    def named(self, parameter: Parameter) -> None:
        """The name of a Parameter is read, be it by msjax."""
        self._setting(parameter, "_name")

    def _setting(self, tensor: Tensor, name: str) -> None:
        if self.guards.variable(tensor) is None:
            self.refuse(f"it reads {name} of a {type(tensor).__name__}", certain=False)
        self._noted(self.guards.member, tensor, name, getattr(tensor, name))

    def _member(self, owner, name: str):
        module = owner.__name__ if isinstance(owner, ModuleType) else owner.__module__
        top = module.partition(".")[0]
        if top not in ("jax", "jaxlib", "numpy", "msjax", "mindspore") and self._runs_on_reading(owner, name):
            self.refuse(f"it reads {name} of {owner.__name__}, which runs a function", certain=False)
        value = getattr(owner, name)
        if module.startswith(("jax.", "numpy.")) and not (isinstance(value, FunctionType) and place(value) == "user"):
            self.guards.fixed(owner, name)
        else:
            self._noted(self.guards.member, owner, name, value)
        return value

    def _runs_on_reading(self, owner, name: str) -> bool:
        """Whether reading a member of a module or a class runs a function of the user's."""
        if isinstance(owner, ModuleType):
            return type(owner) is not ModuleType or (name not in vars(owner) and "__getattr__" in vars(owner))
        self._noted(purity.check_class, owner)
        found = _static(owner, name)
        return not isinstance(found, _PLAIN_MEMBERS) and is_user(type(found)) and hasattr(type(found), "__get__")

    def _of_enumeration(self, obj: enum.Enum, name: str):
        found = _static(type(obj), name)
        if isinstance(found, property) and found.fget is not None and place(found.fget) == "user":
            self._noted(self.guards.accessor, type(obj), name, found.fget)
            return self.call(found.fget, obj)
        value = getattr(obj, name)
        if isinstance(value, MethodType):
            self._noted(self.guards.member, type(obj), name, getattr(type(obj), name))
        else:
            self._noted(self.guards.member, obj, name, value)
        return value

    def _of_function(self, function: FunctionType, name: str):
        if self.guards.variable(function) is None or not name.startswith("__"):
            self.refuse(f"it reads {name} of a function", certain=False)
        value = getattr(function, name)
        self._noted(self.guards.member, function, name, value)
        return value

    def _of_super(self, obj: Any, name: str):
        """What a class inherits; that it does not inherit it from a class in between is checked too."""
        order = obj.__self_class__.__mro__
        for holder in order[order.index(obj.__thisclass__) + 1 :]:
            if name in vars(holder):
                break
            self._noted(self.guards.not_in, holder, name)
        else:
            return getattr(obj, name)  # raises the right error
        found = vars(holder)[name]
        if isinstance(obj.__self__, Tensor) and not is_user(holder):
            self._tensor_attribute(obj.__self__, name)
        if isinstance(found, property) and is_user(holder):
            self._noted(self.guards.accessor, holder, name, found.fget)
            return self.call(found.fget, obj.__self__)
        if not isinstance(found, (FunctionType, classmethod, staticmethod, *_BUILTIN)) and hasattr(
            type(found), "__get__"
        ):
            if is_user(holder):
                self.refuse(f"it reads {name} by a descriptor", certain=False)
            return getattr(obj, name)
        self._noted(self.guards.member, holder, name, getattr(holder, name))
        return getattr(obj, name)

    def _own_attribute(self, obj, name: str):
        """Of an object that was made meanwhile, or a plain value."""
        found, cls = _static(type(obj), name), type(obj)
        given = id(obj) in self.guards.outer  # and the key tells what is in it
        if given and found is not None and name in (data_of(obj) or ()):
            self.guards.fixed(cls, name)  # by which the value is found
            return getattr(obj, name)
        if isinstance(found, property) and is_user(cls):
            self._noted(self.guards.accessor, cls, name, found.fget)
            return self.call(found.fget, obj)
        if isinstance(found, functools.partialmethod):
            return self._partial_method(obj, name, found)
        if found is not None and is_user(cls) and name not in getattr(obj, "__dict__", {}):
            if isinstance(found, _PLAIN_MEMBERS) or not hasattr(type(found), "__get__"):
                self._noted(self.guards.member, cls, name, getattr(cls, name))
            elif is_user(type(found)):
                self.refuse(f"it reads {name} by a descriptor", certain=False)
        known = given or id(obj) in self._made or isinstance(obj, (tuple, BaseException))
        if (is_user(cls) or is_cell(obj)) and not known:
            self.refuse(f"a {cls.__name__} comes from an unknown place", certain=False)
        if isinstance(obj, MethodType) and name not in ("__self__", "__func__"):
            return self._of_function(obj.__func__, name)
        if isinstance(obj, tuple) and is_user(type(obj)) and name in getattr(obj, "__dict__", {}):
            self.refuse(f"it reads {name}, which was set on a tuple", certain=False)
        return getattr(obj, name)

    def _outer_attribute(self, obj, name: str):
        found = _static(type(obj), name)
        own = getattr(obj, "__dict__", {})
        if name == "__class__" and found is object.__dict__["__class__"]:
            return obj.__class__
        if name == "__dict__" and is_user(type(obj)) and not is_cell(obj):
            self._noted(self.guards.attributes, obj)
            return obj.__dict__
        if isinstance(found, property):
            if found.fget is not None and place(found.fget) == "user":
                self._noted(self.guards.accessor, type(obj), name, found.fget)
                return self.call(found.fget, obj)
            if is_cell(obj) or is_library(obj):
                self._noted(self.guards.layer, obj)
                return getattr(obj, name)
        if isinstance(obj, tuple) and name in getattr(type(obj), "_fields", ()):
            return getattr(obj, name)  # an element
        if found is not None and hasattr(type(found), "__set__"):
            if type(found).__name__ != "member_descriptor":
                self.refuse(f"it reads {name} by a descriptor", certain=False)
            value = getattr(obj, name)
            self._noted(self.guards.member, obj, name, value)
            return value
        if name in own:
            value = own[name]
            if type(value) in KINDS and (made := self._number(own, name, value, obj)) is not None:
                return made
            self._noted(self.guards.attribute, obj, name, value)
            if hasattr(type(obj), name):
                self.guards.plain_member(type(obj), name)
            return value
        if found is None:  # `__getattr__` is asked, which is seen
            self._noted(self.guards.no_attribute, obj, name)
            return getattr(obj, name)
        if isinstance(found, functools.partialmethod):
            return self._partial_method(obj, name, found)
        if hasattr(type(found), "__get__") and not isinstance(found, (FunctionType, classmethod, staticmethod)):
            if not isinstance(found, _BUILTIN):
                self.refuse(f"it reads {name} by a descriptor", certain=False)
            return getattr(obj, name)
        self._noted(self.guards.no_attribute, obj, name)
        self._noted(self.guards.member, type(obj), name, getattr(type(obj), name))
        return getattr(obj, name)

    def _partial_method(self, obj, name: str, found: functools.partialmethod):
        holder = next(c for c in type(obj).__mro__ if name in vars(c))
        self._noted(self.guards.value, f"{self.guards.constant(holder)}.__dict__[{name!r}]", found)
        if self.guards.variable(obj) is not None:
            self._noted(self.guards.no_attribute, obj, name)
        return functools.partial(MethodType(found.func, obj), *found.args, **found.keywords)

    def item(self, obj, index):
        """`obj[index]` is read."""
        self.go_on()
        if hasattr(type(obj), "__missing__") and index not in obj:
            self.refuse(f"it reads a missing key of a {type(obj).__name__}")
        if isinstance(obj, Tensor):
            return self._outside(operator.getitem, (obj, index), {})
        if isinstance(obj, type):
            return self._element_of_class(obj, index)
        if isinstance(index, FunctionType) and isinstance(obj, dict) and self.guards.variable(obj):
            self._noted(self.guards.identity, self.guards.variable(index), index)
        else:
            self.operand(index)
        found = obj[index]
        if isinstance(index, slice) and is_cell(found) and is_library(obj):
            self.made(found)  # of the same layers
        return found

    def _element_of_class(self, cls: Any, index):
        self._noted(purity.check_class, cls)
        if any("__class_getitem__" in vars(c) for c in filter(is_user, cls.__mro__)):
            self.refuse(f"it takes an element of the class {cls.__name__}", certain=False)
        return cls[index]

    def slice(self, start, stop, step):
        return slice(start, stop, step)

    def shown(self, value):
        """A value is formatted."""
        self.go_on()
        value = fixed(value)
        if isinstance(value, (list, tuple, dict, set, frozenset)) and not is_user(type(value)):
            for element in (*value, *value.values()) if isinstance(value, dict) else value:
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
        """A value is compared: what a dataclass holds is read for that."""
        if isinstance(value, (list, tuple, set, frozenset)):
            for element in value:
                self.operand(element)
        elif type(value) is dict:
            self.operand((*value, *value.values()))
        elif isinstance(value, FunctionType) and place(value) == "user":
            self.refuse("it compares a function with others", certain=False)  # one made anew may take its place
        elif purity.is_namespace(type(value)):
            self.refuse(f"it compares a {type(value).__name__} with others", certain=False)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            for name in (f.name for f in dataclasses.fields(value)):
                self.operand(fixed(self.attr(value, name)))
        return value

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
            self.refuse("it compares values by identity", certain=False)
        return answer

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

    def _is_single(self, value) -> bool:
        """Whether a value is an object that counts by identity."""
        kind = type(value)
        counts = kind is object or is_cell(value) or (is_user(kind) and not isinstance(value, tuple))
        return counts and id(value) not in self.guards.outer

    def manager(self, value):
        """A value is entered by `with`."""
        kind = type(value)
        if kind.__name__ not in _MANAGERS and not (is_user(kind) and "__enter__" in dir(kind)):
            self.refuse(f"it enters a {kind.__name__}", certain=False)
        if BaseException in getattr(value, "_exceptions", ()):
            self.refuse(f"it suppresses every exception by a {kind.__name__}", certain=False)
        return value

    def imports(self, name: str) -> None:
        """A module is imported."""
        if name.startswith(".") or name not in sys.modules:
            self.refuse(f"it imports {name}", certain=False)
        self._noted(self.guards.global_, sys.modules, name)

    def imported(self, module: str, name: str) -> None:
        """A name is imported from a module."""
        self._member(sys.modules[module], name)

    # -- changes --------------------------------------------------------------------------------------------------

    def mutates(self, value) -> None:
        """`value` is about to be changed in place, if it can be."""
        self.go_on()
        if not isinstance(value, (Tensor, *purity._IMMUTABLE)) and value is not None and self.is_outer(value):
            self.refuse(f"it changes a {type(value).__name__} in place")

    def set_attr(self, obj, name: str, value) -> None:
        """`obj.name = value`."""
        self.go_on()
        if purity.is_special(_static(type(obj), "__setattr__")):
            setattr(obj, name, value)
        elif id(obj) in self._made and not isinstance(obj, Tensor):
            self._set_own(obj, name, value)
        elif is_cell(obj) and isinstance(obj.__dict__.get(name), Parameter) and type(value) is Tensor:
            self.attr(obj, name)
            setattr(obj, name, value)  # the Parameter takes on the value
        elif (
            isinstance(value, Tensor)
            and getattr(obj, "__dict__", {}).get(name) is value
            and _static(type(obj), name) is None
        ):
            pass  # as after `self.count += 1`, which wrote into the Tensor that is there
        elif self._may_take(obj, name, value):
            self._put(obj, name, value)
        else:
            self.refuse(f"it assigns the attribute {name}", certain=not isinstance(value, Tensor))

    def _may_take(self, obj, name: str, value) -> bool:
        """Whether `obj.name`, a Tensor from outside, may become `value`, a new one: then so it does after each run."""
        held = getattr(obj, "__dict__", {}).get(name)
        return (
            type(held) is type(value) is Tensor
            and self.guards.variable(obj) is not None
            and self.guards.variable(value) is None
            and value._view is None
            and not value._hooks
            and _static(type(obj), name) is None
            and hasattr(type(obj), "__weakref__")
            and (is_cell(obj) or is_user(type(obj)))
        )

    def _put(self, obj, name: str, value: Tensor) -> None:
        self.attr(obj, name)
        self.assigned.setdefault((id(obj), name), (obj, name, obj.__dict__[name]))
        put(obj, name, value)

    def _set_own(self, obj, name: str, value) -> None:
        found = _static(type(obj), name)
        if isinstance(found, property) and found.fset is not None:
            self._noted(self.guards.accessor, type(obj), name, found.fset, "fset")
            self.call(found.fset, obj, value)
        elif is_user(type(found)) and hasattr(type(found), "__set__"):
            self.refuse(f"it assigns {name} by a descriptor", certain=False)
        else:
            setattr(obj, name, value)

    def set_item(self, obj, index, value) -> None:
        """`obj[index] = value`."""
        self.go_on()
        if not isinstance(obj, Tensor):
            self.mutates(obj)
            if type(obj) not in (list, dict, np.ndarray) and not isinstance(obj, dict) and not is_user(type(obj)):
                self.refuse(f"it assigns an element of a {type(obj).__name__}")
        obj[index] = value

    def del_item(self, obj, index) -> None:
        """`del obj[index]`."""
        self.go_on()
        self.mutates(obj)
        if type(obj) not in (list, dict) and not is_user(type(obj)):
            self.refuse(f"it deletes an element of a {type(obj).__name__}")
        self.operand(index)
        del obj[index]

    def attr_to_update(self, obj, name: str) -> Update:
        """`obj.name += ...` and its kin."""
        return Update(self, self.attr(obj, name), functools.partial(self.set_attr, obj, name))

    def item_to_update(self, obj, index) -> Update:
        """`obj[index] += ...` and its kin."""
        return Update(self, self.item(obj, index), functools.partial(self.set_item, obj, index))

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

    def _super(self, *args):
        kind: Any = super
        return kind(*args)

    def _isinstance(self, obj, classes):
        obj = value_of(obj)
        answer = isinstance(obj, classes)
        variable = self.guards.variable(obj)
        for cls in classes if isinstance(classes, tuple) else (classes,):
            if isinstance(cls, abc.ABCMeta) and is_user(cls):  # what is an instance may be declared, or have changed
                self._noted(self.guards.instance, variable, type(obj), cls, isinstance(obj, cls))
        return answer

    def _hasattr(self, obj, name):
        name = str.__str__(name)  # no string of a class of the user's
        if isinstance(_static(type(obj), name), property) or not hasattr(obj, name):
            self._has_not(obj, name)
            return hasattr(obj, name)
        self.attr(obj, name)
        return True

    def _has_not(self, obj, name: str) -> None:
        found = _static(type(obj), name)
        if isinstance(found, property) and found.fget is not None and is_user(type(obj)):
            self.refuse(f"it asks whether there is {name}, which runs a function", certain=False)
        if isinstance(obj, Tensor) and self.guards.variable(obj) is None and obj._frame is None:
            self.refuse(f"it asks whether there is {name}, of a Tensor from an unknown place", certain=False)
        if self.guards.variable(obj) is not None or isinstance(obj, (ModuleType, type, enum.Enum)):
            self._noted(self.guards.has, obj, name, hasattr(obj, name))

    def _setattr(self, obj, name, value):
        self.set_attr(obj, str.__str__(name), value)


class Update:
    """What is to be updated: it has been read, and is stored once the other operand is known."""

    def __init__(self, watch: Watch, before, store: Callable):
        self._watch, self._before, self._store = watch, before, store

    def by(self, operation: str, value) -> None:
        self._watch.mutates(self._before)
        value = self._watch.formatted(self._before, value) if operation == "Mod" else value
        self._store(getattr(operator, _IN_PLACE[operation])(self._before, value))


def _static(cls: type, name: str):
    return next((vars(c)[name] for c in cls.__mro__ if name in vars(c)), None)
