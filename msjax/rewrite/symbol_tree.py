"""SymbolTree: the statements of a network, and the network made of them."""

from __future__ import annotations

import ast
import inspect
import itertools
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msjax import nn
from msjax.core.kinds import check, check_is
from msjax.rewrite import statements
from msjax.rewrite.block import Block, Position
from msjax.rewrite.flatten import flattened
from msjax.rewrite.node import Node
from msjax.rewrite.node_type import NodeType

_FOLDER = "rewritten_network"
_numbers = itertools.count()


class _NamesSuper(ast.NodeTransformer):
    """`super()` names the class that the function was defined in: it moves to a subclass."""

    def __init__(self, cls: str):
        self._cls = cls

    def visit_Call(self, node: ast.Call):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
            node.args = [ast.Name(self._cls, ast.Load()), ast.Name("self", ast.Load())]
        return node


class SymbolTree:
    """The statements of a network's `construct` as nodes, which can be looked at, inserted, erased and replaced.

    Args:
        network: the network.

    Example:
        >>> net = nn.Dense(2, 2)
        >>> [node.get_name() for node in ms.rewrite.SymbolTree.create(net).nodes()][:2]
        ['input_x', 'dense']
    """

    def __init__(self, network: nn.Cell):
        self._network, self._class = network, type(network)
        construct = inspect.unwrap(self._class.construct)
        source = textwrap.dedent(inspect.getsource(construct))
        function = ast.parse(source).body[0]
        assert isinstance(function, ast.FunctionDef)
        closure = inspect.getclosurevars(construct).nonlocals
        self._names: dict[str, Any] = {**construct.__globals__, **closure}
        self._used = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)} | {*dir(network)}
        self._node_names: set[str] = set()
        self._added: dict[str, Node] = {}
        self._functions: dict[str, Any] = {}
        function = _NamesSuper(self._class.__name__).visit(function)
        if ast.get_docstring(function) is not None:
            del function.body[0]
        function.body = flattened(function.body, self.unique_name)
        self._function, self._block = function, Block(self, function.body)
        arguments = function.args
        for argument in [*arguments.posonlyargs, *arguments.args[1:], *arguments.kwonlyargs]:
            node = Node(NodeType.Input, self._node_name(f"input_{argument.arg}"))
            node.argument = argument.arg
            self._block.add(node)
        self._fill(self._block)

    @classmethod
    def create(cls, network) -> SymbolTree:
        """The tree of a network.

        Args:
            network: a Cell whose `construct` is written in Python.

        Returns:
            A SymbolTree.

        Raises:
            TypeError: if `network` is no Cell.

        Example:
            >>> ms.rewrite.SymbolTree.create(nn.Dense(2, 2)).get_node("return").get_node_type()
            <NodeType.Output: 8>
        """
        if not isinstance(network, nn.Cell):
            raise TypeError(f"For 'SymbolTree', the 'network' must be a Cell, but got {type(network).__name__}.")
        return cls(network)

    def _fill(self, block: Block) -> None:
        """Nodes for the statements of a block, and of those in them."""
        for statement in block.statements:
            if isinstance(statement, ast.Pass):
                continue
            value = statements.value_of(statement)
            called = None
            if isinstance(value, ast.Call):
                called = statements.callee(value.func, self._network, self._names)
            kind, name = statements.kind(statement, called)
            bodies = [("", statement.body)] if kind is NodeType.ControlFlow else [("", None)]  # pyright: ignore
            if kind is NodeType.ControlFlow and statement.orelse:  # pyright: ignore
                bodies.append(("else_node", statement.orelse))  # pyright: ignore
            for other, body in bodies:
                node = Node(kind, self._node_name(other or name), statement, called)
                block.add(node)
                if body is not None:
                    node.inner = Block(self, body)
                    self._fill(node.inner)

    # -- names ----------------------------------------------------------------------------------------------------

    def unique_name(self, name: str = "output") -> str:
        """A name that the network does not use yet.

        Args:
            name: how it begins.

        Returns:
            `name`, or that followed by a number.

        Raises:
            TypeError: if `name` is no str.
        """
        check("SymbolTree", "name", name, "str")
        return _free(name, self._used)

    def _node_name(self, name: str) -> str:
        return _free(name, self._node_names)

    # -- nodes ----------------------------------------------------------------------------------------------------

    def nodes(self, all_nodes: bool = False) -> Iterator[Node]:
        """The nodes, in the order of their statements.

        Args:
            all_nodes: whether also those in bodies of `if` and `for`, and in trees of networks that are called.

        Returns:
            An iterator of Nodes.

        Raises:
            TypeError: if `all_nodes` is no bool.
        """
        check("nodes", "all_nodes", all_nodes, "bool")
        return self._walk(self._block, all_nodes)

    def _walk(self, block: Block, deep: bool) -> Iterator[Node]:
        for node in list(block.nodes):
            yield node
            if deep and node.inner is not None:
                yield from self._walk(node.inner, deep)
            if deep and node.get_node_type() is NodeType.Tree:
                yield from node.get_sub_tree().nodes(True)

    def get_node(self, node_name: str) -> Node | None:
        """The node of a name.

        Args:
            node_name: the name.

        Returns:
            A Node, or None if there is none.
        """
        check("SymbolTree", "node_name", node_name, "str")
        own = (node for node in self._walk_own(self._block) if node.name == node_name)
        return next(own, None)

    def _walk_own(self, block: Block) -> Iterator[Node]:
        for node in block.nodes:
            yield node
            if node.inner is not None:
                yield from self._walk_own(node.inner)

    def _own(self, node) -> Node:
        if not isinstance(node, (Node, str)):
            raise TypeError(f"For 'SymbolTree', the 'node' must be a Node or str, but got {type(node).__name__}.")
        found = self.get_node(node) if isinstance(node, str) else node
        if found is None or found.get_symbol_tree() is not self:
            raise RuntimeError(
                f"For 'SymbolTree', the node {node if isinstance(node, str) else node.name} is not in it."
            )
        return found

    # -- changes --------------------------------------------------------------------------------------------------

    def before(self, node) -> Position:
        """The place before a node, for `insert`.

        Args:
            node: a Node, or its name.

        Returns:
            A position.

        Raises:
            TypeError, RuntimeError: if it is something else, or of another tree.
        """
        return Position(self._own(node), False)

    def after(self, node) -> Position:
        """The place after a node, for `insert`.

        Args:
            node: a Node, or its name.

        Returns:
            A position.

        Raises:
            TypeError, RuntimeError: if it is something else, or of another tree.
        """
        return Position(self._own(node), True)

    def insert(self, position, node: Node) -> Node:
        """Insert a node.

        Args:
            position: what `before` or `after` gave.
            node: a Node that is in no tree.

        Returns:
            The node; if its name is taken, it has another one now.

        Raises:
            TypeError, ValueError: if they are something else, or of another tree.
        """
        if not isinstance(position, Position):
            raise TypeError(f"For 'SymbolTree', the 'position' must be one, but got {type(position).__name__}.")
        check_is("SymbolTree", "node", node, Node)
        block = position.node.block
        if block is None or block.tree is not self or node.block is not None:
            raise ValueError("For 'SymbolTree', the position must be in this tree, and the node in none.")
        if node.get_node_type() is NodeType.CallFunction:
            self._functions[node.name] = node.instance
            node.name = self._node_name(node.name)
        else:
            node.rename(_free(node.name, self._node_names | set(dir(self._network)), self._node_names))
            setattr(self._network, node.name, node.instance)
            self._added[node.name] = node
        self._used |= {str(target) for target in node.get_targets()}
        block.add(node, position.node, position.after)
        return node

    def erase(self, node) -> Node:
        """Take a node out.

        Args:
            node: a Node, or its name.

        Returns:
            The node.

        Raises:
            TypeError, RuntimeError: if it is something else, or of another tree.
        """
        found = self._own(node)
        assert found.block is not None
        found.block.remove(found)
        found.block = None
        return found

    def replace(self, old_node: Node, new_nodes: list[Node]) -> Node:
        """Put nodes into the place of one.

        Args:
            old_node: the Node to take out.
            new_nodes: those to insert, in order.

        Returns:
            The last of these.

        Raises:
            TypeError, RuntimeError: if they are something else, or of another tree.
        """
        check_is("SymbolTree", "old_node", old_node, Node)
        check("SymbolTree", "new_nodes", new_nodes, "list or tuple")
        position = self.before(old_node)
        for node in new_nodes:
            self.insert(position, node)
        self.erase(old_node)
        return new_nodes[-1]

    # -- the network ----------------------------------------------------------------------------------------------

    @property
    def _new_class(self) -> str:
        return f"{self._class.__name__}Opt"

    def _sub_trees(self) -> list[tuple[str, SymbolTree]]:
        return [(n.name, n._sub_tree) for n in self._walk_own(self._block) if n._sub_tree is not None]

    def get_code(self) -> str:
        """The source of the network as it is now.

        Returns:
            A text: a subclass of the network's class.

        Raises:
            ValueError: if something was given a name that is none in Python.
        """
        _check_names([self._new_class, *self._added], self._function)
        parts = ["from msjax import nn", *(tree.get_code() for _, tree in self._sub_trees())]
        if self._class.__qualname__ == self._class.__name__:
            parts.insert(1, f"from {self._class.__module__} import {self._class.__name__}")
        added = [f"        self.{name} = obj.{name}" for name in self._added]
        added += [f"        self.{name} = {tree._new_class}(self.{name})" for name, tree in self._sub_trees()]
        start = [
            f"class {self._new_class}({self._class.__name__}, nn.Cell):\n", "    def __init__(self, obj):",
            "        nn.Cell.__init__(self)", "        for key, value in obj.__dict__.items():",
            "            setattr(self, key, value)", *added,
        ]  # fmt: skip
        construct = ast.unparse(ast.fix_missing_locations(self._function))
        return "\n".join([*parts, "", *start, "", textwrap.indent(construct, "    "), ""])

    def get_network(self) -> nn.Cell:
        """The network as it is now; its source is saved in the folder "rewritten_network".

        It shares Parameters and Cells with the original, which should be used no more.

        Returns:
            A Cell.
        """
        file = Path(_FOLDER) / f"{self._new_class}_{next(_numbers)}.py"
        code = self.get_code()
        file.parent.mkdir(exist_ok=True)
        file.unlink(missing_ok=True)
        with file.open("x", encoding="utf-8") as written:  # not through a link that somebody put there
            written.write(code)
        names = self._all_names()
        # The network's own statements, and those that the script put among them, whose names `get_code` has checked.
        exec(compile(code, str(file), "exec"), names)
        return names[self._new_class](self._network)

    def _all_names(self) -> dict[str, Any]:
        names = {**self._names, "nn": nn, self._class.__name__: self._class, **self._functions}
        for _, tree in self._sub_trees():
            names = {**tree._all_names(), **names}
        return names

    def print_node_tabulate(self, all_nodes: bool = False) -> None:
        """Print a table of the nodes: kind, name, statement, and which nodes give and take values.

        Args:
            all_nodes: whether also those in bodies and in trees of networks that are called.
        """
        rows = [("node type", "name", "codes", "arg providers", "target users"), *map(_row, self.nodes(all_nodes))]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            sys.stdout.write("  ".join(map(str.ljust, row, widths)).rstrip() + "\n")


def _row(node: Node) -> tuple[str, ...]:
    assert node.block is not None
    code = "" if node.statement is None else ast.unparse(ast.fix_missing_locations(node.statement)).split("\n")[0]
    providers = {i: (other.name, out) for i, (other, out) in node.block.providers(node).items()}
    users: dict[int, list[tuple[str, int]]] = {}
    for user in node.get_users():
        for i, (other, out) in user.block.providers(user).items():  # pyright: ignore
            if other is node:
                users.setdefault(out, []).append((user.name, i))
    return str(node.get_node_type()), node.name, code, str(providers or "{}"), str(users or "{}")


def _check_names(names: list[str], tree: ast.AST) -> None:
    """Names go into the text as they are, so that one could hold statements."""
    for node in ast.walk(tree):
        fields = (getattr(node, field, None) for field in ("id", "attr", "arg", "name"))
        names += [name for name in fields if isinstance(name, str)]
    for name in names:
        if not name.isidentifier():
            raise ValueError(f"For 'SymbolTree', {name!r:.80} can not be a name of the network: it is none in Python.")


def _free(name: str, taken: set[str], noted: set[str] | None = None) -> str:
    """The name, with a number if it is taken; it is taken from now on."""
    numbered = (f"{name}_{i}" for i in itertools.count(1))
    found = name if name not in taken else next(other for other in numbered if other not in taken)
    (taken if noted is None else noted).add(found)
    return found
