"""Summaries: values that a network gives away while it runs, for `SummaryRecord`.

Each is kept in a handle, by its kind, name, shape and dtype: so a compiled program writes it as it writes any other
state, and what is recorded is the same whether the network runs compiled or not.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax import log
from msjax.core import trace
from msjax.core.kinds import is_a
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.core.trace import Tracer, detach
from msjax.ops.table import publish
from msjax.ops.table.primitive import Primitive
from msjax.shims.jax import trace_state

_kept: dict[tuple, Tensor] = {}
_seen: dict[tuple, int] = {}  # the version of each handle when it was taken


def taken() -> list[tuple[str, str, np.ndarray]]:
    """The kinds, names and values of what networks have given away since this was called last: the latest of each."""
    found = []
    for key, handle in list(_kept.items()):
        if handle._version != _seen.get(key):
            _seen[key] = handle._version
            found.append((*key[:2], handle.asnumpy()))
    return found


def _give(kind: str, name: str, value: Any) -> None:
    array = detach(raw(value)) if isinstance(value, Tensor) else jnp.asarray(value)
    frame = trace.top()
    if trace.batching() or (isinstance(array, Tracer) and (frame is None or frame.trace_state != trace_state())):
        log.info(
            "The summary %s is not recorded: it is one of many in a vmap, or a transform of JAX's own has it.", name
        )
        return
    key = kind, name, array.shape, array.dtype
    if key not in _kept:
        _kept[key] = wrap(np.zeros(array.shape, array.dtype))  # not a tracer, so that it outlives a transform
    rebind(_kept[key], array)


class _Summary(Primitive):
    """A primitive that gives a value away, under a name."""

    _kind: str
    _axes = range(100)  # how many a value may have

    def __call__(self, name: str, value: Any) -> None:
        owner = type(self).__name__
        if not is_a(name, "str"):
            raise TypeError(f"For '{owner}', the name must be str, but got {type(name).__name__}.")
        if not name:
            raise ValueError(f"For '{owner}', the name must not be empty.")
        if not is_a(value, "Tensor or number or bool or array or scalar"):
            raise TypeError(f"For '{owner}', the value must be a Tensor, but got {type(value).__name__}.")
        if np.ndim(value) not in self._axes:
            raise ValueError(
                f"For '{owner}', the value must have {self._axes.start} to {self._axes.stop - 1} axes, but got "
                f"{np.ndim(value)}."
            )
        _give(self._kind, name, value)


class ScalarSummary(_Summary):
    """Give a number away, under a name, for `SummaryRecord`.

    Inputs:
        name: what TensorBoard shows it as.
        value: a Tensor of one element and at most one axis.

    Raises:
        TypeError: if the name is no str, or the value no Tensor.
        ValueError: if the name is empty, or the value has more axes.

    Example:
        >>> ops.ScalarSummary()("loss", Tensor(0.5))

    Differs from MindSpore: it works in PYNATIVE_MODE, too, and outside of Cells. In a `vmap` nothing is recorded.
    """

    _kind, _axes = "scalar", range(2)


class TensorSummary(_Summary):
    """Give a Tensor away, under a name, for `SummaryRecord`.

    Inputs:
        name: what it is recorded as.
        value: a Tensor.

    Raises:
        TypeError: if the name is no str, or the value no Tensor.
        ValueError: if the name is empty.

    Example:
        >>> ops.TensorSummary()("weights", Tensor([0.5, 1.0]))

    Differs from MindSpore: as `ScalarSummary`; the Tensor may have no axes.
    """

    _kind = "tensor"


class ImageSummary(_Summary):
    """Give images away, under a name, for `SummaryRecord`.

    Inputs:
        name: what TensorBoard shows them as.
        value: a Tensor of shape (n, channels, height, width), with 1 or 3 channels, and values from 0 to 1, or to 255.

    Raises:
        TypeError: if the name is no str, or the value no Tensor.
        ValueError: if the name is empty, or the value has not four axes.

    Example:
        >>> ops.ImageSummary()("digits", ops.ones((1, 3, 8, 8)))

    Differs from MindSpore: as `ScalarSummary`.
    """

    _kind, _axes = "image", range(4, 5)


class HistogramSummary(_Summary):
    """Give the distribution of a Tensor's elements away, under a name, for `SummaryRecord`.

    Inputs:
        name: what TensorBoard shows it as.
        value: a Tensor.

    Raises:
        TypeError: if the name is no str, or the value no Tensor.
        ValueError: if the name is empty.

    Example:
        >>> ops.HistogramSummary()("weights", Tensor([0.5, 1.0]))

    Differs from MindSpore: as `ScalarSummary`; the Tensor may have no axes.
    """

    _kind = "histogram"


publish(
    "ops", ScalarSummary=ScalarSummary, TensorSummary=TensorSummary, ImageSummary=ImageSummary,
    HistogramSummary=HistogramSummary,
)  # fmt: skip
