"""Boxes in images."""

from __future__ import annotations

import jax.numpy as jnp

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
    x, y = x[None], y[:, None]
    sides = jnp.minimum(x[..., 2:], y[..., 2:]) - jnp.maximum(x[..., :2], y[..., :2]) + 1
    common = jnp.maximum(sides, 0).prod(-1)
    areas = [(box[..., 2:] - box[..., :2] + 1).prod(-1) for box in (x, y)]
    return common / (areas[0] + areas[1] - common if mode == "iou" else areas[1])
