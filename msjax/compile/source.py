"""The syntax tree of a function, from its source text, if that is to be had and is what the function was made of."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_FLAGS = annotations.compiler_flag
FACTORY = "_msjax_made"  # the function that what `compiled` gives, and functions in that, are defined in
WATCH = "_msjax_watch"  # the variable of rewritten functions that holds the watch
_texts: dict[str, str] = {}


class NoSource(Exception):
    """The source of a function is not to be had."""


class Definition(NamedTuple):
    """A function's syntax tree: FunctionDef or Lambda, not to be changed.

    The owner is the name of the class it stands in, or None. It decides what names like `__x` become.
    """

    node: Any
    owner: str | None


def find(code: CodeType) -> Definition:
    """The definition that `code` was compiled from.

    Raises:
        NoSource: if there is no text, or it has changed since.
    """
    for _ in range(2):
        matches = _matches(code)
        if len(matches) == 1:
            return matches[0]
        linecache.checkcache(code.co_filename)  # the file may have changed, and have been loaded again
    raise NoSource(f"the source of {code.co_qualname} is not to be had")


def _matches(code: CodeType) -> list[Definition]:
    definitions, codes = _parsed(code.co_filename, _text(code.co_filename))
    # The text is compiled again, and must give this very code: the file may have been edited since it was imported.
    compiled_anew = codes.get((code.co_name, code.co_firstlineno), ())
    if not any(_alike(c, code) for c in compiled_anew):
        return []
    matches = [d for d in definitions if _is_of(d.node, code)]
    if not matches and len(compiled_anew) == 1:  # a lambda of which Python computed a part: `x if False else y`
        lambdas = (d for d in definitions if isinstance(d.node, ast.Lambda))
        matches = [d for d in lambdas if d.node.lineno == code.co_firstlineno]
    return matches


def compiled(node, owner: str | None, code: CodeType, extra: tuple[str, ...]) -> CodeType:
    """A function's tree compiled: like `code` in its name, place and free variables, `extra` among the latter."""
    # What a function captures it has from the functions around it, so there must be one: the factory, whose parameters
    # are the captured variables. Names like `__x` are mangled by the class around it, so that stands in there, too.
    inner: ast.stmt = ast.Assign([ast.Name("_", ast.Store())], node) if isinstance(node, ast.Lambda) else node
    body: list[ast.stmt] = [inner]
    if owner is not None:
        body = [ast.ClassDef(owner, bases=[], keywords=[], body=body, decorator_list=[])]
    free = [ast.arg(n) for n in (*(v for v in code.co_freevars if v != "__class__" or owner is None), *extra)]
    factory = ast.FunctionDef(FACTORY, ast.arguments([], free, None, [], [], None, []), body, [])
    module = ast.fix_missing_locations(ast.Module([factory], []))
    # The tree of a function that Python has compiled from its file already, with calls of the watch in it: running it
    # is what the user's call asks for.
    part = compile(module, code.co_filename, "exec", flags=code.co_flags & _FLAGS, dont_inherit=True)
    for wanted in (FACTORY, owner, code.co_name):
        if wanted is not None:
            (part,) = (c for c in part.co_consts if isinstance(c, CodeType) and c.co_name == wanted)
    return part


def arguments(old: ast.arguments, defaults=(), of_keywords=None) -> ast.arguments:
    """A function's parameters without annotations, with these defaults."""
    # Annotations go: the rewritten function would evaluate them again.
    by_order, both, by_name = ([ast.arg(a.arg) for a in p] for p in (old.posonlyargs, old.args, old.kwonlyargs))
    rest, keywords = (a and ast.arg(a.arg) for a in (old.vararg, old.kwarg))
    return ast.arguments(by_order, both, rest, by_name, of_keywords or [None] * len(by_name), keywords, list(defaults))


def parts(code: CodeType) -> Iterator[CodeType]:
    """A code object and all within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from parts(constant)


def remember(filename: str, text: str) -> None:
    """The text of code that is in no file, under the name that it is compiled by."""
    _texts[filename] = text


def _text(filename: str) -> str:
    return _texts.get(filename) or "".join(linecache.getlines(filename))


@lru_cache(maxsize=64)
def _parsed(filename: str, text: str) -> tuple[list[Definition], dict]:
    """All definitions of a file, and all code objects, by name and first line."""
    definitions: list[Definition] = []
    codes: dict = {}
    with suppress(SyntaxError, ValueError):
        _collect_definitions(ast.parse(text), None, definitions)
        # Only compiled, to be compared with the code that runs: nothing of it is run.
        for code in parts(compile(text, filename, "exec", dont_inherit=True)):
            codes.setdefault((code.co_name, code.co_firstlineno), []).append(code)
    return definitions, codes


def _collect_definitions(node, owner, definitions) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _FUNCTIONS):
            definitions.append(Definition(child, owner))
        _collect_definitions(child, child.name if isinstance(child, ast.ClassDef) else owner, definitions)


def _is_of(node, code: CodeType) -> bool:
    """Whether `code` was made of `node`."""
    if isinstance(node, ast.Lambda):
        body = node.body
        span = (body.lineno, body.col_offset), (body.end_lineno, body.end_col_offset)
        return code.co_name == "<lambda>" and code.co_firstlineno == node.lineno and span == _span(code)
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return code.co_name == node.name and code.co_firstlineno == first


def _span(code: CodeType):
    """Where a lambda's body begins and ends, ((line, column), (line, column)); tells lambdas on one line apart."""
    known = [p for p in code.co_positions() if None not in p and p[2:] != (0, 0)]
    return min(((p[0], p[2]) for p in known), default=None), max(((p[1], p[3]) for p in known), default=None)


def _alike(one: CodeType, code: CodeType) -> bool:
    """Whether two code objects, and all within them, do the same, in the same place."""
    return one == code and list(one.co_positions()) == list(code.co_positions())
