"""Learning rates by coordinate: RMSProp, Adagrad, Adadelta, ProximalAdagrad, FTRL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import jax.numpy as jnp

from msjax.nn.bounds import check
from msjax.nn.optim.optimizer import Optimizer
from msjax.nn.optim.rule import Rule


@dataclass(frozen=True)
class _RMSProp(Rule):
    slots: ClassVar = ("mean_square.", "moment.")
    decay: float
    momentum: float
    epsilon: float

    def first(self, slot, p):
        return jnp.ones_like(p) if slot == "mean_square." else jnp.zeros_like(p)

    def move(self, moment, lr, g, variance):
        return self.momentum * moment + lr * g / jnp.sqrt(variance + self.epsilon)

    def step(self, p, g, slots, common, decay):
        mean_square = self.decay * slots[0] + (1 - self.decay) * jnp.square(g)
        moment = self.move(slots[1], common.lr, g, mean_square)
        return p - moment, (mean_square, moment)


@dataclass(frozen=True)
class _CenteredRMSProp(_RMSProp):
    slots: ClassVar = ("mean_grad.", "mean_square.", "moment.")

    def step(self, p, g, slots, common, decay):
        mean = self.decay * slots[0] + (1 - self.decay) * g
        mean_square = self.decay * slots[1] + (1 - self.decay) * jnp.square(g)
        moment = self.move(slots[2], common.lr, g, mean_square - jnp.square(mean))
        return p - moment, (mean, mean_square, moment)


class RMSProp(Optimizer):
    """`m = momentum * m + lr * g / sqrt(s + epsilon)`, `p -= m`, with s the running mean of g^2, which begins at 1.

    Args:
        params, learning_rate, weight_decay, loss_scale: see `Optimizer`.
        decay: of the running mean.
        momentum: float, not negative.
        epsilon: greater than 0.
        use_locking: accepted for compatibility.
        centered: divide by the variance of g in place of s.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    def __init__(
        self,
        params,
        learning_rate: Any = 0.1,
        decay: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = 1e-10,
        use_locking=False,
        centered=False,
        loss_scale: Any = 1.0,
        weight_decay: Any = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        check("RMSProp", "decay", decay, float, least=0)
        check("RMSProp", "momentum", momentum, float, least=0)
        check("RMSProp", "epsilon", epsilon, float, above=0)
        check("RMSProp", "use_locking", use_locking, bool)
        self.centered = check("RMSProp", "centered", centered, bool)
        self.decay, self.momentum, self.epsilon = decay, momentum, epsilon
        rule = _CenteredRMSProp if centered else _RMSProp
        self._begin(rule(decay, momentum, epsilon), mean_grad="mg", mean_square="ms")


@dataclass(frozen=True)
class _Adagrad(Rule):
    slots: ClassVar = ("accum.",)
    accum: float
    update_slots: bool

    def first(self, slot, p):
        return jnp.full_like(p, self.accum)

    def step(self, p, g, slots, common, decay):
        accum = slots[0] + jnp.square(g) if self.update_slots else slots[0]
        return p - common.lr * g / jnp.sqrt(accum), (accum,)


class Adagrad(Optimizer):
    """`p -= lr * g / sqrt(a)` with a the sum of g^2 (Duchi et al. 2011).

    Args:
        params, learning_rate, weight_decay, loss_scale: see `Optimizer`.
        accum: what the sum begins with; not negative.
        update_slots: whether the sum grows.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    def __init__(
        self,
        params,
        accum: Any = 0.1,
        learning_rate: Any = 0.001,
        update_slots=True,
        loss_scale: Any = 1.0,
        weight_decay: Any = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        check("Adagrad", "accum", accum, float, least=0)
        check("Adagrad", "update_slots", update_slots, bool)
        self._begin(_Adagrad(accum, update_slots))


@dataclass(frozen=True)
class _Adadelta(Rule):
    slots: ClassVar = ("accum.", "accum_update.")
    rho: float
    epsilon: float

    def step(self, p, g, slots, common, decay):
        accum = self.rho * slots[0] + (1 - self.rho) * jnp.square(g)
        move = jnp.sqrt(slots[1] + self.epsilon) / jnp.sqrt(accum + self.epsilon) * g
        moves = self.rho * slots[1] + (1 - self.rho) * jnp.square(move)
        return p - common.lr * move, (accum, moves)


class Adadelta(Optimizer):
    """Steps in the ratio of the running means of past moves and of gradients (Zeiler 2012).

    Args:
        params, learning_rate, weight_decay, loss_scale: see `Optimizer`.
        rho: of the running means; from 0 to 1.
        epsilon: not negative.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    def __init__(
        self,
        params,
        learning_rate: Any = 1.0,
        rho: Any = 0.9,
        epsilon: Any = 1e-6,
        loss_scale: Any = 1.0,
        weight_decay: Any = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        check("Adadelta", "rho", rho, float, least=0, most=1)
        check("Adadelta", "epsilon", epsilon, float, least=0)
        self.rho, self.epsilon = rho, epsilon
        self._begin(_Adadelta(rho, epsilon))


def _shrink(x, by):
    """Each element nearer to zero by `by`, or zero."""
    return jnp.sign(x) * jnp.maximum(jnp.abs(x) - by, 0)


@dataclass(frozen=True)
class _ProximalAdagrad(Rule):
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


class ProximalAdagrad(Optimizer):
    """Adagrad with l1 and l2 penalties treated exactly (Duchi and Singer 2009).

    Args:
        params, learning_rate, weight_decay, loss_scale: see `Optimizer`.
        accum, l1, l2: not negative.
        use_locking: accepted for compatibility.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    def __init__(
        self,
        params,
        accum: Any = 0.1,
        learning_rate: Any = 0.001,
        l1: Any = 0.0,
        l2: Any = 0.0,
        use_locking=False,
        loss_scale: Any = 1.0,
        weight_decay: Any = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        for name, value in (("accum", accum), ("l1", l1), ("l2", l2)):
            check("ProximalAdagrad", name, value, float, least=0)
        check("ProximalAdagrad", "use_locking", use_locking, bool)
        self._begin(_ProximalAdagrad(accum, l1, l2))


@dataclass(frozen=True)
class _Ftrl(Rule):
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


class FTRL(Optimizer):
    """Follow the regularized leader (McMahan et al. 2013).

    Args:
        params, weight_decay, loss_scale: see `Optimizer`.
        initial_accum: what the sum of squares begins with; not negative.
        learning_rate: a float, constant.
        lr_power: not positive.
        l1, l2: penalties; not negative.
        use_locking: accepted for compatibility.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    def __init__(
        self,
        params,
        initial_accum: Any = 0.1,
        learning_rate: Any = 0.001,
        lr_power: Any = -0.5,
        l1: Any = 0.0,
        l2: Any = 0.0,
        use_locking=False,
        loss_scale: Any = 1.0,
        weight_decay: Any = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        if self.dynamic_lr or self.is_group_lr:
            raise ValueError("For 'FTRL', dynamic learning rate and group learning rate are currently not supported.")
        check("FTRL", "initial_accum", initial_accum, float, least=0)
        check("FTRL", "learning_rate", learning_rate, float, above=0)
        check("FTRL", "lr_power", lr_power, float, most=0)
        check("FTRL", "l1", l1, float, least=0)
        check("FTRL", "l2", l2, float, least=0)
        check("FTRL", "use_locking", use_locking, bool)
        self._begin(_Ftrl(initial_accum, lr_power, l1, l2))
