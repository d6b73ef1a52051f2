"""Networks that obey equations, and networks that learn them."""

import math
from itertools import pairwise

import mindspore as ms
import numpy as np
from mindspore import Parameter, Tensor, nn, ops
from mindspore.ops import composite as C

from programs import STEPS, fill, normal, program


def mlp(*sizes, seed=0):
    layers = []
    for n_in, n_out in pairwise(sizes[:-1]):
        layers += [nn.Dense(n_in, n_out), nn.Tanh()]
    return fill(nn.SequentialCell([*layers, nn.Dense(*sizes[-2:])]), seed)


def training(loss, optimizer, *inputs):
    grad_fn = ms.value_and_grad(loss, None, optimizer.parameters)

    def train_step(*inputs):
        value, grads = grad_fn(*inputs)
        optimizer(grads)
        return value

    for _ in STEPS:
        yield train_step(*inputs)


def column(n, low=0.0, high=1.0, seed=0):
    return Tensor(np.random.RandomState(seed).uniform(low, high, (n, 1)).astype(np.float32))


@program
def poisson():
    net = mlp(1, 8, 8, 1)
    optimizer = nn.Adam(net.trainable_params(), 0.01)
    first = ms.grad(lambda x: net(x).sum())
    second = ms.grad(lambda x: first(x).sum())
    ends = Tensor([[0.0], [1.0]])

    def loss(x):
        residual = second(x) + ops.sin(math.pi * x)
        return ops.square(residual).mean() + 10 * ops.square(net(ends)).mean()

    yield from training(loss, optimizer, column(16))


class Burgers(nn.Cell):
    """u_t + u u_x = nu u_xx, with initial and boundary values."""

    def __init__(self, model, nu=0.01 / math.pi):
        super().__init__()
        self.model, self.nu = model, nu
        self.grad = ops.GradOperation(get_all=True)

    def u(self, x, t):
        return self.model(ops.concat((x, t), axis=1))

    def u_x(self, x, t):
        return self.grad(self.u)(x, t)[0]

    def construct(self, x, t, x0):
        u = self.u(x, t)
        u_x, u_t = self.grad(self.u)(x, t)
        u_xx = self.grad(self.u_x)(x, t)[0]
        residual = u_t + u * u_x - self.nu * u_xx
        initial = self.u(x0, ops.zeros_like(x0)) + ops.sin(math.pi * x0)
        return ops.square(residual).mean() + ops.square(initial).mean()


@program
def burgers():
    net = Burgers(mlp(2, 8, 8, 1))
    optimizer = nn.Adam(net.trainable_params(), 0.01)
    grad_fn = ms.value_and_grad(net, None, optimizer.parameters)
    x0 = column(8, -1, 1)
    for _ in STEPS:
        x, t = (Tensor(np.random.rand(16, 1), ms.float32) for _ in range(2))
        loss, grads = grad_fn(2 * x - 1, t, x0)
        optimizer(grads)
        yield loss


class GradFirst(nn.Cell):
    """First derivatives as a Cell, as solvers of MindSpore 1.x have it."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.grad = C.GradOperation(get_all=True, sens_param=True)

    def construct(self, x):
        out = self.model(x)
        return self.grad(self.model)(x, ops.ones_like(out))[0]


class GradSecond(nn.Cell):
    def __init__(self, model, axis):
        super().__init__()
        self.first, self.axis = GradFirst(model), axis
        self.grad = C.GradOperation(get_all=True)

    def slope(self, x):
        return self.first(x)[:, self.axis].sum()

    def construct(self, x):
        return self.grad(self.slope)(x)[0][:, self.axis]


class HeatLoss(nn.Cell):
    def __init__(self, model):
        super().__init__(auto_prefix=False)
        self.model = model
        self.first, self.second = GradFirst(model), GradSecond(model, 0)

    def construct(self, points):
        return ops.square(self.first(points)[:, 1] - 0.1 * self.second(points)).mean()


@program
def heat_by_cells():
    net = HeatLoss(mlp(2, 8, 8, 1))
    train = nn.TrainOneStepCell(net, nn.Adam(net.trainable_params(), 0.01))
    train.set_train()
    points = Tensor(normal(16, 2))
    for _ in STEPS:
        yield train(points)


class InverseProblem(nn.Cell):
    def __init__(self):
        super().__init__()
        self.u = mlp(1, 8, 1)
        self.k = Parameter(Tensor(1.0, ms.float32), name="k")

    def construct(self, t):
        return self.u(t)


@program
def inverse_problem():
    """u' = -k u with measurements of u: the rate is learned with the network."""
    net = InverseProblem()
    optimizer = nn.Adam(net.trainable_params(), 0.02)
    slope = ms.grad(lambda t: net(t).sum())

    def loss(t, measured):
        return ops.square(slope(t) + net.k * net(t)).mean() + ops.square(net(t) - measured).mean()

    t = column(16)
    for value in training(loss, optimizer, t, ops.exp(-2.0 * t)):
        yield value, net.k.value()


class DeepONet(nn.Cell):
    def __init__(self):
        super().__init__()
        self.branch, self.trunk = mlp(10, 8, 6), mlp(1, 8, 6, seed=1)
        self.bias = Parameter(ops.zeros((1,), ms.float32), name="bias0")

    def construct(self, sensors, x):
        return ops.matmul(self.branch(sensors), self.trunk(x).T) + self.bias


@program
def deep_operator_network():
    net = DeepONet()
    optimizer = nn.Adam(net.trainable_params(), 0.02)
    sensors, x = Tensor(normal(8, 10)), column(12)
    target = Tensor(np.cumsum(normal(8, 12), axis=1) / 12)
    yield from training(lambda s, x, y: ops.square(net(s, x) - y).mean(), optimizer, sensors, x, target)


@program
def hamiltonian():
    """The gradient of a learned energy turns into velocities."""
    energy = mlp(2, 8, 1)
    optimizer = nn.Adam(energy.trainable_params(), 0.02)
    gradient = ms.grad(lambda z: energy(z).sum())

    def loss(z, velocity):
        dq, dp = ops.split(gradient(z), 1, axis=1)
        return ops.mse_loss(ops.concat((dp, -dq), axis=1), velocity)

    z = normal(16, 2)
    velocity = Tensor(np.stack([z[:, 1], -np.sin(z[:, 0])], axis=1))
    yield from training(loss, optimizer, Tensor(z), velocity)


@program
def neural_ode():
    field = mlp(2, 8, 2)
    optimizer = nn.Adam(field.trainable_params(), 0.02)
    steps, dt = 6, 0.1

    def solve(z):
        path = [z]
        for _ in range(steps):
            k1 = field(z)
            k2 = field(z + 0.5 * dt * k1)
            z = z + dt * k2
            path.append(z)
        return ops.stack(path)

    def loss(start, measured):
        return ops.square(solve(start) - measured).mean()

    t = np.arange(steps + 1, dtype=np.float32)[:, None, None] * 0.1
    start = normal(4, 2)
    yield from training(loss, optimizer, Tensor(start), Tensor(start * np.exp(-t)))


class FourierFeatures(nn.Cell):
    def __init__(self, n_in, count):
        super().__init__()
        self.b = Parameter(Tensor(normal(n_in, count)), name="b", requires_grad=False)

    def construct(self, x):
        angle = 2 * math.pi * ops.matmul(x, self.b)
        return ops.concat((ops.sin(angle), ops.cos(angle)), -1)


@program
def fourier_features():
    net = nn.SequentialCell(FourierFeatures(2, 6), mlp(12, 8, 1))
    optimizer = nn.Adam(net.trainable_params(), 0.02)
    x = normal(16, 2)
    target = Tensor(np.sin(3 * x[:, :1]))
    yield from training(lambda x, y: ops.mse_loss(net(x), y), optimizer, Tensor(x), target)


@program
def deep_ritz():
    """The energy of a field is made small, with points drawn in the loss's own Python class."""
    net = mlp(2, 8, 8, 1)
    optimizer = nn.Adam(net.trainable_params(), 0.01)

    class Domain:
        def __init__(self, low, high):
            self.low, self.high = low, high

        def interior(self, n):
            return Tensor(np.random.uniform(self.low, self.high, (n, 2)).astype(np.float32))

    domain = Domain(0.0, 1.0)
    gradient = ms.grad(lambda x: net(x).sum())

    def energy(x):
        u = (x * (1 - x)).prod(1, keepdim=True) * net(x)
        return (0.5 * ops.square(gradient(x)).sum(1, keepdims=True) - u).mean() + ops.square(u).mean()

    grad_fn = ms.value_and_grad(energy, None, net.trainable_params())
    for _ in STEPS:
        loss, grads = grad_fn(domain.interior(16))
        optimizer(grads)
        yield loss


@program
def adaptive_loss_weights():
    """Terms of a loss are weighted by what the norms of their gradients were."""
    net = mlp(1, 8, 1)
    optimizer = nn.Adam(net.trainable_params(), 0.01)
    slope = ms.grad(lambda x: net(x).sum())
    inside, edge = column(16), Tensor([[0.0]])
    equation = ms.value_and_grad(lambda x: ops.square(slope(x) + net(x)).mean(), None, net.trainable_params())
    boundary = ms.value_and_grad(lambda x: ops.square(net(x) - 1).mean(), None, net.trainable_params())
    weight = Tensor(1.0)
    for _ in STEPS:
        loss, grads = equation(inside)
        edge_loss, edge_grads = boundary(edge)
        norms = [ops.sqrt(sum(ops.square(g).sum() for g in part)) for part in (grads, edge_grads)]
        weight = 0.9 * weight + 0.1 * norms[0] / (norms[1] + 1e-8)
        optimizer(tuple(a + weight * b for a, b in zip(grads, edge_grads, strict=True)))
        yield loss + edge_loss


@program
def heat_by_products():
    """Forward derivatives by jvp, in the directions of time and place."""
    net = mlp(2, 8, 1)
    optimizer = nn.Adam(net.trainable_params(), 0.01)
    points = Tensor(normal(16, 2))
    along_x, along_t = (Tensor(np.tile(np.eye(2, dtype=np.float32)[i], (16, 1))) for i in range(2))

    def u_x(x):
        return ms.jvp(net, x, along_x)[1]

    def loss(x):
        u_t = ms.jvp(net, x, along_t)[1]
        u_xx = ms.jvp(u_x, x, along_x)[1]
        return ops.square(u_t - 0.1 * u_xx).mean()

    yield from training(loss, optimizer, points)
