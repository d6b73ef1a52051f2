"""Compound statements as simple ones: each call and each operation gets a statement and a name of its own."""

from __future__ import annotations

import ast
from collections.abc import Callable

_LATER = (ast.BoolOp, ast.IfExp, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Await)
_OPERATIONS = (ast.BinOp, ast.UnaryOp, ast.Compare)


def flattened(body: list[ast.stmt], unique: Callable[[str], str]) -> list[ast.stmt]:
    """The statements, with those before them that compute what they call and operate on.

    What Python computes only under a condition, or more than once, stays where it is.

    Args:
        body: statements.
        unique: gives a name that is not used yet.
    """
    made: list[ast.stmt] = []
    for statement in body:
        made += _Flattener(unique).statement(statement)
    return made


class _Flattener:
    def __init__(self, unique: Callable[[str], str]):
        self._unique = unique
        self._before: list[ast.stmt] = []

    def statement(self, statement: ast.stmt) -> list[ast.stmt]:
        if isinstance(statement, (ast.If, ast.For)):
            place = "test" if isinstance(statement, ast.If) else "iter"
            setattr(statement, place, self._named(getattr(statement, place)))
        if isinstance(statement, (ast.If, ast.For, ast.While, ast.With)):
            statement.body = flattened(statement.body, self._unique)
        if isinstance(statement, (ast.If, ast.For, ast.While)):
            statement.orelse = flattened(statement.orelse, self._unique)
        if isinstance(statement, (ast.Assign, ast.Expr)):
            statement.value = self._parts(statement.value)
        if isinstance(statement, ast.Return) and statement.value is not None:
            statement.value = self._named(statement.value)
        return [*self._before, statement]

    def _parts(self, node: ast.expr) -> ast.expr:
        """An expression whose operands are names, attributes, constants and what stays where it is."""
        if isinstance(node, ast.Call):
            node.args = [self._named(argument) for argument in node.args]
            for keyword in node.keywords:
                keyword.value = self._named(keyword.value)
            if isinstance(node.func, ast.Call):
                node.func = self._named(node.func)
            elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, (ast.Call, *_OPERATIONS)):
                node.func.value = self._named(node.func.value)
        elif isinstance(node, ast.BinOp):
            node.left, node.right = self._named(node.left), self._named(node.right)
        elif isinstance(node, ast.UnaryOp):
            node.operand = self._named(node.operand)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            node.left, node.comparators = self._named(node.left), [self._named(node.comparators[0])]
        elif isinstance(node, ast.Tuple):
            node.elts = [self._named(element) for element in node.elts]
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.value, (ast.Call, *_OPERATIONS)):
            node.value = self._named(node.value)
        return node

    def _named(self, node: ast.expr) -> ast.expr:
        """A name for what a statement before computes; names, constants and what must stay are themselves."""
        if isinstance(node, _LATER) or not isinstance(node, (ast.Call, ast.Tuple, *_OPERATIONS)):
            return self._parts(node) if isinstance(node, (ast.Attribute, ast.Subscript)) else node
        if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
            return node  # a negative number
        if isinstance(node, ast.Tuple) and all(isinstance(element, ast.Constant) for element in node.elts):
            return node
        value = self._parts(node)
        name = self._unique(f"{_what(value)}_var")
        self._before.append(ast.Assign([ast.Name(name, ast.Store())], value))
        return ast.Name(name, ast.Load())


def _what(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2] if isinstance(node.func, (ast.Name, ast.Attribute)) else "call"
    if isinstance(node, ast.BinOp):
        return type(node.op).__name__.lower()
    return "compare" if isinstance(node, ast.Compare) else type(getattr(node, "op", node)).__name__.lower()
