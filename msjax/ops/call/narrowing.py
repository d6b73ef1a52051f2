"""Which operators compute in a narrow dtype, and which need a wide one, where mixed precision chooses for each.

Source: the lists in MindSpore's documentation of `auto_mixed_precision`; and what MindSpore 2.10 gives.
"""

from __future__ import annotations

from msjax.core import dtype as mstype
from msjax.core.tensor import Tensor

_FLOATS = (mstype.float16, mstype.bfloat16, mstype.float32)
_NARROW = frozenset(
    "matmul mm bmm dense einsum convolve conv1d conv2d conv3d Conv2D Conv3D transpose_convolve conv_transpose2d "
    "conv2d_transpose conv3d_transpose prelu mv tensor_dot inner".split()
)
_WIDE = frozenset(
    "exp log log1p log2 log10 pow acos asin cosh erfinv expm1 reciprocal rsqrt sinh tan softplus softmax log_softmax "
    "cumprod cumsum sum prod var logsumexp layer_norm layer_norm_primitive batch_norm batch_norm_by group_norm kl_div "
    "smooth_l1_loss cross_entropy nll_loss binary_cross_entropy binary_cross_entropy_with_logits cdist pdist renorm "
    "multilabel_margin_loss soft_margin_loss multi_margin_loss triplet_margin_loss".split()
)
_WIDEST = frozenset("addcmul addcdiv cross dot_of_matrices grid_sample bias_add addn concat".split())


def narrowed(name: str, arrays, dtype):
    """The arguments of an operator as mixed precision gives them to it."""
    if name in _NARROW:
        return _cast(arrays, dtype)
    if name in _WIDE:
        return _cast(arrays, mstype.float32)
    if name in _WIDEST and any(t.dtype == mstype.float32 for t in _floats(arrays)):
        return _cast(arrays, mstype.float32)
    return arrays


def _floats(value) -> list[Tensor]:
    if isinstance(value, (tuple, list)):
        return [tensor for element in value for tensor in _floats(element)]
    return [value] if isinstance(value, Tensor) and value.dtype in _FLOATS else []


def _cast(value, dtype):
    if isinstance(value, (tuple, list)):
        return [_cast(element, dtype) for element in value]
    return value.astype(dtype) if _floats(value) and value.dtype != dtype else value
