"""Callbacks that watch a metric: stop, or lower the learning rate, when it does not become better."""

from __future__ import annotations

import math

import numpy as np

from msjax.core.kinds import takes
from msjax.core.tensor import Tensor
from msjax.train.callback.callback import Callback, RunContext
from msjax.train.callback.monitors import loss_of

# What is the better the less it is, of the metrics that have names.
_FALLING = frozenset(
    "loss eval_loss mae mse perplexity hausdorff_distance mean_surface_distance root_mean_square_distance".split()
)


class _Watching(Callback):
    """A callback that watches a metric: whether it becomes better, and for how many epochs it has not."""

    def __init__(self, monitor: str, mode: str, min_delta: float):
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"The argument 'mode' must be 'auto', 'min' or 'max', but got {mode!r}.")
        self.monitor, self.mode, self.min_delta = monitor, mode, abs(min_delta)
        self._rises = mode == "max" or (mode == "auto" and monitor not in _FALLING)
        self._begin()

    def _begin(self) -> None:
        self.wait, self.best = 0, -math.inf if self._rises else math.inf

    def is_improvement(self, value: float, best: float) -> bool:
        """Whether a value is better than another, and by more than `min_delta`."""
        return value - self.min_delta > best if self._rises else value + self.min_delta < best

    def _value(self, now) -> float | None:
        """The metric after this epoch; None if it is not known."""
        if self.monitor == "loss":
            return float(loss_of(now.net_outputs))
        value = now.get("eval_results", {}).get(self.monitor)
        return None if value is None else float(value)


@takes(monitor="str", min_delta="number", patience="int >= 0", verbose="bool", restore_best_weights="bool")
class EarlyStopping(_Watching):
    """Stop when a metric has not become better for some epochs.

    Args:
        monitor: the metric's name; "loss" is that of the last step, "eval_loss" that of the evaluation's last batch.
        min_delta: how much better counts.
        patience: epochs to wait.
        verbose: whether to say so.
        mode: "min", "max" or "auto", which takes "min" for losses, errors and distances of those names that `Model`
            knows, and else "max".
        baseline: if it is given, an epoch that is better than the others, but no better than `min_delta`, counts as one
            that was waited, as in MindSpore.
        restore_best_weights: whether the network gets the Parameters of the best epoch back.

    Raises:
        TypeError, ValueError: if an argument is of the wrong type or out of range.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params(), 0.0))
        >>> stopping = ms.train.EarlyStopping("loss", patience=2, verbose=True)
        >>> model.train(9, [(ops.zeros((4, 2)), ops.zeros((4, 1)))], callbacks=stopping)
        Epoch 00003: early stopping
    """

    def __init__(
        self,
        monitor: str = "eval_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: bool = False,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
    ):
        super().__init__(monitor, mode, min_delta)
        self.patience, self.verbose = patience, verbose
        self.baseline, self.restore_best_weights = None if baseline is None else min_delta, restore_best_weights
        self.stopped_epoch, self.best_weights_param_dict = 0, None

    def on_train_begin(self, run_context: RunContext) -> None:
        self._begin()
        self.stopped_epoch, self.best_weights_param_dict = 0, None

    def on_train_epoch_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        value = self._value(now)
        if value is None:
            return
        self.wait += 1
        better = self.is_improvement(value, self.best)
        if self.restore_best_weights and (better or self.best_weights_param_dict is None):
            self.best_weights_param_dict = {p.name: p.copy() for p in now.train_network.get_parameters()}
        if better:
            self.best = value
            if self.baseline is None or self.is_improvement(value, self.baseline):
                self.wait = 0
        if self.wait >= self.patience:
            self.stopped_epoch = now.cur_epoch_num
            run_context.request_stop()
            if self.best_weights_param_dict is not None:
                for parameter in now.train_network.get_parameters():
                    parameter.set_data(self.best_weights_param_dict[parameter.name])

    def on_train_end(self, run_context: RunContext) -> None:
        if self.stopped_epoch and self.verbose:
            print(f"Epoch {self.stopped_epoch:05d}: early stopping", flush=True)


@takes(
    monitor="str",
    factor="real (0, 1) or scalar (0, 1)",
    patience="int >= 0",
    verbose="bool",
    min_delta="number",
    cooldown="int >= 0",
    min_lr="number",
)
class ReduceLROnPlateau(_Watching):
    """Lower the learning rate when a metric has not become better for some epochs.

    Args:
        monitor, verbose, mode, min_delta: as for `EarlyStopping`.
        factor: what the learning rate is multiplied with, below 1.
        patience: epochs to wait.
        cooldown: after a change, how many epochs pass until one counts.
        min_lr: the learning rate never goes below this.

    Raises:
        TypeError, ValueError: if an argument is of the wrong type or out of range.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> optimizer = nn.SGD(net.trainable_params(), 0.0)
        >>> model = ms.train.Model(net, nn.MSELoss(), optimizer)
        >>> plateau = ms.train.ReduceLROnPlateau("loss", patience=2)
        >>> model.train(2, [(ops.zeros((4, 2)), ops.zeros((4, 1)))], callbacks=plateau)
        >>> optimizer.learning_rate.item()
        0.0
    """

    def __init__(
        self,
        monitor: str = "eval_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: bool = False,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0,
    ):
        super().__init__(monitor, mode, min_delta)
        self.factor, self.patience, self.verbose = factor, patience, verbose
        self.cooldown, self.cooldown_counter, self.min_lr = cooldown, 0, min_lr

    def on_train_begin(self, run_context: RunContext) -> None:
        self._begin()
        self.cooldown_counter = 0

    def on_train_epoch_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        value = self._value(now)
        if value is None:
            return
        if self.cooldown_counter:
            self.cooldown_counter -= 1
            self.wait = 0
        if self.is_improvement(value, self.best):
            self.best, self.wait = value, 0
        elif not self.cooldown_counter:
            self.wait += 1
            if self.wait >= self.patience:
                self._lower(now)

    def _lower(self, now) -> None:
        self.cooldown_counter, self.wait = self.cooldown, 0
        rate = now.optimizer.learning_rate
        value = np.float32(rate.asnumpy())
        if value > self.min_lr:
            lower = max(value * np.float32(self.factor), np.float32(self.min_lr))
            rate.set_data(Tensor(lower, rate.dtype))
            if self.verbose:
                epoch = f"Epoch {now.cur_epoch_num:05d}"
                print(f"{epoch}: ReduceLROnPlateau reducing learning rate to {lower!s}.", flush=True)
