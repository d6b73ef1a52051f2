"""Inverses, determinants, solvers and decompositions of matrices."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import jax.scipy.linalg as scipy_linalg
import numpy as np

from msjax.ops.call.checks import inverted, one_dtype, positive_definite
from msjax.ops.call.promotion import array, inexact, is_float
from msjax.ops.table import op

# -- inverses and determinants ---------------------------------------------------------------------------------------


def square(x, what: str):
    """The square matrices `x`, as floats; else a ValueError."""
    x = inexact(x)
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ValueError(f"For '{what}', the input must be a square matrix or a batch of them, but got {x.shape}.")
    return x


@op(
    "ops.inverse(input)",
    "ops.MatrixInverse(adjoint=False)(x)",
    "Tensor.inverse()",
    "mint.inverse(input)",
    "mint.linalg.inv(input)",
)
def inverse(x, *, adjoint=False):
    """The inverses of square matrices (or of their adjoints)."""
    x = square(x, "inverse")
    return jnp.linalg.inv(jnp.conj(jnp.swapaxes(x, -1, -2)) if adjoint else x)


def _of_square(name: str, function: Callable, *faces: str) -> None:
    def definition(x):
        return function(square(x, name))

    definition.__name__ = name
    op(*faces)(definition)


_of_square("det", jnp.linalg.det, "ops.det(input)", "ops.matrix_determinant(input)", "ops.MatrixDeterminant()(input)",
           "Tensor.det()", "Tensor.matrix_determinant()")  # fmt: skip
_of_square("logdet", lambda x: jnp.log(jnp.linalg.det(x)), "ops.logdet(input)", "Tensor.logdet()")
_of_square("matrix_exp", scipy_linalg.expm, "ops.matrix_exp(input)", "ops.MatrixExp()(input)", "Tensor.matrix_exp()")
_of_square("eigvals", jnp.linalg.eigvals, "ops.eigvals(A)", "Tensor.eigvals()")


@op(
    "ops.slogdet(input)",
    "ops.log_matrix_determinant(input)",
    "ops.LogMatrixDeterminant()(input)",
    "Tensor.slogdet()",
    "Tensor.log_matrix_determinant()",
)
def slogdet(x) -> tuple[jax.Array, jax.Array]:
    """The signs of the determinants of square matrices, and the logarithms of their absolute values."""
    sign, logarithm = jnp.linalg.slogdet(square(x, "slogdet"))
    return sign, logarithm


@op("ops.eig(A)")
def eig(x) -> tuple[jax.Array, jax.Array]:
    """The eigenvalues of square matrices, and their eigenvectors as columns."""
    values, vectors = jnp.linalg.eig(square(x, "eig"))
    return values, vectors


@op("ops.matrix_power(input, n)", "ops.MatrixPower(n)(x)", "Tensor.matrix_power(n)", "numpy.matrix_power(a, n)",
    check=inverted("matrix_power"))  # fmt: skip
def matrix_power(x, *, n):
    """The n-th power of square matrices; negative powers invert first.

    Raises:
        ValueError: if a matrix is singular that is inverted.
    """
    return jnp.linalg.matrix_power(square(x, "matrix_power") if n < 0 else array(x), n)


@op("ops.pinv(x, *, atol=None, rtol=None, hermitian=False)")
def pinv(x, *, atol=None, rtol=None, hermitian=False):
    """The pseudo-inverse; singular values below max(atol, rtol * the largest) count as 0."""
    x = inexact(x)
    if atol is not None:
        largest = jnp.max(singular_values(x), -1)
        rtol = jnp.maximum(0.0 if rtol is None else rtol, atol / largest)
    return jnp.linalg.pinv(x, rtol=rtol, hermitian=hermitian)


# -- solvers ---------------------------------------------------------------------------------------------------------


@op(
    "ops.matrix_solve(matrix, rhs, adjoint=False)",
    "ops.MatrixSolve(adjoint=False)(matrix, rhs)",
    check=inverted("matrix_solve"),
)
def matrix_solve(x, y, *, adjoint=False):
    """The X with matrix @ X = rhs (or adjoint(matrix) @ X = rhs).

    Raises:
        TypeError: if the dtypes differ.
        ValueError: if a matrix is singular.
    """
    x, y = square(x, "matrix_solve"), inexact(y)
    one_dtype("matrix_solve", x, y)
    return jnp.linalg.solve(jnp.conj(jnp.swapaxes(x, -1, -2)) if adjoint else x, y)


@op(
    "ops.lstsq(input, A)",
    "Tensor.lstsq(A)",
)
def lstsq(x, y):
    """The X that minimizes the norm of input @ X - A: the smallest, if there are several."""
    x = inexact(x)
    return jnp.linalg.pinv(x, rtol=float(jnp.finfo(x.dtype).eps) * max(x.shape[-2:])) @ inexact(y)


@op(
    "mint.triangular_solve(b, A, upper=True, transpose=False, unitriangular=False)",
    "Tensor.triangular_solve(A, upper=True, transpose=False, unitriangular=False)",
)
def triangular_solve(b, x, *, upper=True, transpose=False, unitriangular=False) -> tuple[jax.Array, jax.Array]:
    """The X with A @ X = b for triangular A, and A."""
    b, x = inexact(b), inexact(x)
    batch = np.broadcast_shapes(x.shape[:-2], b.shape[:-2])
    b, full = jnp.broadcast_to(b, batch + b.shape[-2:]), jnp.broadcast_to(x, batch + x.shape[-2:])
    solution = jax.lax.linalg.triangular_solve(
        full, b, left_side=True, lower=not upper, transpose_a=transpose, unit_diagonal=unitriangular
    )
    return solution, x


@op("ops.Lstsq(fast: _=True, l2_regularizer=0.0)(matrix, rhs)")
def lstsq_primitive(x, y, *, l2_regularizer=0.0):
    """The X that minimizes the norm of matrix @ X - rhs, with an axis of right-hand sides even if there is one.

    Args:
        x: a matrix (m, n).
        y: the right sides (m, k), or one of them (m,).
        l2_regularizer: 0.0.

    Returns:
        A Tensor (n, k).

    Raises:
        TypeError: for another `l2_regularizer` than 0.
    """
    if l2_regularizer != 0:
        raise TypeError(f"For 'Lstsq', the 'l2_regularizer' must be 0.0, but got {l2_regularizer}.")
    return lstsq(x, y[:, None] if y.ndim == 1 else y)


@op("ops.MatrixTriangularSolve(lower=True, adjoint=False)(matrix, rhs)")
def matrix_triangular_solve(x, b, *, lower=True, adjoint=False):
    """The X with matrix @ X = rhs, or that of the conjugate transpose, for a triangular matrix.

    Args:
        x: triangular matrices (..., n, n).
        b: the right sides (..., n, k).
        lower: whether the lower triangle is meant, not the upper one.
        adjoint: whether the matrix is transposed and conjugated first.

    Returns:
        A Tensor of the shape of the right sides.
    """
    x, b = square(x, "MatrixTriangularSolve"), inexact(b)
    one_dtype("MatrixTriangularSolve", x, b)
    return scipy_linalg.solve_triangular(x, b, trans=2 if adjoint else 0, lower=lower)


@op(
    "ops.cholesky_solve(input, input2, upper=False)",
    "ops.CholeskySolve(upper=False)(x1, x2)",
    "Tensor.cholesky_solve(input2, upper=False)",
)
def cholesky_solve(b, factor, *, upper=False):
    """The X with A @ X = b, given the Cholesky factor of A.

    Args:
        b: the right sides (..., n, k).
        factor: the triangular factor (..., n, n).
    """
    factor, b = inexact(factor), inexact(b)
    one_dtype("cholesky_solve", b, factor)
    return scipy_linalg.cho_solve((factor, not upper), b)


@op(
    "ops.cholesky_inverse(input_x, upper=False)",
    "ops.CholeskyInverse(upper=False)(input_x)",
    "Tensor.cholesky_inverse(upper=False)",
)
def cholesky_inverse(factor, *, upper=False):
    """The inverse of A, given its Cholesky factor."""
    factor = square(factor, "cholesky_inverse")
    return scipy_linalg.cho_solve(
        (factor, not upper), jnp.broadcast_to(jnp.eye(factor.shape[-1], dtype=factor.dtype), factor.shape)
    )


@op(
    "ops.lu_solve(b, LU_data, LU_pivots)",
    "ops.LuSolve()(x, lu_data, lu_pivots)",
    "Tensor.lu_solve(LU_data, LU_pivots)",
)
def lu_solve(b, lu, pivots):
    """The X with A @ X = b, given the LU decomposition of A with pivots counted from 1.

    Args:
        b: the right sides.
        lu: the factors L and U in one matrix.
        pivots: the row exchanges, as int32 counted from 1.
    """
    b, lu = inexact(b), inexact(lu)
    one_dtype("lu_solve", b, lu)
    return scipy_linalg.lu_solve((lu, array(pivots).astype(np.int32) - 1), b)


# -- decompositions --------------------------------------------------------------------------------------------------


@op("ops.cholesky(input_x, upper=False)", "ops.Cholesky(upper=False)(input_x)", "Tensor.cholesky(upper=False)",
    check=positive_definite)  # fmt: skip
def cholesky(x, *, upper=False):
    """The triangular factor L of A = L @ L.T, or its transpose.

    Raises:
        RuntimeError: if a matrix is not positive definite.
    """
    lower = jnp.linalg.cholesky(square(x, "cholesky"))
    return jnp.conj(jnp.swapaxes(lower, -1, -2)) if upper else lower


@op("ops.qr(input, mode='reduced')", "mint.linalg.qr(A, mode='reduced')")
def qr(x, *, mode="reduced") -> tuple[jax.Array, jax.Array]:
    """The orthogonal Q and upper triangular R with A = Q @ R; `mode` is "reduced", "complete" or "r"."""
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(f"For 'qr', 'mode' must be 'reduced', 'complete' or 'r', but got {mode!r}.")
    if mode == "r":
        r = jnp.linalg.qr(inexact(x), "r")
        return jnp.zeros((0,), r.dtype), r
    q, r = jnp.linalg.qr(inexact(x), mode)
    return q, r


@op("ops.Qr(full_matrices=False)(x)")
def qr_primitive(x, *, full_matrices=False) -> tuple[jax.Array, jax.Array]:
    """The orthogonal Q and upper triangular R with A = Q @ R; reduced unless `full_matrices`."""
    return qr(x, mode="complete" if full_matrices else "reduced")


@op("Tensor.qr(some=True)")
def qr_method(x, *, some=True) -> tuple[jax.Array, jax.Array]:
    """The orthogonal Q and upper triangular R with A = Q @ R; reduced if `some`."""
    return qr(x, mode="reduced" if some else "complete")


@op(
    "ops.svd(input, full_matrices=False, compute_uv=True)",
    "Tensor.svd(full_matrices=False, compute_uv=True)",
)
def svd(x, *, full_matrices=False, compute_uv=True) -> jax.Array | tuple[jax.Array, ...]:
    """The singular values s, largest first, and with `compute_uv` also U and V, with A = U @ diag(s) @ V.T.

    Where singular values are equal, U and V have no derivative: that they may turn within the space of their vectors
    does not count then.
    """
    x = inexact(x)
    if not compute_uv:
        return singular_values(x)
    if is_float(x) and (not full_matrices or x.shape[-1] == x.shape[-2]):
        return _svd(x)
    u, s, vh = jnp.linalg.svd(x, full_matrices)
    return s, u, jnp.conj(jnp.swapaxes(vh, -1, -2))


@op("ops.Svd(full_matrices=False, compute_uv=True)(input)")
def svd_primitive(x, *, full_matrices=False, compute_uv=True) -> tuple[jax.Array, ...]:
    """The singular values s, largest first, U and V, with A = U @ diag(s) @ V.T; a zero each for U and V if they are
    not asked for."""
    found = svd(x, full_matrices=full_matrices, compute_uv=compute_uv)
    return found if compute_uv else (found, *(jnp.zeros(1, x.dtype) for _ in "UV"))


def singular_values(x):
    return _singular_values(x) if is_float(x) else jnp.linalg.svd(x, compute_uv=False)


@jax.custom_jvp
def _svd(x):
    u, s, vh = jnp.linalg.svd(x, full_matrices=False)
    return s, u, jnp.swapaxes(vh, -1, -2)


@_svd.defjvp
def _svd_jvp(primals, tangents):
    (s, u, v), (dx,) = _svd(*primals), tangents
    transposed = lambda a: jnp.swapaxes(a, -1, -2)  # noqa: E731
    inner = transposed(u) @ dx @ v
    near = jnp.finfo(s.dtype).eps * s.shape[-1] * jnp.max(s, -1, initial=0)[..., None]
    # What turns U and V alike has the difference of two singular values below it, what turns them apart the sum.
    alike = (inner + transposed(inner)) / 2 * _inverse_or_0(s[..., None, :] - s[..., :, None], near[..., None])
    apart = (inner - transposed(inner)) / 2 * _inverse_or_0(s[..., None, :] + s[..., :, None], near[..., None])
    du, dv = u @ (alike + apart), v @ (alike - apart)
    inverse = _inverse_or_0(s, near)[..., None, :]
    if u.shape[-2] > s.shape[-1]:
        du += (dx @ v - u @ inner) * inverse
    if v.shape[-2] > s.shape[-1]:
        dv += (transposed(dx) @ u - v @ transposed(inner)) * inverse
    return (s, u, v), (jnp.diagonal(inner, axis1=-2, axis2=-1), du, dv)


def _inverse_or_0(x, near):
    small = jnp.abs(x) <= near
    return jnp.where(small, 0, 1 / jnp.where(small, 1, x))


@jax.custom_jvp
def _singular_values(x):
    return jnp.linalg.svd(x, compute_uv=False)


@_singular_values.defjvp
def _singular_values_jvp(primals, tangents):
    s, u, v = _svd(*primals)
    return s, jnp.einsum("...ik,...ij,...jk->...k", u, tangents[0], v)


@op("ops.geqrf(input)", "ops.Geqrf()(input)", "Tensor.geqrf()")
def geqrf(x) -> tuple[jax.Array, jax.Array]:
    """The QR decomposition as LAPACK stores it: R and the reflectors in one matrix, and their scales tau."""
    reflectors, tau = jnp.linalg.qr(inexact(x), "raw")
    return jnp.swapaxes(reflectors, -1, -2), tau


@op("ops.orgqr(input, input2)", "ops.Orgqr()(x, tau)", "Tensor.orgqr(input2)")
def orgqr(x, tau):
    """The first columns of Q, given the reflectors and scales that `geqrf` returns."""
    return _householder(inexact(x), inexact(tau))


@jax.custom_jvp
def _householder(x, tau):
    return jax.lax.linalg.householder_product(x, tau)


@_householder.defjvp
def _householder_jvp(primals, tangents):
    # LAPACK's routine has no derivative in JAX: here is the same product, one reflector after the other.
    return jax.jvp(_reflected, primals, tangents)


def _reflected(x, tau):
    """The first columns of (1 - tau_0 v_0 v_0^H) (1 - tau_1 v_1 v_1^H) ..., v_k being column k of x below a 1."""
    rows, columns = x.shape[-2:]
    vectors = jnp.tril(x, -1) + jnp.eye(rows, columns, dtype=x.dtype)
    q = jnp.broadcast_to(jnp.eye(rows, columns, dtype=x.dtype), x.shape)

    def reflect(q, reflector):
        v, scale = reflector
        inner = jnp.einsum("...i,...ij->...j", jnp.conj(v), q)
        return q - scale[..., None, None] * v[..., :, None] * inner[..., None, :], None

    each = jnp.moveaxis(vectors[..., : tau.shape[-1]], -1, 0), jnp.moveaxis(tau, -1, 0)
    return jax.lax.scan(reflect, q, each, reverse=True)[0]


@op(
    "ops.ormqr(input, tau, other, left=True, transpose=False)",
    "ops.Ormqr(left=True, transpose=False)(x, tau, other)",
    "Tensor.ormqr(input2, input3, left=True, transpose=False)",
)
def ormqr(x, tau, other, *, left=True, transpose=False):
    """Q @ other (or other @ Q if not `left`), given the reflectors and scales that `geqrf` returns."""
    x, tau, other = inexact(x), inexact(tau), inexact(other)
    rows, batch = x.shape[-2], [(0, 0)] * (x.ndim - 2)
    full = jnp.pad(x, [*batch, (0, 0), (0, rows - x.shape[-1])])
    q = orgqr(full, jnp.pad(tau, [*batch, (0, rows - tau.shape[-1])]))
    q = jnp.conj(jnp.swapaxes(q, -1, -2)) if transpose else q
    return q @ other if left else other @ q


@op("ops.LuUnpack(unpack_data: _ = True, unpack_pivots: _ = True)(LU_data, LU_pivots)")
def lu_parts(lu, pivots) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The permutation P and factors L, U with A = P @ L @ U, of an LU decomposition with pivots counted from 1."""
    rows, columns = lu.shape[-2:]
    k = min(rows, columns)
    order = jax.lax.linalg.lu_pivots_to_permutation(pivots.astype(np.int32) - 1, rows)
    batch = np.broadcast_shapes(lu.shape[:-2], pivots.shape[:-1])
    permutation = jnp.swapaxes(jnp.eye(rows, dtype=lu.dtype)[order], -1, -2)
    lower = jnp.tril(lu[..., :k], -1) + jnp.eye(rows, k, dtype=lu.dtype)
    return jnp.broadcast_to(permutation, (*batch, rows, rows)), lower, jnp.triu(lu[..., :k, :])


@op("ops.lu_unpack(LU_data, LU_pivots, unpack_data=True, unpack_pivots=True)", jit=False)
def lu_unpack(lu, pivots, *, unpack_data=True, unpack_pivots=True) -> tuple[jax.Array | None, ...]:
    """The permutation P and factors L, U with A = P @ L @ U, of an LU decomposition with pivots counted from 1.

    With None in place of P without `unpack_pivots`, and of L and U without `unpack_data`.
    """
    permutation, lower, upper = lu_parts(lu, pivots)
    return (permutation if unpack_pivots else None, *((lower, upper) if unpack_data else (None, None)))
