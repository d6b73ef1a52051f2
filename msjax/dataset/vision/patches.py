"""Images cut into patches."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import check_is, takes
from msjax.dataset.transforms.base import refusal
from msjax.dataset.vision.base import ImageTensorOperation
from msjax.dataset.vision.enumerations import SliceMode


class SlicePatches(ImageTensorOperation):
    """Cut an image into patches, row by row.

    Args:
        num_height (int): patches in a column. Default: 1.
        num_width (int): patches in a row. Default: 1.
        slice_mode (SliceMode): whether to pad an image that does not divide evenly, or drop the rest. Default:
            `SliceMode.PAD`.
        fill_value (int): what to pad with. Default: 0.

    Returns:
        A tuple of `num_height * num_width` images.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is of another shape.

    Example:
        >>> [x.tolist() for x in vision.SlicePatches(1, 2)(np.array([[1, 2]], np.uint8))]
        [[[1]], [[2]]]
    """

    @takes(num_height="int > 0", num_width="int > 0", fill_value="int [0, 255]")
    def __init__(self, num_height=1, num_width=1, slice_mode=SliceMode.PAD, fill_value=0):
        check_is("SlicePatches", "slice_mode", slice_mode, SliceMode)
        self.num_height = num_height
        self.num_width = num_width
        self.slice_mode = slice_mode
        self.fill_value = fill_value

    def _compute(self, *columns):
        if len(columns) != 1:
            raise refusal(self, f"the input must be one column, but got {len(columns)}")
        image = columns[0].view(np.uint8) if columns[0].dtype == bool else columns[0]
        self._check(image)
        image = self._even(image)
        rows = np.split(image, self.num_height)
        patches = [patch for row in rows for patch in np.split(row, self.num_width, axis=1)]
        return tuple(map(np.ascontiguousarray, patches)) if len(patches) > 1 else patches[0]

    def _even(self, image):
        """The image, of a size that divides evenly."""
        height, width = image.shape[:2]
        if self.slice_mode == SliceMode.DROP:
            return image[: height - height % self.num_height, : width - width % self.num_width]
        bottom, right = -height % self.num_height, -width % self.num_width
        sides = [(0, bottom), (0, right), (0, 0)][: image.ndim]
        return np.pad(image, sides, constant_values=self.fill_value)
