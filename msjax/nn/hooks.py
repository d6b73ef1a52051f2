"""Hooks of a Cell: where they are registered and run."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack

from msjax.autodiff.hooks import HookHandle, call_with_hooks, check_hook, with_output_hooks
from msjax.autodiff.saved import saving
from msjax.core.effects import is_base
from msjax.core.watching import seen


class Hook:
    """A registered function and how it wants to be called."""

    __slots__ = ("always_call", "function", "with_kwargs")

    def __init__(self, function: Callable, with_kwargs: bool = False, always_call: bool = False):
        check_hook(function)
        self.function, self.with_kwargs, self.always_call = function, with_kwargs, always_call


@is_base
class Hooks:
    """The part of `Cell` that keeps hooks."""

    _hooks: dict[str, OrderedDict]

    def _register(self, kind: str, hook: Hook, prepend: bool = False) -> HookHandle:
        return HookHandle(self._hooks.setdefault(kind, OrderedDict()), hook, prepend)

    def register_forward_pre_hook(self, hook_fn, *, prepend=False, with_kwargs=False) -> HookHandle:
        """Call a function before `construct`.

        Args:
            hook_fn: called as hook_fn(cell, args), with `with_kwargs` as hook_fn(cell, args, kwargs). What it returns
                replaces the arguments: a tuple, one value, or with `with_kwargs` (args, kwargs); None changes nothing.
            prepend: whether it comes before the hooks that are there already.
            with_kwargs: whether it gets the keywords, too.

        Returns:
            A handle, whose `remove()` takes the hook away.

        Raises:
            TypeError: if `hook_fn` is not callable.
        """
        return self._register("forward_pre", Hook(hook_fn, with_kwargs), prepend)

    def register_forward_hook(self, hook_fn, *, prepend=False, with_kwargs=False, always_call=False) -> HookHandle:
        """Call a function after `construct`.

        Args:
            hook_fn: called as hook_fn(cell, args, output), with `with_kwargs` as hook_fn(cell, args, kwargs, output).
                What it returns replaces the output; None changes nothing.
            prepend: whether it comes before the hooks that are there already.
            with_kwargs: whether it gets the keywords, too.
            always_call: whether it also runs, with output None, when `construct` raises; what it raises itself becomes
                a warning then.

        Returns:
            A handle, whose `remove()` takes the hook away.

        Raises:
            TypeError: if `hook_fn` is not callable.
        """
        return self._register("forward", Hook(hook_fn, with_kwargs, always_call), prepend)

    def register_backward_pre_hook(self, hook_fn) -> HookHandle:
        """Call a function when the gradients of the outputs are known.

        Args:
            hook_fn: called as hook_fn(cell, grad_output), with a tuple. What it returns replaces it: a Tensor or a
                tuple; None changes nothing.

        Returns:
            A handle, whose `remove()` takes the hook away.

        Raises:
            TypeError: if `hook_fn` is not callable.
        """
        return self._register("backward_pre", Hook(hook_fn))

    def register_backward_hook(self, hook_fn) -> HookHandle:
        """Call a function when the gradients of the inputs are known.

        Args:
            hook_fn: called as hook_fn(cell, grad_input, grad_output), with two tuples. What it returns replaces
                grad_input: a Tensor or a tuple; None changes nothing. grad_input is `(None,)` if only weights are
                differentiated.

        Returns:
            A handle, whose `remove()` takes the hook away.

        Raises:
            TypeError: if `hook_fn` is not callable.
        """
        return self._register("backward", Hook(hook_fn))

    def register_saved_tensors_hooks(self, pack_hook, unpack_hook) -> HookHandle:
        """Let what this Cell saves for gradients go through two functions, as in `ms.saved_tensors_hooks`.

        Args:
            pack_hook: called with each Tensor that is saved; what it returns is kept instead.
            unpack_hook: called with that, and gives the Tensor back.

        Returns:
            A handle, whose `remove()` takes the hook away.

        Raises:
            TypeError: if one of them is not callable.
        """
        check_hook(unpack_hook)
        check_hook(pack_hook)
        return HookHandle(self._hooks.setdefault("saved", OrderedDict()), (pack_hook, unpack_hook))

    def _functions(self, kind: str) -> list[Callable]:
        return [seen(hook.function) for hook in self._hooks.get(kind, {}).values()]

    def _hooked(self, compute: Callable, args: tuple, kwargs: dict):
        """compute(args, kwargs), with the hooks on gradients of inputs and on what is saved for them."""
        with ExitStack() as contexts:
            for pack, unpack in self._hooks.get("saved", {}).values():
                contexts.enter_context(saving(pack, unpack))
            return self._with_gradients_hooked(compute, args, kwargs)

    def _with_gradients_hooked(self, compute: Callable, args: tuple, kwargs: dict):
        if not self._hooks.get("backward"):
            return compute(args, kwargs)
        return call_with_hooks(self, lambda: self._functions("backward"), compute, args, kwargs)

    def _before(self, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        for hook in list(self._hooks.get("forward_pre", {}).values()):
            if hook.with_kwargs:
                changed = seen(hook.function)(self, args, kwargs)
                if changed is not None:
                    if not (isinstance(changed, tuple) and len(changed) == 2):
                        raise RuntimeError("A forward pre hook with kwargs must return None or (args, kwargs).")
                    args, kwargs = changed
            else:
                changed = seen(hook.function)(self, args)
                if changed is not None:
                    args = changed if isinstance(changed, tuple) else (changed,)
        return args, kwargs

    def _after(self, args: tuple, kwargs: dict, output):
        for hook in list(self._hooks.get("forward", {}).values()):
            extra = (kwargs,) if hook.with_kwargs else ()
            changed = seen(hook.function)(self, args, *extra, output)
            output = output if changed is None else changed
        if self._hooks.get("backward_pre"):
            output = with_output_hooks(self, lambda: self._functions("backward_pre"), output)
        return output

    def _after_failure(self, args: tuple, kwargs: dict) -> None:
        for hook in list(self._hooks.get("forward", {}).values()):
            if not hook.always_call:
                continue
            try:
                seen(hook.function)(self, args, *((kwargs,) if hook.with_kwargs else ()), None)
            except Exception as error:
                warnings.warn(f"A forward hook with always_call=True failed as well: {error!r}", stacklevel=2)
