"""Programs in which processes communicate: each process runs the same one, over one device of each.

The axes of the processes are there when a function is traced, so its collectives are those of `jax.lax`, which XLA may
join and move as it likes.
"""

from __future__ import annotations

from collections.abc import Callable

import jax

from msjax.compile.refusal import Refused
from msjax.device.communication import exchange
from msjax.shims.distributed import axes_of


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
    return Together(function, exchange.mesh_of(exchange.axes()[names.pop()]), options)


class Together:
    """A function compiled for one device of each process, called with the arrays of this one.

    Attributes:
        jitted: the same for arrays over all of the devices.
    """

    def __init__(self, function: Callable[..., list], devices, options: dict):
        self.devices, self.jitted = devices, exchange.over(devices, function, **options)

    def __call__(self, *arrays: jax.Array) -> list[jax.Array]:
        return exchange.to_own(self.jitted(*exchange.to_all(self.devices, arrays)))
