"""Learning rates by coordinate: RMSProp, Adagrad, Adadelta, ProximalAdagrad, FTRL."""

from __future__ import annotations

from msjax.core.kinds import check_finite, takes_finite
from msjax.nn.documented import documented_optimizer
from msjax.nn.optim.optimizer import Decay, Optimizer, Params, Rate
from msjax.nn.optim.rules import adaptive as rules


@documented_optimizer
@takes_finite(decay="float >= 0", momentum="float >= 0", epsilon="float > 0", use_locking="bool", centered="bool")
class RMSProp(Optimizer):
    """`m = momentum * m + lr * g / sqrt(s + epsilon)`, `p -= m`, with s the running mean of g^2, which begins at 1
    (Tieleman and Hinton 2012).

    Args:
        decay: of the running mean.
        momentum: a float, not negative.
        epsilon: greater than 0.
        centered: whether to divide by the variance of g in place of s.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> optimizer = nn.RMSProp([w], learning_rate=0.5, decay=0.0)
        >>> done = optimizer((Tensor([3.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    def __init__(
        self,
        params: Params,
        learning_rate: Rate = 0.1,
        decay: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        loss_scale: float = 1.0,
        weight_decay: Decay = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        self.centered = centered
        self.decay, self.momentum, self.epsilon = decay, momentum, epsilon
        rule = rules.CenteredRMSProp if centered else rules.RMSProp
        self._begin(rule(decay, momentum, epsilon), mean_grad="mg", mean_square="ms")


@documented_optimizer
@takes_finite(accum="float >= 0", update_slots="bool")
class Adagrad(Optimizer):
    """`p -= lr * g / sqrt(a)` with a the sum of g^2 (Duchi et al. 2011).

    Args:
        accum: what the sum begins with; not negative.
        update_slots: whether the sum grows.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> optimizer = nn.Adagrad([w], accum=0.0, learning_rate=0.5)
        >>> done = optimizer((Tensor([3.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    def __init__(
        self,
        params: Params,
        accum: float = 0.1,
        learning_rate: Rate = 0.001,
        update_slots: bool = True,
        loss_scale: float = 1.0,
        weight_decay: Decay = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        self._begin(rules.Adagrad(accum, update_slots))


@documented_optimizer
@takes_finite(rho="float [0, 1]", epsilon="float >= 0")
class Adadelta(Optimizer):
    """Steps in the ratio of the running means of past moves and of gradients (Zeiler 2012).

    `p -= lr * d` with `d = sqrt(u + epsilon) / sqrt(s + epsilon) * g`; s and u are the running means of g^2 and d^2.

    Args:
        epsilon: not negative.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> optimizer = nn.Adadelta([w], rho=0.0, epsilon=0.25)
        >>> done = optimizer((Tensor([0.0]),))
        >>> w.asnumpy()
        array([1.], dtype=float32)
    """

    def __init__(
        self,
        params: Params,
        learning_rate: Rate = 1.0,
        rho: float = 0.9,
        epsilon: float = 1e-6,
        loss_scale: float = 1.0,
        weight_decay: Decay = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        self.rho, self.epsilon = rho, epsilon
        self._begin(rules.Adadelta(rho, epsilon))


@documented_optimizer
@takes_finite(accum="float >= 0", l1="float >= 0", l2="float >= 0", use_locking="bool")
class ProximalAdagrad(Optimizer):
    """Adagrad with l1 and l2 penalties treated exactly (Duchi and Singer 2009).

    With `rate = lr / sqrt(a)` and `q = p - rate * g`: `p = sign(q) * max(|q| - rate * l1, 0) / (1 + rate * l2)`.

    Args:
        accum: what the sum a of squared gradients begins with; not negative.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> optimizer = nn.ProximalAdagrad([w], accum=0.25, learning_rate=0.5, l1=0.5)
        >>> done = optimizer((Tensor([0.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    _has_target = True

    def __init__(
        self,
        params: Params,
        accum: float = 0.1,
        learning_rate: Rate = 0.001,
        l1: float = 0.0,
        l2: float = 0.0,
        use_locking: bool = False,
        loss_scale: float = 1.0,
        weight_decay: Decay = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        self._begin(rules.ProximalAdagrad(accum, l1, l2))


@documented_optimizer
@takes_finite(initial_accum="float >= 0", lr_power="float <= 0", l1="float >= 0", l2="float >= 0", use_locking="bool")
class FTRL(Optimizer):
    """Follow the regularized leader (McMahan et al. 2013).

    Args:
        initial_accum: what the sum of squared gradients begins with; not negative.
        learning_rate: a float, constant.
        lr_power: the rate falls as the sum to this power; not positive.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> optimizer = nn.FTRL([w], initial_accum=1.0, learning_rate=0.5)
        >>> done = optimizer((Tensor([1.0]),))
        >>> w.asnumpy().round(4)
        array([-0.0607], dtype=float32)
    """

    _has_target = True

    def __init__(
        self,
        params: Params,
        initial_accum: float = 0.1,
        learning_rate: float = 0.001,
        lr_power: float = -0.5,
        l1: float = 0.0,
        l2: float = 0.0,
        use_locking: bool = False,
        loss_scale: float = 1.0,
        weight_decay: Decay = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        if self.dynamic_lr or self.is_group_lr:
            raise ValueError("For 'FTRL', dynamic learning rate and group learning rate are currently not supported.")
        check_finite("FTRL", "learning_rate", learning_rate, "float > 0")
        self._begin(rules.Ftrl(initial_accum, lr_power, l1, l2))
