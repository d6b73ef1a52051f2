"""Short-time spectra, what is made of them, and the way back to a sound."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check, check_is
from msjax.dataset.audio.amplitudes import AmplitudeToDB
from msjax.dataset.audio.banks import check_range, dct, linear_bank, mel_bank
from msjax.dataset.audio.base import INT32, AudioTensorOperation, complex_of, pairs_of
from msjax.dataset.audio.enumerations import BorderType, MelType, NormMode, NormType, WindowType
from msjax.dataset.seeding import draws
from msjax.dataset.transforms.base import refusal

_COUNT, _SIZE = f"int [1, {INT32}]", f"int [0, {INT32}]"
_PADDING = {
    BorderType.CONSTANT: "constant", BorderType.EDGE: "edge", BorderType.REFLECT: "reflect",
    BorderType.SYMMETRIC: "symmetric",
}  # fmt: skip


def window_of(kind: WindowType, length: int) -> np.ndarray:
    """A window that is periodic: its first value would come again after the last."""
    make = {
        WindowType.BARTLETT: np.bartlett,
        WindowType.BLACKMAN: np.blackman,
        WindowType.HAMMING: np.hamming,
        WindowType.HANN: np.hanning,
        WindowType.KAISER: lambda count: np.kaiser(count, 12.0),
    }[kind]
    return make(length + 1)[:-1] if length > 1 else np.ones(length)


class Frames:
    """How a sound is taken apart into frames, each with its spectrum.

    Args:
        owner: what messages call it.
        n_fft (int): how many samples a frame has.
        win_length (int): how long the window is; None for `n_fft`.
        hop_length (int): how many samples there are from one frame to the next; None for half of the window.
        window (WindowType): the window.
        normalized (bool): whether spectra are divided by the size of the window.
        center (bool): whether frames have their times in the middle, so that the sound is padded.
        pad_mode (BorderType): with what.
        onesided (bool): whether only half of the frequencies are kept; the others say the same.
    """

    def __init__(
        self, owner, n_fft, win_length=None, hop_length=None, window=WindowType.HANN, normalized=False, center=True,
        pad_mode=BorderType.REFLECT, onesided=True,
    ):  # fmt: skip
        check(owner, "n_fft", n_fft, _COUNT)
        check(owner, "win_length", win_length, f"None or {_COUNT}")
        check(owner, "hop_length", hop_length, f"None or {_COUNT}")
        check_is(owner, "window", window, WindowType)
        for name, value in (("normalized", normalized), ("center", center), ("onesided", onesided)):
            check(owner, name, value, "bool")
        check_is(owner, "pad_mode", pad_mode, BorderType)
        self.n_fft, self.win_length = n_fft, n_fft if win_length is None else win_length
        self.hop_length = self.win_length // 2 if hop_length is None else hop_length
        if self.win_length > n_fft:
            raise ValueError(f"For '{owner}', the 'win_length' must be at most 'n_fft', {n_fft}, but got {win_length}.")
        check(owner, "hop_length", self.hop_length, _COUNT)
        self.owner, self.center, self.pad_mode, self.onesided = owner, center, pad_mode, onesided
        left = (n_fft - self.win_length) // 2
        self.window = np.zeros(n_fft)
        self.window[left : left + self.win_length] = window_of(window, self.win_length)
        self.scale = np.sqrt((self.window**2).sum()) if normalized else 1.0

    def apart(self, sound: np.ndarray) -> np.ndarray:
        """The spectra of a sound, complex, of shape (..., freq, time)."""
        half = self.n_fft // 2
        if self.center:
            widths = [(0, 0)] * (sound.ndim - 1) + [(half, half)]
            sound = np.pad(sound, widths, _PADDING[self.pad_mode])  # type: ignore[call-overload]
        if sound.shape[-1] < self.n_fft:
            raise RuntimeError(
                f"For '{self.owner}', the 'n_fft' must be at most the length, {sound.shape[-1]}, but got {self.n_fft}."
            )
        frames = np.lib.stride_tricks.sliding_window_view(sound, self.n_fft, axis=-1)[..., :: self.hop_length, :]
        transform = np.fft.rfft if self.onesided else np.fft.fft
        return np.moveaxis(transform(frames * self.window), -1, -2) / self.scale

    def together(self, spectra: np.ndarray, length: int | None = None) -> np.ndarray:
        """The sound of such spectra: of frames that overlap, what fits best. https://doi.org/10.1109/TASSP.1984.1164317"""
        spectra = np.moveaxis(spectra * self.scale, -2, -1)
        inverse = np.fft.irfft if self.onesided else np.fft.ifft
        frames = inverse(spectra, self.n_fft).real * self.window
        count = frames.shape[-2]
        whole = self.n_fft + self.hop_length * (count - 1)
        sound, weight = np.zeros((*frames.shape[:-2], whole)), np.zeros(whole)
        for i in range(count):
            part = slice(i * self.hop_length, i * self.hop_length + self.n_fft)
            sound[..., part] += frames[..., i, :]
            weight[part] += self.window**2
        start = self.n_fft // 2 if self.center else 0
        stop = start + (whole - self.n_fft // 2 * 2 if length is None else length)
        kept = sound[..., start:stop] / np.where(weight > 1e-11, weight, 1)[start:stop]
        missing = stop - start - kept.shape[-1]
        return np.pad(kept, [(0, 0)] * (kept.ndim - 1) + [(0, missing)]) if missing > 0 else kept


class Spectrogram(AudioTensorOperation):
    """The short-time spectrum of a sound, of shape (..., freq, time).

    Args:
        n_fft (int, optional): how many samples a frame has. Default: 400.
        win_length (int, optional): how long the window is; None for `n_fft`. Default: None.
        hop_length (int, optional): from one frame to the next; None for half of the window. Default: None.
        pad (int, optional): how many zeros are put at both ends. Default: 0.
        window (WindowType, optional): the window. Default: WindowType.HANN.
        power (float, optional): the power of the magnitudes; 0 for complex numbers, of shape (..., freq, time, 2).
            Default: 2.0.
        normalized (bool, optional): whether it is divided by the size of the window. Default: False.
        center (bool, optional): whether frames have their times in the middle. Default: True.
        pad_mode (BorderType, optional): what is at the ends then. Default: BorderType.REFLECT.
        onesided (bool, optional): whether half of the frequencies are kept. Default: True.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the sound is too short.

    Example:
        >>> audio.Spectrogram(n_fft=16)(np.ones((1, 40))).shape
        (1, 9, 6)
    """

    def __init__(
        self, n_fft=400, win_length=None, hop_length=None, pad=0, window=WindowType.HANN, power=2.0, normalized=False,
        center=True, pad_mode=BorderType.REFLECT, onesided=True,
    ):  # fmt: skip
        owner = type(self).__name__
        check(owner, "pad", pad, _SIZE)
        check(owner, "power", power, "number >= 0")
        self.frames = Frames(owner, n_fft, win_length, hop_length, window, normalized, center, pad_mode, onesided)
        self.pad, self.power = pad, power

    def _sound(self, sound):
        spectra = self.frames.apart(np.pad(sound, [(0, 0)] * (sound.ndim - 1) + [(self.pad, self.pad)]))
        return np.abs(spectra) ** self.power if self.power else pairs_of(spectra)


class SpectralCentroid(AudioTensorOperation):
    """The mean frequency of a sound at each time, weighted by how loud it is: of shape (..., 1, time).

    Args:
        sample_rate (int): how many samples a second has, not 0.
        n_fft, win_length, hop_length, pad, window: as for `Spectrogram`.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the sound is too short.

    Example:
        >>> audio.SpectralCentroid(8000, n_fft=16)(np.arange(40.0)[None] % 3).shape
        (1, 1, 6)
    """

    def __init__(self, sample_rate, n_fft=400, win_length=None, hop_length=None, pad=0, window=WindowType.HANN):
        check("SpectralCentroid", "sample_rate", sample_rate, _COUNT)
        self.spectrogram = Spectrogram(n_fft, win_length, hop_length, pad, window, power=1.0)
        self.frequencies = np.linspace(0, sample_rate // 2, 1 + n_fft // 2)[:, None]

    def _sound(self, sound):
        spectrum = self.spectrogram._sound(sound)
        return (self.frequencies * spectrum).sum(axis=-2, keepdims=True) / spectrum.sum(axis=-2, keepdims=True)


class InverseSpectrogram(AudioTensorOperation):
    """The sound of a short-time spectrum of complex numbers, of shape (..., freq, time, 2).

    Args:
        length (int, optional): how long the sound is; None for as long as the frames are. Default: None.
        n_fft, win_length, hop_length, pad, window, normalized, center, pad_mode, onesided: as for `Spectrogram`.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the input has another shape.

    Example:
        >>> spectrum = audio.Spectrogram(16, power=0.0)(np.arange(40.0)[None] % 3)
        >>> audio.InverseSpectrogram(n_fft=16)(spectrum)[0, :4].round(6).tolist()
        [0.0, 1.0, 2.0, 0.0]
    """

    _pairs, _least_axes = True, 3

    def __init__(
        self, length=None, n_fft=400, win_length=None, hop_length=None, pad=0, window=WindowType.HANN,
        normalized=False, center=True, pad_mode=BorderType.REFLECT, onesided=True,
    ):  # fmt: skip
        owner = "InverseSpectrogram"
        check(owner, "length", length, f"None or {_SIZE}")
        check(owner, "pad", pad, _SIZE)
        self.frames = Frames(owner, n_fft, win_length, hop_length, window, normalized, center, pad_mode, onesided)
        self.length, self.pad = length or None, pad

    def _sound(self, sound):
        needs_frequencies(self, self.frames, sound.shape[-3])
        whole = None if self.length is None else self.length + 2 * self.pad
        made = self.frames.together(complex_of(sound), whole)
        return made[..., self.pad : -self.pad] if self.length is not None and self.pad else made


def needs_frequencies(operation, frames: Frames, count: int) -> None:
    """Check how many frequencies a spectrum has."""
    wanted = frames.n_fft // 2 + 1 if frames.onesided else frames.n_fft
    if count != wanted:
        raise refusal(operation, f"the input must have {wanted} frequencies, as 'n_fft' says, but got {count}")


class GriffinLim(AudioTensorOperation):
    """A sound with a given short-time spectrum of magnitudes, of shape (..., freq, time).
    https://doi.org/10.1109/WASPAA.2013.6701851

    Args:
        n_fft (int, optional): how many samples a frame has. Default: 400.
        n_iter (int, optional): how many steps there are. Default: 32.
        win_length (int, optional): how long the window is; None for `n_fft`. Default: None.
        hop_length (int, optional): from one frame to the next; None for half of the window. Default: None.
        window_type (WindowType, optional): the window. Default: WindowType.HANN.
        power (float, optional): the power of the magnitudes that is given. Default: 2.0.
        momentum (float, optional): how far steps go on. Default: 0.99.
        length (int, optional): how long the sound is; None for as long as the frames are. Default: None.
        rand_init (bool, optional): whether phases are random at first. Default: True.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the input has another number of frequencies.

    Example:
        >>> audio.GriffinLim(n_fft=16, n_iter=2)(np.ones((1, 9, 6))).shape
        (1, 40)
    """

    _least_axes, random = 2, True

    def __init__(
        self, n_fft=400, n_iter=32, win_length=None, hop_length=None, window_type=WindowType.HANN, power=2.0,
        momentum=0.99, length=None, rand_init=True,
    ):  # fmt: skip
        owner = "GriffinLim"
        self.frames = Frames(owner, n_fft, win_length, hop_length, window_type)
        check(owner, "n_iter", n_iter, _COUNT)
        check(owner, "power", power, "number > 0")
        check(owner, "momentum", momentum, "number >= 0")
        check(owner, "length", length, f"None or {_SIZE}")
        check(owner, "rand_init", rand_init, "bool")
        if momentum >= 1:
            raise ValueError(f"For 'GriffinLim', the 'momentum' must be less than 1, but got {momentum}.")
        self.n_iter, self.power, self.momentum = n_iter, power, momentum / (1 + 2 * momentum)  # as MindSpore
        self.length, self.random = length or None, rand_init

    def _sound(self, sound):
        needs_frequencies(self, self.frames, sound.shape[-2])
        magnitudes = sound ** (1 / self.power)
        phases = np.ones(sound.shape, complex)
        if self.random:
            draw = draws(self)
            parts = np.array([draw.unit() for _ in range(2 * sound.size)]).reshape(2, *sound.shape)
            phases = parts[0] + 1j * parts[1]
        before = np.zeros_like(phases)
        for _ in range(self.n_iter):
            rebuilt = self.frames.apart(self.frames.together(magnitudes * phases, self.length))
            if rebuilt.shape != phases.shape:
                raise refusal(self, f"the 'length' {self.length} is not that of {sound.shape[-1]} frames")
            phases = rebuilt - before * self.momentum
            phases /= np.abs(phases) + 1e-16
            before = rebuilt
        return self.frames.together(magnitudes * phases, self.length)


class MelSpectrogram(AudioTensorOperation):
    """Bands of the mel scale of the short-time spectrum of a sound, of shape (..., n_mels, time).

    Args:
        sample_rate (int, optional): how many samples a second has. Default: 16000.
        n_fft, win_length, hop_length, pad, window, power, normalized, center, pad_mode, onesided: as for `Spectrogram`.
        f_min (float, optional): the lowest frequency, in Hz. Default: 0.0.
        f_max (float, optional): the highest; None for half the sample rate. Default: None.
        n_mels (int, optional): how many bands there are. Default: 128.
        norm (NormType, optional): whether bands have the same area. Default: NormType.NONE.
        mel_scale (MelType, optional): which scale. Default: MelType.HTK.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the sound is too short.

    Example:
        >>> audio.MelSpectrogram(8000, n_fft=64, n_mels=8)(np.ones((1, 100))).shape
        (1, 8, 4)
    """

    def __init__(
        self, sample_rate=16000, n_fft=400, win_length=None, hop_length=None, f_min=0.0, f_max=None, pad=0, n_mels=128,
        window=WindowType.HANN, power=2.0, normalized=False, center=True, pad_mode=BorderType.REFLECT, onesided=True,
        norm=NormType.NONE, mel_scale=MelType.HTK,
    ):  # fmt: skip
        owner = "MelSpectrogram"
        check(owner, "sample_rate", sample_rate, _COUNT)
        check(owner, "n_mels", n_mels, _COUNT)
        check(owner, "power", power, "number > 0")
        check_is(owner, "norm", norm, NormType)
        check_is(owner, "mel_scale", mel_scale, MelType)
        f_max = sample_rate // 2 if f_max is None else f_max
        check_range(owner, f_min, f_max)
        self.spectrogram = Spectrogram(
            n_fft, win_length, hop_length, pad, window, power, normalized, center, pad_mode, onesided
        )
        freqs = n_fft // 2 + 1 if onesided else n_fft
        self.bank = mel_bank(freqs, f_min, f_max, n_mels, sample_rate, norm, mel_scale)

    def _sound(self, sound):
        return self.bank.T @ self.spectrogram._sound(sound)


class _Cepstrum(AudioTensorOperation):
    """Base of cosine transforms of bands in decibels."""

    _logarithm = False

    def _set(self, count, name, bands, dct_type, norm) -> None:
        owner = type(self).__name__
        check(owner, "dct_type", dct_type, "int")
        if dct_type != 2:
            raise ValueError(f"For '{owner}', the 'dct_type' must be 2, but got {dct_type}.")
        check_is(owner, "norm", norm, NormMode)
        self.dct, self.name = dct(count, bands, norm), name

    def _in_dtype(self, dtype, result):
        return result.astype(np.float32)

    def _of_bands(self, bands: np.ndarray) -> np.ndarray:
        if self.dct.shape[1] > self.dct.shape[0]:
            raise refusal(self, f"the '{self.name}' must be at most the number of bands, {self.dct.shape[0]}")
        levels = np.log(bands + 1e-6) if self._logarithm else AmplitudeToDB()._sound(bands)
        return self.dct.T @ levels


class MFCC(_Cepstrum):
    """Mel-frequency cepstral coefficients of a sound, of shape (..., n_mfcc, time).

    Args:
        sample_rate (int, optional): how many samples a second has. Default: 16000.
        n_mfcc (int, optional): how many coefficients there are. Default: 40.
        dct_type (int, optional): must be 2. Default: 2.
        norm (NormMode, optional): whether the cosine transform is orthonormal. Default: NormMode.ORTHO.
        log_mels (bool, optional): whether logarithms are taken in place of decibels. Default: False.
        melkwargs (dict, optional): arguments of `MelSpectrogram`. Default: None, for its defaults.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the sound is too short.

    Example:
        >>> audio.MFCC(8000, 4)(np.ones((1, 500))).shape
        (1, 4, 3)
    """

    def __init__(self, sample_rate=16000, n_mfcc=40, dct_type=2, norm=NormMode.ORTHO, log_mels=False, melkwargs=None):
        check("MFCC", "n_mfcc", n_mfcc, _COUNT)
        check("MFCC", "log_mels", log_mels, "bool")
        check("MFCC", "melkwargs", melkwargs, "None or dict")
        self.spectrogram = MelSpectrogram(sample_rate, **(melkwargs or {}))
        self._logarithm = log_mels
        self._set(n_mfcc, "n_mfcc", self.spectrogram.bank.shape[1], dct_type, norm)

    def _sound(self, sound):
        return self._of_bands(self.spectrogram._sound(sound))


class LFCC(_Cepstrum):
    """Linear-frequency cepstral coefficients of a sound, of shape (..., n_lfcc, time).

    Args:
        sample_rate (int, optional): how many samples a second has. Default: 16000.
        n_filter (int, optional): how many bands there are. Default: 128.
        n_lfcc (int, optional): how many coefficients there are. Default: 40.
        f_min (float, optional): the lowest frequency, in Hz. Default: 0.0.
        f_max (float, optional): the highest; None for half the sample rate. Default: None.
        dct_type (int, optional): must be 2. Default: 2.
        norm (NormMode, optional): whether the cosine transform is orthonormal. Default: NormMode.ORTHO.
        log_lf (bool, optional): whether logarithms are taken in place of decibels. Default: False.
        speckwargs (dict, optional): arguments of `Spectrogram`. Default: None, for its defaults.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the sound is too short.

    Example:
        >>> audio.LFCC(8000, 20, 4)(np.ones((1, 500))).shape
        (1, 4, 3)
    """

    def __init__(
        self, sample_rate=16000, n_filter=128, n_lfcc=40, f_min=0.0, f_max=None, dct_type=2, norm=NormMode.ORTHO,
        log_lf=False, speckwargs=None,
    ):  # fmt: skip
        for name, value in (("sample_rate", sample_rate), ("n_filter", n_filter), ("n_lfcc", n_lfcc)):
            check("LFCC", name, value, _COUNT)
        check("LFCC", "log_lf", log_lf, "bool")
        check("LFCC", "speckwargs", speckwargs, "None or dict")
        f_max = sample_rate // 2 if f_max is None else f_max
        check_range("LFCC", f_min, f_max)
        self.spectrogram = Spectrogram(**(speckwargs or {}))
        frames = self.spectrogram.frames
        freqs = frames.n_fft // 2 + 1 if frames.onesided else frames.n_fft
        self.bank = linear_bank(freqs, f_min, f_max, n_filter, sample_rate)
        self._logarithm = log_lf
        self._set(n_lfcc, "n_lfcc", n_filter, dct_type, norm)

    def _sound(self, sound):
        return self._of_bands(self.bank.T @ self.spectrogram._sound(sound))
