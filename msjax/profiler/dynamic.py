"""DynamicProfilerMonitor: a profiler that a file switches on while the program runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msjax import log
from msjax.profiler.profiler import Profiler
from msjax.train.callback import Callback, RunContext
from msjax.train.edited import settings

_FILE = "profiler_config.json"
_DEFAULTS = {
    "start_step": -1, "stop_step": -1, "analyse_mode": -1, "profile_memory": False, "with_stack": False,
}  # fmt: skip


class DynamicProfilerMonitor(Callback):
    """Record the steps that a file names, which may be edited while the program runs.

    The file, `profiler_config.json`, is written when there is none. It has `start_step` and `stop_step`, the first and
    the last step, counted from 1, and -1 for none; `analyse_mode`, 0 or 1 to print which operators took longest;
    `with_stack` and `profile_memory` as for `profile`. What else MindSpore has in it is accepted.

    Args:
        cfg_path: the folder of the file.
        output_path: where traces go.
        poll_interval: accepted for compatibility; the file is looked at in each step.
        kwargs: accepted for compatibility.

    Raises:
        RuntimeError: without `cfg_path`.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> monitor = ms.profiler.DynamicProfilerMonitor("config", "traces")
        >>> model.train(1, [(ops.zeros((4, 2)), ops.zeros((4, 1)))], callbacks=monitor)
    """

    _sees_evaluations = False

    def __init__(
        self,
        cfg_path: str | None = None,
        output_path: str = "./dyn_profile_data",
        poll_interval: int = 2,
        **kwargs: Any,
    ):
        if cfg_path is None:
            raise RuntimeError("For 'DynamicProfilerMonitor', 'cfg_path' must be given: the folder of its file.")
        self._file, self._output = Path(cfg_path) / _FILE, output_path
        self._config, self._read, self._count = dict(_DEFAULTS), None, 0
        self._profiler: Profiler | None = None
        if not self._file.exists():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(_DEFAULTS, indent=4), encoding="utf-8")

    def step(self) -> None:
        """Say, in a loop without Model, that a step is over.

        A `start_step` of 1 counts from the first call on, as nothing is known of what was before.
        """
        self._count += 1
        self._end(self._count)
        self._begin(self._count + 1)

    def step_begin(self, run_context: RunContext) -> None:
        self._begin(run_context.original_args().cur_step_num)

    def step_end(self, run_context: RunContext) -> None:
        self._end(run_context.original_args().cur_step_num)

    def end(self, run_context: RunContext) -> None:
        self._finish()

    def _begin(self, step: int) -> None:
        self._look()
        if self._profiler is None and 0 < self._config["start_step"] <= step <= self._config["stop_step"]:
            options = {name: self._config[name] for name in ("with_stack", "profile_memory")}
            self._profiler = Profiler(output_path=self._output, **options)

    def _end(self, step: int) -> None:
        if self._profiler is not None:
            self._profiler.step()
            if step >= self._config["stop_step"]:
                self._finish()

    def _finish(self) -> None:
        profiler, self._profiler = self._profiler, None
        if profiler is not None:
            profiler.stop()
            if self._config["analyse_mode"] != -1:
                profiler.analyse()

    def _look(self) -> None:
        """Read the file, if it has changed."""
        try:
            changed = self._file.stat().st_mtime_ns
        except OSError as error:  # it is being edited
            log.warning("%s can not be read: %s", self._file, error)
            return
        if changed == self._read or (found := settings(self._file)) is None:
            return
        self._read = changed
        if wrong := {name: value for name, value in found.items() if not _is_like(value, _DEFAULTS.get(name, value))}:
            log.warning("%s has settings of another type than they must be of: %r", self._file, wrong)
        self._config = _DEFAULTS | {name: value for name, value in found.items() if name not in wrong}


def _is_like(value: Any, default: Any) -> bool:
    """Whether a setting is of the type of its default; 0 and 1 say no and yes."""
    return type(value) is type(default) or (isinstance(default, bool) and value in (0, 1))
