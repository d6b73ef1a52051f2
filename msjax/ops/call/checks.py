"""Checks of values: at once where they are known, else by what the program that is being compiled demands.

They must run outside of jitted functions of an operator's own, in which no value is known and from which no demand gets
out: in a definition with `jit=False` before what it calls, or as an operator's `check`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import demands, trace
from msjax.core.tensor import raw


def how_float64_comes(*dtypes) -> str:
    """What to add to the refusal of float32 beside float64."""
    if {np.dtype(np.float32), np.dtype(np.float64)} <= set(dtypes):
        return (
            " In numpy 2, float32_array / np.sqrt(n) is float64: write float32_array / math.sqrt(n), or "
            ".astype(np.float32) at its end."
        )
    return ""


def one_dtype(what: str, *arrays) -> None:
    """Raise TypeError unless the arrays, of which some may be None, are of one dtype."""
    kinds = dict.fromkeys(a.dtype for a in arrays if a is not None)
    if len(kinds) > 1:
        raise TypeError(
            f"For '{what}', all inputs must be of one dtype, but got {' and '.join(map(str, kinds))}."
            + how_float64_comes(*kinds)
        )


def one_shape(what: str, **arrays) -> None:
    """Raise ValueError unless the two arrays, given by the names that the error tells, are of one shape."""
    (one, x), (other, y) = arrays.items()
    if x.shape != y.shape:
        raise ValueError(f"For '{what}', {one!r} and {other!r} must be of one shape, but got {x.shape} and {y.shape}.")


def only_tensors(what: str, *arrays) -> None:
    """Raise TypeError if there is a list where a Tensor must be."""
    if any(isinstance(a, (list, tuple)) for a in arrays):
        raise TypeError(f"For '{what}', the arguments must be Tensors, but got a list: write Tensor([...]).")


def require(ok, error: Exception) -> None:
    """Raise `error` unless all of `ok` is true."""
    found = demands.known(ok)
    if found is None:
        demands.demand(trace.detach(ok), error)
    elif not np.asarray(found).all():
        raise error


def check_between(values, low, end, error: Callable[[str], Exception], unless=None) -> None:
    """Raise unless all integers are at least `low` and less than `end` (None for any), or `unless`.

    Args:
        error: from what is wrong, "" if that is not known, the exception.
    """
    if values.size == 0:
        return
    found = demands.known(values)
    if found is not None:
        found = np.asarray(found)
        found = found if unless is None else found[found != unless]
        if found.size and (found.min() < low or (end is not None and found.max() >= end)):
            raise error(str(found.min() if found.min() < low else found.max()))
    elif demands.taker() is not None:
        values = trace.detach(values)
        whole = jnp.iinfo(values.dtype)  # a bound beyond the dtype holds, and could not be compared with
        ok = values >= max(low, whole.min)
        ok = ok if end is None else ok & (values <= min(end - 1, whole.max))
        ignored = unless is not None and whole.min <= unless <= whole.max
        demands.demand(ok | (values == unless) if ignored else ok, error(""))


def check_range(
    index, size, what: str, negative=True, error: type[Exception] = RuntimeError, thing="indices", unless=None
) -> None:
    """Raise `error` if an index is out of range for an axis of `size`."""
    low = -size if negative else 0
    text = f"For '{what}', the {thing} should be in the range [{low}, {size})"
    check_between(index, low, size, lambda bad: error(text + (bad and f", but got {bad}") + "."), unless)


def check_nd(indices, shape, what: str, negative=False) -> None:
    """The same check for indices whose last axis counts along several axes.

    Raises:
        ValueError: if there are more of them than axes.
    """
    if indices.ndim == 0 or indices.shape[-1] > len(shape):
        raise ValueError(
            f"For '{what}', the last axis of 'indices', of shape {indices.shape}, must be at most {len(shape)}."
        )
    for i, size in enumerate(shape[: indices.shape[-1]]):
        check_range(indices[..., i], size, what, negative)


# -- of losses, as `check` of an operator: of its result and its arguments ---------------------------------------------


def classes(_, x, target, weight=None, *, ignore_index, error: type[Exception] = RuntimeError, negative=True, **__):
    """Raise unless the targets, if they are integers, are classes, counted from the end if negative, or ignored."""
    if jnp.issubdtype(target.dtype, jnp.integer):
        check_range(target, x.shape[min(1, x.ndim - 1)], "nll_loss", negative, error, "target", ignore_index)


positive_classes = partial(classes, negative=False, error=ValueError)


def margin_classes(_, x, target, weight=None, **__):
    """Raise unless the targets are classes."""
    check_range(target, x.shape[1], "multi_margin_loss", False, ValueError, "target")


def several_classes(_, x, target, **__):
    """Raise unless the targets are classes, or -1 for none."""
    must = f"For 'multilabel_margin_loss', the targets must be in [-1, {x.shape[-1]})"
    check_between(target, -1, x.shape[-1], lambda bad: ValueError(must + (bad and f", but got {bad}") + "."))


def labels(_, logits, labels, **__):
    """Raise if a label is negative."""
    must = "For 'SparseSoftmaxCrossEntropyWithLogits', the labels must not be negative"
    check_between(labels, 0, None, lambda bad: RuntimeError(must + (bad and f", but got {bad}") + "."))


@jax.jit
def _probabilities(x):
    return ~((x < 0) | (x > 1)).any()


def probabilities(_, x, *others, **statics):
    """Raise if an element is not between 0 and 1; nan passes."""
    must = "For 'BinaryCrossEntropy', the elements of the input must be between 0 and 1."
    require(_probabilities(trace.detach(x)), RuntimeError(must))


# -- of matrices, likewise ---------------------------------------------------------------------------------------------


@jax.jit
def _finite(*arrays):
    return jnp.stack([jnp.isfinite(a).all() for a in arrays]).all()


def positive_definite(result, x, **_):
    """Raise unless the Cholesky factors are of numbers."""
    error = RuntimeError("For 'cholesky', the input must be symmetric positive definite matrices.")
    require(_finite(trace.detach(raw(result))), error)


def inverted(what: str) -> Callable:
    """Raise if a result that comes of an inverse is infinite or nan though all inputs are finite."""
    error = ValueError(f"For '{what}', a matrix is not invertible.")

    def check(result, *given, n=-1, **_):
        if n < 0:
            require(_finite(trace.detach(raw(result))) | ~_finite(*map(trace.detach, given)), error)

    return check
