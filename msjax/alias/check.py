"""`python -m msjax --check`: which MindSpore names scripts use that msjax lacks, found without running them.

The script's syntax tree is read scope by scope. Imports of MindSpore, and plain assignments such as
`F = ops.functional`, say which local name stands for which MindSpore path; every attribute chain that begins at such a
name is then looked up in msjax.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from msjax.alias import advice, scripts
from msjax.alias.finder import ROOT, kin
from msjax.core import names
from msjax.version import __msjax_version__

ROOTS = ("mindspore", "msjax")
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)

Use = tuple[int, str]  # a line, and the dotted name used there


def main(files: list[str]) -> int:
    """Report on `files`, scripts, notebooks and folders of them.

    Returns:
        The exit status: 0 if msjax has every name, 1 if not, 2 if a file cannot be read.
    """
    if not files:
        print("python -m msjax --check: which script? (usage: python -m msjax --check script.py ...)", file=sys.stderr)
        return 2
    unread, lacking, used = False, 0, set()
    for file in scripts.files(files):
        try:
            tree, place = scripts.read(file)
            uses = names_used(tree)
        except (OSError, SyntaxError, ValueError, LookupError, MemoryError, RecursionError) as error:
            print(f"{file}: cannot be checked: {_one_line(error)}", file=sys.stderr)
            unread = True
            continue
        used.update(names.public(name) for _, name in uses)
        lacks = {}
        with warnings.catch_warnings(action="ignore"):  # names of older releases are there
            for line, name in uses:
                lacks.setdefault(what_is_missing(name), line)
        lacks.pop(None, None)
        for lack, line in lacks.items():
            print(f"{file}:{place(line)}: {lack}")
        lacking += len(lacks)
    if not unread and not lacking:
        count = sum(not any(other.startswith(f"{name}.") for other in used) for name in used)
        print(f"all {count} names are supported" if count else "no MindSpore names are used")
    return 2 if unread else int(lacking > 0)


def names_used(tree: ast.Module) -> list[Use]:
    """The MindSpore names of a script, with their lines, each once per line."""
    return sorted(set(_Reader().read(tree)))


def what_is_missing(name: str) -> str | None:
    """What to say about a dotted name that msjax lacks; None if it has it."""
    owner: object = importlib.import_module(ROOT)
    path, *parts = name.split(".")
    for part in parts:
        if not isinstance(owner, (ModuleType, type)):
            return None  # an attribute of an object, which only a run can tell
        value = _member(owner, part)
        if value is _MISSING:
            return _sentence(owner, path, part)
        owner, path = value, f"{path}.{part}"
    return None


_MISSING = object()


def _member(owner: ModuleType | type, name: str) -> object:
    try:
        return getattr(owner, name)
    except AttributeError:
        pass
    if isinstance(owner, ModuleType):
        try:
            return importlib.import_module(f"{owner.__name__}.{name}")
        except ImportError:
            pass
    return _MISSING


def _sentence(owner: ModuleType | type, path: str, name: str) -> str:
    said = f"{path}.{name} is not in msjax {__msjax_version__}"
    if isinstance(owner, type):
        return said
    homes = (owner.__name__, *kin(owner.__name__))
    for home in homes:
        if said_of := advice.of(f"{names.public(home)}.{name}"):
            return f"{path}.{name} {said_of}"
    near = names.nearest(owner.__name__, name, homes[1:])
    known = any(names.is_documented(home, name) for home in homes)
    remarks = [f"not a name of {names.MINDSPORE}"] * (not known) + [f"nearest: {near}"] * (near is not None)
    return f"{said} ({'; '.join(remarks)})" if remarks else said


def _one_line(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {error.msg}"
    if isinstance(error, (MemoryError, RecursionError)):
        return "it is nested too deeply"
    return getattr(error, "strerror", None) or str(error)


@dataclass
class _Scope:
    """What the names of one scope stand for: MindSpore paths, or (for an empty list) something else."""

    bound: dict[str, list[str]] = field(default_factory=dict)
    is_class: bool = False


class _Reader:
    """Collects the uses of one script."""

    def __init__(self):
        self.scopes: list[_Scope] = []
        self.stars: list[str] = []

    def read(self, tree: ast.Module) -> Iterator[Use]:
        self.stars = [
            node.module or ""
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and _is_ours(node) and node.names[0].name == "*"
        ]
        yield from self.scope(tree, tree.body, [])

    def scope(self, node: ast.AST, body: Sequence[ast.AST], parameters: list[str]) -> Iterator[Use]:
        inside = list(_walk(body))
        scope = _Scope({name: [] for name in parameters}, isinstance(node, ast.ClassDef))
        self.scopes.append(scope)
        self.bind(inside, scope)
        links = {id(item.value) for item in inside if isinstance(item, ast.Attribute)}
        for item in inside:
            if not (isinstance(item, ast.Attribute) and id(item) in links):  # the longest chain says it all
                yield from self.uses(item)
        for item in inside:
            if isinstance(item, Scope):
                yield from self.scope(item, *_parts(item))
        self.scopes.pop()

    def bind(self, inside: Sequence[ast.AST], scope: _Scope) -> None:
        outer = {name for item in inside if isinstance(item, (ast.Global, ast.Nonlocal)) for name in item.names}
        times = Counter(name for item in inside for name, _ in _bindings(item))
        for item in inside:
            for name, path in _bindings(item):
                paths = [] if name in outer else scope.bound.setdefault(name, [])
                if path is not None:
                    paths.append(path)
        for item in inside:  # aliases such as `F = ops.functional`, once the imports are known
            if isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name):
                target = item.targets[0].id
                if target not in outer and times[target] == 1:
                    scope.bound[target] = self.paths(item.value)

    def uses(self, item: ast.AST) -> Iterator[Use]:
        if isinstance(item, ast.Import):
            for alias in item.names:
                if alias.name.partition(".")[0] in ROOTS:
                    yield item.lineno, alias.name
        elif isinstance(item, ast.ImportFrom) and _is_ours(item):
            for alias in item.names:
                yield item.lineno, f"{item.module}.{alias.name}".removesuffix(".*")
        elif isinstance(item, ast.Attribute):
            yield from ((item.lineno, path) for path in self.paths(item)[:1])
        elif isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load) and self.find(item.id) is None:
            yield from self.starred(item)

    def starred(self, item: ast.Name) -> Iterator[Use]:
        """A name that only a star import can have brought."""
        if hasattr(builtins, item.id):
            return
        for module in self.stars:
            if names.is_documented(module, item.id):
                yield item.lineno, f"{module}.{item.id}"
                return

    def paths(self, node: ast.AST) -> list[str]:
        """The MindSpore paths that an expression may stand for."""
        if isinstance(node, ast.Attribute):
            return [f"{path}.{node.attr}" for path in self.paths(node.value)]
        if isinstance(node, ast.Name):
            return self.find(node.id) or []
        return []

    def find(self, name: str) -> list[str] | None:
        for depth, scope in enumerate(reversed(self.scopes)):
            if name in scope.bound and not (depth and scope.is_class):  # methods do not see the names of their class
                return scope.bound[name]
        return None


def _walk(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of one scope: all below `body`, but of the scopes in it only what this one evaluates."""
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        inner = {id(item) for item in _parts(node)[0]} if isinstance(node, Scope) else ()
        below = [child for child in ast.iter_child_nodes(node) if id(child) not in inner]
        waiting.extend(reversed(below))


def _parts(node: Scope) -> tuple[Sequence[ast.AST], list[str]]:
    """The body of an inner scope and its parameters."""
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    if isinstance(node, ast.ClassDef):
        return body, []
    arguments = node.args
    several = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return body, [argument.arg for argument in several if argument is not None]


def _bindings(item: ast.AST) -> Iterator[tuple[str, str | None]]:
    """The names that a node binds, and the MindSpore path that each stands for (None: something else)."""
    if isinstance(item, ast.Import):
        for alias in item.names:
            root = alias.name.partition(".")[0]
            path = alias.name if alias.asname else root
            yield alias.asname or root, path if root in ROOTS else None
    elif isinstance(item, ast.ImportFrom):
        for alias in item.names:
            yield alias.asname or alias.name, f"{item.module}.{alias.name}" if _is_ours(item) else None
    elif isinstance(item, ast.Name) and not isinstance(item.ctx, ast.Load):
        yield item.id, None
    elif isinstance(item, NAMED) and item.name:
        yield item.name, None


def _is_ours(node: ast.ImportFrom) -> bool:
    return node.level == 0 and node.module is not None and node.module.partition(".")[0] in ROOTS
