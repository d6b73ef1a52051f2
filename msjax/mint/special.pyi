# Made by scripts/make_stubs.py.
"""Faces of special functions under torch's names."""

from msjax.core.methods import TensorLike
from msjax.core.tensor import Tensor
from typing import Any

def erfc(input: TensorLike) -> Tensor:
    """"""
    ...
def exp2(input: TensorLike) -> Tensor:
    """"""
    ...
def expm1(input: TensorLike) -> Tensor:
    """"""
    ...
def log1p(input: TensorLike) -> Tensor:
    """"""
    ...
def log_softmax(input: TensorLike, dim: Any = None, *, dtype: Any = None) -> Tensor:
    """The logarithm of softmax along `dim`; by default axis 0 of 1 or 3 axes, else axis 1."""
    ...
def sinc(input: TensorLike) -> Tensor:
    """"""
    ...
