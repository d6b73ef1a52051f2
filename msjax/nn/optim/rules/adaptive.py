"""Learning rates by coordinate: RMSProp, Adagrad, Adadelta, ProximalAdagrad, FTRL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp

from msjax.nn.optim.rules.rule import Rule


@dataclass(frozen=True)
class RMSProp(Rule):
    """s is the running mean of g^2; m = momentum * m + lr * g / sqrt(s + epsilon), p -= m.

    Attributes:
        outer: whether, as in PyTorch, the root is sqrt(s) + epsilon, and lr a factor of m, not within it.
    """

    slots: ClassVar = ("mean_square.", "moment.")
    decay: float
    momentum: float
    epsilon: float
    outer: bool = False

    def first(self, slot, p):
        return jnp.ones_like(p) if slot == "mean_square." else jnp.zeros_like(p)

    def running(self, mean, value):
        return self.decay * mean + (1 - self.decay) * value

    def step(self, p, g, slots, common, decay):
        mean_square = self.running(slots[0], jnp.square(g))
        move, moment = self.move(g, mean_square, slots[1], common.lr)
        return p - move, (mean_square, moment)

    def move(self, g, variance, moment, lr):
        """What is subtracted from the Parameter, and the moment."""
        if not self.outer:
            moment = self.momentum * moment + lr * g / jnp.sqrt(variance + self.epsilon)
            return moment, moment
        scaled = g / (jnp.sqrt(variance) + self.epsilon)
        if not self.momentum:
            return lr * scaled, moment
        moment = self.momentum * moment + scaled
        return lr * moment, moment


@dataclass(frozen=True)
class CenteredRMSProp(RMSProp):
    """RMSProp with the variance of g in place of s, or, not `centered`, RMSProp with the slot for it unused."""

    slots: ClassVar = ("mean_grad.", "mean_square.", "moment.")
    centered: bool = True

    def step(self, p, g, slots, common, decay):
        mean, mean_square, moment = slots
        mean_square = self.running(mean_square, jnp.square(g))
        variance = mean_square
        if self.centered:
            mean = self.running(mean, g)
            variance = mean_square - jnp.square(mean)
        move, moment = self.move(g, variance, moment, common.lr)
        return p - move, (mean, mean_square, moment)


@dataclass(frozen=True)
class Adagrad(Rule):
    """p -= lr / (1 + (t - 1) * lr_decay) * g / (sqrt(a) + eps), with a the sum of g^2."""

    slots: ClassVar = ("accum.",)
    accum: float
    update_slots: bool = True
    lr_decay: float = 0.0
    eps: float = 0.0

    def first(self, slot, p):
        return jnp.full_like(p, self.accum)

    def step(self, p, g, slots, common, decay):
        accum = slots[0] + jnp.square(g) if self.update_slots else slots[0]
        rate = common.lr / (1 + (common.time(p) - 1) * self.lr_decay)
        return p - rate * g / (jnp.sqrt(accum) + self.eps), (accum,)


@dataclass(frozen=True)
class Adadelta(Rule):
    """Steps in the ratio of the running means of past moves and of gradients."""

    slots: ClassVar = ("accum.", "accum_update.")
    rho: float
    epsilon: float

    def step(self, p, g, slots, common, decay):
        accum = self.rho * slots[0] + (1 - self.rho) * jnp.square(g)
        move = jnp.sqrt(slots[1] + self.epsilon) / jnp.sqrt(accum + self.epsilon) * g
        moves = self.rho * slots[1] + (1 - self.rho) * jnp.square(move)
        return p - common.lr * move, (accum, moves)


def _shrink(x, by):
    """Each element nearer to zero by `by`, or zero."""
    return jnp.sign(x) * jnp.maximum(jnp.abs(x) - by, 0)


@dataclass(frozen=True)
class ProximalAdagrad(Rule):
    """Adagrad, then the proximal operator of l1 * |p| + l2 / 2 * p^2."""

    slots: ClassVar = ("accum.",)
    accum: float
    l1: float
    l2: float

    def first(self, slot, p):
        return jnp.full_like(p, self.accum)

    def step(self, p, g, slots, common, decay):
        accum = slots[0] + jnp.square(g)
        rate = common.lr / jnp.sqrt(accum)
        moved = p - rate * g
        if self.l1 > 0:
            moved = _shrink(moved, rate * self.l1)
        return moved / (1 + rate * self.l2), (accum,)


@dataclass(frozen=True)
class Ftrl(Rule):
    """p is the minimum of the linear and quadratic bounds of all past losses, and of the penalties."""

    slots: ClassVar = ("moments.", "linear.")
    initial_accum: float
    lr_power: float
    l1: float
    l2: float

    def first(self, slot, p):
        return jnp.full_like(p, self.initial_accum) if slot == "moments." else jnp.zeros_like(p)

    def step(self, p, g, slots, common, decay):
        before, linear = slots
        accum = before + jnp.square(g)
        power, power_before = accum**-self.lr_power, before**-self.lr_power
        linear = linear + g - (power - power_before) / common.lr * p
        quadratic = power / common.lr + 2 * self.l2
        return -_shrink(linear, self.l1) / quadratic, (accum, linear)
