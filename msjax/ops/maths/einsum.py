"""Sums of products that an equation describes."""

from __future__ import annotations

import string
from typing import Any

import jax.numpy as jnp

from msjax.core.tensor import Tensor
from msjax.ops.call.checks import one_dtype
from msjax.ops.call.operator import Operator
from msjax.ops.call.promotion import array
from msjax.ops.table import op, publish


@op("ops.einsum(equation, *operands)")
def einsum(*operands, equation):
    """The sum of products that `equation` describes, such as "ij,jk->ik".

    Returns:
        A Tensor of the operands' dtype.
    """
    listed = operands[0] if len(operands) == 1 and isinstance(operands[0], list) else operands
    return einsum_primitive(listed, equation=equation)


@op("ops.Einsum(equation)(x)")
def einsum_primitive(operands, *, equation):
    """The sum of products that `equation` describes, such as "ij,jk->ik".

    Returns:
        A Tensor of the operands' dtype.
    """
    operands = [array(x) for x in operands]
    one_dtype("einsum", *operands)
    return jnp.einsum(equation, *operands)


def _einsum_mint(equation: Any, *operands: Any) -> Tensor:
    """The sum of products that `equation` describes, such as "ij,jk->ik".

    Args:
        equation: the letters of each operand's axes, and, after an arrow, of the result's. Or the first operand, if
            each one is followed by the numbers of its axes, in a list, and all by those of the result.
        operands: Tensors of one dtype.

    Returns:
        A Tensor of that dtype.

    Raises:
        TypeError: if the dtypes differ.
        ValueError: if the equation does not fit, or a number is not from 0 to 51.

    Example:
        >>> mint.einsum(Tensor([1.0, 2.0]), [0], Tensor([3.0, 4.0]), [0], [])
        Tensor(shape=[], dtype=Float32, value= 11)
    """
    if not isinstance(equation, str):
        equation, operands = _of_lists((equation, *operands))
    return _EINSUM.call(operands, (equation,))


def _of_lists(given: tuple) -> tuple[str, tuple]:
    """The equation and the operands of what is given with a list of axes after each operand."""
    pairs = len(given) // 2 * 2
    text = ",".join(_letters(axes) for axes in given[1:pairs:2])
    return text + (f"->{_letters(given[-1])}" if len(given) > pairs else ""), given[:pairs:2]


def _letters(axes) -> str:
    """Letters whose order is that of the numbers, as it is in a result that is not described."""
    wrong = [a for a in axes if a is not Ellipsis and not 0 <= a < 52]
    if wrong:
        raise ValueError(f"For 'einsum', the number of an axis must be in [0, 52), but got {wrong[0]}.")
    return "".join("..." if a is Ellipsis else _LETTERS[a] for a in axes)


_LETTERS = string.ascii_uppercase + string.ascii_lowercase
_EINSUM = Operator(einsum)
_einsum_mint.__name__ = _einsum_mint.__qualname__ = "einsum"
publish("mint", einsum=_einsum_mint)
