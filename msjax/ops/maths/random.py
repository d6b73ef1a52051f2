"""Random numbers: draws from distributions, permutations and choices."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.random import next_key
from msjax.ops.arrays.creation import shape_of
from msjax.ops.call.arguments import dtype_of, hashable
from msjax.ops.call.operator import Operator
from msjax.ops.call.promotion import array, as_type
from msjax.ops.table import op


def random(*faces: str, check: Callable | None = None, name: str | None = None):
    """Declare a random operator. Its definition takes a key before its arrays, its faces take `seed` or `generator`.

    The key is drawn outside of the compiled function, so that transforms see the generator's state move on.
    `check` is called before, with the arguments by name; it may raise, or return a result for which nothing is drawn.
    """

    def declare(definition: Callable) -> Callable:
        draw = drawing(definition, check)
        op(*faces, jit=False, name=name)(draw)
        return draw

    return declare


def drawing(definition: Callable, check: Callable | None = None) -> Callable:
    """A definition that draws its key itself: of a `seed` or `generator`, static arguments that come last."""

    def with_words(words, *arrays, **statics):
        return definition(jax.random.wrap_key_data(words), *arrays, **statics)

    key, *parameters = inspect.signature(definition).parameters.values()
    with_words.__name__ = definition.__name__
    with_words.__signature__ = inspect.Signature([key, *parameters])
    compiled = Operator(with_words)
    names = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]

    def draw(*arrays, seed=None, generator=None, **statics):
        if check is not None:
            result = check(**dict(zip(names, arrays, strict=True)), **statics)
            if result is not None:
                return result
        values = tuple(statics[name] for name in compiled.statics)
        run, given = compiled.ready(values, [next_key(_one_seed(seed), generator, arrays), *arrays])
        return run(*given)

    extra = [inspect.Parameter(n, inspect.Parameter.KEYWORD_ONLY, default=None) for n in ("seed", "generator")]
    draw.__name__, draw.__doc__ = definition.__name__, definition.__doc__
    gives = inspect.signature(definition).return_annotation
    draw.__signature__ = inspect.Signature([*parameters, *extra], return_annotation=gives)
    return draw


def _one_seed(seed) -> int | None:
    """MindSpore's "no seed" is None, 0 or -1."""
    seed = hashable(seed)
    return seed if isinstance(seed, int) and seed > 0 else None


def real(dtype) -> np.dtype:
    """The dtype of what is drawn, float32 by default."""
    return dtype_of(dtype) or np.dtype(np.float32)


def unit(key, shape, dtype: Any = np.float32) -> jax.Array:
    """Numbers uniform in [0, 1). The bounds are given because JAX's own are float64 with 64-bit types on."""
    return jax.random.uniform(key, shape, dtype, np.zeros((), dtype), np.ones((), dtype))


# -- normal and uniform ----------------------------------------------------------------------------------------------


@random("ops.randn(*size: shape, dtype=None, seed=None)",
        "ops.standard_normal(shape, seed=None)",
        "ops.StandardNormal(seed=0, seed2: _=0)(shape)",
        "mint.randn(*size: shape, generator=None, dtype=None, device: _=None)",
        "numpy.randn(*shape, dtype=mstype.float32)")  # fmt: skip
def randn(key, *, shape, dtype=None):
    """Numbers from the standard normal distribution."""
    return jax.random.normal(key, shape_of(shape), real(dtype))


@random("ops.rand(*size: shape, dtype=None, seed=None)",
        "ops.UniformReal(seed=0, seed2: _=0)(shape)",
        "mint.rand(*size: shape, generator=None, dtype=None, device: _=None)",
        "numpy.rand(*shape, dtype=mstype.float32)")  # fmt: skip
def rand(key, *, shape, dtype=None):
    """Numbers uniform in [0, 1)."""
    return unit(key, shape_of(shape), real(dtype))


@random("ops.randn_like(input, seed=None, *, dtype=None; usual=mstype.float32)",
        "mint.randn_like(input, *, dtype=None, device: _=None)")  # fmt: skip
def randn_like(key, x, *, dtype=None, usual=None):
    """Numbers from the standard normal distribution, in the input's shape."""
    return jax.random.normal(key, x.shape, dtype_of(dtype or usual) or x.dtype)


@random("ops.rand_like(input, seed=None, *, dtype=None)", "mint.rand_like(input, *, dtype=None, device: _=None)")
def rand_like(key, x, *, dtype=None):
    """Numbers uniform in [0, 1), in the input's shape and dtype."""
    return unit(key, x.shape, dtype_of(dtype) or x.dtype)


def _spread(shape, *parameters) -> tuple[int, ...]:
    """The shape asked for, broadcast with the parameters'."""
    own = () if shape is None else shape_of(shape)
    return np.broadcast_shapes(own, *(np.shape(p) for p in parameters))


@random("ops.normal(shape, mean, stddev: std, seed=None)",
        "mint.normal(mean=0.0, std=1.0, size: shape=None, generator=None)")  # fmt: skip
def normal(key, mean=0.0, std=1.0, *, shape=None):
    """Numbers from normal distributions, of `shape` broadcast with the means and deviations."""
    return mean + std * jax.random.normal(key, _spread(shape, mean, std), np.float32)


@random("ops.uniform(shape, minval, maxval, seed=None, dtype=mstype.float32)")
def uniform(key, minval, maxval, *, shape, dtype=None):
    """Numbers uniform in [minval, maxval), of `shape` broadcast with the bounds; integers if `dtype` is one."""
    draw = jax.random.randint if real(dtype).kind in "iu" else jax.random.uniform
    return draw(key, _spread(shape, minval, maxval), minval=minval, maxval=maxval, dtype=real(dtype))


@random("ops.UniformInt(seed=0, seed2: _=0)(shape, minval, maxval)")
def uniform_int(key, minval, maxval, *, shape):
    """int32 numbers uniform in [minval, maxval)."""
    return jax.random.randint(key, shape_of(shape), minval, maxval, np.int32)


@random("Tensor.normal_(mean=0, std=1, *, generator=None)", "ops.normal_(input, mean=0, std=1, *, generator=None)")
def normal_like(key, x, mean=0, std=1):
    """Numbers from a normal distribution, in the input's shape and dtype."""
    return mean + std * jax.random.normal(key, x.shape, x.dtype)


@random("Tensor.uniform_(from_: low=0, to: high=1, *, generator=None)",
        "ops.uniform_(input, from_: low=0, to: high=1, *, generator=None)",
        "Tensor.uniform(from_: low=0.0, to: high=1.0, generator=None)")  # fmt: skip
def uniform_like(key, x, low=0, high=1):
    """Numbers uniform in [from_, to), in the input's shape and dtype."""
    return jax.random.uniform(key, x.shape, x.dtype, minval=low, maxval=high)


@random("Tensor.log_normal(mean=1.0, std=2.0)", "ops.LogNormalReverse(mean=1.0, std=2.0)(x)")
def log_normal(key, x, mean=1.0, std=2.0):
    """exp of numbers from a normal distribution, in the input's shape and dtype."""
    return jnp.exp(mean + std * jax.random.normal(key, x.shape, np.float32)).astype(x.dtype)


@random("ops.Cauchy(size, median=0.0, sigma=1.0)()", name="Cauchy")
def cauchy_of_size(key, *, size, median=0.0, sigma=1.0):
    """float32 numbers from a Cauchy distribution, in the shape `size`."""
    return median + sigma * jax.random.cauchy(key, shape_of(size), np.float32)


@random("Tensor.cauchy(median=0.0, sigma=1.0)")
def cauchy(key, x, median=0.0, sigma=1.0):
    """Numbers from a Cauchy distribution, in the input's shape and dtype."""
    return (median + sigma * jax.random.cauchy(key, x.shape, np.float32)).astype(x.dtype)


@random("Tensor.exponential_(lambd=1, *, generator=None)",
        "ops.exponential_(input, lambd=1, *, generator=None)")  # fmt: skip
def exponential_like(key, x, lambd=1):
    """Numbers from an exponential distribution of rate `lambd`, in the input's shape and dtype."""
    return jax.random.exponential(key, x.shape, x.dtype) / lambd


# -- integers and permutations ---------------------------------------------------------------------------------------


def _bounds(*, low, high, **_):
    if isinstance(low, int) and isinstance(high, int) and low >= high:
        raise RuntimeError(f"For 'randint', 'low' must be less than 'high', but got {low} and {high}.")


def _integers(key, low, high, shape, dtype):
    return jax.random.randint(key, shape, low, high, dtype_of(dtype) or np.int64)


def _tuple_size(*, size, **rest):
    if isinstance(size, int):
        raise ValueError(f"For 'randint', the input 'size' must be a tuple, but got {size}.")
    _bounds(**rest)


@random("ops.randint(low, high, size, seed=None, *, dtype=None)", check=_tuple_size)
def randint(key, low, high, *, size, dtype=None):
    """Integers uniform in [low, high), int64 by default.

    Raises:
        ValueError: if `size` is not a tuple.
    """
    return _integers(key, low, high, shape_of(size), dtype)


@random("mint.randint(high, size, *, generator=None, dtype=None, device: _=None)",
        "mint.randint(low, high, size, *, generator=None, dtype=None, device: _=None)", check=_bounds)  # fmt: skip
def randint_from(key, high, low=0, *, size, dtype=None):
    """Integers uniform in [low, high), from 0 by default."""
    return _integers(key, low, high, shape_of(size), dtype)


@random("ops.randint_like(input, low, high, seed=None, *, dtype=None)",
        "mint.randint_like(input, high, *, dtype=None, device: _=None)",
        "mint.randint_like(input, low, high, *, dtype=None, device: _=None)")  # fmt: skip
def randint_like(key, x, high, low=0, *, dtype=None):
    """Integers uniform in [low, high), in the input's shape and dtype."""
    out = dtype_of(dtype) or x.dtype
    return jax.random.randint(key, x.shape, low, high, out if out.kind in "iu" else np.int64).astype(out)


@random("numpy.randint(minval, maxval=None, shape=None, dtype=mstype.int32)")
def randint_of_shape(key, minval, maxval=None, *, shape=None, dtype=None):
    """Integers uniform in [minval, maxval), or below `minval` from 0 if it is the only bound."""
    low, high = (0, minval) if maxval is None else (minval, maxval)
    return _integers(key, low, high, (1,) if shape is None else shape_of(shape), dtype)


@random("Tensor.random_(from_: low=0, to: high=None, *, generator=None)",
        "ops.random_(input, from_: low=0, to: high=None, *, generator=None)")  # fmt: skip
def random_like(key, x, low=0, high=None):
    """Integers uniform in [from_, to), in the input's shape and dtype; up to what the dtype holds by default."""
    if high is None:
        floating = jnp.issubdtype(x.dtype, jnp.floating)
        high = 2 ** (jnp.finfo(x.dtype).nmant + 1) if floating else jnp.iinfo(x.dtype).max
    return jax.random.randint(key, x.shape, low, high, np.int64).astype(x.dtype)


def _positive(*, n, **_):
    if isinstance(n, int) and n < 0:
        raise ValueError(f"For 'randperm', 'n' must not be negative, but got {n}.")


@random("ops.randperm(n, seed=0, offset: _=0, dtype=mstype.int64)",
        "ops.RandpermV2(seed=0, offset: _=0, dtype=mstype.int64)(n)",
        "mint.randperm(n, *, generator=None, dtype=mstype.int64)", check=_positive)  # fmt: skip
def randperm(key, *, n, dtype):
    """The integers below `n` in random order."""
    n = hashable(n)
    return jax.random.permutation(key, n[0] if isinstance(n, tuple) else n).astype(dtype_of(dtype))


@random("ops.Randperm(max_length=1, pad=-1, dtype=mstype.int32)(x: n)")
def randperm_padded(key, *, n, max_length=1, pad=-1, dtype):
    """The integers below `x` in random order, followed by `pad` up to `max_length`."""
    n = hashable(n)
    order = jax.random.permutation(key, n[0] if isinstance(n, tuple) else n)
    return jnp.pad(order, (0, max_length - order.size), constant_values=pad).astype(dtype_of(dtype))


@random("ops.shuffle(x, seed=None)", "ops.RandomShuffle(seed=0, seed2: _=0)(x)")
def shuffle(key, x):
    """The input's slices along its first axis in random order."""
    return jax.random.permutation(key, x) if x.ndim else x


# -- other distributions ---------------------------------------------------------------------------------------------


@random("ops.standard_laplace(shape, seed=None)", "ops.StandardLaplace(seed=0, seed2: _=0)(shape)")
def standard_laplace(key, *, shape):
    """Numbers from the Laplace distribution of mean 0 and scale 1."""
    return jax.random.laplace(key, shape_of(shape), np.float32)


@random("ops.laplace(shape, mean, lambda_param, seed=None)")
def laplace(key, mean, lambda_param, *, shape):
    """Numbers from Laplace distributions, of `shape` broadcast with the means and scales."""
    mean, lambda_param = array(mean), array(lambda_param)
    return mean + lambda_param * jax.random.laplace(key, _spread(shape, mean, lambda_param), np.float32)


@random("ops.gamma(shape, alpha, beta, seed=None)", "ops.Gamma(seed=0, seed2: _=0)(shape, alpha, beta)")
def gamma(key, alpha, beta, *, shape):
    """Numbers from gamma distributions of shape `alpha` and rate `beta`; `shape` for each of these."""
    each = np.broadcast_shapes(np.shape(alpha), np.shape(beta))
    return jax.random.gamma(key, jnp.asarray(alpha, np.float32), (*shape_of(shape), *each), np.float32) / beta


@random("ops.random_gamma(shape, alpha, seed=None)", "ops.RandomGamma(seed=0, seed2: _=0)(shape, alpha)")
def random_gamma(key, alpha, *, shape):
    """Numbers from gamma distributions of shape `alpha` and rate 1; `shape` for each of these."""
    return jax.random.gamma(key, alpha, (*shape_of(shape), *alpha.shape), alpha.dtype)


@random("ops.random_poisson(shape, rate, seed=None, dtype=mstype.float32)",
        "ops.RandomPoisson(seed=0, seed2: _=0, dtype=mstype.int64)(shape, rate)")  # fmt: skip
def random_poisson(key, rate, *, shape, dtype):
    """Numbers from Poisson distributions; `shape` for each rate."""
    return jax.random.poisson(key, rate, (*shape_of(shape), *np.shape(rate)), np.int32).astype(dtype_of(dtype))


@random("ops.poisson(shape, mean, seed=None)", "ops.Poisson(seed=0, seed2: _=0)(shape, mean)")
def poisson(key, mean, *, shape):
    """int32 numbers from Poisson distributions, of `shape` broadcast with the means."""
    return jax.random.poisson(key, mean, _spread(shape, mean), np.int32)


def _probability(*, p, **_):
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        raise ValueError(f"For bernoulli, p should be in [0, 1], but got {p}.")


@random("ops.bernoulli(input, p=0.5, seed=None)",
        "ops.Bernoulli(seed=-1, offset: _=0)(x, p=0.5)",
        "Tensor.bernoulli_(p=0.5, *, generator=None)",
        "ops.bernoulli_(input, p=0.5, *, generator=None)", check=_probability)  # fmt: skip
def bernoulli(key, x, p=0.5):
    """1 with probability `p`, else 0, in the input's shape and dtype.

    Raises:
        ValueError: if `p` is not in [0, 1].
    """
    return as_type(unit(key, x.shape) < jnp.asarray(p, np.float32), x.dtype)


@random("mint.bernoulli(input, *, generator=None)", "Tensor.bernoulli(*, generator=None)")
def bernoulli_by_element(key, x):
    """1 with the probability that each element is, else 0."""
    return as_type(unit(key, x.shape) < x.astype(np.float32), x.dtype)


# -- choices ---------------------------------------------------------------------------------------------------------


def _choices(key, logits, count, replacement, dtype):
    """`count` indices for each row of log-probabilities."""
    if replacement:
        drawn = jax.random.categorical(key, logits, shape=(count, *logits.shape[:-1]))
        return jnp.moveaxis(drawn, 0, -1).astype(dtype)
    scores = logits + jax.random.gumbel(key, logits.shape, logits.dtype)
    return jax.lax.top_k(scores, count)[1].astype(dtype)


def _log(x):
    x = x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(np.float32)
    return jnp.log(x / jnp.sum(x, -1, keepdims=True))


@random("ops.multinomial(input, num_samples, replacement=True, seed=None)",
        "ops.Multinomial(seed=0, seed2: _=0, dtype=mstype.int32)(x, num_samples)",
        "Tensor.multinomial(num_samples, replacement=True, seed=None)",
        "mint.multinomial(input, num_samples, replacement=False, *, generator=None; dtype=mstype.int64)")  # fmt: skip
def multinomial(key, x, *, num_samples, replacement=True, dtype=None):
    """`num_samples` indices for each row of weights, in proportion to these, as {dtype|none: int32}."""
    return _choices(key, _log(x), hashable(num_samples), replacement, dtype_of(dtype) or np.int32)


@random("ops.multinomial_with_replacement(x, seed, offset: _, numsamples, replacement=False)",
        "ops.MultinomialWithReplacement(numsamples, replacement=False)(x, seed, offset: _)")  # fmt: skip
def multinomial_with_replacement(key, x, *, numsamples, replacement=False):
    """`numsamples` indices for each row of weights, as int64."""
    return _choices(key, _log(x), numsamples, replacement, np.int64)


@random("ops.random_categorical(logits, num_sample, seed=0, dtype=mstype.int64)",
        "ops.RandomCategorical(dtype=mstype.int64)(logits, num_sample, seed=0)",
        "Tensor.random_categorical(num_sample, seed=0, dtype=mstype.int64)")  # fmt: skip
def random_categorical(key, logits, *, num_sample, dtype):
    """`num_sample` indices for each row of unnormalized log-probabilities."""
    return _choices(key, logits, hashable(num_sample), True, dtype_of(dtype))


@random("ops.choice_with_mask(input_x, count=256, seed=None)",
        "ops.RandomChoiceWithMask(count=256, seed=0, seed2: _=0)(input_x)")  # fmt: skip
def random_choice_with_mask(key, x, *, count) -> tuple[jax.Array, jax.Array]:
    """The indices of `count` random True elements, and which of them there are; the others are 0."""
    scores = jnp.where(x.ravel(), unit(key, (x.size,)) + 1, 0)
    found, places = jax.lax.top_k(scores, min(count, x.size))
    chosen = jnp.stack(jnp.unravel_index(places, x.shape), -1)
    chosen = jnp.where(found[:, None] > 0, chosen, 0).astype(np.int32)
    missing = count - found.size
    return jnp.pad(chosen, ((0, missing), (0, 0))), jnp.pad(found > 0, (0, missing))
