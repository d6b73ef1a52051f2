"""Run a program compiled and eagerly, compare the two, and both with JAX."""

from __future__ import annotations

import gc
import hashlib
import re
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
from .construct import SHAPES, WHOLE
from .generate import Program, call_kind, jax_source, source
from .variations import VARIATIONS, Variation
from .ways import Twin, Whole

_folder = tempfile.TemporaryDirectory(prefix="random_programs_")
TOLERANCES = {"float64": 1e-7, "float32": 3e-3, "complex64": 3e-3, "float16": 2e-2, "bfloat16": 1e-1}
_DTYPES = {
    "float64": "Float64", "float32": "Float32", "complex64": "Complex64", "float16": "Float16", "bfloat16": "BFloat16",
}  # fmt: skip
_SHAKEN = 4  # how often the arguments are rounded in another way
# What Python, JAX and numpy say of values that a user never saw.
_INTERNAL = re.compile(r"\bjax\b|XLA|Tracer|ShapedArray|\blax\b|\bjnp\b|dot_general|UnboundLocal|core\.frames")
_ERRORS = (
    "ValueError TypeError RuntimeError IndexError KeyError AttributeError NameError ZeroDivisionError AssertionError "
    "NotImplementedError Own"
).split()


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
    varied = VARIATIONS[p.variation] if p.variation else Variation()
    failed = _failure(off)
    told = difference(auto, off)
    rounded = bool(told) and not difference(*map(_without_values, (auto, off)))
    if varied.raises:
        return Outcome(told, None, failed if failed and _from_inside(failed) else None, compiled, None)
    wrong = broken = None
    if judged := p.judged and not failed:
        try:
            wrong = _wrong(p, off["steps"]) or (_wrong(p, auto["steps"]) if rounded else None)
        except Exception:
            broken = traceback.format_exc(limit=-4)
    if rounded and (judged or varied.slack):  # how far both may be apart, JAX says
        told = None
    return Outcome(told, wrong, failed, compiled, broken)


def _wrong(p: Program, steps) -> str | None:
    """Where the results are not those of JAX, further than the arguments' rounding explains."""
    return _judge(p, steps) and _judge(p, steps, slack=True)


def _from_inside(failed: str) -> bool:
    """Whether an error is none that MindSpore's programs meet."""
    kind, _, text = failed.partition(": ")
    return kind.rstrip("_0123456789") not in _ERRORS or bool(_INTERNAL.search(text))


def _without_values(described):
    """A description without the values of Tensors, which rounding may change."""
    if isinstance(described, list):
        return [*map(_without_values, described)]
    if not isinstance(described, dict):
        return described
    return {key: [] if key == "values" else _without_values(part) for key, part in described.items()}


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


def _judge(p: Program, steps, slack: bool = False) -> str | None:
    """Where the results are not those of JAX; with `slack`, further than the arguments' rounding explains."""
    names = dict(twin.NAMES)
    names["R"] = {kind: jnp.asarray(support.ramp(kind)) for kind in SHAPES}
    names["n"] = np.array([1, 0])
    dtype = np.dtype(getattr(jnp, p.dtype))
    twin.dtypes["numpy"] = dtype
    wide = jnp.complex128 if dtype.kind == "c" else jnp.float64
    names["D"] = wide
    exec(compile(jax_source(p), "twin", "exec"), names)
    P, weights, names_of = {}, [], []
    for item in steps[0]["list"]:
        name, described = item["tuple"]
        names_of.append(name)
        P[name] = jnp.asarray(_numbers(described["values"])).reshape(described["shape"]).astype(wide)
        if described["requires_grad"]:
            weights.append(name)
    ms.set_seed(0)
    for step, call in zip(steps[1:], (0, 0, 1), strict=True):
        result, _args, state = step["tuple"]
        args = [
            jnp.asarray(support.array(p.seed, "x" if p.same else name, call_kind(p, kind), call, dtype.kind == "c"))
            for name, kind in p.arguments.items()
        ]
        if p.dtype != "float64":
            args = [a.astype(dtype).astype(wide) for a in args]
        given = args, P
        expected, P = _answer(p, names, weights, *given)
        P = jax.tree.map(jax.lax.stop_gradient, P)
        shaken = [_answer(p, names, weights, *_shaken(given, dtype, n)) for n in range(_SHAKEN if slack else 0)]
        if said := compare(result, expected, p.dtype, "result", [one for one, _ in shaken]):
            return said
        for name, described in zip(names_of, state["list"], strict=True):
            if said := compare(described, P[name], p.dtype, name, [after[name] for _, after in shaken]):
                return said
    return None


def _answer(p: Program, names: dict, weights: list[str], args, P):
    """What JAX gives, and the Parameters afterwards."""
    kinds = list(p.arguments.values())
    whole = tuple(i for i, kind in enumerate(kinds) if kind == WHOLE)
    t = Twin(names["F"], args, p.positions, P, weights, p.same, whole)
    t.directions = [names["R"].get(kinds[i]) for i in p.positions]
    return p.way.twin(t)


def _shaken(given, dtype, number: int):
    """The arguments and Parameters, each element as it might have been before it was rounded some times."""
    rng, unit = np.random.default_rng(number), 4 * float(jnp.finfo(dtype).eps)
    return jax.tree.map(lambda a: a * (1 + unit * rng.uniform(-1, 1, a.shape)), given)


def _numbers(values: list) -> np.ndarray:
    """The numbers of a description; a pair is a complex one."""
    return np.array([complex(*map(float, v)) if isinstance(v, list) else float(v) for v in values])


def compare(got, expected, dtype: str, where: str, shaken=()) -> str | None:
    """Where a description is not an expected nest of arrays; `shaken` are nests for arguments that differ slightly."""
    if isinstance(expected, (tuple, list)):
        kind = "tuple" if isinstance(expected, tuple) else "list"
        if not isinstance(got, dict) or kind not in got or len(got[kind]) != len(expected):
            return f"{where}: {_short(got)}, expected a {kind} of {len(expected)}"
        said = (
            compare(g, e, dtype, f"{where}[{i}]", [one[i] for one in shaken])
            for i, (g, e) in enumerate(zip(got[kind], expected, strict=True))
        )
        return next(filter(None, said), None)
    if isinstance(expected, dict):
        if not isinstance(got, dict) or "dict" not in got or sorted(k for k, _ in got["dict"]) != sorted(expected):
            return f"{where}: {_short(got)}, expected {list(expected)}"
        said = (compare(v, expected[k], dtype, f"{where}[{k!r}]", [one[k] for one in shaken]) for k, v in got["dict"])
        return next(filter(None, said), None)
    if isinstance(expected, Whole):
        return _compare_whole(got, np.asarray(expected.value), where)
    if not hasattr(expected, "shape"):
        return (
            None
            if got == expected and type(got) is type(expected)
            else f"{where}: {_short(got)}, expected {expected!r}"
        )
    if not isinstance(got, dict) or got.get("tensor") != _DTYPES[dtype] or got["shape"] != list(expected.shape):
        return f"{where}: {_short(got)}, expected {_DTYPES[dtype]} {expected.shape}"
    values = _numbers(got["values"]).reshape(expected.shape)
    expected = np.asarray(expected)
    if not np.isfinite(expected).all() and dtype == "float64":
        return None if np.allclose(values, expected, equal_nan=True) else f"{where}: {values}, expected {expected}"
    scale = max(1.0, np.abs(expected).max(initial=0))
    spread = max((np.abs(np.asarray(one) - expected).max(initial=0) for one in shaken), default=0)
    largest = float(jnp.finfo(getattr(jnp, dtype)).max)
    if shaken and not scale + spread < largest:  # beyond the range of narrow numbers, or not defined beside it
        return None
    if not np.allclose(values, expected, rtol=0, atol=TOLERANCES[dtype] * scale + 4 * spread):
        return f"{where}: {values.tolist()}, expected {expected.tolist()}"
    return None


def _compare_whole(got, expected: np.ndarray, where: str) -> str | None:
    """Integers, which are floats cut off; those near to a whole number may have been on either side of it."""
    if not isinstance(got, dict) or got.get("tensor") != "Int32" or got["shape"] != list(expected.shape):
        return f"{where}: {_short(got)}, expected Int32 {expected.shape}"
    values, near = np.array(got["values"]).reshape(expected.shape), np.round(expected)
    close = np.abs(expected - near) < TOLERANCES["float32"] * np.maximum(1, np.abs(expected))
    right = (values == np.trunc(expected)) | (close & (np.abs(values - near) <= 1))
    return None if right.all() else f"{where}: {values.tolist()}, expected {expected.tolist()}"


def _short(x) -> str:
    return repr(x)[:300]


def settle() -> None:
    """Leave what exists now out of garbage collections, which follow every run."""
    gc.collect()
    gc.freeze()
