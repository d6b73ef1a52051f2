"""What an error shows: the user's code, little of msjax's, and nothing that JAX says of itself."""

import os
import subprocess
import sys
import traceback

import pytest

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.train import Model

PACKAGE = os.path.dirname(ms.__file__) + os.sep
X, Y = ops.ones((2, 3)), ops.ones((4, 5))


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Dense(3, 4), nn.Dense(5, 2)

    def construct(self, x):
        return self.second(self.first(x))


NET = Net()
ADAM = nn.Adam(NET.trainable_params(), 1e-3)


def loss(x):
    return NET(x).sum()


def step(x):
    value, gradients = ms.value_and_grad(loss, None, ADAM.parameters)(x)
    ADAM(gradients)
    return value


PROGRAMS = {
    "operator": lambda: ops.matmul(X, Y),
    "method": lambda: X + Y,
    "primitive": lambda: ops.MatMul()(X, Y),
    "Cell": lambda: NET(X),
    "step": lambda: step(X),
    "jit": lambda: ms.jit(step)(X),
    "vmap": lambda: ms.vmap(NET)(X),
    "jacrev": lambda: ms.jacrev(loss)(X),
    "gradient of gradient": lambda: ms.grad(lambda x: ms.grad(loss)(x).sum())(X),
    "Model": lambda: Model(NET, nn.MSELoss(), ADAM).train(1, [(X, X)]),
    "recompute": lambda: ms.grad(lambda x: ms.recompute(NET, x).sum())(X),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_users_code_and_little_else(name):
    for _ in range(2):
        with pytest.raises((ValueError, RuntimeError)) as caught:
            PROGRAMS[name]()
        frames = traceback.extract_tb(caught.tb)
        ours = [f for f in frames if f.filename.startswith((PACKAGE, "<msjax"))]
        assert len(ours) <= 6, "at most 25 lines"
        assert not [f for f in frames if "/jax/" in f.filename]
        if name not in ("operator", "method", "primitive"):
            assert "construct" in [f.name for f in frames if f.filename == __file__]
        assert "JAX" not in "".join(traceback.format_exception(caught.value))


def test_frames_of_the_user_stay():
    def inner(x):
        raise KeyError("x")

    def outer(x):
        return ms.grad(inner)(x)

    with pytest.raises(KeyError) as caught:
        ms.grad(outer)(Tensor([1.0]))
    names = [f.name for f in traceback.extract_tb(caught.tb) if f.filename == __file__]
    assert names == ["test_frames_of_the_user_stay", "outer", "inner"]


def test_all_frames_on_request():
    program = "import msjax as ms\nms.ops.matmul(ms.ops.ones((2, 3)), ms.ops.ones((4, 5)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True,
        env={**os.environ, "JAX_TRACEBACK_FILTERING": "off"},
    )  # fmt: skip
    assert "operator.py" in done.stderr and "/jax/" in done.stderr
