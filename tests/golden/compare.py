"""Describe results as plain JSON values, and compare two descriptions with a tolerance for each dtype.

| a result of type        | is described as                                                        |
|-------------------------|------------------------------------------------------------------------|
| Tensor                  | `{"tensor": "Float32", "shape": [2], "values": [1.0, "nan"]}`, C order  |
| Parameter               | the same, and `"parameter": name`                                       |
| numpy array or scalar   | `{"numpy": "float32", "shape": ..., "values": ...}`                     |
| tuple, list, set        | `{"tuple": [...]}`, ...; a named tuple has its `"class"`               |
| dict                    | `{"dict": [[key, value], ...]}` in order                                |
| dtype                   | `{"dtype": "Float32"}`                                                  |
| str, bool, int, None    | itself; a float too, unless it is nan or inf: `{"float": "nan"}`        |
| anything else           | `{"object": name of its type}`, a class `{"class": its name}`           |
"""

import math
import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

Description = Any

# (relative, absolute): a few units in the last place; transcendental functions differ by as much between libraries.
TOLERANCES = {
    "Float16": (2e-3, 1e-4),
    "BFloat16": (1.6e-2, 1e-3),
    "Float32": (2e-5, 1e-6),
    "Float64": (1e-9, 1e-12),
    "Complex64": (2e-5, 1e-6),
    "Complex128": (1e-9, 1e-12),
}
_NUMPY_TOLERANCES = {name.lower(): tolerance for name, tolerance in TOLERANCES.items()}
_PYTHON_FLOAT = (1e-6, 1e-9)

_DTYPES = (
    "bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 bfloat16 float32 float64 complex64 complex128"
).split()

# An unnamed Parameter is called by a number that counts all Parameters of the process.
_COUNTER = re.compile(r"#\d+$")


class Describer:
    """Describes results of `ms`, be it MindSpore or msjax."""

    def __init__(self, ms: ModuleType):
        self.ms = ms
        self.dtypes = [getattr(ms, name) for name in _DTYPES]

    def __call__(self, x: Any) -> Description:
        if x is None or isinstance(x, (bool, int, str)):
            return x if type(x) in (bool, int, str, type(None)) else {"object": type(x).__name__}
        if type(x) in (float, complex):
            return _number(x) if type(x) is float and math.isfinite(x) else {type(x).__name__: _number(x)}
        if isinstance(x, self.ms.Tensor):
            return self._tensor(x)
        if isinstance(x, (np.ndarray, np.generic)):
            return {"numpy": x.dtype.name, "shape": list(x.shape), "values": _values(np.asarray(x))}
        if isinstance(x, Mapping):
            return {"dict": [[self(key), self(value)] for key, value in x.items()]}
        if isinstance(x, (tuple, list)):
            return self._sequence(x)
        if isinstance(x, (set, frozenset)):
            return {"set": sorted((self(item) for item in x), key=repr)}
        if any(x is dtype for dtype in self.dtypes):
            return {"dtype": str(x)}
        return {"class": x.__name__} if isinstance(x, type) else {"object": type(x).__name__}

    def _tensor(self, x: Any) -> Description:
        dtype = str(x.dtype)
        wide = x.astype(self.ms.float32) if dtype == "BFloat16" else x
        described = {"tensor": dtype, "shape": list(x.shape), "values": _values(wide.asnumpy())}
        if isinstance(x, self.ms.Parameter):
            described["parameter"] = _COUNTER.sub("#", x.name)
        return described

    def _sequence(self, x: tuple | list) -> Description:
        kind = "tuple" if isinstance(x, tuple) else "list"
        described: dict[str, Any] = {kind: [self(item) for item in x]}
        if hasattr(x, "_fields"):
            described["class"] = type(x).__name__
        return described


def _values(array: np.ndarray) -> list:
    # The shortest text that reads back as the same float32 keeps the files small.
    shorten = array.dtype in (np.float16, np.float32)
    return [_number(float(str(v)) if shorten else v.item()) for v in array.ravel()]


def _number(v: Any) -> Any:
    if isinstance(v, complex):
        return [_number(v.real), _number(v.imag)]
    return v if not isinstance(v, float) or math.isfinite(v) else str(v)


def disagreement(actual: Mapping[str, Any], recorded: Mapping[str, Any]) -> str | None:
    """None if an outcome (see `golden.run.outcome`) is the recorded one, else one line that says what is different.

    Errors are compared by type. Where only MindSpore's CPU kernel is missing, giving a value is right.
    """
    if "error" in recorded:
        if actual.get("error") == recorded["error"] or (recorded.get("cpu_kernel") and "value" in actual):
            return None
        return f"{_short(dict(actual))}, expected {recorded['error']} ({recorded.get('says')})"
    if "error" in actual:
        return f"{actual['error']} ({actual['says']}), expected {_short(recorded['value'])}"
    return mismatch(actual["value"], recorded["value"])


def mismatch(actual: Description, expected: Description, where: str = "result") -> str | None:
    """None if the two agree, else one line that says where and how they do not."""
    if isinstance(expected, float) and type(actual) is float:
        return None if _close(actual, expected, _PYTHON_FLOAT) else f"{where}: {actual!r}, expected {expected!r}"
    if type(actual) is not type(expected):
        return f"{where}: {_short(actual)}, expected {_short(expected)}"
    if isinstance(expected, dict):
        return _mismatch_in_dict(actual, expected, where)
    if isinstance(expected, list):
        return _mismatch_in_list(actual, expected, where)
    return None if actual == expected else f"{where}: {_short(actual)}, expected {_short(expected)}"


def _mismatch_in_dict(actual: dict, expected: dict, where: str) -> str | None:
    if actual.keys() != expected.keys():
        return f"{where}: {_short(actual)}, expected {_short(expected)}"
    if "values" not in expected:
        parts = (mismatch(actual[key], expected[key], f"{where}.{key}") for key in expected)
        return next((part for part in parts if part), None)
    for key in expected.keys() - {"values"}:
        if actual[key] != expected[key]:
            return f"{where}: {key} {actual[key]}, expected {expected[key]}"
    dtype = expected.get("tensor") or expected["numpy"]
    tolerance = TOLERANCES.get(dtype) or _NUMPY_TOLERANCES.get(dtype) or (0.0, 0.0)
    if all(_close(a, e, tolerance) for a, e in zip(actual["values"], expected["values"], strict=True)):
        return None
    return f"{where}: {dtype} {_short(actual['values'])}, expected {_short(expected['values'])}"


def _mismatch_in_list(actual: list, expected: list, where: str) -> str | None:
    if len(actual) != len(expected):
        return f"{where}: {len(actual)} items, expected {len(expected)}"
    parts = (mismatch(a, e, f"{where}[{i}]") for i, (a, e) in enumerate(zip(actual, expected, strict=True)))
    return next((part for part in parts if part), None)


def _close(a: Any, e: Any, tolerance: tuple[float, float]) -> bool:
    if isinstance(e, list):
        return all(_close(x, y, tolerance) for x, y in zip(a, e, strict=True))
    if isinstance(a, str) or isinstance(e, str):
        return a == e
    relative, absolute = tolerance
    return a == e or abs(a - e) <= absolute + relative * abs(e)


def _short(x: Any) -> str:
    text = repr(x)
    return text if len(text) <= 300 else text[:297] + "..."
