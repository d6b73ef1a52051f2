"""recompute: spare the memory of intermediate values, at the price of computing them twice; and no_grad."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from typing import Any

import jax

from msjax import log
from msjax.autodiff.engine import Evaluation
from msjax.autodiff.tree import refilled
from msjax.core import trace
from msjax.core.cells import is_cell
from msjax.core.demands import enforce
from msjax.core.effects import changes_nothing
from msjax.core.tensor import wrap
from msjax.core.trace import Kind


def recompute(
    block: Callable,
    *args,
    use_reentrant: bool = True,
    output_recompute: bool = False,
    early_stop: bool = True,
    context_fn: Any = None,
    **kwargs,
) -> Any:
    """`block(*args, **kwargs)`, whose intermediate values are not kept for the gradient but computed again.

    Args:
        block: a Cell; with `use_reentrant=False` any function.
        args, kwargs: its arguments.
        use_reentrant: whether `block` must be a Cell, as it must in MindSpore by default.
        output_recompute, early_stop: accepted; there is nothing to choose.
        context_fn: accepted with `use_reentrant=False`.

    Returns:
        What `block` gives.

    Raises:
        TypeError: if `block` is not a Cell with `use_reentrant=True`.
        ValueError: if `context_fn` is given with `use_reentrant=True`.

    Differs from MindSpore: derivatives of any order are right. A block that needs a Tensor's value to decide what to do
    is computed without being computed again. On CPU, XLA computes once what a compiled program would compute twice. See
    "Recomputed derivatives" in docs/differences.md.

    Example:
        >>> ms.grad(lambda x: ms.recompute(nn.Tanh(), x))(Tensor([0.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00])
    """
    check_options(use_reentrant, context_fn)
    if use_reentrant and not is_cell(block):
        raise TypeError("Recompute function now only support block which inherited from Cell when use_reentrant=True!")
    return computed_again(lambda: block(*args, **kwargs))


def recompute_block(block: Callable) -> Any:
    """The function of the same arguments as `block`, a Cell or function, which is computed again for gradients.

    Args:
        block: a Cell or function.

    Returns:
        A function.

    Example:
        >>> ms.grad(ops.recompute_block(nn.Tanh()))(Tensor([0.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00])
    """

    def recomputed(*args):
        return recompute(block, *args, use_reentrant=False)

    return recomputed


def check_options(use_reentrant: bool, context_fn: Any) -> None:
    """Raises:
    ValueError: if the options contradict each other."""
    if use_reentrant and context_fn is not None:
        raise ValueError("context_fn is only supported when use_reentrant=False.")


def computed_again(run: Callable) -> Any:
    """The result of `run()`, computed anew whenever a gradient needs what is inside."""
    if trace.top() is None or trace.stack().shadows:  # derivatives through integers do not come out of it
        return run()
    evaluation = Evaluation(run, kind=Kind.AGAIN)
    try:
        (results,) = evaluation.through(jax.checkpoint(lambda: evaluation([])))
    except trace.NEEDS_VALUE as reason:
        if trace.staged():
            raise
        # Recomputing spares memory and changes no value, so doing without it is no error.
        log.info(f"A block is not recomputed, because it needs a value: {str(reason).strip().splitlines()[0]}")
        return run()
    enforce(evaluation.frame)
    return refilled(evaluation.value, map(wrap, results))


@changes_nothing
class _no_grad:
    """A context, or decorator, inside which all that is computed is constant to gradients.

    Raises:
        RuntimeError: if a gradient is computed inside.

    Example:
        >>> def f(x):
        ...     with ms._no_grad():
        ...         y = x * x
        ...     return x * y
        >>> ms.grad(f)(Tensor([3.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 9.00000000e+00])
    """

    def __enter__(self):
        self._context = _constant()
        return self._context.__enter__()

    def __exit__(self, *error):
        return self._context.__exit__(*error)

    def __call__(self, fn):
        @wraps(fn)
        def constant(*args, **kwargs):
            with _no_grad():
                return fn(*args, **kwargs)

        return constant


@contextmanager
def _constant():
    frame = trace.top()
    begin = frame.mark() if frame is not None else 0
    trace.forbid_gradients(True)
    try:
        yield
    finally:
        trace.forbid_gradients(False)
        if frame is not None:
            frame.detach_since(begin)
