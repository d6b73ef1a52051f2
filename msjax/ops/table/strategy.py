"""Strategies: in how many parts each axis of what an operator takes and gives is divided among devices.

They become `jax.lax.with_sharding_constraint` on a mesh that has an axis for each axis of the operator that is divided:
the rows and columns of a product, or, where Tensors are broadcast, axes counted from the last. XLA does the rest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import jax
from jax.sharding import Mesh, NamedSharding

from msjax.core import context, placement
from msjax.core.layout import Layout
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, wrap

_PRODUCTS = ("MatMul", "BatchMatMul")
_BY_RESULT = ("OneHot",)  # whose strategy is that of what comes out
_MODES = (context.ParallelMode.SEMI_AUTO_PARALLEL, context.ParallelMode.AUTO_PARALLEL)


def check(name: str, in_strategy: Any, out_strategy: Any) -> None:
    """Raise if those are no strategies.

    Raises:
        TypeError: if one is not a tuple of tuples of ints, or of Layouts.
        ValueError: if there is one of what comes out alone, or one is of tuples and the other of Layouts.
    """
    for what, strategy in (("in_strategy", in_strategy), ("out_strategy", out_strategy)):
        if strategy is not None:
            _check_one(name, what, strategy)
    if in_strategy is None and out_strategy is not None:
        raise ValueError(f"The out_strategy of {name} is {out_strategy}, need to set in_strategy, but got none")
    if in_strategy and out_strategy and isinstance(in_strategy[0], Layout) != isinstance(out_strategy[0], Layout):
        raise ValueError(f"in_strategy and out_strategy of {name} must both be of tuples, or both of Layouts.")


def _check_one(name: str, what: str, strategy: Any) -> None:
    if not isinstance(strategy, tuple):
        raise TypeError(f"{what} must be tuple type, but got:{type(strategy)}")
    for entry in strategy:
        if not isinstance(entry, tuple | Layout):
            raise TypeError(f"The element of strategy must be tuple/Layout type, but got:{type(entry)}")
        if isinstance(entry, Layout) != isinstance(strategy[0], Layout):
            raise TypeError(f"The {what} item should be a object of class Layout.")
        for parts in entry if isinstance(entry, tuple) else ():
            if type(parts) is not int:
                raise TypeError(
                    f"The {what}: {strategy} of {name} is not valid, "
                    f"the value of strategy must be int type, but got:{type(parts)}"
                )


def shown(strategy: tuple | None, what: str) -> dict[str, Any]:
    """What a primitive shows of a strategy, by name."""
    if strategy is None:
        return {}
    if not strategy or not isinstance(strategy[0], Layout):
        return {f"{what}_strategy": strategy}
    fields = ("device_matrix", "tensor_map", "interleaved_parallel", "alias_name")
    return {f"{what}_layout": tuple({k: layout.to_dict()[k] for k in fields} for layout in strategy)}


def in_force() -> Mesh | None:
    """The devices, if strategies count: in semi-auto and auto mode."""
    return placement.mesh() if context._parallel["parallel_mode"] in _MODES else None


@cache
def divided(kind: type) -> type:
    """The class of primitives of a kind that have a strategy."""

    def __call__(self, *args, **kwargs):
        devices = in_force()
        if devices is None:
            return kind.__call__(self, *args, **kwargs)
        plan = Plan(devices, self.name, args, self._strategy, labels_of(self, args))
        return plan.leaving(kind.__call__(self, *plan.entering(args), **kwargs))

    members = {"__call__": __call__, "__module__": kind.__module__, "__qualname__": kind.__qualname__}
    return type(kind.__name__, (kind,), members)


def labels_of(primitive: Any, args: tuple) -> list[str] | None:
    """For a product the letters of the axes of what it takes; None for others."""
    if primitive.name not in _PRODUCTS or len(args) < 2:
        return None
    left, right = ("km" if primitive.transpose_a else "mk"), ("nk" if primitive.transpose_b else "kn")
    batch = "abcdefgh"[: max(a.ndim for a in args[:2]) - 2]
    first, second = (batch[len(batch) + 2 - a.ndim :] for a in args[:2])
    return [first + left, second + right]


class Plan:
    """The shardings of one call.

    Args:
        devices: the mesh of all.
        name: who is called.
        args: what it is called with.
        strategy: of what goes in, and of what comes out.
        labels: names of the axes of what goes in; those of one name are divided alike.

    Raises:
        ValueError: if the strategy does not fit the Tensors, or the devices.
    """

    def __init__(self, devices: Mesh, name: str, args: tuple, strategy: tuple, labels: Any = None):
        self._devices, self._name, (inward, self._outward) = devices, name, strategy
        # Numbers, and Tensors of no axes, are not divided.
        entries = tuple(e for e in inward or () if e != ())
        if name in _BY_RESULT:
            entries, self._outward = (), self._outward or entries
        self._places = [] if name in _BY_RESULT else _places(args)
        tensors = [_at(args, place) for place in self._places]
        if len(entries) != len(tensors):
            raise ValueError(
                f"The in_strategy of {name} must have an entry for each of its {len(tensors)} Tensors, "
                f"but got {inward}."
            )
        for number, (entry, tensor) in enumerate(zip(entries, tensors, strict=True)):
            self._check(f"in_strategy[{number}]", entry, tuple(tensor.shape))
        if labels is None and _broadcast([tuple(t.shape) for t in tensors]):  # counted from the last
            labels = [[-k for k in range(t.ndim, 0, -1)] for t in tensors]
        self._inward = self._shardings(entries, labels)

    def _shardings(self, entries: tuple, labels: Sequence[Sequence] | None) -> list[NamedSharding]:
        if labels is None or any(isinstance(entry, Layout) for entry in entries):
            return [self._alone(entry) for entry in entries]
        sizes = self._axes(entries, labels)
        return [self._spec(sizes, *pair) for pair in zip(labels, entries, strict=True)]

    def _check(self, what: str, entry: Any, shape: tuple) -> None:
        parts = entry.parts if isinstance(entry, Layout) else entry
        if len(parts) != len(shape):
            raise ValueError(
                f"The {what} of {self._name} must have an entry for each axis of a Tensor of shape {shape}, "
                f"but got {entry}."
            )
        if any(k < 1 or size % k for k, size in zip(parts, shape, strict=True)):
            raise ValueError(f"The {what} of {self._name} must divide the shape {shape}, but got {entry}.")

    def _axes(self, entries: tuple, labels: Sequence[Sequence]) -> dict:
        """The sizes of the mesh's axes, by the names of the operator's."""
        sizes: dict = {}
        for names, entry in zip(labels, entries, strict=True):
            for name, parts in zip(names, entry, strict=True):
                if (parts > 1 or name == "k") and sizes.setdefault(name, parts) != parts:
                    raise ValueError(
                        f"The in_strategy of {self._name}, {entries}, divides one axis in {sizes[name]} and in "
                        f"{parts} parts; they must be equal."
                    )
        self._check_count(entries, math.prod(sizes.values()))
        return sizes

    def _check_count(self, entries: Any, count: int) -> None:
        if self._devices.size % count:
            raise ValueError(
                f"The strategy of {self._name}, {entries}, is for {count} devices, which must divide the "
                f"{self._devices.size} that there are."
            )

    def _spec(self, sizes: dict, names: Sequence, parts: tuple) -> NamedSharding:
        axes = list(sizes)
        entries = (((axes.index(name),) if k > 1 else ()) for name, k in zip(names, parts, strict=True))
        return placement.blocked(self._devices, tuple(sizes.values()), tuple(entries))

    def _alone(self, entry: Any) -> NamedSharding:
        """Of one Tensor, whatever the others are."""
        if isinstance(entry, Layout):
            return entry.sharding(self._devices)
        self._check_count(entry, math.prod(entry))
        return placement.split(self._devices, entry)

    def entering(self, args: tuple) -> list:
        """The arguments, divided."""
        new = [[*a] if isinstance(a, tuple | list) else a for a in args]
        for (position, member), sharding in zip(self._places, self._inward, strict=True):
            tensor = constrain(_at(args, (position, member)), sharding)
            if member is None:
                new[position] = tensor
            else:
                new[position][member] = tensor
        return [tuple(a) if isinstance(b, tuple) else a for a, b in zip(new, args, strict=True)]

    def leaving(self, result: Any) -> Any:
        """The result, divided if there is a strategy for it."""
        if self._outward is None:
            return result
        results = result if isinstance(result, tuple | list) else (result,)
        if len(results) != len(self._outward):
            raise ValueError(
                f"The out_strategy of {self._name} must have an entry for each of its {len(results)} results, "
                f"but got {self._outward}."
            )
        new = [self._left(i, r, entry) for i, (r, entry) in enumerate(zip(results, self._outward, strict=True))]
        return type(result)(new) if isinstance(result, tuple | list) else new[0]

    def _left(self, number: int, result: Tensor, entry: Any) -> Tensor:
        self._check(f"out_strategy[{number}]", entry, tuple(result.shape))
        return constrain(result, self._alone(entry))


def _places(args: tuple) -> list[tuple[int, int | None]]:
    """Where Tensors with axes are among arguments, or in tuples and lists among them."""
    found: list[tuple[int, int | None]] = []
    for position, value in enumerate(args):
        members = enumerate(value) if isinstance(value, tuple | list) else [(None, value)]
        found += [(position, member) for member, v in members if isinstance(v, Tensor) and v.ndim]
    return found


def _at(args: tuple, place: tuple[int, int | None]) -> Tensor:
    position, member = place
    return args[position] if member is None else args[position][member]


def _broadcast(shapes: list[tuple]) -> bool:
    ranks = max(map(len, shapes), default=0)
    columns = zip(*((1,) * (ranks - len(shape)) + shape for shape in shapes), strict=True)
    return all(len({*column} - {1}) < 2 for column in columns)


def constrain(tensor: Tensor, sharding: NamedSharding) -> Tensor:
    """A Tensor of the same elements that is divided in a way; a Parameter lies so from now on."""
    if isinstance(tensor, Parameter) and tensor._sharding is None:
        placement.assign(tensor, sharding)
    return wrap(jax.lax.with_sharding_constraint(raw(tensor), sharding))
