"""set_matmul_precision: which precision the products of operators and of compiled functions ask for."""

from contextlib import nullcontext

import jax
import pytest
from jax import lax

import msjax as ms
from msjax import Tensor, mint, nn, ops

X, Y = ops.ones((3, 3)), ops.ones((3, 3))
IMAGE, KERNEL = ops.ones((1, 1, 5, 5)), ops.ones((1, 1, 3, 3))
HIGHEST = (lax.Precision.HIGHEST, lax.Precision.HIGHEST)


@pytest.fixture(autouse=True)
def _same_precision():
    yield
    ms.set_matmul_precision("default")


@pytest.fixture
def asked(monkeypatch):
    """asked(function, ...): the precisions that are asked for while the function runs; none by what is compiled."""
    found = set()

    def watch(primitive):
        bind = primitive.bind

        def recording(*args, **params):
            found.add(params["precision"])
            return bind(*args, **params)

        monkeypatch.setattr(primitive, "bind", recording)

    watch(lax.dot_general_p)
    watch(lax.conv_general_dilated_p)

    def asked(function, *args):
        found.clear()
        function(*args)
        return set(found)

    return asked


OPERATORS = {
    "matmul": lambda: ops.matmul(X, Y),
    "method": lambda: X @ Y,
    "einsum": lambda: mint.einsum("ij,jk->ik", X, Y),
    "bmm": lambda: ops.bmm(X[None], Y[None]),
    "addmm": lambda: mint.addmm(X, X, Y),
    "tensor_dot": lambda: ops.tensor_dot(X, Y, 1),
    "conv2d": lambda: ops.conv2d(IMAGE, KERNEL),
    "Dense": nn.Dense(3, 2),
    "Conv2d": nn.Conv2d(1, 1, 3),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_operators(name, asked):
    def call():
        operator = OPERATORS[name]
        return operator() if not isinstance(operator, nn.Cell) else operator(X if name == "Dense" else IMAGE)

    jax.clear_caches()
    assert asked(call) == {None}
    assert asked(call) == set()
    ms.set_matmul_precision("highest")
    assert asked(call) == {HIGHEST}
    ms.set_matmul_precision("default")
    assert asked(call) == set()


@pytest.mark.parametrize("compiled", ["jit", "automatic", "unwatched"])
def test_compiled_functions(compiled, asked):
    def product(x):
        with (
            jax.named_scope("product") if compiled == "unwatched" else nullcontext()
        ):  # the watch knows only the latter
            return (x @ Y).sum()

    call = ms.grad(product) if compiled == "automatic" else ms.jit(product)

    def calls():
        for _ in range(2):
            call(X)

    jax.clear_caches()
    assert asked(calls) == {None}
    ms.set_matmul_precision("highest")
    assert asked(calls) == {HIGHEST}
    for precision in ("default", "highest"):
        ms.set_matmul_precision(precision)
        assert asked(calls) == set()
    if compiled == "jit":
        assert ms.explain(product).data[0]["traces"] == 2


def test_gradients_ask_for_it_too(asked):
    ms.set_matmul_precision("high")
    net = nn.SequentialCell(nn.Dense(3, 4), nn.Tanh(), nn.Dense(4, 1))
    gradient = ms.grad(ms.grad(lambda x: net(x).sum()))
    high = lax.Precision.HIGH
    assert asked(gradient, ops.ones((7, 3))) == {(high, high)}


def test_it_can_be_for_a_while():
    with ms.set_matmul_precision("high"):
        with pytest.raises(KeyError), ms.set_matmul_precision("highest"):
            assert ms.get_matmul_precision() == "highest"
            raise KeyError
        assert ms.get_matmul_precision() == "high"
    assert ms.get_matmul_precision() == "default"


@pytest.mark.parametrize(("theirs", "ours"), [("tensorfloat32", "high"), ("float32", "highest"), ("F64_F64_F64",) * 2])
def test_jaxs_own_choice_is_told(theirs, ours):
    with jax.default_matmul_precision(theirs):
        assert ms.get_matmul_precision() == ours


def test_unknown_precisions_are_refused():
    with pytest.raises(ValueError, match=r"one of \['default', 'high', 'highest'\], but got 'tf32'"):
        ms.set_matmul_precision("tf32")


def test_a_function_that_sets_it_is_not_compiled_unasked():
    def product(x):
        ms.set_matmul_precision("highest")
        return (x @ Tensor([[1.0], [2.0], [3.0]])).sum()

    for _ in range(3):
        ms.grad(product)(X)
    assert "set_matmul_precision" in ms.explain(product).data[0]["reason"]
