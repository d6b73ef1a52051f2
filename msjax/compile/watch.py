"""The watch: it goes along while a function is traced, notes what the function reads, and stops it before it changes
anything but Tensors."""

from __future__ import annotations

import operator
import sys
from types import FunctionType, MethodType, ModuleType

import numpy as np

from msjax.compile import purity
from msjax.compile.calls import _BUILTIN, Calls
from msjax.compile.purity import is_cell, is_library, is_user, place
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor

_IN_PLACE = {
    "Add": "iadd", "Sub": "isub", "Mult": "imul", "MatMult": "imatmul", "Div": "itruediv", "Mod": "imod",
    "Pow": "ipow", "FloorDiv": "ifloordiv", "LShift": "ilshift", "RShift": "irshift", "BitOr": "ior",
    "BitXor": "ixor", "BitAnd": "iand",
}  # fmt: skip


class Watch(Calls):
    """What one traced call reads and does; its methods stand in the rewritten functions.

    Args:
        call: the call, taken apart.
    """

    # -- reads ----------------------------------------------------------------------------------------------------

    def name(self, name: str, value):
        """A global variable or builtin is read."""
        self._go_on()
        self._noted(self.guards.global_, sys._getframe(1).f_globals, name)
        return value

    def attr(self, obj, name: str):
        """`obj.name` is read."""
        self._go_on()
        if isinstance(obj, Tensor):
            return self._tensor_attribute(obj, name)
        if isinstance(obj, (ModuleType, type)):
            return self._member(obj, name)
        if isinstance(obj, super) or (isinstance(obj, FunctionType) and not name.startswith("__")):
            return self._of_super(obj, name)
        if self.guards.variable(obj) is None:
            return self._own_attribute(obj, name)
        return self._outer_attribute(obj, name)

    def _tensor_attribute(self, tensor: Tensor, name: str):
        if name in tensor.__dict__ and not name.startswith("_"):
            self.refuse(f"it reads {name}, which was set on a Tensor", certain=False)
        if isinstance(tensor, Parameter) and name in ("name", "param_info", "cache_enable", "sliced"):
            variable = self.guards.variable(tensor)
            if variable is None or name != "name":
                self.refuse(f"it reads {name} of a Parameter", certain=False)
            self._noted(self.guards.value, f"{variable}.name", tensor.name)
        self._method_of_tensor(name)
        return getattr(tensor, name)

    def _member(self, owner, name: str):
        value = getattr(owner, name)
        module = owner.__name__ if isinstance(owner, ModuleType) else owner.__module__
        if not module.startswith(("jax.", "numpy.")):
            self._noted(self.guards.member, owner, name, value)
        return value

    def _of_super(self, obj, name: str):
        if isinstance(obj, FunctionType):
            self.refuse(f"it reads {name} of a function", certain=False)
        value = getattr(obj, name)
        if isinstance(value, MethodType):
            holder = next(c for c in type(value.__self__).__mro__ if vars(c).get(name) is value.__func__)
            self._noted(self.guards.member, holder, name, value.__func__)
        return value

    def _own_attribute(self, obj, name: str):
        """Of an object that was made meanwhile, or a plain value."""
        found = _static(type(obj), name)
        if isinstance(found, property) and is_user(type(obj)):
            return self.call(found.fget, obj)
        return getattr(obj, name)

    def _outer_attribute(self, obj, name: str):
        found = _static(type(obj), name)
        own = getattr(obj, "__dict__", {})
        if isinstance(found, property):
            if found.fget is not None and place(found.fget) == "user":
                self._noted(self.guards.member, type(obj), f"{name}.fget", found.fget)
                return self.call(found.fget, obj)
            if is_cell(obj) or is_library(obj):
                self._noted(self.guards.layer, obj)
                return getattr(obj, name)
        if found is not None and hasattr(type(found), "__set__"):
            if type(found).__name__ != "member_descriptor":
                self.refuse(f"it reads {name} by a descriptor", certain=False)
            value = getattr(obj, name)
            self._noted(self.guards.member, obj, name, value)
            return value
        if name in own:
            value = own[name]
            self._noted(self.guards.attribute, obj, name, value)
            return value
        if found is None:
            return getattr(obj, name)  # raises the right error
        if hasattr(type(found), "__get__") and not isinstance(found, (FunctionType, classmethod, staticmethod)):
            if not isinstance(found, _BUILTIN):
                self.refuse(f"it reads {name} by a descriptor", certain=False)
            return getattr(obj, name)
        self._noted(self.guards.no_attribute, obj, name)
        self._noted(self.guards.member, type(obj), name, getattr(type(obj), name))
        return getattr(obj, name)

    def item(self, obj, index):
        """`obj[index]` is read."""
        self._go_on()
        if hasattr(type(obj), "__missing__") and index not in obj:
            self.refuse(f"it reads a missing key of a {type(obj).__name__}")
        if isinstance(obj, Tensor):
            return self._outside(operator.getitem, (obj, index), {})
        return obj[index]

    def slice(self, start, stop, step):
        return slice(start, stop, step)

    def shown(self, value):
        """A value is formatted."""
        self._go_on()
        if isinstance(value, Tensor) or is_user(type(value)) or is_cell(value):
            self.refuse(f"it formats a {type(value).__name__}")
        return value

    def manager(self, value):
        """A value is entered by `with`."""
        if type(value).__name__ not in ("_no_grad", "nullcontext", "suppress"):
            self.refuse(f"it enters a {type(value).__name__}", certain=False)
        return value

    def imports(self, name: str) -> None:
        """A module is imported."""
        if name.startswith(".") or name not in sys.modules:
            self.refuse(f"it imports {name}", certain=False)

    # -- changes --------------------------------------------------------------------------------------------------

    def mutates(self, value) -> None:
        """`value` is about to be changed in place, if it can be."""
        self._go_on()
        if not isinstance(value, (Tensor, *purity._IMMUTABLE)) and value is not None and self.is_outer(value):
            self.refuse(f"it changes a {type(value).__name__} in place")

    def set_attr(self, obj, name: str, value) -> None:
        """`obj.name = value`."""
        self._go_on()
        if id(obj) in self._made and not isinstance(obj, Tensor):
            setattr(obj, name, value)
            return
        if is_cell(obj) and isinstance(obj.__dict__.get(name), Parameter) and type(value) is Tensor:
            self.attr(obj, name)
            setattr(obj, name, value)  # the Parameter takes on the value
            return
        self.refuse(f"it assigns the attribute {name}", certain=not isinstance(value, Tensor))

    def set_item(self, obj, index, value) -> None:
        """`obj[index] = value`."""
        self._go_on()
        if not isinstance(obj, Tensor):
            self.mutates(obj)
            if type(obj) not in (list, dict, np.ndarray) and not isinstance(obj, dict):
                self.refuse(f"it assigns an element of a {type(obj).__name__}")
        obj[index] = value

    def update_attr(self, obj, name: str, operation: str, value) -> None:
        """`obj.name += value` and its kin."""
        self.set_attr(obj, name, getattr(operator, _IN_PLACE[operation])(self.attr(obj, name), value))

    def update_item(self, obj, index, operation: str, value) -> None:
        """`obj[index] += value` and its kin."""
        before = self.item(obj, index)
        self.mutates(before)
        self.set_item(obj, index, getattr(operator, _IN_PLACE[operation])(before, value))

    # -- builtins that read attributes ----------------------------------------------------------------------------

    def _getattr(self, obj, name, *default):
        try:
            return self.attr(obj, name)
        except AttributeError:
            if not default:
                raise
            self._has_not(obj, name)
            return default[0]

    def _hasattr(self, obj, name):
        if isinstance(_static(type(obj), name), property) or not hasattr(obj, name):
            answer = hasattr(obj, name)
            self._has_not(obj, name)
            return answer
        self.attr(obj, name)
        return True

    def _has_not(self, obj, name: str) -> None:
        if self.guards.variable(obj) is not None or isinstance(obj, (ModuleType, type)):
            self._noted(self.guards.has, obj, name, hasattr(obj, name))

    def _setattr(self, obj, name, value):
        self.set_attr(obj, name, value)


def _static(cls: type, name: str):
    return next((vars(c)[name] for c in cls.__mro__ if name in vars(c)), None)
