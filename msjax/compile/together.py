"""Programs in which processes communicate: each process runs the same one, over one device of each.

The axes of the processes are there when a function is traced, so its collectives are those of `jax.lax`, which XLA may
join and move as it likes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

import jax

from msjax.compile.refusal import Refused
from msjax.device.communication import exchange
from msjax.device.communication.agreement import COMPILED, PROGRAM
from msjax.device.communication.group import Group
from msjax.shims.distributed import axes_of, exchanges_of

_LAYOUT = re.compile(r"\{[\d,]*\}")
_COLLECTIVE = re.compile(r"= (\S.*?) (all-reduce|all-gather|reduce-scatter|all-to-all|collective-permute)(?:-start)?\(")


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
        what: the exchanges in it as it is written, a line for each. Whoever has the same, and those that XLA has left,
            may run it together with this process, even if the rest differs, as it does when the last batches are of
            different sizes.

    Attributes:
        executable: what XLA has made of it, once it has been called.
    """

    def __init__(self, function: Callable[..., list], group: Group, what: str, options: dict):
        self._devices, self._agreement = exchange.mesh_of(group), exchange.agreement_of(group)
        self._jitted = exchange.over(self._devices, function, **options)
        self._what, self.executable = f"{PROGRAM}{what}", cast(Any, None)

    def agree(self, arrays: Sequence) -> None:
        """Before a call: that all processes of the group make it.

        Args:
            arrays: like those of the call.

        Raises:
            OneByOne: if some run the function eagerly.
            Disagreement: if some do something else.
        """
        if self.executable is None:
            self.executable = self._jitted.lower(*exchange.like_all(self._devices, arrays)).compile()
            # What depends on the process's number may be left out by XLA for some, and with it exchanges.
            left = _COLLECTIVE.findall(_LAYOUT.sub("", self.executable.as_text() or ""))
            self._what += f"{COMPILED}{chr(10).join(f'{name} {shape}' for shape, name in left)}"
        if not self._agreement.on(self._what):
            raise OneByOne("other processes, with which it communicates, run it eagerly, or exchange something else")

    def __call__(self, *arrays: jax.Array) -> list[jax.Array]:
        return exchange.to_own(self._agreement.run(self.executable, *exchange.to_all(self._devices, arrays)))
