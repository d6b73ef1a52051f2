"""Where a voice begins."""

from __future__ import annotations

from math import ceil, exp, floor, log

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.audio.base import AudioTensorOperation


class Vad(AudioTensorOperation):
    """A recording without the silence before a voice begins: the effect `vad` of SoX, which looks at the cepstrum.

    Args:
        sample_rate (int): how many samples a second has.
        trigger_level (float, optional): how much must be heard. Default: 7.0.
        trigger_time (float, optional): for how many seconds about. Default: 0.25.
        search_time (float, optional): how many seconds before are looked at, too. Default: 1.0.
        allowed_gap (float, optional): how many seconds of silence there may be in between. Default: 0.25.
        pre_trigger_time (float, optional): how many seconds of silence are kept. Default: 0.0.
        boot_time (float, optional): how many seconds there are to learn the noise. Default: 0.35.
        noise_up_time, noise_down_time (float, optional): how fast the noise is learnt. Default: 0.1 and 0.01.
        noise_reduction_amount (float, optional): how much of it is taken away. Default: 1.35.
        measure_freq (float, optional): how often a second it is measured. Default: 20.0.
        measure_duration (float, optional): how many seconds that takes; None for two periods. Default: None.
        measure_smooth_time (float, optional): over how many seconds it is smoothed. Default: 0.4.
        hp_filter_freq, lp_filter_freq (float, optional): which frequencies are looked at. Default: 50.0 and 6000.0.
        hp_lifter_freq, lp_lifter_freq (float, optional): which of the cepstrum. Default: 150.0 and 2000.0.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.

    Example:
        >>> audio.Vad(1600)(np.zeros((1, 800))).shape
        (1, 800)
    """

    def __init__(
        self, sample_rate, trigger_level=7.0, trigger_time=0.25, search_time=1.0, allowed_gap=0.25,
        pre_trigger_time=0.0, boot_time=0.35, noise_up_time=0.1, noise_down_time=0.01, noise_reduction_amount=1.35,
        measure_freq=20.0, measure_duration=None, measure_smooth_time=0.4, hp_filter_freq=50.0, lp_filter_freq=6000.0,
        hp_lifter_freq=150.0, lp_lifter_freq=2000.0,
    ):  # fmt: skip
        check("Vad", "sample_rate", sample_rate, "int > 0")
        given = {name: value for name, value in locals().items() if name not in ("self", "sample_rate")}
        for name, value in given.items():
            kind = "number" if name in ("trigger_level",) else "number >= 0"
            positive = name.endswith("_freq") or name in ("noise_up_time", "noise_down_time", "measure_smooth_time")
            kind = "number > 0" if positive else kind
            check("Vad", name, value, f"None or {kind}" if name == "measure_duration" else kind)
        self.sample_rate, self.given = sample_rate, given

    def _sound(self, sound):
        flat = sound.reshape(-1, sound.shape[-1])
        start = _Search(self.sample_rate, len(flat), **self.given).start(flat)
        return flat[:, start:].reshape(*sound.shape[:-1], -1)


class _Search:
    """A search for the beginning of a voice, measure by measure, through a recording of some channels."""

    def __init__(self, rate: int, channels: int, **given):
        often = given["measure_freq"]

        def fading(name: str) -> float:
            """What is left of a value after one measure."""
            return exp(-1 / (given[name] * often)) if given[name] else 0.0

        self.length = int((given["measure_duration"] or 2 / often) * rate + 0.5)
        self.size = 16
        while self.size < self.length:
            self.size *= 2
        self.period, self.count = int(rate / often + 0.5), ceil(given["search_time"] * often)
        self.gap, self.level = int(given["allowed_gap"] * often + 0.5), given["trigger_level"]
        self.before = int(given["pre_trigger_time"] * rate + 0.5) + self.count * self.period + self.length
        self.reduction, self.booting = given["noise_reduction_amount"], int(given["boot_time"] * often - 0.5)
        self.trigger, self.smooth = fading("trigger_time"), fading("measure_smooth_time")
        self.up, self.down = fading("noise_up_time"), fading("noise_down_time")
        first = max(1, int(given["hp_filter_freq"] / rate * self.size + 0.5))
        last = min(self.size // 2, int(given["lp_filter_freq"] / rate * self.size + 0.5))
        self.band = slice(first, last)
        self.window, self.of_cepstrum = _hann(self.length), _hann(last - first)
        low, high = ceil(rate * 0.5 / given["lp_lifter_freq"]), floor(rate * 0.5 / given["hp_lifter_freq"])
        self.lifted = slice(low, min(high, self.size // 4))
        self.spectrum, self.noise = (np.zeros((channels, last - first)) for _ in range(2))
        self.measures, self.means = np.zeros((channels, self.count)), np.zeros(channels)

    def start(self, sound: np.ndarray) -> int:
        """The number of the first sample that is kept; if there is no voice, what was searched last is."""
        boots, kept = 0, 0
        for number, place in enumerate(range(self.length, sound.shape[-1], self.period)):
            now, found = number % self.count, False
            for channel, samples in enumerate(sound[:, place - self.length : place]):
                measure = self._measure(channel, samples, boots)
                self.measures[channel, now] = measure
                self.means[channel] = self.means[channel] * self.trigger + measure * (1 - self.trigger)
                found = found or self.means[channel] >= self.level
                if found:
                    kept = min(max(kept, self._backwards(channel, now)), self.count)
            if found:
                return max(0, place - self.before + (self.count - kept) * self.period)
            boots = -1 if boots in (-1, self.booting) else boots + 1
        return max(0, sound.shape[-1] - self.before)

    def _measure(self, channel: int, samples: np.ndarray, boots: int) -> float:
        """How much of a voice there is: of the cepstrum of what is not noise, the part of voices, in decibels."""
        spectrum, noise = self.spectrum[channel], self.noise[channel]
        now = np.abs(np.fft.rfft(samples * self.window, self.size))[self.band]
        left = boots / (1 + boots) if boots >= 0 else self.smooth
        spectrum[:] = spectrum * left + now * (1 - left)
        power = spectrum**2
        fading = 0.0 if boots >= 0 else np.where(power > noise, self.up, self.down)
        noise[:] = noise * fading + power * (1 - fading)
        voice = np.zeros(self.size // 2)
        voice[self.band] = np.sqrt(np.maximum(0, power - self.reduction * noise)) * self.of_cepstrum
        part = np.fft.rfft(voice)[self.lifted]
        total = (np.abs(part) ** 2).sum()
        return max(0.0, 21 + log(total / len(part))) if total > 0 else 0.0

    def _backwards(self, channel: int, now: int) -> int:
        """Through how many measures before this one the voice goes back, over gaps."""
        voice = silence = self.count
        for back in range(self.count):
            measure = self.measures[channel, (now - back) % self.count]
            if measure >= self.level and back <= voice + self.gap:
                voice = silence = back
            elif measure == 0 and voice >= silence:
                silence = back
        return min(self.count - 1, silence)


def _hann(length: int) -> np.ndarray:
    """A window whose squares sum up to about 1.5."""
    return 2 / np.sqrt(length) * np.hanning(length + 1)[:-1]
