"""Primitives that are derivatives of others, `ops.operations._grad_ops`, and those of `_inner_ops`."""

from golden.cases import Table

SETUP = """
import importlib
G = importlib.import_module(ms.__name__ + ".ops.operations._grad_ops")

def f(*shape, seed=0, low=-1.0, high=1.0, dtype=ms.float32):
    return Tensor(np.random.default_rng([seed, *shape]).uniform(low, high, shape), dtype)

def i(*values, dtype=ms.int32):
    return Tensor(np.array(values), dtype)

dy, x, out = f(2, 3, seed=1), f(2, 3, seed=2) * 4, f(2, 3, seed=3, low=0.1, high=0.9)
edge = Tensor([[-3.0, -0.5, 0.0], [0.5, 3.0, 6.0]], ms.float32)
"""

ELEMENTWISE = """
    G.ReluGrad()(dy, x)
    G.ReluGrad()(dy, edge)
    G.ReLU6Grad()(dy, x * 3)
    G.ReLU6Grad()(dy, edge)
    G.SigmoidGrad()(out, dy)
    G.TanhGrad()(out, dy)
    G.SqrtGrad()(out, dy)
    G.RsqrtGrad()(out, dy)
    G.ReciprocalGrad()(out, dy)
    G.InvGrad()(out, dy)
    G.EluGrad()(dy, x)
    G.EluGrad()(dy, f(2, 3) * 0.9)
    G.AbsGrad()(x, dy)
    G.AbsGrad()(edge, dy)
    G.ACosGrad()(f(2, 3), dy)
    G.AsinGrad()(f(2, 3), dy)
    G.AtanGrad()(x, dy)
    G.AsinhGrad()(x, dy)
    G.AcoshGrad()(out, dy)
    G.GeLUGrad()(dy, x, ops.GeLU()(x))
    G.FastGeLUGrad()(dy, x)
    G.SiLUGrad()(dy, x)
    G.HSigmoidGrad()(dy, x)
    G.HSigmoidGrad()(dy, edge)
    G.HSwishGrad()(dy, x)
    G.HSwishGrad()(dy, edge)
    G.HShrinkGrad()(dy, edge)
    G.HShrinkGrad(0.3)(dy, x)
    G.SoftShrinkGrad()(dy, edge)
    G.SoftShrinkGrad(0.3)(dy, x)
    G.SoftplusGrad()(dy, x)
    G.LogitGrad()(dy, out)
    G.LogitGrad(0.2)(dy, out)
    G.LogSoftmaxGrad()(ops.log_softmax(x), dy)
    G.LogSoftmaxGrad(0)(ops.log_softmax(x, 0), dy)
    G.PReLUGrad()(dy, x, f(3, seed=4))
    G.PReLUGrad()(f(2, 3, 2), f(2, 3, 2, seed=2), f(1, seed=4))
    G.GluGrad(1)(dy, f(2, 6, seed=4))
    G.MaximumGrad()(x, f(2, 3), dy)
    G.MaximumGrad()(x, f(3), dy)
    G.MaximumGrad()(x, x, dy)
    G.MaximumGrad(True, False)(x, f(2, 3), dy)
    G.MinimumGrad()(x, f(2, 3), dy)
    G.MinimumGrad()(x, f(2, 1), dy)
    G.MinimumGrad()(x, x, dy)
    G.MaximumGradGrad()(x, f(2, 3), dy, out)
    G.IgammaGradA()(out, f(2, 3, low=0.2, high=3.0))
    G.MvlgammaGrad(2)(dy, out + 2)
    G.ReluGrad()(dy.astype(ms.float16), x.astype(ms.float16))
    G.TanhGrad()(out.astype(ms.float64), dy.astype(ms.float64))
    G.ReluGrad()(dy, x[:1])
    G.ReluGrad()(i(1, 2), i(-1, 2))
    G.TanhGrad()(out, dy.astype(ms.float16))
"""

LOSSES = """
    G.BinaryCrossEntropyGrad()(out, f(2, 3, low=0, high=1), Tensor(2.0, ms.float32), None)
    G.BinaryCrossEntropyGrad("none")(out, f(2, 3, low=0, high=1), dy, f(2, 3, seed=7))
    G.BinaryCrossEntropyGrad("sum")(out, f(2, 3, low=0, high=1), Tensor(2.0, ms.float32), f(2, 3, seed=7))
    G.KLDivLossGrad()(Tensor(2.0, ms.float32), x, out)
    G.KLDivLossGrad("none")(dy, x, out)
    G.KLDivLossGrad("sum")(Tensor(2.0, ms.float32), x, out)
    G.KLDivLossGrad("batchmean")(Tensor(2.0, ms.float32), x, out)
    G.NLLLossGrad()(x, Tensor(2.0, ms.float32), i(0, 2), f(3, low=0.2), Tensor(1.5, ms.float32))
    G.NLLLossGrad("none")(x, f(2, seed=3), i(0, 2), f(3, low=0.2), Tensor(0.0, ms.float32))
    G.NLLLossGrad("sum", 2)(x, Tensor(2.0, ms.float32), i(0, 2), f(3, low=0.2), Tensor(1.5, ms.float32))
    G.SigmoidCrossEntropyWithLogitsGrad()(x, out, dy)
    G.SmoothL1LossGrad()(x, out, dy)
    G.SmoothL1LossGrad(0.5, "mean")(x, out, Tensor(2.0, ms.float32))
    G.SmoothL1LossGrad(0.5, "sum")(x, out, Tensor(2.0, ms.float32))
    G.MultiMarginLossGrad()(Tensor(2.0, ms.float32), x, i(0, 2, dtype=ms.int64), None)
    G.MultiMarginLossGrad(2, 0.5, "none")(f(2), x, i(0, 2, dtype=ms.int64), f(3, low=0.1))
"""

NORMS = """
    G.BatchNormGrad(True)(f(2, 3, 2, 2), pictures, weight, mean, rstd, rstd)
    G.BatchNormGrad(False, 1e-3)(f(2, 3, 2, 2), pictures, weight, mean, variance, variance)
    G.BatchNormGrad(True, 1e-3)(f(4, 3), f(4, 3, seed=1), weight, mean, rstd, rstd)
    G.LayerNormGrad(1, 1)(x, dy, ops.var(x, 1, 0, True).reshape(2, 1), ops.mean(x, 1, True), f(3, seed=4))
    G.LayerNormGrad(-1, -1)(x, dy, ops.var(x, 1, 0, True).reshape(2, 1), ops.mean(x, 1, True), f(3, seed=4))
    G.LayerNormGradGrad(1, 1)(x, dy, ops.var(x, 1, 0, True).reshape(2, 1), ops.mean(x, 1, True), f(3, seed=4), out, f(3), f(3))
    G.BatchNormGradGrad(True)(pictures, f(2, 3, 2, 2), weight, mean, variance, pictures * 2, mean, weight)
    G.L2NormalizeGrad()(x, ops.L2Normalize()(x), dy)
    G.L2NormalizeGrad(1)(x, ops.L2Normalize(1)(x), dy)
    G.LRNGrad(1)(f(2, 3, 2, 2), pictures, ops.LRN(1)(pictures))
    G.LRNGrad(2, 0.5, 0.7, 0.3)(f(2, 3, 2, 2), pictures, ops.LRN(2, 0.5, 0.7, 0.3)(pictures))
    G.BiasAddGrad()(f(2, 3, 2, 2))
    G.BiasAddGrad()(dy)
    G.BiasAddGrad("NHWC")(f(2, 2, 2, 3))
"""

POOLS = """
    G.AvgPoolGrad(2, 2)(pictures4, ops.AvgPool(2, 2)(pictures4), f(2, 3, 2, 2))
    G.AvgPoolGrad(2, 1, "SAME")(pictures4, ops.AvgPool(2, 1, "same")(pictures4), f(2, 3, 4, 4))
    G.AvgPoolGrad((2, 1), (1, 2), "VALID")(pictures4, ops.AvgPool((2, 1), (1, 2))(pictures4), f(2, 3, 3, 2))
    G.MaxPoolGrad(2, 2)(pictures4, ops.MaxPool(2, 2)(pictures4), f(2, 3, 2, 2))
    G.MaxPoolGrad(2, 1, "SAME")(pictures4, ops.MaxPool(2, 1, "same")(pictures4), f(2, 3, 4, 4))
    G.MaxPoolGradWithArgmax(2, 2)(pictures4, f(2, 3, 2, 2), ops.MaxPoolWithArgmax(2, 2)(pictures4)[1])
    G.MaxPoolGradWithArgmaxV2(2, 2)(pictures4, f(2, 3, 2, 2), N.MaxPoolWithArgmaxV2(2, 2)(pictures4)[1])
    G.FractionalMaxPool3DGradWithFixedKsize()(f(1, 1, 2, 4, 4), f(1, 1, 1, 2, 2), i([[[[0, 3], [9, 31]]]], dtype=ms.int64))
    G.MaxPool3DGrad(2, 2)(volumes, ops.MaxPool3D(2, 2)(volumes), f(1, 2, 2, 2, 1))
    G.AvgPool3DGrad(2, 2, pad_mode="valid")(Tensor([1, 2, 4, 4, 2]), f(1, 2, 2, 2, 1))
    G.AvgPool3DGrad(2, 1, 1, False, False)((1, 2, 4, 4, 2), f(1, 2, 5, 5, 3))
    G.AdaptiveAvgPool2DGrad()(f(2, 3, 3, 2), Tensor([2, 3, 4, 4]))
    G.AdaptiveAvgPool3DGrad()(f(1, 2, 2, 3, 1), Tensor([1, 2, 4, 4, 2], ms.int32))
    G.AdaptiveMaxPool2DGrad()(f(2, 3, 3, 2), pictures4, ops.AdaptiveMaxPool2D((3, 2))(pictures4)[1])
    G.MaxPoolGradGrad(2, 2)(pictures4, ops.MaxPool(2, 2)(pictures4), f(2, 3, 4, 4))
    G.MaxPoolGradGradWithArgmax(2, 2)(pictures4, f(2, 3, 4, 4), ops.MaxPoolWithArgmax(2, 2)(pictures4)[1])
    G.MaxPool3DGradGrad(2, 2)(volumes, ops.MaxPool3D(2, 2)(volumes), f(1, 2, 4, 4, 2))
    G.MaxUnpool2DGrad((1, 1, 2, 2), (1, 1, 2, 2), (1, 1, 0, 0), ())(f(1, 1, 2, 2), f(1, 1, 4, 4), i([[[0, 3], [9, 15]]], dtype=ms.int64))
    G.MaxUnpool3DGrad((1, 1, 2, 2, 2), (1, 1, 2, 2, 2), (1, 1, 0, 0, 0), ())(f(1, 1, 1, 2, 2), f(1, 1, 2, 4, 4), i([[[[0, 3], [9, 31]]]], dtype=ms.int64))
"""

CONVOLUTIONS = """
    G.Conv2DBackpropFilter(2, 2)(f(1, 2, 3, 3), f(1, 3, 4, 4, seed=1), (2, 3, 2, 2))
    G.Conv2DBackpropFilter(2, 3, "same", stride=2)(f(1, 2, 2, 2), f(1, 3, 4, 4, seed=1), (2, 3, 3, 3))
    G.Conv2DBackpropFilter(4, 2, group=2)(f(1, 4, 3, 3), f(1, 2, 4, 4, seed=1), (4, 1, 2, 2))
    G.Conv2DBackpropFilter(2, 2, dilation=2)(f(1, 2, 2, 2), f(1, 3, 4, 4, seed=1), (2, 3, 2, 2))
    G.Conv2DBackpropFilter(2, 3, "pad", 1, (1, 1, 1, 1))(f(1, 2, 4, 4), f(1, 3, 4, 4, seed=1), (2, 3, 3, 3))
    N.Conv2DBackpropInput(2, 2)(f(1, 2, 3, 3), f(2, 3, 2, 2, seed=1), (1, 3, 4, 4))
    N.Conv2DBackpropInput(2, 3, "same", stride=2)(f(1, 2, 2, 2), f(2, 3, 3, 3, seed=1), (1, 3, 4, 4))
    N.Conv2DBackpropInput(2, 3, "pad", 1)(f(1, 2, 4, 4), f(2, 3, 3, 3, seed=1), (1, 3, 4, 4))
    G.Conv3DBackpropFilter(2, 2)(f(1, 3, 3, 3, 3, seed=1), f(1, 2, 2, 2, 2), (2, 3, 2, 2, 2))
    N.Conv3DBackpropInput(2, 2)(f(2, 3, 2, 2, 2, seed=1), f(1, 2, 2, 2, 2), (1, 3, 3, 3, 3))
"""

ARRAYS = """
    G.StridedSliceGrad()(f(1, 2), (2, 3), (0, 0), (1, 3), (1, 2))
    G.StridedSliceGrad()(f(2, 1), (2, 3), (0, -1), (2, -3), (1, -2))
    G.StridedSliceGrad(shrink_axis_mask=1)(f(3), (2, 3), (1, 0), (2, 3), (1, 1))
    G.StridedSliceGrad()(i([1, 2]), (2, 3), (0, 0), (1, 3), (1, 2))
    G.SliceGrad()(f(1, 2), x, (1, 1), (1, 2))
    G.GatherDGradV2()(x, 1, i([0, 0], [2, 1]), f(2, 2))
    G.GatherDGradV2()(x, 0, i([0, 1, 0], [1, 1, 0], dtype=ms.int64), dy)
    G.MaskedSelectGrad()(x, x > 0, dy)
    G.MirrorPadGrad()(f(4, 7), i([1, 1], [2, 2]))
    G.MirrorPadGrad("SYMMETRIC")(f(4, 7), i([1, 1], [2, 2]))
    G.PadV3Grad("reflect")(f(1, 2, 7), (2, 1))
    G.PadV3Grad("edge")(f(1, 2, 7), (2, 1))
    G.PadV3Grad("circular")(f(1, 2, 7), (2, 1))
    G.FlattenGrad()(dy, (3, 2))
    G.TraceGrad()(Tensor(2.0, ms.float32), Tensor([3, 2]))
    G.MedianGrad(axis=1)(f(2), x, *ops.Median(axis=1)(x))
    G.MedianGrad(True)(Tensor(2.0, ms.float32), x, *ops.Median(True)(x))
    G.SparseSegmentMeanGrad()(dy, i(0, 2, 1), i(0, 0, 1), Tensor(4, ms.int32))
    G.SparseSegmentSqrtNGrad()(dy, i(0, 2, 1), i(0, 0, 1), Tensor(4, ms.int32))
    G.SparseFillEmptyRowsGrad()(i(0, 2, dtype=ms.int64), f(4))
    G.DropoutGrad(0.25)(dy, ops.cast(out > 0.5, ms.float32))
    G.LuUnpackGrad(True, True)(f(3, 3), f(3, 3, seed=1), f(3, 3, seed=2))
    G.PdistGrad()(f(3), f(3, 2, seed=1), ops.pdist(f(3, 2, seed=1)))
    G.PdistGrad(3.0)(f(3), f(3, 2, seed=1), ops.pdist(f(3, 2, seed=1), 3.0))
    G.ConcatOffset(2, 1)((f(2, 3), f(2, 4)))
"""

IMAGES = """
    G.ResizeBilinearGrad()(f(1, 2, 5, 3), f(1, 2, 3, 4))
    G.ResizeBilinearGrad(True)(f(1, 2, 5, 3), f(1, 2, 3, 4))
    G.ResizeBilinearGrad(False, True)(f(1, 2, 5, 3), f(1, 2, 3, 4))
    G.ResizeNearestNeighborGrad()(f(1, 2, 5, 3), (3, 4))
    G.ResizeNearestNeighborGrad(True)(f(1, 2, 5, 3), (3, 4))
    G.ResizeNearestNeighborV2Grad()(f(1, 2, 5, 3), Tensor([3, 4], ms.int32))
    G.ResizeBicubicGrad()(f(1, 2, 6, 8), f(1, 2, 3, 4))
    G.ResizeBicubicGrad(True)(f(1, 2, 5, 3), f(1, 2, 3, 4))
    G.ResizeLinear1DGrad()(f(1, 2, 5), f(1, 2, 3))
    G.ResizeLinear1DGrad("half_pixel")(f(1, 2, 5), f(1, 2, 3))
    G.UpsampleNearest3DGrad()(f(1, 1, 3, 4, 3), (1, 1, 2, 2, 2), (3, 4, 3), None)
    G.UpsampleTrilinear3DGrad()(f(1, 1, 3, 4, 3), (1, 1, 2, 2, 2), (3, 4, 3), None)
    G.UpsampleTrilinear3DGrad(True)(f(1, 1, 4, 4, 2), (1, 1, 2, 2, 2), None, (2.0, 2.0, 1.0))
    G.GridSampler2DGrad()(f(1, 2, 2, 2), f(1, 2, 3, 3), f(1, 2, 2, 2, seed=5))
    G.GridSampler2DGrad("nearest", "border", True)(f(1, 2, 2, 2), f(1, 2, 3, 3), f(1, 2, 2, 2, seed=5))
    G.GridSampler3DGrad()(f(1, 2, 2, 2, 2), f(1, 2, 3, 3, 3), f(1, 2, 2, 2, 3, seed=5))
    G.DeformableOffsetsGrad((1, 1, 1, 1), (0, 0, 0, 0), (2, 2))(f(1, 1, 4, 4), f(1, 1, 3, 3), f(1, 12, 2, 2) * 0.3)
    G.AffineGridGrad()(f(1, 2, 2, 2), (1, 1, 2, 2))
    G.AffineGridGrad(True)(f(1, 2, 2, 2), (1, 1, 2, 2))
    G.ROIAlignGrad(2, 2, 0.5, 2)(f(1, 2, 2, 2), Tensor([[0, 0.2, 0.3, 8, 9]], ms.float32), (1, 2, 6, 7))
"""

INNER = """
    I.ClipByNorm()(x, Tensor(2.0, ms.float32))
    I.ClipByNorm((0, 1))(x, Tensor(200.0, ms.float32))
    I.DynamicBroadcastTo()(x, Tensor([4, 2, 3]))
    I.DynamicBroadcastGradientArgs()((2, 3), (3,))
    I.DynamicBroadcastGradientArgs()((2, 1, 3), (5, 1))
    I.ConvertToDynamic()(x)
    I.SiLU()(x)
    I.Cummin(1)(x)
"""

SHAPES = """
pictures, weight = f(2, 3, 2, 2, seed=1), f(3, seed=4)
mean, variance = pictures.mean((0, 2, 3)), pictures.var((0, 2, 3))
rstd = 1 / ops.sqrt(variance + 1e-5)
pictures4, volumes = f(2, 3, 4, 4, seed=2), f(1, 2, 4, 4, 2, seed=2)
square = Tensor([[4, 1, 0.5], [1, 3, 0.2], [0.5, 0.2, 2]], ms.float32)
I = importlib.import_module(ms.__name__ + ".ops.operations._inner_ops")
N = importlib.import_module(ms.__name__ + ".ops.operations.nn_ops")
"""

TABLES = [
    Table(name, rows, SETUP + SHAPES)
    for name, rows in (
        ("elementwise", ELEMENTWISE),
        ("losses", LOSSES),
        ("norms", NORMS),
        ("pools", POOLS),
        ("convolutions", CONVOLUTIONS),
        ("arrays", ARRAYS),
        ("images", IMAGES),
        ("inner", INNER),
    )
]
