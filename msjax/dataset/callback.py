"""Callbacks of the pipeline: called before and after epochs and rows of a `map`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from msjax.core.kinds import takes
from msjax.dataset import config
from msjax.dataset.execution import Run


class DSRunContext:
    """Where the pipeline is; numbers count from 1."""

    def __init__(self, cur_epoch_num: int = 0, cur_step_num: int = 0, cur_step_num_in_epoch: int = 0):
        self.cur_epoch_num, self.cur_step_num = cur_epoch_num, cur_step_num
        self.cur_step_num_in_epoch = cur_step_num_in_epoch


class DSCallback:
    """Base of callbacks of the pipeline: a subclass defines the methods that it needs.

    Args:
        step_size (int): how many rows there are from one call for a step to the next.

    Example:
        >>> class Announce(ds.DSCallback):
        ...     def ds_epoch_begin(self, context):
        ...         print("epoch", context.cur_epoch_num)
        >>> rows = ds.NumpySlicesDataset(np.arange(2), ["x"]).map(lambda x: x, callbacks=Announce())
        >>> for _ in rows.create_tuple_iterator(num_epochs=1):
        ...     pass
        epoch 1
    """

    @takes(step_size="int [1, 2147483647]")
    def __init__(self, step_size: int = 1):
        self.step_size = step_size

    def ds_begin(self, ds_run_context: DSRunContext) -> None:
        """Called before the first epoch."""

    def ds_epoch_begin(self, ds_run_context: DSRunContext) -> None:
        """Called before each epoch."""

    def ds_epoch_end(self, ds_run_context: DSRunContext) -> None:
        """Called after each epoch."""

    def ds_step_begin(self, ds_run_context: DSRunContext) -> None:
        """Called before a row."""

    def ds_step_end(self, ds_run_context: DSRunContext) -> None:
        """Called after a row."""


class WaitedDSCallback(DSCallback):
    """A callback of both the pipeline and of training: the pipeline waits for training before it goes on.

    A subclass defines `sync_epoch_begin` and `sync_step_begin`. It is given to `map` and to `Model.train`.

    Args:
        step_size (int): how many rows there are from one call for a step to the next.
    """

    def __init__(self, step_size: int = 1):
        super().__init__(step_size)
        self.step_event, self.epoch_event = threading.Event(), threading.Event()
        self.step_run_context: Any = None
        self.epoch_run_context: Any = None
        self.training_ended = False

    def sync_epoch_begin(self, train_run_context: Any, ds_run_context: DSRunContext) -> None:
        """Called before an epoch of the pipeline, when training has ended the one before."""

    def sync_step_begin(self, train_run_context: Any, ds_run_context: DSRunContext) -> None:
        """Called before a step of the pipeline, when training has ended the one before."""

    def ds_epoch_begin(self, ds_run_context: DSRunContext) -> None:
        """Waits for training, then calls `sync_epoch_begin`."""
        if ds_run_context.cur_epoch_num > 1 and not self.training_ended:
            self._wait(self.epoch_event, "ds_epoch_begin")
            self.sync_epoch_begin(self.epoch_run_context, ds_run_context)

    def ds_step_begin(self, ds_run_context: DSRunContext) -> None:
        """Waits for training, then calls `sync_step_begin`."""
        if ds_run_context.cur_step_num > self.step_size and not self.training_ended:
            self._wait(self.step_event, "ds_step_begin")
            self.sync_step_begin(self.step_run_context, ds_run_context)

    def _wait(self, event: threading.Event, place: str) -> None:
        if not event.wait(config.get_callback_timeout()):
            raise RuntimeError(
                f"{place} of {type(self).__name__} timed out after {config.get_callback_timeout()} seconds without a "
                "step of training. It must be given to Model.train too, and a step must not need more than one row."
            )
        event.clear()

    # What training calls.

    def epoch_end(self, run_context: Any) -> None:
        """Lets the pipeline begin its next epoch."""
        self.epoch_run_context = run_context.original_args()
        self.epoch_event.set()

    def step_end(self, run_context: Any) -> None:
        """Lets the pipeline begin its next step."""
        self.step_run_context = run_context.original_args()
        self.step_event.set()

    def end(self, run_context: Any) -> None:
        """Lets the pipeline go on to its end."""
        self.training_ended = True
        self.epoch_event.set()
        self.step_event.set()

    def _pass(self, run_context: Any) -> None:
        """For what training reports besides."""

    begin = epoch_begin = step_begin = _pass
    on_train_begin = on_train_epoch_begin = on_train_step_begin = _pass
    on_eval_begin = on_eval_end = on_eval_epoch_begin = on_eval_epoch_end = on_eval_step_begin = on_eval_step_end = (
        _pass
    )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def on_train_step_end(self, run_context: Any) -> None:
        self.step_end(run_context)

    def on_train_epoch_end(self, run_context: Any) -> None:
        self.epoch_end(run_context)

    def on_train_end(self, run_context: Any) -> None:
        self.end(run_context)


class Callbacks:
    """The callbacks of a `map`."""

    def __init__(self, callbacks: list[DSCallback]):
        self._callbacks = callbacks

    @classmethod
    def of(cls, callbacks: Any) -> Callbacks | None:
        """Those that a user gave: None, one, or a list.

        Raises:
            TypeError: if one is no DSCallback.
        """
        listed = callbacks if isinstance(callbacks, (list, tuple)) else [] if callbacks is None else [callbacks]
        for callback in listed:
            if not isinstance(callback, DSCallback):
                raise TypeError(f"For 'map', the 'callbacks' must be DSCallbacks, but got {callback!r:.80}.")
        return cls(list(listed)) if listed else None

    def watch(self, run: Run) -> Watch:
        """What calls them in one run."""
        return Watch(self._callbacks, run)


class Watch:
    """Calls the callbacks of a `map` in one run, whose rows must be computed one by one."""

    def __init__(self, callbacks: list[DSCallback], run: Run):
        self._callbacks, self._run, self._now = callbacks, run, DSRunContext()
        run.after_epoch.append(lambda: self._call("ds_epoch_end", callbacks))

    def before_rows(self) -> None:
        """Called before each pass; those that a `repeat` above makes are all of one epoch."""
        now, epoch = self._now, self._run.epoch + 1
        if now.cur_epoch_num == 0:
            self._call("ds_begin", self._callbacks)
        if now.cur_epoch_num != epoch:
            now.cur_epoch_num, now.cur_step_num_in_epoch = epoch, 0
            self._call("ds_epoch_begin", self._callbacks)

    def before_row(self) -> None:
        self._now.cur_step_num += 1
        self._now.cur_step_num_in_epoch += 1
        self._call("ds_step_begin", self._due())

    def after_row(self) -> None:
        self._call("ds_step_end", self._due())

    def _due(self) -> list[DSCallback]:
        step = self._now.cur_step_num_in_epoch - 1
        return [callback for callback in self._callbacks if step % callback.step_size == 0]

    def _call(self, method: str, callbacks: list[DSCallback]) -> None:
        for callback in callbacks:
            call: Callable = getattr(callback, method)
            try:
                call(self._now)
            except Exception as error:
                raise RuntimeError(f"{method} of {type(callback).__name__} failed. {error}") from error
