"""Transforms of `py_transforms` that went by other defaults: images had their channels in front, or were PIL's."""

from __future__ import annotations

from typing import Any

from msjax.dataset import vision


class Decode(vision.Decode):
    """Bytes to a PIL image."""

    def __init__(self):
        super().__init__(to_pil=True)


class Normalize(vision.Normalize):
    """An image (C, H, W), minus `mean` and divided by `std`."""

    def __init__(self, mean: Any, std: Any):
        super().__init__(mean, std, is_hwc=False)


class NormalizePad(vision.NormalizePad):
    """An image (C, H, W), minus `mean` and divided by `std`, with a channel of zeros behind the others."""

    def __init__(self, mean: Any, std: Any, dtype: str = "float32"):
        super().__init__(mean, std, dtype, is_hwc=False)


class CutOut(vision.CutOut):
    """An image (C, H, W) with squares of zeros."""

    def __init__(self, length: int, num_patches: int = 1):
        super().__init__(length, num_patches, is_hwc=False)
