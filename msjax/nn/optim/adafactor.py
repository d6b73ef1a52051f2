"""AdaFactor: second moments kept by rows and columns."""

from __future__ import annotations

from collections.abc import Sequence

from msjax.core.kinds import check_finite, takes
from msjax.nn.documented import documented_optimizer
from msjax.nn.optim.optimizer import Decay, Optimizer, Params, Rate
from msjax.nn.optim.rules import adafactor as rules


@documented_optimizer
@takes(
    clip_threshold="float >= 0",
    decay_rate="float [0, 1]",
    beta1="float [0, 1] or int [0, 0]",
    scale_parameter="bool",
    relative_step="bool",
    warmup_init="bool",
    compression="bool",
)
class AdaFactor(Optimizer):
    """Adam with the second moments of a matrix kept as means of its rows and columns (Shazeer and Stern 2018).

    Args:
        learning_rate: None with `relative_step`; else a number, Tensor, iterable of rates or LearningRateSchedule.
        eps: what is added to squared gradients, and the least size of a Parameter for `scale_parameter`.
        clip_threshold: the largest root mean square of a move.
        decay_rate: the second moments forget as `1 - t ** -decay_rate`.
        beta1: of the running mean of moves, from 0 to 1; 0 without.
        scale_parameter: whether to move in proportion to the Parameter's root mean square.
        relative_step: whether the learning rate is `min(0.01, 1 / sqrt(t))`.
        warmup_init: whether it begins as `1e-6 * t`.
        compression: accepted for compatibility.

    Example:
        >>> w = Parameter(Tensor(np.ones((2, 3), np.float32)), name="w")
        >>> optimizer = nn.AdaFactor([w], beta1=0.0)
        >>> done = optimizer((Tensor(np.ones((2, 3), np.float32)),))
        >>> w.asnumpy()[0]
        array([0.99, 0.99, 0.99], dtype=float32)
        >>> optimizer.exp_avg_sq_row[0].shape, optimizer.exp_avg_sq_col[0].shape
        ((2,), (3,))
    """

    _has_target = True

    def __init__(
        self,
        params: Params,
        learning_rate: Rate | None = None,
        eps: Sequence[float] = (1e-30, 1e-3),
        clip_threshold: float = 1.0,
        decay_rate: float = 0.8,
        beta1: float = 0.9,
        weight_decay: Decay = 0.0,
        scale_parameter: bool = True,
        relative_step: bool = True,
        warmup_init: bool = False,
        compression: bool = False,
        loss_scale: float = 1.0,
    ):
        if learning_rate is not None and relative_step:
            raise ValueError("For 'AdaFactor', 'learning_rate' must be None if 'relative_step' is True.")
        if warmup_init and not relative_step:
            raise ValueError("For 'AdaFactor', 'relative_step' must be True if 'warmup_init' is True.")
        if learning_rate is None and not relative_step:
            raise ValueError("For 'AdaFactor', 'learning_rate' can not be None if 'relative_step' is False.")
        super().__init__(0.0 if learning_rate is None else learning_rate, params, weight_decay, loss_scale)
        if not isinstance(eps, list | tuple) or len(eps) != 2:
            raise ValueError(f"For 'AdaFactor', 'eps' must be a list or tuple of two floats, but got {eps!r}.")
        for i, value in enumerate(eps):
            check_finite("AdaFactor", f"eps[{i}]", value, "float > 0")
        flags = scale_parameter, relative_step, warmup_init
        self._begin(rules.AdaFactor((eps[0], eps[1]), clip_threshold, decay_rate, beta1, *flags), ["afactor_step"])
