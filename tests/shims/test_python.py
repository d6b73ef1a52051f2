"""What `msjax.shims.python` takes from CPython does what it says, in this version of Python."""

import dataclasses
import importlib
import importlib.abc
import inspect
import sys
import warnings
from types import ModuleType

import pytest

from msjax.shims import python as shim


@pytest.fixture
def module(monkeypatch):
    """A module that tells, for each name that it lacks, whether an import statement asks for it."""
    module, asked = ModuleType("asked_for_names"), []

    def __getattr__(name):
        asked.append(shim.is_import_from(sys._getframe(1)))
        raise AttributeError(name)

    module.__getattr__, module.asked = __getattr__, asked
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def test_import_from_is_told_from_an_attribute(module):
    with pytest.raises(ImportError):
        exec("from asked_for_names import missing")
    assert True in module.asked and False not in module.asked[-1:]
    module.asked.clear()
    with pytest.raises(AttributeError):
        module.missing  # noqa: B018
    assert module.asked == [False]


def test_an_import_is_told_from_a_question(monkeypatch):
    class Finder(importlib.abc.MetaPathFinder):
        def find_spec(self, fullname, path=None, target=None):
            if fullname == "no_such_module_here":
                asked.append(shim.is_import(__name__))

    asked = []
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    assert importlib.util.find_spec("no_such_module_here") is None
    with pytest.raises(ModuleNotFoundError):
        exec("import no_such_module_here", {"__name__": "another"})
    assert asked == [False, True]


def test_globals_read():
    text = """
def function(a):
    b = a + one
    return [two(c) for c in b], b.attribute, lambda: three
"""
    (code,) = (c for c in compile(text, "<text>", "exec").co_consts if hasattr(c, "co_code"))
    read = set().union(*(shim.globals_read(c) for c in (code, *(k for k in code.co_consts if hasattr(k, "co_code")))))
    assert read == {"one", "two", "three"}


def test_no_default():
    @dataclasses.dataclass
    class Record:
        first: int
        second: list = dataclasses.field(default_factory=list)
        third: int = 3

    defaults = [p.default for p in inspect.signature(Record.__init__).parameters.values()]
    assert defaults[2] in shim.NO_DEFAULT and defaults[3] == 3


@pytest.fixture
def shown():
    """The messages of warnings, which are shown to nobody."""
    before, messages = shim.shown_by(), []
    with warnings.catch_warnings():
        shim.show_by(lambda message: messages.append(str(message.message)))
        yield messages
    shim.show_by(before)


def test_warnings_are_shown_by_another_function(shown):
    warnings.simplefilter("always")
    warnings.warn("something", UserWarning, stacklevel=1)
    assert shown == ["something"]


def test_warnings_that_are_shown_once_are_noted(shown):
    warnings.simplefilter("once")
    for _ in range(2):
        warnings.warn_explicit("seldom", UserWarning, "some.py", 1)
    assert shown == ["seldom"] and any(key[0] == "seldom" for key in shim.shown_once())
