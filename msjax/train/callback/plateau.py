"""Callbacks that watch a metric: stop, or lower the learning rate, when it does not become better."""

from __future__ import annotations

import math

import numpy as np

from msjax.core.kinds import takes
from msjax.core.tensor import Tensor
from msjax.train.callback.callback import Callback, RunContext
from msjax.train.callback.monitors import loss_of


class Watch:
    """Whether a metric becomes better, and for how many epochs it has not."""

    def __init__(self, monitor: str, mode: str, min_delta: float):
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"The argument 'mode' must be 'auto', 'min' or 'max', but got {mode!r}.")
        up = mode == "max" or (mode == "auto" and (monitor.startswith("acc") or monitor.endswith("accuracy")))
        self.monitor, self.delta, self.sign = monitor, abs(min_delta), 1 if up else -1

    def begin(self, baseline) -> None:
        self.waited, self.best = 0, -math.inf if baseline is None else self.sign * baseline

    def better(self, now) -> bool | None:
        """Whether it is better than ever; None if it is not known after this epoch."""
        value = self._value(now)
        if value is None:
            return None
        if self.sign * value - self.delta > self.best:
            self.best, self.waited = self.sign * value, 0
            return True
        self.waited += 1
        return False

    def _value(self, now) -> float | None:
        figures = dict(now.get("metrics") or {})
        figures.setdefault("eval_loss", figures.get("loss"))
        value = figures.get(self.monitor)
        if value is None and self.monitor == "loss":
            value = loss_of(now.net_outputs)
        return None if value is None else float(value)


@takes(min_delta="number", patience="int >= 0", verbose="bool", restore_best_weights="bool")
class EarlyStopping(Callback):
    """Stop when a metric has not become better for some epochs.

    Args:
        monitor: the metric's name; "eval_loss" and "loss" are the loss.
        min_delta: how much better counts.
        patience: epochs to wait.
        verbose: whether to say so.
        mode: "min", "max" or "auto", which takes "max" for accuracies.
        baseline: what has to be surpassed at first.
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
        self._watch = Watch(monitor, mode, min_delta)
        self.patience, self.verbose = patience, verbose
        self._baseline, self._restore = baseline, restore_best_weights

    def on_train_begin(self, run_context: RunContext) -> None:
        self._watch.begin(self._baseline)
        self._weights = None

    def on_train_epoch_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        verdict = self._watch.better(now)
        if verdict and self._restore:
            self._weights = {p.name: p.copy() for p in now.train_network.get_parameters()}
        if verdict is False and self._watch.waited >= self.patience:
            if self.verbose:
                print(f"Epoch {now.cur_epoch_num:05d}: early stopping", flush=True)
            if self._weights:
                for parameter in now.train_network.get_parameters():
                    parameter.set_data(self._weights[parameter.name])
            run_context.request_stop()


@takes(
    factor="real (0, 1) or scalar (0, 1)",
    patience="int >= 0",
    verbose="bool",
    min_delta="number",
    cooldown="int >= 0",
    min_lr="number",
)
class ReduceLROnPlateau(Callback):
    """Lower the learning rate when a metric has not become better for some epochs.

    Args:
        monitor, verbose, mode, min_delta: as for `EarlyStopping`.
        factor: what the learning rate is multiplied with, below 1.
        patience: epochs to wait.
        cooldown: epochs after a change in which none are counted.
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
        self._watch = Watch(monitor, mode, min_delta)
        self.factor, self.patience, self.verbose = factor, patience, verbose
        self.cooldown, self.min_lr = cooldown, min_lr

    def on_train_begin(self, run_context: RunContext) -> None:
        self._watch.begin(None)
        self._resting = 0

    def on_train_epoch_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        verdict = self._watch.better(now)
        if verdict is None:
            return
        if self._resting:
            self._resting -= 1
            self._watch.waited = 0
        elif not verdict and self._watch.waited >= self.patience:
            self._lower(now)

    def _lower(self, now) -> None:
        rate = now.optimizer.learning_rate
        value = np.float32(rate.asnumpy())
        if value > self.min_lr:
            lower = max(value * np.float32(self.factor), np.float32(self.min_lr))
            rate.set_data(Tensor(lower, rate.dtype))
            self._resting, self._watch.waited = self.cooldown, 0
            if self.verbose:
                epoch = f"Epoch {now.cur_epoch_num:05d}"
                print(f"{epoch}: ReduceLROnPlateau reducing learning rate to {lower!s}.", flush=True)
