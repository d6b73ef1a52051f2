"""Update rules of optimizers as primitives, which write into their first arguments."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.core.tensor import Tensor, raw, rebind
from msjax.ops.call.operator import Operator
from msjax.ops.table import declare, op

_Two = tuple[jax.Array, jax.Array]
_Three = tuple[jax.Array, jax.Array, jax.Array]
_Four = tuple[jax.Array, jax.Array, jax.Array, jax.Array]


class Update(Operator):
    """An operator whose results become the values of arguments.

    Args:
        definition: on arrays; gives a tuple of new arrays.
        gives: how many of them the call gives; a single one bare.
        into: the names of the arguments that take on the results, "-" for a result that none does; by default the
            first arguments, in their order.
        options: see `msjax.ops.table.op`.
    """

    def __init__(self, definition, gives: int, into: str = "", **options):
        super().__init__(definition, jit=False, **options)
        self.gives, self._into = gives, into

    @cached_property
    def into(self) -> list[str]:
        return self._into.split() or self.arrays

    def call(self, arrays, statics=()):
        results: Any = super().call(arrays, statics)
        given = dict(zip(self.arrays, arrays, strict=True))
        for name, result in zip(self.into, results, strict=False):
            if name == "-":
                continue
            target = given[name]
            if not isinstance(target, Tensor):
                raise TypeError(f"For '{self.name}', a Parameter is needed, but got {type(target).__name__}.")
            rebind(target, trace.written_into(target, raw(result).astype(raw(target).dtype)))
        return results[0] if self.gives == 1 else tuple(results[: self.gives])


def update(face: str, gives: int, into: str = "", **options):
    """Declare the face of an update rule."""

    def declared(definition):
        declare(Update(definition, gives, into, **options), face)
        return definition

    return declared


@update(
    "ops.ApplyMomentum(use_nesterov=False, use_locking: _ = False, gradient_scale=1.0)"
    "(variable, accumulation, learning_rate, gradient, momentum)",
    gives=1,
)
def apply_momentum(
    variable, accumulation, learning_rate, gradient, momentum, *, use_nesterov=False, gradient_scale=1.0
) -> _Two:
    """accumulation = accumulation * momentum + gradient; variable -= learning_rate * accumulation."""
    gradient = gradient * gradient_scale
    accumulation = accumulation * momentum + gradient
    ahead = gradient + momentum * accumulation if use_nesterov else accumulation
    return variable - learning_rate * ahead, accumulation


@update(
    "ops.FusedWeightScaleApplyMomentum()(weight_decay, loss_scale, variable, accumulation, learning_rate, gradient, "
    "momentum)",
    gives=1,
    into="variable accumulation",
)
def fused_weight_scale_apply_momentum(
    weight_decay, loss_scale, variable, accumulation, learning_rate, gradient, momentum
) -> _Two:
    """A step of momentum, with the gradient loss_scale * gradient + weight_decay * variable.

    Args:
        weight_decay: how much of the weight is added to its gradient.
        loss_scale: what the gradient is multiplied with: the inverse of the loss's scale.
    """
    gradient = gradient * loss_scale + weight_decay * variable
    return apply_momentum(variable, accumulation, learning_rate, gradient, momentum)


@update("ops.ApplyKerasMomentum(use_locking: _ = False, use_nesterov=False)(var, accum, lr, grad, momentum)", gives=2,
        kinds={"use_nesterov": "bool"})  # fmt: skip
def apply_keras_momentum(var, accum, lr, grad, momentum, *, use_nesterov=False) -> _Two:
    """accum = accum * momentum - lr * grad; var += accum."""
    accum = accum * momentum - lr * grad
    return var + (accum * momentum - lr * grad if use_nesterov else accum), accum


@update(
    "ops.SGD(dampening=0.0, weight_decay=0.0, nesterov=False)"
    "(parameters, gradient, learning_rate, accum, momentum, stat)",
    gives=1,
    into="parameters accum stat",
    kinds={"dampening": "real", "weight_decay": "real", "nesterov": "bool"},
)
def sgd(
    parameters, gradient, learning_rate, accum, momentum, stat, *, dampening=0.0, weight_decay=0.0, nesterov=False
) -> _Three:
    """accum = accum * momentum + (1 - dampening) * gradient; parameters -= learning_rate * accum.

    Args:
        gradient: to which `weight_decay` times the weights is added.
        stat: where it is positive, as before the first step, accum becomes the gradient, and this 0.
        dampening: of later gradients in accum.

    Raises:
        ValueError: if there is dampening with `nesterov`.
    """
    if nesterov and dampening != 0:
        raise ValueError(f"For 'SGD', 'dampening' must be 0 with 'nesterov', but got {dampening}.")
    gradient = gradient + weight_decay * parameters
    first = stat > 0
    moved = jnp.where(first, gradient, accum * momentum + (1 - dampening) * gradient)
    ahead = gradient + momentum * moved if nesterov else moved
    kept = momentum > 0  # else there is none, and its state is left alone
    step = jnp.where(kept, ahead, gradient)
    return parameters - learning_rate * step, jnp.where(kept, moved, accum), jnp.where(kept & first, 0, stat)


@update("ops.ApplyGradientDescent()(var, alpha, delta)", gives=1)
def apply_gradient_descent(var, alpha, delta) -> tuple[jax.Array]:
    """var -= alpha * delta."""
    return (var - alpha * delta,)


@update("ops.ApplyAdagrad(update_slots=True)(var, accum, lr, grad)", gives=2)
def apply_adagrad(var, accum, lr, grad, *, update_slots=True) -> _Two:
    """accum += grad ** 2; var -= lr * grad / sqrt(accum)."""
    accum = accum + grad * grad if update_slots else accum
    return var - lr * grad / jnp.sqrt(accum), accum


@update(
    "ops.ApplyRMSProp(use_locking: _ = False)(var, mean_square, moment, learning_rate, grad, decay, momentum, epsilon)",
    gives=1,
)
def apply_rms_prop(var, mean_square, moment, learning_rate, grad, decay, momentum, epsilon) -> _Three:
    """Steps divided by the root of a running mean of squared gradients, with momentum."""
    mean_square = decay * mean_square + (1 - decay) * grad * grad
    moment = momentum * moment + learning_rate * grad / jnp.sqrt(mean_square + epsilon)
    return var - moment, mean_square, moment


@update(
    "ops.Adam(use_locking: _ = False, use_nesterov=False)"
    "(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient)",
    gives=3,
)
def adam(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient, *, use_nesterov=False) -> _Three:
    """A step of Adam; the powers of the betas are those of this step."""
    m, v = m + (1 - beta1) * (gradient - m), v + (1 - beta2) * (gradient * gradient - v)
    ahead = beta1 * m + (1 - beta1) * gradient if use_nesterov else m
    rate = lr * jnp.sqrt(np.float32(1) - beta2_power) / (np.float32(1) - beta1_power)
    return var - rate * ahead / (jnp.sqrt(v) + epsilon), m, v


# -- adaptive ----------------------------------------------------------------------------------------------------------


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
def apply_adam_with_amsgrad(var, m, v, vhat, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad) -> _Four:
    """A step of Adam, divided by the root of the largest second moment so far."""
    m, v = m + (1 - beta1) * (grad - m), v + (1 - beta2) * (grad * grad - v)
    vhat = jnp.maximum(vhat, v)
    rate = lr * jnp.sqrt(np.float32(1) - beta2_power) / (np.float32(1) - beta1_power)
    return var - rate * m / (jnp.sqrt(vhat) + epsilon), m, v, vhat


@update(
    "ops.ApplyAdamWithAmsgrad(beta1=0.9, beta2=0.999, epsilon=1e-08, use_locking: _ = False)"
    "(var, m, v, vhat, beta1_power, beta2_power, lr, grad)",
    gives=4,
    kinds=dict.fromkeys(("beta1", "beta2", "epsilon"), "float"),
)
def apply_adam_with_amsgrad_of_fields(
    var, m, v, vhat, beta1_power, beta2_power, lr, grad, *, beta1=0.9, beta2=0.999, epsilon=1e-08
) -> _Four:
    """A step of Adam, divided by the root of the largest second moment so far."""
    return apply_adam_with_amsgrad(var, m, v, vhat, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad)


@update(
    "ops.AdamNoUpdateParam(use_locking: _ = False, use_nesterov=False)"
    "(m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient)",
    gives=1,
    into="- m v",
    kinds={"use_nesterov": "bool"},
)
def adam_no_update_param(
    m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient, *, use_nesterov=False
) -> _Three:
    """A step of Adam, which is given, and not added to the weight."""
    scalars = (beta1_power, beta2_power, lr, beta1, beta2, epsilon)
    return adam(jnp.zeros_like(m), m, v, *scalars, gradient, use_nesterov=use_nesterov)


@update("ops.AdamWeightDecay(use_locking: _ = False)(var, m, v, lr, beta1, beta2, epsilon, decay, gradient)", gives=3)
def adam_weight_decay(var, m, v, lr, beta1, beta2, epsilon, decay, gradient) -> _Three:
    """A step of Adam without correction of the moments, with weight decay beside it."""
    m, v = beta1 * m + (1 - beta1) * gradient, beta2 * v + (1 - beta2) * gradient * gradient
    return var - lr * (m / (jnp.sqrt(v) + epsilon) + decay * var), m, v


@update(
    "ops.FusedCastAdamWeightDecay(use_locking: _ = False)"
    "(var, m, v, lr, beta1, beta2, epsilon, decay, gradient, global_norm=1.0)",
    gives=3,
)
def fused_cast_adam_weight_decay(var, m, v, lr, beta1, beta2, epsilon, decay, gradient, global_norm=1.0) -> _Three:
    """A step of `AdamWeightDecay` with a gradient of float16, cast and divided by a norm."""
    gradient = gradient.astype(np.float32) / global_norm
    return adam_weight_decay(var, m, v, lr, beta1, beta2, epsilon, decay, gradient)


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
) -> _Four:
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


@op(
    "ops.LARSUpdate(epsilon=1e-05, hyperpara=0.001, use_clip=False)"
    "(weight, gradient, norm_weight, norm_gradient, weight_decay, learning_rate)",
    kinds={"epsilon": "float", "hyperpara": "float", "use_clip": "bool"},
    numbers="epsilon hyperpara",
)
def lars_update(
    weight, gradient, norm_weight, norm_gradient, weight_decay, learning_rate, *, epsilon=1e-05, hyperpara=0.001,
    use_clip=False,
):  # fmt: skip
    """The gradient as a layer may trust it: hyperpara * |w| / (|g| + weight_decay * |w| + epsilon) times
    g + weight_decay * w.

    Args:
        weight: w.
        gradient: g, of the same shape.
        norm_weight: the sum of squares of w, |w| ** 2.
        norm_gradient: the sum of squares of g, |g| ** 2.
        epsilon: added to the denominator.
        hyperpara: how far to trust a layer.
        use_clip: whether a step is never longer than the learning rate.

    Returns:
        Of the shape of `gradient`.

    Raises:
        ValueError: if the shapes differ.

    Source:
        You et al., Large batch training of convolutional networks (2017).
    """
    if weight.shape != gradient.shape:
        raise ValueError(f"For 'LARSUpdate', the shapes must be equal, but got {weight.shape} and {gradient.shape}.")
    size, slope = jnp.sqrt(norm_weight), jnp.sqrt(norm_gradient)
    trust = hyperpara * size / (slope + weight_decay * size + epsilon)
    trust = jnp.minimum(trust / learning_rate, 1) if use_clip else trust
    return trust * (gradient + weight_decay * weight)
