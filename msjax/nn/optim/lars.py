"""LARS: rates by layer, around another optimizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import check_is, takes_finite
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, wrap
from msjax.nn.cell import Cell
from msjax.nn.documented import documented_optimizer
from msjax.nn.optim.optimizer import Optimizer


def _decays(parameter: Parameter) -> bool:
    return "LayerNorm" not in parameter.name and "bias" not in parameter.name


@documented_optimizer
@takes_finite(epsilon="float", coefficient="float", use_clip="bool")
class LARS(Optimizer):
    """Scale each gradient to its Parameter's size, then let another optimizer take the step (You et al. 2017).

    The gradient g, with the optimizer's weight decay d, becomes `coefficient * |p| / (|g| + d * |p| + epsilon)` times
    `g + d * p`; the optimizer itself then decays only what is left out.

    Args:
        epsilon: added to the denominator.
        coefficient: how far to trust a layer.
        use_clip: whether a step is never longer than the optimizer's learning rate.
        lars_filter: a function of a Parameter: whether it is treated so; by default all but biases and LayerNorms.

    Raises:
        TypeError: if an argument is of the wrong type.

    Example:
        >>> w = Parameter(Tensor([3.0, 4.0]), name="w")
        >>> optimizer = nn.LARS(nn.SGD([w], learning_rate=1.0), epsilon=0.0, coefficient=0.1)
        >>> done = optimizer((Tensor([2.0, 0.0]),))
        >>> w.asnumpy()
        array([2.5, 4. ], dtype=float32)
    """

    def __init__(
        self,
        optimizer: Optimizer,
        epsilon: float = 1e-05,
        coefficient: float = 0.001,
        use_clip: bool = False,
        lars_filter: Callable[[Parameter], bool] = _decays,
    ):
        Cell.__init__(self, auto_prefix=False)  # what else an Optimizer has is the inner one's
        check_is("LARS", "optimizer", optimizer, Optimizer)
        self.opt = optimizer
        self.epsilon, self.coefficient, self.use_clip = epsilon, coefficient, use_clip
        self.lars_flag = tuple(bool(lars_filter(p)) for p in optimizer._parameters)
        self._decay_of = optimizer._plan.decay
        optimizer.leave_decay(self.lars_flag)

    def __getattr__(self, name: str):
        if name.startswith("__") or "opt" not in self.__dict__:
            return super().__getattr__(name)
        return getattr(self.opt, name)

    def construct(self, gradients: Sequence[Tensor] = ()) -> tuple[bool, ...]:
        """Update the Parameters.

        Args:
            gradients: as for `Optimizer.construct`.

        Returns:
            A tuple of True, one for each Parameter.
        """
        optimizer = self.opt
        rates, decays = optimizer._rates(), optimizer._decays()
        scale = np.float32(1 / optimizer.loss_scale)
        scaled = []
        for i, (p, g) in enumerate(zip(optimizer._parameters, gradients, strict=True)):
            if self.lars_flag[i]:
                decay = decays[self._decay_of[i]] * scale if self._decay_of[i] >= 0 else np.float32(0)
                clip = rates[optimizer._plan.lr[i]] if self.use_clip else None
                g = wrap(_trusted(raw(p), raw(g), scale, decay, clip, self.coefficient, self.epsilon))
            scaled.append(g)
        return optimizer(tuple(scaled))


@partial(jax.jit, static_argnums=(5, 6))
def _trusted(p, g, scale, decay, clip, coefficient, epsilon):
    """The gradient of a scaled loss, scaled to the Parameter."""
    g = g * scale
    size, slope = jnp.linalg.norm(p.ravel()), jnp.linalg.norm(g.ravel())
    trust = coefficient * size / (slope + decay * size + epsilon)
    if clip is not None:
        trust = jnp.minimum(trust / clip.reshape(()), 1)
    trust = jnp.where((size > 0) & (slope > 0), trust, 1)
    return trust * (g + decay * p) / scale
