"""What takes a list of Tensors takes every kind of list: ParameterTuple, namedtuples, subclasses of list and tuple."""

import collections

import pytest

import msjax as ms
from msjax import Parameter, ParameterTuple, Tensor, amp, mint, nn, ops
from msjax import numpy as mnp
from msjax.nn.wrap import cast_floats
from msjax.train import loss_scale

Pair = collections.namedtuple("Pair", "first second")


class OwnList(list):
    pass


class OwnTuple(tuple):
    pass


KINDS = {"ParameterTuple": ParameterTuple, "namedtuple": Pair._make, "list": OwnList, "tuple": OwnTuple}
X = Tensor([[1.0, 2.0], [3.0, 4.0]])

TAKING_TENSORS = {
    **{f"ops.{name}": getattr(ops, name) for name in (
        "addn accumulate_n cat concat stack vstack hstack dstack column_stack row_stack clip_by_global_norm "
        "stop_gradient"
    ).split()},
    **{f"mint.{name}": getattr(mint, name) for name in ("cat", "concat", "stack")},
    **{f"numpy.{name}": getattr(mnp, name) for name in (
        "concatenate stack vstack hstack dstack column_stack"
    ).split()},
    **{f"ops.{name}()": getattr(ops, name)() for name in "AddN AccumulateNV2 Concat Stack StopGradient".split()},
    "clip_by_norm": lambda tensors: ops.clip_by_norm(tensors, 1.0),
    "clip_by_value": lambda tensors: ops.clip_by_value(tensors, -1.0, 1.0),
    "cartesian_prod": lambda tensors: ops.cartesian_prod(*(t[0] for t in tensors)),
    "depend": lambda tensors: ops.depend(X, tensors),
    "HyperMap": lambda tensors: ops.HyperMap()(ops.Add(), tensors, tensors),
    "grad": lambda tensors: ms.grad(lambda x: (tensors[0] * x + tensors[1]).sum(), None, tensors)(X),
    "grad of an argument": lambda tensors: ms.grad(lambda pair: (pair[0] * pair[1]).sum())(tensors),
    "jit": lambda tensors: ms.jit(lambda pair: pair[0] + pair[1])(tensors),
    "SGD": lambda tensors: nn.SGD([Parameter(X, name="a"), Parameter(X, name="b")], 0.1)(tensors),
    "all_finite": amp.all_finite,
    "cast_floats": lambda tensors: cast_floats(tensors, ms.float16),
    "scaled": lambda tensors: loss_scale._grad_scale_map(Tensor(2.0), tensors),
}  # fmt: skip
SHAPES = {
    "reshape": X.reshape, "ops.reshape": lambda shape: ops.reshape(X, shape), "zeros": ops.zeros, "mint": mint.ones,
    "broadcast_to": X.broadcast_to, "tile": lambda shape: ops.tile(X, shape), "numpy": mnp.zeros,
    "LayerNorm": lambda shape: mint.nn.LayerNorm(shape)(X),
    "initializer": lambda shape: ms.common.initializer.initializer("zeros", shape),
}  # fmt: skip


def leaves(result):
    return [v for r in result for v in leaves(r)] if isinstance(result, (tuple, list)) else [result]


def numbers(result):
    return [r.tolist() if isinstance(r, Tensor) else r for r in leaves(result)]


@pytest.fixture
def tensors():
    return [Parameter(X * 3.0, name="first"), Parameter(X - 1.0, name="second")]


@pytest.mark.parametrize("name", TAKING_TENSORS)
def test_lists_of_tensors(name, tensors):
    function = TAKING_TENSORS[name]
    expected = numbers(function(tuple(tensors)))
    for kind, make in KINDS.items():
        assert numbers(function(make(tensors))) == expected, kind


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(name):
    expected = numbers(SHAPES[name]((2, 2)))
    for make in (Pair._make, OwnList, OwnTuple):
        assert numbers(SHAPES[name](make((2, 2)))) == expected


@pytest.mark.parametrize("make", [Pair._make, OwnTuple])
def test_layers_that_take_tuples_only(make):
    assert nn.Conv2d(1, 1, make((2, 2)))(ops.ones((1, 1, 4, 4))).shape == (1, 1, 4, 4)
    assert nn.MaxPool2d(make((2, 2)))(ops.ones((1, 1, 4, 4))).shape == (1, 1, 3, 3)


def test_what_comes_out_is_a_plain_list_or_a_namedtuple(tensors):
    kinds = [type(ops.stop_gradient(make(tensors))) for make in KINDS.values()]
    assert kinds == [tuple, Pair, list, tuple]
