"""A process that holds one framework and does what is asked of it, one line of JSON at a time.

    python -m benchmarks.worker FRAMEWORK compiled|eager THREADS

Frameworks that can not live in one environment are compared in turns this way.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sys
import time

import numpy as np

from benchmarks.frameworks import FRAMEWORKS, Framework, limit_threads
from benchmarks.workloads import WORKLOADS

CALLS_BEFORE = 3  # of a step, before it is compared and timed


class Worker:
    def __init__(self, framework: Framework):
        self.framework = framework
        self.step = None

    def about(self) -> dict:
        package = self.framework.package
        names = {package, "jax"} if package == "msjax" else {package}
        versions = {name: importlib.metadata.version(name) for name in sorted(names)}
        return {"versions": versions, "device": self.framework.device(), "python": platform.python_version()}

    def build(self, workload: str) -> dict:
        """Build a step, call it three times, and give the last results."""
        self.step = None
        programs, start = self.framework.programs(), time.perf_counter()
        self.step = self.framework.build(WORKLOADS[workload])
        for _ in range(CALLS_BEFORE):
            result = self.step()
            self.framework.wait(result)
        return {
            "results": [np.ravel(leaf).tolist() for leaf in leaves(result)],
            "seconds": time.perf_counter() - start,
            "programs": self.framework.programs() - programs,
        }

    def time(self, calls: int) -> dict:
        """Seconds for each of so many calls in a row, with what there is to wait for at the end of all."""
        step = self.step
        self.framework.wait(step())
        start = time.perf_counter()
        for _ in range(calls):
            result = step()
        self.framework.wait(result)
        return {"seconds": (time.perf_counter() - start) / calls}

    def memory(self, workload: str, calls: int = 30) -> dict:
        """The peak of this process's memory in bytes while it takes steps; to be asked of a fresh worker."""
        before = peak_memory()
        self.build(workload)
        self.time(calls)
        return {"host": peak_memory() - before, "device": self.framework.device_memory()}

    def soak(self, workload: str, calls: int) -> dict:
        """Take many steps; gives the memory held and the programs compiled after a tenth and at the end."""
        self.build(workload)
        self.time(calls // 10)
        seen = {"memory": [held_memory()], "programs": [self.framework.programs()]}
        for _ in range(9):
            self.time(calls // 10)
            seen["memory"].append(held_memory())
            seen["programs"].append(self.framework.programs())
        return seen


def leaves(result) -> list:
    """The arrays in nested results, as numpy."""
    if isinstance(result, (list, tuple)):
        return [leaf for part in result for leaf in leaves(part)]
    if hasattr(result, "detach"):  # PyTorch
        return [result.detach().numpy()]
    return [result.asnumpy() if hasattr(result, "asnumpy") else np.asarray(result)]


def peak_memory() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def held_memory() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def serve(worker: Worker, requests, answers) -> None:
    for line in requests:
        request = json.loads(line)
        try:
            answer = getattr(worker, request.pop("do"))(**request)
        except Exception as error:  # the run goes on without this one
            answer = {"error": f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def main() -> None:
    name, compiled, threads = sys.argv[1:]
    # Frameworks print as they like: their words go to standard error.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    count = None if threads == "all" else int(threads)
    limit_threads(count)
    serve(Worker(FRAMEWORKS[name](compiled == "compiled", count)), sys.stdin, answers)


if __name__ == "__main__":
    main()
