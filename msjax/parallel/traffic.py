"""What compiled programs exchange between devices, counted from XLA's text of them, and how long a ring takes for it.

    traffic = measure(step, x, y)
    print(traffic)                 kind, how often, how many bytes, among how many devices
    traffic.sent                   bytes that each device sends in a step, if all goes round rings
    traffic.seconds(50e9)          on links of 50 GB/s

In a ring of n devices each sends (n-1)/n of the bytes of an all-gather's result, a reduce-scatter's or an all-to-all's
operand, and twice that of an all-reduce's; that is the least there is (Patarasuk and Yuan 2009).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import jax

from msjax.compile import spread

_KINDS = ("all-reduce", "all-gather", "reduce-scatter", "all-to-all", "collective-permute")
_CALL = re.compile(rf"= (?P<result>\(?[^=]*?\)?) (?P<kind>{'|'.join(_KINDS)})(?:-start)?\((?P<rest>.*)")
_ARRAY = re.compile(r"\b(pred|[a-z]+\d+[a-z0-9]*)\[([\d,]*)\]")
_WIDTH = re.compile(r"\d+")
# Who exchanges with whom: {{0,1},{2,3}}, or [2,2]<=[4], or along axes of a mesh, or parts of axes.
_LISTED = re.compile(r"replica_groups=\{\{([\d,]*)\}")
_COUNTED = re.compile(r"replica_groups=\[\d+,(\d+)\]")
_ALONG = re.compile(r"replica_groups=mesh\[(?P<axes>[^\]]*)\] ?\{(?P<used>[^}]*)\}")
_AXIS = re.compile(r"'([^']+)'=(\d+)")
_USED = re.compile(r"'([^']+)'(?::\(\d+\)(\d+))?")


class Exchange(NamedTuple):
    """Collective operations of one kind.

    Attributes:
        kind: XLA's name of it.
        devices: how many devices exchange with each other.
        bytes: of all there are: of their results, or of the operands of reduce-scatters, on one device.
        count: how many there are.
    """

    kind: str
    devices: int
    bytes: int
    count: int

    @property
    def sent(self) -> float:
        """The bytes that each device sends, if they go round a ring."""
        if self.kind == "collective-permute":
            return float(self.bytes)
        return (2 if self.kind == "all-reduce" else 1) * (self.devices - 1) / self.devices * self.bytes


class Traffic(NamedTuple):
    """What a step exchanges. What is in a loop counts once.

    Attributes:
        exchanges: by kind and number of devices.
    """

    exchanges: tuple[Exchange, ...]

    @property
    def sent(self) -> float:
        """The bytes that each device sends in a step."""
        return sum(exchange.sent for exchange in self.exchanges)

    def seconds(self, bandwidth: float) -> float:
        """The least time that takes, without latency.

        Args:
            bandwidth: of each device's link in one direction, in bytes per second.
        """
        return self.sent / bandwidth

    def at(self, devices: int) -> Traffic:
        """The same exchanges among another number of devices, as data-parallel steps have them.

        Args:
            devices: how many.
        """
        return Traffic(tuple(exchange._replace(devices=devices) for exchange in self.exchanges))

    def __str__(self) -> str:
        rows = [("kind", "count", "devices", "bytes", "sent")]
        rows += [(e.kind, str(e.count), str(e.devices), str(e.bytes), f"{e.sent:.0f}") for e in self.exchanges]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join("  ".join(t.ljust(w) for t, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def measure(step: Callable[..., Any], *inputs: Any) -> Traffic:
    """What a call exchanges between the devices of this process.

    The call is made twice, since some are compiled at the second only; the second one is measured.

    Args:
        step: a step of training, or any function that compiles.
        inputs: what it is called with.

    Returns:
        A Traffic; an empty one if nothing ran compiled on several devices.

    Example:
        >>> from msjax.parallel import traffic
        >>> traffic.measure(ms.jit(lambda x: x * 2), Tensor([1.0])).sent
        0
    """
    step(*inputs)
    programs: list[str] = []

    def listen(function: Any, arrays: list[jax.Array]) -> None:
        kinds = [jax.ShapeDtypeStruct(a.shape, a.dtype, weak_type=a.weak_type, sharding=a.sharding) for a in arrays]
        programs.append(function.lower(*kinds).compile().as_text())

    spread.listeners.append(listen)
    try:
        step(*inputs)
    finally:
        spread.listeners.remove(listen)
    return read(*programs)


def read(*programs: str) -> Traffic:
    """The exchanges in programs.

    Args:
        programs: XLA's text of each, as `jax.jit(f).lower(x).compile().as_text()` gives it.

    Returns:
        A Traffic.

    Example:
        >>> from msjax.parallel import traffic
        >>> print(traffic.read("%a = f32[16]{0} all-reduce(%x), replica_groups={{0,1,2,3}}"))
        kind        count  devices  bytes  sent
        all-reduce  1      4        64     96
    """
    counts: Counter = Counter()
    sizes: Counter = Counter()
    for match in (m for text in programs for m in map(_CALL.search, text.splitlines()) if m):
        key = match["kind"], _devices(match["rest"])
        counts[key] += 1
        sizes[key] += _bytes(match["result"]) * (key[1] if match["kind"] == "reduce-scatter" else 1)
    return Traffic(tuple(Exchange(kind, n, sizes[kind, n], counts[kind, n]) for kind, n in sorted(counts)))


def _devices(rest: str) -> int:
    if listed := _LISTED.search(rest):
        return len(listed[1].split(","))
    if counted := _COUNTED.search(rest):
        return int(counted[1])
    if along := _ALONG.search(rest):
        sizes = dict(_AXIS.findall(along["axes"]))
        return math.prod(int(part or sizes[name]) for name, part in _USED.findall(along["used"]))
    return 2  # of a permutation: a source and a target


def _bytes(text: str) -> int:
    """Of all the arrays in a text."""
    return sum(
        math.prod(map(int, filter(None, shape.split(",")))) * _width(kind) for kind, shape in _ARRAY.findall(text)
    )


def _width(kind: str) -> int:
    return 1 if kind == "pred" else max(1, int(_WIDTH.findall(kind)[0]) // 8)
