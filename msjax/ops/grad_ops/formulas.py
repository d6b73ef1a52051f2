"""Derivatives that are given the result of an operator, or what it kept, where its argument would be needed to pull a
gradient back; and derivatives of derivatives."""

from __future__ import annotations

import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.grad_ops.pullback import formula
from msjax.ops.networks.pooling import max_pool3d_primitive, max_pool_primitive

# -- elementwise, given y --------------------------------------------------------------------------------------------

_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805
_OF_RESULT = {
    "Sigmoid": lambda y, dy: dy * y * (1 - y),
    "Tanh": lambda y, dy: dy * (1 - y * y),
    "Sqrt": lambda y, dy: dy / (2 * y),
    "Rsqrt": lambda y, dy: dy * (y * y * y) / -2,
    "Reciprocal": lambda y, dy: -dy * y * y,
}


def _of_result(name: str):
    def definition(y, dy):
        return _OF_RESULT[name](y, dy)

    return definition


for _name in _OF_RESULT:
    formula(f"{_name}Grad()(y, dy)", f"ops.{_name}")(_of_result(_name))


@formula("InvGrad()(x, grad)", "ops.Inv")
def _inv_grad(x, grad):
    return -grad * x * x


@formula("EluGrad()(dout, out)", "ops.Elu")
def _elu_grad(dout, out):
    return dout * jnp.where(out > 0, 1, out + 1)


@formula("SeluGrad()(gradient, result)", "ops.SeLU")
def _selu_grad(gradient, result):
    return gradient * jnp.where(result > 0, _SELU_SCALE, result + _SELU_SCALE * _SELU_ALPHA).astype(result.dtype)


@formula("AsinhGrad()(out, dout)", "ops.Asinh")
def _asinh_grad(out, dout):
    return dout / jnp.cosh(out)


@formula("AcoshGrad()(out, dout)", "ops.Acosh")
def _acosh_grad(out, dout):
    return dout / jnp.sinh(out)


@formula("SoftmaxGrad()(y, dy)", "ops.Softmax")
def _softmax_grad(y, dy):
    return y * (dy - (y * dy).sum(-1, keepdims=True))


@formula("LogSoftmaxGrad(axis=-1)(logits, grad)", "ops.LogSoftmax")
def _log_softmax_grad(logits, grad, *, axis=-1):
    return grad - jnp.exp(logits) * grad.sum(axis, keepdims=True)


@formula("IgammaGradA()(a, x)", "ops.Igamma")
def _igamma_grad_a(a, x):
    return jax.lax.igamma_grad_a(a, x)


@formula("RandomGammaGrad()(alpha, sample)", "ops.random_gamma")
def _random_gamma_grad(alpha, sample):
    return jax.lax.random_gamma_grad(alpha, sample)  # pyright: ignore[reportCallIssue]


@formula("MaximumGradGrad(grad_x=True, grad_y=True)(x, y, dx, dy)", "ops.Maximum")
def _maximum_grad_grad(x, y, dx, dy, *, grad_x=True, grad_y=True) -> tuple[jax.Array, jax.Array, jax.Array]:
    return jnp.zeros_like(x), jnp.zeros_like(y), jnp.where(x >= y, dx, dy)


@formula("MinimumGradGrad()(x1, x2, grad_y1, grad_y2)", "ops.Minimum")
def _minimum_grad_grad(x1, x2, grad_y1, grad_y2) -> tuple[jax.Array, jax.Array, jax.Array]:
    return jnp.zeros_like(x1), jnp.zeros_like(x2), jnp.where(x1 <= x2, grad_y1, grad_y2)


# -- losses and normalization, given sums and moments ----------------------------------------------------------------


@formula(
    "NLLLossGrad(reduction='mean', ignore_index=-100)(logits, loss_grad, labels, weight, total_weight)", "ops.NLLLoss"
)
def _nll_loss_grad(logits, loss_grad, labels, weight, total_weight, *, reduction="mean", ignore_index=-100):
    each = jnp.where(labels == ignore_index, 0, -weight[labels] * loss_grad)
    each = each / total_weight if reduction == "mean" else each
    return jnp.zeros_like(logits).at[np.arange(len(labels)), labels].set(each)


def _normalized_grad(dy, x, mean, rstd, scale, axes):
    """The gradient of x where its moments over the axes are its own."""
    normal = (x - mean) * rstd
    along = dy * scale
    return rstd * (along - along.mean(axes, keepdims=True) - normal * (along * normal).mean(axes, keepdims=True))


@formula("LayerNormGrad(begin_norm_axis=1, begin_params_axis=1)(x, dy, variance, mean, gamma)", "ops.LayerNorm")
def _layer_norm_grad(
    x, dy, variance, mean, gamma, *, begin_norm_axis=1, begin_params_axis=1
) -> tuple[jax.Array, jax.Array, jax.Array]:
    axes, rows = tuple(range(begin_norm_axis % x.ndim, x.ndim)), tuple(range(begin_params_axis % x.ndim))
    shape = x.shape[: axes[0]] + (1,) * len(axes)
    rstd, mean = jax.lax.rsqrt(variance.reshape(shape) + 1e-12), mean.reshape(shape)
    dx = _normalized_grad(dy, x, mean, rstd, gamma, axes)
    return dx, (dy * (x - mean) * rstd).sum(rows), dy.sum(rows)


@formula(
    "BatchNormGrad(is_training=False, epsilon=1e-05, data_format='NCHW')"
    "(dout, x, scale, saved_mean, saved_variance, reserve)",
    "ops.BatchNorm",
)
def _batch_norm_grad(
    dout, x, scale, saved_mean, saved_variance, reserve=None, *, is_training=False, epsilon=1e-5, data_format="NCHW"
) -> tuple[jax.Array, jax.Array, jax.Array]:
    channel = x.ndim - 1 if data_format == "NHWC" else 1
    axes = tuple(a for a in range(x.ndim) if a != channel)
    mean, variance, factor = (jnp.expand_dims(v, axes) for v in (saved_mean, saved_variance, scale))
    rstd = jax.lax.rsqrt(variance + epsilon)
    normal = (x - mean) * rstd
    dx = _normalized_grad(dout, x, mean, rstd, factor, axes) if is_training else dout * factor * rstd
    return dx, (dout * normal).sum(axes), dout.sum(axes)


@formula(
    "LayerNormGradGrad(begin_norm_axis=1, begin_params_axis=1)(x, dy, variance: _, mean: _, gamma, d_dx, d_dg, d_db)",
    "ops.LayerNorm",
)
def _layer_norm_grad_grad(
    x, dy, gamma, d_dx, d_dg, d_db, *, begin_norm_axis=1, begin_params_axis=1
) -> tuple[jax.Array, jax.Array, jax.Array]:
    axes = tuple(range(begin_norm_axis % x.ndim, x.ndim))

    def gradients(x, dy, gamma):
        moments = x.var(axes, keepdims=True), x.mean(axes, keepdims=True)
        options = dict(begin_norm_axis=begin_norm_axis, begin_params_axis=begin_params_axis)
        return _layer_norm_grad(x, dy, *moments, gamma, **options)

    return jax.vjp(gradients, x, dy, gamma)[1]((d_dx, d_dg, d_db))


@formula(
    "BatchNormGradGrad(is_training=False, epsilon=1e-05, data_format='NCHW')"
    "(x, dy, scale, saved_mean, saved_variance, dout_dx, dout_dscale, dout_dbias)",
    "ops.BatchNorm",
)
def _batch_norm_grad_grad(
    x, dy, scale, saved_mean, saved_variance, dout_dx, dout_dscale, dout_dbias, *, is_training=False, epsilon=1e-5,
    data_format="NCHW",
) -> tuple[jax.Array, jax.Array, jax.Array]:  # fmt: skip
    channel = x.ndim - 1 if data_format == "NHWC" else 1
    axes = tuple(a for a in range(x.ndim) if a != channel)

    def gradients(x, dy, scale):
        moments = (x.mean(axes), x.var(axes)) if is_training else (saved_mean, saved_variance)
        return _batch_norm_grad(
            dy, x, scale, *moments, is_training=is_training, epsilon=epsilon, data_format=data_format
        )

    return jax.vjp(gradients, x, dy, scale)[1]((dout_dx, dout_dscale, dout_dbias))


@formula("RmsNormGrad()(dy, x, rstd, gamma)", "ops.RmsNorm")
def _rms_norm_grad(dy, x, rstd, gamma) -> tuple[jax.Array, jax.Array]:
    axes = tuple(range(-gamma.ndim, 0))
    normal, along = x * rstd, dy * gamma
    dx = rstd * (along - normal * (along * normal).mean(axes, keepdims=True))
    return dx.astype(x.dtype), (dy * normal).sum(tuple(range(x.ndim - gamma.ndim)))


@formula("BiasAddGrad(data_format='NCHW')(dout)", "ops.BiasAdd")
def _bias_add_grad(dout, *, data_format="NCHW"):
    channel = dout.ndim - 1 if data_format == "NHWC" else 1
    return dout.sum(tuple(a for a in range(dout.ndim) if a != channel))


# -- pooling: derivatives of derivatives, which push x forward -------------------------------------------------------

_WINDOW = "kernel_size=1, strides=1, pad_mode='VALID'"


@formula(f"MaxPoolGradGrad({_WINDOW})(x_origin, out_origin, grad)", "ops.MaxPool")
def _max_pool_grad_grad(x_origin, out_origin, grad, *, kernel_size=1, strides=1, pad_mode="VALID"):
    pool = partial(max_pool_primitive, kernel_size=kernel_size, strides=strides, pad_mode=pad_mode)
    return jax.jvp(pool, (x_origin,), (grad,))[1]


@formula(f"MaxPoolGradGradWithArgmax({_WINDOW})(x, grad, argmax)", "ops.MaxPool")
def _max_pool_grad_grad_with_argmax(x, grad, argmax, *, kernel_size=1, strides=1, pad_mode="VALID"):
    return _max_pool_grad_grad(x, None, grad, kernel_size=kernel_size, strides=strides, pad_mode=pad_mode)


@formula(
    "MaxPool3DGradGrad(kernel_size=(1, 1, 1, 1, 1), strides=(1, 1, 1, 1, 1), pad_mode='VALID', data_format: _='NCDHW')"
    "(x_origin, out_origin, grad)",
    "ops.MaxPool3D",
)
def _max_pool3d_grad_grad(x_origin, out_origin, grad, *, kernel_size, strides, pad_mode="VALID"):
    pool = partial(max_pool3d_primitive, kernel_size=kernel_size, strides=strides, pad_mode=pad_mode)
    return jax.jvp(pool, (x_origin,), (grad,))[1]


def _unpool_grad(n: int, face: str):
    @formula(f"{face}(x, grads, argmax)", f"ops.MaxUnpool{n}D")
    def definition(x, grads, argmax, *, ksize, strides=0, pads=0, output_shape=()):
        flat, places = (a.reshape(*x.shape[:2], -1) for a in (grads, argmax))
        return jnp.take_along_axis(flat, places, -1).reshape(argmax.shape)


for _n, _format in ((2, "NCHW"), (3, "NCDHW")):
    _unpool_grad(_n, f"MaxUnpool{_n}DGrad(ksize, strides=0, pads=0, output_shape=(), data_format: _='{_format}')")


for _face, _format in (
    ("FractionalMaxPoolGradWithFixedKsize", "NCHW"),
    ("FractionalMaxPool3DGradWithFixedKsize", "NCDHW"),
):

    @formula(f"{_face}(data_format: _='{_format}')(origin_input, out_backprop, argmax)", "ops.fractional_max_pool3d")
    def _put_back(origin_input, out_backprop, argmax):
        flat = jnp.zeros(origin_input.shape, out_backprop.dtype).reshape(-1, math.prod(origin_input.shape[2:]))
        rows = np.arange(len(flat))[:, None]
        places, given = (a.reshape(len(flat), -1) for a in (argmax, out_backprop))
        return flat.at[rows, places].add(given).reshape(origin_input.shape)


# -- places ----------------------------------------------------------------------------------------------------------


@formula("FlattenGrad()(x, shape)", "ops.Flatten")
def _flatten_grad(x, *, shape):
    return x.reshape(tuple(shape))


@formula("MaskedSelectGrad()(input, mask, grad)", "ops.MaskedSelect")
def _masked_select_grad(input, mask, grad):
    mask = jnp.broadcast_to(mask, jnp.broadcast_shapes(input.shape, mask.shape))
    place = jnp.cumsum(mask.ravel()) - 1
    found = jnp.where(mask.ravel(), grad.ravel()[place], 0).reshape(mask.shape)
    front = mask.ndim - input.ndim
    axes = (*range(front), *(front + a for a, n in enumerate(input.shape) if n < mask.shape[front + a]))
    return found.sum(axes, keepdims=True).reshape(input.shape)


@formula("UniqueGrad()(dy, y)", "ops.Unique")
def _unique_grad(dy, y):
    return dy[0][y]


def _segments(face: str, weight):
    @formula(f"{face}()(x, indices, segment_ids, output_dim0)", "ops.sparse_segment_mean")
    def definition(x, indices, segment_ids, *, output_dim0):
        each = x[segment_ids] * _column(weight(jnp.bincount(segment_ids, length=len(x)))[segment_ids], x)
        return jnp.zeros((output_dim0, *x.shape[1:]), x.dtype).at[indices].add(each)


def _column(weights, x):
    return weights.astype(x.dtype).reshape(-1, *(1,) * (x.ndim - 1))


_segments("SparseSegmentMeanGrad", lambda counts: 1 / jnp.maximum(counts, 1))
_segments("SparseSegmentSqrtNGrad", lambda counts: 1 / jnp.sqrt(jnp.maximum(counts, 1)))
_segments("SparseSegmentSumGrad", jnp.ones_like)


@formula("SparseFillEmptyRowsGrad()(reverse_index_map, grad_values)", "SparseFillEmptyRows")
def _sparse_fill_empty_rows_grad(reverse_index_map, grad_values) -> tuple[jax.Array, jax.Array]:
    own = grad_values[reverse_index_map]
    return own, grad_values.sum() - own.sum()


@formula("DropoutGrad(keep_prob=0.5)(dy, mask)", "ops.Dropout")
def _dropout_grad(dy, mask, *, keep_prob=0.5):
    return dy * mask.astype(dy.dtype) / keep_prob


@formula("LuUnpackGrad(L_grad_flag=True, U_grad_flag=True)(L_grad, U_grad, LU_data)", "ops.LuUnpack")
def _lu_unpack_grad(L_grad, U_grad, LU_data, *, L_grad_flag=True, U_grad_flag=True) -> tuple[jax.Array, jax.Array]:
    rows, columns = LU_data.shape[-2:]
    lower, upper = jnp.tril(L_grad, -1), jnp.triu(U_grad)
    fill = lambda a: jnp.zeros_like(LU_data).at[..., : a.shape[-2], : a.shape[-1]].set(a)  # noqa: E731
    return fill(lower[..., :rows, :columns]), fill(upper[..., :rows, :columns])


@formula("CholeskyGrad()(x, grad)", "ops.Cholesky")
def _cholesky_grad(x, grad):
    inverse = jax.scipy.linalg.solve_triangular(x, jnp.eye(x.shape[-1], dtype=x.dtype), lower=True)
    middle = jnp.tril(x.T @ grad)
    middle = middle - jnp.diag(jnp.diag(middle)) / 2
    found = inverse.T @ middle @ inverse
    return (found + found.T) / 2


@formula("ConcatOffset(N=2, axis=0)(input_x)", "ops.Concat")
def _concat_offset(input_x, *, N=2, axis=0):
    """Where each array begins in the joined one, along each axis.

    Args:
        N: how many there are.
        axis: the axis along which they are joined.
        input_x: the arrays.

    Returns:
        int64 numbers, a row for each array.
    """
    starts = np.zeros((len(input_x), input_x[0].ndim), np.int64)
    starts[1:, axis] = np.cumsum([x.shape[axis] for x in input_x])[:-1]
    return jnp.asarray(starts)
