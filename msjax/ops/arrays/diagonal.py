"""Diagonals and triangles: of matrices, and matrices made of them."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import is_a
from msjax.ops.call.arguments import dtype_of, hashable
from msjax.ops.call.promotion import array, axis_in
from msjax.ops.table import family, op

# -- the identity and its kin ----------------------------------------------------------------------------------------


@op(
    "ops.eye(n, m=None, dtype=None)",
    "ops.Eye()(n, m, dtype)",
    "mint.eye(n, m=None, dtype=None)",
    "numpy.eye(N: n, M: m=None, k=0, dtype=mstype.float32)",
    "numpy.identity(n, dtype=mstype.float32)",
)
def eye(*, n, m=None, k=0, dtype=None):
    """The `n` x `m` matrix with ones on its k-th diagonal, float32 by default."""
    n, m = hashable(n), hashable(m)
    for size in (n, n if m is None else m):
        if not is_a(size, "int"):
            raise TypeError(f"For 'eye', the numbers of rows and columns must be ints, but got {size!r}.")
        if size < 0:
            raise ValueError(f"For 'eye', the numbers of rows and columns must not be negative, but got {size}.")
    return jnp.eye(n, m, k, dtype_of(dtype) or np.float32)


@op("numpy.tri(N: n, M: m=None, k=0, dtype=mstype.float32)")
def tri(*, n, m=None, k=0, dtype=None):
    """Ones on and below the k-th diagonal."""
    return jnp.tri(n, m, k, dtype_of(dtype))


_SIDES = {"tril": (np.tril_indices, jnp.less_equal), "triu": (np.triu_indices, jnp.greater_equal)}


@op(
    *family(
        "side",
        _SIDES,
        "ops.{side}(input, diagonal=0)",
        "ops.{Side}(diagonal=0)(input)",
        "Tensor.{side}(diagonal=0)",
        "mint.{side}(input, diagonal=0)",
    ),
    name="{side}",
    numbers="diagonal",
)
def triangle(x, *, diagonal=0, side="tril"):
    """The elements on or {side|tril: below|triu: above} a diagonal; the others are 0."""
    x = array(x)
    if x.ndim < 2:
        raise ValueError(f"For '{side}', the input must have at least 2 axes, but got shape {x.shape}.")
    place = jnp.arange(x.shape[-1]) - jnp.arange(x.shape[-2])[:, None]
    return jnp.where(_SIDES[side][1](place, array(diagonal)), x, jnp.zeros((), x.dtype))


@op(*family("side", _SIDES, "numpy.{side}(m, k: diagonal=0)"), name="{side}", numbers="diagonal")
def triangle_of_rows(x, *, diagonal=0, side="tril"):
    """The elements on or {side|tril: below|triu: above} a diagonal; the others are 0.

    One axis is the row of a square matrix.
    """
    x = array(x)
    return triangle(jnp.tile(x, (x.size, 1)) if x.ndim == 1 else x, diagonal=diagonal, side=side)


@op(
    *family(
        "side",
        _SIDES,
        "ops.{side}_indices(row, col, offset=0, *, dtype=mstype.int64)",
        "ops.{Side}Indices(row, col, offset=0, dtype=mstype.int32)()",
    ),
    name="{side}_indices",
)
def triangle_indices(*, row, col, offset=0, dtype=None, side="tril"):
    """Rows and columns of a triangle, on or {side|tril: below|triu: above} a diagonal."""
    return jnp.asarray(np.stack(_SIDES[side][0](row, offset, col)), dtype_of(dtype))


@op(*family("side", _SIDES, "numpy.{side}_indices(n, k=0, m=None)"), name="{side}_indices")
def index_pair(*, n, k=0, m=None, side="tril") -> tuple[jax.Array, ...]:
    """Rows and columns of a triangle, on or {side|tril: below|triu: above} a diagonal."""
    return tuple(jnp.asarray(i, np.int32) for i in _SIDES[side][0](n, k, m))


@op(*family("side", _SIDES, "numpy.{side}_indices_from(arr, k=0)"), name="{side}_indices")
def index_pair_from(x, *, k=0, side="tril") -> tuple[jax.Array, ...]:
    """Rows and columns of a triangle, on or {side|tril: below|triu: above} a diagonal."""
    return index_pair(n=x.shape[-2], k=k, m=x.shape[-1], side=side)


@op("ops.matrix_band_part(x, lower, upper)", "ops.MatrixBandPart()(x, lower, upper)")
def matrix_band_part(x, lower, upper):
    """The elements at most `lower` below and `upper` above the main diagonal (negative: all); the others are 0."""
    offset = jnp.arange(x.shape[-1]) - jnp.arange(x.shape[-2])[:, None]
    lower, upper = (jnp.asarray(b)[..., None, None] for b in (lower, upper))
    return jnp.where(((lower < 0) | (-offset <= lower)) & ((upper < 0) | (offset <= upper)), x, 0)


# -- diagonals -------------------------------------------------------------------------------------------------------


@op("ops.diag(input)", "ops.Diag()(input)", "Tensor.diag()")
def diag(x):
    """The input's elements on the diagonal of a Tensor with twice its axes."""
    x = array(x)
    return jnp.diag(x.ravel()).reshape(x.shape * 2)


@op("mint.diag(input, diagonal=0)", "Tensor.diag(diagonal=0)", "numpy.diag(v, k: diagonal=0)")
def diag_of_matrix(x, *, diagonal=0):
    """The matrix with a vector on a diagonal, or the diagonal of a matrix."""
    return jnp.diag(array(x), diagonal)


@op("ops.DiagPart()(input_x)")
def diag_part(x):
    """The diagonal of a Tensor with twice the result's axes; what `ops.diag` undoes."""
    shape = x.shape[: x.ndim // 2]
    return jnp.diagonal(x.reshape(int(np.prod(shape)), -1)).reshape(shape)


@op("ops.diagflat(input, offset=0)", "Tensor.diagflat(offset=0)", "numpy.diagflat(v, k: offset=0)")
def diagflat(x, *, offset=0):
    """The matrix with the flattened input on a diagonal."""
    return jnp.diagflat(array(x), offset)


@op("ops.diag_embed(input, offset=0, dim1=-2, dim2=-1)", "Tensor.diag_embed(offset=0, dim1=-2, dim2=-1)",
    "mint.diag_embed(input, offset=0, dim1=-2, dim2=-1)")  # fmt: skip
def diag_embed(x, *, offset=0, dim1=-2, dim2=-1):
    """Matrices, in the axes `dim1` and `dim2`, with the input's last axis on a diagonal.

    Raises:
        ValueError: if `dim1` and `dim2` are one axis.
    """
    x = array(x)
    if axis_in(dim1, x.ndim + 1, "dim1") == axis_in(dim2, x.ndim + 1, "dim2"):
        raise ValueError("For 'diag_embed', 'dim1' must not be identical to 'dim2'.")
    size = x.shape[-1] + abs(offset)
    places = np.arange(x.shape[-1])
    rows, columns = places + max(-offset, 0), places + max(offset, 0)
    matrices = jnp.zeros((*x.shape[:-1], size, size), x.dtype).at[..., rows, columns].set(x)
    return jnp.moveaxis(matrices, (-2, -1), (dim1, dim2))


@op("numpy.diag_indices(n, ndim=2)")
def diag_indices(*, n, ndim=2) -> tuple[jax.Array, ...]:
    """Indices of the main diagonal of an array with `ndim` axes of length `n`."""
    return (jnp.arange(n, dtype=np.int32),) * ndim


@op(
    "ops.diagonal(input, offset=0, dim1: axis1=0, dim2: axis2=1)",
    "Tensor.diagonal(offset=0, axis1=0, axis2=1)",
    "mint.diagonal(input, offset=0, dim1: axis1=0, dim2: axis2=1)",
    "numpy.diagonal(a, offset=0, axis1=0, axis2=1)",
    view=True,
)
def diagonal(x, *, offset=0, axis1=0, axis2=1):
    """The diagonals of the matrices in two axes, as a last axis.

    Raises:
        ValueError: if the two axes are the same one, or out of range.
    """
    x = array(x)
    first, second = axis_in(axis1, x.ndim, "dim1"), axis_in(axis2, x.ndim, "dim2")
    if first == second:
        raise ValueError(f"The two axes of a diagonal can not be identical, but got {axis1} and {axis2}.")
    return jnp.diagonal(x, offset, first, second)
