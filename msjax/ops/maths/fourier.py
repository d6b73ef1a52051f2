"""Fourier transforms."""

from __future__ import annotations

import jax.numpy as jnp

from msjax.ops.call.arguments import dtype_of
from msjax.ops.call.promotion import inexact
from msjax.ops.table import family, op

_SWAPPED = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


def _hfftn(x, s=None, axes=None, norm=None):
    return jnp.fft.irfftn(jnp.conj(x), s, axes, _SWAPPED[norm])


def _ihfftn(x, s=None, axes=None, norm=None):
    return jnp.conj(jnp.fft.rfftn(x, s, axes, _SWAPPED[norm]))


def _spectral(x):
    """`x` as floats, if it has any elements; else a ValueError."""
    x = inexact(x)
    if x.size == 0:
        raise ValueError(f"A Fourier transform must have elements to transform, but the shape is {x.shape}.")
    return x


@op(
    *family(
        "name",
        ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"),
        "ops.{name}(input, n=None, dim=-1, norm=None)",
        "numpy.fft.{name}(a, n=None, axis=-1, norm=None)",
    ),
    name="{name}",
)
def along_one_axis(x, *, n=None, axis=-1, norm=None, name="fft"):
    return getattr(jnp.fft, name)(_spectral(x), n, axis, norm)


_OF_AXES = {name: getattr(jnp.fft, f"{name}n") for name in ("fft", "ifft", "rfft", "irfft")}
_OF_AXES |= {"hfft": _hfftn, "ihfft": _ihfftn}


@op(
    *family(
        "name",
        _OF_AXES,
        "ops.{name}n(input, s=None, dim=None, norm=None)",
        "numpy.fft.{name}n(a, s=None, axes=None, norm=None)",
    ),
    name="{name}n",
)
def along_axes(x, *, s=None, axis=None, norm=None, name="fft"):
    return _OF_AXES[name](_spectral(x), s, axis, norm)


@op(
    *family(
        "name",
        _OF_AXES,
        "ops.{name}2(input, s=None, dim=(-2, -1), norm=None)",
        "numpy.fft.{name}2(a, s=None, axes=(-2, -1), norm=None)",
    ),
    name="{name}2",
)
def along_two_axes(x, *, s=None, axis=None, norm=None, name="fft"):
    return along_axes(x, s=s, axis=axis, norm=norm, name=name)


@op("ops.fftshift(input, dim=None)", "numpy.fft.fftshift(x, axes=None)")
def fftshift(x, *, axis=None):
    """The zero frequency moved to the middle."""
    return jnp.fft.fftshift(x, axis)


@op("ops.ifftshift(input, dim=None)", "numpy.fft.ifftshift(x, axes=None)")
def ifftshift(x, *, axis=None):
    """The inverse of `fftshift`."""
    return jnp.fft.ifftshift(x, axis)


@op(
    *family(
        "name",
        ("fftfreq", "rfftfreq"),
        "ops.{name}(n, d=1.0, dtype=None)",
        "numpy.fft.{name}(n, d=1.0, dtype=None)",
    ),
    name="{name}",
)
def frequencies(*, n, d=1.0, dtype=None, name="fftfreq"):
    return getattr(jnp.fft, name)(n, d, dtype=jnp.float32 if dtype is None else dtype_of(dtype))
