"""Names that msjax lacks: what the errors say, and that nothing else changes."""

import importlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import msjax
from msjax.core import names


def test_a_misspelt_name():
    with pytest.raises(AttributeError) as caught:
        msjax.nn.Dens  # noqa: B018
    assert str(caught.value) == "mindspore.nn.Dens is not a name of MindSpore 2.10 (nearest: mindspore.nn.Dense)"


def test_a_name_of_another_room():
    with pytest.raises(AttributeError, match=r"nearest: mindspore\.nn\.Dense"):
        msjax.Dense  # noqa: B018


def test_a_name_that_mindspore_has(monkeypatch):
    monkeypatch.setattr(names, "documented", lambda: {"mindspore.ops": frozenset({"quux"})})
    assert str(names.missing("msjax.ops", "quux")).startswith("mindspore.ops.quux is in MindSpore 2.10 but not yet in")
    assert str(names.missing("msjax.ops", "quuux")).startswith("mindspore.ops.quuux is not a name of MindSpore 2.10")


@pytest.mark.parametrize("statement", ["from msjax.nn import Dens", "from mindspore.nn import Dens"])
def test_from_import(statement, mindspore):
    with pytest.raises(ImportError) as caught:
        exec(statement)
    assert type(caught.value) is ImportError
    assert str(caught.value) == "mindspore.nn.Dens is not a name of MindSpore 2.10 (nearest: mindspore.nn.Dense)"


@pytest.mark.parametrize(
    "statement", ["import msjax.no_such", "import mindspore.no_such", "from msjax.no_such import x"]
)
def test_unknown_modules(statement, mindspore):
    with pytest.raises(ModuleNotFoundError, match=r"mindspore\.no_such is not a name of MindSpore 2\.10$"):
        exec(statement)


def test_unknown_name_of_a_legacy_module(mindspore):
    with pytest.raises(ImportError, match=r"mindspore\.ops\.operations\.Addd is not a name .*operations\.Add\)"):
        exec("from mindspore.ops.operations import Addd")
    with pytest.raises(ModuleNotFoundError, match=r"mindspore\.nn\.loss\.no_such"):
        importlib.import_module("mindspore.nn.loss.no_such")


def test_asking_whether_a_module_exists(mindspore):
    assert importlib.util.find_spec("mindspore.no_such") is None and importlib.util.find_spec("msjax.no_such") is None
    assert importlib.util.find_spec("mindspore.common.tensor") and importlib.util.find_spec("mindspore.nn")


def test_hasattr_and_getattr_still_work():
    assert not hasattr(msjax, "no_such") and not hasattr(msjax.ops, "no_such")
    assert getattr(msjax.nn, "no_such", 5) == 5


def test_a_rooms_own_lookup_comes_first_and_its_faults_show():
    def first(name):
        if name == "lazy":
            return 1
        if name == "faulty":
            return msjax.nn.no_such
        raise AttributeError(name)

    lookup = names.unknown_name("msjax.nn", first=first)
    assert lookup("lazy") == 1
    with pytest.raises(AttributeError, match=r"mindspore\.nn\.other"):
        lookup("other")
    with pytest.raises(AttributeError, match=r"mindspore\.nn\.no_such"):
        lookup("faulty")


def test_a_lazy_room_offers_no_module_that_is_not_there():
    lazily = names.Lazily(msjax.dataset.__name__, ["text", "quux"], {"iterators": "Iterator"})
    assert {"text", "Iterator"} <= {*lazily.dir()}
    assert "quux" not in lazily.dir()


def test_rooms_that_ask_each_other(monkeypatch):
    below = importlib.import_module("msjax.nn.layer")
    asks_below = names.unknown_name("msjax.nn", first=lambda name: getattr(below, name))
    monkeypatch.setitem(vars(msjax.nn), "__getattr__", asks_below)
    assert not hasattr(msjax.nn, "no_such") and not hasattr(below, "no_such")


def test_the_list_of_names_is_package_data():
    text = Path(names.__file__).with_name("names.txt").read_text(encoding="utf-8")
    assert len(text) < 60_000
    assert names.is_documented("msjax.nn", "Dense") and names.is_documented("mindspore", "value_and_grad")
    assert names.is_documented("mindspore", "nn") and not names.is_documented("mindspore", "nnn")


@pytest.mark.parametrize("room", "mint mint.nn mint.nn.functional numpy numpy.fft ops nn dataset".split())
def test_import_star_takes_what_mindspore_has_there(room, mindspore):
    module = importlib.import_module(f"msjax.{room}")
    taken: dict[str, object] = {}
    exec(f"from mindspore.{room} import *", taken)
    del taken["__builtins__"]
    known = names.documented()[f"mindspore.{room}"] & {*dir(module)}
    assert taken.keys() == {name for name in known if not isinstance(getattr(module, name), ModuleType)}
    assert len(taken) > 20


def test_import_star_takes_no_helpers():
    taken: dict[str, object] = {}
    exec("from msjax.mint.nn import *", taken)
    assert "Linear" in taken
    assert "table" not in taken
