"""The nnx Variables that stand for the handles of a Cell.

A Variable of these types is *linked* to a handle, a Parameter or Tensor: it has no value of its own, and reading and
writing it reads and writes the handle. Each handle has one such Variable, made when Flax first asks for it, so that a
Parameter that belongs to several Cells is one Variable in Flax's graph too. What Flax makes of Variables, by
`jax.tree.map` of a State for example, is not linked and holds its value itself.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, hold, raw, rebind, to_array
from msjax.interop.keys import typed, words_of
from msjax.shims.flax import metadata_of, new_variable, value_slot

_STATISTICS = ("moving_", "running_")  # how attributes that hold moving statistics begin
TAG = "default"  # what Flax calls the stream of random numbers that Cells draw from
_new = object.__new__


class Linked(nnx.Variable):
    """Base class of the Variables of Cells."""

    __slots__ = ("_handle",)

    @property
    def _raw_value(self):
        handle = handle_of(self)
        return value_slot.__get__(self) if handle is None else raw(handle)

    @_raw_value.setter
    def _raw_value(self, value):
        handle = handle_of(self)
        if handle is None:
            value_slot.__set__(self, value)
        elif isinstance(value, (jax.Array, Tensor, np.ndarray, np.generic, bool, int, float, complex)):
            array = value if isinstance(value, jax.Array) else to_array(value, raw(handle).dtype)
            _check_shape(handle, array)
            rebind(handle, array)
        elif isinstance(value, (str, bytes, list, tuple, dict, type(None))) and not hasattr(value, "_fields"):
            raise TypeError(f"{_described(handle)} holds an array, but Flax gives it {value!r:.60}.")
        else:  # a shape, a mask: what Flax puts in place of an array for a while
            hold(handle, value)

    @property
    def _can_update(self) -> bool:
        return True  # a Cell is written at any depth of transforms, as in MindSpore

    def _check_can_update(self) -> None:
        pass


def _check_shape(handle: Tensor, value: jax.Array) -> None:
    if isinstance(handle, Parameter) and handle._array.shape != value.shape:
        raise ValueError(
            f"{_described(handle)} has shape {tuple(handle.shape)}, but Flax gives it an array of shape {value.shape}."
        )


def _described(handle: Tensor) -> str:
    return f"The Parameter {handle.name!r}" if isinstance(handle, Parameter) else "A Tensor of the Cell"


class Param(Linked, nnx.Param):
    """A Parameter that is trained."""


class BatchStat(Linked, nnx.BatchStat):
    """A moving statistic: a Parameter that is not trained, or a buffer, under a name like `moving_mean`."""


class Constant(Linked):
    """Any other Parameter that is not trained, or buffer."""


class Intermediate(Linked, nnx.Intermediate):
    """A Tensor that `construct` has made an attribute of its Cell."""


class RngKey(Linked, nnx.RngKey):
    """The key of a generator. The generator holds its words; Flax sees a typed key."""

    @property
    def _raw_value(self):
        value = Linked._raw_value.fget(self)  # type: ignore[attr-defined]
        words = handle_of(self) is not None and isinstance(value, jax.Array)
        return typed(value) if words else value

    @_raw_value.setter
    def _raw_value(self, value):
        value = value if handle_of(self) is None else words_of(value)
        Linked._raw_value.fset(self, value)  # type: ignore[attr-defined]


_handle: Any = Linked.__dict__["_handle"]


def handle_of(variable) -> Tensor | None:
    """The handle that a Variable is linked to."""
    try:
        return _handle.__get__(variable)
    except AttributeError:
        return None


def kind_of(handle: Tensor, name: str) -> type[Linked]:
    """The type of the Variable of a Parameter or buffer that is the attribute `name`."""
    trained = isinstance(handle, Parameter) and handle.requires_grad
    if trained and jnp.issubdtype(handle._array.dtype, jnp.inexact):
        return Param
    moving = name.startswith(_STATISTICS) or "_is_statistic" in handle.__dict__
    return BatchStat if moving and not trained else Constant


def variable_of(handle: Tensor, name: str, kind: type[Linked] | None = None) -> Linked:
    """The Variable of a handle.

    Args:
        kind: its type; None for that of a Parameter or buffer.
    """
    known = getattr(handle, "_variable", None)
    own = handle.__dict__
    if known is not None:
        fields = metadata_of(known)
        if fields.get("name") is own.get("_name") and fields.get("requires_grad") is own.get("_requires_grad"):
            return known
    variable = new_variable(kind or kind_of(handle, name))
    if isinstance(handle, Parameter):
        metadata_of(variable).update(name=handle.name, requires_grad=handle.requires_grad)
    elif kind is RngKey:
        metadata_of(variable)["tag"] = TAG
    return link(variable, handle)


def link(variable: Any, handle: Tensor) -> Linked:
    """Let a Variable stand for a handle."""
    _handle.__set__(variable, handle)
    handle._variable = variable
    return variable


def handle_for(variable: nnx.Variable, name: str) -> Tensor:
    """The handle of a Variable that came from Flax: its own, or a new one with its value.

    Args:
        name: of a Parameter for which the Variable knows none.
    """
    linked = issubclass(type(variable), Linked)
    own = handle_of(variable) if linked else None
    if own is not None:
        return own
    value, fields = variable.get_raw_value(), variable.get_metadata()
    if isinstance(variable, nnx.Param) or "requires_grad" in fields:
        handle = _new(Parameter)
        handle._name, handle._named = fields.get("name", name), True
        handle._requires_grad = fields.get("requires_grad", True)
        handle._layerwise_parallel, handle._parallel_optimizer = False, True
    else:
        handle = _new(Tensor)
    handle._bind(words_of(value))
    if linked:
        link(variable, handle)
    return handle
