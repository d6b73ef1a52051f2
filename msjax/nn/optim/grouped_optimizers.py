"""Optimizers with open groups, whose arguments, defaults and state are PyTorch's. Adam and its kin: `grouped_adam`."""

from __future__ import annotations

import jax.numpy as jnp

from msjax.core.kinds import takes_finite
from msjax.core.tensor import Tensor
from msjax.nn.documented import documented_grouped
from msjax.nn.optim.grouped import DECAY, NOT_NEGATIVE, POSITIVE, RATE, GroupedOptimizer
from msjax.nn.optim.optimizer import Params
from msjax.nn.optim.rules import adaptive, descent


@documented_grouped
@takes_finite(lr="number >= 0 or Tensor", momentum="number >= 0", dampening="number", weight_decay=DECAY,
              nesterov="bool", maximize="bool")  # fmt: skip
class SGD(GroupedOptimizer):
    """Gradient descent with momentum: `p -= lr * b`, `b = momentum * b + (1 - dampening) * g`, at first `b = g`.

    Raises:
        TypeError, ValueError: if an argument is out of range, or `nesterov` meets no momentum or a dampening.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = ms.experimental.optim.SGD([w], lr=0.5)((Tensor([1.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    _kind, counter = descent.Descent, None
    slots = {"accum": "accum.", "stat": "stat."}  # noqa: RUF012

    def __init__(
        self,
        params: Params,
        lr: float | Tensor,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ):
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "For 'SGD', if 'nesterov' is true, 'momentum' must be > 0.0 and 'dampening' must equal to 0.0, "
                f"but got 'momentum' {momentum}, 'dampening' {dampening}"
            )
        super().__init__(params, {
            "lr": lr, "momentum": float(momentum), "dampening": float(dampening), "weight_decay": float(weight_decay),
            "nesterov": nesterov, "maximize": maximize, "grad_centralization": False,
        })  # fmt: skip


@documented_grouped
@takes_finite(lr=RATE, lr_decay=NOT_NEGATIVE, weight_decay=DECAY, eps=POSITIVE,
              initial_accumulator_value="real >= 0 or scalar >= 0")  # fmt: skip
class Adagrad(GroupedOptimizer):
    """`p -= lr / (1 + (t - 1) * lr_decay) * g / (sqrt(a) + eps)`, with a the sum of g^2 (Duchi et al. 2011).

    Args:
        lr_decay: how fast it falls.
        initial_accumulator_value: what the sum begins with.
    """

    _kind, _names = adaptive.Adagrad, {"accum": "initial_accumulator_value"}
    slots = {"accum": "accum."}  # noqa: RUF012

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ):
        super().__init__(params, {
            "lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value, "maximize": maximize,
        })  # fmt: skip


@documented_grouped
@takes_finite(lr=RATE, rho="float [0, 1] or scalar [0, 1]", eps=POSITIVE, weight_decay=DECAY)
class Adadelta(GroupedOptimizer):
    """Steps in the ratio of the running means of past moves and of gradients (Zeiler 2012).

    `p -= lr * d` with `d = sqrt(u + eps) / sqrt(s + eps) * g`; s and u are the running means of g^2 and d^2.

    Args:
        eps: greater than 0.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = ms.experimental.optim.Adadelta([w], lr=0.5)((Tensor([0.0]),))
        >>> w.asnumpy()
        array([1.], dtype=float32)
    """

    _kind, _names, counter = adaptive.Adadelta, {"epsilon": "eps"}, None
    slots = {"accum": "accum.", "accum_update": "accum_update."}  # noqa: RUF012

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ):
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize})


@documented_grouped
@takes_finite(lr=RATE, alpha=NOT_NEGATIVE, eps=POSITIVE, weight_decay=DECAY, momentum=NOT_NEGATIVE)
class RMSprop(GroupedOptimizer):
    """`b = momentum * b + g / (sqrt(s) + eps)`, `p -= lr * b`, with s the running mean of g^2
    (Tieleman and Hinton 2012).

    Args:
        alpha: of the running mean.
        centered: whether to divide by the root of the variance of g in place of s.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = ms.experimental.optim.RMSprop([w], lr=0.5, alpha=0.0)((Tensor([3.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    slots = {"mean_grad": "mean_grad.", "mean_square": "mean_square.", "moment": "moment."}  # noqa: RUF012
    _kind, _names, counter = adaptive.CenteredRMSProp, {"decay": "alpha", "epsilon": "eps"}, None
    _fixed = {"outer": True}  # noqa: RUF012

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        maximize: bool = False,
    ):
        super().__init__(params, {
            "lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps, "centered": centered,
            "weight_decay": weight_decay, "maximize": maximize,
        })  # fmt: skip

    def _first(self, rule, slot, p, group):
        return jnp.zeros_like(p)  # also of the mean square, which is ones in nn.RMSProp


@documented_grouped
@takes_finite(lr=RATE, etas="2 float > 0")
class Rprop(GroupedOptimizer):
    """Steps of a size that grows while the gradient keeps its sign, and shrinks when it turns (Riedmiller 1993).

    `p -= sign(g) * size`; where the sign turns, the Parameter stays for one step.

    Args:
        lr: the first step's size.
        etas: factors of the size when the sign turns and when it stays.
    """

    _kind, _fixed = descent.SignDescent, {"sized": True}
    slots = {"prev": "prev.", "step_size": "step_size."}  # noqa: RUF012

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        maximize: bool = False,
    ):
        super().__init__(params, {
            "lr": lr, "etas": tuple(etas), "step_sizes": tuple(step_sizes), "weight_decay": 0.0, "maximize": maximize,
        })  # fmt: skip

    def _first(self, rule, slot, p, group):
        return jnp.full_like(p, float(group["lr"])) if slot == "step_size." else jnp.zeros_like(p)


@documented_grouped
@takes_finite(lr=RATE, lambd="float", alpha="float", t0="float", weight_decay=DECAY)
class ASGD(GroupedOptimizer):
    """Gradient descent with a falling rate, which also keeps the average of the Parameters (Polyak and Juditsky 1992).

    `eta = lr / (1 + lambd * lr * t) ** alpha`, `p -= eta * (g + lambd * p)`; the averages over the steps after `t0` are
    in the attribute `ax`.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = ms.experimental.optim.ASGD([w], lr=0.5, lambd=0.0)((Tensor([1.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    _kind = descent.Averaged
    slots = {"eta": "eta_", "mu": "mu_", "ax": "ax_."}  # noqa: RUF012

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0.0,
        maximize: bool = False,
    ):
        super().__init__(params, {
            "lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay, "maximize": maximize,
        })  # fmt: skip

    def _first(self, rule, slot, p, group):
        if slot == "eta_":
            return jnp.asarray(float(group["lr"]), p.dtype)
        return rule.first(slot, p).astype(p.dtype)
