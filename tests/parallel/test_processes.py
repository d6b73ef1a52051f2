"""Semi-auto mode over processes that bring rows of one batch: the whole batch's losses and steps, as on one device."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
import numpy as np
import mindspore as ms
from mindspore import Tensor, nn, ops
from mindspore.communication import get_group_size, get_rank, init

init()
rank, size = get_rank(), get_group_size()
ms.set_context(mode=int(sys.argv[1]))
ms.set_auto_parallel_context(parallel_mode="semi_auto_parallel", gradients_mean=True)
ms.set_seed(1)
layout = ms.Layout((size, 1), ("rows", "columns"))


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Dense(16, 32), nn.Dense(32, 4)
        self.relu = ops.ReLU().shard((layout("rows", "columns"),))

    def construct(self, x):
        return self.last(self.relu(self.first(x)))


net, loss = Net(), nn.MSELoss()
optimizer = nn.Momentum(net.trainable_params(), 0.05, 0.9)
gradient = ms.value_and_grad(lambda x, y: loss(net(x), y), None, optimizer.parameters)
step = nn.TrainOneStepCell(nn.WithLossCell(net, loss), optimizer)
random = np.random.default_rng(0)
x, y = (random.normal(size=(64, n)).astype(np.float32)[rank * 64 // size : (rank + 1) * 64 // size] for n in (16, 4))
for i in range(10):
    if i % 2:
        value = step(Tensor(x), Tensor(y))
    else:
        value, gradients = gradient(Tensor(x), Tensor(y))
        optimizer(gradients)
    print("loss", float(value))
"""


@pytest.mark.slow
@pytest.mark.parametrize("mode", [0, 1])
def test_curves_are_those_of_one_device(mode, tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)

    def losses(*launcher):
        command = [sys.executable, "-m", *launcher, "script.py", str(mode)]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "JAX_PLATFORMS": "cpu"}
        done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return [float(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("loss ")]

    np.testing.assert_allclose(losses("msjax"), losses("msjax.launch", "-n", "2"), atol=1e-6)
