"""Linear algebra with scipy's parameters; factorizations are given on as the pairs that they are."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core import kinds
from msjax.ops import table

__getattr__, __dir__ = table.serve(__name__)


def cho_factor(a, lower=False, overwrite_a=False, check_finite=True) -> tuple[Any, bool]:
    """The Cholesky factor of a matrix, for `cho_solve`.

    Args:
        a: a positive definite matrix (N, N).
        lower: whether the factor is a lower triangular matrix.
        overwrite_a, check_finite: accepted for compatibility.

    Returns:
        The factor, and `lower`.

    Raises:
        RuntimeError: if the matrix is not positive definite.

    Example:
        >>> factor, lower = ms.scipy.linalg.cho_factor(Tensor([[4.0, 2.0], [2.0, 5.0]]))
        >>> print(factor)
        [[2. 1.]
         [0. 2.]]
    """
    return table.lookup("scipy.linalg", "cholesky")(a, lower), lower


def cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True):
    """The x with A @ x = b, given what `cho_factor` gives for A.

    Args:
        c_and_lower: the factor, and whether it is lower triangular.
        b: a vector (N,) or a matrix (N, M).
        overwrite_b, check_finite: accepted for compatibility.

    Returns:
        A Tensor of the shape of `b`.

    Raises:
        TypeError, ValueError: if dtypes or shapes do not fit.

    Example:
        >>> factor = ms.scipy.linalg.cho_factor(Tensor([[4.0, 2.0], [2.0, 5.0]]))
        >>> print(ms.scipy.linalg.cho_solve(factor, Tensor([2.0, 1.0])))
        [0.5 0. ]
    """
    factor, lower = c_and_lower
    kinds.check("cho_solve", "lower", lower, "bool")
    return ops.cholesky_solve(b, factor, upper=not lower)


def lu_solve(lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True):
    """The x with A @ x = b, given what `lu_factor` gives for A.

    Args:
        lu_and_piv: the factors as one matrix, and the exchanges of rows.
        b: a vector (N,) or a matrix (N, M).
        trans: 0 to solve for A, 1 for its transpose, 2 for its adjoint.
        overwrite_b, check_finite: accepted for compatibility.

    Returns:
        A Tensor of the shape of `b`.

    Raises:
        ValueError: for another `trans`, or if the shapes do not fit.

    Example:
        >>> factors = ms.scipy.linalg.lu_factor(Tensor([[4.0, 2.0], [2.0, 5.0]]))
        >>> print(ms.scipy.linalg.lu_solve(factors, Tensor([2.0, 1.0])))
        [0.5 0. ]
    """
    factors, exchanges = lu_and_piv
    return table.lookup("scipy.linalg", "_lu_solution")(factors, exchanges, b, trans)
