"""How precisely products of float32 matrices are computed: `set_matmul_precision`.

Matrix units of GPUs and TPUs round their float32 inputs unless they are told not to: TF32 keeps 10 bits of the
mantissa, bfloat16 keeps 7. Networks train well with that. Residuals of differential equations do not: they are small
differences of second derivatives, in which a relative error of 1e-3 is noise that no optimizer gets below.
"""

from __future__ import annotations

__only_computes__ = False  # see core.effects

from typing import Any

import jax

from msjax.core import narrow

_CHOICES = ("default", "high", "highest")
# What else JAX calls them.
_SYNONYMS = {None: "default", "bfloat16": "default", "fastest": "default", "tensorfloat32": "high",
             "bfloat16_3x": "high", "float32": "highest"}  # fmt: skip


def chosen() -> Any:
    """What programs are compiled under: JAX's own setting, as it is, and the dtype of operators in mixed precision."""
    return _of_jax(), narrow.state.dtype


def _of_jax():
    return jax.config.jax_default_matmul_precision  # type: ignore[attr-defined]


class _Choice:
    """A choice that was made; as a context manager it takes it back at the end of the body."""

    def __init__(self, before):
        self._before = before

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        jax.config.update("jax_default_matmul_precision", self._before)


def set_matmul_precision(precision: str) -> _Choice:
    """Choose how precisely float32 products are computed: by `matmul`, `einsum`, convolutions, `nn.Dense`, all others.

    It holds from now on, or in the body of a `with` statement, for operators and for compiled functions alike; those
    compiled under another choice are compiled anew. On CPUs, and for float64, all choices are the same. On GPUs
    and TPUs the default rounds float32 inputs to TF32 or bfloat16, which makes the residuals of physics-informed losses
    noisy: choose "highest" there.

    Args:
        precision: "default", what is fastest on the device; "high", TF32 or three products in bfloat16; "highest",
            float32 itself.

    Returns:
        A context manager, which restores the choice before; it may be ignored.

    Raises:
        ValueError: for another precision.

    Example:
        >>> with ms.set_matmul_precision("highest"):
        ...     ms.get_matmul_precision()
        'highest'
        >>> ms.get_matmul_precision()
        'default'
    """
    if precision not in _CHOICES:
        raise ValueError(
            f"For 'set_matmul_precision', the precision must be one of {list(_CHOICES)}, but got {precision!r}."
        )
    before = _of_jax()
    jax.config.update("jax_default_matmul_precision", None if precision == "default" else precision)
    return _Choice(before)


def get_matmul_precision() -> str:
    """The precision that `set_matmul_precision`, or JAX's own `jax_default_matmul_precision`, has chosen.

    Returns:
        "default", "high" or "highest"; or what JAX was told otherwise.

    Example:
        >>> ms.get_matmul_precision()
        'default'
    """
    now = _of_jax()
    return _SYNONYMS.get(now) or str(now)
