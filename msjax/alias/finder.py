"""The import hook: `mindspore` as another name of msjax, and legacy paths under both names.

Importing `mindspore.nn` hands out the very module object of `msjax.nn`; there is one of each, whatever it is called. A
legacy path that no file serves becomes a module without code, which looks its names up in the rooms of the table.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from msjax.alias import advice, older
from msjax.alias.table import CLASSES, FUNCTIONS, NAMES, PARENTS, SAME, TABLE
from msjax.core import names
from msjax.shims.python import is_import

ROOT = "msjax"
KNOWN_AS = {real: path for path, real in SAME.items()}
# Modules with a file that have legacy names at their path or below it, or a legacy name themselves.
OPEN = {*TABLE, *PARENTS, *KNOWN_AS}


class AliasFinder(MetaPathFinder):
    """Serves `msjax.<legacy path>` always, and everything under the names in `aliases`."""

    def __init__(self):
        self.aliases: set[str] = set()

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        root, _, rest = fullname.partition(".")
        if root in self.aliases:
            return self._alias(fullname, _absolute(rest))
        if root != ROOT or not rest:
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is None or spec.loader is None:  # no file, or a folder without code
            spec = _legacy_spec(fullname, rest)
        elif rest in OPEN:
            _open_after_exec(spec.loader)
        return spec or _not_found(fullname, fullname)

    def _alias(self, alias: str, real: str) -> ModuleSpec | None:
        if real in sys.modules or importlib.util.find_spec(real):
            return ModuleSpec(alias, _AliasLoader(real), is_package=True)
        return _not_found(real, alias)


def _legacy_spec(fullname: str, path: str) -> ModuleSpec | None:
    if path in SAME:
        return ModuleSpec(fullname, _AliasLoader(_absolute(SAME[path])), is_package=True)
    return ModuleSpec(fullname, _LegacyLoader(), is_package=True) if path in TABLE else None


def _not_found(real: str, asked: str) -> None:
    """None for those who only ask whether a module exists; for an import, the error that says what is nearest."""
    if is_import(__name__):
        parent, _, name = real.rpartition(".")
        raise ModuleNotFoundError(names.Message(parent, name, kin(parent)), name=asked)


class _AliasLoader(Loader):
    def __init__(self, real: str):
        self.real = real

    def exec_module(self, module: ModuleType) -> None:
        # The import system takes what it finds here afterwards, so the module itself keeps its own name and spec.
        older.warn(_relative(module.__name__))
        sys.modules[module.__name__] = importlib.import_module(self.real)


class _LegacyLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return LegacyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        open_module(module)
        older.warn(_relative(module.__name__))


class RoomModule(ModuleType):
    """A module with legacy modules below it.

    Importing the legacy module `train.data_sink` would hide the function of that name; the function stays.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and not isinstance(self._own(name, value), ModuleType):
            return
        super().__setattr__(name, value)

    def _own(self, name: str, default: object) -> object:
        return NAMES.get(f"{_relative(self.__name__)}.{name}".lstrip(".")) or vars(self).get(name, default)


class FileModule(RoomModule):
    """One of our files that stands at a path of MindSpore's: `import *` takes what it does there."""

    @property
    def __all__(self) -> list[str]:
        legacy = TABLE[_relative(self.__name__)]
        source = next(_sources(self.__name__), None)
        if source is None:
            return []
        listed = vars(source).get("__all__") or _names(source)
        return [name for name in listed if _taken(getattr(source, name), legacy.star)]


class LegacyModule(FileModule):
    """A path of MindSpore's that has no file here."""

    def __dir__(self) -> list[str]:
        return sorted({*vars(self), *(name for source in _sources(self.__name__) for name in _names(source))})

    def _own(self, name: str, default: object) -> object:
        for source in _sources(self.__name__):
            if name in vars(source):
                return vars(source)[name]
        return super()._own(name, default)


def _names(source: ModuleType) -> list[str]:
    """The public names of a room, without the modules in it."""
    own = vars(source)
    return [name for name in dir(source) if not name.startswith("_") and not isinstance(own.get(name), ModuleType)]


def _taken(value: object, star: str) -> bool:
    if star == CLASSES:
        return isinstance(value, type)
    return not isinstance(value, ModuleType) and (star != FUNCTIONS or not isinstance(value, type))


_answered: dict[tuple[str, str], ModuleType] = {}  # which room has a name that was asked for


def look_up(module: str, name: str) -> object:
    """A name that `module` lacks: from the rooms the table names for it, else a legacy module below it."""
    source = _answered.get((module, name))
    if source is not None and hasattr(source, name):
        return getattr(source, name)
    path = f"{_relative(module)}.{name}".lstrip(".")
    if path in NAMES:
        value = vars(sys.modules[module])[name] = _at_home(NAMES[path], name)
        return value
    below = path in TABLE or path in SAME
    for source in _sources(module):
        if source.__name__ == module:  # it was asked first
            continue
        try:
            with _once(path):
                value = getattr(source, name)
        except AttributeError as error:
            if not names.is_miss(error, name):
                raise
            continue
        if not (below and isinstance(value, ModuleType)):  # `common.dtype` is that module, not the root's `dtype`
            _answered[module, name] = source
            return value
    if below:
        return importlib.import_module(f"{module}.{name}")
    raise AttributeError(name)


def _at_home(home: str, name: str) -> object:
    """The value at a path that is the home of a name."""
    room, _, own = home.rpartition(".")
    try:
        return getattr(importlib.import_module(_absolute(room)), own)
    except (ModuleNotFoundError, AttributeError) as error:
        if isinstance(error, AttributeError) and not names.is_miss(error, own):
            raise
        raise AttributeError(name) from None


@contextmanager
def _once(path: str) -> Iterator[None]:
    """Refuses a question that is being asked already: a room may ask the very module that now asks it."""
    if path in _asked.paths:
        raise AttributeError(path.rpartition(".")[2])
    _asked.paths.add(path)
    try:
        yield
    finally:
        _asked.paths.discard(path)


class _Asked(threading.local):
    def __init__(self):
        self.paths: set[str] = set()


_asked = _Asked()


def kin(module: str) -> tuple[str, ...]:
    """The rooms that answer for a legacy module."""
    legacy = TABLE.get(_relative(module))
    return tuple(map(_absolute, legacy.sources)) if legacy else ()


def open_module(module: ModuleType) -> None:
    """Lets a module answer for the legacy names at and below its path, and gives it the errors of `unknown_name`."""
    path = _relative(module.__name__)
    path = KNOWN_AS.get(path, path)
    if path in PARENTS:
        if type(module) is ModuleType:
            module.__class__ = RoomModule
        if not hasattr(module, "__path__"):  # a plain file: what is below it could not be imported
            module.__path__ = []
    if type(module) in (ModuleType, RoomModule) and path in TABLE and TABLE[path].star == CLASSES:
        module.__class__ = FileModule
    own, known_as = vars(module).get("__getattr__"), _absolute(path)
    rooms = kin(known_as) or (module.__name__,)
    # One that is made by `names` has these errors and legacy names already, but knows of no other rooms.
    if getattr(own, "__module__", None) != names.__name__ or len(rooms) > 1:
        vars(module)["__getattr__"] = names.unknown_name(known_as, first=own, kin=rooms)


def _open_after_exec(loader: Any) -> None:
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        execute(module)
        open_module(module)

    loader.exec_module = exec_module


def _sources(module: str) -> Iterator[ModuleType]:
    for source in kin(module):
        try:
            yield importlib.import_module(source)
        except ModuleNotFoundError as error:
            if not source.startswith(str(error.name)):
                raise


def _absolute(path: str) -> str:
    return f"{ROOT}.{path}" if path else ROOT


def _relative(module: str) -> str:
    return module.removeprefix(ROOT).lstrip(".")


FINDER = AliasFinder()


def start() -> None:
    """Puts the finder in front of Python's own, once, and opens the modules that are loaded already."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != __name__]
    sys.meta_path.insert(0, FINDER)
    names.providers[:] = [look_up, older.look_up]
    names.advisers[:] = [advice.of]
    for path in OPEN:
        if module := sys.modules.get(_absolute(path)):
            open_module(module)
