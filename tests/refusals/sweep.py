"""Call something with one argument after another replaced by values that may be wrong, and say what is refused.

The same code runs with MindSpore, to record, and with msjax.
"""

import importlib
import re
import types
import warnings

# What each argument is replaced by: expressions, since some values can be used once only.
VALUES = (
    "'wrong'", "None", "True", "False", "0", "1", "-1", "2", "5", "0.0", "1.0", "0.5", "-0.5", "1.5", "()", "(1,)",
    "(1, 2)", "(1, 2, 3)", "(0.5,)", "('a',)", "[1]", "[1, 2]", "[0.5, 0.5]", "{}", "Tensor(1.0)", "Tensor([1.0, 2.0])",
    "Tensor(1, ms.int32)", "np.ones(2)", "np.float32(1)", "np.int64(1)", "nn.ReLU()", "len", "ms.float32", "ms.int32",
)  # fmt: skip

ACCEPTED, NO_KERNEL = ".", "c"
LETTERS = {TypeError: "T", ValueError: "V", RuntimeError: "R", IndexError: "I", KeyError: "K", AttributeError: "A"}

# MindSpore has no CPU kernel: nothing is said about the arguments.
_KERNEL = re.compile(
    r"Select CPU operator|Kernel select failed|does not support this kernel data type|unregistered|nsupported op \["
    r"|not supported on this device|not supported on CPU|[Dd]ata type|dtype of|only supports? "
)


def namespace(ms: types.ModuleType) -> dict:
    """The names in the expressions of values and of valid arguments."""
    names: dict = {"ms": ms, "Tensor": ms.Tensor, "Parameter": ms.Parameter, "np": importlib.import_module("numpy")}
    for name in ("nn", "ops", "mint"):
        names[name] = importlib.import_module(f"{ms.__name__}.{name}")
    names["matrix"] = lambda: ms.Tensor(names["np"].arange(1, 7).reshape(2, 3).astype("float32") / 8)
    names["parameters"] = lambda: [
        ms.Parameter(ms.Tensor(values), name=name) for name, values in (("a", [1.0, 2.0]), ("b", [[3.0, 4.0]]))
    ]
    return names


def find(ms: types.ModuleType, path: str):
    """What `path` names: "nn.Dense", "ops.add", or "Tensor.add"."""
    room, _, name = path.rpartition(".")
    if room in ("", "Tensor"):
        return getattr(ms.Tensor if room else ms, name)
    return getattr(importlib.import_module(f"{ms.__name__}.{room}"), name)


def outcome(call, names: dict, arguments: dict[str, str], positional: int = 0) -> tuple[str, str]:
    """A letter for how the call with these expressions ends, and the message of its error."""
    values = {name: eval(text, names) for name, text in arguments.items()}
    first = [values.pop(name) for name in list(values)[:positional]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            call(*first, **values)
        except Exception as error:
            letter = next((s for kind, s in LETTERS.items() if isinstance(error, kind)), "E")
            return letter, str(error)
    return ACCEPTED, ""


def answers(call, names: dict, base: dict[str, str], parameter: str, values, positional: int = 0) -> str:
    """One letter for each of `values` in the place of `parameter`."""
    found = []
    for value in values:
        letter, says = outcome(call, names, {**base, parameter: value}, positional)
        found.append(NO_KERNEL if letter in "TR" and _KERNEL.search(says) else letter)
    return "".join(found)
