"""Automatic mixed precision: networks that compute in float16 or bfloat16, and losses scaled to suit them.

What MindSpore offers as `mindspore.amp`; it is `msjax.amp` too.
"""

from msjax.core.names import unknown_name
from msjax.train.loss_scale import (
    DynamicLossScaleManager,
    DynamicLossScaler,
    FixedLossScaleManager,
    LossScaleManager,
    LossScaler,
    StaticLossScaler,
    all_finite,
)
from msjax.train.loss_scale import _grad_scale_map as _grad_scale_map  # for scalers of a program's own
from msjax.train.loss_scale import _grad_unscale_map as _grad_unscale_map
from msjax.train.mixed_precision import (
    auto_mixed_precision,
    build_train_network,
    custom_mixed_precision,
    get_black_list,
    get_white_list,
)

__all__ = [
    "DynamicLossScaleManager", "LossScaleManager", "FixedLossScaleManager", "build_train_network",
    "DynamicLossScaler", "StaticLossScaler", "LossScaler", "auto_mixed_precision", "all_finite",
    "custom_mixed_precision", "get_white_list", "get_black_list",
]  # fmt: skip
__getattr__ = unknown_name(__name__)
