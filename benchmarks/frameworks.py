"""The frameworks that are compared, as a worker sees them: how to start one, build a workload's step, and wait."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable

from benchmarks.workload import Step, Workload


def plain(function=None, **options):
    """The `jit` of a framework that compiles nothing."""
    return function


class Framework:
    """One framework in one process.

    Args:
        compiled: whether the workload's functions are compiled by the framework's `jit`.
        threads: how many it may use; None for its own choice.
    """

    package = ""

    def __init__(self, compiled: bool, threads: int | None):
        self.compiled, self.threads = compiled, threads
        self.start()

    def start(self) -> None:
        """Import and set up the framework."""

    def build(self, workload: Workload) -> Step:
        raise NotImplementedError

    def wait(self, result) -> None:
        """Until the results are computed."""

    def programs(self) -> int:
        """How many programs were compiled so far; 0 where nobody counts."""
        return 0

    def device(self) -> str:
        return "cpu"

    def device_memory(self) -> dict[str, int]:
        """Bytes on the device, by what they are; empty where nobody counts."""
        return {}


class Jax(Framework):
    package = "jax"

    def start(self) -> None:
        import jax
        import jax.monitoring

        self._programs = 0
        jax.monitoring.register_event_duration_secs_listener(self._count)
        self.jax = jax

    def _count(self, event: str, seconds: float, **_) -> None:
        self._programs += event == "/jax/core/compile/backend_compile_duration"

    def build(self, workload: Workload) -> Step:
        return workload.jax(workload.data(), self.jax.jit if self.compiled else plain)

    def wait(self, result) -> None:
        self.jax.block_until_ready(result)

    def programs(self) -> int:
        return self._programs

    def device(self) -> str:
        return self.jax.devices()[0].device_kind

    def device_memory(self) -> dict[str, int]:
        device, gained = self.jax.devices()[0], {}
        gc.collect()
        gained["largest program"] = max(
            (_footprint(e.get_compiled_memory_stats()) for e in device.client.live_executables()), default=0
        )
        peak = (device.memory_stats() or {}).get("peak_bytes_in_use")
        return gained if peak is None else {**gained, "peak": peak}


def _footprint(stats) -> int:
    """What a program needs of the device while it runs; outputs in the place of donated inputs count once."""
    return (
        stats.argument_size_in_bytes + stats.output_size_in_bytes + stats.temp_size_in_bytes - stats.alias_size_in_bytes
    )


class Msjax(Jax):
    """MindSpore's API, served by msjax."""

    package = "msjax"

    def start(self) -> None:
        super().start()
        import msjax

        msjax.install_as("mindspore")
        self.ms = msjax

    def build(self, workload: Workload) -> Step:
        return workload.mindspore(workload.data(), self.ms.jit if self.compiled else plain)


class MindSpore(Framework):
    """PyNative in its synchronous setting, which is the faster one on a CPU under load, or jit."""

    package = "mindspore"

    def start(self) -> None:
        import mindspore

        mindspore.set_context(mode=mindspore.PYNATIVE_MODE, device_target="CPU")
        mindspore.runtime.launch_blocking()
        if self.threads is not None:
            mindspore.runtime.dispatch_threads_num(self.threads)
        self.ms = mindspore

    def build(self, workload: Workload) -> Step:
        return workload.mindspore(workload.data(), self.ms.jit if self.compiled else plain)

    def wait(self, result) -> None:
        self.ms.runtime.synchronize()


class Torch(Framework):
    package = "torch"

    def start(self) -> None:
        import torch

        if self.threads is not None:
            torch.set_num_threads(self.threads)
        self.torch = torch

    def build(self, workload: Workload) -> Step:
        return workload.torch(workload.data())


FRAMEWORKS: dict[str, Callable[[bool, int | None], Framework]] = {
    "msjax": Msjax,
    "jax": Jax,
    "mindspore": MindSpore,
    "torch": Torch,
}


def limit_threads(threads: int | None) -> None:
    """Before a framework is imported: its thread pools are sized by the processors it may use."""
    if threads is not None:
        os.environ["OMP_NUM_THREADS"] = str(threads)
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
