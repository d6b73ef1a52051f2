"""The calls of the sweep: of every face of the operator table, by the samples of its operator, and of `layers`."""

import ast
import inspect
import sys
from pathlib import Path

import numpy as np

import msjax as ms
from edges import layers
from msjax import Tensor
from msjax.core.dtype import DType
from msjax.ops import table
from msjax.ops.table.signature import IGNORED, IN_PLACE
from msjax.ops.table.statics import FREE

sys.path.insert(0, str(Path(__file__).parents[1] / "autodiff"))

import samples

ROOMS = {"ops": "ops", "mint": "mint", "mint.nn.functional": "mint.nn.functional", "Tensor": "Tensor", "numpy": "mnp"}
_ELEMENTS = {"f": samples.f, "i": lambda *values: samples.i(*values).astype(ms.int32)}


class NoText(Exception):
    """A value of a sample that can not be written down."""


def text_of(value):
    """A value of a sample as `sweep.value_of` reads it."""
    if isinstance(value, Tensor):
        array = value.asnumpy()
        if array.dtype.kind not in "biuf":
            raise NoText
        array = array.astype(np.float32) if array.dtype == np.float64 else array
        elements = [round(v, 4) if isinstance(v, float) else v for v in array.ravel().tolist()]
        return [str(array.dtype), list(array.shape), elements]
    if isinstance(value, (list, tuple)) and any(isinstance(part, Tensor) for part in value):
        return {type(value).__name__: [text_of(part) for part in value]}
    if isinstance(value, DType):
        return "ms." + str(value).lower().replace("bool", "bool_")
    if isinstance(value, float) and not np.isfinite(value):
        return f"float('{value}')"
    if value is None or isinstance(value, (bool, int, float, str, tuple)):
        return repr(value)
    raise NoText


# -- operators --------------------------------------------------------------------------------------------------------


def of_operators() -> list[dict]:
    """A call for each face that has a sample which can be written down."""
    names = {id(operator): name for name, operator in samples.operators().items()}
    found = []
    for room in ROOMS:
        for name in table.rooms[room].rows:
            for number, face in enumerate(table.rooms[room].faces(name)):
                sample = names.get(id(face.operator))
                if sample is None or (sample in samples.LEFT_OUT and not face.operator.arrays):
                    continue
                try:
                    call = _of_face(face, *samples.sample(sample, face.operator))
                except NoText:
                    continue
                free = face.operator.name in FREE or table.rooms[room].lists
                found.append({"name": f"{room}.{name}" + f" {number + 1}" * (number > 0), "free": free, **call})
    return found


def _of_face(face, arrays, statics) -> dict:
    operator = face.operator
    values = dict(zip(operator.statics, statics, strict=True))
    if not operator.variadic:
        values |= dict(zip(operator.arrays, arrays, strict=True))
    made = _arguments(face, face.init.parameters if face.init else (), values, arrays)
    given = _arguments(face, face.call.parameters, values, arrays)
    return {
        "make": f"{ROOMS[face.room]}.{face.name}",
        "made": [[name.removeprefix("*"), text] for name, text in made],
        "given": given,
    }


def _arguments(face, parameters, values: dict, arrays) -> list:
    """(name, text) of the arguments; those with a star are given by their places."""
    found = []
    for p in parameters:
        target = face.targets[p.name]
        if target in (IGNORED, IN_PLACE):
            continue
        if p.kind == "*" and face.operator.variadic:
            found += [[f"*{k}", text_of(array)] for k, array in enumerate(arrays)]
            continue
        try:
            text = text_of(values.get(target, NoText))
        except NoText:
            if p.default is None:
                raise
            continue
        if p.default is None or text != p.default or target in face.operator.statics:
            found.append([f"*{p.name}" if p.kind == "*" or (p.default is None and not p.kind) else p.name, text])
    return found


# -- layers, losses, metrics and optimizers ---------------------------------------------------------------------------


def of_layers() -> list[dict]:
    lines = [line.split("|") for line in layers.LAYERS.strip().splitlines()]
    lines += [(f"nn.{name}()", "f(2, 3)") for name in layers.ACTIVATIONS.split()]
    lines += [(f"nn.{name}()", given) for name, given in _words(layers.LOSSES)]
    lines += [("nn.SoftmaxCrossEntropyWithLogits(sparse=True)", "f(2, 3), i(0, 2)")]
    lines += [(f"mint.nn.{name}()", given) for name, given in _words(layers.MINT_LOSSES)]
    found = [{"name": make.strip(), **_constructed(make.strip()), "given": _given(given)} for make, given in lines]
    for name, given in _words(layers.METRICS):
        make = f"measured(train.{name})"
        found.append({"name": make, "make": make, "made": [], "given": _given(given)})
    for name in layers.OPTIMIZERS.split():
        options = inspect.signature(getattr(ms.nn, name).__init__).parameters.values()
        numbers = [[p.name, repr(p.default)] for p in options if type(p.default) in (int, float, bool)]
        make = f"stepped(nn.{name})"
        found.append({"name": make, "make": make, "made": [], "given": _given("f(2, 3), f(3)") + numbers})
    return found


def _words(text: str):
    """(word, what stands behind the bar that ends its list) of each word."""
    words = []
    for line in text.strip().splitlines():
        left, bar, right = line.partition("|")
        words += left.split()
        if bar:
            yield from ((word, right.strip()) for word in words)
            words = []


def _given(text: str) -> list:
    values = eval(f"({text},)" if text.strip() else "()", _ELEMENTS)
    return [[f"*{k}", text_of(value)] for k, value in enumerate(values)]


def _constructed(text: str) -> dict:
    """The class of a layer, and by name what it is constructed with, numbers that are defaults among it."""
    tree = ast.parse(text, mode="eval").body
    name = ast.unparse(tree.func)
    room, _, own = name.rpartition(".")
    signature = inspect.signature(getattr({"nn": ms.nn, "mint.nn": ms.mint.nn}[room], own).__init__)
    parameters = [p for p in signature.parameters.values() if p.name != "self"]
    if any(p.kind == p.VAR_POSITIONAL for p in parameters):
        return {"make": text, "made": []}
    made = dict(zip([p.name for p in parameters], map(ast.unparse, tree.args), strict=False))
    made |= {k.arg: ast.unparse(k.value) for k in tree.keywords}
    numbers = {p.name: repr(p.default) for p in parameters if type(p.default) in (int, float) and p.name not in made}
    return {"make": name, "made": [[k, v] for k, v in (made | numbers).items()]}


def all_calls() -> list[dict]:
    return [*of_layers(), *of_operators()]
