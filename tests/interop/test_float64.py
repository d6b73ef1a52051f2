"""A physics-informed loss in float64 from end to end: no float32 anywhere, and a residual at the limit of rounding."""

import jax
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, diffops, interop, nn, ops
from msjax.core.tensor import raw
from msjax.nn.pure import lend

X = Tensor(np.linspace(-1, 1, 24)[:, None], ms.float64)
ENDS = Tensor([[-1.0], [1.0]], ms.float64)


def created(width=8):
    """Parameters that are created in float64."""
    ms.set_seed(3)
    return nn.SequentialCell(nn.Dense(1, width, dtype=ms.float64), nn.Tanh(), nn.Dense(width, 1, dtype=ms.float64))


def converted(width=8):
    """Parameters that are converted to it, as MindSpore's users do; `to_float` takes no float64, there and here."""
    ms.set_seed(3)
    net = nn.SequentialCell(nn.Dense(1, width), nn.Tanh(), nn.Dense(width, 1))
    for parameter in net.get_parameters():
        parameter.set_dtype(ms.float64)
    return net


def by_laplacian(net):
    return diffops.laplacian(net)


def by_nested_grad(net):
    return ms.grad(ms.grad(net))


def errors(net, second):
    """u'' = -8 u (1 - u^2) and the values at both ends, for u = tanh(2 x)."""
    second = second(net)

    def residuals(x, ends):
        u = ops.tanh(2 * x)
        return (second(x) + 8 * u * (1 - u * u)) / 5, net(ends) - ops.tanh(2 * ends)

    return residuals


def mean_squares(residuals):
    def loss(x, ends):
        return sum(ops.square(r).mean() for r in residuals(x, ends))

    return loss


def dtypes_in(jaxpr) -> set:
    """The dtypes of all values in a program."""
    found = {v.aval.dtype for v in (*jaxpr.invars, *jaxpr.constvars) if hasattr(v.aval, "dtype")}
    for equation in jaxpr.eqns:
        found |= {v.aval.dtype for v in (*equation.invars, *equation.outvars) if hasattr(v.aval, "dtype")}
        for inner in jax.tree.leaves(list(equation.params.values()), is_leaf=lambda v: hasattr(v, "eqns")):
            inner = getattr(inner, "jaxpr", inner)
            if hasattr(inner, "eqns"):
                found |= dtypes_in(inner)
    return found


def floats_of(call, handles) -> set:
    """The floating types in what `call` compiles; `handles` are all that it moves."""

    def on_arrays(arrays):
        return jax.tree.map(raw, lend(handles, arrays, call), is_leaf=lambda v: isinstance(v, Tensor))

    jaxpr = jax.make_jaxpr(on_arrays)([raw(h) for h in handles]).jaxpr
    return {str(d) for d in dtypes_in(jaxpr) if d.kind == "f"}


@pytest.mark.parametrize("second", [by_laplacian, by_nested_grad])
@pytest.mark.parametrize("network", [created, converted])
def test_the_programs_have_no_float32(network, second):
    net = network()
    parameters = net.trainable_params()
    loss = mean_squares(errors(net, second))
    lbfgs = interop.optax.LBFGS(parameters)
    evaluate = ms.value_and_grad(loss, None, parameters)
    assert floats_of(lambda: loss(X, ENDS), parameters) == {"float64"}
    assert floats_of(lambda: evaluate(X, ENDS)[1], parameters) == {"float64"}
    assert floats_of(lambda: lbfgs.step(loss, X, ENDS), [*parameters, *lbfgs._held, lbfgs.global_step]) == {"float64"}


def test_the_scan_finds_float32():
    net = created()
    assert floats_of(lambda: net(X.astype(ms.float32).astype(ms.float64)), net.trainable_params()) == {
        "float32", "float64",
    }  # fmt: skip


@pytest.mark.parametrize("network", [created, converted])
def test_adam_then_lbfgs_reach_the_last_digits(network):
    net = network()
    loss = mean_squares(errors(net, by_laplacian))
    adam = nn.Adam(net.trainable_params(), learning_rate=0.01)
    evaluate = ms.value_and_grad(loss, None, adam.parameters)
    first = loss(X, ENDS)
    for _ in range(20):
        adam(evaluate(X, ENDS)[1])
    lbfgs = interop.optax.LBFGS(net.trainable_params(), memory_size=30)
    found = lbfgs.run(loss, X, ENDS, steps=1000, tolerance=1e-9)
    assert first.dtype == ms.float64 and {p.dtype for p in net.get_parameters()} == {ms.float64}
    assert found.loss < 1e-10
    assert np.isclose(float(loss(X, ENDS)), found.loss, rtol=1e-6)
    assert np.abs(net(X).asnumpy() - np.tanh(2 * X.asnumpy())).max() < 1e-4


def test_levenberg_marquardt_reaches_rounding():
    pytest.importorskip("optimistix")
    net = created(width=4)
    found = interop.optimistix.least_squares(errors(net, by_laplacian), net.trainable_params(), X, ENDS, max_steps=400)
    assert found.loss < 1e-16
    assert np.abs(net(X).asnumpy() - np.tanh(2 * X.asnumpy())).max() < 1e-7
