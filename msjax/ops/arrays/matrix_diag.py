"""Bands of diagonals: matrices made of several diagonals, and back."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.ops.call.arguments import hashable
from msjax.ops.call.promotion import array
from msjax.ops.table import op

ALIGNMENTS = ("RIGHT_LEFT", "LEFT_RIGHT", "LEFT_LEFT", "RIGHT_RIGHT")


def _limits(k) -> tuple[int, int]:
    """The lowest and highest diagonal that `k` means, an int or a pair."""
    k = hashable(k)
    low, high = (k[0], k[-1]) if isinstance(k, tuple) else (k, k)
    if low > high:
        raise ValueError(f"The lowest diagonal must not be above the highest, but got k={k}.")
    return low, high


def _length(rows: int, columns: int, low: int, high: int) -> int:
    """The length of the longest diagonal of a band."""
    return min(rows + min(high, 0), columns - max(low, 0))


def _places(shape: tuple[int, ...], low: int, high: int, align: str):
    """Rows, columns and validity of the elements of a band, stored as one row for each diagonal, the highest first.

    A diagonal shorter than the longest is put at the left or right of its row: `align` says where for the upper
    diagonals and, after the underscore, for the lower ones.
    """
    if align not in ALIGNMENTS:
        raise ValueError(f"'align' must be one of {', '.join(ALIGNMENTS)}, but got {align!r}.")
    (rows, columns), (upper, lower) = shape[-2:], align.split("_")
    diagonals = np.arange(high, low - 1, -1)[:, None]
    lengths = np.minimum(rows + np.minimum(diagonals, 0), columns - np.maximum(diagonals, 0))
    longest = _length(rows, columns, low, high)
    left = ((diagonals >= 0) & (upper == "LEFT")) | ((diagonals <= 0) & (lower == "LEFT"))
    place = np.arange(longest) - np.where(left, 0, longest - lengths)
    valid = (place >= 0) & (place < lengths)
    return place + np.maximum(-diagonals, 0), place + np.maximum(diagonals, 0), valid


def _put(x, diagonals, low, high, align):
    """`x` with a band of diagonals replaced."""
    i, j, valid = _places(x.shape, low, high, align)
    diagonals = diagonals if low != high else diagonals[..., None, :]
    return x.at[..., i[valid], j[valid]].set(diagonals[..., valid].astype(x.dtype))


@op(
    "ops.matrix_diag(x, k=0, num_rows=-1, num_cols=-1, padding_value=0, align='RIGHT_LEFT')",
    "ops.MatrixDiagV3(align='RIGHT_LEFT')(x, k, num_rows, num_cols, padding_value)",
)
def matrix_diag(x, padding_value=0, *, k=0, num_rows=-1, num_cols=-1, align="RIGHT_LEFT"):
    """Matrices with the input's rows on their diagonals `k` (one or a range, highest first), padded elsewhere."""
    x, (low, high) = array(x), _limits(k)
    rows, columns = hashable(num_rows), hashable(num_cols)
    longest = x.shape[-1]
    least = longest - min(high, 0), longest + max(low, 0)
    if rows == columns == -1:
        rows = columns = max(least)
    rows, columns = (least[0] if rows == -1 else rows), (least[1] if columns == -1 else columns)
    batch = x.shape[:-1] if low == high else x.shape[:-2]
    matrices = jnp.full((*batch, rows, columns), jnp.asarray(padding_value).astype(x.dtype))
    return _put(matrices, x, low, high, align)


@op(
    "ops.matrix_diag_part(x, k, padding_value, align='RIGHT_LEFT')",
    "ops.MatrixDiagPartV3(align='RIGHT_LEFT')(x, k, padding_value)",
)
def matrix_diag_part(x, padding_value, *, k, align="RIGHT_LEFT"):
    """The diagonals `k` (one or a range, highest first) of matrices, as rows padded to the longest."""
    x, (low, high) = array(x), _limits(k)
    i, j, valid = _places(x.shape, low, high, align)
    found = x[..., np.where(valid, i, 0), np.where(valid, j, 0)]
    found = jnp.where(valid, found, jnp.asarray(padding_value).astype(x.dtype))
    return found[..., 0, :] if low == high else found


@op(
    "ops.matrix_set_diag(x, diagonal, k=0, align='RIGHT_LEFT')",
    "ops.MatrixSetDiagV3(align='RIGHT_LEFT')(x, diagonal, k)",
)
def matrix_set_diag(x, diagonal, *, k=0, align="RIGHT_LEFT"):
    """Matrices with their diagonals `k` (one or a range, highest first) replaced."""
    return _put(array(x), array(diagonal), *_limits(k), align)
