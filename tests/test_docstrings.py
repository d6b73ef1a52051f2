"""How far the docstrings of public callables say what their arguments and results are."""

import functools
import importlib
import inspect
import multiprocessing
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import pytest

from msjax import Tensor
from msjax.ops import table

ARGS_AND_RETURNS, EXAMPLE = 0.95, 0.6  # of the public callables of a room say so, or have none
ROOMS = ["", "ops", "Tensor", "mint", "mint.nn", "mint.nn.functional", "numpy", "numpy.fft", "autodiff", "compile"]
ROOMS += ["diffops", "nn", "train", "amp", "experimental.optim", "experimental.optim.lr_scheduler"]
ROOMS += ["nn.probability.distribution", "nn.probability.bijector", "nn.probability.bnn_layers"]
ROOMS += ["scipy.linalg", "scipy.fft", "scipy.ops", "scipy.optimize", "scipy.sparse.linalg"]
INTERNAL = ("msjax.core.names", "msjax.interop.late", "msjax.ops.table")  # what rooms are made with
_SECTION = r"^{}:\n((?:[ ].*\n?|\n)+)"
_TITLES = ("Args", "Inputs", "Attributes")
_DESCRIBED = re.compile(r"^    ([*\w]+(?:, [*\w]+)*)(?: \(.*?\))?:", re.M)


@dataclass
class Documented:
    """A public callable, the parameters that it has, and those that its docstring describes."""

    name: str
    doc: str
    own: set[str]
    described: set[str]
    takes: bool  # it has parameters
    silent: bool  # it gives nothing, or, as classes do, what its name says

    @property
    def complete(self) -> bool:
        returns = self.silent or re.search(r"^(Returns|Yields):$", self.doc, re.M)
        return bool(self.doc) and bool(returns) and (not self.takes or bool(self.described))


def described(doc: str) -> set[str]:
    """The parameters that a docstring describes."""
    texts = [m[1] for title in _TITLES for m in re.finditer(_SECTION.format(title), doc, re.M)]
    lines = [names for text in texts for names in _DESCRIBED.findall(text)]
    return {name.lstrip("*") for names in lines for name in names.split(", ")}


def parameters(room: str, name: str, value) -> set[str]:
    """The parameters of a callable; of an operator those of all its faces, of a layer those of its call, too."""
    if room in table.rooms and name in table.rooms[room].rows:
        faces = table.rooms[room].faces(name)
        return {p for face in faces for s in (face.init, face.call) if s is not None for p in s.names} - {"self"}
    calls = [value]
    if isinstance(value, type):
        calls += filter(inspect.isfunction, (getattr(value, name, None) for name in ("construct", "__call__")))
    found = {p.name: p.kind for call in calls for p in inspect.signature(call).parameters.values()}
    return {*found} - {"self"} | ({"**"} if inspect.Parameter.VAR_KEYWORD in found.values() else set())


def takes_arguments(room: str, value) -> bool:
    """Whether a function, method or constructor has parameters."""
    return len(inspect.signature(value).parameters) > (room == "Tensor" and inspect.isfunction(value))


def owner_of(room: str):
    return Tensor if room == "Tensor" else importlib.import_module(f"msjax.{room}".rstrip("."))


@functools.cache
def names() -> dict[str, list[str]]:
    """The names in each room before any is asked for: rooms keep those of other rooms that they have looked up."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        return fresh.submit(_names).result()


def _names() -> dict[str, list[str]]:
    return {room: dir(owner_of(room)) for room in ROOMS}


@functools.cache
def documented(room: str) -> list[Documented]:
    owner = owner_of(room)
    found = []
    for name in names()[room]:
        value = getattr(owner, name)
        home = getattr(value, "__module__", None) or ""
        if name[0] == "_" or not callable(value) or not home.startswith("msjax") or home in INTERNAL:
            continue
        doc = inspect.getdoc(value) or ""
        own = parameters(room, name, value)
        silent = isinstance(value, type) or inspect.signature(value).return_annotation in (None, "None")
        found.append(Documented(f"{room}.{name}", doc, own, described(doc), takes_arguments(room, value), silent))
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_args_and_returns_are_said(room):
    incomplete = [one.name for one in documented(room) if not one.complete]
    share = 1 - len(incomplete) / len(documented(room))
    assert share >= ARGS_AND_RETURNS, f"{share:.3f}: {incomplete}"


@pytest.mark.parametrize("room", ROOMS)
def test_only_parameters_that_are_there_are_named(room):
    closed = [one for one in documented(room) if "**" not in one.own]  # what `**options` takes is described, too
    wrong = {one.name: one.described - one.own for one in closed if not one.described <= one.own}
    assert not wrong


@pytest.mark.parametrize("room", ROOMS)
def test_many_have_an_example(room):
    without = [one.name for one in documented(room) if ">>>" not in one.doc]
    share = 1 - len(without) / len(documented(room))
    assert share >= EXAMPLE, f"{share:.3f}: {without}"
