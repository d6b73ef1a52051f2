"""Hooks on what a gradient keeps: each value that an operator saves for its pullback is packed, and unpacked again.

While such hooks are active, an operator on differentiated values runs as a function with a pullback of its own. What
`jax.vjp` keeps of it is what is packed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps

import jax
import jax.numpy as jnp

from msjax.autodiff.tree import differentiable
from msjax.core import trace
from msjax.core.effects import has_effects
from msjax.core.tensor import Tensor, raw, wrap
from msjax.core.trace import Tracer


@has_effects
class saved_tensors_hooks:
    """A context in which what is saved for gradients goes through two functions.

    Args:
        pack_hook: gets each Tensor that is saved and returns any object that is kept in its stead.
        unpack_hook: gets that object when the gradient is computed and returns the Tensor.

    Raises:
        RuntimeError: in a gradient, if `unpack_hook` does not return a Tensor.

    Differs from MindSpore: see "Saved tensors" in docs/differences.md.

    Example:
        >>> def f(x):
        ...     with ms.saved_tensors_hooks(lambda t: t.asnumpy(), lambda array: Tensor(array)):
        ...         return ops.exp(x)
        >>> ms.grad(f)(Tensor([0.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00])
    """

    def __init__(self, pack_hook: Callable, unpack_hook: Callable):
        self._hooks = pack_hook, unpack_hook

    def __enter__(self):
        self._context = saving(*self._hooks)
        return self._context.__enter__()

    def __exit__(self, *error):
        return self._context.__exit__(*error)


@has_effects
def register_saved_tensors_hooks(pack_hook: Callable, unpack_hook: Callable) -> Callable:
    """Decorate a function with `saved_tensors_hooks`; compiled, the hooks are part of the program.

    Args:
        pack_hook: gets each Tensor that is kept for the gradient; what it gives is kept instead.
        unpack_hook: gets that when the gradient is computed, and gives the Tensor back.

    Returns:
        A decorator.

    Example:
        >>> @ms.register_saved_tensors_hooks(lambda t: t * 2, lambda t: t)
        ... def f(x):
        ...     return ops.exp(x)
        >>> ms.grad(f)(Tensor([0.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 2.00000000e+00])
    """

    def decorated(fn):
        @wraps(fn)
        def hooked(*args, **kwargs):
            with saving(pack_hook, unpack_hook):
                return fn(*args, **kwargs)

        return hooked

    return decorated


def saving(pack: Callable, unpack: Callable) -> AbstractContextManager[None]:
    """Let the operators that run inside save through these hooks."""
    return _running_by(lambda function, arguments: _saved(function, arguments, pack, unpack))


@contextmanager
def _running_by(saver: Callable | None) -> Iterator[None]:
    stack = trace.stack()
    before, stack.saver = stack.saver, saver
    try:
        yield
    finally:
        stack.saver = before


def _saved(function: Callable, arguments: list, pack: Callable, unpack: Callable):
    """`function(*arguments)`, whose pullback finds what it needs through the hooks."""
    # Only what is differentiated goes by the hooks: the rest is part of the function.
    leaves, tree = jax.tree.flatten(arguments)
    places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, Tracer) and differentiable(leaf)]
    if not places:
        return function(*arguments)

    def run(arrays, others):
        filled = list(others)
        for index, array in zip(places, arrays, strict=True):
            filled[index] = array
        return function(*jax.tree.unflatten(tree, filled))

    others = [None if i in places else leaf for i, leaf in enumerate(leaves)]
    call = jax.custom_vjp(lambda arrays: run(arrays, others))

    def forward(arrays):
        results, pullback = jax.vjp(lambda arrays: run(arrays, others), arrays)
        parts, form = jax.tree.flatten(pullback)
        with _running_by(None):  # hooks see their own computations saved as ever
            packed = [pack(wrap(k)) for k in parts]
        # What is no Tensor, JAX need not know of.
        held = [None if isinstance(p, Tensor) else p for p in packed]
        return results, ([raw(p) for p in packed if isinstance(p, Tensor)], _Form(form, held))

    def backward(residuals, cotangents):
        arrays, form = residuals
        tensors = iter(arrays)
        with _running_by(None):
            parts = [_unpacked(unpack, wrap(next(tensors)) if p is None else p) for p in form.held]
        return jax.tree.unflatten(form.tree, parts)(cotangents)

    call.defvjp(forward, backward)
    return call([leaves[i] for i in places])


@jax.tree_util.register_static
class _Form:
    """The structure of a pullback, and what was packed into something that is no Tensor."""

    def __init__(self, tree, held: list):
        self.tree, self.held = tree, held


def _unpacked(unpack: Callable, packed):
    tensor = unpack(packed)
    if not isinstance(tensor, Tensor):
        raise RuntimeError(f"The unpack hook must return a Tensor, but returned {type(tensor).__name__}.")
    return jnp.asarray(raw(tensor))
