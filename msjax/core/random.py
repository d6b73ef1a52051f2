"""Random state: one key, held by a handle, so that every transform sees and restores it like any other state."""

from __future__ import annotations

import random as _python_random

import jax
import numpy as np

from msjax.core.tensor import Tensor, raw, rebind, wrap

_seed: int | None = None
_state: Tensor | None = None


def set_seed(seed: int) -> None:
    """Start all random operators, layers' initializers and numpy's global generator from `seed`.

    Raises:
        TypeError: if `seed` is not an int.
        ValueError: if it is negative.

    Differs from MindSpore: the numbers drawn are JAX's, not MindSpore's, for the same seed.

    Example:
        >>> ms.set_seed(1)
    """
    global _seed
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise TypeError(f"The argument 'seed' must be type of int, but got {type(seed).__name__}.")
    if seed < 0:
        raise ValueError(f"The argument 'seed' must be greater or equal to 0, but got {seed}.")
    _seed = seed
    np.random.seed(seed % 2**32)
    restart(seed)


def get_seed() -> int | None:
    """The seed given to `set_seed`, or None."""
    return _seed


def restart(seed: int) -> None:
    """Let the generator begin anew at `seed`."""
    key = jax.random.key_data(jax.random.key(seed))
    if _state is None:
        _start(key)
    else:
        rebind(_state, key)


def state() -> Tensor:
    """The handle that holds the generator's key, as uint32 words."""
    if _state is None:
        with jax.ensure_compile_time_eval():
            _start(jax.random.key_data(jax.random.key(_python_random.SystemRandom().getrandbits(31))))
    assert _state is not None
    return _state


def _start(key) -> None:
    global _state
    _state = wrap(key)


def next_key(seed: int | None = None):
    """A fresh raw key for one draw; of `seed` alone where one is given.

    Returns:
        A uint32 array that `jax.random.wrap_key_data` takes.
    """
    if seed:
        return jax.random.key_data(jax.random.key(seed))
    handle = state()
    following, key = _split_words(raw(handle))
    rebind(handle, following)
    return key


@jax.jit
def _split_words(words):
    keys = jax.random.split(jax.random.wrap_key_data(words))
    return jax.random.key_data(keys[0]), jax.random.key_data(keys[1])
