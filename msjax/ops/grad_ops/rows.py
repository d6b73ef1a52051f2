"""The derivatives of operators of the table, one row each; `pullback` says how a row is read."""

from __future__ import annotations

from functools import partial

import jax.numpy as jnp

from msjax.ops.arrays.gather import take_along
from msjax.ops.arrays.pad import mirror_pad, pad
from msjax.ops.grad_ops import formulas  # noqa: F401  (declares rows)
from msjax.ops.grad_ops.pullback import formula, pullback, pulled
from msjax.ops.networks.adaptive_pooling import adaptive_avg_pool, adaptive_max_pool
from msjax.ops.networks.convolution import conv_primitive
from msjax.ops.networks.grid_sample import affine_grid
from msjax.ops.networks.regions import ps_roi_pooling
from msjax.ops.networks.resize import resize

# -- elementwise, and along an axis ----------------------------------------------------------------------------------

pullback("ops.ReLU", "ReluGrad()(y_backprop: dy, x: input)")
pullback("ops.ReLU6", "ReLU6Grad()(y_backprop: dy, x)")
pullback("ops.Abs", "AbsGrad()(x, dout: dy)")
pullback("ops.ACos", "ACosGrad()(x, dout: dy)")
pullback("ops.Asin", "AsinGrad()(x, dout: dy)")
pullback("ops.Atan", "AtanGrad()(x, dout: dy)")
pullback("ops.GeLU", "GeLUGrad()(dy, x: input, y: _)")
pullback("ops.FastGeLU", "FastGeLUGrad()(dy, x)")
pullback("ops.silu", "SiLUGrad()(dout: dy, x: input)")
pullback("ops.HSigmoid", "HSigmoidGrad()(grads: dy, input_x: input)")
pullback("ops.HSwish", "HSwishGrad()(y_grad: dy, x: input)")
pullback("ops.HShrink", "HShrinkGrad(lambd=0.5)(gradients: dy, features: input)")
pullback("ops.SoftShrink", "SoftShrinkGrad(lambd=0.5)(input_grad: dy, input_x: input)")
pullback("ops.Softplus", "SoftplusGrad()(gradients: dy, features: x)")
pullback("ops.Logit", "LogitGrad(eps=-1.0)(grad: dy, input)")
pullback("ops.PReLU", "PReLUGrad()(dy, x: input, weight)")
pullback("ops.glu", "GluGrad(axis)(grads: dy, x)")
pullback("ops.Maximum", "MaximumGrad(grad_x: _=True, grad_y: _=True)(x, y, grads: dy)")
pullback("ops.Minimum", "MinimumGrad(grad_x: _=True, grad_y: _=True)(x1: x, x2: y, grads: dy)")
pullback("ops.Mvlgamma", "MvlgammaGrad(p)(y_grad: dy, x)")

# -- losses ----------------------------------------------------------------------------------------------------------

pullback(
    "ops.BinaryCrossEntropy",
    "BinaryCrossEntropyGrad(reduction='mean')(input, target, grad_output: dy, weight=None)",
    wrt="x",
)
pullback("ops.KLDivLoss", "KLDivLossGrad(reduction='mean')(grad: dy, x: logits, target: labels)", wrt="x")
pullback(
    "ops.SigmoidCrossEntropyWithLogits", "SigmoidCrossEntropyWithLogitsGrad()(x: logits, y: label, dout: dy)", wrt="x"
)
pullback("ops.SmoothL1Loss", "SmoothL1LossGrad(beta=1.0, reduction='none')(prediction, target, dout: dy)", wrt="x")
pullback("ops.SoftMarginLoss", "SoftMarginLossGrad(reduction='mean')(predict: input, label: target, dout: dy)", wrt="x")
pullback(
    "ops.MultiMarginLoss",
    "MultiMarginLossGrad(p=1, margin=1.0, reduction='mean')(y_grad: dy, x, target, weight=None)",
    wrt="x",
)
pullback("ops.MultilabelMarginLoss", "MultilabelMarginLossGrad(reduction='mean')(y_grad: dy, x, target, is_target: _)")

# -- normalization, of what needs no moments -------------------------------------------------------------------------

pullback("ops.L2Normalize", "L2NormalizeGrad(axis=0, epsilon=0.0001)(input_x, out: _, dout: dy)")
pullback("ops.LRN", "LRNGrad(depth_radius=5, bias=1.0, alpha=1.0, beta=0.5)(grads: dy, x, y: _)")

# -- pooling ---------------------------------------------------------------------------------------------------------

_WINDOW = "kernel_size=1, strides=1, pad_mode='VALID', data_format='NCHW'"
_WINDOW3D = "kernel_size=(1, 1, 1, 1, 1), strides=(1, 1, 1, 1, 1), pad_mode='VALID'"

pullback("ops.AvgPool", f"AvgPoolGrad({_WINDOW})(x, out: _, dout: dy)")
pullback("ops.MaxPool", f"MaxPoolGrad({_WINDOW})(x_origin: x, out_origin: _, grad: dy)")
pullback("ops.MaxPoolWithArgmax", f"MaxPoolGradWithArgmax({_WINDOW})(x, grad: dy, argmax: _)")
pullback(
    "ops.MaxPool3D",
    f"MaxPool3DGrad({_WINDOW3D}, pad_list=0, data_format='NCDHW')(x_origin: x, out_origin: _, grad: dy)",
)
pullback(
    "ops.AvgPool3D",
    "AvgPool3DGrad(kernel_size=1, strides=1, pads: pad=0, ceil_mode=False, count_include_pad=True, divisor_override=0,"
    " data_format='NCDHW', pad_mode='pad')(origin_input_shape: x.shape, grads: dy)",
)
pullback(
    "ops.MaxPool3DWithArgmax",
    "MaxPool3DGradWithArgmax(ksize, strides, pads, dilation=(1, 1, 1), ceil_mode=False, data_format='NCDHW')"
    "(x, grads: dy, argmax: _)",
)


pullback(
    "ops.MaxPoolWithArgmaxV2",
    "MaxPoolGradWithArgmaxV2(kernel_size, strides=None, pads=0, dilation=(1, 1), ceil_mode=False,"
    " argmax_type: _=mstype.int64)(x, grad: dy, argmax: _)",
)


def _adaptive(pool, n: int):
    return lambda x, *, dy_shape: pool(x, n, dy_shape[-n:], f"adaptive pooling over {n} axes")


pullback(_adaptive(adaptive_avg_pool, 2), "AdaptiveAvgPool2DGrad()(input_grad: dy, orig_input_shape: x.shape)")
pullback(_adaptive(adaptive_avg_pool, 3), "AdaptiveAvgPool3DGrad()(y_grad: dy, orig_input_shape: x.shape)")
pullback(_adaptive(adaptive_max_pool, 2), "AdaptiveMaxPool2DGrad()(y_grad: dy, x, argmax: _)")
pullback(_adaptive(adaptive_max_pool, 3), "AdaptiveMaxPool3DGrad()(input_grad: dy, x, argmax: _)")

# -- convolutions ----------------------------------------------------------------------------------------------------


def _convolution(n: int):
    """The primitive, whose strides and dilations may be given for all axes."""

    def function(x, weight, *, stride, dilation, pad_mode, pad, group, data_format):
        stride, dilation = (v[-n:] if isinstance(v, (tuple, list)) else v for v in (stride, dilation))
        options = dict(pad_mode=pad_mode, pad=pad, group=group, data_format=data_format)
        return conv_primitive(x, weight, stride=stride, dilation=dilation, n=n, **options)

    return function


pullback(
    _convolution(2),
    "Conv2DBackpropFilter(out_channel: _, kernel_size: _, pad_mode='valid', pad=0, pad_list: _=(0, 0, 0, 0), mode: _=1,"
    " stride=(1, 1), dilation=(1, 1, 1, 1), group=1, data_format='NCHW')"
    "(out_backprop: dy, input: x, filter_sizes: weight.shape)",
)
_CONV3D = (
    "(out_channel: _, kernel_size: _, mode: _=1, pad_mode='valid', pad=0, stride=(1, 1, 1, 1, 1),"
    " dilation=(1, 1, 1, 1, 1), group=1, data_format='NCDHW')"
)
pullback(_convolution(3), f"Conv3DBackpropFilter{_CONV3D}(x, out_backprop: dy, filter_size: weight.shape)")
pullback(_convolution(3), f"Conv3DBackpropInput{_CONV3D}(weight, out_backprop: dy, input_size: x.shape)")

# -- places ----------------------------------------------------------------------------------------------------------

_MASKS = "begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0"

pullback("ops.StridedSlice", f"StridedSliceGrad({_MASKS})(dy, shapex: input_x.shape, begin, end, strides)")
pullback("ops.Slice", "SliceGrad()(dy, x: input, begin, size)")
pullback(lambda x, index, *, dim: take_along(x, index, axis=dim % x.ndim), "GatherDGradV2()(x, dim, index, dout: dy)")
pullback("ops.Trace", "TraceGrad()(y_grad: dy, x_shape: input.shape)")
pullback(
    "ops.Median",
    "MedianGrad(global_median=False, axis=0, keep_dims=False)(y_grad: dy, x, y: _, indices: _)",
)
pullback("ops.Einsum", "EinsumGrad(equation)(x, dout: dy)")


@formula("MirrorPadGrad(mode='REFLECT')(dy, paddings)", "ops.MirrorPad")
def _mirror_pad_grad(dy, *, paddings, mode="REFLECT"):
    shape = [n - sum(added) for n, added in zip(dy.shape, paddings, strict=True)]
    return pulled(lambda x: mirror_pad(x, paddings=paddings, mode=mode), dy, jnp.zeros(shape, dy.dtype))


@formula("PadV3Grad(mode='reflect', paddings_contiguous=True)(x, paddings)", "ops.PadV3")
def _pad_v3_grad(x, *, paddings, mode="reflect", paddings_contiguous=True):
    starts, ends = (
        (paddings[::2], paddings[1::2])
        if paddings_contiguous
        else (paddings[: len(paddings) // 2], paddings[len(paddings) // 2 :])
    )
    shape = list(x.shape)
    for i, added in enumerate(zip(starts, ends, strict=True)):
        shape[-1 - i] -= sum(added)
    options = dict(padding=paddings, mode=mode, paddings_contiguous=paddings_contiguous)
    return pulled(lambda given: pad(given, **options), x, jnp.zeros(shape, x.dtype))


# -- images ----------------------------------------------------------------------------------------------------------


def _resized(mode: str, **fixed):
    def function(image, *, dy_shape, align_corners=False, half_pixel_centers=False):
        options = dict(corners=align_corners, half_pixel=half_pixel_centers) | fixed
        return resize(image, dy_shape[-2:], mode, **options)

    return function


_CENTERS = "align_corners=False, half_pixel_centers=False"

pullback(_resized("linear"), f"ResizeBilinearGrad({_CENTERS})(grads: dy, image)")
pullback(_resized("cubic"), f"ResizeBicubicGrad({_CENTERS})(grads: dy, image)")


@formula(f"ResizeNearestNeighborGrad({_CENTERS})(grads, size)", "ops.ResizeNearestNeighbor")
@formula(f"ResizeNearestNeighborV2Grad({_CENTERS})(grads, size)", "ops.ResizeNearestNeighbor")
def _resize_nearest_grad(grads, *, size, align_corners=False, half_pixel_centers=False):
    mode = "nearest-exact" if half_pixel_centers else "nearest"
    given = jnp.zeros((*grads.shape[:2], *size), grads.dtype)
    return pulled(lambda x: resize(x, grads.shape[-2:], mode, corners=align_corners), grads, given)


def _linear(x, *, dy_shape, coordinate_transformation_mode="align_corners"):
    corners = coordinate_transformation_mode == "align_corners"
    half_pixel = coordinate_transformation_mode == "half_pixel"
    return resize(x, dy_shape[-1:], "linear", corners=corners, half_pixel=half_pixel)


pullback(_linear, "ResizeLinear1DGrad(coordinate_transformation_mode='align_corners')(grads: dy, x)")


def _upsampled(mode: str):
    def function(x, *, dy_shape, scales=None, align_corners=False):
        return resize(x, dy_shape[2:], mode, scales, corners=align_corners)

    return function


_SIZES = "(dy, input_size: x.shape, output_size: _=None, scales=None)"

pullback(_upsampled("nearest"), f"UpsampleNearest3DGrad(){_SIZES}")
pullback(_upsampled("linear"), f"UpsampleTrilinear3DGrad(align_corners=False){_SIZES}")

_SAMPLER = "interpolation_mode='bilinear', padding_mode='zeros', align_corners=False, output_mask: _=(1, 1)"

for _n in (2, 3):
    pullback(f"ops.GridSampler{_n}D", f"GridSampler{_n}DGrad({_SAMPLER})(grad: dy, input_x, grid)")


@formula("AffineGridGrad(align_corners=False)(y_grad, x_size)", "ops.affine_grid")
def _affine_grid_grad(y_grad, *, x_size, align_corners=False):
    n = len(x_size) - 2
    theta = jnp.zeros((x_size[0], n, n + 1), y_grad.dtype)
    return pulled(lambda t: affine_grid(t, size=tuple(x_size), align_corners=align_corners), y_grad, theta)


pullback(
    "ops.ROIAlign",
    "ROIAlignGrad(pooled_height, pooled_width, spatial_scale, sample_num=2)(dy, rois, xdiff_shape: features.shape)",
)


@formula("PSROIPoolingGrad(input_size, spatial_scale, group_size, output_dim)(x, rois)", "ops.PSROIPooling")
def _ps_roi_pooling_grad(x, rois, *, input_size, spatial_scale, group_size, output_dim):
    sizes = (input_size, input_size) if isinstance(input_size, int) else tuple(input_size)
    features = jnp.zeros((rois.shape[0], output_dim * group_size**2, *sizes), x.dtype)
    pool = partial(ps_roi_pooling, spatial_scale=spatial_scale, group_size=group_size, output_dim=output_dim)
    return pulled(lambda given: pool(given, rois), x, features)


pullback(
    "ops.DeformableOffsets",
    "DeformableOffsetsGrad(strides, pads, kernel_size: ksize, dilations=(1, 1, 1, 1), data_format: _='NCHW',"
    " deformable_groups=1, modulated: _=True)(out_backprop: dy, input: x, offsets)",
)

# -- matrices --------------------------------------------------------------------------------------------------------

pullback("ops.Pdist", "PdistGrad(p=2.0)(y_grad: dy, x, y: _)")

# -- attention -------------------------------------------------------------------------------------------------------

pullback(
    "ops.flash_attention_score",
    "FlashAttentionScoreGrad(head_num, keep_prob=1.0, scale_value: scalar_value=1.0, pre_tokens=65536,"
    " next_tokens=65536, inner_precise: _=1, input_layout='BSH', sparse_mode=0)"
    "(query, key, value, dy, pse_shift: real_shift=None, drop_mask=None, padding_mask: _=None,"
    " atten_mask: attn_mask=None, softmax_max: _=None, softmax_sum: _=None, softmax_in: _=None, attention_in: _=None,"
    " prefix=None, actual_seq_qlen=None, actual_seq_kvlen=None)",
)
