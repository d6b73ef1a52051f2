"""Whether an overflow has happened."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.ops.table import op, publish
from msjax.ops.table.primitive import Primitive


@op("ops.FloatStatus()(x)", floats=("x",))
def float_status(x):
    """Whether any element is infinite or NaN.

    Returns:
        A float32 Tensor of shape (1,): 1 if one is, else 0.
    """
    return (~jnp.isfinite(x)).any().astype(np.float32).reshape(1)


class _Register(Primitive):
    """Speaks to the register of Ascend devices that remembers overflows, which no other device has.

    Raises:
        RuntimeError: when it is called.

    Example:
        >>> ops.NPUGetFloatStatus()
        Prim[NPUGetFloatStatus]
    """

    def __call__(self, *inputs):
        raise RuntimeError(
            f"For '{self.name}', only Ascend devices remember overflows. Look at the gradients instead, with "
            "ops.FloatStatus or ms.amp.all_finite."
        )


for _name in ("NPUAllocFloatStatus", "NPUGetFloatStatus", "NPUClearFloatStatus"):
    publish("ops", **{_name: type(_name, (_Register,), {"__doc__": _Register.__doc__, "__module__": __name__})})
