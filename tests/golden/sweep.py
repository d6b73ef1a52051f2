"""Elementwise operators, comparisons, reductions, sorts and joins at special values, in several dtypes.

Most calls are made from the lines of the operator table, one for each operator, so a new operator is swept without
being mentioned here. The names in a call stand for grids of the dtype's special values: `x` for all, `a` and `b` for
all pairs of a few, `m` for a matrix with these pairs as rows. An answer is one line: dtype, shape and values.

`special_values.json` has MindSpore's answers and, under "own", ours where they differ on purpose; see
`scripts/record_sweep.py` and `tests/ops/test_special_values.py`.
"""

from __future__ import annotations

import importlib
import re
import warnings
from types import ModuleType

import numpy as np

DTYPES = ("float32", "float16", "int32", "int8", "uint8", "bool_")
MODULES = set("elementwise comparison complex special activation reduction sort extremes quantile distance".split())

# (relative, absolute), and digits that are written down
PRECISION = {
    "Float16": (4e-3, 1e-4, 5),
    "Float32": (5e-5, 1e-30, 7),
    "Float64": (1e-8, 1e-300, 10),
    "Complex64": (5e-5, 1e-6, 7),
}

# Smallest normal number, distance of 1 to its neighbour, largest number. Smaller ones count as 0 in XLA on a CPU.
EXTREMES = {"float16": (6.104e-05, 9.77e-04, 65504), "float32": (1.1754944e-38, 1.1920929e-07, 3.4028235e38)}
KINKS = (0.1, 0.3, 0.5, -0.5, 0.7, 1, -1, 1.5, 2, 2.5, -2.5, 3, -3, 3.5, 6, 7.5, 20, -20, 21, 100, -100, 1e4)


def grid(dtype: str) -> list:
    """The special values of a dtype."""
    if dtype in EXTREMES:
        extremes = EXTREMES[dtype]
        return [0, -0.0, *extremes, *(-v for v in extremes), *KINKS, np.inf, -np.inf, np.nan]
    if dtype == "bool_":
        return [False, True]
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    return [v for v in (0, 1, -1, 2, -3, 7, 100, low, low + 1, high, high - 1) if low <= v <= high]


def few(dtype: str) -> list:
    """Those of which all pairs are formed."""
    return (
        [0, -0.0, 0.1, 1, -2.5, -3, EXTREMES[dtype][2], np.inf, -np.inf, np.nan] if dtype in EXTREMES else grid(dtype)
    )


def names(ms: ModuleType, dtype: str) -> dict:
    """What the names in a call stand for."""
    pairs = [[v, w] for v in few(dtype) for w in few(dtype)]
    grids = {"x": grid(dtype), "a": [p[0] for p in pairs], "b": [p[1] for p in pairs], "m": pairs}
    found = {name: ms.Tensor(np.array(values, dtype)) for name, values in grids.items()}
    rooms = {"ops": "ops", "mint": "mint", "mnp": "numpy"}
    return {**found, **{name: importlib.import_module(f"{ms.__name__}.{path}") for name, path in rooms.items()}}


# -- answers ---------------------------------------------------------------------------------------------------------


def answer(ms: ModuleType, call: str, namespace: dict) -> str:
    """What a call gives, or the type of its error."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return told(ms, eval(call, namespace))
        except Exception as error:
            return f"{type(error).__name__}!"


def own_answers(calls: list[str], dtype: str) -> dict[str, str]:
    """msjax's answers. Many calls are one program each, since compiling them one by one takes ten times as long."""
    import msjax as ms

    found: dict[str, str] = {}
    namespace = names(ms, dtype)
    for start in range(0, len(calls), 100):
        found |= _answers_of_one_program(ms, calls[start : start + 100], namespace)
    return {call: found.get(call) or answer(ms, call, namespace) for call in calls}


def _answers_of_one_program(ms: ModuleType, calls: list[str], namespace: dict) -> dict[str, str]:
    """Without those that have no place in one: they raise, or need the values."""
    import jax

    tensors = {name: value for name, value in namespace.items() if isinstance(value, ms.Tensor)}
    kinds: dict[str, type] = {}

    def program(tensors):
        results = {}
        for call in calls:
            try:
                result = eval(call, {**namespace, **tensors})
            except Exception:
                continue
            kinds[call] = type(result)
            results[call] = list(result) if isinstance(result, (tuple, list)) else [result]
        return results

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = jax.jit(program)(tensors)
    return {c: told(ms, r if kinds[c] in (tuple, list) else r[0]) for c, r in results.items()}


def told(ms: ModuleType, result) -> str:
    if isinstance(result, (tuple, list)):
        return "; ".join(told(ms, r) for r in result)
    if not isinstance(result, ms.Tensor):
        return f"{type(result).__name__} {result}"
    dtype, shape = str(result.dtype), "x".join(map(str, result.shape))
    digits = PRECISION[dtype][2] if dtype in PRECISION else None
    return f"{dtype} {shape}: {' '.join(_number(v, digits) for v in result.asnumpy().ravel())}"


def _number(value, digits: int | None) -> str:
    if isinstance(value, np.complexfloating):
        return f"{_number(value.real, digits)},{_number(value.imag, digits)}"
    return str(int(value)) if digits is None else f"{value:.{digits}g}"


def alike(actual: str, expected: str) -> bool:
    """Whether two answers are the same within rounding; the sign of 0 does not count."""
    parts = actual.split("; "), expected.split("; ")
    return len(parts[0]) == len(parts[1]) and all(map(_alike, *parts))


def _alike(actual: str, expected: str) -> bool:
    head, _, own = actual.partition(": ")
    if actual == expected or head != expected.partition(": ")[0] or "!" in head:
        return actual == expected
    precision = PRECISION.get(head.split()[0], (0, 0))
    return all(_close(v, w, precision) for v, w in zip(own.split(), expected.partition(": ")[2].split(), strict=True))


def _close(v: str, w: str, precision) -> bool:
    if v == w or "," in v:
        return v == w or all(_close(p, q, precision) for p, q in zip(v.split(","), w.split(","), strict=True))
    return bool(np.isclose(float(v), float(w), precision[0], precision[1], equal_nan=True))


# -- calls -----------------------------------------------------------------------------------------------------------

# Drawn at random, no functions of numbers, or without an answer of MindSpore's to go by.
_OTHERS = set(
    "rrelu gumbel_softmax dtype shape rank size tuple_to_array igamma igammac zeta polygamma nextafter betainc gcd lcm "
    "renorm mvlgamma heaviside array_equal array_equiv in1d isin cdist dist pdist view_as_real numpy.fix".split()
)
_NUMBERS = ("300", "-1", "0", "2.5", "0.1", "True")
_OF_NUMBERS = (
    *("x + {0}", "{0} - x", "x * {0}", "x / {0}", "{0} / x", "x // {0}", "{0} // x", "x % {0}", "{0} % x"),
    *("x < {0}", "x >= {0}", "x == {0}", "ops.fmod(x, {0})", "ops.minimum(x, {0})", "ops.less(x, {0})"),
    *("mint.eq(x, {0})", "mnp.add(x, {0})", "mnp.floor_divide(x, {0})", "mnp.mod(x, {0})"),
)
_FURTHER = (
    *(f"ops.div(a, b, rounding_mode={mode!r})" for mode in ("floor", "trunc")),
    *(f"mnp.{join}(m)" for join in ("concatenate", "stack", "hstack", "vstack", "dstack", "column_stack")),
    "mnp.stack((m, m))", "mnp.divmod(a, b)", "mnp.float_power(a, b)", "mnp.tril(x)", "mnp.trapz(m)", "m[:2].trace()",
    "mnp.trace(m[:2])", "ops.clamp(x, -1, 2)", "mnp.remainder(a, b)", "mnp.fmod(a, b)", "mnp.sign(x)",
    "mnp.reciprocal(x)",
)  # fmt: skip


def calls() -> list[str]:
    """One call for each operator and grid; from msjax's operator table."""
    from msjax.ops import table

    found: dict[tuple, str] = {}
    rooms = {"ops": "ops", "mint": "mint", "mint.nn.functional": "mint.nn.functional", "numpy": "mnp"}
    for room, short in rooms.items():
        faces = [face for name in table.rooms[room].rows for face in table.rooms[room].faces(name)]
        for face in filter(_swept, faces):
            if given := _arguments(face):
                made = "()" if face.init else ""
                found.setdefault((face.operator.definition, given), f"{short}.{face.name}{made}({given})")
    numbers = [form.format(number) for form in _OF_NUMBERS for number in _NUMBERS]
    return [*dict.fromkeys([*found.values(), *_FURTHER, *numbers])]


def _swept(face) -> bool:
    module = face.operator.definition.__module__.rpartition(".")[2]
    again = face.operator.name.startswith("tensor_")  # older names of the same functions
    left_out = _OTHERS & {face.operator.name, f"{face.room}.{face.name}"}
    return module in MODULES and not left_out and not again


def _arguments(face) -> str | None:
    """The grids for a face that needs no more than Tensors and an axis."""
    if face.init and any(p.default is None for p in face.init.parameters):
        return None
    needed = [p for p in face.call.parameters if p.default is None]
    axis = next((p.name for p in face.call.parameters if p.name in ("axis", "dim")), None)
    if any(p.kind for p in needed) or not needed:
        return None
    if axis and len(needed) <= 2 and all(p.name == axis for p in needed[1:]):
        return f"m, {axis}=1"
    arrays = len(needed) <= len(face.operator.arrays)
    return re.sub("^x, y$", "a, b", ", ".join("xy"[: len(needed)])) if arrays and len(needed) <= 2 else None
