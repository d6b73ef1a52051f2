"""What initializers are made of: draws from numpy's generator, and the sizes that scale them."""

from __future__ import annotations

import math

import numpy as np

from msjax.core import watching
from msjax.core.kinds import is_a


def _numpy_seed() -> int:
    """A seed for one draw, from numpy's global generator."""
    watching.refuse("it draws by an initializer")
    return int(np.random.randint(low=1, high=2**63, dtype=np.uint64))


def _init_random_normal(mean, sigma, shape) -> np.ndarray:
    draws = np.random.default_rng(_numpy_seed()).standard_normal(tuple(shape), np.float32)
    return draws * np.float32(sigma) + np.float32(mean)


def _init_random_uniform(a, b, shape) -> np.ndarray:
    draws = np.random.default_rng(_numpy_seed()).random(tuple(shape), np.float32)
    return draws * np.float32(b - a) + np.float32(a)


def _init_truncated_normal(a, b, mean, sigma, shape) -> np.ndarray:
    """A normal distribution of `mean` and `sigma` cut off at `a` and `b`, by the inverse of its distribution."""
    from scipy.special import ndtr, ndtri

    if sigma <= 0:
        raise RuntimeError(f"TruncatedNormal: 'sigma' must be greater than 0, but got {sigma}.")
    low, high = ndtr((a - mean) / sigma), ndtr((b - mean) / sigma)
    levels = np.random.default_rng(_numpy_seed()).uniform(low, high, tuple(shape))
    return np.clip(ndtri(levels) * sigma + mean, a, b).astype(np.float32)


def _assignment(arr: np.ndarray, num) -> np.ndarray:
    """`arr`, filled with `num`: a number or an array of its shape."""
    arr[...] = num
    return arr


def _calculate_fan_in_and_fan_out(shape) -> tuple[int, int]:
    """How many elements of the input one output sees, and the reverse, of a weight (out, in, *kernel).

    Raises:
        ValueError: if there are fewer than two axes.
    """
    if len(shape) < 2:
        raise ValueError(
            "'fan_in' and 'fan_out' can not be computed for tensor with fewer than 2 dimensions, "
            f"but got dimensions {len(shape)}."
        )
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


def _calculate_in_and_out(arr: np.ndarray) -> tuple[int, int]:
    return _calculate_fan_in_and_fan_out(arr.shape)


def _calculate_correct_fan(shape, mode: str) -> int:
    modes = ("fan_in", "fan_out")
    if mode.lower() not in modes:
        raise ValueError(f"'mode' {mode} not supported, please use one of {list(modes)}")
    return _calculate_fan_in_and_fan_out(shape)[modes.index(mode.lower())]


def _calculate_gain(nonlinearity: str, param=None) -> float:
    """The factor that keeps the variance through a nonlinearity.

    Raises:
        ValueError: if the nonlinearity is unknown, or `param`, the slope of "leaky_relu", is not a number.
    """
    if nonlinearity in _LINEAR:
        return 1
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return math.sqrt(2.0)
    if nonlinearity == "leaky_relu":
        if not is_a(param, "None or number"):
            raise ValueError(f"'negative_slope' must be int or float with 'leaky_relu', but got {param!r}.")
        slope = 0.01 if param is None else param
        return math.sqrt(2.0 / (1 + slope**2))
    raise ValueError(
        "The argument 'nonlinearity' should be one of 'sigmoid', 'tanh', 'relu' or 'leaky_relu', "
        f"but got {nonlinearity}."
    )


_CONVOLUTIONS = [f"conv{kind}{n}d" for kind in ("", "_transpose") for n in (1, 2, 3)]
_LINEAR = ("sigmoid", "linear", *_CONVOLUTIONS)
