"""Sampling images at given places: grid_sample and affine_grid."""

from __future__ import annotations

import itertools

import jax.numpy as jnp

from msjax.ops.call.promotion import array
from msjax.ops.table import op


def _pixels(at, size: int, corners: bool):
    """Normalized coordinates, -1 to 1, as indices."""
    return (at + 1) / 2 * (size - 1) if corners else ((at + 1) * size - 1) / 2


def _reflect(at, size: int, corners: bool):
    low, span = (0.0, size - 1) if corners else (-0.5, size)
    if span == 0:
        return jnp.zeros_like(at)
    folded = jnp.abs(at - low) % (2 * span)
    return jnp.where(folded > span, 2 * span - folded, folded) + low


def sampled(x, places, nearest: bool):
    """`x` (C, *sizes) at `places`, one array of indices for each axis; elements outside are zeros."""
    corners = [
        [(jnp.round(p), 1)]
        if nearest
        else [(jnp.floor(p), 1 - (p - jnp.floor(p))), (jnp.floor(p) + 1, p - jnp.floor(p))]
        for p in places
    ]
    total = 0
    for chosen in itertools.product(*corners):
        inside, index, weight = True, [], 1
        for (at, share), size in zip(chosen, x.shape[1:], strict=True):
            inside = inside & (at >= 0) & (at < size)
            index.append(jnp.clip(at, 0, size - 1).astype(int))
            weight = weight * share
        total = total + jnp.where(inside, x[:, *index], 0) * weight
    return total


GRID = "(input, grid, mode='bilinear', padding_mode='zeros', align_corners=None)"
PRIMITIVE = "(interpolation_mode: mode = 'bilinear', padding_mode='zeros', align_corners=False)(input_x, grid)"


@op(
    f"ops.grid_sample{GRID}",
    f"mint.nn.functional.grid_sample{GRID}",
    f"ops.GridSampler2D{PRIMITIVE}",
    f"ops.GridSampler3D{PRIMITIVE}",
)
def grid_sample(x, grid, *, mode="bilinear", padding_mode="zeros", align_corners=None):
    """The input at the places of the grid, from -1 to 1 along each axis, the last axis of the input first.

    Args:
        input: (N, C, H, W) or (N, C, D, H, W).
        grid: (N, H', W', 2) or (N, D', H', W', 3).
        mode: "bilinear" or "nearest".
        padding_mode: what is outside: "zeros", "border" (the nearest element) or "reflection".

    Raises:
        ValueError: for other modes or shapes.
    """
    x, grid = array(x), array(grid)
    n = x.ndim - 2
    if n not in (2, 3) or grid.ndim != x.ndim or grid.shape[-1] != n or grid.shape[0] != x.shape[0]:
        raise ValueError(
            "For 'grid_sample', an input of (N, C, H, W) takes a grid of (N, "
            f"H', W', 2), but got {x.shape} and {grid.shape}."
        )
    if mode not in ("bilinear", "nearest"):
        raise ValueError(f"For 'grid_sample', the 'mode' must be 'bilinear' or 'nearest', but got {mode!r}.")
    if padding_mode not in ("zeros", "border", "reflection"):
        raise ValueError(
            "For 'grid_sample', the 'padding_mode' must be 'zeros', "
            f"'border' or 'reflection', but got {padding_mode!r}."
        )
    places = []
    for k, size in enumerate(reversed(x.shape[2:])):
        at = _pixels(grid[..., k], size, bool(align_corners))
        if padding_mode == "reflection":
            at = _reflect(at, size, bool(align_corners))
        places.insert(0, at if padding_mode == "zeros" else jnp.clip(at, 0, size - 1))
    return jnp.stack([sampled(image, [p[i] for p in places], mode == "nearest") for i, image in enumerate(x)])


@op(
    "ops.affine_grid(theta, size, align_corners=False)", "ops.AffineGrid(align_corners=False)(theta, output_size: size)"
)
def affine_grid(theta, *, size, align_corners=False):
    """A grid for `grid_sample` by affine maps.

    Args:
        theta: (N, 2, 3) or (N, 3, 4).
        size: the output's (N, C, H, W) or (N, C, D, H, W).

    Raises:
        ValueError: if they do not fit.
    """
    theta, n = array(theta), len(size) - 2
    if n not in (2, 3) or theta.shape != (size[0], n, n + 1):
        raise ValueError(
            f"For 'affine_grid', a size of {tuple(size)} takes a theta of "
            f"({size[0]}, {n}, {n + 1}), but got {theta.shape}."
        )
    axes = []
    for length in reversed(size[2:]):
        steps = jnp.arange(length, dtype=theta.dtype)
        ends = steps / max(length - 1, 1) * 2 - 1 if align_corners else (2 * steps + 1) / length - 1
        axes.append(ends if length > 1 or not align_corners else jnp.zeros_like(ends))
    mesh = jnp.meshgrid(*reversed(axes), indexing="ij")[::-1]
    base = jnp.stack([*mesh, jnp.ones_like(mesh[0])], -1)
    return jnp.einsum("...k,nik->n...i", base, theta)
