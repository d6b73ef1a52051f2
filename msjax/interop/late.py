"""Work that waits until another library is imported, so that nobody pays for it who does not use that library.

The library's import succeeds whatever comes of that work: who goes on to use it imports it, and meets its error.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any


def after_import(library: str, then: str) -> None:
    """Import the module `then` right after `library` is imported, or now if it already is."""
    if library in sys.modules:
        _attempt(then)
    else:
        sys.meta_path.insert(0, _Watch(library, then))


def _attempt(module: str) -> None:
    with suppress(Exception):
        importlib.import_module(module)


class _Watch(MetaPathFinder):
    """Finds `library` where it is, and leaves when it has been imported."""

    def __init__(self, library: str, then: str):
        self._library, self._then = library, then

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != self._library:
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None:
            spec.loader = _Followed(spec.loader, self)
        return spec

    def done(self) -> None:
        """The library is imported."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        _attempt(self._then)


class _Followed(Loader):
    """The library's own loader; afterwards, what was waiting for it."""

    def __init__(self, loader: Any, watch: _Watch):
        self._loader, self._watch = loader, watch

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._watch.done()
