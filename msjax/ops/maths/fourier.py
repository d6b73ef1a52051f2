"""Fourier transforms."""

from __future__ import annotations

import jax.numpy as jnp

from msjax.ops.call.arguments import dtype_of
from msjax.ops.call.promotion import inexact
from msjax.ops.table import family, op

_SWAPPED = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


def _swapped(norm) -> str:
    if norm not in _SWAPPED:
        raise ValueError(f"'norm' must be 'backward', 'ortho' or 'forward', but got {norm!r}.")
    return _SWAPPED[norm]


def _hfftn(x, s=None, axes=None, norm=None):
    return jnp.fft.irfftn(jnp.conj(x), s, axes, _swapped(norm))


def _ihfftn(x, s=None, axes=None, norm=None):
    return jnp.conj(jnp.fft.rfftn(x, s, axes, _swapped(norm)))


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


@op(
    "ops.FFTWithSize(signal_ndim, inverse, real, norm='backward', onesided=True, signal_sizes=())(x)",
    kinds={
        "signal_ndim": "int [1, 3]", "inverse": "bool", "real": "bool", "onesided": "bool", "signal_sizes": "tuple",
        "norm": "'backward' or 'forward' or 'ortho'",
    },
)  # fmt: skip
def fft_with_size(x, *, signal_ndim, inverse, real, norm="backward", onesided=True, signal_sizes=()):
    """A Fourier transform along the last axes, or its inverse.

    Args:
        signal_ndim: along how many axes, 1, 2 or 3.
        inverse: whether it is the inverse.
        real: whether the signal is real, and the spectrum that the inverse is given half of one.
        norm: "backward", "ortho" or "forward": which direction is scaled.
        onesided: whether spectra of real signals have only the half that says all.
        signal_sizes: the sizes of the signal that the inverse gives, of a real one; () for an even last size.

    Returns:
        A complex Tensor, or a real one for the inverse of a real signal's transform.

    Raises:
        TypeError: if the input is not complex where that is needed.
        RuntimeError: if it has fewer axes than the signal.
    """
    if x.ndim < signal_ndim:
        raise RuntimeError(f"For 'FFTWithSize', the input must have {signal_ndim} axes, but its shape is {x.shape}.")
    if jnp.iscomplexobj(x) == (real and not inverse):
        wanted = "real" if real and not inverse else "complex"
        raise TypeError(f"For 'FFTWithSize', the input must be {wanted} for this transform, but got {x.dtype}.")
    axes = tuple(range(-signal_ndim, 0))
    if not real or not onesided:
        transform = jnp.fft.ifftn if inverse else jnp.fft.fftn
        sizes = signal_sizes if inverse and real and signal_sizes else None
        found = transform(_spectral(x), sizes, axes, norm)
        return found.real if real and inverse else found
    if inverse:
        return jnp.fft.irfftn(x, signal_sizes or None, axes, norm)
    return jnp.fft.rfftn(_spectral(x), None, axes, norm)
