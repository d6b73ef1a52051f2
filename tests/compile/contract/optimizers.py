"""Optimizer calls: rates, groups, schedules, decay, flags and gradients that change between steps."""

import numpy as np

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn, ops

G = Tensor([1.0, 2.0, 3.0])


def parameters(n=2):
    return [Parameter(Tensor([1.0, 2.0, 3.0]), name=f"p{k}") for k in range(n)]


def values(update):
    """All that an optimizer holds, by name."""
    return {p.name: p.asnumpy() for p in update.get_parameters()} | {p.name: p.asnumpy() for p in update.parameters}


def run(update):
    watch(update)
    for k in STEPS:
        result = update(tuple(G * (k + 1) for _ in update.parameters))
        yield result, values(update)


@program(compiles=True)
def sgd():
    yield from run(nn.SGD(parameters(), 0.125, momentum=0.5, weight_decay=0.25))


@program(compiles=True)
def momentum():
    yield from run(nn.Momentum(parameters(), 0.125, 0.5, use_nesterov=True))


@program(compiles=True)
def adam():
    yield from run(nn.Adam(parameters(), 0.125))


@program(compiles=True)
def adam_with_decay():
    yield from run(nn.AdamWeightDecay(parameters(), 0.125, weight_decay=0.25))


@program(compiles=True)
def rms_prop():
    yield from run(nn.RMSProp(parameters(), 0.125, centered=True))


@program(compiles=True)
def lamb():
    yield from run(nn.Lamb(parameters(), 0.125))


@program(compiles=True)
def rate_scheduled():
    yield from run(nn.Momentum(parameters(), nn.ExponentialDecayLR(0.5, 0.5, 1), 0.5))


@program(compiles=True)
def rates_in_a_list():
    yield from run(nn.Momentum(parameters(), [0.5, 0.25, 0.125, 0.0625, 0.03125], 0.5))


@program(compiles=True)
def groups():
    a, b, c = parameters(3)
    yield from run(
        nn.Momentum(
            [
                {"params": [a], "lr": 0.5, "weight_decay": 0.25},
                {"params": [b], "lr": nn.ExponentialDecayLR(0.5, 0.5, 1)},
                {"params": [c]},
                {"order_params": [c, b, a]},
            ],
            0.125,
            0.5,
        )
    )


@program
def own_schedule():
    class Triangle(nn.LearningRateSchedule):
        def __init__(self):
            super().__init__()
            self.base = 0.5

        def construct(self, step):
            return self.base * ops.cast(step % 2 + 1, ms.float32)

    schedule = Triangle()
    update = nn.SGD(parameters(), schedule)
    for k in STEPS:
        update((G, G))
        yield values(update)
        schedule.base = 0.125 * k


@program
def own_schedule_that_prints():
    class Loud(nn.LearningRateSchedule):
        def construct(self, step):
            print("step", step)
            return Tensor(0.125)

    update = nn.SGD(parameters(), Loud())
    for _ in STEPS:
        update((G, G))
        yield values(update)


@program
def rate_changed_between_steps():
    update = nn.Momentum(parameters(), 0.5, 0.5)
    for k in STEPS:
        update((G, G))
        yield values(update)
        ops.assign(update.learning_rate, Tensor(0.5 / (k + 1)))


@program
def rate_set_data():
    update = nn.Adam(parameters(), 0.5)
    for k in STEPS:
        update((G, G))
        yield values(update), update.get_lr()
        update.learning_rate.set_data(Tensor(0.25 / (k + 1)))


@program
def attributes_changed_between_steps():
    update = nn.SGD(parameters(), 0.5, weight_decay=0.25)
    for k in STEPS:
        yield attempt(update, (G, G)), values(update)
        if k == 1:
            update.loss_scale = 2.0
        if k == 3:
            update.reciprocal_scale = 0.25


@program
def gradients_of_another_kind():
    update = nn.SGD(parameters(), 0.125)
    yield update((G, G)), update([G, G]), update((G * 2, G)), values(update)
    yield attempt(update, (G,)), values(update)
    yield update(ms.ParameterTuple([Parameter(G, name="g0"), Parameter(G, name="g1")])), values(update)


@program
def parameter_values_set_between_steps():
    update = nn.Adam(parameters(), 0.125)
    for k in STEPS:
        update((G, G))
        update.parameters[0].set_data(Tensor([float(k)] * 3))
        update.parameters[1][0] = float(k)
        yield values(update)


@program
def one_gradient_for_all():
    update = nn.Momentum(parameters(), 0.125, 0.5)
    g = G * 1
    for _ in STEPS:
        update((g, g))
        yield values(update), g


@program
def subclass_with_effects():
    class Loud(nn.SGD):
        def construct(self, gradients):
            print("update", len(gradients))
            return super().construct(gradients)

    update = Loud(parameters(), 0.125)
    for _ in STEPS:
        update((G, G))
        yield values(update)


@program
def own_optimizer():
    class Plain(nn.Optimizer):
        def __init__(self, params, rate):
            super().__init__(rate, params)
            self.seen = 0

        def construct(self, gradients):
            self.seen += 1
            for p, g in zip(self.parameters, gradients, strict=True):
                ops.assign_add(p, -self.get_lr() * g)
            return self.seen

    update = Plain(parameters(), 0.125)
    for _ in STEPS:
        yield update((G, G)), update.seen, [p.asnumpy() for p in update.parameters]


@program
def frozen_later():
    net = nn.Dense(3, 1, weight_init="ones")
    update = nn.SGD(net.trainable_params(), 0.125)
    f = ms.grad(lambda x: (net(x) ** 2).sum(), None, net.trainable_params())
    for k in STEPS:
        update(f(G.reshape((1, 3)) / 8))
        yield net.weight, net.bias
        net.bias.requires_grad = k % 2 == 1


@program
def two_optimizers_of_one_network():
    net = nn.Dense(3, 1, weight_init="ones")
    updates = nn.Adam([net.weight], 0.125), nn.SGD([net.bias], 0.125)
    f = ms.grad(lambda x: (net(x) ** 2).sum(), None, [net.weight, net.bias])
    for _ in STEPS:
        gradients = f(G.reshape((1, 3)) / 8)
        updates[0](gradients[:1])
        updates[1](gradients[1:])
        yield net.weight, net.bias


@program
def state_loaded_between_steps():
    update = nn.Adam(parameters(), 0.125)
    saved = None
    for k in STEPS:
        update((G, G))
        if k == 1:
            saved = {p.name: Parameter(Tensor(p.asnumpy()), name=p.name) for p in update.get_parameters()}
        if k == 3:
            for p in update.get_parameters():
                p.set_data(Tensor(saved[p.name].asnumpy()))
        yield values(update)


@program(compiles=True)
def gradients_with_numpy_in_between():
    update = watch(nn.Momentum(parameters(1), 0.125, 0.5))
    for k in STEPS:
        clipped = np.clip((G * k).asnumpy(), -2, 2)
        update((Tensor(clipped),))
        yield values(update)
