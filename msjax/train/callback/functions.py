"""Callbacks made of functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msjax.core.tensor import Tensor
from msjax.train.callback.callback import Callback, RunContext

_Turn = Callable[[RunContext], Any] | None


class LambdaCallback(Callback):
    """Call functions of the run context at the turns they are named after.

    Args:
        on_train_epoch_begin, on_train_epoch_end, on_train_step_begin, on_train_step_end, on_train_begin, on_train_end:
            functions of the run context, called in training; None for none.
        on_eval_epoch_begin, on_eval_epoch_end, on_eval_step_begin, on_eval_step_end, on_eval_begin, on_eval_end: the
            same in evaluation.

    Example:
        >>> callback = ms.train.LambdaCallback(on_train_end=lambda run_context: print("done"))
        >>> callback.on_train_end(None)
        done
    """

    _sees_evaluations = False

    def __init__(
        self, on_train_epoch_begin: _Turn = None, on_train_epoch_end: _Turn = None, on_train_step_begin: _Turn = None,
        on_train_step_end: _Turn = None, on_train_begin: _Turn = None, on_train_end: _Turn = None,
        on_eval_epoch_begin: _Turn = None, on_eval_epoch_end: _Turn = None, on_eval_step_begin: _Turn = None,
        on_eval_step_end: _Turn = None, on_eval_begin: _Turn = None, on_eval_end: _Turn = None,
    ):  # fmt: skip
        for name, function in list(locals().items()):
            if name != "self" and function is not None:
                setattr(self, name, function)


class LearningRateScheduler(Callback):
    """Set the learning rate after each step.

    Args:
        learning_rate_function: gives the next rate, of the present one and the number of the step, from 1.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> optimizer = nn.SGD(net.trainable_params(), learning_rate=1.0)
        >>> halving = ms.train.LearningRateScheduler(lambda rate, step: rate / 2)
        >>> model = ms.train.Model(net, nn.MSELoss(), optimizer)
        >>> model.train(1, [(ops.zeros((4, 2)), ops.zeros((4, 1)))] * 2, callbacks=halving)
        >>> optimizer.learning_rate.item()
        0.25
    """

    _sees_evaluations = False

    def __init__(self, learning_rate_function: Callable[[float, int], float]):
        self._function = learning_rate_function

    def step_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        rate = now.optimizer.learning_rate
        value = float(str(rate.asnumpy()[()]))  # as it prints: 0.1, not 0.10000000149
        changed = self._function(value, now.cur_step_num)
        if changed != value:
            rate.set_data(Tensor(changed, rate.dtype))
