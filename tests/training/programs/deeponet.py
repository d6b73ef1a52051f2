"""DeepONet for antiderivatives: branch and trunk, physics in the loss, Adam first, then L-BFGS of scipy."""

import argparse

import mindspore as ms
import numpy as np
from mindspore import ParameterTuple, Tensor, nn, ops
from scipy import optimize

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
parser.add_argument("--jit", action="store_true")
args = parser.parse_args()
SENSORS, WIDTH = 20, 32


def mlp(sizes):
    cells = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        cells += [nn.Dense(inputs, outputs), nn.Tanh()]
    return nn.SequentialCell(cells[:-1])


class DeepONet(nn.Cell):
    def __init__(self):
        super().__init__()
        self.branch, self.trunk = mlp([SENSORS, WIDTH, WIDTH]), mlp([1, WIDTH, WIDTH])
        self.bias = ms.Parameter(ops.zeros((1,), ms.float32), name="bias")

    def construct(self, u, y):
        return (self.branch(u) * self.trunk(y)).sum(-1, keepdims=True) + self.bias


class WithPhysics(nn.Cell):
    """s' = u and s(0) = 0."""

    def __init__(self, net):
        super().__init__(auto_prefix=False)
        self.net = net
        self.slope = ops.GradOperation(get_all=True)(self.total)

    def total(self, y, u):
        return self.net(u, y).sum()

    def construct(self, u, y, u_at_y):
        residual = self.slope(y, u)[0] - u_at_y
        start = self.net(u, ops.zeros_like(y))
        return ops.mse_loss(residual, ops.zeros_like(residual)) + ops.mse_loss(start, ops.zeros_like(start))


class ScipyLBFGS:
    """Minimizes a loss over all weights, as one vector of float64."""

    def __init__(self, loss, params):
        self.params = ParameterTuple(params)
        self.value_and_grad = ms.value_and_grad(loss, None, self.params)

    def write(self, flat):
        at = 0
        for p in self.params:
            ops.assign(p, Tensor(flat[at : at + p.size].reshape(p.shape), p.dtype))
            at += p.size

    def run(self, *data, maxiter):
        def evaluate(flat):
            self.write(flat)
            loss, grads = self.value_and_grad(*data)
            return float(loss.asnumpy()), np.concatenate([g.asnumpy().ravel() for g in grads]).astype(np.float64)

        flat = np.concatenate([p.asnumpy().ravel() for p in self.params]).astype(np.float64)
        found = optimize.minimize(evaluate, flat, jac=True, method="L-BFGS-B", options={"maxiter": maxiter})
        self.write(found.x)
        return found


def functions(count, seed):
    """Cosines at the sensors, and at one point each: the function and its antiderivative."""
    random, k = np.random.RandomState(seed), np.arange(1, 5)
    c, y = random.normal(size=(count, 4)), random.uniform(size=(count, 1))
    u = (c[:, :, None] * np.cos(np.pi * k[:, None] * np.linspace(0, 1, SENSORS))).sum(1)
    s, u_at_y = c * np.sin(np.pi * k * y) / (np.pi * k), c * np.cos(np.pi * k * y)
    columns = u, y, u_at_y.sum(1, keepdims=True), s.sum(1, keepdims=True)
    return [Tensor(column, ms.float32) for column in columns]


net = DeepONet()
model = WithPhysics(net)
u, y, u_at_y, _ = functions(200, 0)
optimizer = nn.Adam(net.trainable_params(), 3e-3)
grad_fn = ms.value_and_grad(model, None, optimizer.parameters)


def train_step(*data):
    loss, grads = grad_fn(*data)
    return ops.depend(loss, optimizer(grads))


if args.jit:
    train_step = ms.jit(train_step)
for step in range(args.steps):
    print(f"step {step} loss {train_step(u, y, u_at_y).asnumpy():.6f}")
found = ScipyLBFGS(model, net.trainable_params()).run(u, y, u_at_y, maxiter=5)
print(f"L-BFGS: {found.nit} iterations, loss {found.fun:.4f}")
u, y, _, s = functions(100, 1)
print(f"relative error {(ops.norm(net(u, y) - s) / ops.norm(s)).asnumpy():.4f}")
