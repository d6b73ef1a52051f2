"""Progress: how far training is, for people who look at it."""

from __future__ import annotations

import sys
import time
from typing import Any

from msjax.train.callback.callback import Callback, RunContext
from msjax.train.callback.monitors import loss_of

_SHOWN = 0.2  # seconds from one look at the loss to the next: each waits for the step


class Progress(Callback):
    """Show how far each epoch is, with the loss, and the metrics at its end.

    In a terminal and in a notebook it is a bar of tqdm's, on standard error; where that is a file, a line for each
    epoch.

    Raises:
        ImportError: when a bar is to be shown, without tqdm, which `pip install msjax[progress]` brings.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()), metrics={"mae"})
        >>> data = [(ops.zeros((4, 2)), ops.zeros((4, 1)))]
        >>> model.fit(2, data, data, callbacks=ms.train.Progress())

    Differs from MindSpore: it is not there.
    """

    _sees_evaluations = False

    def __init__(self):
        self._bar: Any = None
        self._start = self._looked = 0.0
        self._done = 0  # epochs, before this training

    def on_train_begin(self, run_context: RunContext) -> None:
        self._done = run_context.original_args().get("cur_epoch_num", 0)

    def epoch_begin(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        self._start, self._looked = time.perf_counter(), 0.0
        if _is_watched():
            self._bar = _bar(total=now.batch_num, desc=self._title(now), unit="step")

    def step_end(self, run_context: RunContext) -> None:
        if self._bar is None:
            return
        now = run_context.original_args()
        if now.mode == "train" and time.perf_counter() - self._looked > _SHOWN:
            self._bar.set_postfix_str(_text({"loss": loss_of(now.net_outputs)}), refresh=False)
            self._looked = time.perf_counter()
        self._bar.update()

    def epoch_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        loss = {"loss": loss_of(now.net_outputs)} if now.mode == "train" else {}
        text = _text({**loss, **(now.get("metrics") or {})})
        if self._bar is not None:
            self._bar.set_postfix_str(text, refresh=False)
            self._close()
        else:
            seconds = time.perf_counter() - self._start
            print(f"{self._title(now)}: {text} ({seconds:.1f} s)", file=sys.stderr, flush=True)

    def __exit__(self, *error) -> None:
        self._close()

    def _title(self, now) -> str:
        return f"epoch {now.cur_epoch_num}/{self._done + now.epoch_num}" if now.mode == "train" else "evaluation"

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _is_watched() -> bool:
    """Whether what is shown may move: in a terminal, or in a notebook."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules


def _bar(**options) -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise ImportError("'Progress' needs the package tqdm: pip install 'msjax[progress]'.") from None
    return tqdm(**options)


def _text(values: dict[str, Any]) -> str:
    return ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in values.items()
    )
