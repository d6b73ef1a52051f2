"""Mixed precision and scales of the loss."""

import mindspore as ms
from mindspore import Tensor, amp, nn, ops
from mindspore.train.loss_scale_manager import DynamicLossScaleManager, FixedLossScaleManager

from programs import STEPS, classes, fill, normal, program


def network():
    return fill(nn.SequentialCell(nn.Dense(8, 16), nn.LayerNorm((16,)), nn.ReLU(), nn.Dense(16, 4)))


def batch():
    return Tensor(normal(16, 8)), Tensor(classes(16, 4))


def _mixed(level):
    net = amp.auto_mixed_precision(network(), level)
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.Adam(net.trainable_params(), 0.02)

    def forward(x, y):
        return loss_fn(net(x).astype(ms.float32), y)

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
    for _ in STEPS:
        loss, grads = grad_fn(*batch())
        optimizer(grads)
        yield loss


@program
def o1():
    yield from _mixed("O1")


@program
def o2():
    yield from _mixed("O2")


@program
def o3():
    yield from _mixed("O3")


def _scaled(scaler):
    net = network()
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)

    def forward(x, y):
        loss = loss_fn(net(x), y)
        return scaler.scale(loss), loss

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters, has_aux=True)

    def train_step(x, y):
        (_, loss), grads = grad_fn(x, y)
        grads = scaler.unscale(grads)
        is_finite = amp.all_finite(grads)
        if is_finite:
            optimizer(grads)
        scaler.adjust(is_finite)
        return loss

    x, y = batch()
    for step in STEPS:
        yield train_step(x * float("inf") if step == 3 and isinstance(scaler, amp.DynamicLossScaler) else x, y)


@program
def static_loss_scaler():
    yield from _scaled(amp.StaticLossScaler(2**8))


@program
def dynamic_loss_scaler():
    for step, loss in enumerate(_scaled(amp.DynamicLossScaler(scale_value=2**10, scale_factor=2, scale_window=2))):
        yield loss if step != 3 else 1.0


@program
def jit_with_dynamic_scaler():
    net = network()
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    scaler = amp.DynamicLossScaler(scale_value=2**10, scale_factor=2, scale_window=2)

    def forward(x, y):
        return scaler.scale(loss_fn(net(x), y))

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)

    @ms.jit
    def train_step(x, y):
        loss, grads = grad_fn(x, y)
        grads = scaler.unscale(grads)
        is_finite = amp.all_finite(grads)
        if is_finite:
            loss = ops.depend(loss, optimizer(grads))
        return scaler.unscale((loss,))[0], is_finite

    for _ in STEPS:
        loss, is_finite = train_step(*batch())
        scaler.adjust(is_finite)
        yield loss


@program
def build_train_network():
    net = network()
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9, loss_scale=128.0)
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    manager = FixedLossScaleManager(128.0, drop_overflow_update=False)
    train = amp.build_train_network(net, optimizer, loss, level="O0", loss_scale_manager=manager)
    train.set_train()
    for _ in STEPS:
        yield train(*batch())


@program
def loss_scale_cell():
    net = network()
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    manager = DynamicLossScaleManager(init_loss_scale=2**10, scale_window=2).get_update_cell()
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    train = nn.TrainOneStepWithLossScaleCell(nn.WithLossCell(net, loss), optimizer, scale_sense=manager)
    train.set_train()
    for _ in STEPS:
        value, _, scale = train(*batch())
        yield value, scale


class CastNet(nn.Cell):
    """Precision by hand: to_float on layers, casts in between."""

    def __init__(self):
        super().__init__()
        self.first = nn.Dense(8, 16).to_float(ms.float16)
        self.last = nn.Dense(16, 4).to_float(ms.float32)
        self.cast = ops.Cast()

    def construct(self, x):
        return self.last(self.cast(ops.relu(self.first(x)), ms.float32))


@program
def to_float():
    net = fill(CastNet())
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.SGD(net.trainable_params(), 0.2, momentum=0.9)
    grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)
    for _ in STEPS:
        loss, grads = grad_fn(*batch())
        optimizer(grads)
        yield loss
