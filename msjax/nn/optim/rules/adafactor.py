"""AdaFactor: second moments kept by rows and columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp
import numpy as np

from msjax.nn.optim.rules.rule import Rule


def _root_mean_square(x):
    return jnp.sqrt(jnp.mean(jnp.square(x)))


@dataclass(frozen=True)
class AdaFactor(Rule):
    """A matrix of g^2 is kept as the outer product of its means over rows and over columns, divided by its mean."""

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
        t = common.values[0].reshape(())  # counted in float32, as MindSpore keeps it
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
