"""`mindspore.communication.comm_func`: the collectives as functions, which give new Tensors and handles."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Any

import jax.numpy as jnp

from msjax.core import dtype as mstype
from msjax.core.effects import has_effects
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.device.communication import pairs
from msjax.device.communication.group import HCCL_WORLD_COMM_GROUP, find
from msjax.ops.call.operator import Operator
from msjax.ops.call.promotion import array
from msjax.ops.collective import messages, moves, sums, uneven
from msjax.ops.distributed.handles import CommHandle, handle_of

WORLD = HCCL_WORLD_COMM_GROUP


def _parts(*tensors, shapes, group, equal=False):
    """Flat arrays, one for each process, and those of given sizes that come from each; `equal` if so are all."""
    found = find(group)
    flat = jnp.concatenate([array(t).ravel() for t in tensors])
    sizes = [array(t).size for t in tensors]
    return uneven.exchange_parts(flat, sizes, [*shapes], found, equal)


_SUM, _GATHER, _PART, _REDUCE, _FROM, _COLLECT, _SCATTER, _SWAP = (
    Operator(f, jit=False)
    for f in (
        sums.all_reduce, moves.all_gather, sums.reduce_scatter, sums.reduce, moves.broadcast, moves.collective_gather,
        moves.collective_scatter, _parts,
    )
)  # fmt: skip


def all_reduce(tensor: Tensor, op: str = "sum", group: str = WORLD, async_op: bool = False):
    """The sum of the Tensors of all processes, or what else `op` says.

    Args:
        tensor: of the same shape and dtype on all of them.
        op: "sum", "max", "min", "prod" or "avg".
        group: the name of a group of processes.
        async_op: whether a handle is wanted.

    Returns:
        (the Tensor, the handle or None).

    Raises:
        TypeError: if `tensor` is no Tensor of numbers, or another argument of the wrong type.
        ValueError: if `op` is none of these.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> from msjax.communication.comm_func import all_reduce
        >>> all_reduce(Tensor([1.0]))[0].tolist()
        [1.0]
    """
    _check_tensor("all_reduce", tensor)
    result = _SUM.call((tensor,), (op, group))
    return result, handle_of(async_op, result)


def all_gather_into_tensor(tensor: Tensor, group: str = WORLD, async_op: bool = False):
    """The Tensors of all processes one after the other along the first axis.

    Args:
        tensor: of the same shape and dtype on all of them.
        group: the name of a group of processes.
        async_op: whether a handle is wanted.

    Returns:
        (the Tensor, the handle or None).

    Raises:
        TypeError: if `tensor` is no Tensor, or another argument of the wrong type.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> from msjax.communication.comm_func import all_gather_into_tensor
        >>> all_gather_into_tensor(Tensor([1.0]))[0].tolist()
        [1.0]
    """
    _check_tensor("all_gather_into_tensor", tensor)
    result = _GATHER.call((tensor,), (group,))
    return result, handle_of(async_op, result)


def reduce_scatter_tensor(tensor: Tensor, op: str = "sum", group: str = WORLD, async_op: bool = False):
    """Of the sum of the Tensors of all processes, or what else `op` says, the part of this process.

    Args:
        tensor: of the same shape and dtype on all of them.
        op: "sum", "max", "min", "prod" or "avg".
        group: the name of a group of processes.
        async_op: whether a handle is wanted.

    Returns:
        (the Tensor, the handle or None).

    Raises:
        TypeError: if `tensor` is no Tensor of numbers, or another argument of the wrong type.
        ValueError: if `op` is none of these, or the first axis can not be divided by the number of processes.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> from msjax.communication.comm_func import reduce_scatter_tensor
        >>> reduce_scatter_tensor(Tensor([1.0]))[0].tolist()
        [1.0]
    """
    _check_tensor("reduce_scatter_tensor", tensor)
    result = _PART.call((tensor,), (op, group))
    return result, handle_of(async_op, result)


def reduce(tensor: Tensor, dst: int, op: str = "sum", group: str = WORLD) -> Tensor:
    """The sum of the Tensors of all processes, or what else `op` says, on one of them; zeros on the others.

    Args:
        tensor: of the same shape and dtype on all of them.
        dst: the number among all of that process.
        op: "sum", "max", "min", "prod" or "avg".
        group: the name of a group of processes.

    Returns:
        A Tensor of the same shape.

    Raises:
        TypeError: if `tensor` is no Tensor of numbers, or another argument of the wrong type.
        ValueError: if `op` is none of these.
        RuntimeError: if there is no such group, or this process or `dst` is not in it.

    Example:
        >>> from msjax.communication.comm_func import reduce
        >>> reduce(Tensor([1.0]), 0).tolist()
        [1.0]
    """
    _check_tensor("reduce", tensor)
    return _REDUCE.call((tensor,), (find(group).index(dst), op, group))


def broadcast(tensor: Tensor, src: int = 0, group: str = WORLD) -> Tensor:
    """The Tensor of one process, on all.

    Args:
        tensor: of the same shape and dtype on all of them.
        src: the number among all of that process.
        group: the name of a group of processes.

    Returns:
        A Tensor of the same shape.

    Raises:
        TypeError: if `tensor` is no Tensor, or another argument of the wrong type.
        RuntimeError: if there is no such group, or this process or `src` is not in it.

    Example:
        >>> from msjax.communication.comm_func import broadcast
        >>> broadcast(Tensor([1.0])).tolist()
        [1.0]
    """
    _check_tensor("broadcast", tensor)
    return _FROM.call(((tensor,),), (src, group))[0]


def gather_into_tensor(tensor: Tensor, dst: int = 0, group: str = WORLD) -> Tensor:
    """The Tensors of all processes one after the other along the first axis, on one of them; a zero on the others.

    Args:
        tensor: of the same shape and dtype on all of them.
        dst: the number among all of that process.
        group: the name of a group of processes.

    Returns:
        A Tensor.

    Raises:
        TypeError: if `tensor` is no Tensor, or another argument of the wrong type.
        RuntimeError: if there is no such group, or this process or `dst` is not in it.

    Example:
        >>> from msjax.communication.comm_func import gather_into_tensor
        >>> gather_into_tensor(Tensor([1.0])).tolist()
        [1.0]
    """
    _check_tensor("gather_into_tensor", tensor)
    return _COLLECT.call((tensor,), (dst, group))


def scatter_tensor(tensor: Tensor, src: int = 0, group: str = WORLD) -> Tensor:
    """The part of the Tensor of one process along the first axis that is this process's.

    Args:
        tensor: of the same shape and dtype on all of them.
        src: the number among all of that process.
        group: the name of a group of processes.

    Returns:
        A Tensor.

    Raises:
        TypeError: if `tensor` is no Tensor, or another argument of the wrong type.
        ValueError: if the first axis can not be divided by the number of processes.
        RuntimeError: if there is no such group, or this process or `src` is not in it.

    Example:
        >>> from msjax.communication.comm_func import scatter_tensor
        >>> scatter_tensor(Tensor([1.0])).tolist()
        [1.0]
    """
    _check_tensor("scatter_tensor", tensor)
    return _SCATTER.call((tensor,), (src, group))


def all_to_all_with_output_shape(output_shape_list, input_tensor_list, group: Any = None, async_op: bool = False):
    """One Tensor to each process, and one from each.

    Args:
        output_shape_list: the shapes of what comes, or Tensors of these shapes.
        input_tensor_list: what goes, of one dtype.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        (a tuple of Tensors, the handle or None).

    Raises:
        TypeError: if the lists are no lists, or Tensors differ in dtype.
        ValueError: if there are not as many as processes.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> from msjax.communication.comm_func import all_to_all_with_output_shape
        >>> all_to_all_with_output_shape([(1,)], [Tensor([1.0])])[0][0].tolist()
        [1.0]
    """
    size = find(group).size
    for name, value in {"output_shape_list": output_shape_list, "input_tensor_list": input_tensor_list}.items():
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"For 'all_to_all_with_output_shape', the '{name}' must be a list, but got {value!r}.")
        if len(value) != size:
            raise ValueError(f"For 'all_to_all_with_output_shape', the '{name}' must have {size} elements.")
    for tensor in input_tensor_list:
        _check_tensor("all_to_all_with_output_shape", tensor)
        if tensor.dtype != input_tensor_list[0].dtype:
            raise TypeError("For 'all_to_all_with_output_shape', all Tensors must be of one dtype.")
    shapes = [tuple(s.shape if isinstance(s, Tensor) else s) for s in output_shape_list]
    sizes = tuple(map(math.prod, shapes))
    flat = _SWAP.call(tuple(input_tensor_list), (sizes, group, False))
    results = tuple(part.reshape(shape) for part, shape in zip(_in_parts(flat, sizes), shapes, strict=True))
    return results, handle_of(async_op, *results)


def _in_parts(x: Tensor, sizes) -> list[Tensor]:
    """A Tensor, cut along its first axis."""
    ends = [*accumulate(sizes)]
    return [x[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def all_to_all_single_with_output_shape(
    output_shape,
    tensor: Tensor,
    output_split_sizes: Any = None,
    input_split_sizes: Any = None,
    group: Any = None,
    async_op: bool = False,
):
    """Parts of a Tensor along the first axis to all processes; what comes from these is put together.

    Args:
        output_shape: the shape of the result, or a Tensor of that shape.
        tensor: what goes.
        output_split_sizes, input_split_sizes: the sizes of what comes and what goes along the first axis; equal ones
            without them.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        (the Tensor, the handle or None).

    Raises:
        TypeError: if `tensor` is no Tensor.
        ValueError: if the sizes do not fit.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> from msjax.communication.comm_func import all_to_all_single_with_output_shape
        >>> all_to_all_single_with_output_shape((1,), Tensor([1.0]))[0].tolist()
        [1.0]
    """
    name = "all_to_all_single_with_output_shape"
    _check_tensor(name, tensor)
    shape = tuple(output_shape.shape if isinstance(output_shape, Tensor) else output_shape)
    found = find(group)
    sent = _split_sizes(name, "input_split_sizes", input_split_sizes, tensor.shape[0], found)
    received = _split_sizes(name, "output_split_sizes", output_split_sizes, shape[0], found)
    row = math.prod(tensor.shape[1:])
    sizes, equal = tuple(n * row for n in received), input_split_sizes is None and output_split_sizes is None
    result = _SWAP.call(tuple(_in_parts(tensor, sent)), (sizes, group, equal)).reshape(shape)
    return result, handle_of(async_op, result)


def _split_sizes(name: str, parameter: str, sizes, total: int, group) -> list[int]:
    """The sizes of parts, equal ones if none are given."""
    if sizes is None or not len(sizes):
        if total % group.size:
            raise ValueError(f"For '{name}', {total} can not be divided by {group.size}; give '{parameter}'.")
        return [total // group.size] * group.size
    return uneven.sizes_of(name, parameter, sizes, group, total)


@has_effects
def barrier(group: str = WORLD) -> None:
    """Wait until all processes of a group have come here.

    Args:
        group: the name of a group of processes.

    Raises:
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> from msjax.communication.comm_func import barrier
        >>> barrier()
    """
    messages.wait_for_all(group)


@has_effects
def send(tensor: Tensor, dst: int = 0, group: str = WORLD, tag: int = 0) -> None:
    """Send a Tensor to another process, and wait until it has it.

    Args:
        tensor: what is sent.
        dst: the number among all of that process.
        group: the name of a group that both are in.
        tag: accepted and ignored.

    Raises:
        TypeError: if `tensor` is no Tensor.
        ValueError: if `dst` is this process.
        RuntimeError: if there is no such group, or a process is not in it.

    Example:
        >>> from msjax.communication.comm_func import send
        >>> send(Tensor([1.0]), 0)
        Traceback (most recent call last):
            ...
        ValueError: Rank 0 can not send to itself, or receive from itself.
    """
    pairs.deliver([_sent("send", tensor, dst, group)])


@has_effects
def isend(tensor: Tensor, dst: int = 0, group: str = WORLD, tag: int = 0) -> CommHandle:
    """Begin to send a Tensor to another process.

    Args:
        tensor: what is sent.
        dst: the number among all of that process.
        group: the name of a group that both are in.
        tag: accepted and ignored.

    Returns:
        A handle; the Tensor is on its way when it is waited for, or when processes communicate in another way.

    Raises:
        TypeError: if `tensor` is no Tensor.
        RuntimeError: if there is no such group, or a process is not in it.

    Example:
        >>> from msjax.communication.comm_func import isend
        >>> isend([1.0])
        Traceback (most recent call last):
            ...
        TypeError: For 'isend', the 'tensor' must be a Tensor, but got list.
    """
    pairs.begin(_sent("isend", tensor, dst, group))
    return CommHandle()


@has_effects
def recv(tensor: Tensor, src: int = 0, group: str = WORLD, tag: int = 0) -> Tensor:
    """A Tensor that another process sends.

    Args:
        tensor: one of that shape and dtype.
        src: the number among all of that process.
        group: the name of a group that both are in.
        tag: accepted and ignored.

    Returns:
        A Tensor.

    Raises:
        TypeError: if `tensor` is no Tensor.
        ValueError: if `src` is this process.
        RuntimeError: if there is no such group, or a process is not in it.

    Example:
        >>> from msjax.communication.comm_func import recv
        >>> recv(Tensor([1.0]), 0)
        Traceback (most recent call last):
            ...
        ValueError: Rank 0 can not send to itself, or receive from itself.
    """
    result = wrap(raw(tensor))
    pairs.deliver([awaited_in("recv", tensor, src, group, result)])
    return result


@has_effects
def irecv(tensor: Tensor, src: int = 0, group: str = WORLD, tag: int = 0):
    """Begin to receive a Tensor that another process sends.

    Args:
        tensor: one of that shape and dtype.
        src: the number among all of that process.
        group: the name of a group that both are in.
        tag: accepted and ignored.

    Returns:
        (the Tensor, a handle to wait for before it is used).

    Raises:
        TypeError: if `tensor` is no Tensor.
        RuntimeError: if there is no such group, or a process is not in it.

    Example:
        >>> from msjax.communication.comm_func import irecv
        >>> irecv([1.0])
        Traceback (most recent call last):
            ...
        TypeError: For 'irecv', the 'tensor' must be a Tensor, but got list.
    """
    _check_tensor("irecv", tensor)
    result = wrap(raw(tensor))
    pairs.begin(awaited_in("irecv", tensor, src, group, result))
    return result, CommHandle([result])


def _sent(name: str, tensor: Tensor, dst: int, group) -> pairs.Message:
    _check_tensor(name, tensor)
    find(group).index(dst)
    return messages.sent(raw(tensor), dst)


def awaited_in(name: str, tensor: Tensor, src: int, group, result: Tensor) -> pairs.Message:
    """A message that a Tensor takes on."""
    _check_tensor(name, tensor)
    find(group).index(src)
    return messages.awaited(tensor.shape, tensor.dtype, src, lambda came: rebind(result, came))


class P2POp:
    """A Tensor to be sent or received, for `batch_isend_irecv`.

    Args:
        op: `isend` or `irecv`, the function or its name.
        tensor: what is sent; or a Tensor, or a shape, of what is received.
        peer: the number among all of the other process.
        group: the name of a group that both are in.
        tag: 0.
        recv_dtype: the dtype of what is received, if `tensor` is a shape.

    Raises:
        ValueError: if `op` is neither.
        TypeError: if `tensor` is neither a Tensor nor a shape.
        NotImplementedError: if `tag` is not 0.

    Example:
        >>> from msjax.communication.comm_func import P2POp
        >>> P2POp("isend", Tensor([1.0]), 1).op
        'isend'
    """

    def __init__(self, op, tensor, peer: int, group: Any = None, tag: int = 0, recv_dtype: Any = None):
        self.op = getattr(op, "__name__", op)
        if self.op not in ("isend", "irecv"):
            raise ValueError(f"For 'P2POp', the 'op' must be 'isend' or 'irecv', but got {op!r}.")
        if not isinstance(tensor, (Tensor, tuple)):
            raise TypeError(f"For 'P2POp', the 'tensor' must be a Tensor or a shape, but got {type(tensor).__name__}.")
        if tag != 0:
            raise NotImplementedError(f"For 'P2POp', the 'tag' must be 0, but got {tag!r}.")
        self.tensor, self.peer, self.group, self.tag, self.recv_dtype = tensor, peer, group, tag, recv_dtype


@has_effects
def batch_isend_irecv(p2p_op_list) -> tuple[Tensor, ...]:
    """Send and receive several Tensors, all at once.

    Args:
        p2p_op_list: a list of `P2POp`.

    Returns:
        A tuple of what was received, with a zero for each that was sent.

    Raises:
        TypeError: if `p2p_op_list` is no list of these.

    Example:
        >>> from msjax.communication.comm_func import batch_isend_irecv
        >>> batch_isend_irecv([])
        ()
    """
    if not isinstance(p2p_op_list, (list, tuple)) or not all(isinstance(step, P2POp) for step in p2p_op_list):
        raise TypeError("For 'batch_isend_irecv', the 'p2p_op_list' must be a list of P2POp.")
    results, together = [], []
    for step in p2p_op_list:
        given = step.tensor
        if step.op == "isend":
            together.append(_sent("batch_isend_irecv", given, step.peer, step.group))
            results.append(wrap(jnp.zeros(())))
            continue
        if isinstance(given, tuple):
            dtype = None if step.recv_dtype is None else mstype.element_type(step.recv_dtype)
            given = wrap(jnp.zeros(given, dtype))
        results.append(wrap(raw(given)))
        together.append(awaited_in("batch_isend_irecv", given, step.peer, step.group, results[-1]))
    pairs.deliver(together)
    return tuple(results)


def _check_tensor(name: str, tensor) -> None:
    if not isinstance(tensor, Tensor):
        raise TypeError(f"For '{name}', the 'tensor' must be a Tensor, but got {type(tensor).__name__}.")
