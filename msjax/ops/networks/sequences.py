"""Sequences of words or labels: how far they differ, and what must not be said again."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call import checks
from msjax.ops.table import op


def _lists(what: str, indices, values, shape, groups):
    """The sequences of a sparse array, of shape (groups, values), and their lengths."""
    if indices.ndim != 2 or indices.shape != (len(values), len(shape)):
        raise ValueError(
            f"For 'EditDistance', '{what}_indices' must be of shape ({len(values)}, {len(shape)}), but got "
            f"{indices.shape}."
        )
    of = jnp.zeros(len(values), int)
    for index, size in zip(indices.T[:-1], groups, strict=True):
        of = of * size + index
    order = jnp.argsort(of, stable=True)
    lengths = jnp.zeros(int(np.prod(groups)), int).at[of].add(1)
    starts = jnp.cumsum(lengths) - lengths
    rank = jnp.zeros_like(of).at[order].set(jnp.arange(len(of)) - starts[of[order]])
    return jnp.zeros((len(lengths), max(len(values), 1)), values.dtype).at[of, rank].set(values), lengths


def _distance(first, second, lengths):
    """The edit distance of two sequences, of which so many elements count."""
    places = jnp.arange(len(second) + 1)

    def step(row, element):
        changed = jnp.minimum(row[1:] + 1, row[:-1] + (element != second))
        here = jnp.concatenate([row[:1] + 1, changed])
        row = jax.lax.cummin(here - places) + places  # what is left out of the second
        return row, row

    rows = jnp.concatenate([places[None], jax.lax.scan(step, places, first)[1]])
    return rows[lengths]


@op(
    "ops.EditDistance(normalize=True)(hypothesis_indices, hypothesis_values, hypothesis_shape, truth_indices, "
    "truth_values, truth_shape)",
    kinds={"normalize": "bool"},
)
def edit_distance(
    hypothesis_indices, hypothesis_values, truth_indices, truth_values, *, hypothesis_shape, truth_shape, normalize=True
):
    """How many elements must be put in, taken out or changed to make one sequence of the other (Levenshtein, 1966).

    The sequences are the last axes of two sparse arrays.

    Args:
        hypothesis_indices: of shape (N, R): where the elements of the first are.
        hypothesis_values: of shape (N,): these elements.
        hypothesis_shape: the shape of the first array.
        truth_indices: of shape (M, R): where the elements of the second are.
        truth_values: of shape (M,): these elements.
        truth_shape: the shape of the second array.
        normalize: whether distances are divided by the lengths of the second sequences.

    Returns:
        A float32 Tensor of R - 1 axes, as long as the longer of both arrays'.

    Raises:
        ValueError: if shapes do not fit.
    """
    if len(hypothesis_shape) != len(truth_shape):
        raise ValueError(
            f"For 'EditDistance', both arrays must have as many axes, but got {hypothesis_shape} and {truth_shape}."
        )
    groups = tuple(max(pair) for pair in zip(hypothesis_shape, truth_shape, strict=True))[:-1]
    first, count = _lists("hypothesis", hypothesis_indices, hypothesis_values, hypothesis_shape, groups)
    second, length = _lists("truth", truth_indices, truth_values, truth_shape, groups)
    found = jax.vmap(lambda a, b, m, n: _distance(a, b, (m, n)))(first, second, count, length).astype(np.float32)
    if normalize:
        found = jnp.where((length == 0) & (count == 0), 0, found / length.astype(np.float32))
    return found.reshape(groups)


def _repeating(state_seq, ngram_size: int):
    """The words that followed where the last words but one were said before, and whether they were."""
    before, length = ngram_size - 1, state_seq.shape[-1]
    said = state_seq[..., np.arange(length - before)[:, None] + np.arange(before)]
    return state_seq[..., before:], (said == state_seq[..., None, length - before :]).all(-1)


def _words(_, state_seq, log_probs, *, ngram_size) -> None:
    then, again = _repeating(state_seq, ngram_size)
    known = (then >= 0) & (then < log_probs.shape[2])
    error = ValueError(f"For 'NoRepeatNGram', words that repeat must be in [0, {log_probs.shape[2]}).")
    checks.require(~again | known, error)


@op("ops.NoRepeatNGram(ngram_size=1)(state_seq, log_probs)", floats=("log_probs",), kinds={"ngram_size": "int >= 1"},
    check=_words)  # fmt: skip
def no_repeat_ngram(state_seq, log_probs, *, ngram_size=1):
    """Probabilities of words, the lowest number for words that would repeat `ngram_size` words in a row.

    Args:
        state_seq: what was said, integers of shape (batch, beams, length).
        log_probs: of shape (batch, beams, words).
        ngram_size: at most the length.

    Returns:
        Of the shape and dtype of `log_probs`.

    Raises:
        TypeError: if what was said is no integers.
        ValueError: if the shapes do not fit, or there are no such words.
    """
    if not jnp.issubdtype(state_seq.dtype, jnp.integer):
        raise TypeError(f"For 'NoRepeatNGram', 'state_seq' must be integers, but got {state_seq.dtype}.")
    if state_seq.ndim != 3 or log_probs.ndim != 3 or state_seq.shape[:2] != log_probs.shape[:2]:
        raise ValueError(
            "For 'NoRepeatNGram', both inputs must be of shape (batch, beams, ...), but got "
            f"{state_seq.shape} and {log_probs.shape}."
        )
    length, words = state_seq.shape[2], log_probs.shape[2]
    if ngram_size > length:
        raise ValueError(f"For 'NoRepeatNGram', 'ngram_size' must be at most {length}, but got {ngram_size}.")
    then, again = _repeating(state_seq, ngram_size)
    then = jnp.where(again, then, words)
    rows, beams = np.indices(state_seq.shape[:2])[..., None]
    return log_probs.at[rows, beams, then].set(jnp.finfo(log_probs.dtype).min, mode="drop")
