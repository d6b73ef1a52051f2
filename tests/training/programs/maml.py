"""MAML on sine waves in graph mode: steps of descent inside of the network, on tuples of weights made there."""

import argparse

import mindspore as ms
import numpy as np
from mindspore import Parameter, ParameterTuple, Tensor, nn, ops
from mindspore.common.initializer import HeNormal, initializer

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
parser.add_argument("--tasks", type=int, default=2)
args = parser.parse_args()
ms.set_context(mode=ms.GRAPH_MODE)
random = np.random.RandomState(11)
SIZES = [(1, 16), (16, 16), (16, 1)]


class Learner(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = ParameterTuple(Parameter(initializer(HeNormal(), s), name=f"w{i}") for i, s in enumerate(SIZES))
        self.b = ParameterTuple(Parameter(initializer("zeros", s[1:]), name=f"b{i}") for i, s in enumerate(SIZES))

    def construct(self, x, params):
        n = len(params) // 2
        for i in range(n):
            x = ops.matmul(x, params[i]) + params[n + i]
            if i < n - 1:
                x = ops.tanh(x)
        return x


class Meta(nn.Cell):
    def __init__(self, net, rate=0.05, steps=2):
        super().__init__()
        self.net, self.rate, self.steps = net, rate, steps
        self.loss = nn.MSELoss()

    def inner(self, params, x, y):
        return self.loss(self.net(x, params), y)

    def construct(self, x, y, x_query, y_query):
        params = tuple(self.net.w) + tuple(self.net.b)
        for _ in range(self.steps):
            grads = ops.grad(self.inner, 0)(params, x, y)
            params = tuple([p - self.rate * g for p, g in zip(params, grads)])
        return self.loss(self.net(x_query, params), y_query)


def task():
    amplitude, phase = random.uniform(0.5, 2.0), random.uniform(0, np.pi)
    points = random.uniform(-3, 3, (2, 10, 1))
    values = amplitude * np.sin(points + phase)
    return [Tensor(a, ms.float32) for a in (points[0], values[0], points[1], values[1])]


meta = Meta(Learner())
optimizer = nn.Adam(meta.trainable_params(), learning_rate=5e-3)
grad_fn = ms.value_and_grad(meta, None, optimizer.parameters)
for step in range(args.steps):
    total, mean = 0.0, None
    for _ in range(args.tasks):
        loss, grads = grad_fn(*task())
        total += float(loss) / args.tasks
        mean = grads if mean is None else tuple([a + b for a, b in zip(mean, grads)])
    optimizer(ops.clip_by_global_norm(tuple(g / args.tasks for g in mean), 5.0))
    print(f"step {step} loss {total:.5f}")
x, y, x_query, y_query = task()
print(f"adapted {float(meta(x, y, x_query, y_query)):.5f}")
