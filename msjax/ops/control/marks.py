"""What means something to MindSpore's compiler alone: constexpr, flags, Depend; and partial, identity."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from msjax.core import watching
from msjax.core.effects import keeps_functions
from msjax.ops.table import publish
from msjax.ops.table.primitive import Primitive, prim_attr_register


@keeps_functions
class Partial(Primitive):
    """`functools.partial` as a primitive; `ops.partial` is one.

    Example:
        >>> ops.partial(max, 3)(2)
        3
    """

    def __call__(self, func: Callable, *args, **kwargs):
        if not callable(func):
            raise TypeError(f"For 'Partial', the first argument must be a function, but got {func!r}.")
        return functools.partial(func, *args, **kwargs)


@keeps_functions
class Depend(Primitive):
    """The value, once `expr` has been computed; operators run in the order of the program anyway.

    Example:
        >>> ops.Depend()(1, ops.print_("before"))
        before
        1
    """

    def __call__(self, value, expr):
        return value


@keeps_functions
class _Constexpr(Primitive):
    def __init__(self, fn: Callable, name: str | None):
        super().__init__(name or fn.__name__)
        functools.update_wrapper(self, fn, updated=())
        self.fn = fn

    @property
    def attrs(self) -> dict:
        return {"constexpr_prim": True}

    def __call__(self, *args, **kwargs):
        return watching.seen(self.fn)(*args, **kwargs)


def constexpr(fn=None, get_instance=True, name=None, reuse_result=True, check=True) -> Any:
    """Decorate a function of Python values that a compiled function calls; such functions need no mark here.

    Args:
        fn: the function.
        get_instance: with False, the result must be called once, without arguments, to get the function.
        name: shown by repr instead of the function's name.
        reuse_result, check: accepted for compatibility.

    Returns:
        The function; or a decorator, without `fn`.

    Example:
        >>> @ms.constexpr
        ... def double(x):
        ...     return 2 * x
        >>> double(3)
        6
    """

    def decorate(function):
        return _Constexpr(function, name) if get_instance else functools.partial(_Constexpr, function, name)

    return decorate if fn is None else decorate(fn)


def add_flags(fn=None, **flags) -> Any:
    """Decorate a function with flags for MindSpore's compiler, kept in `_func_graph_flags`."""

    def decorate(function):
        function._func_graph_flags = {**getattr(function, "_func_graph_flags", {}), **flags}
        return function

    return decorate if fn is None else decorate(fn)


def core(fn=None, **flags) -> Any:
    """The same with the flag "core"."""
    return add_flags(fn, core=True, **flags)


@keeps_functions
class Reusing(Primitive):
    """Gives a function back, which MindSpore's compiler should compile once.

    Example:
        >>> ops.Reusing()(ops.exp) is ops.exp
        True
    """

    def __call__(self, x):
        return x


def identity(x: Any) -> Any:
    """The argument itself, whatever it is: programs have it in place of what reduces gradients, which takes a tuple.

    Args:
        x: anything.

    Returns:
        `x`.

    Example:
        >>> ops.identity((1, "two"))
        (1, 'two')
    """
    return x


depend, partial = Depend(), Partial()

publish(
    "ops", Partial=Partial, partial=partial, Depend=Depend, depend=depend, constexpr=constexpr, add_flags=add_flags,
    core=core, identity=identity, Reusing=Reusing, prim_arg_register=prim_attr_register,
)  # fmt: skip
