"""optax's transformations as optimizers of Cells, and MindSpore's optimizers as transformations of optax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from msjax.core.names import unknown_name
from msjax.core.parameter import Parameter
from msjax.core.tensor import raw, wrap
from msjax.interop.lbfgs import LBFGS
from msjax.interop.optax_optimizer import OptaxOptimizer
from msjax.nn.optim.optimizer import Optimizer, Params
from msjax.nn.pure import lend

__all__ = ["LBFGS", "OptaxOptimizer", "State", "optimizer", "transformation"]


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


__getattr__ = unknown_name(__name__)
