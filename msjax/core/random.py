"""Random state: keys held by handles, so that every transform sees and restores them like any other state."""

from __future__ import annotations

__only_computes__ = False  # see core.effects

import random as _python_random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.custom_batching import custom_vmap

from msjax import log
from msjax.core import trace
from msjax.core.effects import reads_settings
from msjax.core.kinds import is_a
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.core.trace import concrete

_seed: int | None = None


class Generator:
    """A stream of random numbers, begun anew by `manual_seed`.

    Its key is drawn from the system when it is first needed, unless a seed is set before.

    Example:
        >>> generator = ms.Generator().manual_seed(5)
        >>> generator.initial_seed()
        5
    """

    def __init__(self):
        self._begun_at = 0
        self._handle: Tensor | None = None

    def manual_seed(self, seed: int) -> Generator:
        """Begin anew at `seed`.

        Raises:
            TypeError: if `seed` is not an int.
        """
        if not is_a(seed, "int"):
            raise TypeError(f"The argument 'seed' must be type of int, but got {type(seed).__name__}.")
        self._begun_at = seed
        self._hold(jax.random.key_data(jax.random.key(seed % 2**63)))
        return self

    def seed(self) -> int:
        """Begin anew at a number from the system, and return it."""
        number = _python_random.SystemRandom().getrandbits(31)
        self.manual_seed(number)
        return number

    def initial_seed(self) -> int:
        """The number this generator last began at; 0 if none was set."""
        return self._begun_at

    def get_state(self) -> Tensor:
        """The state, as bytes that `set_state` takes."""
        words = np.asarray(concrete(raw(self.state())), np.uint32)
        start = np.array([self._begun_at], np.int64)
        return Tensor(np.concatenate([words.view(np.uint8), start.view(np.uint8)]))

    def set_state(self, state: Tensor) -> None:
        """Continue from a state that `get_state` returned.

        Raises:
            ValueError: if it is no such state.
        """
        values = np.asarray(concrete(raw(state)))
        if values.dtype != np.uint8 or values.shape != (16,):
            raise ValueError(f"A state is 16 bytes as get_state gives, but got {values.dtype}{list(values.shape)}.")
        self._begun_at = int(values[8:].view(np.int64)[0])
        self._hold(jnp.asarray(values[:8].view(np.uint32)))

    def state(self) -> Tensor:
        """The handle that holds the key, as uint32 words."""
        if self._handle is None:
            with jax.ensure_compile_time_eval():
                number = _python_random.SystemRandom().getrandbits(31)
                self._hold(jax.random.key_data(jax.random.key(number)))
        assert self._handle is not None
        return self._handle

    def next_key(self) -> jax.Array:
        """A fresh key for one draw, as words; the state moves on."""
        handle = self.state()
        words = raw(handle)
        if words.ndim > 1:  # as `nnx.split_rngs` leaves it, until `nnx.restore_rngs`
            raise RuntimeError(
                f"The generator holds a key for each of {words.shape[:-1]} rows of a vmap, so it can not draw outside "
                "of one: restore it, by nnx.restore_rngs for example, or set a seed."
            )
        following, key = _split_words(words)
        if isinstance(following, trace.Tracer) and not isinstance(words, trace.Tracer) and not trace.compiling():
            # A transform of JAX that knows nothing of this state is recording: it must not keep what is recorded.
            log.info("a random number of a compiled JAX function is drawn once, when it is compiled")
            with jax.ensure_compile_time_eval():
                following, key = _split_words(words)
        rebind(handle, following)
        return key

    def _hold(self, words) -> None:
        if self._handle is None:
            self._handle = wrap(words)
        else:
            rebind(self._handle, words)


@jax.jit
def _split_words(words):
    keys = jax.random.split(jax.random.wrap_key_data(words))
    return jax.random.key_data(keys[0]), jax.random.key_data(keys[1])


default_generator = Generator()


class _Drawing(threading.local):
    generator: Generator | None = None  # in place of the default one


_drawing = _Drawing()


@contextmanager
def drawing_from(generator: Generator) -> Iterator[None]:
    """In the body, what would draw from the default generator draws from `generator`."""
    before, _drawing.generator = _drawing.generator, generator
    try:
        yield
    finally:
        _drawing.generator = before


# Told of each seed that is set: rooms above that draw random numbers of their own add to it.
followers: list[Callable[[int], None]] = []


def set_seed(seed: int) -> None:
    """Start all random operators, layers' initializers and numpy's global generator from `seed`.

    Args:
        seed: an int that is not negative.

    Raises:
        TypeError: if `seed` is not an int.
        ValueError: if it is negative.

    Differs from MindSpore: the numbers drawn are JAX's, not MindSpore's, for the same seed.

    Example:
        >>> ms.set_seed(1)
    """
    global _seed
    if not is_a(seed, "int"):
        raise TypeError(f"The argument 'seed' must be type of int, but got {type(seed).__name__}.")
    if seed < 0:
        raise ValueError(f"The argument 'seed' must be greater or equal to 0, but got {seed}.")
    _seed = seed
    np.random.seed(seed % 2**32)
    default_generator.manual_seed(seed)
    for follow in followers:
        follow(seed)


@reads_settings
def get_seed() -> int | None:
    """The seed given to `set_seed`, or None.

    Returns:
        An int or None.

    Example:
        >>> ms.set_seed(3)
        >>> ms.get_seed()
        3
    """
    return _seed


def manual_seed(seed: int) -> Generator:
    """Let the default generator begin anew at `seed`, and return it.

    Args:
        seed: an int.

    Returns:
        The default generator.

    Example:
        >>> ms.manual_seed(5).initial_seed()
        5
    """
    return default_generator.manual_seed(seed)


def seed() -> int:
    """Let the default generator begin anew at a number from the system, and return the number.

    Returns:
        An int.

    Example:
        >>> ms.seed() == ms.initial_seed()
        True
    """
    return default_generator.seed()


def initial_seed() -> int:
    """The number the default generator last began at; 0 if none was set.

    Returns:
        An int.

    Example:
        >>> generator = ms.manual_seed(5)
        >>> ms.initial_seed()
        5
    """
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """The default generator's state, as bytes that `set_rng_state` takes.

    Returns:
        A Tensor of bytes.

    Example:
        >>> state = ms.get_rng_state()
        >>> first = ops.rand(3)
        >>> ms.set_rng_state(state)
        >>> bool((ops.rand(3) == first).all())
        True
    """
    return default_generator.get_state()


def set_rng_state(state: Tensor) -> None:
    """Let the default generator continue from a state that `get_rng_state` returned.

    Args:
        state: a Tensor of bytes.

    Example:
        >>> ms.set_rng_state(ms.get_rng_state())
    """
    default_generator.set_state(state)


def state() -> Tensor:
    """The handle that holds the default generator's key, as uint32 words."""
    return default_generator.state()


def next_key(seed: int | None = None, generator: Generator | None = None, given: Any = ()) -> jax.Array:
    """A fresh raw key for one draw: of `seed` alone where one is given, else of a generator.

    Args:
        given: what the draw depends on. Where `vmap` slices an array of it, each slice has a key of its own.

    Returns:
        A uint32 array that `jax.random.wrap_key_data` takes.
    """
    if seed:
        key = jax.random.key_data(jax.random.key(seed))
    else:
        key = (generator or _drawing.generator or default_generator).next_key()
    if trace.batching() and any(isinstance(g, trace.Tracer) for g in given):
        return _of_slices(key, [trace.detach(g) for g in given if isinstance(g, trace.Tracer)])
    return key


@custom_vmap
def _of_slices(words, given):
    return words


@_of_slices.def_vmap
def _split_by_slice(size, batched, words, given):
    words = _of_slices(words, given)  # of a vmap around this one
    if batched[0] or not any(batched[1]):
        return words, batched[0]
    return jax.random.key_data(jax.random.split(jax.random.wrap_key_data(words), size)), True
