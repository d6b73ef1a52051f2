"""Denoising diffusion: a network that knows the time, gradients added up over two batches, sampling backwards."""

import argparse
import math

import mindspore as ms
import numpy as np
from mindspore import Parameter, Tensor, nn, ops

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
parser.add_argument("--jit", action="store_true")
args = parser.parse_args()
TIMES, SIDE = 50, 16


def linear_beta_schedule(timesteps):
    return np.linspace(0.0005, 0.1, timesteps).astype(np.float32)


betas = linear_beta_schedule(TIMES)
alphas = 1.0 - betas
alphas_cumprod = np.cumprod(alphas, axis=0)
sqrt_alphas_cumprod = Tensor(np.sqrt(alphas_cumprod))
sqrt_one_minus_alphas_cumprod = Tensor(np.sqrt(1.0 - alphas_cumprod))


class SinusoidalPositionEmbeddings(nn.Cell):
    def __init__(self, dim):
        super().__init__()
        half_dim = dim // 2
        self.emb = Tensor(np.exp(np.arange(half_dim) * -math.log(10000) / (half_dim - 1)), ms.float32)

    def construct(self, time):
        emb = time.astype(ms.float32).expand_dims(1) * self.emb.expand_dims(0)
        return ops.concat((emb.sin(), emb.cos()), axis=-1)


class ResnetBlock(nn.Cell):
    def __init__(self, dim, dim_out, time_emb_dim, groups=4):
        super().__init__()
        self.mlp = nn.SequentialCell(nn.SiLU(), nn.Dense(time_emb_dim, dim_out))
        self.proj1 = nn.Conv2d(dim, dim_out, 3, padding=1, pad_mode="pad", has_bias=True)
        self.proj2 = nn.Conv2d(dim_out, dim_out, 3, padding=1, pad_mode="pad", has_bias=True)
        self.norm1, self.norm2 = nn.GroupNorm(groups, dim_out), nn.GroupNorm(groups, dim_out)
        self.act = nn.SiLU()
        self.res_conv = nn.Conv2d(dim, dim_out, 1, has_bias=True) if dim != dim_out else nn.Identity()

    def construct(self, x, time_emb):
        h = self.act(self.norm1(self.proj1(x)))
        h = h + self.mlp(time_emb).expand_dims(-1).expand_dims(-1)
        return self.act(self.norm2(self.proj2(h))) + self.res_conv(x)


class UNet(nn.Cell):
    def __init__(self, dim=8):
        super().__init__()
        self.time_mlp = nn.SequentialCell(SinusoidalPositionEmbeddings(dim), nn.Dense(dim, 4 * dim), nn.GELU())
        self.init_conv = nn.Conv2d(1, dim, 7, padding=3, pad_mode="pad", has_bias=True)
        self.downs = nn.CellList([ResnetBlock(dim, dim, 4 * dim), ResnetBlock(dim, 2 * dim, 4 * dim)])
        self.mid = ResnetBlock(2 * dim, 2 * dim, 4 * dim)
        self.ups = nn.CellList([ResnetBlock(4 * dim, dim, 4 * dim), ResnetBlock(2 * dim, dim, 4 * dim)])
        self.final_conv = nn.Conv2d(dim, 1, 1, has_bias=True)

    def construct(self, x, time):
        t, x, kept = self.time_mlp(time), self.init_conv(x), ()
        for down in self.downs:
            x = down(x, t)
            kept += (x,)
            x = ops.avg_pool2d(x, 2, 2)
        x = self.mid(x, t)
        for i, up in enumerate(self.ups):
            x = ops.interpolate(x, size=(2 * x.shape[2], 2 * x.shape[3]), mode="nearest")
            x = up(ops.cat((x, kept[-1 - i]), axis=1), t)
        return self.final_conv(x)


net = UNet()


def extract(a, t):
    return ops.gather(a, t, 0).reshape(t.shape[0], 1, 1, 1)


def forward_fn(data, t, noise):
    noisy = extract(sqrt_alphas_cumprod, t) * data + extract(sqrt_one_minus_alphas_cumprod, t) * noise
    return ops.smooth_l1_loss(net(noisy, t), noise, reduction="mean")


optimizer = nn.AdamWeightDecay(net.trainable_params(), learning_rate=2e-3, weight_decay=0.01)
grad_fn = ms.value_and_grad(forward_fn, None, optimizer.parameters)


class Accumulator:
    """Adds gradients up, and takes a step after every `every` batches."""

    def __init__(self, optimizer, every):
        self.optimizer, self.every = optimizer, every
        self.inner_grads = optimizer.parameters.clone(prefix="accumulate_", init="zeros")
        self.counter = Parameter(Tensor(0, ms.int32), name="counter")

    def __call__(self, grads):
        for inner, grad in zip(self.inner_grads, grads):
            ops.assign_add(inner, grad / self.every)
        ops.assign_add(self.counter, Tensor(1, ms.int32))
        if self.counter % self.every == 0:
            self.optimizer(self.inner_grads)
            for inner in self.inner_grads:
                ops.assign(inner, ops.zeros_like(inner))
        return True


accumulator = Accumulator(optimizer, 2)


def train_step(data, t, noise):
    loss, grads = grad_fn(data, t, noise)
    return ops.depend(loss, accumulator(grads))


if args.jit:
    train_step = ms.jit(train_step)
random = np.random.RandomState(0)
net.set_train()
for step in range(args.steps):
    data = np.where(random.uniform(size=(16, 1, 4, 4)) < 0.5, -1, 1).repeat(4, 2).repeat(4, 3)
    t = Tensor(random.randint(0, TIMES, 16), ms.int32)
    loss = train_step(Tensor(data, ms.float32), t, Tensor(random.normal(size=data.shape), ms.float32))
    print(f"step: {step} Loss: {loss.asnumpy():.5f}")

net.set_train(False)
image = Tensor(random.normal(size=(2, 1, SIDE, SIDE)), ms.float32)
for i in reversed(range(TIMES - 5, TIMES)):
    noise = net(image, Tensor([i] * 2, ms.int32))
    image = (image - float(betas[i] / np.sqrt(1 - alphas_cumprod[i])) * noise) / float(np.sqrt(alphas[i]))
    image = image + float(np.sqrt(betas[i])) * Tensor(random.normal(size=image.shape), ms.float32)
print(image.shape, f"{image.std().asnumpy():.4f}")
