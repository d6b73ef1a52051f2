"""Cells in Flax, and Flax's modules as Cells.

A Cell goes into the functions of `flax.nnx` as it is; `from_flax` and `to_linen` do the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import numpy as np
from flax import linen, nnx

from msjax.core.names import unknown_name
from msjax.core.random import next_key
from msjax.core.tensor import raw
from msjax.interop import node  # first: it says which version of Flax it needs
from msjax.interop.keys import from_seed, typed
from msjax.interop.linen import CellModule, to_linen
from msjax.interop.module_cell import LinenFunction, ModuleCell, NnxFunction
from msjax.interop.variables import BatchStat, Constant, Intermediate, Param, RngKey
from msjax.nn.cell import Cell


def from_flax(
    module: Any, *example_inputs: Any, rngs: Any = None, variables: Mapping | None = None, **kwargs: Any
) -> ModuleCell:
    """A linen or nnx module as a Cell.

    Its variables are Parameters, named by their paths ("Dense_0.kernel"; those outside of linen's "params" with the
    collection before, "batch_stats.BatchNorm_0.mean"), and those that Flax trains have `requires_grad`. `set_train`
    sets the module's `train`, `training`, `deterministic` or `use_running_average`, and what it writes to its
    collections is written to the Parameters.

    Args:
        module: the module. An nnx module is copied.
        example_inputs: Tensors or arrays of the shapes that a linen module is called with; an nnx module needs none.
        rngs: a seed, a key of `jax.random`, or a dictionary of them by name, for `init` and for the random streams that
            the module draws from. By default "params" and "dropout", from msjax's default generator.
        variables: for a linen module, its collections, to begin with in place of those of `init`.
        kwargs: further arguments of the module's call.

    Returns:
        The Cell.

    Raises:
        TypeError: if `module` is no module of Flax, or `rngs` are no seeds or keys.
        ValueError: if `variables` lack a collection or have a wrong shape, a random stream is not in `rngs`, or an nnx
            module has no values.

    Example:
        >>> from flax import linen
        >>> net = ms.interop.flax.from_flax(linen.Dense(3), ops.ones((4, 2)))
        >>> [p.name for p in net.trainable_params()]
        ['bias', 'kernel']
    """
    if isinstance(module, nnx.Module):
        if variables is not None:
            raise TypeError("For 'from_flax', 'variables' are for a linen module: an nnx module holds its own.")
        if any(isinstance(leaf, jax.ShapeDtypeStruct) for leaf in jax.tree.leaves(nnx.state(module))):
            raise ValueError(
                f"For 'from_flax', the variables of {type(module).__name__} are shapes without values, as "
                "nnx.eval_shape gives: nnx.update(module, state) first."
            )
        return ModuleCell(NnxFunction(module))
    if not isinstance(module, linen.Module):
        raise TypeError(f"For 'from_flax', 'module' must be a module of linen or nnx, but got {_named(module)}.")
    if not example_inputs and not kwargs:
        raise ValueError("For 'from_flax', a linen module needs example inputs to find the shapes of its variables.")
    if variables is not None and not isinstance(variables, Mapping):
        raise TypeError(
            f"For 'from_flax', 'variables' must be a dictionary of collections, but got {type(variables).__name__}."
        )
    for leaf in jax.tree.leaves(example_inputs):
        if not isinstance(leaf, (jax.Array, np.ndarray, np.generic, bool, int, float, complex)):
            raise TypeError(
                f"For 'from_flax', example inputs must be Tensors or arrays, but got {type(leaf).__name__}."
            )
    return ModuleCell(LinenFunction(module, tuple(map(raw, example_inputs)), kwargs, _keys(rngs), variables))


def _named(value) -> str:
    if isinstance(value, type):
        return f"the class {value.__name__}: make one of it first"
    return f"{type(value).__name__}, which is a Cell already" if isinstance(value, Cell) else type(value).__name__


def _keys(rngs) -> dict:
    if isinstance(rngs, Mapping):
        if "params" not in rngs:
            raise ValueError(f"For 'from_flax', 'rngs' must hold a key for 'params', but got {list(rngs)}.")
        return {name: from_seed(key, "from_flax") for name, key in rngs.items()}
    if isinstance(rngs, nnx.Rngs):
        return {name: rngs[name]() for name in ("params", "dropout")}
    key = typed(next_key()) if rngs is None else from_seed(rngs, "from_flax")
    return dict(zip(("params", "dropout"), jax.random.split(key), strict=True))


__getattr__ = unknown_name(__name__)
