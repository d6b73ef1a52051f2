"""A variational autoencoder: noise as an input, the loss in a cell, Model with a cell that already has its loss."""

import argparse

import mindspore as ms
import numpy as np
from mindspore import Model, Tensor, nn, ops
from mindspore.dataset import GeneratorDataset
from mindspore.train import History, LossMonitor

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
args = parser.parse_args()
BATCHES, BATCH, SIDE, LATENT = max(args.steps // 2, 1), 32, 16, 8


class Encoder(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Dense(SIDE * SIDE, 128, activation="relu")
        self.mean, self.log_var = nn.Dense(128, LATENT), nn.Dense(128, LATENT)

    def construct(self, x):
        hidden = self.fc1(ops.flatten(x))
        return self.mean(hidden), self.log_var(hidden)


class Decoder(nn.Cell):
    def __init__(self):
        super().__init__()
        self.layers = nn.SequentialCell(nn.Dense(LATENT, 128), nn.ELU(), nn.Dense(128, SIDE * SIDE))

    def construct(self, z):
        return self.layers(z)


class VAE(nn.Cell):
    def __init__(self, beta=0.5):
        super().__init__()
        self.encoder, self.decoder, self.beta = Encoder(), Decoder(), beta

    def construct(self, image, noise):
        mean, log_var = self.encoder(image)
        z = mean + ops.exp(0.5 * log_var) * noise
        logits = self.decoder(z)
        target = image.view(image.shape[0], -1)
        reconstruction = ops.binary_cross_entropy_with_logits(
            logits, target, ops.ones_like(target), ops.ones_like(target), reduction="sum"
        )
        divergence = -0.5 * ops.sum(1 + log_var - mean.pow(2) - log_var.exp())
        return (reconstruction + self.beta * divergence) / image.shape[0]


def rows(count, seed):
    random = np.random.RandomState(seed)
    y, x = np.mgrid[:SIDE, :SIDE]
    for _ in range(count):
        cx, cy = random.uniform(4, 12, 2)
        image = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 6)
        yield image[None].astype(np.float32), random.normal(size=LATENT).astype(np.float32)


dataset = GeneratorDataset(lambda: rows(BATCHES * BATCH, 0), ["image", "noise"])
dataset = dataset.batch(BATCH, drop_remainder=True)
vae = VAE()
print(sum(p.size for p in vae.trainable_params()), "weights")
lr = nn.cosine_decay_lr(1e-4, 2e-3, 2 * BATCHES, BATCHES, 2)
optimizer = nn.RMSProp(vae.trainable_params(), learning_rate=lr, decay=0.9)
history = History()
model = Model(vae, loss_fn=None, optimizer=optimizer)
model.train(2, dataset, callbacks=[LossMonitor(per_print_times=1), history])
print(
    {name: [round(float(np.asarray(v)), 3) for v in values] for name, values in history.epoch.items()}
    if isinstance(history.epoch, dict)
    else history.epoch
)
vae.set_train(False)
codes = Tensor(np.random.RandomState(1).normal(size=(4, LATENT)), ms.float32)
pictures = ops.sigmoid(vae.decoder(codes)).reshape(-1, SIDE, SIDE)
print(pictures.shape, " ".join(f"{value:.4f}" for value in pictures.mean((1, 2)).asnumpy()))
