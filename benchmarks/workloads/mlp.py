"""A network of dense layers: steps of training, products with the Hessian, gradients of each sample."""

from __future__ import annotations

from benchmarks.workload import (
    Numbers,
    Workload,
    jax_training,
    layers_of,
    mindspore_training,
    torch_leaves,
    torch_training,
)

SIZES = [784, 512, 512, 10]


def data(sizes=SIZES, count=64):
    numbers = Numbers()
    layers = numbers.dense(sizes)
    return {**layers, "x": numbers.normal(count, sizes[0]), "labels": numbers.classes(count, sizes[-1])}


def mindspore_mlp(data, activation):
    from mindspore import Tensor, nn

    class MLP(nn.Cell):
        def __init__(self):
            super().__init__()
            dense = [
                nn.Dense(w.shape[1], w.shape[0], weight_init=Tensor(w), bias_init=Tensor(b)) for w, b in layers_of(data)
            ]
            self.hidden = nn.CellList(dense[:-1])
            self.last = dense[-1]

        def construct(self, x):
            for layer in self.hidden:
                x = activation(layer(x))
            return self.last(x)

    return MLP()


def jax_mlp(layers, activation, x):
    for w, b in layers[:-1]:
        x = activation(x @ w.T + b)
    w, b = layers[-1]
    return x @ w.T + b


def torch_mlp(weights, activation, x):
    import torch

    for i in range(0, len(weights) - 2, 2):
        x = activation(torch.nn.functional.linear(x, weights[i], weights[i + 1]))
    return torch.nn.functional.linear(x, weights[-2], weights[-1])


def names(data):
    return [f"{kind}{i}" for i in range(len(layers_of(data))) for kind in "wb"]


def jax_cross_entropy(layers, x, labels):
    import jax
    import optax

    return optax.softmax_cross_entropy_with_integer_labels(jax_mlp(layers, jax.nn.relu, x), labels).mean()


def mindspore_loss(data):
    from mindspore import nn, ops

    net, cross_entropy = mindspore_mlp(data, ops.relu), nn.CrossEntropyLoss()

    def loss(x, labels):
        return cross_entropy(net(x), labels)

    return net, loss


def torch_loss(data):
    import torch

    weights = torch_leaves(data, names(data))
    x, labels = torch.tensor(data["x"]), torch.tensor(data["labels"]).long()
    return weights, lambda: torch.nn.functional.cross_entropy(torch_mlp(weights, torch.relu, x), labels)


def _training(name, of_mindspore, of_optax, of_torch):
    """The step of training with one optimizer, given in each framework."""

    def mindspore(data, jit):
        from mindspore import nn

        net, loss = mindspore_loss(data)
        return mindspore_training(net, loss, of_mindspore(nn)(net.trainable_params()), jit, data["x"], data["labels"])

    def jax(data, jit):
        import optax

        return jax_training(layers_of(data), jax_cross_entropy, of_optax(optax), jit, data["x"], data["labels"])

    def torch(data):
        import torch

        weights, loss = torch_loss(data)
        return torch_training(weights, loss, of_torch(torch.optim)(weights))

    return Workload(name, data, mindspore, jax, torch)


def momentum(nn):
    return lambda weights: nn.Momentum(weights, 0.01, 0.9)


def adam(nn):
    return lambda weights: nn.Adam(weights, learning_rate=1e-3)


# -- the Hessian times a vector --------------------------------------------------------------------------------------


def direction_data():
    numbers = Numbers(1)
    vectors = {f"v{name}": vector for name, vector in numbers.dense(SIZES).items()}
    return {**data(), **vectors, "y": numbers.normal(64, 10)}


def mindspore_hvp(data, jit):
    import mindspore as ms
    from mindspore import Tensor, ops

    net = mindspore_mlp(data, ops.tanh)
    weights = net.trainable_params()

    def loss(x, y):
        return ops.square(net(x) - y).mean()

    vectors = [Tensor(data[f"v{name}"]) for name in names(data)]
    gradient = ms.grad(loss, None, weights)

    def slope(x, y):
        total = 0.0
        for g, v in zip(gradient(x, y), vectors):  # noqa: B905  (graph mode knows zip without keywords only)
            total = total + (g * v).sum()
        return total

    product = jit(ms.grad(slope, None, weights))
    x, y = Tensor(data["x"]), Tensor(data["y"])
    return lambda: list(product(x, y))


def jax_hvp(data, jit):
    import jax
    import jax.numpy as jnp

    layers = jax.tree.map(jnp.asarray, layers_of(data))
    vectors = [tuple(jnp.asarray(data[f"v{kind}{i}"]) for kind in "wb") for i in range(len(layers))]

    @jit
    def product(layers, vectors, x, y):
        gradient = jax.grad(lambda layers: ((jax_mlp(layers, jnp.tanh, x) - y) ** 2).mean())
        return jax.jvp(gradient, (layers,), (vectors,))[1]

    x, y = jnp.asarray(data["x"]), jnp.asarray(data["y"])
    return lambda: product(layers, vectors, x, y)


def torch_hvp(data):
    import torch

    weights, x, y = torch_leaves(data, names(data)), torch.tensor(data["x"]), torch.tensor(data["y"])
    vectors = [torch.tensor(data[f"v{name}"]) for name in names(data)]

    def product():
        loss = ((torch_mlp(weights, torch.tanh, x) - y) ** 2).mean()
        gradients = torch.autograd.grad(loss, weights, create_graph=True)
        return torch.autograd.grad(gradients, weights, vectors)

    return product


# -- gradients of each sample ----------------------------------------------------------------------------------------


def sample_data():
    numbers = Numbers()
    return {**numbers.dense([10, 32, 1]), "x": numbers.normal(64, 1, 10), "y": numbers.normal(64, 1, 1)}


def mindspore_samples(data, jit):
    import mindspore as ms
    from mindspore import Tensor, ops

    def loss(w0, b0, w1, b1, x, y):
        hidden = ops.tanh(ops.matmul(x, w0.swapaxes(0, 1)) + b0)
        return ops.square(ops.matmul(hidden, w1.swapaxes(0, 1)) + b1 - y).sum()

    each = ms.vmap(ms.grad(loss, (0, 1, 2, 3)), in_axes=(None, None, None, None, 0, 0))

    @jit
    def run(w0, b0, w1, b1, x, y):
        return each(w0, b0, w1, b1, x, y)

    inputs = [Tensor(data[name]) for name in ("w0", "b0", "w1", "b1", "x", "y")]
    return lambda: run(*inputs)


def jax_samples(data, jit):
    import jax
    import jax.numpy as jnp

    def loss(weights, x, y):
        w0, b0, w1, b1 = weights
        return ((jnp.tanh(x @ w0.T + b0) @ w1.T + b1 - y) ** 2).sum()

    each = jit(jax.vmap(jax.grad(loss), in_axes=(None, 0, 0)))
    *weights, x, y = (jnp.asarray(data[name]) for name in ("w0", "b0", "w1", "b1", "x", "y"))
    return lambda: each(weights, x, y)


def torch_samples(data):
    import torch

    def loss(weights, x, y):
        w0, b0, w1, b1 = weights
        return ((torch.tanh(x @ w0.T + b0) @ w1.T + b1 - y) ** 2).sum()

    each = torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))
    *weights, x, y = (torch.tensor(data[name]) for name in ("w0", "b0", "w1", "b1", "x", "y"))
    return lambda: each(weights, x, y)


WORKLOADS = [
    _training(
        "MLP 784-512-512-10 step, Momentum",
        momentum,
        lambda optax: optax.sgd(0.01, 0.9),
        lambda optim: lambda w: optim.SGD(w, 0.01, momentum=0.9),
    ),
    _training(
        "MLP 784-512-512-10 step, Adam",
        adam,
        lambda optax: optax.adam(1e-3),
        lambda optim: lambda w: optim.Adam(w, 1e-3),
    ),
    Workload("Hessian-vector product of the MLP's weights", direction_data, mindspore_hvp, jax_hvp, torch_hvp),
    Workload("gradients of 64 samples", sample_data, mindspore_samples, jax_samples, torch_samples),
]
