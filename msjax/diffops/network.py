"""Derivatives of losses and networks as wholes: Hessian-vector products, tangent kernels, gradients of single rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from msjax.autodiff.forward import directions_of, nested, push_through, tangents_of
from msjax.autodiff.grad import compiling, differentiate, grad, leaves_for
from msjax.autodiff.slots import Answer, check_function, check_position, check_weights, positions_of
from msjax.autodiff.tree import tensors_in
from msjax.autodiff.vmap import vmap
from msjax.core.tensor import Tensor, wrap


def hvp(f: Callable, grad_position: Any = 0, weights: Any = None) -> Callable[..., Any]:
    """The product of the Hessian of `f` and a direction, at the cost of a few gradients.

    Args:
        f: a function or Cell; outputs of any shape are summed, as for `grad`.
        grad_position: by which arguments to differentiate, an int, a tuple of ints, or None for none.
        weights: Parameters to differentiate by.

    Returns:
        A function of the arguments of f and the direction, which is nested as the gradients are, and as the result is.

    Raises:
        TypeError, ValueError: as `grad`; when called, if the direction does not fit.

    Example:
        >>> hvp(lambda x: (x**3).sum())(Tensor([1.0, 2.0]), Tensor([1.0, 1.0]))
        Tensor(shape=[2], dtype=Float32, value= [ 6.00000000e+00,  1.20000000e+01])
    """
    check_position(grad_position)
    check_weights(weights)
    if grad_position is None and weights is None:
        raise ValueError("For 'hvp', 'grad_position' and 'weights' can not both be None.")
    positions, answer = positions_of(grad_position), Answer(grad_position, weights)

    def hvp(*args):
        check_function(f)
        if len(args) <= max(positions, default=-1) + 1:
            raise ValueError(
                f"For 'hvp', the arguments of the function and a direction are needed, but got {len(args)}."
            )
        *args, direction = args
        chosen = check_weights(weights)
        handles = [*(args[p] for p in positions), *chosen]
        for p in positions:
            if not isinstance(args[p], Tensor):
                raise TypeError(f"For 'hvp', argument {p} must be a Tensor, but got {type(args[p]).__name__}.")
        leaves = leaves_for(handles, chosen)
        tangents = tangents_of(leaves, handles, directions_of(handles, tensors_in(direction)))

        def gradient(*args):
            return differentiate(f, args, {}, positions, answer)[1]

        # Forward over reverse: the tape of one gradient, whereas two pullbacks would keep the tape of a tape.
        evaluation, pushed = push_through(gradient, args, leaves, tangents)
        return nested(evaluation.value, evaluation.filled(pushed))

    return compiling(f, hvp)


def per_sample_grad(f: Callable, weights: Any) -> Callable[..., Any]:
    """The gradient of a loss by the weights, for each row of a batch by itself.

    Args:
        f: a function or Cell of batches; outputs of any shape are summed, as for `grad`. It sees batches of one row.
        weights: Parameters, one or a list or tuple.

    Returns:
        A function of the batches; it gives what `grad` gives for the weights, with an axis of rows in front.

    Raises:
        TypeError: if the weights are no Parameters.

    Example:
        >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
        >>> per_sample_grad(lambda x: (w * x).sum() ** 2, w)(Tensor([[1.0, 0.0], [0.0, 1.0]]))
        Tensor(shape=[2, 2], dtype=Float32, value=
        [[ 2.00000000e+00,  0.00000000e+00],
         [ 0.00000000e+00,  4.00000000e+00]])
    """
    check_weights(weights)
    gradient = grad(f, None, weights)

    def per_sample_grad(*batch):
        return vmap(lambda *row: gradient(*(r.expand_dims(0) for r in row)))(*batch)

    return compiling(f, per_sample_grad)


def ntk(f: Callable, weights: Any) -> Callable[..., Any]:
    """The empirical neural tangent kernel: products of the gradients by the weights at two batches of points.

    Args:
        f: a Cell or function from a batch of N points to N results, of m numbers each.
        weights: Parameters to differentiate by, one or a list or tuple.

    Returns:
        A function of two batches, of N1 and N2 points (or of one, for both). The kernel has the shape (N1, N2) if
        m is 1, else (N1, N2, m, m).

    Raises:
        TypeError: if the weights are no Parameters.

    Source: A. Jacot, F. Gabriel and C. Hongler, Neural tangent kernel (2018), arXiv:1806.07572.

    Example:
        >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
        >>> ntk(lambda x: (w * x).sum(-1), w)(Tensor([[1.0, 0.0], [1.0, 1.0]]))
        Tensor(shape=[2, 2], dtype=Float32, value=
        [[ 1.00000000e+00,  1.00000000e+00],
         [ 1.00000000e+00,  2.00000000e+00]])
    """
    chosen = check_weights(weights)

    def jacobian(x):
        """Of one point: for each weight, (m, its size)."""
        point = x.expand_dims(0)
        shape = f(point).shape
        count = math.prod(shape)
        # By pullbacks, one for each number that f gives: of these there are few, of weights many.
        seeds = wrap(jnp.eye(count).reshape(count, *shape))
        rows = vmap(lambda seed: grad(lambda: (f(point) * seed).sum(), None, chosen)())(seeds)
        return tuple(r.reshape(count, -1) for r in rows)

    def ntk(x1, x2=None):
        left = vmap(jacobian)(x1)
        right = left if x2 is None else vmap(jacobian)(x2)
        kernel: Any = sum(_products(a, b) for a, b in zip(left, right, strict=True))
        return kernel.squeeze((2, 3)) if kernel.shape[2] == 1 else kernel

    return compiling(f, ntk)


def _products(a: Tensor, b: Tensor) -> Tensor:
    """(N1, N2, m, m) of (N1, m, size) and (N2, m, size)."""
    (n1, m, size), n2 = a.shape, b.shape[0]
    return (a.reshape(-1, size) @ b.reshape(-1, size).T).reshape(n1, m, n2, m).transpose(0, 2, 1, 3)
