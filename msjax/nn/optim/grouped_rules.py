"""What the optimizers of `experimental.optim` and `mint.optim` compute; the formulas are PyTorch's."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import takes
from msjax.nn.optim.grouped import GroupedOptimizer

_POSITIVE, _NOT_NEGATIVE = "real > 0 or Tensor or scalar", "real >= 0 or Tensor or scalar"
_DECAY = "real >= 0"


def _decayed(p, g, h: dict):
    return g + h["weight_decay"] * p if h["weight_decay"] else g


def _means(g, m, v, h: dict):
    b1, b2 = map(np.float32, h["betas"])
    return b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g


def _betas(betas) -> tuple[float, float]:
    for i, beta in enumerate(betas):
        if not 0.0 <= beta < 1.0:
            raise ValueError(f"Invalid beta parameter at index {i}: {beta}")
    return tuple(betas)


@takes(lr="number >= 0 or Tensor", momentum="number >= 0", dampening="number", weight_decay=_DECAY, nesterov="bool",
       maximize="bool")  # fmt: skip
class SGD(GroupedOptimizer):
    """Gradient descent with momentum: buf = momentum * buf + (1 - dampening) * g, after the first step."""

    slots, counter = ("accum", "stat"), None

    def __init__(
        self,
        params,
        lr,
        momentum: Any = 0,
        dampening: Any = 0,
        weight_decay: Any = 0.0,
        nesterov=False,
        *,
        maximize=False,
    ):
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "For 'SGD', if 'nesterov' is true, 'momentum' must be > 0.0 and 'dampening' must equal to 0.0, "
                f"but got 'momentum' {momentum}, 'dampening' {dampening}"
            )
        super().__init__(params, {
            "lr": lr, "momentum": float(momentum), "dampening": float(dampening), "weight_decay": float(weight_decay),
            "nesterov": nesterov, "maximize": maximize, "grad_centralization": False,
        })  # fmt: skip

    def first(self, slot, p, group):
        return jnp.ones_like(p) if slot == "stat" else jnp.zeros_like(p)

    @staticmethod
    def update(p, g, slots, step, lr, h):
        (buffer, first), g = slots, _decayed(p, g, h)
        if not h["momentum"]:
            return p - lr * g, slots
        buffer = jnp.where(first > 0, g, h["momentum"] * buffer + (1 - h["dampening"]) * g)
        ahead = g + h["momentum"] * buffer if h["nesterov"] else buffer
        return p - lr * ahead, (buffer, jnp.zeros_like(first))


@takes(lr="real >= 0 or Tensor", eps=_NOT_NEGATIVE, weight_decay=_DECAY)
class Adam(GroupedOptimizer):
    """Adam, with bias corrections and, if asked, the largest second moment so far."""

    slots, counter = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq"), "state_step"
    _decay = 0.0

    def __init__(
        self,
        params,
        lr: Any = 1e-3,
        betas: Any = (0.9, 0.999),
        eps: Any = 1e-8,
        weight_decay: Any = 0.0,
        amsgrad=False,
        *,
        maximize=False,
    ):
        super().__init__(params, {
            "lr": lr, "betas": _betas(betas), "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad,
            "maximize": maximize,
        })  # fmt: skip

    @staticmethod
    def update(p, g, slots, step, lr, h):
        return _adam(p, _decayed(p, g, h), slots, step, lr, h)


class AdamW(Adam):
    """Adam with weight decay apart from the gradient: p = p * (1 - lr * weight_decay) first."""

    def __init__(
        self,
        params,
        lr: Any = 1e-3,
        betas: Any = (0.9, 0.999),
        eps: Any = 1e-8,
        weight_decay: Any = 1e-2,
        amsgrad=False,
        *,
        maximize=False,
    ):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)

    @staticmethod
    def update(p, g, slots, step, lr, h):
        return _adam(p * (1 - lr * h["weight_decay"]), g, slots, step, lr, h)


def _adam(p, g, slots, step, lr, h):
    (b1, b2), (m, v, largest) = h["betas"], slots
    m, v = _means(g, m, v, h)
    largest = jnp.maximum(largest, v) if h["amsgrad"] else largest
    t = step.astype(p.dtype)
    root = jnp.sqrt((largest if h["amsgrad"] else v) / (1 - b2**t))
    return p - lr / (1 - b1**t) * m / (root + h["eps"]), (m, v, largest)


@takes(lr="real > 0 or Tensor", lr_decay=_NOT_NEGATIVE, weight_decay=_DECAY, eps=_POSITIVE,
       initial_accumulator_value="real >= 0 or scalar >= 0")  # fmt: skip
class Adagrad(GroupedOptimizer):
    """Steps divided by the root of the sum of all squared gradients."""

    slots = ("accum",)

    def __init__(
        self,
        params,
        lr: Any = 1e-2,
        lr_decay: Any = 0.0,
        weight_decay: Any = 0.0,
        initial_accumulator_value: Any = 0.0,
        eps: Any = 1e-10,
        *,
        maximize=False,
    ):
        super().__init__(params, {
            "lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value, "maximize": maximize,
        })  # fmt: skip

    def first(self, slot, p, group):
        return jnp.full_like(p, group["initial_accumulator_value"])

    @staticmethod
    def update(p, g, slots, step, lr, h):
        g = _decayed(p, g, h)
        total = slots[0] + g * g
        rate = lr / (1 + (step.astype(p.dtype) - 1) * h["lr_decay"])
        return p - rate * g / (jnp.sqrt(total) + h["eps"]), (total,)


@takes(lr="real > 0 or Tensor", rho="float [0, 1] or scalar [0, 1]", eps=_POSITIVE, weight_decay=_DECAY)
class Adadelta(GroupedOptimizer):
    """Steps by the ratio of running means of squared steps and squared gradients."""

    slots, counter = ("accum", "accum_update"), None

    def __init__(
        self, params, lr: Any = 1.0, rho: Any = 0.9, eps: Any = 1e-6, weight_decay: Any = 0.0, *, maximize=False
    ):
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize})

    @staticmethod
    def update(p, g, slots, step, lr, h):
        (squares, steps), g, rho = slots, _decayed(p, g, h), h["rho"]
        squares = rho * squares + (1 - rho) * g * g
        delta = jnp.sqrt(steps + h["eps"]) / jnp.sqrt(squares + h["eps"]) * g
        return p - lr * delta, (squares, rho * steps + (1 - rho) * delta * delta)


@takes(lr="real > 0 or Tensor", eps=_POSITIVE, weight_decay=_DECAY)
class Adamax(GroupedOptimizer):
    """Adam with the largest decayed gradient instead of the second moment."""

    slots = ("exp_avg", "exp_inf")

    def __init__(
        self,
        params,
        lr: Any = 2e-3,
        betas: Any = (0.9, 0.999),
        eps: Any = 1e-8,
        weight_decay: Any = 0.0,
        *,
        maximize=False,
    ):
        super().__init__(
            params, {"lr": lr, "betas": _betas(betas), "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        )

    @staticmethod
    def update(p, g, slots, step, lr, h):
        (b1, b2), (m, largest), g = h["betas"], slots, _decayed(p, g, h)
        m = b1 * m + (1 - b1) * g
        largest = jnp.maximum(b2 * largest, jnp.abs(g) + h["eps"])
        return p - lr / (1 - b1 ** step.astype(p.dtype)) * m / largest, (m, largest)


@takes(lr="real > 0 or Tensor", eps=_POSITIVE, weight_decay=_DECAY, momentum_decay=_NOT_NEGATIVE)
class NAdam(GroupedOptimizer):
    """Adam with Nesterov momentum, whose strength grows."""

    slots = ("exp_avg", "exp_avg_sq", "mu_product")

    def __init__(
        self,
        params,
        lr: Any = 2e-3,
        betas: Any = (0.9, 0.999),
        eps: Any = 1e-8,
        weight_decay: Any = 0.0,
        momentum_decay: Any = 4e-3,
    ):
        super().__init__(params, {
            "lr": lr, "betas": _betas(betas), "eps": eps, "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
        })  # fmt: skip

    def first(self, slot, p, group):
        return jnp.ones((), p.dtype) if slot == "mu_product" else jnp.zeros_like(p)

    @staticmethod
    def update(p, g, slots, step, lr, h):
        (b1, b2), (m, v, product), g = h["betas"], slots, _decayed(p, g, h)
        t = step.astype(p.dtype)
        mu, mu_next = (b1 * (1 - 0.5 * 0.96 ** (k * h["momentum_decay"])) for k in (t, t + 1))
        product = product * mu
        m, v = _means(g, m, v, h)
        root = jnp.sqrt(v / (1 - b2**t)) + h["eps"]
        p = p - lr * (1 - mu) / (1 - product) * g / root - lr * mu_next / (1 - product * mu_next) * m / root
        return p, (m, v, product)


@takes(lr="real > 0 or Tensor", eps=_POSITIVE, weight_decay=_DECAY)
class RAdam(GroupedOptimizer):
    """Adam that leaves the second moment out while its variance is not under control."""

    slots = ("exp_avg", "exp_avg_sq")

    def __init__(self, params, lr: Any = 1e-3, betas: Any = (0.9, 0.999), eps: Any = 1e-8, weight_decay: Any = 0.0):
        super().__init__(params, {"lr": lr, "betas": _betas(betas), "eps": eps, "weight_decay": weight_decay})

    @staticmethod
    def update(p, g, slots, step, lr, h):
        (b1, b2), (m, v), t = h["betas"], slots, step.astype(p.dtype)
        m, v = _means(_decayed(p, g, h), m, v, h)
        corrected = m / (1 - b1**t)
        limit = 2 / (1 - b2) - 1
        length = limit - 2 * t * b2**t / (1 - b2**t)
        safe = jnp.maximum(length, 5.0)
        factor = jnp.sqrt((safe - 4) * (safe - 2) * limit / ((limit - 4) * (limit - 2) * safe))
        adapted = corrected * factor * jnp.sqrt(1 - b2**t) / (jnp.sqrt(v) + h["eps"])
        return p - lr * jnp.where(length > 5, adapted, corrected), (m, v)


@takes(lr="real > 0 or Tensor", alpha=_NOT_NEGATIVE, eps=_POSITIVE, weight_decay=_DECAY, momentum=_NOT_NEGATIVE)
class RMSprop(GroupedOptimizer):
    """Steps divided by the root of a running mean of squared gradients."""

    slots, counter = ("mean_grad", "mean_square", "moment"), None

    def __init__(
        self,
        params,
        lr: Any = 1e-2,
        alpha: Any = 0.99,
        eps: Any = 1e-8,
        weight_decay: Any = 0.0,
        momentum: Any = 0.0,
        centered=False,
        maximize=False,
    ):
        super().__init__(params, {
            "lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps, "centered": centered,
            "weight_decay": weight_decay, "maximize": maximize,
        })  # fmt: skip

    @staticmethod
    def update(p, g, slots, step, lr, h):
        (mean, squares, moment), g, alpha = slots, _decayed(p, g, h), h["alpha"]
        squares = alpha * squares + (1 - alpha) * g * g
        mean = alpha * mean + (1 - alpha) * g if h["centered"] else mean
        root = jnp.sqrt(squares - mean * mean if h["centered"] else squares) + h["eps"]
        moment = h["momentum"] * moment + g / root if h["momentum"] else moment
        return p - lr * (moment if h["momentum"] else g / root), (mean, squares, moment)


@takes(lr="real > 0 or Tensor", etas="2 float > 0")
class Rprop(GroupedOptimizer):
    """Steps of a size of each element's own, which grows while its gradient keeps its sign."""

    slots = ("prev", "step_size")

    def __init__(self, params, lr: Any = 1e-2, etas: Any = (0.5, 1.2), step_sizes: Any = (1e-6, 50), *, maximize=False):
        super().__init__(
            params, {"lr": lr, "etas": tuple(etas), "step_sizes": tuple(step_sizes), "weight_decay": 0.0,
                     "maximize": maximize}
        )  # fmt: skip

    def first(self, slot, p, group):
        return jnp.full_like(p, float(group["lr"])) if slot == "step_size" else jnp.zeros_like(p)

    @staticmethod
    def update(p, g, slots, step, lr, h):
        (before, size), (shrink, grow), (least, most) = slots, h["etas"], h["step_sizes"]
        sign = jnp.sign(g * before)
        size = jnp.clip(size * jnp.where(sign > 0, grow, jnp.where(sign < 0, shrink, 1.0)), least, most)
        g = jnp.where(sign < 0, 0.0, g)
        return p - jnp.sign(g) * size, (g, size)


@takes(lr="real > 0 or Tensor", lambd="float", alpha="float", t0="float", weight_decay=_DECAY)
class ASGD(GroupedOptimizer):
    """Gradient descent with a falling rate; `ax` is the mean of the Parameters over the steps after `t0`."""

    slots = ("eta", "mu", "ax")

    def __init__(
        self,
        params,
        lr: Any = 1e-2,
        lambd: Any = 1e-4,
        alpha: Any = 0.75,
        t0: Any = 1e6,
        weight_decay: Any = 0.0,
        maximize=False,
    ):
        super().__init__(params, {
            "lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay, "maximize": maximize,
        })  # fmt: skip

    def first(self, slot, p, group):
        value = {"eta": float(group["lr"]), "mu": 1.0}.get(slot)
        return jnp.zeros_like(p) if value is None else jnp.asarray(value, p.dtype)

    @staticmethod
    def update(p, g, slots, step, lr, h):
        (eta, mu, mean), g, t = slots, _decayed(p, g, h), step.astype(p.dtype)
        p = p * (1 - h["lambd"] * eta) - eta * g
        mean = mean + mu * (p - mean)
        eta = lr / (1 + h["lambd"] * lr * t) ** h["alpha"]
        return p, (eta, 1 / jnp.maximum(1.0, t - h["t0"]), mean)
