"""How a setting without effect is made: a function that notes what it was given."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from msjax import hal
from msjax.core import context


def setting(name: str, parameters: str) -> Callable[..., None]:
    """The function that notes a setting.

    Args:
        name: as in "ascend.op_precision.precision_mode", under which `context.ignored()` tells it.
        parameters: of the function, as they would be written in its definition.
    """
    signature = inspect.signature(eval(f"lambda {parameters}: None"))

    def note(*args, **kwargs) -> None:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        values = bound.arguments
        context.note(name, next(iter(values.values())) if len(values) == 1 else dict(values))

    note.__signature__ = signature  # type: ignore[attr-defined]
    note.__name__ = note.__qualname__ = name.rpartition(".")[2]
    note.__doc__ = f"Note the setting `{name}`, which has no effect here."
    return note


def presence(target: str) -> tuple[Callable[[], bool], Callable[[], int]]:
    """`is_available` and `device_count` of one kind of device."""

    def is_available() -> bool:
        """Whether there is such a device."""
        return hal.is_available(target)

    def device_count() -> int:
        """How many such devices this process can use."""
        return hal.device_count(target)

    return is_available, device_count
