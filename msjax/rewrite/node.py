"""Node: one statement of a network."""

from __future__ import annotations

import ast
from types import BuiltinFunctionType, FunctionType
from typing import TYPE_CHECKING, Any

from msjax.core.kinds import check, check_is
from msjax.nn import Cell
from msjax.ops import Primitive
from msjax.rewrite import statements
from msjax.rewrite.node_type import NodeType
from msjax.rewrite.scoped_value import ScopedValue, of_expression, to_expression

if TYPE_CHECKING:
    from msjax.rewrite.block import Block
    from msjax.rewrite.symbol_tree import SymbolTree


class Node:
    """One statement: what it calls, what it computes with, and which names it writes.

    Nodes come from `SymbolTree.nodes` and `get_node`, or are made by `create_call_cell` and `create_call_function`.

    Args:
        node_type: the kind of the statement.
        name: the node's name.
        statement: the statement; None for an argument of the network.
        instance: what it calls.

    Attributes:
        block: where it is, None before it is inserted.
        inner: the nodes of the body, of an `if`, `for` or `while`.
    """

    def __init__(self, node_type: NodeType, name: str, statement: ast.stmt | None = None, instance: Any = None):
        self._type, self.name, self.statement, self.instance = node_type, name, statement, instance
        self.block: Block | None = None
        self.inner: Block | None = None
        self._sub_tree: SymbolTree | None = None
        self.argument: str = ""

    @staticmethod
    def create_call_cell(cell, targets, args=None, kwargs=None, name="", is_sub_net=False) -> Node:
        """A statement `targets = self.name(*args, **kwargs)` that calls a Cell.

        Args:
            cell: the Cell, or a primitive.
            targets: a list of names, or ScopedValues, that it writes.
            args: a list of ScopedValues; None for none.
            kwargs: a dict of ScopedValues; None for none.
            name: the attribute that the network gets for the Cell; by its class if empty.
            is_sub_net: whether the Cell is to have a tree of its own.

        Returns:
            A Node, to be inserted.

        Raises:
            TypeError: if an argument is of the wrong type.
        """
        if not isinstance(cell, (Cell, Primitive)):
            raise TypeError(f"For 'Node', the 'cell' must be a Cell or Primitive, but got {type(cell).__name__}.")
        check("Node", "name", name, "str")
        check("Node", "is_sub_net", is_sub_net, "bool")
        name = name or type(cell).__name__.lower()
        kind = NodeType.CallPrimitive if isinstance(cell, Primitive) else NodeType.CallCell
        call = ast.Attribute(ast.Name("self", ast.Load()), name, ast.Load())
        made = NodeType.Tree if is_sub_net and kind is NodeType.CallCell else kind
        return Node(made, name, _assignment(call, targets, args, kwargs), cell)

    @staticmethod
    def create_call_function(function, targets, args=None, kwargs=None) -> Node:
        """A statement `targets = function(*args, **kwargs)`.

        Args:
            function: the function.
            targets: a list of names, or ScopedValues, that it writes.
            args: a list of ScopedValues; None for none.
            kwargs: a dict of ScopedValues; None for none.

        Returns:
            A Node, to be inserted.

        Raises:
            TypeError: if an argument is of the wrong type.
        """
        if not isinstance(function, (FunctionType, BuiltinFunctionType, type)):
            raise TypeError(f"For 'Node', the 'function' must be a function, but got {type(function).__name__}.")
        name = function.__name__
        call = ast.Name(name, ast.Load())
        return Node(NodeType.CallFunction, name, _assignment(call, targets, args, kwargs), function)

    # -- what it is -----------------------------------------------------------------------------------------------

    def get_name(self) -> str:
        """The node's name, of which a tree has no other.

        Returns:
            A text.
        """
        return self.name

    def get_node_type(self) -> NodeType:
        """The kind of the statement.

        Returns:
            A NodeType.
        """
        return self._type

    def get_instance_type(self) -> Any:
        """The class of the Cell or primitive that it calls; the function, of a call of one.

        Returns:
            A class, `NoneType` if it calls nothing known.
        """
        return self.instance if isinstance(self.instance, (FunctionType, type)) else type(self.instance)

    def get_symbol_tree(self) -> SymbolTree | None:
        """The tree that it is in.

        Returns:
            A SymbolTree, or None.
        """
        return None if self.block is None else self.block.tree

    def get_sub_tree(self) -> SymbolTree:
        """The tree of the network that it calls.

        Returns:
            A SymbolTree.

        Raises:
            TypeError: if it calls no network of the user's.
        """
        from msjax.rewrite.symbol_tree import SymbolTree

        if self._type is not NodeType.Tree:
            raise TypeError(f"For 'get_sub_tree', the node must be of type NodeType.Tree, but got {self._type}.")
        if self._sub_tree is None:
            self._sub_tree = SymbolTree.create(self.instance)
        return self._sub_tree

    # -- what goes in and out -------------------------------------------------------------------------------------

    def get_targets(self) -> list[ScopedValue]:
        """The names that it writes.

        Returns:
            A list of ScopedValues.
        """
        if self.statement is None:
            return [ScopedValue.create_naming_value(self.argument)]
        return [of_expression(target) for target in statements.targets(self.statement)]

    def get_args(self) -> list[ScopedValue]:
        """What it computes with.

        Returns:
            A list of ScopedValues.
        """
        given = [] if self.statement is None else statements.arguments(self.statement)[0]
        return [of_expression(argument) for argument in given]

    def get_kwargs(self) -> dict[str, ScopedValue]:
        """What it computes with, by keyword.

        Returns:
            A dict of ScopedValues.
        """
        given = {} if self.statement is None else statements.arguments(self.statement)[1]
        return {name: of_expression(argument) for name, argument in given.items()}

    def get_inputs(self) -> list[Node]:
        """The nodes whose values it computes with.

        Returns:
            A list of Nodes, one for each argument that a node gives.
        """
        return [] if self.block is None else [node for node, _ in self.block.providers(self).values()]

    def get_users(self) -> list[Node]:
        """The nodes that compute with its values.

        Returns:
            A list of Nodes.
        """
        return [] if self.block is None else [node for node in self.block.nodes if self in node.get_inputs()]

    def set_arg(self, index: int, arg) -> None:
        """Put another name or constant into the place of an argument.

        Args:
            index: which argument, those by keyword last.
            arg: a ScopedValue, or a name.

        Raises:
            TypeError, ValueError: for another type, or if there is no such argument.
        """
        check("Node", "index", index, "int")
        if not isinstance(arg, (ScopedValue, str)):
            raise TypeError(f"For 'Node', the 'arg' must be a ScopedValue or str, but got {type(arg).__name__}.")
        count = len(self.get_args()) + len(self.get_kwargs())
        if self.statement is None or not 0 <= index < count:
            raise ValueError(f"For 'Node', the 'index' must be in [0, {count}), but got {index}.")
        statements.set_argument(self.statement, index, to_expression(arg))

    def set_arg_by_node(self, arg_idx: int, src_node: Node, out_idx: int | None = None) -> None:
        """Let another node's value be an argument.

        Args:
            arg_idx: which argument.
            src_node: the other node.
            out_idx: which of its values; it may be None if there is one.

        Raises:
            TypeError, ValueError: for another type, or if there is no such argument or value.
        """
        check("Node", "out_idx", out_idx, "None or int")
        check_is("Node", "src_node", src_node, Node)
        written = src_node.get_targets()
        if out_idx is None and len(written) != 1:
            raise ValueError(f"For 'Node', 'out_idx' must say which of {len(written)} values is meant.")
        if not 0 <= (out_idx or 0) < len(written):
            raise ValueError(f"For 'Node', the 'out_idx' must be in [0, {len(written)}), but got {out_idx}.")
        self.set_arg(arg_idx, written[out_idx or 0])

    def rename(self, name: str) -> None:
        """Be called otherwise, in the statement too if that calls an attribute of the network."""
        value = None if self.statement is None else statements.value_of(self.statement)
        if isinstance(self.instance, (Cell, Primitive)) and isinstance(value, ast.Call):
            value.func = ast.Attribute(ast.Name("self", ast.Load()), name, ast.Load())
        self.name = name


def _assignment(call: ast.expr, targets, args, kwargs) -> ast.Assign:
    check("Node", "targets", targets, "list or tuple")
    check("Node", "args", args, "None or list or tuple")
    check("Node", "kwargs", kwargs, "None or dict")
    for target in targets:
        if not isinstance(target, (ScopedValue, str)):
            raise TypeError(f"For 'Node', the 'targets' must be ScopedValues or names, but got {target!r}.")
    for value in [*(args or ()), *(kwargs or {}).values()]:
        if not isinstance(value, ScopedValue):
            raise TypeError(f"For 'Node', the arguments must be ScopedValues, but got {value!r}.")
    names = [ast.parse(f"{target} = 0").body[0].targets[0] for target in targets]  # pyright: ignore
    written = names[0] if len(names) == 1 else ast.Tuple(names, ast.Store())
    keywords = [ast.keyword(name, to_expression(value)) for name, value in (kwargs or {}).items()]
    return ast.Assign([written], ast.Call(call, [*map(to_expression, args or ())], keywords))
