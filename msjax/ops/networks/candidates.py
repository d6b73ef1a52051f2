"""Some classes of many, drawn to compare the true ones with."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.arrays.search import places
from msjax.ops.call import checks
from msjax.ops.maths.random import random, unit
from msjax.ops.table import op

_Three = tuple[jax.Array, jax.Array, jax.Array]


def _uniform(key, range_max, shape=()):
    return jax.random.randint(key, shape, 0, range_max)


def _log_uniform(key, range_max: int, shape=()):
    """Class k with probability log((k + 2) / (k + 1)) / log(range_max + 1)."""
    drawn = jnp.exp(unit(key, shape) * np.float32(np.log(range_max + 1))) - 1
    return jnp.clip(drawn.astype(int), 0, range_max - 1)


def _draw_unique(key, draw, taken, count: int):
    """Classes that are not taken, none twice; and how many draws it took."""

    def one(state):
        key, taken, classes, found, tries = state
        key, now = jax.random.split(key)
        drawn = draw(now, len(taken))
        fits = ~taken[drawn]
        classes = classes.at[jnp.where(fits, found, count)].set(drawn, mode="drop")
        return key, taken.at[drawn].set(True), classes, found + fits, tries + 1

    # The loop must end where too few are left, too, which is an error
    goal = jnp.minimum((~taken).sum(), count)
    start = (key, taken, jnp.zeros(count, int), jnp.int64(0), jnp.int64(0))
    *_, classes, _, tries = jax.lax.while_loop(lambda state: state[3] < goal, one, start)
    return classes, tries


def _expected(probability, tries, count: int):
    """How often a class is expected among the candidates: of draws that were all taken as many as there were."""
    all_taken = tries == count
    return jnp.where(all_taken, probability * count, -jnp.expm1(tries * jnp.log1p(-probability))).astype(np.float32)


def _checked(what: str, true_classes, num_true, num_sampled, unique, range_max) -> None:
    if true_classes.ndim != 2 or true_classes.shape[1] != num_true:
        raise ValueError(
            f"For '{what}', 'true_classes' must be of shape (n, {num_true}), but its shape is {true_classes.shape}."
        )
    if unique and num_sampled > range_max:
        raise ValueError(f"For '{what}', 'num_sampled' must be at most {range_max} if unique, but got {num_sampled}.")


def _check_uniform(*, true_classes, num_true, num_sampled, unique, range_max, remove_accidental_hits=False, **_):
    what = "UniformCandidateSampler"
    _checked(what, true_classes, num_true, num_sampled, unique, range_max)
    if remove_accidental_hits:
        left = range_max - _taken(true_classes, range_max).sum()
        error = ValueError(f"For '{what}', too few classes are left without the true ones.")
        checks.require(left >= (num_sampled if unique else 1), error)


def _check_log_uniform(*, true_classes, num_true, num_sampled, unique, range_max, **_):
    _checked("LogUniformCandidateSampler", true_classes, num_true, num_sampled, unique, range_max)


def _taken(classes, range_max: int):
    inside = (classes >= 0) & (classes < range_max)
    return jnp.zeros(range_max, bool).at[jnp.where(inside, classes, range_max)].set(True, mode="drop")


@random(
    "ops.uniform_candidate_sampler(true_classes, num_true, num_sampled, unique, range_max, seed=0, "
    "remove_accidental_hits=False)",
    "ops.UniformCandidateSampler(num_true, num_sampled, unique, range_max, seed=0, remove_accidental_hits=False)"
    "(true_classes)",
    check=_check_uniform,
)
def uniform_candidate_sampler(
    key, true_classes, *, num_true, num_sampled, unique, range_max, remove_accidental_hits=False
) -> _Three:
    """Classes drawn with equal probabilities, and how often each is expected.

    Args:
        remove_accidental_hits: whether no true class is drawn.

    Raises:
        ValueError: if the true classes are of another shape, or there are too few classes.
    """
    taken = _taken(true_classes, range_max) if remove_accidental_hits else jnp.zeros(range_max, bool)
    if unique:
        classes, tries = _draw_unique(key, _uniform, taken, num_sampled)
        expected = _expected(np.float32(1 / range_max), tries, num_sampled)
    else:
        left = jnp.argsort(taken, stable=True)  # those that are not taken first
        classes = left[_uniform(key, (~taken).sum(), (num_sampled,))]
        expected = jnp.float32(num_sampled / range_max)
    shapes = true_classes.shape, classes.shape
    of_true, of_drawn = (jnp.broadcast_to(expected, shape) for shape in shapes)
    return classes.astype(true_classes.dtype), of_true, of_drawn


@random(
    "ops.log_uniform_candidate_sampler(true_classes, num_true=1, num_sampled=5, unique=True, range_max=5, seed=0)",
    "ops.LogUniformCandidateSampler(num_true=1, num_sampled=5, unique=True, range_max=5, seed=0)(true_classes)",
    check=_check_log_uniform,
)
def log_uniform_candidate_sampler(key, true_classes, *, num_true=1, num_sampled=5, unique=True, range_max=5) -> _Three:
    """Classes drawn with probabilities that fall as 1 / k, and how often each is expected.

    Class k has the probability log((k + 2) / (k + 1)) / log(range_max + 1).

    Raises:
        ValueError: if the true classes are of another shape, or there are too few classes.
    """
    if unique:
        classes, tries = _draw_unique(key, _log_uniform, jnp.zeros(range_max, bool), num_sampled)
    else:
        classes, tries = _log_uniform(key, range_max, (num_sampled,)), num_sampled

    def expected(k):
        k = k.astype(np.float32)
        probability = jnp.log((k + 2) / (k + 1)) / np.float32(np.log(range_max + 1))
        return _expected(probability, tries, num_sampled)

    return classes.astype(true_classes.dtype), expected(true_classes), expected(classes)


@op("ops.ComputeAccidentalHits(num_true=1)(true_classes, sampled_candidates)", jit=False, kinds={"num_true": "int > 0"})
def compute_accidental_hits(true_classes, sampled_candidates, *, num_true=1) -> _Three:
    """Which of the candidates are true classes.

    Args:
        true_classes: of shape (n, num_true).
        sampled_candidates: of shape (num_sampled,).

    Returns:
        Of each hit the row of the true class, as int32; the place of the candidate, as int64; and the lowest float32,
        which takes a logit out of a softmax when it is added.

    Raises:
        TypeError: if the classes are no integers.
        ValueError: if the true classes are of another shape.
    """
    for given in (true_classes, sampled_candidates):
        if not jnp.issubdtype(given.dtype, jnp.integer):
            raise TypeError(f"For 'ComputeAccidentalHits', classes must be integers, but got {given.dtype}.")
    if true_classes.ndim != 2 or true_classes.shape[1] != num_true or sampled_candidates.ndim != 1:
        raise ValueError(
            f"For 'ComputeAccidentalHits', 'true_classes' must be of shape (n, {num_true}) and the candidates have one "
            f"axis, but got {true_classes.shape} and {sampled_candidates.shape}."
        )
    rows, _, found = places(true_classes[..., None] == sampled_candidates)
    return rows.astype(np.int32), found.astype(np.int64), jnp.full(rows.shape, jnp.finfo(np.float32).min, np.float32)
