"""Boxes in images: (left, top, right, bottom), borders included."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.trace import concrete
from msjax.ops.call.promotion import array
from msjax.ops.table import op


@op("ops.iou(anchor_boxes: x, gt_boxes: y, mode='iou')", "ops.IOU(mode='iou')(anchor_boxes: x, gt_boxes: y)")
def iou(x, y, *, mode="iou"):
    """Areas that boxes (left, top, right, bottom), borders included, have in common, of their union.

    Args:
        mode: "iou", or "iof" for a part of the second boxes' areas.

    Returns:
        Of shape (number of second boxes, number of first boxes).

    Raises:
        ValueError: for another mode.
    """
    if mode not in ("iou", "iof"):
        raise ValueError(f"For 'IOU', 'mode' must be 'iou' or 'iof', but got {mode!r}.")
    # MindSpore's have no derivative
    x, y = jax.lax.stop_gradient((x[None], y[:, None]))
    sides = jnp.minimum(x[..., 2:], y[..., 2:]) - jnp.maximum(x[..., :2], y[..., :2]) + 1
    common = jnp.maximum(sides, 0).prod(-1)
    areas = [(box[..., 2:] - box[..., :2] + 1).prod(-1) for box in (x, y)]
    return common / (areas[0] + areas[1] - common if mode == "iou" else areas[1])


@op("ops.check_valid(bboxes: boxes, img_metas: image)", "ops.CheckValid()(bboxes: boxes, img_metas: image)")
def check_valid(boxes, image):
    """Whether boxes are inside of an image.

    Args:
        boxes: of shape (n, 4).
        image: height, width and the factor by which both are multiplied.

    Returns:
        A bool Tensor of shape (n,).

    Raises:
        ValueError: if the shapes are others.
    """
    _need_boxes("CheckValid", boxes)
    if image.shape != (3,):
        raise ValueError(f"For 'CheckValid', 'img_metas' must be of shape (3,), but got {image.shape}.")
    height, width, ratio = image
    most = jnp.stack([width, height]) * ratio - 1
    return (boxes[:, :2] >= 0).all(1) & (boxes[:, 2:] <= most).all(1)


def _need_boxes(name: str, *sets) -> None:
    for boxes in sets:
        if boxes.ndim != 2 or boxes.shape[1] != 4:
            raise ValueError(f"For '{name}', boxes must be of shape (n, 4), but got {boxes.shape}.")
    if len({*map(len, sets)}) > 1:
        raise ValueError(f"For '{name}', there must be as many boxes of both, but got {[*map(len, sets)]}.")


def _centres(boxes):
    """Centres and sides of boxes."""
    return (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2] + 1


def _scales(means, stds, dtype) -> tuple[jax.Array, jax.Array]:
    return jnp.asarray(means, dtype), jnp.asarray(stds, dtype)


_SCALED = {"means": "tuple", "stds": "tuple"}


@op(
    "ops.bounding_box_encode(anchor_box: x, groundtruth_box: y, means=(0.0, 0.0, 0.0, 0.0), stds=(1.0, 1.0, 1.0, 1.0))",
    "ops.BoundingBoxEncode(means=(0.0, 0.0, 0.0, 0.0), stds=(1.0, 1.0, 1.0, 1.0))(anchor_box: x, groundtruth_box: y)",
    floats=("x", "y"),
    kinds=_SCALED,
)
def bounding_box_encode(x, y, *, means=(0.0, 0.0, 0.0, 0.0), stds=(1.0, 1.0, 1.0, 1.0)):
    """How boxes differ from anchors: shifts of the centres by the anchors' sides, and logarithms of the sides' ratios.

    Returns:
        Of shape (n, 4), less `means`, divided by `stds`.

    Raises:
        ValueError: if the boxes are not of shape (n, 4), both.
    """
    _need_boxes("BoundingBoxEncode", x, y)
    (centre, side), (wanted, size) = _centres(x), _centres(y)
    deltas = jnp.concatenate([(wanted - centre) / side, jnp.log(size / side)], 1)
    means, stds = _scales(means, stds, deltas.dtype)
    return (deltas - means) / stds


@op(
    "ops.bounding_box_decode(anchor_box: x, deltas: y, max_shape, means=(0.0, 0.0, 0.0, 0.0), "
    "stds=(1.0, 1.0, 1.0, 1.0), wh_ratio_clip=0.016)",
    "ops.BoundingBoxDecode(max_shape, means=(0.0, 0.0, 0.0, 0.0), stds=(1.0, 1.0, 1.0, 1.0), wh_ratio_clip=0.016)"
    "(anchor_box: x, deltas: y)",
    floats=("x", "y"),
    kinds=_SCALED | {"max_shape": "tuple", "wh_ratio_clip": "float"},
)
def bounding_box_decode(x, y, *, max_shape, means=(0.0, 0.0, 0.0, 0.0), stds=(1.0, 1.0, 1.0, 1.0), wh_ratio_clip=0.016):
    """The boxes that differ from anchors by what `bounding_box_encode` gives.

    Args:
        y: how the boxes differ from the anchors, of shape (n, 4).
        max_shape: height and width of the image, at which boxes end.
        wh_ratio_clip: the smallest ratio of a box's side to the anchor's; its inverse is the largest.

    Returns:
        Of shape (n, 4).

    Raises:
        ValueError: if the boxes are not of shape (n, 4), both, or `max_shape` is not of two numbers.
    """
    _need_boxes("BoundingBoxDecode", x, y)
    if len(max_shape) != 2:
        raise ValueError(f"For 'BoundingBoxDecode', 'max_shape' must have length 2, but got {len(max_shape)}.")
    means, stds = _scales(means, stds, y.dtype)
    deltas, most = y * stds + means, jnp.abs(jnp.log(array(wh_ratio_clip))).astype(y.dtype)
    centre, side = _centres(x)
    centre = centre + side * deltas[:, :2]
    half = side * jnp.exp(jnp.clip(deltas[:, 2:], -most, most)) / 2 - 0.5
    ends = jnp.asarray((*max_shape[::-1], *max_shape[::-1]), x.dtype)
    return jnp.clip(jnp.concatenate([centre - half, centre + half], 1), 0, ends)


@op(
    "ops.NonMaxSuppressionWithOverlaps()(overlaps, scores, max_output_size, overlap_threshold, score_threshold)",
    jit=False,
)
def nms_with_overlaps(overlaps, scores, max_output_size, overlap_threshold, score_threshold):
    """Which boxes to keep: one after the other, the best first, if it overlaps none that is kept already too much.

    Args:
        overlaps: how much boxes overlap, of shape (n, n).
        scores: of shape (n,).
        max_output_size: how many boxes to keep at most.
        overlap_threshold: what two boxes may overlap at most.
        score_threshold: the score that a box must exceed.

    Returns:
        The numbers of the boxes, as int32.

    Raises:
        ValueError: if the shapes do not fit each other.
    """
    if scores.ndim != 1 or overlaps.shape != (*scores.shape, *scores.shape):
        raise ValueError(
            f"For 'NonMaxSuppressionWithOverlaps', overlaps of shape (n, n) and n scores are needed, but got "
            f"{overlaps.shape} and {scores.shape}."
        )
    kept: list[int] = []
    overlaps, scores = (np.asarray(concrete(a)) for a in (overlaps, scores))
    most, high, low = (concrete(jnp.asarray(a)).item() for a in (max_output_size, overlap_threshold, score_threshold))
    for best in np.argsort(-scores, kind="stable"):
        if len(kept) < most and scores[best] > low and not (overlaps[best, kept] > high).any():
            kept.append(best)
    return jnp.asarray(kept, np.int32)


@op("ops.NMSWithMask(iou_threshold=0.5)(bboxes: boxes)", floats=("boxes",), kinds={"iou_threshold": "float"})
def nms_with_mask(boxes, *, iou_threshold=0.5) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Which boxes to keep: one after the other, the best first, if it overlaps none that is kept already too much.

    Args:
        boxes: of shape (n, 5): left, top, right, bottom, score.
        iou_threshold: from which part of their union on two boxes overlap too much.

    Returns:
        The boxes, those of the highest score first; 0, 1, ... n - 1 as int32; and which are kept, as bool.

    Raises:
        ValueError: if the shape is another.
    """
    if boxes.ndim != 2 or boxes.shape[1] != 5:
        raise ValueError(f"For 'NMSWithMask', boxes must be of shape (n, 5), but got {boxes.shape}.")
    boxes = boxes[jnp.argsort(boxes[:, 4], descending=True, stable=True)]
    corners = boxes[:, :4].astype(np.float32)
    low, high = jnp.minimum(corners[:, :2], corners[:, 2:]), jnp.maximum(corners[:, :2], corners[:, 2:])
    # These boxes do not include their borders
    sides = jnp.minimum(high[:, None], high) - jnp.maximum(low[:, None], low)
    common, areas = jnp.maximum(sides, 0).prod(-1), (high - low).prod(-1)
    overlaps = common > iou_threshold * (areas[:, None] + areas - common)
    places = jnp.arange(len(boxes), dtype=np.int32)

    def drop(i, kept):
        return kept & ~(kept[i] & overlaps[i] & (places > i))

    return boxes, places, jax.lax.fori_loop(0, len(boxes), drop, jnp.ones(len(boxes), bool))
