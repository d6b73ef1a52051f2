"""Hessian-vector products, tangent kernels, gradients of single rows, against what JAX makes of pure functions."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, diffops, nn
from msjax.core.tensor import raw

RNG = np.random.RandomState(0)
X = Tensor(RNG.randn(5, 3))


@pytest.fixture(params=[1, 2])
def net(request):
    ms.set_seed(1)
    cell = nn.SequentialCell(nn.Dense(3, 4), nn.Tanh(), nn.Dense(4, request.param))
    for p in cell.get_parameters():
        p.set_dtype(ms.float64)
    return cell


def pure(weights, x):
    """The same network on arrays."""
    w1, b1, w2, b2 = weights
    return jnp.tanh(x @ w1.T + b1) @ w2.T + b2


def loss_of(net):
    return lambda x: (net(x) ** 3).mean()


def pure_loss(weights, x):
    return (pure(weights, x) ** 3).mean()


def arrays(tensors):
    return [raw(t) for t in tensors]


def assert_close(found, expected):
    np.testing.assert_allclose(found.asnumpy(), expected, rtol=1e-10, atol=1e-12)


def test_hvp_by_weights(net):
    weights = net.trainable_params()
    direction = tuple(Tensor(RNG.randn(*w.shape)) for w in weights)
    product = diffops.hvp(loss_of(net), None, weights)
    gradient = jax.grad(pure_loss)
    _, expected = jax.jvp(lambda w: gradient(w, raw(X)), (arrays(weights),), (arrays(direction),))
    for _ in range(3):
        found = product(X, direction)
        assert isinstance(found, tuple) and len(found) == 4
        for one, other in zip(found, expected, strict=True):
            assert_close(one, other)
    (report,) = ms.explain(product).data
    assert (report["kind"], report["status"]) == ("hvp", "compiled")


def test_hvp_by_input_and_one_weight(net):
    bias = net.trainable_params()[1]
    at = Tensor(RNG.randn(5, 3)), Tensor(RNG.randn(4))
    of_x, of_bias = diffops.hvp(loss_of(net), 0, bias)(X, at)

    def gradient(x, b):
        w1, _, *rest = arrays(net.trainable_params())
        return jax.grad(lambda x, b: pure_loss((w1, b, *rest), x), (0, 1))(x, b)

    _, expected = jax.jvp(gradient, (raw(X), raw(bias)), tuple(arrays(at)))
    assert_close(of_x, expected[0])
    assert_close(of_bias, expected[1])


def test_hvp_of_two_positions_and_its_gradient():
    x, y, v = (Tensor(RNG.randn(3)) for _ in range(3))
    found = diffops.hvp(lambda x, y: (x**3 * y).sum(), (0, 1))(x, y, (v, v))
    assert_close(found[0], raw(6 * x * y * v + 3 * x**2 * v))
    assert_close(found[1], raw(3 * x**2 * v))
    third = ms.grad(lambda x: (diffops.hvp(lambda x: (x**3).sum())(x, v) * v).sum())
    assert_close(third(x), raw(6 * v * v))


def test_hvp_follows_a_rule_for_reverse_mode():
    class Cube(nn.Cell):
        def construct(self, x):
            return x**3

        def bprop(self, x, out, dout):
            return (6 * x**2 * dout,)  # twice the true one, to tell them apart

    x, v = Tensor(RNG.randn(3)), Tensor(RNG.randn(3))
    assert_close(diffops.hvp(Cube())(x, v), raw(12 * x * v))


def test_per_sample_grad(net):
    weights, y = net.trainable_params(), Tensor(RNG.randn(5, 1))

    def loss(x, y):
        return ((net(x) - y) ** 2).sum()

    rows = diffops.per_sample_grad(loss, weights)
    for _ in range(3):
        found = rows(X, y)
        for i in range(5):
            expected = ms.grad(loss, None, weights)(X[i : i + 1], y[i : i + 1])
            for one, other in zip(found, expected, strict=True):
                assert_close(one[i], raw(other))
    assert_close(diffops.per_sample_grad(loss, weights[0])(X, y), raw(found[0]))


def test_ntk(net):
    weights, other = net.trainable_params(), Tensor(RNG.randn(2, 3))
    kernel = diffops.ntk(net, weights)

    def expected(a, b):
        jacobian = [jax.jacobian(pure)(arrays(weights), raw(x)) for x in (a, b)]
        left, right = ([j.reshape(*j.shape[:2], -1) for j in js] for js in jacobian)
        found = sum(jnp.einsum("amp,bnp->abmn", p, q) for p, q in zip(left, right, strict=True))
        return found[..., 0, 0] if found.shape[-1] == 1 else found

    for _ in range(3):
        assert_close(kernel(X), expected(X, X))
        assert_close(kernel(X, other), expected(X, other))


def test_errors():
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    f = lambda x: (w * x).sum()  # noqa: E731
    with pytest.raises(ValueError, match="can not both be None"):
        diffops.hvp(f, None)
    with pytest.raises(ValueError, match="and a direction are needed"):
        diffops.hvp(f)(w)
    with pytest.raises(ValueError, match="v has invalid length: should be 1, but got 2"):
        diffops.hvp(f)(w, (w, w))
    with pytest.raises(TypeError, match="argument 0 must be a Tensor"):
        diffops.hvp(f)(1.0, w)
    with pytest.raises(RuntimeError, match="must be Parameters"):
        diffops.ntk(f, [1])
