"""A transformation of optax as an optimizer of Parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from msjax.core import trace
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.interop.keys import is_key, kind_of, typed, words_of
from msjax.nn.optim.optimizer import Optimizer, Params


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
