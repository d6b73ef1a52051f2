"""A Fourier neural operator for the heat equation, its transform by matrices; relative errors, train and test loops."""

import argparse
from dataclasses import dataclass

import mindspore as ms
import numpy as np
from mindspore import Parameter, Tensor, nn, ops
from mindspore.common.initializer import Uniform, initializer
from mindspore.dataset import NumpySlicesDataset

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
parser.add_argument("--jit", action="store_true")
args = parser.parse_args()


@dataclass(frozen=True)
class Config:
    modes: int = 8
    width: int = 16
    depth: int = 3
    points: int = 64
    batch: int = 16


class SpectralConv(nn.Cell):
    def __init__(self, config):
        super().__init__()
        k, x = np.arange(config.modes)[:, None], np.arange(config.points)[None]
        angle, weight = 2 * np.pi * k * x / config.points, np.where(np.arange(config.modes) == 0, 1, 2)[:, None]
        self.cos, self.sin = Tensor(np.cos(angle).T, ms.float32), Tensor(-np.sin(angle).T, ms.float32)
        self.inverse_cos = Tensor(weight * np.cos(angle) / config.points, ms.float32)
        self.inverse_sin = Tensor(-weight * np.sin(angle) / config.points, ms.float32)
        shape = (config.width, config.width, config.modes)
        self.real = Parameter(initializer(Uniform(0.05), shape, ms.float32), name="real")
        self.imag = Parameter(Tensor(np.random.RandomState(0).normal(size=shape) * 0.05, ms.float32), name="imag")

    def multiplied(self, x, w):
        return (x.expand_dims(2) * w.expand_dims(0)).sum(1)

    def construct(self, x):
        a, b = ops.matmul(x, self.cos), ops.matmul(x, self.sin)
        real = self.multiplied(a, self.real) - self.multiplied(b, self.imag)
        imag = self.multiplied(a, self.imag) + self.multiplied(b, self.real)
        return ops.matmul(real, self.inverse_cos) + ops.matmul(imag, self.inverse_sin)


class FNO(nn.Cell):
    def __init__(self, config):
        super().__init__()
        self.lift = nn.Dense(2, config.width)
        self.spectral = nn.CellList([SpectralConv(config) for _ in range(config.depth)])
        self.skips = nn.CellList([nn.Conv1d(config.width, config.width, 1, has_bias=True) for _ in range(config.depth)])
        self.project = nn.SequentialCell(nn.Dense(config.width, 64), nn.GELU(False), nn.Dense(64, 1))
        grid = np.linspace(0, 1, config.points, endpoint=False).reshape(1, -1, 1)
        self.grid = Tensor(grid, ms.float32)

    def construct(self, u):
        grid = self.grid.broadcast_to((u.shape[0], -1, -1))
        h = self.lift(ops.cat((u, grid), -1)).permute(0, 2, 1)
        for i, (spectral, skip) in enumerate(zip(self.spectral, self.skips)):
            h = spectral(h) + skip(h)
            if i < len(self.spectral) - 1:
                h = ops.gelu(h)
        return self.project(h.permute(0, 2, 1))


class RelativeLoss(nn.LossBase):
    def construct(self, prediction, label):
        prediction, label = prediction.reshape(prediction.shape[0], -1), label.reshape(label.shape[0], -1)
        return self.get_loss(ops.norm(prediction - label, dim=1) / ops.norm(label, dim=1))


def heat(count, config, seed, time=0.01):
    random = np.random.RandomState(seed)
    u = np.zeros((count, config.points))
    x = np.arange(config.points) / config.points
    for k in range(1, 7):
        a, b = random.normal(size=(2, count, 1)) / k
        u += a * np.cos(2 * np.pi * k * x) + b * np.sin(2 * np.pi * k * x)
    spectrum = np.fft.rfft(u) * np.exp(-time * (2 * np.pi * np.arange(config.points // 2 + 1)) ** 2)
    columns = [column[..., None].astype(np.float32) for column in (u, np.fft.irfft(spectrum))]
    return NumpySlicesDataset(tuple(columns), ["input", "label"], shuffle=False).batch(config.batch)


config = Config()
model, loss_fn = FNO(config), RelativeLoss()
optimizer = nn.AdamWeightDecay(model.trainable_params(), learning_rate=4e-3, weight_decay=1e-4)


def forward_fn(data, label):
    return loss_fn(model(data), label)


grad_fn = ms.value_and_grad(forward_fn, None, optimizer.parameters, has_aux=False)


def train_step(data, label):
    loss, grads = grad_fn(data, label)
    loss = ops.depend(loss, optimizer(grads))
    return loss


if args.jit:
    train_step = ms.jit(train_step)
train, test = heat(config.batch * max(args.steps // 2, 1), config, 0), heat(32, config, 1)
for epoch in range(2):
    model.set_train(True)
    for data, label in train.create_tuple_iterator():
        print(f"epoch: {epoch} step loss: {train_step(data, label).asnumpy():.6f}")
    model.set_train(False)
    errors = [loss_fn(model(data), label).asnumpy() for data, label in test.create_tuple_iterator()]
    print(f"error on {test.get_dataset_size() * config.batch} others: {np.mean(errors):.5f}")
