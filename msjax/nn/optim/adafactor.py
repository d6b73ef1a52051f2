"""AdaFactor: second moments kept by rows and columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from msjax.nn.bounds import check
from msjax.nn.optim.optimizer import Optimizer
from msjax.nn.optim.rule import Rule


def _root_mean_square(x):
    return jnp.sqrt(jnp.mean(jnp.square(x)))


@dataclass(frozen=True)
class _AdaFactor(Rule):
    slots: ClassVar = ("exp_avg.", "exp_avg_sq_row_", "exp_avg_sq_col_", "exp_avg_sq_")
    decoupled: ClassVar = True
    eps: tuple[float, float]
    clip_threshold: float
    decay_rate: float
    beta1: float
    scale_parameter: bool
    relative_step: bool
    warmup_init: bool

    def first(self, slot, p):
        """What a Parameter does not need, having two axes or not, is one zero."""
        shapes = {
            "exp_avg.": p.shape if self.beta1 > 0 else (1,),
            "exp_avg_sq_row_": p.shape[:-1] if p.ndim > 1 else (1,),
            "exp_avg_sq_col_": p.shape[:-2] + p.shape[-1:] if p.ndim > 1 else (1,),
            "exp_avg_sq_": p.shape if p.ndim < 2 else (1,),
        }
        return jnp.zeros(shapes[slot], p.dtype)

    def values(self):
        return (np.zeros(1, np.float32),)

    def advance(self, values):
        return (values[0] + 1,)

    def step(self, p, g, slots, common, decay):
        average, rows, columns, squares = slots
        t = common.values[0].reshape(())
        rate = self.rate(p, common.lr, t)
        beta2 = 1 - t**-self.decay_rate
        square = jnp.square(g) + self.eps[0]
        if p.ndim > 1:
            rows = beta2 * rows + (1 - beta2) * square.mean(-1)
            columns = beta2 * columns + (1 - beta2) * square.mean(-2)
            share = rows / rows.mean(-1, keepdims=True)
            move = g / jnp.sqrt(share)[..., None] / jnp.sqrt(columns)[..., None, :]
        else:
            squares = beta2 * squares + (1 - beta2) * square
            move = g / jnp.sqrt(squares)
        move = rate * move / jnp.maximum(1, _root_mean_square(move) / self.clip_threshold)
        if self.beta1 > 0:
            average = move = self.beta1 * average + (1 - self.beta1) * move
        if decay is not None:
            p = p - decay * rate * p
        return p - move, (average, rows, columns, squares)

    def rate(self, p, lr, t):
        if self.relative_step:
            lr = jnp.minimum(1e-6 * t if self.warmup_init else 1e-2, 1 / jnp.sqrt(t))
        return jnp.maximum(self.eps[1], _root_mean_square(p)) * lr if self.scale_parameter else lr


class AdaFactor(Optimizer):
    """Adam with the second moments of a matrix kept as means of its rows and columns (Shazeer and Stern 2018).

    Args:
        params, weight_decay, loss_scale: see `Optimizer`.
        learning_rate: None with `relative_step`.
        eps: what is added to squared gradients, and the least size of a Parameter for `scale_parameter`.
        clip_threshold: the largest root mean square of a move.
        decay_rate: the second moments forget as `1 - t ** -decay_rate`.
        beta1: of the running mean of moves, from 0 to 1; 0 without.
        scale_parameter: move in proportion to the Parameter's root mean square.
        relative_step: let the learning rate be `min(0.01, 1 / sqrt(t))`.
        warmup_init: let it begin as `1e-6 * t`.
        compression: accepted for compatibility.

    Raises:
        TypeError, ValueError: if an argument is out of range or of the wrong type.
    """

    def __init__(
        self,
        params,
        learning_rate=None,
        eps: Any = (1e-30, 1e-3),
        clip_threshold: Any = 1.0,
        decay_rate: Any = 0.8,
        beta1: Any = 0.9,
        weight_decay: Any = 0.0,
        scale_parameter=True,
        relative_step=True,
        warmup_init=False,
        compression=False,
        loss_scale: Any = 1.0,
    ):
        if learning_rate is not None and relative_step:
            raise ValueError("For 'AdaFactor', 'learning_rate' must be None if 'relative_step' is True.")
        if warmup_init and not relative_step:
            raise ValueError("For 'AdaFactor', 'relative_step' must be True if 'warmup_init' is True.")
        if learning_rate is None and not relative_step:
            raise ValueError("For 'AdaFactor', 'learning_rate' can not be None if 'relative_step' is False.")
        super().__init__(0.0 if learning_rate is None else learning_rate, params, weight_decay, loss_scale)
        if not isinstance(eps, (list, tuple)) or len(eps) != 2:
            raise ValueError(f"For 'AdaFactor', 'eps' must be a list or tuple of two floats, but got {eps!r}.")
        for i, value in enumerate(eps):
            check("AdaFactor", f"eps[{i}]", value, float, above=0)
        check("AdaFactor", "clip_threshold", clip_threshold, float, least=0)
        check("AdaFactor", "decay_rate", decay_rate, float, least=0, most=1)
        if beta1 != 0:  # which is none
            check("AdaFactor", "beta1", beta1, float, least=0, most=1)
        for name, flag in (("scale_parameter", scale_parameter), ("relative_step", relative_step),
                           ("warmup_init", warmup_init), ("compression", compression)):  # fmt: skip
            check("AdaFactor", name, flag, bool)
        rule = _AdaFactor(tuple(eps), clip_threshold, decay_rate, beta1, scale_parameter, relative_step, warmup_init)
        self._begin(rule, ["afactor_step"])
