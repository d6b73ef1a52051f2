"""ms.jit: compile a function of Tensors, or a Cell, with jax.jit."""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable
from typing import Any

from msjax.compile.ruled import as_compiled
from msjax.compile.task import Task
from msjax.core import context
from msjax.core.kinds import is_a

_CHOICES = {"capture_mode": ("ast", "bytecode", "trace"), "jit_level": ("O0", "O1")}


class Jitted:
    """A compiled function; called like the function, and a method where the function was one.

    Attributes:
        __wrapped__: the function.
    """

    __name__: str
    __qualname__: str

    def __init__(self, fn: Callable):
        functools.update_wrapper(self, fn, updated=())
        if not hasattr(fn, "__name__"):  # a Cell, or another object
            self.__name__ = self.__qualname__ = type(fn).__name__
        self.__wrapped__ = fn
        # A Cell that is called while it is run eagerly would compile itself again.
        self._plain = getattr(fn, "run_eagerly", fn)

    def __get__(self, instance, owner=None):
        if instance is None or not hasattr(self.__wrapped__, "__get__"):
            return self
        method = self.__wrapped__.__get__(instance, owner)
        own = {} if isinstance(instance, type) else getattr(instance, "__dict__", {})
        name = f"_jitted_{self.__qualname__}"
        bound = own.get(name)
        if bound is None or bound.__wrapped__ != method:  # the object is a copy, or two functions have one name
            bound = own[name] = Jitted(method)
        return bound

    def __reduce__(self):  # a function, as Python does those that are not compiled: by its name
        return self.__qualname__ if inspect.isfunction(self.__wrapped__) else (Jitted, (self.__wrapped__,))

    def __deepcopy__(self, memo):  # of a method: bound to the copy, and not yet compiled
        return Jitted(copy.deepcopy(self.__wrapped__, memo))

    def __call__(self, *args, **kwargs):
        if context.in_jit():  # part of a function that is compiled already, or runs eagerly in its stead
            return as_compiled(self.__wrapped__, args, kwargs)
        try:
            return Task(self.__wrapped__, args, kwargs, "jit", self._plain, asked=True, ruled=True, at_once=True).run()
        except TypeError:
            check_arguments(self.__wrapped__, args, kwargs)
            raise

    def as_called_by(self, function: Callable) -> Callable:
        """`function`, which stands for the wrapped one, as a call of this one runs it: by the rules of graph mode."""

        def ruled(*args, **kwargs):
            return as_compiled(function, args, kwargs)

        ruled.stands_for_jitted = True  # type: ignore[attr-defined]
        return ruled


def check_arguments(fn: Callable, args, kwargs) -> None:
    """Raises:
    TypeError: if `fn` does not take these arguments."""
    target = getattr(fn, "construct", fn)
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"Function {getattr(fn, '__name__', type(fn).__name__)}: {error}.") from None


def jit(
    function=None,
    *,
    capture_mode: Any = "ast",
    jit_level: Any = "O0",
    dynamic: Any = 0,
    fullgraph=False,
    backend: Any = "",
    **options,
) -> Any:
    """Compile a function, method or Cell.

    Args:
        function: what to compile, or a class of Cells whose objects are to be; None to decorate with options.
        capture_mode, jit_level, dynamic, fullgraph, backend, options: checked and accepted; XLA needs none of them.

    Returns:
        A function of the same arguments. Tensors among the arguments, Parameters, and Tensors from closures are
        inputs of the compiled program, and Parameters that it updates are updated after the call. Python values are
        compiled in, and a new value compiles anew. Where a Tensor's value decides what to do next, each way that is
        gone again is compiled; others run eagerly.

    Raises:
        ValueError, TypeError: if an option has an impossible value.

    Example:
        >>> @ms.jit
        ... def double(x):
        ...     return x + x
        >>> double(Tensor([1.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 2.00000000e+00])
    """
    _check_options(dict(capture_mode=capture_mode, jit_level=jit_level), dynamic, fullgraph)
    if function is None:
        return jit
    if isinstance(function, type):  # of a class of Cells it is `construct` that is compiled
        if hasattr(function, "construct"):
            function.construct = Jitted(function.construct)
        return function
    return Jitted(function) if callable(function) else function


def _check_options(choices: dict, dynamic, fullgraph) -> None:
    for name, value in choices.items():
        if value not in _CHOICES[name]:
            raise ValueError(
                f"For 'jit', the '{name}' must be str and must be in '{list(_CHOICES[name])}', but got {value!r}."
            )
    if not is_a(dynamic, "int"):
        raise TypeError(f"For 'jit', the 'dynamic' must be an int, but got {type(dynamic).__name__}.")
    if dynamic not in (0, 1):
        raise ValueError(f"For 'jit', the 'dynamic' must be in range of [0, 1], but got {dynamic!r}.")
    if not isinstance(fullgraph, bool):
        raise TypeError(f"For 'jit', the 'fullgraph' must be a bool, but got {type(fullgraph).__name__}.")
