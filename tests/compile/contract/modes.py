"""Global settings that change between calls: graph mode, the default device's settings, explicit jit."""

import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


@program
def mode_switched():
    f = ms.grad(lambda x: x * x * x)
    for k in STEPS:
        ms.set_context(mode=ms.GRAPH_MODE if k % 2 else ms.PYNATIVE_MODE)
        yield f(X + k)


@program
def mode_switched_with_a_network():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.value_and_grad(lambda x: (net(x) ** 2).sum(), None, net.trainable_params())
    update = nn.SGD(net.trainable_params(), 0.015625)
    for k in STEPS:
        ms.set_context(mode=ms.GRAPH_MODE if k in (1, 2) else ms.PYNATIVE_MODE)
        loss, gradients = f(X.reshape((1, 3)))
        update(gradients)
        yield loss, net.weight.asnumpy()


@program
def mode_read_inside():
    f = watch(ms.grad(lambda x: x * (ms.get_context("mode") + 2)))
    for k in STEPS:
        ms.set_context(mode=ms.GRAPH_MODE if k in (1, 2) else ms.PYNATIVE_MODE)
        yield f(X)


@program(compiles=True)
def settings_read_inside():
    net = Settings()
    f = watch(ms.grad(net))
    for k in range(8):
        ms.set_context(save_graphs_path="here" if k == 4 else "there")
        ms.set_seed(3 if k == 6 else 2)
        yield f(X)


class Settings(nn.Cell):
    def construct(self, x):
        if ms.get_context(attr_key="save_graphs_path") == "here" or not ms.get_auto_parallel_context("parallel_mode"):
            x = x * 3
        return x**2 * ms.communication.get_group_size() * ms.get_seed()


@program(compiles=False)
def a_setting_of_many_parts():
    f = watch(ms.grad(lambda x: x * (2 if ms.get_context("jit_config") else 3)))
    for k in STEPS:
        ms.set_context(jit_config={"jit_level": "O1"} if k == 2 else {})
        yield f(X)


@program
def same_argument_twice_in_both_modes():
    f = ms.grad(lambda a, b: a * b * b, (0, 1))
    for k in STEPS:
        ms.set_context(mode=ms.GRAPH_MODE if k % 2 else ms.PYNATIVE_MODE)
        yield f(X, X)


@program
def explicit_jit_beside():
    p = Parameter(X * 1, name="p")

    def forward(x):
        return (x * p * p).sum()

    eager, compiled = ms.grad(forward), ms.jit(ms.grad(forward))
    for k in STEPS:
        yield eager(X + k), compiled(X + k)
        p.set_data(X * k)


@program
def step_under_jit():
    net = nn.Dense(3, 1, weight_init="ones")
    update = nn.Momentum(net.trainable_params(), 0.015625, 0.5)
    f = ms.value_and_grad(lambda x: (net(x) ** 2).sum(), None, net.trainable_params())

    @ms.jit
    def step(x):
        loss, gradients = f(x)
        update(gradients)
        return loss

    for k in STEPS:
        x = X.reshape((1, 3))
        if k == 3:
            loss, gradients = f(x)
            update(gradients)
        else:
            loss = step(x)
        yield loss, net.weight.asnumpy()


@program
def no_grad_inside_and_around():
    def forward(x):
        with ms._no_grad():
            frozen = x * x
        return (frozen * x).sum()

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X + k)


@program
def flag_for_gradients():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.grad(net)
    for k in STEPS:
        net.set_grad(k % 2 == 0)
        yield f(X.reshape((1, 3))), net.requires_grad


@program
def deterministic_switched():
    f = ms.grad(lambda x: ops.softmax(x * 2).max())
    for k in STEPS:
        ms.set_context(deterministic="ON" if k % 2 else "OFF")
        yield f(X)
    ms.set_context(deterministic="OFF")
