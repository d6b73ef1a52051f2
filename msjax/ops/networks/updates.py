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


# -- adaptive ----------------------------------------------------------------------------------------------------------

_Two = tuple[jax.Array, jax.Array]
_Three = tuple[jax.Array, jax.Array, jax.Array]


@update("ops.ApplyAdadelta()(var, accum, accum_update, lr, rho, epsilon, grad)", gives=3)
def apply_adadelta(var, accum, accum_update, lr, rho, epsilon, grad) -> _Three:
    """Steps in the ratio of running means of squared updates and of squared gradients."""
    accum = rho * accum + (1 - rho) * grad * grad
    step = jnp.sqrt(accum_update + epsilon) / jnp.sqrt(accum + epsilon) * grad
    return var - lr * step, accum, rho * accum_update + (1 - rho) * step * step


@update("ops.ApplyAdagradV2(epsilon, update_slots=True)(var, accum, lr, grad)", gives=2)
def apply_adagrad_v2(var, accum, lr, grad, *, epsilon, update_slots=True) -> _Two:
    """accum += grad ** 2; var -= lr * grad / (sqrt(accum) + epsilon)."""
    accum = accum + grad * grad if update_slots else accum
    return var - lr * grad / (jnp.sqrt(accum) + epsilon), accum


@update("ops.ApplyAdaMax()(var, m, v, beta1_power, lr, beta1, beta2, epsilon, grad)", gives=3)
def apply_ada_max(var, m, v, beta1_power, lr, beta1, beta2, epsilon, grad) -> _Three:
    """A step of AdaMax: the mean gradient by the largest recent one; beta1_power is that of this step."""
    m, v = beta1 * m + (1 - beta1) * grad, jnp.maximum(beta2 * v, abs(grad))
    return var - lr / (1 - beta1_power) * m / (v + epsilon), m, v


@update(
    "ops.ApplyAdamWithAmsgradV2(use_locking: _ = False)"
    "(var, m, v, vhat, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad)",
    gives=4,
)
def apply_adam_with_amsgrad(
    var, m, v, vhat, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """A step of Adam, divided by the root of the largest second moment so far."""
    m, v = m + (1 - beta1) * (grad - m), v + (1 - beta2) * (grad * grad - v)
    vhat = jnp.maximum(vhat, v)
    rate = lr * jnp.sqrt(np.float32(1) - beta2_power) / (np.float32(1) - beta1_power)
    return var - rate * m / (jnp.sqrt(vhat) + epsilon), m, v, vhat


@update("ops.AdamWeightDecay(use_locking: _ = False)(var, m, v, lr, beta1, beta2, epsilon, decay, gradient)", gives=3)
def adam_weight_decay(var, m, v, lr, beta1, beta2, epsilon, decay, gradient) -> _Three:
    """A step of Adam without correction of the moments, with weight decay beside it."""
    m, v = beta1 * m + (1 - beta1) * gradient, beta2 * v + (1 - beta2) * gradient * gradient
    return var - lr * (m / (jnp.sqrt(v) + epsilon) + decay * var), m, v


@update("ops.ApplyAddSign()(var, m, lr, alpha, sign_decay, beta, grad)", gives=2)
def apply_add_sign(var, m, lr, alpha, sign_decay, beta, grad) -> _Two:
    """Gradients larger or smaller by whether they have the sign of the mean one."""
    m = beta * m + (1 - beta) * grad
    return var - lr * (alpha + sign_decay * jnp.sign(grad) * jnp.sign(m)) * grad, m


@update("ops.ApplyPowerSign()(var, m, lr, logbase, sign_decay, beta, grad)", gives=2)
def apply_power_sign(var, m, lr, logbase, sign_decay, beta, grad) -> _Two:
    """Gradients multiplied or divided by whether they have the sign of the mean one."""
    m = beta * m + (1 - beta) * grad
    return var - lr * jnp.exp(logbase * sign_decay * jnp.sign(grad) * jnp.sign(m)) * grad, m


@update(
    "ops.ApplyCenteredRMSProp(use_locking: _ = False)"
    "(var, mean_gradient, mean_square, moment, grad, learning_rate, decay, momentum, epsilon)",
    gives=1,
)
def apply_centered_rms_prop(
    var, mean_gradient, mean_square, moment, grad, learning_rate, decay, momentum, epsilon
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """Steps divided by the root of the gradients' running variance, with momentum."""
    mean_gradient = decay * mean_gradient + (1 - decay) * grad
    mean_square = decay * mean_square + (1 - decay) * grad * grad
    variance = mean_square - mean_gradient * mean_gradient + epsilon
    sound = variance > 0  # where rounding makes it negative, MindSpore leaves the weight alone
    step = momentum * moment + learning_rate * grad / jnp.sqrt(jnp.where(sound, variance, 1))
    return jnp.where(sound, var - step, var), mean_gradient, mean_square, jnp.where(sound, step, moment)


# -- with penalties on weights -----------------------------------------------------------------------------------------


def _shrunk(var, rate, l1, l2):
    """The weight after a step of the penalties l1 * |w| + l2 * w ** 2 / 2."""
    return jnp.sign(var) * jnp.maximum(abs(var) - rate * l1, 0) / (1 + rate * l2)


@update("ops.ApplyProximalGradientDescent()(var, alpha, l1, l2, delta)", gives=1)
def apply_proximal_gradient_descent(var, alpha, l1, l2, delta) -> tuple[jax.Array]:
    """var -= alpha * delta, then smaller by the penalties."""
    return (_shrunk(var - alpha * delta, alpha, l1, l2),)


@update("ops.ApplyProximalAdagrad(use_locking: _ = False)(var, accum, lr, l1, l2, grad)", gives=2)
def apply_proximal_adagrad(var, accum, lr, l1, l2, grad) -> _Two:
    """A step of Adagrad, then smaller by the penalties."""
    accum = accum + grad * grad
    rate = lr / jnp.sqrt(accum)
    return _shrunk(var - rate * grad, rate, l1, l2), accum


@update(
    "ops.ApplyAdagradDA(use_locking: _ = False)"
    "(var, gradient_accumulator, gradient_squared_accumulator, grad, lr, l1, l2, global_step)",
    gives=1,
)
def apply_adagrad_da(var, gradient_accumulator, gradient_squared_accumulator, grad, lr, l1, l2, global_step) -> _Three:
    """Adagrad by dual averaging: the weight follows from the sums of gradients and of their squares."""
    total = gradient_accumulator + grad
    squares = gradient_squared_accumulator + grad * grad
    pulled = jnp.sign(total) * jnp.maximum(abs(total) - l1 * global_step, 0)
    return -lr * pulled / (l2 * global_step * lr + jnp.sqrt(squares)), total, squares


@update("ops.ApplyFtrl(use_locking: _ = False)(var, accum, linear, grad, lr, l1, l2, lr_power)", gives=1)
def apply_ftrl(var, accum, linear, grad, lr, l1, l2, lr_power) -> _Three:
    """A step of "follow the regularized leader"."""
    more = accum + grad * grad
    before, after = accum ** (-lr_power), more ** (-lr_power)
    linear = linear + grad - (after - before) / lr * var
    pulled = jnp.sign(linear) * l1 - linear
    return jnp.where(abs(linear) > l1, pulled / (after / lr + 2 * l2), 0), more, linear
