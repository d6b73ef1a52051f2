"""What a room answers when it is asked for a name it does not have.

A room ends with

    __getattr__ = unknown_name(__name__)

and `ops.rellu` then raises an AttributeError, `from msjax.ops import rellu` an ImportError, which says whether
MindSpore 2.10 has the name and which supported name is nearest.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from msjax.shims.python import is_import_from

MINDSPORE = "MindSpore 2.10"

# Where a name that is asked for in the wrong place is looked for, if MindSpore documents it there.
ROOMS = ("msjax", "msjax.nn", "msjax.ops", "msjax.train", "msjax.mint", "msjax.numpy")

# Asked in turn before a name is given up: functions of (module name, attribute name) that raise AttributeError to pass.
# A room above this one adds to the list (the legacy paths do), so that this one needs to know none of them.
providers: list[Callable[[str, str], object]] = []
# Asked in turn what to say of a name that is given up, in place of the usual: functions of its path in MindSpore, which
# give a sentence or None.
advisers: list[Callable[[str], str | None]] = []

_NEAR = 0.7  # how alike two names must be, from 0 to 1, for one to be meant by the other


def unknown_name(
    module: str, first: Callable[[str], Any] | None = None, kin: Iterable[str] = ()
) -> Callable[[str], Any]:
    """The `__getattr__` of `module`.

    `first(name)` is the room's own lazy lookup; it raises AttributeError for what it does not know. `kin` are further
    modules whose documented names count as this module's own.
    """
    kin = tuple(kin)

    def __getattr__(name: str):
        if name == "__all__":
            return exported(module)
        if name.startswith("__") and name.endswith("__"):  # the interpreter asking, not a script
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        if first is not None:
            try:
                return first(name)
            except AttributeError as error:
                if not is_miss(error, name):  # a fault deeper down
                    raise
        for provider in providers:
            try:
                return provider(module, name)
            except AttributeError as error:
                if not is_miss(error, name):
                    raise
        if is_import_from(sys._getframe(1)):
            # Python's own last resort, which our ImportError would hide: a submodule in the middle of its import.
            submodule = sys.modules.get(f"{module}.{name}")
            if submodule is not None:
                return submodule
            raise ImportError(str(Message(module, name, kin)), name=module) from None
        raise missing(module, name, kin) from None

    return __getattr__


class Lazily:
    """The lookup of a room whose modules and names are loaded at their first use: the `first` of `unknown_name`.

    Attributes:
        home: for each name that is in a module below the room, that module.

    Args:
        room: the room's `__name__`.
        modules: modules in it. One that is not there yet counts as an unknown name.
        names: the names in each module, separated by spaces.
    """

    def __init__(self, room: str, modules: Iterable[str] = (), names: dict[str, str] | None = None):
        self._room, self._modules = room, tuple(modules)
        self.home = {name: module for module, some in (names or {}).items() for name in some.split()}

    def __contains__(self, name: str) -> bool:
        is_module = name in self._modules and importlib.util.find_spec(f"{self._room}.{name}") is not None
        return is_module or name in self.home

    def __call__(self, name: str) -> Any:
        if name not in self:
            raise AttributeError(f"module {self._room!r} has no attribute {name!r}", name=name)
        if name in self._modules:
            return importlib.import_module(f"{self._room}.{name}")
        value = getattr(importlib.import_module(f"{self._room}.{self.home[name]}"), name)
        setattr(sys.modules[self._room], name, value)
        return value

    def dir(self) -> list[str]:
        """The room's `__dir__`."""
        return sorted({*vars(sys.modules[self._room]), *filter(self.__contains__, self._modules), *self.home})


def exported(module: str) -> list[str]:
    """What `import *` takes from a room without a list of its own: what MindSpore has there, but for modules."""
    known, room = documented().get(public(module)), sys.modules.get(module)
    if known is None or room is None or "." not in module:  # of the root all is taken: MindSpore's list there fails
        raise AttributeError(f"module {module!r} has no attribute '__all__'")
    return [n for n in dir(room) if n in known and not isinstance(vars(room).get(n), ModuleType)]


def missing(module: str, name: str, kin: Iterable[str] = ()) -> AttributeError:
    """The exception for `name` not being in `module`.

    Example:
        >>> str(missing("msjax.ops", "rellu"))
        'mindspore.ops.rellu is not a name of MindSpore 2.10 (nearest: mindspore.ops.relu)'
    """
    # Name and object are given, else the interpreter fills them in and adds a second suggestion of its own.
    return AttributeError(Message(module, name, tuple(kin)), name=name, obj=None)


class Message:
    """The text of such an error, worked out when it is shown: `hasattr` asks for many names and reads no message."""

    def __init__(self, module: str, name: str, kin: tuple[str, ...] = ()):
        self.module, self.name, self.kin = module, name, kin

    def __str__(self) -> str:
        path = f"{public(self.module)}.{self.name}"
        for home in (self.module, *self.kin):
            for adviser in advisers:
                if advice := adviser(f"{public(home)}.{self.name}"):
                    return f"{path} {advice}"
        near = nearest(self.module, self.name, self.kin)
        hint = f" (nearest: {near})" if near else ""
        if any(is_documented(module, self.name) for module in (self.module, *self.kin)):
            return f"{path} is in {MINDSPORE} but not yet in msjax{hint}"
        return f"{path} is not a name of {MINDSPORE}{hint}"

    __repr__ = __str__


def public(module: str) -> str:
    """The name a MindSpore user knows a module by: `mindspore.ops` for `msjax.ops`."""
    root, dot, rest = module.partition(".")
    return f"mindspore{dot}{rest}" if root == "msjax" else module


@lru_cache(maxsize=1)
def documented() -> dict[str, frozenset[str]]:
    """The public names of MindSpore 2.10, by module."""
    names: dict[str, list[str]] = {}
    for line in (Path(__file__).with_name("names.txt")).read_text(encoding="utf-8").splitlines():
        if line.startswith("mindspore"):
            current = names.setdefault(line.strip(), [])
        elif line.startswith(" "):
            current.extend(line.split())
    return {module: frozenset(listed) for module, listed in names.items()}


def is_documented(module: str, name: str) -> bool:
    """Whether MindSpore 2.10 has this name (`msjax.` and `mindspore.` mean the same)."""
    known = documented()
    path = f"{public(module)}.{name}"
    return name in known.get(public(module), ()) or any(f"{home}.".startswith(f"{path}.") for home in known)


def nearest(module: str, name: str, kin: Iterable[str] = ()) -> str | None:
    """The supported name most like `module.name`: the same name in another room, else one of this one that is close."""
    for room in ROOMS:
        if is_documented(room, name) and _has(room, name):
            return f"{public(room)}.{name}"
    own = [known for known, is_module in _public_names(module) if not is_module or is_documented(module, known)]
    borrowed = [known for home in kin for known, is_module in _public_names(home) if not is_module]
    closest = _closest(name, {*own, *borrowed})
    return closest and f"{public(module)}.{closest}"


def _has(module: str, name: str) -> bool:
    try:
        return hasattr(importlib.import_module(module), name)
    except ImportError:  # a room that is not built yet
        return False


def _public_names(module: str) -> list[tuple[str, bool]]:
    """What `module` offers, and whether it is a module."""
    loaded = sys.modules.get(module)
    offered = [] if loaded is None else dir(loaded)
    return [(name, isinstance(vars(loaded).get(name), ModuleType)) for name in offered if not name.startswith("_")]


def _closest(name: str, choices: Iterable[str]) -> str | None:
    import difflib  # only ever needed for an error

    spellings: dict[str, list[str]] = {}
    for choice in choices:
        spellings.setdefault(choice.lower(), []).append(choice)
    matches = difflib.get_close_matches(name.lower(), spellings, n=1, cutoff=_NEAR)
    # `Add` and `add` are the same but for the case: a class for a class, a function for a function.
    return max(spellings[matches[0]], key=lambda choice: choice[0].isupper() == name[0].isupper()) if matches else None


def is_miss(error: AttributeError, name: str) -> bool:
    """Whether a lookup of `name` says "not mine", rather than failing over some other attribute on its way."""
    return error.name is None or error.name == name
