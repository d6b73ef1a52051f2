"""Adam and its kin: Adam, AdamWeightDecay, LazyAdam, AdamOffload, AdaMax, Lamb."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import takes
from msjax.nn.bounds import check
from msjax.nn.optim.optimizer import Optimizer
from msjax.nn.optim.rule import Rule


def _rest(beta: float):
    """1 - beta, in float32 as MindSpore has it: 1 - 0.999 differs by 5e-5 of its value."""
    return np.float32(1) - np.float32(beta)


@dataclass(frozen=True)
class _Moments(Rule):
    """Running means of the gradient and of its square. The powers of the betas are shared scalars."""

    slots: ClassVar = ("moment1.", "moment2.")
    beta1: float
    beta2: float
    eps: float

    def means(self, g, slots):
        m = slots[0] + _rest(self.beta1) * (g - slots[0])
        v = slots[1] + _rest(self.beta2) * (jnp.square(g) - slots[1])
        return m, v


@dataclass(frozen=True)
class _Adam(_Moments):
    nesterov: bool = False
    scalar_axes: tuple = ()

    def values(self):
        return np.ones(self.scalar_axes), np.ones(self.scalar_axes)

    def advance(self, values):
        return values[0] * self.beta1, values[1] * self.beta2

    def rate(self, common):
        """The learning rate times the corrections of the means, which begin at zero; eps is not corrected."""
        power1, power2 = (v.reshape(()) for v in common.values)
        return common.lr * jnp.sqrt(1 - power2) / (1 - power1)

    def step(self, p, g, slots, common, decay):
        m, v = self.means(g, slots)
        ahead = self.beta1 * m + _rest(self.beta1) * g if self.nesterov else m
        return p - self.rate(common) * ahead / (jnp.sqrt(v) + self.eps), (m, v)


@dataclass(frozen=True)
class _AmsGrad(_Adam):
    slots: ClassVar = ("moment1.", "moment2.", "vhat.")

    def step(self, p, g, slots, common, decay):
        m, v = self.means(g, slots)
        largest = jnp.maximum(slots[2], v)
        return p - self.rate(common) * m / (jnp.sqrt(largest) + self.eps), (m, v, largest)


def _check_betas(name: str, beta1, beta2, eps) -> None:
    check(name, "beta1", beta1, float, above=0, below=1)
    check(name, "beta2", beta2, float, above=0, below=1)
    check(name, "eps", eps, float, above=0)


_POWERS = ["beta1_power", "beta2_power"]


class Adam(Optimizer):
    """Adam (Kingma and Ba 2014): `p -= lr * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + eps)`.

    Args:
        params, learning_rate, weight_decay, loss_scale: see `Optimizer`.
        beta1, beta2: of the running means m and v of the gradient and of its square; between 0 and 1.
        eps: greater than 0.
        use_locking: accepted for compatibility.
        use_nesterov: move by `beta1 * m + (1 - beta1) * g` in place of m.
        use_amsgrad: divide by the largest v so far.
        kwargs: `use_lazy`, `use_offload`: accepted for compatibility, not both.

    Raises:
        TypeError, ValueError, KeyError: if an argument is out of range, of the wrong type, or unknown.

    Example:
        >>> optimizer = nn.Adam(net.trainable_params(), 1e-3)  # doctest: +SKIP
    """

    def __init__(
        self,
        params,
        learning_rate: Any = 1e-3,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        eps: Any = 1e-8,
        use_locking=False,
        use_nesterov=False,
        weight_decay: Any = 0.0,
        loss_scale: Any = 1.0,
        use_amsgrad=False,
        **kwargs,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        unknown = [key for key in kwargs if key not in ("use_lazy", "use_offload")]
        if unknown:
            raise KeyError(
                "For 'Adam', invalid keys are passed as kwargs, supported keys are 'use_lazy' and 'use_offload', "
                f"but got {kwargs.keys()}."
            )
        for key, value in dict(
            kwargs, use_locking=use_locking, use_nesterov=use_nesterov, use_amsgrad=use_amsgrad
        ).items():
            check("Adam", key, value, bool)
        chosen = [name for name, value in (*kwargs.items(), ("use_amsgrad", use_amsgrad)) if value]
        if len(chosen) > 1:
            raise ValueError(f"For 'Adam', only one of {chosen} can be True.")
        _check_betas("Adam", beta1, beta2, eps)
        rule = _AmsGrad if use_amsgrad else _Adam
        self._begin(rule(beta1, beta2, eps, use_nesterov), _POWERS)


class AdamOffload(Optimizer):
    """Adam; where it is computed is for XLA to decide. Arguments as for `Adam`."""

    def __init__(
        self,
        params,
        learning_rate: Any = 1e-3,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        eps: Any = 1e-8,
        use_locking=False,
        use_nesterov=False,
        weight_decay: Any = 0.0,
        loss_scale: Any = 1.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        _check_betas("AdamOffload", beta1, beta2, eps)
        check("AdamOffload", "use_nesterov", use_nesterov, bool)
        self._begin(_Adam(beta1, beta2, eps, use_nesterov), _POWERS)


@takes(weight_decay="float >= 0")
class LazyAdam(Optimizer):
    """Adam; for dense gradients, the only ones here, there is nothing to be lazy about. Arguments as for `Adam`."""

    def __init__(
        self,
        params,
        learning_rate: Any = 1e-3,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        eps: Any = 1e-8,
        use_locking=False,
        use_nesterov=False,
        weight_decay: Any = 0.0,
        loss_scale: Any = 1.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        _check_betas("LazyAdam", beta1, beta2, eps)
        check("LazyAdam", "use_locking", use_locking, bool)
        check("LazyAdam", "use_nesterov", use_nesterov, bool)
        self._begin(_Adam(beta1, beta2, eps, use_nesterov, (1,)), _POWERS)


@dataclass(frozen=True)
class _AdamWeightDecay(_Moments):
    slots: ClassVar = ("adam_m.", "adam_v.")
    decoupled: ClassVar = True

    def step(self, p, g, slots, common, decay):
        m, v = self.means(g, slots)
        move = m / (jnp.sqrt(v) + self.eps)
        if decay is not None:
            move = move + decay * p
        return p - common.lr * move, (m, v)


class AdamWeightDecay(Optimizer):
    """Adam without corrections, with decay apart from the means: `p -= lr * (m / (sqrt(v) + eps) + decay * p)`.

    Args:
        params, learning_rate, weight_decay: see `Optimizer`.
        beta1, beta2, eps: see `Adam`.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    def __init__(
        self,
        params,
        learning_rate: Any = 1e-3,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        eps: Any = 1e-6,
        weight_decay: Any = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay)
        _check_betas("AdamWeightDecay", beta1, beta2, eps)
        self._begin(_AdamWeightDecay(beta1, beta2, eps), adam_m="moments1", adam_v="moments2")


@dataclass(frozen=True)
class _AdaMax(_Moments):
    def values(self):
        return (np.ones(1),)

    def advance(self, values):
        return (values[0] * self.beta1,)

    def step(self, p, g, slots, common, decay):
        m = self.beta1 * slots[0] + (1 - self.beta1) * g
        largest = jnp.maximum(self.beta2 * slots[1], jnp.abs(g))
        return p - common.lr / (1 - common.values[0].reshape(())) * m / (largest + self.eps), (m, largest)


class AdaMax(Optimizer):
    """Adam with a decaying maximum of |g| in place of sqrt(v) (Kingma and Ba 2014).

    Args:
        params, learning_rate, weight_decay, loss_scale: see `Optimizer`.
        beta1, beta2, eps: see `Adam`.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    def __init__(
        self,
        params,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        eps: Any = 1e-8,
        weight_decay: Any = 0.0,
        loss_scale: Any = 1.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        _check_betas("AdaMax", beta1, beta2, eps)
        self._begin(_AdaMax(beta1, beta2, eps), ["beta1_power"])


@dataclass(frozen=True)
class _Lamb(_Moments):
    slots: ClassVar = ("lamb_m.", "lamb_v.")
    decoupled: ClassVar = True

    def step(self, p, g, slots, common, decay):
        m, v = self.means(g, slots)
        t = common.step.astype(jnp.float32)
        move = m / (1 - self.beta1**t) / (jnp.sqrt(v / (1 - self.beta2**t)) + self.eps)
        if decay is not None:
            move = move + decay * p
        length, size = jnp.linalg.norm(p.ravel()), jnp.linalg.norm(move.ravel())
        trust = jnp.where((length > 0) & (size > 0), length / jnp.where(size > 0, size, 1), 1)
        return p - common.lr * trust * move, (m, v)


class Lamb(Optimizer):
    """Adam whose step is as long as the Parameter, times the learning rate (You et al. 2019).

    Args:
        params, learning_rate, weight_decay: see `Optimizer`.
        beta1, beta2, eps: see `Adam`.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    def __init__(
        self, params, learning_rate, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-6, weight_decay: Any = 0.0
    ):
        super().__init__(learning_rate, params, weight_decay)
        _check_betas("Lamb", beta1, beta2, eps)
        self._begin(_Lamb(beta1, beta2, eps), lamb_m="moments1", lamb_v="moments2")
        self.params = self._parameters
