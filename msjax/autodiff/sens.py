"""The cotangent that a caller gives (`sens`), checked against the function's outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

from msjax.autodiff.tree import tensors_in
from msjax.core import context
from msjax.core import dtype as mstype
from msjax.core.kinds import is_a
from msjax.core.tensor import Tensor, raw, to_array


def take_sens(args: tuple, kwargs: dict) -> tuple:
    """The `sens=` keyword or the last positional argument, and the rest of the arguments."""
    if "sens" in kwargs:
        rest = dict(kwargs)
        sens = rest.pop("sens")
        return sens, args, rest
    if not args:
        raise TypeError("A gradient function with sens_param=True is missing its last argument, the cotangent.")
    return args[-1], args[:-1], kwargs


def cotangents(sens: Any, value: Any) -> list:
    """One raw array for each Tensor in `value`, what is differentiated.

    Of what the caller gives, nested in any way, the Tensors count, in order; in graph mode it must be nested alike.

    Raises:
        RuntimeError: if the number of cotangents is not that of the outputs, or a scalar is given for an array.
        ValueError, TypeError: if shape or dtype differ; a TypeError if it is to be nested in another way.
    """
    if context.in_graph() and not nested_alike(sens, value):
        raise TypeError(f"The cotangent must be nested as the output is, but got {type(sens).__name__}.")
    outputs = tensors_in(value)
    parts = tensors_in(sens) if isinstance(sens, (tuple, list, dict)) else [sens]
    if len(parts) != len(outputs):
        raise RuntimeError(
            "The given sens gradient's size should be same as out of network! "
            f"The function has {len(outputs)} outputs, but {len(parts)} were given."
        )
    return [_cotangent(g, raw(o)) for g, o in zip(parts, outputs, strict=True)]


def nested_alike(sens: Any, value: Any) -> bool:
    """Whether Tensors, numbers and containers are in the same places."""
    if isinstance(value, (Tensor, jax.Array)):
        return isinstance(sens, (Tensor, jax.Array))
    if isinstance(value, dict):
        return isinstance(sens, dict) and _all_alike(list(sens.values()), list(value.values()))
    for kind in (list, tuple):
        if isinstance(value, kind):
            return isinstance(sens, kind) and _all_alike(sens, value)
    return type(sens) is type(value)


def _all_alike(parts: Sequence, values: Sequence) -> bool:
    return len(parts) == len(values) and all(map(nested_alike, parts, values))


def _cotangent(cotangent, output):
    if is_a(cotangent, "number"):
        cotangent = to_array(cotangent, output.dtype)
    elif isinstance(cotangent, (Tensor, jax.Array)):
        cotangent = raw(cotangent)
    else:
        raise RuntimeError(f"The sens must be a Tensor or a number, but got {type(cotangent).__name__}.")
    # For a loss scripts give `Tensor([1.0])` as well as `Tensor(1.0)`; for an array a number would hide a mistake.
    if output.ndim == 0 and cotangent.size == 1:
        cotangent = cotangent.reshape(())
    if cotangent.ndim == 0 and output.ndim:
        raise RuntimeError(f"The grad tensor should be broadcast to expected shape {output.shape}, but it has no axes.")
    if cotangent.shape != output.shape:
        shown = [str(list(s)).replace("[", "{").replace("]", "}") for s in (output.shape, cotangent.shape)]
        raise ValueError(f"The shape should be {shown[0]}, but got {shown[1]}")
    if cotangent.dtype != output.dtype:
        raise TypeError(f"The dtype should be {mstype.of(output)}, but got {mstype.of(np.empty(0, cotangent.dtype))}")
    return cotangent
