"""A small U-Net: a loss and a metric of one's own, Model.fit with evaluation, the best weights kept."""

import argparse

import mindspore.dataset as ds
import numpy as np
from mindspore import Tensor, nn, ops
from mindspore.train import Callback, LossMonitor, Metric, Model, rearrange_inputs

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=6)
args = parser.parse_args()
BATCHES = max(args.steps // 2, 1)


class DoubleConv(nn.Cell):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.double_conv = nn.SequentialCell(
            nn.Conv2d(inputs, outputs, 3, has_bias=False),
            nn.BatchNorm2d(outputs),
            nn.LeakyReLU(),
            nn.Conv2d(outputs, outputs, 3, has_bias=False),
            nn.BatchNorm2d(outputs),
            nn.LeakyReLU(),
        )

    def construct(self, x):
        return self.double_conv(x)


class Up(nn.Cell):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.up = nn.Conv2dTranspose(inputs, outputs, kernel_size=2, stride=2)
        self.concat = ops.Concat(axis=1)
        self.conv = DoubleConv(2 * outputs, outputs)

    def construct(self, x1, x2):
        return self.conv(self.concat((self.up(x1), x2)))


class UNet(nn.Cell):
    def __init__(self, channels=1, classes=2, width=8):
        super().__init__()
        self.inc = DoubleConv(channels, width)
        self.down1, self.down2 = DoubleConv(width, 2 * width), DoubleConv(2 * width, 4 * width)
        self.pool = nn.MaxPool2d(2, 2)
        self.up1, self.up2 = Up(4 * width, 2 * width), Up(2 * width, width)
        self.outc = nn.Conv2d(width, classes, 1, has_bias=True)

    def construct(self, x):
        x1 = self.inc(x)
        x2 = self.down1(self.pool(x1))
        x3 = self.down2(self.pool(x2))
        return self.outc(self.up2(self.up1(x3, x2), x1))


class CrossEntropyAndDice(nn.LossBase):
    def __init__(self, smooth=1.0):
        super().__init__("mean")
        self.ce, self.smooth = nn.CrossEntropyLoss(), smooth

    def construct(self, logits, mask):
        probability = ops.softmax(logits, 1)[:, 1]
        wanted = mask.astype(logits.dtype)
        shared = (probability * wanted).sum((1, 2))
        dice = (2 * shared + self.smooth) / (probability.sum((1, 2)) + wanted.sum((1, 2)) + self.smooth)
        return self.ce(logits, mask) + self.get_loss(1 - dice)


class DiceScore(Metric):
    def __init__(self):
        super().__init__()
        self.clear()

    def clear(self):
        self._shared, self._all = 0, 0

    @rearrange_inputs
    def update(self, *inputs):
        predicted = self._convert_data(inputs[0]).argmax(1)
        mask = self._convert_data(inputs[1])
        self._shared += int((predicted * mask).sum())
        self._all += int(predicted.sum() + mask.sum())

    def eval(self):
        if self._all == 0:
            raise RuntimeError("nothing to judge")
        return 2 * self._shared / self._all


class Best(Callback):
    def __init__(self):
        self.best, self.weights = -1.0, None

    def on_eval_end(self, run_context):
        params = run_context.original_args()
        score = params.metrics["dice"]
        if score > self.best:
            self.best = score
            self.weights = [param.asnumpy().copy() for param in params.eval_network.trainable_params()]
        print(f"dice {score:.4f}, best {self.best:.4f}")


def disks(count, seed):
    random = np.random.RandomState(seed)
    y, x = np.mgrid[:32, :32]
    for _ in range(count):
        cx, cy, r = random.uniform(8, 24), random.uniform(8, 24), random.uniform(4, 9)
        mask = ((x - cx) ** 2 + (y - cy) ** 2 < r * r).astype(np.int32)
        image = mask + random.normal(size=mask.shape) * 0.4
        yield image[None].astype(np.float32), mask


def dataset(count, seed):
    columns = [np.stack(column) for column in zip(*disks(count, seed))]
    return ds.NumpySlicesDataset(tuple(columns), column_names=["image", "mask"], shuffle=False).batch(4)


net = UNet()
optimizer = nn.Adam(params=net.trainable_params(), learning_rate=3e-3, weight_decay=5e-4)
model = Model(net, CrossEntropyAndDice(), optimizer, metrics={"dice": DiceScore()})
best = Best()
model.fit(2, dataset(4 * BATCHES, 0), dataset(8, 1), callbacks=[LossMonitor(), best], dataset_sink_mode=False)
for param, value in zip(net.trainable_params(), best.weights):
    param.set_data(Tensor(value))
print(model.eval(dataset(8, 1), dataset_sink_mode=False)["dice"] == best.best)
