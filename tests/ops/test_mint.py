"""Functions and layers of `mint` that MindSpore 2.10 runs on Ascend only: compared with numpy, scipy and loops."""

import numpy as np
import pytest
import scipy.special as sp
from scipy.signal import correlate

import msjax as ms
from msjax import Tensor, mint

rng = np.random.default_rng(0)


def f(*shape, low=-2.0, high=2.0):
    return rng.uniform(low, high, shape).astype(np.float32)


ARRAYS = {
    "x": f(2, 3), "y": f(2, 3), "p": f(2, 3, low=0.1, high=0.9), "big": f(2, 3, low=1.1, high=4.0), "v": f(3),
    "u": f(3), "w": f(2), "m": f(3, 4), "s": f(3, 3) + 3 * np.eye(3, dtype=np.float32), "t": f(2, 3, 3),
    "r": f(2, 3, 2), "bad": np.float32([[np.nan, np.inf, -np.inf], [0, 1.5, -2.5]]),
    "i": np.int32([[5, 3, 8], [1, 6, 7]]), "j": np.int32([[2, 3, 1], [4, 6, 0]]),
    "b": np.array([[True, False, True], [False, False, True]]),
    "c": np.array([[True, True, False], [False, True, False]]), "k": np.int64([3, 0, 1, 3]),
    "ties": np.int32([[3, 1, 3], [2, 2, 1]]), "row": np.int64([1, 0]), "index": np.int64([[0, 1, 0], [2, 0, 0]]),
    "grid": f(2, 2, 4, 2, low=-1.2, high=1.2), "signal": f(2, 3, 7), "image": f(2, 3, 6, 5), "volume": f(1, 2, 4, 4, 3),
    "kernel": f(4, 3, 3, 2), "kernel3": f(3, 2, 2, 2, 2), "bias": f(4), "scale": f(3), "shift": f(3),
    "probs": sp.softmax(f(2, 3), -1).astype(np.float32), "logs": sp.log_softmax(f(2, 3), -1).astype(np.float32),
}  # fmt: skip
TENSORS = {name: Tensor(array) for name, array in ARRAYS.items()}


# -- what numpy has not, by loops ------------------------------------------------------------------------------------


def windows(x, kernel, stride, reduce):
    """Each window of the last axes, reduced."""
    n = len(kernel)
    sizes = [(size - k) // s + 1 for size, k, s in zip(x.shape[-n:], kernel, stride, strict=True)]
    out = np.zeros((*x.shape[:-n], *sizes), x.dtype)
    for at in np.ndindex(*sizes):
        place = tuple(slice(i * s, i * s + k) for i, s, k in zip(at, stride, kernel, strict=True))
        out[(..., *at)] = reduce(x[(..., *place)], tuple(range(-n, 0)))
    return out


def apart(x):
    """The largest elements of windows of 2 by 2 at their places, with zeros between."""
    largest = windows(x, (2, 2), (2, 2), np.max).repeat(2, -1).repeat(2, -2)
    return np.where(x == largest, x, 0)


def adaptive(x, sizes, reduce=np.mean):
    n = len(sizes)
    out = np.zeros((*x.shape[:-n], *sizes), x.dtype)
    for at in np.ndindex(*sizes):
        place = tuple(
            slice(i * size // out_size, -(-(i + 1) * size // out_size))
            for i, size, out_size in zip(at, x.shape[-n:], sizes, strict=True)
        )
        out[(..., *at)] = reduce(x[(..., *place)], tuple(range(-n, 0)))
    return out


def added(x, index, y):
    """Each element of y added to x, in its row, where the index says."""
    out = x.copy()
    for row, column in np.ndindex(index.shape):
        out[row, index[row, column]] += y[row, column]
    return out


def convolved(x, kernel, bias=None):
    out = np.stack([np.stack([correlate(a, k, "valid").squeeze(0) for k in kernel]) for a in x])
    return out if bias is None else out + bias.reshape(-1, *(1,) * (out.ndim - 2))


def spread(x, kernel):
    """The transposed convolution, with kernels (in, out, ...)."""
    out = np.zeros((len(x), kernel.shape[1], *np.add(x.shape[2:], kernel.shape[2:]) - 1), np.float32)
    for n, c, *at in np.ndindex(x.shape):
        place = tuple(slice(a, a + k) for a, k in zip(at, kernel.shape[2:], strict=True))
        out[(n, slice(None), *place)] += x[(n, c, *at)] * kernel[c]
    return out


def patches(x, kernel):
    """Windows of a picture, as columns."""
    rows, columns = x.shape[2] - kernel[0] + 1, x.shape[3] - kernel[1] + 1
    cut = [x[:, :, r : r + rows, c : c + columns].reshape(len(x), x.shape[1], 1, -1) for r, c in np.ndindex(*kernel)]
    return np.concatenate(cut, 2).reshape(len(x), -1, rows * columns)


def standard(x, axes, eps=1e-5):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def per_channel(x, like):
    return x.reshape(1, -1, *(1,) * (like.ndim - 2))


def scaled(x):
    """Each channel scaled and shifted."""
    return x * per_channel(ARRAYS["scale"], x) + per_channel(ARRAYS["shift"], x)


def stretched(x, size):
    """Linear interpolation along the last axis, with the edges in their places."""
    at = np.clip((np.arange(size) + 0.5) * x.shape[-1] / size - 0.5, 0, x.shape[-1] - 1)
    return np.apply_along_axis(lambda row: np.interp(at, np.arange(len(row)), row), -1, x)


def shuffled(x, r):
    n, c, h, w = x.shape
    return x.reshape(n, c // r**2, r, r, h, w).transpose(0, 1, 4, 2, 5, 3).reshape(n, -1, h * r, w * r)


def cross_entropy(x, target, weight):
    losses = -sp.log_softmax(x, -1)[np.arange(len(x)), target] * weight[target]
    return losses.sum() / weight[target].sum()


def sampled(x, grid):
    """Bilinear samples, with zeros beyond the border."""
    n, c, h, w = x.shape
    out = np.zeros((n, c, *grid.shape[1:3]), np.float32)
    for b, r, s in np.ndindex(grid.shape[:3]):
        column, line = ((grid[b, r, s] + 1) * [w, h] - 1) / 2
        for i, j in np.ndindex(2, 2):
            y, z = int(np.floor(line)) + i, int(np.floor(column)) + j
            if 0 <= y < h and 0 <= z < w:
                out[b, :, r, s] += x[b, :, y, z] * (1 - abs(line - y)) * (1 - abs(column - z))
    return out


SELU = 1.0507009873554805, 1.6732632423543772
PADS = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def padded(x, pads, mode="constant"):
    widths = [(0, 0)] * (x.ndim - len(pads) // 2) + list(zip(pads[::2], pads[1::2], strict=True))[::-1]
    return np.pad(x, widths, PADS.get(mode, mode))


# Left: of mint, on Tensors. Right: of numpy, on arrays of the same names.
ROWS = """
    mint.acos(p) = np.arccos(p)
    mint.acosh(big) = np.arccosh(big)
    mint.asin(p) = np.arcsin(p)
    mint.asinh(x) = np.arcsinh(x)
    mint.atan(x) = np.arctan(x)
    mint.atan2(x, y) = np.arctan2(x, y)
    mint.arctan2(x, y) = np.arctan2(x, y)
    mint.atanh(p) = np.arctanh(p)
    mint.abs(x) = np.abs(x)
    mint.ceil(x) = np.ceil(x)
    mint.cos(x) = np.cos(x)
    mint.cosh(x) = np.cosh(x)
    mint.erf(x) = sp.erf(x)
    mint.erfc(x) = sp.erfc(x)
    mint.special.erfc(x) = sp.erfc(x)
    mint.erfinv(p) = sp.erfinv(p)
    mint.exp(x) = np.exp(x)
    mint.exp2(x) = np.exp2(x)
    mint.special.exp2(x) = np.exp2(x)
    mint.expm1(x) = np.expm1(x)
    mint.special.expm1(x) = np.expm1(x)
    mint.floor(x) = np.floor(x)
    mint.frac(x) = x - np.trunc(x)
    mint.log(big) = np.log(big)
    mint.log1p(big) = np.log1p(big)
    mint.special.log1p(big) = np.log1p(big)
    mint.log2(big) = np.log2(big)
    mint.log10(big) = np.log10(big)
    mint.logaddexp(x, y) = np.logaddexp(x, y)
    mint.logaddexp2(x, y) = np.logaddexp2(x, y)
    mint.neg(x) = -x
    mint.reciprocal(big) = 1 / big
    mint.round(10 * x) = np.round(10 * x)
    mint.round(x, decimals=1) = np.round(x, 1)
    mint.special.round(x, decimals=1) = np.round(x, 1)
    mint.rsqrt(big) = 1 / np.sqrt(big)
    mint.sigmoid(x) = sp.expit(x)
    mint.sign(bad[1:]) = np.sign(bad[1:])
    mint.sin(x) = np.sin(x)
    mint.sinc(x) = np.sinc(x)
    mint.special.sinc(x) = np.sinc(x)
    mint.sinh(x) = np.sinh(x)
    mint.square(x) = x * x
    mint.tan(x) = np.tan(x)
    mint.tanh(x) = np.tanh(x)
    mint.trunc(x) = np.trunc(x)
    mint.nan_to_num(bad, 1.0, 2.0, 3.0) = np.nan_to_num(bad, True, 1.0, 2.0, 3.0)
    mint.bitwise_and(i, j) = i & j
    mint.bitwise_or(i, j) = i | j
    mint.bitwise_xor(i, j) = i ^ j
    mint.logical_and(b, c) = b & c
    mint.logical_not(b) = ~b
    mint.logical_or(b, c) = b | c
    mint.logical_xor(b, c) = b ^ c
    mint.greater(i, j) = i > j
    mint.gt(i, 4) = i > 4
    mint.less(i, j) = i < j
    mint.le(i, j) = i <= j
    mint.less_equal(i, j) = i <= j
    mint.ne(i, j) = i != j
    mint.equal(i, i) = np.array(True)
    mint.equal(i, j) = np.array(False)
    mint.equal(i, k) = np.array(False)
    mint.isclose(x, x + 1e-9) = np.ones((2, 3), bool)
    mint.isfinite(bad) = np.isfinite(bad)
    mint.isinf(bad) = np.isinf(bad)
    mint.maximum(x, y) = np.maximum(x, y)
    mint.minimum(x, y) = np.minimum(x, y)
    mint.polar(big, x) = (big * np.exp(1j * x)).astype(np.complex64)
    mint.cross(x, y, 1) = np.cross(x, y)

    mint.argmax(x) = np.argmax(x)
    mint.argmax(x, 1, True) = np.argmax(x, 1, keepdims=True)
    mint.argmin(x, 0) = np.argmin(x, 0)
    mint.argsort(x, 0, True) = np.argsort(-x, 0)
    mint.sort(x, dim=1, descending=True)[0] = -np.sort(-x, 1)
    mint.sort(x, dim=1)[1] = np.argsort(x, 1)
    mint.topk(x, 2, 1)[0] = -np.sort(-x, 1)[:, :2]
    mint.topk(x, 2, 1, False)[1] = np.argsort(x, 1)[:, :2]
    mint.count_nonzero(i - 5, 1) = np.count_nonzero(i - 5, 1)
    mint.cumprod(x, 1) = np.cumprod(x, 1)
    mint.cumsum(x, 0) = np.cumsum(x, 0)
    mint.cummin(x, 1)[0] = np.minimum.accumulate(x, 1)
    mint.histc(x, 4, -2, 2) = np.histogram(x, 4, (-2, 2))[0].astype(np.float32)
    mint.bincount(k, minlength=6) = np.bincount(k, minlength=6)
    mint.bincount(k, weights=k * 0.5) = np.bincount(k, k * 0.5).astype(np.float32)
    mint.logsumexp(x, 1, True) = sp.logsumexp(x, 1, keepdims=True)
    mint.median(x) = np.sort(x, None)[2]
    mint.median(x, 1)[0] = np.median(x, 1)
    mint.nansum(bad[1:], 1) = np.nansum(bad[1:], 1)
    mint.std(x, 1) = np.std(x, 1, ddof=1)
    mint.std(x, 1, correction=0, keepdim=True) = np.std(x, 1, keepdims=True)
    mint.std_mean(x, 0)[1] = np.mean(x, 0)
    mint.var(x, 1) = np.var(x, 1, ddof=1)
    mint.var_mean(x, 0, correction=0)[0] = np.var(x, 0)
    mint.norm(x) = np.linalg.norm(x)
    mint.norm(x, 1, 0) = np.abs(x).sum(0)
    mint.norm(x, float("inf"), 1, True) = np.abs(x).max(1, keepdims=True)
    mint.unique(k) = np.unique(k)
    mint.unique(k, return_inverse=True)[1] = np.unique(k, return_inverse=True)[1]
    mint.unique(k, return_counts=True)[1] = np.unique(k, return_counts=True)[1]
    mint.searchsorted(mint.sort(v)[0], u) = np.searchsorted(np.sort(v), u)
    mint.trace(s) = np.trace(s)

    mint.arange(1, 6, 2) = np.arange(1, 6, 2)
    mint.eye(2, 3) = np.eye(2, 3, dtype=np.float32)
    mint.full((2, 2), 1.5) = np.full((2, 2), 1.5, np.float32)
    mint.full_like(i, 7) = np.full_like(i, 7)
    mint.ones_like(x) = np.ones_like(x)
    mint.zeros_like(i) = np.zeros_like(i)
    mint.linspace(1, 9, 5) = np.linspace(1, 9, 5, dtype=np.float32)
    mint.clone(x) = x
    mint.masked_select(x, b) = x[b]
    mint.nonzero(b) = np.argwhere(b)
    mint.scatter_add(x, 1, index, y) = added(x, index, y)
    mint.tile(x, (2, 1, 2)) = np.tile(x, (2, 1, 2))
    mint.tril(s, -1) = np.tril(s, -1)
    mint.triu(s, 1) = np.triu(s, 1)
    mint.stack([x, y], 1) = np.stack([x, y], 1)
    mint.unbind(x, 1)[2] = x[:, 2]
    mint.ravel(x) = x.ravel()
    mint.roll(x, 1, 1) = np.roll(x, 1, 1)
    mint.diag(v, 1) = np.diag(v, 1)
    mint.diag(s) = np.diag(s)
    mint.flip(x, (0, 1)) = x[::-1, ::-1]
    mint.repeat_interleave(x, 2, 1) = np.repeat(x, 2, 1)

    mint.addbmm(s, t, t, beta=2, alpha=3) = 2 * s + 3 * (t @ t).sum(0)
    mint.addmm(s, s, s, beta=2, alpha=3) = 2 * s + 3 * (s @ s)
    mint.addmv(w, x, v, beta=2, alpha=3) = 2 * w + 3 * (x @ v)
    mint.baddbmm(t, t, t, beta=2, alpha=3) = 2 * t + 3 * (t @ t)
    mint.dot(v, u) = v @ u
    mint.mv(x, v) = x @ v
    mint.mm(x, m) = x @ m
    mint.matmul(t, r) = t @ r
    mint.outer(v, w) = np.outer(v, w)
    mint.einsum("ij,jk->ki", x, m) = (x @ m).T
    mint.einsum(x, [0, 1], m, [1, 2]) = x @ m
    mint.einsum(v, [..., 1], w, [..., 2], [..., 2, 1]) = np.outer(w, v)
    mint.inverse(s) = np.linalg.inv(s)
    mint.linalg.inv(s) = np.linalg.inv(s)
    mint.linalg.matrix_norm(s) = np.linalg.norm(s)
    mint.linalg.matrix_norm(s, 1) = np.linalg.norm(s, 1)
    mint.linalg.norm(s, 2) = np.linalg.norm(s, 2)
    mint.linalg.vector_norm(x, 3, 1) = (np.abs(x) ** 3).sum(1) ** (1 / 3)
    mint.linalg.qr(s)[0] @ mint.linalg.qr(s)[1] = s
    mint.abs(mint.linalg.qr(s)[1]) = np.abs(np.linalg.qr(s)[1])
    mint.triangular_solve(v[:, None], s)[0] = np.linalg.solve(np.triu(s), v[:, None])
    mint.triangular_solve(v[:, None], s, upper=False)[0] = np.linalg.solve(np.tril(s), v[:, None])

    F.elu(x, 0.5) = np.where(x > 0, x, 0.5 * np.expm1(x))
    F.gelu(x) = x * sp.ndtr(x)
    F.gelu(x, approximate="tanh") = x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    F.hardshrink(x, 0.7) = np.where(np.abs(x) > 0.7, x, 0)
    F.hardsigmoid(3 * x) = np.clip(3 * x / 6 + 0.5, 0, 1)
    F.hardswish(3 * x) = 3 * x * np.clip(3 * x / 6 + 0.5, 0, 1)
    F.leaky_relu(x, 0.2) = np.where(x > 0, x, 0.2 * x)
    F.log_softmax(x, -1) = sp.log_softmax(x, -1)
    mint.special.log_softmax(x, 0) = sp.log_softmax(x, 0)
    F.logsigmoid(x) = np.log(sp.expit(x))
    F.mish(x) = x * np.tanh(np.logaddexp(x, 0))
    F.prelu(x, v) = np.where(x > 0, x, v * x)
    F.relu(x) = np.maximum(x, 0)
    F.relu6(5 * x) = np.clip(5 * x, 0, 6)
    F.selu(x) = np.where(x > 0, SELU[0] * x, SELU[0] * SELU[1] * np.expm1(x))
    F.sigmoid(x) = sp.expit(x)
    F.softmax(x, 0) = sp.softmax(x, 0)
    F.softshrink(x, 0.3) = np.sign(x) * np.maximum(np.abs(x) - 0.3, 0)
    F.tanh(x) = np.tanh(x)
    F.threshold(x, 0.5, 9) = np.where(x > 0.5, x, 9)
    F.threshold_(x * 1, 0.5, 9) = np.where(x > 0.5, x, 9)
    F.linear(x, m.T, bias) = x @ m + bias
    F.normalize(x, 3.0, 1) = x / ((np.abs(x) ** 3).sum(1, keepdims=True) ** (1 / 3))
    F.embedding(row, x) = x[row]
    F.one_hot(row, 3) = np.eye(3, dtype=np.int64)[row]

    F.conv2d(image, kernel, bias) = convolved(image, kernel, bias)
    F.conv3d(volume, kernel3) = convolved(volume, kernel3)
    F.conv_transpose2d(image, kernel.swapaxes(0, 1)) = spread(image, kernel.swapaxes(0, 1))
    F.unfold(image, (3, 2)) = patches(image, (3, 2))
    F.fold(F.unfold(image, (2, 1), stride=(2, 1)), (6, 5), (2, 1), stride=(2, 1)) = image
    F.adaptive_avg_pool1d(signal, 3) = adaptive(signal, (3,))
    F.adaptive_avg_pool2d(image, (4, 3)) = adaptive(image, (4, 3))
    F.adaptive_avg_pool3d(volume, (3, 2, 2)) = adaptive(volume, (3, 2, 2))
    F.adaptive_max_pool1d(signal, 3) = adaptive(signal, (3,), np.max)
    F.avg_pool1d(signal, 3, 2) = windows(signal, (3,), (2,), np.mean)
    F.avg_pool2d(image, (3, 2), 1) = windows(image, (3, 2), (1, 1), np.mean)
    F.avg_pool3d(volume, 2, 1) = windows(volume, (2, 2, 2), (1, 1, 1), np.mean)
    F.max_pool2d(image, (3, 2), (2, 1)) = windows(image, (3, 2), (2, 1), np.max)
    F.max_unpool2d(*F.max_pool2d(image[..., :4], 2, 2, return_indices=True), 2, 2) = apart(image[..., :4])
    F.batch_norm(image, scale * 0, scale * 0 + 4, scale, shift) = scaled(image / np.sqrt(4 + 1e-5))
    F.batch_norm(image, scale * 0, scale * 0 + 1, scale, shift, True) = scaled(standard(image, (0, 2, 3)))
    F.group_norm(image, 3, scale, shift) = scaled(standard(image, (2, 3)))
    F.layer_norm(x, (3,), scale, shift) = standard(x, 1) * scale + shift
    F.interpolate(signal, 5, mode="linear") = stretched(signal, 5)
    F.interpolate(image, (12, 10), mode="nearest") = image.repeat(2, 2).repeat(2, 3)
    F.grid_sample(image, grid, align_corners=False) = sampled(image, grid)
    F.pad(image, (1, 2, 0, 1)) = padded(image, (1, 2, 0, 1))
    F.pad(image, (1, 2, 0, 1), "reflect") = padded(image, (1, 2, 0, 1), "reflect")
    F.pixel_shuffle(image.reshape(1, 4, 9, 5), 2) = shuffled(image.reshape(1, 4, 9, 5), 2)

    F.cross_entropy(x, row, big[0]) = cross_entropy(x, row, big[0])
    F.kl_div(logs, probs, "batchmean") = (probs * (np.log(probs) - logs)).sum() / 2
    F.kl_div(logs, logs, "sum", True) = np.float32(0)
    F.l1_loss(x, y) = np.abs(x - y).mean()
    F.mse_loss(x, y, "sum") = ((x - y) ** 2).sum()
    F.smooth_l1_loss(x, y, "none", 0.5) = np.where(np.abs(x - y) < 0.5, (x - y) ** 2, np.abs(x - y) - 0.25)

    N.ELU(0.5)(x) = np.where(x > 0, x, 0.5 * np.expm1(x))
    N.GELU()(x) = x * sp.ndtr(x)
    N.Hardshrink(0.7)(x) = np.where(np.abs(x) > 0.7, x, 0)
    N.Hardsigmoid()(3 * x) = np.clip(3 * x / 6 + 0.5, 0, 1)
    N.Hardswish()(3 * x) = 3 * x * np.clip(3 * x / 6 + 0.5, 0, 1)
    N.LogSigmoid()(x) = np.log(sp.expit(x))
    N.LogSoftmax(-1)(x) = sp.log_softmax(x, -1)
    N.Mish()(x) = x * np.tanh(np.logaddexp(x, 0))
    N.ReLU()(x) = np.maximum(x, 0)
    N.ReLU6()(5 * x) = np.clip(5 * x, 0, 6)
    N.SELU()(x) = np.where(x > 0, SELU[0] * x, SELU[0] * SELU[1] * np.expm1(x))
    N.Softmax(0)(x) = sp.softmax(x, 0)
    N.Softshrink(0.3)(x) = np.sign(x) * np.maximum(np.abs(x) - 0.3, 0)
    N.Threshold(0.5, 9)(x) = np.where(x > 0.5, x, 9)
    N.Identity()(x) = x
    N.Unfold((3, 2))(image) = patches(image, (3, 2))
    N.Fold((6, 5), (2, 1), stride=(2, 1))(F.unfold(image, (2, 1), stride=(2, 1))) = image
    N.BatchNorm1d(3).set_train()(signal) = standard(signal, (0, 2))
    N.BatchNorm2d(3).set_train()(image) = standard(image, (0, 2, 3))
    N.BatchNorm3d(2).set_train()(volume) = standard(volume, (0, 2, 3, 4))
    N.AdaptiveAvgPool1d(3)(signal) = adaptive(signal, (3,))
    N.AdaptiveAvgPool2d((4, 3))(image) = adaptive(image, (4, 3))
    N.AdaptiveAvgPool3d((3, 2, 2))(volume) = adaptive(volume, (3, 2, 2))
    N.AdaptiveMaxPool1d(3)(signal) = adaptive(signal, (3,), np.max)
    N.AvgPool2d((3, 2), 1)(image) = windows(image, (3, 2), (1, 1), np.mean)
    N.AvgPool3d(2, 1)(volume) = windows(volume, (2, 2, 2), (1, 1, 1), np.mean)
    N.MaxUnpool2d(2, 2)(*F.max_pool2d(image[..., :4], 2, 2, return_indices=True)) = apart(image[..., :4])
    N.ConstantPad1d((1, 2), 0.0)(signal) = padded(signal, (1, 2))
    N.ConstantPad2d((1, 2, 0, 1), 0.0)(image) = padded(image, (1, 2, 0, 1))
    N.ConstantPad3d((1, 2, 0, 1, 1, 0), 0.0)(volume) = padded(volume, (1, 2, 0, 1, 1, 0))
    N.ZeroPad1d((1, 2))(signal) = padded(signal, (1, 2))
    N.ZeroPad2d((1, 2, 0, 1))(image) = padded(image, (1, 2, 0, 1))
    N.ZeroPad3d((1, 2, 0, 1, 1, 0))(volume) = padded(volume, (1, 2, 0, 1, 1, 0))
    N.ReflectionPad1d((1, 2))(signal) = padded(signal, (1, 2), "reflect")
    N.ReflectionPad2d((1, 2, 0, 1))(image) = padded(image, (1, 2, 0, 1), "reflect")
    N.ReflectionPad3d((1, 2, 0, 1, 1, 0))(volume) = padded(volume, (1, 2, 0, 1, 1, 0), "reflect")
    N.ReplicationPad1d((1, 2))(signal) = padded(signal, (1, 2), "replicate")
    N.ReplicationPad2d((1, 2, 0, 1))(image) = padded(image, (1, 2, 0, 1), "replicate")
    N.ReplicationPad3d((1, 2, 0, 1, 1, 0))(volume) = padded(volume, (1, 2, 0, 1, 1, 0), "replicate")
    N.CrossEntropyLoss(big[0])(x, row) = cross_entropy(x, row, big[0])
    N.KLDivLoss("batchmean")(logs, probs) = (probs * (np.log(probs) - logs)).sum() / 2
    N.L1Loss("sum")(x, y) = np.abs(x - y).sum()
    N.PixelShuffle(2)(image.reshape(1, 4, 9, 5)) = shuffled(image.reshape(1, 4, 9, 5), 2)
    N.Upsample(scale_factor=2.0)(image) = image.repeat(2, 2).repeat(2, 3)
    N.Upsample((5,), mode="linear")(signal) = stretched(signal, 5)
"""
CALLS = dict(line.strip().split(" = ", 1) for line in ROWS.splitlines() if line.strip())


@pytest.mark.parametrize("call", CALLS)
def test_values(call):
    names = {"mint": mint, "F": mint.nn.functional, "N": mint.nn, "ms": ms}
    found, expected = eval(call, {**names, **TENSORS}), np.asarray(eval(CALLS[call], {**globals(), **ARRAYS}))
    assert isinstance(found, Tensor) and found.shape == expected.shape
    kind = found.asnumpy().dtype.kind
    assert kind == expected.dtype.kind and (kind not in "fc" or found.dtype in (ms.float32, ms.complex64))
    np.testing.assert_allclose(found.asnumpy(), expected, rtol=2e-5, atol=2e-6)


CONVOLUTIONS = {
    "Conv2d": (lambda n: n.Conv2d(3, 4, (3, 2)), "image", lambda x, w, b: convolved(x, w, b)),
    "Conv3d": (lambda n: n.Conv3d(2, 3, 2), "volume", lambda x, w, b: convolved(x, w, b)),
    "ConvTranspose2d": (
        lambda n: n.ConvTranspose2d(3, 4, (3, 2)), "image", lambda x, w, b: spread(x, w) + b.reshape(-1, 1, 1)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_convolutions(name):
    make, given, expected = CONVOLUTIONS[name]
    layer = make(mint.nn)
    bias = np.zeros(1, np.float32) if layer.bias is None else layer.bias.asnumpy()
    out = expected(ARRAYS[given], layer.weight.asnumpy(), bias * np.ones(layer.weight.shape[name == "ConvTranspose2d"]))
    np.testing.assert_allclose(layer(TENSORS[given]).asnumpy(), out, rtol=1e-4, atol=1e-5)


def test_embedding_keeps_a_row_from_learning():
    layer = mint.nn.Embedding(5, 3, padding_idx=2)
    rows = Tensor([[1, 2], [4, 2]])
    assert np.array_equal(layer(rows).asnumpy(), layer.weight.asnumpy()[rows.asnumpy()])
    gradient = ms.grad(lambda x: layer(x).sum(), None, layer.trainable_params())(rows)[0].asnumpy()
    assert gradient.sum(1).tolist() == [0, 3, 0, 0, 3]


DRAWS = {
    "mint.bernoulli(p)": lambda out: set(np.unique(out)) <= {0, 1} and out.shape == (2, 3),
    "mint.empty((2, 3))": lambda out: out.shape == (2, 3),
    "mint.empty_like(x)": lambda out: out.shape == (2, 3),
    "mint.randint_like(x, 2, 5)": lambda out: out.shape == (2, 3) and out.min() >= 2 and out.max() < 5,
    "mint.randperm(6)": lambda out: sorted(out) == [0, 1, 2, 3, 4, 5],
    "mint.rand_like(x)": lambda out: out.shape == (2, 3) and (out >= 0).all() and (out < 1).all(),
    "mint.normal(0.0, 1.0, (500,))": lambda out: abs(out.mean()) < 0.2 and abs(out.std() - 1) < 0.1,
    "mint.multinomial(Tensor([0.0, 0.5, 0.5]), 9, True)": lambda out: set(out) <= {1, 2} and len(out) == 9,
    "F.dropout(mint.ones((400,)), 0.25)": lambda out: set(np.round(out * 3)) == {0, 4},
    "F.dropout2d(mint.ones((40, 3, 2, 2)), 0.5)": lambda out: (
        (np.ptp(out, (2, 3)) == 0).all() and set(out.ravel()) == {0, 2}
    ),
}


@pytest.mark.parametrize("call", DRAWS)
def test_draws(call):
    ms.set_seed(1)
    out = eval(call, {"mint": mint, "F": mint.nn.functional, "Tensor": Tensor, **TENSORS})
    assert DRAWS[call](out.asnumpy())


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: mint.equal(TENSORS["x"], 1), TypeError),
        (lambda: mint.einsum(TENSORS["x"], [0, 60]), ValueError),
        (lambda: mint.einsum("ij,j", TENSORS["x"], TENSORS["i"][0]), TypeError),
    ],
)
def test_refuses(call, error):
    with pytest.raises(error):
        call()
