"""What kind of node a statement is, what it calls, and which names it writes."""

from __future__ import annotations

import ast
from typing import Any

from msjax.nn import Cell, CellDict, CellList, SequentialCell
from msjax.ops import Primitive
from msjax.rewrite.node_type import NodeType

_MISSING = object()
_OPERATIONS = {ast.BinOp: "binop", ast.UnaryOp: "unaryop", ast.BoolOp: "boolop", ast.Compare: "compare"}
_OTHERS = {
    ast.Attribute: "attribute_assign", ast.Subscript: "subscript_var", ast.Tuple: "tuple", ast.List: "list",
    ast.Dict: "dict", ast.Name: "name_assign", ast.Constant: "constant_assign",
}  # fmt: skip


def value_of(statement: ast.stmt) -> ast.expr | None:
    """What a statement computes."""
    return getattr(statement, "value", None) if isinstance(statement, (ast.Assign, ast.Expr, ast.Return)) else None


def callee(function: ast.expr, network: Cell, names: dict[str, Any]) -> Any:
    """The object that is called; None if only running can tell."""
    parts = ast.unparse(function).split(".")
    if not all(part.isidentifier() for part in parts):
        return None
    found: Any = network if parts[0] == "self" else names.get(parts[0], _MISSING)
    for part in parts[1:]:
        found = getattr(found, part, _MISSING)
    return None if found is _MISSING else found


def kind(statement: ast.stmt, called: Any) -> tuple[NodeType, str]:
    """The kind of a statement's node, and what it is called."""
    value = value_of(statement)
    if isinstance(statement, ast.Return):
        return NodeType.Output, "return"
    if isinstance(statement, (ast.If, ast.For, ast.While)):
        return NodeType.ControlFlow, f"{type(statement).__name__.lower()}_node"
    if isinstance(value, ast.Call):
        name = ast.unparse(value.func).rpartition(".")[2]
        return _kind_of_call(called, value.func), name if name.isidentifier() else "call"
    for cls, name in _OPERATIONS.items():
        if isinstance(value, cls):
            operator = value.ops[0] if isinstance(value, ast.Compare) else value.op  # pyright: ignore
            return NodeType.MathOps, f"{name}_{type(operator).__name__.lower()}"
    if isinstance(statement, ast.Assign):
        return NodeType.CallMethod, _OTHERS.get(type(value), type(value).__name__.lower())
    return NodeType.Python, type(statement).__name__


def _kind_of_call(called: Any, function: ast.expr) -> NodeType:
    if isinstance(called, (SequentialCell, CellList, CellDict)):
        return NodeType.CellContainer
    if isinstance(called, Cell):
        return NodeType.CallCell if _is_ours(type(called)) else NodeType.Tree
    if isinstance(called, Primitive):
        return NodeType.CallPrimitive
    if called is None and isinstance(function, ast.Attribute):
        return NodeType.CallMethod
    return NodeType.CallFunction


def _is_ours(cls: type) -> bool:
    return cls.__module__.partition(".")[0] == "msjax"


def targets(statement: ast.stmt) -> list[ast.expr]:
    """The places that a statement writes, tuples taken apart."""
    if not isinstance(statement, ast.Assign):
        return []
    target = statement.targets[0]
    return list(target.elts) if isinstance(target, (ast.Tuple, ast.List)) else [target]


def arguments(statement: ast.stmt) -> tuple[list[ast.expr], dict[str, ast.expr]]:
    """What a statement computes with: in order, and by keyword."""
    value = value_of(statement)
    if isinstance(statement, (ast.If, ast.While)):
        return [statement.test], {}
    if isinstance(statement, ast.For):
        return [statement.iter], {}
    if isinstance(value, ast.Call):
        return list(value.args), {k.arg or "**": k.value for k in value.keywords}
    if isinstance(value, ast.BinOp):
        return [value.left, value.right], {}
    if isinstance(value, ast.Compare):
        return [value.left, *value.comparators], {}
    if isinstance(value, ast.BoolOp):
        return list(value.values), {}
    if isinstance(value, ast.UnaryOp):
        return [value.operand], {}
    if isinstance(value, (ast.Tuple, ast.List)):
        return list(value.elts), {}
    return ([] if value is None else [value]), {}


def set_argument(statement: ast.stmt, index: int, new: ast.expr) -> None:
    """Put something else into the place of an argument, counted as `arguments` gives them, keywords last."""
    value = value_of(statement)
    if isinstance(value, ast.Call):
        if index < len(value.args):
            value.args[index] = new
        else:
            value.keywords[index - len(value.args)].value = new
        return
    old = [*arguments(statement)[0]][index]
    for node in ast.walk(statement):
        for field, child in ast.iter_fields(node):
            if child is old:
                setattr(node, field, new)
            elif isinstance(child, list) and any(part is old for part in child):
                child[next(i for i, part in enumerate(child) if part is old)] = new
