"""A convolutional GAN: two training cells with GradOperation, noise from numpy, Adam with beta1 of 0.5."""

import argparse

import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, ops

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=6)
args = parser.parse_args()
LATENT, WIDTH, BATCH = 32, 8, 16
weight_init, gamma_init = (
    ms.common.initializer.Normal(mean=0, sigma=0.02),
    ms.common.initializer.Normal(mean=1, sigma=0.02),
)


def conv_t(inputs, outputs, stride=2, padding=1):
    return nn.Conv2dTranspose(inputs, outputs, 4, stride, pad_mode="pad", padding=padding, weight_init=weight_init)


def conv(inputs, outputs, stride=2, padding=1):
    return nn.Conv2d(inputs, outputs, 4, stride, pad_mode="pad", padding=padding, weight_init=weight_init)


class Generator(nn.Cell):
    def __init__(self):
        super(Generator, self).__init__()
        self.generator = nn.SequentialCell(
            conv_t(LATENT, WIDTH * 4, 1, 0),
            nn.BatchNorm2d(WIDTH * 4, gamma_init=gamma_init),
            nn.ReLU(),
            conv_t(WIDTH * 4, WIDTH * 2),
            nn.BatchNorm2d(WIDTH * 2, gamma_init=gamma_init),
            nn.ReLU(),
            conv_t(WIDTH * 2, WIDTH),
            nn.BatchNorm2d(WIDTH, gamma_init=gamma_init),
            nn.ReLU(),
            conv_t(WIDTH, 1),
            nn.Tanh(),
        )

    def construct(self, x):
        return self.generator(x)


class Discriminator(nn.Cell):
    def __init__(self):
        super(Discriminator, self).__init__()
        self.discriminator = nn.SequentialCell(
            conv(1, WIDTH),
            nn.LeakyReLU(0.2),
            conv(WIDTH, WIDTH * 2),
            nn.BatchNorm2d(WIDTH * 2, gamma_init=gamma_init),
            nn.LeakyReLU(0.2),
            conv(WIDTH * 2, WIDTH * 4),
            nn.BatchNorm2d(WIDTH * 4, gamma_init=gamma_init),
            nn.LeakyReLU(0.2),
            conv(WIDTH * 4, 1, 1, 0),
        )
        self.adv_layer = nn.Sigmoid()

    def construct(self, x):
        out = self.discriminator(x)
        return self.adv_layer(out.reshape(out.shape[0], -1))


class WithLossD(nn.Cell):
    def __init__(self, netD, netG, loss_fn):
        super(WithLossD, self).__init__(auto_prefix=True)
        self.netD, self.netG, self.loss_fn = netD, netG, loss_fn

    def construct(self, real_data, latent_code):
        real = self.netD(real_data)
        fake = self.netD(ops.stop_gradient(self.netG(latent_code)))
        return self.loss_fn(real, ops.ones_like(real)) + self.loss_fn(fake, ops.zeros_like(fake))


class WithLossG(nn.Cell):
    def __init__(self, netD, netG, loss_fn):
        super(WithLossG, self).__init__(auto_prefix=True)
        self.netD, self.netG, self.loss_fn = netD, netG, loss_fn

    def construct(self, latent_code):
        fake = self.netD(self.netG(latent_code))
        return self.loss_fn(fake, ops.ones_like(fake))


class GAN(nn.Cell):
    """One step of both."""

    def __init__(self, train_d, train_g, optimizer_d, optimizer_g):
        super(GAN, self).__init__(auto_prefix=True)
        self.train_d, self.train_g = train_d, train_g
        self.optimizer_d, self.optimizer_g = optimizer_d, optimizer_g
        self.weights_d, self.weights_g = optimizer_d.parameters, optimizer_g.parameters
        self.grad = ops.GradOperation(get_by_list=True)

    def construct(self, real_data, latent_code):
        loss_d = self.train_d(real_data, latent_code)
        grads_d = self.grad(self.train_d, self.weights_d)(real_data, latent_code)
        loss_d = ops.depend(loss_d, self.optimizer_d(grads_d))
        loss_g = self.train_g(latent_code)
        grads_g = self.grad(self.train_g, self.weights_g)(latent_code)
        loss_g = ops.depend(loss_g, self.optimizer_g(grads_g))
        return loss_d, loss_g


def pictures(random):
    image = np.full((BATCH, 1, 32, 32), -1.0)
    for one in image:
        row, column = random.randint(4, 20, 2)
        one[0, row : row + 8, column : column + 8] = 1
    return Tensor(image, ms.float32)


netG, netD = Generator(), Discriminator()
loss = nn.BCELoss(reduction="mean")
optimizerD = nn.Adam(netD.trainable_params(), learning_rate=2e-4, beta1=0.5)
optimizerG = nn.Adam(netG.trainable_params(), learning_rate=2e-4, beta1=0.5)
optimizerG.update_parameters_name("optim_g.")
optimizerD.update_parameters_name("optim_d.")
dcgan = GAN(WithLossD(netD, netG, loss), WithLossG(netD, netG, loss), optimizerD, optimizerG)
dcgan.set_train()
random = np.random.RandomState(0)
for step in range(args.steps):
    latent = Tensor(random.normal(size=(BATCH, LATENT, 1, 1)), dtype=ms.float32)
    d, g = dcgan(pictures(random), latent)
    print(f"step [{step + 1}/{args.steps}] Loss_D:{d.asnumpy():6.4f} Loss_G:{g.asnumpy():6.4f}")
image = netG(latent).asnumpy()
print(image.shape, f"{image.mean():.4f}", sorted(p.name for p in dcgan.get_parameters() if "optim_" in p.name)[:2])
