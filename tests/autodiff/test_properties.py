"""Random programs: forward mode, reverse mode and finite differences agree to order 3, compiled and eager alike."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import msjax as ms
from msjax import Tensor, ops

STEP = 1e-4


def written(a):
    """`a` with its first slice replaced, in place."""
    b = a * 1
    b[0] = ops.sin(b[-1]) * b[0]
    return b


def added(a):
    b = a.copy()
    row = b[-1:]
    row += a[:1] * a[:1]
    b[-1:] = row
    return b


# Smooth, and bounded enough for sums of many: each takes and gives Tensors of any shape with axes.
STEPS = {
    "sin": ops.sin,
    "tanh": ops.tanh,
    "sigmoid": ops.sigmoid,
    "softplus": ops.softplus,
    "square": lambda a: a * a * 0.5,
    "exp": lambda a: ops.exp(-a * a),
    "log": lambda a: ops.log1p(a * a),
    "divide": lambda a: a / (1 + a * a),
    "power": lambda a: (1 + a * a) ** 0.7,
    "softmax": lambda a: ops.softmax(a, -1),
    "cumsum": lambda a: ops.cumsum(a, 0),
    "mean": lambda a: a - a.mean(0, keep_dims=True),
    "norm": lambda a: a / ops.sqrt(1 + (a * a).sum()),
    "gram": lambda a: ops.tanh(a.reshape(-1, 1) @ a.reshape(1, -1)).sum(0).reshape(a.shape) * a,
    "reverse": lambda a: ops.flip(a, (0,)) * a,
    "roll": lambda a: ops.roll(a, 1, 0) + a,
    "swap": lambda a: a.swapaxes(0, -1),
    "flat": lambda a: a.reshape(-1),
    "join": lambda a: ops.concat((a, ops.cos(a)), 0),
    "part": lambda a: a[: (a.shape[0] + 1) // 2] * 2,
    "pick": lambda a: a[Tensor([0, -1, 0])],
    "mask": lambda a: ops.where(Tensor(np.arange(a.shape[0]) % 2 == 0).reshape(-1, *[1] * (a.ndim - 1)), a, a * a),
    "written": written,
    "added": added,
}

PROGRAMS = st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=5)
SHAPES = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple)
QUICK = settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(QUICK, max_examples=100)


def function(program):
    def run(a):
        for step in program:
            a = STEPS[step](a)
        return a

    return run


def along_a_line(program, shape):
    """The program's weighted sum along a random line, as a function of the place on it."""
    rng = np.random.default_rng(len(shape))
    x, v = (Tensor(rng.uniform(-1, 1, shape)) for _ in range(2))
    run = function(program)
    weights = Tensor(rng.uniform(-1, 1, run(x).shape))
    return lambda t: (run(x + t * v) * weights).sum()


def check_orders(program, shape):
    reverse = along_a_line(program, shape)
    start = Tensor(0.0, ms.float64)
    forward = [ms.jit(lambda t, k=k, f=reverse: ops.derivative(f, t, k)[1])(start).item() for k in (1, 2, 3)]
    for order in range(3):
        lower = ms.jit(reverse)
        differences = (lower(start + STEP).item() - lower(start - STEP).item()) / (2 * STEP)
        reverse = ms.grad(reverse)
        found = ms.jit(reverse)(start).item()
        assert found == pytest.approx(forward[order], rel=1e-7, abs=1e-7), (order, "forward")
        assert found == pytest.approx(differences, rel=1e-4, abs=1e-4), (order, "differences")


def check_compiled(program, shape):
    x = Tensor(np.random.default_rng(0).uniform(-1, 1, shape))
    run = function(program)
    for gradient in (ms.grad(run), ms.grad(lambda a: ms.grad(run)(a) * a)):
        np.testing.assert_allclose(ms.jit(gradient)(x).asnumpy(), gradient(x).asnumpy(), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ms.grad(ms.jit(run))(x).asnumpy(), ms.grad(run)(x).asnumpy(), rtol=1e-9, atol=1e-9)


@QUICK
@given(PROGRAMS, SHAPES)
def test_forward_reverse_and_differences_agree(program, shape):
    check_orders(program, shape)


@QUICK
@given(PROGRAMS, SHAPES)
def test_compiled_and_eager_gradients_agree(program, shape):
    check_compiled(program, shape)


@pytest.mark.slow
@LONG
@given(PROGRAMS, SHAPES)
def test_more_forward_reverse_and_differences(program, shape):
    check_orders(program, shape)


@pytest.mark.slow
@LONG
@given(PROGRAMS, SHAPES)
def test_more_compiled_and_eager_gradients(program, shape):
    check_compiled(program, shape)
