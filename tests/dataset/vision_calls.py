"""The calls of transforms that MindSpore answered (scripts/record_vision.py) and tests/dataset/test_vision.py repeats.

One line is one transform and the inputs on which it is called. Random ones have ranges of one point.
"""

import io
import random
import re

import numpy as np

_CALLS = """
vision
AdjustBrightness(1.5) | u8 grey grey1 f32 f64 i32 pil pilL u8c4 batch big
AdjustBrightness(0.3) | u8 f32 pil
AdjustBrightness(0) | u8
AdjustContrast(1.5) | u8 f32 pil pilL grey f64 big
AdjustContrast(0.4) | u8 f32 pil
AdjustGamma(0.5) | u8 grey grey1 f32 f64 batch pil pilL u8c4
AdjustGamma(2.2, 1.3) | u8 f32 pil
AdjustHue(0.2) | u8 pil pilL grey big
AdjustHue(-0.4) | u8 pil
AdjustSaturation(1.5) | u8 f32 pil pilL grey big
AdjustSaturation(0.2) | u8 f32 pil
AdjustSharpness(1.5) | u8 grey grey1 u8c4 f32 f64 pil pilL i32
AdjustSharpness(0.0) | u8 f32
Affine(15, [0.1, 0.1], 1.1, [5, 5]) | u8 grey grey1 u8c4 f32 i32 pil batch
Affine(-40, [0.0, -0.2], 0.8, 10.0, Inter.BILINEAR, (10, 20, 30)) | u8 f32
Affine(33, [0.0, 0.0], 1.3, [0, 0], Inter.BICUBIC, 7) | u8 f32
Affine(33, [0.0, 0.0], 1.3, [0, 0], Inter.AREA, 7) | u8
AutoContrast() | u8 grey grey1 pil pilL u8c4 f32
AutoContrast(10.0) | u8 grey pil
AutoContrast(12.7, [3, 212]) | u8 grey big
AutoContrast(47.9) | big
AutoContrast(20.0, [10, 200]) | u8 pil
AutoContrast(5, 30) | u8 grey1
CenterCrop(8) | u8 grey grey1 u8c4 f32 f64 i32 batch pil pilL
CenterCrop((20, 7)) | u8 grey1 pil
CenterCrop((31, 30)) | u8 grey f32 pil pilL
CenterCrop([5, 6]) | u8 pil
CenterCrop((52, 18)) | u8
CenterCrop((51, 60)) | u8
ConvertColor(ConvertMode.COLOR_RGB2BGR) | u8 f32 grey u8c4 pil
ConvertColor(ConvertMode.COLOR_RGB2GRAY) | u8 f32
ConvertColor(ConvertMode.COLOR_BGR2GRAY) | u8
ConvertColor(ConvertMode.COLOR_RGB2RGBA) | u8 f32
ConvertColor(ConvertMode.COLOR_BGR2RGBA) | u8
ConvertColor(ConvertMode.COLOR_RGBA2RGB) | u8c4 u8
ConvertColor(ConvertMode.COLOR_RGBA2BGR) | u8c4
ConvertColor(ConvertMode.COLOR_RGBA2BGRA) | u8c4
ConvertColor(ConvertMode.COLOR_RGBA2GRAY) | u8c4
ConvertColor(ConvertMode.COLOR_BGRA2GRAY) | u8c4
ConvertColor(ConvertMode.COLOR_GRAY2RGB) | grey grey1 u8
ConvertColor(ConvertMode.COLOR_GRAY2RGBA) | grey grey1
Crop((1, 2), (5, 6)) | u8 grey grey1 u8c4 f32 i32 batch pil pilL
Crop((0, 0), 9) | u8
Crop((10, 10), 9) | u8
CutOut(30) | u8
Decode() | jpeg jpegL png pngL pngA bmp u8 f32 garbage pil
Decode(True) | jpeg jpegL png pngL pngA bmp garbage
Equalize() | u8 grey grey1 pil pilL u8c4 f32
Erase(1, 1, 3, 3) | u8 f32 f64 i32 pil grey
Erase(2, 3, 5, 4, (1, 2, 3)) | u8 f32
Erase(2, 3, 5, 4, 7.6) | u8 f32
Erase(10, 10, 5, 40) | u8
FiveCrop(5) | pil pilL u8
FiveCrop((6, 9)) | pil
FiveCrop(50) | pil
GaussianBlur(3) | u8 grey grey1 u8c4 f32 f64 pil batch
GaussianBlur((3, 5), (1.0, 2.5)) | u8 f32
GaussianBlur(7, 4) | u8 f32 grey1
Grayscale() | pil pilL u8
Grayscale(3) | pil pilL
HWC2CHW() | u8 grey grey1 u8c4 f32 batch pil pilL
HorizontalFlip() | u8 grey grey1 u8c4 f32 f64 i32 batch pil pilL
VerticalFlip() | u8 grey grey1 u8c4 f32 f64 i32 batch pil pilL
HsvToRgb(True) | u8 f32 f64 batch grey grey1
HsvToRgb() | chw
RgbToHsv(True) | u8 f32 f64 batch grey u8c4
RgbToHsv() | chw
Invert() | u8 f32 f64 i32 pil pilL grey grey1
LinearTransformation(np.arange(702.0 * 702).reshape(702, 702) % 7, np.arange(702.0)) | u8 f32
MixUpBatch(1.0) | u8
Normalize([100.0, 90, 80], [50.0, 60, 70]) | u8 grey grey1 u8c4 f32 f64 i32 batch pil pilL
Normalize([100.0], [50.0]) | u8 grey grey1 u8c4 f32
Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], is_hwc=False) | chw u8
Normalize([121.0, 115.0], [70.0, 68.0]) | u8
NormalizePad([100.0, 90, 80], [50.0, 60, 70]) | grey batch
NormalizePad([0.5, 0.6, 0.7], [0.2, 0.2, 0.3], "float16", False) | chw
NormalizePad([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], is_hwc=False) | chw
NormalizePad([0.5], [0.2], is_hwc=False) | chw
Pad(2) | u8 grey grey1 f32 f64 i32 pil pilL u8c4 batch
Pad((1, 2)) | u8 pil
Pad((1, 2, 3, 4), 7) | u8 f32 pil pilL
Pad([1, 2, 3, 4], (7, 8, 9)) | u8 pil
Pad((3, 1, 0, 2), 0, Border.EDGE) | u8 f32 pil
Pad((3, 1, 0, 2), 0, Border.REFLECT) | u8 grey pil
Pad((3, 1, 0, 2), 0, Border.SYMMETRIC) | u8 pil
PadToSize(20) | u8 grey
PadToSize(12) | u8
PadToSize(20, 6) | u8
PadToSize(30) | u8 grey grey1 f32 i32 pil
PadToSize((20, 30), (2, 5), 9) | u8 f32
PadToSize((20, 30), 3, (9, 8, 7)) | u8
PadToSize((20, 30), None, 0, Border.REFLECT) | u8
Perspective([[0, 0], [17, 0], [17, 12], [0, 12]], [[1, 1], [14, 0], [15, 10], [0, 11]]) | u8 grey f32 pil pilL u8c4
Perspective([[0, 0], [17, 0], [17, 12], [0, 12]], [[1, 1], [14, 0], [15, 10], [0, 11]], Inter.NEAREST) | u8 f32 pil
Perspective([[0, 0], [17, 0], [17, 12], [0, 12]], [[1, 1], [14, 0], [15, 10], [0, 11]], Inter.BICUBIC) | u8 f32 pil
Posterize(3) | u8 grey grey1 u8c4 pil f32
Posterize(0) | u8
Posterize(8) | u8
RandomAdjustSharpness(1.5, 1.0) | u8 grey f32 pil
RandomAdjustSharpness(1.5, 0.0) | u8
RandomAffine((15, 15)) | u8 grey f32 pil pilL
RandomAffine((15, 15), None, (1.2, 1.2), (5, 5, 3, 3), Inter.BILINEAR, (3, 4, 5)) | u8 f32
RandomAffine((15, 15), None, (1.2, 1.2), (5, 5, 3, 3), Inter.BILINEAR) | pil
RandomAffine((-20, -20), None, (0.7, 0.7), (5, 5), Inter.BICUBIC, 9) | u8
RandomAffine((-20, -20), None, (0.7, 0.7), (5, 5), Inter.BICUBIC) | pil
RandomAutoContrast(10, None, 1.0) | u8 grey pil
RandomColor((1.3, 1.3)) | u8 f32 pil pilL grey
RandomColor((0.2, 0.2)) | u8 pil
RandomColorAdjust((1.2, 1.2)) | u8 f32 pil
RandomColorAdjust(contrast=(0.7, 0.7)) | u8 f32 pil
RandomColorAdjust(saturation=(0.5, 0.5)) | u8 f32 pil
RandomColorAdjust(hue=(0.1, 0.1)) | u8 pil
RandomColorAdjust() | u8 pil
RandomCrop((13, 18)) | u8 grey grey1 f32 pil batch
RandomCrop((15, 22), (2, 1, 2, 1), False, 5) | u8 f32 pil
RandomCrop((17, 20), (1, 2), False, (5, 6, 7), Border.EDGE) | u8 pil
RandomCrop((24, 24), None, False) | u8 pil
RandomCrop((21, 26), 4, False, 0, Border.SYMMETRIC) | u8 pil
RandomCropDecodeResize((7, 9), (1.0, 1.0), (36 / 26, 36 / 26)) | jpeg u8
RandomCropWithBBox((13, 18)) | boxes
RandomEqualize(1.0) | u8 grey pil f32
RandomErasing(0.0) | u8 f32 pil
RandomErasing(1.0) | chw u8
RandomErasing(1.0, value='random') | chw
RandomErasing(1.0, (0.1, 0.5), (0.5, 2.0), (9, 8, 7)) | chw
MixUp(2, 1.0) | mixup
MixUp(2, 0.4, False) | mixup
MixUp(1, 0.4) | mixup
MixUp(2, 0.4, False) | one
MixUp(3, 0.4) | mixup
UniformAugment([Grayscale(3), RandomVerticalFlip(1.0), HorizontalFlip()], 2) | pil
RandomColorAdjust(0.4, (0.5, 0.9), 0.3, 0.2) | pil
RandomAffine(15, (0.1, 0.2), (0.8, 1.2), 5) | pil
RandomRotation(30) | pil
RandomCrop(7) | pil
RandomCrop((9, 20), 3) | pil
RandomResizedCrop(7) | pil
RandomPerspective(0.5, 1.0) | pil
RandomPerspective(0.27, 1.0) | pil
RandomSharpness() | pil
RandomColor() | pil
RandomHorizontalFlip() | pil
RandomLighting(0.5) | pil
RandomGrayscale(1.0) | pil pilL
RandomGrayscale(0.0) | pil
RandomHorizontalFlip(1.0) | u8 grey grey1 f32 batch pil pilL
RandomHorizontalFlip(0.0) | u8 pil
RandomHorizontalFlipWithBBox(1.0) | boxes u8
RandomVerticalFlipWithBBox(1.0) | boxes
BoundingBoxAugment(HorizontalFlip(), 0.0) | boxes
BoundingBoxAugment(Invert(), 1.0) | boxes
RandomInvert(1.0) | u8 f32 pil grey
RandomLighting(0.0) | u8 f32 pil
RandomPerspective(0.0, 1.0) | pil pilL u8
RandomPerspective(0.5, 0.0) | pil
RandomPosterize((3, 3)) | u8 grey pil
RandomPosterize(5) | u8
RandomResizedCrop((7, 9), (1.0, 1.0), (18 / 13, 18 / 13)) | u8 grey grey1 f32 pil batch
RandomResizedCrop((7, 9), (1.0, 1.0), (18 / 13, 18 / 13), Inter.NEAREST) | u8 pil
RandomResizedCropWithBBox((7, 9), (1.0, 1.0), (18 / 13, 18 / 13)) | boxes
ResizeWithBBox((7, 9)) | boxes
ResizeWithBBox(7) | boxes
RandomRotation((20, 20)) | u8 grey grey1 f32 pil u8c4
RandomRotation((20, 20), Inter.BILINEAR, True) | u8 f32 pil
RandomRotation((-35, -35), Inter.BILINEAR, False, (3, 4), (7, 8, 9)) | u8 pil
RandomRotation((70, 70), Inter.BICUBIC, True, None, (7, 8, 9)) | u8 pil
RandomSharpness((1.7, 1.7)) | u8 grey f32 pil pilL
RandomSharpness((0.3, 0.3)) | u8 f32 pil
RandomSolarize((50, 50)) | u8 grey f32
RandomVerticalFlip(1.0) | u8 grey grey1 f32 pil pilL batch
Rescale(1 / 255, 0.0) | u8 grey f32 f64 i32 batch pil
Rescale(2.0, -1.0) | u8 f32
Rescale(-1.0, 0.0) | u8
Resize(6) | u8 grey grey1 u8c4 f32 f64 i32 batch pil pilL
Resize((6, 7)) | u8 grey1 f32 pil
Resize((29, 31)) | u8 grey f32 pil
Resize(27) | u8 tall pil
Resize(6, Inter.NEAREST) | u8 grey f32 pil big
Resize((29, 31), Inter.NEAREST) | u8 pil
Resize(6, Inter.BICUBIC) | u8 grey1 f32 pil
Resize((29, 31), Inter.BICUBIC) | u8 f32 pil big
Resize(6, Inter.AREA) | u8 f32 big pil
Resize((29, 31), Inter.AREA) | u8
Resize(6, Inter.PILCUBIC) | u8 grey big
Resize((29, 31), Inter.PILCUBIC) | u8
Resize((9, 11), Inter.ANTIALIAS) | u8 pil
Resize((9, 11)) | big tall
ResizedCrop(1, 1, 5, 5, (4, 4)) | u8 grey grey1 u8c4 f32 pil batch
ResizedCrop(2, 3, 8, 10, (12, 13), Inter.BICUBIC) | u8
ResizedCrop(2, 3, 8, 10, 7, Inter.NEAREST) | u8
ResizedCrop(2, 3, 8, 10, 7, Inter.AREA) | u8
ResizedCrop(2, 3, 8, 10, 7, Inter.PILCUBIC) | u8
Rotate(20) | u8 grey grey1 u8c4 f32 f64 i32 batch pil
Rotate(90) | u8
Rotate(400) | u8
Rotate(20, Inter.BILINEAR, True) | u8 f32
Rotate(-33, Inter.BICUBIC, False, (4, 5), (7, 8, 9)) | u8 f32
Rotate(45, Inter.BILINEAR, True, None, 9) | u8 grey
SlicePatches(2, 2) | u8 grey grey1 f32 pil
SlicePatches(3, 4, SliceMode.DROP) | u8
SlicePatches(3, 4, SliceMode.PAD, 9) | u8
Solarize((10, 100)) | u8 grey grey1 f32 i32 pil
Solarize(128) | u8
TenCrop(5) | pil pilL u8
TenCrop((5, 6), True) | pil
ToNumpy() | u8 pil pilL tensor numbers
ToPIL() | u8 grey grey1 u8c4 pil f32 grey32 batch tensor
ToTensor() | u8 grey grey1 u8c4 f32 f64 i32 pil pilL batch
ToTensor(np.float16) | u8
ToTensor("float64") | u8
ToType(np.float32) | u8 f64 tensor numbers pil
get_image_size | u8 pil grey chw
get_image_num_channels | u8 pil grey u8c4
encode_jpeg | grey1
transforms
TypeCast(np.float16) | u8 f64 tensor numbers number pil
TypeCast("int32") | f64 f32 bools
TypeCast(bool) | u8 f32
TypeCast(np.uint8) | f64 i32
OneHot(5) | number numbers labels labels2 f32 u8
OneHot(5, 0.1) | number
OneHot(3) | numbers
Fill(3) | u8 f32 numbers number bools
Fill(3.7) | u8 f32 numbers
Fill(-1) | u8
Fill("a") | words
Duplicate() | u8 numbers
Mask(Relational.EQ, 3) | numbers u8 f32
Mask(Relational.NE, 3) | numbers
Mask(Relational.GT, 3) | numbers
Mask(Relational.GE, 3, ms.int32) | numbers
Mask(Relational.LT, 2.5, ms.float32) | numbers f32
Mask(Relational.LE, 3) | numbers
Mask(Relational.EQ, "ab") | words
PadEnd([14, 18, 4], 0) | u8 f32 grey
PadEnd([5, 30]) | grey
PadEnd([7]) | numbers words
PadEnd([7], -1) | numbers u8
PadEnd([2], 9) | numbers
PadEnd([5], "x") | words
Concatenate(0, np.array([8, 9])) | numbers f32 u8
Concatenate(0, None, np.array([8, 9])) | numbers
Concatenate(-1, np.array([1.5]), np.array([2.5])) | f64 flat
Concatenate(0, np.array(["x"])) | words
Concatenate() | two
Slice(slice(0, 2)) | u8 numbers words
Slice(slice(0, 9, 2)) | u8 numbers
Slice(slice(3, 0, -1)) | numbers
Slice(...) | u8 numbers
Slice(None) | numbers
Slice(True) | numbers
Slice(1) | u8 numbers
Slice([0, 2]) | u8 numbers
Slice(..., slice(0, 2)) | u8
Slice(slice(1, 3), [0, 2], 1) | u8
Slice(9) | numbers
Slice(-1) | numbers
Unique() | labels grey f64 numbers
Compose([Duplicate(), Concatenate()]) | numbers
RandomApply([Fill(1)], 1.0) | u8
RandomChoice([Fill(1)]) | u8
RandomOrder([Fill(1)]) | u8
vision
AdjustBrightness("a") | u8
AdjustBrightness(-1) | u8
AdjustHue(0.7) | u8
AdjustGamma(-1) | u8
AdjustGamma(1, "a") | u8
CenterCrop(0) | u8
CenterCrop(2.5) | u8
CenterCrop((3, )) | u8
CenterCrop((3, 4, 5)) | u8
CenterCrop(-1) | u8
CenterCrop(True) | u8
CenterCrop(np.int32(3)) | u8
Resize(0) | u8
Resize("3") | u8
Resize((3, 4), "x") | u8
Resize((3, 4), 3) | u8
Resize(3, 5) | u8
Normalize([1], [2, 3]) | u8
Normalize([1.], [0.]) | u8
Normalize([300.], [1.]) | u8
Normalize([-1.], [1.]) | u8
Normalize(1., 1.) | u8
Normalize(np.array([1.]), np.array([1.])) | u8
NormalizePad([1.], [1.], "float64") | u8
RandomHorizontalFlip(1.5) | u8
RandomHorizontalFlip("a") | u8
RandomRotation(-3) | u8
RandomRotation((3, )) | u8
RandomRotation([3, 2]) | u8
RandomRotation("a") | u8
Rescale("a", 1) | u8
CutOut(0) | u8
CutOut(3, 0) | u8
ToTensor("foo") | u8
Pad(-1) | u8
Pad((1, 2, 3)) | u8
Pad("a") | u8
Pad(1, (1, 2)) | u8
Pad(1, 300) | u8
Pad(1, 0, "constant") | u8
PadToSize(3, -1) | u8
RandomCrop(3, "a") | u8
RandomResizedCrop(3, (1, 0.5)) | u8
RandomResizedCrop(3, (-1, 0.5)) | u8
RandomResizedCrop(3, (0.5, 0.6), (0, 1)) | u8
RandomResizedCrop(3, max_attempts=0) | u8
RandomColorAdjust(-1) | u8
RandomColorAdjust((1, 0.5)) | u8
RandomColorAdjust(hue=(-0.7, 0.1)) | u8
RandomColorAdjust("a") | u8
RandomErasing(2) | u8
RandomErasing(value="a") | u8
Decode("a") | u8
HWC2CHW(1) | u8
RandomSharpness((1, 0)) | u8
RandomColor(1) | u8
RandomPosterize((0, 9)) | u8
RandomPosterize(9) | u8
RandomSolarize((10, 5)) | u8
RandomSolarize(3) | u8
RandomAffine((1, )) | u8
RandomAffine(10, (2, 2)) | u8
RandomAffine(10, None, (-1, 1)) | u8
RandomAffine(10, shear=(1, 2, 3)) | u8
Affine("a", (0, 0), 1, 0) | u8
Affine(1, (0, 0), 0, 0) | u8
GaussianBlur(2) | u8
GaussianBlur(3, -1) | u8
Grayscale(2) | u8
RandomGrayscale(2) | u8
UniformAugment([], 1) | u8
UniformAugment([HorizontalFlip()], 3) | u8
UniformAugment(3) | u8
RandomSelectSubpolicy(3) | u8
RandomSelectSubpolicy([]) | u8
RandomSelectSubpolicy([[(1, 2)]]) | u8
AutoAugment("imagenet") | u8
RandAugment(-1) | u8
RandAugment(2, 40) | u8
TrivialAugmentWide(1) | u8
MixUp(0, 0.1) | u8
MixUp(2, -1) | u8
MixUpBatch(0) | u8
CutMixBatch("a") | u8
CutMixBatch(ImageBatchFormat.NHWC, 0) | u8
Posterize(9) | u8
Solarize((3, 2)) | u8
Solarize(300) | u8
Invert(1) | u8
Equalize(1) | u8
AutoContrast(60) | u8
AutoContrast(ignore=300) | u8
Crop((-1, 0), 3) | u8
Crop((0, ), 3) | u8
Erase(-1, 0, 3, 3) | u8
Erase(0, 0, 3, 3, 300) | u8
Perspective([[0, 0]], [[0, 0]]) | u8
ConvertColor(3) | u8
LinearTransformation([1], [1]) | u8
LinearTransformation(np.eye(3), np.zeros(2)) | u8
RandomLighting(-1) | u8
RandomPerspective(2) | u8
BoundingBoxAugment(3) | u8
BoundingBoxAugment(HorizontalFlip(), 2) | u8
SlicePatches(0) | u8
TenCrop(-1) | u8
FiveCrop("a") | u8
Rotate("a") | u8
ResizedCrop(-1, 0, 3, 3, 3) | u8
RandomResize(0) | u8
RandomInvert(2) | u8
transforms
OneHot(0) | u8
OneHot(2.) | u8
OneHot(3, 2.) | u8
TypeCast("foo") | u8
TypeCast(3) | u8
Fill([1]) | u8
Mask(3, 4) | u8
PadEnd(3) | u8
PadEnd((3, )) | u8
Concatenate(1) | u8
Concatenate(0, 3) | u8
Slice("a") | u8
Compose([]) | u8
Compose(3) | u8
Compose([3]) | u8
RandomApply([], 0.5) | u8
RandomChoice([]) | u8
RandomOrder(3) | u8
Unique(1) | u8
Duplicate(1) | u8
RandomApply([Fill(1)], 2) | u8
"""


def calls():
    """(room, transform, input) of each call."""
    for line in _CALLS.strip().splitlines():
        if "|" not in line:
            room = line
            continue
        call, inputs = line.rsplit(" | ", 1)
        for name in inputs.split():
            yield room, call, name


def _encoded(image, kind: str) -> np.ndarray:
    file = io.BytesIO()
    image.save(file, kind)
    return np.frombuffer(file.getvalue(), np.uint8)


def inputs(tensor) -> dict[str, tuple]:
    """name -> the columns of one row. `tensor` makes a Tensor of an array."""
    from PIL import Image

    draws = np.random.RandomState(7)
    y, x = np.mgrid[:13, :18]
    smooth = np.stack([8 * x + 5 * y, 255 - 13 * x, 9 * y + 60], -1)
    u8 = np.clip(smooth + draws.randint(-40, 41, smooth.shape), 0, 255).astype(np.uint8)
    big = draws.randint(0, 256, (53, 61, 3)).astype(np.uint8)
    grey, rgba = u8[..., 0].copy(), np.concatenate([u8, draws.randint(0, 256, (13, 18, 1))], -1).astype(np.uint8)
    f32 = (u8 / 255).astype(np.float32)
    numbers = np.array([0, 3, 1, 4, 2])
    boxes = np.array([[2, 3, 5, 6, 0], [0, 0, 18, 13, 1], [10, 2, 4, 8, 2]], np.float32)
    picture = Image.fromarray(np.kron(u8, np.ones((2, 2, 1), np.uint8)))
    rows = {
        "u8": u8, "grey": grey, "grey1": grey[..., None], "u8c4": rgba, "f32": f32, "f64": u8 / 255,
        "i32": u8.astype(np.int32), "batch": np.stack([u8, u8[::-1]]), "chw": f32.transpose(2, 0, 1).copy(),
        "big": big, "tall": big.transpose(1, 0, 2)[:, :30].copy(), "grey32": f32[..., 0].copy(),
        "pil": Image.fromarray(u8), "pilL": Image.fromarray(grey), "tensor": tensor(u8),
        "numbers": numbers, "number": np.array(3), "labels": numbers.astype(np.uint8),
        "words": np.array(["ab", "c", "ab"]),
        "labels2": numbers[:, None], "bools": np.array([True, False]), "flat": f32[0, :, 0].copy(),
        "jpeg": _encoded(picture, "JPEG"), "jpegL": _encoded(picture.convert("L"), "JPEG"),
        "png": _encoded(picture, "PNG"), "pngL": _encoded(picture.convert("L"), "PNG"),
        "pngA": _encoded(Image.fromarray(rgba), "PNG"), "bmp": _encoded(picture, "BMP"),
        "garbage": np.arange(100).astype(np.uint8),
    }  # fmt: skip
    return {name: (value,) for name, value in rows.items()} | {
        "boxes": (u8, boxes),
        "two": (numbers, numbers + 7),
        "one": (u8, np.array([[0, 1]])),
        "mixup": (np.stack([f32, f32[::-1]]), np.eye(2)),
    }


def answer(ms, room: str, call: str, row: tuple) -> list:
    """What the call gives on a row: the kind of each result and its array, or an error's type and text.

    `ms` is MindSpore, or what is compared with it.
    """
    home = getattr(ms.dataset, room)
    words = "Inter Border ConvertMode SliceMode ImageBatchFormat AutoAugmentPolicy Relational"
    words = [*re.findall(r"[A-Za-z_0-9]+(?=\()|^\w+$", call), *words.split()]
    names = {"np": np, "ms": ms} | {word: getattr(home, word) for word in words if hasattr(home, word)}
    random.seed(5)
    np.random.seed(5)
    try:
        transform = eval(call, names)
        results = transform(*row)
    except Exception as error:
        text = re.sub(r"(?s)^.*?\[ERROR\] |\n-----.*|\nmindspore/ccsrc.*", "", str(error))
        return [("error", np.array([type(error).__name__, text[:300]]))]
    results = results if isinstance(results, (tuple, list)) else (results,)
    return [(getattr(value, "mode", type(value).__name__), np.asarray(value)) for value in results]
