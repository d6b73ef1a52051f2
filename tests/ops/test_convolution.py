"""Convolutions against sums written out in numpy, sizes against MindSpore's."""

import itertools
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from msjax import Tensor, mint, ops
from msjax.ops.networks import convolution

X = np.arange(2 * 2 * 5 * 5, dtype=np.float32).reshape(2, 2, 5, 5)
W = np.arange(4 * 2 * 3 * 3, dtype=np.float32).reshape(4, 2, 3, 3) / 10


def correlate(x, w):
    out = np.zeros((x.shape[0], w.shape[0], x.shape[2] - w.shape[2] + 1, x.shape[3] - w.shape[3] + 1), np.float32)
    for i, j in itertools.product(range(out.shape[2]), range(out.shape[3])):
        patch = x[:, :, i : i + w.shape[2], j : j + w.shape[3]]
        out[:, :, i, j] = np.einsum("ncij,ocij->no", patch, w)
    return out


def test_conv2d_is_a_correlation():
    expected = correlate(X, W)
    for result in (ops.conv2d(Tensor(X), Tensor(W)), ops.Conv2D(4, 3)(Tensor(X), Tensor(W))):
        np.testing.assert_allclose(result.asnumpy(), expected, rtol=1e-5)
    padded = correlate(np.pad(X, ((0, 0), (0, 0), (1, 1), (2, 2))), W)
    result = ops.conv2d(Tensor(X), Tensor(W), Tensor(np.ones(4, np.float32)), 1, "pad", (1, 2))
    np.testing.assert_allclose(result.asnumpy(), padded + 1, rtol=1e-5)


def test_same_padding_with_stride():
    result = ops.conv2d(Tensor(X), Tensor(W), pad_mode="same", stride=2).asnumpy()
    np.testing.assert_allclose(result.ravel()[:5], [178.4, 276.8, 188.8, 328.2, 495.3], rtol=1e-5)


def test_channels_last_and_groups():
    last = ops.Conv2D(4, 3, data_format="NHWC")(Tensor(X.transpose(0, 2, 3, 1)), Tensor(W.transpose(0, 2, 3, 1)))
    np.testing.assert_allclose(last.asnumpy().transpose(0, 3, 1, 2), correlate(X, W), rtol=1e-5)
    grouped = ops.conv2d(Tensor(X), Tensor(W[:, :1]), groups=2).asnumpy()
    np.testing.assert_allclose(grouped[:, :2], correlate(X[:, :1], W[:2, :1]), rtol=1e-5)


@pytest.mark.parametrize("groups", [1, 2])
def test_transposed_is_the_adjoint(groups):
    """<conv(x), y> = <x, transposed(y)>."""
    w = W[:, : 2 // groups]
    y = np.arange(2 * 4 * 3 * 3, dtype=np.float32).reshape(2, 4, 3, 3)
    forward = ops.conv2d(Tensor(X), Tensor(w), stride=2, pad_mode="pad", padding=1, groups=groups).asnumpy()
    back = mint.nn.functional.conv_transpose2d(Tensor(y), Tensor(w), stride=2, padding=1, groups=groups).asnumpy()
    np.testing.assert_allclose((forward * y).sum(), (X * back).sum(), rtol=1e-5)


@pytest.mark.parametrize(("mode", "pad", "stride", "size"), [("valid", 0, 1, 7), ("same", 0, 2, 10), ("pad", 1, 2, 10)])
def test_sizes_of_conv3d_transpose(mode, pad, stride, size):
    layer = ops.Conv3DTranspose(2, 2, (3, 3, 3), pad_mode=mode, pad=pad, stride=stride, output_padding=1 if pad else 0)
    assert (
        layer(Tensor(np.ones((1, 2, 5, 5, 5), np.float32)), Tensor(np.ones((2, 2, 3, 3, 3), np.float32))).shape
        == (1, 2) + (size,) * 3
    )


def test_dense():
    x, w = X[0, 0], W[0, 0, :, :].repeat(2, 1)[:, :5]
    np.testing.assert_allclose(
        ops.dense(Tensor(x), Tensor(w), Tensor([1.0, 2.0, 3.0])).asnumpy(), x @ w.T + [1, 2, 3], rtol=1e-5
    )


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x, w: ops.conv2d(x[0], w), ValueError),
        (lambda x, w: ops.conv2d(x, w[:, :1]), RuntimeError),
        (lambda x, w: ops.conv2d(x, w, pad_mode="other"), ValueError),
        (lambda x, w: ops.conv2d(x, w, padding=1), ValueError),
        (lambda x, w: ops.conv2d(x, w, stride=0), ValueError),
        (lambda x, w: ops.bias_add(x, Tensor([1.0, 2.0, 3.0])), ValueError),
    ],
)
def test_errors(call, error):
    with pytest.raises(error):
        call(Tensor(X), Tensor(W))


CASES = {
    "plain": ((2, 1, 7, 6), (3, 1, 3, 2), {}),
    "several channels": ((2, 4, 7, 6), (3, 4, 2, 2), {"stride": 2, "dilation": 2}),
    "same": ((2, 3, 7, 6), (3, 3, 3, 3), {"padding": "SAME", "stride": 2}),
    "padded": ((2, 2, 5, 5), (3, 2, 3, 3), {"padding": [(1, 2), (0, 1)]}),
    "one element": ((2, 9, 5, 5), (3, 9, 1, 1), {"stride": 2}),
    "one axis": ((2, 3, 9), (4, 3, 3), {"padding": [(1, 1)]}),
    "three axes": ((1, 2, 4, 4, 4), (3, 2, 2, 2, 2), {}),
    "no batch": ((0, 2, 5, 5), (3, 2, 3, 3), {}),
    "nothing to slide over": ((1, 2, 2, 2), (3, 2, 3, 3), {}),
}


@pytest.mark.parametrize("case", CASES)
def test_as_a_product_of_matrices(case, monkeypatch):
    """The short way that few channels take on a CPU gives what XLA's convolution gives, with its derivatives."""
    shape, kernel, arguments = CASES[case]
    rng = np.random.default_rng(0)
    x, w, dx, dw = (rng.normal(size=s) for s in (shape, kernel, shape, kernel))
    convolve = partial(convolution.convolve, n=len(shape) - 2, **arguments)

    def results():
        square = lambda x, w: (convolve(x, w) ** 3).sum()  # noqa: E731
        gradient = jax.grad(square, (0, 1))
        return convolve(x, w), gradient(x, w), jax.jvp(gradient, (x, w), (dx, dw))

    monkeypatch.setattr(convolution, "_better_as_product", lambda x, w: True)
    ours = results()
    monkeypatch.setattr(convolution, "_better_as_product", lambda x, w: False)
    jax.tree.map(partial(np.testing.assert_allclose, rtol=1e-9, atol=1e-9), ours, results())


def test_which_are_products():
    chosen = lambda x, w: convolution._better_as_product(jnp.zeros(x, jnp.float32), jnp.zeros(w, jnp.float32))  # noqa: E731
    cpu = jax.default_backend() == "cpu"
    assert chosen((32, 1, 32, 32), (6, 1, 5, 5)) is cpu and chosen((4, 64, 8, 8), (8, 64, 1, 1)) is cpu
    assert not chosen((4, 64, 8, 8), (8, 64, 3, 3))
    assert not chosen((64, 3, 224, 224), (64, 3, 7, 7))  # the patches would be larger than the caches
