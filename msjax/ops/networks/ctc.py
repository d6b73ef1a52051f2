"""Connectionist temporal classification: labels of sequences that do not say when each label comes.

A path names a class, or a blank, at each time; its labels are what is left without blanks, and of equal ones in a row
one. Source: Graves et al., Connectionist temporal classification (2006).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.arrays.search import places
from msjax.ops.call import checks
from msjax.ops.table import op

_NEVER = -1e30  # the logarithm of a probability that is 0: finite, so that differences of two are


def _log_alpha(log_probs, targets, blank: int, merge: bool = True):
    """Logarithms of the probabilities of all beginnings of paths.

    Args:
        log_probs: of shape (time, n, classes).
        targets: of shape (n, labels).
        merge: whether equal labels in a row count once.

    Returns:
        Of shape (time, n, 2 * labels + 1): of what the path has named at its end: blank, label, blank, label, ...
    """
    n, labels = targets.shape
    names = jnp.full((n, 2 * labels + 1), blank, np.int32).at[:, 1::2].set(targets.astype(np.int32))
    before, position = jnp.roll(names, 2, 1), np.arange(names.shape[1])
    may_skip = (position % 2 == 1) & (position > 1) & ~((names == before) & merge)
    may_stay = (position % 2 == 0) | merge
    scores = jnp.take_along_axis(log_probs, jnp.broadcast_to(names, (len(log_probs), *names.shape)), 2)
    scores = jnp.maximum(scores, _NEVER)

    def step(alpha, score):
        one, two = (jnp.pad(alpha, ((0, 0), (k, 0)), constant_values=_NEVER)[:, :-k] for k in (1, 2))
        stay = jnp.where(may_stay, alpha, _NEVER)
        total = jnp.logaddexp(jnp.logaddexp(stay, one), jnp.where(may_skip, two, _NEVER))
        alpha = jnp.maximum(total + score, _NEVER)
        return alpha, alpha

    start = jnp.where(position < 2, scores[0], _NEVER)
    return jnp.concatenate([start[None], jax.lax.scan(step, start, scores[1:])[1]])


def _losses(alpha, input_lengths, target_lengths):
    """Minus the logarithm of the probability of all paths that have the labels; inf where there is none."""
    n = np.arange(alpha.shape[1])
    last, end = alpha[input_lengths - 1, n], 2 * target_lengths
    ends = jnp.where(target_lengths > 0, last[n, end - 1], _NEVER)
    total = jnp.logaddexp(last[n, end], ends)
    return jnp.where(total > _NEVER / 2, -total, jnp.inf)


def _ctc(log_probs, targets, input_lengths, target_lengths, blank: int, zero_infinity: bool):
    """Losses and log_alpha, with MindSpore's derivative: that of logits, which normalized log_probs are."""
    if log_probs.ndim != 3 or targets.ndim != 2:
        raise ValueError(
            f"For 'CTCLossV2', 'log_probs' must have 3 axes, 'targets' 2, but got {log_probs.shape}, {targets.shape}."
        )
    if not 0 <= blank < log_probs.shape[2]:
        raise ValueError(f"For 'CTCLossV2', 'blank' must be in [0, {log_probs.shape[2]}), but got {blank}.")
    alpha = _log_alpha(log_probs, targets, blank)
    losses = _losses(alpha, input_lengths, target_lengths)
    seen = np.arange(len(log_probs))[:, None] < input_lengths
    mass = jnp.where(seen, jnp.exp(log_probs).sum(-1), 0).sum(0)
    losses = losses + (mass - jax.lax.stop_gradient(mass))
    losses = jnp.where(jnp.isinf(losses), 0, losses) if zero_infinity else losses
    shown = seen[..., None] & (np.arange(alpha.shape[2]) <= 2 * target_lengths[:, None]) & (alpha > _NEVER / 2)
    return losses, jax.lax.stop_gradient(jnp.where(shown, alpha, -jnp.inf).swapaxes(0, 1))


def _lengths(_, log_probs, targets, input_lengths, target_lengths, **__):
    for lengths, most, of in ((input_lengths, len(log_probs), "input"), (target_lengths, targets.shape[1], "target")):
        checks.check_range(jnp.asarray(lengths), most + 1, "CTCLossV2", False, ValueError, f"{of}_lengths")


_KINDS = {"blank": "int", "zero_infinity": "bool"}


@op(
    "ops.ctc_loss(log_probs, targets, input_lengths, target_lengths, blank=0, reduction='mean', zero_infinity=False)",
    floats=("log_probs",),
    kinds=_KINDS,
    check=_lengths,
)
def ctc_loss(
    log_probs, targets, input_lengths, target_lengths, *, blank=0, reduction="mean", zero_infinity=False
) -> tuple[jax.Array, jax.Array]:
    """Minus the logarithm of the probability that labels come in this order, whenever each of them does.

    Returns:
        The loss; and of shape (n, time, 2 * labels + 1) the logarithms of the probabilities of beginnings.

    Raises:
        ValueError: for another reduction, or if shapes, lengths or `blank` do not fit.
    """
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"For 'ctc_loss', 'reduction' must be 'none', 'mean' or 'sum', but got {reduction!r}.")
    input_lengths, target_lengths = jnp.asarray(input_lengths), jnp.asarray(target_lengths)
    losses, alpha = _ctc(log_probs, targets, input_lengths, target_lengths, blank, zero_infinity)
    if reduction == "mean":
        losses = (losses / jnp.maximum(target_lengths, 1).astype(losses.dtype)).mean()
    return losses.sum() if reduction == "sum" else losses, alpha


@op(
    "ops.CTCLossV2(blank=0, reduction: _ = 'none', zero_infinity=False)"
    "(log_probs, targets, input_lengths, target_lengths)",
    floats=("log_probs",),
    kinds=_KINDS,
    check=_lengths,
)
def ctc_losses(
    log_probs, targets, input_lengths, target_lengths, *, blank=0, zero_infinity=False
) -> tuple[jax.Array, jax.Array]:
    """Minus the logarithm of the probability that labels come in this order, whenever each of them does.

    Returns:
        Losses of shape (n,); and of shape (n, time, 2 * labels + 1) the logarithms of the probabilities of beginnings.

    Raises:
        ValueError: if shapes, lengths or `blank` do not fit.
    """
    return _ctc(log_probs, targets, jnp.asarray(input_lengths), jnp.asarray(target_lengths), blank, zero_infinity)


def _fits(_, x, labels_indices, labels_values, sequence_length, *, ignore_longer_outputs_than_inputs=False, **__):
    checks.check_range(sequence_length, len(x) + 1, "CTCLoss", False, RuntimeError, "sequence_length")
    labels = jnp.zeros(x.shape[1], int).at[labels_indices[:, 0]].add(1)
    error = RuntimeError("For 'CTCLoss', there must not be more labels than times, unless longer ones are ignored.")
    checks.require(True if ignore_longer_outputs_than_inputs else (labels <= sequence_length).all(), error)


@op(
    "ops.CTCLoss(preprocess_collapse_repeated=False, ctc_merge_repeated=True, "
    "ignore_longer_outputs_than_inputs=False)(x, labels_indices, labels_values, sequence_length)",
    floats=("x",),
    kinds=dict.fromkeys(
        ("preprocess_collapse_repeated", "ctc_merge_repeated", "ignore_longer_outputs_than_inputs"), "bool"
    ),
    check=_fits,
)
def ctc_loss_of_logits(
    x,
    labels_indices,
    labels_values,
    sequence_length,
    *,
    preprocess_collapse_repeated=False,
    ctc_merge_repeated=True,
    ignore_longer_outputs_than_inputs=False,
) -> tuple[jax.Array, jax.Array]:
    """Minus the logarithm of the probability that labels come in this order, and its gradient; the last class is blank.

    Returns:
        Losses of shape (n,), inf where there are more labels than times; and their gradients, of the shape of `x`.

    Raises:
        ValueError: if the shapes are others.
        RuntimeError: if there are more labels than times.
    """
    if x.ndim != 3 or labels_indices.shape != (len(labels_values), 2) or sequence_length.shape != x.shape[1:2]:
        raise ValueError(
            f"For 'CTCLoss', shapes do not fit: {x.shape}, {labels_indices.shape}, {sequence_length.shape}."
        )
    time, n, classes = x.shape
    longest = min(len(labels_values), time)
    of, place = labels_indices.T
    counts = jnp.zeros(n, int).at[of].add(1)
    targets = jnp.zeros((n, longest), np.int32).at[of, place].set(labels_values.astype(np.int32), mode="drop")
    named = (np.arange(longest) < counts[:, None]) & (targets != classes - 1)
    if preprocess_collapse_repeated:
        named = named.at[:, 1:].set(named[:, 1:] & (targets[:, 1:] != targets[:, :-1]))
    too_long = counts > sequence_length
    targets, counts = _compressed(targets, named), named.sum(1)

    def losses(x):
        alpha = _log_alpha(jax.nn.log_softmax(x), targets, classes - 1, ctc_merge_repeated)
        found = _losses(alpha, sequence_length, counts)
        return jnp.where(too_long, jnp.inf, found)

    found, pullback = jax.vjp(losses, x.astype(np.promote_types(x.dtype, np.float32)))
    gradient = jnp.where(too_long[:, None], 0, pullback(jnp.ones_like(found))[0])
    return found.astype(x.dtype), jax.lax.stop_gradient(gradient.astype(x.dtype))


def _compressed(targets, named):
    """The targets that are named, moved to the front."""
    to = jnp.where(named, jnp.cumsum(named, 1) - 1, targets.shape[1])
    rows = np.arange(len(targets))[:, None]
    return jnp.zeros_like(targets).at[rows, to].set(targets, mode="drop")


@op(
    "ops.ctc_greedy_decoder(inputs: x, sequence_length, merge_repeated=True)",
    "ops.CTCGreedyDecoder(merge_repeated=True)(inputs: x, sequence_length)",
    jit=False,
    floats=("x",),
    kinds={"merge_repeated": "bool"},
)
def ctc_greedy_decoder(x, sequence_length, *, merge_repeated=True) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """The labels of the path that takes the likeliest class at each time; the last class is blank.

    Args:
        merge_repeated: whether equal labels in a row count once.

    Returns:
        For each label the number of its sequence and its place there, of shape (labels, 2); the labels; the number of
        sequences and of labels in the longest; and of shape (n, 1) minus the sum of the paths' scores.

    Raises:
        ValueError: if `x` has not three axes.
        RuntimeError: if a sequence is longer than the input.
    """
    if x.ndim != 3:
        raise ValueError(f"For 'CTCGreedyDecoder', 'inputs' must have 3 axes, but its shape is {x.shape}.")
    time, n, classes = x.shape
    checks.check_range(sequence_length, time + 1, "CTCGreedyDecoder", False, RuntimeError, "sequence_length")
    seen = np.arange(time)[:, None] < sequence_length
    path = x.argmax(-1)
    names = seen & (path != classes - 1)
    if merge_repeated:
        names = names.at[1:].set(names[1:] & (path[1:] != path[:-1]))
    of, when = places(names.T)
    order = (jnp.cumsum(names, 0) - 1)[when, of]
    longest = names.sum(0).max()
    scores = -jnp.where(seen, x.max(-1), 0).sum(0)[:, None]
    indices, labels = jnp.stack([of, order], 1), path[when, of]
    return indices.astype(np.int64), labels.astype(np.int64), jnp.stack([n, longest]).astype(np.int64), scores
