"""Run a program compiled and eagerly, compare the two, and both with JAX."""

from __future__ import annotations

import gc
import hashlib
import sys
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

import msjax as ms
from contract.run import difference, observe

from . import support, twin
from .construct import SHAPES
from .generate import Program, call_kind, jax_source, source
from .ways import Twin

_folder = tempfile.TemporaryDirectory(prefix="random_programs_")
TOLERANCES = {"float64": 1e-7, "float32": 3e-3}
_DTYPES = {"float64": "Float64", "float32": "Float32"}


@dataclass(frozen=True)
class Outcome:
    """How a program went.

    Attributes:
        told: where compiled and eager runs can be told apart, or None.
        wrong: where the eager run is not what JAX says, or None.
        failed: what it raised.
        compiled: whether something was compiled.
        broken: what is wrong with the twin itself.
    """

    told: str | None
    wrong: str | None
    failed: str | None
    compiled: bool
    broken: str | None


def check(p: Program) -> Outcome:
    text = source(p)
    stem = f"random_{hashlib.sha1(text.encode()).hexdigest()[:12]}"
    folder = Path(_folder.name)
    (folder / f"{stem}.py").write_text(text)
    auto = _observed(stem, "auto", folder)
    compiled = any(report["traces"] for report in ms.explain().data if stem in report["function"])
    off = _observed(stem, "off", folder)
    told = difference(auto, off)
    failed = _failure(off)
    wrong = broken = None
    if not failed and p.judged:
        try:
            wrong = _judge(p, off["steps"])
        except Exception:
            broken = traceback.format_exc(limit=-4)
    return Outcome(told, wrong, failed, compiled, broken)


def _observed(stem, mode, folder):
    try:
        return observe(stem, "fuzzed", mode, folder)
    except Exception as error:
        return {"steps": [], "raised": [type(error).__name__, str(error)]}
    finally:
        sys.modules.pop(f"contract_{stem}", None)


def _failure(seen) -> str | None:
    if seen["raised"]:
        return ": ".join(seen["raised"])
    for step in seen["steps"][1:]:
        result = step["tuple"][0]
        if isinstance(result, dict) and result.get("tuple") and isinstance(result["tuple"][0], str):
            return ": ".join(map(str, result["tuple"]))
    return None


def _judge(p: Program, steps) -> str | None:
    """Where the results are not those of JAX."""
    names = dict(twin.NAMES)
    names["R"] = {kind: jnp.asarray(support.ramp(kind)) for kind in SHAPES}
    names["n"] = np.array([1, 0])
    twin.dtypes["numpy"] = np.dtype(p.dtype)
    exec(compile(jax_source(p), "twin", "exec"), names)
    P, weights, names_of = {}, [], []
    for item in steps[0]["list"]:
        name, described = item["tuple"]
        names_of.append(name)
        P[name] = jnp.asarray(np.array(described["values"], np.float64).reshape(described["shape"]))
        if described["requires_grad"]:
            weights.append(name)
    ms.set_seed(0)
    for step, call in zip(steps[1:], (0, 0, 1), strict=True):
        result, _args, state = step["tuple"]
        args = [
            jnp.asarray(support.array(p.seed, "x" if p.same else name, call_kind(p, kind), call))
            for name, kind in p.arguments.items()
        ]
        if p.dtype == "float32":
            args = [a.astype(jnp.float32).astype(jnp.float64) for a in args]
        t = Twin(names["F"], args, p.positions, P, weights, p.same)
        t.directions = [names["R"][list(p.arguments.values())[i]] for i in p.positions]
        expected, P = p.way.twin(t)
        P = jax.tree.map(jax.lax.stop_gradient, P)
        if said := compare(result, expected, p.dtype, "result"):
            return said
        for name, described in zip(names_of, state["list"], strict=True):
            if said := compare(described, P[name], p.dtype, name):
                return said
    return None


def compare(got, expected, dtype: str, where: str) -> str | None:
    """Where a description is not an expected nest of arrays."""
    if isinstance(expected, (tuple, list)):
        kind = "tuple" if isinstance(expected, tuple) else "list"
        if not isinstance(got, dict) or kind not in got or len(got[kind]) != len(expected):
            return f"{where}: {_short(got)}, expected a {kind} of {len(expected)}"
        said = (compare(g, e, dtype, f"{where}[{i}]") for i, (g, e) in enumerate(zip(got[kind], expected, strict=True)))
        return next(filter(None, said), None)
    if isinstance(expected, dict):
        if not isinstance(got, dict) or "dict" not in got or sorted(k for k, _ in got["dict"]) != sorted(expected):
            return f"{where}: {_short(got)}, expected {list(expected)}"
        said = (compare(v, expected[k], dtype, f"{where}[{k!r}]") for k, v in got["dict"])
        return next(filter(None, said), None)
    if not hasattr(expected, "shape"):
        return (
            None
            if got == expected and type(got) is type(expected)
            else f"{where}: {_short(got)}, expected {expected!r}"
        )
    if not isinstance(got, dict) or got.get("tensor") != _DTYPES[dtype] or got["shape"] != list(expected.shape):
        return f"{where}: {_short(got)}, expected {_DTYPES[dtype]} {expected.shape}"
    values = np.array([float(v) for v in got["values"]]).reshape(expected.shape)
    expected = np.asarray(expected)
    if not np.isfinite(expected).all() and dtype == "float64":
        return None if np.allclose(values, expected, equal_nan=True) else f"{where}: {values}, expected {expected}"
    scale = max(1.0, np.abs(expected).max(initial=0))
    if not np.allclose(values, expected, rtol=0, atol=TOLERANCES[dtype] * scale):
        return f"{where}: {values.tolist()}, expected {expected.tolist()}"
    return None


def _short(x) -> str:
    return repr(x)[:300]


def settle() -> None:
    """Leave what exists now out of garbage collections, which follow every run."""
    gc.collect()
    gc.freeze()
