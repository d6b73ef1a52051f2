# Made by scripts/make_stubs.py.
"""Automatic mixed precision: networks that compute in float16 or bfloat16, and losses scaled to suit them."""

from msjax.train.amp import DynamicLossScaleManager as DynamicLossScaleManager
from msjax.train.amp import DynamicLossScaler as DynamicLossScaler
from msjax.train.amp import FixedLossScaleManager as FixedLossScaleManager
from msjax.train.amp import LossScaleManager as LossScaleManager
from msjax.train.amp import LossScaler as LossScaler
from msjax.train.amp import StaticLossScaler as StaticLossScaler
from msjax.train.amp import all_finite as all_finite
from msjax.train.amp import auto_mixed_precision as auto_mixed_precision
from msjax.train.amp import build_train_network as build_train_network
from msjax.train.amp import custom_mixed_precision as custom_mixed_precision
from msjax.train.amp import get_black_list as get_black_list
from msjax.train.amp import get_white_list as get_white_list
