"""The short-time Fourier transform."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call.checks import one_dtype
from msjax.ops.table import op

_MODES = {"CONSTANT": "constant", "REFLECT": "reflect", "SYMMETRIC": "symmetric"}
_SIZES = {"n_fft": "int > 0", "hop_length": "None or int > 0", "win_length": "None or int > 0"}
_FLAGS = {"normalized": "bool", "onesided": "None or bool", "return_complex": "None or bool"}
_KINDS = (jnp.float32, jnp.float64, jnp.complex64, jnp.complex128)


@op(
    "ops.stft(x, n_fft, hop_length=None, win_length=None, window=None, center=True, pad_mode='REFLECT', "
    "normalized=False, onesided=None, return_complex=None)",
    kinds={**_SIZES, **_FLAGS, "center": "bool", "pad_mode": "'CONSTANT' or 'REFLECT' or 'SYMMETRIC'"},
)
def stft(
    x, window=None, *, n_fft, hop_length=None, win_length=None, center=True, pad_mode="REFLECT", normalized=False,
    onesided=None, return_complex=None,
):  # fmt: skip
    """The Fourier transforms of pieces of a signal.

    Args:
        x: signals, (L,) or (N, L), of floats or complex numbers.
        window: what each piece is multiplied with, (win_length,); ones by default. Zeros on both sides fill it up.
        n_fft: the length of the pieces.
        hop_length: from where to where the next piece begins, n_fft // 4 by default.
        win_length: the length of the window, `n_fft` by default.
        center: whether pieces are centred at their places: n_fft // 2 elements are added on both sides.
        pad_mode: how: "CONSTANT" (zeros), "REFLECT" or "SYMMETRIC".
        normalized: whether to divide by the square root of `n_fft`.
        onesided: whether the result has only the half that says all; by default for real signals and windows.
        return_complex: whether the result is complex, else it has a last axis of real and imaginary parts; by default
            if signal or window are.

    Returns:
        (frequencies, pieces), after an axis of signals if there is one, and perhaps before one of two parts.

    Raises:
        TypeError: if the signal is neither of float32 or float64 nor complex.
        ValueError: if the sizes do not fit each other, or a complex signal's result shall be one-sided.
    """
    if x.ndim not in (1, 2):
        raise ValueError(f"For 'stft', the signal must have 1 or 2 axes, but its shape is {x.shape}.")
    if center:
        around = [(0, 0)] * (x.ndim - 1) + [(n_fft // 2,) * 2]
        x = jnp.pad(x, around, _MODES[pad_mode])
    width = n_fft if win_length is None else win_length
    if window is None:
        window = jnp.ones(width, jnp.finfo(x.dtype).dtype if x.dtype in _KINDS else np.float32)
    is_complex = jnp.iscomplexobj(x) or jnp.iscomplexobj(window)
    return short_time(
        x, window, n_fft=n_fft, hop_length=n_fft // 4 if hop_length is None else hop_length, win_length=width,
        normalized=normalized, onesided=not is_complex if onesided is None else onesided,
        return_complex=is_complex if return_complex is None else return_complex,
    )  # fmt: skip


@op(
    "ops.STFT(n_fft, hop_length, win_length, normalized, onesided, return_complex)(x, window)",
    kinds={**dict.fromkeys(_SIZES, "int > 0"), **dict.fromkeys(_FLAGS, "bool")},
)
def short_time(x, window, *, n_fft, hop_length, win_length, normalized, onesided, return_complex) -> jax.Array:
    """The Fourier transforms of the pieces that begin at each `hop_length`-th element, as `ops.stft` gives them.

    Args:
        x: signals, (L,) or (N, L), of floats or complex numbers.
        window: what each piece is multiplied with, (win_length,).
        n_fft: the length of the pieces.
        hop_length: from where to where the next piece begins.
        win_length: the length of the window.
        normalized: whether to divide by the square root of `n_fft`.
        onesided: whether the result has only the half that says all.
        return_complex: whether the result is complex, else it has a last axis of real and imaginary parts.

    Returns:
        (frequencies, pieces), after an axis of signals if there is one, and perhaps before one of two parts.

    Raises:
        TypeError: if the signal is neither of float32 or float64 nor complex.
        ValueError: if the sizes do not fit each other, or a complex signal's result shall be one-sided.
    """
    if x.dtype not in _KINDS:
        raise TypeError(f"For 'STFT', the signal must be of float32, float64 or complex numbers, but got {x.dtype}.")
    if not win_length <= n_fft <= x.shape[-1]:
        raise ValueError(
            f"For 'STFT', 'win_length' must be at most 'n_fft', and that at most the length of the signal, but got "
            f"{win_length}, {n_fft} and {x.shape[-1]}."
        )
    if window.shape != (win_length,):
        raise ValueError(f"For 'STFT', the window must be of shape ({win_length},), but got {window.shape}.")
    if onesided and (jnp.iscomplexobj(x) or jnp.iscomplexobj(window)):
        raise ValueError("For 'STFT', only real signals and windows have one-sided transforms.")
    one_dtype("STFT", *(part.real for part in (x, window)))
    before = (n_fft - win_length) // 2
    window = jnp.pad(window, (before, n_fft - win_length - before))
    starts = np.arange(0, x.shape[-1] - n_fft + 1, hop_length)
    pieces = x[..., starts[:, None] + np.arange(n_fft)] * window
    spectra = (jnp.fft.rfft if onesided else jnp.fft.fft)(pieces, norm="ortho" if normalized else "backward")
    spectra = jnp.swapaxes(spectra, -1, -2)
    return spectra if return_complex else jnp.stack([spectra.real, spectra.imag], -1)
