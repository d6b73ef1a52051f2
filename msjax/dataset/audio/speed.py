"""Faster and slower, higher and lower: other sample rates, and spectra that are stretched."""

from __future__ import annotations

from math import ceil, gcd

import numpy as np

from msjax.core.kinds import check, check_is
from msjax.dataset.audio.base import INT32, AudioTensorOperation, complex_of, pairs_of
from msjax.dataset.audio.enumerations import ResampleMethod, WindowType
from msjax.dataset.audio.spectra import Frames
from msjax.dataset.transforms.base import refusal

_COUNT = f"int [1, {INT32}]"
_KAISER = 14.769656459379492
_TOGETHER = 2**14  # samples, so that little memory is needed


def stretched(spectra: np.ndarray, rate: float) -> np.ndarray:
    """Complex spectra of another number of times, with phases that go on as they did: a phase vocoder.

    How far phases would go on by themselves does not matter, as that is looked for up to whole turns only.
    """
    if rate == 1:
        return spectra
    times = np.arange(0, spectra.shape[-1], rate)
    before, part = times.astype(int), times % 1
    padded = np.pad(spectra, [(0, 0)] * (spectra.ndim - 1) + [(0, 2)])
    now, then = padded[..., before], padded[..., before + 1]
    turn = np.angle(then) - np.angle(now)
    phases = np.cumsum(np.concatenate([np.angle(spectra[..., :1]), turn[..., :-1]], axis=-1), axis=-1)
    return (part * np.abs(then) + (1 - part) * np.abs(now)) * np.exp(1j * phases)


def resampled(
    sound: np.ndarray, before: int, after: int, method=ResampleMethod.SINC_INTERPOLATION, width=6, rolloff=0.99,
    beta=_KAISER,
) -> np.ndarray:  # fmt: skip
    """A sound at another sample rate. https://ccrma.stanford.edu/~jos/resample"""
    common = gcd(before, after)
    before, after = before // common, after // common
    if before == after:
        return sound
    lowest = min(before, after) * rolloff
    reach, length = ceil(width * before / lowest), sound.shape[-1]
    count, taps = ceil(after * length / before), np.arange(-reach, reach + 2)
    parts = (np.arange(min(after, count)) * before % after)[:, None] / after  # of places between samples
    places = np.clip((taps - parts) * lowest / before, -width, width)
    if method is ResampleMethod.SINC_INTERPOLATION:
        window = np.cos(places * np.pi / width / 2) ** 2
    else:
        window = np.i0(beta * np.sqrt(1 - (places / width) ** 2)) / np.i0(beta)
    kernels = np.sinc(places) * window * lowest / before
    padded = np.pad(sound, [(0, 0)] * (sound.ndim - 1) + [(reach, reach + 2)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, len(taps), axis=-1)
    result = np.empty((*sound.shape[:-1], count))
    for start in range(0, count, _TOGETHER):
        part = np.arange(start, min(start + _TOGETHER, count))
        result[..., part] = np.einsum("...nt,nt->...n", frames[..., part * before // after, :], kernels[part % after])
    return result


class Resample(AudioTensorOperation):
    """A sound at another sample rate.

    Args:
        orig_freq (float, optional): the sample rate that it has. Default: 16000.
        new_freq (float, optional): the one that it gets. Default: 16000.
        resample_method (ResampleMethod, optional): the window. Default: ResampleMethod.SINC_INTERPOLATION.
        lowpass_filter_width (int, optional): how many zeros of the sinc function are used. Default: 6.
        rolloff (float, optional): up to which part of the frequencies. Default: 0.99.
        beta (float, optional): the shape of a Kaiser window. Default: None, 14.769656459379492.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.

    Example:
        >>> audio.Resample(48000, 16000)(np.zeros((1, 30))).shape
        (1, 10)
    """

    def __init__(
        self, orig_freq=16000, new_freq=16000, resample_method=ResampleMethod.SINC_INTERPOLATION,
        lowpass_filter_width=6, rolloff=0.99, beta=None,
    ):  # fmt: skip
        owner = "Resample"
        check(owner, "orig_freq", orig_freq, "number > 0")
        check(owner, "new_freq", new_freq, "number > 0")
        check_is(owner, "resample_method", resample_method, ResampleMethod)
        check(owner, "lowpass_filter_width", lowpass_filter_width, _COUNT)
        check(owner, "rolloff", rolloff, "number (0, 1]")
        check(owner, "beta", beta, "None or number")
        self.orig_freq, self.new_freq, self.resample_method = int(orig_freq), int(new_freq), resample_method
        self.width, self.rolloff, self.beta = lowpass_filter_width, rolloff, _KAISER if beta is None else beta

    def _sound(self, sound):
        return resampled(
            sound, self.orig_freq, self.new_freq, self.resample_method, self.width, self.rolloff, self.beta
        )


class PhaseVocoder(AudioTensorOperation):
    """Stretch a short-time spectrum of complex numbers, of shape (..., freq, time, 2), without changing its pitch.

    Args:
        rate (float): how much faster it becomes.
        phase_advance (numpy.ndarray): how far phases of each frequency go on from time to time, of shape (freq, 1).

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the input has another shape.

    Example:
        >>> advance = np.linspace(0, np.pi * 8, 9)[:, None]
        >>> audio.PhaseVocoder(2.0, advance)(np.ones((1, 9, 6, 2))).shape
        (1, 9, 3, 2)
    """

    _pairs, _least_axes = True, 3

    def __init__(self, rate, phase_advance):
        check("PhaseVocoder", "rate", rate, "number > 0")
        check("PhaseVocoder", "phase_advance", phase_advance, "array")
        self.rate, self.phase_advance = rate, phase_advance

    def _sound(self, sound):
        if self.phase_advance.shape != (sound.shape[-3], 1):
            raise refusal(self, f"the 'phase_advance' must be of shape {(sound.shape[-3], 1)}, as the input says")
        return pairs_of(stretched(complex_of(sound), self.rate))


class TimeStretch(AudioTensorOperation):
    """Stretch a short-time spectrum of complex numbers, of shape (..., freq, time, 2), without changing its pitch.

    Args:
        hop_length (int, optional): how many samples there are from one time to the next, which makes no difference.
            Default: None.
        n_freq (int, optional): how many frequencies there are, which makes none either. Default: 201.
        fixed_rate (float, optional): how much faster it becomes; None for 1. Default: None.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the input has another shape.

    Example:
        >>> audio.TimeStretch(n_freq=9, fixed_rate=2.0)(np.ones((1, 9, 6, 2))).shape
        (1, 9, 3, 2)
    """

    _pairs, _least_axes = True, 3

    def __init__(self, hop_length=None, n_freq=201, fixed_rate=None):
        check("TimeStretch", "hop_length", hop_length, f"None or {_COUNT}")
        check("TimeStretch", "n_freq", n_freq, _COUNT)
        check("TimeStretch", "fixed_rate", fixed_rate, "None or number > 0")
        self.rate = fixed_rate or 1

    def _sound(self, sound):
        if self.rate == 1:
            return sound.reshape(-1, *sound.shape[-3:])
        return pairs_of(stretched(complex_of(sound), self.rate))


class PitchShift(AudioTensorOperation):
    """Make a sound higher or lower, and not shorter or longer.

    Args:
        sample_rate (int): how many samples a second has.
        n_steps (int): by how many steps it becomes higher.
        bins_per_octave (int, optional): how many steps an octave has, not 0. Default: 12.
        n_fft (int, optional): how many samples a frame has. Default: 512.
        win_length (int, optional): how long the window is; None for `n_fft`. Default: None.
        hop_length (int, optional): from one frame to the next; None for a quarter of the window. Default: None.
        window (WindowType, optional): the window. Default: WindowType.HANN.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the sound is too short.

    Example:
        >>> audio.PitchShift(8000, 4, n_fft=64)(np.zeros((1, 100))).shape
        (1, 100)
    """

    def __init__(
        self, sample_rate, n_steps, bins_per_octave=12, n_fft=512, win_length=None, hop_length=None,
        window=WindowType.HANN,
    ):  # fmt: skip
        owner = "PitchShift"
        check(owner, "sample_rate", sample_rate, f"int [0, {INT32}]")
        check(owner, "n_steps", n_steps, "int")
        check(owner, "bins_per_octave", bins_per_octave, "int")
        if bins_per_octave == 0:
            raise ValueError("For 'PitchShift', the 'bins_per_octave' must not be 0.")
        length = n_fft if win_length is None else win_length
        hop_length = length // 4 if hop_length is None and isinstance(length, int) else hop_length
        self.frames = Frames(owner, n_fft, win_length, hop_length, window)
        self.sample_rate, self.rate = sample_rate, 2.0 ** (-n_steps / bins_per_octave)

    def _sound(self, sound):
        length, frames = sound.shape[-1], self.frames
        stretch = stretched(frames.apart(sound), self.rate)
        longer = frames.together(stretch, round(length / self.rate))
        shifted = resampled(longer, int(self.sample_rate / self.rate), self.sample_rate)[..., :length]
        return np.pad(shifted, [(0, 0)] * (sound.ndim - 1) + [(0, length - shifted.shape[-1])])
