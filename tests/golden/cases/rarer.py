"""Operators that no page of the documentation lists, and programs of other libraries' users look for."""

from golden.cases import Table

SETUP = """
def normal(*shape, dtype=ms.float32):
    return Tensor(np.random.default_rng(0).normal(size=shape), dtype)

def ints(*values):
    return Tensor(values, ms.int32)

def numbers(*values):
    return Tensor(np.array(values, np.float32))
"""

SHORT_TIME = """
    ops.stft(normal(12), 4, return_complex=True)
    ops.stft(normal(2, 12), 4, window=numbers(1, 2, 3, 4))
    ops.stft(normal(12), 5, win_length=2, window=numbers(1, 2), center=False, return_complex=True)
    ops.stft(normal(12), 4, hop_length=3, onesided=False, normalized=True)
    ops.stft(normal(12), 4, pad_mode="CONSTANT", return_complex=True)
    ops.stft(normal(12), 4, pad_mode="SYMMETRIC", return_complex=True)
    ops.stft(normal(12).astype(ms.float64), 6)
    ops.stft(normal(12).astype(ms.complex64), 4)
    ops.stft(ints(*range(12)), 4)
    ops.stft(normal(12), 4, hop_length=0)
    ops.stft(normal(12), 4, win_length=5)
    ops.stft(normal(12), 4, window=numbers(1, 2, 3))
    ops.stft(normal(1, 2, 12), 4)
    ops.stft(normal(12), 4.0)
    ops.STFT(4, 2, 3, False, True, False)(normal(12), numbers(1, 2, 3))
    ops.STFT(4, 2, 4, True, False, True)(normal(2, 12), numbers(1, 2, 3, 4))
"""

MATRICES = """
    ops.MatrixTriangularSolve()(lower, normal(3, 2))
    ops.MatrixTriangularSolve(True, True)(lower, normal(3, 2))
    ops.MatrixTriangularSolve(False)(lower, normal(3, 2))
    ops.CholeskySolve()(normal(3, 2), lower)
    ops.CholeskySolve(True)(normal(3, 2), lower)
    ops.LuSolve()(normal(3, 2), lower, ints(2, 2, 3))
    ops.Lstsq()(normal(4, 2), normal(4, 3))
    ops.Lstsq()(normal(4, 2), normal(4))
    ops.Lstsq(True, 0.5)(normal(4, 2), normal(4, 3))
    ops.CumulativeLogsumexp()(normal(2, 3), Tensor(1))
    ops.CumulativeLogsumexp(True)(normal(2, 3), Tensor(0))
    ops.CumulativeLogsumexp(True, True)(normal(2, 3), Tensor(-1))
    ops.CumulativeLogsumexp(False, True)(normal(2, 3).astype(ms.float16), Tensor(1))
    ops.Coalesce()(Tensor([[1, 0, 1], [2, 1, 2]]), numbers(1, 5, 4), Tensor([3, 3]))
    ops.coalesce(Tensor([[1, 0, 1], [2, 1, 9]]), numbers(1, 5, 4), Tensor([3, 3]))
    ops.SparseTensorDenseAdd()(Tensor([[0, 1], [0, 1]]), numbers(3, 4), Tensor([2, 2]), normal(2, 2))
    ops.SparseTensorDenseAdd()(Tensor([[0, 1], [5, 1]]), numbers(3, 4), Tensor([2, 2]), normal(2, 2))
"""

PLACES = """
    ops.LowerBound()(sorted_rows, numbers((1, 9, 2), (4, 5, 6)))
    ops.UpperBound()(sorted_rows, numbers((1, 9, 2), (4, 5, 6)))
    ops.LowerBound(ms.int64)(sorted_rows, numbers((1, 9), (4, 5)))
    ops.Histogram(4, 0.0, 0.0)(normal(9))
    ops.Histogram(4, -1.0, 1.0)(normal(9))
    ops.RaggedRange(ms.int64)(ints(2, 5, 8), ints(3, 5, 12), ints(1, 1, 1))
    ops.RaggedRange(ms.int32)(numbers(2, 5, 8), numbers(3, 1, 12), numbers(0.3, -1.5, 2))
    ops.RaggedRange(ms.int32)(ints(2, 5), ints(3, 6), ints(1))
    ops.tensor_slice(normal(2, 3), (0, 1), (2, 2))
    ops.tensor_range(0, 10, 3)
    ops.reshape_(normal(2, 3), (3, 2))
    ops.view_as(normal(2, 3), normal(3, 2))
    ops.IsClose()(numbers(np.nan, 1), numbers(np.nan, 1))
    ops.NonMaxSuppressionWithOverlaps()(overlaps, numbers(0.8, 0.3, 0.5, 0.9), ints(3)[0], \
numbers(0.4)[0], numbers(0.2)[0])
    ops.NonMaxSuppressionWithOverlaps()(overlaps, numbers(0.8, 0.3, 0.5, 0.9), ints(1)[0], \
numbers(0.1)[0], numbers(0.6)[0])
"""

POOLS = """
    ops.fractional_max_pool2d(image, 2, (4, 4), _random_samples=samples, return_indices=True)
    ops.fractional_max_pool2d(image, (2, 3), (3, 4), _random_samples=samples, return_indices=True)
    ops.fractional_max_pool2d(image, 2, output_ratio=(0.5, 0.6), _random_samples=samples)
    ops.fractional_max_pool2d(image[0], 2, 3, _random_samples=samples)
    ops.fractional_max_pool2d(image.astype(ms.int32), 2, 3, _random_samples=samples)
    ops.fractional_max_pool2d(image, 2, 3).shape
    ops.fractional_max_pool2d(image, 8, 4, _random_samples=samples)
    ops.fractional_max_pool2d(image, 2)
    ops.FractionalMaxPoolWithFixedKsize(2, (4, 3))(image, samples)
    ops.FractionalMaxPoolWithFixedKsize(2, (4, 3))(image[0], samples)
    nn.FractionalMaxPool2d(2, 3, _random_samples=samples, return_indices=True)(image)
    grad(lambda x: ops.fractional_max_pool2d(x, 2, (4, 3), _random_samples=samples))(image)
    ops.AdaptiveMaxPool3D()(normal(1, 3, 3, 4), ints(1, 1, 2))
    ops.AdaptiveMaxPool3D()(normal(2, 1, 3, 3, 4), ints(2, 2, 3))
    ops.ResizeNearestNeighborV2()(image, ints(3, 3))
    ops.ResizeNearestNeighborV2(True)(image, (3, 4))
    ops.ResizeNearestNeighborV2(False, True)(image, (3, 4))
    ops.conv3d_transpose(normal(1, 2, 2, 3, 2), normal(2, 1, 2, 2, 2))
    ops.conv3d_transpose(normal(1, 2, 2, 3, 2), normal(2, 1, 2, 2, 2), pad_mode="pad", padding=1, stride=2)
    nn.TripletMarginWithDistanceLoss()(normal(2, 3), normal(2, 3) + 1, normal(2, 3) * 2)
    nn.TripletMarginWithDistanceLoss(swap=True, margin=2.0, reduction="sum")(normal(2, 3), normal(2, 3) + 1, \
normal(2, 3) * 2)
    nn.TripletMarginWithDistanceLoss(lambda x, y: ops.abs(x - y).sum(-1), reduction="none")(normal(2, 3), \
normal(2, 3) + 1, normal(2, 3) * 2)
    nn.TripletMarginWithDistanceLoss(margin="x")
"""

BYTES = """
    Tensor(normal(2, 3)).get_bytes()
    Tensor.convert_bytes_to_tensor(ints(1, 2).get_bytes(), (2,), ms.int32).asnumpy()
    Tensor.from_dlpack(normal(2, 3).to_dlpack())
    ms.frombuffer(bytearray([1, 2, 3, 4]), ms.uint8, 2, 1)
    ms.frombuffer(bytes([1, 2, 3, 4]), ms.int16)
    ms.frombuffer(bytearray([1, 2, 3]), ms.int16)
    ms.frombuffer(bytearray(), ms.int16)
    [normal(2).is_pinned(), normal(2).is_shared(), normal(2).is_meta]
    normal(2, 3).remainder_(2)
    normal(2, 3).remainder_(normal(2, 3) + 1)
    ops.augassign_add(normal(3), normal(3))
    ops.broadcast_gradient_args((2, 1, 3), (4, 3))
    ops.Assert(2)(True, [normal(3)])
    ops.Assert(2)(False, [normal(3)])
"""
OPTIONS = """
    ops.lp_pool1d(rows, 2, 2, 2, True)
    ops.lp_pool1d(rows, 1, 3, 3, True)
    ops.lp_pool2d(normal(1, 1, 5, 5) + 4, 2, 2, 2, True)
    nn.LPPool1d(2, 2, 2, True)(rows)
    ops.AvgPool3D(2, 1, "same")(volume)
    ops.AvgPool3D(2, 1, "same", count_include_pad=False)(volume)
    ops.AvgPool3D(3, 2, "same")(volume)
    nn.AvgPool3d(2, 1, "same")(volume)
    ops.adaptive_max_pool3d(volume, 2, True)
    nn.AdaptiveMaxPool3d((1, 2, 3), True)(volume)
    ops.Svd(False, False)(normal(2, 3))
    ops.lu_unpack(normal(2, 2), ints(1, 2), True, False)
    ops.lu_unpack(normal(2, 2), ints(1, 2), False, False)
    ops.LuUnpack(False, True)(normal(2, 2), ints(1, 2))
    ops.randn_like(normal(2).astype(ms.float64)).dtype
    ops.rand_like(normal(2).astype(ms.float16)).dtype
    normal(2).astype(ms.float64).cauchy().dtype
    ops.histc(numbers(), 3)
    Tensor([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]).searchsorted(numbers((1.5, 4), (3.5, 9)))
    [ops.leaky_relu(ints(-7, 0, 3), alpha) for alpha in (0.2, 1.5, 2.7, -1.5)]
"""
REFUSED = """
    ops.quantile(rows, 2.5)
    ops.nanquantile(rows, -0.1)
    rows.quantile(1.5)
    ops.softplus(rows, beta=0)
    mint.nn.functional.softplus(rows, 0)
    ops.histc(rows, 3, 0.5, 0.1)
    rows.histc(3, 5, 1)
    ops.diag_embed(rows, 0, -1, -1)
    ops.diag_embed(rows, dim1=0, dim2=-3)
    ops.one_hot(ints(0, 1), 3, Tensor(1.0), Tensor(0.0), -2)
    ops.one_hot(ints(0, 1), 3, axis=1)
    ops.OneHot(-2)(ints(0, 1), 3, Tensor(1.0), Tensor(0.0))
    ops.conv_transpose2d(ops.ones((1, 1, 4, 4)), ops.ones((1, 1, 2, 2)), padding=(0, -1))
    ops.conv_transpose2d(ops.ones((1, 1, 4, 4)), ops.ones((1, 1, 2, 2)), output_padding=-1)
    ops.max_unpool1d(normal(1, 1, 2), Tensor([[[0, 2]]]), 2, padding=-1)
    nn.MaxUnpool1d(2, padding=-1)(normal(1, 1, 2), Tensor([[[0, 2]]]))
"""
SWAPPED = """
a, b = normal(2, 3), ints(1, 2)
ms.swap_tensors(a, b)
(a, b)
"""

TABLES = [
    Table("refused", REFUSED, SETUP + "\nrows = Tensor([[0.1, 0.5, 0.3], [0.2, 0.4, 0.9]])\n"),
    Table(
        "options",
        OPTIONS,
        SETUP
        + """
rows = Tensor(np.arange(1, 11).reshape(2, 5), ms.float32)
volume = Tensor(np.arange(27).reshape(1, 1, 3, 3, 3), ms.float32)
""",
    ),
    Table("short time", SHORT_TIME, SETUP),
    Table("matrices", MATRICES, SETUP + "\nlower = Tensor(np.tril(np.arange(1, 10).reshape(3, 3)), ms.float32)\n"),
    Table(
        "places",
        PLACES,
        SETUP
        + """
sorted_rows = Tensor(np.arange(8).reshape(2, 4), ms.float32)
overlaps = Tensor(np.random.default_rng(2).uniform(size=(4, 4)), ms.float32)
""",
    ),
    Table(
        "pools",
        POOLS,
        SETUP
        + """
image = normal(1, 1, 11, 10)
samples = numbers([[0.7, 0.1]])
""",
    ),
    Table("bytes", BYTES, SETUP, more={"two Tensors exchange what they hold": SWAPPED}),
]
