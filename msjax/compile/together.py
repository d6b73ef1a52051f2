"""Programs in which processes communicate: each process runs the same one, over one device of each.

The axes of the processes are there when a function is traced, so its collectives are those of `jax.lax`, which XLA may
join and move as it likes.
"""

from __future__ import annotations

from collections.abc import Callable

import jax

from msjax.compile.refusal import Refused
from msjax.device.communication import exchange
from msjax.device.communication.agreement import PROGRAM
from msjax.device.communication.group import Group
from msjax.shims.distributed import axes_of, exchanges_of


class OneByOne(Refused):
    """Other processes do the exchanges of a program one by one, as its function does when it runs eagerly."""


def axes() -> list[tuple[str, int]]:
    """The axes for `jax.make_jaxpr`, with their sizes."""
    return [(name, group.size) for name, group in exchange.axes().items()]


def compiled(function: Callable[..., list], program, **options) -> Callable[..., list]:
    """`jax.jit(function, **options)`, for arrays of this process, of a function that runs a program.

    Raises:
        Refused: if it communicates in several groups of processes.
    """
    names = axes_of(program)
    if not names:
        return jax.jit(function, **options)
    if len(names) > 1:
        raise Refused(f"it communicates in several groups of processes: {', '.join(sorted(names))}")
    group = exchange.axes()[names.pop()]
    return Together(function, group, "\n".join(exchanges_of(program.jaxpr)), options)


class Together:
    """A function compiled for one device of each process of a group, called with the arrays of this one.

    Args:
        what: the exchanges in it, a line for each. Whoever has the same may run it together with this process, even if
            the rest differs, as it does when the last batches are of different sizes.

    Attributes:
        jitted: the same for arrays over all of the devices.
    """

    def __init__(self, function: Callable[..., list], group: Group, what: str, options: dict):
        self._devices, self._agreement = exchange.mesh_of(group), exchange.agreement_of(group)
        self._what = f"{PROGRAM}{what}"
        self.jitted = exchange.over(self._devices, function, **options)

    def agree(self) -> None:
        """Before a call: that all processes of the group make it.

        Raises:
            OneByOne: if some run the function eagerly.
            RuntimeError: if some do something else.
        """
        if not self._agreement.on(self._what):
            raise OneByOne("other processes, with which it communicates, run it eagerly")

    def __call__(self, *arrays: jax.Array) -> list[jax.Array]:
        return exchange.to_own(self.jitted(*exchange.to_all(self._devices, arrays)))
