"""Callbacks made of functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msjax.core.tensor import Tensor
from msjax.train.callback.callback import TURNS, Callback, RunContext


class LambdaCallback(Callback):
    """Call functions of the run context at the turns they are named after.

    Args:
        functions: `on_train_step_end=function` and its kin.

    Raises:
        TypeError: if there is no turn of a name.

    Example:
        >>> callback = ms.train.LambdaCallback(on_train_end=lambda run_context: print("done"))
        >>> callback.on_train_end(None)
        done
    """

    _sees_evaluations = False

    def __init__(self, **functions: Callable[[RunContext], Any] | None):
        for name, function in functions.items():
            if name not in (f"on_{kind}_{turn}" for kind in ("train", "eval") for turn in TURNS):
                raise TypeError(f"LambdaCallback has no turn named {name!r}.")
            if function is not None:
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
        value = float(rate.asnumpy())
        changed = self._function(value, now.cur_step_num)
        if changed != value:
            rate.set_data(Tensor(changed, rate.dtype))
