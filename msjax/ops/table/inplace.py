"""Functions that can write their result into their input: `relu(x, inplace=True)`, or a name such as `relu_`."""

from __future__ import annotations

import functools
import inspect

from msjax.core import context
from msjax.core.tensor import Tensor, raw, rebind
from msjax.ops import table


def writes(room: str, *names: str) -> None:
    """Let declared functions of `room` write into their first argument: always where the name ends in "_", else where
    they are called with `inplace=True`."""
    for name in names:
        table.rooms[room].wrappers[name] = functools.partial(_writing, always=name.endswith("_"))


def _writing(function, always: bool):
    names = list(inspect.signature(function).parameters)
    first, place = names[0], len(names) if always else names.index("inplace")

    @functools.wraps(function)
    def writing(*args, **kwargs):
        result = function(*args, **kwargs)
        if always or kwargs.get("inplace") or (len(args) > place and args[place]):
            target = args[0] if args else kwargs[first]
            rebind(target, raw(result).astype(raw(target).dtype), result._shadow)
            return target
        return result

    return writing


def _augmented(method: str):
    """`x += y` and its kin: under `ms.jit` they update the Tensor, as MindSpore's compiled code does; eagerly the name
    gets a new Tensor."""

    def augmented(self, other):
        result = getattr(self, method)(other)
        if context.in_jit() and isinstance(result, Tensor) and (result.shape, result.dtype) == (self.shape, self.dtype):
            rebind(self, raw(result), result._shadow)
            return self
        return result

    return augmented


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod"):
    setattr(Tensor, f"__i{_name}__", _augmented(f"__{_name}__"))
