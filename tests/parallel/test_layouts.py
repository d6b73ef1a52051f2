"""Layouts and strategies where there is one device: arguments, what is shown, and nothing else happens.

Words and values of errors are MindSpore 2.10.0's.
"""

import numpy as np
import pytest

import msjax as ms
from msjax import Layout, Tensor, nn, ops
from msjax.parallel.function import reshard

X = Tensor(np.ones((4, 4), np.float32))


def test_a_layout_says_what_mindspore_says():
    layout = Layout((2, 2, 2), ("dp", "sp", "mp"))
    assert layout("dp", "mp").to_dict() == {
        "device_matrix": (2, 2, 2),
        "tensor_map": (2, 0),
        "interleaved_parallel": False,
        "alias_name": ("dp", "sp", "mp"),
        "rank_list": [*range(8)],
    }
    assert layout(("dp", "mp"), "None").to_dict()["tensor_map"] == ((2, 0), -1)
    assert layout("dp", ("None", "mp")).to_dict()["tensor_map"] == (2, (-1, 0))
    assert layout().to_dict()["tensor_map"] == ()
    assert layout("sp", "mp", "dp", "None").to_dict()["tensor_map"] == (1, 0, 2, -1)
    first = layout("dp")
    assert first is not layout("mp") and first.to_dict()["tensor_map"] == (2,)
    assert layout.to_dict()["tensor_map"] == (0,)  # the last that it was called with
    assert layout(("dp", "mp"), "None").parts == (4, 1)
    virtual = Layout((2, 2), ("dp", "interleaved_parallel"))("dp", "interleaved_parallel")
    assert virtual.to_dict()["interleaved_parallel"]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (((2, 2), ("dp",)), ValueError, "device_matrix length should be equal to alias_name length"),
        (([2, 2], ("dp", "mp")), TypeError, "device_matrix must be tuple type"),
        (((2, 2), ["dp", "mp"]), TypeError, "alias_name must be tuple type"),
        (((2, 2), ("dp", "dp")), ValueError, "should be different"),
        (((2, "x"), ("dp", "mp")), TypeError, "The element of device_matrix must be int type"),
        (((2, 2), ("dp", 3)), TypeError, "The element of alias_name must be str type"),
        (((2, 2), ("dp", "")), ValueError, "can not be empty"),
        (((2, 2), ("dp", "None")), ValueError, "'None' means no sharding"),
        (((0, 2), ("dp", "mp")), ValueError, "must be positive"),
        (((2, 2), ("interleaved_parallel", "mp")), ValueError, "must be the last"),
        (((2, 2), ("dp", "mp"), (0, 1, 2, 3)), TypeError, "rank_list should be a list"),
        (((2, 2), ("dp", "mp"), [0, 1]), ValueError, "2 and 4"),
        (((2, 2), ("dp", "mp"), [0, 1, 2, "a"]), TypeError, "element of rank_list should be int"),
    ],
)
def test_what_is_no_layout(arguments, error, words):
    with pytest.raises(error, match=words):
        Layout(*arguments)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (("dp", "xx"), r"The axis xx is not found in \('dp', 'mp'\)"),
        (("dp", "dp"), "The axis dp has been set more than one"),
        ((("dp", "mp"), "mp"), "The axis mp has been set more than one"),
        ((1,), "The axis 1 is not found"),
        ((("dp", 1),), "The axis 1 is not found"),
        ((None,), "The axis None is not found"),
    ],
)
def test_axes_that_are_not_there(entries, words):
    with pytest.raises(ValueError, match=words):
        Layout((2, 2), ("dp", "mp"))(*entries)


def test_a_layout_must_be_called():
    with pytest.raises(ValueError, match="tensor_map of layout is None"):
        Layout((2, 2), ("dp", "mp")).to_dict()


def test_a_primitive_shows_its_strategy():
    product = ops.MatMul().shard(((2, 4), (4, 1)), ((2, 1),))
    assert repr(product) == (
        "Prim[MatMul]<transpose_a=False, transpose_b=False, in_strategy=((2, 4), (4, 1)), out_strategy=((2, 1),)>"
    )
    assert product(X, X).shape == (4, 4) and type(product).__name__ == "MatMul" and isinstance(product, ops.MatMul)
    layout = Layout((2, 2), ("dp", "mp"))
    assert ops.ReLU().shard((layout("dp", "mp"),)).in_layout[0] == {
        "device_matrix": (2, 2),
        "tensor_map": (1, 0),
        "interleaved_parallel": False,
        "alias_name": ("dp", "mp"),
    }
    assert repr(ops.ReLU().shard()) == "Prim[ReLU]"


LAYOUT = Layout((2, 2), ("dp", "mp"))("dp", "mp")


@pytest.mark.parametrize(
    ("strategies", "error", "words"),
    [
        ((((2, 4), 5),), TypeError, "element of strategy must be tuple/Layout type"),
        (([(2, 4)],), TypeError, "in_strategy must be tuple type"),
        ((((2, 4), (4, "a")),), TypeError, "must be int type"),
        ((((2, 4), (4, 1)), 5), TypeError, "out_strategy must be tuple type"),
        ((None, ((2, 1),)), ValueError, "need to set in_strategy"),
        (((LAYOUT, (2, 1)),), TypeError, "class Layout"),
        (((((2, 1), (2, 1)),),), TypeError, "must be int type"),
        (((LAYOUT,), ((2, 1),)), ValueError, "both of Layouts"),
    ],
)
def test_what_is_no_strategy(strategies, error, words):
    with pytest.raises(error, match=words):
        ops.MatMul().shard(*strategies)


def test_strategies_change_nothing_on_one_device():
    ms.set_auto_parallel_context(parallel_mode="semi_auto_parallel")
    try:
        assert ops.MatMul().shard(((3, 1),))(X, X).shape == (4, 4)
        assert ms.shard(lambda x: x * 2, ((3, 1),))(X).sum() == 32
        cell = nn.Dense(4, 4)
        assert cell.shard(((8, 1),), parameter_plan={"weight": (4, 1)})(X).shape == (4, 4)
        assert reshard(X, LAYOUT) is X and ops.Reshard((LAYOUT,), (LAYOUT,), None)(X) is X
    finally:
        ms.reset_auto_parallel_context()


def test_what_shard_does_not_take():
    with pytest.raises(TypeError, match="should be a dict or None"):
        ms.shard(nn.Dense(4, 4), ((1, 1),), parameter_plan=[1])
    with pytest.raises(TypeError, match=r"must be mindspore\.nn\.Cell"):
        ms.shard(lambda x: x, ((1, 1),), parameter_plan={"w": (1,)})
    with pytest.raises(TypeError, match="must be str and tuple/Layout"):
        ms.shard(nn.Dense(4, 4), ((1, 1),), parameter_plan={"weight": 4})
