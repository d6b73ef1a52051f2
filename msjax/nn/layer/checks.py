"""Checks of what layers are constructed with."""

from __future__ import annotations

import math

from msjax.core.parameter import Parameter
from msjax.nn.initializer import HeUniform, Uniform, _calculate_fan_in_and_fan_out, initializer


def positive_int(layer: str, name: str, value) -> int:
    """`value`, an int above 0.

    Raises:
        TypeError, ValueError: if it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"For '{layer}', the '{name}' must be int, but got '{type(value).__name__}'.")
    if value <= 0:
        raise ValueError(f"For '{layer}', the '{name}' must be int and must > 0, but got '{value}' with type 'int'.")
    return value


def ints(layer: str, name: str, value, n: int, least: int = 1) -> tuple[int, ...]:
    """An int for each of `n` axes, from one int or a tuple.

    Raises:
        TypeError, ValueError: if it is something else, or less than `least`.
    """
    if isinstance(value, bool) or not isinstance(value, (int, tuple, list)):
        raise TypeError(
            f"For '{layer}', the '{name}' must be an int or a tuple of {n} ints, but got '{type(value).__name__}'."
        )
    values = (value,) * n if isinstance(value, int) else tuple(value)
    if len(values) != n:
        raise ValueError(f"For '{layer}', the '{name}' must be an int or a tuple of {n} ints, but got {value}.")
    for item in values:
        if isinstance(item, bool) or not isinstance(item, int):
            raise TypeError(f"For '{layer}', the '{name} item' must be int, but got '{type(item).__name__}'.")
        if item < least:
            raise ValueError(
                f"For '{layer}', the '{name} item' must be int and must >= {least}, but got '{item}' with type 'int'."
            )
    return values


def in_range(layer: str, name: str, value, low: float, high: float, brackets: str = "[]") -> float:
    """`value`, a number between `low` and `high`; a round bracket excludes that end.

    Raises:
        TypeError, ValueError: if it is not.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"For '{layer}', the '{name}' must be a number, but got '{type(value).__name__}'.")
    above = value >= low if brackets[0] == "[" else value > low
    below = value <= high if brackets[1] == "]" else value < high
    if not (above and below):
        raise ValueError(
            f"For '{layer}', the '{name}' must be a number in range "
            f"{brackets[0]}{low}, {high}{brackets[1]}, but got {value}."
        )
    return value


def one_of(layer: str, name: str, value, choices) -> None:
    """Raise ValueError unless `value` is among `choices`."""
    if value not in choices:
        raise ValueError(
            f"For '{layer}', the '{name}' must be str and must be in '{list(choices)}', but got {value!r}."
        )


def weight_and_bias(layer, shape, outputs: int, dtype) -> None:
    """Make the Parameters `weight` and, with `has_bias`, `bias` of a layer from its `weight_init` and `bias_init`.

    By default both are drawn uniformly between plus and minus 1 / sqrt(fan in).
    """
    if layer.weight_init is None:
        layer.weight_init = HeUniform(math.sqrt(5))
    layer.weight = Parameter(initializer(layer.weight_init, shape, dtype), name="weight")
    if not layer.has_bias:
        layer.bias = None
        return
    if layer.bias_init is None:
        layer.bias_init = Uniform(1 / math.sqrt(_calculate_fan_in_and_fan_out(shape)[0]))
    layer.bias = Parameter(initializer(layer.bias_init, (outputs,), dtype), name="bias")


def define(source: str, namespace: dict) -> None:
    """Define what is written in `source`; it counts as code of this file."""
    exec(compile(source, f"{__file__} (generated)", "exec"), namespace)
