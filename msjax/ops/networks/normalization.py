"""Normalization: of layers, batches, groups, neighbours and vectors. Half precision is computed in float32."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.core.tensor import Tensor, raw, rebind
from msjax.device.communication.exchange import exchange
from msjax.device.communication.group import Group, find
from msjax.device.communication.moves import Gather
from msjax.ops.call.operator import Operator
from msjax.ops.call.promotion import array, axes_in
from msjax.ops.maths.rules import p_norm
from msjax.ops.networks.activation import floating
from msjax.ops.table import op, publish
from msjax.ops.table.primitive import Primitive, prim_attr_register

FUNCTIONAL = "mint.nn.functional"


def _wide(x):
    return x.astype(np.float32) if x.dtype.itemsize < 4 else x


def _moments(x, axes):
    mean = x.mean(axes, keepdims=True)
    return mean, jnp.square(x - mean).mean(axes, keepdims=True)


def standardize(x, axes, eps):
    """x less its mean, divided by its standard deviation, and both moments; 0 where the variance overflows."""
    mean, variance = _moments(x, axes)
    return (x - mean) * _inverse_root(variance + eps), mean, variance


def _inverse_root(square):
    """1 over the root; 0, with derivatives 0, of infinity."""
    infinite = square == jnp.inf
    return jnp.where(infinite, 0, lax.rsqrt(jnp.where(infinite, 1, square)))


def _scaled(x, weight, bias, shape=None):
    """x * weight + bias, where each is given; both get `shape` first."""
    for factor, combine in ((weight, jnp.multiply), (bias, jnp.add)):
        if factor is not None:
            factor = _wide(array(factor))
            x = combine(x, factor if shape is None else factor.reshape(shape))
    return x


# -- layer norm ------------------------------------------------------------------------------------------------------


@op(
    "ops.layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05)",
    f"{FUNCTIONAL}.layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05)",
)
def layer_norm(x, weight=None, bias=None, *, normalized_shape, eps=1e-5):
    """Standardize over the last axes, which are of shape `normalized_shape`, then scale and shift.

    Raises:
        ValueError: if the input's last axes are of another shape.
    """
    x = floating(x, "layer_norm")
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if not shape or x.shape[-len(shape) :] != shape:
        raise ValueError(f"For 'layer_norm', the last axes of 'input' must be {shape}, but got shape {x.shape}.")
    result, _, _ = standardize(_wide(x), tuple(range(-len(shape), 0)), eps)
    return _scaled(result, weight, bias).astype(x.dtype)


@op("ops.LayerNorm(begin_norm_axis=1, begin_params_axis=1, epsilon=1e-07)(input_x, gamma, beta)")
def layer_norm_primitive(
    x, gamma, beta, *, begin_norm_axis=1, begin_params_axis=1, epsilon=1e-7
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Standardize over the axes from `begin_norm_axis` on, then scale and shift; gives mean and variance too.

    Raises:
        ValueError: if `gamma` or `beta` are not of the shape of the axes from `begin_params_axis` on.
    """
    x = floating(x, "LayerNorm")
    norm_axis, params_axis = axes_in((begin_norm_axis,), x.ndim)[0], axes_in((begin_params_axis,), x.ndim)[0]
    if gamma.shape != x.shape[params_axis:] or beta.shape != gamma.shape:
        raise ValueError(
            f"For 'LayerNorm', gamma or beta shape must match input shape, but got input shape: {x.shape}, "
            f"gamma shape: {gamma.shape}, beta shape: {beta.shape}."
        )
    result, mean, variance = standardize(_wide(x), tuple(range(norm_axis, x.ndim)), epsilon)
    return _scaled(result, gamma, beta).astype(x.dtype), mean, variance


@op("ops.rms_norm(x, gamma, epsilon=1e-06)", "ops.RmsNorm(epsilon=1e-06)(x, gamma)")
def rms_norm(x, gamma, *, epsilon=1e-6) -> tuple[jax.Array, jax.Array]:
    """x, divided by the root of its mean square over the axes of `gamma`, times `gamma`; and that root's inverse."""
    x, gamma = floating(x, "rms_norm"), array(gamma)
    wide = _wide(x)
    scale = _inverse_root(jnp.square(wide).mean(tuple(range(-gamma.ndim, 0)), keepdims=True) + epsilon)
    return (wide * scale * gamma).astype(x.dtype), scale


# -- batch norm ------------------------------------------------------------------------------------------------------


def _along_channels(x, channel: int = 1):
    """The axes to average over, and the shape in which a number for each channel broadcasts."""
    if x.ndim < 2:
        raise ValueError(f"For 'BatchNorm', the input must have at least 2 axes, but got shape {x.shape}.")
    axes = tuple(a for a in range(x.ndim) if a != channel % x.ndim)
    return axes, tuple(n if a == channel % x.ndim else 1 for a, n in enumerate(x.shape))


def _check_channels(x, channel: int, **arrays) -> None:
    for name, each in arrays.items():
        if each is not None and each.shape != (x.shape[channel],):
            raise ValueError(
                f"For BatchNorm, {name}.shape[0] should be equal to input_x's channel dimension: {x.shape[channel]}, "
                f"but got {name} of shape {each.shape}."
            )


def batch_norm_by(x, mean, variance, weight=None, bias=None, *, eps=1e-5, channel=1):
    """Standardize each channel by given moments."""
    x = floating(x, "batch_norm")
    _check_channels(x, channel, scale=weight, bias=bias, mean=mean, variance=variance)
    _, shape = _along_channels(x, channel)
    result = (_wide(x) - _wide(mean).reshape(shape)) * lax.rsqrt(_wide(variance).reshape(shape) + eps)
    return _scaled(result, weight, bias, shape).astype(x.dtype)


def _moments_of_all(x, axes, group: Group):
    """Those of the batches of all processes of a group, which may be of different sizes, and how many numbers that are
    for each channel; by one exchange."""
    mean, variance = _moments(x, axes)
    count = x.size // mean.size
    own = jnp.concatenate([jnp.full((1, 1), count, x.dtype), mean.reshape(1, -1), variance.reshape(1, -1)], 1)
    counts, means, variances = jnp.split(exchange(Gather(), group, own)[0], (1, 1 + mean.size), 1)
    total = counts.sum()
    parts = counts / total
    together = (parts * means).sum(0)
    variance = (parts * (variances + jnp.square(means - together))).sum(0)
    return together.reshape(mean.shape), variance.reshape(mean.shape), total


def batch_norm_train(x, mean, variance, weight=None, bias=None, *, momentum=0.1, eps=1e-5, channel=1, group=None):
    """Standardize each channel by its own moments over the batch, or over those of a group of processes.

    Returns:
        The result, the moving mean and variance (moved towards the batch's by `momentum`; the variance's estimate is
        the unbiased one), and the batch's own moments.
    """
    x = floating(x, "batch_norm")
    _check_channels(x, channel, scale=weight, bias=bias, mean=mean, variance=variance)
    axes, shape = _along_channels(x, channel)
    if group is None:
        result, own_mean, own_variance = standardize(_wide(x), axes, eps)
        count = x.size // x.shape[channel]
        correction = count / max(count - 1, 1)
    else:
        own_mean, own_variance, count = _moments_of_all(_wide(x), axes, find(group))
        result = (_wide(x) - own_mean) * _inverse_root(own_variance + eps)
        correction = count / jnp.maximum(count - 1, 1)
    own_mean, own_variance = own_mean.ravel(), own_variance.ravel()
    unbiased = own_variance * correction
    moved = (
        None if old is None else (old + momentum * (lax.stop_gradient(new) - old)).astype(old.dtype)
        for old, new in ((mean, own_mean), (variance, unbiased))
    )  # fmt: skip
    return _scaled(result, weight, bias, shape).astype(x.dtype), *moved, own_mean, own_variance


_BY, _TRAIN = Operator(batch_norm_by), Operator(batch_norm_train)
_TRAIN_TOGETHER = Operator(batch_norm_train, jit=False)


def apply_batch_norm(
    x, mean, variance, weight, bias, training, momentum, eps, channel=1, group: str | None = None
) -> tuple[Any, ...]:
    """Batch normalization on handles; in training the moving moments are updated in place, with a group of processes by
    the moments of the batches of all of these.

    Returns:
        The result and the moments that were used.
    """
    if not training:
        return _BY.call((x, mean, variance, weight, bias), (eps, channel)), mean, variance
    operator = _TRAIN if group is None else _TRAIN_TOGETHER
    results = operator.call((x, mean, variance, weight, bias), (momentum, eps, channel, group))
    result, new_mean, new_variance, *own = results
    for moving, new in ((mean, new_mean), (variance, new_variance)):
        if isinstance(moving, Tensor):
            rebind(moving, raw(new))
    return result, *own


def batch_norm(
    input_x, running_mean, running_var, weight, bias, training=False, momentum: Any = 0.1, eps: Any = 1e-5
) -> Tensor:
    """Standardize each channel (axis 1) by the running moments or, in training, by the batch's, then scale and shift.

    In training `running_mean` and `running_var` are moved towards the batch's moments by `momentum`, in place.

    Raises:
        ValueError: if weight, bias or moments have another number of channels.
    """
    return apply_batch_norm(input_x, running_mean, running_var, weight, bias, training, momentum, eps)[0]


def _batch_norm_mint(
    input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5
) -> Tensor:
    return batch_norm(input, running_mean, running_var, weight, bias, training or running_mean is None, momentum, eps)


_batch_norm_mint.__name__, _batch_norm_mint.__doc__ = "batch_norm", batch_norm.__doc__


class BatchNorm(Primitive):
    """Batch normalization: (x, scale, bias, mean, variance) -> (result, mean, variance, mean, variance).

    With `is_training` the moments are the batch's, and the given ones are moved towards them in place.
    """

    is_training: bool
    epsilon: float
    momentum: float
    data_format: str

    @prim_attr_register
    def __init__(self, is_training=False, epsilon: Any = 1e-5, momentum: Any = 0.1, data_format: Any = "NCHW"):
        if not 0 < epsilon <= 1 or not 0 <= momentum <= 1:
            raise ValueError(
                "For 'BatchNorm', 'epsilon' and 'momentum' must be in (0, 1] "
                f"and [0, 1], but got {epsilon}, {momentum}."
            )

    def __call__(self, input_x, scale, bias, mean, variance):
        channel = -1 if self.data_format == "NHWC" else 1
        result, *moments = apply_batch_norm(
            input_x, mean, variance, scale, bias, self.is_training, self.momentum, self.epsilon, channel
        )
        return (result, *moments, *moments)


publish("ops", batch_norm=batch_norm, BatchNorm=BatchNorm)
publish(FUNCTIONAL, batch_norm=_batch_norm_mint)


# -- others ----------------------------------------------------------------------------------------------------------


# By eps, a power of 2 by which numbers are multiplied before they are squared: so that 1e30 does not overflow in
# float32, and what vanishes would not count beside eps times its square.
_UNITS = ((1e-5, 2.0**-42), (1e-7, 2.0**-39), (1e-12, 2.0**-31))


@partial(jax.custom_jvp, nondiff_argnums=(1,))
def standardize_groups(x, eps):
    """x less its mean over the last axis, divided by its standard deviation, and the inverse of that."""
    unit = next((unit for least, unit in _UNITS if eps >= least and x.dtype.itemsize == 4), 1.0)
    apart = (x - x.mean(-1, keepdims=True)) * unit
    inverse = lax.rsqrt(jnp.square(apart).mean(-1, keepdims=True) + eps * unit**2)
    return apart * inverse, inverse * unit


@standardize_groups.defjvp
def _standardize_groups_jvp(eps, primals, tangents):
    result, inverse = standardize_groups(*primals, eps)
    along = inverse * (tangents[0] - tangents[0].mean(-1, keepdims=True))
    grows = (result * along).mean(-1, keepdims=True)  # the standard deviation, relative to itself
    return (result, inverse), (along - result * grows, -inverse * grows)


@op(
    "ops.group_norm(input, num_groups, weight=None, bias=None, eps=1e-05)",
    f"{FUNCTIONAL}.group_norm(input, num_groups, weight=None, bias=None, eps=1e-05)",
)
def group_norm(x, weight=None, bias=None, *, num_groups, eps=1e-5):
    """Standardize groups of neighbouring channels (axis 1), then scale and shift each channel.

    Raises:
        ValueError: if the channels do not divide into that many groups.
    """
    x = floating(x, "group_norm")
    if x.ndim < 2 or x.shape[1] % num_groups:
        raise ValueError(
            "For GroupNorm, the 'num_channels' must be divisible by 'num_groups', "
            f"but got input of shape {x.shape} and 'num_groups': {num_groups}."
        )
    _check_channels(x, 1, weight=weight, bias=bias)
    grouped, _ = standardize_groups(_wide(x).reshape(x.shape[0], num_groups, math.prod(x.shape[1:]) // num_groups), eps)
    return _scaled(grouped.reshape(x.shape), weight, bias, _along_channels(x)[1]).astype(x.dtype)


@op("ops.instance_norm(input, weight=None, bias=None, eps=1e-05)")
def instance_norm(x, weight=None, bias=None, *, eps=1e-5):
    """Standardize each channel of each sample, then scale and shift."""
    return group_norm(x, weight, bias, num_groups=x.shape[1], eps=eps)


@op("ops.L2Normalize(axis=0, epsilon=0.0001)(input_x)")
def l2_normalize(x, *, axis=0, epsilon=1e-4):
    """x, divided by the root of its sum of squares along `axis`, of which the sum is at least `epsilon`."""
    x = array(x)
    wide = _wide(x)
    total = jnp.square(wide).sum(axes_in(axis, x.ndim), keepdims=True)
    return (wide * lax.rsqrt(jnp.maximum(total, epsilon))).astype(x.dtype)


@op(f"{FUNCTIONAL}.normalize(input, p=2.0, dim=1, eps=1e-12)")
def normalize(x, *, p=2.0, axis=1, eps=1e-12):
    """x, divided by its p-norm along `dim`, which is at least `eps`."""
    x = floating(x, "normalize")
    return x / jnp.maximum(p_norm(x, p, axes_in(axis, x.ndim), keepdims=True), eps)


@op(
    "ops.lrn(x, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, norm_region='ACROSS_CHANNELS')",
    "ops.LRN(depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, norm_region='ACROSS_CHANNELS')(x)",
)
def lrn(x, *, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, norm_region="ACROSS_CHANNELS"):
    """x / (bias + alpha * sum of squares over channels at most `depth_radius` away) ** beta.

    Raises:
        ValueError: for another norm_region.
    """
    if norm_region != "ACROSS_CHANNELS":
        raise ValueError(f"For 'LRN', 'norm_region' must be 'ACROSS_CHANNELS', but got {norm_region!r}.")
    x = floating(x, "lrn")
    depth_radius = min(depth_radius, x.shape[1])
    width = (1, 2 * depth_radius + 1, *(1,) * (x.ndim - 2))
    pads = [(0, 0), (depth_radius, depth_radius), *((0, 0),) * (x.ndim - 2)]
    sums = lax.reduce_window(jnp.square(x), np.asarray(0, x.dtype), lax.add, width, (1,) * x.ndim, pads)
    return x / (bias + alpha * sums) ** beta
