"""MindSpore's numpy-like faces of the operators, on Tensors.

Everything here is a face of an operator of `msjax.ops`, looked up in the operator table when it is first used, but for
constants and dtypes. Python numbers count as int32 and float32.
"""

__only_computes__ = True  # see core.effects

import math

from msjax.core.dtype import (
    bool_,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)
from msjax.ops import table

pi, inf, nan = math.pi, math.inf, math.nan
PINF, NINF = math.inf, -math.inf
int_, float_, uint = int32, float32, uint32
numeric_types = "int_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float_ float16 float32 float64 bool_".split()


__getattr__, __dir__ = table.serve(__name__, "fft")
