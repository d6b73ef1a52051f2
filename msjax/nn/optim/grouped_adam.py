"""Adam and its kin with open groups, whose arguments, defaults and state are PyTorch's."""

from __future__ import annotations

from msjax.core.kinds import takes_finite
from msjax.core.tensor import Tensor
from msjax.nn.documented import documented_grouped
from msjax.nn.optim.grouped import DECAY, NOT_NEGATIVE, POSITIVE, RATE, GroupedOptimizer
from msjax.nn.optim.optimizer import Params
from msjax.nn.optim.rules import adam


def _betas(betas) -> tuple[float, float]:
    for i, beta in enumerate(betas):
        if not 0.0 <= beta < 1.0:
            raise ValueError(f"Invalid beta parameter at index {i}: {beta}")
    return tuple(betas)


@documented_grouped
@takes_finite(lr="real >= 0 or Tensor", eps=NOT_NEGATIVE, weight_decay=DECAY)
class Adam(GroupedOptimizer):
    """Adam (Kingma and Ba 2014): `p -= lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)`."""

    slots = {"exp_avg": "moment1.", "exp_avg_sq": "moment2.", "max_exp_avg_sq": "vhat."}  # noqa: RUF012
    _kind, _names, counter = adam.AmsGrad, {"largest": "amsgrad"}, "state_step"

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ):
        super().__init__(params, {
            "lr": lr, "betas": _betas(betas), "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad,
            "maximize": maximize,
        })  # fmt: skip


@documented_grouped
class AdamW(Adam):
    """Adam with decay apart from the gradient (Loshchilov and Hutter 2019): first `p *= 1 - lr * weight_decay`.

    Args:
        weight_decay: times the Parameter and the learning rate, subtracted from the Parameter.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = ms.experimental.optim.AdamW([w], lr=0.5, weight_decay=0.5)((Tensor([0.0]),))
        >>> w.asnumpy()
        array([0.75], dtype=float32)
    """

    _kind = adam.DecoupledAdam

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)


@documented_grouped
@takes_finite(lr=RATE, eps=POSITIVE, weight_decay=DECAY)
class Adamax(GroupedOptimizer):
    """Adam with `u = max(beta2 * u, |g| + eps)` in place of sqrt(v): `p -= lr / (1 - beta1^t) * m / u`.

    Source: Kingma and Ba 2014.

    Args:
        betas: of the running mean m of the gradient, and of u; in [0, 1).
        eps: added to the size of the gradient.
    """

    _kind = adam.AdaMax
    slots = {"exp_avg": "moment1.", "exp_inf": "moment2."}  # noqa: RUF012

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ):
        super().__init__(
            params, {"lr": lr, "betas": _betas(betas), "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        )


@documented_grouped
@takes_finite(lr=RATE, eps=POSITIVE, weight_decay=DECAY, momentum_decay=NOT_NEGATIVE)
class NAdam(GroupedOptimizer):
    """Adam with Nesterov momentum (Dozat 2016), `mu_t = beta1 * (1 - 0.96^(t * momentum_decay) / 2)`.

    With u_t the product of all mu up to t and `root = sqrt(v / (1 - beta2^t)) + eps`:
    `p -= lr * ((1 - mu_t) / (1 - u_t) * g + mu_(t+1) / (1 - u_(t+1)) * m) / root`.

    Args:
        momentum_decay: how fast the momentum grows.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = ms.experimental.optim.NAdam([w], lr=0.5)((Tensor([0.0]),))
        >>> w.asnumpy()
        array([1.], dtype=float32)
    """

    _kind = adam.NAdam
    slots = {"exp_avg": "moment1.", "exp_avg_sq": "moment2.", "mu_product": "mu_product."}  # noqa: RUF012

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
    ):
        super().__init__(params, {
            "lr": lr, "betas": _betas(betas), "eps": eps, "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
        })  # fmt: skip


@documented_grouped
@takes_finite(lr=RATE, eps=POSITIVE, weight_decay=DECAY)
class RAdam(GroupedOptimizer):
    """Adam that leaves the second moment out while its variance is not under control (Liu et al. 2019).

    Args:
        betas: of the running means of the gradient and of its square; in [0, 1).

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = ms.experimental.optim.RAdam([w], lr=0.5)((Tensor([1.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    _kind = adam.RAdam
    slots = {"exp_avg": "moment1.", "exp_avg_sq": "moment2."}  # noqa: RUF012

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ):
        super().__init__(params, {"lr": lr, "betas": _betas(betas), "eps": eps, "weight_decay": weight_decay})
