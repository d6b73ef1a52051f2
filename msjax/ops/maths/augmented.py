"""`x += y` and its kin: under `ms.jit` they update the Tensor, as MindSpore's compiled code does; eagerly the name gets
a new Tensor."""

from __future__ import annotations

from msjax.core import context
from msjax.core.tensor import Tensor, raw, rebind
from msjax.ops.table import publish


def _augmented(method: str):
    def augmented(self, other):
        result = getattr(self, method)(other)
        if context.in_jit() and isinstance(result, Tensor) and (result.shape, result.dtype) == (self.shape, self.dtype):
            rebind(self, raw(result), result._shadow)
            return self
        return result

    return augmented


publish(
    "Tensor",
    **{f"__i{name}__": _augmented(f"__{name}__") for name in ("add", "sub", "mul", "truediv", "floordiv", "mod")},
)
