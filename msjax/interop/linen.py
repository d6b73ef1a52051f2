"""A Cell as a linen module."""

from __future__ import annotations

import functools
from typing import Any

from flax import linen
from flax.errors import InvalidRngError, ModifyScopeVariableError
from flax.traverse_util import flatten_dict, unflatten_dict

from msjax.core.kinds import check
from msjax.core.random import Generator, drawing_from
from msjax.core.tensor import Tensor, raw
from msjax.interop.jax import in_mode
from msjax.interop.keys import words_of
from msjax.interop.module_cell import check_variables
from msjax.interop.variables import BatchStat, Constant, Param, kind_of
from msjax.nn.cell import Cell
from msjax.nn.pure import lend

_COLLECTIONS = {Param: "params", BatchStat: "batch_stats", Constant: "constants"}


def to_linen(cell: Cell) -> CellModule:
    """A Cell as a linen module, with `init` and `apply`.

    Its collections are "params", what is trained; "batch_stats", the moving statistics; and "constants", the other
    Parameters and buffers; each nested as the Cells are. `init` gives the values that the Cell has now. In calls
    `train` overrides the Cell's mode, and dropout and its kin draw from the stream "dropout".

    Args:
        cell: the Cell.

    Returns:
        The module.

    Raises:
        TypeError: if `cell` is no Cell.
        ValueError: in calls, if a collection or an array is missing, unknown, or of another shape.
        ModifyScopeVariableError: in calls, if the Cell writes to a collection that is not `mutable`, as in training to
            "batch_stats".
        InvalidRngError: in calls, if random numbers are drawn and there is no stream "dropout".

    Example:
        >>> import jax
        >>> module, x = ms.interop.flax.to_linen(nn.Dense(2, 3)), np.ones((4, 2), np.float32)
        >>> variables = module.init(jax.random.key(0), x)
        >>> module.apply(variables, x).shape
        (4, 3)
    """
    check("to_linen", "cell", cell, "Cell")
    return CellModule(cell)


class CellModule(linen.Module):
    """The module that `to_linen` gives.

    Attributes:
        cell: the Cell.
    """

    cell: Any

    @linen.compact
    def __call__(self, *inputs, train: bool | None = None, **kwargs):
        handles = dict(self.cell.parameters_and_names()) | dict(self.cell.named_buffers())
        owners = {(_collection(path, handle), *path.split(".")): handle for path, handle in handles.items()}
        groups = {path: self._group(path, owners) for path in dict.fromkeys(path[:2] for path in owners)}
        values = flatten_dict(unflatten_dict({path: group.value for path, group in groups.items()}))
        check_variables({path: raw(handle) for path, handle in owners.items()}, values)
        arrays = [values[path] for path in owners]
        run = functools.partial(in_mode, self.cell, train, inputs, kwargs)
        if self.has_rng("dropout") or self.has_rng("params"):  # linen takes the latter where the former is missing
            outputs, after = lend(list(owners.values()), arrays, run, words_of(self.make_rng("dropout")))
        else:
            with drawing_from(_Missing()):
                outputs, after = lend(list(owners.values()), arrays, run)
        if not self.is_initializing():
            self._write(groups, dict(zip(owners, after, strict=True)), values)
        return outputs

    def _group(self, path: tuple, owners: dict):
        """The variable that holds all that is below one name of a collection."""
        collection, name = path
        if not self.has_variable(collection, name) and not self.is_mutable_collection(collection):
            raise ValueError(
                f"The collection {collection!r}, which {type(self.cell).__name__} needs, is missing or lacks {name!r}."
            )
        below = {whole[2:]: raw(handle) for whole, handle in owners.items() if whole[:2] == path}
        return self.variable(collection, name, lambda: below.get(()) if () in below else unflatten_dict(below))

    def _write(self, groups: dict, after: dict, before: dict) -> None:
        for path, array in after.items():
            if array is not before[path] and not self.is_mutable_collection(path[0]):
                raise ModifyScopeVariableError(path[0], "/".join(path[1:]), "/" + "/".join(self.path))
        nested = unflatten_dict(after)
        for (collection, name), variable in groups.items():
            if self.is_mutable_collection(collection):
                variable.value = nested[collection][name]


class _Missing(Generator):
    """Stands for the stream "dropout" where it is not given."""

    def next_key(self):
        raise InvalidRngError("The Cell draws random numbers: give rngs={'dropout': key} to 'apply'.")


def _collection(path: str, handle: Tensor) -> str:
    return _COLLECTIONS[kind_of(handle, path.rpartition(".")[2])]
