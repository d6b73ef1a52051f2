"""Callbacks: what `Model` calls at each turn of training and evaluation."""

from __future__ import annotations

from typing import Any


class Facts(dict):
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
        >>> context = ms.train.RunContext({"cur_step_num": 3})
        >>> context.request_stop()
        >>> context.get_stop_requested()
        True
    """

    def __init__(self, original_args: dict):
        if not isinstance(original_args, dict):
            raise TypeError(
                f"The argument 'original_args' of RunContext should be dict type, but got {type(original_args)}."
            )
        self._original_args = original_args
        self._stop = False

    def original_args(self) -> Any:
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
        >>> class Steps(ms.train.Callback):
        ...     def on_train_step_end(self, run_context):
        ...         print(run_context.original_args().cur_step_num)
        >>> net = nn.Dense(2, 1)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> model.train(1, [(ops.zeros((4, 2)), ops.zeros((4, 1)))] * 2, callbacks=Steps())
        1
        2
    """

    _sees_evaluations = True  # whether it is called when `Model.fit` evaluates, too; subclasses are

    def begin(self, run_context: RunContext) -> None:
        """Before all."""

    def epoch_begin(self, run_context: RunContext) -> None:
        """Before an epoch."""

    def epoch_end(self, run_context: RunContext) -> None:
        """After an epoch."""

    def step_begin(self, run_context: RunContext) -> None:
        """Before a step."""

    def step_end(self, run_context: RunContext) -> None:
        """After a step."""

    def end(self, run_context: RunContext) -> None:
        """After all."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


_ARGS = "\n\nArgs:\n    run_context: what is known; `run_context.original_args()` has it as attributes."


def _passing_on(name: str):
    def method(self, run_context: RunContext) -> None:
        getattr(self, name)(run_context)

    method.__doc__ = f"Calls `{name}`.{_ARGS}"
    return method


TURNS = ("begin", "epoch_begin", "epoch_end", "step_begin", "step_end", "end")
for _turn in TURNS:
    _method = getattr(Callback, _turn)
    _method.__doc__ = _method.__doc__ and _method.__doc__ + _ARGS  # None with python -OO
for _kind in ("train", "eval"):
    for _turn in TURNS:
        setattr(Callback, f"on_{_kind}_{_turn}", _passing_on(_turn))

_AT_STEPS = ("step_begin", "step_end", "on_train_step_begin", "on_train_step_end")


class Callbacks:
    """Several callbacks, entered and left together.

    Args:
        callbacks: a Callback, a list of them, or None.

    Raises:
        TypeError: if one of them is no Callback.
    """

    def __init__(self, callbacks):
        if callbacks is None:
            callbacks = []
        self.all = list(callbacks) if isinstance(callbacks, list | tuple) else [callbacks]
        for callback in self.all:
            # A pipeline's callback that waits for training is one in all but name.
            if not isinstance(callback, Callback) and not hasattr(callback, "on_train_step_end"):
                raise TypeError(
                    "When the 'callbacks' is a list, the elements in 'callbacks' must be Callback functions, "
                    f"but got {callback!r}."
                )

    def look_at_steps(self) -> bool:
        """Whether one of them is called at steps of training to do something."""
        return any(_of_its_own(callback, name) for callback in self.all for name in _AT_STEPS)

    def call(self, turn: str, run_context: RunContext) -> None:
        for callback in self.all:
            getattr(callback, turn)(run_context)

    def of_evaluation(self) -> Callbacks:
        """Those that are called when `Model.fit` evaluates."""
        return Callbacks([one for one in self.all if vars(type(one)).get("_sees_evaluations", True)])

    def __enter__(self):
        for callback in self.all:
            callback.__enter__()
        return self

    def __exit__(self, *error):
        for callback in reversed(self.all):
            callback.__exit__(*error)


def _of_its_own(callback: Any, name: str) -> bool:
    """Whether a callback does something at a turn: the methods of the base do nothing."""
    method = getattr(callback, name, None)
    return method is not None and getattr(method, "__func__", method) is not getattr(Callback, name)
