"""Random keys at the borders: generators hold their words, uint32; JAX and Flax hand about typed keys."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp


def is_key(value: Any) -> bool:
    """Whether a value is a typed key, or an array of them.

    Args:
        value: anything.

    Returns:
        Whether it is.
    """
    return isinstance(value, jax.Array) and jnp.issubdtype(value.dtype, jax.dtypes.prng_key)


def words_of(value: Any) -> Any:
    """The words of a typed key.

    Args:
        value: a key, or anything else.

    Returns:
        The words, or the value.
    """
    return jax.random.key_data(value) if is_key(value) else value


def typed(words: Any, kind: Any = None) -> Any:
    """The typed key of words.

    Args:
        words: uint32, as generators hold them.
        kind: what `kind_of` gave; None for the default one.

    Returns:
        The key.
    """
    return jax.random.wrap_key_data(words, impl=kind)


def kind_of(value: Any) -> Any:
    """The kind of a typed key, which its words do not tell.

    Args:
        value: a key, or anything else.

    Returns:
        The kind; None of anything else.
    """
    return jax.random.key_impl(value) if is_key(value) else None


def from_seed(seed: Any, who: str) -> jax.Array:
    """A key that a user gives, by itself or as its seed.

    Args:
        seed: an int, or a key.
        who: the function that takes it, for errors.

    Returns:
        The key.

    Raises:
        TypeError: if `seed` is neither.
    """
    if isinstance(seed, int):
        return jax.random.key(seed)
    if not isinstance(seed, jax.Array):
        raise TypeError(
            f"For '{who}', 'rngs' must be a seed, a key of jax.random, or a dictionary of them, "
            f"but got {type(seed).__name__}."
        )
    return seed


def words_given(key: Any) -> Any:
    """The words of a key that a user gives.

    Args:
        key: a key, typed or as words; or None.

    Returns:
        Its words; None for None.

    Raises:
        TypeError: if it is no key.
    """
    if key is not None and not hasattr(key, "dtype"):
        raise TypeError(f"'rng' must be a key of jax.random, but got {type(key).__name__}.")
    return words_of(key)
