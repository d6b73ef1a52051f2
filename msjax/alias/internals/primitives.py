"""`ops.auto_generate.pyboost_inner_prim`: operators as functions of their inputs and then of all their options.

softmax_impl(x, -1)     concat_impl((x, y), 0)     argmax_with_value_impl(x, 0, False)
"""

from __future__ import annotations

__only_computes__ = True  # see core.effects

from collections.abc import Callable
from typing import Any

import numpy as np

from msjax import ops
from msjax.core.tensor import Tensor

# The function: the primitive, how many inputs it takes, and its options in the order of the arguments behind them.
_ROWS = {
    "argmax_with_value": ("ArgMaxWithValue", 1, "axis keep_dims"),
    "argmin_with_value": ("ArgMinWithValue", 1, "axis keep_dims"),
    "binary_cross_entropy": ("BinaryCrossEntropy", 3, "reduction"),
    "binary_cross_entropy_with_logits": ("BCEWithLogitsLoss", 4, "reduction"),
    "concat": ("Concat", 1, "axis"),
    "isclose": ("IsClose", 2, "rtol atol equal_nan"),
    "log_softmax": ("LogSoftmax", 1, "axis"),
    "nllloss": ("NLLLoss", 3, "reduction ignore_index"),
    "reverse_v2": ("ReverseV2", 1, "axis"),
    "smooth_l1_loss": ("SmoothL1Loss", 2, "beta reduction"),
    "softmax": ("Softmax", 1, "axis"),
    "squeeze": ("Squeeze", 1, "axis"),
    "stack_ext": ("Stack", 1, "axis"),
}


def _function(name: str, inputs: int, options: list[str]) -> Callable:
    def apply(*args: Any) -> Any:
        primitive = getattr(ops, name)(**dict(zip(options, args[inputs:], strict=True)))
        return primitive(*args[:inputs])

    apply.__doc__ = f"`ops.{name}` of {inputs} inputs, and then {', '.join(options)}."
    return apply


globals().update({f"{key}_impl": _function(name, n, options.split()) for key, (name, n, options) in _ROWS.items()})


def reduce_all_impl(input: Any, axis: Any, keep_dims: bool) -> Any:
    """`ops.ReduceAll` of an input, axes and `keep_dims`."""
    return ops.ReduceAll(keep_dims)(input, axis)


def reduce_any_impl(x: Any, axis: Any, keep_dims: bool) -> Any:
    """`ops.ReduceAny` of an input, axes and `keep_dims`."""
    return ops.ReduceAny(keep_dims)(x, axis)


class _VirtualDataset(ops.Primitive):
    """Marks Tensors as parts of a batch, each on a device: it gives them."""

    def __call__(self, *inputs: Any) -> tuple:
        return inputs


class PsROIPooling(ops.Primitive):
    """`ops.PSROIPooling` of regions (n, 5), which also tells the channel that each bin was taken from.

    Args:
        pooled_height, pooled_width: how many bins there are along each side: `group_size`.
        num_rois: how many regions there are.
        spatial_scale, out_dim, group_size: as of `ops.PSROIPooling`, where `out_dim` is `output_dim`.
    """

    def __init__(self, pooled_height, pooled_width, num_rois, spatial_scale, out_dim, group_size):
        super().__init__("PsROIPooling")
        if not pooled_height == pooled_width == group_size:
            raise ValueError(
                f"For 'PsROIPooling', there are as many bins along each side as groups, {group_size}, but got "
                f"{pooled_height} and {pooled_width}."
            )
        self._pool = ops.PSROIPooling(spatial_scale, group_size, out_dim)
        self._channels = np.arange(out_dim * group_size**2, dtype=np.int32).reshape(out_dim, group_size, group_size)

    def __call__(self, features, rois):
        pooled = self._pool(features, rois.T.expand_dims(0))
        return pooled, Tensor(np.broadcast_to(self._channels, pooled.shape).copy())
