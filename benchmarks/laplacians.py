"""The Laplacian of `diffops` against collapsed Taylor mode written by hand, and against folx where that is installed.

    python -m benchmarks.laplacians [--rounds N] [--only PATTERN]

Milliseconds of the gradient of the Laplacian's mean square by the weights (minimum of the rounds, in which all take
turns), of wall clock and of processors, and seconds to compile it. Written to `benchmarks/results/`.
"""

from __future__ import annotations

import time
from importlib.util import find_spec

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks import turns
from benchmarks.report import table
from benchmarks.workload import Numbers, layers_of
from msjax import Tensor, diffops, ops
from msjax.core.tensor import raw

ACTIVATIONS = {
    "tanh": (ops.tanh, jnp.tanh),
    "gelu": (lambda x: ops.gelu(x, approximate="tanh"), jax.nn.gelu),
    "sin": (ops.sin, jnp.sin),
}
TOKENS, WIDTH = 16, 32


# -- networks on Tensors, on arrays, and on triples of a value, its slopes and its Laplacian ---------------------------
# Slopes have the axis of the coordinates behind that of the points.


def dense(activation: str):
    ours, plain = ACTIVATIONS[activation]

    def on_tensors(layers, x):
        for w, b in layers[:-1]:
            x = ours(ops.dense(x, Tensor(w), Tensor(b)))
        w, b = layers[-1]
        return ops.dense(x, Tensor(w), Tensor(b)).squeeze(-1)

    def on_arrays(layers, x):
        for w, b in layers[:-1]:
            x = plain(x @ w.T + b)
        w, b = layers[-1]
        return (x @ w.T + b)[..., 0]

    def by_hand(layers, x):
        (w, b), *rest = layers
        value, slopes, bent = x @ w.T + b, w.T[None], jnp.zeros((), x.dtype)  # a layer's slopes are its weights
        for w, b in rest:
            value, slopes, bent = _elementwise(plain, value, slopes, bent)
            value, slopes, bent = value @ w.T + b, slopes @ w.T, bent @ w.T
        return bent[..., 0]

    return on_tensors, on_arrays, by_hand


def _elementwise(function, value, slopes, bent):
    ones = jnp.ones_like(value)

    def slope(v):
        return jax.jvp(function, (v,), (ones,))

    (value, first), (_, second) = jax.jvp(slope, (value,), (ones,))
    return value, first[:, None] * slopes, first * bent + second * (slopes * slopes).sum(1)


def attention_on_tensors(layers, x):
    (embed, *heads, last) = [Tensor(w) for w in layers]
    h = ops.dense(x.reshape(len(x), TOKENS, -1), embed)
    for q, k, v in zip(heads[::3], heads[1::3], heads[2::3], strict=True):
        scores = ops.dense(h, q).matmul(ops.dense(h, k).swapaxes(1, 2)) / WIDTH**0.5
        h = ops.tanh(h + ops.softmax(scores, -1).matmul(ops.dense(h, v)))
    return ops.dense(h, last).sum((1, 2))


def attention(layers, x):
    (embed, *heads, last) = layers
    h = x.reshape(len(x), TOKENS, -1) @ embed.T
    for q, k, v in zip(heads[::3], heads[1::3], heads[2::3], strict=True):
        scores = (h @ q.T) @ (h @ k.T).swapaxes(1, 2) / WIDTH**0.5
        h = jnp.tanh(h + jax.nn.softmax(scores, -1) @ (h @ v.T))
    return (h @ last.T).sum((1, 2))


def attention_by_hand(layers, x):
    (embed, *heads, last) = layers
    n, d = x.shape
    unit = jnp.broadcast_to(jnp.eye(d, dtype=x.dtype).reshape(d, TOKENS, -1) @ embed.T, (n, d, TOKENS, WIDTH))
    h = (x.reshape(n, TOKENS, -1) @ embed.T, unit, jnp.zeros((n, TOKENS, WIDTH), x.dtype))
    for q, k, v in zip(heads[::3], heads[1::3], heads[2::3], strict=True):
        a, b, c = ([part @ w.T for part in h] for w in (q, k, v))
        scores = [part / WIDTH**0.5 for part in _product("...ic,...jc->...ij", a, b)]
        mixed = _product("...ij,...jc->...ic", _softmax(scores), c)
        h = _elementwise(jnp.tanh, *(one + other for one, other in zip(h, mixed, strict=True)))
    return (h[2] @ last.T).sum((1, 2))


def _product(how: str, a, b):
    cross = jnp.einsum(how.replace("...", "nk").replace("->nk", "->n"), a[1], b[1])
    first = jnp.einsum(how, a[1], b[0][:, None]) + jnp.einsum(how, a[0][:, None], b[1])
    return (
        jnp.einsum(how, a[0], b[0]),
        first,
        jnp.einsum(how, a[2], b[0]) + jnp.einsum(how, a[0], b[2]) + 2 * cross,
    )


def _softmax(x):
    value = jax.nn.softmax(x[0], -1)
    centered = x[1] - (value[:, None] * x[1]).sum(-1, keepdims=True)
    first = value[:, None] * centered
    squares = (centered * centered).sum(1)
    bent = x[2] + squares
    return value, first, value * (bent - (value * bent).sum(-1, keepdims=True))


# -- cases -------------------------------------------------------------------------------------------------------------


def _folx(function):
    from folx import forward_laplacian

    def at_points(weights, x):
        return jax.vmap(lambda p: forward_laplacian(lambda p: function(weights, p[None])[0])(p).laplacian)(x)

    return at_points


def formulations(on_tensors, on_arrays, by_hand) -> dict:
    found = {
        "diffops": lambda weights, x: raw(diffops.laplacian(lambda x: on_tensors(weights, x))(Tensor(x))),
        "by hand": by_hand,
    }
    return found | {"folx": _folx(on_arrays)} if find_spec("folx") else found


def _dense(activation: str, d: int, n: int):
    numbers = Numbers()
    data = numbers.dense([d, 64, 64, 64, 64, 1])
    return formulations(*dense(activation)), layers_of(data), numbers.normal(n, d)


def _attention(d: int, n: int):
    numbers = Numbers()
    shapes = [(WIDTH, d // TOKENS), *[(WIDTH, WIDTH)] * 6, (1, WIDTH)]
    weights = [numbers.normal(*s, scale=s[1] ** -0.5) for s in shapes]
    return formulations(attention_on_tensors, attention, attention_by_hand), weights, numbers.normal(n, d)


SIZES = {2: 1024, 10: 512, 64: 256, 256: 64}
CASES = {
    f"{activation}, d = {d}, N = {n}": lambda a=activation, d=d, n=n: _dense(a, d, n)
    for activation in ACTIVATIONS
    for d, n in SIZES.items()
} | {"attention, d = 48, N = 16": lambda: _attention(48, 16)}


def measure(case: str, rounds: int) -> dict:
    """formulation -> {"wall", "processor", "compile": seconds, "memory": bytes}"""
    known, weights, x = CASES[case]()
    weights, x = jax.tree.map(jnp.asarray, weights), jnp.asarray(x)
    found, programs, expected = {}, {}, None
    for name, formulation in known.items():
        begin = time.perf_counter()
        program = jax.jit(jax.grad(lambda w, x, f=formulation: (f(w, x) ** 2).mean())).lower(weights, x).compile()
        seconds = time.perf_counter() - begin
        result = np.asarray(jax.tree.leaves(program(weights, x))[0])
        expected = result if expected is None else expected
        np.testing.assert_allclose(result, expected, rtol=5e-3, atol=1e-3 * np.abs(expected).max())
        memory = program.memory_analysis().temp_size_in_bytes
        found[name] = {"compile": seconds, "memory": memory}
        programs[name] = program
    times = turns.least(programs, (weights, x), rounds)
    return {name: one | times[name] for name, one in found.items()}


TIMES = {"wall clock": "wall", "processors": "processor"}


def row(case: str, found: dict) -> list:
    others = [one for name, one in found.items() if name != "diffops"]
    return [
        case,
        *(f"{1e3 * one[time]:.3g}" for time in TIMES.values() for one in found.values()),
        *(f"{found['diffops'][time] / min(one[time] for one in others):.2f}" for time in TIMES.values()),
        *(f"{one['compile']:.1f}" for one in found.values()),
        *(f"{one['memory'] / 1e6:.1f}" for one in found.values()),
    ]


def main() -> None:
    options = turns.options(__doc__, 20, "cases")
    everything, rows = {}, []
    for case in CASES:
        if options.only in case:
            everything[case] = found = measure(case, options.rounds)
            rows.append(row(case, found))
            print(*rows[-1], sep=" | ", flush=True)
    names = list(next(iter(everything.values())))
    columns = ["gradient of a Laplacian", *(f"{n}, ms of {what}" for what in TIMES for n in names)]
    columns += [f"of the best other, {what}" for what in TIMES]
    columns += [*(f"{n}, s to compile" for n in names), *(f"{n}, MB" for n in names)]
    text = f"{turns.title('Laplacians')}\n\n{table(columns, rows)}\n"
    if options.only:
        print(text)
    else:
        turns.keep("laplacians", text, everything)


if __name__ == "__main__":
    main()
