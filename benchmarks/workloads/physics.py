"""Losses of second and fourth derivatives: the gradient by the weights of a mean square, N points of d coordinates.

By nested gradients, as MindSpore programs are written, and by `diffops`, which only msjax has: MindSpore nests there
too. The JAX and PyTorch of both nest by hand.
"""

from __future__ import annotations

from benchmarks.workload import Numbers, Workload, layers_of, torch_leaves
from benchmarks.workloads.mlp import jax_mlp, mindspore_mlp, names, torch_mlp


def mindspore_nested(ms, f, d: int):
    """x -> the Laplacian of f: the gradient of each column of the gradient."""

    def laplacian(x):
        def slope(i):
            return lambda x: ms.grad(f)(x)[:, i].sum()

        return sum(ms.grad(slope(i))(x)[:, i] for i in range(d))

    return laplacian


def _mindspore(order: int, d: int, own: bool):
    def make(data, jit):
        import mindspore as ms
        from mindspore import ops

        net = mindspore_mlp(data, ops.tanh)
        weights = net.trainable_params()

        def u(x):
            return net(x).sum()

        if own and hasattr(ms, "diffops"):
            operator = ms.diffops.laplacian if order == 2 else ms.diffops.biharmonic
            derivative = operator(net)
        else:
            derivative = mindspore_nested(ms, u, d)
            if order == 4:
                inner = derivative

                def bent(x):  # MindSpore's graph mode finds no lambda among the arguments of a call
                    return inner(x).sum()

                derivative = mindspore_nested(ms, bent, d)

        def loss(x):
            return (derivative(x) ** 2).mean()

        step, x = jit(ms.value_and_grad(loss, None, weights)), ms.Tensor(data["x"])

        def run():
            value, gradients = step(x)
            return [value, gradients[0]]

        return run

    return make


def jax_nested(f, d: int):
    """The same in JAX."""
    import jax

    def laplacian(x):
        slopes = [lambda x, i=i: jax.grad(f)(x)[:, i].sum() for i in range(d)]
        return sum(jax.grad(slope)(x)[:, i] for i, slope in enumerate(slopes))

    return laplacian


def _jax(order: int, d: int):
    def make(data, jit):
        import jax
        import jax.numpy as jnp

        def loss(weights, x):
            derivative = jax_nested(lambda x: jax_mlp(weights, jnp.tanh, x).sum(), d)
            if order == 4:
                inner = derivative
                derivative = jax_nested(lambda x: inner(x).sum(), d)
            return (derivative(x) ** 2).mean()

        step = jit(jax.value_and_grad(loss))
        weights, x = jax.tree.map(jnp.asarray, layers_of(data)), jnp.asarray(data["x"])

        def run():
            value, gradients = step(weights, x)
            return [value, gradients[0][0]]

        return run

    return make


def torch_laplacian(u, x):
    """The same in PyTorch, of values u at x."""
    import torch

    (first,) = torch.autograd.grad(u.sum(), x, create_graph=True)
    return sum(torch.autograd.grad(first[:, i].sum(), x, create_graph=True)[0][:, i] for i in range(x.shape[1]))


def _torch(order: int):
    def make(data):
        import torch

        weights = torch_leaves(data, names(data))
        x = torch.tensor(data["x"], requires_grad=True)

        def run():
            derivative = torch_laplacian(torch_mlp(weights, torch.tanh, x), x)
            if order == 4:
                derivative = torch_laplacian(derivative, x)
            value = (derivative**2).mean()
            return [value, torch.autograd.grad(value, weights[0])[0]]

        return run

    return make


def _of(order: int, d: int, n: int) -> list[Workload]:
    def data():
        numbers = Numbers()
        return {**numbers.dense([d, 64, 64, 64, 64, 1]), "x": numbers.normal(n, d)}

    what = f"{'Laplacian' if order == 2 else 'Biharmonic'} loss, d = {d}, N = {n}"
    return [
        Workload(f"{what}, {how}", data, _mindspore(order, d, own), _jax(order, d), _torch(order), rtol=5e-3)
        for how, own in (("nested", False), ("diffops", True))
    ]


WORKLOADS = [*_of(2, 2, 1024), *_of(2, 10, 512), *_of(4, 2, 256)]
