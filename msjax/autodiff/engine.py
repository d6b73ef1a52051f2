"""The one place where functions on handles meet `jax.vjp`.

The handles to differentiate are swapped for tracers while the function runs, so whoever holds one of them, whether as
an argument, in a closure or as `self.w`, sees the tracer: a Tensor passed twice or captured gets the sum of its uses.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp

from msjax.core.tensor import Tensor, raw, wrap
from msjax.core.trace import Frame
from msjax.core.view import owner


def tensors_in(value) -> list[Tensor]:
    """All Tensors in nested tuples, lists and dicts, in order."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, (tuple, list)):
        return [t for v in value for t in tensors_in(v)]
    if isinstance(value, dict):
        return [t for v in value.values() for t in tensors_in(v)]
    return []


class Leaves:
    """The distinct handles among those to differentiate; integers and handles that are held constant are left out."""

    def __init__(self, handles, constant=()):
        held = {id(owner(h)) for h in constant}
        distinct = {id(owner(h)): owner(h) for h in handles}
        self.handles = [h for key, h in distinct.items() if key not in held and _differentiable(raw(h))]
        self._place = {id(h): i for i, h in enumerate(self.handles)}

    def arrays(self) -> list:
        return [raw(h) for h in self.handles]

    def gradient(self, handle: Tensor, gradients: list) -> Tensor:
        """The gradient of one handle, zeros if it is not among the leaves."""
        place = self._place.get(id(owner(handle)))
        return wrap(jnp.zeros_like(raw(handle)) if place is None else gradients[place])


def _differentiable(array) -> bool:
    return jnp.issubdtype(array.dtype, jnp.inexact)


class Linearized:
    """`fn(*args, **kwargs)` evaluated, and its pullback to `leaves`.

    Args:
        select: of fn's result, what is differentiated; the whole by default.

    Attributes:
        value: what fn returned, the very object.
        outputs: the Tensors in what is differentiated.
    """

    def __init__(self, fn: Callable, args, kwargs, leaves: Leaves, select: Callable = lambda value: value):
        self.leaves = leaves
        frame = Frame(leaves.handles, records=True)
        escaping: list[Tensor] = []

        def pure(arrays):
            with frame.running(arrays):
                self.value = fn(*args, **kwargs)
                self.outputs = tensors_in(select(self.value))
                results = [raw(t) for t in self.outputs]
                escaping.extend(frame.escaping())
                return [r for r in results if _differentiable(r)], [h._array for h in escaping]

        self._results, self._pullback, values = jax.vjp(pure, leaves.arrays(), has_aux=True)
        frame.settle(escaping, values)
        self._read = frame.reads

    def reads(self, handle: Tensor) -> bool:
        """Whether the function used `handle`."""
        return id(handle) in self._read

    def pull(self, cotangents: list | None = None) -> list:
        """Gradients of the leaves, as raw arrays.

        Args:
            cotangents: one raw array for each output; None for ones.
        """
        if cotangents is None:
            wanted = [jnp.ones_like(r) for r in self._results]
        else:
            wanted = [c for c, t in zip(cotangents, self.outputs, strict=True) if _differentiable(raw(t))]
        # JAX's gradient of a complex argument is the conjugate of MindSpore's.
        (gradients,) = self._pullback([jnp.conj(w) for w in wanted])
        return [jnp.conj(g) for g in gradients]
