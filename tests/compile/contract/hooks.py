"""Hooks of Tensors and Cells, registered and removed between calls."""

import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, nn

X = Tensor([1.0, 2.0, 3.0])


@program
def tensor_hook_registered_later():
    x, handles = X * 1, []
    f = ms.grad(lambda a: a * a)
    for k in STEPS:
        yield f(x)
        if k == 1:
            handles.append(x.register_hook(lambda g: g * 10))
        if k == 3:
            handles.pop().remove()


@program
def tensor_hook_with_an_effect():
    x, seen = X * 1, []
    f = ms.grad(lambda a: a * a)
    yield f(x), f(x)
    x.register_hook(lambda g: seen.append(len(g)))
    for _ in STEPS:
        yield f(x), list(seen)


@program
def hook_on_a_parameter():
    p = Parameter(X * 1, name="p")
    f = ms.grad(lambda a: (a * p * p).sum(), None, [p])
    handle = None
    for k in STEPS:
        yield f(X), f(X)
        if k % 2 == 0:
            handle = p.register_hook(lambda g: -g)
        else:
            handle.remove()


@program
def hook_inside():
    def forward(a):
        b = a * 2
        b.register_hook(lambda g: g * 3)
        return (b * b).sum()

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def hook_inside_after_a_use():
    def forward(a):
        b = a * 2
        c = b * 3
        b.register_hook(lambda g: g * 3)
        return (b * c).sum()

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def hook_inside_that_prints():
    def forward(a):
        b = a * 2
        b.register_hook(lambda g: print("gradient", g))
        return (b * b).sum()

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program
def forward_hook_registered_later():
    net = nn.SequentialCell(nn.Dense(3, 3, weight_init="ones"), nn.ReLU())
    f = ms.grad(lambda a: net(a).sum())
    seen, handle = [], None
    for k in STEPS:
        yield f(X.reshape((1, 3))), list(seen)
        if k == 1:
            handle = net[0].register_forward_hook(lambda cell, args, out: seen.append("forward") or out * 2)
        if k == 3:
            handle.remove()


@program
def forward_pre_hook_registered_later():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.grad(lambda a: (net(a) ** 2).sum())
    handle = None
    for k in STEPS:
        yield f(X.reshape((1, 3)))
        if k == 1:
            handle = net.register_forward_pre_hook(lambda cell, args: (args[0] * 2,))
        if k == 3:
            handle.remove()


@program
def backward_hook_registered_later():
    net = nn.SequentialCell(nn.Dense(3, 3, weight_init="ones"), nn.Tanh())
    f = ms.grad(lambda a: net(a).sum())
    seen, handle = [], None

    def hook(cell, gradient_in, gradient_out):
        seen.append((len(gradient_in), len(gradient_out)))
        return (gradient_in[0] * 2,)

    for k in STEPS:
        yield f(X.reshape((1, 3))), list(seen)
        if k == 1:
            handle = net[1].register_backward_hook(hook)
        if k == 3:
            handle.remove()


@program
def backward_pre_hook_printing():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.grad(lambda a: net(a).sum())
    for k in STEPS:
        yield f(X.reshape((1, 3)))
        if k == 1:
            net.register_backward_pre_hook(lambda cell, gradient: print("before", gradient[0]))


@program
def hook_closes_over_a_value():
    x, factor = X * 1, 1.0
    x.register_hook(lambda g: g * factor)
    f = ms.grad(lambda a: a * a)
    for k in STEPS:
        factor = float(k)
        yield f(x)


@program
def hooks_of_different_tensors():
    a, b = X * 1, X * 1
    a.register_hook(lambda g: g * 2)
    f = ms.grad(lambda t: t * t)
    for _ in range(3):
        yield f(a), f(b), f(a)


@program
def captured_tensor_hooked():
    p = Parameter(X * 1, name="p")
    f = ms.value_and_grad(lambda a: (a * p).sum(), 0, [p])
    yield f(X), f(X), f(X)
    p.register_hook(lambda g: g + 1)
    yield f(X), f(X)
