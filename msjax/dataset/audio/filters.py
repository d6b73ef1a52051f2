"""Filters by difference equations: a sound from its last values and from those of what is filtered."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.audio.base import AudioTensorOperation


def filtered(sound: np.ndarray, a: np.ndarray, b: np.ndarray, clamp: bool = True) -> np.ndarray:
    """What the filter with feedback `a` and feedforward `b` makes of a sound, cut off at -1 and 1 if asked for."""
    from scipy.signal import lfilter

    result = np.asarray(lfilter(b, a, sound))
    return np.clip(result, -1, 1) if clamp else result


class _ByCoefficients(AudioTensorOperation):
    """Base of filters whose coefficients are given."""

    _only_floats = True

    def __init__(self, a_coeffs, b_coeffs, clamp=True):
        owner = type(self).__name__
        for name, values in (("a_coeffs", a_coeffs), ("b_coeffs", b_coeffs)):
            check(owner, name, values, "list or tuple")
            for value in values:
                check(owner, name, value, "number")
        if len(a_coeffs) != len(b_coeffs):
            raise ValueError(
                f"For '{owner}', 'a_coeffs' and 'b_coeffs' must be of one length, but got {len(a_coeffs)} and "
                f"{len(b_coeffs)}."
            )
        check(owner, "clamp", clamp, "bool")
        if not a_coeffs or a_coeffs[0] == 0:
            raise ValueError(f"For '{owner}', the first of 'a_coeffs' must not be 0, but got {a_coeffs!r:.80}.")
        self.a, self.b, self.clamp = np.array(a_coeffs, np.float64), np.array(b_coeffs, np.float64), clamp


class LFilter(_ByCoefficients):
    """Filter by a difference equation, forwards.

    Args:
        a_coeffs (Sequence[float]): the factors of what was given before, that of now first.
        b_coeffs (Sequence[float]): those of the input, as many.
        clamp (bool, optional): whether results are cut off at -1 and 1. Default: True.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if there are more of the one than of the other, or the first of `a_coeffs` is 0.
        RuntimeError: if the input is no array of floats.

    Example:
        >>> audio.LFilter([1.0, -0.5], [1.0, 0.0])(np.array([0.5, 0.0, 0.0])).tolist()
        [0.5, 0.25, 0.125]
    """

    def _sound(self, sound):
        return filtered(sound, self.a, self.b, self.clamp)


class Filtfilt(_ByCoefficients):
    """Filter by a difference equation, forwards and then backwards, so that nothing is delayed.

    Args:
        a_coeffs, b_coeffs, clamp: as for `LFilter`.

    Raises:
        TypeError, ValueError, RuntimeError: as `LFilter`.

    Example:
        >>> audio.Filtfilt([1.0, -0.5], [1.0, 0.0])(np.array([0.5, 0.0, 0.0])).tolist()
        [0.65625, 0.3125, 0.125]
    """

    def _sound(self, sound):
        forwards = filtered(sound, self.a, self.b, clamp=False)
        return filtered(forwards[..., ::-1], self.a, self.b, self.clamp)[..., ::-1]
