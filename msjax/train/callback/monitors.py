"""Callbacks that report or keep how training goes."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from msjax.core.kinds import takes
from msjax.core.tensor import Tensor
from msjax.train.callback.callback import Callback, RunContext


def loss_of(outputs) -> Any:
    """The loss among a step's outputs, as a number: the first of a tuple, the mean of a Tensor."""
    if isinstance(outputs, tuple | list) and outputs:
        outputs = outputs[0]
    if isinstance(outputs, Tensor):
        return float(np.mean(outputs.asnumpy()))
    return outputs


def _shown(outputs) -> Any:
    """What is printed of a step's outputs: of several the first, as an array prints, so that it may be infinite, as the
    loss of a step that is left out since its gradients overflow is."""
    if isinstance(outputs, tuple | list) and outputs and isinstance(outputs[0], Tensor):
        return outputs[0].asnumpy()
    return loss_of(outputs) if isinstance(outputs, Tensor) else outputs


@takes(per_print_times="int >= 0 or bool")
class LossMonitor(Callback):
    """Print the loss, and after the epochs of `Model.fit` the metrics.

    Args:
        per_print_times: steps from one line to the next; 0 for none.

    Raises:
        TypeError, ValueError: if that is no int, or negative.
        ValueError: during training, if the loss is infinite or NaN, and all that a step gives.

    Example:
        >>> net = nn.Dense(2, 1, has_bias=False)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> model.train(1, [(ops.zeros((4, 2)), ops.zeros((4, 1)))], callbacks=ms.train.LossMonitor())
        epoch: 1 step: 1, loss is 0.0
    """

    _sees_evaluations = False

    def __init__(self, per_print_times: int = 1):
        self._per_print_times, self._last_print_time = per_print_times, 0

    def step_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        loss, epoch = _shown(now.net_outputs), now.get("cur_epoch_num", 1)
        step = (now.cur_step_num - 1) % now.batch_num + 1
        if isinstance(loss, float) and not math.isfinite(loss):
            raise ValueError(f"epoch: {epoch} step: {step}. Invalid loss, terminating training.")
        if now.cur_step_num <= self._last_print_time:  # another training
            self._last_print_time = 0
        if self._per_print_times and now.cur_step_num - self._last_print_time >= self._per_print_times:
            self._last_print_time = now.cur_step_num
            print(f"epoch: {epoch} step: {step}, loss is {loss!s}", flush=True)

    def on_train_epoch_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        if now.get("metrics"):
            print(f"Eval result: epoch {now.cur_epoch_num}, metrics: {now.metrics}")


@takes(data_time="bool")
class TimeMonitor(Callback):
    """Print how long each epoch and its steps took.

    Args:
        data_size: the number of steps, where it is not that of the dataset.
        data_time: whether to say how long a step waited for its data, too; with a data sink nothing is said.

    Raises:
        TypeError: if `data_time` is no bool.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> model.train(1, [(ops.zeros((4, 2)), ops.zeros((4, 1)))], callbacks=ms.train.TimeMonitor())
        Train epoch time: ... ms, per step time: ... ms
    """

    def __init__(self, data_size: int | None = None, data_time: bool = False):
        self.data_size, self.epoch_time = data_size, time.time()
        self.data_time, self.data_time_sum, self.data_time_start = data_time, 0.0, 0.0
        if data_time:  # otherwise nothing is done at steps, so that many may be one program
            self.step_begin, self.step_end = self._has_data, self._wants_data

    def epoch_begin(self, run_context: RunContext) -> None:
        self.epoch_time = self.data_time_start = time.time()
        self.data_time_sum = 0.0

    def _has_data(self, run_context: RunContext) -> None:
        self.data_time_sum += time.time() - self.data_time_start

    def _wants_data(self, run_context: RunContext) -> None:
        self.data_time_start = time.time()

    def epoch_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        passed, steps = (time.time() - self.epoch_time) * 1000, self.data_size or now.batch_num
        said = f"{now.get('mode', '').title()} epoch time: {passed:5.3f} ms, per step time: {passed / steps:5.3f} ms"
        if self.data_time and not now.get("dataset_sink_mode"):
            said += f" (data time: {self.data_time_sum * 1000 / steps:5.3f} ms)"
        print(said, flush=True)


class History(Callback):
    """Keep the results: `history.epoch["epoch"]` lists the epochs, `history.history` their loss and metrics.

    Example:
        >>> net, history = nn.Dense(2, 1), ms.train.History()
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> model.train(2, [(ops.zeros((4, 2)), ops.zeros((4, 1)))], callbacks=history)
        >>> history.epoch
        {'epoch': [1, 2]}
    """

    _sees_evaluations = False

    def __init__(self):
        self.history: dict[str, list] = {}
        self.epoch: dict[str, list] = {}

    def begin(self, run_context: RunContext) -> None:
        self.epoch["epoch"] = []

    def epoch_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        self.epoch["epoch"].append(now.get("cur_epoch_num", 1))
        for name, value in {"net_output": now.get("net_outputs"), **(now.get("metrics") or {})}.items():
            self.history.setdefault(name, []).append(value)
