"""What distributions and bijectors share: parameters given as numbers, lists or Tensors, and formulas on arrays."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import numpy as np

from msjax.core import dtype as mstype
from msjax.core.kinds import check
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.ops.call.operator import Operator
from msjax.ops.call.wording import reworded

FLOATS = mstype.float_type
NUMBERS = (*mstype.int_type, *mstype.uint_type, *FLOATS)


class Formula:
    """A method that is a formula on arrays: of what it is called with, followed by the object's parameters.

    Called with handles it is an operator, compiled as others are.
    """

    _operator: Operator

    def __init__(self, definition: Callable):
        self._definition = definition

    def __set_name__(self, owner: type[WithParameters], name: str) -> None:
        names = list(inspect.signature(self._definition).parameters)
        count = len(names) - len(owner._parameters)
        self._given, self._own = names[:count], names[count:]
        self.name = name.strip("_")
        self._prepare()

    def _prepare(self) -> None:
        """Make the operator, now that the names of the parameters are known."""
        raise NotImplementedError

    def _named(self, definition: Callable) -> Any:
        """The definition of an operator, under the name that errors show."""
        named: Any = partial(definition)
        named.__name__, named.__module__ = self.name, self._definition.__module__
        return named

    def _apply(self, instance, tensors: list, statics=()) -> Any:
        """The operator's result; its errors name the object's class and this method."""
        try:
            return self._operator.call(tensors, statics)
        except Exception as error:
            other = reworded(error, f"{type(instance).__name__}.{self.name}")
            if other is None:
                raise
            raise other from None

    def __get__(self, instance, owner=None) -> Any:
        return self if instance is None else partial(self, instance)

    def __call__(self, instance, *args, **kwargs) -> Any:
        raise NotImplementedError


class WithParameters(Cell):
    """A Cell whose parameters are arrays: attributes `_NAME_value`, and properties `NAME` where that is no method.

    Attributes:
        _parameters: the kind of their elements (`msjax.core.kinds`), by name.
        _shown: what `repr` calls them, where that is another name.
        _given_as: what they may be.
    """

    _parameters: ClassVar[dict[str, str]] = {}
    _shown: ClassVar[dict[str, str]] = {}
    _given_as = "None or number or list or array or Tensor"

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in cls._parameters:
            if not hasattr(cls, name):
                setattr(cls, name, property(partial(_value, name), doc=f"The parameter `{name}`: a Tensor, or None."))

    def _take(self, dtype, **values) -> None:
        """Keep parameters, as Tensors of a dtype.

        Raises:
            TypeError, ValueError: if they are something else, or out of their bounds.
        """
        for name, value in values.items():
            kept = value if value is None else as_tensor(value, dtype)
            if kept is not None and name in self._parameters:
                _check_elements(type(self).__name__, name, kept, self._parameters[name])
            setattr(self, f"_{name}_value", kept)
        given = {name: value.shape for name in values if (value := getattr(self, f"_{name}_value")) is not None}
        try:
            np.broadcast_shapes(*given.values())
        except ValueError:
            raise ValueError(f"For '{type(self).__name__}', the parameters do not broadcast: {given}.") from None

    def _values(self) -> list:
        return [getattr(self, f"_{name}_value") for name in self._parameters]

    @property
    def is_scalar_batch(self) -> bool:
        """Whether all parameters are numbers."""
        return all(value is None or value.shape == () for value in self._values())

    @property
    def batch_shape(self) -> tuple[int, ...] | None:
        """The shape of the parameters together; None if one is missing."""
        values = self._values()
        return None if any(value is None for value in values) else shape_of(*values)

    def extend_repr(self) -> str:
        """The parameters if they are numbers, else their shape.

        Returns:
            A text.
        """
        if not self.is_scalar_batch:
            return f"batch_shape = {self.batch_shape}"
        pairs = zip(self._parameters, self._values(), strict=True)
        return ", ".join(f"{self._shown.get(name, name)} = {value}" for name, value in pairs)


def _value(name: str, instance: WithParameters) -> Tensor | None:
    return getattr(instance, f"_{name}_value")


def shape_of(*tensors) -> tuple[int, ...]:
    """The shape of some Tensors, broadcast."""
    return np.broadcast_shapes(*(t.shape for t in tensors))


def as_tensor(value, dtype) -> Tensor:
    """A parameter as a Tensor; a Parameter or Tensor of the dtype is itself."""
    if isinstance(value, Tensor):
        return value if value.dtype == dtype else value.astype(dtype)
    return Tensor(np.asarray(value), dtype)


def given_dtypes(owner: str, values: dict[str, Any], kind: str) -> dict[str, Any]:
    """The dtypes of those parameters that are arrays, by name; all are the same.

    Raises:
        TypeError: if there are several, or a parameter is not of `kind`.
    """
    found = {}
    for name, value in values.items():
        check(owner, name, value, kind)
        if isinstance(value, (Tensor, np.ndarray)):
            found[name] = value.dtype if isinstance(value, Tensor) else mstype.pytype_to_dtype(value.dtype.type)
    if len(set(found.values())) > 1:
        shown = ", ".join(f"{name} is {dtype}" for name, dtype in found.items())
        raise TypeError(f"For '{owner}', all parameters must be of the same dtype, but {shown}.")
    return found


def _check_elements(owner: str, name: str, value: Tensor, kind: str) -> None:
    elements = np.asarray(value.asnumpy(), np.float64)
    for extreme in (elements.min(), elements.max()) if elements.size else ():
        check(owner, name, float(extreme), kind)
