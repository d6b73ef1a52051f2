"""Where arrays lie when one process computes on several devices: what a call is given is divided among them by rows,
all else is copied to each, and XLA divides the work ("computation follows data").

The devices stand in one mesh, whose axes have prime sizes, so that layouts and strategies, which see them as blocks of
several axes, are shardings on the same mesh: JAX finds a sharding that XLA chose on the mesh of the inputs only.
"""

from __future__ import annotations

import math
import weakref
from collections import deque
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from msjax import log
from msjax.core import context, device, trace
from msjax.core.tensor import Tensor, hold
from msjax.core.view import array_of
from msjax.shims import distributed

_asked = 0  # for how many devices the launcher was
_moved: list[tuple[Tensor, NamedSharding]] = []  # in a trace, to be moved when it is over


def ask(count: int) -> None:
    """Compute on so many devices, whatever the parallel context says.

    Args:
        count: how many; on a CPU they are made, if JAX has not been used yet.
    """
    global _asked
    _asked = count
    jax.config.update("jax_num_cpu_devices", count)


def mesh() -> Mesh | None:
    """The devices; None if there is one, or several processes."""
    count = _asked or context._parallel["device_num"]
    return _mesh(count) if count > 1 else None


@cache
def _mesh(count: int) -> Mesh | None:
    if jax.process_count() > 1:  # the number is that of the processes
        return None
    devices = device.devices(device.current_target())
    if len(devices) >= count:
        sizes = _primes(count)
        return Mesh(np.array(devices[:count]).reshape(sizes), [f"axis{i}" for i in range(len(sizes))])
    there = f"{len(devices)} of the kind {device.current_target()}"
    if _asked:
        raise RuntimeError(f"The launcher was asked for {count} devices, but there are {there}.")
    if len(devices) > 1:
        log.warning("The parallel context asks for %d devices, but there are %s: one is used.", count, there)
    return None


def _primes(count: int) -> list[int]:
    """The prime factors of a number."""
    for factor in range(2, count):
        if count % factor == 0:
            return [factor, *_primes(count // factor)]
    return [count]


def state() -> tuple | None:
    """What a program depends on, if there are several devices or processes."""
    devices, mode = mesh(), context._parallel["parallel_mode"]
    if devices is None and mode == context.ParallelMode.STAND_ALONE:
        return None
    return devices and devices.size, mode, repr(_strategy()), divides_state()


def divides_state() -> bool:
    """Whether each device keeps a part of an optimizer's state only."""
    return bool(context._parallel["enable_parallel_optimizer"])


# -- shardings ----------------------------------------------------------------------------------------------------


@cache
def everywhere(devices: Mesh) -> NamedSharding:
    """All of an array on each device."""
    return NamedSharding(devices, PartitionSpec())


@cache
def by_rows(devices: Mesh) -> NamedSharding:
    """The first axis of an array divided among all devices."""
    return NamedSharding(devices, PartitionSpec(devices.axis_names))


@lru_cache(maxsize=1024)
def blocked(devices: Mesh, sizes: tuple[int, ...], entries: tuple[tuple[int, ...], ...]) -> NamedSharding:
    """The devices seen as a block of some sizes; those that are left over have copies.

    Args:
        sizes: of the block's axes; their product divides the number of devices.
        entries: for each axis of an array, the axes of the block that divide it.
    """
    groups = _groups(devices, sizes)
    if groups is None:  # the block has other axes than the mesh
        rest = devices.size // math.prod(sizes)
        names = [f"axis{i}" for i in range(len(sizes))]
        devices = Mesh(devices.devices.reshape(*sizes, rest), (*names, "rest"))
        groups = [(name,) for name in names]
    return NamedSharding(devices, PartitionSpec(*[sum([groups[i] for i in entry], ()) or None for entry in entries]))


def _groups(devices: Mesh, sizes: tuple[int, ...]) -> list[tuple[str, ...]] | None:
    """The axes of a mesh that make up each axis of a block, in order."""
    left, groups = deque(devices.shape.items()), []
    for size in sizes:
        group: tuple[str, ...] = ()
        while size > 1 and left and size % left[0][1] == 0:
            name, count = left.popleft()
            group, size = (*group, name), size // count
        if size > 1:
            return None
        groups.append(group)
    return groups


def split(devices: Mesh, parts: tuple[int, ...]) -> NamedSharding:
    """Each axis of an array in so many parts."""
    return blocked(devices, parts, tuple((i,) for i in range(len(parts))))


def _strategy() -> Any:
    return "full_batch" if context._parallel["full_batch"] else context._parallel["dataset_strategy"]


def _of_rows(devices: Mesh, shape: tuple, number: int) -> NamedSharding:
    """Of what a call is given: divided as the context says, if that fits; else by rows, if that can be."""
    strategy = _strategy()
    given: Any = strategy[number] if isinstance(strategy, tuple) and number < len(strategy) else None
    parts = () if given is None else given if isinstance(given, tuple) else given.parts
    if given is not None and len(parts) == len(shape) and not any(s % k for s, k in zip(shape, parts, strict=True)):
        return split(devices, given) if isinstance(given, tuple) else given.sharding(devices)
    if strategy == "full_batch" or not shape or not shape[0] or shape[0] % devices.size:
        return everywhere(devices)
    return by_rows(devices)


def _of_state(parameter: Any, shape: tuple, devices: Mesh) -> NamedSharding:
    """Of what an optimizer keeps for a Parameter: as that lies, and divided further if that is wanted."""
    own = getattr(parameter, "_sharding", None)
    own = everywhere(devices) if own is None or parameter.shape != shape else own
    return _divided(own, shape) if divides_state() and parameter.parallel_optimizer else own


def _divided(sharding: NamedSharding, shape: tuple) -> NamedSharding:
    """Divided among the devices that have copies, along the first axis where that is possible."""
    spec = [*sharding.spec, *[None] * (len(shape) - len(sharding.spec))]
    used = {name for entry in spec if entry for name in ((entry,) if isinstance(entry, str) else entry)}
    free = tuple(name for name in sharding.mesh.axis_names if name not in used)
    count = math.prod(sharding.mesh.shape[name] for name in free)
    for axis, entry in enumerate(spec):
        if entry is None and shape[axis] and shape[axis] % count == 0:
            return NamedSharding(sharding.mesh, PartitionSpec(*spec[:axis], free, *spec[axis + 1 :]))
    return sharding


# -- handles ------------------------------------------------------------------------------------------------------


def lay(devices: Mesh, tensors: Iterable[Tensor], given: Sequence[Tensor] = ()) -> None:
    """Move the arrays of Tensors to where they belong, if they are not on these devices yet.

    Args:
        tensors: any.
        given: those among them that a call was given, whose rows are divided.
    """
    while _moved:
        _move(*_moved.pop())
    count = devices.size
    away = [t for t in tensors if array_of(t).sharding.num_devices != count]
    if not away:
        return
    numbers = {id(t): i for i, t in enumerate(given)}
    others = []
    for tensor in away:
        array = array_of(tensor)
        home = _home(devices, tensor, array.shape, numbers.get(id(tensor)))
        # On a CPU the memory can be read, which takes no programs that slice.
        on_host = array.sharding.num_devices == 1 and not array.weak_type and _is_cpu(array)
        moved = distributed.divided(array, home) if on_host else None
        if moved is None:
            others.append((tensor, np.asarray(array) if on_host else array, home))
        else:
            hold(tensor, moved)
    if others:
        tensors, arrays, homes = zip(*others, strict=True)
        for tensor, array in zip(tensors, jax.device_put([*arrays], [*homes], may_alias=False), strict=True):
            hold(tensor, array)


def _is_cpu(array: jax.Array) -> bool:
    return next(iter(array.devices())).platform == "cpu"


def done(devices: Mesh, tensors: Sequence[Tensor]) -> None:
    """A program that gave Tensors runs. On a CPU this waits for it: XLA's threads there may all come to wait for each
    other if programs that communicate overlap."""
    if tensors and devices.devices.flat[0].platform == "cpu":
        jax.block_until_ready(tensors[0]._array)


def lay_columns(devices: Mesh, columns: Sequence) -> list[jax.Array]:
    """What many calls in one are given, stacked: of each the rows are divided.

    Args:
        columns: an array for each argument, with an axis for the calls before its own.
    """
    homes = [_of_rows(devices, column.shape[1:], i) for i, column in enumerate(columns)]
    return jax.device_put([*columns], [NamedSharding(s.mesh, PartitionSpec(None, *s.spec)) for s in homes])


def _home(devices: Mesh, tensor: Any, shape: tuple, number: int | None) -> NamedSharding:
    if not hasattr(tensor, "_slot_of"):  # no Parameter
        return everywhere(devices) if number is None else _of_rows(devices, shape, number)
    own, parameter = tensor._sharding, tensor._slot_of
    if own is not None and own.num_devices == devices.size:
        return own
    return everywhere(devices) if parameter is None else _of_state(parameter, shape, devices)


def keep(parameter: Any, slot: Any) -> None:
    """A new Tensor is what an optimizer keeps for a Parameter: no device ever has more of it than its part."""
    slot._slot_of = parameter
    parameter._slots = (*(r for r in parameter._slots if r() is not None), weakref.ref(slot))
    if not trace.staged():
        settle(slot)


def settle(slot: Any) -> None:
    """Move the array of what an optimizer keeps to where it belongs."""
    devices = mesh()
    if devices is not None:
        _when_known(slot, _home(devices, slot, array_of(slot).shape, None))


def settle_all(parameter: Any) -> None:
    """The same for what optimizers keep for a Parameter."""
    for reference in parameter._slots:
        slot = reference()
        if slot is not None:
            settle(slot)


def assign(tensor: Tensor, sharding: NamedSharding) -> None:
    """Say where a Parameter lies, from now on."""
    tensor.__dict__["_sharding"] = sharding
    _when_known(tensor, sharding)


def _when_known(tensor: Tensor, sharding: NamedSharding) -> None:
    """Move an array, now or when the trace that put a tracer in its place is over."""
    if isinstance(tensor._array, trace.Tracer) or trace.staged():
        _moved.append((tensor, sharding))
    else:
        _move(tensor, sharding)


def _move(tensor: Any, sharding: NamedSharding) -> None:
    """Move an array, and what optimizers keep for it."""
    hold(tensor, jax.device_put(array_of(tensor), sharding, may_alias=False))
    settle_all(tensor)


def plain(array: Any) -> jax.ShapeDtypeStruct:
    """What a program is made for, wherever the array lies."""
    return jax.ShapeDtypeStruct(array.shape, array.dtype, weak_type=array.weak_type)
