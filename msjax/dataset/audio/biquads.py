"""Filters of second order, each by a formula for its coefficients.

Robert Bristow-Johnson, "Cookbook formulae for audio equalizer biquad filter coefficients"; those of bands, deemphasis
and the RIAA are SoX's.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, exp, log, pi, sin, sqrt

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.audio.base import AudioTensorOperation, checked
from msjax.dataset.audio.filters import filtered

Coefficients = tuple[tuple[float, float, float], tuple[float, float, float]]  # of the input, and of what was given


class Biquad(AudioTensorOperation):
    """Filter by a difference equation of second order.

    Args:
        b0, b1, b2 (float): the factors of the input: now, before, and before that.
        a0, a1, a2 (float): those of what was given.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `a0` is 0.
        RuntimeError: if the input is no array of floats.

    Example:
        >>> audio.Biquad(0.5, 0.0, 0.0, 1.0, -0.5, 0.0)(np.array([1.0, 0.0, 0.0])).tolist()
        [0.5, 0.25, 0.125]
    """

    _only_floats = True

    def __init__(self, b0, b1, b2, a0, a1, a2):
        for name, value in (("b0", b0), ("b1", b1), ("b2", b2), ("a0", a0), ("a1", a1), ("a2", a2)):
            check("Biquad", name, value, "number")
        if a0 == 0:
            raise ValueError("For 'Biquad', the 'a0' must not be 0.")
        self._use(((b0, b1, b2), (a0, a1, a2)))

    def _use(self, coefficients: Coefficients) -> None:
        # Rounded as MindSpore does.
        b, a = (np.array(part, np.float64).astype(np.float32).astype(np.float64) for part in coefficients)
        self.b, self.a = b, a

    def _sound(self, sound):
        return filtered(sound, self.a, self.b)


def _angle(rate: float, frequency: float) -> float:
    return 2 * pi * frequency / rate


def _symmetric(w: float, alpha: float) -> tuple[float, float, float]:
    return 1 + alpha, -2 * cos(w), 1 - alpha


def _allpass(rate, central_freq, Q=0.707) -> Coefficients:
    w = _angle(rate, central_freq)
    after = _symmetric(w, sin(w) / 2 / Q)
    return (after[2], after[1], after[0]), after


def _band(rate, central_freq, Q=0.707, noise=False) -> Coefficients:
    w = _angle(rate, central_freq)
    a2 = exp(-2 * pi * (central_freq / Q) / rate)
    a1 = -4 * a2 / (1 + a2) * cos(w)
    b0 = sqrt(1 - a1 * a1 / (4 * a2)) * (1 - a2)
    if noise:
        b0 = sqrt(((1 + a2) * (1 + a2) - a1 * a1) * (1 - a2) / (1 + a2))
    return (b0, 0, 0), (1, a1, a2)


def _bandpass(rate, central_freq, Q=0.707, const_skirt_gain=False) -> Coefficients:
    w = _angle(rate, central_freq)
    alpha = sin(w) / 2 / Q
    peak = sin(w) / 2 if const_skirt_gain else alpha
    return (peak, 0, -peak), _symmetric(w, alpha)


def _bandreject(rate, central_freq, Q=0.707) -> Coefficients:
    w = _angle(rate, central_freq)
    return (1, -2 * cos(w), 1), _symmetric(w, sin(w) / 2 / Q)


def _shelf(w: float, alpha: float, gain: float, high: bool) -> Coefficients:
    """A shelf: what is above, or below, a frequency becomes louder."""
    amplitude, side = exp(gain / 40 * log(10)), 1 if high else -1
    up, down = amplitude + 1, amplitude - 1
    slope, near, far = 2 * sqrt(amplitude) * alpha, side * down * cos(w), up * cos(w)
    before = (
        amplitude * (up + near + slope),
        -2 * side * amplitude * (down + side * far),
        amplitude * (up + near - slope),
    )
    return before, (up - near + slope, 2 * side * (down - side * far), up - near - slope)


def _bass(rate, gain, central_freq=100.0, Q=0.707) -> Coefficients:
    w = _angle(rate, central_freq)
    return _shelf(w, sin(w) / 2 / Q, gain, high=False)


def _treble(rate, gain, central_freq=3000, Q=0.707) -> Coefficients:
    w = _angle(rate, central_freq)
    return _shelf(w, sin(w) / 2 / Q, gain, high=True)


_DEEMPHASIS = {44100: (5283, 0.4845, -9.477), 48000: (5356, 0.479, -9.62)}


def _deemph(rate) -> Coefficients:
    frequency, slope, gain = _DEEMPHASIS[rate]
    w, amplitude = _angle(rate, frequency), exp(gain / 40 * log(10))
    alpha = sin(w) / 2 * sqrt((amplitude + 1 / amplitude) * (1 / slope - 1) + 2)
    return _shelf(w, alpha, gain, high=True)


def _equalizer(rate, center_freq, gain, Q=0.707) -> Coefficients:
    w, amplitude = _angle(rate, center_freq), exp(gain / 40 * log(10))
    alpha = sin(w) / 2 / Q
    return _symmetric(w, alpha * amplitude), _symmetric(w, alpha / amplitude)


def _highpass(rate, cutoff_freq, Q=0.707) -> Coefficients:
    w = _angle(rate, cutoff_freq)
    return ((1 + cos(w)) / 2, -1 - cos(w), (1 + cos(w)) / 2), _symmetric(w, sin(w) / 2 / Q)


def _lowpass(rate, cutoff_freq, Q=0.707) -> Coefficients:
    w = _angle(rate, cutoff_freq)
    return ((1 - cos(w)) / 2, 1 - cos(w), (1 - cos(w)) / 2), _symmetric(w, sin(w) / 2 / Q)


_RIAA = {  # zeros and poles
    44100: ((-0.2014898, 0.9233820), (0.7083149, 0.9924091)),
    48000: ((-0.1766069, 0.9321590), (0.7396325, 0.9931330)),
    88200: ((-0.1168735, 0.9648312), (0.8590646, 0.9964002)),
    96000: ((-0.1141486, 0.9676817), (0.8699137, 0.9966946)),
}


def _riaa(rate) -> Coefficients:
    zeros, poles = _RIAA[rate]
    before, after = (np.array([1, -sum(roots), roots[0] * roots[1]]) for roots in (zeros, poles))
    turn = np.exp(-1j * _angle(rate, 1000) * np.arange(3))
    before = before * abs(after @ turn) / abs(before @ turn)  # so that 1 kHz stays as loud as it is
    return tuple(before), tuple(after)


_RATE = "sample_rate (int): how many samples a second has, not 0."
_Q = "Q (float, optional): the quality factor, above 0 and at most 1. Default: 0.707."
_GAIN = "gain (float): how much louder, in decibels."


def _biquad(name: str, formula: Callable[..., Coefficients], does: str, call: str, arguments: list[str]) -> type:
    """The class of a filter that is one formula."""
    from inspect import Parameter, Signature, signature

    own = signature(formula).parameters
    parameters = [one.replace(name="sample_rate") if key == "rate" else one for key, one in own.items()]
    asked = Signature([one.replace(annotation=Parameter.empty) for one in parameters])

    def __init__(self, *given, **named):
        bound = asked.bind(*given, **named)
        bound.apply_defaults()
        _check(name, bound.arguments)
        self._use(formula(*bound.args))

    listed = "\n        ".join(arguments)
    text = f"""{does}

    Args:
        {listed}

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the input is no array of floats.

    Example:
        >>> audio.{call}(np.ones((1, 8), np.float32)).shape
        (1, 8)
    """
    __init__.__signature__ = Signature([Parameter("self", Parameter.POSITIONAL_ONLY), *asked.parameters.values()])  # type: ignore[attr-defined]
    return type(name, (Biquad,), {"__init__": __init__, "__doc__": text, "__module__": __name__})


_KINDS = {
    "Q": "number (0, 1]", "noise": "bool", "const_skirt_gain": "bool", "central_freq": "number", "gain": "number",
    "center_freq": "number", "cutoff_freq": "number", "sample_rate": "int",
}  # fmt: skip
_RATES = {"DeemphBiquad": _DEEMPHASIS, "RiaaBiquad": _RIAA}


def _check(owner: str, arguments: dict) -> None:
    checked(owner, {name: _KINDS[name] for name in arguments}, arguments)
    rate, rates = arguments["sample_rate"], _RATES.get(owner)
    if rates is not None and rate not in rates:
        raise ValueError(f"For '{owner}', the 'sample_rate' must be one of {list(rates)}, but got {rate}.")
    if rate == 0:
        raise ValueError(f"For '{owner}', the 'sample_rate' must not be 0.")


_CENTRE = "central_freq (float): the frequency in its middle, in Hz."
AllpassBiquad = _biquad(
    "AllpassBiquad", _allpass, "Turn phases around a frequency; nothing becomes louder.",
    "AllpassBiquad(44100, 200.0)", [_RATE, _CENTRE, _Q],
)  # fmt: skip
BandBiquad = _biquad(
    "BandBiquad", _band, "Keep a band of frequencies, as SoX does.", "BandBiquad(44100, 200.0)",
    [_RATE, _CENTRE, _Q, "noise (bool, optional): whether for sounds without a pitch. Default: False."],
)  # fmt: skip
BandpassBiquad = _biquad(
    "BandpassBiquad", _bandpass, "Keep a band of frequencies.", "BandpassBiquad(44100, 200.0)",
    [_RATE, _CENTRE, _Q, "const_skirt_gain (bool, optional): whether the peak is as high as `Q`. Default: False."],
)  # fmt: skip
BandrejectBiquad = _biquad(
    "BandrejectBiquad", _bandreject, "Take a band of frequencies away.", "BandrejectBiquad(44100, 200.0)",
    [_RATE, _CENTRE, _Q],
)  # fmt: skip
BassBiquad = _biquad(
    "BassBiquad", _bass, "Make low frequencies louder.", "BassBiquad(44100, 5.0)",
    [_RATE, _GAIN, "central_freq (float, optional): where the shelf is, in Hz. Default: 100.0.", _Q],
)  # fmt: skip
DeemphBiquad = _biquad(
    "DeemphBiquad", _deemph, "Undo the emphasis of compact discs, ISO 908.", "DeemphBiquad(44100)",
    ["sample_rate (int): 44100 or 48000."],
)  # fmt: skip
EqualizerBiquad = _biquad(
    "EqualizerBiquad", _equalizer, "Make a band of frequencies louder.", "EqualizerBiquad(44100, 1500.0, 5.5)",
    [_RATE, "center_freq (float): the frequency in its middle, in Hz.", _GAIN, _Q],
)  # fmt: skip
HighpassBiquad = _biquad(
    "HighpassBiquad", _highpass, "Keep high frequencies.", "HighpassBiquad(44100, 1500.0)",
    [_RATE, "cutoff_freq (float): from where on, in Hz.", _Q],
)  # fmt: skip
LowpassBiquad = _biquad(
    "LowpassBiquad", _lowpass, "Keep low frequencies.", "LowpassBiquad(44100, 1500.0)",
    [_RATE, "cutoff_freq (float): up to where, in Hz.", _Q],
)  # fmt: skip
RiaaBiquad = _biquad(
    "RiaaBiquad", _riaa, "Undo the equalization of records, that of the RIAA.", "RiaaBiquad(44100)",
    ["sample_rate (int): 44100, 48000, 88200 or 96000."],
)  # fmt: skip
TrebleBiquad = _biquad(
    "TrebleBiquad", _treble, "Make high frequencies louder.", "TrebleBiquad(44100, 5.0)",
    [_RATE, _GAIN, "central_freq (float, optional): where the shelf is, in Hz. Default: 3000.", _Q],
)  # fmt: skip
