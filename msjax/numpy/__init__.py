"""MindSpore's numpy-like faces of the operators, on Tensors.

Everything here is a face of an operator of `msjax.ops`, looked up in the operator table when it is first used, but for
constants and dtypes. Python numbers count as int32 and float32.
"""

__only_computes__ = True  # see core.effects

import importlib
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
from msjax.core.names import unknown_name
from msjax.numpy import faces
from msjax.ops import table

pi, inf, nan = math.pi, math.inf, math.nan
PINF, NINF = math.inf, -math.inf
int_, float_, uint = int32, float32, uint32
numeric_types = "int_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float_ float16 float32 float64 bool_".split()


def _first(name: str):
    if name == "fft":
        return importlib.import_module("msjax.numpy.fft")
    value = globals()[name] = faces.lookup(name)
    return value


__getattr__ = unknown_name(__name__, _first)


def __dir__():
    return sorted({*globals(), *table.names("numpy")})
