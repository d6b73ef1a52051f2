"""Unbiased estimates of differential operators by a few random directions, for very many coordinates.

A Laplacian is the mean of second derivatives along random directions, so a few directions estimate it at a cost that
does not grow with the number of coordinates. A loss that squares an estimate is biased by its variance: multiply two
estimates that are independent of each other instead.

Source: M. Hutchinson, A stochastic estimator of the trace of the influence matrix (1989),
doi:10.1080/03610918908812806; Z. Hu, Z. Shi, G. Karniadakis and K. Kawaguchi, Hutchinson trace estimation for
high-dimensional and high-order physics-informed neural networks (2024), arXiv:2312.14499; Z. Shi et al., Stochastic
Taylor derivative estimator (2024), arXiv:2412.00088.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.autodiff.grad import compiling
from msjax.core.kinds import is_a
from msjax.core.random import next_key
from msjax.core.tensor import Tensor, raw, wrap
from msjax.diffops import formulations, plan
from msjax.diffops.field import Field
from msjax.diffops.plan import planned
from msjax.diffops.second import directions_of
from msjax.diffops.vector import check_components

_KINDS = ("rademacher", "normal", "sparse")


def laplacian(
    f: Callable,
    samples: int = 16,
    grad_position: Any = 0,
    *,
    kind: Any = "rademacher",
    lower: bool = False,
    chunk: int | None = None,
) -> Callable[..., Any]:
    """An estimate of the Laplacian of `f`.

    Args:
        f, grad_position, chunk: as for `diffops.laplacian`.
        samples: the number of random directions. All points of a call have the same ones.
        kind: "rademacher" (entries are -1 or 1), "normal", or "sparse" (coordinates drawn without replacement: exact
            if all are drawn).
        lower: whether to give (value, estimate).

    Returns:
        A function of the arguments of f, and optionally `key`: a Tensor or array of two uint32 words, a key of
        jax.random, or an int. By default the numbers are msjax's own random numbers, which `ms.set_seed` seeds.

    Raises:
        TypeError, ValueError: as `diffops.laplacian`, and if `samples` or `kind` are not possible.

    Example:
        >>> stochastic.laplacian(lambda x: (x**2).sum(-1), samples=4)(ops.ones(1000))
        Tensor(shape=[], dtype=Float32, value= 2000)
    """
    return _second_order(f, "laplacian", None, samples, grad_position, kind, lower, chunk)


def second_order(
    f: Callable,
    coefficients: Any,
    samples: int = 16,
    grad_position: Any = 0,
    *,
    kind: Any = "rademacher",
    lower: bool = False,
    chunk: int | None = None,
) -> Callable[..., Any]:
    """An estimate of the operator `sum_ij a_ij d_i d_j f`.

    Args:
        coefficients: a, as for `diffops.second_order`, but no Tensor: their derivatives are not estimated.
        f, samples, grad_position, kind, lower, chunk: as for `laplacian`. "sparse" draws eigenvectors of a, each as
            often as its eigenvalue is large.

    Returns:
        A function, as `laplacian` gives.

    Raises:
        TypeError, ValueError: as `laplacian`.

    Example:
        >>> stochastic.second_order(lambda x: (x**2).sum(-1), [1.0, 3.0], samples=4)(ops.ones(2))
        Tensor(shape=[], dtype=Float32, value= 8)
    """
    return _second_order(f, "second_order", coefficients, samples, grad_position, kind, lower, chunk)


def biharmonic(
    f: Callable, samples: int = 16, grad_position: Any = 0, *, lower: bool = False, chunk: int | None = None
) -> Callable[..., Any]:
    """An estimate of the Laplacian of the Laplacian of `f`, by fourth derivatives along normal directions.

    Args:
        f, samples, grad_position, lower, chunk: as for `laplacian`.

    Returns:
        A function, as `laplacian` gives.

    Raises:
        TypeError, ValueError: as `laplacian`.

    Example:
        >>> stochastic.biharmonic(lambda x: x.sum(-1) ** 3, samples=4)(ops.ones(10))
        Tensor(shape=[], dtype=Float32, value= 0)
    """

    def estimate(field, function, xs, key):
        matrix = _draw("normal", key, (samples, field.size), field.dtype)

        def compute(by):
            def along(vs):
                value, *_, fourth = formulations.directional(function, xs, [vs] * 4, field.axis, by)
                return value, fourth

            value, fourth = formulations.along_each(along, xs, field.directions(matrix), field.axis)
            return value, [d.mean(-1) / 3 for d in fourth]  # E v_i v_j v_k v_l has three pairings

        costs = plan.costs(plan.DIRECTIONAL, 4)
        return planned("biharmonic", costs, "auto", samples, compute)[1]

    return _estimator(f, "biharmonic", estimate, samples, "normal", grad_position, lower, chunk)


def divergence(
    f: Callable,
    samples: int = 16,
    grad_position: Any = 0,
    *,
    kind: Any = "rademacher",
    lower: bool = False,
    chunk: int | None = None,
) -> Callable[..., Any]:
    """An estimate of the divergence of a vector field, by products of its Jacobian and random directions.

    Args:
        f: as for `diffops.divergence`.
        samples, grad_position, kind, lower, chunk: as for `laplacian`.

    Returns:
        A function, as `laplacian` gives.

    Raises:
        TypeError, ValueError: as `laplacian`.

    Example:
        >>> stochastic.divergence(lambda x: 3 * x, samples=4)(ops.ones(1000))
        Tensor(shape=[], dtype=Float32, value= 3000)
    """

    def estimate(field, function, xs, key):
        matrix, weights = _drawn(kind, key, samples, None, None, field)
        costs = plan.costs(plan.JACOBIAN, samples, field.size)

        def compute(by):
            directions = field.directions(matrix)
            values, first = formulations.jacobian(function, xs, directions, field.axis, by)
            check_components("divergence", values, field)
            return values, [jnp.einsum("...ik,ki,k->...", j, matrix, weights) for j in first]

        return planned("divergence", costs, "auto", samples, compute)[1]

    return _estimator(f, "divergence", estimate, samples, kind, grad_position, lower, chunk)


def _second_order(f, name, coefficients, samples, grad_position, kind, lower, chunk):
    if isinstance(coefficients, Tensor):
        raise TypeError(
            f"For '{name}', 'coefficients' must be an array or nested lists, but got a Tensor: derivatives by the "
            "coefficients are not estimated. Use diffops.second_order for them, or coefficients.asnumpy()."
        )

    def estimate(field, function, xs, key):
        matrix, weights = _eigenvectors(coefficients, field.size)
        matrix, weights = _drawn(kind, key, samples, matrix, weights, field)
        costs = plan.costs(plan.SECOND_SUM, len(matrix))

        def compute(by):
            directions = field.directions(matrix)
            value, _, second = formulations.second_sum(function, xs, directions, weights, field.axis, by)
            return value, second

        return planned(name, costs, "auto", samples, compute)[1]

    return _estimator(f, name, estimate, samples, kind, grad_position, lower, chunk)


def _eigenvectors(coefficients, size: int) -> tuple:
    """As `directions_of`, but without a matrix where it would be the unit matrix: there may be 10^6 coordinates."""
    if coefficients is None:
        return None, None
    if np.shape(coefficients) == (size,):
        return None, np.asarray(coefficients, float)
    return directions_of(coefficients, size)


def _estimator(f, name: str, estimate: Callable, samples, kind, grad_position, lower: bool, chunk) -> Callable:
    if not is_a(samples, "int >= 1"):
        raise ValueError(f"For '{name}', 'samples' must be an int of at least 1, but got {samples!r}.")
    if kind not in _KINDS:
        raise ValueError(f"For '{name}', 'kind' must be one of {list(_KINDS)}, but got {kind!r}.")

    def derived(*args, words=None):
        key = jax.random.wrap_key_data(next_key() if words is None else raw(words))

        def transform(function, xs):
            value, estimated = estimate(field, function, xs, key)
            return [value, estimated] if lower else [estimated]

        field = Field(f, args, grad_position, chunk)
        orders = field.derived(transform)
        return tuple(orders) if lower else orders[0]

    derived.__name__ = name
    compiled = compiling(f, derived)

    @wraps(compiled)
    def operator(*args, key=None):
        return compiled(*args) if key is None else compiled(*args, words=_words(key))

    return operator


def _words(key) -> Tensor:
    """A key as a Tensor, so that another key is no reason to compile anew."""
    if isinstance(key, Tensor):
        return key
    if isinstance(key, int):
        key = jax.random.key(key)
    return wrap(jax.random.key_data(key) if jnp.issubdtype(key.dtype, jax.dtypes.prng_key) else jnp.asarray(key))


def _draw(kind: str, key, shape: tuple, dtype):
    draw = jax.random.rademacher if kind == "rademacher" else jax.random.normal
    return draw(key, shape, dtype)


def _drawn(kind: str, key, samples: int, matrix, weights, field) -> tuple:
    """(directions, weights) whose weighted products estimate those of the rows of `matrix`, None for the unit matrix.

    Weights of both signs are split: the positive and the negative ones are estimated each by themselves.
    """
    dtype, size = field.dtype, field.size
    count = size if matrix is None else len(matrix)
    if kind == "sparse":
        if weights is None:
            rows = jax.random.choice(key, count, (min(samples, count),), replace=False)
            drawn = jnp.full(len(rows), count / len(rows), dtype)
        else:
            total = np.abs(weights).sum()
            rows = jax.random.choice(key, count, (samples,), p=jnp.asarray(np.abs(weights) / total))
            drawn = jnp.sign(jnp.asarray(weights, dtype))[rows] * (total / samples)
        return (jax.nn.one_hot(rows, size, dtype=dtype) if matrix is None else jnp.asarray(matrix, dtype)[rows]), drawn
    scales, signs = [1.0], [1]
    if weights is not None:
        signs = [sign for sign in (1, -1) if (sign * weights > 0).any()]
        scales = [np.sqrt(np.maximum(sign * weights, 0)).astype(dtype) for sign in signs]
    random = _draw(kind, key, (samples, count), dtype)
    directions = jnp.concatenate([random * scale for scale in scales])
    drawn = jnp.asarray(np.repeat(signs, samples) / samples, dtype)
    return (directions if matrix is None else directions @ matrix.astype(dtype)), drawn
