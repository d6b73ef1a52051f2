"""Maps, functions chosen by type, printing."""

import jax
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.ops.control import maps


@pytest.fixture
def by_type():
    graph = maps.MultitypeFuncGraph("by_type")
    for names in [("Number", "Number"), ("Tensor", "Tensor"), ("Number", "Tensor"), ("Tuple", "Tensor"), ("None",)]:
        graph.register(*names)(lambda *args, names=names: names)
    return graph


X = [1.0, 2.0]


@pytest.mark.parametrize(
    "make, names",
    [
        (lambda: (1, 2.5), ("Number", "Number")),
        (lambda: (True, Tensor(X)), ("Number", "Tensor")),
        (lambda: (ms.Parameter(Tensor(X)), Tensor(X)), ("Tensor", "Tensor")),
        (lambda: ((1,), Tensor(X)), ("Tuple", "Tensor")),
        (lambda: (None,), ("None",)),
    ],
)
def test_the_body_is_chosen_by_types(by_type, make, names):
    assert by_type(*make()) == names


def test_a_single_body_takes_everything():
    graph = ops.MultitypeFuncGraph("one")
    assert graph.register("Tensor")(len) is len
    assert graph("abc") == 3


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda g: g(Tensor(X), 2), ValueError, "cannot find fn match"),
        (lambda g: g(1, 2, 3), ValueError, "cannot find fn match"),
        (lambda g: g(np.ones(2)), TypeError, "numpy.ndarray"),
        (lambda g: g.register("Foo"), RuntimeError, "Unsupported type name: Foo"),
        (lambda g: ops.MultitypeFuncGraph(3), TypeError, "name"),
        (lambda g: ops.HyperMap(3), TypeError, "MultitypeFuncGraph"),
        (lambda g: ops.HyperMap()(g), IndexError, "at least one"),
    ],
)
def test_errors(by_type, call, error, message):
    with pytest.raises(error, match=message):
        call(by_type)


def add(x, y):
    return x + y


def test_maps():
    assert ops.HyperMap()(add, (1, [2, (3,)]), (10, [20, (30,)])) == (11, (22, (33,)))
    assert ops.Map()(add, ((1,), (2,)), ((3,), (4,))) == ((1, 3), (2, 4))
    assert ops.HyperMap(add)((1, 2), (3,)) == (4,)
    assert ops.Map()(add, 1, 2) == 3
    assert ops.HyperMap()(ops.partial(add, 5), (1, 2)) == (6, 7)
    assert ops.HyperMap()(add, (), ()) == ()
    row, other = ops.HyperMap()(add, (Tensor(X), Tensor(X)), Tensor(X))
    assert (row.asnumpy().tolist(), other.asnumpy().tolist()) == ([2, 3], [3, 4])


def test_constexpr():
    double = ms.ops.constexpr(lambda x: 2 * x, name="double")
    assert double(4) == 8 and repr(double) == "Prim[double]<constexpr_prim=True>"
    assert ops.constexpr(get_instance=False)(abs)()(-1) == 1


def test_depend_and_flags():
    x = Tensor(X)
    assert ops.depend(x, None) is x and ops.Depend()(x, 3) is x
    both = (x, ops.ones((2, 3)))
    assert ops.identity(x) is x and ops.identity(both) is both and ops.identity(None) is None
    assert ms.jit(lambda x: ops.identity((x, 2))[0] * 2)(x).tolist() == (x * 2).tolist()
    assert ops.core(loop=True)(add) is add


LINES = "a\nTensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00])\n{}3\n"


def test_print(capsys):
    ops.Print()("a", Tensor([1.0]), (Tensor(2), None), 3)
    assert capsys.readouterr().out == LINES.format("(Tensor(shape=[], dtype=Int64, value= 2), None)\n")


def test_print_in_a_compiled_function(capsys):
    @jax.jit
    def f(array):
        ops.print_("a", ops.depend(Tensor(array), None), 3)
        return array

    f(np.ones(1, np.float32))
    jax.effects_barrier()
    assert capsys.readouterr().out == LINES.format("")


@pytest.mark.parametrize(("bound", "error"), [("a", TypeError), (0.5, TypeError), (Tensor(0.5), ValueError)])
def test_bounds_of_a_loop_are_whole(bound, error):
    with pytest.raises(error):
        ops.ForiLoop()(bound, 3, lambda i, v: v + i, Tensor(1))
    with pytest.raises(error):
        ops.ForiLoop()(0, bound, lambda i, v: v + i, Tensor(1))
    assert ops.ForiLoop()(Tensor(1), Tensor(3), lambda i, v: v + i, Tensor(1)) == 4
