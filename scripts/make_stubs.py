#!/usr/bin/env python3
"""Write the stubs (*.pyi) of what is made when it is first used: faces of operators, methods of Tensor, lazy rooms.

    scripts/make_stubs.py [--check]

A stub says to editors and type checkers what Python finds out at run time, and nothing reads it then. With --check
nothing is written, and the exit code is 1 if one is out of date.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import functools
import importlib
import inspect
import re
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import msjax
from msjax.alias.table import SAME
from msjax.core.dtype import DType
from msjax.core.tensor import Tensor
from msjax.ops import table
from msjax.ops.help import render
from msjax.ops.table.signature import Face, Param, Signature

ROOT = Path(__file__).resolve().parent.parent
FIRST = "# Made by scripts/make_stubs.py.\n"
METHODS = "msjax.core.methods"  # the base of Tensor that only type checkers see

# The rooms with a stub. It hides the module, which may hold no more than names. Then what modules are names of a room.
ROOMS = """
msjax msjax.ops msjax.nn msjax.train msjax.mint msjax.mint.linalg msjax.mint.special msjax.mint.optim msjax.mint.nn
msjax.mint.nn.functional msjax.numpy msjax.numpy.fft msjax.autodiff msjax.diffops msjax.interop msjax.experimental
msjax.experimental.optim msjax.profiler
""".split()
MODULES = {
    "msjax": "amp autodiff communication context dtype device_context diffops experimental hal interop log mint nn "
    "numpy ops profiler rewrite runtime scipy train",
    "msjax.nn": "optim probability",
    "msjax.mint": "linalg nn optim special",
    "msjax.mint.nn": "functional",
    "msjax.numpy": "fft",
    "msjax.diffops": "stochastic",
    "msjax.interop": "flax jax optax optimistix orbax",
    "msjax.experimental": "optim",
    "msjax.experimental.optim": "lr_scheduler",
}

# Modules that a path of MindSpore's leads to, and that users import from by this path.
PATHS, DEVICE = "amp communication hal runtime".split(), "msjax.device."

# Where the words of annotations are from.
IMPORTS = {
    "builtins": "import builtins",
    "Callable": "from collections.abc import Callable",
    "Sequence": "from collections.abc import Sequence",
    "Any": "from typing import Any",
    "TypeAlias": "from typing import TypeAlias",
    "overload": "from typing import overload",
    "mstype": "from msjax.core import dtype as mstype",
    "TensorLike": f"from {METHODS} import TensorLike",
    "Tensor": "from msjax.core.tensor import Tensor",
    "Primitive": "from msjax.ops.table.primitive import Primitive",
}
ALIAS = """
import jax
import numpy as np

# What counts as a Tensor where one is asked for.
TensorLike: TypeAlias = Tensor | complex | np.ndarray | np.generic | jax.Array | Sequence["TensorLike"]
"""
# Words of `msjax.core.kinds` as types.
KINDS = {
    "number": "float", "real": "float", "size": "int | None", "array": "Any", "scalar": "Any", "dtype": "mstype.DType",
    "function": "Callable[..., Any]", "Cell": "Any", "tuple": "tuple[Any, ...]", "list": "list[Any]",
    "dict": "dict[Any, Any]",
}  # fmt: skip
KNOWN = re.compile(r"\w+|[\[\]|., ]")  # what an annotation that can be copied is written with
WORDS = {"Tensor", "TensorLike", "Any", "Callable", "Sequence", "None", "tuple", "list", "dict", "builtins", "mstype"}
WORDS |= {"bool", "int", "float", "complex", "str", "bytes", "object"}
PRIVATE = ("_Function", "_no_grad", "__version__", "__msjax_version__")  # but offered


# -- faces of the operator table ---------------------------------------------------------------------------------------


def face(f: Face) -> str:
    """A face as a stub: a function, a method, or the class of a primitive."""
    doc = _quoted(render.text([f]))
    if f.init is None:
        return _definition(f.name, _parameters(f, f.call), _result(f), doc)
    init = _definition("__init__", [SELF, *_parameters(f, f.init)], "None")
    call = _definition("__call__", [SELF, *_parameters(f, f.call)], _result(f))
    return f"class {f.name}(Primitive):\n{_indented(doc, init, call)}"


def _definition(name: str, parameters: list[inspect.Parameter], result: str, doc: str = "") -> str:
    signature = inspect.Signature(parameters, return_annotation=_Text(result))
    return f"def {name}{signature}:" + (f"\n{_indented(doc, '...')}" if doc else " ...")


class _Text(str):
    """Text that stands in a signature as it is."""

    __repr__ = str.__str__


SELF = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
STARS = {
    "": inspect.Parameter.POSITIONAL_OR_KEYWORD,
    "*": inspect.Parameter.VAR_POSITIONAL,
    "=": inspect.Parameter.KEYWORD_ONLY,
}


def _parameters(f: Face, signature: Signature) -> list[inspect.Parameter]:
    return [SELF if p.name == "self" else _parameter(f, p, f.targets[p.name]) for p in signature.parameters]


def _parameter(f: Face, p: Param, target: str) -> inspect.Parameter:
    kind = _type(f, p, target)
    if p.default == "None" and kind != "Any" and "None" not in kind:
        kind += " | None"
    default = inspect.Parameter.empty if p.default is None else _Text(p.default)
    return inspect.Parameter(p.name, STARS[p.kind], annotation=_Text(kind), default=default)


def _type(f: Face, p: Param, target: str) -> str:
    if target in f.operator.arrays:
        return "TensorLike"
    if target in f.operator.kinds:
        return _of_kind(f.operator.kinds[target])
    return "bool" if p.default in ("True", "False") else "Any"


def _of_kind(kind: str) -> str:
    """What `msjax.core.kinds` checks an argument to be, as a type."""
    found = " | ".join(dict.fromkeys(map(_of_part, kind.split(" or "))))
    return "Any" if "Any" in found else found


def _of_part(part: str) -> str:
    if part[0].isdigit():  # so many of a kind
        return "tuple | list"
    word = "str" if part[0] == "'" else re.findall(r"[A-Za-z]\w*", part)[0]
    return KINDS.get(word, word)


def _result(f: Face) -> str:
    """What the definition says it gives: one array if nothing, Any if it may be one thing or another."""
    said = inspect.signature(f.operator.definition).return_annotation
    if said is inspect.Signature.empty:
        return "Tensor"
    return "Any" if "|" in said else _copied(said.replace("jax.Array", "Tensor"))


# -- everything else ---------------------------------------------------------------------------------------------------


def thing(name: str, value: object) -> str:
    """What a room was given under a name at run time: imported from where it is written, else described."""
    home, own = getattr(value, "__module__", ""), getattr(value, "__name__", None)
    if own in _written(home):
        return f"from {home} import {name} as {name}" if own == name else f"from {home} import {own}\n{name} = {own}"
    if isinstance(value, type):
        return _class(name, value)
    if callable(value):
        kind = type(value).__name__
        return (
            function(name, value) if own else f"from {home} import {kind}\n{name}: {kind}"
        )  # an object that is called
    return f"{name}: {'mstype.DType' if isinstance(value, DType) else _copied(type(value).__name__)}"


def _class(name: str, value: type) -> str:
    base = next(b for b in value.__mro__[1:] if b.__name__ in _written(b.__module__))
    results = {"__init__": "None", "construct": "Any"}
    methods = [function(m, vars(value)[m], gives, True) for m, gives in results.items() if m in vars(value)]
    body = _indented(_quoted(inspect.getdoc(value)), *methods)
    return f"from {base.__module__} import {base.__name__}\nclass {name}({base.__name__}):\n{body}"


def function(name: str, value, result: str = "Any", method: bool = False) -> str:
    """A function by its signature; `result` is what it gives if it does not say so."""
    signature, empty = inspect.signature(value), inspect.Parameter.empty
    parameters = [
        p.replace(
            annotation=_Text(_annotation(p.annotation)),
            default=p.default if p.default is empty or _is_literal(p.default) else _Text("..."),
        )
        for p in signature.parameters.values()
    ]
    if method:
        parameters[0] = SELF
    gives = _annotation(signature.return_annotation)
    doc = inspect.getdoc(value) if name != "__init__" else None
    return _definition(name, parameters, result if gives == "Any" else gives, _quoted(doc) if doc else "")


def _is_literal(value: object) -> bool:
    return value is None or (type(value) in (bool, int, float, str) and repr(value) not in ("inf", "-inf", "nan"))


def _annotation(annotation: object) -> str:
    return "Any" if annotation is inspect.Parameter.empty else _copied(str(annotation))


def _copied(annotation: str) -> str:
    """An annotation, if it is made of what a stub imports."""
    words = re.findall(r"\w+", annotation)
    return annotation if KNOWN.sub("", annotation) == "" and set(words) <= WORDS else "Any"


@functools.cache
def _written(module: str) -> set[str]:
    """The functions and classes that are written out in a module's text."""
    source = getattr(sys.modules.get(module), "__file__", None)
    if source is None:
        return set()
    body = ast.parse(Path(source).read_text("utf-8")).body
    return {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


# -- stubs -------------------------------------------------------------------------------------------------------------


def stub(room: str) -> str:
    """The text of a room's stub."""
    module, key = importlib.import_module(room), room.partition(".")[2]
    rows = table.rooms[key].rows if key in table.rooms else {}
    parts, seen = [_module(getattr(module, name), name) for name in MODULES.get(room, "").split()], set(rows)
    for node in ast.parse(Path(module.__file__).read_text("utf-8")).body:
        parts += _static(node, module, seen)
    lazy = msjax._lazily.home if room == "msjax" else table.names(key)
    for name in sorted({*lazy} - seen):
        parts.append(thing(name, getattr(module, name)))
    parts += [_faces(key, name) for name in sorted(rows)]
    return _assembled(inspect.getdoc(module), parts)


def _module(module: ModuleType, name: str) -> str:
    """The import that offers a module, which may stand elsewhere than where it is offered."""
    home, _, own = f"msjax.{name}".rpartition(".") if name in PATHS else module.__name__.rpartition(".")
    return f"from {home} import {own} as {name}"


def _offered_again(module: ModuleType) -> str:
    """The stub of a path that leads to a module."""
    names = [n for n, v in vars(module).items() if n[0] != "_" and not isinstance(v, ModuleType)]
    own = [n for n in sorted(names) if getattr(getattr(module, n), "__module__", module.__name__).startswith(DEVICE)]
    own = sorted(getattr(module, "__all__", own))
    imports = "\n".join(f"from {module.__name__} import {n} as {n}" for n in own)
    return f"{FIRST}{_quoted(inspect.getdoc(module))}\n\n{imports}\n"


def _faces(room: str, name: str) -> str:
    """The overloads of a name."""
    first, *others = map(face, table.rooms[room].faces(name))
    return "\n".join(f"@overload\n{overload}" for overload in (first, *others)) if others else first


def _static(node: ast.stmt, module: ModuleType, seen: set[str]) -> list[str]:
    """What a room's own text gives it: the names it imports, and constants."""
    if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
        return [f"from {node.module} import *"]
    if isinstance(node, ast.ImportFrom) and node.module.startswith("msjax") and node.module != "msjax.core.names":
        names = [a.asname or a.name for a in node.names]
        renamed = {a.asname for a in node.names if a.asname != a.name}
    elif isinstance(node, ast.Assign):
        names = [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    else:
        return []
    public = [n for n in names if n[0] != "_" or n in PRIVATE]
    found = [(n, getattr(module, n)) for n in public if n not in seen and hasattr(module, n)]
    seen |= {n for n, _ in found}
    return [
        thing(n, v)
        if isinstance(node, ast.Assign) or n in renamed or _made(v)
        else f"from {node.module} import {n} as {n}"
        for n, v in found
        if not isinstance(v, ModuleType)
    ]


def _made(value: object) -> bool:
    """Whether a class has no text of its own."""
    return isinstance(value, type) and value.__name__ not in _written(value.__module__)


def methods() -> str:
    """The stub of what is attached to Tensor, beside what its own module defines."""
    rows, own = table.rooms["Tensor"].rows, sys.modules["msjax.core.tensor"].__file__
    members = [_faces("Tensor", name) for name in sorted(rows)]
    for name in sorted({*dir(Tensor)} - {*rows}):
        value = inspect.getattr_static(Tensor, name)
        getter = getattr(value, "fget", None)
        code = getattr(inspect.unwrap(getter or value), "__code__", None)
        if code is None or code.co_filename == own or (name[0] == "_" and not name.endswith("__")):
            continue
        result = "Tensor" if name[:2] == "__" else "Any"
        static = isinstance(value, staticmethod)
        mark = "@property\n" if getter else "@staticmethod\n" if static else ""
        members.append(mark + function(name, getter or value, result, not static))
    members.append("def __hash__(self) -> int: ...")
    return _assembled("What is attached to Tensor.", [ALIAS, f"class Methods:\n{_indented(*members)}"])


def _assembled(doc: str | None, parts: list[str]) -> str:
    """A stub's text. Where a name of its own hides a builtin, annotations mean the builtin all the same."""
    body = "\n".join(dict.fromkeys(parts))
    hidden = {n for n in re.findall(r"^ *(?:def|class) (\w+)", body, re.M) if n in vars(builtins) and n in WORDS}
    if hidden:
        names = "|".join(sorted(hidden))
        body = re.sub(rf"(?<=[:>|\[,] )({names})\b(?=[ ,)\]:|=\[])|(?<=\[)({names})\b", r"builtins.\1\2", body)
    code = re.sub(r'"""(?s:.*?)"""', "", body)  # without docstrings
    imports = {line for word, line in IMPORTS.items() if re.search(rf"(?<![.\w]){word}\b", code)}
    imports |= set(re.findall(r"^(?:from|import) .*", code, re.M))
    imports -= {IMPORTS["TensorLike"]} if "TensorLike:" in code.split("class")[0] else set()
    imports -= {line.rpartition(" as ")[0] for line in imports}  # offered, not only imported
    body = re.sub(r"^(?:from|import) .*\n", "", f"{body}\n", flags=re.M)
    head = "\n".join(sorted(imports, key=lambda line: (line.split()[1], line)))
    return f"{FIRST}{_quoted(doc)}\n\n{head}\n\n{body}"


def _quoted(doc: str | None) -> str:
    first = (doc or "").partition("\n\n")[0].replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{first}"""'


def _indented(*texts: str) -> str:
    return textwrap.indent("\n".join(texts), "    ")


def stubs() -> dict[Path, str]:
    """All stubs: where, and their texts."""
    found = {ROOT / "msjax" / "core" / "methods.pyi": methods()}
    for path in PATHS:
        found[ROOT / "msjax" / f"{path}.pyi"] = _offered_again(importlib.import_module(f"msjax.{SAME[path]}"))
    for room in ROOMS:
        found[Path(importlib.import_module(room).__file__).with_suffix(".pyi")] = stub(room)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a stub is out of date")
    check = parser.parse_args().check
    stale = {p: text for p, text in stubs().items() if not p.exists() or p.read_text("utf-8") != text}
    for path, text in stale.items():
        if not check:
            path.write_text(text, "utf-8")
        print(f"{'out of date' if check else 'wrote'}: {path.relative_to(ROOT)}")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
