"""Functions that say how Tensors lie among devices."""

from msjax.nn.sharding import shard
from msjax.ops.control.layouts import reshard

__all__ = ["reshard", "shard"]
