"""Execution context: `set_context`, `get_context`, the parallel context.

What has no meaning on JAX is kept, not refused.
"""

from __future__ import annotations

__only_computes__ = False  # see core.effects

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from msjax.core import device
from msjax.core.effects import reads_settings

GRAPH_MODE, PYNATIVE_MODE = 0, 1
STRICT, COMPATIBLE, LAX = 0, 1, 2
DEBUG, RELEASE = 0, 1

_TARGETS = ("CPU", "GPU", "TPU", "Ascend", "Davinci")

_JIT_CONFIG = {"jit_level": ["O0", "O1", "O2"], "infer_boost": ["on", "off"]}

# key -> (values, what to say of others)
_RANGES: dict[str, tuple[Any, str]] = {
    "mode": ((GRAPH_MODE, PYNATIVE_MODE), "should be context.GRAPH_MODE (0) or context.PYNATIVE_MODE (1)"),
    "device_target": (_TARGETS, f"must be one of {list(_TARGETS)}"),
    "device_id": (range(4096), "must be in range [0, 4095]"),
    "jit_syntax_level": ((STRICT, COMPATIBLE, LAX), "should be context.STRICT or context.LAX"),
    "max_call_depth": (range(1, 2**63), "must be greater than 0"),
    "save_graphs": (range(4), "should be 0 to 3"),
    "deterministic": (("ON", "OFF"), "must be one of ['ON', 'OFF']"),
}

# key -> (default, accepted types)
_KEYS: dict[str, tuple[Any, tuple]] = {
    "mode": (PYNATIVE_MODE, (int,)),
    "device_target": (None, (str,)),
    "device_id": (0, (int,)),
    "jit_syntax_level": (LAX, (int,)),
    "jit_level": ("", (str,)),
    "jit_config": ({}, (dict,)),
    "max_call_depth": (1000, (int,)),
    "pynative_synchronize": (False, (bool,)),
    "deterministic": ("OFF", (str,)),
    "save_graphs": (0, (bool, int)),
    "save_graphs_path": (".", (str,)),
    "enable_graph_kernel": (False, (bool,)),
    "graph_kernel_flags": ("", (str,)),
    "reserve_class_name_in_scope": (True, (bool,)),
    "runtime_num_threads": (0, (int,)),
    "memory_optimize_level": (0, (str, int)),
    "max_device_memory": (1024.0, (str, float)),
    "variable_memory_max_size": ("0", (str,)),
    "enable_reduce_precision": (True, (bool,)),
    "enable_compile_cache": (None, (bool, str, int, type(None))),
    "compile_cache_path": ("", (str,)),
    "inter_op_parallel_num": (0, (int,)),
    "op_timeout": (900, (int,)),
    "ascend_config": ({}, (dict,)),
    "gpu_config": ({}, (dict,)),
    "aoe_tune_mode": ("", (str,)),
    "aoe_config": ({}, (dict,)),
    "exec_order": ("bfs", (str,)),
    "print_file_path": ("", (str,)),
    "env_config_path": ("", (str,)),
    "debug_level": (DEBUG, (int,)),
    "mempool_block_size": (1.0, (str, float)),
    "check_bprop": (False, (bool,)),
    "memory_offload": ("OFF", (str,)),
    "enable_profiling": (False, (bool,)),
    "enable_sparse": (False, (bool,)),
    "save_dump_path": (".", (str,)),
}

_EFFECTIVE = {"mode", "device_target", "device_id"}

_values: dict[str, Any] = {key: default for key, (default, _) in _KEYS.items()}
_ignored: dict[str, Any] = {}


def _check(key: str, value: Any) -> None:
    if key == "grad_for_scalar":
        raise ValueError(
            "For 'context.set_context', the parameter 'grad_for_scalar' has been removed since MindSpore 2.10 version. "
            "Please use the tensor derivative instead."
        )
    if key not in _KEYS:
        raise ValueError(f"For 'context.set_context', the keyword argument {key} is not recognized!")
    types = _KEYS[key][1]
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types and int not in types):
        raise TypeError(f"The parameter '{key}' must be {types[0]}, but got {type(value)}")
    allowed, what = _RANGES.get(key, (None, ""))
    if allowed is not None and value not in allowed:
        raise ValueError(f"For 'context.set_context', the argument '{key}' {what}, but got {value}.")
    options: Any = value if key == "jit_config" else {}
    for name, setting in options.items():
        if setting not in _JIT_CONFIG.get(name, ()):
            raise ValueError(
                f"For 'context.set_context', the argument 'jit_config' takes {_JIT_CONFIG}, "
                f"but got {name!r}: {setting!r}."
            )


def set_context(**kwargs) -> None:
    """Set the running mode and other options; all are checked before any is set.

    Args:
        mode: `PYNATIVE_MODE` (the default) or `GRAPH_MODE`.
        device_target: the kind of device that Tensors are made on from now on: "CPU", "GPU" or "TPU". One that is not
            here, like "Ascend", is only noted, and JAX's default device (`JAX_PLATFORMS`) runs the program.
        device_id: which one of them.
        kwargs: MindSpore's other options, kept for `get_context` and otherwise without effect.

    Raises:
        TypeError: if a value is of the wrong type.
        ValueError: if an option is unknown or its value out of range.
        RuntimeError: if `device_id` is not there.

    Example:
        >>> ms.set_context(mode=ms.PYNATIVE_MODE, device_target="CPU")
    """
    for key, value in kwargs.items():
        _check(key, value)
    if "device_target" in kwargs or "device_id" in kwargs:
        target = kwargs.get("device_target", _values["device_target"])
        device.choose(target, kwargs.get("device_id", _values["device_id"]))
    for key, value in kwargs.items():
        _values[key] = value
        if key not in _EFFECTIVE:
            note(key, value)


@reads_settings
def get_context(attr_key: str) -> Any:
    """The value of an option of `set_context`.

    Args:
        attr_key: the name of the option.

    Returns:
        What was set last, or the default.

    Raises:
        TypeError: if `attr_key` is no text.
        ValueError: if the option is unknown.

    Example:
        >>> ms.get_context("mode") == ms.PYNATIVE_MODE
        True
    """
    if not isinstance(attr_key, str):
        raise TypeError(f"For 'context.get_context', the name of an option must be a str, but got {attr_key!r}.")
    if attr_key not in _KEYS:
        raise ValueError(f"For 'context.get_context', the argument {attr_key} is not recognized!")
    if attr_key == "device_target" and _values[attr_key] is None:
        return default_target()
    return _values[attr_key]


def default_target() -> str:
    """The kind of device that Tensors are made on, in MindSpore's words: "CPU", "GPU" or "TPU"."""
    return device.current_target()


def graph_mode() -> bool:
    """Whether `set_context(mode=GRAPH_MODE)` is in force."""
    return _values["mode"] == GRAPH_MODE


class _Compiling(threading.local):
    depth = 0
    given: frozenset[int] | None = None  # the ids of the containers that the outermost function is called with


_compiling = _Compiling()


@contextmanager
def compiling(args: Iterable = ()) -> Iterator[None]:
    """The body belongs to a function under `ms.jit`, where graph mode's rules hold.

    Args:
        args: what the function is called with.
    """
    _compiling.depth += 1
    try:
        with of_graph(args):
            yield
    finally:
        _compiling.depth -= 1


@contextmanager
def of_graph(args: Iterable) -> Iterator[None]:
    """The body is a function that MindSpore compiles: one under `ms.jit`, or one that graph mode differentiates.

    Args:
        args: what the function is called with.
    """
    before = _compiling.given
    if before is None:
        _compiling.given = frozenset(map(id, _containers(args)))
    try:
        yield
    finally:
        _compiling.given = before


def _containers(values: Iterable) -> Iterator:
    for value in values:
        if isinstance(value, (tuple, list, dict)):
            yield value
            yield from _containers(value.values() if isinstance(value, dict) else value)


def in_compiled() -> bool:
    """Whether a function that MindSpore compiles runs; in graph mode, a program's own lines are Python."""
    return _compiling.given is not None


def is_made_in_graph(container: Any) -> bool:
    """Whether a function that MindSpore compiles runs, and was not called with this container."""
    return _compiling.given is not None and id(container) not in _compiling.given


def rules(args: tuple, kwargs: dict) -> Any:
    """By which rules a call of a function with such arguments runs, as a key."""
    return graph_mode() if _compiling.given is None else (True, *map(is_made_in_graph, (*args, *kwargs.values())))


def in_jit() -> bool:
    """Whether a function under `ms.jit` is running or being traced."""
    return _compiling.depth > 0


def in_graph() -> bool:
    """Whether graph mode's rules hold: under `ms.jit` or with `set_context(mode=GRAPH_MODE)`."""
    return in_jit() or graph_mode()


def note(key: str, value: Any) -> None:
    """Keep a setting that has no effect here, for `ignored`."""
    _ignored[key] = value


def ignored() -> dict[str, Any]:
    """The options that were accepted and have no effect here."""
    return dict(_ignored)


def set_device(device_target: str, device_id: int | None = None) -> None:
    """Make Tensors on a device from now on.

    Args:
        device_target: "CPU", "GPU" or "TPU"; one that is not here, like "Ascend", is only noted.
        device_id: which one of them; the first without it.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if `device_target` is no kind of device, or `device_id` is negative.
        RuntimeError: if there are such devices, but not so many.

    Example:
        >>> ms.set_device("CPU")
        >>> ms.get_current_device()
        ('CPU', 0)
    """
    set_context(device_target=device_target, device_id=0 if device_id is None else device_id)


class DeviceInfo(NamedTuple):
    """What kind of device, and which one."""

    device_target: str
    device_id: int

    def __repr__(self) -> str:
        return repr(tuple(self))


def get_current_device() -> DeviceInfo:
    """(device target, device id), also as attributes `device_target` and `device_id`.

    Returns:
        A named tuple of a text and an int.

    Example:
        >>> ms.get_current_device().device_id
        0
    """
    return DeviceInfo(get_context("device_target"), get_context("device_id"))


def set_deterministic(deterministic: bool) -> None:
    """Accepted; XLA's CPU and TPU programs are deterministic, on GPU set `--xla_gpu_deterministic_ops` in XLA_FLAGS.

    Args:
        deterministic: whether the same program shall give the same numbers on each run.

    Raises:
        TypeError: if `deterministic` is not a bool.

    Example:
        >>> ms.set_deterministic(False)
    """
    if not isinstance(deterministic, bool):
        raise TypeError(f"'deterministic' must be a bool, but got {type(deterministic).__name__}.")
    _values["deterministic"] = "ON" if deterministic else "OFF"


class ParallelMode:
    """Names of MindSpore's ways to run on several devices.

    Example:
        >>> ms.ParallelMode.DATA_PARALLEL
        'data_parallel'
    """

    STAND_ALONE = "stand_alone"
    DATA_PARALLEL = "data_parallel"
    HYBRID_PARALLEL = "hybrid_parallel"
    SEMI_AUTO_PARALLEL = "semi_auto_parallel"
    AUTO_PARALLEL = "auto_parallel"
    MODE_LIST = (STAND_ALONE, DATA_PARALLEL, HYBRID_PARALLEL, SEMI_AUTO_PARALLEL, AUTO_PARALLEL)


_PARALLEL_DEFAULTS: dict[str, Any] = {
    "device_num": 1,
    "global_rank": 0,
    "parallel_mode": ParallelMode.STAND_ALONE,
    "gradients_mean": False,
    "gradient_fp32_sync": True,
    "loss_repeated_mean": True,
    "auto_parallel_search_mode": "recursive_programming",
    "search_mode": "recursive_programming",
    "parameter_broadcast": False,
    "strategy_ckpt_load_file": "",
    "strategy_ckpt_save_file": "",
    "strategy_ckpt_config": {},
    "full_batch": False,
    "dataset_strategy": "",
    "enable_parallel_optimizer": False,
    "parallel_optimizer_config": {},
    "enable_alltoall": False,
    "all_reduce_fusion_config": [],
    "pipeline_stages": 1,
    "pipeline_config": {},
    "grad_accumulation_step": 1,
    "comm_fusion": {},
    "group_ckpt_save_file": "",
    "force_fp32_communication": False,
    "auto_pipeline": False,
    "pipeline_segments": 1,
    "pipeline_result_broadcast": False,
    "communi_parallel_mode": "all_group_parallel",
    "optimizer_weight_shard_size": -1,
    "optimizer_weight_shard_aggregated_save": False,
    "sharding_propagation": False,
    "init_param_in_compile": True,
    "dump_local_norm": False,
    "dump_local_norm_path": "",
    "dump_device_local_norm": False,
}
_parallel: dict[str, Any] = dict(_PARALLEL_DEFAULTS)
_parallel_set: set[str] = set()  # the options that the user gave


def joined(rank: int, size: int) -> None:
    """This process is one of several: what the parallel context says where the user has not."""
    for key, value in {"device_num": size, "global_rank": rank}.items():
        _PARALLEL_DEFAULTS[key] = value
        if key not in _parallel_set:
            _parallel[key] = value


# key -> (values, what to say of others)
_PARALLEL_RANGES: dict[str, tuple[Any, str]] = {
    "device_num": (range(1, 2**31), "must be a positive integer"),
    "global_rank": (range(4096), "must be in [0, 4095]"),
    "parallel_mode": (ParallelMode.MODE_LIST, f"only support {list(ParallelMode.MODE_LIST)}"),
}


def _check_parallel(key: str, value: Any) -> None:
    if key not in _PARALLEL_DEFAULTS:
        raise ValueError(f"Set context keyword {key} is not recognized!")
    kind = type(_PARALLEL_DEFAULTS[key])
    if key != "dataset_strategy" and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        raise TypeError(f"The parameter '{key}' must be {kind}, but got {type(value)}")
    allowed, what = _PARALLEL_RANGES.get(key, (None, ""))
    if allowed is not None and value not in allowed:
        raise ValueError(f"The context configuration parameter '{key}' {what}, but got the value : {value}.")
    if key == "dataset_strategy" and isinstance(value, str) and value not in ("", "full_batch", "data_parallel"):
        raise ValueError(
            "For 'set_auto_parallel_context', the argument 'dataset_strategy' must be 'full_batch' or "
            f"'data_parallel', but got the value : {value}."
        )


def set_auto_parallel_context(**kwargs) -> None:
    """Set options of MindSpore's parallel context; all are checked before any is set.

    Args:
        device_num: how many devices there are. In one process, if JAX has so many, compiled functions compute on all of
            them: what they are given is divided by rows, all else is copied to each.
        parallel_mode: in "semi_auto_parallel" and "auto_parallel" strategies of primitives and Cells count.
        dataset_strategy: how inputs are divided: "data_parallel", "full_batch", or for each input a tuple of ints or a
            Layout; `full_batch=True` is the second.
        enable_parallel_optimizer: whether each device keeps only its part of an optimizer's state.
        kwargs: MindSpore's other options, kept for `get_auto_parallel_context`.

    Raises:
        TypeError: if a value is of the wrong type.
        ValueError: if an option is unknown or its value out of range.

    Example:
        >>> ms.set_auto_parallel_context(gradients_mean=True)
        >>> ms.get_auto_parallel_context("gradients_mean")
        True
        >>> ms.reset_auto_parallel_context()
    """
    for key, value in kwargs.items():
        _check_parallel(key, value)
    _parallel.update(kwargs)
    _parallel_set.update(kwargs)


@reads_settings
def get_auto_parallel_context(attr_key: str) -> Any:
    """The value of an option of `set_auto_parallel_context`.

    Args:
        attr_key: the name of the option.

    Returns:
        What was set last, or the default.

    Raises:
        ValueError: if the option is unknown.

    Example:
        >>> ms.get_auto_parallel_context("parallel_mode")
        'stand_alone'
    """
    if attr_key not in _PARALLEL_DEFAULTS:
        raise ValueError(f"Get context keyword {attr_key} is not recognized!")
    return _parallel[attr_key]


@reads_settings
def is_auto_parallel_set(attr_key: str) -> bool:
    """Whether an option was given to `set_auto_parallel_context` since the last reset."""
    return attr_key in _parallel_set


def reset_auto_parallel_context() -> None:
    """Put all options of the parallel context back to their defaults.

    Example:
        >>> ms.reset_auto_parallel_context()
    """
    _parallel.update(_PARALLEL_DEFAULTS)
    _parallel_set.clear()


@contextmanager
def parallel_settings(settings: dict[str, Any]) -> Iterator[None]:
    """The body runs with other options of the parallel context."""
    before = {name: _parallel[name] for name in settings}
    _parallel.update(settings)
    try:
        yield
    finally:
        _parallel.update(before)


__all__ = [
    "GRAPH_MODE", "PYNATIVE_MODE", "STRICT", "COMPATIBLE", "LAX", "ParallelMode",
    "set_context", "get_context", "set_auto_parallel_context", "get_auto_parallel_context",
    "reset_auto_parallel_context", "set_device", "get_current_device", "set_deterministic",
]  # fmt: skip
