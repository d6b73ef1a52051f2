"""Parameter and ParameterTuple: the named Tensors that networks train."""

from __future__ import annotations

import itertools
import numbers
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import placement, trace, watching
from msjax.core.effects import has_effects
from msjax.core.tensor import Tensor, _new, lasting, raw, rebind, share, to_array, wrap

# What an initializer draws: (initializer, shape, dtype) -> Tensor. They are in a room above this one, which is loaded
# when it is first used, so the package's root sets this.
initialized: Any = None

_unnamed = itertools.count(2)  # MindSpore's own take the first two


class Parameter(Tensor):
    """A Tensor with a name, which a Cell owns and an optimizer updates.

    Args:
        default_input: Tensor, number, list or numpy array; the elements are copied.
        name: its name; a Parameter without one takes that of the Cell's attribute it is assigned to.
        requires_grad: whether it is trained.
        layerwise_parallel, parallel_optimizer, storage_format, device: accepted for compatibility.

    Raises:
        TypeError, ValueError: if an argument is of the wrong type.

    Example:
        >>> Parameter(Tensor([1.0, 2.0]), name="w")
        Parameter (name=w, shape=(2,), dtype=Float32, requires_grad=True)
    """

    _SETTINGS = frozenset(
        "_name _named _requires_grad _layerwise_parallel _parallel_optimizer _key _cache_shape _pipeline_stages".split()
    )
    _rewritable = True
    # Settings for several devices, which are noted.
    unique: Any = False  # which hides the method
    cache_enable = sliced = is_in_parallel = is_init = parallel_optimizer_comm_recompute = False
    comm_fusion, requires_aggr = 1, True
    # Where it lies among several devices, if that was said; the Parameter that an optimizer keeps it for, and those
    # that are kept for it, as weak references.
    _sharding: Any = None
    _slot_of: Parameter | None = None
    _slots: tuple = ()

    def __init__(
        self,
        default_input,
        name=None,
        requires_grad=True,
        layerwise_parallel=False,
        parallel_optimizer=True,
        storage_format: Any = "",
        device=None,
    ):
        self.name = name
        self.requires_grad = requires_grad
        self.layerwise_parallel = layerwise_parallel
        self.parallel_optimizer = parallel_optimizer
        self._bind(_initial(default_input))

    @property
    def name(self) -> str:
        watching.named(self)
        return self._name

    @name.setter
    def name(self, name: str | None) -> None:
        if name is not None and not isinstance(name, str):
            raise ValueError(
                f"The type of the Parameter's name should be 'string' or 'None', but got {type(name).__name__}."
            )
        self._named = bool(name)
        self._name = name or f"Parameter#{next(_unnamed)}"

    @property
    def param_info(self) -> Parameter:
        return self

    @property
    def requires_grad(self) -> bool:
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self._requires_grad = _check_bool("requires_grad", value)
        trace.differentiate_further(self, value)

    @property
    def layerwise_parallel(self) -> bool:
        return self._layerwise_parallel

    @layerwise_parallel.setter
    def layerwise_parallel(self, value: bool) -> None:
        self._layerwise_parallel = _check_bool("layerwise_parallel", value)

    @property
    def parallel_optimizer(self) -> bool:
        return self._parallel_optimizer

    @parallel_optimizer.setter
    def parallel_optimizer(self, value: bool) -> None:
        self._parallel_optimizer = _check_bool("parallel_optimizer", value)

    # Notes of MindSpore's for caches and pipelines, which are not here.

    key = property(
        lambda self: self.__dict__.get("_key", -1),
        lambda self, value: self.__dict__.update(_key=_check_whole("key", value)),
        doc="A number that was noted for a cache; -1 for none.",
    )
    cache_shape = property(
        lambda self: self.__dict__.get("_cache_shape", []),
        lambda self, value: self.__dict__.update(_cache_shape=value),
        doc="The shape that was noted for a cache; [] for none.",
    )

    def add_pipeline_stage(self, stage: int) -> None:
        """Note a stage of a pipeline that uses this Parameter.

        Args:
            stage: its number.

        Raises:
            TypeError: unless it is an int that is not negative.
        """
        if _check_whole("stage", stage) < 0:
            raise TypeError(f"The argument `stage` must not be negative, but got {stage}.")
        self.__dict__.setdefault("_pipeline_stages", []).append(stage)

    @property
    def data(self) -> Tensor:
        """A plain Tensor on the same elements."""
        return share(self)

    @has_effects
    def init_data(self, layout: Any = None, set_sliced: bool = False) -> Parameter:
        """This Parameter: initializers are drawn when Parameters are made."""
        return self

    @property
    def inited_param(self) -> None:
        """None: no Parameter was made of another one to be initialized."""

    def value(self) -> Tensor:
        """The elements as a plain Tensor, still connected to this Parameter in gradients."""
        return wrap(raw(self))

    def set_data(self, data: Any, slice_shape: bool = False) -> Parameter:
        """Take over the elements of `data`, cast to this Parameter's dtype, without their gradient.

        Args:
            data: Tensor, int or float. Its shape becomes this Parameter's.

        Raises:
            TypeError: if `data` is of another type, or a float for integers.
        """
        if not isinstance(data, (Tensor, int, float)):
            raise TypeError(
                f"Parameter data must be [`Tensor`, `int`, `float`] or a kind of it, but got {type(data).__name__}."
            )
        if isinstance(data, float) and np.issubdtype(self._array.dtype, np.signedinteger):
            raise TypeError(
                "Incoming Parameter dtype can not be converted to current dtype implicitly: "
                f"a float ({data}) was given to {self!r}; give a whole number, or a Tensor."
            )
        array = to_array(data)
        array = array if array.dtype == self._array.dtype else array.astype(self._array.dtype)
        rebind(self, trace.written_into(self, array))
        return self

    def clone(self, init: Any = "same") -> Parameter:
        """A new Parameter of the same name.

        Args:
            init: "same" for the same elements, or what fills it: "zeros", a number, an initializer.
        """
        if isinstance(init, str) and init == "same":
            return self.copy()
        return _copy(self, raw(initialized(init, self.shape, self.dtype)))

    def copy(self) -> Parameter:
        """A Parameter of the same name and elements."""
        clone = _copy(self, raw(self))
        if self._shadow is not None:
            trace.shadow(clone, self._shadow)
        return clone

    __copy__ = copy

    def __deepcopy__(self, memo):
        memo[id(self)] = clone = self.copy()
        return clone

    @has_effects
    def __reduce__(self):
        return _unpickle, (trace.concrete(raw(self)), lasting(self))

    def __repr__(self) -> str:
        return (
            f"Parameter (name={self.name}, shape={tuple(self.shape)}, dtype={self.dtype}, "
            f"requires_grad={self.requires_grad})"
        )

    __str__ = __repr__


def _check_bool(what: str, value) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"The argument `{what}` must be bool type, but got {type(value).__name__}.")
    return value


def _check_whole(what: str, value) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"The argument `{what}` must be int type, but got {type(value).__name__}.")
    return value


def _initial(data) -> jax.Array:
    if isinstance(data, bool):
        raise ValueError("Parameter data can not be `bool`; use a Tensor.")
    if isinstance(data, numbers.Integral):
        return to_array(data, np.int32)  # not int64: so MindSpore has it
    if isinstance(data, Tensor):
        return trace.detach(raw(data))
    if not isinstance(data, (numbers.Real, np.ndarray, list)):
        raise TypeError(
            "The type of the argument 'default_input' must be in ['Tensor', 'int', 'float', 'numpy.ndarray', 'list'], "
            f"but got {type(data).__name__}."
        )
    return to_array(data)


def _copy(parameter: Parameter, array) -> Parameter:
    clone = _new(type(parameter))
    clone.__dict__.update(lasting(parameter))
    clone._bind(array)
    return clone


def _unpickle(values: np.ndarray, state: dict) -> Parameter:
    clone = _new(Parameter)
    clone.__dict__.update(state)
    clone._array = jnp.asarray(values)
    return clone


class ParameterTuple(tuple):
    """A tuple of Parameters.

    Args:
        iterable: the Parameters. Those without a name get one.

    Raises:
        TypeError: if an element is not a Parameter.
        ValueError: if two different Parameters have the same name.

    Example:
        >>> ParameterTuple([Parameter(1.0, name="w")])[0].name
        'w'
    """

    def __new__(cls, iterable):
        parameters = tuple(iterable)
        names: dict[str, Parameter] = {}
        for parameter in parameters:
            if not isinstance(parameter, Parameter):
                raise TypeError(
                    f"ParameterTuple input should be 'Parameter' collection. But got a {type(parameter).__name__}."
                )
            check_unique(names, parameter)
        return super().__new__(cls, parameters)

    def clone(self, prefix: str, init: Any = "same") -> ParameterTuple:
        """Copies of the Parameters, named `prefix + "." + name`."""
        if not isinstance(prefix, str):
            raise TypeError(f"'prefix' must be a str, but got {type(prefix).__name__}.")
        if not prefix:
            raise ValueError("'prefix' must not be empty: two Parameters of one name can not be in one network.")
        clones = [p.clone(init) for p in self]
        for clone, parameter in zip(clones, self, strict=True):
            clone.name = f"{prefix}.{clone.name}"
            placement.keep(parameter, clone)
        return ParameterTuple(clones)


def slot_of(parameter: Parameter, name: str, array: jax.Array) -> Parameter:
    """What an optimizer keeps for a Parameter: it lies where that does, or is divided among devices."""
    slot = Parameter(wrap(array), name=name, requires_grad=parameter.requires_grad)
    placement.keep(parameter, slot)
    return slot


def check_unique(names: dict, parameter: Parameter) -> None:
    """Note the Parameter's name in `names`.

    Raises:
        ValueError: if another Parameter has it.
    """
    if names.setdefault(parameter.name, parameter) is not parameter:
        raise ValueError(
            f"The value {parameter!r}, its name '{parameter.name}' already exists. "
            "Please set a unique name for the parameter."
        )


def _flatten(parameter: Parameter):
    return (raw(parameter),), (parameter.name, parameter._named, parameter.requires_grad)


def _unflatten(fields, children) -> Parameter:
    parameter = _new(Parameter)
    parameter._array = children[0]
    parameter._name, parameter._named, parameter._requires_grad = fields
    parameter._layerwise_parallel, parameter._parallel_optimizer = False, True
    trace.adopt(parameter)
    return parameter


jax.tree_util.register_pytree_node(Parameter, _flatten, _unflatten)
__all__ = ["Parameter", "ParameterTuple"]
