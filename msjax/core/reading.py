"""Which of its object's attributes a method reads, as far as its source tells."""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from types import FunctionType

_UNCLEAR = {"super", "__class__", "vars", "locals", "__dict__"}


def attributes_read(cls: type, method: str) -> dict[str, bool] | None:
    """The names of the attributes that a method reads, by itself or by methods of the same object that it calls.

    Returns:
        Each name with whether what is there is used in another way than to be called or compared to None; None if the
        method may use its object in a way that does not show.
    """
    reads: dict[str, bool] = {}
    methods = [method]
    while methods:
        member = inspect.getattr_static(cls, methods.pop(), None)
        function = member.fget if isinstance(member, property) else member
        uses = _uses(function) if isinstance(function, FunctionType) else None
        if uses is None:
            return None
        for name, used in uses.items():
            if name not in reads and isinstance(inspect.getattr_static(cls, name, None), (FunctionType, property)):
                methods.append(name)
            reads[name] = reads.get(name, False) or used
    return reads


@functools.lru_cache(maxsize=1024)
def _uses(function: FunctionType) -> dict[str, bool] | None:
    """The attributes that a function reads of its first argument, as `attributes_read` has them."""
    try:
        node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, SyntaxError, TypeError):
        return None
    if not isinstance(node, ast.FunctionDef) or not node.args.args or not all(map(_is_property, node.decorator_list)):
        return None
    own = node.args.args[0].arg
    names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    reads = [n for n in ast.walk(node) if isinstance(n, ast.Attribute) and _is_name(n.value, own)]
    attributes = {n.attr for n in reads}
    calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
    classes = sum(_is_name(n.func, "type") and _is_name(n.args[0], own) for n in calls)
    if names.count(own) != len(reads) + classes or not _UNCLEAR.isdisjoint((*names, *attributes)):
        return None
    harmless = {id(n) for part in ast.walk(node) for n in _called(part)}
    return {name: any(id(n) not in harmless for n in reads if n.attr == name) for name in attributes}


def _is_property(node) -> bool:
    return _is_name(node, "property")


def _is_name(node, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _called(node) -> list:
    """The parts of an expression that it does nothing to but call them, or compare them to None."""
    if isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Call) and _is_name(function.func, "seen"):
            return function.args
        return [function]
    if isinstance(node, ast.Compare) and all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops):
        return [node.left]
    return []
