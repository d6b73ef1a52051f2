"""Steps of training: the library's, subclasses of them, and those that users write out."""

import numpy as np

import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor(np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3))
Y = Tensor(np.array([[1.0], [0.0], [-1.0], [0.5]], np.float32))


def network():
    return nn.SequentialCell(nn.Dense(3, 4, weight_init="ones"), nn.Tanh(), nn.Dense(4, 1, weight_init="ones"))


def state(cell):
    return [p.asnumpy() for p in cell.get_parameters()]


@program(compiles=True)
def train_one_step_cell():
    net = nn.WithLossCell(network(), nn.MSELoss())
    step = watch(nn.TrainOneStepCell(net, nn.Adam(net.trainable_params(), 0.125)))
    step.set_train()
    for k in STEPS:
        yield step(X * (k + 1), Y), state(step)


@program(compiles=True)
def train_one_step_cell_with_sens():
    net = nn.WithLossCell(network(), nn.MSELoss())
    update = nn.Momentum(net.trainable_params(), 0.125, 0.5, loss_scale=4.0)
    step = watch(nn.TrainOneStepCell(net, update, sens=4.0, return_grad=True))
    for _ in STEPS:
        yield step(X, Y), state(step)


@program(compiles=True)
def train_one_step_with_fixed_loss_scale():
    net = nn.WithLossCell(network(), nn.MSELoss())
    update = nn.Momentum(net.trainable_params(), 0.125, 0.5, loss_scale=4.0)
    step = watch(nn.TrainOneStepWithLossScaleCell(net, update, Tensor(4.0)))
    for _ in STEPS:
        yield step(X, Y), state(step)


@program(compiles=True)
def train_one_step_with_dynamic_loss_scale():
    net = nn.WithLossCell(network(), nn.MSELoss())
    manager = nn.DynamicLossScaleUpdateCell(loss_scale_value=2.0**10, scale_factor=2, scale_window=2)
    step = watch(nn.TrainOneStepWithLossScaleCell(net, nn.SGD(net.trainable_params(), 0.125), manager))
    for k in STEPS:
        x = X if k != 2 else X * float("inf")
        yield step(x, Y), state(step)


@program
def loss_scale_changed():
    net = nn.WithLossCell(network(), nn.MSELoss())
    step = nn.TrainOneStepWithLossScaleCell(net, nn.SGD(net.trainable_params(), 0.125), Tensor(4.0))
    for k in STEPS:
        yield step(X, Y), state(step)
        step.set_sense_scale(Tensor(2.0**k))


@program
def sens_changed():
    net = nn.WithLossCell(network(), nn.MSELoss())
    step = nn.TrainOneStepCell(net, nn.SGD(net.trainable_params(), 0.125), sens=2.0)
    for k in STEPS:
        yield step(X, Y), state(step)
        step.sens = float(k + 1)


@program
def own_subclass():
    class Clipped(nn.TrainOneStepCell):
        def __init__(self, network, optimizer, limit):
            super().__init__(network, optimizer)
            self.limit = limit

        def construct(self, *inputs):
            loss = self.network(*inputs)
            gradients = self.grad(self.network, self.weights)(*inputs, ops.ones_like(loss))
            gradients = [ops.clip_by_value(g, -self.limit, self.limit) for g in gradients]
            self.optimizer(tuple(gradients))
            return loss

    net = nn.WithLossCell(network(), nn.MSELoss())
    step = Clipped(net, nn.SGD(net.trainable_params(), 0.125), 0.25)
    for k in STEPS:
        yield step(X, Y), state(step)
        step.limit = 0.25 / (k + 1)


@program
def own_subclass_that_prints():
    class Loud(nn.TrainOneStepCell):
        def construct(self, *inputs):
            loss = super().construct(*inputs)
            print("loss of", inputs[0].shape)
            return loss

    net = nn.WithLossCell(network(), nn.MSELoss())
    step = Loud(net, nn.SGD(net.trainable_params(), 0.125))
    for _ in STEPS:
        yield step(X, Y), state(step)


@program
def own_subclass_with_loss_scale():
    class Own(nn.TrainOneStepWithLossScaleCell):
        def __init__(self, *args):
            super().__init__(*args)
            self.overflows = 0

        def construct(self, *inputs):
            loss, overflow, scale = super().construct(*inputs)[:3]
            if overflow:
                self.overflows += 1
            return loss, scale

    net = nn.WithLossCell(network(), nn.MSELoss())
    manager = nn.DynamicLossScaleUpdateCell(loss_scale_value=2.0**4, scale_factor=2, scale_window=2)
    step = Own(net, nn.SGD(net.trainable_params(), 0.125), manager)
    for k in STEPS:
        yield step(X if k not in (1, 2) else X * float("nan"), Y), step.overflows, state(step)


@program
def written_out():
    net = network()
    update = nn.Adam(net.trainable_params(), 0.125)
    loss_fn = nn.MSELoss()

    def forward(x, y):
        out = net(x)
        return loss_fn(out, y), out

    f = ms.value_and_grad(forward, None, update.parameters, has_aux=True)

    def train_step(x, y):
        (loss, out), gradients = f(x, y)
        update(gradients)
        return loss, out

    for k in STEPS:
        yield train_step(X * (k + 1), Y), state(net)


@program(compiles=True)
def gradient_function_of_a_step():
    net = network()
    update = nn.Adam(net.trainable_params(), 0.125)
    loss_fn = nn.MSELoss()
    f = watch(ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, update.parameters))
    for _ in STEPS:
        loss, gradients = f(X, Y)
        update(gradients)
        yield loss, state(net)


@program
def everything_inside():
    net = network()

    def train_step(x, y, rate):
        update = nn.SGD(net.trainable_params(), rate)
        loss, gradients = ms.value_and_grad(lambda: ((net(x) - y) ** 2).mean(), None, net.trainable_params())()
        update(gradients)
        print(f"{rate} {len(gradients)}")
        return loss

    for k in STEPS:
        yield train_step(X, Y, 0.5 / (k + 1)), state(net)


@program
def by_hand_without_an_optimizer():
    w = Parameter(Tensor([[1.0, 1.0, 1.0]]), name="w")
    rate = 0.5
    f = ms.value_and_grad(lambda x, y: ((x @ w.T - y) ** 2).mean(), None, [w])
    for k in STEPS:
        loss, (gradient,) = f(X, Y)
        w.set_data(w - rate * gradient)
        yield loss, w.asnumpy()
        rate = 0.5 / (k + 2)


@program
def gradients_accumulated():
    net = network()
    update = nn.SGD(net.trainable_params(), 0.125)
    f = ms.grad(lambda x, y: ((net(x) - y) ** 2).mean(), None, net.trainable_params())
    total = [ops.zeros_like(p) for p in net.trainable_params()]
    for k in range(6):
        total = [t + g for t, g in zip(total, f(X, Y), strict=True)]
        if k % 2:
            update(tuple(total))
            total = [ops.zeros_like(t) for t in total]
        yield total, state(net)


@program
def moving_average_of_weights():
    net = network()
    average = [Parameter(p.copy(), name=f"ema.{p.name}", requires_grad=False) for p in net.trainable_params()]
    update = nn.SGD(net.trainable_params(), 0.125)
    f = ms.grad(lambda x, y: ((net(x) - y) ** 2).mean(), None, net.trainable_params())
    for _ in STEPS:
        update(f(X, Y))
        for a, p in zip(average, net.trainable_params(), strict=True):
            ops.assign(a, 0.5 * a + 0.5 * p)
        yield [a.asnumpy() for a in average], state(net)


@program
def early_stopping_and_evaluation():
    net = network()
    update = nn.Adam(net.trainable_params(), 0.125)
    f = ms.value_and_grad(lambda x, y: ((net(x) - y) ** 2).mean(), None, net.trainable_params())
    best, kept = float("inf"), None
    for _ in STEPS:
        net.set_train(True)
        loss, gradients = f(X, Y)
        update(gradients)
        net.set_train(False)
        validation = float(((net(X * 2) - Y) ** 2).mean())
        if validation < best:
            best, kept = validation, [p.value().copy() for p in net.trainable_params()]
        yield loss, best, kept


@program
def batches_of_the_last_size():
    net = nn.WithLossCell(network(), nn.MSELoss())
    step = nn.TrainOneStepCell(net, nn.SGD(net.trainable_params(), 0.125))
    for n in (4, 4, 4, 2, 4):
        yield step(X[:n], Y[:n]), state(step)


@program
def network_used_by_two_steps():
    net = network()
    losses = [nn.WithLossCell(net, nn.MSELoss()), nn.WithLossCell(net, nn.L1Loss())]
    steps = [nn.TrainOneStepCell(loss, nn.Momentum(net.trainable_params(), 0.125, 0.5)) for loss in losses]
    for k in STEPS:
        yield steps[k % 2](X, Y), steps[0](X, Y), state(net)


@program
def optimizer_replaced_in_a_step():
    net = nn.WithLossCell(network(), nn.MSELoss())
    step = nn.TrainOneStepCell(net, nn.SGD(net.trainable_params(), 0.125))
    for k in STEPS:
        yield step(X, Y), state(net)
        if k == 2:
            step.optimizer = nn.Momentum(net.trainable_params(), 0.25, 0.5)


@program
def layer_frozen_during_training():
    net = network()
    loss_fn = nn.MSELoss()
    for k in STEPS:
        net[0].weight.requires_grad = k % 2 == 0
        update = nn.SGD(net.trainable_params(), 0.125)
        f = ms.grad(lambda x, y: loss_fn(net(x), y), None, net.trainable_params())
        update(f(X, Y))
        yield state(net)


@program(compiles=True)
def dropout_in_a_step():
    net = nn.SequentialCell(nn.Dense(3, 8, weight_init="ones"), nn.Dropout(p=0.5), nn.Dense(8, 1, weight_init="ones"))
    loss = nn.WithLossCell(net, nn.MSELoss())
    step = watch(nn.TrainOneStepCell(loss, nn.SGD(net.trainable_params(), 0.015625)))
    step.set_train()
    for _ in STEPS:
        yield step(X, Y), state(net), ops.rand(1)


@program
def two_networks_in_turn():
    maker, judge = nn.Dense(3, 3, weight_init="ones"), nn.Dense(3, 1, weight_init="ones")
    updates = nn.SGD(maker.trainable_params(), 0.125), nn.SGD(judge.trainable_params(), 0.125)
    f = ms.grad(lambda z: -ops.tanh(judge(maker(z))).mean(), None, maker.trainable_params())
    g = ms.grad(lambda z, x: ops.tanh(judge(maker(z)) - judge(x)).mean(), None, judge.trainable_params())
    for _ in STEPS:
        updates[0](f(X))
        updates[1](g(X, X * 2))
        yield state(maker), state(judge)
