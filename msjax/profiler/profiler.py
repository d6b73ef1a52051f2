"""Profiler and profile: recorders of where the time of a program goes."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import jax

from msjax import log
from msjax.core.kinds import is_a
from msjax.profiler import trace
from msjax.profiler.options import ProfilerActivity, _ExperimentalConfig
from msjax.profiler.steps import ProfilerAction

_FOLDER = "./data"  # where traces go by default
_numbers = itertools.count()


class profile:
    """Record what a program does, from `start` to `stop`, or in a `with` block.

    The trace has every compiled program that runs, the operators in it, and the marks of `mstx`.

    Args:
        activities: accepted for compatibility; all devices are recorded.
        with_stack: whether Python's functions are recorded, too, which slows them down.
        profile_memory: whether a file `memory.prof`, for pprof, says what holds the device's memory at the end.
        data_process, parallel_strategy, hbm_ddr, pcie, sync_enable, record_shapes: accepted for compatibility.
        start_profile: whether to start at once.
        schedule: a function from the number of a step, which `step` counts from 0, to what is done in it, as
            `msjax.profiler.schedule` makes one; None to record all.
        on_trace_ready: called with the profiler when a trace is complete.
        experimental_config: accepted for compatibility.

    Raises:
        RuntimeError: if another profiler is recording: JAX has one.

    Example:
        >>> with ms.profiler.profile(on_trace_ready=ms.profiler.tensorboard_trace_handler("traces")) as prof:
        ...     total = ops.ones((3, 3)).sum()
        ...     prof.step()
        traces/plugins/profile/...: ... operators, ... ms...

    Differs from MindSpore: it works on every device, writes what TensorBoard and Perfetto read, and prints, when
    results are asked for, which operators took longest.
    """

    def __init__(
        self,
        activities: Iterable[ProfilerActivity] | None = None,
        with_stack: bool = False,
        profile_memory: bool = False,
        data_process: bool = False,
        parallel_strategy: bool = False,
        start_profile: bool = True,
        hbm_ddr: bool = False,
        pcie: bool = False,
        sync_enable: bool = True,
        record_shapes: bool = False,
        schedule: Callable[[int], ProfilerAction] | None = None,
        on_trace_ready: Callable[..., Any] | None = None,
        experimental_config: _ExperimentalConfig | None = None,
    ):
        self._set(_FOLDER, with_stack, profile_memory, schedule, on_trace_ready)
        if start_profile:
            self.start()

    def _set(self, folder, with_stack, profile_memory, schedule, on_trace_ready) -> None:
        for name, function in (("schedule", schedule), ("on_trace_ready", on_trace_ready)):
            if function is not None and not callable(function):
                raise TypeError(f"For 'profile', '{name}' must be a function, but got {type(function).__name__}.")
        # Where the handler wants the trace it is written at once.
        self._folder = Path(getattr(on_trace_ready, "folder", None) or folder)
        self._with_stack, self._with_memory = bool(with_stack), bool(profile_memory)
        self._schedule, self._ready = schedule or (lambda step: ProfilerAction.RECORD), on_trace_ready
        self._metadata: dict[str, Any] = {}
        self._on = self._tracing = False
        self._step, self._shown = 0, None
        self.path: Path | None = None  # the folder of the trace written last

    def start(self) -> None:
        """Begin.

        Raises:
            RuntimeError: if another profiler is recording.
        """
        if self._on:
            log.warning("The profiler has been started already.")
            return
        self._on, self._step = True, 0
        atexit.register(self.stop)
        self._begin_step()

    def stop(self) -> None:
        """End, and write what was recorded."""
        if not self._on:
            log.error("The profiler has not been started, or was stopped already.")
            return
        self._on = False
        atexit.unregister(self.stop)
        self._end_step()
        if self._tracing:
            self._write()

    def step(self) -> None:
        """Say that a step is over and the next one begins: the trace shows it, and the schedule goes on."""
        if not self._on:
            return
        self._end_step()
        if self._tracing and self._schedule(self._step) is ProfilerAction.RECORD_AND_SAVE:
            self._write()
        self._step += 1
        self._begin_step()

    def add_metadata(self, key: str, value: str) -> None:
        """Have a text written beside the trace, in profiler_metadata.json.

        Args:
            key: its name.
            value: the text.
        """
        if isinstance(key, str) and isinstance(value, str):
            self._metadata[key] = value
        else:
            log.warning("For 'add_metadata', key and value must be str, but got %r and %r.", key, value)

    def add_metadata_json(self, key: str, value: str) -> None:
        """Have values written beside the trace, in profiler_metadata.json.

        Args:
            key: their name.
            value: the values, as JSON.
        """
        try:
            self._metadata[key] = json.loads(value)
        except (TypeError, ValueError):
            log.warning("For 'add_metadata_json', the value must be JSON, but got %r.", value)

    def __enter__(self):
        if not self._on:
            self.start()
        return self

    def __exit__(self, *exception) -> None:
        if self._on:
            self.stop()

    def _begin_step(self) -> None:
        if self._schedule(self._step).records and not self._tracing:
            options = jax.profiler.ProfileOptions()
            options.python_tracer_level = int(self._with_stack)
            # JAX names traces by the second, and there may be several in one.
            options.session_id = f"{time.strftime('%Y_%m_%d_%H_%M_%S')}_{os.getpid()}_{next(_numbers)}"
            self.path = self._folder / "plugins" / "profile" / options.session_id
            jax.profiler.start_trace(self._folder, profiler_options=options)
            self._tracing = True
        self._shown = jax.profiler.StepTraceAnnotation("step", step_num=self._step)
        self._shown.__enter__()

    def _end_step(self) -> None:
        if self._shown is not None:
            self._shown.__exit__(None, None, None)
            self._shown = None

    def _write(self) -> None:
        assert self.path is not None
        self._tracing = False
        jax.profiler.stop_trace()
        if self._with_memory:
            jax.profiler.save_device_memory_profile(str(self.path / "memory.prof"))
        if self._metadata:
            (self.path / "profiler_metadata.json").write_text(json.dumps(self._metadata), encoding="utf-8")
        if self._ready is not None:
            self._ready(self)


class Profiler(profile):
    """Record what a program does, until `analyse`, which prints the operators that took longest.

    Args:
        kwargs: `output_path`, the folder for the trace, by default "./data"; `start_profile`, `schedule`,
            `on_trace_ready`, `with_stack`, `profile_memory` as for `profile`. Others are accepted for compatibility.

    Raises:
        RuntimeError: if another profiler is recording: JAX has one.

    Example:
        >>> profiler = ms.Profiler(output_path="traces")
        >>> total = ops.ones((3, 3)).sum()
        >>> profiler.analyse()
        traces/plugins/profile/...: ... operators, ... ms...

    Differs from MindSpore: as `profile`.
    """

    def __init__(self, **kwargs: Any):
        folder = kwargs.get("output_path", _FOLDER)
        if not is_a(folder, "str"):
            log.warning("For 'Profiler', 'output_path' must be str, but got %r: %s is taken.", folder, _FOLDER)
            folder = _FOLDER
        names = ("with_stack", "profile_memory", "schedule", "on_trace_ready")
        self._set(folder, *map(kwargs.get, names))
        if kwargs.get("start_profile", True):
            self.start()

    def analyse(
        self, offline_path: str | None = None, pretty: bool = False, step_list: list | None = None, mode: str = "sync"
    ) -> None:
        """Stop, and print which operators took longest.

        Args:
            offline_path: a folder with a trace, to look at instead.
            pretty, step_list, mode: accepted for compatibility.
        """
        if self._on:
            self.stop()
        folder = self.path if offline_path is None else offline_path
        if folder is None:
            log.error("The profiler has recorded nothing: start it first.")
        else:
            analyse(str(folder))

    @classmethod
    def offline_analyse(
        cls, path: str, pretty: bool = False, step_list: list | None = None, data_simplification: bool = True
    ) -> None:
        """Print which operators took longest in the trace that was written last in a folder.

        Args:
            path: the folder.
            pretty, step_list, data_simplification: accepted for compatibility.
        """
        analyse(path)

    def op_analyse(self, op_name: str | list[str], device_id: int | None = None) -> str:
        """The runs of some operators.

        Args:
            op_name: an operator's name, with or without a number at its end, or a list of names.
            device_id: accepted for compatibility.

        Returns:
            JSON: for each name a list of operators with their program, number of calls and milliseconds.

        Raises:
            RuntimeError: if nothing was recorded yet.
        """
        if self._on:
            self.stop()
        path = None if self.path is None else trace.latest(self.path)
        if path is None:
            raise RuntimeError("For 'op_analyse', the profiler has recorded nothing.")
        names = [op_name] if isinstance(op_name, str) else op_name
        rows = trace.operators(path)
        found = {name: [r._asdict() for r in rows if name in (r.operator, r.operator.split(".")[0])] for name in names}
        return json.dumps(found)


def analyse(
    profiler_path: str,
    max_process_number: int = 1,
    pretty: bool = False,
    step_list: list | None = None,
    data_simplification: bool = True,
) -> None:
    """Print which operators took longest in the trace that was written last in a folder.

    Args:
        profiler_path: the folder.
        max_process_number, pretty, step_list, data_simplification: accepted for compatibility.

    Example:
        >>> with ms.profiler.profile():
        ...     total = ops.ones((3, 3)).sum()
        >>> ms.profiler.profiler.analyse("./data")
        data/plugins/profile/...: ... operators, ... ms...
    """
    path = trace.latest(Path(profiler_path))
    if path is None:
        log.error("There is no trace in %s.", profiler_path)
    else:
        print(trace.text(path), flush=True)


def tensorboard_trace_handler(
    dir_name: str | None = None, worker_name: str | None = None, analyse_flag: bool = True, async_mode: bool = False
) -> Callable[[profile], None]:
    """A function for `on_trace_ready`, which has traces where TensorBoard finds them.

    Args:
        dir_name: the folder for TensorBoard; None for "./data".
        worker_name: what the trace's files are called, by default the machine's name.
        analyse_flag: whether to print which operators took longest.
        async_mode: accepted for compatibility.

    Returns:
        The function, of a profiler.

    Example:
        >>> handler = ms.profiler.tensorboard_trace_handler("traces", analyse_flag=False)
        >>> with ms.profiler.profile(on_trace_ready=handler) as prof:
        ...     total = ops.ones((3, 3)).sum()
        >>> prof.path.parent.as_posix()
        'traces/plugins/profile'
    """
    folder = Path(dir_name or _FOLDER)

    def handle(profiler: profile) -> None:
        path = profiler.path
        assert path is not None
        if folder not in path.parents:  # called by a handler of the user's
            path = Path(shutil.copytree(path, folder / "plugins" / "profile" / path.name))
        if worker_name is not None:
            for file in path.glob("*.xplane.pb"):
                file.rename(path / f"{worker_name}.xplane.pb")
            for file in path.glob("*.trace.json.gz"):
                file.rename(path / f"{worker_name}.trace.json.gz")
        if analyse_flag:
            analyse(str(path))

    handle.folder = folder  # pyright: ignore[reportFunctionMemberAccess]
    return handle
