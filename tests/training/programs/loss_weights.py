"""A Helmholtz problem whose losses are weighted anew: by their gradients (Wang), by their progress (ReLoBRaLo)."""

import argparse
from collections import OrderedDict

import mindspore as ms
import numpy as np
from mindspore import ParameterTuple, Tensor, nn, ops
from mindspore.common.initializer import XavierUniform, initializer

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
args = parser.parse_args()


class ModifiedMLP(nn.Cell):
    """Hidden layers that mix two embeddings of the input."""

    def __init__(self, inputs, hidden, outputs, depth):
        super().__init__()
        self.u, self.v = nn.Dense(inputs, hidden, activation="tanh"), nn.Dense(inputs, hidden, activation="tanh")
        sizes = [inputs] + [hidden] * (depth - 1)
        self.hidden = nn.CellList([nn.Dense(size, hidden, activation=nn.Tanh()) for size in sizes])
        self.out = nn.Dense(hidden, outputs)
        for _, cell in self.cells_and_names():
            if isinstance(cell, nn.Dense):
                cell.weight.set_data(initializer(XavierUniform(), cell.weight.shape, cell.weight.dtype))

    def construct(self, x):
        u, v, h = self.u(x), self.v(x), x
        for layer in self.hidden:
            z = layer(h)
            h = z * u + (1 - z) * v
        return self.out(h)


class Helmholtz:
    """u_xx + u_yy + u = f on a square."""

    def __init__(self, net, frequencies=(1, 2)):
        self.net, self.frequencies = net, frequencies

    def exact(self, x):
        return np.prod([np.sin(a * np.pi * x[:, i : i + 1]) for i, a in enumerate(self.frequencies)], axis=0)

    def source(self, x):
        return (1 - sum(a**2 for a in self.frequencies) * np.pi**2) * self.exact(x)

    def second(self, x, i):
        def first(p):
            return ms.grad(lambda q: self.net(q).sum())(p)[:, i].sum()

        return ms.grad(first)(x)[:, i : i + 1]

    def losses(self, inside, source, edge, value):
        residual = self.second(inside, 0) + self.second(inside, 1) + self.net(inside) - source
        return OrderedDict(
            res=ops.mse_loss(residual, ops.zeros_like(residual)), bcs=ops.mse_loss(self.net(edge), value)
        )


class Weighting:
    """What each loss counts, as floats by name."""

    def __init__(self, problem):
        self.problem, self.weights = problem, {"res": 1.0, "bcs": 1.0}
        self.balance = [1.0, 1.0]

    def total(self, *points):
        losses = self.problem.losses(*points)
        loss = sum(self.weights[name] * value for name, value in losses.items())
        for weight, value in zip(self.balance, losses.values()):
            loss = loss + 0.1 * weight * value
        return loss, losses["res"], losses["bcs"]

    def before(self, points):
        pass

    def after(self, losses):
        pass


class ByGradients(Weighting):
    def before(self, points):
        weights = ParameterTuple(self.problem.net.trainable_params())
        size = {}
        for name in self.weights:
            gradients = ms.grad(lambda *p, name=name: self.problem.losses(*p)[name], None, weights)(*points)
            size[name] = [float(ops.abs(g).max()) for g in gradients], [float(ops.abs(g).mean()) for g in gradients]
        self.weights["bcs"] = float(0.9 * self.weights["bcs"] + 0.1 * max(size["res"][0]) / np.mean(size["bcs"][1]))


class ByProgress(Weighting):
    def __init__(self, problem):
        super().__init__(problem)
        self.last = None

    def after(self, losses):
        self.last, last = losses, self.last or losses
        ratios = np.exp([now / (before + 1e-12) for now, before in zip(losses, last)])
        self.weights = dict(zip(self.weights, (2 * ratios / ratios.sum()).tolist()))
        self.balance[1] += 0.5


ms.set_context(mode=ms.PYNATIVE_MODE, device_target="CPU")
random = np.random.RandomState(0)
for scheme in (ByGradients, ByProgress):
    net = ModifiedMLP(2, 16, 1, 2)
    problem = Helmholtz(net)
    weighting = scheme(problem)
    optimizer = nn.Adam(net.trainable_params(), 2e-3)
    grad_fn = ms.value_and_grad(weighting.total, None, optimizer.parameters, has_aux=True)
    inside, edge = random.uniform(-1, 1, (32, 2)), random.uniform(-1, 1, (16, 2))
    edge[:8, 0], edge[8:, 1] = 1, -1
    arrays = inside, problem.source(inside), edge, problem.exact(edge)
    points = [Tensor(array, ms.float32) for array in arrays]
    for step in range(args.steps):
        if step % 3 == 0:
            weighting.before(points)
        (loss, res, bcs), gradients = grad_fn(*points)
        optimizer(gradients)
        weighting.after([float(res), float(bcs)])
        shown = " ".join(f"{name} {weight:.3f}" for name, weight in weighting.weights.items())
        print(f"{scheme.__name__} step {step} loss {loss.asnumpy():.4f} {bcs.asnumpy():.5f} weights {shown}")
