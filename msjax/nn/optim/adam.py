"""Adam and its kin: Adam, AdamWeightDecay, LazyAdam, AdamOffload, AdaMax, Lamb."""

from __future__ import annotations

from msjax.core.kinds import takes_finite
from msjax.nn.documented import documented_optimizer
from msjax.nn.optim.optimizer import Decay, Optimizer, Params, Rate
from msjax.nn.optim.rules import adam as rules

_POWERS = ["beta1_power", "beta2_power"]
_BETAS = {"beta1": "float (0, 1)", "beta2": "float (0, 1)", "eps": "float > 0"}


@documented_optimizer
@takes_finite(
    **_BETAS, use_locking="bool", use_nesterov="bool", use_amsgrad="bool", use_lazy="bool", use_offload="bool"
)
class Adam(Optimizer):
    """Adam (Kingma and Ba 2014): `p -= lr * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + eps)`.

    Args:
        weight_decay: part of the gradient: float, int, or a Cell that computes it from the step.
        use_amsgrad: whether to divide by the largest v so far (Reddi et al. 2018).
        kwargs: `use_lazy`, `use_offload`: accepted for compatibility, not both.

    Raises:
        TypeError, ValueError, KeyError: if an argument is out of range, of the wrong type, or unknown.
    """

    _has_target = True

    def __init__(
        self,
        params: Params,
        learning_rate: Rate = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        use_locking: bool = False,
        use_nesterov: bool = False,
        weight_decay: Decay = 0.0,
        loss_scale: float = 1.0,
        use_amsgrad: bool = False,
        **kwargs: bool,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        if not kwargs.keys() <= {"use_lazy", "use_offload"}:
            raise KeyError(
                "For 'Adam', invalid keys are passed as kwargs, supported keys are 'use_lazy' and 'use_offload', "
                f"but got {kwargs.keys()}."
            )
        chosen = [name for name, value in (*kwargs.items(), ("use_amsgrad", use_amsgrad)) if value]
        if len(chosen) > 1:
            raise ValueError(f"For 'Adam', only one of {chosen} can be True.")
        rule = rules.AmsGrad if use_amsgrad else rules.Adam
        self._begin(rule(beta1, beta2, eps, use_nesterov, bare_eps=True), _POWERS)
        self.use_locking, self.use_nesterov, self.use_amsgrad = use_locking, use_nesterov, use_amsgrad


class _OnlyAdam(Optimizer):  # without AMSGrad, for which MindSpore has several names
    _power_shape: tuple[int, ...] = ()

    def __init__(
        self,
        params: Params,
        learning_rate: Rate = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        use_locking: bool = False,
        use_nesterov: bool = False,
        weight_decay: Decay = 0.0,
        loss_scale: float = 1.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        rule = rules.Adam(beta1, beta2, eps, use_nesterov, bare_eps=True, power_shape=self._power_shape)
        self._begin(rule, _POWERS)
        self.use_locking, self.use_nesterov = use_locking, use_nesterov


@documented_optimizer
@takes_finite(**_BETAS, use_nesterov="bool")
class AdamOffload(_OnlyAdam):
    """Adam; where it is computed is for XLA to decide."""


@documented_optimizer
@takes_finite(**_BETAS, use_locking="bool", use_nesterov="bool", weight_decay="float >= 0")
class LazyAdam(_OnlyAdam):
    """Adam; for dense gradients, the only ones here, there is nothing to be lazy about."""

    _has_target = True
    _power_shape = (1,)


@documented_optimizer
@takes_finite(**_BETAS)
class AdamWeightDecay(Optimizer):
    """Adam without corrections, with decay apart from the means: `p -= lr * (m / (sqrt(v) + eps) + decay * p)`.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> optimizer = nn.AdamWeightDecay([w], learning_rate=0.5, weight_decay=0.5)
        >>> done = optimizer((Tensor([0.0]),))
        >>> w.asnumpy()
        array([0.75], dtype=float32)
    """

    def __init__(
        self,
        params: Params,
        learning_rate: Rate = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-6,
        weight_decay: Decay = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay)
        self._begin(rules.UncorrectedAdam(beta1, beta2, eps), adam_m="moments1", adam_v="moments2")


@documented_optimizer
@takes_finite(**_BETAS)
class AdaMax(Optimizer):
    """Adam with a decaying maximum of |g| in place of sqrt(v): `p -= lr / (1 - beta1^t) * m / (u + eps)`,
    `u = max(beta2 * u, |g|)` (Kingma and Ba 2014).

    Args:
        beta2: of the maximum u; between 0 and 1.
    """

    def __init__(
        self,
        params: Params,
        learning_rate: Rate = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: Decay = 0.0,
        loss_scale: float = 1.0,
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        self._begin(rules.AdaMax(beta1, beta2, eps, bare_eps=True), ["beta1_power"])


@documented_optimizer
@takes_finite(**_BETAS)
class Lamb(Optimizer):
    """Adam whose step is as long as the Parameter, times the learning rate (You et al. 2019).

    `p -= lr * |p| / |move| * move`, with `move = m' / (sqrt(v') + eps) + decay * p` of Adam's corrected means.

    Example:
        >>> w = Parameter(Tensor([3.0, 4.0]), name="w")
        >>> optimizer = nn.Lamb([w], learning_rate=0.1)
        >>> done = optimizer((Tensor([1.0, 0.0]),))
        >>> w.asnumpy()
        array([2.5, 4. ], dtype=float32)
    """

    def __init__(
        self,
        params: Params,
        learning_rate: Rate,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-6,
        weight_decay: Decay = 0.0,
    ):
        super().__init__(learning_rate, params, weight_decay)
        self._begin(rules.Lamb(beta1, beta2, eps), lamb_m="moments1", lamb_v="moments2")
        self.params = self._parameters
