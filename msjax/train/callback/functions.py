"""Callbacks made of functions."""

from __future__ import annotations

from msjax.core.tensor import Tensor
from msjax.train.callback.callback import TURNS, Callback


class LambdaCallback(Callback):
    """Call functions of the run context at the turns they are named after.

    Args:
        functions: `on_train_step_end=function` and its kin.

    Example:
        >>> callback = ms.train.LambdaCallback(on_train_end=lambda run_context: print("done"))
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
