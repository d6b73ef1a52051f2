"""The Parameters that a function may use, for gradients of all that it does use."""

from __future__ import annotations

from types import FunctionType, MethodType

from msjax.core.cells import is_cell
from msjax.core.parameter import Parameter


def parameters_in_reach(fn) -> list[Parameter]:
    """The trainable Parameters of a Cell, or of the Cells and variables that a function knows, as declared."""
    found: dict[int, Parameter] = {}
    waiting, seen = [fn], set()
    while waiting:
        value = waiting.pop(0)
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Parameter):
            found.setdefault(id(value), value)
        elif is_cell(value):
            found.update((id(p), p) for p in value.trainable_params() if id(p) not in found)
            waiting += [type(cell).construct for _, cell in value.cells_and_names()]
        else:
            waiting += _known_to(value)
    return [p for p in found.values() if p.requires_grad]


def _known_to(value) -> list:
    """What a function, method, jitted function or container leads to."""
    if isinstance(value, MethodType):
        return [value.__self__, value.__func__]
    if isinstance(value, FunctionType):
        code = value.__code__
        names = [n for n in (*code.co_names, *code.co_consts) if isinstance(n, str)]  # the watch is given names as text
        return [v for v in (*_captured(value), *map(value.__globals__.get, names)) if _leads_on(v)]
    if is_jitted(value):
        return [value.__wrapped__]
    if isinstance(value, (list, tuple)):
        return [v for v in value if _leads_on(v)]
    return []


def _captured(function: FunctionType) -> list:
    try:
        return [cell.cell_contents for cell in function.__closure__ or ()]
    except ValueError:  # a variable that is not set yet
        return []


def is_jitted(fn) -> bool:
    """Whether `ms.jit` made it."""
    return hasattr(type(fn), "as_called_by") or hasattr(fn, "stands_for_jitted")


def _leads_on(value) -> bool:
    kinds = (Parameter, MethodType, FunctionType, list, tuple)
    return isinstance(value, kinds) or is_cell(value) or is_jitted(value)
