"""Block: the nodes and statements of one depth; which node's value reaches which argument."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from msjax.rewrite.node import Node
    from msjax.rewrite.symbol_tree import SymbolTree


class Block:
    """The nodes of one depth of a tree, and the list of the statements that they stand for.

    Args:
        tree: the tree.
        statements: the list as it stands in the syntax tree.
    """

    def __init__(self, tree: SymbolTree, statements: list[ast.stmt]):
        self.tree, self.statements = tree, statements
        self.nodes: list[Node] = []

    def add(self, node: Node, beside: Node | None = None, after: bool = True) -> None:
        """Take in a node, at the end or beside another one."""
        place = len(self.nodes) if beside is None else self.nodes.index(beside) + after
        earlier = [n.statement for n in self.nodes[:place] if n.statement is not None]
        self.nodes.insert(place, node)
        node.block = self
        if node.statement is not None and beside is not None:
            self._drop_pass()
            self.statements.insert(self._index(earlier[-1]) + 1 if earlier else 0, node.statement)

    def remove(self, node: Node) -> None:
        """Take out a node, and its statement if no other one stands for it, too."""
        self.nodes.remove(node)
        if node.statement is not None and all(n.statement is not node.statement for n in self.nodes):
            del self.statements[self._index(node.statement)]
            if not self.statements:
                self.statements.append(ast.Pass())

    def _index(self, statement: ast.stmt) -> int:
        return next(i for i, one in enumerate(self.statements) if one is statement)

    def _drop_pass(self) -> None:
        self.statements[:] = [s for s in self.statements if not isinstance(s, ast.Pass)]

    def providers(self, node: Node) -> dict[int, tuple[Node, int]]:
        """For each argument whose value a node before gives, that node, and which of its values it is."""
        given: dict[str, tuple[Node, int]] = {}
        for other in self.nodes:
            if other is node:
                break
            given |= {str(target): (other, i) for i, target in enumerate(other.get_targets())}
        values = [*node.get_args(), *node.get_kwargs().values()]
        return {i: given[str(value)] for i, value in enumerate(values) if str(value) in given}


class Position(NamedTuple):
    """Where a node is to be inserted."""

    node: Node
    after: bool
