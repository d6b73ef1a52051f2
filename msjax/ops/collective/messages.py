"""Between two processes: Send, Receive, and several of these at once; and Barrier."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from msjax.core import dtype as mstype
from msjax.core.effects import has_effects
from msjax.core.kinds import check
from msjax.core.tensor import Tensor, raw, wrap
from msjax.device.communication import cluster, pairs
from msjax.device.communication.exchange import exchange
from msjax.device.communication.group import HCCL_WORLD_COMM_GROUP, find
from msjax.device.communication.moves import Sum
from msjax.device.communication.pairs import Message
from msjax.ops.call.promotion import array
from msjax.ops.table import op, publish
from msjax.ops.table.primitive import Primitive

WORLD = HCCL_WORLD_COMM_GROUP


def sent(x, target: int) -> Message:
    """A message from this process to the one of a rank among all."""
    return Message(cluster.rank(), target, array(x))


def awaited(shape, dtype, source: int, then) -> Message:
    """A message to this process."""
    like = jax.ShapeDtypeStruct(tuple(shape), mstype.element_type(dtype))
    return Message(source, cluster.rank(), like, then)


class Route(NamedTuple):
    """Where arrays go, and from where some come: for each the rank among all, the shape and the dtype."""

    sent: tuple[tuple[int, tuple[int, ...], Any], ...]
    awaited: tuple[tuple[int, tuple[int, ...], Any], ...]


def _carry(route: Route, arrays: tuple) -> tuple:
    """Send arrays, and receive some.

    As in MindSpore, cotangents go the other way: that of what was received to where it came from, while what becomes of
    the sent arrays on this process does not count.

    Args:
        arrays: those that are sent, and perhaps others, which only have derivatives: whoever receives without sending
            has a cotangent to send if something is differentiated.

    Returns:
        The arrays that are sent, and those that came.
    """
    came: list = [None] * len(route.awaited)
    given = arrays[: len(route.sent)]
    messages = [sent(x, target) for x, (target, *_) in zip(given, route.sent, strict=True)]
    for i, (source, shape, dtype) in enumerate(route.awaited):
        messages.append(awaited(shape, dtype, source, lambda x, i=i: came.__setitem__(i, x)))
    pairs.deliver(messages)
    return (*given, *came)


carried: Any = jax.custom_vjp(_carry, nondiff_argnums=(0,))


def _carried(route: Route, arrays: tuple):
    return carried(route, arrays), [None] * (len(arrays) - len(route.sent))


def _carried_back(route: Route, others: list, cotangents: tuple):
    floats = [i for i, (_, _, dtype) in enumerate(route.sent) if jnp.issubdtype(dtype, jnp.inexact)]
    of_what_came = zip(route.awaited, cotangents[len(route.sent) :], strict=True)
    back = [(there, x) for there, x in of_what_came if jnp.issubdtype(there[2], jnp.inexact)]
    came: list = [None] * len(route.sent)
    way = Route(tuple(there for there, _ in back), tuple(route.sent[i] for i in floats))
    results = carried(way, tuple(x for _, x in back))[len(back) :]
    for i, result in zip(floats, results, strict=True):
        came[i] = result
    return ((*came, *others),)


carried.defvjp(_carried, _carried_back)


def _at(rank: int, x) -> tuple:
    return rank, tuple(x.shape), x.dtype


@op(
    "ops.Send(sr_tag: _, dest_rank, group='hccl_world_group', group_back: _ = 'hccl_world_group')(input_x)",
    jit=False,
)
def send(x, *, dest_rank, group=WORLD):
    """Send an array to another process, which receives it.

    Both run a program together, so both have to come to it; so they have for the derivative, if there is one, of what
    this gives, the array itself: it comes back from the other process.

    Raises:
        ValueError: if that is this process.
        RuntimeError: if there is no such group, or this process or the other one is not in it.
    """
    x = array(x)
    return carried(Route((_at(find(group).at(dest_rank), x),), ()), (x,))[0]


@op(
    "ops.Receive(sr_tag: _, src_rank, shape, dtype, group='hccl_world_group', group_back: _ = 'hccl_world_group')"
    "(x=None)",
    jit=False,
)
def receive(x=None, *, src_rank, shape, dtype, group=WORLD):
    """An array that another process sends.

    With `x`, if something is differentiated by it, the cotangent of the result goes back to where it came from.

    Raises:
        ValueError: if that is this process.
        RuntimeError: if there is no such group, or this process or the other one is not in it.
    """
    source = find(group).at(src_rank), tuple(shape), mstype.element_type(dtype)
    return carried(Route((), (source,)), () if x is None else (array(x),))[0]


class NeighborExchange(Primitive):
    """Tensors to some processes, and from some.

    Args:
        send_rank_ids, recv_rank_ids: the numbers of the processes in the group.
        recv_shapes, send_shapes: the shapes of what comes and what goes.
        recv_type: the dtype of what comes.
        group: the name of a group of processes.

    Inputs:
        input_x: a tuple of Tensors, one for each process that gets one.

    Returns:
        A tuple of Tensors, one for each process that sends one.

    Raises:
        TypeError: if the ranks are no lists.
        ValueError: if there are not as many Tensors as processes that get one.
        RuntimeError: if there is no such group, or a process is not in it.

    Example:
        >>> exchange = ops.NeighborExchange([], [], (), (), ms.float32)
        >>> exchange(())
        ()
    """

    _fields = ("send_rank_ids", "recv_rank_ids", "recv_shapes", "send_shapes", "recv_type", "group")

    def __init__(self, send_rank_ids, recv_rank_ids, recv_shapes, send_shapes, recv_type, group=WORLD):
        for name, value in {"send_rank_ids": send_rank_ids, "recv_rank_ids": recv_rank_ids}.items():
            check("NeighborExchange", name, value, "list")
        self.send_rank_ids, self.recv_rank_ids = send_rank_ids, recv_rank_ids
        self.recv_shapes, self.send_shapes, self.recv_type, self.group = recv_shapes, send_shapes, recv_type, group

    def __call__(self, input_x):
        if len(input_x) != len(self.send_rank_ids):
            raise ValueError(
                f"For 'NeighborExchange', there must be {len(self.send_rank_ids)} Tensors to send, got {len(input_x)}."
            )
        dtypes = [self.recv_type] * len(self.recv_rank_ids)
        return _passed_on(
            [("isend", rank) for rank in self.send_rank_ids] + [("irecv", rank) for rank in self.recv_rank_ids],
            input_x, self.recv_shapes, dtypes, self.group,
        )[len(input_x) :]  # fmt: skip


class BatchISendIRecv(Primitive):
    """Several Tensors to send and to receive, all at once.

    Args:
        op_types: "isend" or "irecv" for each.
        remote_ranks: for each, the number in the group of the other process.
        receive_shapes, receive_dtypes: of what is received, in the order of these.
        group: the name of a group of processes.

    Inputs:
        input_x: a tuple of the Tensors that are sent.

    Returns:
        A tuple of what was received, with a zero for each that was sent.

    Raises:
        TypeError: if `op_types` or `remote_ranks` is neither a tuple nor a list.
        ValueError: if their lengths differ, or those of shapes and dtypes.
        RuntimeError: if there are not as many Tensors as are sent; if a process is not in the group.

    Example:
        >>> ops.BatchISendIRecv((), (), (), ())(())
        ()
    """

    _fields = ("op_types", "remote_ranks", "receive_shapes", "receive_dtypes", "group")

    def __init__(self, op_types, remote_ranks, receive_shapes=(), receive_dtypes=(), group=WORLD):
        for name, value in {"op_types": op_types, "remote_ranks": remote_ranks}.items():
            check("BatchISendIRecv", name, value, "tuple or list")
        if len(op_types) != len(remote_ranks) or len(receive_shapes) != len(receive_dtypes):
            raise ValueError(
                "For 'BatchISendIRecv', there must be as many 'remote_ranks' as 'op_types', and as many "
                "'receive_dtypes' as 'receive_shapes'."
            )
        self.op_types, self.remote_ranks, self.group = op_types, remote_ranks, group
        self.receive_shapes, self.receive_dtypes = receive_shapes, receive_dtypes

    def __call__(self, input_x):
        steps = [*zip(self.op_types, self.remote_ranks, strict=True)]
        count = len([kind for kind, _ in steps if kind == "isend"])
        if len(input_x) != count:
            raise RuntimeError(f"For 'BatchISendIRecv', {count} Tensors are to be sent, but got {len(input_x)}.")
        return _passed_on(steps, input_x, self.receive_shapes, self.receive_dtypes, self.group)


def _passed_on(steps, tensors, shapes, dtypes, group) -> tuple[Tensor, ...]:
    """What comes of sending and receiving, in the order of the steps."""
    found, wanted = find(group), iter(zip(shapes, dtypes, strict=True))
    arrays = tuple(map(raw, tensors))
    targets = [found.at(rank) for kind, rank in steps if kind == "isend"]
    sources = [(found.at(rank), *next(wanted)) for kind, rank in steps if kind != "isend"]
    route = Route(
        tuple(map(_at, targets, arrays)),
        tuple((source, tuple(shape), mstype.element_type(dtype)) for source, shape, dtype in sources),
    )
    came = iter(carried(route, arrays)[len(targets) :])
    return tuple(wrap(jnp.zeros(()) if kind == "isend" else next(came)) for kind, _ in steps)


def wait_for_all(group) -> None:
    """Until all processes of a group have come here."""
    jax.block_until_ready(exchange(Sum(), find(group), jnp.zeros((), jnp.int32)))


class Barrier(Primitive):
    """Wait until all processes of a group have come here.

    Args:
        group: the name of a group of processes.

    Raises:
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> ops.Barrier()()
    """

    _fields = ("group",)

    def __init__(self, group=WORLD):
        check("Barrier", "group", group, "str")
        self.group = group

    @has_effects
    def __call__(self) -> None:
        wait_for_all(self.group)


publish("ops", NeighborExchange=NeighborExchange, BatchISendIRecv=BatchISendIRecv, Barrier=Barrier)
