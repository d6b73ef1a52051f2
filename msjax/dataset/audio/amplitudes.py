"""How loud: decibels, gains, magnitudes and angles of complex numbers, mu-law codes."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check, check_is
from msjax.dataset.audio.base import INT32, AudioTensorOperation, complex_of
from msjax.dataset.audio.enumerations import GainType, ScaleType


class AmplitudeToDB(AudioTensorOperation):
    """Decibels of a spectrum of shape (..., freq, time).

    Args:
        stype (ScaleType, optional): what the spectrum is. Default: ScaleType.POWER.
        ref_value (float, optional): what is 0 dB. Default: 1.0.
        amin (float, optional): what is smaller counts as this. Default: 1e-10.
        top_db (float, optional): what is further below the loudest is raised to this. Default: 80.0.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is not positive, or `top_db` negative.
        RuntimeError: if the input has fewer than two axes.

    Example:
        >>> audio.AmplitudeToDB()(np.array([[1.0, 10.0]])).tolist()
        [[0.0, 10.0]]
    """

    _least_axes = 2

    def __init__(self, stype=ScaleType.POWER, ref_value=1.0, amin=1e-10, top_db=80.0):
        owner = "AmplitudeToDB"
        check_is(owner, "stype", stype, ScaleType)
        check(owner, "ref_value", ref_value, "number > 0")
        check(owner, "amin", amin, "number > 0")
        check(owner, "top_db", top_db, "number >= 0")
        self.stype, self.ref_value, self.amin, self.top_db = stype, ref_value, amin, top_db

    def _sound(self, sound):
        factor = 10 if self.stype is ScaleType.POWER else 20
        decibels = factor * np.log10(np.maximum(sound, self.amin) / max(self.ref_value, self.amin))
        loudest = decibels.max(axis=tuple(range(max(-3, -sound.ndim), 0)), keepdims=True)
        return np.maximum(decibels, loudest - self.top_db)


class Angle(AudioTensorOperation):
    """The angles of complex numbers, of shape (..., 2).

    Raises:
        RuntimeError: if the last axis is not of length 2.

    Example:
        >>> audio.Angle()(np.array([[1.0, 0.0], [-1.0, 0.0]])).round(2).tolist()
        [0.0, 3.14]
    """

    _pairs = True

    def _sound(self, sound):
        return np.angle(complex_of(sound))


class ComplexNorm(AudioTensorOperation):
    """The magnitudes of complex numbers, of shape (..., 2), to a power.

    Args:
        power (float, optional): the power. Default: 1.0.

    Raises:
        TypeError: if `power` is no number.
        ValueError: if it is negative.
        RuntimeError: if the last axis is not of length 2.

    Example:
        >>> audio.ComplexNorm()(np.array([[3.0, 4.0]])).tolist()
        [5.0]
    """

    _pairs = True

    def __init__(self, power=1.0):
        check("ComplexNorm", "power", power, "number >= 0")
        self.power = power

    def _sound(self, sound):
        return np.abs(complex_of(sound)) ** self.power


class Magphase(AudioTensorOperation):
    """The magnitudes of complex numbers, of shape (..., 2), to a power, and their angles.

    Args:
        power (float, optional): the power. Default: 1.0.

    Raises:
        RuntimeError: if the last axis is not of length 2.

    Example:
        >>> [part.tolist() for part in audio.Magphase()(np.array([[3.0, 0.0]]))]
        [[3.0], [0.0]]
    """

    _pairs = True

    def __init__(self, power=1.0):
        check("Magphase", "power", power, "number >= 0")
        self.power = power

    def _sound(self, sound):
        numbers = complex_of(sound)
        return np.abs(numbers) ** self.power, np.angle(numbers)


class DBToAmplitude(AudioTensorOperation):
    """Amplitudes or powers of decibels.

    Args:
        ref (float): what 0 dB is.
        power (float): 1 for powers, 0.5 for amplitudes.

    Raises:
        TypeError: if an argument is no number.

    Example:
        >>> audio.DBToAmplitude(1.0, 0.5)(np.array([0.0, 20.0])).tolist()
        [1.0, 10.0]
    """

    def __init__(self, ref, power):
        check("DBToAmplitude", "ref", ref, "number")
        check("DBToAmplitude", "power", power, "number")
        self.ref, self.power = ref, power

    def _sound(self, sound):
        return self.ref * (10 ** (0.1 * sound)) ** self.power


class Gain(AudioTensorOperation):
    """Louder by some decibels.

    Args:
        gain_db (float, optional): by how many. Default: 1.0.

    Raises:
        TypeError: if `gain_db` is no number.

    Example:
        >>> audio.Gain(20.0)(np.array([0.25])).tolist()
        [2.5]
    """

    def __init__(self, gain_db=1.0):
        check("Gain", "gain_db", gain_db, "number")
        self.gain_db = gain_db

    def _sound(self, sound):
        return sound * 10 ** (self.gain_db / 20)


class Vol(AudioTensorOperation):
    """Louder or quieter, cut off at -1 and 1.

    Args:
        gain (float): how much.
        gain_type (GainType, optional): what that is: a factor of the amplitude or of the power, or decibels.
            Default: GainType.AMPLITUDE.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if a factor of the amplitude is negative, or one of the power not positive.

    Example:
        >>> audio.Vol(2.0)(np.array([0.25, 0.75])).tolist()
        [0.5, 1.0]
    """

    def __init__(self, gain, gain_type=GainType.AMPLITUDE):
        check_is("Vol", "gain_type", gain_type, GainType)
        kinds = {GainType.AMPLITUDE: "number >= 0", GainType.POWER: "number > 0", GainType.DB: "number"}
        check("Vol", "gain", gain, kinds[gain_type])
        self.gain, self.gain_type = gain, gain_type

    def _sound(self, sound):
        factor = {
            GainType.AMPLITUDE: lambda: self.gain,
            GainType.POWER: lambda: self.gain**0.5,
            GainType.DB: lambda: 10 ** (self.gain / 20),
        }[self.gain_type]()
        return np.clip(sound * factor, -1, 1)


class MuLawEncoding(AudioTensorOperation):
    """Codes of amplitudes from -1 to 1 by the mu-law of telephony, ITU-T G.711.

    Args:
        quantization_channels (int, optional): how many codes there are. Default: 256.

    Raises:
        TypeError, ValueError: if that is no positive int.

    Example:
        >>> audio.MuLawEncoding()(np.array([-1.0, 0.0, 1.0])).tolist()
        [0, 128, 255]
    """

    def __init__(self, quantization_channels=256):
        check("MuLawEncoding", "quantization_channels", quantization_channels, f"int [1, {INT32}]")
        self.quantization_channels = quantization_channels

    def _in_dtype(self, dtype, result):
        return result.astype(np.int32)

    def _sound(self, sound):
        mu = self.quantization_channels - 1
        return (np.sign(sound) * np.log1p(mu * np.abs(sound)) / np.log1p(mu) + 1) / 2 * mu + 0.5


class MuLawDecoding(AudioTensorOperation):
    """The amplitudes of mu-law codes: see `MuLawEncoding`.

    Args:
        quantization_channels (int, optional): how many codes there are. Default: 256.

    Raises:
        TypeError, ValueError: if that is no positive int.

    Example:
        >>> audio.MuLawDecoding()(np.array([0, 255])).tolist()
        [-1.0, 1.0]
    """

    def __init__(self, quantization_channels=256):
        check("MuLawDecoding", "quantization_channels", quantization_channels, f"int [1, {INT32}]")
        self.quantization_channels = quantization_channels

    def _sound(self, sound):
        mu = self.quantization_channels - 1
        scaled = sound / mu * 2 - 1
        return np.sign(scaled) * np.expm1(np.abs(scaled) * np.log1p(mu)) / mu
