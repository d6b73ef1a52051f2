"""The formulas of distributions: of values, of two distributions, and of random numbers."""

from __future__ import annotations

import inspect
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.kinds import check
from msjax.nn.probability.formulas import Formula
from msjax.ops.call.arguments import dtype_of
from msjax.ops.call.operator import Operator
from msjax.ops.maths.random import drawing

_ANY = inspect.Parameter.POSITIONAL_OR_KEYWORD


class formula(Formula):
    """A formula of what it is called with, values or nothing, and the parameters, which it gets broadcast.

    All are in the dtype of the distribution's parameters, and so is the result.
    """

    def _prepare(self) -> None:
        self._operator = Operator(self._named(self._computed))
        first, own = self._first(), dict.fromkeys(self._own, None)
        self._names = [*first]
        self._signature = inspect.Signature(
            [inspect.Parameter(name, _ANY, default=default) for name, default in (first | own).items()]
        )

    def _first(self) -> dict[str, Any]:
        """What a call gives before the parameters: names and defaults."""
        return dict.fromkeys(self._given, inspect.Parameter.empty)

    def _computed(self, *arrays, dtype) -> Any:
        arrays = [jnp.asarray(array, dtype) for array in arrays]
        count = len(arrays) - len(self._own)
        return self._definition(*arrays[:count], *jnp.broadcast_arrays(*arrays[count:]))

    def bind(self, distribution, args, kwargs) -> list:
        """The arguments of a call in order, with the distribution's own parameters where the call gives none."""
        owner = type(distribution).__name__
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"For '{owner}.{self.name}': {error}.") from None
        bound.apply_defaults()
        first = [bound.arguments[name] for name in self._names]
        names = zip(distribution._parameters, self._own, strict=True)
        return [*first, *(distribution._parameter(name, bound.arguments[called]) for name, called in names)]

    def __call__(self, distribution, *args, **kwargs) -> Any:
        tensors = self.bind(distribution, args, kwargs)
        for name, tensor in zip(self._given, tensors, strict=False):
            check(type(distribution).__name__, name, tensor, "Tensor")
        return self._apply(distribution, tensors, (dtype_of(distribution.parameter_type),))


class event(formula):
    """A formula whose result is a value that the distribution takes, in the dtype of its samples."""

    def __call__(self, distribution, *args, **kwargs) -> Any:
        return super().__call__(distribution, *args, **kwargs).astype(distribution.dtype)


class between(formula):
    """A formula of two distributions of one kind: the parameters of the other one come first.

    A call says before what kind the other one is of.
    """

    def _first(self) -> dict[str, Any]:
        return {"dist": inspect.Parameter.empty} | super()._first()

    def bind(self, distribution, args, kwargs) -> list:
        kind, *tensors = super().bind(distribution, args, kwargs)
        if kind != distribution.get_dist_type():
            raise ValueError(
                f"For '{type(distribution).__name__}.{self.name}', the other distribution must be a "
                f"{distribution.get_dist_type()}, too, but got {kind!r}."
            )
        return tensors


class sampler(formula):
    """Random numbers: of a key, the shape of all and the parameters. A call gives the shape that comes before theirs.

    Attributes:
        axes: how many of the parameters' last axes are of one distribution.
    """

    axes = 0

    def _prepare(self) -> None:
        super()._prepare()
        self._operator = Operator(drawing(self._named(self._drawn)), jit=False)

    def _first(self) -> dict[str, Any]:
        return {"shape": ()}

    def _drawn(self, key, *parameters, shape, dtype):
        parameters = jnp.broadcast_arrays(*(jnp.asarray(p, dtype) for p in parameters))
        batch = parameters[0].shape
        return self._definition(key, (*shape, *batch[: len(batch) - self.axes]), *parameters)

    def __call__(self, distribution, *args, **kwargs) -> Any:
        shape, *parameters = self.bind(distribution, args, kwargs)
        check(type(distribution).__name__, "shape", shape, "tuple")
        statics = (shape, dtype_of(distribution.parameter_type), None, distribution._generator)
        return self._apply(distribution, parameters, statics).astype(distribution.dtype)


class category_sampler(sampler):
    """Random numbers of distributions over the parameter's last axis."""

    axes = 1


def unit(key, shape, dtype) -> jax.Array:
    """Numbers uniform in (0, 1): neither bound is among them."""
    return jax.random.uniform(key, shape, dtype, np.asarray(jnp.finfo(dtype).tiny, dtype), np.ones((), dtype))
