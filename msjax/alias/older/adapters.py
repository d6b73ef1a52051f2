"""Old names whose arguments or results were not those of what replaces them."""

from __future__ import annotations

from msjax import nn, ops
from msjax.compile import jit
from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.tensor import Tensor
from msjax.dataset import transforms


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


class FusedBatchNorm(ops.BatchNorm):
    """`BatchNorm` with a mode: 1 to train, 0 to apply what was learned."""

    def __init__(self, mode=0, epsilon=1e-5, momentum=0.1, data_format="NCHW"):
        super().__init__(mode == 1, epsilon, momentum, data_format)


class ComposeOp(transforms.Compose):
    """`Compose` of the first releases: calling it without an image gives what a pipeline maps with."""

    def __call__(self, *args):
        return super().__call__(*args) if args else self
