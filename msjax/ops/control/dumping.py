"""Tensors written to files, also in compiled functions."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import jax
import numpy as np

from msjax.core import dtype as mstype
from msjax.core.effects import has_effects, keeps_functions
from msjax.core.kinds import check
from msjax.core.tensor import Tensor, raw
from msjax.core.trace import Tracer, detach
from msjax.ops.table import publish
from msjax.ops.table.primitive import Primitive

_numbers = itertools.count()  # of the files that this process has written


def _write(file_name: str, array: Any) -> None:
    dtype = str(mstype.of(array)).lower()
    path = Path(f"{file_name.removesuffix('.npy')}_{dtype}_{next(_numbers)}.npy")
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.asarray(array, np.float32 if dtype == "bfloat16" else None))


@has_effects
def tensordump(file_name: str, tensor: Tensor, mode: str = "out") -> None:
    """Write a Tensor to a file of numpy's; in a compiled function, whenever that runs.

    Args:
        file_name: the file's path, to which the dtype and a number are added: "x_float32_0.npy". The numbers count
            what this process writes. Folders are made.
        tensor: what is written; bfloat16 as float32.
        mode: "in" or "out", which side of a redistribution is meant; here a Tensor is one whole.

    Raises:
        TypeError: if `file_name` is no str, or `tensor` no Tensor.
        ValueError: if `file_name` is empty, or `mode` another word.

    Example:
        >>> ops.tensordump("/tmp/weights", Tensor([0.5, 1.0]))  # doctest: +SKIP
    """
    check("tensordump", "file_name", file_name, "str")
    check("tensordump", "tensor", tensor, "Tensor")
    check("tensordump", "mode", mode, "'in' or 'out'")
    if not file_name:
        raise ValueError("For 'tensordump', the 'file_name' must not be empty.")
    array = detach(raw(tensor))
    if isinstance(array, Tracer):
        jax.debug.callback(lambda value: _write(file_name, value), array)
    else:
        _write(file_name, array)


@keeps_functions
@has_effects
class TensorDump(Primitive):
    """`ops.tensordump` as a primitive.

    Args:
        input_output: "in" or "out".

    Raises:
        ValueError: if it is another word.

    Example:
        >>> ops.TensorDump()("/tmp/weights", Tensor([0.5, 1.0]))  # doctest: +SKIP
    """

    def __init__(self, input_output: str = "out"):
        super().__init__("TensorDump")
        check("TensorDump", "input_output", input_output, "'in' or 'out'")
        self.input_output = input_output

    def __call__(self, file: str, input_x: Tensor) -> None:
        tensordump(file, input_x, self.input_output)


publish("ops", TensorDump=TensorDump, tensordump=tensordump)
