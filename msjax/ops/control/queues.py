"""Queues of data that a device reads by itself: MindSpore's, which JAX has none of."""

from __future__ import annotations

from typing import Any

from msjax.core.kinds import check
from msjax.ops.table import publish
from msjax.ops.table.primitive import Primitive


class GetNext(Primitive):
    """The next rows of a queue on the device; here it is made, and refuses to answer.

    Args:
        types: the dtypes of the rows' columns.
        shapes: their shapes.
        output_num: how many there are.
        shared_name: the name of the queue.

    Raises:
        RuntimeError: when it is called.

    Example:
        >>> ops.GetNext([ms.float32], [(1,)], 1, "queue").output_num
        1
    """

    _fields = ("types", "shapes", "output_num", "shared_name")

    def __init__(self, types: Any, shapes: Any, output_num: int, shared_name: str):
        super().__init__()
        check("GetNext", "output_num", output_num, "int > 0")
        check("GetNext", "shared_name", shared_name, "str")
        for name, given in (("types", types), ("shapes", shapes)):
            check("GetNext", name, given, "list or tuple")
            if len(given) != output_num:
                raise ValueError(f"For 'GetNext', there must be {output_num} {name}, but there are {len(given)}.")
        self.types, self.shapes, self.output_num, self.shared_name = types, shapes, output_num, shared_name

    def __call__(self):
        raise RuntimeError(
            "For 'GetNext', there is no queue on the device: iterate over the dataset, or give it to ms.Model, which "
            "puts its rows onto the device and runs several steps as one program."
        )


publish("ops", GetNext=GetNext)
