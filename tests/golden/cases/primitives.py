"""Special functions; primitives of sequences, images, candidates and update rules."""

from golden.cases import Table

SETUP = """
rng = np.random.default_rng(0)

def normal(*shape, dtype=ms.float32):
    return Tensor(np.random.default_rng(0).normal(size=shape), dtype)

def ints(*values):
    return Tensor(values, ms.int32)
"""

BESSEL = """
    ops.bessel_j0(points)
    ops.bessel_j1(points)
    ops.bessel_y0(positive)
    ops.bessel_y1(positive)
    ops.bessel_k0(positive)
    ops.bessel_k0e(positive)
    ops.bessel_k1(positive)
    ops.bessel_k1e(positive)
    ops.BesselJ0()(points.astype(ms.float64))
    ops.BesselK1()(positive.astype(ms.float16))
    ops.BesselY0()(Tensor([-1.0, 0.0]))
    ops.BesselK0e()(Tensor([-1.0, 0.0]))
    [grad(f)(points) for f in (ops.bessel_j0, ops.bessel_j1)]
    [grad(f)(positive) for f in (ops.bessel_y0, ops.bessel_y1)]
    [grad(f)(positive) for f in (ops.bessel_k0, ops.bessel_k0e, ops.bessel_k1, ops.bessel_k1e)]
    ops.tanhshrink(points)
    ops.tanhshrink(ints(1, 2))
    nn.Tanhshrink()(points)
"""

TRANSFORMS = """
    ops.FFTWithSize(1, False, False)(normal(3).astype(ms.complex64))
    ops.FFTWithSize(1, True, False, "forward")(normal(3).astype(ms.complex128))
    ops.FFTWithSize(2, False, True, "ortho")(normal(2, 3))
    ops.FFTWithSize(2, False, True, "backward", False)(normal(2, 3))
    ops.FFTWithSize(1, False, True)(ints(1, 2, 3))
    ops.FFTWithSize(2, True, True, "backward", True, (2, 3))(normal(2, 2).astype(ms.complex64))
    ops.FFTWithSize(2, True, True)(normal(2, 2).astype(ms.complex64))
    ops.FFTWithSize(2, True, True, "backward", False)(normal(2, 3).astype(ms.complex64))
    ops.FFTWithSize(3, False, True)(normal(2, 3))
    ops.FFTWithSize(1, False, False)(normal(3))
    ops.FFTWithSize(1, False, True)(normal(3).astype(ms.complex64))
    ops.FFTWithSize(1, False, True, "x")
    grad(lambda x: ops.FFTWithSize(1, False, True)(x).abs().sum())(normal(4))
    ops.ResizeLinear1D()(normal(1, 2, 3), (6,))
    ops.ResizeLinear1D("half_pixel")(normal(1, 2, 3), (6,))
    ops.ResizeLinear1D("half_pixel")(normal(1, 2, 5), ints(2))
    ops.ResizeLinear1D()(normal(2, 5), (2,))
    ops.ResizeLinear1D("x")
    ops.AffineGrid(True)(normal(1, 2, 3), (1, 3, 2, 3))
    ops.EqualCount()(ints(1, 2, 3), ints(1, 2, 4))
    ops.EqualCount()(normal(3), normal(3))
    ops.EqualCount()(ints(1, 2), ints(1, 2, 4))
    ops.EqualCount()(ints(1, 2, 3), normal(3))
    ops.DataFormatDimMap()(ints(0, 1, 2, 3))
    ops.DataFormatDimMap("NCHW", "NHWC")(ints(0, 1, 2, 3, -1, -4, 5))
    ops.DataFormatDimMap("NH", "NHWC")
    ops.DataFormatDimMap()(normal(2))
"""

SEQUENCES = """
    ops.LSTM(4, 5, 1, False, False, 0.0)(normal(2, 3, 4), normal(1, 3, 5), normal(1, 3, 5), normal(180, 1, 1))[:3]
    ops.LSTM(4, 5, 1, True, False, 0.0)(normal(2, 3, 4), normal(1, 3, 5), normal(1, 3, 5), normal(220, 1, 1))[:3]
    ops.LSTM(4, 5, 1, True, True, 0.0)(normal(2, 3, 4), normal(2, 3, 5), normal(2, 3, 5), normal(440, 1, 1))[:3]
    ops.LSTM(4, 5, 1, True, True, 0.0, 2)(normal(2, 3, 4), normal(2, 3, 2), normal(2, 3, 5), normal(340, 1, 1))[:3]
    ops.LSTM(4.0, 5, 1, False, False, 0.0)
    ops.LSTM(4, 5, 1, False, False, 2.0)
    ops.LSTM(4, 5, 1, False, False, 0.0, -1)
    ops.DynamicRNN()
    ops.DynamicRNN("GRU")
    ops.DynamicRNN(forget_bias=1)
    ops.DynamicRNN(time_major=False)
    ops.DynamicGRUV2(gate_order="x")
    ops.EditDistance()(*words, *truth)
    ops.EditDistance(False)(*words, *truth)
    ops.EditDistance()(*sparse([[0, 0], [0, 1]], [1, 2], [1, 3]), *sparse([[0, 0], [1, 0]], [1, 4], [2, 4]))
    ops.NoRepeatNGram(2)(Tensor([[[1, 2, 1, 2, 5, 1, 2], [9, 3, 9, 5, 4, 1, 5]]], ms.int32), normal(1, 2, 10))
    ops.NoRepeatNGram(3)(Tensor([[[1, 2, 3, 2, 3]]], ms.int32), normal(1, 1, 6))
    ops.NoRepeatNGram(1)(Tensor([[[1, 2, 9, -1]]], ms.int32), normal(1, 1, 6, dtype=ms.float16))
    ops.NoRepeatNGram(6)(Tensor([[[1, 2, 3, 2, 3]]], ms.int32), normal(1, 1, 6))
    ops.NoRepeatNGram(0)
    ops.UniformCandidateSampler(1, 3, False, 10, 1)(classes)[1:]
    ops.UniformCandidateSampler(1, 11, True, 10)(classes)
    ops.uniform_candidate_sampler(classes, 2, 3, False, 10)
    ops.LogUniformCandidateSampler(1, 3, False, 10, 1)(classes)[1]
    ops.LogUniformCandidateSampler(1, 6, True, 5)(classes)
    sorted(ops.log_uniform_candidate_sampler(classes, 1, 5, True, 5)[0].tolist())
    ops.uniform_candidate_sampler(classes.astype(ms.int32), 1, 3, False, 10)[0].dtype
    nn.SampledSoftmaxLoss(4, 7, sampled_values=sampled)(normal(7, 10), normal(7), Tensor([[0], [1], [2]]), normal(3, 10))
    nn.SampledSoftmaxLoss(8, 7)
    nn.SampledSoftmaxLoss(4, 7, seed=-1)
    nn.MultiFieldEmbeddingLookup(10, 2, field_size=2, param_init="ones")(*fields)
    nn.MultiFieldEmbeddingLookup(10, 2, field_size=2, operator="MEAN", param_init="ones")(*fields)
    nn.MultiFieldEmbeddingLookup(10, 2, field_size=2, operator="MAX", param_init="ones")(*fields)
    nn.MultiFieldEmbeddingLookup(10, 2, 2, operator="x")
"""

IMAGES = """
    ops.fractional_max_pool3d(volumes, (2, 2, 2), output_size=(2, 3, 3), _random_samples=samples, return_indices=True)
    ops.fractional_max_pool3d(volumes, 2, output_ratio=(0.5, 0.6, 0.5), _random_samples=samples)
    ops.fractional_max_pool3d(volumes[0], 2, output_size=1, _random_samples=samples[:1])
    ops.fractional_max_pool3d(volumes, 2)
    ops.fractional_max_pool3d(volumes, 4, output_size=3, _random_samples=samples)
    ops.fractional_max_pool3d(volumes, 2, output_size=2, _random_samples=samples.astype(ms.float16))
    ops.FractionalMaxPool3DWithFixedKsize(2, 2)(volumes.astype(ms.int32), samples)
    ops.FractionalMaxPool3DWithFixedKsize(2, (2, 2))
    nn.FractionalMaxPool3d(2, output_ratio=0.5, _random_samples=samples)(volumes)
    grad(lambda x: ops.fractional_max_pool3d(x, 2, output_size=(2, 3, 3), _random_samples=samples))(volumes)
    ops.deformable_conv2d(pictures, normal(6, 2, 3, 2), offsets(1, 3, 5), *window, groups=2)
    ops.deformable_conv2d(pictures, filters, offsets(2, 3, 5), *window, deformable_groups=2)
    ops.deformable_conv2d(pictures, filters, offsets(1, 3, 3), (3, 2), (1, 1, 2, 2), (1, 1, 0, 0), normal(6))
    ops.deformable_conv2d(pictures, filters, offsets(1, 3, 5), (3, 2), (1, 1, 1), (0, 0, 0, 0))
    grad(lambda *x: ops.deformable_conv2d(*x, *window), (0, 1, 2))(pictures[:, :1], filters[:1, :1], offsets(1, 3, 5))
    ops.DeformableOffsets((1, 1, 1, 1), (0, 0, 0, 0), (3, 2))(pictures, offsets(1, 3, 5))
    ops.Im2Col(2)(normal(1, 2, 3, 3))
    ops.Im2Col((2, 1), 2, 1, (1, 0))(normal(1, 2, 3, 3))
    ops.Im2Col(2, 1, 1, (1, 0, 1, 0))
    ops.Im2Col(2)(normal(2, 3, 3))
    ops.ExtractVolumePatches((1, 1, 2, 2, 2), (1, 1, 1, 1, 1), "valid")(normal(1, 2, 3, 3, 3))
    ops.ExtractVolumePatches((1, 1, 1, 3, 2), (1, 1, 2, 1, 2), "SAME")(normal(2, 2, 3, 4, 5))
    ops.ExtractVolumePatches(2, 2, "x")
    ops.MaxPoolWithArgmaxV2((3, 2), 2, 1, (1, 1), True, ms.int32)(normal(1, 2, 5, 6))
    ops.MaxPoolWithArgmaxV2(2, 2, 2)(normal(1, 2, 5, 6))
    [ops.Primitive("x").check_elim(1), ops.ReLU().place("MS_WORKER", 0), ops.Assign().update_parameter]
    ops.ReLU().place("MS_SERVER", 0)
"""

RULES = """
    updated(ops.SGD(0.2, 0.3), state(0), slope, 0.1, state(1), 0.9, Parameter(Tensor([[0.0, 1.0]] * 4), name="s"))
    updated(ops.SGD(0.0, 0.3, True), state(0), slope, 0.1, state(1), 0.9, state(2))
    updated(ops.SGD(0.0, 0.3), state(0), slope, 0.1, state(1), 0.0, state(2))
    ops.SGD(0.1, 0.2, True)(state(0), slope, number(0.1), state(1), number(0.9), state(2))
    updated(ops.ApplyAdamWithAmsgrad(0.8, 0.95, 1e-3), *states, state(3), 0.9, 0.99, 0.1, slope)
    updated(ops.AdamNoUpdateParam(), state(0), state(1), *adam, slope)
    updated(ops.AdamNoUpdateParam(False, True), state(0), state(1), *adam, slope)
    ops.AdamNoUpdateParam()(state(0), state(1), *map(number, adam), slope)
    updated(ops.FusedCastAdamWeightDecay(), *states, *adam[2:], 0.02, slope.astype(ms.float16), 2.0)
    updated(ops.SparseApplyAdagrad(0.1), state(0), state(1), slope[:2], ints(1, 3))
    updated(ops.SparseApplyAdagradV2(0.1, 0.01), state(0), state(1), slope[:2], ints(1, 3))
    updated(ops.SparseApplyAdagradV2(0.1, 0.01, False, False), state(0), state(1), slope[:2], ints(1, 3))
    updated(ops.SparseApplyFtrl(0.1, 0.01, 0.02, -0.5), *states, slope[:2], ints(1, 3))
    updated(ops.SparseApplyFtrl(0.1, 0.01, 0.02, -0.5), *states, slope[:2], ints(1, 1))
    updated(ops.SparseApplyFtrl(0.1, 0.01, 0.02, -0.5), *states, slope[:2], ints(1, 9))
    ops.SparseApplyFtrl(0.1, 0.01, 0.02, 0.5)
    ops.SparseApplyFtrl(1, 0.01, 0.02, -0.5)
    ops.SparseApplyFtrl(0.1, 0.01, 0.02, -0.5)(*states, slope[:2], ints(1, 3, 2))
    updated(ops.SparseApplyRMSProp(0.9, 0.5, 1e-3), *states, 0.1, slope, ints(1, 3, 0, 2))
    updated(ops.FusedSparseAdam(), *states, *adam, slope[:3], ints(1, 3, 1))
    updated(ops.FusedSparseAdam(False, True), *states, *adam, slope[:3], ints(1, 3, 1))
    updated(ops.FusedSparseLazyAdam(), *states, *adam, slope[:3], ints(1, 3, 1))
    updated(ops.FusedSparseLazyAdam(False, True), *states, *adam, slope[:3], ints(1, 3, 1))
    updated(ops.FusedSparseFtrl(0.1, 0.01, 0.02, -0.5), *states, slope[:3], ints(1, 3, 1))
    updated(ops.FusedSparseProximalAdagrad(), state(0), state(1), 0.1, 0.01, 0.02, slope[:3], ints(1, 7, 1))
"""

# Numbers beside Tensors of other dtypes, where operators have rules of their own.
NUMBERS = """
    ops.xlogy(half, 2.0)
    mint.xlogy(half, 2)
    mint.xlogy(Tensor([1, 2], ms.float64), 2)
    mint.xlogy(ints, 2)
    ops.addcmul(ints, ints, ints, 1.5)
    ops.addcmul(Tensor([1, 2], ms.uint8), Tensor([1, 2], ms.uint8), Tensor([1, 2], ms.uint8), 2.5)
    ops.addcmul(half, half, half, Tensor(1.5))
    ops.addcdiv(Tensor([7, 8, 9]), Tensor([7, 8, 9]), Tensor([2, 3, -2]), 2.7)
    ops.addcdiv(half, half, half, 1.5)
    mint.add(ints, Tensor([1, 2], ms.int8), alpha=300)
    mint.add(bytes_, bytes_, alpha=1.5)
    mint.sub(bytes_, 1, alpha=1.5)
    mint.add(Tensor([True, False]), Tensor([True, False]), alpha=2)
    mint.sub(Tensor([True, False]), Tensor([True, False]), alpha=2)
    mint.add(half, ints, alpha=1.5)
    half.add(2, alpha=1.5)
    ints.add(ints, alpha=2.5)
    ops.subtract(ints, ints, alpha=1.5)
    ops.subtract(ints, 2, alpha=3)
    ops.clip_by_value(ints, 0.5, 1.5)
    ops.clip_by_value(ints, Tensor(-2.5), Tensor(1.7))
    ops.clip_by_value(Tensor([4, 5], ms.uint8), -2.5, 3.7)
    ops.clip_by_value(half, Tensor(-2.5), Tensor(1.7))
    ops.clip_by_value(Tensor([-4.0, 5.0]), Tensor([-2, 3], ms.float64), Tensor([1, 4], ms.float64))
    Tensor(3.0).argmin(), Tensor(3.0).argmin(0), ops.argmin(Tensor(3.0), 0), Tensor(3.0).argmax(-1)
    ops.stack((Tensor([1]), Tensor(2.0)))
    ops.stack((Tensor([1]), Tensor([2.0])))
    Tensor([1]).view_as(1)
    Tensor([1]).expand_as(None)
"""

TABLES = [
    Table(
        "special",
        BESSEL,
        SETUP
        + """
points = Tensor([-9.5, -1.0, 0.0, 0.3, 2.0, 7.9, 8.1, 30.0, np.nan], ms.float32)
positive = Tensor([0.05, 0.3, 1.0, 1.9, 2.1, 7.9, 8.1, 30.0, np.nan], ms.float32)
""",
    ),
    Table("transforms", TRANSFORMS, SETUP),
    Table(
        "numbers",
        NUMBERS,
        """
        half, ints, bytes_ = Tensor([1, 2], ms.float16), Tensor([1, 2], ms.int32), Tensor([1, 2], ms.int8)
        """,
    ),
    Table(
        "sequences",
        SEQUENCES,
        SETUP
        + """
def sparse(places, values, shape):
    return Tensor(places, ms.int64), Tensor(values), Tensor(shape, ms.int64)

words = sparse([[0, 0], [0, 1], [0, 2], [1, 0], [2, 0], [2, 1]], [1, 2, 3, 4, 5, 6], [3, 3])
truth = sparse([[0, 0], [0, 1], [1, 0], [1, 1], [1, 2]], [1, 3, 4, 7, 8], [3, 4])
classes = Tensor([[1], [3], [4], [6], [3]], ms.int64)
sampled = Tensor([0, 2, 4, 6], ms.int64), Tensor([[.5], [.6], [.7]], ms.float32), Tensor([.5, .6, .7, .5], ms.float32)
fields = (
    Tensor([[2, 4, 6, 0, 0], [1, 3, 5, 0, 0]], ms.int32), Tensor([[1, 2, -1, 0, 0], [1, 1, 1, 0, 0]], ms.float32),
    Tensor([[0, 1, 1, 0, 0], [0, 0, 0, 0, 0]], ms.int32),
)
""",
    ),
    Table(
        "images",
        IMAGES,
        SETUP
        + """
volumes = Tensor(np.arange(480).reshape(2, 2, 4, 5, 6) % 37, ms.float32)
samples = Tensor(rng.uniform(0, 1, (2, 2, 3)), ms.float32)
pictures, filters, window = normal(2, 4, 5, 6), normal(6, 4, 3, 2), ((3, 2), (1, 1, 1, 1), (0, 0, 0, 0))

def offsets(groups, height, width):
    return Tensor(np.random.default_rng(1).normal(size=(2, 18 * groups, height, width)), ms.float32)
""",
    ),
    Table(
        "rules",
        RULES,
        SETUP
        + """
slope = Tensor(rng.uniform(-0.5, 0.5, (4, 2)), ms.float32)

def number(value):
    return Tensor(value, ms.float32)

def state(k):
    return Parameter(Tensor(np.random.default_rng(k).uniform(0.1, 1, (4, 2)), ms.float32), name=f"w{k}")

states, adam = [state(k) for k in range(3)], (0.9, 0.99, 0.1, 0.8, 0.95, 1e-3)

def updated(rule, *given):
    given = [number(value) if isinstance(value, float) else value for value in given]
    rule(*given)
    return [Tensor(value.asnumpy()) for value in given if isinstance(value, Parameter)]
""",
    ),
]
