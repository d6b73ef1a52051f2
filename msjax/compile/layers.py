"""What a program was compiled under, of objects of msjax's own, as layers are: their methods read unseen."""

from __future__ import annotations

from msjax.compile.origin import is_library, origin
from msjax.compile.refusal import Refused
from msjax.core import effects, watching
from msjax.core.cells import is_cell
from msjax.core.reading import attributes_read
from msjax.core.tensor import Tensor


class Layers:
    """The part of the guards for layers, losses, optimizers and other objects of the library.

    Attributes:
        whole: whether what Cells keep may be read, too, in what is looked at just now.
    """

    def __init__(self, guards):
        self._guards, self.whole = guards, False

    def modes(self, cell) -> None:
        """A Cell is called: how, depends on its modes and hooks."""
        if self._guards.once(id(cell), "modes"):
            for name in type(cell)._CALL_MODES:
                self._may_have(cell, name)
            self._hooked(cell)

    def _may_have(self, obj, name: str) -> None:
        if name in obj.__dict__:
            self._guards.same_attribute(obj, name, obj.__dict__[name])
        else:
            self._guards.no_attribute(obj, name)

    def _hooked(self, cell) -> None:
        """Which hooks a Cell has: each registration has a key of its own."""
        registered = {kind: hooks for kind, hooks in cell._hooks.items() if hooks}
        if "saved" in registered:
            raise Refused(f"hooks for what gradients save are registered on {type(cell).__name__}")
        guards = self._guards
        hooks = f"{guards.dict_of(cell)}['_hooks']"
        table = guards.row_of(cell.__dict__, guards.rows.tables)
        if registered:
            keys = guards.constant([(kind, *by_key) for kind, by_key in registered.items()])
            guards.fail_if(f"[(kind, *by_key) for kind, by_key in {hooks}.items() if by_key] != {keys}")
        elif table is None:
            guards.fail_if(f"any({hooks}.values())")
        else:
            guards.rows.read(table, "_hooks", hooks=False)
        for kind, by_key in registered.items():
            for key, hook in by_key.items():
                where = f"{hooks}[{guards.constant(kind)}][{guards.constant(key)}]"
                guards.same_value(f"{where}.function", hook.function)

    def reads(self, cell) -> None:
        """A layer of the library is called: what its `construct` reads, as far as that can be told."""
        known = not cell._has_bprop and cell._to_float is None and origin(type(cell).construct) == "msjax"
        names = attributes_read(type(cell), "construct") if known else None
        if names is None or "__gives_parts__" in vars(type(cell)):
            self.all_of(cell, whole=names is None)
        elif self._guards.once(id(cell), "called"):
            # In the thousands of layers of a network, most attributes are never read in `construct`.
            for name in names.keys() - type(cell)._NOT_COMPUTED_WITH:
                if name in cell.__dict__:
                    self._keep(cell, name, cell.__dict__[name], whole=names[name])
                elif not callable(getattr(type(cell), name, None)):
                    self._guards.no_attribute(cell, name)

    def all_of(self, obj, whole: bool = True) -> None:
        """All that an object of the library keeps, which its methods may read.

        Args:
            whole: whether also what Cells in it keep may be read.
        """
        if not hasattr(obj, "__dict__") or not self._guards.once(id(obj), "all", whole):
            return
        unread = frozenset()
        if is_cell(obj):
            self.modes(obj)
            unread = type(obj)._NOT_COMPUTED_WITH
        for name, value in obj.__dict__.items():
            if name not in unread and not effects.of_module(type(value).__module__, "__serves_once__"):
                self._keep(obj, name, value, whole)

    def _keep(self, obj, name: str, value, whole: bool) -> None:
        before, self.whole = self.whole, whole
        try:
            self._guards.same_attribute(obj, name, value, again=True)
        except Refused:  # what can not be looked into may be there, as long as it is the same object
            if name == "_cells" or is_cell(value) or self._guards.is_stored_in(value):
                raise
            watching.refused(None)
            self._guards.fail_if(f"id({self._guards.dict_of(obj)}[{self._guards.constant(name)}]) != {id(value)}")
        finally:
            self.whole = before

    def look_into(self, value) -> None:
        """What an object of the library keeps is checked where it is called, or is asked for as a whole."""
        if isinstance(value, Tensor):
            pass
        elif isinstance(value, (list, tuple, dict)):
            for key, element in value.items() if isinstance(value, dict) else enumerate(value):
                if is_library(element) and self._guards.variable(element) is None:  # not come to yet
                    self._guards.entry(value, key, element)
                else:
                    self.look_into(element)
        elif is_cell(value) and not self.whole:
            if hasattr(type(value), "__gives_parts__"):
                self.all_of(value, whole=False)
        elif is_library(value) and not getattr(type(value), "__keeps_only_statics__", False):
            self.all_of(value)
