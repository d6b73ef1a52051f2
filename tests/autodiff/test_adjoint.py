"""Every differentiable operator: <J v, w> == <v, J' w>, and J v is what finite differences give."""

import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms

sys.path.insert(0, str(Path(__file__).parent))

from samples import LEFT_OUT, REASONS, SAMPLES, as_function, draws, operators

from sampling import sampled

OPERATORS = operators()
DIFFERENTIABLE = [name for name in OPERATORS if name not in LEFT_OUT]
STEP = 1e-5


def dot(first: list, second: list):
    return sum(jnp.vdot(a, b).real for a, b in zip(first, second, strict=True))


def products(function, x, v, w):
    """<J v, w> in forward mode, in reverse mode and by differences."""
    pushed = jax.jvp(function, (x,), (v,))[1]
    (pulled,) = jax.vjp(function, x)[1](jax.tree.map(jnp.conj, w))
    ahead, behind = (function([a + sign * STEP * b for a, b in zip(x, v, strict=True)]) for sign in (1, -1))
    return dot(pushed, w), dot(v, jax.tree.map(jnp.conj, pulled)), (dot(ahead, w) - dot(behind, w)) / (2 * STEP)


def told(name: str):
    function, x = as_function(name, OPERATORS[name])
    rng = np.random.default_rng(0)
    drawn = draws(name, OPERATORS[name])

    def seeded(given):
        if drawn:
            ms.set_seed(0)
        return function(given)

    w = [jnp.asarray(rng.normal(size=a.shape), a.dtype) for a in seeded(x)]
    v = [jnp.asarray(rng.normal(size=a.shape), a.dtype) for a in x]
    assert x and w, "no derivative: list it among those left out"
    compute = products if drawn else jax.jit(products, static_argnums=0)
    return compute(seeded, x, v, w)


@pytest.mark.parametrize("name", sampled(8, DIFFERENTIABLE))
def test_adjoint(name):
    forward, reverse, differences = told(name)
    np.testing.assert_allclose(forward, reverse, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(forward, differences, rtol=1e-4, atol=1e-6)


def test_no_operator_is_forgotten():
    assert {*SAMPLES, *LEFT_OUT} <= {*OPERATORS}
    coarse = REASONS["it computes in float32, which is too coarse for differences"].split()  # other sweeps can use it
    assert not {*SAMPLES} & {*LEFT_OUT} - {*coarse}
    assert len(DIFFERENTIABLE) > 550
