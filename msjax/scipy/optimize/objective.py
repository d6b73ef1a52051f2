"""The function that is minimized, with its gradient, as numpy's arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import msjax.autodiff as autodiff
from msjax.core.kinds import check
from msjax.core.tensor import Tensor


class Objective:
    """A function of a vector, and its gradient.

    Args:
        function: a function of a Tensor (n,), and of `args`, that gives a number.
        args: what else it is called with, a tuple.
        jac: its gradient, a function of the same arguments; None to differentiate it.
        start: a Tensor (n,).

    Attributes:
        evaluations: how often it was called.

    Raises:
        TypeError, ValueError: if the arguments are something else.
    """

    def __init__(self, owner: str, function: Callable, args: tuple, jac: Callable | None, start: Tensor):
        check(owner, "objective", function, "function")
        check(owner, "args", args, "tuple")
        check(owner, "jac", jac, "None or function")
        check(owner, "first point", start, "Tensor")
        if start.ndim != 1:
            raise ValueError(f"For '{owner}', it must begin at a vector, but got the shape {start.shape}.")
        self._args, self._dtype, self.evaluations = args, start.dtype, 0
        if jac is None:
            self._both = autodiff.value_and_grad(function)
        else:
            self._both = lambda x, *args: (function(x, *args), jac(x, *args))

    def __call__(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        """The value and the gradient at `x`."""
        self.evaluations += 1
        value, gradient = self._both(self.tensor(x), *self._args)
        return float(value), np.asarray(gradient.asnumpy())

    def tensor(self, x) -> Tensor:
        """An array as a Tensor of the dtype that it begins with."""
        return Tensor(x, self._dtype)


def norm(x: np.ndarray, order: Any) -> float:
    """The norm of a vector."""
    return float(np.linalg.norm(x, order))
