"""`mindspore` is msjax: the same modules, until `uninstall`."""

import importlib
import sys
from types import ModuleType

import pytest

import msjax


def test_modules_are_the_very_same_objects(mindspore):
    import mindspore as ms
    import mindspore.nn
    import mindspore.ops as ops

    assert ms is msjax
    assert sys.modules["mindspore.nn"] is sys.modules["msjax.nn"]
    assert ops is msjax.ops
    assert ms.nn.__name__ == ms.nn.__spec__.name == "msjax.nn"


def test_names_are_the_very_same_objects(mindspore):
    from mindspore import Parameter, Tensor
    from mindspore.nn import Cell, Dense

    assert Tensor is msjax.Tensor and Parameter is msjax.Parameter
    assert Cell is msjax.nn.Cell and Dense is msjax.nn.Dense


def test_install_twice_and_uninstall(mindspore):
    msjax.install_as("mindspore")
    importlib.import_module("mindspore.nn.layer.activation")
    msjax.uninstall()
    assert not [name for name in sys.modules if name.partition(".")[0] == "mindspore"]
    msjax.uninstall()
    msjax.install_as("mindspore")
    assert importlib.import_module("mindspore") is msjax


def test_any_top_level_name(mindspore):
    msjax.install_as("another_name_of_it")
    assert importlib.import_module("another_name_of_it.ops") is msjax.ops


@pytest.mark.parametrize("name", ["mind.spore", "msjax", "", "2x"])
def test_names_that_cannot_be_given(name):
    with pytest.raises(ValueError, match="top-level module name"):
        msjax.install_as(name)


def test_real_mindspore_is_in_the_way(monkeypatch):
    real = ModuleType("mindspore")
    real.__file__ = "/somewhere/mindspore/__init__.py"
    monkeypatch.setitem(sys.modules, "mindspore", real)
    with pytest.raises(ImportError, match=r"'mindspore' is already imported \(/somewhere/.*before the first import"):
        msjax.install_as("mindspore")
    assert sys.modules["mindspore"] is real


def test_notebook_extension():
    msjax.load_ipython_extension(None)
    assert importlib.import_module("mindspore") is msjax
    msjax.unload_ipython_extension(None)
    assert "mindspore" not in sys.modules
