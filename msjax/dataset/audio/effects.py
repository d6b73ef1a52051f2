"""Effects of SoX: what is done to the shape of a wave, or by delays that change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from msjax.core.kinds import check, check_is
from msjax.dataset.audio.base import INT32, AudioTensorOperation
from msjax.dataset.audio.enumerations import DensityFunction, FadeShape, Interpolation, Modulation
from msjax.dataset.seeding import draws
from msjax.dataset.transforms.base import refusal


class Contrast(AudioTensorOperation):
    """Make it sound louder.

    Args:
        enhancement_amount (float, optional): how much, from 0 to 100. Default: 75.0.

    Raises:
        TypeError, ValueError: if that is no such number.

    Example:
        >>> audio.Contrast()(np.array([0.0, 1.0])).tolist()
        [0.0, 1.0]
    """

    def __init__(self, enhancement_amount=75.0):
        check("Contrast", "enhancement_amount", enhancement_amount, "number [0, 100]")
        self.enhancement_amount = enhancement_amount

    def _sound(self, sound):
        turn = sound * np.pi / 2
        return np.sin(turn + self.enhancement_amount / 750 * np.sin(turn * 4))


class DCShift(AudioTensorOperation):
    """Shift a wave up or down, cut off at -1 and 1.

    Args:
        shift (float): by how much, from -2 to 2.
        limiter_gain (float, optional): how much of what comes near the peak is left; None for no limit. Default: None.

    Raises:
        TypeError, ValueError: if an argument is no such number.

    Example:
        >>> audio.DCShift(0.5)(np.array([0.0, 0.75])).tolist()
        [0.5, 1.0]
    """

    def __init__(self, shift, limiter_gain=None):
        check("DCShift", "shift", shift, "number [-2, 2]")
        check("DCShift", "limiter_gain", limiter_gain, "None or number")
        self.shift, self.limiter_gain = shift, limiter_gain

    def _sound(self, sound):
        shift, gain, shifted = self.shift, self.limiter_gain, np.clip(sound + self.shift, -1, 1)
        if gain is None or gain == shift or shift == 0:
            return shifted
        limit = 1 - (abs(shift) - gain)
        if shift > 0:
            near = (sound - limit) * gain / (1 - limit) + limit + shift
            return np.where(sound > limit, np.minimum(near, limit), shifted)
        near = (sound + limit) * gain / (1 - limit) + limit + shift  # in SoX it is - limit
        return np.where(sound < -limit, np.maximum(near, -limit), shifted)


class Dither(AudioTensorOperation):
    """Round to 16 bits, with something added before so that the error is no tone.

    Args:
        density_function (DensityFunction, optional): what is added. Default: DensityFunction.TPDF.
        noise_shaping (bool, optional): whether errors are pushed to high frequencies. Default: False.

    Raises:
        TypeError: if an argument is of another type.

    Example:
        >>> bool(abs(audio.Dither()(np.array([[0.25, 0.5]])) - [[0.25, 0.5]]).max() < 1e-3)
        True
    """

    random = True

    def __init__(self, density_function=DensityFunction.TPDF, noise_shaping=False):
        check_is("Dither", "density_function", density_function, DensityFunction)
        check("Dither", "noise_shaping", noise_shaping, "bool")
        self.density_function, self.noise_shaping = density_function, noise_shaping
        self.random = density_function is not DensityFunction.TPDF

    def _sound(self, sound):
        flat = sound.reshape(-1, sound.shape[-1])
        rounded = np.round(flat * (2**15 - 2) + self._added(flat)) / 2**15
        if self.noise_shaping:
            error = rounded - flat
            rounded = rounded + np.concatenate([np.zeros_like(error[:, :1]), error[:, :-1]], axis=1)
        return rounded.reshape(sound.shape)

    def _added(self, sound: np.ndarray):
        if self.density_function is DensityFunction.TPDF:
            return np.bartlett(sound.shape[1] + 1)[:-1]
        draw = draws(self)

        def some() -> float:
            return sound[int(draw.unit() * sound.shape[0]), int(draw.unit() * sound.shape[1])]

        return some() - 0.5 if self.density_function is DensityFunction.RPDF else sum(some() for _ in range(6)) / 6


_RISES: dict[FadeShape, Callable[[np.ndarray], np.ndarray]] = {
    FadeShape.LINEAR: lambda t: t,
    FadeShape.QUARTER_SINE: lambda t: np.sin(t * np.pi / 2),
    FadeShape.HALF_SINE: lambda t: np.sin(t * np.pi - np.pi / 2) / 2 + 0.5,
    FadeShape.LOGARITHMIC: lambda t: np.log10(0.1 + t) + 1,
    FadeShape.EXPONENTIAL: lambda t: 2.0 ** (t - 1) * t,
}


class Fade(AudioTensorOperation):
    """Begin and end in silence.

    Args:
        fade_in_len (int, optional): how many samples the beginning has. Default: 0.
        fade_out_len (int, optional): how many the end has. Default: 0.
        fade_shape (FadeShape, optional): how it becomes louder. Default: FadeShape.LINEAR.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if a length is negative.
        RuntimeError: if a length is greater than that of the sound.

    Example:
        >>> audio.Fade(3, 2)(np.ones(6)).tolist()
        [0.0, 0.5, 1.0, 1.0, 1.0, 0.0]
    """

    def __init__(self, fade_in_len=0, fade_out_len=0, fade_shape=FadeShape.LINEAR):
        check("Fade", "fade_in_len", fade_in_len, f"int [0, {INT32}]")
        check("Fade", "fade_out_len", fade_out_len, f"int [0, {INT32}]")
        check_is("Fade", "fade_shape", fade_shape, FadeShape)
        self.fade_in_len, self.fade_out_len, self.fade_shape = fade_in_len, fade_out_len, fade_shape

    def _sound(self, sound):
        count = sound.shape[-1]
        for name in ("fade_in_len", "fade_out_len"):
            if getattr(self, name) > count:
                raise refusal(self, f"the '{name}' must be at most the length, {count}, but got {getattr(self, name)}")
        rise = _RISES[self.fade_shape]
        volume = np.ones(count)
        volume[: self.fade_in_len] *= rise(np.linspace(0, 1, self.fade_in_len))
        volume[count - self.fade_out_len :] *= rise(1 - np.linspace(0, 1, self.fade_out_len))
        return sound * volume


class Overdrive(AudioTensorOperation):
    """Distort, as an amplifier that is driven too hard.

    Args:
        gain (float, optional): how hard, in decibels from 0 to 100. Default: 20.0.
        color (float, optional): how much the distortion is uneven, from 0 to 100. Default: 20.0.

    Raises:
        TypeError, ValueError: if an argument is no such number.

    Example:
        >>> audio.Overdrive()(np.zeros((1, 4))).shape
        (1, 4)
    """

    def __init__(self, gain=20.0, color=20.0):
        check("Overdrive", "gain", gain, "number [0, 100]")
        check("Overdrive", "color", color, "number [0, 100]")
        self.gain, self.color = gain, color

    def _sound(self, sound):
        driven = sound * 10 ** (self.gain / 20) + self.color / 200
        driven = np.where(driven < -1, -2 / 3, np.where(driven > 1, 2 / 3, driven - driven**3 / 3))
        before = np.concatenate([np.zeros_like(driven[..., :1]), driven[..., :-1]], axis=-1)
        from scipy.signal import lfilter

        kept = np.asarray(lfilter([1.0], [1.0, -0.995], driven - before))  # without what does not change
        return np.clip(sound * 0.5 + kept * 0.75, -1, 1)


def _wave(kind: str, length: int, low: float, high: float, phase: float) -> np.ndarray:
    """A period of a wave that changes a delay."""
    place = (np.arange(length) + int(phase / np.pi / 2 * length + 0.5)) % length
    if kind == "sine":
        wave = (np.sin(place / length * np.pi * 2) + 1) / 2
    else:
        wave = place * 2 / length
        quarter = place * 4 // length
        wave = np.select([quarter == 0, quarter == 3], [wave + 0.5, wave - 1.5], 1.5 - wave)
    return wave * (high - low) + low


class Phaser(AudioTensorOperation):
    """Add what was heard a moment before, by a delay that changes.

    Args:
        sample_rate (int): how many samples a second has.
        gain_in (float, optional): how much of the input there is, from 0 to 1. Default: 0.4.
        gain_out (float, optional): how loud the result is, from 0 to 1e9. Default: 0.74.
        delay_ms (float, optional): the delay in milliseconds, from 0 to 5. Default: 3.0.
        decay (float, optional): how much is left after the delay, from 0 to 0.99. Default: 0.4.
        mod_speed (float, optional): how often a second the delay changes, from 0.1 to 2. Default: 0.5.
        sinusoidal (bool, optional): whether it changes as a sine, else as a triangle. Default: True.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.

    Example:
        >>> audio.Phaser(44100)(np.zeros((1, 4))).shape
        (1, 4)
    """

    def __init__(
        self, sample_rate, gain_in=0.4, gain_out=0.74, delay_ms=3.0, decay=0.4, mod_speed=0.5, sinusoidal=True
    ):
        owner = "Phaser"
        check(owner, "sample_rate", sample_rate, f"int [{-INT32 - 1}, {INT32}]")
        check(owner, "gain_in", gain_in, "number [0, 1]")
        check(owner, "gain_out", gain_out, "number [0, 1000000000]")
        check(owner, "delay_ms", delay_ms, "number [0, 5]")
        check(owner, "decay", decay, "number [0, 0.99]")
        check(owner, "mod_speed", mod_speed, "number [0.1, 2]")
        check(owner, "sinusoidal", sinusoidal, "bool")
        self.sample_rate, self.gain_in, self.gain_out = sample_rate, gain_in, gain_out
        self.delay_ms, self.decay, self.mod_speed, self.sinusoidal = delay_ms, decay, mod_speed, sinusoidal

    def _sound(self, sound):
        length = int(self.delay_ms * 0.001 * self.sample_rate + 0.5)
        period = int(self.sample_rate / self.mod_speed + 0.5)
        wave = _wave("sine" if self.sinusoidal else "triangle", period, 1, length, np.pi / 2)
        places = np.floor(wave + 0.5).astype(int)
        flat = sound.reshape(-1, sound.shape[-1])
        kept, result = np.zeros((len(flat), length)), np.empty_like(flat)
        for i in range(flat.shape[1]):
            delayed = kept[:, (i + places[i % period]) % length]
            now = flat[:, i] * self.gain_in + delayed * self.decay
            kept[:, (i + 1) % length] = now
            result[:, i] = now * self.gain_out
        return np.clip(result, -1, 1).reshape(sound.shape)


class Flanger(AudioTensorOperation):
    """Add what was heard some milliseconds before, by a delay that changes, other in each channel.

    Args:
        sample_rate (int): how many samples a second has, not 0.
        delay (float, optional): the least delay in milliseconds, from 0 to 30. Default: 0.0.
        depth (float, optional): how much it changes, in milliseconds from 0 to 10. Default: 2.0.
        regen (float, optional): how much of the result is delayed again, in percent from -95 to 95. Default: 0.0.
        width (float, optional): how much is added, in percent from 0 to 100. Default: 71.0.
        speed (float, optional): how often a second the delay changes, from 0.1 to 10. Default: 0.5.
        phase (float, optional): how far the change is shifted from channel to channel, in percent. Default: 25.0.
        modulation (Modulation, optional): how it changes. Default: Modulation.SINUSOIDAL.
        interpolation (Interpolation, optional): how values between samples are taken. Default: Interpolation.LINEAR.

    Raises:
        TypeError, ValueError: if an argument is of another type or out of bounds.
        RuntimeError: if the input has not at least two axes, (..., channel, time).

    Example:
        >>> audio.Flanger(44100)(np.zeros((1, 4))).shape
        (1, 4)
    """

    _least_axes = 2

    def __init__(
        self, sample_rate, delay=0.0, depth=2.0, regen=0.0, width=71.0, speed=0.5, phase=25.0,
        modulation=Modulation.SINUSOIDAL, interpolation=Interpolation.LINEAR,
    ):  # fmt: skip
        owner = "Flanger"
        check(owner, "sample_rate", sample_rate, "int")
        if sample_rate == 0:
            raise ValueError("For 'Flanger', the 'sample_rate' must not be 0.")
        check(owner, "delay", delay, "number [0, 30]")
        check(owner, "depth", depth, "number [0, 10]")
        check(owner, "regen", regen, "number [-95, 95]")
        check(owner, "width", width, "number [0, 100]")
        check(owner, "speed", speed, "number [0.1, 10]")
        check(owner, "phase", phase, "number [0, 100]")
        check_is(owner, "modulation", modulation, Modulation)
        check_is(owner, "interpolation", interpolation, Interpolation)
        self.sample_rate, self.delay, self.depth, self.regen = sample_rate, delay, depth, regen
        self.width, self.speed, self.phase = width, speed, phase
        self.modulation, self.interpolation = modulation, interpolation

    def _sound(self, sound):
        channels, count = sound.shape[-2:]
        flat = sound.reshape(-1, channels, count)
        back, added = self.regen / 100, self.width / 100
        input_gain = 1 / (1 + added)
        added = added * input_gain * (1 - abs(back))
        least, depth = self.delay / 1000, self.depth / 1000
        length = int((least + depth) * self.sample_rate + 0.5) + 2
        period = int(self.sample_rate / self.speed)
        kind = "sine" if self.modulation is Modulation.SINUSOIDAL else "triangle"
        low = np.floor(least * self.sample_rate + 0.5)
        # As MindSpore's, the wave has float32 and goes through a quarter before.
        wave = _wave(kind, period, low, length - 2.0, 3 * np.pi / 2).astype(np.float32).astype(np.float64)
        shifts = (np.arange(channels) * period * (self.phase / 100) + 0.5).astype(int)
        kept, last = np.zeros((*flat.shape[:2], length)), np.zeros(flat.shape[:2])
        result, every = np.empty_like(flat), np.arange(channels)
        for i in range(count):
            head = -(i + 1) % length
            kept[..., head] = flat[..., i] + last * back
            delay = wave[(i + shifts) % period]
            whole = delay.astype(int)
            part = delay - whole

            def at(more, head=head, whole=whole):
                return kept[:, every, (head + whole + more) % length]

            near, far = at(0), at(1)
            if self.interpolation is Interpolation.LINEAR:
                delayed = near + (far - near) * part
            else:
                further = at(2) - near
                far = far - near
                a, b = further * 0.5 - far, far * 2 - further * 0.5
                delayed = near + (a * part + b) * part
            last = delayed
            result[..., i] = flat[..., i] * input_gain + delayed * added
        return np.clip(result, -1, 1).reshape(sound.shape)
