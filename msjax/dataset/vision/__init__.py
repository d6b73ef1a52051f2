"""Transforms of images: of arrays as OpenCV computes, of PIL images as Pillow does.

    >>> image = np.zeros((32, 32, 3), np.uint8)
    >>> for transform in (vision.Resize(8), vision.Normalize([128.0], [64.0]), vision.HWC2CHW()):
    ...     image = transform(image)
    >>> image.shape, float(image[0, 0, 0])
    ((3, 8, 8), -2.0)

OpenCV and Pillow are imported when the first transform needs them: `pip install "msjax[vision]"`.
"""

from msjax.core.names import unknown_name
from msjax.dataset.transforms.base import PyTensorOperation, TensorOperation, not_random
from msjax.dataset.vision.augmentation import (
    AutoAugment,
    RandAugment,
    RandomSelectSubpolicy,
    TrivialAugmentWide,
    UniformAugment,
)
from msjax.dataset.vision.base import ImageTensorOperation
from msjax.dataset.vision.boxes import (
    BoundingBoxAugment,
    RandomCropWithBBox,
    RandomHorizontalFlipWithBBox,
    RandomResizedCropWithBBox,
    RandomResizeWithBBox,
    RandomVerticalFlipWithBBox,
    ResizeWithBBox,
)
from msjax.dataset.vision.channels import ConvertColor, Grayscale, HsvToRgb, RandomGrayscale, RgbToHsv
from msjax.dataset.vision.colour import (
    AdjustBrightness,
    AdjustContrast,
    AdjustGamma,
    AdjustHue,
    AdjustSaturation,
    RandomColor,
    RandomColorAdjust,
    RandomLighting,
)
from msjax.dataset.vision.crops import CenterCrop, Crop, FiveCrop, RandomCrop, TenCrop
from msjax.dataset.vision.decoding import (
    Decode,
    ToPIL,
    encode_jpeg,
    encode_png,
    get_image_num_channels,
    get_image_size,
    read_file,
    read_image,
    write_file,
    write_jpeg,
    write_png,
)
from msjax.dataset.vision.enumerations import (
    AutoAugmentPolicy,
    Border,
    ConvertMode,
    ImageBatchFormat,
    ImageReadMode,
    Inter,
    SliceMode,
)
from msjax.dataset.vision.erasing import CutOut, Erase, RandomErasing
from msjax.dataset.vision.flips import HorizontalFlip, RandomHorizontalFlip, RandomVerticalFlip, VerticalFlip
from msjax.dataset.vision.geometry import Affine, RandomAffine, RandomRotation, Rotate
from msjax.dataset.vision.levels import (
    AutoContrast,
    Equalize,
    Invert,
    Posterize,
    RandomAutoContrast,
    RandomEqualize,
    RandomInvert,
    RandomPosterize,
    RandomSolarize,
    Solarize,
)
from msjax.dataset.vision.mixing import CutMixBatch, MixUp, MixUpBatch
from msjax.dataset.vision.normalisation import (
    HWC2CHW,
    LinearTransformation,
    Normalize,
    NormalizePad,
    Rescale,
    ToNumpy,
    ToTensor,
    ToType,
)
from msjax.dataset.vision.padding import Pad, PadToSize
from msjax.dataset.vision.patches import SlicePatches
from msjax.dataset.vision.perspective import Perspective, RandomPerspective
from msjax.dataset.vision.resized_crops import RandomCropDecodeResize, RandomResizedCrop, ResizedCrop
from msjax.dataset.vision.resizing import RandomResize, Resize
from msjax.dataset.vision.sharpness import AdjustSharpness, GaussianBlur, RandomAdjustSharpness, RandomSharpness

__getattr__ = unknown_name(__name__)
