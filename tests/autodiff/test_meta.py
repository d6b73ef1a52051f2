"""Programs that learn to learn, and their kin: steps of optimizers, states and derivatives inside of what is
differentiated. Each gives what plain JAX gives, compiled as eagerly, call after call."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.core.tensor import raw

D = ms.float64
RNG = np.random.default_rng(1)
W, X, Y, V = RNG.normal(size=(2, 2)), RNG.normal(size=(3, 2)), RNG.normal(size=(3, 2)), RNG.normal(size=(2, 2))
CALLS = range(3)

PROGRAMS: dict = {}


def program(expected):
    """A generator of results of `CALLS`, beside a function of the call's number that gives what JAX gives.

    A program takes a Parameter that holds W.
    """

    def add(function):
        PROGRAMS[function.__name__] = (function, expected)
        return function

    return add


def given(k):
    return Tensor(X * (k + 1), D), Tensor(Y, D)


def fit(w, x, y):
    """A loss, for both sides."""
    return (((x @ w) ** 3 * 0.1 + x @ w - y) ** 2).mean()


def jax_fit(w, k):
    return fit(w, X * (k + 1), Y)


def weight(value=W, name="w"):
    return Parameter(Tensor(value, D), name=name)


# -- inner steps -----------------------------------------------------------------------------------------------------


def _maml(k, steps=1, first_order=False):
    def outer(w):
        fast = w
        for _ in range(steps):
            g = jax.grad(jax_fit)(fast, k)
            fast = fast - 0.1 * (jax.lax.stop_gradient(g) if first_order else g)
        return jax_fit(fast, k)

    value, g = jax.value_and_grad(outer)(W)
    return value, (g,)


@program(_maml)
def inner_step_on_values():
    w = weight()

    def outer(x, y):
        g = ms.grad(lambda t: fit(t, x, y))(w)
        return fit(w - 0.1 * g, x, y)

    step = ms.value_and_grad(outer, None, [w])
    for k in CALLS:
        yield step(*given(k))


@program(lambda k: _maml(k, steps=3))
def inner_steps_of_weights():
    w = weight()
    inner = ms.grad(fit)

    def outer(x, y):
        fast = w * 1
        for _ in range(3):
            fast = fast - 0.1 * inner(fast, x, y)
        return fit(fast, x, y)

    step = ms.value_and_grad(outer, None, [w])
    for k in CALLS:
        yield step(*given(k))


@program(lambda k: _maml(k, steps=2, first_order=True))
def inner_steps_of_first_order():
    w = weight()

    def outer(x, y):
        fast = w
        for _ in range(2):
            fast = fast - 0.1 * ops.stop_gradient(ms.grad(fit)(fast * 1, x, y))
        return fit(fast, x, y)

    step = ms.value_and_grad(outer, None, [w])
    for k in CALLS:
        yield step(*given(k))


@program(lambda k: jax.grad(lambda w: jax_fit(w - jnp.exp(-1.0) * jax.grad(jax_fit)(w, k), k))(W))
def inner_step_on_a_position():
    rate = Parameter(Tensor(-1.0, D), name="rate")

    def outer(t, x, y):
        return fit(t - ops.exp(rate) * ms.grad(fit)(t * 1, x, y), x, y)

    for k in CALLS:
        yield ms.grad(outer)(Tensor(W, D), *given(k))


def _rates(k):
    def outer(rate):
        return jax_fit(W - jnp.exp(rate) * jax.grad(jax_fit)(W, k), k)

    return jax.value_and_grad(outer)(-jnp.ones((2, 2)))


@program(_rates)
def learned_learning_rates():
    w, rate = weight(), weight(-np.ones((2, 2)), "rate")

    def outer(x, y):
        g = ms.grad(fit)(ops.stop_gradient(w), x, y)
        return fit(ops.stop_gradient(w) - ops.exp(rate) * g, x, y)

    for k in CALLS:
        yield ms.value_and_grad(outer, None, rate)(*given(k))


# -- steps that write ------------------------------------------------------------------------------------------------


def _written_steps(k):
    w = jnp.asarray(W)
    for i in range(k + 1):
        w = w - 0.125 * jax.grad(jax_fit)(w, i)
    return jax_fit(w, k), w


@program(_written_steps)
def optimizer_inside_of_what_is_differentiated():
    w = weight()
    optimizer = nn.SGD([w], 0.125)

    def outer(x, y):
        g = ms.grad(lambda: fit(w, x, y), None, [w])()
        optimizer(g)
        return fit(w, x, y)

    step = ms.value_and_grad(outer)
    for k in CALLS:
        value, _ = step(*given(k))
        yield value, w * 1


@program(lambda k: (_written_steps(k)[1], jax.grad(jax_fit)(_written_steps(k)[1], k)))
def gradient_after_a_step_in_the_same_function():
    w = weight()

    def outer(x, y):
        g = ms.grad(lambda: fit(w, x, y), None, [w])()
        ops.assign(w, w - 0.125 * g[0])
        now = w * 1
        return ms.grad(lambda t: fit(t, x, y))(now), now

    for k in CALLS:
        g, now = outer(*given(k))
        yield now, g


def _accumulated(k):
    total = sum((jax_fit(jnp.asarray(W), i) for i in range(k + 1)), 0.0)
    return jax.grad(jax_fit)(W, k), total, k + 1


@program(_accumulated)
def sums_kept_in_parameters():
    w, total, count = weight(), Parameter(Tensor(0.0, D), name="total"), Parameter(Tensor(0), name="count")
    total.requires_grad = count.requires_grad = False

    def forward(x, y):
        loss = fit(w, x, y)
        ops.assign_add(total, ops.stop_gradient(loss))
        count.add_(1)
        return loss

    for k in CALLS:
        (g,) = ms.grad(forward, None, [w])(*given(k))
        yield g, total * 1, count * 1


def _averaged(k):
    slow = jnp.asarray(W)
    for _ in range(k + 1):
        slow = 0.5 * slow + 0.5 * (W + 1)
    return jax.grad(lambda w: ((X @ w - X @ slow) ** 2).mean())(W)


@program(_averaged)
def target_that_follows():
    w, slow = weight(), Parameter(Tensor(W, D), name="slow", requires_grad=False)

    def forward():
        slow.set_data(0.5 * slow + 0.5 * (w + 1))
        return ((Tensor(X, D) @ w - Tensor(X, D) @ slow) ** 2).mean()

    for _ in CALLS:
        yield ms.grad(forward, None, w)()


# -- derivatives of derivatives by weights ---------------------------------------------------------------------------


@program(lambda k: jax.grad(lambda w: (jax.grad(jax_fit)(w, k) * V).sum())(W))
def product_with_the_hessian_of_weights():
    w = weight()
    inner = ms.grad(lambda x, y: fit(w, x, y), None, [w])
    outer = ms.grad(lambda x, y: (inner(x, y)[0] * Tensor(V, D)).sum(), None, [w])
    for k in CALLS:
        yield outer(*given(k))[0]


@program(lambda k: jax.value_and_grad(lambda w: jax_fit(w, k) + 0.3 * jnp.linalg.norm(jax.grad(jax_fit)(w, k)))(W))
def penalty_on_the_gradient_of_weights():
    w = weight()
    inner = ms.value_and_grad(lambda x, y: fit(w, x, y), None, w)

    def outer(x, y):
        value, g = inner(x, y)
        return value + 0.3 * ops.norm(g)

    for k in CALLS:
        yield ms.value_and_grad(outer, None, w)(*given(k))


def _sharpness(k):
    g = jax.grad(jax_fit)(W, k)
    return jax.grad(jax_fit)(W + 0.05 * g / jnp.linalg.norm(g), k)


@program(_sharpness)
def sharpness_aware_step():
    w = weight()
    gradient = ms.grad(lambda x, y: fit(w, x, y), None, w)
    for k in CALLS:
        g = gradient(*given(k))
        old = w.value().copy()
        w.set_data(w + 0.05 * g / ops.norm(g))
        yield gradient(*given(k))
        w.set_data(old)


@program(lambda k: jax.jacfwd(jax.grad(lambda x: fit(W, x, Y).sum()))(X * (k + 1)))
def hessian_by_inputs_of_a_function_of_weights():
    w = weight()
    for k in CALLS:
        x, y = given(k)
        yield ms.jacfwd(ms.grad(lambda x: fit(w, x, y)))(x)  # noqa: B023


@program(lambda k: jax.jacrev(lambda w: jax.grad(fit, 1)(w, X * (k + 1), Y))(W))
def mixed_second_derivatives():
    for k in CALLS:
        x, y = given(k)
        yield ms.jacrev(lambda w: ms.grad(fit, 1)(w, x, y))(Tensor(W, D))  # noqa: B023


def _hyper(k):
    """The gradient by a weight decay of the loss after steps with it."""

    def outer(decay):
        w = jnp.asarray(W)
        for _ in range(3):
            w = w - 0.1 * jax.grad(lambda w: jax_fit(w, k) + decay * (w * w).sum())(w)
        return jax_fit(w, k)

    return jax.value_and_grad(outer)(0.2)


@program(_hyper)
def gradient_by_a_weight_decay():
    def outer(decay, x, y):
        w = Tensor(W, D)
        for _ in range(3):
            w = w - 0.1 * ms.grad(lambda w: fit(w, x, y) + decay * (w * w).sum())(w)
        return fit(w, x, y)

    for k in CALLS:
        yield ms.value_and_grad(outer)(Tensor(0.2, D), *given(k))


def _fixed_point(k):
    def solve(a):
        z = jnp.zeros(2)
        for _ in range(60):
            z = jnp.tanh(0.3 * a @ z + X[k % 3])
        return z

    return jax.grad(lambda a: solve(a).sum())(W)


class FixedPoint(nn.Cell):
    """Its derivative is that of the equation which it solves."""

    def construct(self, a, b):
        z = ops.zeros(2, D)
        for _ in range(60):
            z = ops.tanh(0.3 * a @ z + b)
        return z

    def bprop(self, a, b, out, dout):
        _, back = ms.vjp(lambda a, z: ops.tanh(0.3 * a @ z + b), a, out)
        adjoint = dout
        for _ in range(60):
            adjoint = dout + back(adjoint)[1]
        return back(adjoint)[0], None


@program(_fixed_point)
def implicit_derivative():
    solve = FixedPoint()
    for k in CALLS:
        yield ms.grad(lambda a: solve(a, Tensor(X[k % 3], D)))(Tensor(W, D))  # noqa: B023


# -- networks --------------------------------------------------------------------------------------------------------


def _normalized(x, mean, var, training=True):
    m, v = (x.mean(0), x.var(0)) if training else (mean, var)
    out = jnp.tanh((x - m) / jnp.sqrt(v + 1e-5))
    return out, 0.9 * mean + 0.1 * x.mean(0), 0.9 * var + 0.1 * x.var(0, ddof=1)


def _through_batch_norm(k):
    mean, var = jnp.zeros(2), jnp.ones(2)
    for i in range(k + 1):
        x = X * (i + 1)
        tangent = jax.jvp(lambda x: _normalized(x, mean, var)[0], (x,), (Y,))[1]  # noqa: B023
        _, mean, var = _normalized(x, mean, var)
    return tangent, mean, var


@program(_through_batch_norm)
def forward_derivative_of_a_network_in_training():
    norm = nn.BatchNorm1d(2, dtype=D).set_train()
    net = nn.SequentialCell(norm, nn.Tanh())
    for k in CALLS:
        _, tangent = ms.jvp(net, Tensor(X * (k + 1), D), Tensor(Y, D))
        yield tangent, norm.moving_mean * 1, norm.moving_variance * 1


def _pulled_through_batch_norm(k):
    _, mean, var = _through_batch_norm(k)
    return jax.vjp(lambda x: _normalized(x, mean, var)[0], X * (k + 1))[1](Y)[0], mean, var


@program(_pulled_through_batch_norm)
def pullback_of_a_network_in_training():
    norm = nn.BatchNorm1d(2, dtype=D).set_train()
    net = nn.SequentialCell(norm, nn.Tanh())
    for k in CALLS:
        _, back = ms.vjp(net, Tensor(X * (k + 1), D))
        yield back(Tensor(Y, D))[0], norm.moving_mean * 1, norm.moving_variance * 1


class Shared(nn.Cell):
    """Two heads on one trunk; a dict, a number and None come with the loss."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.Dense(2, 2, weight_init=Tensor(W, D), has_bias=False, dtype=D)
        self.heads = nn.CellList([self.trunk, nn.Tanh()])

    def construct(self, x):
        h = self.heads[1](self.trunk(x))
        return self.heads[0](h).sum(), {"h": h, "k": None}, 3


@program(lambda k: jax.value_and_grad(lambda w: (jnp.tanh(X * (k + 1) @ w.T) @ w.T).sum())(W))
def weights_that_networks_share():
    net = Shared()
    step = ms.value_and_grad(net, None, net.trainable_params(), has_aux=True)
    for k in CALLS:
        (value, kept, three), (g,) = step(given(k)[0])
        assert (kept["k"], three, kept["h"].shape) == (None, 3, (3, 2))
        yield value, g


def _generated(k):
    return jax.grad(lambda w: fit(jnp.sin(w) @ w, X * (k + 1), Y))(W)


class Target(nn.Cell):
    """A network whose weight another one makes."""

    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor(W, D), name="w")

    def construct(self, x, y):
        self.made = ops.sin(self.w) @ self.w
        return fit(self.made, x, y)


@program(_generated)
def weights_that_a_network_makes():
    net = Target()
    for k in CALLS:
        yield ms.grad(net, None, net.w)(*given(k))
        np.testing.assert_allclose(net.made, np.sin(W) @ W)


@program(lambda k: jax.vmap(lambda x, y: jax.grad(fit)(W, x[None], y[None]))(X * (k + 1), Y))
def gradients_of_samples():
    w = weight()
    each = ms.vmap(ms.grad(lambda x, y: fit(w, x.expand_dims(0), y.expand_dims(0)), None, w))
    for k in CALLS:
        yield each(*given(k))


def _tangent_kernel(k):
    J = jax.jacrev(lambda w: jnp.tanh(X * (k + 1) @ w).sum(1))(W).reshape(3, -1)
    return J @ J.T


@program(_tangent_kernel)
def tangent_kernel():
    for k in CALLS:
        x, _ = given(k)
        J = ms.jacrev(lambda w: ops.tanh(x @ w).sum(1))(Tensor(W, D)).reshape(3, -1)  # noqa: B023
        yield J @ J.T


def _curvature(k):
    f = lambda w: jnp.tanh(X * (k + 1) @ w)  # noqa: E731
    tangent = jax.jvp(f, (jnp.asarray(W),), (V,))[1]
    return jax.vjp(f, jnp.asarray(W))[1](2 * tangent)[0]


@program(_curvature)
def product_with_gauss_newton():
    for k in CALLS:
        x, _ = given(k)

        def f(w):
            return ops.tanh(x @ w)  # noqa: B023

        _, tangent = ms.jvp(f, Tensor(W, D), Tensor(V, D))
        yield ms.vjp(f, Tensor(W, D))[1](2 * tangent)[0]


@program(lambda k: jax.grad(jax_fit)(W, k))
def after_exceptions():
    w = weight()
    count = []

    def forward(x, y):
        loss = fit(w, x, y)
        w_before = w * 1
        count.append(1)
        if len(count) % 2:
            ops.assign(w, w * 0 + 7)
            ms.grad(lambda t: (t @ Tensor(np.ones((5, 5)), D)).sum())(w)
        return loss + 0 * w_before.sum()

    for k in CALLS:
        with pytest.raises(RuntimeError, match="columns and rows"):
            ms.grad(forward, None, w)(*given(k))
        w.set_data(Tensor(W, D))
        yield ms.grad(forward, None, w)(*given(k))


# -- the comparison --------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _auto():
    yield
    ms.set_compile("auto")


@pytest.mark.parametrize("mode", ["off", "auto"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_as_in_jax(name, mode):
    run, expected = PROGRAMS[name]
    ms.set_compile(mode)
    for k, results in enumerate(run()):
        got = [raw(t) if isinstance(t, Tensor) else t for t in jax.tree.leaves(results)]
        wanted = jax.tree.leaves(expected(k))
        assert len(got) == len(wanted)
        for one, other in zip(got, wanted, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-11, err_msg=f"call {k}")
