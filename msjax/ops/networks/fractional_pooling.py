"""Pooling over windows at random places: Graham, Fractional max-pooling (2014)."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.random import next_key
from msjax.ops.call.checks import one_dtype
from msjax.ops.call.operator import Operator
from msjax.ops.call.promotion import is_float
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


def _pooled(what: str, x, samples, kernel: tuple, sizes: tuple):
    """The largest elements of windows over all axes but the first two, and where they are.

    Args:
        samples: a number for each of these axes, of each channel.
    """
    n, front = len(kernel), x.shape[:2]
    if samples.ndim != 3 or samples.shape[0] not in (1, len(x)) or samples.shape[1:] != (x.shape[1], n):
        raise ValueError(f"For '{what}', the random samples must be of shape {(*front, n)}, but got {samples.shape}.")
    if any(k + count - (n == 2) > size for k, count, size in zip(kernel, sizes, x.shape[2:], strict=True)):
        raise ValueError(f"For '{what}', windows of {kernel} and an output of {sizes} are too large for {x.shape}.")
    samples = jnp.broadcast_to(samples, (*front, n))
    places = jnp.int64(0)  # of each output (axes 2 and on) and element of its window (axes n + 2 and on)
    for axis in range(n):
        starts = _starts(samples[..., axis], x.shape[axis + 2], kernel[axis], sizes[axis])
        along = (starts[..., None] + np.arange(kernel[axis])) * int(np.prod(x.shape[axis + 3 :]))
        own = (axis + 2, axis + n + 2)
        places = places + jnp.expand_dims(along, tuple(k for k in range(2, 2 * n + 2) if k not in own))
    flat = x.reshape(*front, -1)
    windows = jnp.take_along_axis(flat, places.reshape(*front, -1), -1).reshape(*front, int(np.prod(sizes)), -1)
    first = jax.lax.stop_gradient(windows).argmax(-1)[..., None]
    found = jnp.take_along_axis(places.reshape(windows.shape), first, -1)
    largest = jnp.take_along_axis(windows, first, -1)
    return largest.reshape(*front, *sizes), found.reshape(*front, *sizes)


_PAIR, _SIZES = "int > 0 or 2 int > 0", "int > 0 or 3 int > 0"
_EITHER = f"{_PAIR} or 3 int > 0"


@op(
    "ops.FractionalMaxPoolWithFixedKsize(ksize, output_shape, data_format: _='NCHW')(input_x, random_samples)",
    floats=("random_samples",),
    kinds={"ksize": _PAIR, "output_shape": _PAIR, "data_format": "'NCHW'"},
)
def fractional_max_pool2d_of_samples(x, random_samples, *, ksize, output_shape) -> tuple[jax.Array, jax.Array]:
    """The largest elements of windows over 2 axes that begin at random places, and where they are.

    Args:
        x: of shape (N, C, H, W).
        random_samples: numbers from 0 to 1, of shape (N, C, 2), for the places along W and along H.
        ksize: the size of the windows.
        output_shape: the height and width of the result, or an int for both.

    Returns:
        Of shape (N, C, *output_shape); the places, as int64, count through H and W.

    Raises:
        ValueError: if the input has other axes, or windows and results are too large for it.
    """
    what = "FractionalMaxPoolWithFixedKsize"
    if x.ndim != 4:
        raise ValueError(f"For '{what}', 4 axes are needed, but got shape {x.shape}.")
    kernel, sizes = (per_axis(value, 2, name) for value, name in ((ksize, "ksize"), (output_shape, "output_shape")))
    return _pooled(what, x, jnp.flip(random_samples, -1), kernel, sizes)


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
    x = jnp.moveaxis(x, -1, 1) if last else x
    pair = _pooled("FractionalMaxPool3DWithFixedKsize", x, random_samples, kernel, sizes)
    return (jnp.moveaxis(pair[0], 1, -1), jnp.moveaxis(pair[1], 1, -1)) if last else pair


_OF_SAMPLES = {2: Operator(fractional_max_pool2d_of_samples), 3: Operator(fractional_max_pool3d_of_samples)}


@op(
    "ops.fractional_max_pool2d(input, kernel_size, output_size=None, output_ratio=None, return_indices=False, "
    "_random_samples: samples = None; n=2)",
    "ops.fractional_max_pool3d(input, kernel_size, output_size=None, output_ratio=None, return_indices=False, "
    "_random_samples: samples = None; n=3)",
    jit=False,
    name="fractional_max_pool{n}d",
    kinds={"kernel_size": _EITHER, "output_size": f"None or {_EITHER}"},
)
def fractional_max_pool(
    x, samples=None, *, kernel_size, output_size=None, output_ratio=None, return_indices=False, n=3
):  # fmt: skip
    """The largest elements of windows over the last {n} axes that begin at random places.

    Args:
        x: of the batch and the channels, or the channels, and {n} axes.
        samples: numbers from 0 to 1, of shape (N, C, {n}), for the places along the axes; None to draw them.
        kernel_size: the size of the windows.
        output_size: the sizes of the result's last axes, or an int for all.
        output_ratio: if that is not given, how much of the input's sizes they are.
        return_indices: whether to return where the elements are, too.

    Returns:
        Of the input's axes; with `return_indices` also the places, which count through the last {n} axes.

    Raises:
        TypeError: if the dtypes of the input and the samples differ.
        ValueError: if the sizes do not fit.
    """
    what = f"fractional_max_pool{n}d"
    if x.ndim not in (n + 1, n + 2):
        raise ValueError(f"For '{what}', {n + 1} or {n + 2} axes are needed, but got shape {x.shape}.")
    if output_size is None and output_ratio is None:
        raise ValueError(f"For '{what}', one of 'output_size' and 'output_ratio' must be given.")
    if output_size is None:
        ratios = output_ratio if isinstance(output_ratio, tuple) else (output_ratio,) * n
        output_size = tuple(int(size * ratio) for size, ratio in zip(x.shape[-n:], ratios, strict=True))
    batch = x if x.ndim == n + 2 else x[None]
    if samples is None:
        key = jax.random.wrap_key_data(next_key(given=[x]))
        samples = unit(key, (*batch.shape[:2], n), x.dtype if is_float(x) else np.float32)
    if n == 3:
        one_dtype(what, x, samples)
    statics = (kernel_size, output_size) if n == 2 else (kernel_size, output_size, "NCDHW")
    values, places = _OF_SAMPLES[n].call((batch, samples), statics)
    if x.ndim == n + 1:
        values, places = values[0], places[0]
    return (values, places) if return_indices else values
