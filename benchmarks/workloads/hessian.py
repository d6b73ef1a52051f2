"""The whole Hessian of Rosenbrock's function of d numbers."""

from __future__ import annotations

from benchmarks.workload import Numbers, Workload


def rosenbrock(x):
    a, b = x[:-1], x[1:]
    return (100.0 * (b - a * a) * (b - a * a) + (1.0 - a) * (1.0 - a)).sum()


def mindspore(data, jit):
    import mindspore as ms

    hessian, x = jit(ms.jacfwd(ms.grad(rosenbrock))), ms.Tensor(data["x"])
    return lambda: hessian(x)


def jax_(data, jit):
    import jax
    import jax.numpy as jnp

    hessian, x = jit(jax.hessian(rosenbrock)), jnp.asarray(data["x"])
    return lambda: hessian(x)


def torch_(data):
    import torch

    hessian, x = torch.func.hessian(rosenbrock), torch.tensor(data["x"])
    return lambda: hessian(x)


def _of(d: int) -> Workload:
    return Workload(f"Hessian, d = {d}", lambda: {"x": Numbers().normal(d)}, mindspore, jax_, torch_)


WORKLOADS = [_of(4), _of(16), _of(64)]
