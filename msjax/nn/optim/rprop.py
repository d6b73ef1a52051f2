"""Rprop and ASGD."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from msjax.core.tensor import rebind
from msjax.nn.bounds import check
from msjax.nn.optim.optimizer import Optimizer
from msjax.nn.optim.rule import Rule


@dataclass(frozen=True)
class _Rprop(Rule):
    slots: ClassVar = ("prev.", "step_size.")
    etas: tuple[float, float]
    step_sizes: tuple[float, float]

    def step(self, p, g, slots, common, decay):
        before, size = slots
        size = jnp.where(common.step == 1, common.lr, size)
        sign = jnp.sign(g * before)
        factor = jnp.where(sign > 0, self.etas[1], jnp.where(sign < 0, self.etas[0], 1.0)).astype(p.dtype)
        size = jnp.clip(size * factor, *self.step_sizes)
        g = jnp.where(sign < 0, 0, g)
        return p - jnp.sign(g) * size, (g, size)


class Rprop(Optimizer):
    """Steps of a size that grows while the gradient keeps its sign, and shrinks when it turns (Riedmiller 1993).

    Args:
        params, learning_rate, weight_decay: see `Optimizer`; the learning rate is the first step's size.
        etas: factors of the size when the sign turns, in (0, 1), and when it stays, greater than 1.
        step_sizes: the smallest and largest size.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    def __init__(
        self,
        params,
        learning_rate: Any = 0.1,
        etas: Any = (0.5, 1.2),
        step_sizes: Any = (1e-6, 50.0),
        weight_decay: Any = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay)
        for name, pair in (("etas", etas), ("step_sizes", step_sizes)):
            check("Rprop", name, pair, tuple)
            if len(pair) != 2:
                raise ValueError(f"For 'Rprop', '{name}' must be a tuple with the size of 2, but got {len(pair)}.")
            for i, value in enumerate(pair):
                check("Rprop", f"{name}[{i}]", value, float)
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(
                f"For 'Rprop', 'etas' must be one number in (0, 1) and one greater than 1, but got {etas}."
            )
        if step_sizes[0] > step_sizes[1]:
            raise ValueError(
                f"For 'Rprop', 'step_sizes' must be the smallest and the largest size, but got {step_sizes}."
            )
        self.etas, self.step_sizes = etas, step_sizes
        self._begin(_Rprop(etas, step_sizes))


@dataclass(frozen=True)
class _Asgd(Rule):
    slots: ClassVar = ("mu_", "eta_", "ax_.")
    lambd: float
    alpha: float
    t0: float

    def first(self, slot, p):  # of `eta` it is the learning rate, which the optimizer knows
        return jnp.zeros_like(p) if slot == "ax_." else jnp.ones((), np.float32)

    def step(self, p, g, slots, common, decay):
        mu, eta, average = slots
        t = common.step.astype(np.float32)
        p = p * (1 - self.lambd * eta) - eta * g
        average = jnp.where(mu == 1, p, average + (p - average) * mu)
        eta = common.lr / (1 + self.lambd * common.lr * t) ** self.alpha
        return p, (1 / jnp.maximum(1, t - self.t0), eta, average)


class ASGD(Optimizer):
    """Gradient descent with a falling rate, which also keeps the average of the Parameters in `ax` (Polyak 1992).

    Args:
        params, learning_rate, weight_decay: see `Optimizer`.
        lambd: decay of the Parameters.
        alpha: power of the rate's fall.
        t0: the step at which averaging begins.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    def __init__(
        self,
        params,
        learning_rate: Any = 0.1,
        lambd: Any = 1e-4,
        alpha: Any = 0.75,
        t0: Any = 1e6,
        weight_decay: Any = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay)
        for name, value in (("lambd", lambd), ("alpha", alpha), ("t0", t0)):
            check("ASGD", name, value, float)
        self.lambd, self.alpha, self.t0 = lambd, alpha, t0
        self._begin(_Asgd(lambd, alpha, t0))
        rates = self._rates()
        for eta, place in zip(self.eta, self._plan.lr, strict=True):
            rebind(eta, jnp.asarray(rates[place], np.float32).reshape(()))
