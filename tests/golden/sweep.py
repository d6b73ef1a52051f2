"""Every elementwise operator, reduction, comparison, search, ... at special values, in every dtype.

A call is a text such as `ops.exp(x)`, made from a face's line in the operator table: so a new row is swept without
being mentioned here. Its names stand for the grids below. Values are written with as many digits as they have.
"""

import importlib
import warnings

import numpy as np

FLOATS = ("float32", "float16", "bfloat16", "float64")
INTEGERS = ("int32", "int8", "int16", "int64", "uint8", "uint16", "uint32", "uint64")
DTYPES = (*FLOATS, *INTEGERS, "bool_", "complex64")
DIGITS = {"Float32": 7, "Float16": 5, "BFloat16": 4, "Float64": 10, "Complex64": 7, "Complex128": 10}

# smallest subnormal, smallest normal, distance of 1 to its neighbour, largest
EXTREMES = {
    "float16": (6e-8, 6.104e-05, 9.77e-04, 65504),
    "bfloat16": (9.2e-41, 1.1754944e-38, 0.0078125, 3.3895314e38),
    "float32": (1e-45, 1.1754944e-38, 1.1920929e-07, 3.4028235e38),
    "float64": (5e-324, 2.2250738585072014e-308, 2.220446049250313e-16, 1.7976931348623157e308),
}
KINKS = (0.1, 0.3, 0.5, -0.5, 0.7, 1, -1, 1.5, 2, 2.5, -2.5, 3, -3, 3.5, 6, 7.5, 20, -20, 21, 100, -100, 1e4)
NONE = (np.inf, -np.inf, np.nan)
COMPLEX = (0, 1, -1, 1j, -1j, 0.5 - 2j, -3 + 4j, -2.5, 1e15 - 1e15j, complex(np.inf, 1), complex(0, np.nan))


def grid(dtype: str) -> list:
    """The special values of a dtype."""
    if dtype in FLOATS:
        extremes = EXTREMES[dtype]
        return [0, -0.0, *extremes, *(-v for v in extremes), *KINKS, *NONE]
    if dtype == "bool_":
        return [False, True]
    if dtype == "complex64":
        return list(COMPLEX)
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    return [v for v in (0, 1, -1, 2, 3, -3, 7, 100, low, low + 1, high, high - 1) if low <= v <= high]


def few(dtype: str) -> list:
    """Those of which all pairs are formed."""
    if dtype in FLOATS:
        return [0, -0.0, EXTREMES[dtype][0], 0.1, 0.5, 1, -1, 2.5, -3, EXTREMES[dtype][3], *NONE]
    return list(COMPLEX[:7]) if dtype == "complex64" else grid(dtype)


def names(ms, dtype: str) -> dict:
    """What the names in a call stand for."""
    # Not by way of a narrower dtype, whose extremes these are not.
    numpy = {"bfloat16": np.float32, "bool_": np.bool_}.get(dtype) or np.dtype(dtype)

    def tensor(values):
        return ms.Tensor(np.array(values, numpy)).astype(getattr(ms, dtype))

    pairs = [[a, b] for a in few(dtype) for b in few(dtype)]
    plain = grid("int8")[:8] if dtype in INTEGERS or dtype in FLOATS else grid(dtype)
    plain = [abs(v) if dtype.startswith("u") else v for v in plain]
    found = {
        "ms": ms,
        "Tensor": ms.Tensor,
        "x": tensor(grid(dtype)),
        "a": tensor([p[0] for p in pairs]),
        "b": tensor([p[1] for p in pairs]),
        "m": tensor(pairs),
        "v": tensor(plain),
        "s": tensor([[plain[1], plain[0]], [plain[0], plain[1]]]),
    }
    for name, path in {"nn": "nn", "ops": "ops", "mint": "mint", "mnp": "numpy"}.items():
        found[name] = importlib.import_module(f"{ms.__name__}.{path}")
    return found


def answer(ms, call: str, namespace: dict) -> str:
    """What a call gives: dtype, shape and values, or the type of the error."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return told(ms, eval(call, namespace))
        except Exception as error:
            return told_error(error)


def told_error(error: Exception) -> str:
    kind = next(c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins")
    return f"{kind}: {' '.join(str(error).split())[:60]}"


def told(ms, result) -> str:
    if isinstance(result, (tuple, list)):
        return "(" + "; ".join(told(ms, r) for r in result) + ")"
    if not isinstance(result, ms.Tensor):
        return f"{type(result).__name__} {result}"
    dtype = str(result.dtype)
    values = (result.astype(ms.float32) if dtype == "BFloat16" else result).asnumpy().ravel()
    shape = "x".join(map(str, result.shape))
    return f"{dtype} {shape}: {' '.join(number(v, DIGITS.get(dtype, 0)) for v in values)}"


def number(value, digits: int) -> str:
    if isinstance(value, np.complexfloating):
        return f"{number(value.real, digits)},{number(value.imag, digits)}"
    return f"{value:.{digits}g}" if digits else str(int(value))
