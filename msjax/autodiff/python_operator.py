"""ops.Custom: an operator written with numpy."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from msjax.autodiff.custom import call_with_bprop, with_rule
from msjax.autodiff.tree import refilled, tensors_in
from msjax.core import dtype as mstype
from msjax.core import trace
from msjax.core.effects import has_effects
from msjax.core.tensor import Tensor, raw
from msjax.ops.call.shadows import with_derivative
from msjax.ops.table.primitive import Primitive

_KINDS = ("pyfunc", "hybrid", "akg", "tbe", "aicpu", "aot", "julia")


@has_effects
class Custom(Primitive):
    """An operator that calls a Python function of numpy arrays.

    Args:
        func: takes and returns numpy arrays.
        out_shape, out_dtype: shape and MindSpore dtype of the result (tuples of them for several), or functions of the
            inputs' shapes and dtypes.
        func_type: "pyfunc".
        bprop: its pullback, bprop(*inputs, out, dout) -> tuple of gradients, in Tensors.
        reg_info: accepted; there is nothing to register.

    Raises:
        ValueError: for an unknown `func_type`.
        TypeError: if func, out_shape or out_dtype is of no such kind.
        NotImplementedError: for one that needs MindSpore's compilers.
        RuntimeError: when differentiated without `bprop`.

    Example:
        >>> square = ops.Custom(lambda x: x * x, lambda shape: shape, lambda dtype: dtype, func_type="pyfunc")
        >>> square(Tensor([3.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 9.00000000e+00])
    """

    def __init__(self, func, out_shape=None, out_dtype=None, func_type: Any = "pyfunc", bprop=None, reg_info=None):
        super().__init__()
        if func_type not in _KINDS:
            raise ValueError(f"For 'Custom', 'func_type' must be one of {list(_KINDS)}, but got {func_type!r}.")
        if func_type != "pyfunc":
            raise NotImplementedError(f"For 'Custom', 'func_type' {func_type!r} needs MindSpore's compilers.")
        if not callable(func):
            raise TypeError(f"For 'Custom', 'func' must be a function, but got {type(func).__name__}.")
        if not (callable(out_shape) or isinstance(out_shape, (tuple, list))) or out_dtype is None:
            raise TypeError(
                "For 'Custom', 'out_shape' must be one of [tuple, list, function] and 'out_dtype' a dtype or function, "
                f"but got {out_shape!r} and {out_dtype!r}."
            )
        self.func, self.bprop = func, bprop
        self._shape, self._dtype = out_shape, out_dtype

    def __call__(self, *inputs):
        if self.bprop is not None:
            return call_with_bprop(self._compute, self.bprop, inputs, {})
        value = self._compute(*inputs)
        if trace.top() is None:
            return value
        outputs = tensors_in(value)
        # Nothing is to be discovered of the rule: running it in advance would raise what only a gradient is to raise.
        arrays = with_rule(tensors_in(inputs), outputs, _no_rule, discover=False)
        return refilled(value, map(with_derivative, outputs, arrays))

    def _compute(self, *inputs):
        # This takes the values out of the tracers of eager gradients, so that numpy sees numbers there.
        arrays = [jax.lax.stop_gradient(raw(i)) for i in inputs]
        if any(isinstance(a, trace.Tracer) for a in arrays):
            result = jax.pure_callback(self._numpy, self._outputs(inputs), *arrays, vmap_method="sequential")
        else:
            result = self._numpy(*arrays)
        return tuple(map(Tensor, result)) if isinstance(result, tuple) else Tensor(result)

    def _numpy(self, *arrays):
        result = self.func(*map(np.asarray, arrays))
        return tuple(map(np.asarray, result)) if isinstance(result, (tuple, list)) else np.asarray(result)

    def _outputs(self, inputs):
        """Shapes and dtypes of the result."""
        shape = _given(self._shape, [i.shape for i in inputs])
        kind = _given(self._dtype, [i.dtype for i in inputs])
        if isinstance(kind, (tuple, list)):
            return tuple(jax.ShapeDtypeStruct(s, mstype.element_type(k)) for s, k in zip(shape, kind, strict=True))
        return jax.ShapeDtypeStruct(tuple(shape), mstype.element_type(kind))


def _given(answer, inputs: list) -> Any:
    """`answer`, or what it says for these inputs if it is a function."""
    return answer(*inputs) if callable(answer) else answer


def _no_rule(*_):
    raise RuntimeError("Illegal primitive Custom's bprop not defined: give 'bprop' to differentiate it.")
