"""Running what the processes of a group do together, by itself or as part of a compiled program.

By itself it is a program of its own, over one device of each process. To JAX their arrays are one, of which each device
holds "the same"; inside of `shard_map` each works with its own, and nothing is moved but by the collectives.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec, SingleDeviceSharding

from msjax.core import device
from msjax.device.communication import agreement, cluster
from msjax.device.communication.group import Group, own_groups, world
from msjax.shims import distributed

_IN_JAX_ONLY = (
    "Processes can not communicate in a function that JAX itself compiles, as jax.jit or the body of a loop of "
    "operators outside of ms.jit; compile it with ms.jit, or let it run eagerly."
)


def axis(group: Group) -> str:
    """The name of the processes of a group as an axis of devices; the same for groups of the same processes."""
    ranks = group.ranks
    return "all processes" if ranks == world().ranks else f"processes {', '.join(map(str, ranks))}"


def axes() -> dict[str, Group]:
    """The axes that a program may communicate along, by name."""
    return {axis(group): group for group in own_groups()}


@functools.cache
def mesh(group: Group, number: int) -> Mesh:
    """One device of each process of a group: of those that it has, the one of this number."""
    own: dict[int, list] = {}
    for found in jax.devices(device.current().platform):
        own.setdefault(found.process_index, []).append(found)
    return Mesh(np.array([own[rank][number] for rank in group.ranks]), (axis(group),))


def mesh_of(group: Group) -> Mesh:
    """The devices of a group's processes that Tensors are made on."""
    here = device.current()
    return mesh(group, jax.local_devices(backend=here.platform).index(here))


def over(devices: Mesh, function, **options):
    """A compiled function of arrays of this process, in which all the devices take part."""
    shared = jax.shard_map(function, mesh=devices, in_specs=PartitionSpec(), out_specs=PartitionSpec(), check_vma=False)
    return jax.jit(shared, **options)


@functools.cache
def _places(devices: Mesh) -> tuple[NamedSharding, SingleDeviceSharding]:
    """Where the arrays of all are, and those of this process."""
    return NamedSharding(devices, PartitionSpec()), SingleDeviceSharding(devices.local_devices[0])


def to_all(devices: Mesh, arrays: Sequence) -> list:
    """Arrays of this process as parts of those of all."""
    everywhere, here = _places(devices)
    return [distributed.as_part(a if a.sharding == here else jax.device_put(a, here), everywhere) for a in arrays]


def like_all(devices: Mesh, arrays: Sequence) -> list[jax.ShapeDtypeStruct]:
    """What `to_all` would give, in shape and dtype."""
    sharding, _ = _places(devices)
    return [jax.ShapeDtypeStruct(a.shape, a.dtype, sharding=sharding) for a in arrays]


def to_own(arrays: Sequence[jax.Array]) -> list[jax.Array]:
    """What this process holds of arrays of all."""
    return [a.addressable_data(0) for a in arrays]


@functools.cache
def _program(move, devices: Mesh):
    (name,) = devices.axis_names
    return over(devices, lambda *arrays: [move(a, name) for a in arrays])


def agreement_of(group: Group) -> agreement.Agreement:
    """What the processes of a group agree on before they exchange something."""
    cluster.check_joined()
    ranks = group.ranks
    return agreement.of(group, "all" if ranks == world().ranks else ",".join(map(str, ranks)))


def _run(*arrays, move, group: Group) -> list:
    agreement = agreement_of(group)
    agreement.on(f"{move} of {', '.join(f'{a.dtype}{[*a.shape]}' for a in arrays)}")
    devices = mesh_of(group)
    return to_own(agreement.run(_program(move, devices), *to_all(devices, [jax.numpy.asarray(a) for a in arrays])))


def _shapes(*arrays, move, group: Group) -> list:
    return [a.update(shape=move.shape(a.shape, group.size), weak_type=False) for a in arrays]


def _back(cotangents: list, move, group: Group) -> list:
    return _primitive.bind(*cotangents, move=move.back(), group=group)


def _batch(arrays: list, move, group: Group) -> list:
    return _primitive.bind(*arrays, move=move.behind(), group=group)


before: list[Callable[[], None]] = []  # what has to be done before an exchange

_primitive: Any = distributed.primitive("exchange", _run, _shapes, _back, _batch, _IN_JAX_ONLY)


def number(group: Group):
    """The number of this process in a group; in a program, which is one for all, that of whoever runs it."""
    own, name = group.own, axis(group)
    return jax.lax.axis_index(name) if group.size > 1 and distributed.bound(name) else own


def exchange(move, group: Group, *arrays) -> list:
    """What this process has of arrays, after a move of `moves` between the processes of a group; traced, it becomes
    part of the program.

    Raises:
        RuntimeError: if this process is not in the group.
    """
    _ = group.own  # it is in the group
    for function in before:
        function()
    if group.size == 1:
        return [*arrays]
    name = axis(group)
    if distributed.bound(name):
        # XLA takes it for granted that all devices run the same program, so a sum of zeros is nothing to exchange. But
        # what a process sends may be its own, which it must not see.
        return [move(a, name) for a in jax.lax.optimization_barrier(arrays)]
    return _primitive.bind(*arrays, move=move, group=group)
