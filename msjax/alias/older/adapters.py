"""Old names whose arguments or results were not those of what replaces them."""

from __future__ import annotations

__only_computes__ = True  # see core.effects

from msjax import nn, ops
from msjax.compile import jit
from msjax.core import dtype as mstype
from msjax.core.effects import has_effects
from msjax.core.kinds import takes
from msjax.core.tensor import Tensor
from msjax.dataset import transforms
from msjax.train.checkpoint import load


@has_effects
def ms_function(fn=None, *args, **options):
    """`jit` under its first name.

    Args:
        fn: the function or method.
        args, options: those of the old name, without effect.

    Returns:
        The compiled function; or a decorator, without `fn`.
    """
    return jit(fn) if fn is not None else jit


class ResizeBilinearOperator(ops.Primitive):
    """Images in another size, by bilinear interpolation.

    Args:
        size: the new height and width.
        align_corners: whether the centers of the corners stay where they are.
        half_pixel_centers: whether a pixel's position is that of its center; not with `align_corners`.

    Inputs:
        x: images, (N, C, H, W).
    """

    _fields = ("size", "align_corners", "half_pixel_centers")

    @takes(align_corners="bool", half_pixel_centers="bool")
    def __init__(self, size, align_corners=False, half_pixel_centers=False):
        super().__init__("ResizeBilinear")
        self.size, self.align_corners, self.half_pixel_centers = tuple(size), align_corners, half_pixel_centers
        self._resize = ops.ResizeBilinearV2(align_corners, half_pixel_centers)

    def __call__(self, x):
        return self._resize(x, self.size)


class ResizeBilinear(nn.Cell):
    """A layer that gives images another size, by bilinear interpolation.

    Args:
        half_pixel_centers: whether a pixel's position is that of its center.

    Inputs:
        x: images, (N, C, H, W).
        size: the new height and width.
        scale_factor: or how many times as large they become, an int.
        align_corners: whether the centers of the corners stay where they are; not with `half_pixel_centers`.
    """

    @takes(half_pixel_centers="bool")
    def __init__(self, half_pixel_centers=False):
        super().__init__()
        self.half_pixel_centers = half_pixel_centers

    def construct(self, x, size=None, scale_factor=None, align_corners=False):
        if (size is None) == (scale_factor is None):
            raise ValueError("For 'ResizeBilinear', one of 'size' and 'scale_factor' must be given, and only one.")
        lengths = size or [scale_factor * length for length in x.shape[2:]]
        return ops.ResizeBilinearV2(align_corners, self.half_pixel_centers)(x, tuple(lengths))


class ControlDepend(ops.Primitive):
    """Said that one operation runs before another. All run in the order in which they are written."""

    def __init__(self, depend_mode=0):
        super().__init__("ControlDepend")

    def __call__(self, src, dst):
        return Tensor(True, mstype.bool_)


class SameTypeShape(ops.Primitive):
    """Gives its first input, if both are of one dtype and shape."""

    def __call__(self, input_x, input_y):
        if input_x.dtype != input_y.dtype:
            raise TypeError(f"For 'SameTypeShape', both must be of one dtype: {input_x.dtype} and {input_y.dtype}.")
        if input_x.shape != input_y.shape:
            raise ValueError(f"For 'SameTypeShape', both must be of one shape: {input_x.shape} and {input_y.shape}.")
        return input_x


class IsSubClass(ops.Primitive):
    """Whether a dtype belongs to a group of them, such as `mindspore.number`."""

    def __call__(self, sub_type, type_):
        return mstype.issubclass_(sub_type, type_)


class IsInstance(ops.Primitive):
    """Whether an object's dtype belongs to a group of them."""

    def __call__(self, inst, type_):
        return mstype.issubclass_(mstype.get_py_obj_dtype(inst), type_)


class FusedBatchNorm(ops.BatchNorm):
    """`BatchNorm` with a mode: 1 to train, 0 to apply what was learned."""

    def __init__(self, mode=0, epsilon=1e-5, momentum=0.1, data_format="NCHW"):
        super().__init__(mode == 1, epsilon, momentum, data_format)


class ComposeOp(transforms.Compose):
    """`Compose` of the first releases: calling it without an image gives what a pipeline maps with."""

    def __call__(self, *args):
        return super().__call__(*args) if args else self


def check_dense_input_shape(x, prim_name=None):
    """A shape of two axes or more."""
    if len(x) < 2:
        raise ValueError(f"For '{prim_name}', the input must have at least 2 axes, but got {len(x)}.")


@has_effects
def _check_checkpoint_param(ckpt_file_name, filter_prefix=None):
    """The arguments of `load_checkpoint`, if they are right; a prefix as a tuple of them."""
    load._source(ckpt_file_name, "ckpt")
    return ckpt_file_name, load._prefixes("filter_prefix", filter_prefix) or None


_ALL = 65536  # of these many tokens before or behind a query all keys are looked at


class FlashAttention(nn.Cell):
    """Attention of queries to keys, (batch, heads, length, size of a head).

    Args:
        head_dim: the size of a head.
        head_num: how many heads the queries have; keys and values may have fewer, each for as many of them.
        dropout_rate: the part of the weights that is dropped in training.
        prev_block_num, next_block_num: how far before and behind itself a query looks; everywhere.
        options: how the work was divided on the device, without effect.

    Inputs:
        query, key, value: as said.
        attn_mask: 1 where a query does not look at a key, (batch, queries, keys), with or without an axis of heads.
        alibi_mask: what is added to the scores.

    Raises:
        ValueError: for windows.
    """

    def __init__(
        self, head_dim, head_num, dropout_rate=0.0, prev_block_num=_ALL, next_block_num=_ALL, *args, **options
    ):
        super().__init__()
        if min(prev_block_num, next_block_num) < _ALL:
            raise ValueError("For 'FlashAttention', a window is an attn_mask: use ops.flash_attention_score.")
        self.scale, self.head_num = head_dim**-0.5, head_num
        self.dropout = nn.Dropout(p=dropout_rate)

    def construct(self, query, key, value, attn_mask=None, alibi_mask=None):
        share = self.head_num // key.shape[1]
        key, value = (each.repeat_interleave(share, 1) if share > 1 else each for each in (key, value))
        scores = ops.matmul(query, key.swapaxes(-1, -2)).astype(mstype.float32) * self.scale
        if alibi_mask is not None:
            scores = scores + alibi_mask
        if attn_mask is not None:
            hidden = attn_mask if attn_mask.ndim == 4 else attn_mask.expand_dims(1)
            scores = ops.masked_fill(scores, hidden.astype(mstype.bool_), -10000.0)
        return ops.matmul(self.dropout(ops.softmax(scores, -1).astype(value.dtype)), value)
