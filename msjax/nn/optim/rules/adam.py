"""Adam and its kin: running means of the gradient and of its square."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp
import numpy as np

from msjax.nn.optim.rules.rule import Rule


def _rest(beta: float):
    """1 - beta, in float32 as MindSpore has it: 1 - 0.999 differs by 5e-5 of its value."""
    return np.float32(1) - np.float32(beta)


@dataclass(frozen=True)
class _Moments(Rule):
    """m and v are the running means of g and g^2, which begin at zero."""

    slots: ClassVar = ("moment1.", "moment2.")
    beta1: float
    beta2: float
    eps: float

    def means(self, g, slots):
        m = slots[0] + _rest(self.beta1) * (g - slots[0])
        v = slots[1] + _rest(self.beta2) * (jnp.square(g) - slots[1])
        return m, v

    def powers(self, p, common):
        """beta1^t and beta2^t, as far as the optimizer keeps them, or else of the step."""
        if common.values:
            return [value.reshape(()) for value in common.values]
        return [beta ** common.time(p) for beta in (self.beta1, self.beta2)]


@dataclass(frozen=True)
class Adam(_Moments):
    """p -= lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps).

    Attributes:
        nesterov: whether m is one step ahead.
        bare_eps: whether eps is added to sqrt(v) before that is corrected, as nn.Adam does.
        power_shape: of the powers of the betas, which are shared scalars.
    """

    nesterov: bool = False
    bare_eps: bool = False
    power_shape: tuple[int, ...] = ()

    def values(self):
        return np.ones(self.power_shape), np.ones(self.power_shape)

    def advance(self, values):
        return tuple(value * beta for value, beta in zip(values, (self.beta1, self.beta2), strict=False))

    def step(self, p, g, slots, common, decay):
        m, v = self.means(g, slots)
        ahead = self.beta1 * m + _rest(self.beta1) * g if self.nesterov else m
        return p - self.move(p, ahead, v, common.lr, common), (m, v)

    def move(self, p, m, v, lr, common):
        """What is subtracted from the Parameter."""
        power1, power2 = self.powers(p, common)
        size = jnp.sqrt(1 - power2)  # of sqrt(v), which began at zero
        eps = self.eps if self.bare_eps else self.eps * size
        return lr * size / (1 - power1) * m / (jnp.sqrt(v) + eps)


@dataclass(frozen=True)
class AmsGrad(Adam):
    """Adam that divides by the root of the largest v so far (Reddi et al. 2018), or keeps the slot for it unused."""

    slots: ClassVar = ("moment1.", "moment2.", "vhat.")
    largest: bool = True

    def step(self, p, g, slots, common, decay):
        m, v = self.means(g, slots)
        most = jnp.maximum(slots[2], v) if self.largest else slots[2]
        return p - self.move(p, m, most if self.largest else v, common.lr, common), (m, v, most)


@dataclass(frozen=True)
class DecoupledAdam(AmsGrad):
    """AdamW (Loshchilov and Hutter 2019): first p -= lr * decay * p."""

    decoupled: ClassVar = True

    def step(self, p, g, slots, common, decay):
        return super().step(p if decay is None else p * (1 - common.lr * decay), g, slots, common, None)


@dataclass(frozen=True)
class UncorrectedAdam(_Moments):
    """p -= lr * (m / (sqrt(v) + eps) + decay * p)."""

    slots: ClassVar = ("adam_m.", "adam_v.")
    decoupled: ClassVar = True

    def step(self, p, g, slots, common, decay):
        m, v = self.means(g, slots)
        move = m / (jnp.sqrt(v) + self.eps)
        if decay is not None:
            move = move + decay * p
        return p - common.lr * move, (m, v)


@dataclass(frozen=True)
class Lamb(Adam):
    """Adam's move plus decay * p, as long as the Parameter times the learning rate."""

    slots: ClassVar = ("lamb_m.", "lamb_v.")
    decoupled: ClassVar = True

    def values(self):
        return ()

    def step(self, p, g, slots, common, decay):
        m, v = self.means(g, slots)
        move = self.move(p, m, v, 1, common)
        if decay is not None:
            move = move + decay * p
        length, size = jnp.linalg.norm(p.ravel()), jnp.linalg.norm(move.ravel())
        trust = jnp.where((length > 0) & (size > 0), length / jnp.where(size > 0, size, 1), 1)
        return p - common.lr * trust * move, (m, v)


@dataclass(frozen=True)
class AdaMax(_Moments):
    """u = max(beta2 * u, |g|), p -= lr / (1 - beta1^t) * m / u; eps is added to |g|, or with `bare_eps` to u."""

    bare_eps: bool = False

    def values(self):
        return (np.ones(1),)

    def advance(self, values):
        return tuple(value * self.beta1 for value in values)

    def step(self, p, g, slots, common, decay):
        m = self.beta1 * slots[0] + (1 - self.beta1) * g
        size = jnp.abs(g) if self.bare_eps else jnp.abs(g) + self.eps
        largest = jnp.maximum(self.beta2 * slots[1], size)
        divisor = largest + self.eps if self.bare_eps else largest
        return p - common.lr / (1 - self.powers(p, common)[0]) * m / divisor, (m, largest)


@dataclass(frozen=True)
class NAdam(_Moments):
    """Adam with Nesterov momentum mu_t = beta1 * (1 - 0.96^(t * momentum_decay) / 2), which grows."""

    slots: ClassVar = ("moment1.", "moment2.", "mu_product.")
    momentum_decay: float

    def first(self, slot, p):
        return jnp.ones((), p.dtype) if slot == "mu_product." else jnp.zeros_like(p)

    def step(self, p, g, slots, common, decay):
        t, product = common.time(p), slots[2]
        mu, mu_next = (self.beta1 * (1 - 0.5 * 0.96 ** (k * self.momentum_decay)) for k in (t, t + 1))
        product = product * mu
        m, v = self.means(g, slots)
        root = jnp.sqrt(v / (1 - self.beta2**t)) + self.eps
        p = p - common.lr * (1 - mu) / (1 - product) * g / root
        return p - common.lr * mu_next / (1 - product * mu_next) * m / root, (m, v, product)


@dataclass(frozen=True)
class RAdam(_Moments):
    """Adam that leaves v out while its variance, that of a mean over `length` steps, is not under control."""

    def step(self, p, g, slots, common, decay):
        t = common.time(p)
        m, v = self.means(g, slots)
        corrected = m / (1 - self.beta1**t)
        limit = 2 / (1 - self.beta2) - 1
        length = limit - 2 * t * self.beta2**t / (1 - self.beta2**t)
        safe = jnp.maximum(length, 5.0)
        factor = jnp.sqrt((safe - 4) * (safe - 2) * limit / ((limit - 4) * (limit - 2) * safe))
        adapted = corrected * factor * jnp.sqrt(1 - self.beta2**t) / (jnp.sqrt(v) + self.eps)
        return p - common.lr * jnp.where(length > 5, adapted, corrected), (m, v)
