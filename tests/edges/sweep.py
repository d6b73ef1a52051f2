"""Calls with one argument after another replaced by what is seldom given: no axes, no elements, another rank, another
dtype, a number, a list, None, numpy's array, a text, nan. The same code runs with MindSpore, to record, and with msjax.

A call is a dict: "name"; "make", the text of what is called; "made", what that is constructed with, if it is; "given",
what it is called with. Arguments are (name, value), where a value is `[dtype, shape, elements]` of a Tensor,
`{"list": [...]}` or `{"tuple": [...]}` of values, or the text of something else.
"""

import functools
import importlib
import re
import types
import warnings

import numpy as np

LETTERS = {TypeError: "T", ValueError: "V", RuntimeError: "R", IndexError: "I", KeyError: "K", AttributeError: "A"}
NO_KERNEL, CRASH = "c", "!"

# MindSpore has no CPU kernel: nothing is said about the arguments.
_KERNEL = re.compile(
    r"Select CPU operator|Kernel select failed|does not support this kernel data type|unregistered|nsupported op \["
    r"|not supported on this device|not supported on CPU|[Dd]ata ?type|dtype of|only supports? |nsupported dtype"
)
_CODES = {"Bool": "b", "BFloat16": "bf"}
_NUMBERS = ("True", "-1", "0", "1.5", "float('nan')", "float('inf')", "'a'", "None", "(1,)")
_TEXTS = ("'wrong'", "1", "None", "True")
_OTHERS = ("True", "1", "0.5", "None", "'a'")


def namespace(ms: types.ModuleType) -> dict:
    """The names in the texts."""
    names: dict = {"ms": ms, "Tensor": ms.Tensor, "Parameter": ms.Parameter, "np": np}
    for name in ("nn", "ops", "mint", "train", "numpy"):
        names[name if name != "numpy" else "mnp"] = importlib.import_module(f"{ms.__name__}.{name}")
    names |= {"measured": _measured, "stepped": functools.partial(_stepped, names)}
    return names


def _measured(metric):
    """A metric as a function of one batch."""

    def measured(*batch):
        metric.clear()
        metric.update(*batch)
        return metric.eval()

    return measured


def _stepped(names: dict, optimizer):
    """Two Parameters after a step, as a function of gradients and options."""

    def stepped(*gradients, **options):
        weights = [
            names["Parameter"](names["Tensor"](np.linspace(-1, 1, n).reshape(shape).astype(np.float32)), name=f"p{n}")
            for n, shape in ((6, (2, 3)), (3, (3,)))
        ]
        optimizer(weights, **{"learning_rate": 0.1, **options})(gradients)
        return tuple(weights)

    return stepped


# -- what arguments are replaced by -----------------------------------------------------------------------------------


def changes(value):
    """(how, new value) for an argument."""
    if isinstance(value, list):
        return _of_a_tensor(value)
    if isinstance(value, dict):
        return _of_several(value)
    if value in ("True", "False"):
        return [(text, text) for text in ("1", "'a'", "None", "0.5")]
    if value[:1] in "'\"":
        return [(text, text) for text in _TEXTS]
    if re.fullmatch(r"-?[\d.]+(e-?\d+)?", value):
        return [(text, text) for text in _NUMBERS if text != value]
    if value[:1] == "(":
        return [(text, text) for text in ("()", "('a',)", "(-1,)", "(float('nan'),)", "None", "'a'", "1.5", "True")]
    return [(text, text) for text in ("'a'", "(1, 2)", "0.5")]


def _of_a_tensor(value):
    dtype, shape, elements = value
    found = [("a scalar", [dtype, [], elements[:1]])] if shape and elements else []
    found += [(f"empty {k}", [dtype, [*shape[:k], 0, *shape[k + 1 :]], []]) for k in range(len(shape))]
    found += [("more axes", [dtype, [1, *shape], elements])]
    if shape and shape[0]:
        found += [("fewer axes", [dtype, shape[1:], elements[: len(elements) // shape[0]]])]
    found += [
        (other, [other, shape, elements]) for other in ("bool", "int32", "float16", "complex64") if other != dtype
    ]
    found += [(text, text) for text in _OTHERS]
    array = f"np.array({elements}, {dtype!r}).reshape({tuple(shape)})"
    return [*found, ("a list", f"{array}.tolist()"), ("an array", array)]


def _of_several(value):
    ((kind, parts),) = value.items()
    found = [("no parts", {kind: []}), ("a part", parts[0] if parts else "None"), ("None", "None"), ("'a'", "'a'")]
    found += [("a list of None", {kind: ["None"]}), ("numbers", {kind: ["1", "0.5"]})]
    found += [(f"first {how}", {kind: [new, *parts[1:]]}) for how, new in changes(parts[0])] if parts else []
    return found


def changed(call: dict):
    """(what is changed, the changed call)."""
    for role in ("made", "given"):
        for k, (name, value) in enumerate(call[role]):
            for how, new in changes(value):
                arguments = [*call[role][:k], [name, new], *call[role][k + 1 :]]
                yield f"{name}: {how}", {**call, role: arguments}


# -- calling ----------------------------------------------------------------------------------------------------------


def value_of(value, names: dict):
    if isinstance(value, list):
        dtype, shape, elements = value
        return names["Tensor"](np.array(elements).astype(dtype).reshape(shape))
    if isinstance(value, dict):
        ((kind, parts),) = value.items()
        return {"list": list, "tuple": tuple}[kind](value_of(part, names) for part in parts)
    return eval(value, names)


def run(call: dict, names: dict):
    """What the call gives."""
    called = eval(call["make"], names)
    if isinstance(called, type):
        called = called(**{name: value_of(value, names) for name, value in call["made"]})
    if hasattr(called, "get_parameters"):
        for p in called.get_parameters():
            p.set_data(names["Tensor"]((np.arange(p.size) % 7 / 7 + 0.125).reshape(p.shape).astype(p.asnumpy().dtype)))
    positional = [value_of(value, names) for name, value in call["given"] if name[0] == "*"]
    by_name = {name: value_of(value, names) for name, value in call["given"] if name[0] != "*"}
    return called(*positional, **by_name)


def answer(call: dict, names: dict) -> tuple[str, str]:
    """What the call gives, or a letter for its error; and the message of that."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return told(run(call, names), names), ""
        except Exception as error:
            letter = next((s for kind, s in LETTERS.items() if isinstance(error, kind)), "E")
            says = f"{type(error).__name__}: {error}"
    return (NO_KERNEL if letter in "TR" and _KERNEL.search(says) else letter), says


def told(result, names: dict) -> str:
    """dtype, shape and two sums of a Tensor."""
    if isinstance(result, (tuple, list)):
        return "; ".join(told(part, names) for part in result)
    if isinstance(result, (float, np.floating)):
        return f"float {result:.6g}"
    if not isinstance(result, (names["Tensor"], np.ndarray)):
        return f"{type(result).__name__} {result}"[:40]
    dtype, shape = str(result.dtype), "x".join(map(str, result.shape))
    array = result.asnumpy() if isinstance(result, names["Tensor"]) else result
    if array.dtype.kind not in "biufc":
        array = array.astype(np.float32)
    flat = np.nan_to_num(array.ravel().astype(complex), nan=7, posinf=11, neginf=-11)
    sums = flat.sum(), (flat * np.cos(np.arange(flat.size))).sum()
    return f"{dtype} {shape} {' '.join(f'{s.real + s.imag:.4g}' for s in sums)}"


def unpacked(recorded: list[str]) -> list[str]:
    """Answers as they are recorded: letters that follow each other are one text."""
    return [answer for part in recorded for answer in (part if " " not in part else [part])]


def alike(a: str, b: str) -> bool:
    """Whether two answers are the same within rounding."""
    if a == b:
        return True
    parts = a.split("; "), b.split("; ")
    return len(parts[0]) == len(parts[1]) and all(map(_alike, *parts))


def _alike(a: str, b: str) -> bool:
    *heads, first = a.split(" ", 2), b.split(" ", 2)
    if len(heads[0]) < 3 or len(first) < 3 or heads[0][:2] != first[:2]:
        return a == b
    low = 2e-2 if "16" in first[0] else 2e-3
    pairs = zip(heads[0][2].split(), first[2].split(), strict=False)
    return all(abs(float(v) - float(w)) <= low * (1 + abs(float(v))) for v, w in pairs)
