"""Run one case with a given `ms` (MindSpore or msjax) and say what came out."""

import ast
import importlib
import linecache
import re
import sys
import types
import warnings
from typing import Any

from golden.cases import Case
from golden.compare import Describer, Description

MODULE = "golden_case"
FILE = "/golden_case.py"

# What MindSpore says when only its CPU kernel is missing: nothing is said about the operator itself.
_CPU_KERNEL = re.compile(
    r"Select CPU operator|Kernel select failed|does not support this kernel data type|unregistered"
    r"|not supported on this device|not supported on CPU|[Uu]nsupported op \["
)


def prelude(ms: types.ModuleType) -> dict[str, Any]:
    """The names every case may use."""
    names: dict[str, Any] = {"ms": ms, "Tensor": ms.Tensor, "Parameter": ms.Parameter}
    names |= {"ParameterTuple": ms.ParameterTuple, "grad": ms.grad, "value_and_grad": ms.value_and_grad}
    for name in ("numpy", "copy", "functools", "pickle", "collections"):
        names[name] = importlib.import_module(name)
    names["np"] = names.pop("numpy")
    for name, path in {"nn": "nn", "ops": "ops", "mint": "mint", "mnp": "numpy"}.items():
        # A face that is not there leaves its cases to fail by name, and the others alone.
        try:
            names[name] = importlib.import_module(f"{ms.__name__}.{path}")
        except ImportError:
            continue
    return names


def execute(case: Case, ms: types.ModuleType) -> Any:
    """The value of the last expression of the case."""
    module = types.ModuleType(MODULE)
    module.__dict__.update(prelude(ms))
    # Graph mode reads the source of functions and pickle looks classes up in their module.
    sys.modules[MODULE] = module
    linecache.cache[FILE] = (len(case.code), None, case.code.splitlines(True), FILE)
    tree = ast.parse(case.code)
    last = tree.body.pop()
    if not isinstance(last, ast.Expr):
        raise SyntaxError(f"the case {case.name!r} does not end in an expression")
    exec(compile(tree, FILE, "exec"), module.__dict__)
    return eval(compile(ast.Expression(last.value), FILE, "eval"), module.__dict__)


def outcome(case: Case, ms: types.ModuleType) -> dict[str, Description]:
    """`{"value": description}`, or `{"error": type, "says": fragment}` with `"cpu_kernel": True` where that is why."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return {"value": Describer(ms)(execute(case, ms))}
        except Exception as error:
            return describe_error(error)


def describe_error(error: Exception) -> dict[str, Description]:
    # Longer messages of MindSpore come in ruled sections; the first line that says something is enough.
    lines = (line.strip(" -") for line in str(error).splitlines())
    first = next(filter(None, lines), "")
    told: dict[str, Description] = {"error": _type(error), "says": _portable(first)[:80].strip()}
    if _CPU_KERNEL.search(first):
        told["cpu_kernel"] = True
    return told


def _type(error: Exception) -> str:
    """Its builtin type: what a program that was written for MindSpore may catch."""
    return next(cls.__name__ for cls in type(error).__mro__ if cls.__module__ == "builtins")


def _portable(text: str) -> str:
    """Without what differs between machines and runs: addresses and absolute paths."""
    text = re.sub(r"0x[0-9a-f]+", "0x..", text)
    return re.sub(r"(?<![\w.])/(?:[\w.\-]+/)+[\w.\-]*", "...", text)
