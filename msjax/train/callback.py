"""Callbacks: what `Model` calls at each turn of training and evaluation."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from msjax.core.kinds import takes
from msjax.core.tensor import Tensor


class Progress(dict):
    """What callbacks may know, as attributes: `cur_epoch_num`, `cur_step_num`, `batch_num`, `net_outputs`, ..."""

    def __getattr__(self, name: str):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"Callbacks are not told of {name!r}, only of {sorted(self)}.") from None

    def __setattr__(self, name: str, value) -> None:
        self[name] = value


class RunContext:
    """Handed to callbacks: what they may know, and how they ask to stop.

    Args:
        original_args: the dict of what they may know.

    Raises:
        TypeError: if it is no dict.

    Example:
        >>> context = train.RunContext({"cur_step_num": 3})
        >>> context.request_stop()
        >>> context.get_stop_requested()
        True
    """

    def __init__(self, original_args):
        if not isinstance(original_args, dict):
            raise TypeError(
                f"The argument 'original_args' of RunContext should be dict type, but got {type(original_args)}."
            )
        self._original_args = original_args
        self._stop = False

    def original_args(self):
        """The dict of what callbacks may know."""
        return self._original_args

    def request_stop(self) -> None:
        """Ask to end after this step or epoch."""
        self._stop = True

    def get_stop_requested(self) -> bool:
        """Whether a callback has asked to end."""
        return self._stop


class Callback:
    """Base class: override what you need. `begin`, `step_end` and their kin serve training and evaluation alike.

    Example:
        >>> class Steps(train.Callback):
        ...     def on_train_step_end(self, run_context):
        ...         print(run_context.original_args().cur_step_num)
    """

    def begin(self, run_context):
        """Before all."""

    def epoch_begin(self, run_context):
        """Before an epoch."""

    def epoch_end(self, run_context):
        """After an epoch."""

    def step_begin(self, run_context):
        """Before a step."""

    def step_end(self, run_context):
        """After a step."""

    def end(self, run_context):
        """After all."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


def _passing_on(name: str):
    def method(self, run_context):
        getattr(self, name)(run_context)

    method.__doc__ = f"Calls `{name}`."
    return method


TURNS = ("begin", "epoch_begin", "epoch_end", "step_begin", "step_end", "end")
for _kind in ("train", "eval"):
    for _turn in TURNS:
        setattr(Callback, f"on_{_kind}_{_turn}", _passing_on(_turn))


class Callbacks:
    """Several callbacks, entered and left together.

    Raises:
        TypeError: if one of them is no Callback.
    """

    def __init__(self, given):
        self.all = list(given) if isinstance(given, list | tuple) else [] if given is None else [given]
        for callback in self.all:
            if not isinstance(callback, Callback):
                raise TypeError(
                    "When the 'callbacks' is a list, the elements in 'callbacks' must be Callback functions, "
                    f"but got {callback!r}."
                )

    def call(self, turn: str, run_context: RunContext) -> None:
        for callback in self.all:
            getattr(callback, turn)(run_context)

    def __enter__(self):
        for callback in self.all:
            callback.__enter__()
        return self

    def __exit__(self, *error):
        for callback in reversed(self.all):
            callback.__exit__(*error)


def loss_of(outputs) -> Any:
    """The loss among a step's outputs, as a number: the first of a tuple, the mean of a Tensor."""
    if isinstance(outputs, tuple | list) and outputs:
        outputs = outputs[0]
    if isinstance(outputs, Tensor):
        return float(np.mean(outputs.asnumpy()))
    return outputs


class LossMonitor(Callback):
    """Print the loss, and after the epochs of `Model.fit` the metrics.

    Args:
        per_print_times: steps from one line to the next; 0 for none.

    Raises:
        ValueError: if that is negative; during training, if the loss is infinite or NaN.
    """

    def __init__(self, per_print_times: Any = 1):
        if not isinstance(per_print_times, int) or per_print_times < 0:
            raise ValueError(f"The argument 'per_print_times' must be int and >= 0, but got {per_print_times}")
        self._every, self._last = per_print_times, 0

    def step_end(self, run_context):
        now = run_context.original_args()
        loss = loss_of(now.net_outputs)
        step = (now.cur_step_num - 1) % now.batch_num + 1
        if isinstance(loss, float) and not math.isfinite(loss):
            raise ValueError(f"epoch: {now.cur_epoch_num} step: {step}. Invalid loss, terminating training.")
        if now.cur_step_num <= self._last:  # another training
            self._last = 0
        if self._every and now.cur_step_num - self._last >= self._every:
            self._last = now.cur_step_num
            print(f"epoch: {now.cur_epoch_num} step: {step}, loss is {loss}", flush=True)

    def on_train_epoch_end(self, run_context):
        now = run_context.original_args()
        if now.get("metrics"):
            print(f"Eval result: epoch {now.cur_epoch_num}, metrics: {now.metrics}")


@takes(data_time="bool")
class TimeMonitor(Callback):
    """Print how long each epoch and its steps took.

    Args:
        data_size: the number of steps, where it is not that of the dataset.
        data_time: accepted for compatibility.
    """

    def __init__(self, data_size=None, data_time=False):
        self._steps, self._start = data_size, 0.0

    def epoch_begin(self, run_context):
        self._start = time.time()

    def epoch_end(self, run_context):
        now = run_context.original_args()
        passed = (time.time() - self._start) * 1000
        kind = now.get("mode", "").title()
        print(
            f"{kind} epoch time: {passed:5.3f} ms, per step time: {passed / (self._steps or now.batch_num):5.3f} ms",
            flush=True,
        )


class History(Callback):
    """Keep the results: `history.epoch["epoch"]` lists the epochs, `history.history` their loss and metrics."""

    def __init__(self):
        self.history: dict[str, list] = {}
        self.epoch: dict[str, list] = {}

    def begin(self, run_context):
        self.epoch["epoch"] = []

    def epoch_end(self, run_context):
        now = run_context.original_args()
        self.epoch["epoch"].append(now.get("cur_epoch_num", 1))
        for name, value in {"net_output": now.get("net_outputs"), **(now.get("metrics") or {})}.items():
            self.history.setdefault(name, []).append(value)


class LambdaCallback(Callback):
    """Call functions of the run context at the turns they are named after.

    Args:
        functions: `on_train_step_end=function` and its kin.

    Example:
        >>> callback = train.LambdaCallback(on_train_end=lambda run_context: print("done"))
        >>> callback.on_train_end(None)
        done
    """

    def __init__(self, **functions):
        for name, function in functions.items():
            if name not in (f"on_{kind}_{turn}" for kind in ("train", "eval") for turn in TURNS):
                raise TypeError(f"LambdaCallback has no turn named {name!r}.")
            if function is not None:
                setattr(self, name, function)


class LearningRateScheduler(Callback):
    """Set the learning rate after each step to `learning_rate_function(its value, number of the step)`."""

    def __init__(self, learning_rate_function):
        self._function = learning_rate_function

    def step_end(self, run_context):
        now = run_context.original_args()
        rate = now.optimizer.learning_rate
        value = float(rate.asnumpy())
        changed = self._function(value, now.cur_step_num)
        if changed != value:
            rate.set_data(Tensor(changed, rate.dtype))
