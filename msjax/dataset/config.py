"""Settings of the input pipeline: the seed, workers, prefetching.

Each setting has a row in `_SETTINGS`, of which its `set_` and `get_` functions are made. Settings that MindSpore's own
engine needs and this one does not, like the placement of memory (`numa_enable`), are noted and have no effect.
"""

from __future__ import annotations

import inspect
import json
import os
import random
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from msjax.core import random as core_random
from msjax.core.kinds import check

UNSEEDED = 5489  # what `get_seed` says as long as no seed was set: std::mt19937::default_seed


class ErrorSamplesMode(IntEnum):
    """What becomes of a row for which an operation of `map` raises: an error, another row in its place, or nothing."""

    RETURN = 0
    REPLACE = 1
    SKIP = 2


class _Setting(NamedTuple):
    default: Any
    argument: str
    kind: str
    meaning: str


_INT32 = "int (0, 2147483647]"
_SETTINGS = {
    "prefetch_size": _Setting(16, "size", _INT32, "how many rows are made ready before they are asked for"),
    "num_parallel_workers": _Setting(
        min(os.cpu_count() or 1, 8), "num", _INT32, "how many workers an operation has that is not told how many"
    ),
    "numa_enable": _Setting(False, "numa_enable", "bool", "whether memory is bound to processors; no effect"),
    "monitor_sampling_interval": _Setting(1000, "interval", _INT32, "milliseconds between two samples; no effect"),
    "callback_timeout": _Setting(60, "timeout", _INT32, "how many seconds a WaitedDSCallback waits for training"),
    "auto_num_workers": _Setting(False, "enable", "bool", "whether numbers of workers are chosen; no effect"),
    "enable_shared_mem": _Setting(True, "enable", "bool", "whether processes share memory; no effect"),
    "enable_autotune": _Setting(False, "enable", "bool", "whether settings are tuned while running; no effect"),
    "autotune_interval": _Setting(0, "interval", "int [0, 2147483647]", "steps between two tunings; no effect"),
    "auto_offload": _Setting(False, "offload", "bool", "whether transforms run on the accelerator; no effect"),
    "enable_watchdog": _Setting(True, "enable", "bool", "whether a dead worker is an error; it always is"),
    "fast_recovery": _Setting(True, "fast_recovery", "bool", "how a pipeline goes on after a failure; no effect"),
    "multiprocessing_timeout_interval": _Setting(300, "interval", _INT32, "seconds between two warnings; no effect"),
    "error_samples_mode": _Setting(
        ErrorSamplesMode.RETURN, "error_samples_mode", "int", "what becomes of a row for which `map` raises"
    ),
    "multiprocessing_start_method": _Setting(
        "fork", "start_method", "'fork' or 'spawn'", "how processes start; 'fork' is done by a server without threads"
    ),
    "video_backend": _Setting("CPU", "backend", "'CPU' or 'Ascend'", "what decodes videos; no effect"),
    "dynamic_shape": _Setting(False, "is_dynamic", "bool", "whether shapes may differ from row to row; no effect"),
    "sending_batches": _Setting(0, "batch_num", "int", "how many batches are sent at once; no effect"),
}
_values: dict[str, Any] = {name: setting.default for name, setting in _SETTINGS.items()}


def _setter(name: str, setting: _Setting) -> Callable[..., None]:
    default = setting.default if name == "multiprocessing_start_method" else inspect.Parameter.empty
    signature = inspect.Signature(
        [inspect.Parameter(setting.argument, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)]
    )

    def set_value(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        (value,) = bound.args
        check(f"set_{name}", setting.argument, value, setting.kind)
        _values[name] = value

    set_value.__signature__ = signature
    return _named(set_value, f"set_{name}", f"Set {setting.meaning}.")


def _getter(name: str, setting: _Setting) -> Callable[[], Any]:
    return _named(lambda: _values[name], f"get_{name}", f"Tell {setting.meaning}.")


def _named(function, name: str, doc: str):
    function.__name__ = function.__qualname__ = name
    function.__module__, function.__doc__ = __name__, doc
    return function


for _name, _setting in _SETTINGS.items():
    globals()[f"set_{_name}"] = _setter(_name, _setting)
    globals()[f"get_{_name}"] = _getter(_name, _setting)


if TYPE_CHECKING:  # a type checker does not see those made above

    def __getattr__(name: str) -> Any: ...


def set_enable_autotune(enable: bool, filepath_prefix: str | None = None) -> None:
    """Set whether settings are tuned while running; no effect, and no file is written."""
    check("set_enable_autotune", "enable", enable, "bool")
    check("set_enable_autotune", "filepath_prefix", filepath_prefix, "None or str")
    _values["enable_autotune"] = enable


def set_error_samples_mode(error_samples_mode: ErrorSamplesMode) -> None:
    """Set what becomes of a row for which an operation of `map` raises.

    Example:
        >>> ds.config.set_error_samples_mode(ds.config.ErrorSamplesMode.RETURN)
    """
    if not isinstance(error_samples_mode, ErrorSamplesMode):
        raise TypeError(
            "For 'set_error_samples_mode', the 'error_samples_mode' must be an ErrorSamplesMode, "
            f"but got {error_samples_mode!r:.80}."
        )
    _values["error_samples_mode"] = error_samples_mode


_debug: dict[str, Any] = {"on": False, "hooks": []}


def set_debug_mode(debug_mode_flag: bool, debug_hook_list: list | None = None) -> None:
    """Run pipelines in the thread that iterates, one operation after the other, so that a debugger can step through.

    Args:
        debug_mode_flag (bool): whether to.
        debug_hook_list (list): DebugHooks, called between the operations of a `map`.
    """
    check("set_debug_mode", "debug_mode_flag", debug_mode_flag, "bool")
    check("set_debug_mode", "debug_hook_list", debug_hook_list, "None or list")
    _debug.update(on=debug_mode_flag, hooks=list(debug_hook_list or ()))


def get_debug_mode() -> bool:
    """Tell whether pipelines run in the thread that iterates."""
    return _debug["on"]


def debug_hooks() -> list:
    """The DebugHooks in force."""
    return _debug["hooks"] if _debug["on"] else []


_seed: dict[str, int] = {"now": UNSEEDED}


def set_seed(seed: int) -> None:
    """Let all shuffles, random samplers and random transforms begin at `seed`, and Python's and numpy's generators too.

    Args:
        seed (int): from 0 to 2**32 - 1. Orders are those of MindSpore for the same seed.

    Example:
        >>> ds.config.set_seed(5)
        >>> rows = ds.NumpySlicesDataset(np.arange(10), ["x"])
        >>> [int(x) for x, in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
        [3, 8, 5, 2, 4, 6, 7, 1, 9, 0]
        >>> ds.config.set_seed(5489)  # as if none had been set
    """
    check("set_seed", "seed", seed, f"int [0, {2**32 - 1}]")
    _seed["now"] = seed
    random.seed(seed)
    np.random.seed(seed)


def get_seed() -> int:
    """Tell the seed that `set_seed` was given, here or at the top level; 5489 if none was."""
    return _seed["now"]


def is_seeded() -> bool:
    """Whether runs are to be the same."""
    return get_seed() != UNSEEDED


def fresh_seed() -> int:
    """The seed for what begins now: the one that was set, else a new one each time."""
    return get_seed() if is_seeded() else int.from_bytes(os.urandom(4), "little")


def _follow(seed: int) -> None:
    _seed["now"] = seed % 2**32


if (seed_so_far := core_random.get_seed()) is not None:
    _follow(seed_so_far)
core_random.followers.append(_follow)


def get_iterator_mode() -> dict:
    """Tell how iterators make their rows: whether they copy, and whether they convert in parallel."""
    return dict(_iterator_mode)


_iterator_mode = {"do_copy": False, "parallel_convert": False}


def set_iterator_mode(do_copy: bool = False, parallel_convert: bool = False) -> None:
    """Set how iterators make their rows; no effect."""
    _iterator_mode.update(do_copy=do_copy, parallel_convert=parallel_convert)


# What a settings file calls them.
_IN_FILES = {
    "numParallelWorkers": "num_parallel_workers",
    "monitorSamplingInterval": "monitor_sampling_interval",
    "seed": "seed",
}


def load(file: str) -> None:
    """Read settings from a file in JSON, with keys like `numParallelWorkers` and `seed`.

    Raises:
        RuntimeError: if there is no such file, it is no JSON object, or a value is out of range.
    """
    check("load", "file", file, "str")
    try:
        content = json.loads(Path(file).read_text(encoding="utf-8"))
        for key, name in _IN_FILES.items():
            if key in content:
                globals()[f"set_{name}"](content[key])
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise RuntimeError(f"For 'load', the settings file {file!r} cannot be read: {error!r:.300}.") from error
