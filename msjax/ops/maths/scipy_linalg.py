"""Factorizations and solutions of linear systems, of one matrix each, as scipy has them."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import jax.scipy.linalg as scipy_linalg
import numpy as np

from msjax.ops.call.checks import only_tensors, positive_definite
from msjax.ops.call.promotion import is_float
from msjax.ops.table import op

_UNUSED = "overwrite_a: _=False, check_finite: _=True"
_TRANSPOSED = {0: (False, False), 1: (True, False), 2: (True, True)}
_TRANSPOSED |= {"N": _TRANSPOSED[0], "T": _TRANSPOSED[1], "C": _TRANSPOSED[2]}


def _matrix(owner: str, x, square: bool = True, complexes: bool = False):
    """One matrix, of floats; those of integers are float64."""
    only_tensors(owner, x)
    known = np.dtype(x.dtype)
    if known not in (np.int32, np.int64, np.float32, np.float64) and not (complexes and known.kind == "c"):
        raise TypeError(f"For '{owner}', the 'a' must be of dtype int32, int64, float32 or float64, but got {x.dtype}.")
    if x.ndim != 2:
        raise ValueError(f"For '{owner}', the 'a' must have two axes, but its shape is {x.shape}.")
    if square and x.shape[0] != x.shape[1]:
        raise ValueError(f"For '{owner}', the 'a' must be a square matrix, but its shape is {x.shape}.")
    return x.astype(np.float64) if x.dtype.kind == "i" else x


def _fitting(owner: str, a, b) -> None:
    """Raise unless `b` is a right side for `a`: a vector or a matrix for each matrix, of the same dtype."""
    only_tensors(owner, a, b)
    if a.dtype != b.dtype:
        raise TypeError(f"For '{owner}', both must be of the same dtype, but got {a.dtype} and {b.dtype}.")
    vector = b.ndim == a.ndim - 1
    if a.ndim < 2 or a.shape[-1] != a.shape[-2] or b.shape[: a.ndim - 1 if vector else -1] != a.shape[:-1]:
        raise ValueError(
            f"For '{owner}', shapes must be (..., N, N) and (..., N) or (..., N, M), but got {a.shape} and {b.shape}."
        )


@op("scipy.linalg.block_diag(*arrs)")
def block_diag(*arrs):
    """The matrix that has some matrices along its diagonal, and zeros elsewhere; vectors count as rows."""
    only_tensors("block_diag", *arrs)
    if any(x.ndim > 2 for x in arrs):
        raise ValueError(f"For 'block_diag', no array may have more than two axes, but got {[x.shape for x in arrs]}.")
    return scipy_linalg.block_diag(*arrs) if arrs else jnp.zeros((1, 0), np.float32)


@op(f"scipy.linalg.inv(a, {_UNUSED})")
def inv(a):
    """The inverse of a matrix."""
    return jnp.linalg.inv(_matrix("inv", a))


@op("scipy.linalg.det(a, overwrite_a: _=False, check_finite: _=True)")
def det_of_matrix(a):
    """The determinant of a matrix."""
    return jnp.linalg.det(_matrix("det", a))


@op(f"scipy.linalg.cholesky(a, lower=False, {_UNUSED})", check=positive_definite, kinds={"lower": "bool"})
def scipy_cholesky(a, *, lower=False):
    """The triangular factor U of A = U.T @ U, or with `lower` the L of A = L @ L.T.

    Raises:
        RuntimeError: if the matrix is not positive definite.
    """
    factor = jnp.linalg.cholesky(_matrix("cholesky", a))
    return factor if lower else factor.T


@op("scipy.linalg.eigh(a, b: other=None, lower=True, eigvals_only=False, overwrite_a: _=False, overwrite_b: _=False, "
    "turbo: _=True, eigvals: which=None, type: _=1, check_finite: _=True)",
    kinds={"lower": "bool", "eigvals_only": "bool"})  # fmt: skip
def scipy_eigh(a, other=None, *, lower=True, eigvals_only=False, which=None) -> jax.Array | tuple[jax.Array, ...]:
    """The eigenvalues of a Hermitian matrix, ascending, and its eigenvectors as columns.

    Only the triangle that `lower` says is read.

    Raises:
        ValueError: if `b` or `eigvals` is given.
    """
    if other is not None or which is not None:
        raise ValueError("For 'eigh', 'b' and 'eigvals' must be None: all eigenvalues of one matrix are computed.")
    a = _matrix("eigh", a, complexes=True)
    triangle, rest = (jnp.tril(a), jnp.tril(a, -1)) if lower else (jnp.triu(a), jnp.triu(a, 1))
    values, vectors = jnp.linalg.eigh(triangle + rest.conj().T, symmetrize_input=False)
    values = values.astype(a.dtype)
    return values if eigvals_only else (values, vectors)


@op(f"scipy.linalg.lu_factor(a, {_UNUSED})")
def lu_factor(a) -> tuple[jax.Array, jax.Array]:
    """The factors L and U of a matrix with exchanged rows, as one matrix, and with which row each is exchanged."""
    factors, pivots, _ = jax.lax.linalg.lu(_matrix("lu_factor", a))
    return factors, pivots


@op(f"scipy.linalg.lu(a, permute_l=False, {_UNUSED})", kinds={"permute_l": "bool"})
def lu(a, *, permute_l=False) -> tuple[jax.Array, ...]:
    """The P, L and U of A = P @ L @ U: a permutation, and a lower and an upper triangular matrix.

    With `permute_l` there are two, P @ L and U.
    """
    a = _matrix("lu", a, square=False)
    rows, columns = a.shape
    if rows > columns:
        raise ValueError(f"For 'lu', the 'a' must not have more rows than columns, but its shape is {a.shape}.")
    factors, _, order = jax.lax.linalg.lu(a)
    lower = jnp.tril(factors[:, :rows], -1) + jnp.eye(rows, dtype=a.dtype)
    upper = jnp.triu(factors)
    if permute_l:
        return lower[jnp.argsort(order)], upper
    return jnp.eye(rows, dtype=np.int32)[:, order], lower, upper


@op("scipy.linalg._lu_solution(lu, piv, b, trans=0)", kinds={"trans": "int"})
def lu_solution(lu, piv, b, *, trans=0):
    """The x with A @ x = b, given the LU decomposition of A; with A.T for `trans` 1, its adjoint for 2."""
    if trans not in (0, 1, 2):
        raise ValueError(f"For 'lu_solve', the 'trans' must be 0, 1 or 2, but got {trans}.")
    _fitting("lu_solve", lu, b)
    return scipy_linalg.lu_solve((lu, piv), b, trans)


@op(
    "scipy.linalg.lu_pivots_to_permutation(pivots, permutation_size)", kinds={"permutation_size": "int [0, 2147483647]"}
)
def lu_pivots_to_permutation(pivots, *, permutation_size):
    """The order of the rows that exchanges of rows, one after the other, leave."""
    return jax.lax.linalg.lu_pivots_to_permutation(pivots.astype(np.int32), permutation_size)


@op("scipy.linalg.solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b: _=False, "
    "debug: _=None, check_finite: _=True)",
    "scipy.ops.solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False)",
    "scipy.ops.SolveTriangular(lower=False, unit_diagonal=False, trans='N')(a, b)",
    kinds={"lower": "bool", "unit_diagonal": "bool", "trans": "int or str"})  # fmt: skip
def solve_triangular(a, b, *, trans=0, lower=False, unit_diagonal=False):
    """The x with A @ x = b for triangular A, of which one triangle is read; with A.T for `trans` 1, its adjoint for 2.

    Raises:
        ValueError: for another `trans`, or if the shapes do not fit.
    """
    if trans not in _TRANSPOSED:
        raise ValueError(f"For 'solve_triangular', the 'trans' must be one of {list(_TRANSPOSED)}, but got {trans!r}.")
    _fitting("solve_triangular", a, b)
    wide = np.float32 if a.dtype == np.float16 else a.dtype if is_float(a) or a.dtype.kind == "c" else np.float64
    transpose, conjugate = _TRANSPOSED[trans]
    vector = b.ndim == a.ndim - 1
    right = (b[..., None] if vector else b).astype(wide)
    solution = jax.lax.linalg.triangular_solve(
        a.astype(wide), right, left_side=True, lower=lower, transpose_a=transpose, conjugate_a=conjugate,
        unit_diagonal=unit_diagonal,
    )  # fmt: skip
    return (solution[..., 0] if vector else solution).astype(b.dtype)


@op("scipy.linalg.lstsq(A: a, B: b, rcond=None, driver=None)",
    kinds={"driver": "None or 'gels' or 'gelsy' or 'gelsd' or 'gelss'", "rcond": "None or number"})  # fmt: skip
def scipy_lstsq(a, b, *, rcond=None, driver=None) -> tuple[jax.Array, ...]:
    """The X that minimizes the norm of A @ X - B, the sums of the squares that remain, the rank and singular values.

    Drivers "gelsd" and "gelss" give what remains, where A has more rows than columns and full rank, and the singular
    values; others give empty Tensors. So is the rank with "gels".
    """
    owner, (rows, columns) = "lstsq", a.shape[-2:]
    if a.dtype != b.dtype or not is_float(a):
        raise TypeError(f"For '{owner}', both must be of one float dtype, but got {a.dtype} and {b.dtype}.")
    vector = b.ndim == a.ndim - 1
    left, values, right = jnp.linalg.svd(a, full_matrices=False)
    bound = (jnp.finfo(a.dtype).eps * max(rows, columns) if rcond is None else rcond) * values[..., :1]
    kept = values > bound
    inverse = jnp.where(kept, 1 / jnp.where(kept, values, 1), 0)
    matrix = b[..., None] if vector else b
    found = jnp.swapaxes(right, -1, -2) @ (inverse[..., None] * (jnp.swapaxes(left, -1, -2) @ matrix))
    empty, batch = jnp.zeros((0,), a.dtype), a.shape[:-2]
    rank = jnp.sum(kept, -1).astype(np.int64) if driver != "gels" else jnp.zeros((0,), np.int64)
    remains = jnp.sum((a @ found - matrix) ** 2, -2)
    solution = found[..., 0] if vector else found
    if driver not in ("gelsd", "gelss"):
        return solution, empty, rank, empty
    return solution, remains if rows > columns else empty.reshape(*batch, 0) if batch else empty, rank, values


@op("scipy.ops.Eig(compute_v=True)(x)", "ops.Eig(compute_v=False)(x)")
def scipy_eig(x, *, compute_v=True) -> tuple[jax.Array, ...]:
    """The eigenvalues of a square matrix, and its eigenvectors as columns."""
    values, vectors = jnp.linalg.eig(x)
    return (values, vectors) if compute_v else (values, jnp.zeros((), values.dtype))


@op("scipy.ops.LU()(x)")
def lu_with_permutation(x) -> tuple[jax.Array, ...]:
    """The factors L and U of a matrix as one, with which row each is exchanged, and the permutation of the rows."""
    factors, pivots, order = jax.lax.linalg.lu(x)
    return factors, pivots, jnp.eye(x.shape[0], dtype=np.int32)[:, order]
