"""Hooks of a Cell: where they are registered, and the forward ones being run."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable

_ids = itertools.count()
KINDS = ("forward_pre", "forward", "backward_pre", "backward")


class HookHandle:
    """Removes a hook again: `handle.remove()`, as often as one likes."""

    def __init__(self, hooks: OrderedDict, key: int):
        self._hooks, self._key = hooks, key

    def remove(self) -> None:
        self._hooks.pop(self._key, None)


class Hook:
    """A registered function and how it wants to be called."""

    __slots__ = ("always_call", "function", "with_kwargs")

    def __init__(self, function: Callable, with_kwargs: bool = False, always_call: bool = False):
        if not callable(function):
            raise TypeError(f"Expected a callable hook function, but got {type(function).__name__}.")
        self.function, self.with_kwargs, self.always_call = function, with_kwargs, always_call


class Hooks:
    """The part of `Cell` that keeps hooks."""

    _hooks: dict[str, OrderedDict]

    def _register(self, kind: str, hook: Hook, prepend: bool = False) -> HookHandle:
        hooks = self._hooks.setdefault(kind, OrderedDict())
        key = next(_ids)
        hooks[key] = hook
        if prepend:
            hooks.move_to_end(key, last=False)
        return HookHandle(hooks, key)

    def register_forward_pre_hook(self, hook_fn, *, prepend=False, with_kwargs=False) -> HookHandle:
        """Call `hook_fn(cell, args)`, with `with_kwargs` also the keywords, before `construct`.

        What it returns replaces the arguments: a tuple, one value, or with `with_kwargs` (args, kwargs); None keeps them.

        Raises:
            TypeError: if `hook_fn` is not callable.
        """
        return self._register("forward_pre", Hook(hook_fn, with_kwargs), prepend)

    def register_forward_hook(self, hook_fn, *, prepend=False, with_kwargs=False, always_call=False) -> HookHandle:
        """Call `hook_fn(cell, args, output)`, with `with_kwargs` (cell, args, kwargs, output), after `construct`.

        What it returns replaces the output, unless None. With `always_call` it also runs, with output None, when
        `construct` raises.

        Raises:
            TypeError: if `hook_fn` is not callable.
        """
        return self._register("forward", Hook(hook_fn, with_kwargs, always_call), prepend)

    def _before(self, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        for hook in list(self._hooks.get("forward_pre", {}).values()):
            if hook.with_kwargs:
                changed = hook.function(self, args, kwargs)
                if changed is not None:
                    if not (isinstance(changed, tuple) and len(changed) == 2):
                        raise RuntimeError("A forward pre hook with kwargs must return None or (args, kwargs).")
                    args, kwargs = changed
            else:
                changed = hook.function(self, args)
                if changed is not None:
                    args = changed if isinstance(changed, tuple) else (changed,)
        return args, kwargs

    def _after(self, args: tuple, kwargs: dict, output):
        for hook in list(self._hooks.get("forward", {}).values()):
            extra = (kwargs,) if hook.with_kwargs else ()
            changed = hook.function(self, args, *extra, output)
            output = output if changed is None else changed
        return output

    def _after_failure(self, args: tuple, kwargs: dict) -> None:
        for hook in list(self._hooks.get("forward", {}).values()):
            if hook.always_call:
                hook.function(self, args, *((kwargs,) if hook.with_kwargs else ()), None)
