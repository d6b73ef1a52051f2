"""Regions of images, interpolated to one size."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call import checks
from msjax.ops.call.promotion import array
from msjax.ops.table import op


def _roi_images(_, features, rois, **__) -> None:
    checks.check_range(rois[:, 0].astype(int), len(features), "ROIAlign", False, RuntimeError, "numbers of images")


def _crop_images(_, image, boxes, box_indices, **__) -> None:
    checks.check_range(box_indices, len(image), "CropAndResize", False, ValueError, "box_indices")


@op(
    "ops.ROIAlign(pooled_height, pooled_width, spatial_scale, sample_num=2, roi_end_mode=1)(features, rois)",
    floats=("features", "rois"),
    kinds=dict.fromkeys(("pooled_height", "pooled_width", "sample_num", "roi_end_mode"), "int")
    | {"spatial_scale": "float"},
    check=_roi_images,
)
def roi_align(features, rois, *, pooled_height, pooled_width, spatial_scale, sample_num=2, roi_end_mode=1):
    """Regions of images, cut into bins, each of which gives the mean of what is interpolated at points in it.

    Args:
        features: images of shape (n, channels, height, width).
        rois: of shape (regions, 5): the number of the image, left, top, right, bottom.
        pooled_height: how many bins there are from top to bottom.
        pooled_width: how many bins there are from left to right.
        spatial_scale: what the regions' coordinates are multiplied by to be those of the images.
        sample_num: how many points there are in a bin along each side; 0 for as many as whole pixels fit.
        roi_end_mode: 1 if right and bottom borders belong to the region, else 0.

    Returns:
        Of shape (regions, channels, pooled_height, pooled_width).

    Raises:
        ValueError: if the shapes are others, or for another mode.
        RuntimeError: if there is no image of a region's number.

    Source:
        He et al., Mask R-CNN (2017).
    """
    if roi_end_mode not in (0, 1):
        raise ValueError(f"For 'ROIAlign', 'roi_end_mode' must be 0 or 1, but got {roi_end_mode}.")
    if features.ndim != 4:
        raise ValueError(f"For 'ROIAlign', 'features' must have 4 axes, but its shape is {features.shape}.")
    if rois.ndim != 2 or rois.shape[1] != 5:
        raise ValueError(f"For 'ROIAlign', 'rois' must be of shape (n, 5), but got {rois.shape}.")
    rois = jax.lax.stop_gradient(rois).astype(np.float32)
    image, starts = rois[:, 0].astype(int), rois[:, 1:3] * spatial_scale
    sides = (rois[:, 3:] + roi_end_mode) * spatial_scale - starts
    sides = sides if roi_end_mode else jnp.maximum(sides, 1)
    bins = [(starts[:, 1], sides[:, 1], pooled_height), (starts[:, 0], sides[:, 0], pooled_width)]
    if sample_num > 0:
        return _gathered(features, image, bins, sample_num)
    return _averaged(features, image, bins)


def _gathered(features, image, bins, samples: int):
    """With the same few points in each bin: four pixels around each are looked up."""
    total, pixels = 0, jnp.moveaxis(features, 1, -1)
    inside = (np.arange(samples, dtype=np.float32) + 0.5) / samples
    around = []
    for (start, side, count), length in zip(bins, features.shape[2:], strict=True):
        offsets = (np.arange(count)[:, None] + inside) / count
        around.append(_neighbours(start[:, None, None] + side[:, None, None] * offsets, length))
    for s in range(samples):
        for t in range(samples):
            for y, down in around[0]:
                for x, right in around[1]:
                    weight = down[:, :, None, s] * right[:, None, :, t]
                    at = pixels[image[:, None, None], y[:, :, None, s], x[:, None, :, t]]
                    total = total + at * weight[..., None].astype(features.dtype)
    return jnp.moveaxis(total / samples**2, -1, 1)


def _neighbours(points, length: int):
    """The pixels before and after points, with weights; beyond one pixel outside of the image these are 0."""
    inside = (points >= -1) & (points <= length)
    points = jnp.clip(points, 0, length - 1)
    before = jnp.floor(points)
    after = jnp.minimum(before + 1, length - 1)
    right = points - before
    return [(before.astype(int), (1 - right) * inside), (after.astype(int), right * inside)]


def _averaged(features, image, bins):
    """With as many points in a bin as fit: the weights of all pixels along each side, for one region at a time."""

    def weights(start, side, count: int, length: int):
        samples = jnp.floor(side / count)
        edges, pixels = jnp.arange(count, dtype=np.float32), jnp.arange(length, dtype=np.float32)

        def add(s, total):
            points = start + side / count * (edges + (s + 0.5) / samples)
            inside = (points >= -1) & (points <= length)
            nearness = 1 - abs(jnp.clip(points, 0, length - 1)[:, None] - pixels)
            return total + jnp.maximum(nearness, 0) * inside[:, None]

        counted = jax.lax.fori_loop(0, samples.astype(int), add, jnp.zeros((count, length), np.float32))
        return (counted / samples).astype(features.dtype)  # nan where no point fits, as MindSpore gives

    def region(args):
        number, *ends = args
        rows, columns = (
            weights(start, side, count, length)
            for (start, side), (*_, count), length in zip(ends, bins, features.shape[2:], strict=True)
        )
        return jnp.einsum("ph,chw,qw->cpq", rows, features[number], columns)

    return jax.lax.map(region, (image, *((start, side) for start, side, _ in bins)))


@op(
    "ops.crop_and_resize(image, boxes, box_indices, crop_size, method='bilinear', extrapolation_value=0.0)",
    "ops.CropAndResize(method='bilinear', extrapolation_value=0.0)(x: image, boxes, box_index: box_indices, crop_size)",
    kinds={"crop_size": "tuple", "method": "str", "extrapolation_value": "float"},
    check=_crop_images,
)
def crop_and_resize(image, boxes, box_indices, *, crop_size, method="bilinear", extrapolation_value=0.0):
    """Parts of images, resized to one size.

    Args:
        image: images of shape (n, height, width, channels).
        boxes: of shape (boxes, 4): top, left, bottom, right, from 0 to 1; bottom before top turns the part around.
        box_indices: of shape (boxes,): the number of each box's image.
        crop_size: height and width of the result.
        method: "bilinear"; "nearest"; or "bilinear_v2", which takes whole pixels and cuts them as the result is cut.
        extrapolation_value: what is beyond the image.

    Returns:
        Of shape (boxes, height, width, channels), as float32.

    Raises:
        ValueError: if the shapes are others, for another method, or if there is no image of a box's number.
    """
    if method not in ("bilinear", "nearest", "bilinear_v2"):
        raise ValueError(f"For 'CropAndResize', 'method' cannot be {method!r}.")
    if image.ndim != 4 or boxes.shape != (len(box_indices), 4) or len(crop_size) != 2:
        shapes = f"{image.shape}, {boxes.shape}, {box_indices.shape} and {crop_size}"
        raise ValueError(
            f"For 'CropAndResize', images, boxes and numbers must have 4, 2 and 1 axes, and a size, but got {shapes}."
        )
    image = image.astype(np.float32)
    rows, columns = (
        _crop_points(boxes[:, axis], boxes[:, axis + 2], count, length, method)
        for axis, (count, length) in enumerate(zip(crop_size, image.shape[1:3], strict=True))
    )
    inside = rows[0][:, :, None, None] & columns[0][:, None, :, None]
    of = box_indices[:, None, None]
    total = sum(
        image[of, y[:, :, None], x[:, None, :]] * (down[:, :, None] * right[:, None, :])[..., None]
        for y, down in rows[1]
        for x, right in columns[1]
    )
    return jnp.where(inside, total, array(extrapolation_value).astype(np.float32))


def _crop_points(first, last, count: int, length: int, method: str):
    """Which points are inside of the image, and the pixels around each with their weights."""
    numbers = np.arange(count, dtype=np.float32)
    if method == "bilinear_v2":
        start, end = jnp.trunc(first * length)[:, None], jnp.trunc(last * length)[:, None] + 1
        points = start + (end - start) * ((numbers + 0.5) / count) - 0.5
        points = jnp.clip(jnp.maximum(jnp.minimum(points, end - 1), start), 0, length - 1)
    elif count > 1:
        step = (last - first) * (length - 1) / (count - 1)
        points = first[:, None] * (length - 1) + step[:, None] * numbers
    else:
        points = ((first + last) / 2)[:, None] * (length - 1)
    inside = (points >= 0) & (points <= length - 1)
    points = jnp.clip(points, 0, length - 1)
    if method == "nearest":
        return inside, [(jnp.floor(points + 0.5).astype(int), jnp.ones_like(points))]
    before = jnp.floor(points)
    right = points - before
    after = jnp.ceil(points)  # on a pixel itself, so that there boxes have derivative 0
    return inside, [(before.astype(int), 1 - right), (after.astype(int), right)]


@op(
    "ops.PSROIPooling(spatial_scale, group_size, output_dim)(features, rois)",
    floats=("features", "rois"),
    kinds={"spatial_scale": "float >= 0", "group_size": "int > 0", "output_dim": "int > 0"},
    check=lambda _, features, rois, **__: checks.check_range(
        rois[:, 0].astype(int), len(features), "PSROIPooling", False, RuntimeError, "numbers of images"
    ),
)
def ps_roi_pooling(features, rois, *, spatial_scale, group_size, output_dim):
    """Regions of images, cut into bins, each of which gives the mean of its pixels in channels of its own.

    Args:
        features: images of shape (n, output_dim * group_size ** 2, height, width).
        rois: of shape (batch, 5, regions): the number of the image, left, top, right, bottom.
        spatial_scale: what the regions' coordinates are multiplied by to be those of the images.
        group_size: how many bins there are along each side.
        output_dim: how many channels the result has.

    Returns:
        Of shape (batch * regions, output_dim, group_size, group_size); 0 for bins without pixels.

    Raises:
        ValueError: if the shapes are others.
        RuntimeError: if there is no image of a region's number.

    Source:
        Dai et al., R-FCN: Object detection via region-based fully convolutional networks (2016).
    """
    if features.ndim != 4 or features.shape[1] != output_dim * group_size**2:
        raise ValueError(
            f"For 'PSROIPooling', 'features' must have {output_dim * group_size**2} channels, but got {features.shape}."
        )
    if rois.ndim != 3 or rois.shape[1] != 5:
        raise ValueError(f"For 'PSROIPooling', 'rois' must be of shape (batch, 5, n), but got {rois.shape}.")
    rois = jax.lax.stop_gradient(rois).astype(np.float32).swapaxes(1, 2).reshape(-1, 5)
    bins = np.arange(group_size, dtype=np.float32)

    def inside(first, last, length: int):
        """Which pixels along one side belong to each bin."""
        start, end = jnp.round(first) * spatial_scale, (jnp.round(last) + 1) * spatial_scale
        size = jnp.maximum(end - start, 0.1) / group_size
        low, high = jnp.floor(start + bins * size), jnp.ceil(start + (bins + 1) * size)
        pixels = np.arange(length)
        return ((pixels >= low[:, None]) & (pixels < high[:, None])).astype(features.dtype)

    def region(roi):
        height, width = features.shape[2:]
        image = features[roi[0].astype(int)].reshape(output_dim, group_size, group_size, height, width)
        rows, columns = inside(roi[2], roi[4], height), inside(roi[1], roi[3], width)
        counts = rows.sum(1)[:, None] * columns.sum(1)
        return jnp.einsum("cijhw,ih,jw->cij", image, rows, columns) / jnp.maximum(counts, 1)

    return jax.lax.map(region, rois)
