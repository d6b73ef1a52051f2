"""MindSpore's second-order optimizer, which is not here."""

from __future__ import annotations

from typing import Any


def thor(*args: Any, **kwargs: Any) -> None:
    """Not in msjax: MindSpore's THOR, which needs layers that note what goes into and comes out of them.

    Args:
        args, kwargs: those of MindSpore's function.

    Raises:
        NotImplementedError: always; it names optimizers to use instead.

    Example:
        >>> nn.thor(nn.Dense(2, 1), Tensor([0.1]), Tensor([0.03]), 0.9)
        Traceback (most recent call last):
        NotImplementedError: nn.thor ...
    """
    raise NotImplementedError(
        "nn.thor is not in msjax. First-order optimizers for the same networks are nn.Momentum with nn.LARS, and "
        "nn.Lamb; second-order methods for least squares are msjax.interop.optimistix and msjax.interop.optax."
    )
