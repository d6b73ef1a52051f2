"""Boxes, regions and colors of images; labels of sequences; update rules as primitives; scalars."""

from golden.cases import Table

SETUP = """
def values(*shape):
    return np.random.default_rng(0).uniform(0, 1, shape).astype(np.float32)

def tensor(*shape, dtype=ms.float32):
    return Tensor(values(*shape), dtype)

def floats(rows, dtype=ms.float32):
    return Tensor(rows, dtype)

images = Tensor(np.arange(168).reshape(2, 2, 6, 7) ** 1.5, ms.float32)
regions = floats([[0, 0.2, 0.3, 8, 9], [1, -2, 3, 15, 9], [0, 3, 3, 3, 3]])
pictures = Tensor(np.arange(120).reshape(2, 5, 6, 2) ** 1.3, ms.float32)
parts, numbers = floats([[0.1, 0.2, 0.8, 0.9], [-0.2, 0.3, 1.2, 0.7], [0.9, 0.8, 0.1, 0.2]]), Tensor([0, 1, 0], ms.int32)
left, right = floats([[2, 2, 8, 3], [2, 2, 7, 9]]), floats([[1, 2, 6, 4], [1, 2, 3, 8]])
scores = np.log(values(6, 3, 5))
labels = Tensor([[0, 0], [0, 1], [1, 0], [2, 0], [2, 1], [2, 2]], ms.int64), Tensor([2, 2, 1, 0, 1, 3], ms.int32)
targets, times, counts = Tensor([[1, 2], [3, 3], [4, 1]], ms.int32), Tensor([6, 5, 4], ms.int32), Tensor([2, 2, 1], ms.int32)
"""

BOXES = """
    ops.NMSWithMask(0.1)(floats([[100, 100, 50, 68, .63], [150, 75, 165, 115, .55], [12, 190, 288, 200, .9]]))
    ops.NMSWithMask(0.5)(floats([[1, 1, 5, 5, .3], [1, 1, 5, 6, .9], [2, 2, 6, 6, .8], [1, 1, 4, 5, .95]], ms.float16))
    ops.NMSWithMask(0.5)(floats([[0, 0, 0, 0]]))
    ops.NMSWithMask(0.5)(Tensor(np.zeros((3, 5)), ms.int32))
    ops.check_valid(floats([[0, 0, 10, 10], [-1, 0, 3, 3], [0, 0, 16, 19], [0, 0, 17, 10]]), floats([4, 5, 4]))
    ops.CheckValid()(floats([[0, 0, 11, 15]]), floats([4, 5]))
    ops.BoundingBoxEncode((0.1, 0.2, 0.3, 0.4), (1.0, 2.0, 3.0, 0.5))(left, right)
    ops.bounding_box_encode(left, right)
    ops.bounding_box_encode(left, right[:1])
    ops.bounding_box_encode(left, right, 0.5)
    ops.BoundingBoxDecode((768, 1280))(left, right)
    ops.BoundingBoxDecode((20, 30), (0.1, 0.2, 0.3, 0.4), (.1, .1, .2, .2), 0.5)(left, right)
    ops.bounding_box_decode(left, right, (20, 30))
    ops.ROIAlign(2, 2, 0.5, 2)(images, regions)
    ops.ROIAlign(2, 3, 1.0, 0, 0)(images, regions)
    ops.ROIAlign(2, 3, 1.0, 0, 1)(images, regions)
    ops.ROIAlign(2, 2, 0.5, 3, 0)(images, regions)
    ops.ROIAlign(2, 2, 0.5)(images, floats([[5, 0, 0, 1, 1]]))
    ms.grad(lambda x, r: ops.ROIAlign(2, 2, 0.5, 2)(x, r), (0, 1))(images, regions)
    ops.CropAndResize()(pictures, parts, numbers, (3, 4))
    ops.CropAndResize("nearest", -5.0)(pictures, parts, numbers, (3, 4))
    ops.CropAndResize("bilinear_v2", -5.0)(pictures, parts, numbers, (3, 4))
    ops.crop_and_resize(pictures.astype(ms.uint8), parts, numbers, (1, 1))
    ops.crop_and_resize(pictures, parts, Tensor([0, 2, 0], ms.int32), (1, 1))
    ops.crop_and_resize(pictures, parts, numbers, (2, 2), "cubic")
    ms.grad(lambda x, b: ops.crop_and_resize(x, b, numbers, (3, 2)), (0, 1))(pictures, parts)
    nn.CentralCrop(0.3)(tensor(2, 7, 9))
    nn.CentralCrop(0.5)(tensor(1, 2, 6, 4))
    nn.CentralCrop(0.0)
    nn.CentralCrop(0.5)(tensor(4, 4))
    nn.SSIM()(tensor(3, 16, 16), tensor(3, 16, 16))
    nn.SSIM(0.0)
    ops.AdjustHue()(tensor(2, 3, 3), Tensor(-1.2, ms.float32))
    ops.AdjustSaturation()(tensor(2, 3, 3), Tensor(2.2, ms.float32))
    ops.AdjustHue()(tensor(2, 3, 4), Tensor(0.2, ms.float32))
    ops.RGBToHSV()(floats([[[.5, .5, .5], [0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [.2, .7, .7], [1, 0, 1]]]))
    ops.HSVToRGB()(tensor(1, 2, 3, 3))
"""

LABELS = """
    ops.CTCLoss()(tensor(6, 3, 5), *labels, Tensor([6, 4, 5], ms.int32))
    ops.CTCLoss(True)(tensor(6, 3, 5), *labels, Tensor([6, 4, 5], ms.int32))
    ops.CTCLoss(False, False)(tensor(6, 3, 5), *labels, Tensor([6, 4, 5], ms.int32))
    ops.CTCLoss(False, True, True)(tensor(6, 3, 5), *labels, Tensor([6, 4, 2], ms.int32))
    ops.CTCLoss()(tensor(6, 3, 5), *labels, Tensor([6, 4, 2], ms.int32))
    ops.ctc_loss(Tensor(scores), targets, times, counts)
    ops.ctc_loss(Tensor(scores), targets, Tensor([6, 2, 4], ms.int32), Tensor([2, 2, 0], ms.int32), 2, "none")
    ops.ctc_loss(Tensor(scores), targets, Tensor([6, 2, 4], ms.int32), counts, 0, "none", True)
    ops.ctc_loss(Tensor(scores), targets, times, counts, 5)
    ops.CTCLossV2()(Tensor(scores), targets, times, counts)
    nn.CTCLoss(0, "sum")(Tensor(scores), targets, times, counts)
    ms.grad(lambda x: ops.ctc_loss(x, targets, times, counts)[0])(Tensor(scores))
    ops.CTCGreedyDecoder()(tensor(6, 3, 5), Tensor([6, 4, 5], ms.int32))
    ops.ctc_greedy_decoder(tensor(6, 3, 5), Tensor([6, 4, 5], ms.int32), False)
    ops.ctc_greedy_decoder(tensor(6, 3, 5), Tensor([7, 4, 5], ms.int32))
"""

SCALARS = """
    [f(7, 2.5) for f in (ops.scalar_add, ops.scalar_sub, ops.scalar_mul, ops.scalar_div, ops.scalar_floordiv)]
    [f(-7, 2) for f in (ops.scalar_mod, ops.scalar_pow, ops.scalar_max, ops.scalar_min)]
    [f(1, 2) for f in (ops.scalar_eq, ops.scalar_gt, ops.scalar_ge, ops.scalar_lt, ops.scalar_le)]
    [ops.scalar_uadd(True), ops.scalar_usub(True), ops.scalar_log(2)]
    ops.scalar_div(1, 0)
    ops.scalar_mod(1, 0)
    ops.make_range(1, 9, 3)
    ops.make_range(1.0)
    ops.isconstant(Tensor(3))
    ops.mixed_precision_cast(ms.float16, (Tensor([1.0]), Tensor([1]), 3.0, {"a": Tensor([2.0])}, [Tensor([1.0])]))
"""

RULES = """
    updated(ops.ApplyAdadelta(), 3, 0.1, 0.9, 1e-6, slope)
    updated(ops.ApplyAdagradDA(), 3, slope, 0.1, 0.02, 0.03, Tensor(3, ms.int32))
    updated(ops.ApplyAdagradV2(1e-3), 2, 0.1, slope)
    updated(ops.ApplyAdagradV2(1e-3, False), 2, 0.1, slope)
    updated(ops.ApplyAdaMax(), 3, 0.9, 0.1, 0.9, 0.99, 1e-3, slope)
    updated(ops.ApplyAdamWithAmsgradV2(), 4, 0.9, 0.99, 0.1, 0.8, 0.95, 1e-3, slope)
    updated(ops.ApplyAddSign(), 2, 0.1, 0.9, 0.5, 0.8, slope)
    updated(ops.ApplyPowerSign(), 2, 0.1, 2.7, 0.5, 0.8, slope)
    updated(ops.ApplyCenteredRMSProp(), 4, slope * 0.3, 0.1, 0.9, 0.5, 0.1)
    updated(ops.ApplyFtrl(), 3, slope, 0.1, 0.01, 0.02, -0.3)
    updated(ops.ApplyProximalAdagrad(), 2, 0.1, 0.01, 0.02, slope)
    updated(ops.ApplyProximalGradientDescent(), 1, 0.1, 0.01, 0.02, slope)
    updated(ops.AdamWeightDecay(), 3, 0.1, 0.9, 0.99, 1e-3, 0.02, slope)
"""

TABLES = [
    Table("boxes", BOXES, SETUP),
    Table("labels", LABELS, SETUP),
    Table("scalars", SCALARS),
    Table(
        "rules",
        RULES,
        """
        def updated(rule, count, *rest):
            weights = [ms.Parameter(Tensor(row), name=f"w{i}") for i, row in enumerate(rows[:count])]
            rule(*weights, *rest)
            return [Tensor(weight.asnumpy()) for weight in weights]

        rows = np.random.default_rng(0).uniform(0.1, 1, (5, 3, 2)).astype(np.float32)
        slope = Tensor(rows[4] - np.float32(0.5))
        """,
    ),
]
