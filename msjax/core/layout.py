"""Layout: devices as a block of named axes, and which of them divide each axis of a Tensor."""

from __future__ import annotations

import copy
import math
from typing import Any

from jax.sharding import Mesh, NamedSharding

from msjax.core import placement
from msjax.core.kinds import is_a

_VIRTUAL = "interleaved_parallel"  # an axis that no devices stand for


class Layout:
    """How a Tensor is divided among devices: these stand in a block of named axes, and calling the Layout says which
    of them divide each axis of the Tensor.

    Args:
        device_matrix (tuple): the sizes of the block's axes, ints.
        alias_name (tuple): their names, different ones; a last "interleaved_parallel" stands for no devices.
        rank_list (list): the numbers of the devices, as many as the block has; accepted, the order is JAX's.

    Inputs:
        tensor_map (str or tuple): for each axis of the Tensor, the name of an axis of the block, a tuple of such names,
            or "None" if it is not divided.

    Returns:
        A Layout, of a Tensor.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if sizes and names do not fit each other, or a name is unknown or used twice.

    Example:
        >>> layout = ms.Layout((2, 4), ("dp", "mp"))
        >>> layout("dp", "mp").to_dict()["tensor_map"]
        (1, 0)
    """

    def __init__(self, device_matrix: tuple, alias_name: tuple, rank_list: list | None = None):
        for what, given, kind in (("device_matrix", device_matrix, int), ("alias_name", alias_name, str)):
            if not isinstance(given, tuple):
                raise TypeError(f"{what} must be tuple type, but got:{type(given)}")
            for element in given:
                if not isinstance(element, kind):
                    raise TypeError(f"The element of {what} must be {kind.__name__} type, but got:{type(element)}")
        if len(device_matrix) != len(alias_name):
            raise ValueError(
                "device_matrix length should be equal to alias_name length, "
                f"but got {len(device_matrix)} and {len(alias_name)}."
            )
        if any(size < 1 for size in device_matrix):
            raise ValueError(f"The elements of device_matrix must be positive, but got {device_matrix}.")
        if "" in alias_name:
            raise ValueError("The element of alias_name can not be empty.")
        if "None" in alias_name:
            raise ValueError("The element of alias_name can not set 'None', because 'None' means no sharding.")
        if len({*alias_name}) != len(alias_name):
            raise ValueError(f"Each element of alias_name {alias_name} should be different")
        if _VIRTUAL in alias_name[:-1]:
            raise ValueError(f"In alias_name, {_VIRTUAL!r} must be the last, but got {alias_name}.")
        self._sizes, self._names = device_matrix, alias_name
        self._entries: tuple | None = None
        self._ranks = [*range(math.prod(device_matrix))] if rank_list is None else self._checked(rank_list)

    def _checked(self, ranks: Any) -> list[int]:
        if not isinstance(ranks, list):
            raise TypeError(f"The rank_list should be a list, but got {type(ranks).__name__}.")
        for rank in ranks:
            if not is_a(rank, "int"):
                raise TypeError(f"The element of rank_list should be int, but got {type(rank).__name__}.")
        if len(ranks) != math.prod(self._sizes):
            raise ValueError(
                "The length of rank_list should be equal to the product of device_matrix, "
                f"but got {len(ranks)} and {math.prod(self._sizes)}."
            )
        return ranks

    def __call__(self, *tensor_map: Any) -> Layout:
        used: list[str] = []
        for entry in tensor_map:
            for name in entry if isinstance(entry, tuple) else (entry,):
                if name == "None":
                    continue
                if name not in self._names:
                    raise ValueError(f"The axis {name} is not found in {self._names}")
                if name in used:
                    raise ValueError(f"The axis {name} has been set more than one in {self._names}")
                used.append(name)
        self._entries = tensor_map
        return copy.copy(self)

    def to_dict(self) -> dict[str, Any]:
        """What the Layout says, in MindSpore's words.

        Returns:
            A dict. The numbers in its "tensor_map" count the axes of the block from the last one; -1 stands for none.

        Raises:
            ValueError: if the Layout was not called, and so is not that of a Tensor.

        Example:
            >>> ms.Layout((2,), ("dp",))("dp", "None").to_dict()["tensor_map"]
            (0, -1)
        """
        entries = [tuple(map(self._number, e)) if isinstance(e, tuple) else self._number(e) for e in self._called()]
        return {
            "device_matrix": self._sizes,
            "tensor_map": tuple(entries),
            "interleaved_parallel": _VIRTUAL in self._names,
            "alias_name": self._names,
            "rank_list": self._ranks,
        }

    def _called(self) -> tuple:
        if self._entries is None:
            raise ValueError(
                f"The tensor_map of layout is None: call it with a name of {self._names} or 'None' for each axis."
            )
        return self._entries

    def _number(self, name: str) -> int:
        return -1 if name == "None" else len(self._names) - 1 - self._names.index(name)

    @property
    def parts(self) -> tuple[int, ...]:
        """In how many parts each axis of the Tensor is divided."""
        return tuple(math.prod(self._size(name) for name in self._real(entry)) for entry in self._called())

    def sharding(self, devices: Mesh) -> NamedSharding:
        """The same in JAX's words.

        Args:
            devices: the mesh of all.

        Returns:
            A NamedSharding over these devices; those that are left over have copies.

        Raises:
            ValueError: if the block does not divide them.
        """
        sizes = tuple(size for name, size in zip(self._names, self._sizes, strict=True) if name != _VIRTUAL)
        count = math.prod(sizes)
        if devices.size % count:
            raise ValueError(
                f"A Layout of {count} devices, {self._sizes}, does not fit the {devices.size} that there are."
            )
        entries = (tuple(map(self._names.index, self._real(entry))) for entry in self._called())
        return placement.blocked(devices, sizes, tuple(entries))

    def _real(self, entry: Any) -> tuple[str, ...]:
        """The names in an entry that stand for devices."""
        return tuple(n for n in (entry if isinstance(entry, tuple) else (entry,)) if n not in ("None", _VIRTUAL))

    def _size(self, name: str) -> int:
        return self._sizes[self._names.index(name)]

    def __repr__(self) -> str:
        called = "" if self._entries is None else f"({', '.join(map(repr, self._entries))})"
        return f"Layout({self._sizes}, {self._names}){called}"
