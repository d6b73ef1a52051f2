"""From nothing to the first result, in fresh processes: import, build and first call, with and without JAX's cache."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile

from benchmarks.runner import ROOT, Failed, Variant

WORKLOAD = "Burgers PINN step, N = 1024"
PROBE = """
import json, sys, time
start = time.perf_counter()
from benchmarks.frameworks import FRAMEWORKS, limit_threads
limit_threads({threads})
import numpy
ready = time.perf_counter()
framework = FRAMEWORKS[{name!r}]({compiled}, {threads})
imported = time.perf_counter()
from benchmarks.workloads import WORKLOADS
step = framework.build(WORKLOADS[{workload!r}])
framework.wait(step())
first = time.perf_counter()
print(json.dumps({{"import": imported - ready, "first call": first - imported}}), file=sys.stderr)
"""


def once(variant: Variant, threads: int | None, cache: str) -> dict[str, float]:
    code = PROBE.format(threads=threads, name=variant.framework, compiled=variant.compiled, workload=WORKLOAD)
    environment = {
        **variant.variables(), "JAX_COMPILATION_CACHE_DIR": cache,
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0", "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }  # fmt: skip
    done = subprocess.run([variant.python, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Failed((done.stderr.strip().splitlines() or ["no reason given"])[-1])
    return json.loads(done.stderr.strip().splitlines()[-1])


def measure(variants: list[Variant], threads: int | None, repeat: int) -> dict[str, dict]:
    """Medians of the seconds of each phase; the first call with an empty cache and with a filled one."""
    found: dict[str, dict] = {v.name: {"import": [], "first call": [], "first call, warm cache": []} for v in variants}
    for _ in range(repeat):
        for variant in variants:
            with tempfile.TemporaryDirectory() as cache:
                try:
                    cold, warm = (once(variant, threads, cache) for _ in range(2))
                except Failed as failure:
                    found[variant.name] = {"failure": str(failure)}
                    continue
            times = found[variant.name]
            times["import"] += [cold["import"], warm["import"]]
            times["first call"].append(cold["first call"])
            times["first call, warm cache"].append(warm["first call"])
    return {
        name: times if "failure" in times else {phase: statistics.median(s) for phase, s in times.items()}
        for name, times in found.items()
    }


def imports(repeat: int) -> dict[str, float]:
    """Median seconds to import msjax, and JAX with Flax, each in a fresh process, in turns."""
    statements = {"import msjax": "import msjax", "import jax, flax": "import jax, flax"}
    times: dict[str, list[float]] = {name: [] for name in statements}
    probe = "import time; start = time.perf_counter()\n{}\nprint(time.perf_counter() - start)"
    for _ in range(repeat):
        for name, statement in statements.items():
            code = [sys.executable, "-c", probe.format(statement)]
            done = subprocess.run(code, cwd=ROOT, capture_output=True, text=True, check=True)
            times[name].append(float(done.stdout))
    return {name: statistics.median(seconds) for name, seconds in times.items()}
