"""Gradient descent: SGD, Momentum, ASGD, Rprop."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import takes_finite
from msjax.core.tensor import rebind
from msjax.nn.documented import documented_optimizer
from msjax.nn.optim.optimizer import Decay, Optimizer, Params, Rate
from msjax.nn.optim.rules.descent import Averaged, Descent, HeavyBall, SignDescent


@documented_optimizer
@takes_finite(momentum="real >= 0", dampening="real >= 0", nesterov="bool", weight_decay="real >= 0 or scalar >= 0")
class SGD(Optimizer):
    """Stochastic gradient descent: `p -= lr * b` with `b = momentum * b + (1 - dampening) * g`, and `b = g` at first.

    Raises:
        TypeError, ValueError: if an argument is out of range, or `nesterov` meets no momentum or a dampening.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = nn.SGD([w], learning_rate=0.5)((Tensor([1.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    def __init__(
        self,
        params: Params,
        learning_rate: Rate = 0.1,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: Decay = 0.0,
        nesterov: bool = False,
        loss_scale: float = 1.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        momentum, dampening = float(momentum), float(dampening)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "For 'SGD', if 'nesterov' is true, 'momentum' must be > 0.0 and 'dampening' must equal to 0.0, "
                f"but got 'momentum' {momentum}, 'dampening' {dampening}."
            )
        self.nesterov, self.dampening = nesterov, dampening
        self._begin(Descent(momentum, nesterov, dampening), ["momentum"])


@documented_optimizer
@takes_finite(momentum="float >= 0", use_nesterov="bool")
class Momentum(Optimizer):
    """Gradient descent with momentum: `m = momentum * m + g`, `p -= lr * m`.

    Args:
        momentum: a float, not negative.
        use_nesterov: whether to move by `g + momentum * m` (Sutskever et al. 2013).

    Differs from MindSpore: `use_nesterov` does what is documented also on CPU, where MindSpore 2.10 ignores it.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> optimizer = nn.Momentum([w], learning_rate=0.5, momentum=0.5)
        >>> for _ in range(2):
        ...     done = optimizer((Tensor([1.0]),))
        >>> w.asnumpy()
        array([-0.25], dtype=float32)
    """

    def __init__(
        self,
        params: Params,
        learning_rate: Rate,
        momentum: float,
        weight_decay: Decay = 0.0,
        loss_scale: float = 1.0,
        use_nesterov: bool = False,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        self.use_nesterov = use_nesterov
        self._begin(HeavyBall(momentum, use_nesterov), ["momentum"])
        self.params = self._parameters


@documented_optimizer
@takes_finite(lambd="float", alpha="float", t0="float")
class ASGD(Optimizer):
    """Gradient descent with a falling rate, which also keeps the average of the Parameters (Polyak and Juditsky 1992).

    `eta = lr / (1 + lambd * lr * t) ** alpha`, `p -= eta * (g + lambd * p)`; the averages over the steps after `t0` are
    in the attribute `ax`.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> optimizer = nn.ASGD([w], learning_rate=0.5, lambd=0.0)
        >>> done = optimizer((Tensor([1.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    def __init__(
        self,
        params: Params,
        learning_rate: Rate = 0.1,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: Decay = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay)
        self.lambd, self.alpha, self.t0 = lambd, alpha, t0
        self._begin(Averaged(lambd, alpha, t0))
        rates = self._rates()
        for eta, i in zip(self.eta, self._plan.lr, strict=True):
            rebind(eta, jnp.asarray(rates[i], np.float32).reshape(()))


@documented_optimizer
@takes_finite(etas="2 float", step_sizes="2 float")
class Rprop(Optimizer):
    """Steps of a size that grows while the gradient keeps its sign, and shrinks when it turns (Riedmiller 1993).

    `p -= sign(g) * size`; where the sign turns, the Parameter stays for one step.

    Args:
        learning_rate: the first step's size; as a list or a schedule, the first one counts.
        etas: factors of the size when the sign turns, in (0, 1), and when it stays, greater than 1.
    """

    def __init__(
        self,
        params: Params,
        learning_rate: Rate = 0.1,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50.0),
        weight_decay: Decay = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay)
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(
                f"For 'Rprop', 'etas' must be one number in (0, 1) and one greater than 1, but got {etas}."
            )
        if step_sizes[0] > step_sizes[1]:
            raise ValueError(
                f"For 'Rprop', 'step_sizes' must be the smallest and the largest size, but got {step_sizes}."
            )
        self.etas, self.step_sizes = etas, step_sizes
        self._begin(SignDescent(etas, step_sizes))
