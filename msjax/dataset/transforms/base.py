"""What all transforms have in common: how they are called, and what users subclass."""

from __future__ import annotations

import sys
from enum import IntEnum

import numpy as np


class Implementation(IntEnum):
    """Which of MindSpore's two implementations a transform asks for: that on arrays, or that in Python."""

    C = 0
    PY = 1


def is_pil(value) -> bool:
    """Whether a value is a PIL image. Pillow is not imported to tell."""
    pillow = sys.modules.get("PIL.Image")
    return pillow is not None and isinstance(value, pillow.Image)


def refusal(operation: object, text: str) -> RuntimeError:
    """The error of an operation whose input it cannot take."""
    return RuntimeError(f"For '{type(operation).__name__}', {text}.")


def as_array(operation: object, value) -> np.ndarray:
    """The array of a value that an operation received: an array, a Tensor, a PIL image, a number, a list.

    Raises:
        TypeError: if no array can be made of it.
        RuntimeError: if it has no elements.
    """
    try:
        array = np.asarray(value)
    except ValueError as error:  # lists of unequal lengths
        raise TypeError(f"For '{type(operation).__name__}', the input {value!r:.80} is no array: {error}.") from error
    if array.dtype.hasobject:
        raise TypeError(
            f"For '{type(operation).__name__}', the input must be an array of numbers or strings, "
            f"but got {value!r:.80} of type {type(value).__name__}."
        )
    if array.size == 0:
        raise refusal(operation, f"the input must have elements, but got shape {array.shape}")
    return array


class TensorOperation:
    """Base of the transforms that compute on arrays.

    A subclass defines `_compute`, from arrays to one array or a tuple of them. If it defines `_execute_py` too, that
    is called instead for a PIL image.
    """

    implementation: Implementation | None = None
    random = False  # whether it draws random numbers
    device_target = "CPU"
    _pil_as_array = False  # whether an inherited `_execute_py` does not count

    def __call__(self, *columns):
        on_pil = None if self._pil_as_array else getattr(self, "_execute_py", None)
        asked = self.implementation == Implementation.PY or (len(columns) == 1 and is_pil(columns[0]))
        if on_pil is not None and asked:
            return on_pil(*columns)
        return self._compute(*(as_array(self, column) for column in columns))

    def _compute(self, *columns):
        raise NotImplementedError(f"'{type(self).__name__}' defines no computation.")


class PyTensorOperation:
    """Base of the transforms that are Python functions of what they receive, as it is.

    A subclass defines `_execute_py`.

    Example:
        >>> from msjax.dataset.transforms import PyTensorOperation
        >>> class Double(PyTensorOperation):
        ...     def _execute_py(self, image):
        ...         return image * 2
        >>> Double()(np.array([1, 2])).tolist()
        [2, 4]
    """

    implementation: Implementation | None = Implementation.PY
    random = True  # whether it draws random numbers; those of the user's may

    def __call__(self, image):
        return self._execute_py(image)

    def _execute_py(self, image):
        raise NotImplementedError(f"'{type(self).__name__}' defines no '_execute_py'.")


def not_random(function):
    """Mark a function of the user's as giving the same result for the same input.

    Args:
        function (function): the function.

    Returns:
        The function.

    Example:
        >>> from msjax.dataset.transforms import not_random
        >>> @not_random
        ... def double(x):
        ...     return x * 2
        >>> double.random
        False
    """
    function.random = False
    return function
