"""Tensors between processes, under torch's names: the results are written into Tensors that are given.

Each function gives a handle if `async_op` is True, else None.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msjax import ops
from msjax.core.effects import has_effects
from msjax.core.tensor import Tensor, raw, rebind
from msjax.device.communication import pairs
from msjax.device.communication.group import HCCL_WORLD_COMM_GROUP, find
from msjax.ops.collective import messages
from msjax.ops.distributed import comm_func
from msjax.ops.distributed.handles import CommHandle, handle_of


def _write(tensor: Tensor, value: Tensor) -> None:
    """A result into the Tensor that is to have it."""
    if tensor.shape != value.shape:
        raise ValueError(f"The result is of shape {value.shape}, but the Tensor for it of shape {tensor.shape}.")
    rebind(tensor, raw(value).astype(raw(tensor).dtype))


def _written(async_op, **pairs: tuple[Any, Tensor]) -> CommHandle | None:
    for name, (tensor, value) in pairs.items():
        if not isinstance(tensor, Tensor):
            raise TypeError(f"The argument {name!r} must be a Tensor, but got {type(tensor).__name__}.")
        _write(tensor, value)
    return handle_of(async_op, *(tensor for tensor, _ in pairs.values()))


def _listed(async_op, name: str, tensors, values: Sequence[Tensor]) -> CommHandle | None:
    _check_list(name, tensors, len(values))
    for tensor, value in zip(tensors, values, strict=True):
        _write(tensor, value)
    return handle_of(async_op, *tensors)


def _check_list(name: str, tensors, size: int) -> None:
    good = isinstance(tensors, (list, tuple)) and all(isinstance(tensor, Tensor) for tensor in tensors)
    if not good or len(tensors) != size:
        raise TypeError(f"The argument {name!r} must be a list of {size} Tensors, but got {tensors!r}.")


def _name(group) -> str:
    return HCCL_WORLD_COMM_GROUP if group is None else group


def all_reduce(tensor: Tensor, op: str = "sum", group: Any = None, async_op: bool = False) -> CommHandle | None:
    """Replace a Tensor by the sum of those of all processes, or what else `op` says.

    Args:
        tensor: of the same shape and dtype on all of them.
        op: "sum", "max", "min", "prod" or "avg".
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> x = Tensor([1.0])
        >>> mint.distributed.all_reduce(x)
        >>> x.tolist()
        [1.0]
    """
    _check_op("all_reduce", op)
    return _written(async_op, tensor=(tensor, comm_func.all_reduce(tensor, op, _name(group))[0]))


def reduce(tensor: Tensor, dst: int, op: str = "sum", group: Any = None, async_op: bool = False) -> CommHandle | None:
    """On one process, replace a Tensor by the sum of those of all, or what else `op` says.

    Args:
        tensor: of the same shape and dtype on all of them.
        dst: the number among all of that process.
        op: "sum", "max", "min", "prod" or "avg".
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        RuntimeError: if there is no such group, or this process or `dst` is not in it.

    Example:
        >>> x = Tensor([1.0])
        >>> mint.distributed.reduce(x, 0)
        >>> x.tolist()
        [1.0]
    """
    _check_op("reduce", op)
    found = find(group)
    result = comm_func.reduce(tensor, dst, op, _name(group))
    return _written(async_op, tensor=(tensor, result if found.index(dst) == found.own else tensor))


def broadcast(tensor: Tensor, src: int, group: Any = None, async_op: bool = False) -> CommHandle | None:
    """Replace a Tensor by that of one process.

    Args:
        tensor: of the same shape and dtype on all of them.
        src: the number among all of that process.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        RuntimeError: if there is no such group, or this process or `src` is not in it.

    Example:
        >>> x = Tensor([1.0])
        >>> mint.distributed.broadcast(x, 0)
        >>> x.tolist()
        [1.0]
    """
    return _written(async_op, tensor=(tensor, comm_func.broadcast(tensor, src, _name(group))))


def all_gather(tensor_list, tensor: Tensor, group: Any = None, async_op: bool = False) -> CommHandle | None:
    """The Tensors of all processes, each into one of a list.

    Args:
        tensor_list: as many Tensors as processes.
        tensor: of the same shape and dtype on all of them.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type, or the list of another length.
        ValueError: if the Tensors are of other shapes.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> results = [ops.zeros(1)]
        >>> mint.distributed.all_gather(results, Tensor([1.0]))
        >>> results[0].tolist()
        [1.0]
    """
    _check_list("tensor_list", tensor_list, find(group).size)
    every = comm_func.all_gather_into_tensor(tensor[None], _name(group))[0]
    return _listed(async_op, "tensor_list", tensor_list, [*every])


def all_gather_into_tensor(output_tensor, input_tensor, group: Any = None, async_op: bool = False) -> CommHandle | None:
    """The Tensors of all processes one after the other, into one.

    Args:
        output_tensor: gets them.
        input_tensor: of the same shape and dtype on all of them.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if `output_tensor` is of another shape.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> result = ops.zeros(1)
        >>> mint.distributed.all_gather_into_tensor(result, Tensor([1.0]))
        >>> result.tolist()
        [1.0]
    """
    every = comm_func.all_gather_into_tensor(input_tensor, _name(group))[0]
    return _written(async_op, output_tensor=(output_tensor, every.reshape(output_tensor.shape)))


def all_gather_into_tensor_uneven(
    output, input, output_split_sizes: Any = None, group: Any = None, async_op: bool = False
) -> CommHandle | None:
    """The Tensors of all processes, of different lengths, one after the other, into one.

    Args:
        output: gets them.
        input: the Tensors may differ in the first axis.
        output_split_sizes: the sizes of the first axes of all; equal ones without it.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if the sizes do not fit.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> result = ops.zeros(1)
        >>> mint.distributed.all_gather_into_tensor_uneven(result, Tensor([1.0]), [1])
        >>> result.tolist()
        [1.0]
    """
    sizes = tuple(output_split_sizes or [input.shape[0]] * find(group).size)
    return _written(async_op, output=(output, ops.AllGatherV(_name(group))(input, sizes)))


def reduce_scatter(output, input_list, op: str = "sum", group: Any = None, async_op: bool = False) -> CommHandle | None:
    """Of the sums of the Tensors of all processes, or what else `op` says, the one of this process's number.

    Args:
        output: gets it.
        input_list: as many Tensors as processes.
        op: "sum", "max", "min", "prod" or "avg".
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type, or the list of another length.
        ValueError: if `output` is of another shape.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> result = ops.zeros(1)
        >>> mint.distributed.reduce_scatter(result, [Tensor([1.0])])
        >>> result.tolist()
        [1.0]
    """
    _check_op("reduce_scatter", op)
    _check_list("input_list", input_list, find(group).size)
    part = comm_func.reduce_scatter_tensor(ops.stack(list(input_list)), op, _name(group))[0]
    return _written(async_op, output=(output, part[0]))


def reduce_scatter_tensor(
    output, input, op: str = "sum", group: Any = None, async_op: bool = False
) -> CommHandle | None:
    """Of the sum of the Tensors of all processes, or what else `op` says, the part of this process.

    Args:
        output: gets it.
        input: of the same shape and dtype on all of them.
        op: "sum", "max", "min", "prod" or "avg".
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if the first axis can not be divided, or `output` is of another shape.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> result = ops.zeros(1)
        >>> mint.distributed.reduce_scatter_tensor(result, Tensor([1.0]))
        >>> result.tolist()
        [1.0]
    """
    _check_op("reduce_scatter_tensor", op)
    return _written(async_op, output=(output, comm_func.reduce_scatter_tensor(input, op, _name(group))[0]))


def reduce_scatter_tensor_uneven(
    output, input, input_split_sizes: Any = None, op: str = "sum", group: Any = None, async_op: bool = False
) -> CommHandle | None:
    """Of the sum of the Tensors of all processes, or what else `op` says, a part of a size of its own.

    Args:
        output: gets it.
        input: of the same shape and dtype on all of them.
        input_split_sizes: the sizes of the parts of all along the first axis; equal ones without it.
        op: "sum", "max", "min", "prod" or "avg".
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if the sizes do not fit.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> result = ops.zeros(1)
        >>> mint.distributed.reduce_scatter_tensor_uneven(result, Tensor([1.0]), [1])
        >>> result.tolist()
        [1.0]
    """
    _check_op("reduce_scatter_tensor_uneven", op)
    size = find(group).size
    sizes = tuple(input_split_sizes or [input.shape[0] // size] * size)
    return _written(async_op, output=(output, ops.ReduceScatterV(op, _name(group))(input, sizes)))


def all_to_all(output_tensor_list, input_tensor_list, group: Any = None, async_op: bool = False) -> CommHandle | None:
    """One Tensor to each process, and one from each into those of a list.

    Args:
        output_tensor_list: as many Tensors as processes, which get what comes.
        input_tensor_list: as many Tensors as processes.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if the lists are of another length.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> results = [ops.zeros(1)]
        >>> mint.distributed.all_to_all(results, [Tensor([1.0])])
        >>> results[0].tolist()
        [1.0]
    """
    results, _ = comm_func.all_to_all_with_output_shape(output_tensor_list, input_tensor_list, group)
    return _listed(async_op, "output_tensor_list", output_tensor_list, results)


def all_to_all_single(
    output, input, output_split_sizes: Any = None, input_split_sizes: Any = None, group: Any = None, async_op=False
) -> CommHandle | None:
    """Parts of a Tensor along the first axis to all processes; what comes from these is put together.

    Args:
        output: gets it.
        input: what goes.
        output_split_sizes, input_split_sizes: the sizes of what comes and what goes along the first axis; equal ones
            without them.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if the sizes do not fit.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> result = ops.zeros(1)
        >>> mint.distributed.all_to_all_single(result, Tensor([1.0]))
        >>> result.tolist()
        [1.0]
    """
    result, _ = comm_func.all_to_all_single_with_output_shape(
        output, input, output_split_sizes, input_split_sizes, group
    )
    return _written(async_op, output=(output, result))


def gather(tensor: Tensor, gather_list, dst: int = 0, group: Any = None, async_op: bool = False) -> CommHandle | None:
    """The Tensors of all processes, each into one of a list, on one of them.

    Args:
        tensor: of the same shape and dtype on all of them.
        gather_list: as many Tensors as processes; only needed on the one that gets them.
        dst: the number among all of that process.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type, or the list of another length.
        ValueError: if the Tensors are of other shapes.
        RuntimeError: if there is no such group, or this process or `dst` is not in it.

    Example:
        >>> results = [ops.zeros(1)]
        >>> mint.distributed.gather(Tensor([1.0]), results)
        >>> results[0].tolist()
        [1.0]
    """
    found = find(group)
    here = found.index(dst) == found.own
    if here:
        _check_list("gather_list", gather_list, found.size)
    every = comm_func.gather_into_tensor(tensor[None], dst, _name(group))
    return _listed(async_op, "gather_list", gather_list, [*every]) if here else handle_of(async_op)


def scatter(tensor: Tensor, scatter_list, src: int = 0, group: Any = None, async_op: bool = False) -> CommHandle | None:
    """Replace a Tensor by the one of this process's number in the list of one of them.

    Args:
        tensor: gets it.
        scatter_list: as many Tensors as processes; only needed on the one that gives.
        src: the number among all of that process.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type, or the list of another length.
        ValueError: if the Tensors are of another shape.
        RuntimeError: if there is no such group, or this process or `src` is not in it.

    Example:
        >>> x = ops.zeros(1)
        >>> mint.distributed.scatter(x, [Tensor([1.0])])
        >>> x.tolist()
        [1.0]
    """
    found = find(group)
    if found.index(src) == found.own:
        _check_list("scatter_list", scatter_list, found.size)
        given = ops.stack(list(scatter_list))
    else:
        given = ops.zeros((found.size, *tensor.shape), tensor.dtype)
    return _written(async_op, tensor=(tensor, comm_func.scatter_tensor(given, src, _name(group))[0]))


def gather_into_tensor(
    output_tensor, input_tensor, dst: int = 0, group: Any = None, async_op: bool = False
) -> CommHandle | None:
    """The Tensors of all processes one after the other, into one, on one of them.

    Args:
        output_tensor: gets them.
        input_tensor: of the same shape and dtype on all of them.
        dst: the number among all of that process.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if `output_tensor` is of another shape.
        RuntimeError: if there is no such group, or this process or `dst` is not in it.

    Example:
        >>> result = ops.zeros(1)
        >>> ops.gather_into_tensor(result, Tensor([1.0]))
        >>> result.tolist()
        [1.0]
    """
    found = find(group)
    every = comm_func.gather_into_tensor(input_tensor, dst, _name(group))
    here = found.index(dst) == found.own
    return _written(async_op, output_tensor=(output_tensor, every)) if here else handle_of(async_op)


def scatter_tensor(
    output_tensor, input_tensor, src: int = 0, group: Any = None, async_op: bool = False
) -> CommHandle | None:
    """The part of the Tensor of one process along the first axis that is this process's, into another.

    Args:
        output_tensor: gets it.
        input_tensor: of the same shape and dtype on all of them.
        src: the number among all of the process that gives.
        group: the name of a group of processes; all without it.
        async_op: whether a handle is wanted.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if the first axis can not be divided, or `output_tensor` is of another shape.
        RuntimeError: if there is no such group, or this process or `src` is not in it.

    Example:
        >>> result = ops.zeros(1)
        >>> ops.scatter_tensor(result, Tensor([1.0]))
        >>> result.tolist()
        [1.0]
    """
    part = comm_func.scatter_tensor(input_tensor, src, _name(group))
    return _written(async_op, output_tensor=(output_tensor, part))


@has_effects
def barrier(group: Any = None, async_op: bool = False, device_ids: Any = None) -> CommHandle | None:
    """Wait until all processes of a group have come here.

    Args:
        group: the name of the group; all processes without it.
        async_op: whether a handle is wanted.
        device_ids: accepted and ignored.

    Returns:
        The handle, or None.

    Raises:
        TypeError: if an argument is of the wrong type.
        RuntimeError: if there is no such group, or this process is not in it.

    Example:
        >>> mint.distributed.barrier()
    """
    messages.wait_for_all(group)
    return handle_of(async_op)


@has_effects
def send(tensor: Tensor, dst: int = 0, group: Any = None, tag: int = 0) -> None:
    """Send a Tensor to another process, and wait until it has it.

    Args:
        tensor: what is sent.
        dst: the number among all of that process.
        group: the name of a group that both are in; all without it.
        tag: accepted and ignored.

    Raises:
        TypeError: if `tensor` is no Tensor.
        ValueError: if `dst` is this process.
        RuntimeError: if there is no such group, or a process is not in it.

    Example:
        >>> mint.distributed.send(Tensor([1.0]), 0)
        Traceback (most recent call last):
            ...
        ValueError: Rank 0 can not send to itself, or receive from itself.
    """
    comm_func.send(tensor, dst, _name(group), tag)


@has_effects
def recv(tensor: Tensor, src: int = 0, group: Any = None, tag: int = 0) -> int:
    """Replace a Tensor by one that another process sends.

    Args:
        tensor: gets it.
        src: the number among all of that process.
        group: the name of a group that both are in; all without it.
        tag: accepted and ignored.

    Returns:
        0.

    Raises:
        TypeError: if `tensor` is no Tensor.
        ValueError: if `src` is this process.
        RuntimeError: if there is no such group, or a process is not in it.

    Example:
        >>> mint.distributed.recv(Tensor([1.0]), 0)
        Traceback (most recent call last):
            ...
        ValueError: Rank 0 can not send to itself, or receive from itself.
    """
    pairs.deliver([comm_func.awaited_in("recv", tensor, src, group, tensor)])
    return 0


@has_effects
def isend(tensor: Tensor, dst: int = 0, group: Any = None, tag: int = 0) -> CommHandle:
    """Begin to send a Tensor to another process.

    Args:
        tensor: what is sent.
        dst: the number among all of that process.
        group: the name of a group that both are in; all without it.
        tag: accepted and ignored.

    Returns:
        A handle; the Tensor is on its way when it is waited for, or when processes communicate in another way.

    Raises:
        TypeError: if `tensor` is no Tensor.
        RuntimeError: if there is no such group, or a process is not in it.

    Example:
        >>> mint.distributed.isend([1.0])
        Traceback (most recent call last):
            ...
        TypeError: For 'isend', the 'tensor' must be a Tensor, but got list.
    """
    return comm_func.isend(tensor, dst, _name(group), tag)


@has_effects
def irecv(tensor: Tensor, src: int = 0, group: Any = None, tag: int = 0) -> CommHandle:
    """Begin to replace a Tensor by one that another process sends.

    Args:
        tensor: gets it.
        src: the number among all of that process.
        group: the name of a group that both are in; all without it.
        tag: accepted and ignored.

    Returns:
        A handle to wait for before the Tensor is used.

    Raises:
        TypeError: if `tensor` is no Tensor.
        RuntimeError: if there is no such group, or a process is not in it.

    Example:
        >>> mint.distributed.irecv([1.0])
        Traceback (most recent call last):
            ...
        TypeError: For 'irecv', the 'tensor' must be a Tensor, but got list.
    """
    pairs.begin(comm_func.awaited_in("irecv", tensor, src, group, tensor))
    return CommHandle([tensor])


class P2POp(comm_func.P2POp):
    """A Tensor to be sent or received, for `batch_isend_irecv`.

    Args:
        op: `isend` or `irecv`, the function or its name.
        tensor: what is sent, or gets what comes.
        peer: the number among all of the other process.
        group: the name of a group that both are in; all without it.
        tag: 0.

    Raises:
        TypeError: if `op` is neither, or `tensor` no Tensor.
        NotImplementedError: if `tag` is not 0.

    Example:
        >>> mint.distributed.P2POp("isend", Tensor([1.0]), 1).peer
        1
    """

    def __init__(self, op, tensor: Tensor, peer: int, group: Any = None, tag: int = 0):
        if not isinstance(tensor, Tensor) or getattr(op, "__name__", op) not in ("isend", "irecv"):
            raise TypeError("For 'P2POp', the 'op' must be isend or irecv, and the 'tensor' a Tensor.")
        super().__init__(op, tensor, peer, group, tag)


@has_effects
def batch_isend_irecv(p2p_op_list) -> list[CommHandle]:
    """Send and receive several Tensors, all at once.

    Args:
        p2p_op_list: a list of `P2POp`.

    Returns:
        A list of one handle.

    Raises:
        TypeError: if `p2p_op_list` is empty, or no list of these.

    Example:
        >>> mint.distributed.batch_isend_irecv([])
        Traceback (most recent call last):
            ...
        TypeError: For 'batch_isend_irecv', the 'p2p_op_list' must be a list of P2POp that is not empty.
    """
    good = isinstance(p2p_op_list, (list, tuple)) and all(isinstance(step, P2POp) for step in p2p_op_list)
    if not good or not p2p_op_list:
        raise TypeError("For 'batch_isend_irecv', the 'p2p_op_list' must be a list of P2POp that is not empty.")
    results = comm_func.batch_isend_irecv(p2p_op_list)
    received = [step.tensor for step in p2p_op_list if step.op == "irecv"]
    came = [result for step, result in zip(p2p_op_list, results, strict=True) if step.op == "irecv"]
    for tensor, value in zip(received, came, strict=True):
        _write(tensor, value)
    return [CommHandle(received)]


def _check_op(name: str, op) -> None:
    if op not in ("sum", "max", "min", "prod", "avg"):
        raise TypeError(f"For '{name}', the 'op' must be 'sum', 'max', 'min', 'prod' or 'avg', but got {op!r}.")
