"""The family of transforms, nested in each other, with and without effects."""

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])
V = Tensor([1.0, 0.0, -1.0])


@program
def vjp():
    for k in STEPS:
        value, pull = ms.vjp(lambda x: x * x * x, X + k)
        yield value, pull(V), pull(V * 2)


@program
def jvp():
    for k in STEPS:
        yield ms.jvp(lambda x: x * x * x, X + k, V)


@program
def jvp_of_gradient():
    f = ms.grad(lambda x: (x * x * x).sum())
    for k in STEPS:
        yield ms.jvp(f, X + k, V)


@program
def vmap_of_gradient():
    f = ms.vmap(ms.grad(lambda x: ops.sin(x) * x))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def gradient_of_vmap():
    f = watch(ms.grad(lambda x: ms.vmap(lambda a: a * a * a)(x).sum()))
    for k in STEPS:
        yield f(X + k)


@program
def vmap_over_a_network():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.vmap(ms.grad(lambda x: (net(x) ** 2).sum()))
    for k in STEPS:
        net.weight.set_data(net.weight * (k + 1) / 2)
        yield f(ops.stack((X, X + 1)).reshape((2, 1, 3)))


@program
def jacobians_of_weights_and_values():
    scale = 1.0
    f = ms.jacrev(lambda x: x * x.sum() * scale)
    g = ms.jacfwd(lambda x: x * x.sum() * scale)
    for k in STEPS:
        scale = float(k)
        yield f(X), g(X)


@program(compiles=True)
def gradients_of_lambdas_inside():
    f = watch(ms.grad(lambda x: (ms.grad(lambda a: a * a * a)(x) * x).sum()))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def inner_gradient_with_effects():
    calls = []

    def inner(a):
        calls.append("inner")
        return a * a * a

    f = watch(ms.grad(lambda x: (ms.grad(inner)(x) * x).sum()))
    for k in STEPS:
        yield f(X + k), len(calls)


@program
def inner_function_shared():
    calls = []

    def loss(x):
        calls.append(1)
        return (x * x).sum()

    first, second = ms.grad(loss), ms.value_and_grad(loss)
    for k in STEPS:
        yield first(X + k), second(X), len(calls)


@program
def position_and_weights_change():
    net = nn.Dense(3, 1, weight_init="ones")

    def loss(x, y):
        return (net(x) * y).sum()

    x, y = X.reshape((1, 3)), Tensor([[2.0]])
    for position in (0, 1, (0, 1), None, 0):
        weights = net.trainable_params() if position in (None, (0, 1)) else None
        yield ms.grad(loss, position, weights)(x, y)


@program(compiles=True)
def stop_gradient():
    f = watch(ms.grad(lambda x: x * ops.stop_gradient(x * x)))
    for k in STEPS:
        yield f(X + k)


@program
def inside_a_vmap_with_effects():
    shapes = []

    def forward(x):
        shapes.append(x.shape)
        return (x * x).sum()

    f = ms.vmap(ms.grad(forward))
    for _ in STEPS:
        yield f(ops.stack((X, X))), list(shapes)


@program
def jit_inside():
    calls = []

    @ms.jit
    def square(x):
        return x * x

    def forward(x):
        calls.append(1)
        return square(x).sum()

    f = ms.grad(forward)
    g = ms.grad(square)
    for k in STEPS:
        yield f(X + k), g(X + k), len(calls)


@program
def return_ids():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.grad(net, 0, net.trainable_params(), return_ids=True)
    for k in STEPS:
        gradients = f(X.reshape((1, 3)) + k)
        yield ms.get_grad(gradients, 0), ms.get_grad(gradients, net.weight)


@program(compiles=True)
def newton_steps():
    gradient = ms.grad(lambda x: (x**4).sum())
    curvature = watch(ms.grad(lambda x: gradient(x).sum()))
    x = X * 1
    for _ in STEPS:
        x = x - gradient(x) / curvature(x)
        yield x


@program(compiles=False)
def gradient_called_by_a_function_with_effects():
    history = []
    inner = ms.grad(lambda a: a * a)

    def forward(x):
        history.append(x.sum().item())
        return (inner(x) * x).sum()

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k), inner(X), list(history)
