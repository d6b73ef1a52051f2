"""Kinds of arguments, as they are written."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.core.kinds import check, check_is, takes


@pytest.mark.parametrize(
    ("kind", "right", "of_another_type", "out_of_bounds"),
    [
        ("int > 0", [1, 5], [True, 1.0, "1", None, np.int64(1), Tensor(1)], [0, -1]),
        ("None or float [0, 1)", [None, 0.0, 0.5], [0, True], [1.0, -0.5, float("nan")]),
        ("bool", [True, False, ms.mutable(True)], [0, 1, None, np.bool_(True)], []),
        ("'mean' or 'sum'", ["mean"], [None, 1], ["none"]),
        ("int > 0 or 2 int > 0", [1, (1, 2)], [[1, 2], (1.0, 2)], [(1,), (0, 1), 0]),
        ("2 size >= 0", [(None, 2)], [2, ("a", 2)], [(None,), (-1, 2)]),
        ("Tensor or dtype or function", [Tensor(1.0), ms.float32, len], [1, "len"], []),
        ("number != 0", [1, 0.5], [False], [0, 0.0]),
    ],
)
def test_kinds(kind, right, of_another_type, out_of_bounds):
    for value in right:
        check("Layer", "size", value, kind)
    for values, error in ((of_another_type, TypeError), (out_of_bounds, ValueError)):
        for value in values:
            with pytest.raises(error, match="For 'Layer', the 'size' must be"):
                check("Layer", "size", value, kind)


def test_of_a_class():
    check_is("Layer", "init", Tensor(1), Tensor)
    with pytest.raises(TypeError, match="For 'Layer', the 'init' must be Tensor, but got 'x' of type str"):
        check_is("Layer", "init", "x", Tensor)


def test_the_owner_is_the_class_of_the_object_and_nothing_is_left_behind():
    class Wide(nn.Dense):
        pass

    @takes(size="int > 0")
    def area(size, height=0.5):
        return size * height

    with pytest.raises(TypeError, match="For 'area', the 'size' must be int > 0, but got '2' of type str"):
        area(size="2")
    assert area(2) == 1
    with pytest.raises(TypeError, match="For 'CrossEntropyLoss', the 'ignore_index' must be int, but got '1'"):
        nn.CrossEntropyLoss(ignore_index="1")
    with pytest.raises(ValueError, match="For 'Wide'"):
        Wide(0, 1)


def test_operators_say_it_at_every_call_compiled_or_not():
    x = Tensor([[1.0, 5.0], [4.0, 2.0]])
    for call in (lambda x: x.sum(0, keepdims=1), lambda x: ops.argsort(x, descending=None)):
        for run in (call, call, ms.jit(call)):
            with pytest.raises(TypeError, match="must be bool"):
                run(x)
    assert x.min(axis=0, keepdims=ms.mutable(False)).shape == (2,)
    with pytest.raises(TypeError, match="called on a Tensor"):
        Tensor.add([1], [2])
    with pytest.raises(TypeError, match="'initial' must be a number"):
        x.max(0, True, initial=[1])
    with pytest.raises(TypeError, match="of floats"):
        ops.cross_entropy(x.astype(ms.int32), Tensor([0, 1]))


def test_names_of_what_methods_take():
    x = Tensor([-7.0, 5.0])
    for found in (x.remainder(divisor=2.0), x.remainder(other=2.0)):
        assert found.tolist() == [1, 1]
    assert x.sub(y=2.0).tolist() == x.sub(other=2.0).tolist() == [-9, 3]
    assert x.isclose(x2=x).all() and x.multiply(value=2).tolist() == [-14, 10]
    assert ops.sqrt(x=Tensor(4.0)).item() == 2 and ops.true_divide(dividend=x, divisor=2.0).tolist() == [-3.5, 2.5]


def test_max_along_an_axis_in_graph_mode_gives_values_alone():
    x = Tensor([[1.0, 5.0], [4.0, 2.0]])
    values = ms.jit(lambda x: x.max(0, False))(x)
    assert values.tolist() == [4, 5]
    assert x.max(0)[1].tolist() == [1, 0] and ms.jit(lambda x: x.max(dim=0))(x)[1].tolist() == [1, 0]


def test_iterators_that_a_compiled_function_returns():
    @ms.jit
    def both(x):
        found = {"a": map(abs, (x, x)), "b": iter([1]), "c": iter((1,)), "d": filter(None, [0, 1])}
        return (x * n for n in range(3)), found, range(2)

    listed, table, counted = both(Tensor([2.0]))
    assert [t.item() for t in listed] == [0, 2, 4] and type(listed) is list
    assert type(table.pop("a")) is tuple and counted == (0, 1)
    assert table == {"b": [1], "c": (1,), "d": [1]}


def test_tensors_of_any_rank():
    assert Tensor(shape=None, dtype=ms.float32).shape == (-2,)
    assert Tensor(shape=[None, 3], dtype=ms.float32).shape == (-1, 3)
    with pytest.raises(ValueError, match="number of axes"):
        ms.export(nn.ReLU(), Tensor(shape=None, dtype=ms.float32), file_name="net", file_format="STABLEHLO")
    with pytest.raises(TypeError, match="shape"):
        Tensor(shape="ab", dtype=ms.float32)


def test_a_number_that_is_not_whole_for_integers():
    parameter = ms.Parameter(1, name="p")
    with pytest.raises(TypeError, match="implicitly"):
        parameter.set_data(2.5)
    assert parameter.item() == 1 and parameter.set_data(Tensor(2.5)).item() == 2
