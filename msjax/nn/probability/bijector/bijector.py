"""Bijector: the base class, and the formulas of its subclasses."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from msjax.core import dtype as mstype
from msjax.core.effects import only_computes
from msjax.core.kinds import check, is_a
from msjax.core.tensor import Tensor
from msjax.core.watching import seen
from msjax.nn.probability.formulas import FLOATS, Formula, WithParameters, as_tensor, given_dtypes
from msjax.ops.call.operator import Operator

_METHODS = frozenset({"forward", "inverse", "forward_log_jacobian", "inverse_log_jacobian"})


class formula(Formula):
    """A formula of a value and the parameters, which it gets in the value's dtype."""

    def _prepare(self) -> None:
        self._operator = Operator(self._named(self._computed))

    def _computed(self, value, *parameters) -> Any:
        return self._definition(value, *(jnp.asarray(p, value.dtype) for p in parameters))

    def __call__(self, bijector, value) -> Any:
        return self._apply(bijector, [value, *bijector._values()])


class Bijector(WithParameters):
    """The base class of bijectors.

    A subclass defines `_forward`, `_inverse`, and the logarithms of their derivatives `_forward_log_jacobian` and
    `_inverse_log_jacobian`, of a value. Called as a Cell, a bijector takes the name of a method and a value, or a
    distribution, which it transforms.

    Args:
        is_constant_jacobian: whether the derivative is the same everywhere.
        is_injective: whether no two values have the same image.
        name: what errors call the bijector.
        dtype: the only dtype of values; None for any float dtype.
        param: the parameters, a dict; it may have them under "param_dict".

    Inputs:
        name: the name of a method, or a distribution.
        *args, **kwargs: the method's arguments.

    Returns:
        A Tensor, or the transformed distribution.

    Raises:
        TypeError: if a value is no Tensor of floats.
        NotImplementedError: where a method is called that the bijector has not.

    Example:
        >>> class Cubed(nn.probability.bijector.Bijector):
        ...     def __init__(self):
        ...         super().__init__(name="Cubed")
        ...     def _forward(self, x):
        ...         return x**3
        >>> print(Cubed().forward(Tensor([2.0])))
        [8.]
    """

    _given_as = "number or list or array or Tensor"
    _transformed: Any  # the class of transformed distributions, which stand on bijectors; it adds itself

    def __init__(self, is_constant_jacobian=False, is_injective=True, name: Any = None, dtype=None, param=None):
        super().__init__()
        owner = type(self).__name__
        check(owner, "name", name, "str")
        check(owner, "is_constant_jacobian", is_constant_jacobian, "bool")
        check(owner, "is_injective", is_injective, "bool")
        _check_float(owner, "dtype", dtype or mstype.float32)
        param = param or {}
        own = param.get("param_dict", param)
        self._name, self._dtype = name, dtype
        self._is_constant_jacobian, self._is_injective = is_constant_jacobian, is_injective
        self._arguments = {**own, "name": name, "param_dict": own}
        self._take(self._parameter_type(own), **own)

    def _parameter_type(self, values: dict[str, Any]):
        """The dtype of the parameters, in which numbers and lists count as Tensors of them."""
        owner = type(self).__name__
        for name, value in values.items():
            check(owner, name, value, self._given_as)
        lists = {name: Tensor(value) for name, value in values.items() if is_a(value, "number or list")}
        dtypes = given_dtypes(owner, values | lists, self._given_as)
        for name, dtype in dtypes.items():
            _check_float(owner, f"dtype of {name}", dtype)
        return next(iter(dtypes.values()), mstype.float32)

    def _add_parameter(self, value, name: str) -> Tensor:
        """A parameter of a subclass, as a Tensor."""
        self._arguments[name] = value
        return as_tensor(value, self._dtype or mstype.float32)

    @property
    def name(self) -> str:
        """What errors call it."""
        return self._name

    @property
    def dtype(self):
        """The only dtype of values, or None."""
        return self._dtype

    @property
    def parameters(self) -> dict[str, Any]:
        """What it was made with, by name."""
        return self._arguments

    @property
    def is_constant_jacobian(self) -> bool:
        """Whether the derivative is the same everywhere."""
        return self._is_constant_jacobian

    @property
    def is_injective(self) -> bool:
        """Whether no two values have the same image."""
        return self._is_injective

    def cast_param_by_value(self, value, para):
        """A parameter in the dtype of a value.

        Args:
            value: a Tensor.
            para: a Tensor.

        Returns:
            A Tensor.
        """
        return para.astype(value.dtype)

    def _applied(self, method: str, value, *args, **kwargs):
        owner = type(self).__name__
        check(owner, "value", value, "Tensor")
        _check_float(owner, "dtype of the value", value.dtype)
        if self._dtype is not None and value.dtype != self._dtype:
            raise TypeError(f"For '{owner}', the value must be of dtype {self._dtype}, but got {value.dtype}.")
        own = getattr(self, method, None)
        if own is None:
            raise NotImplementedError(f"For '{self._name}', {method.strip('_')} is not implemented.")
        return (own if isinstance(getattr(type(self), method), formula) else seen(own))(value, *args, **kwargs)

    def forward(self, value, *args, **kwargs):
        """The image of a value.

        Args:
            value: a Tensor of floats.
            *args, **kwargs: further arguments of a subclass.

        Returns:
            A Tensor.
        """
        return self._applied("_forward", value, *args, **kwargs)

    def inverse(self, value, *args, **kwargs):
        """The value of which this is the image.

        Args:
            value, *args, **kwargs: as for `forward`.

        Returns:
            A Tensor.
        """
        return self._applied("_inverse", value, *args, **kwargs)

    def forward_log_jacobian(self, value, *args, **kwargs):
        """The logarithm of the derivative's absolute value, at a value.

        Args:
            value, *args, **kwargs: as for `forward`.

        Returns:
            A Tensor.
        """
        return self._applied("_forward_log_jacobian", value, *args, **kwargs)

    def inverse_log_jacobian(self, value, *args, **kwargs):
        """The logarithm of the absolute value of the inverse's derivative, at an image.

        Args:
            value, *args, **kwargs: as for `forward`.

        Returns:
            A Tensor.
        """
        return self._applied("_inverse_log_jacobian", value, *args, **kwargs)

    def __call__(self, name, *args, **kwargs):
        if getattr(name, "_is_distribution", False):
            return self._transformed(self, name, *args, **kwargs)
        return super().__call__(name, *args, **kwargs)

    def construct(self, name: str, *args, **kwargs):
        if name not in _METHODS:
            raise NotImplementedError(f"For '{self._name}', there is no method {name!r}; known are {sorted(_METHODS)}.")
        return getattr(self, name)(*args, **kwargs)


for _name in _METHODS:  # they read what the bijector keeps
    only_computes(vars(Bijector)[_name])


def _check_float(owner: str, name: str, dtype) -> None:
    if dtype not in FLOATS:
        raise TypeError(f"For '{owner}', the '{name}' must be one of {', '.join(map(str, FLOATS))}, but got {dtype}.")
