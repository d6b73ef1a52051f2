"""A PINN by a small package: geometry, samplers, an equation as a class, networks, one trainer; Burgers' equation."""

import argparse

import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, ops
from mindspore.common.initializer import XavierNormal, initializer
from mindspore.dataset import GeneratorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
parser.add_argument("--jit", action="store_true")
args = parser.parse_args()


class Rectangle:
    """Where points are drawn."""

    def __init__(self, low, high):
        self.low, self.high = np.array(low), np.array(high)

    def inside(self, count, random):
        return random.uniform(self.low, self.high, (count, 2))

    def side(self, axis, value, count, random):
        points = self.inside(count, random)
        points[:, axis] = value
        return points


class Sampler:
    """The rows of a dataset: one batch each of points inside, on the sides, and at the beginning."""

    def __init__(self, geometry, batches, sizes, seed=0):
        self.geometry, self.batches, self.sizes, self.seed = geometry, batches, sizes, seed

    def __len__(self):
        return self.batches

    def __getitem__(self, index):
        random, (inside, sides, start) = np.random.RandomState(self.seed + index), self.sizes
        left, right = (self.geometry.side(0, x, sides // 2, random) for x in (-1, 1))
        rows = (
            self.geometry.inside(inside, random),
            np.concatenate([left, right]),
            self.geometry.side(1, 0, start, random),
        )
        return tuple(row.astype(np.float32) for row in rows)


class MultiScaleNet(nn.Cell):
    """Dense networks of the scaled input, added up."""

    def __init__(self, inputs, outputs, layers=4, neurons=32, scales=(1.0, 2.0)):
        super().__init__()
        self.scales = scales
        self.cell_list = nn.CellList([self.network(inputs, outputs, layers, neurons) for _ in scales])
        for _, cell in self.cells_and_names():
            if isinstance(cell, nn.Dense):
                cell.weight.set_data(initializer(XavierNormal(), cell.weight.shape, cell.weight.dtype))

    def network(self, inputs, outputs, layers, neurons):
        cells = [nn.SequentialCell(nn.Dense(inputs, neurons), nn.Tanh())]
        cells += [nn.SequentialCell(nn.Dense(neurons, neurons), nn.Tanh()) for _ in range(layers - 2)]
        return nn.SequentialCell(*cells, nn.Dense(neurons, outputs))

    def construct(self, x):
        out = 0.0
        for scale, cell in zip(self.scales, self.cell_list):
            out = out + cell(x * scale)
        return out


class Grad(nn.Cell):
    """The derivatives of one output by the points, (n, inputs)."""

    def __init__(self, net, output=0):
        super().__init__()
        self.net, self.output = net, output
        self.grad = ops.GradOperation()(self.total)

    def total(self, x):
        return self.net(x)[:, self.output].sum()

    def construct(self, x):
        return self.grad(x)


class SecondGrad(nn.Cell):
    """The second derivative by one coordinate."""

    def __init__(self, net, axis):
        super().__init__()
        self.first, self.axis = Grad(net), axis
        self.grad = ops.GradOperation()(self.total)

    def total(self, x):
        return self.first(x)[:, self.axis].sum()

    def construct(self, x):
        return self.grad(x)[:, self.axis : self.axis + 1]


class Burgers(nn.Cell):
    def __init__(self, net, weights=(1.0, 1.0, 10.0)):
        super().__init__()
        self.net, self.weights, self.mu = net, weights, 0.01 / np.pi
        self.grad, self.u_xx = Grad(net), SecondGrad(net, 0)
        self.loss_fn = nn.MSELoss()

    def losses(self, inside, sides, start):
        u, first = self.net(inside), self.grad(inside)
        residual = first[:, 1:2] + u * first[:, 0:1] - self.mu * self.u_xx(inside)
        begun = self.net(start) + ops.sin(np.pi * start[:, 0:1])
        return [self.loss_fn(r, ops.zeros_like(r)) for r in (residual, self.net(sides), begun)]

    def construct(self, *points):
        total = 0
        for weight, loss in zip(self.weights, self.losses(*points)):
            total += weight * loss
        return total


class Trainer:
    def __init__(self, problem, optimizer, jit):
        grad_fn = ms.value_and_grad(problem, None, optimizer.parameters)

        def step(*points):
            loss, grads = grad_fn(*points)
            return ops.depend(loss, optimizer(grads))

        self.step = ms.jit(step) if jit else step

    def run(self, dataset, epochs):
        for epoch in range(epochs):
            for row in dataset.create_tuple_iterator():
                print(f"epoch {epoch} step loss {self.step(*row).asnumpy():.6f}")


ms.set_context(device_target="CPU")
net = MultiScaleNet(2, 1)
problem = Burgers(net)
points = Sampler(Rectangle([-1, 0], [1, 1]), args.steps // 2, (256, 64, 64))
dataset = GeneratorDataset(points, ["inside", "sides", "start"], shuffle=False)
rates = nn.piecewise_constant_lr([args.steps // 2, args.steps], [2e-3, 1e-3])
Trainer(problem, nn.Adam(net.trainable_params(), rates), args.jit).run(dataset, 2)
x = np.stack([np.linspace(-1, 1, 20), np.full(20, 0.25)], 1).astype(np.float32)
losses = problem.losses(*map(Tensor, points[0]))
print(f"{net(Tensor(x)).asnumpy().std():.4f}", *(f"{loss.asnumpy():.5f}" for loss in losses))
