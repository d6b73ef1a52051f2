"""ScopedValue: a name or a constant in a statement."""

from __future__ import annotations

import ast
from enum import Enum
from typing import Any

from msjax.core.kinds import check


class ValueType(Enum):
    """What a ScopedValue stands for."""

    ConstantValue = 0
    TupleValue = 20
    ListValue = 21
    DictValue = 22
    NamingValue = 40
    CustomObjValue = 41
    UnsupportedValue = 50


_CONSTANTS = (int, float, bool, str, type(None))
_CONTAINERS = {tuple: ValueType.TupleValue, list: ValueType.ListValue, dict: ValueType.DictValue}


class ScopedValue:
    """A name, such as `x` or `self.x`, or a constant.

    Args:
        arg_type: a ValueType.
        scope: of a name, where it is: "" or "self".
        value: the name, or the constant.

    Example:
        >>> print(ms.rewrite.ScopedValue.create_naming_value("x", "self"))
        self.x
    """

    def __init__(self, arg_type: ValueType, scope: str = "", value: Any = None):
        check("ScopedValue", "scope", scope, "str")
        self.type, self.scope, self.value = arg_type, scope, value

    @classmethod
    def create_variable_value(cls, value) -> ScopedValue:
        """A constant.

        Args:
            value: a number, a text, None, a tuple, list or dict of such, or any other object.

        Returns:
            A ScopedValue whose type goes by the value.
        """
        if isinstance(value, _CONSTANTS):
            return cls(ValueType.ConstantValue, "", value)
        kind = _CONTAINERS.get(type(value))
        if kind is ValueType.DictValue:
            return cls(kind, "", {key: cls.create_variable_value(v) for key, v in value.items()})
        if kind is not None:
            return cls(kind, "", type(value)(map(cls.create_variable_value, value)))
        return cls(ValueType.CustomObjValue, "", value)

    @classmethod
    def create_naming_value(cls, name: str, scope: str = "") -> ScopedValue:
        """A name.

        Args:
            name: the name.
            scope: where it is: "" or "self".

        Returns:
            A ScopedValue.

        Raises:
            TypeError: if one is no str.
        """
        check("ScopedValue", "name", name, "str")
        return cls(ValueType.NamingValue, scope, name)

    @staticmethod
    def create_name_values(names, scopes=None) -> list[ScopedValue]:
        """Some names.

        Args:
            names: a list or tuple of names.
            scopes: where each is; None for "".

        Returns:
            A list of ScopedValues.

        Raises:
            TypeError, ValueError: if one is no str, or there is not one scope for each name.
        """
        check("ScopedValue", "names", names, "list or tuple")
        check("ScopedValue", "scopes", scopes, "None or list or tuple")
        scopes = [""] * len(names) if scopes is None else scopes
        if len(scopes) != len(names):
            raise ValueError(f"For 'ScopedValue', there must be a scope for each name, but got {names} and {scopes}.")
        return [ScopedValue.create_naming_value(*pair) for pair in zip(names, scopes, strict=True)]

    def __eq__(self, other) -> bool:
        if not isinstance(other, ScopedValue):
            return NotImplemented
        return (self.type, self.scope, self.value) == (other.type, other.scope, other.value)

    def __hash__(self) -> int:
        return hash((self.type, self.scope, str(self.value)))

    def __str__(self) -> str:
        if self.type is ValueType.NamingValue:
            return f"{self.scope}.{self.value}" if self.scope else str(self.value)
        return f"CustomObj: {self.value}" if self.type is ValueType.CustomObjValue else str(self.value)

    def __repr__(self) -> str:
        return repr(self.value) if self.type is ValueType.ConstantValue else str(self)


def of_expression(node: ast.expr) -> ScopedValue:
    """What stands in a statement, as a ScopedValue; of other expressions the text is the value."""
    if isinstance(node, ast.Name):
        return ScopedValue.create_naming_value(node.id)
    if isinstance(node, ast.Attribute):
        scope, _, name = ast.unparse(node).rpartition(".")
        return ScopedValue.create_naming_value(name, scope)
    if isinstance(node, ast.Constant):
        return ScopedValue.create_variable_value(node.value)
    return ScopedValue(ValueType.UnsupportedValue, "", ast.unparse(node))


def to_expression(value: ScopedValue | str) -> ast.expr:
    """The expression that stands for a ScopedValue, or for a name.

    Raises:
        ValueError: for an object that has no text.
    """
    if isinstance(value, str):
        return _parsed(value)
    if value.type is ValueType.ConstantValue:
        return ast.Constant(value.value)
    if value.type is ValueType.TupleValue:
        return ast.Tuple([*map(to_expression, value.value)], ast.Load())
    if value.type is ValueType.ListValue:
        return ast.List([*map(to_expression, value.value)], ast.Load())
    if value.type is ValueType.DictValue:
        return ast.Dict([ast.Constant(key) for key in value.value], [*map(to_expression, value.value.values())])
    if value.type is ValueType.CustomObjValue:
        raise ValueError(f"A statement can hold names, numbers and texts only, but got {value.value!r:.60}.")
    return _parsed(str(value))


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
