"""Iterative solvers for systems of linear equations, by `jax.scipy.sparse.linalg`, differentiated implicitly."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import jax.scipy.sparse.linalg as solvers
import numpy as np

from msjax.ops.call.promotion import inexact
from msjax.ops.table import op


def _system(owner: str, a, b, x0, m) -> tuple:
    """Matrix, right side, first guess and preconditioner, in one float dtype."""
    a, b = inexact(a), inexact(b)
    if a.ndim != 2 or a.shape[0] != a.shape[1] or b.shape[:1] != a.shape[:1] or b.ndim > 2:
        raise ValueError(
            f"For '{owner}', the shapes must be (N, N) and (N,) or (N, 1), but got {a.shape} and {b.shape}."
        )
    dtype = jnp.promote_types(a.dtype, b.dtype)
    cast = lambda x: None if x is None else x.astype(dtype)  # noqa: E731
    return a.astype(dtype), b.astype(dtype), cast(x0), cast(m)


def _info(solution, a, b, tol, atol):
    """0 where what remains is within the tolerance, else 1."""
    remains = jnp.linalg.norm(b - a @ solution)
    return jnp.where(remains <= jnp.maximum(10 * tol * jnp.linalg.norm(b), atol), 0, 1).astype(np.int32)


@op("scipy.sparse.linalg.cg(A: a, b, x0=None, *, tol=1e-5, atol=0.0, maxiter=None, M: m=None, callback: _=None)")
def cg(a, b, x0=None, m=None, *, tol=1e-5, atol=0.0, maxiter=None) -> tuple[jax.Array, jax.Array]:
    """The x with A @ x = b for a Hermitian, positive definite A, by conjugate gradients; and 0 if it converged."""
    a, b, x0, m = _system("cg", a, b, x0, m)
    solution, _ = solvers.cg(a, b, x0, tol=tol, atol=atol, maxiter=maxiter, M=m)
    return solution, _info(solution, a, b, tol, atol)


@op("scipy.sparse.linalg.bicgstab(A: a, b, x0=None, *, tol=1e-5, atol=0.0, maxiter=None, M: m=None)")
def bicgstab(a, b, x0=None, m=None, *, tol=1e-5, atol=0.0, maxiter=None) -> tuple[jax.Array, jax.Array]:
    """The x with A @ x = b, by stabilized biconjugate gradients; and 0 if it converged."""
    a, b, x0, m = _system("bicgstab", a, b, x0, m)
    solution, _ = solvers.bicgstab(a, b, x0, tol=tol, atol=atol, maxiter=maxiter, M=m)
    return solution, _info(solution, a, b, tol, atol)


@op("scipy.sparse.linalg.gmres(A: a, b, x0=None, *, tol=1e-5, restart=20, maxiter=None, M: m=None, "
    "callback: _=None, restrt: _=None, atol=0.0, callback_type: _=None, solve_method='batched')",
    kinds={"restart": "int > 0", "solve_method": "'batched' or 'incremental'"})  # fmt: skip
def gmres(
    a, b, x0=None, m=None, *, tol=1e-5, atol=0.0, restart=20, maxiter=None, solve_method="batched"
) -> tuple[jax.Array, jax.Array]:
    """The x with A @ x = b, by generalized minimal residuals, which begin anew after `restart` steps; and 0 if it
    converged."""
    a, b, x0, m = _system("gmres", a, b, x0, m)
    solution, _ = solvers.gmres(
        a, b, x0, tol=tol, atol=atol, restart=restart, maxiter=maxiter, M=m, solve_method=solve_method
    )
    return solution, _info(solution, a, b, tol, atol)
