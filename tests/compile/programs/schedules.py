"""Learning rates that change, groups of Parameters, optimizers around optimizers."""

import math

import mindspore as ms
from mindspore import Parameter, Tensor, nn, ops
from mindspore.nn.learning_rate_schedule import LearningRateSchedule

from programs import STEPS, classes, fill, normal, program


def network():
    return fill(nn.SequentialCell(nn.Dense(8, 12), nn.ReLU(), nn.Dense(12, 4)))


def stepper(net, optimizer):
    loss_fn = nn.CrossEntropyLoss()
    x, y = Tensor(normal(16, 8)), Tensor(classes(16, 4))
    grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, net.trainable_params())

    def train_step():
        loss, grads = grad_fn(x, y)
        optimizer(grads)
        return loss

    return train_step


@program
def rates_in_a_list():
    net = network()
    rates = nn.cosine_decay_lr(0.001, 0.1, total_step=8, step_per_epoch=2, decay_epoch=4)
    step = stepper(net, nn.Momentum(net.trainable_params(), learning_rate=rates, momentum=0.9))
    for _ in STEPS:
        yield step()


class WarmUpCosine(LearningRateSchedule):
    def __init__(self, peak, warmup, total):
        super().__init__()
        self.warm, self.cosine = nn.WarmUpLR(peak, warmup), nn.CosineDecayLR(0.0, peak, total)
        self.warmup = Tensor(warmup, ms.float32)

    def construct(self, global_step):
        rising = self.warm(global_step)
        falling = self.cosine(global_step)
        is_warm = ops.cast(ops.less(ops.cast(global_step, ms.float32), self.warmup), ms.float32)
        return is_warm * rising + (1.0 - is_warm) * falling


@program
def schedule_cell():
    net = network()
    step = stepper(net, nn.Adam(net.trainable_params(), learning_rate=WarmUpCosine(0.05, 2, 10)))
    for _ in STEPS:
        yield step()


@program
def rate_set_each_epoch():
    net = network()
    optimizer = nn.SGD(net.trainable_params(), learning_rate=0.2)
    step = stepper(net, optimizer)
    for epoch in STEPS:
        rate = 0.1 * (1 + math.cos(math.pi * epoch / 6))
        ops.assign(optimizer.learning_rate, Tensor(rate, ms.float32))
        yield step()


@program
def epoch_in_the_loss():
    """A weight that grows by the epoch: a Python number that the loss reads."""
    net = network()
    optimizer = nn.Adam(net.trainable_params(), 0.02)
    x, y = Tensor(normal(16, 8)), Tensor(classes(16, 4))
    loss_fn, epoch = nn.CrossEntropyLoss(), 0

    def forward(x, y):
        logits = net(x)
        weight = min(1.0, epoch / 4)
        return loss_fn(logits, y) + 0.01 * weight * ops.square(logits).mean()

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
    for epoch in STEPS:  # noqa: B007  (the loss reads it)
        loss, grads = grad_fn(x, y)
        optimizer(grads)
        yield loss


@program
def epoch_as_an_argument():
    net = network()
    optimizer = nn.Adam(net.trainable_params(), 0.02)
    x, y = Tensor(normal(16, 8)), Tensor(classes(16, 4))

    def forward(x, y, temperature):
        return ops.cross_entropy(net(x) / temperature, y)

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
    for epoch in STEPS:
        loss, grads = grad_fn(x, y, max(0.5, 1.0 - 0.1 * epoch))
        optimizer(grads)
        yield loss


@program
def groups():
    net = network()
    params = net.trainable_params()
    weights = [p for p in params if "bias" not in p.name]
    biases = [p for p in params if "bias" in p.name]
    described = [
        {"params": weights, "weight_decay": 0.01, "lr": nn.ExponentialDecayLR(0.1, 0.9, 2)},
        {"params": biases, "lr": 0.05},
        {"order_params": params},
    ]
    step = stepper(net, nn.Momentum(described, learning_rate=0.1, momentum=0.9, weight_decay=0.0))
    for _ in STEPS:
        yield step()


@program
def lars():
    net = network()
    optimizer = nn.LARS(nn.Momentum(net.trainable_params(), 0.5, 0.9), epsilon=1e-8, coefficient=0.02)
    step = stepper(net, optimizer)
    for _ in STEPS:
        yield step()


@program
def lamb():
    net = network()
    step = stepper(net, nn.Lamb(net.trainable_params(), learning_rate=0.05, weight_decay=0.01))
    for _ in STEPS:
        yield step()


@program
def frozen_then_thawed():
    """The first layers rest for three steps; then a new optimizer takes all."""
    net = network()
    x, y = Tensor(normal(16, 8)), Tensor(classes(16, 4))
    loss_fn = nn.CrossEntropyLoss()

    def forward(x, y):
        return loss_fn(net(x), y)

    for resting in (True, False):
        for p in net[0].get_parameters():
            p.requires_grad = not resting
        optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
        grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
        for _ in range(3):
            loss, grads = grad_fn(x, y)
            optimizer(grads)
            yield loss


class Decoupled(nn.Optimizer):
    """An optimizer of one's own."""

    def __init__(self, params, learning_rate=0.1, momentum=0.9):
        super().__init__(learning_rate, params)
        self.momentum = Parameter(Tensor(momentum, ms.float32), name="momentum")
        self.moments = self.parameters.clone(prefix="moments", init="zeros")
        self.assign = ops.Assign()

    def construct(self, gradients):
        lr = self.get_lr()
        for weight, moment, gradient in zip(self.parameters, self.moments, gradients):  # noqa: B905
            update = self.momentum * moment + gradient
            self.assign(moment, update)
            self.assign(weight, weight - lr * (update + 0.01 * weight))
        return True


@program
def own_optimizer():
    net = network()
    step = stepper(net, Decoupled(net.trainable_params()))
    for _ in STEPS:
        yield step()
