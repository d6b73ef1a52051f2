"""Run a program in the two modes that its way of calling compares."""

from __future__ import annotations

import gc
import hashlib
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msjax as ms
from contract.run import difference, observe
from fuzz import support
from fuzz.generate import Spec, source
from fuzz.ways import WAYS

_folder = tempfile.TemporaryDirectory(prefix="fuzz_")


@dataclass(frozen=True)
class Outcome:
    """How a program went.

    Attributes:
        told: where the two modes can be told apart, or None.
        compiled: whether `ms.explain` says that it was compiled.
        reason: why it ran eagerly, as `ms.explain` says it.
        failed: how many of the calls raised, without compilation.
        broken: what the program itself raised, which it should not.
    """

    told: str | None
    compiled: bool
    reason: str
    failed: int
    broken: str | None


def check(spec: Spec) -> Outcome:
    """Run a program in both modes and compare."""
    compiled, off = (run(spec, side) for side in WAYS[spec.way].sides)
    reports = compiled.pop("reports")
    del off["reports"]
    failed = sum(_has_raised(step) for step in off["steps"])
    traced = any(report["traces"] for report in reports)
    reason = next((report["reason"] for report in reports if report["reason"]), "")
    return Outcome(difference(compiled, off), traced, reason, failed, off["raised"] and ": ".join(off["raised"]))


def run(spec: Spec, side: str) -> dict:
    """What can be seen of a program in one mode, and what `ms.explain` says."""
    text = source(spec)
    stem = f"fuzz_{hashlib.sha1(text.encode()).hexdigest()[:12]}"
    folder = Path(_folder.name)
    (folder / f"{stem}.py").write_text(text)
    support.side = side
    try:
        seen = observe(stem, "fuzzed", "auto" if side == "auto" else "off", folder)
    except Exception as error:  # something that the program left behind can not even be looked at
        seen = {"steps": [], "raised": None, "unreadable": [type(error).__name__, str(error)]}
    finally:
        sys.modules.pop(f"contract_{stem}", None)
        support.side = "auto"
    return {**seen, "reports": [report for report in ms.explain().data if stem in report["function"]]}


def _has_raised(step) -> bool:
    """Whether a step is a result and arguments, and the result is what a call raised."""
    first = step.get("tuple", [None])[0] if isinstance(step, dict) else None
    pair = first.get("tuple") if isinstance(first, dict) else None
    return (
        bool(pair) and len(pair) == 2 and isinstance(pair[0], str) and pair[0].endswith(("Error", "Own", "Exception"))
    )


def settle() -> None:
    """Leave what exists now out of garbage collections, which follow every run."""
    gc.collect()
    gc.freeze()
