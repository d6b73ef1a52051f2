"""A physics-informed network for Burgers' equation, u_t + u u_x = 0.01 u_xx: a step of Adam on its residual."""

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
from benchmarks.workloads.mlp import adam, jax_mlp, mindspore_mlp, names, torch_mlp

SIZES = [2, 32, 32, 32, 1]


def mindspore(data, jit):
    import mindspore as ms
    from mindspore import nn, ops

    net = mindspore_mlp(data, ops.tanh)

    def total(points):
        return net(points).sum()

    def total_x(points):
        return ms.grad(total)(points)[:, 1].sum()

    def residual(points):
        first = ms.grad(total)(points)
        u_xx = ms.grad(total_x)(points)[:, 1:]
        u = net(points)
        r = first[:, :1] + u * first[:, 1:] - 0.01 * u_xx
        return (r * r).mean()

    return mindspore_training(net, residual, adam(nn)(net.trainable_params()), jit, data["points"])


def jax_(data, jit):
    import jax
    import jax.numpy as jnp
    import optax

    def residual(layers, points):
        # Of what was tried the fastest: one pullback for both slopes, and its derivative along x.
        def slopes(points):
            u, pullback = jax.vjp(lambda points: jax_mlp(layers, jnp.tanh, points), points)
            return pullback(jnp.ones_like(u))[0], u

        along_x = jnp.zeros_like(points).at[:, 1].set(1)
        first, second, u = jax.jvp(slopes, (points,), (along_x,), has_aux=True)
        r = first[:, :1] + u * first[:, 1:] - 0.01 * second[:, 1:]
        return (r * r).mean()

    return jax_training(layers_of(data), residual, optax.adam(1e-3), jit, data["points"])


def jax_nested(data, jit):
    import jax
    import jax.numpy as jnp
    import optax

    def residual(layers, points):
        # As the MindSpore code above says it, word for word.
        def net(points):
            return jax_mlp(layers, jnp.tanh, points)

        def total(points):
            return net(points).sum()

        def total_x(points):
            return jax.grad(total)(points)[:, 1].sum()

        first = jax.grad(total)(points)
        u_xx = jax.grad(total_x)(points)[:, 1:]
        r = first[:, :1] + net(points) * first[:, 1:] - 0.01 * u_xx
        return (r * r).mean()

    return jax_training(layers_of(data), residual, optax.adam(1e-3), jit, data["points"])


def torch_(data):
    import torch

    weights = torch_leaves(data, names(data))
    points = torch.tensor(data["points"], requires_grad=True)

    def residual():
        u = torch_mlp(weights, torch.tanh, points)
        (first,) = torch.autograd.grad(u.sum(), points, create_graph=True)
        (second,) = torch.autograd.grad(first[:, 1].sum(), points, create_graph=True)
        r = first[:, :1] + u * first[:, 1:] - 0.01 * second[:, 1:]
        return (r * r).mean()

    return torch_training(weights, residual, torch.optim.Adam(weights, 1e-3))


def _of(count: int, written=jax_, note: str = "") -> Workload:
    def data():
        numbers = Numbers()
        return {**numbers.dense(SIZES), "points": numbers.normal(count, 2)}

    return Workload(f"Burgers PINN step, N = {count}{note}", data, mindspore, written, torch_)


WORKLOADS = [_of(1024), _of(8192), _of(8192, jax_nested, ", JAX nested alike")]
