"""What graph mode's rules change: argument slots count, not Tensor objects, and containers may have gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from msjax.core import context
from msjax.core.mutable import _Bool, _Dict, _Float, _Int, _List, _Tuple
from msjax.core.opaque import Number, value_of
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, wrap
from msjax.core.view import owner

_MUTABLE = (_Int, _Float, _Bool, _Tuple, _List, _Dict)


def is_mutable(value: Any) -> bool:
    """Whether `value` came from `ms.mutable`."""
    return value.mutable if isinstance(value, Number) else isinstance(value, _MUTABLE)


def varies(value: Any) -> bool:
    """Whether what is no Tensor has a gradient: it is from `ms.mutable`, or a compiled function makes it of Tensors."""
    if is_mutable(value):
        return True
    return isinstance(value, (tuple, list, dict)) and context.is_made_in_graph(value) and any(_variables(value))


def _variables(value: Any) -> Iterator[bool]:
    """For each of what a container holds, at any depth, whether it is a Tensor."""
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, (tuple, list, dict)):
            yield from _variables(part)
        else:
            yield isinstance(part, Tensor) and not part._const_arg


def separate(args: tuple, hooks: bool = False) -> tuple:
    """The arguments with a handle of its own in each slot, so that closures and other slots keep theirs.

    Args:
        hooks: whether those handles have the hooks of the Tensors.
    """
    return tuple(_rebuild(a, partial(_fresh, hooks)) for a in args)


def _fresh(hooks: bool, tensor: Tensor) -> Tensor:
    if isinstance(tensor, Parameter) or tensor._const_arg:
        return tensor
    # The same Tensor in two slots has two gradients there, and a closure that has it too has none.
    fresh = wrap(raw(tensor))
    if hooks and owner(tensor)._hooks:
        fresh._hooks = owner(tensor)._hooks
    fresh._rewritable = True  # it is the function's own, so writing into it changes nobody else's
    return fresh


def leaves_of(value: Any) -> list[Tensor]:
    """The Tensors that a slot stands for."""
    leaves: list[Tensor] = []
    _rebuild(value, lambda t: leaves.append(t) or t)
    return leaves


def mirror(value: Any, gradient: Callable[[Tensor], Tensor]) -> Any:
    """The gradient of a slot: of a Tensor a Tensor, of a container that varies the same container of gradients."""
    if isinstance(value, Tensor) or not isinstance(value, (list, tuple, dict)):
        return gradient(value) if isinstance(value, Tensor) else zero(value)
    if isinstance(value, dict):
        return {k: mirror(v, gradient) for k, v in value.items()}
    return (list if isinstance(value, list) else tuple)(mirror(v, gradient) for v in value)


def zero(value: Any) -> Any:
    """The derivative of what is no Tensor."""
    return 0.0 if isinstance(value_of(value), float) else 0


def _rebuild(value, change: Callable[[Tensor], Tensor], inside: bool = False):
    """`value` with its Tensors changed: itself, or those anywhere in a container that varies."""
    if isinstance(value, Tensor):
        return change(value)
    if not (inside or varies(value)):
        return value
    if isinstance(value, dict):
        return type(value)({k: _rebuild(v, change, True) for k, v in value.items()})
    if isinstance(value, (list, tuple)):
        items = [_rebuild(v, change, True) for v in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return value
