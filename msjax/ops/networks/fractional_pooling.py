"""Pooling over windows at random places: Graham, Fractional max-pooling (2014)."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.random import next_key
from msjax.ops.call.checks import one_dtype
from msjax.ops.call.operator import Operator
from msjax.ops.maths.random import unit
from msjax.ops.networks.convolution import per_axis
from msjax.ops.table import op


def _starts(samples, size: int, kernel: int, count: int):
    """Where windows begin along one axis; the last at its end, the others nearly evenly by a number from 0 to 1."""
    if count == 1:
        return jnp.full((*samples.shape, 1), size - kernel)
    step = jnp.asarray((size - kernel) / (count - 1), samples.dtype)
    starts = jnp.trunc((np.arange(count) + samples[..., None]) * step) - jnp.trunc(samples[..., None] * step)
    return starts.astype(int).at[..., -1].set(size - kernel)


def _pooled(x, samples, kernel: tuple, sizes: tuple):
    """The largest elements of windows over the last 3 axes of (N, C, D, H, W), and where they are."""
    what = "FractionalMaxPool3DWithFixedKsize"
    if samples.ndim != 3 or samples.shape[0] not in (1, len(x)) or samples.shape[1:] != (x.shape[1], 3):
        raise ValueError(
            f"For '{what}', the random samples must be of shape {(len(x), x.shape[1], 3)}, but got {samples.shape}."
        )
    if any(k + count > size for k, count, size in zip(kernel, sizes, x.shape[2:], strict=True)):
        raise ValueError(f"For '{what}', windows of {kernel} and an output of {sizes} are too large for {x.shape}.")
    samples = jnp.broadcast_to(samples, (*x.shape[:2], 3))
    places = jnp.int64(0)  # of each output (axes 2, 3, 4) and element of its window (axes 5, 6, 7)
    for axis, stride in enumerate((x.shape[3] * x.shape[4], x.shape[4], 1)):
        starts = _starts(samples[..., axis], x.shape[axis + 2], kernel[axis], sizes[axis])
        along = (starts[..., None] + np.arange(kernel[axis])) * stride
        places = places + jnp.expand_dims(along, tuple(k for k in range(2, 8) if k not in (axis + 2, axis + 5)))
    flat, front = x.reshape(*x.shape[:2], -1), x.shape[:2]
    windows = jnp.take_along_axis(flat, places.reshape(*front, -1), -1).reshape(*front, int(np.prod(sizes)), -1)
    first = jax.lax.stop_gradient(windows).argmax(-1)[..., None]
    found = jnp.take_along_axis(places.reshape(windows.shape), first, -1)
    largest = jnp.take_along_axis(windows, first, -1)
    return largest.reshape(*front, *sizes), found.reshape(*front, *sizes)


_SIZES = "int > 0 or 3 int > 0"


@op(
    "ops.FractionalMaxPool3DWithFixedKsize(ksize, output_shape, data_format='NCDHW')(x, random_samples)",
    floats=("random_samples",),
    kinds={"ksize": _SIZES, "output_shape": _SIZES, "data_format": "'NCDHW' or 'NDHWC'"},
)
def fractional_max_pool3d_of_samples(
    x, random_samples, *, ksize, output_shape, data_format="NCDHW"
) -> tuple[jax.Array, jax.Array]:
    """The largest elements of windows over 3 axes that begin at random places, and where they are.

    Args:
        x: of shape (N, C, D, H, W), or with the channels last.
        random_samples: numbers from 0 to 1, of shape (N, C, 3), for the places along the three axes.
        ksize: the size of the windows.
        output_shape: the depth, height and width of the result, or an int for all.

    Returns:
        Of shape (N, C, *output_shape), or with the channels last; the places, as int64, count through D, H and W.

    Raises:
        ValueError: if the input has other axes, or windows and results are too large for it.
    """
    if x.ndim not in (4, 5):
        raise ValueError(f"For 'FractionalMaxPool3DWithFixedKsize', 4 or 5 axes are needed, but got shape {x.shape}.")
    if x.ndim == 4:
        pair = fractional_max_pool3d_of_samples(
            x[None], random_samples, ksize=ksize, output_shape=output_shape, data_format=data_format
        )
        return pair[0][0], pair[1][0]
    kernel, sizes = (per_axis(value, 3, name) for value, name in ((ksize, "ksize"), (output_shape, "output_shape")))
    last = data_format == "NDHWC"
    pair = _pooled(jnp.moveaxis(x, -1, 1) if last else x, random_samples, kernel, sizes)
    return (jnp.moveaxis(pair[0], 1, -1), jnp.moveaxis(pair[1], 1, -1)) if last else pair


_OF_SAMPLES = Operator(fractional_max_pool3d_of_samples)


@op(
    "ops.fractional_max_pool3d(input, kernel_size, output_size=None, output_ratio=None, return_indices=False, "
    "_random_samples: samples = None)",
    jit=False,
    kinds={"kernel_size": _SIZES, "output_size": f"None or {_SIZES}"},
)
def fractional_max_pool3d(x, samples=None, *, kernel_size, output_size=None, output_ratio=None, return_indices=False):
    """The largest elements of windows over the last 3 axes that begin at random places.

    Args:
        x: of shape (N, C, D, H, W), or (C, D, H, W).
        samples: numbers from 0 to 1, of shape (N, C, 3), for the places along the three axes; None to draw them.
        kernel_size: the size of the windows.
        output_size: the depth, height and width of the result, or an int for all.
        output_ratio: if that is not given, how much of the input's sizes they are.
        return_indices: whether to return where the elements are, too.

    Returns:
        Of the input's axes; with `return_indices` also the places, which count through the last three axes.

    Raises:
        TypeError: if the dtypes of the input and the samples differ.
        ValueError: if the sizes do not fit.
    """
    what = "fractional_max_pool3d"
    if output_size is None and output_ratio is None:
        raise ValueError(f"For '{what}', one of 'output_size' and 'output_ratio' must be given.")
    if output_size is None:
        ratios = output_ratio if isinstance(output_ratio, tuple) else (output_ratio,) * 3
        output_size = tuple(int(size * ratio) for size, ratio in zip(x.shape[-3:], ratios, strict=True))
    if samples is None:
        samples = unit(
            jax.random.wrap_key_data(next_key(given=[x])), (*((1,) * (5 - x.ndim)), *x.shape[:-3], 3), x.dtype
        )
    one_dtype(what, x, samples)
    pair = _OF_SAMPLES.call((x, samples), (kernel_size, output_size, "NCDHW"))
    return pair if return_indices else pair[0]
