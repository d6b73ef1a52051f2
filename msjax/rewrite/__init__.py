"""Networks as trees of statements that can be looked at and changed: MindSpore's rewrite, on Python's syntax trees.

scoped_value   names and constants in statements
flatten        compound statements as simple ones
node, block    Node: one statement; Block: those of one depth
statements     what kind of node a statement is, and what it calls
symbol_tree    SymbolTree: the statements of a network's `construct`, and the network made of them
"""

from msjax.core.names import unknown_name
from msjax.rewrite.node import Node
from msjax.rewrite.node_type import NodeType
from msjax.rewrite.scoped_value import ScopedValue, ValueType
from msjax.rewrite.symbol_tree import SymbolTree

__all__ = ["Node", "NodeType", "ScopedValue", "SymbolTree", "ValueType"]
__getattr__ = unknown_name(__name__)
