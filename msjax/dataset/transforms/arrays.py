"""Transforms of arrays of any kind: cast, encode, fill, compare, pad, slice, join."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from msjax.core.dtype import element_type
from msjax.core.kinds import check, check_is, takes
from msjax.dataset.transforms.base import TensorOperation, refusal


class Relational(IntEnum):
    """How `Mask` compares: `EQ`, `NE`, `GT`, `GE`, `LT`, `LE`."""

    EQ = 0
    NE = 1
    GT = 2
    GE = 3
    LT = 4
    LE = 5


_COMPARE = {
    Relational.EQ: np.equal,
    Relational.NE: np.not_equal,
    Relational.GT: np.greater,
    Relational.GE: np.greater_equal,
    Relational.LT: np.less,
    Relational.LE: np.less_equal,
}


def numpy_type(owner: str, name: str, dtype) -> np.dtype:
    """The numpy dtype that an argument means: a MindSpore dtype, a numpy dtype, or what numpy takes for one.

    Raises:
        TypeError: if it means none.
    """
    try:
        return np.dtype(element_type(dtype))
    except TypeError:
        if not isinstance(dtype, int):
            try:
                return np.dtype(dtype)
            except TypeError:
                pass
    raise TypeError(f"For '{owner}', the '{name}' must be a dtype of MindSpore or numpy, but got {dtype!r:.80}.")


class TypeCast(TensorOperation):
    """Cast to a dtype.

    Args:
        data_type (Union[mindspore.dtype, numpy.dtype]): the dtype.

    Raises:
        TypeError: if `data_type` is no dtype.

    Example:
        >>> transforms.TypeCast(np.int32)(np.array([1.7, -1.7])).tolist()
        [1, -1]
    """

    def __init__(self, data_type):
        self.data_type = numpy_type(type(self).__name__, "data_type", data_type)

    def _compute(self, array):
        with np.errstate(invalid="ignore"):
            return array.astype(self.data_type)

    def _compute_stacked(self, arrays):
        return self._compute(arrays)


class OneHot(TensorOperation):
    """Rows with a one where a label is. Axes of length 1 are left out first.

    Args:
        num_classes (int): the number of classes, more than any label.
        smoothing_rate (float): what is taken of the one and spread over all classes. Default: 0.0.

    Raises:
        TypeError: if an argument is of another type, or the labels are no integers.
        ValueError: if an argument is out of bounds.
        RuntimeError: if a label is not below `num_classes`, or more than one axis is longer than 1.

    Example:
        >>> transforms.OneHot(3)(np.array([2, 0])).tolist()
        [[0, 0, 1], [1, 0, 0]]
    """

    @takes(num_classes="int > 0", smoothing_rate="number [0, 1]")
    def __init__(self, num_classes: int, smoothing_rate: float = 0.0):
        self.num_classes = num_classes
        self.smoothing_rate = smoothing_rate

    def _compute(self, labels):
        flat = labels.squeeze()
        if flat.ndim > 1:
            raise refusal(self, f"at most one axis of the labels may be longer than 1, but got {labels.shape}")
        if labels.dtype.kind not in "iu":
            raise refusal(self, f"the labels must be integers, but got {labels.dtype}")
        if labels.max() >= self.num_classes or labels.min() < 0:
            raise refusal(
                self, f"the labels must be in [0, {self.num_classes}), but got {labels.min()} to {labels.max()}"
            )
        ones = (flat[..., None] == np.arange(self.num_classes)).astype(labels.dtype)
        if not self.smoothing_rate:
            return ones
        return (1 - self.smoothing_rate) * ones + self.smoothing_rate / self.num_classes


class Fill(TensorOperation):
    """Put one value everywhere; shape and dtype stay.

    Args:
        fill_value (Union[str, bytes, int, float, bool]): the value.

    Raises:
        TypeError: if `fill_value` is of another type.
        RuntimeError: if it is a text and the input is not, or the other way round.

    Example:
        >>> transforms.Fill(3)(np.zeros(2, np.float32)).tolist()
        [3.0, 3.0]
    """

    @takes(fill_value="real or str or bytes")
    def __init__(self, fill_value):
        self.fill_value = fill_value

    def _compute(self, array):
        return np.full(array.shape, _element(self, "fill_value", self.fill_value, array))


def _element(operation, name: str, value, array) -> np.ndarray:
    """A value as an element of an array, cast as C casts."""
    text = array.dtype.kind in "US"
    if text != isinstance(value, (str, bytes)):
        raise refusal(operation, f"the '{name}' must be of the input's dtype {array.dtype}, but got {value!r}")
    return np.asarray(value) if text else np.asarray(value).astype(array.dtype)


class Mask(TensorOperation):
    """Where an array compares to a constant as asked.

    Args:
        operator (Relational): how to compare.
        constant (Union[str, int, float, bool]): with what.
        dtype (mindspore.dtype): of the result. Default: `mindspore.bool`.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if `constant` is a text and the input is not, or the other way round.

    Example:
        >>> transforms.Mask(transforms.Relational.GT, 1)(np.arange(3)).tolist()
        [False, False, True]
    """

    @takes(constant="real or str or bytes", dtype="dtype")
    def __init__(self, operator: Relational, constant, dtype=None):
        check_is("Mask", "operator", operator, Relational)
        self.operator = operator
        self.constant = constant
        self.dtype = np.dtype(bool) if dtype is None else numpy_type("Mask", "dtype", dtype)

    def _compute(self, array):
        return _COMPARE[self.operator](array, _element(self, "constant", self.constant, array)).astype(self.dtype)


class PadEnd(TensorOperation):
    """Pad at the ends of the axes to a shape; what is beyond it is cut off.

    Args:
        pad_shape (list[Union[int, None]]): the shape; None leaves an axis as it is.
        pad_value (Union[str, bytes, int, float, bool], optional): what to pad with. Default: None, 0 or the empty text.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an element of `pad_shape` is not positive.
        RuntimeError: if the input has another number of axes, or `pad_value` is not of its kind.

    Example:
        >>> transforms.PadEnd([4], 9)(np.array([1, 2])).tolist()
        [1, 2, 9, 9]
    """

    @takes(pad_shape="list", pad_value="None or real or str or bytes")
    def __init__(self, pad_shape: list, pad_value=None):
        for length in pad_shape:
            check("PadEnd", "pad_shape", length, "None or int > 0")
        self.pad_shape = pad_shape
        self.pad_value = pad_value

    def _compute(self, array):
        empty = "" if array.dtype.kind == "U" else b"" if array.dtype.kind == "S" else 0
        filler = _element(self, "pad_value", empty if self.pad_value is None else self.pad_value, array)
        if array.ndim == 0:
            return array
        if array.ndim != len(self.pad_shape):
            raise refusal(self, f"the input must have {len(self.pad_shape)} axes, as 'pad_shape', but got {array.ndim}")
        shape = [old if new is None else new for old, new in zip(array.shape, self.pad_shape, strict=True)]
        result = np.full(shape, filler, np.promote_types(filler.dtype, array.dtype))
        common = tuple(slice(min(old, new)) for old, new in zip(array.shape, shape, strict=True))
        result[common] = array[common]
        return result


class Concatenate(TensorOperation):
    """Join the columns, and constant arrays before and behind them, to one of one axis.

    Args:
        axis (int): must be 0 or -1. Default: 0.
        prepend (numpy.ndarray, optional): what comes first. Default: None.
        append (numpy.ndarray, optional): what comes last. Default: None.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `axis` is another, or `prepend` or `append` has not one axis.
        RuntimeError: if a column has not one axis, or the dtypes differ.

    Example:
        >>> transforms.Concatenate(append=np.array([9]))(np.array([1, 2])).tolist()
        [1, 2, 9]
    """

    @takes(axis="int", prepend="None or array", append="None or array")
    def __init__(self, axis: int = 0, prepend=None, append=None):
        if axis not in (0, -1):
            raise ValueError(f"For 'Concatenate', the 'axis' must be 0 or -1, but got {axis}.")
        for name, constant in (("prepend", prepend), ("append", append)):
            if constant is not None and constant.ndim != 1:
                raise ValueError(f"For 'Concatenate', the '{name}' must have one axis, but got {constant.ndim}.")
        self.axis = axis
        self.prepend = prepend
        self.append = append

    def _compute(self, *columns):
        for column in columns:
            if column.ndim != 1:
                raise refusal(self, f"the input must have one axis, but got shape {column.shape}")
        parts = [part for part in (self.prepend, *columns, self.append) if part is not None]
        kinds = sorted({part.dtype.kind if part.dtype.kind in "US" else str(part.dtype) for part in parts})
        if len(kinds) > 1:
            raise refusal(self, f"the input, 'prepend' and 'append' must be of one dtype, but got {', '.join(kinds)}")
        return np.concatenate(parts)


class Duplicate(TensorOperation):
    """One column twice.

    Raises:
        RuntimeError: if there is more than one column.

    Example:
        >>> [x.tolist() for x in transforms.Duplicate()(np.array([1, 2]))]
        [[1, 2], [1, 2]]
    """

    def _compute(self, *columns):
        if len(columns) != 1:
            raise refusal(self, f"the input must be one column, but got {len(columns)}")
        return columns[0], columns[0].copy()


class Slice(TensorOperation):
    """Elements along each axis; no axis is lost.

    Args:
        slices (Union[int, list[int], slice, None, Ellipsis]): one for each of the first axes: an index, a list of
            indices, a slice; None, True and `...` mean the whole axis.

    Raises:
        TypeError: if one of `slices` is of another type.
        RuntimeError: if there are more of them than axes, or an index is out of range.

    Example:
        >>> transforms.Slice([0, 2])(np.array([5, 6, 7])).tolist()
        [5, 7]
    """

    def __init__(self, *slices):
        for part in slices:
            indices = isinstance(part, (list, tuple)) and all(isinstance(index, int) for index in part)
            if not (indices or part is None or part is ... or isinstance(part, (int, slice))):
                raise TypeError(
                    "For 'Slice', each of the 'slices' must be an int, a list of ints, a slice, a bool, None or '...', "
                    f"but got {part!r:.80} of type {type(part).__name__}."
                )
        self.slices = slices

    def _compute(self, array):
        if len(self.slices) > array.ndim:
            raise refusal(
                self, f"there must be at most {array.ndim} 'slices', one for an axis, but got {len(self.slices)}"
            )
        for axis, part in enumerate(self.slices):
            array = self._along(array, axis, part)
        return np.ascontiguousarray(array)

    def _along(self, array, axis: int, part):
        if part is None or part is True or part is ...:
            return array
        length = array.shape[axis]
        if isinstance(part, slice):
            return array[(slice(None),) * axis + (part,)]
        indices = [part] if isinstance(part, int) else list(part)
        wrong = [index for index in indices if not -length <= index < length]
        if wrong:
            raise refusal(self, f"the indices of axis {axis} must be in [{-length}, {length}), but got {wrong[0]}")
        return np.take(array, indices, axis)


class Unique(TensorOperation):
    """The distinct elements in order of first appearance, the index of each element among them, and their counts.

    Returns:
        Three arrays, each of one axis: elements, indices (int32), counts (int32).

    Raises:
        RuntimeError: if there is more than one column, or it has fewer than two axes.

    Example:
        >>> [x.tolist() for x in transforms.Unique()(np.array([[7, 5, 7]]))]
        [[7, 5], [0, 1, 0], [2, 1]]
    """

    def _compute(self, *columns):
        if len(columns) != 1:
            raise refusal(self, f"the input must be one column, but got {len(columns)}")
        if columns[0].ndim < 2:
            raise refusal(self, f"the input must have at least two axes, but got shape {columns[0].shape}")
        values, first, inverse, counts = np.unique(columns[0].ravel(), True, True, True)
        order = np.argsort(first)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        return values[order], rank[inverse].astype(np.int32), counts[order].astype(np.int32)
