"""Networks as files that run without their Python code: StableHLO, by `jax.export`, and ONNX."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
from jax import export as jax_export

from msjax.core.tensor import Tensor, is_tensor, raw, wrap
from msjax.nn.cell import Cell
from msjax.nn.graph_cell import Graph
from msjax.nn.pure import lend
from msjax.train import onnx_file

STABLEHLO, SUFFIX = "STABLEHLO", ".stablehlo"
ONNX, _ONNX_SUFFIX = "ONNX", ".onnx"
_OTHERS = (
    "A STABLEHLO file runs with JAX, without the network's code, an ONNX file with onnxruntime. For the others, write "
    "the Parameters by ms.save_checkpoint, whose files MindSpore reads, and export the same network with MindSpore."
)


def export(net: Cell | Callable, *inputs: Tensor, file_name: str, file_format: str = STABLEHLO, **kwargs: Any) -> None:
    """Write a network, as it computes now, with its Parameters, into a file.

    Args:
        net: a Cell or a function of Tensors. Its outputs are Tensors, also in lists, tuples and dictionaries.
        inputs: Tensors of the shapes and dtypes that it will be called with. `Tensor(shape=[None, 3], dtype=...)`
            stands for one whose first axis may have any length. Axes of None at the same position are of the same
            length in all inputs, unless `symbols` names them.
        file_name: the file; ".stablehlo" or ".onnx" is added if it is missing.
        file_format: "STABLEHLO", or "ONNX", for which axes have lengths and there are no further arguments.
        kwargs: `platforms`, those of JAX that the program shall run on, such as ("cpu", "cuda"), by default this one's;
            `vjp_order`, how often the loaded network can be differentiated, by default 0; `symbols`, for each input the
            names of its open axes, as in `jax.export.symbolic_shape`: `["b, 3", "b, n"]`.

    Raises:
        TypeError: if `net` can not be called, an input is no Tensor, or `file_name` is no str.
        ValueError: for another format or keyword, or if `symbols` do not fit the inputs.
        ImportError: without the package flatbuffers, which `pip install msjax[export]` brings, or for ONNX without
            jax2onnx and onnxruntime, which `pip install msjax[onnx]` brings.
        RuntimeError: if jax2onnx cannot convert the network, or what it has made does not compute in onnxruntime what
            the network does.

    Differs from MindSpore: its formats MINDIR and AIR are not written; MindSpore writes them, of the same network and
    a checkpoint. There, every axis of None is of its own length until it meets another one in an operator.

    Example:
        >>> ms.export(nn.Dense(2, 3), ops.ones((1, 2)), file_name="dense", file_format="STABLEHLO")
        >>> nn.GraphCell(ms.load("dense.stablehlo"))(ops.ones((1, 2))).shape
        (1, 3)
    """
    _check(net, inputs, file_name, file_format, kwargs)

    def run(*arrays):
        result, _ = lend([], [], lambda: net(*map(wrap, arrays)))
        return jax.tree.map(raw, result, is_leaf=is_tensor)

    if file_format == ONNX:
        onnx_file.write(run, _described(inputs, {}), _path(file_name, _ONNX_SUFFIX))
        return
    _serialization()
    exported = jax_export.export(jax.jit(run), platforms=kwargs.get("platforms"))(*_described(inputs, kwargs))
    path = _path(file_name, SUFFIX)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(exported.serialize(vjp_order=kwargs.get("vjp_order", 0)))


def load(file_name: str, **kwargs: Any) -> Graph:
    """Read a file of `export`, for `nn.GraphCell`.

    Args:
        file_name: ends in ".stablehlo".
        kwargs: accepted for compatibility.

    Returns:
        The network's program, which `nn.GraphCell` makes a Cell.

    Raises:
        ValueError: if `file_name` is no str, has another ending, or there is no such file, or it is damaged.
        ImportError: without the package flatbuffers, which `pip install msjax[export]` brings.

    Example:
        >>> ms.export(nn.Dense(2, 3), ops.ones((1, 2)), file_name="dense", file_format="STABLEHLO")
        >>> nn.GraphCell(ms.load("dense.stablehlo"))(ops.ones((1, 2))).shape
        (1, 3)
    """
    if not isinstance(file_name, str):
        raise ValueError(f"For 'load', the argument 'file_name' must be string, but got {type(file_name)}.")
    if not file_name.endswith(SUFFIX):
        raise ValueError(f"For 'load', the argument 'file_name' should end with '{SUFFIX}', but got {file_name!r}.")
    if not Path(file_name).exists():
        raise ValueError(f"For 'load', the argument 'file_name' does not exist: {file_name!r}.")
    _serialization()
    try:
        return Graph(jax_export.deserialize(bytearray(Path(file_name).read_bytes())))
    except Exception as error:  # whatever a wrong file leads to
        raise ValueError(
            f"For 'load', the file {file_name!r} is not what `export` has written: {error!r:.200}."
        ) from error


def _path(file_name: str, suffix: str) -> Path:
    return Path(file_name if file_name.endswith(suffix) else file_name + suffix)


def _described(inputs: tuple, kwargs: dict) -> list[jax.ShapeDtypeStruct]:
    """Shapes and dtypes of the inputs; axes of any length as symbols."""
    named = kwargs.get("symbols") or [
        ", ".join(f"axis{i}" if size == -1 else str(size) for i, size in enumerate(t.shape)) for t in inputs
    ]
    scope = jax_export.SymbolicScope()
    shapes = [tuple(jax_export.symbolic_shape(text, scope=scope)) for text in named]
    if len(shapes) != len(inputs) or not all(map(_describes, shapes, inputs)):
        raise ValueError(
            f"For 'export', 'symbols' must give the shapes of the inputs, {[t.shape for t in inputs]}, with names for "
            f"the axes of -1, but got {named}."
        )
    return [jax.ShapeDtypeStruct(shape, raw(t).dtype) for shape, t in zip(shapes, inputs, strict=True)]


def _describes(shape: tuple, tensor: Tensor) -> bool:
    return len(shape) == tensor.ndim and all(b in (a, -1) for a, b in zip(shape, tensor.shape, strict=True))


def _check(net, inputs, file_name, file_format, kwargs) -> None:
    if not callable(net):
        raise TypeError(f"For 'export', the argument 'net' must be a Cell or a function, but got {type(net).__name__}.")
    if file_format not in (STABLEHLO, ONNX):
        instead = f" {_OTHERS}" if file_format in ("MINDIR", "AIR") else ""
        formats = f"['{STABLEHLO}', '{ONNX}']"
        raise ValueError(f"For 'export', 'file_format' must be one of {formats}, but got {file_format}.{instead}")
    if not isinstance(file_name, str):
        raise TypeError(f"For 'export', the argument 'file_name' must be a str, but got {type(file_name).__name__}.")
    if other := [value for value in inputs if not isinstance(value, Tensor)]:
        raise TypeError(f"For 'export', the inputs must be Tensors, but got {type(other[0]).__name__}.")
    if any(-2 in value.shape for value in inputs):
        raise ValueError("For 'export', the inputs must have a number of axes: Tensor(shape=(None, 3), dtype=...).")
    if unknown := set(kwargs) - ({"platforms", "vjp_order", "symbols"} if file_format == STABLEHLO else set()):
        raise ValueError(f"For 'export', the keywords {sorted(unknown)} are not known.")
    if file_format == ONNX and any(-1 in value.shape for value in inputs):
        raise ValueError("For 'export' to ONNX, each axis of the inputs must have a length.")


def _serialization() -> None:
    if importlib.util.find_spec("flatbuffers") is None:
        raise ImportError("'export' and 'load' need the package flatbuffers: pip install 'msjax[export]'.")
