"""What waits for another library's import never breaks it."""

import importlib
import sys

import pytest

from msjax.interop.late import after_import


@pytest.fixture
def modules(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    names = ["a_library", "a_border"]

    def write(border):
        for name, text in zip(names, ["value = 1", border], strict=True):
            (tmp_path / f"{name}.py").write_text(text)
            monkeypatch.delitem(sys.modules, name, raising=False)

    yield write
    for name in names:
        sys.modules.pop(name, None)


def test_the_border_follows(modules):
    modules("import a_library\nseen = a_library.value")
    after_import("a_library", "a_border")
    assert "a_border" not in sys.modules
    importlib.import_module("a_library")
    assert sys.modules["a_border"].seen == 1


@pytest.mark.parametrize("already_there", [False, True])
@pytest.mark.parametrize("fault", ["import a_module_that_is_not_there", "raise RuntimeError('too old')"])
def test_a_border_that_can_not_load_says_so_when_used(modules, fault, already_there):
    modules(fault)
    if already_there:
        importlib.import_module("a_library")
    after_import("a_library", "a_border")
    assert importlib.import_module("a_library").value == 1
    with pytest.raises((ImportError, RuntimeError), match=r"not_there|too old"):
        importlib.import_module("a_border")
