"""Transforms of sequences of tokens: numbers, n-grams, windows, lengths."""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from msjax.core.dtype import DType
from msjax.core.kinds import check, takes
from msjax.dataset.text.base import TextTensorOperation, numeric_type, require_texts
from msjax.dataset.transforms.base import TensorOperation, refusal

_INTEGER = re.compile(r"\s*([+-]?\d+)")
_FLOAT = re.compile(r"\s*([+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf(?:inity)?))", re.IGNORECASE)


class ToNumber(TextTensorOperation):
    """Read numbers. As in C, what follows a number in its text is ignored.

    Args:
        data_type (mindspore.dtype): of the numbers.

    Raises:
        TypeError: if `data_type` is no dtype of numbers.
        RuntimeError: if the input is no text, one does not begin with a number, or that is out of range.

    Example:
        >>> text.ToNumber(ms.int32)(["1", "-2"]).tolist()
        [1, -2]
    """

    @takes(data_type="dtype")
    def __init__(self, data_type: DType):
        self.data_type = numeric_type(self, data_type, "iuf", TypeError)

    def _compute(self, array):
        require_texts(self, array)
        whole = self.data_type.kind in "iu"
        limits = np.iinfo(self.data_type) if whole else np.finfo(self.data_type)
        low, high = np.array([limits.min, limits.max], self.data_type).tolist()
        numbers = []
        for text in array.ravel().tolist():
            match = (_INTEGER if whole else _FLOAT).match(text)
            if not match:
                raise refusal(self, f"{text!r:.80} is no number")
            numbers.append(int(match[1]) if whole else float(match[1]))
            if not (low <= numbers[-1] <= high or math.isnan(numbers[-1])):
                raise refusal(self, f"{text!r:.80} is out of the range of {self.data_type}")
        return np.array(numbers, self.data_type).reshape(array.shape)


class Ngram(TextTensorOperation):
    """Join each `n` tokens that follow each other.

    Args:
        n (Union[int, list[int]]): of how many tokens; of a list, each in turn.
        left_pad (tuple[str, int]): a token to put before the first, and how often, at most `n` - 1 times. Default:
            ("", 0).
        right_pad (tuple[str, int]): the same behind the last. Default: ("", 0).
        separator (str): what stands between joined tokens. Default: " ".

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an `n` is not positive, or a pad no pair of a token and a number that is not negative.
        RuntimeError: if the input is no array of one axis of texts.

    Example:
        >>> text.Ngram(2)(["a", "good", "day"]).tolist()
        ['a good', 'good day']
    """

    @takes(n="int > 0 or list", left_pad="tuple", right_pad="tuple", separator="str")
    def __init__(self, n, left_pad: tuple = ("", 0), right_pad: tuple = ("", 0), separator: str = " "):
        self.n = n if isinstance(n, list) else [n]
        if not self.n:
            raise ValueError("For 'Ngram', the 'n' must not be empty.")
        for count in self.n:
            check("Ngram", "n", count, "int > 0")
        for name, pad in (("left_pad", left_pad), ("right_pad", right_pad)):
            if len(pad) != 2:
                raise ValueError(f"For 'Ngram', the '{name}' must be a token and a number, but got {pad!r:.80}.")
            check("Ngram", f"{name}[0]", pad[0], "str")
            check("Ngram", f"{name}[1]", pad[1], "int >= 0")
        self.left_pad = left_pad
        self.right_pad = right_pad
        self.separator = separator

    def _compute(self, array):
        if array.ndim != 1 or array.dtype.kind != "U":
            raise refusal(self, f"the input must be texts in one axis, but got {array.shape} of {array.dtype}")
        return np.array([gram for n in self.n for gram in self._grams(array.tolist(), n)])

    def _grams(self, tokens: list[str], n: int) -> list[str]:
        """Those of `n` tokens; one empty text if there are fewer."""
        (left, before), (right, behind) = self.left_pad, self.right_pad
        padded = [left] * min(before, n - 1) + tokens + [right] * min(behind, n - 1)
        starts = range(len(padded) - n + 1)
        return [self.separator.join(padded[start : start + n]) for start in starts] or [""]


class SlidingWindow(TextTensorOperation):
    """All windows of an array of one axis.

    Args:
        width (int): of a window.
        axis (int): must be 0 or -1. Default: 0.

    Raises:
        TypeError: if an argument is no int.
        ValueError: if `width` is not positive.
        RuntimeError: if the input has not one axis, or `axis` is another.

    Example:
        >>> text.SlidingWindow(3)([1, 2, 3, 4]).tolist()
        [[1, 2, 3], [2, 3, 4]]
    """

    @takes(width="int [1, 2147483647]", axis="int")
    def __init__(self, width: int, axis: int = 0):
        self.width = width
        self.axis = axis

    def _compute(self, array):
        if array.ndim != 1:
            raise refusal(self, f"the input must have one axis, but got shape {array.shape}")
        if self.axis not in (0, -1):
            raise refusal(self, f"the 'axis' must be 0 or -1, but got {self.axis}")
        if len(array) < self.width:
            return np.empty(0, "U1" if array.dtype.kind == "U" else array.dtype)
        return sliding_window_view(array, self.width).copy()


class Truncate(TextTensorOperation):
    """Cut off what is beyond a length, of one sequence or of each row of an array.

    Args:
        max_seq_len (int): the length.

    Raises:
        TypeError: if `max_seq_len` is no int.
        ValueError: if it is not positive.
        RuntimeError: if the input has not one or two axes.

    Example:
        >>> text.Truncate(2)(["a", "b", "c"]).tolist()
        ['a', 'b']
    """

    @takes(max_seq_len="int [1, 2147483647]")
    def __init__(self, max_seq_len: int):
        self.max_seq_len = max_seq_len

    def _compute(self, array):
        if array.ndim not in (1, 2):
            raise refusal(self, f"the input must have one or two axes, but got shape {array.shape}")
        return shortened(array, self.max_seq_len)


class TruncateSequencePair(TensorOperation):
    """Cut off the ends of two sequences, of the longer one first, until they are together as long as asked.

    Args:
        max_length (int): the length of both together.

    Raises:
        TypeError: if `max_length` is no int.
        RuntimeError: if there are not two columns, of one axis each.

    Example:
        >>> [x.tolist() for x in text.TruncateSequencePair(4)([1, 2, 3], [4, 5])]
        [[1, 2], [4, 5]]
    """

    @takes(max_length="int")
    def __init__(self, max_length: int):
        self.max_length = max_length

    def _compute(self, *columns):
        if len(columns) != 2 or any(column.ndim != 1 for column in columns):
            raise refusal(self, f"the input must be two columns of one axis, but got {[x.shape for x in columns]}")
        first, second = map(len, columns)
        while first + second > max(self.max_length, 0):
            first, second = (first - 1, second) if first > second else (first, second - 1)
        return shortened(columns[0], first), shortened(columns[1], second)


def shortened(array: np.ndarray, length: int) -> np.ndarray:
    """An array without what is beyond a length in its last axis; texts in a dtype that is no longer than they are."""
    result = array[..., :length].copy()
    return np.array(result.tolist(), "U1" if not result.size else None) if array.dtype.kind == "U" else result


class AddToken(TextTensorOperation):
    """Put a token before or behind a sequence, or each row of an array.

    Args:
        token (str): the token.
        begin (bool): whether it comes first, else last. Default: True.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if the input is no text, or has not one or two axes.

    Example:
        >>> text.AddToken("[CLS]")(["a", "b"]).tolist()
        ['[CLS]', 'a', 'b']
    """

    @takes(token="str", begin="bool")
    def __init__(self, token: str, begin: bool = True):
        self.token = token
        self.begin = begin

    def _compute(self, array):
        require_texts(self, array)
        if array.ndim not in (1, 2):
            raise refusal(self, f"the input must have one or two axes, but got shape {array.shape}")
        token = np.full((*array.shape[:-1], 1), self.token)
        return np.concatenate([token, array] if self.begin else [array, token], axis=-1)
