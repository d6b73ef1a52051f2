"""What the benchmarks share that time programs of one process, in turns: their options, timing, and results."""

from __future__ import annotations

import argparse
import datetime
import json
import time
from collections.abc import Callable, Hashable
from pathlib import Path

import jax
import numpy as np

import msjax as ms

RESULTS = Path(__file__).parent / "results"


def options(doc: str | None, rounds: int, what: str) -> argparse.Namespace:
    """The options `rounds` and `only`, from the command line; programs are compiled anew, not taken from disk."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=rounds, metavar="N", help="in how many turns each is timed")
    parser.add_argument("--only", default="", metavar="PATTERN", help=f"{what} whose name contains it")
    jax.config.update("jax_enable_compilation_cache", False)
    return parser.parse_args()


def least(programs: dict[Hashable, Callable], arguments: tuple, rounds: int) -> dict[Hashable, dict[str, float]]:
    """program -> {"wall", "processor"}: the least seconds of each, which are run in turns."""
    found = {name: {"wall": np.inf, "processor": np.inf} for name in programs}
    for _ in range(rounds):
        for name, program in programs.items():
            wall, processor, one = time.perf_counter(), time.process_time(), found[name]
            jax.block_until_ready(program(*arguments))
            one["wall"] = min(one["wall"], time.perf_counter() - wall)
            one["processor"] = min(one["processor"], time.process_time() - processor)
    return found


def title(name: str) -> str:
    """The first line of the results."""
    device, today = jax.devices()[0].device_kind, datetime.date.today()
    return f"# {name}, {device}, {today}, jax {jax.__version__}, msjax {ms.__msjax_version__}"


def keep(name: str, text: str, everything: dict) -> None:
    """Write the results beside the others."""
    path = RESULTS / f"{datetime.date.today()}-{jax.devices()[0].device_kind.lower()}-{name}"
    path.with_suffix(".md").write_text(text)
    path.with_suffix(".json").write_text(json.dumps(everything, indent=1))
