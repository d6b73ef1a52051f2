"""ops.Morph: a function as a primitive."""

from __future__ import annotations

from msjax.autodiff.custom import call_with_bprop
from msjax.core import watching
from msjax.ops.table.primitive import Primitive


class Morph(Primitive):
    """A function of Tensors, called as a primitive.

    Args:
        fn: the function.
        infer_shape, infer_dtype: accepted; JAX finds out shapes and dtypes.
        bprop_fn: its pullback, bprop_fn(*inputs, out, dout) -> tuple of gradients; None to differentiate `fn` itself.

    Differs from MindSpore: it works in PyNative mode too; see "Custom functions everywhere" in docs/differences.md.

    Example:
        >>> product = ops.Morph(lambda x, y: x * y, lambda x, y: x, lambda x, y: x)
        >>> product(Tensor([2.0]), Tensor([3.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+00])
    """

    def __init__(self, fn, infer_shape, infer_dtype, bprop_fn=None):
        super().__init__()
        self.fn, self.bprop_fn = fn, bprop_fn
        self.infer_shape, self.infer_dtype = infer_shape, infer_dtype

    def __call__(self, *inputs, **keywords):
        if self.bprop_fn is None:
            return watching.seen(self.fn)(*inputs, **keywords)
        return call_with_bprop(watching.seen(self.fn), watching.seen(self.bprop_fn), inputs, keywords)
