"""_Function: an operator with forward and backward written as static methods."""

from __future__ import annotations

import inspect

import jax

from msjax.autodiff.custom import traced, with_rule, zeros_for_unused
from msjax.autodiff.tree import refilled, tensors_in
from msjax.core import trace, watching
from msjax.core.tensor import Tensor, raw, wrap
from msjax.ops.call.shadows import derivative_of, with_derivative


class FunctionCtx:
    """What `forward` leaves for `backward`; any attribute can be set too.

    Attributes:
        needs_input_grad: for each input, whether it is a Tensor that is being differentiated.
    """

    def __init__(self, inputs: tuple):
        derived = (derivative_of(i) if isinstance(i, Tensor) else i for i in inputs)
        self._needed = tuple(isinstance(d, trace.Tracer) for d in derived)
        self._saved: list = []
        self._constant: list = []
        self._materialize = True

    @property
    def needs_input_grad(self) -> tuple:
        watching.refuse("it asks which inputs are differentiated")  # all are traced when it is compiled
        return self._needed

    def save_for_backward(self, *tensors) -> None:
        """Keep Tensors, as they are now, for `saved_tensors`."""
        self._saved = [_Kept(t) for t in tensors]

    @property
    def saved_tensors(self) -> tuple:
        """The kept Tensors: the same objects, unless they have changed since."""
        return tuple(saved.value() for saved in self._saved)

    def mark_non_differentiable(self, *tensors) -> None:
        """No gradient flows through these outputs."""
        self._constant = list(tensors)

    def mark_dirty(self, *tensors) -> None:
        """Note that `forward` writes into these inputs."""

    def set_materialize_grads(self, value: bool) -> None:
        """Whether `backward` gets zeros (or, with False, None) for outputs that were not used."""
        self._materialize = value

    def _connect(self, outputs: list[Tensor], arrays: list) -> None:
        """Kept outputs take part in higher derivatives by the custom rule, not by how they were computed."""
        for saved in self._saved:
            for output, array in zip(outputs, arrays, strict=True):
                if saved.original is output:
                    saved.copy, saved.version = with_derivative(output, array), None


class _Kept:
    """A Tensor, or anything else, as it was when it was kept."""

    def __init__(self, original):
        self.original, self.copy, self.version = original, original, None
        if isinstance(original, Tensor):
            self.copy, self.version = original.copy(), original._version
        elif isinstance(original, jax.Array):
            self.copy = wrap(original)

    def value(self):
        if isinstance(self.original, jax.Array):
            return raw(self.copy)
        same = self.version is not None and self.original._version == self.version
        return self.original if same else self.copy


class _Function:
    """Base of operators with a backward of their own.

    A subclass has the static methods `forward(ctx, *inputs)` and `backward(ctx, *cotangents)`, the latter returning a
    gradient (or None) for each input, and is called as `Square.apply(x)`. With a static
    `setup_context(ctx, inputs, output)`, `forward` takes no ctx and the call may use keywords.

    Differs from MindSpore: it can be compiled, mapped and differentiated in forward mode; lists of outputs count. See
    "Custom functions everywhere" in docs/differences.md.

    Example:
        >>> class Square(ms._Function):
        ...     @staticmethod
        ...     def forward(ctx, x):
        ...         ctx.save_for_backward(x)
        ...         return x * x
        ...     @staticmethod
        ...     def backward(ctx, dout):
        ...         return 2 * ctx.saved_tensors[0] * dout
        >>> ms.grad(Square.apply)(Tensor([3.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+00])
    """

    _rules = ("forward", "backward", "setup_context")  # what `apply` calls

    @staticmethod
    def forward(ctx, *args, **kwargs):
        """The value; to be defined by a subclass."""
        raise NotImplementedError("forward function should be customized.")

    @staticmethod
    def backward(ctx, *grad_outputs):
        """The gradients of the inputs; to be defined by a subclass."""
        raise NotImplementedError("backward function should be customized.")

    @classmethod
    def apply(cls, *args, **kwargs):
        """Compute.

        Raises:
            TypeError: if keywords are given without `setup_context`.
            RuntimeError: when differentiated, if `backward` returns something impossible.
        """
        setup = getattr(cls, "setup_context", None)
        if setup is not None:
            bound = inspect.signature(cls.forward).bind(*args, **kwargs)
            bound.apply_defaults()
            args = bound.args
        elif kwargs:
            raise TypeError("apply() takes no keyword arguments")
        ctx = FunctionCtx(args)
        watching.made(ctx)
        forward = watching.seen(cls.forward)
        if setup is None:
            value = forward(ctx, *args)
        else:
            value = forward(*args)
            watching.seen(setup)(ctx, args, value)
        # Nothing is differentiated or compiled here, so no rule has to be attached.
        plain = trace.top() is None and not traced(filter(_is_input, args))
        return value if plain else _attached(cls, ctx, args, value)


def _is_input(value) -> bool:
    return isinstance(value, (Tensor, jax.Array))


def _attached(cls, ctx: FunctionCtx, args: tuple, value):
    inputs = [a if isinstance(a, Tensor) else wrap(a) for a in args if _is_input(a)]
    tensors = tensors_in(value)
    constant = {id(t) for t in ctx._constant}

    def rule(_, outputs, cotangents):
        cotangents = [None if id(t) in constant else c for t, c in zip(tensors, cotangents, strict=True)]
        filled = zeros_for_unused(cotangents, outputs) if ctx._materialize else cotangents
        answer = watching.seen(cls.backward)(ctx, *_flat(refilled(value, iter(filled))))
        return _gradients(answer, args)

    arrays = with_rule(inputs, tensors, rule)
    ctx._connect(tensors, arrays)
    return refilled(value, map(with_derivative, tensors, arrays))


def _flat(value) -> list:
    return list(value) if isinstance(value, (tuple, list)) else [value]


def _gradients(answer, args: tuple) -> list:
    """A gradient or None for each Tensor among the inputs; those beyond are for defaults of `forward`."""
    gradients = answer if isinstance(answer, tuple) else (answer,)
    if len(gradients) < len(args):
        raise RuntimeError(
            f"Function backward return a wrong number of gradients, expect: {len(args)}but: {len(gradients)}"
        )
    of_tensors = []
    for argument, gradient in zip(args, gradients, strict=False):
        if _is_input(argument):
            if gradient is not None and not _is_input(gradient):
                raise RuntimeError(f"Gradient should be none or tensor, but got {type(gradient).__name__}.")
            of_tensors.append(wrap(gradient) if isinstance(gradient, jax.Array) else gradient)
        elif gradient is not None:
            raise RuntimeError("Input is not tensor, but gradient is not none")
    return of_tensors
