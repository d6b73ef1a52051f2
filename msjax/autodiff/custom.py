"""Custom rules: functions whose pullback is written by the user."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jax.custom_derivatives import SymbolicZero

from msjax.autodiff.tree import differentiable, refilled, tensors_in
from msjax.core import dtype as mstype
from msjax.core import trace, watching
from msjax.core.frames import Frame, LostValue
from msjax.core.tensor import Tensor, hold, raw, share, wrap
from msjax.core.trace import Kind, Tracer
from msjax.core.view import owner
from msjax.ops.call.shadows import as_integers, derivative_of, floats, with_derivative

MARKER = "late_hook"  # the name of rules that count for uses before them too, see `late`


def with_rule(
    inputs: list[Tensor],
    outputs: list[Tensor],
    rule: Callable,
    discover: bool = True,
    once: bool = False,
    late: bool = False,
    beside: Sequence[Tensor] | None = None,
) -> list:
    """The arrays of `outputs`, with `rule` as their pullback to `inputs`, at every order of differentiation.

    Whatever else the outputs depend on, or how they were computed, has no influence on gradients. Where derivatives
    come through integers, the arrays are floats, and `shadows.with_derivative` makes handles of them.

    Args:
        rule: (inputs, outputs, cotangents) -> gradients, all lists of Tensors; a cotangent is None where an output was
            not used, a gradient is None for zeros.
        discover: whether handles that the rule reads become inputs of a compiled or batched function, where they have
            no value when the rule runs.
        once: whether only the innermost derivative goes by the rule, where the outputs are the inputs: for those
            around it this is the plain identity.
        late: whether it counts for uses before it too, see `late`.
        beside: Tensors to which the rule has no pullback; it gets as a fourth argument whether one of them is
            differentiated, which of a compiled function is known only when JAX differentiates it.
    """
    if not traced(inputs):
        return [lax.stop_gradient(raw(o)) for o in outputs]
    through = any(i._shadow is not None for i in inputs)
    # How the outputs were computed is of no matter: the rule alone says what their derivative is.
    results = [lax.stop_gradient(floats(o) if through else raw(o)) for o in outputs]
    trace.note_rule()
    home = _without_values()
    # Where values are known, the frames put them into handles when they end.
    known = home is None and trace.top() is not None and not trace.staged()
    # A rule runs when the trace is long over. What it reads from outside has no value by itself then, so it becomes an
    # argument of the identity, and is put into its handles again for the time of the rule.
    states = _reads(rule, inputs, outputs) if discover and not known else []

    of_inputs, kinds = ([raw(t).dtype for t in tensors] for tensors in (inputs, outputs))

    @jax.custom_vjp
    def identity(inputs, results, states, beside):
        return results

    def forward(*arguments):
        reached = _Reached(any(a.perturbed for a in arguments[3]))
        inputs, results, states, beside = jax.tree.map(
            lambda a: a.value, arguments, is_leaf=lambda a: hasattr(a, "perturbed")
        )
        # Through `identity` again, so that a derivative of this one goes by the rule too.
        results = inputs if once else identity(inputs, results, states, beside)
        return results, (inputs, results, states, reached)

    def backward(residuals, cotangents):
        inputs, results, values, reached = residuals
        also = () if beside is None else (reached.any,)
        # JAX calls this in whatever transform pulls back, which need not be the one in which the function ran.
        with _tracked(home), _holding(states, values):
            pairs = zip(kinds, cotangents, strict=True)
            tensors = [None if _is_zero(c) else in_dtype(kind, jnp.conj(c)) for kind, c in pairs]
            given = list(map(in_dtype, of_inputs, inputs)), list(map(in_dtype, kinds, results)), tensors
            gradients = rule(*given, *also)
            arrays = [_cotangent(g, i) for g, i in zip(gradients, inputs, strict=True)]
        return arrays, [None] * len(results), [None] * len(values), [None] * len(beside or ())

    if late:
        backward.__name__ = MARKER
    identity.defvjp(forward, backward, symbolic_zeros=True)
    arrays, others = ([raw(t) if t._shadow is None else t._shadow for t in ts] for ts in (inputs, beside or ()))
    return identity(arrays, results, [raw(s) for s in states], others)


@jax.tree_util.register_static
@dataclass(frozen=True)
class _Reached:
    """Whether any of the Tensors beside a rule's inputs is differentiated."""

    any: bool


def _without_values() -> Frame | None:
    """The innermost frame in which no values are known: one that batches, or any where operators are recorded."""
    if trace.staged():
        return trace.top()
    return next((frame for frame in reversed(trace.stack().frames) if frame.kind is Kind.BATCH), None)


def in_dtype(dtype: Any, array: Any) -> Tensor:
    """A Tensor of a dtype: of integers, if `array` has floats in their stead."""
    return wrap(array) if array.dtype == dtype else as_integers(array, dtype)


def traced(tensors: Iterable[Tensor]) -> bool:
    """Whether a transform, ours or JAX's own, runs on one of these."""
    return any(isinstance(raw(t), Tracer) or isinstance(getattr(t, "_shadow", None), Tracer) for t in tensors)


def _is_zero(cotangent) -> bool:
    return isinstance(cotangent, SymbolicZero) or cotangent.dtype == jax.dtypes.float0


def _cotangent(gradient: Tensor | None, array):
    """A gradient as JAX wants it."""
    if gradient is None or not differentiable(array):
        return None
    derived = derivative_of(gradient)
    derived = raw(gradient) if derived is None else derived
    if derived.shape != array.shape:
        derived = _summed_down(derived, array.shape)
    return jnp.conj(derived.astype(array.dtype))


def _summed_down(array, shape):
    """Undo a broadcast from `shape`.

    Raises:
        RuntimeError: if there was none.
    """
    try:
        fits = jnp.broadcast_shapes(array.shape, shape) == array.shape
    except ValueError:
        fits = False
    if not fits:
        raise RuntimeError(
            f"The grad tensor should be broadcast to expected shape {shape}, but its shape is {array.shape}."
        )
    extra = array.ndim - len(shape)
    axes = (*range(extra), *(extra + i for i, n in enumerate(shape) if n == 1))
    return array.sum(axes, dtype=array.dtype).reshape(shape)


@contextmanager
def _tracked(home: Frame | None):
    """Let no handle that is made here keep a tracer, if the transform that ran the function, in `home`, is over."""
    if trace.top() is not None and (home is None or home.is_running()):
        yield
        return
    frame = Frame()
    with frame.running([]):
        yield
    frame.abandon()


@contextmanager
def _holding(handles, arrays):
    """Let `handles` hold `arrays` for a while."""
    before = [h._array for h in handles]
    for handle, array in zip(handles, arrays, strict=True):
        hold(handle, array)
    try:
        yield
    finally:
        for handle, array in zip(handles, before, strict=True):
            hold(handle, array)


def _reads(rule, inputs, outputs) -> list[Tensor]:
    """The handles from outside that `rule` reads."""
    frame = Frame(records=True)

    def body(inputs, outputs):
        with frame.running([]):
            rule([wrap(i) for i in inputs], [wrap(o) for o in outputs], [wrap(o) for o in outputs])
        frame.abandon()

    # Nothing is computed: it is only seen which handles are read.
    jax.eval_shape(body, [raw(i) for i in inputs], [raw(o) for o in outputs])
    if any(not isinstance(h._array, LostValue) for h in frame.undo()):  # as the state of random numbers
        watching.refuse("the rule of a gradient changes a Tensor from outside")
    return list({id(owner(h)): owner(h) for h in frame.reads.values()}.values())


def zeros_for_unused(cotangents: Sequence, outputs: Sequence) -> list[Tensor]:
    return [wrap(jnp.zeros_like(raw(o))) if c is None else c for c, o in zip(cotangents, outputs, strict=True)]


def call_with_bprop(
    function: Callable, bprop: Callable, args: tuple, kwargs: dict, weights: Any = (), wanted: bool = False
) -> Any:
    """`function(*args, **kwargs)`, differentiated by `bprop(*inputs, out, dout)`.

    `bprop` gets every input in its position, what the function returned and the cotangents, nested alike, and returns a
    tuple of gradients, one for each input: None for none, nested as the input for a tuple. With `weights` it may return
    (gradients, dict from weight to gradient).

    Args:
        wanted: whether an output that is an input is to be another object also where nothing is differentiated.

    Raises:
        RuntimeError: if gradients are missing or have impossible shapes.
        TypeError: if `bprop` returns nothing.
    """
    value = function(*args, **kwargs)
    # No derivative can be asked for: the value is all there is.
    if trace.top() is None and not traced([*tensors_in((args, kwargs)), *weights]):
        return refilled(value, iter(_apart(tensors_in(value), tensors_in((args, kwargs))))) if wanted else value
    positional = _positional(function, args, kwargs)
    tensors, weights = tensors_in(positional), list(weights)

    def rule(inputs, outputs, cotangents):
        out = refilled(value, iter(outputs))
        dout = refilled(value, iter(zeros_for_unused(cotangents, outputs)))
        answer = bprop(*refilled(positional, iter(inputs)), out, dout)
        of_inputs, of_weights = _answer(answer, positional)
        return [*of_inputs, *(_of_weight(of_weights, w) for w in weights)]

    outputs = tensors_in(value)
    return refilled(value, map(with_derivative, outputs, with_rule([*tensors, *weights], outputs, rule)))


def _apart(outputs: list[Tensor], inputs: list[Tensor]) -> list[Tensor]:
    """The outputs, with new handles in place of inputs."""
    held = set(map(id, inputs))
    return [share(o) if id(o) in held else o for o in outputs]


def _positional(function, args, kwargs) -> tuple:
    bound = inspect.signature(function).bind(*args, **kwargs)
    bound.apply_defaults()
    return bound.args


def _answer(answer, inputs: tuple):
    """What a bprop returned as (a gradient or None for each Tensor among the inputs, gradients of weights)."""
    of_weights: dict = {}
    if answer is None:
        raise TypeError(
            "The python function output is none: bprop must return a tuple of gradients, one for each input."
        )
    if (
        isinstance(answer, tuple)
        and len(answer) == 2
        and isinstance(answer[1], dict)
        and not isinstance(inputs[-1], dict)
    ):
        answer, of_weights = answer
    gradients = list(answer) if isinstance(answer, (tuple, list)) else [answer]
    if len(gradients) < len(inputs):
        raise RuntimeError(
            f"bprop must give a gradient for each forward input, of which there are {len(inputs)}, "
            f"but gave {len(gradients)}."
        )
    return [g for g, v in zip(gradients, inputs, strict=False) for g in _matched(g, v)], of_weights


def _matched(gradient, value) -> list:
    """For each Tensor in an input, its part of the gradient."""
    if isinstance(value, (Tensor, jax.Array)):
        if gradient is not None and not isinstance(gradient, Tensor):
            gradient = Tensor(gradient, dtype=mstype.of(raw(value)))
        return [gradient]
    if not isinstance(value, (tuple, list, dict)):
        return []
    if gradient is None:
        return [None] * len(tensors_in(value))
    parts = gradient.values() if isinstance(gradient, dict) else gradient
    values = value.values() if isinstance(value, dict) else value
    return [t for g, v in zip(parts, values, strict=True) for t in _matched(g, v)]


def _of_weight(gradients: dict, weight):
    return next((g for w, g in gradients.items() if w is weight), None)


class custom_vjp:
    """Decorate a function whose pullback is defined with `defbwd`.

    Example:
        >>> @custom_vjp
        ... def clip(x):
        ...     return ops.clamp(x, 0, 1)
        >>> clip.defbwd(lambda x, out, dout: (dout,))
        >>> ms.grad(clip)(Tensor([3.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 1.00000000e+00])
    """

    def __init__(self, fn: Callable):
        self.fn, self.bwd = fn, None
        self.__name__ = getattr(fn, "__name__", type(fn).__name__)

    def defbwd(self, bwd: Callable) -> None:
        """Let `bwd(*inputs, out, dout)` give a tuple of gradients, one for each input."""
        self.bwd = bwd

    def __call__(self, *args, **kwargs):
        if self.bwd is None:
            return watching.seen(self.fn)(*args, **kwargs)
        return call_with_bprop(watching.seen(self.fn), watching.seen(self.bwd), args, kwargs)
