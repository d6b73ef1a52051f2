"""Transforms of the columns of a row: of arrays of any kind, and those made of other transforms.

>>> transforms.Compose([transforms.OneHot(3), transforms.TypeCast(np.float32)])(np.array(1)).tolist()
[0.0, 1.0, 0.0]
"""

from msjax.core.names import unknown_name
from msjax.dataset.transforms.arrays import (
    Concatenate,
    Duplicate,
    Fill,
    Mask,
    OneHot,
    PadEnd,
    Relational,
    Slice,
    TypeCast,
    Unique,
)
from msjax.dataset.transforms.base import Implementation, PyTensorOperation, TensorOperation, not_random
from msjax.dataset.transforms.compound import Compose, CompoundOperation, RandomApply, RandomChoice, RandomOrder

__getattr__ = unknown_name(__name__)
