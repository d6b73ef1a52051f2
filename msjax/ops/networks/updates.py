"""Update rules of optimizers as primitives, which write into their first arguments."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.core.tensor import Tensor, raw, rebind
from msjax.ops.call.operator import Operator
from msjax.ops.table import declare


class Update(Operator):
    """An operator whose results, one for each of the first arguments, become their values.

    Args:
        definition: on arrays; gives a tuple of new arrays.
        gives: how many of them the call gives; a single one bare.
    """

    def __init__(self, definition, gives: int):
        super().__init__(definition, jit=False)
        self.gives = gives

    def call(self, arrays, statics=()):
        results: Any = super().call(arrays, statics)
        for target, result in zip(arrays, results, strict=False):
            if not isinstance(target, Tensor):
                raise TypeError(f"For '{self.name}', a Parameter is needed, but got {type(target).__name__}.")
            rebind(target, trace.detach(raw(result).astype(raw(target).dtype)))
        return results[0] if self.gives == 1 else tuple(results[: self.gives])


def update(face: str, gives: int):
    """Declare the face of an update rule."""

    def declared(definition):
        declare(Update(definition, gives), face)
        return definition

    return declared


@update(
    "ops.ApplyMomentum(use_nesterov=False, use_locking: _ = False, gradient_scale=1.0)"
    "(variable, accumulation, learning_rate, gradient, momentum)",
    gives=1,
)
def apply_momentum(
    variable, accumulation, learning_rate, gradient, momentum, *, use_nesterov=False, gradient_scale=1.0
) -> tuple[jax.Array, jax.Array]:
    """accumulation = accumulation * momentum + gradient; variable -= learning_rate * accumulation."""
    gradient = gradient * gradient_scale
    accumulation = accumulation * momentum + gradient
    ahead = gradient + momentum * accumulation if use_nesterov else accumulation
    return variable - learning_rate * ahead, accumulation


@update("ops.ApplyGradientDescent()(var, alpha, delta)", gives=1)
def apply_gradient_descent(var, alpha, delta) -> tuple[jax.Array]:
    """var -= alpha * delta."""
    return (var - alpha * delta,)


@update("ops.ApplyAdagrad(update_slots=True)(var, accum, lr, grad)", gives=2)
def apply_adagrad(var, accum, lr, grad, *, update_slots=True) -> tuple[jax.Array, jax.Array]:
    """accum += grad ** 2; var -= lr * grad / sqrt(accum)."""
    accum = accum + grad * grad if update_slots else accum
    return var - lr * grad / jnp.sqrt(accum), accum


@update(
    "ops.ApplyRMSProp(use_locking: _ = False)(var, mean_square, moment, learning_rate, grad, decay, momentum, epsilon)",
    gives=1,
)
def apply_rms_prop(
    var, mean_square, moment, learning_rate, grad, decay, momentum, epsilon
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Steps divided by the root of a running mean of squared gradients, with momentum."""
    mean_square = decay * mean_square + (1 - decay) * grad * grad
    moment = momentum * moment + learning_rate * grad / jnp.sqrt(mean_square + epsilon)
    return var - moment, mean_square, moment


@update(
    "ops.Adam(use_locking: _ = False, use_nesterov=False)"
    "(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient)",
    gives=3,
)
def adam(
    var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient, *, use_nesterov=False
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """A step of Adam; the powers of the betas are those of this step."""
    m, v = m + (1 - beta1) * (gradient - m), v + (1 - beta2) * (gradient * gradient - v)
    ahead = beta1 * m + (1 - beta1) * gradient if use_nesterov else m
    rate = lr * jnp.sqrt(np.float32(1) - beta2_power) / (np.float32(1) - beta1_power)
    return var - rate * ahead / (jnp.sqrt(v) + epsilon), m, v
