"""Arguments for primitives of networks: of sequences, images and update rules; a part of `samples`."""

from arguments import call, f, i

import msjax as ms

_ROWS = i(2, 0)
_RATES = {"lr": 0.1, "l1": 0.01, "l2": 0.02, "lr_power": -0.5}
_POOL = {"kernel_size": 2, "strides": 1}


def states(n: int) -> list:
    """What a rule keeps of a weight of three rows."""
    return [f(3, 2, seed=k) for k in range(n)]


_GRADIENT = f(2, 2, seed=9)
_ADAM = (0.9, 0.99, 0.1, 0.8, 0.95, 1e-3)

SAMPLES = {
    # sequences
    "ops.DynamicRNN": call(f(2, 3, 2), f(4, 8), f(8), None, f(1, 3, 2), f(1, 3, 2, seed=1)),
    "ops.DynamicGRUV2": call(f(2, 3, 2), f(2, 6), f(2, 6, seed=1), f(6), f(6, seed=1), None, f(3, 2)),
    "ops.LSTM": call(
        f(2, 3, 2), f(2, 3, 1), f(2, 3, 2), f(100),
        input_size=2, hidden_size=2, has_bias=True, bidirectional=True, proj_size=1,
    ),
    "ops.RNNTLoss": call(f(1, 3, 3, 4), i((1, 2)), i(3), i(2)),
    "ops.NoRepeatNGram": call(i(((0, 1, 0),)), f(1, 1, 3), ngram_size=2),
    "ops.DropoutDoMask": call(f(2, 3), i(5, 1).astype(ms.uint8), 0.5),
    "ops.ResizeLinear1D": call(f(1, 2, 3), size=(5,)),
    "ops.FFTWithSize": call(f(2, 3), signal_ndim=1, inverse=False, real=True),
    # images and volumes
    "ops.deformable_conv2d": call(
        f(1, 2, 4, 4), f(2, 2, 2, 2), f(1, 12, 3, 3), f(2),
        kernel_size=(2, 2), strides=(1, 1, 1, 1), padding=(0, 0, 0, 0),
    ),
    "ops.DeformableOffsets": call(
        f(1, 2, 4, 4), f(1, 12, 3, 3), ksize=(2, 2), strides=(1, 1, 1, 1), pads=(0, 0, 0, 0)
    ),
    "ops.FractionalMaxPool3DWithFixedKsize": call(f(1, 2, 3, 4, 4), f(1, 2, 3), ksize=1, output_shape=2),
    "ops.FractionalMaxPoolWithFixedKsize": call(f(1, 2, 4, 4), f(1, 2, 2), ksize=1, output_shape=2),
    "ops.fractional_max_pool2d": call(f(1, 2, 4, 4), f(1, 2, 2), kernel_size=1, output_size=2),
    "ops.fractional_max_pool3d": call(f(1, 2, 3, 4, 4), f(1, 2, 3), kernel_size=1, output_size=2),
    **{f"ops.MaxPoolWith{name}": call(f(1, 2, 3, 3), **_POOL) for name in ("ArgmaxV2", "Indices", "Mask")},
    "ops.PSROIPooling": call(
        f(1, 4, 4, 4), f(1, 5, 1) * 0,
        spatial_scale=1.0, group_size=2, output_dim=1,
    ),
    "ops.Im2Col": call(f(1, 2, 3, 3), ksizes=2),
    "ops.ExtractVolumePatches": call(f(1, 2, 3, 3, 3), kernel_size=2, strides=1, padding="valid"),
    "ops.rotated_iou": call(f(1, 2, 5), f(1, 2, 5, seed=1)),
    # rules for gradients of some rows
    "ops.FusedSparseFtrl": call(*states(3), _GRADIENT, _ROWS, **_RATES),
    "ops.FusedSparseProximalAdagrad": call(*states(2), 0.1, 0.01, 0.02, _GRADIENT, _ROWS),
    "ops.FusedSparseLazyAdam": call(*states(3), *_ADAM, _GRADIENT, _ROWS),
    "ops.FusedSparseAdam": call(*states(3), *_ADAM, _GRADIENT, _ROWS),
}  # fmt: skip
