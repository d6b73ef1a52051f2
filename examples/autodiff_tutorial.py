"""Automatic differentiation, step by step: what MindSpore's `grad` can do.

Each section prints what it computed, and runs alike on both:

    python -m msjax examples/autodiff_tutorial.py    # on JAX
    python examples/autodiff_tutorial.py             # on MindSpore itself
"""

import mindspore as ms
import numpy as np
from mindspore import Parameter, ParameterTuple, Tensor, nn, ops


class Net(nn.Cell):
    """f(x, y) = x^2 y z, with one weight z."""

    def __init__(self):
        super().__init__()
        self.z = Parameter(Tensor(np.array([1.0], np.float32)), name="z")

    def construct(self, x, y):
        return x * x * y * self.z


x = Tensor([3.0], dtype=ms.float32)
y = Tensor([5.0], dtype=ms.float32)
net = Net()


print("-- Gradients of the inputs: df/dx = 2xyz, df/dy = x^2 z")
print(ms.grad(net, grad_position=(0, 1))(x, y))
print(ms.grad(net)(x, y))  # one position: no tuple


print("-- Gradients of the weights: df/dz = x^2 y")
weights = ParameterTuple(net.trainable_params())
print(ms.grad(net, grad_position=None, weights=weights)(x, y))


print("-- Both at once, and the value of the function with them")
print(ms.grad(net, grad_position=0, weights=weights)(x, y))
print(ms.value_and_grad(net, grad_position=0, weights=weights)(x, y))


print("-- has_aux: outputs that come along, and are not differentiated")
dense = nn.Dense(10, 1)
loss_fn = nn.MSELoss()


def forward(inputs, labels):
    logits = dense(inputs)
    return loss_fn(logits, labels), logits


inputs = Tensor(np.random.randn(16, 10).astype(np.float32))
labels = Tensor(np.random.randn(16, 1).astype(np.float32))
inputs_gradient, (aux_logits,) = ms.grad(forward, grad_position=0, weights=None, has_aux=True)(inputs, labels)
print(len(inputs_gradient), aux_logits.shape)


print("-- The same, seen from the weights: a layer z = x w + b and its loss")
np.random.seed(42)
x5 = ops.ones(5, ms.float32)
y3 = ops.zeros(3, ms.float32)
w = Parameter(Tensor(np.random.randn(5, 3), ms.float32), name="w")
b = Parameter(Tensor(np.random.randn(3), ms.float32), name="b")


def layer(x, y, w, b):
    z = ops.matmul(x, w) + b
    loss = ops.binary_cross_entropy_with_logits(z, y, ops.ones_like(z), ops.ones_like(z))
    return loss, z


def only_loss(*args):
    return layer(*args)[0]


def loss_and_stopped_z(*args):
    loss, z = layer(*args)
    return loss, ops.stop_gradient(z)


print("loss", layer(x5, y3, w, b)[0])
(w_gradient, b_gradient), (z,) = ms.grad(layer, (2, 3), has_aux=True)(x5, y3, w, b)
print("aux", z.shape)
print("dloss/db", b_gradient)
print("the loss alone", ms.grad(only_loss, (2, 3))(x5, y3, w, b)[1])
print("z stopped", ms.grad(loss_and_stopped_z, (2, 3))(x5, y3, w, b)[1])
print("z too, when has_aux is forgotten", ms.grad(layer, (2, 3))(x5, y3, w, b)[1])


print("-- stop_gradient: the second x * y counts as a constant; then both count")


def stopped(x, y):
    return x * y + ops.stop_gradient(x * y)


def twice(x, y):
    return x * y + x * y


print(ms.grad(stopped)(x, y))
print(ms.grad(twice)(x, y))


print("-- Second order, through Cells: the second derivative of sin at pi is 0, at pi/2 it is -1")


class Sin(nn.Cell):
    def construct(self, x):
        return ops.sin(x)


class Grad(nn.Cell):
    """The derivative of a Cell is a Cell again, and can be differentiated once more."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.grad = ops.GradOperation()

    def construct(self, x):
        return self.grad(self.network)(x)


second_derivative = Grad(Grad(Sin()))
print(second_derivative(Tensor(3.1415926, ms.float32)))
print(second_derivative(Tensor(3.1415926 / 2, ms.float32)))


print("-- Second order, through functions: d2f/dx2 = 2yz, d2f/dxdy = 2xz")
print(ms.grad(ms.grad(net, 0), (0, 1))(x, y))


print("-- Inputs and weights mixed: energies that are trained on the forces they imply")


class Energy(nn.Cell):
    """A chain of atoms on springs: E = k/2 sum (|r_i+1 - r_i| - d)^2, with the weights k and d."""

    def __init__(self):
        super().__init__()
        self.k = Parameter(Tensor([2.0], ms.float32), name="k")
        self.d = Parameter(Tensor([0.5], ms.float32), name="d")

    def construct(self, r):
        bonds = r[1:] - r[:-1]
        return 0.5 * (self.k * ops.square(bonds - self.d)).sum()


energy = Energy()
energy_gradient = ms.grad(energy)  # the forces are its negative


def force_loss(r, measured_forces):
    return ops.square(energy_gradient(r) + measured_forces).sum()


positions = Tensor([0.0, 1.0, 1.75], ms.float32)
measured_forces = Tensor([0.5, 0.0, -0.5], ms.float32)
print("forces", -energy_gradient(positions))
print(ms.grad(force_loss, grad_position=0, weights=energy.trainable_params())(positions, measured_forces))
