"""Which programs are compiled without fusion."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from msjax.compile import options


def lorenz(n):
    def steps(u):
        for _ in range(n):
            a, b, c = u[0], u[1], u[2]
            u = u + 0.01 * jnp.stack([10.0 * (b - a), a * (28.0 - c) - b, a * b - 8 / 3 * c])
        return u.sum()

    return jax.grad(steps), (3,)


def scalars(n):
    """XLA computes this in time that grows exponentially with n."""

    def steps(u):
        a, b, c = u[0], u[1], u[2]
        for _ in range(n):
            a, b, c = a + 0.1 * (b - a), b + 0.1 * (a * (2.0 - c) - b), c + 0.1 * (a * b - c)
        return a + b + c

    return jax.grad(steps), (3,)


def burgers(n):
    def steps(u):
        for _ in range(n):
            u = u - 0.1 * u * (u - jnp.roll(u, 1)) + 0.01 * (jnp.roll(u, 1) - 2 * u + jnp.roll(u, -1))
        return u.sum()

    return jax.grad(steps), (64,)


def deep_network(n):
    def loss(u):
        for _ in range(n):
            v = jnp.tanh(u @ jnp.full((8, 8), 0.1))
            u = jnp.concatenate([v[:, :4], u[:, 4:]], 1) * (v + v**3)
        return u.sum()

    return jax.grad(loss), (4, 8)


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="it is the CPU's compiler that is asked")
@pytest.mark.parametrize(
    "program, n, fused",
    [(lorenz, 2, True), (lorenz, 20, False), (scalars, 4, True), (scalars, 24, False), (burgers, 1, True),
     (burgers, 20, False), (deep_network, 20, True)],
)  # fmt: skip
def test_what_is_fused(program, n, fused):
    function, shape = program(n)
    u = np.linspace(0.1, 0.9, int(np.prod(shape)), dtype=np.float32).reshape(shape)
    chosen = options.options_for(jax.make_jaxpr(function)(u).jaxpr)
    assert (chosen is options._ALWAYS) == fused
    if program is scalars and not fused:
        compiled = jax.jit(function, compiler_options=chosen)
        with jax.disable_jit():
            expected = function(u)
        np.testing.assert_allclose(compiled(u), expected, 1e-4)


def test_inside_of_loops():
    function, _ = lorenz(20)
    looped = jax.make_jaxpr(lambda u: jax.lax.fori_loop(0, 3, lambda _, v: function(v), u))(jnp.ones(3))
    assert options.options_for(looped.jaxpr) is (
        options._UNFUSED if jax.default_backend() == "cpu" else options._ALWAYS
    )
