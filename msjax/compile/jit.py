"""ms.jit: compile a function of Tensors, or a Cell, with jax.jit."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable

from msjax.compile.program import Program
from msjax.compile.signature import Arguments, Reach
from msjax.core import context, log
from msjax.core.trace import NEEDS_VALUE

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
        self.__wrapped__ = fn
        self._reach = Reach(fn)
        self._programs: dict = {}
        self._eager: set = set()

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        name = f"_jitted_{self.__name__}"
        bound = instance.__dict__.get(name)
        if bound is None:
            bound = instance.__dict__[name] = Jitted(self.__wrapped__.__get__(instance, owner))
        return bound

    def __call__(self, *args, **kwargs):
        fn = self.__wrapped__
        if context.in_jit():  # part of a function that is being compiled already
            return fn(*args, **kwargs)
        arguments = Arguments(args, kwargs)
        key = (arguments.key, self._reach.modes())
        with context.compiling():
            if key in self._eager:
                return fn(*args, **kwargs)
            try:
                program = self._programs.get(key) or self._trace(key, arguments)
                return program(arguments.arrays)
            except NEEDS_VALUE as reason:  # it can not be compiled then, and is run eagerly instead
                self._note_eager(key, reason)
                return fn(*args, **kwargs)

    def _trace(self, key, arguments: Arguments) -> Program:
        fn = self.__wrapped__
        template = arguments.template
        check_arguments(fn, *template.rebuilt(arguments.arrays))

        def run(handles):
            args, kwargs = template.rebuilt(handles)
            return fn(*args, **kwargs)

        program = self._programs[key] = Program(run, arguments.arrays)
        return program

    def _note_eager(self, key, reason: Exception) -> None:
        self._programs.pop(key, None)
        self._eager.add(key)
        first = str(reason).strip().splitlines()[0]
        log.info(
            f"{self.__qualname__} runs eagerly, because it needs a value that is not known when it is compiled: {first}"
        )


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


def jit(function=None, *, capture_mode="ast", jit_level="O0", dynamic=0, fullgraph=False, backend="", **options):
    """Compile a function, method or Cell.

    Args:
        function: what to compile; None to decorate with options.
        capture_mode, jit_level, dynamic, fullgraph, backend, options: checked and accepted; XLA needs none of them.

    Returns:
        A function of the same arguments. Tensors among the arguments, Parameters, and Tensors from closures are
        inputs of the compiled program, and Parameters that it updates are updated after the call. Python values are
        compiled in, and a new value compiles anew. A function that needs a Tensor's value to decide what to do next
        runs eagerly.

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
    return Jitted(function) if callable(function) else function


def _check_options(choices: dict, dynamic, fullgraph) -> None:
    for name, value in choices.items():
        if value not in _CHOICES[name]:
            raise ValueError(
                f"For 'jit', the '{name}' must be str and must be in '{list(_CHOICES[name])}', but got {value!r}."
            )
    if dynamic not in (0, 1):
        raise ValueError(f"For 'jit', the 'dynamic' must be in range of [0, 1], but got {dynamic!r}.")
    if not isinstance(fullgraph, bool):
        raise TypeError(f"For 'jit', the 'fullgraph' must be a bool, but got {type(fullgraph).__name__}.")


def ms_function(fn=None, *args, **options):
    """The old name of `jit`; its options are accepted and ignored."""
    return jit(fn) if fn is not None else jit
