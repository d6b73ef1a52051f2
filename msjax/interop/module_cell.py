"""Modules of Flax as Cells: their variables are Parameters, and a call is the module's own."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx
from flax.core import meta
from flax.errors import InvalidRngError
from flax.traverse_util import flatten_dict, unflatten_dict

from msjax.core.parameter import Parameter
from msjax.core.random import next_key
from msjax.core.tensor import Tensor, is_tensor, raw, rebind, to_array, wrap
from msjax.interop.keys import is_key, typed, words_of
from msjax.nn.cell import Cell

# How modules call the argument that says whether they train, and what it is when they do.
_MODES = {"train": True, "training": True, "is_training": True, "deterministic": False, "use_running_average": False}
_NEED_VALUES = (jax.errors.ConcretizationTypeError, jax.errors.TracerArrayConversionError)


class Function:
    """A module as a pure function of its variables; equal modules compile once, and copies of a Cell share it.

    Args:
        module: the module.

    Attributes:
        variables: path -> array, at the beginning.
        streams: for training and not: the names of the random streams that a call draws from.
        needs_values: whether the module looks at values in Python, and so is not compiled on its own.
    """

    variables: dict[tuple, Any]
    streams: dict[bool, tuple]
    needs_values = False

    def __init__(self, module):
        self.module = module
        self.compiled = functools.lru_cache(maxsize=64)(self._compile)

    def __deepcopy__(self, memo):
        return self

    def modes(self, training: bool) -> dict[str, bool]:
        """The arguments that tell the module whether it trains.

        Args:
            training: whether it does.

        Returns:
            Their names and values.
        """
        parameters = inspect.signature(type(self.module).__call__).parameters
        return {n: on == training for n, on in _MODES.items() if n in parameters and n not in self.fields()}

    def fields(self) -> tuple[str, ...]:
        """The module's own attributes that say whether it trains."""
        return ()

    def call(self, variables: dict, keys: dict, training: bool, inputs, kwargs) -> tuple[Any, dict]:
        """Call the module.

        Args:
            variables: path -> array.
            keys: a key for each random stream.
            training: whether in the mode for training.
            inputs, kwargs: its arguments, with arrays.

        Returns:
            (what it answers, its variables afterwards).
        """
        raise NotImplementedError

    def kind(self, path: tuple) -> str:
        """What a variable is.

        Args:
            path: where it is.

        Returns:
            "param", "stat" or "other".
        """
        raise NotImplementedError

    def name(self, path: tuple) -> str:
        """The name of a variable's Parameter.

        Args:
            path: where the variable is.

        Returns:
            The name.
        """
        return ".".join(map(str, path))

    def _compile(self, tree, fixed: tuple, training: bool):
        """A call as a function of arrays, and that compiled. Within a function that is being compiled the latter leaves
        no trace.

        Args:
            tree, fixed: the structure of the arguments, and those that are no arrays in their places.
        """

        def run(variables, keys, arrays):
            keys = {name: typed(words) for name, words in keys.items()}
            inputs, kwargs = jax.tree.unflatten(
                tree, [f if a is None else a for a, f in zip(arrays, fixed, strict=True)]
            )
            outputs, after = self.call(variables, keys, training, inputs, kwargs)
            changed = {p: after[p] for p, value in variables.items() if p in after and after[p] is not value}
            return outputs, changed, [nnx.state(stream) for stream in _streams(inputs, kwargs)]

        return run, jax.jit(run, inline=True)


class LinenFunction(Function):
    """A linen module.

    Args:
        module: the module.
        inputs, kwargs: arguments of a call, by whose shapes `init` makes the variables.
        rngs: name -> key, for `init`; the names beside "params" are streams that calls may draw from.
        variables: collections to begin with in place of those of `init`.
    """

    def __init__(self, module: linen.Module, inputs: tuple, kwargs: dict, rngs: dict, variables: Mapping | None):
        super().__init__(module)
        initial = functools.partial(self._in_mode(False).init, **{**self.modes(False), **kwargs})
        if variables is None:
            try:
                collections = jax.jit(initial)(rngs, *inputs)
            except _NEED_VALUES:
                collections = initial(rngs, *inputs)
            self.variables = flatten_dict(meta.unbox(collections))
        else:
            self.variables = flatten_dict(meta.unbox(variables))
            check_variables(flatten_dict(meta.unbox(jax.eval_shape(initial, rngs, *inputs))), self.variables)
        self.collections = tuple({path[0]: None for path in self.variables if path[0] != "params"})
        streams = {name: key for name, key in rngs.items() if name != "params"}
        self.streams = {training: self._used(streams, training, inputs, kwargs) for training in (True, False)}

    def fields(self):
        own = {field.name for field in dataclasses.fields(self.module)}  # type: ignore[arg-type]
        return tuple(name for name in _MODES if name in own and isinstance(getattr(self.module, name), bool))

    def _in_mode(self, training: bool) -> linen.Module:
        fields = {name: _MODES[name] == training for name in self.fields()}
        return self.module.clone(**fields) if fields else self.module

    def call(self, variables, keys, training, inputs, kwargs):
        nested = unflatten_dict(variables)
        module, mutable = self._in_mode(training), list(self.collections) or False
        answer = module.apply(nested, *inputs, rngs=keys, mutable=mutable, **kwargs)
        outputs, after = answer if self.collections else (answer, {})
        return outputs, flatten_dict(meta.unbox(after))

    def kind(self, path):
        return {"params": "param", "batch_stats": "stat"}.get(path[0], "other")

    def name(self, path):
        return super().name(path[1:] if path[0] == "params" else path)

    def _used(self, keys: dict, training: bool, inputs, kwargs) -> tuple:
        """The streams that a call draws from."""
        kwargs = {**self.modes(training), **kwargs}

        def run(keys, variables, inputs):
            return self.call(variables, keys, training, inputs, kwargs)

        try:
            traced = jax.make_jaxpr(run)(keys, self.variables, inputs).jaxpr
        except InvalidRngError as error:
            raise ValueError(
                f"For 'from_flax', the module draws from a random stream that 'rngs' does not name (it names "
                f"{list(keys)}): {error}"
            ) from None
        except Exception:  # the examples only begin the variables: a cache for decoding takes one step at a time
            return tuple(keys)
        read = {id(v) for equation in traced.eqns for v in equation.invars}
        return tuple(name for name, v in zip(sorted(keys), traced.invars, strict=False) if id(v) in read)


class NnxFunction(Function):
    """An nnx module, with its variables as they are now.

    Args:
        module: the module, which is copied.
    """

    def __init__(self, module: nnx.Module):
        super().__init__(module := nnx.clone(module))
        self.streams = {True: (), False: ()}  # its random state is among its variables
        self._graphs = {}
        for training, switch in ((True, module.train), (False, module.eval)):
            switch()
            self._graphs[training], state = nnx.split(module)
        flat = dict(nnx.to_flat_state(state))
        self._kinds = {path: type(variable) for path, variable in flat.items()}
        self.variables = {path: v.get_raw_value() if isinstance(v, nnx.Variable) else v for path, v in flat.items()}

    def modes(self, training):
        required = inspect.Parameter.empty
        parameters = inspect.signature(type(self.module).__call__).parameters
        return {n: on for n, on in super().modes(training).items() if parameters[n].default is required}

    def call(self, variables, keys, training, inputs, kwargs):
        module = nnx.merge(self._graphs[training], unflatten_dict(variables))
        outputs = module(*inputs, **kwargs)
        after = nnx.to_flat_state(nnx.state(module))
        return outputs, {path: v.get_raw_value() if isinstance(v, nnx.Variable) else v for path, v in after}

    def kind(self, path):
        kind = self._kinds[path]
        if issubclass(kind, nnx.Param):
            return "param"
        return "stat" if issubclass(kind, nnx.BatchStat) else "other"


class ModuleCell(Cell):
    """A module of Flax as a Cell; made by `from_flax`.

    Args:
        function: the module as a function of its variables.

    Attributes:
        module: the module.

    Example:
        >>> from flax import linen
        >>> net = ms.interop.flax.from_flax(linen.Dense(3), ops.ones((4, 2)))
        >>> net(ops.ones((4, 2))).shape
        (4, 3)
    """

    def __init__(self, function: Function):
        super().__init__()
        self._function = function
        self._names: dict[tuple, str] = {}  # path of Flax -> name of the Parameter
        self._keys = [path for path, value in function.variables.items() if is_key(value)]
        for path, value in function.variables.items():
            self._own(path, to_array(words_of(value)))

    def _own(self, path: tuple, array) -> None:
        kind, name = self._function.kind(path), self._function.name(path)
        trained = kind == "param" and jnp.issubdtype(array.dtype, jnp.inexact)
        parameter = Parameter(wrap(array), name=name, requires_grad=trained)
        if kind == "stat":
            parameter.__dict__["_is_statistic"] = True
        self.insert_param_to_cell(name, parameter, check_name_contain_dot=False)
        self._names[path] = name

    def _held(self, path: tuple) -> Any:
        """The Parameter of a variable, as it is now."""
        return self._params[self._names[path]]

    @property
    def module(self) -> Any:
        """The module of Flax."""
        return self._function.module

    def construct(self, *inputs: Any, **kwargs: Any) -> Any:
        """Call the module.

        Args:
            inputs, kwargs: its arguments, with Tensors for arrays.

        Returns:
            What it answers, with Tensors.
        """
        function, training = self._function, self.training
        leaves, tree = jax.tree.flatten((inputs, {**function.modes(training), **kwargs}), is_leaf=is_tensor)
        arrays = [to_array(v) if _is_array(v) else None for v in leaves]
        fixed = tuple(None if _is_array(v) else v for v in leaves)
        keys = {name: next_key() for name in function.streams[training]}
        plain, compiled = function.compiled(tree, fixed, training)
        variables = self._variables(training)
        try:
            outputs, changed, drawn = (plain if function.needs_values else compiled)(variables, keys, arrays)
        except _NEED_VALUES:
            outputs, changed, drawn = plain(variables, keys, arrays)
            function.needs_values = True
        for stream, state in zip(_streams(inputs, kwargs), drawn, strict=True):
            nnx.update(stream, state)
        for path, array in changed.items():
            rebind(self._held(path), words_of(array))
        return jax.tree.map(wrap, outputs)

    def _variables(self, as_keys: bool = True) -> dict:
        """path -> array; random keys as such, or, where none is drawn from, as words."""
        own = self.__dict__  # where `to_float` puts what it casts
        arrays = {path: raw(own[name]) for path, name in self._names.items()}
        return {**arrays, **{path: typed(arrays[path]) for path in self._keys if as_keys}}

    def variables(self) -> dict:
        """The arrays as Flax nests them: `{"params": {...}, ...}` of a linen module."""
        return unflatten_dict(self._variables())

    def load_variables(self, variables: Any) -> None:
        """Take over arrays from Flax.

        Args:
            variables: nested like `variables()`, or an `nnx.State`.

        Raises:
            TypeError: if `variables` are neither.
            ValueError: if a collection or an array is missing, unknown, or of another shape; nothing is changed then.
        """
        pure = nnx.to_pure_dict(variables) if isinstance(variables, nnx.State) else meta.unbox(variables)
        if not isinstance(pure, Mapping):
            raise TypeError(
                f"Flax's variables must be a dictionary or an nnx.State, but got {type(variables).__name__}."
            )
        values: dict[tuple, Any] = flatten_dict(pure)  # type: ignore[assignment]
        check_variables(self._variables(), values)
        for path in self._names:
            value, parameter = values[path], self._held(path)
            rebind(parameter, to_array(words_of(value), raw(parameter).dtype))

    def extend_repr(self) -> str:
        return type(self.module).__name__


def check_variables(wanted: Mapping, actual: Mapping) -> None:
    """Compare paths and shapes.

    Raises:
        ValueError: if they differ, with what does.
    """
    missing = sorted({str(path[0]) for path in wanted} - {str(path[0]) for path in actual})
    if missing:
        raise ValueError(
            f"Flax's variables lack {', '.join(map(repr, missing))}; "
            f"there must be {sorted({str(path[0]) for path in wanted})}."
        )
    problems = [f"{_shown(p)} is missing" for p in wanted if p not in actual]
    problems += [f"{_shown(p)} is unknown" for p in actual if p not in wanted]
    problems += [
        f"{_shown(p)} must have shape {np.shape(wanted[p])}, but has {np.shape(actual[p])}"
        for p in wanted
        if p in actual and np.shape(wanted[p]) != np.shape(actual[p])
    ]
    if problems:
        raise ValueError(f"Flax's variables do not fit the module: {'; '.join(problems)}.")


def _shown(path: tuple) -> str:
    return "/".join(map(str, path))


def _streams(inputs: tuple, kwargs: dict) -> list:
    """The random streams of nnx among the arguments of a call, which move on when it draws from them."""
    if all(map(_is_array, inputs)) and not kwargs:
        return []
    return [v for v in jax.tree.leaves((inputs, kwargs), is_leaf=_is_stream) if _is_stream(v)]


def _is_stream(value) -> bool:
    return isinstance(value, (nnx.Rngs, nnx.RngStream))


def _is_array(value) -> bool:
    return isinstance(value, (Tensor, jax.Array, np.ndarray))
