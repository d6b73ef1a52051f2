"""LeNet on 32 images of 32 x 32: a step of Momentum."""

from __future__ import annotations

from benchmarks.workload import Numbers, Workload, jax_training, mindspore_training, torch_leaves, torch_training
from benchmarks.workloads.mlp import momentum

KERNELS = {"k0": (6, 1, 5, 5), "k1": (16, 6, 5, 5)}
DENSE = [400, 120, 84, 10]
WEIGHTS = ["k0", "c0", "k1", "c1", "w0", "b0", "w1", "b1", "w2", "b2"]


def data():
    numbers = Numbers()
    kernels = {name: numbers.normal(*shape, scale=0.2) for name, shape in KERNELS.items()}
    biases = {f"c{i}": numbers.normal(n, scale=0.1) for i, n in enumerate((6, 16))}
    images = {"x": numbers.normal(32, 1, 32, 32), "labels": numbers.classes(32, 10)}
    return {**kernels, **biases, **numbers.dense(DENSE), **images}


def mindspore(data, jit):
    from mindspore import Tensor, nn

    def convolution(i):
        c_out, c_in, size, _ = KERNELS[f"k{i}"]
        start = {"weight_init": Tensor(data[f"k{i}"]), "bias_init": Tensor(data[f"c{i}"])}
        return nn.Conv2d(c_in, c_out, size, pad_mode="valid", has_bias=True, **start)

    def dense(i):
        start = {"weight_init": Tensor(data[f"w{i}"]), "bias_init": Tensor(data[f"b{i}"])}
        return nn.Dense(DENSE[i], DENSE[i + 1], **start)

    net = nn.SequentialCell(
        convolution(0), nn.ReLU(), nn.MaxPool2d(2, 2), convolution(1), nn.ReLU(), nn.MaxPool2d(2, 2),
        nn.Flatten(), dense(0), nn.ReLU(), dense(1), nn.ReLU(), dense(2),
    )  # fmt: skip
    cross_entropy = nn.CrossEntropyLoss()

    def loss(x, labels):
        return cross_entropy(net(x), labels)

    return mindspore_training(net, loss, momentum(nn)(net.trainable_params()), jit, data["x"], data["labels"])


def jax_(data, jit):
    import jax
    import optax
    from jax import lax

    def convolved(x, kernel, bias):
        x = lax.conv_general_dilated(x, kernel, (1, 1), "VALID") + bias[:, None, None]
        return lax.reduce_window(jax.nn.relu(x), -float("inf"), lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    def loss(weights, x, labels):
        k0, c0, k1, c1, *dense = weights
        x = convolved(convolved(x, k0, c0), k1, c1).reshape(x.shape[0], -1)
        for i in range(0, 4, 2):
            x = jax.nn.relu(x @ dense[i].T + dense[i + 1])
        logits = x @ dense[4].T + dense[5]
        return optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()

    weights = [data[name] for name in WEIGHTS]
    return jax_training(weights, loss, optax.sgd(0.01, 0.9), jit, data["x"], data["labels"])


def torch_(data):
    import torch
    from torch.nn import functional as F

    weights = torch_leaves(data, WEIGHTS)
    x, labels = torch.tensor(data["x"]), torch.tensor(data["labels"]).long()

    def loss():
        k0, c0, k1, c1, w0, b0, w1, b1, w2, b2 = weights
        h = F.max_pool2d(torch.relu(F.conv2d(x, k0, c0)), 2)
        h = F.max_pool2d(torch.relu(F.conv2d(h, k1, c1)), 2).flatten(1)
        logits = F.linear(torch.relu(F.linear(torch.relu(F.linear(h, w0, b0)), w1, b1)), w2, b2)
        return F.cross_entropy(logits, labels)

    return torch_training(weights, loss, torch.optim.SGD(weights, 0.01, momentum=0.9))


WORKLOADS = [Workload("LeNet step, 32 images", data, mindspore, jax_, torch_)]
