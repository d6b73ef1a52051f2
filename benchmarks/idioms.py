"""Residuals of physics-informed networks in the idioms of MindSpore's users, against the best by hand in JAX.

    python -m benchmarks.idioms [--rounds N] [--only PATTERN]

For each program the gradient of the residual's mean square by the weights of a tanh network of 4 x 64, in one compiled
program: milliseconds (minimum of the rounds, in which all take turns), of wall clock and of processors, and XLA's count
of floating-point operations. By hand, each is written in up to three ways, of which the fastest counts: jvps of jvps,
jvps of one pullback, and collapsed Taylor mode. Written to `benchmarks/results/`.
"""

from __future__ import annotations

import time

import jax
import jax.numpy as jnp
import numpy as np

import msjax as ms
from benchmarks import turns
from benchmarks.report import table
from benchmarks.workload import Numbers, layers_of
from benchmarks.workloads.mlp import jax_mlp
from benchmarks.workloads.physics import mindspore_nested
from msjax import Tensor, diffops, nn, ops
from msjax.core.tensor import raw

N = 1024


# -- by hand: of f, from (N, d) to (N, m) ------------------------------------------------------------------------------


def along(x, i):
    return jnp.zeros_like(x).at[:, i].set(1)


def orders(f, x, *path) -> list:
    """f, and its derivatives by the first coordinate of the path, the first two, and so on: jvps of jvps."""
    run = lambda x: [f(x)]  # noqa: E731
    for i in path:

        def run(x, inner=run, i=i):
            found, pushed = jax.jvp(inner, (x,), (along(x, i),))
            return [*found, pushed[-1]]

    return run(x)


def pulled(f, x):
    """(f, its slopes) of one output, by one pullback."""
    value, pullback = jax.vjp(f, x)
    return value, pullback(jnp.ones_like(value))[0]


def pulled_and_pushed(f, x, *coordinates):
    """(f, its slopes, the slopes of the slope by each of the coordinates): jvps of one pullback."""
    value, push = jax.linearize(lambda x: pulled(f, x)[1], x)
    return f(x), value, [push(along(x, i)) for i in coordinates]


def collapsed(f, x, weights):
    """(f, its slopes, the weighted sum of second derivatives): collapsed Taylor mode of a dense network."""
    layers = f.layers
    value, slopes, bent = x, jnp.eye(x.shape[1], dtype=x.dtype)[:, None], jnp.zeros((), x.dtype)
    for i, (w, b) in enumerate(layers):
        value, slopes = value @ w.T + b, slopes @ w.T
        bent = bent @ w.T if i else bent
        if i < len(layers) - 1:
            value = jnp.tanh(value)
            first = 1 - value * value
            bent = first * (bent - 2 * value * sum(w * slopes[k] ** 2 for k, w in enumerate(weights) if w))
            slopes = first * slopes
    return value, slopes, bent


# -- programs ----------------------------------------------------------------------------------------------------------
# Of a network u on Tensors, from (N, d) to (N, m), and points: the residual. With each the ways to write it by hand.

PROGRAMS: dict = {}


def program(name: str, d: int, m: int = 1, n: int = N):
    def put(function):
        PROGRAMS[name] = function, d, m, n
        return function

    return put


def by_columns(u):
    """u of columns."""
    return lambda *columns: u(ops.concat(columns, 1))


def columns_of(z):
    return [z[:, i : i + 1] for i in range(z.shape[1])]


def burgers_by_hand():
    def pushed(f, x):
        u, u_t = orders(f, x, 0)
        _, u_x, u_xx = orders(f, x, 1, 1)
        return u_t + u * u_x - 0.01 * u_xx

    def mixed(f, x):
        u, slopes, (along_x,) = pulled_and_pushed(f, x, 1)
        return slopes[:, :1] + u * slopes[:, 1:] - 0.01 * along_x[:, 1:]

    def taylor(f, x):
        u, slopes, u_xx = collapsed(f, x, (0, 1))
        return slopes[0] + u * slopes[1] - 0.01 * u_xx

    return pushed, mixed, taylor


def poisson_by_hand():
    def pushed(f, x):
        return sum(orders(f, x, i, i)[2] for i in range(x.shape[1]))

    def mixed(f, x):
        return sum(s[:, i : i + 1] for i, s in enumerate(pulled_and_pushed(f, x, *range(x.shape[1]))[2]))

    def taylor(f, x):
        return collapsed(f, x, (1,) * x.shape[1])[2]

    return pushed, mixed, taylor


@program("Burgers, grad of columns", 2)
def _(u, z):
    t, x = columns_of(z)
    f = by_columns(u)
    return ms.grad(f)(t, x) + u(z) * ms.grad(f, 1)(t, x) - 0.01 * ms.grad(ms.grad(f, 1), 1)(t, x), burgers_by_hand


@program("Burgers, grad of points, sum, column", 2)
def _(u, z):
    def slopes(z):
        return ms.grad(lambda z: u(z).sum())(z)

    first, second = slopes(z), ms.grad(lambda z: slopes(z)[:, 1].sum())(z)
    return first[:, :1] + u(z) * first[:, 1:] - 0.01 * second[:, 1:], burgers_by_hand


@program("Burgers, GradOperation", 2)
def _(u, z):
    t, x = columns_of(z)
    every = ops.GradOperation(get_all=True)
    f = by_columns(u)
    u_t, u_x = every(f)(t, x)
    _, u_xx = every(lambda t, x: every(f)(t, x)[1])(t, x)
    return u_t + u(z) * u_x - 0.01 * u_xx, burgers_by_hand


@program("Burgers, vmap of points", 2)
def _(u, z):
    def point(t, x):
        return u(ops.stack((t, x)).expand_dims(0))[0, 0]

    t, x = z[:, 0], z[:, 1]
    u_t, u_x, u_xx = (ms.vmap(g)(t, x) for g in (ms.grad(point), ms.grad(point, 1), ms.grad(ms.grad(point, 1), 1)))
    return (u_t + u(z)[:, 0] * u_x - 0.01 * u_xx).expand_dims(1), burgers_by_hand


@program("Burgers, jvp of jvp", 2)
def _(u, z):
    t, x = columns_of(z)
    one = ops.ones_like(x)

    def along_x(x):
        return ms.jvp(lambda x: u(ops.concat((t, x), 1)), x, one)[1]

    u_x, u_xx = ms.jvp(along_x, x, one)
    u_t = ms.jvp(lambda t: u(ops.concat((t, x), 1)), t, one)[1]
    return u_t + u(z) * u_x - 0.01 * u_xx, burgers_by_hand


class Slope(nn.Cell):
    """The derivative of one output by one coordinate: one pullback with a sensitivity for each."""

    def __init__(self, model, coordinate, output=0):
        super().__init__()
        self.model, self.coordinate, self.output = model, coordinate, output
        self.gradient = ops.GradOperation(sens_param=True)

    def construct(self, z):
        value = self.model(z)
        width = value.shape[1]
        sens = ops.concat([ops.full_like(value[:, :1], float(i == self.output)) for i in range(width)], 1)
        return self.gradient(self.model)(z, sens)[:, self.coordinate : self.coordinate + 1]


@program("Burgers, Cells of gradients", 2)
def _(u, z):
    u_x = Slope(u, 1)
    return Slope(u, 0)(z) + u(z) * u_x(z) - 0.01 * Slope(u_x, 1)(z), burgers_by_hand


@program("Poisson, d = 2, vmap(jacrev(grad))", 2)
def _(u, z):
    hessian = ms.vmap(ms.jacrev(ms.grad(lambda p: u(p.expand_dims(0)).sum())))(z)
    return (hessian[:, 0, 0] + hessian[:, 1, 1]).expand_dims(1), poisson_by_hand


@program("Poisson, d = 2, vmap(jacfwd(jacrev))", 2)
def _(u, z):
    hessian = ms.vmap(ms.jacfwd(ms.jacrev(lambda p: u(p.expand_dims(0)).sum())))(z)
    return (hessian[:, 0, 0] + hessian[:, 1, 1]).expand_dims(1), poisson_by_hand


@program("Poisson, d = 3, sum over columns", 3)
def _(u, z):
    return mindspore_nested(ms, lambda z: u(z).sum(), 3)(z).expand_dims(1), poisson_by_hand


@program("Poisson, d = 3, vmap(jacrev(grad))", 3)
def _(u, z):
    hessian = ms.vmap(ms.jacrev(ms.grad(lambda p: u(p.expand_dims(0)).sum())))(z)
    return (hessian[:, 0, 0] + hessian[:, 1, 1] + hessian[:, 2, 2]).expand_dims(1), poisson_by_hand


@program("Poisson, d = 10, diffops", 10, n=256)
def _(u, z):
    return diffops.laplacian(u)(z), poisson_by_hand


@program("wave, vjp", 2)
def _(u, z):
    t, x = columns_of(z)

    def slopes(t, x):
        value, pull = ms.vjp(by_columns(u), t, x)
        return pull(ops.ones_like(value))

    u_tt = ms.grad(lambda t, x: slopes(t, x)[0])(t, x)
    u_xx = ms.grad(lambda t, x: slopes(t, x)[1], 1)(t, x)

    def by_hand():
        def pushed(f, x):
            return orders(f, x, 0, 0)[2] - orders(f, x, 1, 1)[2]

        def mixed(f, x):
            along_t, along_x = pulled_and_pushed(f, x, 0, 1)[2]
            return along_t[:, :1] - along_x[:, 1:]

        return pushed, mixed, lambda f, x: collapsed(f, x, (1, -1))[2]

    return u_tt - u_xx, by_hand


@program("Korteweg-de Vries, grad of columns", 2)
def _(u, z):
    t, x = columns_of(z)
    f = by_columns(u)
    u_x = ms.grad(f, 1)
    u_xxx = ms.grad(ms.grad(u_x, 1), 1)

    def by_hand():
        def pushed(f, x):
            value, u_x, _, u_xxx = orders(f, x, 1, 1, 1)
            return orders(f, x, 0)[1] + 6 * value * u_x + u_xxx

        def mixed(f, x):
            value, slopes = pulled(f, x)
            third = orders(lambda x: pulled(f, x)[1], x, 1, 1)[2]
            return slopes[:, :1] + 6 * value * slopes[:, 1:] + third[:, 1:]

        return pushed, mixed

    return ms.grad(f)(t, x) + 6 * u(z) * u_x(t, x) + u_xxx(t, x), by_hand


@program("Kuramoto-Sivashinsky, grad of columns", 2)
def _(u, z):
    t, x = columns_of(z)
    f = by_columns(u)
    u_x = ms.grad(f, 1)
    u_xx = ms.grad(u_x, 1)
    u_xxxx = ms.grad(ms.grad(u_xx, 1), 1)

    def by_hand():
        def pushed(f, x):
            value, u_x, u_xx, _, u_xxxx = orders(f, x, 1, 1, 1, 1)
            return orders(f, x, 0)[1] + value * u_x + u_xx + u_xxxx

        return (pushed,)

    return ms.grad(f)(t, x) + u(z) * u_x(t, x) + u_xx(t, x) + u_xxxx(t, x), by_hand


def plate_by_hand():
    def pushed(f, x):
        xxxx, yyyy, xxyy = (orders(f, x, *path)[4] for path in ((0, 0, 0, 0), (1, 1, 1, 1), (0, 0, 1, 1)))
        return xxxx + yyyy + 2 * xxyy

    def taylor(f, x):
        def along(v):
            v = jnp.broadcast_to(jnp.asarray(v, x.dtype), x.shape)
            run = f
            for _ in range(4):
                run = lambda x, inner=run: jax.jvp(inner, (x,), (v,))[1]  # noqa: E731
            return run(x)

        # Fourth derivatives along three directions at angles of 60 degrees.
        angles = [(np.cos(a), np.sin(a)) for a in np.pi / 3 * np.arange(3)]
        return 8 / 9 * sum(map(along, angles))

    return pushed, taylor


@program("plate, nested grad", 2, n=512)
def _(u, z):
    inner = mindspore_nested(ms, lambda z: u(z).sum(), 2)
    return mindspore_nested(ms, lambda z: inner(z).sum(), 2)(z).expand_dims(1), plate_by_hand


@program("plate, diffops", 2, n=512)
def _(u, z):
    return diffops.biharmonic(u)(z), plate_by_hand


def flow_by_hand():
    def residual(value, along_x, along_y, bent):
        momentum = value[:, :1] * along_x[:, :2] + value[:, 1:2] * along_y[:, :2] - 0.01 * bent[:, :2]
        pressure = jnp.concatenate([along_x[:, 2:], along_y[:, 2:]], 1)
        return jnp.concatenate([momentum + pressure, along_x[:, :1] + along_y[:, 1:2]], 1)

    def pushed(f, x):
        (value, along_x, xx), (_, along_y, yy) = orders(f, x, 0, 0), orders(f, x, 1, 1)
        return residual(value, along_x, along_y, xx + yy)

    def taylor(f, x):
        value, slopes, bent = collapsed(f, x, (1, 1))
        return residual(value, *slopes, bent)

    return pushed, taylor


def flow(value, slopes, second):
    """The residual of the Navier-Stokes equations, of what is known of (u, v, p)."""
    (u, v, _), (du, dv, dp) = value, slopes
    return ops.concat(
        (
            u * du[:, :1] + v * du[:, 1:] + dp[:, :1] - 0.01 * second[0],
            u * dv[:, :1] + v * dv[:, 1:] + dp[:, 1:] - 0.01 * second[1],
            du[:, :1] + dv[:, 1:],
        ),
        1,
    )


@program("Navier-Stokes, grad of each output", 2, 3)
def _(net, z):
    def slopes(k):
        return ms.grad(lambda z: net(z)[:, k].sum())

    def second(k, i):
        return ms.grad(lambda z: slopes(k)(z)[:, i].sum())(z)[:, i : i + 1]

    value = columns_of(net(z))
    return flow(value, [slopes(k)(z) for k in range(3)], [second(k, 0) + second(k, 1) for k in range(2)]), flow_by_hand


@program("Navier-Stokes, Cells of gradients", 2, 3)
def _(net, z):
    slopes = [[Slope(net, i, k) for i in range(2)] for k in range(3)]
    second = [sum(Slope(slopes[k][i], i)(z) for i in range(2)) for k in range(2)]
    return flow(columns_of(net(z)), [ops.concat([s(z) for s in one], 1) for one in slopes], second), flow_by_hand


@program("Navier-Stokes, diffops", 2, 3)
def _(net, z):
    value, slopes, bent = diffops.laplacian(net, lower=True)(z)
    return flow(columns_of(value), [slopes[:, k] for k in range(3)], columns_of(bent)), flow_by_hand


@program("elasticity, GradOperation with sens", 2, 2)
def _(net, z):
    every = ops.GradOperation(sens_param=True)

    def slope(k, i):
        def of(z):
            value = net(z)
            sens = ops.stack([ops.ones_like(value[:, 0]) * float(j == k) for j in range(2)], 1)
            return every(net)(z, sens)[:, i]

        return of

    def second(k, i, j):
        return every(slope(k, i))(z, ops.ones_like(z[:, 0]))[:, j : j + 1]

    def by_hand():
        def pushed(f, x):
            xx, yy, xy = (orders(f, x, *path)[2] for path in ((0, 0), (1, 1), (0, 1)))
            return jnp.concatenate([2 * xx[:, :1] + yy[:, :1] + xy[:, 1:], 2 * yy[:, 1:] + xx[:, 1:] + xy[:, :1]], 1)

        return (pushed,)

    along_x = 2 * second(0, 0, 0) + second(0, 1, 1) + second(1, 0, 1)
    return ops.concat((along_x, 2 * second(1, 1, 1) + second(1, 0, 0) + second(0, 0, 1)), 1), by_hand


# -- measuring ---------------------------------------------------------------------------------------------------------


def ours(residual):
    def gradient(layers, x):
        count = len(layers)

        def loss(*weights):
            pairs = list(zip(weights[:count], weights[count:], strict=True))

            def net(z):
                for w, b in pairs[:-1]:
                    z = ops.tanh(ops.dense(z, w, b))
                return ops.dense(z, *pairs[-1])

            return (residual(net, Tensor(x))[0] ** 2).mean()

        tensors = [Tensor(w) for w, _ in layers] + [Tensor(b) for _, b in layers]
        return [raw(g) for g in ms.grad(loss, tuple(range(2 * count)))(*tensors)]

    return gradient


def by_hand(residual):
    def loss(layers, x):
        def f(x):
            return jax_mlp(layers, jnp.tanh, x)

        f.layers = layers
        return (residual(f, x) ** 2).mean()

    def gradient(layers, x):
        found = jax.grad(loss)(layers, x)
        return [w for w, _ in found] + [b for _, b in found]

    return gradient


def hands_of(residual, d: int, m: int) -> tuple:
    """The ways by hand: what is returned beside the residual, of one point."""
    weights = Tensor(np.zeros((d, m), np.float32))
    return residual(lambda z: z.matmul(weights), Tensor(np.zeros((2, d), np.float32)))[1]()


def measure(name: str, rounds: int) -> dict:
    """formulation -> {"wall", "processor": seconds, "flops", "compile": seconds}"""
    residual, d, m, n = PROGRAMS[name]
    numbers = Numbers()
    layers, x = layers_of(numbers.dense([d, 64, 64, 64, 64, m])), numbers.normal(n, d)
    layers, x = jax.tree.map(jnp.asarray, layers), jnp.asarray(x)
    known = {"msjax": ours(residual)} | {one.__name__: by_hand(one) for one in hands_of(residual, d, m)}
    found, programs, expected = {}, {}, None
    for way, gradient in known.items():
        begin = time.perf_counter()
        programs[way] = compiled = jax.jit(gradient).lower(layers, x).compile()
        seconds = time.perf_counter() - begin
        result = np.asarray(compiled(layers, x)[0])
        expected = result if expected is None else expected
        np.testing.assert_allclose(result, expected, rtol=2e-2, atol=2e-3 * np.abs(expected).max(), err_msg=way)
        found[way] = {"compile": seconds, "flops": compiled.cost_analysis()["flops"]}
    times = turns.least(programs, (layers, x), rounds)
    return {way: times[way] | one for way, one in found.items()}


def row(name: str, found: dict) -> list:
    mine, others = found["msjax"], {way: one for way, one in found.items() if way != "msjax"}
    best = min(others, key=lambda way: others[way]["processor"])
    least = {what: min(one[what] for one in others.values()) for what in ("wall", "processor", "flops")}
    return [
        name,
        best,
        *(f"{1e3 * mine[what]:.3g} / {1e3 * least[what]:.3g}" for what in ("wall", "processor")),
        f"{mine['flops'] / 1e6:.0f} / {least['flops'] / 1e6:.0f}",
        *(f"{mine[what] / least[what]:.2f}" for what in ("wall", "processor", "flops")),
        f"{mine['compile']:.1f} / {others[best]['compile']:.1f}",
    ]


def main() -> None:
    options = turns.options(__doc__, 30, "programs")
    everything, rows = {}, []
    for name in PROGRAMS:
        if options.only in name:
            everything[name] = measure(name, options.rounds)
            rows.append(row(name, everything[name]))
            print(*rows[-1], sep=" | ", flush=True)
    columns = ["program", "fastest by hand", "ms of wall clock", "ms of processors", "10^6 flops"]
    columns += ["times by hand: wall clock", "processors", "flops", "s to compile"]
    text = f"{turns.title('Idioms')}\n\nOurs / the least by hand.\n\n{table(columns, rows)}\n"
    if options.only:
        print(text)
    else:
        turns.keep("idioms", text, everything)


if __name__ == "__main__":
    main()
