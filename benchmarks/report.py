"""Tables in markdown of what was measured."""

from __future__ import annotations

from benchmarks.runner import Measured

BASE = "JAX jit"  # what the ratios are to


def duration(seconds: float) -> str:
    for scale, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "us")):
        if seconds >= scale or unit == "us":
            return f"{seconds / scale:.3g} {unit}"
    raise AssertionError


def megabytes(count: int) -> str:
    return f"{count / 2**20:.1f} MB"


def table(columns: list[str], rows: list[list[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(one: Measured, base: Measured | None) -> str:
    """The median, its ratio to the base and, in brackets, the ratio of the minima."""
    if one.failure or not one.seconds:
        return "fails"
    text = duration(one.median)
    if base is not None and base.seconds and base is not one:
        text += f" **{one.median / base.median:.3g}x** ({one.minimum / base.minimum:.3g}x)"
    return text + (" *differs*" if one.wrong else "")


def timings(names: list[str], found: dict[str, dict[str, Measured]]) -> str:
    rows = [[workload, *(cell(by[name], by.get(BASE)) for name in names)] for workload, by in found.items()]
    return table(["workload", *names], rows)


def failures(found: dict[str, dict[str, Measured]]) -> str:
    lines = [
        f"- {workload}, {name}: {one.failure}"
        for workload, by in found.items()
        for name, one in by.items()
        if one.failure
    ]
    return "\n".join(lines)


def startup(found: dict[str, dict]) -> str:
    phases = ["import", "first call", "first call, warm cache"]
    rows = [[name, *(duration(t[p]) if p in t else "fails" for p in phases)] for name, t in found.items()]
    return table(["", *phases], rows)


def memory(names: list[str], found: dict[str, dict[str, dict]]) -> str:
    def shown(answer: dict) -> str:
        if "host" not in answer:
            return "fails"
        device = ", ".join(f"{what} {megabytes(n)}" for what, n in answer["device"].items())
        return f"host {megabytes(answer['host'])}" + (f"; {device}" if device else "")

    return table(
        ["peak memory", *names],
        [[workload, *(shown(by[name]) for name in names)] for workload, by in found.items()],
    )


def soak(found: dict[str, dict]) -> str:
    rows = []
    for name, seen in found.items():
        if "memory" not in seen:
            rows.append([name, "fails", seen.get("failure", "")])
            continue
        growth = seen["memory"][-1] - seen["memory"][0]
        rows.append([name, f"{growth / 2**10:+.0f} KB", str(seen["programs"][-1] - seen["programs"][0])])
    return table(["", "memory, from 10% to the end", "programs compiled meanwhile"], rows)
