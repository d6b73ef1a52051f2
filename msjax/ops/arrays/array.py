"""`mindspore.numpy.array` and its kin: Tensors of what numpy users hand around, with int32 as the default integer."""

from __future__ import annotations

import numpy as np

from msjax.core import dtype as mstype
from msjax.core.tensor import Tensor, to_array, wrap
from msjax.ops.table import publish


def array(obj, dtype=None, copy=True, ndmin=0) -> Tensor:
    """A Tensor of a number, list, tuple, numpy array or Tensor, with at least `ndmin` axes.

    Python integers give int32, floats float32.

    Example:
        >>> mnp.array([1, 2]).dtype
        mindspore.int32
    """
    if isinstance(obj, Tensor) and not copy and not ndmin and dtype in (None, obj.dtype):
        return obj
    values = to_array(obj)
    if dtype is not None:
        values = values.astype(mstype.element_type(dtype))
    elif not hasattr(obj, "dtype") and values.dtype == np.int64:
        values = values.astype(np.int32)
    return wrap(values.reshape((1,) * (ndmin - values.ndim) + values.shape))


def asarray(a, dtype=None) -> Tensor:
    """`a` as a Tensor; a Tensor of the right dtype is returned as it is."""
    return array(a, dtype, copy=False)


def asfarray(a, dtype=mstype.float32) -> Tensor:
    """`a` as a Tensor of floats."""
    return array(a, mstype.float32 if dtype is None else dtype, copy=False)


class Grid:
    """`mgrid` and `ogrid`: the grid of the slices in brackets, dense or open; a complex step counts the points.

    Example:
        >>> mnp.mgrid[0:2, 0:3].shape
        (2, 2, 3)
    """

    def __init__(self, sparse: bool):
        self.sparse = sparse

    def __getitem__(self, slices):
        values = np.ogrid[slices] if self.sparse else np.mgrid[slices]
        if isinstance(values, (list, tuple)):
            return [self._tensor(v) for v in values]
        return self._tensor(values)

    @staticmethod
    def _tensor(values: np.ndarray) -> Tensor:
        return wrap(to_array(values, np.float32 if values.dtype.kind == "f" else np.int32))


publish("numpy", array=array, asarray=asarray, asfarray=asfarray, mgrid=Grid(False), ogrid=Grid(True))
