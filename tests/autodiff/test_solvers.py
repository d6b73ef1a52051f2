"""Losses of solvers with networks in them: each kind of network in each kind of loss gives what plain JAX gives.

A network has a counterpart `(P, x) -> u` on arrays, a loss one on such a function. Losses take derivatives by the
inputs, and are differentiated by the weights; states, containers and exceptions are on the way.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.core.tensor import raw

RNG = np.random.default_rng(0)
SHAPES = {"w1": (2, 4), "b1": (4,), "w2": (4, 4), "w3": (4, 1), "c": ()}
START = {name: RNG.uniform(-0.8, 0.8, shape) for name, shape in SHAPES.items()}
POINTS = [RNG.uniform(-1, 1, (3, 2)) for _ in range(2)]
TARGET = RNG.uniform(-1, 1, (3, 1))
D = ms.float64


class Network(nn.Cell):
    """Weights by name; what uses them is added by the kinds below."""

    def __init__(self):
        super().__init__()
        for name, value in START.items():
            setattr(self, name, Parameter(Tensor(value, D), name=name))
        self.calls = Parameter(Tensor(0.0, D), name="calls", requires_grad=False)


class Plain(Network):
    def construct(self, x):
        return ops.tanh(ops.tanh(x @ self.w1 + self.b1) @ self.w2) @ self.w3 + self.c


def plain(P, x):
    return jnp.tanh(jnp.tanh(x @ P["w1"] + P["b1"]) @ P["w2"]) @ P["w3"] + P["c"]


class Sines(Network):
    """Weights that are used twice, and a skip."""

    def construct(self, x):
        h = ops.sin(x @ self.w1 + self.b1)
        for _ in range(2):
            h = h + ops.sin(h @ self.w2 * 0.5)
        return h @ self.w3 * self.c


def sines(P, x):
    h = jnp.sin(x @ P["w1"] + P["b1"])
    for _ in range(2):
        h = h + jnp.sin(h @ P["w2"] * 0.5)
    return h @ P["w3"] * P["c"]


class Counting(Network):
    """Counts its calls, and keeps what it saw last, while it is differentiated."""

    def construct(self, x):
        self.calls += 1
        self.seen = x * 2
        return ops.tanh(x @ self.w1 + self.b1) @ self.w3 * self.c + 0.0 * self.calls


def counting(P, x):
    return jnp.tanh(x @ P["w1"] + P["b1"]) @ P["w3"] * P["c"]


class Layers(Network):
    """Cells in a list, one of them with a rule of its own, one recomputed."""

    def __init__(self):
        super().__init__()
        self.inner = nn.CellList([Softplus(), nn.Tanh()])
        self.inner[1].recompute(use_reentrant=False)

    def construct(self, x):
        h = self.inner[0](x @ self.w1 + self.b1)
        return self.inner[1](h @ self.w2) @ self.w3


class Softplus(nn.Cell):
    def construct(self, x):
        return ops.log1p(ops.exp(x))

    def bprop(self, x, out, dout):
        return (dout * ops.sigmoid(x),)


def layers(P, x):
    return jnp.tanh(jax.nn.softplus(x @ P["w1"] + P["b1"]) @ P["w2"]) @ P["w3"]


class Written(Network):
    """Writes its hidden values in place, through views."""

    def construct(self, x):
        h = x @ self.w1
        h += self.b1
        first, second = h[:, :2], h[:, 2:]
        first[...] = ops.tanh(first)
        h[:, 2:] = ops.sin(second) * first
        features = ops.zeros((x.shape[0], 4), D)
        features[:, :3] = h[:, 1:]
        features[:, 3] += h[:, 0]
        return features @ self.w2 @ self.w3


def written(P, x):
    h = x @ P["w1"] + P["b1"]
    first = jnp.tanh(h[:, :2])
    second = jnp.sin(h[:, 2:]) * first
    return jnp.concatenate((first[:, 1:], second, first[:, :1]), 1) @ P["w2"] @ P["w3"]


class Boundary(Network):
    """A hard boundary condition, with a stopped scale and a choice by value."""

    def construct(self, x):
        u = ops.tanh(x @ self.w1 + self.b1) @ self.w3
        scale = ops.stop_gradient(ops.abs(self.c) + 1)
        far = ops.where(x[:, :1] > 0, u, u * 0.5)
        return x[:, 1:] * (1 - x[:, 1:]) * far / scale + self.c


def boundary(P, x):
    u = jnp.tanh(x @ P["w1"] + P["b1"]) @ P["w3"]
    scale = jax.lax.stop_gradient(jnp.abs(P["c"]) + 1)
    return x[:, 1:] * (1 - x[:, 1:]) * jnp.where(x[:, :1] > 0, u, u * 0.5) / scale + P["c"]


NETWORKS = {
    "plain": (Plain, plain),
    "sines": (Sines, sines),
    "counting": (Counting, counting),
    "layers": (Layers, layers),
    "written": (Written, written),
    "boundary": (Boundary, boundary),
}


def slope(u):
    """The gradient of a sum, for JAX."""
    return jax.grad(lambda x: u(x).sum())


# name: (loss of a network and points, the same of a function and arrays)
LOSSES: dict = {}


def loss(jax_loss):
    def add(ms_loss):
        LOSSES[ms_loss.__name__] = (ms_loss, jax_loss)
        return ms_loss

    return add


@loss(lambda u, x: ((slope(u)(x)[:, :1] - u(x)) ** 2).mean())
def first_order(net, x):
    u_x = ms.grad(net)(x)
    return ((u_x[:, :1] - net(x)) ** 2).mean()


@loss(lambda u, x: ((jax.grad(lambda y: slope(u)(y)[:, 1].sum())(x)[:, 1:] + u(x)) ** 2).mean())
def second_order(net, x):
    u_xx = ms.grad(lambda y: ms.grad(net)(y)[:, 1])(x)[:, 1:]
    return ((u_xx + net(x)) ** 2).mean()


def _burgers(u, x):
    d = slope(u)(x)
    d2 = jax.grad(lambda y: slope(u)(y)[:, 1].sum())(x)
    return ((d[:, :1] + u(x) * d[:, 1:] - 0.1 * d2[:, 1:]) ** 2).mean() + (u(x * jnp.array([0.0, 1.0])) ** 2).mean()


@loss(_burgers)
def burgers(net, x):
    t, y = x[:, :1], x[:, 1:]

    def u(t, y):
        return net(ops.concat((t, y), 1))

    u_t, u_y = ms.grad(u, (0, 1))(t, y)
    u_yy = ms.grad(ms.grad(u, 1), 1)(t, y)
    residual = u_t + u(t, y) * u_y - 0.1 * u_yy
    return (residual**2).mean() + (u(ops.zeros_like(t), y) ** 2).mean()


def _third(u, x):
    def first(y):
        return slope(u)(y)[:, 1].sum()

    def second(y):
        return jax.grad(first)(y)[:, 1].sum()

    return ((jax.grad(second)(x)[:, 1:] + 6 * u(x) * slope(u)(x)[:, 1:]) ** 2).mean()


@loss(_third)
def korteweg_de_vries(net, x):
    value, u_x = ms.value_and_grad(net)(x)

    def second(y):
        return ms.grad(lambda z: ms.grad(net)(z)[:, 1])(y)[:, 1]

    return ((ms.grad(second)(x)[:, 1:] + 6 * value * u_x[:, 1:]) ** 2).mean()


def _trace(u, x):
    h = jax.vmap(jax.hessian(lambda row: u(row[None])[0, 0]))(x)
    return ((jnp.trace(h, axis1=1, axis2=2) - x.sum(1)) ** 2).mean()


@loss(_trace)
def laplacian_at_points(net, x):
    return ((ms.diffops.laplacian(net)(x).reshape(-1) - x.sum(1)) ** 2).mean()


@loss(_trace)
def laplacian_by_columns(net, x):
    total = 0
    for i in range(2):
        total = total + ms.grad(lambda y, i=i: ms.grad(net)(y)[:, i])(x)[:, i]
    return ((total - x.sum(1)) ** 2).mean()


@loss(lambda u, x: (jax.vmap(jax.jacfwd(lambda row: u(row[None])[0]))(x) ** 2).sum())
def jacobians_of_rows(net, x):
    return sum((ms.jacrev(lambda row: net(row.expand_dims(0))[0])(row * 1) ** 2).sum() for row in x)


def _pushed(u, x):
    v = jnp.ones_like(x)
    return (jax.jvp(u, (x,), (v,))[1] ** 2).sum() + u(x).sum()


@loss(_pushed)
def pushed_forward(net, x):
    value, along = ms.jvp(net, x, ops.ones_like(x))
    return (along**2).sum() + value.sum()


@loss(_pushed)
def linearized(net, x):
    value, push = ops.linearize(net, x)
    return (push(ops.ones_like(x)) ** 2).sum() + value.sum()


@loss(lambda u, x: (jax.vjp(u, x)[1](jnp.cos(u(x)))[0] ** 2).sum())
def pulled_back(net, x):
    value, back = ms.vjp(net, x)
    return (back(ops.cos(value))[0] ** 2).sum()


@loss(lambda u, x: ((jnp.linalg.norm(slope(u)(x), axis=1) - 1) ** 2).mean() - u(x).mean())
def gradient_penalty(net, x):
    mixed = 0.5 * x + 0.5 * x
    slopes = ops.GradOperation()(net)(mixed)
    return ((ops.norm(slopes, dim=1) - 1) ** 2).mean() - net(x).mean()


def _hamilton(u, x):
    for _ in range(3):
        d = slope(u)(x)
        x = x + 0.1 * jnp.stack((d[:, 1], -d[:, 0]), 1)
    return (x**2).mean()


@loss(_hamilton)
def hamiltonian_steps(net, x):
    for _ in range(3):
        d = ms.grad(net)(x)
        x = x + 0.1 * ops.stack((d[:, 1], -d[:, 0]), 1)
    return (x**2).mean()


def _leapfrog(u, x):
    p, q = x[:, :1], x[:, 1:]

    def force(q):
        return -slope(lambda x: u(x))(jnp.concatenate((q, q), 1))[:, :1]

    for _ in range(2):
        p = p + 0.05 * force(q)
        q = q + 0.1 * p
        p = p + 0.05 * force(q)
    return (p * q).sum()


@loss(_leapfrog)
def leapfrog_in_place(net, x):
    p, q = x[:, :1].copy(), x[:, 1:].copy()

    def force(q):
        return -ms.grad(net)(ops.concat((q, q), 1))[:, :1]

    for _ in range(2):
        p.add_(0.05 * force(q))
        q.add_(0.1 * p)
        p.add_(0.05 * force(q))
    return (p * q).sum()


def _forces(u, x):
    def energy(r):
        d = r[:, None] - r[None]
        return (u((d**2).reshape(-1, 2)) * 0.1).sum()

    return (jax.grad(energy)(x) ** 2).sum() + energy(x)


@loss(_forces)
def energy_and_forces(net, x):
    def energy(r):
        d = r[:, None] - r[None]
        return (net((d**2).reshape(-1, 2)) * 0.1).sum()

    value, forces = ms.value_and_grad(energy)(x)
    return (forces**2).sum() + value


def _lagrange(u, x):
    def one(row):
        def L(q, v):
            return u(jnp.stack((q, v))[None])[0, 0] + v * v

        q, v = row
        return (jax.grad(L)(q, v) - jax.grad(jax.grad(L, 1))(q, v) * v) / jax.grad(jax.grad(L, 1), 1)(q, v)

    return (jax.vmap(one)(x) ** 2).sum()


@loss(_lagrange)
def lagrangian(net, x):
    def L(q, v):
        return net(ops.stack((q, v), 1))[:, 0] + v * v

    q, v = x[:, 0] * 1, x[:, 1] * 1
    L_q = ms.grad(L)(q, v)
    L_vq = ms.grad(ms.grad(L, 1), 0)(q, v)
    L_vv = ms.grad(ms.grad(L, 1), 1)(q, v)
    return (((L_q - L_vq * v) / L_vv) ** 2).sum()


def _sliced(u, x):
    s = slope(u)
    v = jnp.array([[1.0, -0.5]] * 3)
    return ((v * jax.jvp(s, (x,), (v,))[1]).sum(1) + 0.5 * (s(x) ** 2).sum(1)).mean()


@loss(_sliced)
def sliced_score_matching(net, x):
    v = Tensor([[1.0, -0.5]] * 3, D)
    score, along = ms.jvp(ms.grad(net), x, v)
    return ((v * along).sum(1) + 0.5 * (score**2).sum(1)).mean()


def _flow(u, x):
    def g(row):
        return row + 0.1 * slope(lambda r: u(r[None]))(row)

    return jax.vmap(lambda row: jnp.linalg.slogdet(jax.jacfwd(g)(row))[1])(x).sum() - (jax.vmap(g)(x) ** 2).sum()


@loss(_flow)
def flow_with_determinants(net, x):
    def g(row):
        return row + 0.1 * ms.grad(lambda r: net(r.expand_dims(0)))(row)

    def one(row):
        return ops.slogdet(ms.jacfwd(g)(row))[1]

    return sum(one(row * 1) for row in x) - sum((g(row * 1) ** 2).sum() for row in x)


@loss(lambda u, x: (jax.grad(lambda y: (slope(u)(y) * jnp.arange(1.0, 3)).sum())(x) ** 2).sum())
def product_with_the_hessian(net, x):
    v = Tensor([1.0, 2.0], D)
    return (ms.vjp(ms.grad(net), x)[1](v.broadcast_to((3, 2)))[0] ** 2).sum()


@loss(lambda u, x: ((u(x) - TARGET) ** 2).mean() + 0.1 * (slope(lambda y: (u(y) - TARGET) ** 2)(x) ** 2).mean())
def sobolev_with_aux(net, x):
    target = Tensor(TARGET, D)

    def forward(x, name):
        u = net(x)
        return ((u - target) ** 2).sum(), {"u": u, "name": name, "nothing": None}, 3

    slopes, (kept, count) = ms.grad(forward, has_aux=True)(x, "here")
    assert kept["name"] == "here" and kept["nothing"] is None and count == 3
    return ((kept["u"] - target) ** 2).mean() + 0.1 * (slopes**2).mean()


def _recovering(u, x):
    return (slope(u)(x) ** 2).sum()


@loss(_recovering)
def after_an_exception(net, x):
    def failing(y):
        net(y)
        raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        ms.grad(failing)(x)
    return (ms.grad(net)(x) ** 2).sum()


@loss(lambda u, x: (slope(u)(x) ** 2).sum() + (u(x) ** 3).sum())
def in_compiled_functions(net, x):
    slopes = ms.jit(ms.grad(net))(x)
    return (slopes**2).sum() + ms.jit(lambda y: (net(y) ** 3).sum())(x)


@loss(lambda u, x: (jax.vmap(jax.grad(lambda row: u(row[None]).sum()))(x) ** 2).sum())
def sample_by_sample(net, x):
    return (ms.vmap(ms.grad(lambda row: net(row.expand_dims(0)).sum()))(x) ** 2).sum()


def differ(where, got, expected):
    got = raw(got) if isinstance(got, Tensor) else got
    np.testing.assert_allclose(got, expected, rtol=1e-7, atol=1e-9, err_msg=where)


def check(network, name):
    cell, function = NETWORKS[network]
    ms_loss, jax_loss = LOSSES[name]
    for mode in ("off", "auto"):
        ms.set_compile(mode)
        net = cell()
        weights = [p for p in net.get_parameters() if p.requires_grad]
        step = ms.value_and_grad(lambda x: ms_loss(net, x), None, weights)  # noqa: B023
        P = {p.name: jnp.asarray(p.asnumpy()) for p in weights}
        jax_step = jax.jit(jax.value_and_grad(lambda P, x: jax_loss(lambda y: function(P, y), x)))
        for points in (POINTS[0], POINTS[0], POINTS[1]):
            value, gradients = step(Tensor(points, D))
            expected, slopes = jax_step(P, jnp.asarray(points))
            differ(f"{mode} value", value, expected)
            for p, g in zip(weights, gradients, strict=True):
                differ(f"{mode} {p.name}", g, slopes[p.name])
            for p, g in zip(weights, gradients, strict=True):
                p.set_data(p - 0.1 * g)
            P = {name: P[name] - 0.1 * slopes[name] for name in P}


@pytest.fixture(autouse=True)
def _auto():
    yield
    ms.set_compile("auto")


SOME = list(zip(NETWORKS, LOSSES, strict=False))


@pytest.mark.parametrize(("network", "name"), SOME)
def test_as_in_jax(network, name):
    check(network, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("network", NETWORKS)
def test_every_pair_as_in_jax(network, name):
    check(network, name)
