"""Training by data parallelism, as a MindSpore script has it, against the same in one process."""

import re

import jax
import jax.numpy as jnp
import mindspore as ms
import numpy as np
from mindspore import Tensor, context, nn, ops
from mindspore import dataset as ds
from mindspore.communication.management import get_group_size, get_rank, init
from mindspore.context import ParallelMode
from mindspore.train.callback import Callback

from msjax.compile import together
from msjax.compile.together import Together
from msjax.device.communication import exchange
from msjax.device.communication.group import world

init()
rank, size = get_rank(), get_group_size()
context.set_auto_parallel_context(parallel_mode=ParallelMode.DATA_PARALLEL, gradients_mean=True, device_num=size)
rng = np.random.default_rng(0)
X = rng.normal(size=(64, 8)).astype(np.float32)
Y = (X[:, :1] * 2 + X[:, 1:2] ** 2).astype(np.float32)
START = [(rng.normal(size=s) * 0.3).astype(np.float32) for s in ((16, 8), (16,), (1, 16), (1,))]
RATE, MOMENTUM, STEPS = 0.05, 0.9, 200
own = slice(rank * 64 // size, (rank + 1) * 64 // size)
programs: list[str] = []


def network(scale=1.0):
    w = [Tensor(a * scale) for a in START]
    return nn.SequentialCell(
        nn.Dense(8, 16, weight_init=w[0], bias_init=w[1]), nn.Tanh(), nn.Dense(16, 1, weight_init=w[2], bias_init=w[3])
    )


def loop(parallel: bool, compile_step: bool, steps: int):
    """The losses, and the first gradients, of a loop; each process begins with other Parameters if that is mended."""
    net = network(1.0 + rank if parallel else 1.0)
    loss, optimizer = nn.MSELoss(), nn.Momentum(net.trainable_params(), RATE, MOMENTUM)
    differentiate = ms.value_and_grad(lambda x, y: loss(net(x), y), None, optimizer.parameters)
    reducer = nn.DistributedGradReducer(optimizer.parameters) if parallel else lambda gradients: gradients
    mean = ops.AllReduce("avg") if parallel else lambda value: value

    def step(x, y):
        value, gradients = differentiate(x, y)
        gradients = reducer(gradients)
        optimizer(gradients)
        return mean(value), gradients

    step = ms.jit(step) if compile_step else step
    x, y = (Tensor(a[own] if parallel else a) for a in (X, Y))
    results = [step(x, y) for _ in range(steps)]
    return [value.item() for value, _ in results], [g.asnumpy() for g in results[0][1]]


class Losses(Callback):
    def __init__(self):
        self.values = []

    def step_end(self, run_context):
        self.values.append(run_context.original_args().net_outputs.item())


def model(parallel: bool, callbacks: list):
    """The weights that `Model.train` ends with."""
    context.set_auto_parallel_context(
        parallel_mode=ParallelMode.DATA_PARALLEL if parallel else ParallelMode.STAND_ALONE
    )
    net = network(1.0 + rank if parallel else 1.0)
    shards = {"num_shards": size, "shard_id": rank} if parallel else {}
    data = ds.NumpySlicesDataset({"x": X, "y": Y}, shuffle=False, **shards).batch(64 // size if parallel else 64)
    ms.Model(net, nn.MSELoss(), nn.Momentum(net.trainable_params(), RATE, MOMENTUM)).train(20, data, callbacks)
    return [p.asnumpy() for p in net.trainable_params()]


def by_hand(weights, moments, x, y):
    """The step in plain JAX."""

    def loss(w):
        return jnp.mean((jnp.tanh(x @ w[0].T + w[1]) @ w[2].T + w[3] - y) ** 2)

    value, gradients = jax.value_and_grad(loss)(weights)
    gradients = [jax.lax.psum(g, exchange.axis(world())) * (1 / size) for g in gradients]
    moments = [MOMENTUM * m + g for m, g in zip(moments, gradients, strict=True)]
    weights = [w - RATE * m for w, m in zip(weights, moments, strict=True)]
    return weights, moments, jax.lax.psum(value, exchange.axis(world())) / size, gradients


def traffic(text: str) -> tuple[int, int]:
    """(how many collectives a compiled program has, the bytes that they are about)."""
    lines = re.findall(r"= (\(?f32.*?) (?:all-reduce|all-gather|reduce-scatter)(?:-start)?\(", text)
    shapes = [shape for line in lines for shape in re.findall(r"f32\[([\d,]*)\]", line)]
    return len(lines), sum(4 * int(np.prod([int(n) for n in shape.split(",") if n])) for shape in shapes)


class Noting(Together):
    """Programs with exchanges, which are noted."""

    def agree(self, arrays):
        new = self.executable is None
        super().agree(arrays)
        if new:
            programs.append(self.executable.as_text())


alone, gradients_alone = loop(False, True, STEPS)
for compile_step in (True, False):
    if compile_step:
        together.Together = Noting
    losses, gradients = loop(True, compile_step, STEPS if compile_step else 10)
    np.testing.assert_allclose(losses, alone[: len(losses)], rtol=0, atol=1e-5)
    for found, expected in zip(gradients, gradients_alone, strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    if compile_step:
        together.Together = Together

devices = exchange.mesh_of(world())
arrays = exchange.to_all(devices, [jnp.asarray(a) for a in (*START, *START, X[own], Y[own])])
flat = exchange.over(devices, lambda *a: by_hand(list(a[:4]), list(a[4:8]), a[8], a[9]), donate_argnums=range(8))
expected = traffic(flat.lower(*arrays).compile().as_text())
assert len(programs) == 1 and traffic(programs[0]) == expected and expected[1] == 4 * (16 * 8 + 16 + 16 + 1 + 1), (
    list(map(traffic, programs)), expected,
)  # fmt: skip

single = model(False, [])
for callbacks in ([], [Losses()]):  # sunk, and step by step
    for found, wanted in zip(model(True, callbacks), single, strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-5)
print("all is well", rank)
