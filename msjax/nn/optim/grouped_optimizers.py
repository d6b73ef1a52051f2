"""The optimizers of `experimental.optim` and `mint.optim`, whose arguments, defaults and state are PyTorch's."""

from __future__ import annotations

import jax.numpy as jnp

from msjax.core.kinds import takes
from msjax.core.tensor import Tensor
from msjax.nn.optim.grouped import GroupedOptimizer
from msjax.nn.optim.optimizer import Params
from msjax.nn.optim.rules import adam, adaptive, descent

_RATE = "real > 0 or Tensor"
_POSITIVE, _NOT_NEGATIVE = "real > 0 or Tensor or scalar", "real >= 0 or Tensor or scalar"
_DECAY = "real >= 0"


def _betas(betas) -> tuple[float, float]:
    for i, beta in enumerate(betas):
        if not 0.0 <= beta < 1.0:
            raise ValueError(f"Invalid beta parameter at index {i}: {beta}")
    return tuple(betas)


@takes(lr="number >= 0 or Tensor", momentum="number >= 0", dampening="number", weight_decay=_DECAY, nesterov="bool",
       maximize="bool")  # fmt: skip
class SGD(GroupedOptimizer):
    """Gradient descent with momentum: `p -= lr * b`, `b = momentum * b + (1 - dampening) * g`, at first `b = g`.

    Args:
        params: Parameters, or dicts with "params" and options of a group, named as the arguments.
        lr: the learning rate.
        momentum: of the sum b; 0 for none.
        dampening: how much of a gradient the sum leaves out.
        weight_decay: times the Parameter, added to its gradient.
        nesterov: whether to move by `g + momentum * b` (Sutskever et al. 2013).
        maximize: whether to go up the gradient.

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


@takes(lr="real >= 0 or Tensor", eps=_NOT_NEGATIVE, weight_decay=_DECAY)
class Adam(GroupedOptimizer):
    """Adam (Kingma and Ba 2014): `p -= lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)`.

    Args:
        params: Parameters, or dicts with "params" and options of a group, named as the arguments.
        lr: the learning rate.
        betas: of the running means m and v of the gradient and of its square; in [0, 1).
        eps: added to the root.
        weight_decay: times the Parameter, added to its gradient.
        amsgrad: whether to divide by the largest v so far (Reddi et al. 2018).
        maximize: whether to go up the gradient.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = ms.experimental.optim.Adam([w], lr=0.5)((Tensor([3.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

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


class AdamW(Adam):
    """Adam with decay apart from the gradient (Loshchilov and Hutter 2019): first `p *= 1 - lr * weight_decay`.

    Args:
        params: Parameters, or dicts with "params" and options of a group, named as the arguments.
        lr, betas, eps, amsgrad, maximize: as for `Adam`.
        weight_decay: times the Parameter and the learning rate, subtracted from the Parameter.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

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


@takes(lr=_RATE, lr_decay=_NOT_NEGATIVE, weight_decay=_DECAY, eps=_POSITIVE,
       initial_accumulator_value="real >= 0 or scalar >= 0")  # fmt: skip
class Adagrad(GroupedOptimizer):
    """`p -= lr / (1 + (t - 1) * lr_decay) * g / (sqrt(a) + eps)`, with a the sum of g^2 (Duchi et al. 2011).

    Args:
        params: Parameters, or dicts with "params" and options of a group, named as the arguments.
        lr: the learning rate.
        lr_decay: how fast it falls.
        weight_decay: times the Parameter, added to its gradient.
        initial_accumulator_value: what the sum begins with.
        eps: added to the root.
        maximize: whether to go up the gradient.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = ms.experimental.optim.Adagrad([w], lr=0.5)((Tensor([3.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
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


@takes(lr=_RATE, rho="float [0, 1] or scalar [0, 1]", eps=_POSITIVE, weight_decay=_DECAY)
class Adadelta(GroupedOptimizer):
    """Steps in the ratio of the running means of past moves and of gradients (Zeiler 2012).

    `p -= lr * d` with `d = sqrt(u + eps) / sqrt(s + eps) * g`; s and u are the running means of g^2 and d^2.

    Args:
        params: Parameters, or dicts with "params" and options of a group, named as the arguments.
        lr: the learning rate.
        rho: of the running means; from 0 to 1.
        eps: greater than 0.
        weight_decay: times the Parameter, added to its gradient.
        maximize: whether to go up the gradient.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

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


@takes(lr=_RATE, eps=_POSITIVE, weight_decay=_DECAY)
class Adamax(GroupedOptimizer):
    """Adam with `u = max(beta2 * u, |g| + eps)` in place of sqrt(v): `p -= lr / (1 - beta1^t) * m / u`.

    Source: Kingma and Ba 2014.

    Args:
        params: Parameters, or dicts with "params" and options of a group, named as the arguments.
        lr: the learning rate.
        betas: of the running mean m of the gradient, and of u; in [0, 1).
        eps: added to the size of the gradient.
        weight_decay: times the Parameter, added to its gradient.
        maximize: whether to go up the gradient.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = ms.experimental.optim.Adamax([w], lr=0.5)((Tensor([3.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
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


@takes(lr=_RATE, eps=_POSITIVE, weight_decay=_DECAY, momentum_decay=_NOT_NEGATIVE)
class NAdam(GroupedOptimizer):
    """Adam with Nesterov momentum (Dozat 2016), `mu_t = beta1 * (1 - 0.96^(t * momentum_decay) / 2)`.

    With u_t the product of all mu up to t and `root = sqrt(v / (1 - beta2^t)) + eps`:
    `p -= lr * ((1 - mu_t) / (1 - u_t) * g + mu_(t+1) / (1 - u_(t+1)) * m) / root`.

    Args:
        params: Parameters, or dicts with "params" and options of a group, named as the arguments.
        lr: the learning rate.
        betas: of the running means m and v of the gradient and of its square; in [0, 1).
        eps: added to the root.
        weight_decay: times the Parameter, added to its gradient.
        momentum_decay: how fast the momentum grows.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

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


@takes(lr=_RATE, eps=_POSITIVE, weight_decay=_DECAY)
class RAdam(GroupedOptimizer):
    """Adam that leaves the second moment out while its variance is not under control (Liu et al. 2019).

    Args:
        params: Parameters, or dicts with "params" and options of a group, named as the arguments.
        lr: the learning rate.
        betas: of the running means of the gradient and of its square; in [0, 1).
        eps: added to the root.
        weight_decay: times the Parameter, added to its gradient.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

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


@takes(lr=_RATE, alpha=_NOT_NEGATIVE, eps=_POSITIVE, weight_decay=_DECAY, momentum=_NOT_NEGATIVE)
class RMSprop(GroupedOptimizer):
    """`b = momentum * b + g / (sqrt(s) + eps)`, `p -= lr * b`, with s the running mean of g^2
    (Tieleman and Hinton 2012).

    Args:
        params: Parameters, or dicts with "params" and options of a group, named as the arguments.
        lr: the learning rate.
        alpha: of the running mean.
        eps: added to the root.
        weight_decay: times the Parameter, added to its gradient.
        momentum: of the sum b; 0 for none.
        centered: whether to divide by the root of the variance of g in place of s.
        maximize: whether to go up the gradient.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

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


@takes(lr=_RATE, etas="2 float > 0")
class Rprop(GroupedOptimizer):
    """Steps of a size that grows while the gradient keeps its sign, and shrinks when it turns (Riedmiller 1993).

    `p -= sign(g) * size`; where the sign turns, the Parameter stays for one step.

    Args:
        params: Parameters, or dicts with "params" and options of a group, named as the arguments.
        lr: the first step's size.
        etas: factors of the size when the sign turns and when it stays.
        step_sizes: the smallest and largest size.
        maximize: whether to go up the gradient.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> done = ms.experimental.optim.Rprop([w], lr=0.5)((Tensor([3.0]),))
        >>> w.asnumpy()
        array([0.5], dtype=float32)
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


@takes(lr=_RATE, lambd="float", alpha="float", t0="float", weight_decay=_DECAY)
class ASGD(GroupedOptimizer):
    """Gradient descent with a falling rate, which also keeps the average of the Parameters (Polyak and Juditsky 1992).

    `eta = lr / (1 + lambd * lr * t) ** alpha`, `p -= eta * (g + lambd * p)`; the averages over the steps after `t0` are
    in the attribute `ax`.

    Args:
        params: Parameters, or dicts with "params" and options of a group, named as the arguments.
        lr: the learning rate.
        lambd: decay of the Parameters.
        alpha: power of the rate's fall.
        t0: the step at which averaging begins.
        weight_decay: times the Parameter, added to its gradient.
        maximize: whether to go up the gradient.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.

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
