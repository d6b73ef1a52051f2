"""Bessel functions against scipy, to the dtype, and their derivatives against differences of higher precision."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.special as special

import msjax as ms
from msjax import Tensor, ops
from msjax.ops.maths import bessel

NAMES = ("j0", "j1", "y0", "y1", "k0", "k0e", "k1", "k1e")
POINTS = np.concatenate([np.geomspace(1e-20, 1, 50), np.linspace(0.02, 60, 400), np.geomspace(60, 700, 20)])


@pytest.mark.parametrize("dtype", [ms.float16, ms.float32, ms.float64], ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_as_accurate_as_scipy(name, dtype):
    x = Tensor(POINTS if dtype == ms.float64 else POINTS[POINTS > 1e-3], dtype)
    found = getattr(ops, f"bessel_{name}")(x)
    assert found.dtype == dtype
    expected = getattr(special, name)(x.asnumpy().astype(np.float64))
    size = np.abs(expected)
    if name[0] in "jy":  # where waves cross 0, errors are those of their amplitude
        size = np.maximum(size, np.sqrt(2 / np.pi / np.maximum(x.asnumpy().astype(np.float64), 0.6)))
    limits = np.finfo(found.asnumpy().dtype)
    shown = (np.abs(expected) > 10 * limits.tiny) & (np.abs(expected) < limits.max)
    # scipy's own phase is off by a rounding of x
    slack = 8 + (np.abs(x.asnumpy()) if dtype == ms.float64 and name[0] in "jy" else 0)
    error = np.abs(found.asnumpy() - expected) / size / limits.eps
    assert (error / slack)[shown].max() < 1


# Where scipy's phase is off: what mpmath gives at 1000, 5000 and 10000.
FAR = {
    "j0": [0.024786686152420176, -0.0066489842514483475, -0.0070961603533888015],
    "j1": [0.004728311907089524, -0.00911740571364616, 0.0036474507555295803],
    "y0": [0.0047159179776228135, -0.009116740769643963, 0.0036478055589866058],
    "y1": [-0.024784331292351778, 0.00664807261062542, 0.007096342752536495],
}


@pytest.mark.parametrize("name", FAR)
def test_far_out(name):
    found = getattr(ops, f"bessel_{name}")(Tensor([1e3, 5e3, 1e4], ms.float64)).asnumpy()
    np.testing.assert_allclose(found, FAR[name], rtol=0, atol=1e-17)


def derivative(name: str, n: int, x):
    """By scipy's recurrences, which go through other orders."""
    order = int(name[1])
    if name[0] != "k":
        return {"j": special.jvp, "y": special.yvp}[name[0]](order, x, n)
    if name.endswith("e"):
        return np.exp(x) * sum(special.comb(n, k) * special.kvp(order, x, k) for k in range(n + 1))
    return special.kvp(order, x, n)


@pytest.mark.parametrize("name", NAMES)
def test_derivatives_of_every_order(name):
    function, points = getattr(bessel, name), jnp.array([0.1, 1.0, 2.5, 7.9, 9.0])
    for order in range(1, 4):
        function = jax.grad(function)
        np.testing.assert_allclose(jax.vmap(function)(points), derivative(name, order, np.array(points)), rtol=1e-9)


def test_derivatives_of_scaled_ones_keep_their_digits():
    """Far out exp(x) * K1(x) falls as 1 / sqrt(x), though exp(x) grows."""
    slope = jax.grad(jax.grad(bessel.k1e))(jnp.float32(400.0))
    x, size = 400.0, np.sqrt(np.pi / 2)
    terms = [1, 3 / 8, -15 / 128]  # of 1 / x, of the asymptotic series
    expected = size * sum(a * (k + 0.5) * (k + 1.5) * x ** -(k + 2.5) for k, a in enumerate(terms))
    np.testing.assert_allclose(slope, expected, rtol=1e-5)


def test_those_of_the_first_kind_are_smooth_at_0():
    derivatives = [1.0, -0.0, -0.5, 0.0, 0.375]
    for name, expected in (("j0", derivatives), ("j1", [-d for d in derivatives[1:]])):
        function = getattr(bessel, name)
        for value in expected:
            assert function(jnp.float64(0)) == value
            function = jax.grad(function)


def test_integers_are_float32():
    assert ops.bessel_j0(Tensor([1, 2])).dtype == ms.float32
