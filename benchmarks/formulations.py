"""Every formulation of every operator of `diffops` against nesting by hand in JAX.

    python -m benchmarks.formulations [--rounds N] [--only PATTERN]

For a tanh network of four layers of 64: milliseconds of the values and of the gradient of their mean square by the
weights (minimum of the rounds, in which all take turns), seconds to compile that gradient, and the memory that its
program needs beside arguments and results, as XLA says. Written to `benchmarks/results/`.
"""

from __future__ import annotations

import time

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks import turns
from benchmarks.report import table
from benchmarks.workload import Numbers, layers_of
from benchmarks.workloads.mlp import jax_mlp
from msjax import Tensor, diffops, ops
from msjax.core.tensor import raw


def network(layers, x):
    """The network on Tensors."""
    for w, b in layers[:-1]:
        x = ops.tanh(x.matmul(Tensor(w).T) + Tensor(b))
    w, b = layers[-1]
    found = x.matmul(Tensor(w).T) + Tensor(b)
    return found.squeeze(-1) if found.shape[-1] == 1 else found


def plain(layers, x):
    """The network on arrays."""
    found = jax_mlp(layers, jnp.tanh, x)
    return found[..., 0] if found.shape[-1] == 1 else found


def ours(operator):
    """`operator(f)` as a function of weights and points, arrays."""
    return lambda layers, x: raw(operator(lambda x: network(layers, x))(Tensor(x)))


# -- by hand ---------------------------------------------------------------------------------------------------------


def grad_of_grad(layers, x):
    def total(x):
        return plain(layers, x).sum()

    slopes = [lambda x, i=i: jax.grad(total)(x)[:, i].sum() for i in range(x.shape[1])]
    return sum(jax.grad(slope)(x)[:, i] for i, slope in enumerate(slopes))


def hessian_of_each(layers, x):
    return jax.vmap(lambda x: jnp.trace(jax.hessian(lambda x: plain(layers, x))(x)))(x)


def jvp_of_grad(layers, x):
    slope = jax.grad(lambda x: plain(layers, x).sum())

    def second(v):
        return (jax.jvp(slope, (x,), (jnp.broadcast_to(v, x.shape),))[1] * v).sum(-1)

    return jax.vmap(second)(jnp.eye(x.shape[1], dtype=x.dtype)).sum(0)


def biharmonic_by_grads(layers, x):
    def laplacian(f):
        def value(x):
            slopes = [lambda x, i=i: jax.grad(lambda x: f(x).sum())(x)[:, i].sum() for i in range(x.shape[1])]
            return sum(jax.grad(slope)(x)[:, i] for i, slope in enumerate(slopes))

        return value

    return laplacian(laplacian(lambda x: plain(layers, x)))(x)


def biharmonic_by_hessians(layers, x):
    def laplacian(f):
        return lambda x: jnp.trace(jax.hessian(f)(x))

    return jax.vmap(laplacian(laplacian(lambda x: plain(layers, x))))(x)


def hessians(layers, x):
    return jax.vmap(jax.hessian(lambda x: plain(layers, x)))(x)


def diagonal_by_grads(layers, x):
    def total(x):
        return plain(layers, x).sum()

    slopes = [lambda x, i=i: jax.grad(total)(x)[:, i].sum() for i in range(x.shape[1])]
    return jnp.stack([jax.grad(slope)(x)[:, i] for i, slope in enumerate(slopes)], -1)


def divergence_by_grads(layers, x):
    slopes = [lambda x, i=i: plain(layers, x)[:, i].sum() for i in range(x.shape[1])]
    return sum(jax.grad(slope)(x)[:, i] for i, slope in enumerate(slopes))


def divergence_by_jacobians(layers, x):
    return jax.vmap(lambda x: jnp.trace(jax.jacfwd(lambda x: plain(layers, x))(x)))(x)


def third_by_grads(layers, x):
    f = lambda x: plain(layers, x)  # noqa: E731
    for _ in range(3):
        f = lambda x, f=f: jax.grad(lambda x: f(x).sum())(x)[:, 0]  # noqa: E731
    return f(x)


SECOND = {"grad of grad": grad_of_grad, "jvp of grad": jvp_of_grad, "vmap(hessian)": hessian_of_each}
METHODS = ("forward", "jvp", "forward_over_reverse", "reverse", "jet")


def methods(make, names) -> dict:
    return {f"diffops {name}": ours(lambda f, name=name: make(f, method=name)) for name in names}


def partial(f, **options):
    return diffops.partial(f, (3, 0), **options)


# (operator, d, N): its formulations, the first of which is what the others are compared with
CASES = {
    ("laplacian", 2, 1024): {**SECOND, **methods(diffops.laplacian, METHODS)},
    ("laplacian", 10, 512): {**SECOND, **methods(diffops.laplacian, METHODS)},
    ("laplacian", 64, 256): {**SECOND, **methods(diffops.laplacian, METHODS[:3])},
    ("biharmonic", 2, 512): {
        "grad of grad": biharmonic_by_grads,
        "vmap(hessian)": biharmonic_by_hessians,
        **methods(diffops.biharmonic, METHODS[:2]),
    },
    ("biharmonic", 5, 128): {
        "grad of grad": biharmonic_by_grads,
        "vmap(hessian)": biharmonic_by_hessians,
        **methods(diffops.biharmonic, METHODS[:2]),
    },
    ("hessian", 3, 512): {"vmap(hessian)": hessians, **methods(diffops.hessian, ("jvp", "forward_over_reverse"))},
    ("hessian", 10, 256): {"vmap(hessian)": hessians, **methods(diffops.hessian, ("jvp", "forward_over_reverse"))},
    ("hessian_diag", 10, 256): {
        "grad of grad": diagonal_by_grads,
        **methods(diffops.hessian_diag, METHODS),
    },
    ("divergence", 3, 1024): {
        "grad": divergence_by_grads,
        "vmap(jacfwd)": divergence_by_jacobians,
        **methods(diffops.divergence, ("forward", "reverse")),
    },
    ("divergence", 10, 512): {
        "grad": divergence_by_grads,
        "vmap(jacfwd)": divergence_by_jacobians,
        **methods(diffops.divergence, ("forward", "reverse")),
    },
    ("partial xxx", 2, 1024): {"grad of grad": third_by_grads, **methods(partial, ("jvp", "reverse", "jet"))},
}


def measure(case: tuple, rounds: int) -> dict:
    """formulation -> {"value", "gradient": seconds, "compile": seconds, "memory": bytes}"""
    operator, d, n = case
    numbers = Numbers()
    data = numbers.dense([d, 64, 64, 64, 64, d if operator == "divergence" else 1])
    layers, x = jax.tree.map(jnp.asarray, layers_of(data)), jnp.asarray(numbers.normal(n, d))
    found, programs, expected = {}, {}, None
    for name, formulation in CASES[case].items():
        value = jax.jit(formulation).lower(layers, x).compile()
        begin = time.perf_counter()
        gradient = jax.jit(jax.grad(lambda w, x, f=formulation: (f(w, x) ** 2).mean())).lower(layers, x).compile()
        seconds = time.perf_counter() - begin
        result = np.asarray(value(layers, x))
        expected = result if expected is None else expected
        np.testing.assert_allclose(result, expected, rtol=2e-3, atol=2e-4 * np.abs(expected).max())
        memory = gradient.memory_analysis().temp_size_in_bytes
        found[name] = {"compile": seconds, "memory": memory}
        programs |= {(name, "value"): value, (name, "gradient"): gradient}
    for (name, what), times in turns.least(programs, (layers, x), rounds).items():
        found[name][what] = times["wall"]
    return found


def shown(found: dict) -> str:
    (base, *_) = found.values()
    rows = [
        [
            name,
            f"{1e3 * one['value']:.3g}",
            f"{1e3 * one['gradient']:.3g}",
            f"{base['gradient'] / one['gradient']:.2f}",
            f"{one['compile']:.1f}",
            f"{one['memory'] / 1e6:.1f}",
            f"{one['memory'] / base['memory']:.2f}",
        ]
        for name, one in found.items()
    ]
    columns = ["formulation", "value, ms", "gradient, ms", "times as fast", "compile, s", "memory, MB", "of the first"]
    return table(columns, rows)


def main() -> None:
    options = turns.options(__doc__, 20, "operators")
    text, everything = [turns.title("Formulations")], {}
    for case in CASES:
        if options.only in case[0]:
            operator, d, n = case
            everything[f"{operator}, d = {d}, N = {n}"] = found = measure(case, options.rounds)
            text.append(f"## {operator}, d = {d}, N = {n}\n\n{shown(found)}")
            print(text[-1], flush=True)
    if not options.only:
        turns.keep("formulations", "\n\n".join(text) + "\n", everything)


if __name__ == "__main__":
    main()
