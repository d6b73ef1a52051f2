"""Least squares over Parameters by optimistix's solvers."""

import sys

import jax.numpy as jnp
import lineax
import numpy as np
import optimistix
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.interop import objective
from msjax.interop.optimistix import least_squares

X = np.linspace(0, 2, 9)
DTYPES = [ms.float32, ms.float64]


def decay(dtype=ms.float64):
    """Parameters a and b of a exp(b x), and the residuals for a = 2, b = -1."""
    a, b = (Parameter(Tensor([1.0], dtype), name=name) for name in "ab")
    x, y = Tensor(X, dtype), Tensor(2 * np.exp(-X), dtype)
    return a, b, lambda: a * ops.exp(b * x) - y


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", [None, optimistix.GaussNewton, optimistix.Dogleg, optimistix.BFGS])
def test_solvers(kind, dtype):
    a, b, residuals = decay(dtype)
    found = least_squares(residuals, [a, b], solver=kind and kind(rtol=1e-8, atol=1e-10))
    assert found.converged and found.message == "the solver's tolerances are met" and 1 < found.steps < 60
    assert found.loss < 1e-12
    assert np.allclose([float(a), float(b)], [2, -1], atol=1e-5)
    assert a.dtype == dtype


def test_it_agrees_with_optimistix():
    a, b, residuals = decay()
    theirs = optimistix.least_squares(
        lambda p, _: p[0] * jnp.exp(p[1] * X) - 2 * np.exp(-X),
        optimistix.LevenbergMarquardt(1e-3, 1e-3), [jnp.ones(1), jnp.ones(1)], max_steps=4, throw=False,
    )  # fmt: skip
    found = least_squares(residuals, [a, b], rtol=1e-3, atol=1e-3, max_steps=4)
    assert found.steps == theirs.stats["num_steps"]
    assert np.allclose([a.asnumpy(), b.asnumpy()], theirs.value, rtol=1e-10)


def test_residuals_may_be_nested_and_cells():
    ms.set_seed(0)
    net = nn.SequentialCell(nn.Dense(1, 3, dtype=ms.float64), nn.Tanh(), nn.Dense(3, 1, dtype=ms.float64))
    net[2].bias.requires_grad = False
    bias = net[2].bias.asnumpy().copy()
    x = Tensor(X[:, None], ms.float64)

    class Errors(nn.Cell):
        def __init__(self):
            super().__init__()
            self.net = net

        def construct(self, x):
            slope = ms.grad(self.net)(x)
            return [slope - 1, {"start": (3 * self.net(x[:1]),)}]

    found = least_squares(Errors(), net.get_parameters(), x, max_steps=100)
    errors = Errors()(x)
    total = (errors[0].asnumpy() ** 2).sum() + (errors[1]["start"][0].asnumpy() ** 2).sum()
    assert np.isclose(found.loss, total / 2, rtol=1e-6) and found.loss < 1e-3
    assert np.array_equal(net[2].bias.asnumpy(), bias)


def test_it_compiles_once_and_reads_anew(monkeypatch):
    count, lend = [], objective.lend
    monkeypatch.setattr(objective, "lend", lambda *args: count.append(0) or lend(*args))
    w, goal, factor = Parameter(Tensor([1.0], ms.float64), name="w"), Tensor([4.0], ms.float64), [1.0]

    def solve():
        count.clear()
        solver = optimistix.LevenbergMarquardt(rtol=1e-9, atol=1e-9)  # made anew, but equal
        return least_squares(lambda: factor[0] * (w * w - goal), [w], solver=solver)

    assert solve().converged and np.isclose(float(w), 2) and count
    goal.assign_value(Tensor([9.0], ms.float64))
    assert solve().converged and np.isclose(float(w), 3) and not count
    factor[0] = 2.0
    assert solve().converged and count


def test_parameters_stay_where_no_better_point_is_found():
    w = Parameter(Tensor([2.0], ms.float64), name="w")
    found = least_squares(lambda: ops.log(w - 5), [w])
    assert not found.converged and "not finite" in found.message
    assert float(w) == 2
    with pytest.raises(RuntimeError, match="not finite"):
        least_squares(lambda: ops.log(w - 5), [w], throw=True)


def test_the_best_point_is_kept_when_steps_run_out():
    a, b, residuals = decay()
    before = float(ops.square(residuals()).sum()) / 2
    found = least_squares(residuals, [a, b], max_steps=3)
    assert not found.converged and "maximum number of steps" in found.message and found.steps == 3
    assert found.loss < before
    assert np.isclose(float(ops.square(residuals()).sum()) / 2, found.loss)


def test_singular_jacobians():
    """More numbers than residuals: Levenberg-Marquardt takes it, Dogleg needs a solver for singular systems."""
    w = Parameter(Tensor([1.0, 2.0, 3.0], ms.float64), name="w")

    def residuals():
        return ops.square(w).sum() - 2

    assert least_squares(residuals, [w]).loss < 1e-20
    w.set_data(Tensor([1.0, 2.0, 3.0], ms.float64))
    dogleg = optimistix.Dogleg(1e-9, 1e-9, linear_solver=lineax.SVD())
    assert least_squares(residuals, [w], solver=dogleg).loss < 1e-15


def test_custom_rules_are_differentiated_backwards():
    class Square(nn.Cell):
        def construct(self, x):
            return x * x

        def bprop(self, x, out, dout):
            return (2 * x * dout,)

    w, square = Parameter(Tensor([1.0], ms.float64), name="w"), Square()
    found = least_squares(lambda: square(w) - 2, [w], options={"jac": "bwd"})
    assert found.converged and np.isclose(float(w), 2**0.5)


def test_wrong_arguments(monkeypatch):
    a, b, residuals = decay()
    with pytest.raises(TypeError, match="'residuals' must be a function or a Cell, but got Tensor"):
        least_squares(residuals(), [a, b])
    with pytest.raises(TypeError, match="'parameters' must be a list of Parameters"):
        least_squares(residuals, a)
    with pytest.raises(ValueError, match="none of the 0 Parameters"):
        least_squares(residuals, [])
    with pytest.raises(TypeError, match="must be a solver of optimistix such as"):
        least_squares(residuals, [a, b], solver="LM")
    with pytest.raises(ValueError, match="'max_steps' must be a positive int, but got 0"):
        least_squares(residuals, [a, b], max_steps=0)
    with pytest.raises(TypeError, match=r"Residuals must be Tensors of floating types.*: float"):
        least_squares(lambda: [a, 1.0], [a, b])
    with pytest.raises(TypeError, match=r"Residuals must be Tensors of floating types.*: NoneType"):
        least_squares(list, [a, b])


def test_without_optimistix(monkeypatch):
    monkeypatch.delitem(sys.modules, "msjax.interop.optimistix")
    monkeypatch.setitem(sys.modules, "optimistix", None)
    with pytest.raises(ImportError, match=r"pip install msjax\[solvers\]"):
        __import__("msjax.interop.optimistix")
