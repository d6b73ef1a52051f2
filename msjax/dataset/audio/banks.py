"""Banks of filters: bands of frequencies of a spectrum, as the ear has them, and the cosine transform of these."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check, check_is
from msjax.dataset.audio.base import INT32, AudioTensorOperation, checked
from msjax.dataset.audio.enumerations import MelType, NormMode, NormType
from msjax.dataset.seeding import draws
from msjax.dataset.transforms.base import refusal

_COUNT = f"int [1, {INT32}]"
_LOG_FROM, _LOG_STEP, _LINEAR = 1000.0, np.log(6.4) / 27, 200 / 3  # of Slaney's scale, in Hz


def _mels(hertz: float, mel_type: MelType) -> float:
    if mel_type is MelType.HTK:
        return 2595 * np.log10(1 + hertz / 700)
    return hertz / _LINEAR if hertz < _LOG_FROM else _LOG_FROM / _LINEAR + np.log(hertz / _LOG_FROM) / _LOG_STEP


def _hertz(mels: np.ndarray, mel_type: MelType) -> np.ndarray:
    if mel_type is MelType.HTK:
        return 700 * (10 ** (mels / 2595) - 1)
    start = _LOG_FROM / _LINEAR
    return np.where(mels < start, mels * _LINEAR, _LOG_FROM * np.exp(_LOG_STEP * (mels - start)))


def _triangles(corners: np.ndarray, n_freqs: int, sample_rate: int) -> np.ndarray:
    """Bands of shape (n_freqs, bands): each goes up from one corner to the next, and down to the one after that."""
    frequencies = np.linspace(0, sample_rate // 2, n_freqs)
    widths, slopes = np.diff(corners), corners - frequencies[:, None]
    return np.maximum(0, np.minimum(-slopes[:, :-2] / widths[:-1], slopes[:, 2:] / widths[1:]))


def mel_bank(n_freqs, f_min, f_max, n_mels, sample_rate, norm, mel_type) -> np.ndarray:
    """The bands of `melscale_fbanks`, in float64."""
    low, high = _mels(f_min, mel_type), _mels(f_max, mel_type)
    corners = _hertz(np.linspace(low, high, n_mels + 2), mel_type)
    bands = _triangles(corners, n_freqs, sample_rate)
    return bands * 2 / (corners[2:] - corners[:-2]) if norm is NormType.SLANEY else bands


def linear_bank(n_freqs, f_min, f_max, n_filter, sample_rate) -> np.ndarray:
    """The bands of `linear_fbanks`, in float64."""
    return _triangles(np.linspace(f_min, f_max, n_filter + 2), n_freqs, sample_rate)


def dct(n_mfcc, n_mels, norm) -> np.ndarray:
    """The matrix of `create_dct`, in float64."""
    matrix = np.cos(np.pi / n_mels * (np.arange(n_mels)[:, None] + 0.5) * np.arange(n_mfcc))
    if norm is not NormMode.ORTHO:
        return matrix * 2
    matrix[:, 0] /= np.sqrt(2)
    return matrix * np.sqrt(2 / n_mels)


def check_range(owner: str, f_min, f_max) -> None:
    """Check the lowest and the highest frequency."""
    check(owner, "f_min", f_min, "number")
    check(owner, "f_max", f_max, "number")
    if f_max < f_min:
        raise ValueError(f"For '{owner}', the 'f_max' must be at least 'f_min', but got {f_max} and {f_min}.")


def melscale_fbanks(n_freqs, f_min, f_max, n_mels, sample_rate, norm=NormType.NONE, mel_type=MelType.HTK):
    """Bands of the mel scale: what each frequency of a spectrum counts in each.

    Args:
        n_freqs (int): how many frequencies the spectrum has, from 0 to half the sample rate.
        f_min, f_max (float): the lowest and the highest frequency, in Hz.
        n_mels (int): how many bands there are.
        sample_rate (int): how many samples a second has.
        norm (NormType, optional): whether bands have the same area. Default: NormType.NONE.
        mel_type (MelType, optional): which scale. Default: MelType.HTK.

    Returns:
        numpy.ndarray, float32 of shape (n_freqs, n_mels).

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.

    Example:
        >>> audio.melscale_fbanks(201, 0.0, 8000.0, 40, 16000).shape
        (201, 40)
    """
    owner = "melscale_fbanks"
    checked(owner, {"n_freqs": _COUNT, "n_mels": _COUNT, "sample_rate": _COUNT},
            {"n_freqs": n_freqs, "n_mels": n_mels, "sample_rate": sample_rate})  # fmt: skip
    check_range(owner, f_min, f_max)
    check_is(owner, "norm", norm, NormType)
    check_is(owner, "mel_type", mel_type, MelType)
    return mel_bank(n_freqs, f_min, f_max, n_mels, sample_rate, norm, mel_type).astype(np.float32)


def linear_fbanks(n_freqs, f_min, f_max, n_filter, sample_rate):
    """Bands of equal width: what each frequency of a spectrum counts in each.

    Args:
        n_freqs (int): how many frequencies the spectrum has, from 0 to half the sample rate.
        f_min, f_max (float): the lowest and the highest frequency, in Hz.
        n_filter (int): how many bands there are.
        sample_rate (int): how many samples a second has.

    Returns:
        numpy.ndarray, float32 of shape (n_freqs, n_filter).

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.

    Example:
        >>> audio.linear_fbanks(201, 0.0, 8000.0, 40, 16000).shape
        (201, 40)
    """
    owner = "linear_fbanks"
    checked(owner, {"n_freqs": _COUNT, "n_filter": _COUNT, "sample_rate": _COUNT},
            {"n_freqs": n_freqs, "n_filter": n_filter, "sample_rate": sample_rate})  # fmt: skip
    check_range(owner, f_min, f_max)
    return linear_bank(n_freqs, f_min, f_max, n_filter, sample_rate).astype(np.float32)


def create_dct(n_mfcc, n_mels, norm=NormMode.NONE):
    """The matrix of a cosine transform, DCT-II.

    Args:
        n_mfcc (int): how many coefficients are kept.
        n_mels (int): how many values there are.
        norm (NormMode, optional): whether it is orthonormal. Default: NormMode.NONE.

    Returns:
        numpy.ndarray, float32 of shape (n_mels, n_mfcc).

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.

    Example:
        >>> audio.create_dct(2, 2, audio.NormMode.ORTHO).round(2).tolist()
        [[0.7099999785423279, 0.7099999785423279], [0.7099999785423279, -0.7099999785423279]]
    """
    check("create_dct", "n_mfcc", n_mfcc, _COUNT)
    check("create_dct", "n_mels", n_mels, _COUNT)
    check_is("create_dct", "norm", norm, NormMode)
    return dct(n_mfcc, n_mels, norm).astype(np.float32)


class _OfMels(AudioTensorOperation):
    """Base of what goes from frequencies to bands, or back."""

    _least_axes = 2

    def _set(self, n_mels, sample_rate, f_min, f_max, n_stft, norm, mel_type) -> None:
        owner = type(self).__name__
        checked(owner, {"n_mels": _COUNT, "sample_rate": _COUNT, "n_stft": _COUNT},
                {"n_mels": n_mels, "sample_rate": sample_rate, "n_stft": n_stft})  # fmt: skip
        f_max = sample_rate // 2 if f_max is None else f_max
        check_range(owner, f_min, f_max)
        check_is(owner, "norm", norm, NormType)
        check_is(owner, "mel_type", mel_type, MelType)
        self.n_mels, self.n_stft = n_mels, n_stft
        self.bank = mel_bank(n_stft, f_min, f_max, n_mels, sample_rate, norm, mel_type)

    def _needs(self, sound: np.ndarray, count: int) -> None:
        if sound.shape[-2] != count:
            raise refusal(self, f"the input must be of shape (..., {count}, time), but got {sound.shape}")


class MelScale(_OfMels):
    """Bands of the mel scale of a spectrum of shape (..., freq, time).

    Args:
        n_mels (int, optional): how many bands there are. Default: 128.
        sample_rate (int, optional): how many samples a second has. Default: 16000.
        f_min (float, optional): the lowest frequency, in Hz. Default: 0.0.
        f_max (float, optional): the highest; None for half the sample rate. Default: None.
        n_stft (int, optional): how many frequencies the spectrum has. Default: 201.
        norm (NormType, optional): whether bands have the same area. Default: NormType.NONE.
        mel_type (MelType, optional): which scale. Default: MelType.HTK.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the spectrum has another number of frequencies.

    Example:
        >>> audio.MelScale(40)(np.ones((1, 201, 3))).shape
        (1, 40, 3)
    """

    def __init__(
        self, n_mels=128, sample_rate=16000, f_min=0.0, f_max=None, n_stft=201, norm=NormType.NONE,
        mel_type=MelType.HTK,
    ):  # fmt: skip
        self._set(n_mels, sample_rate, f_min, f_max, n_stft, norm, mel_type)

    def _sound(self, sound):
        self._needs(sound, self.n_stft)
        return self.bank.T @ sound


class InverseMelScale(_OfMels):
    """A spectrum whose bands of the mel scale are given: one of many, found by gradient descent from a random one.

    Args:
        n_stft (int): how many frequencies the spectrum has.
        n_mels (int, optional): how many bands there are. Default: 128.
        sample_rate (int, optional): how many samples a second has. Default: 16000.
        f_min (float, optional): the lowest frequency, in Hz. Default: 0.0.
        f_max (float, optional): the highest; None for half the sample rate. Default: None.
        max_iter (int, optional): how many steps there are, at most. Default: 100000.
        tolerance_loss (float, optional): the loss at which to end. Default: 1e-5.
        tolerance_change (float, optional): its change at which to end. Default: 1e-8.
        sgdargs (dict, optional): `sgd_lr` and `sgd_momentum`. Default: None, 0.1 and 0.9.
        norm (NormType, optional): whether bands have the same area. Default: NormType.NONE.
        mel_type (MelType, optional): which scale. Default: MelType.HTK.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the input has another number of bands.

    Example:
        >>> audio.InverseMelScale(33, 8, max_iter=10)(np.ones((1, 8, 2))).shape
        (1, 33, 2)
    """

    random = True

    def __init__(
        self, n_stft, n_mels=128, sample_rate=16000, f_min=0.0, f_max=None, max_iter=100000, tolerance_loss=1e-5,
        tolerance_change=1e-8, sgdargs=None, norm=NormType.NONE, mel_type=MelType.HTK,
    ):  # fmt: skip
        self._set(n_mels, sample_rate, f_min, f_max, n_stft, norm, mel_type)
        owner = "InverseMelScale"
        check(owner, "max_iter", max_iter, _COUNT)
        check(owner, "tolerance_loss", tolerance_loss, "number > 0")
        check(owner, "tolerance_change", tolerance_change, "number > 0")
        check(owner, "sgdargs", sgdargs, "None or dict")
        given = {"sgd_lr": 0.1, "sgd_momentum": 0.9, **(sgdargs or {})}
        for name, value in given.items():
            check(owner, name, value, "number >= 0")
        self.max_iter, self.tolerance_loss, self.tolerance_change = max_iter, tolerance_loss, tolerance_change
        self.rate, self.momentum = given["sgd_lr"], given["sgd_momentum"]

    def _sound(self, sound):
        self._needs(sound, self.n_mels)
        flat = sound.reshape(-1, *sound.shape[-2:])
        shape, draw = (len(flat), self.n_stft, flat.shape[-1]), draws(self)
        spectrum = np.array([draw.unit() for _ in range(int(np.prod(shape)))]).reshape(shape)
        speed, loss = np.zeros(shape), np.inf
        for _ in range(self.max_iter):
            error = self.bank.T @ spectrum - flat
            before, loss = loss, (error**2).sum(axis=-2).mean()
            if loss < self.tolerance_loss or abs(before - loss) < self.tolerance_change:
                break
            gradient = self.bank @ error * (2 / (len(flat) * flat.shape[-1]))
            speed = self.momentum * speed + gradient
            spectrum = np.maximum(spectrum - self.rate * speed, 0)
        return spectrum.reshape(*sound.shape[:-2], *shape[1:])
