"""Diagonals and triangles: of matrices, and matrices made of them; one-hot codes and windows."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import is_a
from msjax.core.trace import concrete
from msjax.ops.arrays.creation import shape_of
from msjax.ops.call.arguments import dtype_of, hashable
from msjax.ops.call.promotion import array, axis_in
from msjax.ops.table import op

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


def _triangle(name: str, function, indices, meaning: str) -> None:
    """Declare tril or triu, and the indices of the triangle."""

    @op(
        f"ops.{name}(input, diagonal=0)",
        f"ops.{name.title()}(diagonal=0)(input)",
        f"Tensor.{name}(diagonal=0)",
        f"mint.{name}(input, diagonal=0)",
        numbers="diagonal",
    )
    def triangle(x, *, diagonal=0):
        x = array(x)
        if x.ndim < 2:
            raise ValueError(f"For '{name}', the input must have at least 2 axes, but got shape {x.shape}.")
        place = jnp.arange(x.shape[-1]) - jnp.arange(x.shape[-2])[:, None]
        return jnp.where(function(place, diagonal), x, jnp.zeros((), x.dtype))

    @op(f"numpy.{name}(m, k: diagonal=0)", numbers="diagonal")
    def triangle_of_rows(x, *, diagonal=0):
        x = array(x)
        return triangle(jnp.tile(x, (x.size, 1)) if x.ndim == 1 else x, diagonal=diagonal)

    @op(
        f"ops.{name}_indices(row, col, offset=0, *, dtype=mstype.int64)",
        f"ops.{name.title()}Indices(row, col, offset=0, dtype=mstype.int32)()",
    )
    def triangle_indices(*, row, col, offset=0, dtype=None):
        return jnp.asarray(np.stack(indices(row, offset, col)), dtype_of(dtype))

    @op(f"numpy.{name}_indices(n, k=0, m=None)")
    def index_pair(*, n, k=0, m=None) -> tuple[jax.Array, ...]:
        return tuple(jnp.asarray(i, np.int32) for i in indices(n, k, m))

    @op(f"numpy.{name}_indices_from(arr, k=0)")
    def index_pair_from(x, *, k=0) -> tuple[jax.Array, ...]:
        return index_pair(n=x.shape[-2], k=k, m=x.shape[-1])

    triangle.__name__, triangle.__doc__ = name, f"The elements {meaning} a diagonal; the others are 0."
    triangle_of_rows.__name__ = name
    triangle_of_rows.__doc__ = f"{triangle.__doc__} One axis is the row of a square matrix."
    for definition in (triangle_indices, index_pair, index_pair_from):
        definition.__name__ = f"{name}_indices"
        definition.__doc__ = f"Rows and columns of a triangle, {meaning} a diagonal."


_triangle("tril", lambda place, diagonal: place <= diagonal, np.tril_indices, "on or below")
_triangle("triu", lambda place, diagonal: place >= diagonal, np.triu_indices, "on or above")


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
    """Matrices, in the axes `dim1` and `dim2`, with the input's last axis on a diagonal."""
    x = array(x)
    size = x.shape[-1] + abs(offset)
    places = np.arange(x.shape[-1])
    rows, columns = places + max(-offset, 0), places + max(offset, 0)
    matrices = jnp.zeros((*x.shape[:-1], size, size), x.dtype).at[..., rows, columns].set(x)
    return jnp.moveaxis(matrices, (-2, -1), (dim1, dim2))


@op("numpy.diag_indices(n, ndim=2)")
def diag_indices(*, n, ndim=2) -> tuple[jax.Array, ...]:
    """Indices of the main diagonal of an array with `ndim` axes of length `n`."""
    return (jnp.arange(n, dtype=np.int32),) * ndim


# -- codes -----------------------------------------------------------------------------------------------------------


@op(
    "ops.one_hot(indices, depth, on_value=1, off_value=0, axis=-1)",
    "ops.OneHot(axis=-1)(indices, depth, on_value, off_value)",
)
def one_hot(indices, on_value=1, off_value=0, *, depth, axis=-1):
    """`on_value` at each index along a new axis of length `depth`, `off_value` elsewhere.

    An index out of range gives a row of `off_value`.

    Raises:
        TypeError: if the indices are not integers.
        ValueError: if the depth is negative.
    """
    indices, on_value, off_value = array(indices), array(on_value), array(off_value)
    if not jnp.issubdtype(indices.dtype, jnp.integer):
        raise TypeError(f"For 'one_hot', 'indices' must be integers, but got {indices.dtype}.")
    axis = axis_in(axis, indices.ndim + 1)
    places = jnp.arange(shape_of(depth)[0]).reshape((-1,) + (1,) * (indices.ndim - axis))
    dtype = jnp.result_type(on_value, off_value)
    return jnp.where(jnp.expand_dims(indices, axis) == places, on_value, off_value).astype(dtype)


@op("mint.nn.functional.one_hot(tensor, num_classes=-1)", jit=False)
def one_hot_of_classes(x, *, num_classes=-1):
    """1 at each index along a new last axis, 0 elsewhere; as long as the largest index needs by default."""
    depth = int(concrete(x).max()) + 1 if num_classes == -1 else num_classes
    return one_hot(x, depth=depth)


# -- windows ---------------------------------------------------------------------------------------------------------


def _window(name: str, function, *faces: str) -> None:
    def window(*, length, periodic=False, dtype=None):
        whole = function(length + 1)[:length] if periodic and length > 1 else function(length)
        return jnp.asarray(whole, dtype_of(dtype) or np.float32)

    window.__name__, window.__doc__ = name, f"The {name} window; `periodic` leaves out the last point of a longer one."
    op(*faces)(window)


for name, old in (("bartlett", "bartlett"), ("blackman", "blackman"), ("hann", "hanning"), ("hamming", "hamming")):
    _window(
        name,
        getattr(np, old),
        f"numpy.{old}(M: length)",
        *([] if name == "hamming" else [f"ops.{name}_window(window_length: length, periodic=True, *, dtype=None)"]),
    )
for name in ("Bartlett", "Blackman"):
    _window(
        name.lower(),
        getattr(np, name.lower()),
        f"ops.{name}Window(periodic=True, dtype=mstype.float32)(window_length: length)",
    )


@op(
    "ops.hamming_window(window_length, periodic=True, alpha=0.54, beta=0.46, *, dtype=None)",
    "ops.HammingWindow(periodic=True, alpha=0.54, beta=0.46, dtype=mstype.float32)(window_length)",
)
def hamming_window(*, window_length, periodic=True, alpha=0.54, beta=0.46, dtype=None):
    """alpha - beta * cos(2 pi n / N), with N one less than the length if not `periodic`."""
    length = hashable(window_length)
    angle = 2 * np.pi * np.arange(length) / max(length - (not periodic), 1)
    return jnp.asarray(alpha - beta * np.cos(angle) if length > 1 else np.ones(length), dtype_of(dtype) or np.float32)


@op("ops.kaiser_window(window_length, periodic=True, beta=12.0, *, dtype=None)")
def kaiser_window(*, window_length, periodic=True, beta=12.0, dtype=None):
    """The Kaiser window of shape `beta`."""
    whole = np.kaiser(window_length + (bool(periodic) and window_length > 1), beta)[:window_length]
    return jnp.asarray(whole, dtype_of(dtype) or np.float32)
