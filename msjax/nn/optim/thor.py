"""THOR: descent with momentum, along gradients that the Fisher matrices of layers have turned.

Chen et al. 2021, THOR, Trace-based hardware-driven layer-oriented natural gradient descent; the matrices are Kronecker
products as in Martens and Grosse 2015, Optimizing neural networks with Kronecker-factored approximate curvature.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import takes
from msjax.core.parameter import Parameter, ParameterTuple
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.nn.cell import Cell
from msjax.nn.layer import thor as layers
from msjax.nn.optim.descent import Momentum

_LARGEST = 1.0  # what clipped gradients have at most as their norm


def _inverse(matrix, damping):
    """(matrix + damping I)^-1, of a diagonal if that is all there is."""
    if matrix.ndim == 1:
        return 1 / (matrix + damping)
    eye = jnp.eye(len(matrix), dtype=matrix.dtype)
    return jax.scipy.linalg.cho_solve(jax.scipy.linalg.cho_factor(matrix + damping * eye), eye)


@jax.jit
def _turned(gradients, moments, inverses, damping, due):
    """For each layer G^-1 g A^-1, and the inverses, which are computed anew when it is time."""
    new = jax.lax.cond(due > 0, lambda: [[_inverse(m, damping) for m in pair] for pair in moments], lambda: inverses)
    turned = []
    for gradient, (a, g) in zip(gradients, new, strict=True):
        if a.ndim == 1:  # of a table, with a row for each number
            turned.append((a[:, None] * gradient @ g).astype(gradient.dtype))
        else:
            flat = gradient.reshape(len(gradient), -1)
            turned.append((g @ flat @ a).reshape(gradient.shape).astype(gradient.dtype))
    return turned, new


class Thor(Momentum):
    """`nn.thor` makes it."""

    def __init__(self, net: Cell, learning_rate, damping, momentum, weight_decay, loss_scale, use_nesterov,
                 decay_filter, enable_clip_grad, frequency):  # fmt: skip
        due = Parameter(wrap(jnp.ones((), np.int32)), name="due", requires_grad=False)
        layers_ = layers.convert(net, due)
        everything = net.trainable_params()
        moments = [p for layer in layers_ for p in (layer.matrix_a, layer.matrix_g)]
        of_moments = set(map(id, moments))
        trained = [p for p in everything if id(p) not in of_moments]
        decayed = {id(p) for p in trained if weight_decay > 0 and decay_filter(p)}
        groups = [
            {"params": [p for p in trained if id(p) in decayed], "weight_decay": weight_decay},
            {"params": [p for p in trained if id(p) not in decayed], "weight_decay": 0.0},
        ]
        groups = [group for group in groups if group["params"]]
        super().__init__([*groups, {"order_params": trained}], learning_rate, momentum, 0.0, loss_scale, use_nesterov)
        self.parameters = ParameterTuple(everything)  # those whose gradients a step is given
        self.damping, self.frequency, self.enable_clip_grad = damping, frequency, enable_clip_grad
        self.due = due
        place = {id(p): i for i, p in enumerate(everything)}
        self._trained = tuple(place[id(p)] for p in trained)
        self._layers = tuple(
            tuple(place[id(p)] for p in (layer.turned(), layer.matrix_a, layer.matrix_g)) for layer in layers_
        )
        self.inverses = ParameterTuple(
            Parameter(wrap(jnp.zeros_like(raw(m))), name=f"{m.name}.inverse", requires_grad=False) for m in moments
        )

    def construct(self, gradients: Sequence[Tensor] = ()) -> Any:
        """Update the Parameters.

        Args:
            gradients: one for each of `parameters`, those of the network.

        Returns:
            A tuple of True, one for each Parameter.
        """
        new, damping = [raw(g) for g in gradients], raw(self.damping)
        if damping.ndim:
            damping = damping[jnp.minimum(raw(self.global_step)[0], len(damping) - 1)]
        scales = (1.0, self.loss_scale**-2)  # the gradients are those of a scaled loss
        moments = [[new[i] * scale for i, scale in zip(pair, scales, strict=True)] for _, *pair in self._layers]
        kept = [raw(p) for p in self.inverses]
        pairs = [kept[i : i + 2] for i in range(0, len(kept), 2)]
        turned, inverses = _turned([new[i] for i, *_ in self._layers], moments, pairs, damping, raw(self.due))
        for (weight, *places), gradient, pair in zip(self._layers, turned, moments, strict=True):
            new[weight] = gradient
            for place, moment in zip(places, pair, strict=True):
                rebind(self.parameters[place], moment)
        for parameter, inverse in zip(self.inverses, [m for pair in inverses for m in pair], strict=True):
            rebind(parameter, inverse)
        rebind(self.due, ((raw(self.global_step)[0] + 1) % self.frequency == 0).astype(np.int32))
        moved = [new[i] for i in self._trained]
        if self.enable_clip_grad:
            norm = jnp.sqrt(sum(jnp.vdot(g, g) for g in moved)) / self.loss_scale
            moved = [g * jnp.minimum(1, _LARGEST / norm).astype(g.dtype) for g in moved]
        return super().construct(tuple(map(wrap, moved)))


@takes(
    net="Cell", learning_rate="Tensor", damping="Tensor", momentum="float >= 0", weight_decay="real >= 0",
    loss_scale="real > 0", batch_size="int > 0", use_nesterov="bool", enable_clip_grad="bool", frequency="int >= 2",
)  # fmt: skip
def thor(
    net: Cell, learning_rate: Any, damping: Any, momentum: Any, weight_decay: Any = 0.0, loss_scale: Any = 1.0,
    batch_size: Any = 32, use_nesterov: Any = False, decay_filter: Callable[[Parameter], bool] = lambda x: True,
    split_indices: Any = None, enable_clip_grad: Any = False, frequency: Any = 100,
) -> Thor:  # fmt: skip
    """Descent with momentum of second order: THOR (Chen et al. 2021).

    The gradient g of a weight, of a layer `Dense`, `Conv2d` or `Embedding`, becomes
    (G + damping I)^-1 g (A + damping I)^-1, where A and G are the second moments of what goes into the layer, and of
    the gradients of what comes out of it. Other Parameters have their own gradients.

    Args:
        net: the network. Its layers are given the forms that note moments, in place.
        learning_rate: a Tensor of one rate, or of one for each step.
        damping: a Tensor of one damping, or of one for each step.
        momentum: a float, not negative.
        weight_decay: what times a Parameter is added to its gradient, once that is turned.
        loss_scale: what the loss was multiplied with.
        batch_size: accepted for compatibility: the data tell.
        use_nesterov: whether to move by `g + momentum * m`.
        decay_filter: says of a Parameter whether it decays.
        split_indices: accepted for compatibility: how matrices are sent between devices is XLA's choice.
        enable_clip_grad: whether the turned gradients are scaled down to a norm of 1.
        frequency: after how many steps A, G and the inverses are computed anew.

    Returns:
        An optimizer of the network's trainable Parameters, to which the moments of its layers belong.

    Raises:
        TypeError, ValueError: if an argument is not as described.

    Differs from MindSpore: it runs on every device, and numbers are not those of MindSpore's Ascend and GPU kernels.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> optimizer = nn.thor(net, Tensor(0.01), Tensor(0.03), 0.9, frequency=2)
        >>> step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer)
        >>> losses = [step(ops.ones((4, 2)), ops.zeros((4, 1))).item() for _ in range(8)]
        >>> losses[-1] < losses[0]
        True
    """
    return Thor(net, learning_rate, damping, momentum, weight_decay, loss_scale, use_nesterov, decay_filter,
                enable_clip_grad, frequency)  # fmt: skip
