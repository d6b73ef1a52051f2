"""What the programs themselves use. They import it; in a program that stands alone, it is written out."""

import msjax as ms
from msjax import Parameter, Tensor, nn


def attempt(fn, *args):
    """What a call gives, or what it raises as (type, text), at the latest when its result is read."""
    try:
        return read(fn(*args))
    except Exception as error:
        return type(error).__name__, str(error)


def read(result):
    """A result, of which all Tensors have been read."""
    if isinstance(result, Tensor):
        result.asnumpy()
    elif isinstance(result, (list, tuple)):
        for item in result:
            read(item)
    elif isinstance(result, dict):
        read(list(result.values()))
    return result


def parameters(*states):
    """The Parameters among states and in Cells, one of each name."""
    found = {}
    for state in states:
        if isinstance(state, nn.Cell):
            found.update((p.name, p) for p in state.get_parameters())
        elif isinstance(state, Parameter):
            found[state.name] = state
    return [p for p in found.values() if p.requires_grad]


def shown(state):
    """A state as a user sees it: of a Cell, its Parameters."""
    if isinstance(state, nn.Cell):
        return type(state).__name__, state.training, {p.name: p for p in state.get_parameters()}
    return state


def poke(result):
    """Write into all Tensors of a result."""
    if isinstance(result, Tensor) and result.ndim and result.size:
        result[0] = 0.5
    elif isinstance(result, (list, tuple)):
        for item in result:
            poke(item)
    elif isinstance(result, dict):
        poke(list(result.values()))


side = "auto"


def asked(fn):
    """What `ms.jit` or GRAPH_MODE makes of a function, or the function itself where they are left out."""
    if side == "graph":
        ms.set_context(mode=ms.GRAPH_MODE)
    return ms.jit(fn) if side == "jit" else fn
