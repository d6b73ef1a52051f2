"""The benchmarks: the same workloads in msjax, JAX, MindSpore and PyTorch, in turns, on the same numbers.

    python -m benchmarks [--quick] [--rounds N] [--only PATTERN] [--threads N]
                         [--mindspore PYTHON] [--torch PYTHON] [--soak [STEPS]]

Run it from the repository. `--mindspore` and `--torch` name the Pythons of environments in which those are installed.
Each framework runs in a process of its own; in every round each takes its turn, so that whatever else the machine does
meets all alike. All results are compared before anything is timed. The tables show medians, the ratio to JAX under jit
and, in brackets, the ratio of the minima; they are printed and written to `benchmarks/results/`, with all numbers as
JSON beside them.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import fnmatch
import json
import os
import platform
import signal
import sys
from pathlib import Path

from benchmarks import report, startup
from benchmarks.runner import Failed, Process, Variant, measure
from benchmarks.workloads import WORKLOADS

MLP, PINN = "MLP 784-512-512-10 step, Adam", "Burgers PINN step, N = 8192"
MEMORY = (MLP, PINN, "LeNet step, 32 images")
SOAKED = "gradient of w * x + b by its weights", "MLP 784-512-512-10 step, Momentum"
RESULTS = Path(__file__).parent / "results"


def variants(options) -> list[Variant]:
    """The columns; the first is the one that the others' results are compared with."""
    retain = {"MSJAX_ALLOCATOR": "retain"}
    found = [
        Variant("JAX jit", "jax", compiled=True),
        Variant("msjax", "msjax"),
        Variant("msjax ms.jit", "msjax", compiled=True),
        Variant("msjax ms.jit, retain", "msjax", compiled=True, environment=retain),
        Variant("msjax, nothing compiled", "msjax", environment={"MSJAX_COMPILE": "off"}),
        Variant("JAX eager", "jax"),
    ]
    if options.mindspore:
        found.append(Variant("MindSpore PyNative", "mindspore", options.mindspore))
        found.append(Variant("MindSpore jit", "mindspore", options.mindspore, compiled=True))
    if options.torch:
        found.append(Variant("PyTorch eager", "torch", options.torch))
    return found


def chosen(pattern: str | None) -> list[str]:
    matching = f"*{pattern or ''}*".lower()
    return [name for name in WORKLOADS if fnmatch.fnmatch(name.lower(), matching)]


def timings(columns: list[Variant], names: list[str], options) -> tuple[dict, dict]:
    """(what the workers say of themselves, workload -> variant -> Measured)"""
    processes = {v.name: Process(v, options.threads) for v in columns}
    found, about = {}, {}
    try:
        for name, process in processes.items():
            about[name] = process.ask("about")
        for name in names:
            found[name] = measure(processes, WORKLOADS[name], 5 if options.quick else options.rounds)
            print(report.timings(list(processes), {name: found[name]}), flush=True)
            print(report.failures({name: found[name]}), flush=True)
    finally:
        for process in processes.values():
            process.end()
    return about, found


def alone(variant: Variant, options, do: str, **arguments) -> dict:
    """What a fresh worker answers."""
    process = Process(variant, options.threads)
    try:
        return process.ask(do, **arguments)
    except Failed as failure:
        return {"failure": str(failure)}
    finally:
        process.end()


def machine() -> str:
    names = [line.split(":")[1].strip() for line in _cpuinfo() if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} processors, {platform.system()}"


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def write(parts: dict, columns: list[Variant], about: dict, options) -> str:
    versions = {k: v for one in about.values() for k, v in one["versions"].items()}
    device = next(iter(about.values()))["device"]
    now, load = datetime.datetime.now(), os.getloadavg()[0]
    text = [f"# {device}, {now:%Y-%m-%d}", ""]
    text.append(f"{machine()}; threads: {options.threads or 'all'}; load average at the end {load:.1f}.")
    text.append(", ".join(f"{name} {version}" for name, version in sorted(versions.items())) + ".")
    names = [v.name for v in columns]
    text += ["", "Medians; **ratio to JAX jit**; (ratio of the minima).", "", report.timings(names, parts["timings"])]
    if failed := report.failures(parts["timings"]):
        text += ["", "What fails:", "", failed]
    if "startup" in parts:
        ratio = parts["imports"]["import msjax"] / parts["imports"]["import jax, flax"]
        text += ["", f"From nothing to the first result of {startup.WORKLOAD}:", "", report.startup(parts["startup"])]
        text += ["", f"`import msjax` takes {ratio:.2f} times as long as `import jax, flax`."]
        text += ["", report.memory(names, parts["memory"])]
    name = f"{now:%Y-%m-%d}-{device.split()[0].lower()}{f'-{options.threads}-threads' if options.threads else ''}"
    (RESULTS / f"{name}.md").write_text("\n".join(text) + "\n")
    (RESULTS / f"{name}.json").write_text(json.dumps({"about": about, **parts}, default=dataclasses.asdict, indent=1))
    return "\n".join(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few rounds; nothing but the timings")
    parser.add_argument("--rounds", type=int, default=20, metavar="N", help="in how many turns each is timed")
    parser.add_argument("--only", metavar="PATTERN", help="workloads whose name contains it; nothing but the timings")
    parser.add_argument("--threads", type=int, metavar="N", help="processors for each framework")
    parser.add_argument("--mindspore", metavar="PYTHON", help="the Python of an environment that has MindSpore")
    parser.add_argument("--torch", metavar="PYTHON", help="the Python of an environment that has PyTorch")
    parser.add_argument("--soak", type=int, nargs="?", const=10_000, metavar="STEPS", help="only take many steps")
    parser.add_argument("--write", action="store_true", help="write results even of a part")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the workers are ended, which may be stopped
    columns, whole = variants(options), not (options.quick or options.only)
    if options.soak:
        ours = [v for v in columns if v.framework == "msjax"]
        for workload in SOAKED:
            seen = {v.name: alone(v, options, "soak", workload=workload, calls=options.soak) for v in ours}
            print(f"{options.soak} steps of {workload}:\n\n{report.soak(seen)}\n", flush=True)
        return
    parts: dict = {}
    about, parts["timings"] = timings(columns, chosen(options.only), options)
    if whole:
        write(parts, columns, about, options)  # what there is so far, should the rest be interrupted
        parts["startup"] = startup.measure(columns, options.threads, max(1, options.rounds // 6))
        parts["imports"] = startup.imports(5)
        parts["memory"] = {
            name: {v.name: alone(v, options, "memory", workload=name) for v in columns} for name in MEMORY
        }
    if whole or options.write:
        print(write(parts, columns, about, options))


if __name__ == "__main__":
    main()
