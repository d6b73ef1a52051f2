"""Networks as ONNX files, by jax2onnx, each compared with its network before it is kept.

jax2onnx converts programs of JAX one equation at a time. Some forms of equations it gets wrong or refuses; they are
written in others before (`_REWRITTEN`). It also leaves a function of its own in `jax.numpy`, which is taken out again.
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Callable, Sequence
from math import prod
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.shims.jax import as_function
from msjax.shims.programs import bound, inner, run

_NEAR = 1e-4  # of the largest element of an output


def write(function: Callable, inputs: Sequence[jax.ShapeDtypeStruct], path: Path) -> None:
    """Write a function of arrays into a file.

    Args:
        function: gives arrays, nested or not.
        inputs: the shapes and dtypes of its arguments.
        path: the file.

    Raises:
        ImportError: without the packages that `pip install msjax[onnx]` brings.
        RuntimeError: if jax2onnx cannot convert it, or the file does not compute what the function does.
    """
    _needed()
    program = jax.make_jaxpr(lambda *arrays: jax.tree.leaves(function(*arrays)))(*inputs)
    plain = jax.make_jaxpr(lambda *arrays: run(program.jaxpr, program.consts, arrays, _equation))(*inputs)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".onnx", dir=path.parent) as folder:
        unfinished = os.path.join(folder, path.name)
        _convert(as_function(plain), inputs, unfinished)
        _compare(as_function(plain), inputs, unfinished)
        os.replace(unfinished, path)


def _needed() -> None:
    missing = [name for name in ("jax2onnx", "onnxruntime") if importlib.util.find_spec(name) is None]
    if missing:
        raise ImportError(f"'export' to ONNX needs the package {missing[0]}: pip install 'msjax[onnx]'.")


def _convert(function: Callable, inputs: Sequence, file: str) -> None:
    from jax2onnx import to_onnx  # type: ignore[reportMissingImports]

    before = dict(vars(jnp))
    wide = any(spec.dtype in (np.float64, np.complex128) for spec in inputs)
    try:
        to_onnx(function, list(inputs), return_mode="file", output_path=file, enable_double_precision=wide)
    except Exception as error:  # whatever it does not know
        raise RuntimeError(f"For 'export', jax2onnx cannot convert this network: {error}") from error
    finally:
        for name, value in vars(jnp).copy().items():
            if before.get(name, value) is not value:
                setattr(jnp, name, before[name])


def _compare(function: Callable, inputs: Sequence, file: str) -> None:
    """Let onnxruntime compute what is in the file, of numbers drawn at random."""
    from onnxruntime import InferenceSession, SessionOptions  # type: ignore[reportMissingImports]

    draw = np.random.default_rng(0)
    arrays = [
        (draw.standard_normal(spec.shape) if np.issubdtype(spec.dtype, np.floating) else np.zeros(spec.shape))
        .astype(spec.dtype)
        for spec in inputs
    ]  # fmt: skip
    options = SessionOptions()
    options.log_severity_level = 3  # errors
    try:
        session = InferenceSession(file, options, providers=["CPUExecutionProvider"])
        named = {given.name: array for given, array in zip(session.get_inputs(), arrays, strict=True)}
        got: Any = session.run(None, named)
    except Exception as error:
        raise RuntimeError(f"For 'export', onnxruntime refuses what jax2onnx has made: {error}") from error
    for one, two in zip(map(np.asarray, jax.jit(function)(*arrays)), got, strict=True):
        if one.shape != two.shape or not np.allclose(one, two, 0, _NEAR * max(1, abs(one).max(initial=0))):
            raise RuntimeError("For 'export', what jax2onnx has made of this network computes something else.")


# -- equations in forms that jax2onnx knows -----------------------------------------------------------------------


def _equation(equation: Any, operands: list) -> list:
    """The results of an equation."""
    if called := inner(equation):
        return run(*called, operands, _equation)
    rewritten = _REWRITTEN.get(equation.primitive.name)
    results = rewritten(equation, equation.params, operands) if rewritten else None
    return bound(equation)(*operands) if results is None else results


def _product(equation, params, operands) -> list | None:
    """A sum over the rows of the first matrix, which would be taken for one over its columns."""
    (left, right), batch = params["dimension_numbers"]
    if left != (0,) or operands[0].ndim != 2 or operands[1].ndim != 2:
        return None
    turned = lax.transpose(operands[0], (1, 0))
    return [equation.primitive.bind(turned, operands[1], **params | {"dimension_numbers": (((1,), right), batch)})]


def _largest(equation, params, operands) -> list | None:
    """Windows over more than three axes, which onnxruntime has none of: the first, of one element each, become one."""
    (x,) = operands
    kept = next((axis for axis, size in enumerate(params["window_dimensions"]) if size > 1), x.ndim)
    plain = all(params["padding"][axis] == (0, 0) and params["window_strides"][axis] == 1 for axis in range(kept))
    if kept < 2 or not plain:
        return None
    fewer = {name: value[kept - 1 :] if isinstance(value, tuple) else value for name, value in params.items()}
    (shape,) = (variable.aval.shape for variable in equation.outvars)
    return [equation.primitive.bind(x.reshape(prod(x.shape[:kept]), *x.shape[kept:]), **fewer).reshape(shape)]


def _loop(equation, params, operands) -> list | None:
    """A loop from the end."""
    if not params["reverse"]:
        return None
    first, carried = params["num_consts"] + params["num_carry"], params["num_carry"]
    turned = [*operands[:first], *(jnp.flip(x, 0) for x in operands[first:])]
    results = equation.primitive.bind(*turned, **params | {"reverse": False})
    return [*results[:carried], *(jnp.flip(y, 0) for y in results[carried:])]


_REWRITTEN = {"dot_general": _product, "reduce_window_max": _largest, "scan": _loop}
