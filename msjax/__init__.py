"""MindSpore's Python API on JAX."""

import jax

jax.config.update("jax_enable_x64", True)

from msjax import ops
from msjax.core.tensor import Tensor, tensor
from msjax.core.parameter import Parameter, ParameterTuple
from msjax.core.dtype import *
