"""Mixed precision: O0, O2 and O3 by auto_mixed_precision, a dynamic scaler that meets an overflow, all in float16."""

import argparse

import mindspore as ms
import numpy as np
from mindspore import Tensor, amp, nn, ops

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
parser.add_argument("--jit", action="store_true")
args = parser.parse_args()


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, stride=2)
        self.norm = nn.BatchNorm2d(16)
        self.dense1 = nn.Dense(16 * 8 * 8, 128, activation="relu")
        self.layer_norm = nn.LayerNorm((128,))
        self.dense2 = nn.Dense(128, 10)

    def construct(self, x):
        x = ops.relu(self.norm(self.conv(x)))
        x = self.layer_norm(self.dense1(x.reshape(x.shape[0], -1)))
        return self.dense2(x)


def batches():
    random = np.random.RandomState(0)
    for step in range(args.steps):
        label = random.randint(0, 10, 32)
        image = random.normal(size=(32, 3, 16, 16)).astype(np.float32)
        image[np.arange(32), 0, label] += 2
        if step == 3:
            image[0, 0, 0, 0] = 6e4  # too large for the gradients in float16
        yield Tensor(image), Tensor(label.astype(np.int32))


def train(level, scaler):
    print("level", level)
    net = amp.auto_mixed_precision(Net(), level)
    optimizer = nn.Adam(net.trainable_params(), 1e-3, weight_decay=1e-4)
    loss_fn = nn.CrossEntropyLoss()

    def forward_fn(data, label):
        logits = net(data)
        loss = loss_fn(logits.astype(ms.float32), label)
        return scaler.scale(loss), logits

    grad_fn = ms.value_and_grad(forward_fn, None, optimizer.parameters, has_aux=True)

    def train_step(data, label):
        (loss, logits), grads = grad_fn(data, label)
        grads = scaler.unscale(grads)
        is_finite = amp.all_finite(grads)
        if is_finite:
            optimizer(grads)
        scaler.adjust(is_finite)
        return scaler.unscale(loss), is_finite, logits

    if args.jit:
        train_step = ms.jit(train_step)
    net.set_train()
    for step, (data, label) in enumerate(batches()):
        loss, finite, logits = train_step(data, label)
        print(
            f"step {step} loss {float(loss):.4f} finite {bool(finite)} scale {scaler.scale_value.asnumpy():.0f}",
            logits.dtype,
        )
    kinds = {str(param.dtype) for param in net.get_parameters()}
    print(sorted(kinds), int(optimizer.global_step.asnumpy()[0]))


train("O2", amp.DynamicLossScaler(scale_value=2**12, scale_factor=2, scale_window=3))
train("O3", amp.StaticLossScaler(scale_value=2**6))
train("O0", amp.DynamicLossScaler(scale_value=2**10, scale_factor=2, scale_window=3))
