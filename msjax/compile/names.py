"""What a watch does where a global name is read or a module imported."""

from __future__ import annotations

import builtins
import sys

from msjax.compile.refusal import Refused
from msjax.core.opaque import KINDS


class Names:
    """The part of a watch for global variables and modules."""

    def __init__(self, watch):
        self._watch = watch

    def name(self, name: str):
        """A global variable or builtin is read, in the function that calls this."""
        watch, namespace = self._watch, sys._getframe(1).f_globals
        watch.go_on()
        if type(value := namespace.get(name)) in KINDS:
            number = watch.numbers.held(namespace, name, value)
            if number is not None:
                return number
        watch.guards.same_global(namespace, name)
        if name in namespace:
            return namespace[name]
        if not hasattr(builtins, name):
            raise NameError(f"name {name!r} is not defined", name=name)
        return getattr(builtins, name)

    def imports(self, name: str) -> None:
        """A module is imported: one that is there already, since importing a module runs it."""
        if name.startswith(".") or name not in sys.modules:
            raise Refused(f"it imports {name}")
        self._watch.guards.same_global(sys.modules, name)

    def imported(self, module: str, name: str) -> None:
        """A name is imported from a module."""
        self._watch.attributes.member(sys.modules[module], name)
