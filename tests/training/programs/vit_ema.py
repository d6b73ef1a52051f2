"""A vision transformer: attention by hand, AdamW with groups, warm-up and cosine, average of weights."""

import argparse
import math

import mindspore as ms
import numpy as np
from mindspore import Parameter, Tensor, nn, ops
from mindspore.common.initializer import Normal, initializer
from mindspore.nn.learning_rate_schedule import CosineDecayLR, LearningRateSchedule, WarmUpLR

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
parser.add_argument("--jit", action="store_true")
args = parser.parse_args()


class PatchEmbedding(nn.Cell):
    def __init__(self, image_size=32, patch_size=4, dim=64, channels=3):
        super().__init__()
        self.conv = nn.Conv2d(channels, dim, kernel_size=patch_size, stride=patch_size, has_bias=True)
        self.num_patches = (image_size // patch_size) ** 2

    def construct(self, x):
        x = self.conv(x)
        b, c, h, w = x.shape
        return ops.transpose(ops.reshape(x, (b, c, h * w)), (0, 2, 1))


class Attention(nn.Cell):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads, self.scale = heads, Tensor(1 / math.sqrt(dim // heads), ms.float32)
        self.qkv, self.out = nn.Dense(dim, dim * 3), nn.Dense(dim, dim)
        self.q_matmul_k, self.attn_matmul_v = ops.BatchMatMul(transpose_b=True), ops.BatchMatMul()
        self.softmax, self.unstack = nn.Softmax(axis=-1), ops.Unstack(axis=0)

    def construct(self, x):
        b, n, c = x.shape
        qkv = ops.transpose(self.qkv(x).reshape((b, n, 3, self.heads, c // self.heads)), (2, 0, 3, 1, 4))
        q, k, v = self.unstack(qkv)
        attn = self.softmax(ops.mul(self.q_matmul_k(q, k), self.scale))
        return self.out(ops.transpose(self.attn_matmul_v(attn, v), (0, 2, 1, 3)).reshape((b, n, c)))


class Block(nn.Cell):
    def __init__(self, dim, heads, mlp_dim):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm((dim,)), nn.LayerNorm((dim,))
        self.attention = Attention(dim, heads)
        self.feed_forward = nn.SequentialCell(nn.Dense(dim, mlp_dim), nn.GELU(), nn.Dense(mlp_dim, dim))

    def construct(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.feed_forward(self.norm2(x))


class ViT(nn.Cell):
    def __init__(self, dim=64, depth=3, heads=4, classes=10):
        super().__init__()
        self.patch_embedding = PatchEmbedding(dim=dim)
        tokens = self.patch_embedding.num_patches + 1
        self.cls_token = Parameter(initializer(Normal(sigma=1.0), (1, 1, dim)), name="cls")
        self.pos_embedding = Parameter(initializer(Normal(sigma=1.0), (1, tokens, dim)), name="pos")
        self.transformer = nn.CellList([Block(dim, heads, 2 * dim) for _ in range(depth)])
        self.norm, self.head = nn.LayerNorm((dim,)), nn.Dense(dim, classes)

    def construct(self, x):
        x = self.patch_embedding(x)
        cls_tokens = ops.tile(self.cls_token.astype(x.dtype), (x.shape[0], 1, 1))
        x = ops.concat((cls_tokens, x), axis=1) + self.pos_embedding
        for block in self.transformer:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


class WarmupCosine(LearningRateSchedule):
    def __init__(self, peak, warmup_steps, decay_steps):
        super().__init__()
        self.warmup_steps = warmup_steps
        self.warmup = WarmUpLR(peak, warmup_steps)
        self.cosine = CosineDecayLR(peak / 100, peak, decay_steps)

    def construct(self, global_step):
        late = ops.cast(ops.greater(global_step, self.warmup_steps), ms.float32)
        return (1 - late) * self.warmup(global_step) + late * self.cosine(global_step)


class EMA:
    """The moving average of the weights, swapped in for evaluation."""

    def __init__(self, net, decay):
        self.decay, self.params = decay, net.trainable_params()
        self.shadow = [Parameter(p.asnumpy().copy(), name=f"ema.{p.name}", requires_grad=False) for p in self.params]

    def update(self):
        for shadow, param in zip(self.shadow, self.params):
            ops.assign(shadow, shadow * self.decay + param * (1 - self.decay))

    def __enter__(self):
        self.kept = [p.value().copy() for p in self.params]
        for shadow, param in zip(self.shadow, self.params):
            param.set_data(shadow.value())

    def __exit__(self, *_):
        for kept, param in zip(self.kept, self.params):
            param.set_data(kept)


def batch(size, seed):
    random = np.random.RandomState(seed)
    label = random.randint(0, 10, size)
    image = random.normal(size=(size, 3, 32, 32)) * 0.3
    for i, kind in enumerate(label):
        image[i, kind % 3, :, 3 * kind : 3 * kind + 3] += 1
    return Tensor(image, ms.float32), Tensor(label, ms.int32)


network = ViT()
decayed = list(filter(lambda p: p.ndim > 1 and p.name not in ("cls", "pos"), network.trainable_params()))
others = [p for p in network.trainable_params() if not any(p is q for q in decayed)]
groups = [{"params": decayed, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}]
schedule = WarmupCosine(2e-3, 3, 100)
optimizer = nn.AdamWeightDecay(groups, schedule)
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
forward = nn.WithLossCell(network, criterion)
grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
ema = EMA(network, 0.8)


def train_step(image, label):
    loss, grads = grad_fn(image, label)
    optimizer(ops.clip_by_global_norm(grads, 1.0))
    return loss


if args.jit:
    train_step = ms.jit(train_step)
network.set_train()
for step in range(args.steps):
    loss = train_step(*batch(16, step))
    ema.update()
    print(f"step {step} loss {float(loss):.5f} lr {float(schedule(Tensor(step, ms.int32))):.6f}")
network.set_train(False)
test = batch(64, 1000)
print(f"test loss {float(forward(*test)):.5f}")
with ema:
    print(f"test loss of the average {float(forward(*test)):.5f}")
print(f"test loss {float(forward(*test)):.5f}")
