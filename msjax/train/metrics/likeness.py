"""Metrics of how alike things are: vectors, and texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from msjax.core.kinds import takes
from msjax.train.metrics.metric import Metric, rearrange_inputs


@takes(similarity="'cosine' or 'dot'", reduction="'none' or 'sum' or 'mean'", zero_diagonal="bool")
class CosineSimilarity(Metric):
    """The cosines of the angles between the rows of a matrix; `update(matrix)`, of which the last counts.

    Args:
        similarity: "cosine", or "dot" for products of rows.
        reduction: "none" for all pairs of rows; "sum" or "mean" over the second of a pair.
        zero_diagonal: whether a row is taken to be unlike itself.

    Raises:
        TypeError, ValueError: if an argument is of another type, or another word.

    Example:
        >>> metric = ms.train.CosineSimilarity()
        >>> metric.update(np.array([[1.0, 0.0], [1.0, 1.0]]))
        >>> metric.eval().round(4)
        array([[0.    , 0.7071],
               [0.7071, 0.    ]])
    """

    def __init__(self, similarity: str = "cosine", reduction: str = "none", zero_diagonal: bool = True):
        super().__init__()
        self.similarity, self.reduction, self.zero_diagonal = similarity, reduction, zero_diagonal
        self.clear()

    def clear(self) -> None:
        self._products: np.ndarray | None = None

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        rows = self._convert_data(*inputs)
        if rows.ndim != 2:
            raise ValueError(f"For 'CosineSimilarity', the input must have 2 axes, but got shape {rows.shape}.")
        if self.similarity == "cosine":
            rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        self._products = rows @ rows.T

    def eval(self) -> np.ndarray:
        """The similarities.

        Returns:
            An array of shape (n, n), or, reduced, (n,).

        Raises:
            RuntimeError: if there was no matrix.
        """
        if self._products is None:
            raise RuntimeError("Please call the 'update' method before calling 'eval' method.")
        products = self._products.copy()
        if self.zero_diagonal:
            np.fill_diagonal(products, 0)
        return products if self.reduction == "none" else getattr(np, self.reduction)(products, axis=-1)


@takes(n_gram="int [1, 4]", smooth="bool")
class BleuScore(Metric):
    """How alike translations are to those of people: BLEU.

    `update(translations, references)`: lists of texts, and for each text a list of other translations of it; a text is
    a list of words.

    Args:
        n_gram: the number of words, 1 to 4, up to which sequences of words are compared.
        smooth: whether one is added to each count of sequences.

    Raises:
        TypeError, ValueError: if an argument is of another type, or out of range.

    Example:
        >>> metric = ms.train.BleuScore()
        >>> text, other = "the cat is on the mat".split(), "there is a cat on the mat".split()
        >>> metric.update([text], [[other, "a cat is on the mat".split()]])
        >>> round(float(metric.eval()), 4)
        0.7598

    Source: K. Papineni and others, BLEU: a method for automatic evaluation of machine translation, 2002.
    """

    def __init__(self, n_gram: int = 4, smooth: bool = False):
        super().__init__()
        self.n_gram, self.smooth = n_gram, smooth
        self.clear()

    def clear(self) -> None:
        self._found, self._all = np.zeros(self.n_gram), np.zeros(self.n_gram)  # sequences, by length
        self._length, self._reference, self._updated = 0, 0, False  # words in all

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        if len(inputs) != 2:
            raise ValueError(
                "For 'BleuScore.update', it needs 2 inputs (candidate_corpus, reference_corpus), but got "
                f"{len(inputs)}."
            )
        texts, references = inputs
        if len(texts) != len(references):
            raise ValueError(
                "For 'BleuScore.update', candidate_corpus and reference_corpus must be of one length, but got "
                f"{len(texts)} and {len(references)}."
            )
        for text, others in zip(texts, references, strict=True):
            self._length += len(text)
            self._reference += min(map(len, others), key=lambda length: abs(length - len(text)))
            for n in range(1, self.n_gram + 1):
                own, known = _sequences(text, n), Counter()
                for other in others:
                    known |= _sequences(other, n)
                self._all[n - 1] += own.total()
                self._found[n - 1] += (own & known).total()
        self._updated = True

    def eval(self) -> np.ndarray:
        """The score.

        Returns:
            A number from 0 to 1.

        Raises:
            RuntimeError: if there were no texts.
        """
        if not self._updated:
            raise RuntimeError("Please call the 'update' method before calling 'eval' method.")
        if self._found.min() == 0:
            return np.array(0.0)
        precision = (self._found + self.smooth) / (self._all + self.smooth)
        brevity = min(0.0, 1 - self._reference / self._length)
        return np.exp(brevity + np.log(precision).mean())


def _sequences(words: Sequence, n: int) -> Counter:
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
