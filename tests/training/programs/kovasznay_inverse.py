"""Navier-Stokes backwards: the viscosity from measured velocities, by derivatives of the vorticity's network."""

import argparse

import mindspore as ms
import numpy as np
from mindspore import Parameter, Tensor, nn, ops

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
parser.add_argument("--jit", action="store_true")
args = parser.parse_args()
RE = 20.0
ZETA = RE / 2 - np.sqrt(RE**2 / 4 + 4 * np.pi**2)


def kovasznay(points):
    x, y = points[:, :1], points[:, 1:]
    u = 1 - np.exp(ZETA * x) * np.cos(2 * np.pi * y)
    v = ZETA / (2 * np.pi) * np.exp(ZETA * x) * np.sin(2 * np.pi * y)
    return np.concatenate([u, v], 1)


class FourierNet(nn.Cell):
    """A dense network whose first layer takes sines of the coordinates, at random frequencies."""

    def __init__(self, features=32, width=32, outputs=3):
        super().__init__()
        random = np.random.RandomState(0)
        self.frequencies = Tensor(random.normal(size=(2, features)), ms.float32)
        self.phases = Tensor(random.uniform(0, 2 * np.pi, features), ms.float32)
        self.layers = nn.CellList([nn.Dense(features, width), nn.Dense(width, width), nn.Dense(width, outputs)])

    def construct(self, x, y):
        h = ops.sin(ops.matmul(ops.concat((x, y), 1), self.frequencies) + self.phases)
        for layer in self.layers[:-1]:
            h = ops.tanh(layer(h))
        return self.layers[-1](h)


class Slope(nn.Cell):
    """The derivative of one output of a network, or of another slope, by one coordinate."""

    def __init__(self, net, axis, output=0):
        super().__init__(auto_prefix=False)
        self.net, self.output = net, output
        self.grad = ops.GradOperation(get_all=True)(self.total)
        self.axis = axis

    def total(self, x, y):
        return self.net(x, y)[:, self.output].sum()

    def construct(self, x, y):
        return self.grad(x, y)[self.axis]


class Residual(nn.Cell):
    def __init__(self, net):
        super().__init__()
        self.net = net
        self.nu = Parameter(Tensor([0.2], ms.float32), name="nu")
        self.by_x = nn.CellList([Slope(net, 0, output) for output in range(3)])
        self.by_y = nn.CellList([Slope(net, 1, output) for output in range(3)])
        self.by_xx = nn.CellList([Slope(slope, 0) for slope in self.by_x[:2]])
        self.by_yy = nn.CellList([Slope(slope, 1) for slope in self.by_y[:2]])

    def construct(self, x, y):
        out = self.net(x, y)
        u, v = out[:, 0:1], out[:, 1:2]
        u_x, v_x, p_x = (slope(x, y) for slope in self.by_x)
        u_y, v_y, p_y = (slope(x, y) for slope in self.by_y)
        bent_u, bent_v = (xx(x, y) + yy(x, y) for xx, yy in zip(self.by_xx, self.by_yy))
        momentum_x = u * u_x + v * u_y + p_x - self.nu * bent_u
        momentum_y = u * v_x + v * v_y + p_y - self.nu * bent_v
        return momentum_x, momentum_y, u_x + v_y


random = np.random.RandomState(1)
points = random.uniform([-0.5, -0.5], [1.0, 1.5], (256, 2))
measured = random.uniform([-0.5, -0.5], [1.0, 1.5], (64, 2))
x, y = (Tensor(points[:, i : i + 1], ms.float32) for i in range(2))
mx, my = (Tensor(measured[:, i : i + 1], ms.float32) for i in range(2))
velocity = Tensor(kovasznay(measured), ms.float32)

residual = Residual(FourierNet())
optimizer = nn.Adam(
    [{"params": residual.net.trainable_params()}, {"params": [residual.nu], "lr": 1e-2}],
    learning_rate=nn.exponential_decay_lr(3e-3, 0.98, args.steps + 1, 1, 1),
)


def loss_fn(x, y, mx, my):
    physics = sum((r**2).mean() for r in residual(x, y))
    data = ((residual.net(mx, my)[:, :2] - velocity) ** 2).mean()
    return 0.1 * physics + data, physics, data


step = ms.value_and_grad(loss_fn, None, optimizer.parameters, has_aux=True)


def train_step(*points):
    losses, grads = step(*points)
    optimizer(grads)
    return losses


if args.jit:
    train_step = ms.jit(train_step)
for i in range(args.steps):
    loss, physics, data = train_step(x, y, mx, my)
    print(
        f"step {i} loss {loss.asnumpy():.5f} physics {physics.asnumpy():.4f} data {data.asnumpy():.5f}"
        f" nu {residual.nu.asnumpy()[0]:.5f}"
    )
