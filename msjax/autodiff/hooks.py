"""Hooks on gradients: of Tensors, of Cells, and as operators."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from msjax.autodiff.custom import in_dtype, traced, with_rule, zeros_for_unused
from msjax.autodiff.tree import refilled, tensors_in
from msjax.compile.origin import is_jitted
from msjax.core import context, trace
from msjax.core.effects import changes_its_object, has_effects
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, hold, raw, wrap
from msjax.core.trace import Tracer
from msjax.core.view import owner
from msjax.ops.call.shadows import derivative_of, with_derivative
from msjax.ops.table import publish
from msjax.ops.table.primitive import Primitive

_ids = itertools.count()


@has_effects
class HookHandle:
    """Removes a hook again: `handle.remove()`, as often as one likes."""

    def __init__(self, hooks: OrderedDict, hook, prepend: bool = False):
        self.hooks, self._key = hooks, next(_ids)
        hooks[self._key] = hook
        if prepend:
            hooks.move_to_end(self._key, last=False)

    def remove(self) -> None:
        self.hooks.pop(self._key, None)


def check_hook(hook: Any) -> None:
    """Raises:
    TypeError: if `hook` can not be called, or is itself under `ms.jit`."""
    if not callable(hook):
        raise TypeError(f"Expected a callable hook function, but got {type(hook).__name__}.")
    if is_jitted(hook):
        raise TypeError("A hook can not be decorated with @jit itself: what calls it is compiled as a whole.")


def watched(
    tensors: list[Tensor],
    hook: Callable,
    once: bool = False,
    late: bool = False,
    beside: list[Tensor] | None = None,
) -> list[Tensor]:
    """The same Tensors; `hook` gets the list of their gradients, None where there is none, and gives the new ones.

    With `beside`, it also gets whether any of these is differentiated.
    """
    if not traced(tensors):
        return tensors

    def rule(inputs, outputs, cotangents, *reached):
        return hook(cotangents, *reached)

    arrays = with_rule(tensors, tensors, rule, False, once, late, beside)
    return list(map(with_derivative, tensors, arrays))


def replacement(answer: Any, gradients: Any, what: str, expected: str, name: str) -> list:
    """What a hook returned, as the list of gradients to go on with.

    Raises:
        TypeError: if it is no Tensor, or not as many as there were.
        ValueError: if a shape or dtype is another one.
    """
    if answer is None:
        return list(gradients)
    answers = list(answer) if isinstance(answer, tuple) else [answer]
    if len(answers) != len(gradients):
        raise TypeError(
            f"The {what} return value size is {len(answers)} not equal to expect {expected} size {len(gradients)}"
        )
    for new, old in zip(answers, gradients, strict=True):
        if new is None:
            continue
        if not isinstance(new, Tensor):
            raise TypeError(f"The output type of function: {name} should be a tensor but got {type(new).__name__}.")
        if old is not None and (new.shape, new.dtype) != (old.shape, old.dtype):
            raise ValueError(
                f"The output type of function: {name} is not consistent with the expected, it should be a Tensor of "
                f"shape {old.shape} and {old.dtype}, but got {new.shape} and {new.dtype}."
            )
    return answers


# -- Tensors ---------------------------------------------------------------------------------------------------------


@changes_its_object
def register_hook(self: Tensor, hook: Callable) -> HookHandle:
    """Call `hook(gradient)` when this Tensor's gradient is known; a Tensor that it returns takes the gradient's place.

    The gradient is that of all uses of the Tensor, also of those before the hook was registered.

    Args:
        hook: a function of the gradient.

    Returns:
        A handle, whose `remove()` takes the hook away.

    Raises:
        TypeError: if `hook` is not callable.
        RuntimeError: if this is a Parameter without gradient, or, in a gradient, if the hook returns something else.
        ValueError: if this is a Parameter, inside of a compiled function.

    Differs from MindSpore: see "Hooks keep shapes" in docs/differences.md.

    Example:
        >>> x = Tensor([3.0])
        >>> handle = x.register_hook(lambda g: g * 10)
        >>> ms.grad(lambda x: x * x)(x)
        Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+01])
        >>> handle.remove()
    """
    check_hook(hook)
    tensor = owner(self)
    compiled = context.in_graph() if trace.top() else context.in_jit()
    if isinstance(tensor, Parameter) and compiled:
        raise ValueError("Register hook for Parameter inside graph is not supported: register it outside.")
    if isinstance(tensor, Parameter) and not tensor.requires_grad:
        raise RuntimeError("The tensor requires grad is false, which can not register tensor hook")
    here = compiled and tensor._frame is None  # for this call only, since the Tensor is from outside
    if tensor._hooks is not None and not here:
        return HookHandle(tensor._hooks, hook)
    handle = HookHandle(OrderedDict(), hook)
    if not here:
        tensor._hooks = handle.hooks
    # The gradient of uses before the hook counts for it too: `late` moves it to where the Tensor is made.
    late, array = tensor._used, raw(tensor)
    derived = derivative_of(tensor)
    if isinstance(derived, Tracer):
        derived = hooked(handle.hooks, derived, array.dtype, leaf=False, late=late)
        if tensor._shadow is None:
            hold(tensor, derived)
        else:
            tensor._shadow = derived
        if late:
            trace.note_late(wrap(derived))
    return handle


def hooks(self: Tensor) -> list:
    """The registered hooks.

    Returns:
        A list of functions, in the order of registration.
    """
    return list((owner(self)._hooks or {}).values())


publish("Tensor", register_hook=register_hook, hooks=hooks)


def hooked(registered: OrderedDict | None, array: Any, dtype: Any, leaf: bool = True, late: bool = False) -> Any:
    """`array`, which calls the hooks of its Tensor, of a dtype, with its gradient.

    Each derivative of higher order has a leaf of its own for the same Tensor, and calls the hooks there.

    Args:
        late: whether `array` was used already, and the gradient of those uses counts too.
    """
    if registered is None:
        return array

    def hook(gradients):
        return [None if g is None else called(registered, in_dtype(dtype, raw(g))) for g in gradients]

    (held,) = watched([wrap(array)], hook, leaf, late)
    return raw(held)


def called(hooks: OrderedDict, gradient: Tensor) -> Tensor:
    """The gradient after the hooks."""
    for hook in list(hooks.values()):
        answer = hook(gradient)
        if answer is not None and not isinstance(answer, Tensor):
            raise RuntimeError(f"Tensor hook should be return Tensor, but get type: {type(answer).__name__}.")
        gradient = gradient if answer is None else answer
    return gradient


# -- Cells -----------------------------------------------------------------------------------------------------------


def with_output_hooks(cell: Any, functions: Any, output: Any) -> Any:
    """`output`, whose gradients go through functions(cell, grad_output)."""
    tensors = tensors_in(output)

    def hook(gradients):
        for function in functions():
            answer = function(cell, tuple(gradients))
            gradients = replacement(answer, gradients, "backward pre hook", "output", "hook_backward_pre_grad")
        return gradients

    return refilled(output, iter(watched(tensors, hook)))


def call_with_hooks(cell: Any, functions: Any, compute: Callable, args: tuple, kwargs: dict) -> Any:
    """compute(args, kwargs), whose inputs' gradients go through functions(cell, grad_input, grad_output)."""
    tensors = tensors_in(args)
    grad_output: list = []  # raw arrays: the gradients are known at the outputs first

    def at_inputs(gradients):
        for function in functions():
            of_outputs = [None if g is None else wrap(g) for g in grad_output]
            answer = function(cell, tuple(gradients), tuple(of_outputs))
            gradients = replacement(answer, gradients, "backward hook", "grad input", "hook_backward_grad")
        return gradients

    def at_outputs(gradients, reached):
        grad_output[:] = map(raw, gradients)
        if not reached:  # no input is differentiated, only weights are
            at_inputs([None])
        return gradients

    value = compute(refilled(args, iter(watched(tensors, at_inputs))), kwargs)
    return refilled(value, iter(watched(tensors_in(value), at_outputs, beside=tensors)))


# -- operators -------------------------------------------------------------------------------------------------------


@has_effects
class HookBackward(Primitive):
    """The identity, whose gradients go through a hook.

    Args:
        hook_fn: gets the tuple of gradients and returns the new ones, or None to keep them.

    Raises:
        TypeError: if `hook_fn` is not callable, or an input is not a Tensor.

    Example:
        >>> double = ops.HookBackward(lambda gradients: gradients[0] * 2)
        >>> ms.grad(lambda x: double(x) * x)(Tensor([3.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 9.00000000e+00])
    """

    def __init__(self, hook_fn, cell_id: Any = ""):
        super().__init__()
        check_hook(hook_fn)
        self._hook = hook_fn

    def __call__(self, *inputs):
        for value in inputs:
            if not isinstance(value, Tensor):
                raise TypeError(
                    f"For 'HookBackward', the element of 'input' must be Tensor, but got {type(value).__name__}."
                )

        def hook(gradients):
            gradients = zeros_for_unused(gradients, inputs)
            return replacement(self._hook(tuple(gradients)), gradients, "hook", "input", "HookBackward")

        outputs = tuple(watched(list(inputs), hook))
        return outputs[0] if len(outputs) == 1 else outputs


@has_effects
class InsertGradientOf(Primitive):
    """The identity, whose gradient is `f` of the gradient.

    Args:
        f: a function from gradient to gradient.

    Example:
        >>> double = ops.InsertGradientOf(lambda gradient: gradient * 2)
        >>> ms.grad(lambda x: double(x) * x)(Tensor([3.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 9.00000000e+00])
    """

    def __init__(self, f):
        super().__init__()
        self._f = f

    def __call__(self, x: Tensor) -> Tensor:
        return watched([x], lambda gradients: [g if g is None else self._f(g) for g in gradients])[0]
