"""What is said about a sound from time to time: its pitch, how it changes, and how it differs from what is around."""

from __future__ import annotations

from math import ceil

import numpy as np

from msjax.core.kinds import check, check_is
from msjax.dataset.audio.base import INT32, AudioTensorOperation
from msjax.dataset.audio.enumerations import BorderType

_COUNT = f"int [1, {INT32}]"
_TINY = 1e-9


class ComputeDeltas(AudioTensorOperation):
    """How a spectrum changes: the slope of the line that fits best, at each time.

    Args:
        win_length (int, optional): through how many times the line goes, an odd number from 3 on. Default: 5.
        pad_mode (BorderType, optional): what is at the ends. Default: BorderType.EDGE.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the input has fewer than two axes, (..., freq, time).

    Example:
        >>> audio.ComputeDeltas(3)(np.array([[1.0, 2.0, 4.0]])).tolist()
        [[0.5, 1.5, 1.0]]
    """

    _least_axes = 2

    def __init__(self, win_length=5, pad_mode=BorderType.EDGE):
        check("ComputeDeltas", "win_length", win_length, f"int [3, {INT32}]")
        check_is("ComputeDeltas", "pad_mode", pad_mode, BorderType)
        self.win_length, self.pad_mode = win_length, pad_mode

    def _sound(self, sound):
        reach = (self.win_length - 1) // 2
        widths = [(0, 0)] * (sound.ndim - 1) + [(reach, reach)]
        padded = np.pad(sound, widths, self.pad_mode.value)  # type: ignore[call-overload]
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=-1)
        return windows @ np.arange(-reach, reach + 1) / (reach * (reach + 1) * (2 * reach + 1) / 3)


class SlidingWindowCmn(AudioTensorOperation):
    """Cepstral coefficients, of shape (..., time, freq), without their mean over some times around.

    Args:
        cmn_window (int, optional): over how many times. Default: 600.
        min_cmn_window (int, optional): over how many at least, at the beginning, if not `center`. Default: 100.
        center (bool, optional): whether these are before and after; else they are before. Default: False.
        norm_vars (bool, optional): whether the variance becomes 1. Default: False.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the input has fewer than two axes.

    Example:
        >>> audio.SlidingWindowCmn()(np.array([[1.0], [3.0]])).tolist()
        [[-1.0], [1.0]]
    """

    _least_axes = 2

    def __init__(self, cmn_window=600, min_cmn_window=100, center=False, norm_vars=False):
        owner = "SlidingWindowCmn"
        check(owner, "cmn_window", cmn_window, f"int [0, {INT32}]")
        check(owner, "min_cmn_window", min_cmn_window, f"int [0, {INT32}]")
        check(owner, "center", center, "bool")
        check(owner, "norm_vars", norm_vars, "bool")
        self.cmn_window, self.min_cmn_window, self.center, self.norm_vars = (
            cmn_window,
            min_cmn_window,
            center,
            norm_vars,
        )

    def _sound(self, sound):
        result = np.empty_like(sound)
        for time in range(sound.shape[-2]):
            start, stop = self._range(time, sound.shape[-2])
            window = sound[..., start:stop, :]
            result[..., time, :] = sound[..., time, :] - window.mean(axis=-2)
            if self.norm_vars:
                result[..., time, :] *= 0 if stop - start == 1 else window.var(axis=-2) ** -0.5
        return result

    def _range(self, time: int, count: int) -> tuple[int, int]:
        """Over which times the mean of one is taken."""
        start = time - (self.cmn_window // 2 if self.center else self.cmn_window)
        stop = start + self.cmn_window if self.center else time + 1
        if start < 0:
            start, stop = 0, stop - start
        if not self.center and stop > time:
            stop = max(time + 1, self.min_cmn_window)
        if stop > count:
            start, stop = max(0, start - (stop - count)), count
        return start, stop


class DetectPitchFrequency(AudioTensorOperation):
    """The pitch of a sound at each time, in Hz: from how far it is like itself a moment later.

    Args:
        sample_rate (int): how many samples a second has, not 0.
        frame_time (float, optional): how many seconds there are from one time to the next. Default: 0.01.
        win_length (int, optional): of how many times the median is taken. Default: 30.
        freq_low, freq_high (float, optional): the lowest and the highest pitch, in Hz. Default: 85 and 3400.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.

    Example:
        >>> tone = np.sin(2 * np.pi * 200 * np.arange(4000) / 8000)[None]
        >>> audio.DetectPitchFrequency(8000)(tone)[0, 0].item()
        200.0
    """

    def __init__(self, sample_rate, frame_time=0.01, win_length=30, freq_low=85, freq_high=3400):
        owner = "DetectPitchFrequency"
        check(owner, "sample_rate", sample_rate, "int")
        if sample_rate == 0:
            raise ValueError(f"For '{owner}', the 'sample_rate' must not be 0.")
        check(owner, "frame_time", frame_time, "number > 0")
        check(owner, "win_length", win_length, _COUNT)
        check(owner, "freq_low", freq_low, "number > 0")
        check(owner, "freq_high", freq_high, "number > 0")
        self.sample_rate, self.frame_time, self.win_length = sample_rate, frame_time, win_length
        self.freq_low, self.freq_high = freq_low, freq_high

    def _in_dtype(self, dtype, result):
        return result.astype(np.float32)

    def _sound(self, sound):
        likeness = self._likeness(sound)
        least = ceil(self.sample_rate / self.freq_high)
        best = likeness[..., least:].argmax(axis=-1)
        half = likeness[..., least : likeness.shape[-1] // 2]
        if half.shape[-1]:  # a shorter period that is nearly as good
            alike = half.max(axis=-1) > 0.99 * likeness[..., least:].max(axis=-1)
            best = np.where(alike, half.argmax(axis=-1), best)
        return self.sample_rate / (_TINY + self._smoothed(best + least + 1))

    def _likeness(self, sound: np.ndarray) -> np.ndarray:
        """How much each frame is like what is 1, 2 and so on samples later: shape (..., frame, lag)."""
        lags, size = ceil(self.sample_rate / self.freq_low), ceil(self.sample_rate * self.frame_time)
        count = ceil(sound.shape[-1] / size)
        missing = lags + count * size - sound.shape[-1]
        padded = np.pad(sound, [(0, 0)] * (sound.ndim - 1) + [(0, missing)])

        def frames(lag: int) -> np.ndarray:
            return padded[..., lag : lag + count * size].reshape(*sound.shape[:-1], count, size)

        def norm(frame: np.ndarray) -> np.ndarray:
            return (_TINY + np.sqrt((frame**2).sum(axis=-1))) ** 2

        now = frames(0)
        alike = [(now * then).sum(axis=-1) / norm(now) / norm(then) for then in map(frames, range(1, lags + 1))]
        return np.stack(alike, axis=-1)

    def _smoothed(self, periods: np.ndarray) -> np.ndarray:
        """Medians, the lower of the two in the middle."""
        before = (self.win_length - 1) // 2
        padded = np.concatenate([periods[..., :1]] * before + [periods], axis=-1)
        windows = np.lib.stride_tricks.sliding_window_view(padded, self.win_length, axis=-1)
        return np.sort(windows, axis=-1)[..., before]
