"""Gradient descent: with momentum, and with an average of the Parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp
import numpy as np

from msjax.nn.optim.rules.rule import Rule


@dataclass(frozen=True)
class _Momentum(Rule):
    """The momentum is a shared scalar, so that it can be set; an optimizer that keeps none has it as a constant."""

    momentum: float
    nesterov: bool

    def values(self):
        return (self.momentum,)

    def momentum_now(self, common):
        return common.values[0] if common.values else self.momentum


@dataclass(frozen=True)
class Descent(_Momentum):
    """b = g, later b = momentum * b + (1 - dampening) * g; p -= lr * b.

    `stat` is 1 before the first step of a Parameter and 0 after it.
    """

    slots: ClassVar = ("accum.", "stat.")
    dampening: float

    def first(self, slot, p):
        return jnp.ones_like(p) if slot == "stat." else jnp.zeros_like(p)

    def step(self, p, g, slots, common, decay):
        accum, stat = slots
        if self.momentum == 0:
            return p - common.lr * g, slots
        momentum = self.momentum_now(common)
        accum = jnp.where(stat > 0, g, momentum * accum + (1 - self.dampening) * g)
        move = g + momentum * accum if self.nesterov else accum
        return p - common.lr * move, (accum, jnp.zeros_like(stat))


@dataclass(frozen=True)
class HeavyBall(_Momentum):
    """m = momentum * m + g; p -= lr * m."""

    slots: ClassVar = ("moments.",)

    def step(self, p, g, slots, common, decay):
        momentum = self.momentum_now(common)
        moment = momentum * slots[0] + g
        move = g + momentum * moment if self.nesterov else moment
        return p - common.lr * move, (moment,)


@dataclass(frozen=True)
class Averaged(Rule):
    """Descent whose rate `eta` falls; `ax` is the mean of the Parameters over the steps after `t0`."""

    slots: ClassVar = ("mu_", "eta_", "ax_.")
    lambd: float
    alpha: float
    t0: float

    def first(self, slot, p):  # of `eta` it is the learning rate, which the optimizer knows
        return jnp.zeros_like(p) if slot == "ax_." else jnp.ones((), np.float32)

    def step(self, p, g, slots, common, decay):
        (mu, eta, average), t = slots, common.time(p)
        p = p * (1 - self.lambd * eta) - eta * g
        average = jnp.where(mu == 1, p, average + (p - average) * mu)
        eta = common.lr / (1 + self.lambd * common.lr * t) ** self.alpha
        return p, (1 / jnp.maximum(1, t - self.t0), eta, average)


@dataclass(frozen=True)
class SignDescent(Rule):
    """Rprop: steps of a size of each element's own, which grows while its gradient keeps its sign."""

    slots: ClassVar = ("prev.", "step_size.")
    etas: tuple[float, float]
    step_sizes: tuple[float, float]
    sized: bool = False  # whether the sizes are the learning rate from the beginning, else at the first step

    def step(self, p, g, slots, common, decay):
        before, size = slots
        if not self.sized:
            size = jnp.where(common.step == 1, common.lr, size)
        sign = jnp.sign(g * before)
        factor = jnp.where(sign > 0, self.etas[1], jnp.where(sign < 0, self.etas[0], 1.0)).astype(p.dtype)
        size = jnp.clip(size * factor, *self.step_sizes)
        g = jnp.where(sign < 0, 0, g)
        return p - jnp.sign(g) * size, (g, size)
