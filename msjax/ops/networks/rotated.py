"""Rotated rectangles: (x, y, width, height, angle), the angle in degrees."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.ops.table import op

_SIGNS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])  # of the corners, one after the other


_EPS = 1e-5  # what rounding may do to corners, as a part of the sides


def _cross(a, b):
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def _places(boxes, trans: bool):
    """Centres, sides and angles in radians."""
    if trans:  # left, top, right, bottom, before it is turned
        centre, sides = (boxes[..., :2] + boxes[..., 2:4]) / 2, boxes[..., 2:4] - boxes[..., :2]
    else:
        centre, sides = boxes[..., :2], boxes[..., 2:4]
    return centre, sides, jnp.deg2rad(boxes[..., 4])


def _corners(centre, sides, angle):
    """Of shape (..., 4, 2)."""
    sine, cosine = jnp.sin(angle), jnp.cos(angle)
    turn = jnp.stack([jnp.stack([cosine, sine], -1), jnp.stack([-sine, cosine], -1)], -2)
    return centre[..., None, :] + (_SIGNS * sides[..., None, :] / 2) @ turn


def _inside(points, corners, tolerance: float):
    """Whether points are in a rectangle, its borders included."""
    edges = jnp.roll(corners, -1, -2) - corners
    sides = _cross(edges[..., None, :, :], points[..., :, None, :] - corners[..., None, :, :])
    rounding = _EPS * (edges * edges).sum((-2, -1))
    return (sides >= -(tolerance + rounding)[..., None, None]).all(-1)


def _crossings(a, b, tolerance: float):
    """Where the edges of two rectangles cross, of shape (..., 16, 2), and whether they do."""
    along, across = jnp.roll(a, -1, -2) - a, jnp.roll(b, -1, -2) - b
    along, across, apart = along[..., :, None, :], across[..., None, :, :], b[..., None, :, :] - a[..., :, None, :]
    turn = _cross(along, across)
    safe = jnp.where(turn == 0, 1, turn)
    s, t = _cross(apart, across) / safe, _cross(apart, along) / safe
    low, high = -tolerance - _EPS, 1 + tolerance + _EPS
    there = (turn != 0) & (s >= low) & (s <= high) & (t >= low) & (t <= high)
    points = a[..., :, None, :] + s[..., None] * along
    return points.reshape(*points.shape[:-3], 16, 2), there.reshape(*there.shape[:-2], 16)


def _common(a, b, v_threshold: float, e_threshold: float):
    """The area that two rectangles have in common: that of the polygon of its corners, in their order around it."""
    crossings, there = _crossings(a, b, e_threshold)
    points = jnp.concatenate([a, b, crossings], -2)
    there = jnp.concatenate([_inside(a, b, v_threshold), _inside(b, a, v_threshold), there], -1)
    middle = (points * there[..., None]).sum(-2) / jnp.maximum(there.sum(-1), 1)[..., None]
    points = points - middle[..., None, :]
    first = jnp.take_along_axis(points, there.argmax(-1)[..., None, None], -2)
    points = jnp.where(there[..., None], points, first)  # those that do not count fall on one that does
    order = jnp.argsort(jnp.arctan2(points[..., 1], points[..., 0]), -1)
    points = jnp.take_along_axis(points, order[..., None], -2)
    area = _cross(points, jnp.roll(points, -1, -2)).sum(-1) / 2
    return jnp.where(there.any(-1), area, 0)


@op(
    "ops.rotated_iou(boxes, query_boxes, trans=False, mode=0, is_cross=True, v_threshold=0.0, e_threshold=0.0)",
    floats=("boxes", "query_boxes"),
    kinds={"trans": "bool", "mode": "int", "is_cross": "bool", "v_threshold": "float", "e_threshold": "float"},
)
def rotated_iou(boxes, query_boxes, *, trans=False, mode=0, is_cross=True, v_threshold=0.0, e_threshold=0.0):
    """Areas that rotated rectangles have in common, of their union.

    Args:
        boxes: of shape (batch, n, 5): centre, width, height, and the angle in degrees.
        query_boxes: of shape (batch, k, 5).
        trans: whether the first four numbers are left, top, right, bottom instead.
        mode: 1 for a part of the area of `boxes` instead of the union.
        is_cross: whether each is compared with each, else one by one.
        v_threshold: how far outside, as an area, a corner still counts as inside.
        e_threshold: how far beyond their ends, as a part of them, edges still cross.

    Returns:
        Of shape (batch, n, k), or (batch, n) if they are compared one by one.

    Raises:
        TypeError: if the boxes are not of a float dtype.
        ValueError: if the shapes are others.

    Differs from MindSpore: it runs on all devices; MindSpore does not say the unit of angles.
    """
    for given in (boxes, query_boxes):
        if given.ndim != 3 or given.shape[2] != 5 or len(given) != len(boxes):
            raise ValueError(
                f"For 'rotated_iou', boxes must be of shape (batch, n, 5), but got {boxes.shape}, {query_boxes.shape}."
            )
    if not is_cross and boxes.shape != query_boxes.shape:
        raise ValueError(f"For 'rotated_iou', the shapes must be equal, but got {boxes.shape}, {query_boxes.shape}.")
    dtype = boxes.dtype
    first, second = (b.astype(np.promote_types(dtype, np.float32)) for b in (boxes, query_boxes))
    if is_cross:
        first, second = first[:, :, None], second[:, None]
    (centre, a, turn), (other, b, second_turn) = _places(first, trans), _places(second, trans)
    # With the first in the middle, so that corners are near 0
    corners = _corners(jnp.zeros_like(centre), a, turn), _corners(other - centre, b, second_turn)
    first, second = jnp.broadcast_arrays(*corners)
    common = _common(first, second, v_threshold, e_threshold)
    area, others = a.prod(-1), b.prod(-1)
    whole = area if mode == 1 else area + others - common
    return (common / whole).astype(dtype)
