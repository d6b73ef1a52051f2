"""NodeType: what a statement of a network does."""

from enum import Enum


class NodeType(Enum):
    """What a statement does: it calls a Cell of ours, a primitive, a function, a method; it is Python, an input, an
    output; it calls a network of the user's (Tree) or a container of Cells; it operates, or branches."""

    Unknown = 0
    CallCell = 1
    CallPrimitive = 2
    CallModule = 3
    CallFunction = 4
    CallMethod = 5
    Python = 6
    Input = 7
    Output = 8
    Tree = 9
    CellContainer = 10
    MathOps = 11
    ControlFlow = 12
