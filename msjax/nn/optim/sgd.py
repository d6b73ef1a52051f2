"""Gradient descent: SGD and Momentum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import jax.numpy as jnp

from msjax.core.kinds import takes
from msjax.nn.bounds import check
from msjax.nn.optim.optimizer import Optimizer
from msjax.nn.optim.rule import Rule


@dataclass(frozen=True)
class _Descent(Rule):
    """`stat` is 1 before the first step of a Parameter and 0 after it."""

    slots: ClassVar = ("accum.", "stat.")
    momentum: float
    dampening: float
    nesterov: bool

    def first(self, slot, p):
        return jnp.ones_like(p) if slot == "stat." else jnp.zeros_like(p)

    def values(self):
        return (self.momentum,)

    def step(self, p, g, slots, common, decay):
        accum, stat = slots
        momentum = common.values[0]
        if self.momentum == 0:
            return p - common.lr * g, (accum, stat)
        accum = jnp.where(stat > 0, g, momentum * accum + (1 - self.dampening) * g)
        move = g + momentum * accum if self.nesterov else accum
        return p - common.lr * move, (accum, jnp.zeros_like(stat))


@takes(weight_decay="real >= 0 or scalar >= 0")
class SGD(Optimizer):
    """Stochastic gradient descent: `p -= lr * b` with `b = momentum * b + (1 - dampening) * g`, and `b = g` at first.

    Args:
        params, learning_rate, weight_decay, loss_scale: see `Optimizer`.
        momentum, dampening: not negative.
        nesterov: move by `g + momentum * b`.

    Raises:
        TypeError, ValueError: if an argument is out of range, or `nesterov` meets no momentum or a dampening.

    Example:
        >>> optimizer = nn.SGD(net.trainable_params(), learning_rate=0.1)  # doctest: +SKIP
    """

    def __init__(
        self,
        params,
        learning_rate: Any = 0.1,
        momentum: Any = 0.0,
        dampening: Any = 0.0,
        weight_decay: Any = 0.0,
        nesterov=False,
        loss_scale: Any = 1.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        momentum, dampening = (float(v) if isinstance(v, int) else v for v in (momentum, dampening))
        check("SGD", "momentum", momentum, float, least=0)
        check("SGD", "dampening", dampening, float, least=0)
        self.nesterov = check("SGD", "nesterov", nesterov, bool)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "For 'SGD', if 'nesterov' is true, 'momentum' must be > 0.0 and 'dampening' must equal to 0.0, "
                f"but got 'momentum' {momentum}, 'dampening' {dampening}."
            )
        self.dampening = dampening
        self._begin(_Descent(momentum, dampening, nesterov), ["momentum"])


@dataclass(frozen=True)
class _Momentum(Rule):
    slots: ClassVar = ("moments.",)
    momentum: float
    nesterov: bool

    def values(self):
        return (self.momentum,)

    def step(self, p, g, slots, common, decay):
        momentum = common.values[0]
        moment = momentum * slots[0] + g
        move = g + momentum * moment if self.nesterov else moment
        return p - common.lr * move, (moment,)


class Momentum(Optimizer):
    """Gradient descent with momentum: `m = momentum * m + g`, `p -= lr * m`.

    Args:
        params, learning_rate, weight_decay, loss_scale: see `Optimizer`.
        momentum: float, not negative.
        use_nesterov: move by `g + momentum * m`.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

    Differs from MindSpore: `use_nesterov` does what is documented also on CPU, where MindSpore 2.10 ignores it.

    Example:
        >>> optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)  # doctest: +SKIP
    """

    def __init__(
        self, params, learning_rate, momentum, weight_decay: Any = 0.0, loss_scale: Any = 1.0, use_nesterov=False
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        check("Momentum", "momentum", momentum, float, least=0)
        self.use_nesterov = check("Momentum", "use_nesterov", use_nesterov, bool)
        self._begin(_Momentum(momentum, use_nesterov), ["momentum"])
        self.params = self._parameters
