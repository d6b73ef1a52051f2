"""Arrays from one process to another.

Both run one program over their two devices, so both must come to it, in the same order. That order is the one of
`Message.order`, whatever messages a process has to send and to receive at a time; so no two wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp

from msjax.device.communication import cluster
from msjax.device.communication.exchange import before, exchange
from msjax.device.communication.group import Group
from msjax.device.communication.moves import Permute


@dataclass
class Message:
    """An array on its way.

    Args:
        source, target: ranks among all processes, of which this one is one.
        array: what is sent; where it is received, any array of that shape and dtype.
        then: what happens to what has come.
    """

    source: int
    target: int
    array: Any
    then: Callable[[Any], None] = lambda array: None

    @property
    def order(self) -> tuple[int, int, int]:
        """The same on both processes."""
        return min(self.source, self.target), max(self.source, self.target), self.source

    @property
    def received(self) -> bool:
        return self.target == cluster.rank()

    def pass_on(self) -> None:
        """Send or receive it."""
        if self.source == self.target:
            raise ValueError(f"Rank {self.source} can not send to itself, or receive from itself.")
        low, high, _ = self.order
        pair = (0, 1) if self.source == low else (1, 0)
        array = jnp.zeros_like(self.array) if self.received else self.array
        (result,) = exchange(Permute((pair,)), Group("pair", (low, high)), array)
        if self.received:
            self.then(result)


_waiting: list[Message] = []


def begin(message: Message) -> None:
    """Let a message be passed on later: when others are, or when something waits for it."""
    _waiting.append(message)


def deliver(messages: Sequence[Message] = ()) -> None:
    """Pass on messages, and those that have been begun."""
    together = sorted([*_waiting, *messages], key=lambda message: message.order)
    _waiting.clear()
    for message in together:
        message.pass_on()


def _deliver_begun() -> None:
    if _waiting:
        deliver()


before.append(_deliver_begun)
