"""A residual network as model zoos train it: own training cell, loss scale, rates in a list, groups without decay."""

import argparse
import math

import mindspore as ms
import mindspore.nn as nn
import numpy as np
from mindspore import Tensor, context
from mindspore.common import initializer as weight_init
from mindspore.dataset import GeneratorDataset
from mindspore.nn.loss.loss import LossBase
from mindspore.ops import composite as C
from mindspore.ops import functional as F
from mindspore.ops import operations as P
from mindspore.train.callback import LossMonitor
from mindspore.train.loss_scale_manager import FixedLossScaleManager
from mindspore.train.model import Model

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
args = parser.parse_args()
context.set_context(device_target="CPU")
BATCHES, CLASSES = max(args.steps // 2, 1), 10


def conv(inputs, outputs, kernel, stride=1):
    return nn.Conv2d(inputs, outputs, kernel_size=kernel, stride=stride, padding=0, pad_mode="same")


class ResidualBlock(nn.Cell):
    def __init__(self, inputs, outputs, stride=1):
        super(ResidualBlock, self).__init__()
        self.conv1, self.bn1 = conv(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs, eps=1e-4, momentum=0.9)
        self.conv2, self.bn2 = conv(outputs, outputs, 3), nn.BatchNorm2d(outputs, eps=1e-4, momentum=0.9, gamma_init=0)
        self.relu, self.add = nn.ReLU(), P.Add()
        self.down_sample = stride != 1 or inputs != outputs
        self.down_sample_layer = None
        if self.down_sample:
            self.down_sample_layer = nn.SequentialCell([conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs)])

    def construct(self, x):
        identity = x
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.down_sample:
            identity = self.down_sample_layer(identity)
        return self.relu(self.add(out, identity))


class ResNet(nn.Cell):
    def __init__(self, layers, channels):
        super(ResNet, self).__init__()
        self.conv1, self.bn1, self.relu = conv(3, channels[0], 3), nn.BatchNorm2d(channels[0]), P.ReLU()
        blocks = []
        for i, (count, width) in enumerate(zip(layers, channels)):
            for j in range(count):
                inputs = width if j else channels[max(i - 1, 0)]
                blocks.append(ResidualBlock(inputs, width, stride=2 if i and not j else 1))
        self.layers = nn.SequentialCell(blocks)
        self.mean, self.flatten = P.ReduceMean(keep_dims=True), nn.Flatten()
        self.end_point = nn.Dense(channels[-1], CLASSES, weight_init=weight_init.HeUniform(negative_slope=math.sqrt(5)))

    def construct(self, x):
        x = self.layers(self.relu(self.bn1(self.conv1(x))))
        return self.end_point(self.flatten(self.mean(x, (2, 3))))


class CrossEntropySmooth(LossBase):
    def __init__(self, smooth_factor, num_classes):
        super(CrossEntropySmooth, self).__init__()
        self.onehot = P.OneHot()
        self.on_value = Tensor(1.0 - smooth_factor, ms.float32)
        self.off_value = Tensor(1.0 * smooth_factor / (num_classes - 1), ms.float32)
        self.ce = nn.SoftmaxCrossEntropyWithLogits(reduction="mean")

    def construct(self, logit, label):
        return self.ce(logit, self.onehot(label, F.shape(logit)[1], self.on_value, self.off_value))


class TrainOneStepWithClip(nn.TrainOneStepCell):
    """Gradients of the scaled loss, clipped by their common norm."""

    def __init__(self, network, optimizer, sens):
        super().__init__(network, optimizer, sens)
        self.scale = Tensor(1.0 / sens, ms.float32)
        self.hyper_map = C.HyperMap()

    def construct(self, *inputs):
        loss = self.network(*inputs)
        sens = P.Fill()(P.DType()(loss), P.Shape()(loss), self.sens)
        grads = self.grad(self.network, self.weights)(*inputs, sens)
        grads = self.grad_reducer(grads)
        grads = self.hyper_map(F.partial(unscale, self.scale), grads)
        grads = C.clip_by_global_norm(grads, 5.0)
        return F.depend(loss, self.optimizer(grads))


unscale = C.MultitypeFuncGraph("unscale")


@unscale.register("Tensor", "Tensor")
def _unscale(scale, grad):
    return grad * F.cast(scale, F.dtype(grad))


def get_lr(lr_max, total_steps, warmup_steps):
    rates = []
    for i in range(total_steps):
        if i < warmup_steps:
            rates.append(lr_max * (i + 1) / warmup_steps)
        else:
            rates.append(lr_max * 0.5 * (1 + math.cos(math.pi * (i - warmup_steps) / (total_steps - warmup_steps))))
    return np.array(rates).astype(np.float32)


def images(count, seed):
    random = np.random.RandomState(seed)
    for _ in range(count):
        label = random.randint(CLASSES)
        image = random.normal(size=(3, 32, 32)) * 0.5
        image[label % 3, 3 * label : 3 * label + 4] += 1.0
        yield image.astype(np.float32), np.int32(label)


net = ResNet([1, 1, 1], [16, 32, 64])
decayed, no_decayed = [], []
for param in net.trainable_params():
    (no_decayed if "beta" in param.name or "gamma" in param.name or "bias" in param.name else decayed).append(param)
groups = [{"params": decayed, "weight_decay": 1e-4}, {"params": no_decayed}, {"order_params": net.trainable_params()}]
lr = Tensor(get_lr(0.1, 2 * BATCHES, 3))
scale = FixedLossScaleManager(1024, drop_overflow_update=False)
opt = nn.Momentum(groups, lr, 0.9)
loss = CrossEntropySmooth(0.1, CLASSES)
step = TrainOneStepWithClip(nn.WithLossCell(net, loss), opt, scale.get_loss_scale())
model = Model(step)
data = GeneratorDataset(list(images(16 * BATCHES, 0)), ["image", "label"], shuffle=False).batch(16, drop_remainder=True)
model.train(2, data, callbacks=[LossMonitor()], dataset_sink_mode=False)
moving = net.bn1.moving_mean.asnumpy()
print(f"moving mean {np.abs(moving).mean():.5f}, variance {net.bn1.moving_variance.asnumpy().mean():.5f}")
metric = Model(net, loss, metrics={"top_1_accuracy", "top_5_accuracy"})
found = metric.eval(GeneratorDataset(list(images(32, 1)), ["image", "label"], shuffle=False).batch(16))
print({name: round(float(found[name]), 4) for name in sorted(found)})
