"""What all transforms of texts have in common: the arrays of strings that they take, and the tokens that they give."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate, pairwise

import numpy as np

from msjax.core.dtype import DType
from msjax.dataset.transforms.base import TensorOperation, refusal


class TextTensorOperation(TensorOperation):
    """Base of the transforms of one column of texts."""

    def __call__(self, *columns):
        if len(columns) != 1:
            raise refusal(self, f"the input must be one column, but got {len(columns)}")
        return super().__call__(*columns)


class ElementwiseOperation(TextTensorOperation):
    """Base of the transforms of each text of an array. A subclass defines `_text`, from text to text."""

    def _compute(self, array):
        require_texts(self, array)
        return np.array([self._text(text) for text in array.ravel().tolist()]).reshape(array.shape)

    def _text(self, text: str) -> str:
        raise NotImplementedError


class Tokenizer(TextTensorOperation):
    """Base of the transforms of one text into its tokens. A subclass defines `_pieces`: parts of the text, in order."""

    with_offsets = False

    def _compute(self, array):
        if array.ndim or array.dtype.kind != "U":
            raise refusal(self, f"the input must be one text, but got shape {array.shape} of {array.dtype}")
        return self._tokens(array.item())

    def _tokens(self, text: str):
        spans = [span for span in self._pieces(text) if span[0] < span[1]]
        tokens = [text[start:end] for start, end in spans]
        if not self.with_offsets:
            return as_tokens(tokens)
        at = byte_offsets(text)
        return as_tokens(tokens, [(at[start], at[end]) for start, end in spans])

    def _pieces(self, text: str) -> Iterable[tuple[int, int]]:
        raise NotImplementedError


def as_tokens(tokens: list[str], offsets: list[tuple[int, int]] | None = None):
    """The array of tokens, and those of where each begins and ends if these are given. Of no tokens, an empty one."""
    if offsets is None:
        return np.array(tokens or [""])
    starts, ends = np.array(offsets or [(0, 0)], np.uint32).T.copy()
    return np.array(tokens or [""]), starts, ends


def byte_offsets(text: str) -> list[int]:
    """Where each character begins in UTF-8, and where the text ends."""
    return list(accumulate((len(character.encode("utf-8", "surrogatepass")) for character in text), initial=0))


def runs(text: str, kind: Callable[[str], object]) -> Iterable[tuple[int, int]]:
    """Where the longest parts of a text whose characters are of one kind begin and end."""
    kinds = [kind(character) for character in text]
    cuts = [at for at in range(1, len(kinds)) if kinds[at] != kinds[at - 1]]
    return pairwise([0, *cuts, len(kinds)])


def require_texts(operation: object, array: np.ndarray) -> None:
    """Check that an array holds texts.

    Raises:
        RuntimeError: if it does not.
    """
    if array.dtype.kind != "U":
        raise refusal(operation, f"the input must be texts, but got {array.dtype}")


def numeric_type(operation: object, data_type: DType, kinds: str, error: type[Exception]) -> np.dtype:
    """The numpy dtype of the `data_type` of an operation, which has to be of one of the kinds, by numpy's letters.

    Raises:
        error: if it is none of numbers.
    """
    dtype = data_type.dtype
    if dtype is None or dtype.kind not in kinds:
        raise error(f"For '{type(operation).__name__}', the 'data_type' must be one of numbers, but got {data_type}.")
    return dtype
