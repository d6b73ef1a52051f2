"""Checks of networks: which of what layers and other objects of the library keep is read when they are called."""

from __future__ import annotations

from msjax.compile.fingerprint import Refused
from msjax.compile.purity import is_cell, is_library, place
from msjax.compile.values import Values
from msjax.core import watching
from msjax.core.reading import attributes_read
from msjax.core.tensor import Tensor

_HOLDING = "msjax.nn.container"  # has Cells that give away the Cells in them
_ONCE = "msjax.nn.initializer"  # has objects that serve only when a layer is made
_COMPOSING = "msjax.ops.composite"  # has objects that keep functions of the user's
_CELL_MODES = ("_to_float", "_narrow", "_recomputes")
# What a layer keeps for its owner, and does not compute with.
_UNREAD = frozenset(
    "_transient _checked phase cell_type jit_config_dict _flags _auto_prefix requires_grad _hooks".split()
)


class Networks(Values):
    """What is checked of objects of the library."""

    def attribute(self, obj, name: str, value) -> None:
        """An object's own attribute is read."""
        if self.once(id(obj), name):
            self._attribute(obj, name, value)

    def _attribute(self, obj, name: str, value) -> None:
        self.dict_of(obj)
        self._entry(obj.__dict__, name, value)

    def no_attribute(self, obj, name: str) -> None:
        """An object has no attribute of its own of that name."""
        if hasattr(obj, "__dict__") and self.once(id(obj), name, None):
            variable, table = self.dict_of(obj), self._number(obj.__dict__, self._rows.tables)
            if table is None:
                self._fail_if(f"{name!r} in {variable}")
            else:
                self._rows.absent(table, name)

    def modes(self, cell) -> None:
        """A Cell is called: how, depends on its modes and hooks."""
        if self.once(id(cell), "modes"):
            for name in _CELL_MODES:
                self._may_have(cell, name)
            self._hooked(cell)

    def _may_have(self, obj, name: str) -> None:
        if name in obj.__dict__:
            self.attribute(obj, name, obj.__dict__[name])
        else:
            self.no_attribute(obj, name)

    def _hooked(self, cell) -> None:
        """Which hooks a Cell has: each registration has a key of its own."""
        registered = {kind: found for kind, found in cell._hooks.items() if found}
        if "saved" in registered:
            raise Refused(f"hooks for what gradients save are registered on {type(cell).__name__}", certain=True)
        hooks, table = f"{self.dict_of(cell)}['_hooks']", self._number(cell.__dict__, self._rows.tables)
        if registered:
            keys = self.constant([(kind, *found) for kind, found in registered.items()])
            self._fail_if(f"[(kind, *found) for kind, found in {hooks}.items() if found] != {keys}")
        elif table is None:
            self._fail_if(f"any({hooks}.values())")
        else:
            self._rows.read(table, "_hooks", hooks=False)
        for kind, found in registered.items():
            for key, hook in found.items():
                self.value(f"{hooks}[{kind!r}][{key}].function", hook.function)

    def called(self, cell) -> None:
        """A layer of the library is called: what its `construct` reads, as far as that can be told."""
        known = not cell._has_bprop and cell._to_float is None and place(type(cell).construct) == "msjax"
        reads = attributes_read(type(cell), "construct") if known else None
        if reads is None or type(cell).__module__ == _HOLDING:
            self.layer(cell, whole=reads is None)
        elif self.once(id(cell), "called"):
            for name in reads.keys() - _UNREAD:
                if name in cell.__dict__:
                    self._keep(cell, name, cell.__dict__[name], whole=reads[name])
                elif not callable(getattr(type(cell), name, None)):
                    self.no_attribute(cell, name)

    def layer(self, obj, whole: bool = True) -> None:
        """All that an object of the library keeps, which its methods may read.

        Args:
            whole: whether also what Cells in it keep may be read.
        """
        if not hasattr(obj, "__dict__") or not self.once(id(obj), "all", whole):
            return
        if is_cell(obj):
            self.modes(obj)
        for name, value in obj.__dict__.items():
            if name not in _UNREAD and type(value).__module__ != _ONCE:
                self._keep(obj, name, value, whole)

    def _keep(self, obj, name: str, value, whole: bool) -> None:
        before, self._whole = self._whole, whole
        try:
            self._attribute(obj, name, value)
        except Refused:
            if name == "_cells" or is_cell(value):
                raise
            watching.refused(None)
            self._fail_if(f"id({self.dict_of(obj)}[{name!r}]) != {id(value)}")
        finally:
            self._whole = before

    def _look_into(self, value) -> None:
        """What an object of the library keeps is checked where it is called, or is asked for as a whole."""
        if isinstance(value, Tensor):
            pass
        elif isinstance(value, (list, tuple, dict)):
            for element in value.values() if isinstance(value, dict) else value:
                self._look_into(element)
        elif is_cell(value) and not self._whole:
            if any(c.__module__ == _HOLDING for c in type(value).__mro__):
                self.layer(value, whole=False)
        elif is_library(value) and (
            (module := type(value).__module__) == _COMPOSING or not module.startswith("msjax.ops.")
        ):
            self.layer(value)
