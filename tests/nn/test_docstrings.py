"""What `help` shows of layers, losses and what else is in `nn`: every argument, what comes in and out, an example."""

import doctest
import inspect

import pytest

from doctests import NAMES, failures
from msjax import mint, nn
from msjax.experimental import optim
from msjax.experimental.optim import lr_scheduler
from msjax.nn import initializer
from msjax.nn.cell import Cell

# Cells whose calls are described in their base class.
ELSEWHERE = ("msjax.nn.optim", "msjax.nn.schedule", "msjax.nn.loss_scale")


def offered() -> dict[str, type]:
    """The classes and functions of `nn`, its initializers and `mint.nn`, each once, by a name that it has."""
    rooms = {"initializer": initializer, "nn": nn, "mint.nn": mint.nn, "optim": optim, "lr_scheduler": lr_scheduler}
    names = {f"{at}.{name}": getattr(room, name) for at, room in rooms.items() for name in dir(room) if name[0] != "_"}
    return {name: value for value, name in {value: name for name, value in names.items() if is_ours(value)}.items()}


def is_ours(value) -> bool:
    home = getattr(value, "__module__", "")
    return (inspect.isclass(value) or inspect.isroutine(value)) and home.startswith(("msjax.nn", "msjax.mint"))


def is_layer(value) -> bool:
    return isinstance(value, type) and issubclass(value, Cell) and not value.__module__.startswith(ELSEWHERE)


OFFERED = offered()
LAYERS = {name: value for name, value in OFFERED.items() if is_layer(value)}
METHODS = {
    member.__qualname__: member
    for owner in (nn.Cell, nn.SequentialCell, nn.CellList, nn.CellDict, nn.LossBase)
    for name, member in inspect.getmembers(owner, inspect.isfunction)
    if name[0] != "_" and name != "construct" and member.__module__.startswith("msjax.nn")  # not those for Flax
}


def section(doc: str, title: str) -> list[str]:
    """The entries of one section of a docstring; what is indented further belongs to the entry before."""
    lines = inspect.cleandoc(doc).split("\n")
    if f"{title}:" not in lines:
        return []
    entries: list[str] = []
    for line in lines[lines.index(f"{title}:") + 1 :]:
        if line and not line.startswith("    "):
            break
        if line.startswith("     ") and entries:
            entries[-1] += f" {line.strip()}"
        elif line:
            entries.append(line.strip())
    return entries


def described(doc: str, title: str) -> list[str]:
    """The parameters that a section describes."""
    return [name.lstrip("*") for entry in section(doc, title) for name in entry.partition(": ")[0].split(", ")]


def parameters(function) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


@pytest.mark.parametrize("name", OFFERED)
def test_every_argument_is_described(name):
    value = OFFERED[name]
    assert sorted(described(value.__doc__, "Args")) == sorted(parameters(value))


@pytest.mark.parametrize("name", METHODS)
def test_arguments_of_methods_are_described(name):
    doc = METHODS[name].__doc__
    assert sorted(described(doc, "Args")) == sorted(parameters(METHODS[name]))
    assert section(doc, "Returns") or inspect.signature(METHODS[name]).return_annotation in ("None", "NoReturn")


@pytest.mark.parametrize("name", LAYERS)
def test_what_a_layer_takes_and_gives_is_described(name):
    layer = LAYERS[name]
    own = parameters(layer.construct)
    if layer.construct is not Cell.construct and not issubclass(layer, (nn.CellList, nn.CellDict)):
        assert sorted(described(layer.__doc__, "Inputs")) == sorted(own)
        assert section(layer.__doc__, "Returns")


def test_most_have_an_example():
    without = [name for name, value in OFFERED.items() if ">>>" not in value.__doc__]
    assert len(without) < 0.1 * len(OFFERED), without


# Of layers that have no text of their own or are in another room than it; the others run in tests/test_doctests.py.
EXAMPLES = {name: value.__doc__ for name, value in LAYERS.items() if value.__module__ in ("msjax.nn", "msjax.mint.nn")}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_run(name):
    text = inspect.cleandoc(EXAMPLES[name])
    assert not failures(doctest.DocTestParser().get_doctest(text, dict(NAMES), name, None, 0))
