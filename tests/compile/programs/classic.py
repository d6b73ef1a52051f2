"""Programs of MindSpore 1.x: operators as attributes, Cells around Cells, GradOperation, Model."""

import mindspore as ms
import mindspore.nn as nn
from mindspore import Parameter, ParameterTuple, Tensor, context
from mindspore.common import dtype as mstype
from mindspore.common.initializer import Normal, initializer
from mindspore.ops import composite as C
from mindspore.ops import functional as F
from mindspore.ops import operations as P
from mindspore.train.callback import Callback
from mindspore.train.model import Model

from programs import STEPS, classes, fill, normal, program


class MLP(nn.Cell):
    def __init__(self, n_in=8, hidden=16, n_out=4):
        super().__init__()
        self.matmul = P.MatMul(transpose_b=True)
        self.bias_add = P.BiasAdd()
        self.relu = P.ReLU()
        self.w1 = Parameter(initializer(Normal(0.3), (hidden, n_in), mstype.float32), name="w1")
        self.b1 = Parameter(initializer("zeros", (hidden,), mstype.float32), name="b1")
        self.w2 = Parameter(initializer(Normal(0.3), (n_out, hidden), mstype.float32), name="w2")
        self.b2 = Parameter(initializer("zeros", (n_out,), mstype.float32), name="b2")

    def construct(self, x):
        x = self.relu(self.bias_add(self.matmul(x, self.w1), self.b1))
        return self.bias_add(self.matmul(x, self.w2), self.b2)


def batch():
    return Tensor(normal(16, 8)), Tensor(classes(16, 4))


@program
def operators_as_attributes():
    net = fill(MLP())
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
    train = nn.TrainOneStepCell(nn.WithLossCell(net, loss), optimizer)
    train.set_train()
    x, y = batch()
    for _ in STEPS:
        yield train(x, y)


class LeNet5(nn.Cell):
    def __init__(self, num_class=4):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 3, pad_mode="valid", weight_init=Normal(0.02))
        self.conv2 = nn.Conv2d(3, 4, 3, pad_mode="valid", weight_init=Normal(0.02))
        self.fc1 = nn.Dense(16, 12, weight_init=Normal(0.02))
        self.fc2 = nn.Dense(12, num_class, weight_init=Normal(0.02))
        self.relu = nn.ReLU()
        self.max_pool2d = nn.MaxPool2d(kernel_size=2, stride=2)
        self.flatten = nn.Flatten()

    def construct(self, x):
        x = self.max_pool2d(self.relu(self.conv1(x)))
        x = self.max_pool2d(self.relu(self.conv2(x)))
        x = self.relu(self.fc1(self.flatten(x)))
        return self.fc2(x)


@program
def lenet():
    net = fill(LeNet5())
    criterion = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    net_with_criterion = nn.WithLossCell(net, criterion)
    train_network = nn.TrainOneStepCell(net_with_criterion, nn.Adam(net.trainable_params(), 0.01))
    train_network.set_train()
    images, labels = Tensor(normal(8, 1, 14, 14)), Tensor(classes(8, 4))
    for _ in STEPS:
        yield train_network(images, labels)


class TrainStepWrap(nn.Cell):
    """The step as it stands in many a repository: the gradient by a GradOperation, scaled by `sens`."""

    def __init__(self, network, optimizer, sens=1024.0):
        super().__init__(auto_prefix=False)
        self.network = network
        self.network.set_train()
        self.weights = ParameterTuple(network.trainable_params())
        self.optimizer = optimizer
        self.grad = C.GradOperation(get_by_list=True, sens_param=True)
        self.sens = sens

    def construct(self, x, label):
        weights = self.weights
        loss = self.network(x, label)
        sens = P.Fill()(P.DType()(loss), P.Shape()(loss), self.sens)
        grads = self.grad(self.network, weights)(x, label, sens)
        return F.depend(loss, self.optimizer(grads))


@program
def own_training_cell():
    net = fill(MLP(n_out=1))
    optimizer = nn.Adam(net.trainable_params(), learning_rate=0.01, eps=1e-8, loss_scale=1024.0)
    train = TrainStepWrap(nn.WithLossCell(net, nn.MSELoss()), optimizer)
    x, y = Tensor(normal(16, 8)), Tensor(normal(16, 1, seed=1))
    for _ in STEPS:
        yield train(x, y)


clip_grad = C.MultitypeFuncGraph("clip_grad")


@clip_grad.register("Number", "Number", "Tensor")
def _clip_grad(clip_type, clip_value, grad):
    if clip_type not in (0, 1):
        return grad
    dt = F.dtype(grad)
    if clip_type == 0:
        return C.clip_by_value(
            grad, F.cast(F.tuple_to_array((-clip_value,)), dt), F.cast(F.tuple_to_array((clip_value,)), dt)
        )
    return nn.ClipByNorm()(grad, F.cast(F.tuple_to_array((clip_value,)), dt))


GRADIENT_CLIP_TYPE = 1
GRADIENT_CLIP_VALUE = 0.5


class ClippedTrainOneStepCell(nn.TrainOneStepCell):
    def __init__(self, network, optimizer, sens=1.0):
        super().__init__(network, optimizer, sens)
        self.cast = P.Cast()
        self.hyper_map = C.HyperMap()

    def construct(self, *inputs):
        weights = self.weights
        loss = self.network(*inputs)
        grads = self.grad(self.network, weights)(*inputs, self.cast(F.tuple_to_array((self.sens,)), mstype.float32)[0])
        grads = self.hyper_map(F.partial(clip_grad, GRADIENT_CLIP_TYPE, GRADIENT_CLIP_VALUE), grads)
        grads = self.grad_reducer(grads)
        self.optimizer(grads)
        return loss


@program
def gradients_clipped_by_hypermap():
    net = fill(MLP())
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    train = ClippedTrainOneStepCell(nn.WithLossCell(net, loss), optimizer)
    train.set_train()
    x, y = batch()
    for _ in STEPS:
        yield train(x, y)


class MaskedLoss(nn.Cell):
    """A network with its loss, which takes masks."""

    def __init__(self, backbone):
        super().__init__(auto_prefix=False)
        self.backbone = backbone
        self.log_softmax = P.LogSoftmax(axis=-1)
        self.onehot = P.OneHot()
        self.on_value = Tensor(1.0, mstype.float32)
        self.off_value = Tensor(0.0, mstype.float32)
        self.reduce_sum = P.ReduceSum()
        self.reshape = P.Reshape()
        self.last_idx = (-1,)

    def construct(self, x, label, mask):
        log_probs = self.log_softmax(self.backbone(x))
        one_hot = self.onehot(self.reshape(label, self.last_idx), 4, self.on_value, self.off_value)
        each = -self.reduce_sum(log_probs * one_hot, self.last_idx)
        return self.reduce_sum(each * mask) / (self.reduce_sum(mask) + 1e-5)


@program
def masked_loss_cell():
    net = MaskedLoss(fill(MLP()))
    train = nn.TrainOneStepCell(net, nn.AdamWeightDecay(net.trainable_params(), learning_rate=0.02))
    x, y = batch()
    mask = Tensor((normal(16) > -0.5).astype("float32"))
    for _ in STEPS:
        yield train(x, y, mask)


class Losses(Callback):
    def __init__(self):
        self.found = []

    def step_end(self, run_context):
        self.found.append(float(run_context.original_args().net_outputs.asnumpy()))


class Batches:
    """A dataset of one's own."""

    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        return normal(8, seed=index), classes(1, 4, seed=index)[0]


def dataset(size, batch_size):
    try:
        import mindspore.dataset as ds
    except ImportError:  # any iterable will do
        rows = [Batches(size)[i] for i in range(size)]
        return [
            tuple(Tensor([row[k] for row in rows[i : i + batch_size]]) for k in (0, 1))
            for i in range(0, size, batch_size)
        ]
    return ds.GeneratorDataset(Batches(size), ["data", "label"], shuffle=False, num_parallel_workers=1).batch(
        batch_size
    )


@program
def model_train():
    net, losses = fill(MLP()), Losses()
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    optimizer = nn.Momentum(net.trainable_params(), 0.05, 0.9)
    model = Model(net, loss_fn=loss, optimizer=optimizer, metrics={"acc"})
    model.train(3, dataset(16, 8), callbacks=[losses], dataset_sink_mode=False)
    yield from losses.found


@program
def graph_mode():
    before = context.get_context("mode")
    context.set_context(mode=context.GRAPH_MODE, device_target="CPU")
    net = fill(MLP())
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    train = nn.TrainOneStepCell(nn.WithLossCell(net, loss), nn.Momentum(net.trainable_params(), 0.1, 0.9))
    train.set_train()
    x, y = batch()
    try:
        for _ in STEPS:
            yield train(x, y)
    finally:
        context.set_context(mode=before)


@program
def forward_value_and_grad():
    net = fill(MLP())
    net_with_loss = nn.WithLossCell(net, nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean"))
    weights = ParameterTuple(net.trainable_params())
    optimizer = nn.SGD(weights, 0.2)
    value_and_grad = nn.ForwardValueAndGrad(net_with_loss, weights, get_by_list=True)
    x, y = batch()
    for _ in STEPS:
        loss, grads = value_and_grad(x, y)
        optimizer(grads)
        yield loss


class InputGradient(nn.Cell):
    def __init__(self, network):
        super().__init__()
        self.network = network
        self.grad = C.GradOperation(get_all=True, sens_param=False)

    def construct(self, x, y):
        return self.grad(self.network)(x, y)[0]


@program
def adversarial_examples():
    net = fill(MLP())
    net_with_loss = nn.WithLossCell(net, nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean"))
    train = nn.TrainOneStepCell(net_with_loss, nn.Momentum(net.trainable_params(), 0.1, 0.9))
    attack = InputGradient(net_with_loss)
    sign = P.Sign()
    x, y = batch()
    for _ in STEPS:
        yield train(x + 0.05 * sign(attack(x, y)), y)


grad_scale = C.MultitypeFuncGraph("grad_scale")
reciprocal = P.Reciprocal()


@grad_scale.register("Tensor", "Tensor")
def _tensor_grad_scale(scale, grad):
    return grad * F.cast(reciprocal(scale), F.dtype(grad))


class FinetuneCell(nn.TrainOneStepWithLossScaleCell):
    """Gradients scaled, unscaled and clipped by their common norm; a step is left out when they overflow."""

    def __init__(self, network, optimizer, scale_update_cell):
        super().__init__(network, optimizer, scale_update_cell)
        self.cast = P.Cast()
        self.hyper_map = C.HyperMap()

    def construct(self, *inputs):
        loss = self.network(*inputs)
        scaling_sens = self.scale_sense
        status, scaling_sens = self.start_overflow_check(loss, scaling_sens)
        grads = self.grad(self.network, self.weights)(*inputs, self.cast(scaling_sens, mstype.float32))
        grads = self.grad_reducer(grads)
        grads = self.hyper_map(F.partial(grad_scale, scaling_sens), grads)
        grads = C.clip_by_global_norm(grads, 1.0, None)
        cond = self.get_overflow_status(status, grads)
        overflow = self.process_loss_scale(cond)
        if not overflow:
            self.optimizer(grads)
        return loss, cond, scaling_sens


@program
def finetuning_with_loss_scale():
    net = MaskedLoss(fill(MLP()))
    update = nn.DynamicLossScaleUpdateCell(loss_scale_value=2**12, scale_factor=2, scale_window=3)
    train = FinetuneCell(net, nn.AdamWeightDecay(net.trainable_params(), 0.02), update)
    x, y = batch()
    mask = Tensor((normal(16) > -0.5).astype("float32"))
    for _ in STEPS:
        loss, _, scale = train(x, y, mask)
        yield loss, scale


class LinearNet(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(1, 1, Normal(0.02), Normal(0.02))

    def construct(self, x):
        return self.fc(x)


@program
def linear_regression():
    net = fill(LinearNet())
    model = nn.TrainOneStepCell(nn.WithLossCell(net, nn.loss.MSELoss()), nn.Momentum(net.trainable_params(), 0.05, 0.9))
    x = normal(32, 1)
    for step in STEPS:
        data = x + 0.01 * step
        yield model(Tensor(data), ms.Tensor(2.0 * data + 3.0))
