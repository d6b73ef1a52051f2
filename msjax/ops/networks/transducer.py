"""The loss of transducers, which name labels while they go through a sequence."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call import checks
from msjax.ops.table import op


def _cost(logits, labels, times, count, blank: int):
    """Minus the logarithm of the probability of a sequence's labels.

    Args:
        logits: of shape (times, labels + 1, classes).
    """
    scores = jax.nn.log_softmax(logits)
    stay = scores[..., blank]
    name = jnp.take_along_axis(scores[:, :-1], labels[None, :, None], 2)[..., 0]
    # Within one time, labels are named one after the other: their scores add up
    named = jnp.pad(jnp.cumsum(name, 1), ((0, 0), (1, 0)))

    def step(alpha, now):
        before, here = now
        alpha = here + jax.lax.cumlogsumexp(alpha + before - here)
        return alpha, alpha

    rest = jax.lax.scan(step, named[0], (stay[:-1], named[1:]))[1]
    alpha = jnp.concatenate([named[:1], rest])
    return -(alpha[times - 1, count] + stay[times - 1, count])


def _in_range(_, acts, labels, input_lengths, label_lengths, **__):
    for given, low, end, of in (
        (input_lengths, 1, acts.shape[1] + 1, "'input_lengths'"), (label_lengths, 0, acts.shape[2], "'label_lengths'"),
        (labels, 0, acts.shape[3], "'labels'"),
    ):  # fmt: skip
        must = f"For 'RNNTLoss', {of} must be in [{low}, {end})"
        checks.check_between(
            given, low, end, lambda bad, must=must: ValueError(must + (bad and f", but got {bad}") + ".")
        )


@op("ops.RNNTLoss(blank_label=0)(acts, labels, input_lengths, label_lengths)", floats=("acts",),
    kinds={"blank_label": "int >= 0"}, check=_in_range)  # fmt: skip
def rnnt_loss(acts, labels, input_lengths, label_lengths, *, blank_label=0) -> tuple[jax.Array, jax.Array]:
    """Minus the logarithm of the probability that a transducer names labels, and its gradient.

    Args:
        acts: logits of shape (n, times, labels + 1, classes): of what is said at a time after so many labels.
        labels: ints of shape (n, labels).
        input_lengths: how many times of each sequence count, of shape (n,).
        label_lengths: how many labels of each sequence count, of shape (n,).
        blank_label: the class that stands for going on to the next time.

    Returns:
        Losses of shape (n,), and their gradients, of the shape of `acts`.

    Raises:
        TypeError: if `acts` is not of a float dtype.
        ValueError: if the shapes do not fit, or lengths and labels are out of range.

    Source:
        Graves, Sequence transduction with recurrent neural networks (2012).
    """
    n = len(acts)
    if (
        acts.ndim != 4
        or labels.shape != (n, acts.shape[2] - 1)
        or not input_lengths.shape == label_lengths.shape == (n,)
    ):
        raise ValueError(
            f"For 'RNNTLoss', shapes do not fit: {acts.shape}, {labels.shape}, {input_lengths.shape} and "
            f"{label_lengths.shape}."
        )
    if blank_label >= acts.shape[3]:
        raise ValueError(f"For 'RNNTLoss', 'blank_label' must be less than {acts.shape[3]}, but got {blank_label}.")

    def costs(x):
        return jax.vmap(_cost, (0, 0, 0, 0, None))(x, labels, input_lengths, label_lengths, blank_label)

    found, pullback = jax.vjp(costs, acts.astype(np.promote_types(acts.dtype, np.float32)))
    gradients = jax.lax.stop_gradient(pullback(jnp.ones_like(found))[0])
    return found.astype(acts.dtype), gradients.astype(acts.dtype)
