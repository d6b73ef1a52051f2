"""What all transforms of sounds have in common: the arrays that they take, and what their arguments may be."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.transforms.base import TensorOperation, refusal

INT32 = 2147483647


class AudioTensorOperation(TensorOperation):
    """Base of these transforms.

    A subclass defines `_sound`, from an array in float64 to one or several, which are given the dtype of the input,
    or float32 if that is no float.
    """

    _least_axes = 1
    _pairs = False  # whether the last axis must be one of real and imaginary parts
    _only_floats = False

    def _compute(self, *columns):
        if len(columns) != 1:
            raise refusal(self, f"the input must be one column, but got {len(columns)}")
        sound = columns[0]
        if sound.dtype.kind not in ("f" if self._only_floats else "fiub"):
            wanted = "floats" if self._only_floats else "numbers"
            raise refusal(self, f"the input must be an array of {wanted}, but got {sound.dtype}")
        if sound.ndim < self._least_axes:
            raise refusal(self, f"the input must have at least {self._least_axes} axes, but got shape {sound.shape}")
        if self._pairs and sound.shape[-1] != 2:
            raise refusal(self, f"the last axis must be of length 2, real and imaginary part, but got {sound.shape}")
        return self._in_dtype(sound.dtype, self._sound(sound.astype(np.float64)))

    def _in_dtype(self, dtype: np.dtype, result):
        dtype = dtype if dtype.kind == "f" else np.dtype(np.float32)
        if isinstance(result, tuple):
            return tuple(part.astype(dtype) for part in result)
        return np.ascontiguousarray(result, dtype)

    def _sound(self, sound: np.ndarray):
        raise NotImplementedError(f"'{type(self).__name__}' defines no computation.")


def checked(owner: str, kinds: dict[str, str], arguments: dict) -> None:
    """Check arguments by name, each against what it must be."""
    for name, kind in kinds.items():
        check(owner, name, arguments[name], kind)


def complex_of(pairs: np.ndarray) -> np.ndarray:
    """The complex numbers of pairs on the last axis."""
    return pairs[..., 0] + 1j * pairs[..., 1]


def pairs_of(numbers: np.ndarray) -> np.ndarray:
    """Complex numbers as pairs on a last axis."""
    return np.stack([np.real(numbers), np.imag(numbers)], axis=-1)
