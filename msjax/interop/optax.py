"""optax's transformations as optimizers of Cells, and MindSpore's optimizers as transformations of optax."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from msjax.core import trace
from msjax.core.names import unknown_name
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.interop.keys import is_key, kind_of, typed, words_of
from msjax.nn.optim.optimizer import Optimizer, Params
from msjax.nn.pure import lend


class OptaxOptimizer(Optimizer):
    """An optimizer that moves its Parameters as a transformation of optax says; made by `optimizer`.

    Args:
        parameters: Parameters, or dicts with "params", as for `nn.Optimizer`.
        transformation: such as `optax.adamw(1e-3)`.

    Raises:
        TypeError: if `transformation` is none.

    Example:
        >>> import optax
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> isinstance(ms.interop.optax.optimizer([w], optax.sgd(0.5)), ms.interop.optax.OptaxOptimizer)
        True
    """

    def __init__(self, parameters: Params, transformation: optax.GradientTransformation):
        if not hasattr(transformation, "init") or not hasattr(transformation, "update"):
            raise TypeError(
                "For 'optimizer', 'transformation' must be an optax.GradientTransformation, "
                f"but got {type(transformation).__name__}."
            )
        super().__init__(1.0, parameters)
        self._update = optax.with_extra_args_support(transformation).update
        state = transformation.init(self._seen([trace.detach(raw(p)) for p in self._parameters]))
        leaves, self._tree = jax.tree_util.tree_flatten_with_path(state)
        self._keys = [kind_of(leaf) for _, leaf in leaves]
        self._held = [self._hold(_shown(path), leaf) for path, leaf in leaves]
        self._step = jax.jit(self._pure)

    def _hold(self, name: str, leaf) -> Parameter:
        array = words_of(leaf) if is_key(leaf) else jnp.asarray(leaf, jnp.result_type(leaf))
        parameter = Parameter(wrap(array), name=name, requires_grad=False)
        self.insert_param_to_cell(name, parameter, check_name_contain_dot=False)
        return parameter

    def _seen(self, arrays):
        """Arrays of the Parameters as the transformation sees them: by name."""
        return {p.name: array for p, array in zip(self._parameters, arrays, strict=True)}

    def _pure(self, parameters, gradients, held, extra):
        for name, gradient in gradients.items():
            if gradient.shape != parameters[name].shape:
                raise ValueError(
                    f"For 'OptaxOptimizer', the gradient of {name!r} must have shape {parameters[name].shape}, "
                    f"but got {gradient.shape}."
                )
        leaves = [h if kind is None else typed(h, kind) for h, kind in zip(held, self._keys, strict=True)]
        updates, state = self._update(gradients, jax.tree.unflatten(self._tree, leaves), parameters, **extra)
        after = [words_of(leaf) for leaf in jax.tree.leaves(state)]
        return optax.apply_updates(parameters, updates), after

    def construct(self, gradients: Sequence[Tensor] = (), **extra: Any) -> tuple[bool, ...]:
        """Update the Parameters.

        Args:
            gradients: a tuple or list of Tensors, one for each Parameter, in their order.
            extra: Tensors that the transformation wants beside, such as `value`.

        Returns:
            A tuple of True, one for each Parameter.

        Raises:
            RuntimeError: if there are more or fewer gradients.
            TypeError: if an extra argument is a function.
            ValueError: if one has another shape than its Parameter.
        """
        if len(gradients) != len(self._parameters):
            raise RuntimeError(
                f"For 'OptaxOptimizer', there must be {len(self._parameters)} gradients, but got {len(gradients)}."
            )
        for name, value in extra.items():
            if callable(value):
                raise TypeError(
                    f"For 'OptaxOptimizer', {name!r} must be a Tensor or a number, but got {type(value).__name__}. "
                    "For a transformation that evaluates the loss itself there is interop.optax.LBFGS."
                )
        arrays = [raw(p) for p in self._parameters]
        parameters, held = self._step(
            self._seen(arrays), self._seen(map(raw, gradients)), [raw(h) for h in self._held],
            {name: raw(value) for name, value in extra.items()},
        )  # fmt: skip
        for parameter in self._parameters:
            rebind(parameter, parameters[parameter.name])
        for handle, array in zip(self._held, held, strict=True):
            rebind(handle, array)
        rebind(self.global_step, raw(self.global_step) + np.int32(1))
        return (True,) * len(arrays)


def _shown(path: tuple) -> str:
    return f"optax.{jax.tree_util.keystr(path, simple=True, separator='.')}"


def optimizer(parameters: Params, transformation: optax.GradientTransformation) -> OptaxOptimizer:
    """An optimizer like MindSpore's that moves Parameters by a transformation of optax.

    Its state is in Parameters, so it is saved in checkpoints, and works within `ms.jit`. The learning rate is what the
    transformation says.

    Args:
        parameters: Parameters, `net.trainable_params()` for example.
        transformation: such as `optax.adamw(1e-3)`.

    Returns:
        The optimizer.

    Raises:
        TypeError: if `transformation` is none.

    Example:
        >>> import optax
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> sgd = ms.interop.optax.optimizer([w], optax.sgd(0.5))
        >>> sgd((Tensor([1.0]),))
        (True,)
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """
    return OptaxOptimizer(parameters, transformation)


class State(NamedTuple):
    """The state of an optimizer of MindSpore.

    Attributes:
        arrays: those of its Parameters.
    """

    arrays: list


def transformation(kind: Callable[..., Optimizer], **arguments: Any) -> optax.GradientTransformation:
    """An optimizer of MindSpore as a transformation of optax.

    Args:
        kind: the class, `nn.Adam` for example.
        arguments: those of the class, less the Parameters.

    Returns:
        A transformation whose `update` needs the parameters. They are named by their paths in the tree, as weight decay
        looks for "beta" and "gamma" in names.

    Raises:
        TypeError: if `kind` is no class of optimizers.
        ValueError: from `update`, if it is called without parameters, or gradients are another tree than these.

    Example:
        >>> import optax
        >>> adam = ms.interop.optax.transformation(nn.Adam, learning_rate=0.1)
        >>> params = {"w": np.ones(2, np.float32)}
        >>> updates, state = adam.update(params, adam.init(params), params)
        >>> optax.apply_updates(params, updates)["w"]
        Array([0.9, 0.9], dtype=float32)
    """

    if not callable(kind):
        raise TypeError(f"For 'transformation', 'kind' must be a class of optimizers, but got {kind!r}.")
    known: dict = {}

    def model(params) -> _Model:
        """The optimizer of parameters of this structure, which is made once."""
        leaves, tree = jax.tree_util.tree_flatten_with_path(params)
        key = tree, tuple((jnp.shape(a), jnp.result_type(a)) for _, a in leaves)
        if key not in known:
            with jax.ensure_compile_time_eval():
                known[key] = _Model(kind, arguments, leaves)
        return known[key]

    def init(params) -> State:
        return model(params).begin()

    def update(gradients, state, params=None):
        if params is None:
            raise ValueError(f"{kind.__name__} moves parameters by their values: give 'params' to 'update'.")
        leaves, tree = jax.tree.flatten(params)
        if jax.tree.structure(gradients) != tree:
            raise ValueError(
                f"For {kind.__name__}, gradients and parameters must be trees of one structure, but got "
                f"{jax.tree.structure(gradients)} and {tree}."
            )
        updates, state = model(params).step(jax.tree.leaves(gradients), state, leaves)
        return jax.tree.unflatten(tree, updates), state

    return optax.GradientTransformation(init, update)  # type: ignore[arg-type]


class _Model:
    """An optimizer of MindSpore whose handles the arrays of optax pass through."""

    def __init__(self, kind, arguments: dict, leaves: list):
        self.moved = [
            Parameter(wrap(jnp.zeros(jnp.shape(a), jnp.result_type(a))), name=_named(path)) for path, a in leaves
        ]
        self.optimizer = kind(self.moved, **arguments)
        own = {id(p) for p in self.moved}
        self.held = [p for p in self.optimizer.get_parameters() if id(p) not in own]

    def begin(self) -> State:
        """The state before the first step, which depends on the optimizer's arguments, not on parameters' values."""
        return State([raw(p) for p in self.held])

    def step(self, gradients: list, state: State, arrays: list) -> tuple[list, State]:
        """What to add to the parameters, and the new state."""
        wrapped = tuple(wrap(jnp.asarray(g)) for g in gradients)
        before = [*map(jnp.asarray, arrays), *state.arrays]
        _, after = lend([*self.moved, *self.held], before, lambda: self.optimizer(wrapped))
        n = len(self.moved)
        return [now - old for now, old in zip(after[:n], before[:n], strict=True)], State(after[n:])


def _named(path: tuple) -> str:
    return jax.tree_util.keystr(path, simple=True, separator=".") or "parameter"


def _first(name: str):
    if name == "LBFGS":  # which is made of what is above
        return importlib.import_module("msjax.interop.lbfgs").LBFGS
    raise AttributeError(name=name)


__getattr__ = unknown_name(__name__, _first)
