"""Fourier transforms."""

from __future__ import annotations

from collections.abc import Callable

import jax.numpy as jnp

from msjax.ops.call.arguments import dtype_of
from msjax.ops.call.promotion import inexact
from msjax.ops.table import op

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


def _of_one_axis(name: str) -> None:
    transform: Callable = getattr(jnp.fft, name)

    def definition(x, *, n=None, axis=-1, norm=None):
        return transform(_spectral(x), n, axis, norm)

    definition.__name__ = name
    op(f"ops.{name}(input, n=None, dim=-1, norm=None)", f"numpy.fft.{name}(a, n=None, axis=-1, norm=None)")(definition)


def _of_axes(name: str, transform: Callable, default: str) -> None:
    def definition(x, *, s=None, axis=None, norm=None):
        return transform(_spectral(x), s, axis, norm)

    definition.__name__ = name
    op(
        f"ops.{name}(input, s=None, dim={default}, norm=None)",
        f"numpy.fft.{name}(a, s=None, axes={default}, norm=None)",
    )(definition)


for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    _of_one_axis(name)
for name in ("fft", "ifft", "rfft", "irfft"):
    _of_axes(f"{name}n", getattr(jnp.fft, f"{name}n"), "None")
    _of_axes(f"{name}2", getattr(jnp.fft, f"{name}n"), "(-2, -1)")
for name, transform in (("hfft", _hfftn), ("ihfft", _ihfftn)):
    _of_axes(f"{name}n", transform, "None")
    _of_axes(f"{name}2", transform, "(-2, -1)")


@op("ops.fftshift(input, dim=None)", "numpy.fft.fftshift(x, axes=None)")
def fftshift(x, *, axis=None):
    """The zero frequency moved to the middle."""
    return jnp.fft.fftshift(x, axis)


@op("ops.ifftshift(input, dim=None)", "numpy.fft.ifftshift(x, axes=None)")
def ifftshift(x, *, axis=None):
    """The inverse of `fftshift`."""
    return jnp.fft.ifftshift(x, axis)


def _frequencies(name: str) -> None:
    def definition(*, n, d=1.0, dtype=None):
        return getattr(jnp.fft, name)(n, d, dtype=jnp.float32 if dtype is None else dtype_of(dtype))

    definition.__name__ = name
    op(f"ops.{name}(n, d=1.0, dtype=None)", f"numpy.fft.{name}(n, d=1.0, dtype=None)")(definition)


for name in ("fftfreq", "rfftfreq"):
    _frequencies(name)
