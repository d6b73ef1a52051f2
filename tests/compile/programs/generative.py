"""Networks that generate: several optimizers, noise, penalties on gradients."""

from itertools import pairwise

import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, ops

from programs import STEPS, fill, normal, program


def mlp(*sizes, seed=0):
    layers = []
    for n_in, n_out in pairwise(sizes[:-1]):
        layers += [nn.Dense(n_in, n_out), nn.LeakyReLU(0.2)]
    return fill(nn.SequentialCell([*layers, nn.Dense(*sizes[-2:])]), seed)


@program(falls=False)
def gan():
    generator, discriminator = mlp(4, 8, 2), mlp(2, 8, 1, seed=1)
    adversarial_loss = nn.BCEWithLogitsLoss()
    optimizer_g = nn.Adam(generator.trainable_params(), learning_rate=0.01, beta1=0.5)
    optimizer_d = nn.Adam(discriminator.trainable_params(), learning_rate=0.01, beta1=0.5)
    optimizer_g.update_parameters_name("optim_g.")
    optimizer_d.update_parameters_name("optim_d.")

    def generator_forward(z, valid):
        fake = generator(z)
        return adversarial_loss(discriminator(fake), valid), fake

    def discriminator_forward(real, fake, valid, invalid):
        real_loss = adversarial_loss(discriminator(real), valid)
        fake_loss = adversarial_loss(discriminator(ops.stop_gradient(fake)), invalid)
        return (real_loss + fake_loss) / 2

    grad_generator = ms.value_and_grad(generator_forward, None, optimizer_g.parameters, has_aux=True)
    grad_discriminator = ms.value_and_grad(discriminator_forward, None, optimizer_d.parameters)

    def train_step(real, z):
        valid = ops.ones((real.shape[0], 1), ms.float32)
        invalid = ops.zeros((real.shape[0], 1), ms.float32)
        (g_loss, fake), g_grads = grad_generator(z, valid)
        optimizer_g(g_grads)
        d_loss, d_grads = grad_discriminator(real, fake, valid, invalid)
        optimizer_d(d_grads)
        return g_loss, d_loss

    real = Tensor(normal(8, 2) + 2)
    for _ in STEPS:
        z = Tensor(np.random.normal(size=(8, 4)).astype(np.float32))
        yield train_step(real, z)


@program(falls=False)
def gan_with_gradient_penalty():
    generator, critic = mlp(4, 8, 2), mlp(2, 8, 1, seed=1)
    optimizer_g = nn.RMSProp(generator.trainable_params(), 0.01)
    optimizer_c = nn.RMSProp(critic.trainable_params(), 0.01)

    def score(x):
        return critic(x).sum()

    input_gradient = ms.grad(score)

    def critic_loss(real, fake, mix):
        between = mix * real + (1 - mix) * fake
        slope = ops.sqrt(ops.square(input_gradient(between)).sum(1) + 1e-12)
        return critic(fake).mean() - critic(real).mean() + 10.0 * ops.square(slope - 1).mean()

    def generator_loss(z):
        return -critic(generator(z)).mean()

    grad_c = ms.value_and_grad(critic_loss, None, critic.trainable_params())
    grad_g = ms.value_and_grad(generator_loss, None, generator.trainable_params())
    real = Tensor(normal(8, 2) + 2)
    for step in STEPS:
        z = Tensor(normal(8, 4, seed=step))
        loss_c, grads = grad_c(real, generator(z), Tensor(np.random.rand(8, 1).astype(np.float32)))
        optimizer_c(grads)
        loss_g, grads = grad_g(z)
        optimizer_g(grads)
        yield loss_c, loss_g


class VAE(nn.Cell):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Dense(16, 8, activation="relu")
        self.mean, self.log_var = nn.Dense(8, 2), nn.Dense(8, 2)
        self.decoder = nn.SequentialCell(nn.Dense(2, 8), nn.ReLU(), nn.Dense(8, 16))

    def construct(self, x):
        hidden = self.encoder(x)
        mean, log_var = self.mean(hidden), self.log_var(hidden)
        z = mean + ops.exp(0.5 * log_var) * ops.standard_normal(mean.shape)
        return self.decoder(z), mean, log_var


@program(draws=True)
def vae():
    net = fill(VAE())
    optimizer = nn.Adam(net.trainable_params(), 0.02)

    def forward(x):
        reconstructed, mean, log_var = net(x)
        kl = -0.5 * (1 + log_var - ops.square(mean) - ops.exp(log_var)).sum(1).mean()
        return ops.mse_loss(reconstructed, x, reduction="sum") / x.shape[0] + kl

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
    x = Tensor(normal(32, 16))
    for _ in STEPS:
        loss, grads = grad_fn(x)
        optimizer(grads)
        yield loss


class Denoiser(nn.Cell):
    def __init__(self, steps=20):
        super().__init__()
        self.time = nn.Embedding(steps, 8)
        self.first, self.last = nn.Dense(2, 8), nn.Dense(8, 2)
        betas = np.linspace(1e-3, 0.2, steps, dtype=np.float32)
        self.alphas_cumprod = Tensor(np.cumprod(1 - betas))

    def construct(self, x, t):
        return self.last(ops.silu(self.first(x) + self.time(t)))


@program(falls=False)
def diffusion():
    net = fill(Denoiser())
    optimizer = nn.AdamWeightDecay(net.trainable_params(), 0.01)

    def forward(x, t, noise):
        kept = net.alphas_cumprod[t].reshape(-1, 1)
        noisy = ops.sqrt(kept) * x + ops.sqrt(1 - kept) * noise
        return ops.mse_loss(net(noisy, t), noise)

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
    x = Tensor(normal(16, 2))
    for _ in STEPS:
        t = Tensor(np.random.randint(0, 20, 16).astype(np.int32))
        loss, grads = grad_fn(x, t, Tensor(np.random.randn(16, 2).astype(np.float32)))
        optimizer(grads)
        yield loss


@program
def normalizing_flow():
    """Coupling layers, whose determinants are known."""
    nets = [mlp(1, 8, 2, seed=i) for i in range(2)]
    model = nn.CellList(nets)
    optimizer = nn.Adam(model.trainable_params(), 0.01)

    def negative_log_likelihood(x):
        a, b, log_det = x[:, :1], x[:, 1:], 0.0
        for net in model:
            scale, shift = ops.split(net(a), 1, axis=1)
            scale = ops.tanh(scale)
            a, b = b * ops.exp(scale) + shift, a
            log_det = log_det + scale.sum(1)
        return (0.5 * (ops.square(a) + ops.square(b)).sum(1) - log_det).mean()

    grad_fn = ms.value_and_grad(negative_log_likelihood, None, optimizer.parameters)
    x = Tensor(normal(16, 2) * 2 + 1)
    for _ in STEPS:
        loss, grads = grad_fn(x)
        optimizer(grads)
        yield loss
