"""Layers that are rows: they are Cells like any other, and are passed on to their function."""

import copy
import inspect
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, mint, nn, ops
from msjax.nn.layer.rows import layers
from msjax.ops import table

ROWS = sorted((room, name) for room in ("nn", "mint.nn") for name in table.rooms[room].makers)
X = Tensor([-2.0, 0.5, 3.0])


@pytest.mark.parametrize(("room", "name"), ROWS)
def test_are_classes_of_cells(room, name):
    layer = getattr({"nn": nn, "mint.nn": mint.nn}[room], name)
    assert issubclass(layer, nn.Cell)
    assert pickle.loads(pickle.dumps(layer)) is layer
    assert not any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in inspect.signature(layer).parameters.values())
    assert "self" not in inspect.signature(layer).parameters


def test_can_be_copied_pickled_and_subclassed():
    class Steep(nn.LeakyReLU):
        def construct(self, x):
            return super().construct(x) + 1

    assert pickle.loads(pickle.dumps(nn.LeakyReLU(0.5))).alpha == 0.5
    assert copy.deepcopy(nn.LeakyReLU(0.5))(X).asnumpy().tolist() == [-1.0, 0.5, 3.0]
    assert Steep(0.5)(X).asnumpy().tolist() == [0.0, 1.5, 4.0]
    with pytest.raises(TypeError, match="'Slope', the 'lambd' must be"):
        type("Slope", (nn.HShrink,), {})("wrong")


def test_print_and_name_themselves_as_in_mindspore():
    net = nn.SequentialCell(nn.ReLU(), mint.nn.AvgPool2d(2))
    assert repr(net) == "SequentialCell(\n  (0): ReLU()\n  (1): AvgPool2dExt()\n)"
    assert mint.nn.AvgPool2d is nn.AvgPool2dExt


def test_have_hooks_and_modes():
    layer, seen = nn.Tanh(), []
    layer.register_forward_hook(lambda cell, args, output: seen.append(type(cell)))
    layer.set_train()(X)
    assert seen == [nn.Tanh]
    assert layer.training


def test_a_changed_field_counts_in_a_compiled_program():
    layer = nn.LeakyReLU(0.5)
    step = ms.jit(lambda x: layer(x))
    assert step(X).asnumpy()[0] == -1
    layer.alpha = 0.25
    assert step(X).asnumpy()[0] == -0.5


def test_in_place_writes_into_the_input():
    x = Tensor([-1.0, 2.0])
    assert mint.nn.SiLU(inplace=True)(x) is x
    assert x.asnumpy()[0] < 0 < x.asnumpy()[1] < 2


def test_losses_are_losses():
    assert issubclass(nn.MSELoss, nn.LossBase)
    assert nn.MSELoss("sum").reduction == nn.MSELoss("sum")._reduction == "sum"
    assert nn.SmoothL1Loss()(X, X).shape == (3,)
    with pytest.raises(ValueError, match=r"MAELoss.*reduction"):
        nn.MAELoss("most")


def test_offered_as_all_other_names():
    for room in ("nn", "nn.layer", "nn.layer.activation"):
        names: dict = {}
        exec(f"from msjax.{room} import *", names)
        assert names["ReLU"] is nn.ReLU
    assert {name for _, name in ROWS if hasattr(nn, name)} <= {*dir(nn)}
    with pytest.raises(AttributeError, match=r"nearest: mindspore\.nn\.ReLU"):
        nn.RelU  # noqa: B018


def test_arguments_go_by_name_synonym_annotation_or_order():
    layers({"nn._Try(dims: dim, keep_dims=False)(a)": "ops.logsumexp"})
    try:
        layer = table.lookup("nn", "_Try")
        assert str(inspect.signature(layer)) == "(dims, keep_dims=False)"
        np.testing.assert_array_equal(layer(0)(X).asnumpy(), ops.logsumexp(X, 0).asnumpy())
        assert "dims: " in layer.__doc__
    finally:
        table.rooms["nn"].makers.pop("_Try")
        table.rooms["nn"].made.pop("_Try")


def test_one_class_for_all_threads():
    room = table.rooms["nn"]
    layers({"nn._Raced(alpha=1.0)(x)": "ops.elu"})
    try:
        with ThreadPoolExecutor(8) as pool:
            classes = set(pool.map(lambda _: table.lookup("nn", "_Raced"), range(16)))
        assert len(classes) == 1
    finally:
        room.makers.pop("_Raced"), room.made.pop("_Raced")
