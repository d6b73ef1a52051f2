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
from msjax.core.tensor import Tensor, raw, wrap

_PRODUCTS = ("MatMul", "BatchMatMul")
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

    def __init__(self, devices: Mesh, name: str, args: tuple, strategy: tuple, labels: list[str] | None = None):
        self._devices, self._name, (inward, self._outward) = devices, name, strategy
        self._tensors = [i for i, a in enumerate(args) if isinstance(a, Tensor)]
        tensors = [args[i] for i in self._tensors]
        inward = () if inward is None else inward
        if len(inward) != len(tensors):
            raise ValueError(
                f"The in_strategy of {name} must have an entry for each of its {len(tensors)} Tensors, "
                f"but got {inward}."
            )
        for number, (entry, tensor) in enumerate(zip(inward, tensors, strict=True)):
            self._check(f"in_strategy[{number}]", entry, tuple(tensor.shape))
        self._by_layout = bool(inward) and isinstance(inward[0], Layout)
        if self._by_layout:
            self._inward = [layout.sharding(devices) for layout in inward]
            return
        self._labels = [*self._named(tensors)] if labels is None else labels
        self._sizes = self._axes(inward)
        self._inward = [self._spec(self._labels[i], entry) for i, entry in enumerate(inward)]

    def _check(self, what: str, entry: Any, shape: tuple) -> None:
        parts = entry.parts if isinstance(entry, Layout) else entry
        if len(parts) != len(shape):
            raise ValueError(
                f"The {what} of {self._name} must have an entry for each axis of a Tensor of shape {shape}, "
                f"but got {entry}."
            )
        if any(k < 1 or size % k for k, size in zip(parts, shape, strict=True)):
            raise ValueError(f"The {what} of {self._name} must divide the shape {shape}, but got {entry}.")

    def _named(self, tensors: Sequence[Tensor]) -> list[list]:
        """Names of axes: counted from the last, if the Tensors can be broadcast; else each its own."""
        together = _broadcast([tuple(t.shape) for t in tensors])
        return [[-k if together else (i, -k) for k in range(t.ndim, 0, -1)] for i, t in enumerate(tensors)]

    def _axes(self, inward: tuple) -> dict:
        """The sizes of the mesh's axes, by name."""
        sizes: dict = {}
        for labels, entry in zip(self._labels, inward, strict=False):
            for label, parts in zip(labels, entry, strict=True):
                if (parts > 1 or label == "k") and sizes.setdefault(label, parts) != parts:
                    raise ValueError(
                        f"The in_strategy of {self._name}, {inward}, divides one axis in {sizes[label]} and in "
                        f"{parts} parts; they must be equal."
                    )
        if self._devices.size % math.prod(sizes.values()):
            raise ValueError(
                f"The in_strategy of {self._name}, {inward}, is for {math.prod(sizes.values())} devices, "
                f"which must divide the {self._devices.size} that there are."
            )
        return sizes

    def _spec(self, labels: Sequence, parts: tuple) -> NamedSharding:
        axes = list(self._sizes)
        entries = (((axes.index(label),) if k > 1 else ()) for label, k in zip(labels, parts, strict=True))
        return placement.blocked(self._devices, tuple(self._sizes.values()), tuple(entries))

    def entering(self, args: tuple) -> list:
        """The arguments, divided."""
        new = [*args]
        for position, sharding in zip(self._tensors, self._inward, strict=True):
            new[position] = constrain(args[position], sharding)
        return new

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
        if self._by_layout:
            return constrain(result, entry.sharding(self._devices))
        return constrain(result, placement.split(self._devices, entry))


def _broadcast(shapes: list[tuple]) -> bool:
    ranks = max(map(len, shapes), default=0)
    columns = zip(*((1,) * (ranks - len(shape)) + shape for shape in shapes), strict=True)
    return all(len({*column} - {1}) < 2 for column in columns)


def constrain(tensor: Tensor, sharding: NamedSharding) -> Tensor:
    """A Tensor of the same elements that is divided in a way; a Parameter lies so from now on."""
    if tensor._rewritable and getattr(tensor, "_sharding", None) is None:
        placement.assign(tensor, sharding)
    return wrap(jax.lax.with_sharding_constraint(raw(tensor), sharding))
