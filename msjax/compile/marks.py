"""What is said to MindSpore's compiler: marks and options. XLA needs none of them; they check their arguments."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from msjax import log
from msjax.core.cells import is_cell, is_cell_class
from msjax.core.kinds import is_a
from msjax.ops.table.primitive import Primitive


def jit_class(cls: type) -> type:
    """Mark a class whose objects a compiled function uses.

    Args:
        cls: the class.

    Returns:
        The class.

    Raises:
        TypeError: if `cls` is not a class, or is a Cell.

    Example:
        >>> @ms.jit_class
        ... class Scale:
        ...     factor = 2.0
    """
    if not isinstance(cls, type):
        raise TypeError(f"Decorator jit_class can only be used for class type, but got {cls}.")
    if is_cell_class(cls):
        raise TypeError(f"Decorator jit_class is used for user-defined classes and cannot be used for nn.Cell: {cls}.")
    cls.__ms_class__ = True  # pyright: ignore[reportAttributeAccessIssue]
    return cls


def lazy_inline(fn: Callable | None = None, attrs=None, policy: str | None = None) -> Any:
    """Mark the `__init__` of a Cell that MindSpore should compile once and reuse.

    Args:
        fn: the `__init__`.
        attrs: accepted.
        policy: None or "front"; no effect.

    Returns:
        The function; or a decorator, if there is none.

    Raises:
        ValueError: if it is not `__init__` that is decorated, or `policy` is neither None nor "front".

    Example:
        >>> class Block(nn.Cell):
        ...     @ms.lazy_inline
        ...     def __init__(self):
        ...         super().__init__()
    """
    if policy not in (None, "front"):
        raise ValueError("policy must be None or 'front'")

    def decorate(function):
        if function.__name__ != "__init__":
            raise ValueError(
                f"The lazy_inline should decorate the __init__ function, not the function: {function.__name__}."
            )
        return function

    return decorate if fn is None else decorate(fn)


def no_inline(fn: Callable | None = None) -> Any:
    """Mark a function or Cell that MindSpore should compile by itself.

    Args:
        fn: the function or Cell.

    Returns:
        The same; or a decorator, if there is none.

    Example:
        >>> ms.no_inline(ops.exp) is ops.exp
        True
    """
    return (lambda function: function) if fn is None else fn


def enable_dynamic(**kwargs: Any) -> Callable[[Callable], Callable]:
    """Decorate a function of which MindSpore's compiler should leave some shapes open; here each has its own program.

    Args:
        kwargs: for a parameter's name a Tensor, whose shape has None where it is open.

    Returns:
        A decorator that gives back the function.

    Example:
        >>> @ms.enable_dynamic(x=Tensor(shape=[None, 2], dtype=ms.float32))
        ... @ms.jit
        ... def double(x):
        ...     return x * 2
        >>> double(ops.ones((3, 2))).shape
        (3, 2)
    """
    return lambda function: function


class JitConfig:
    """Options of MindSpore's compiler, for `Cell.set_jit_config` and `ms.jit`; XLA needs none of them.

    Args:
        jit_level: "O0", "O1", "O2" or "".
        exc_mode: "auto", "sink" or "no_sink".
        jit_syntax_level: "STRICT", "COMPATIBLE", "LAX" or "".
        debug_level: "RELEASE" or "DEBUG".
        infer_boost: "on" or "off".
        kwargs: kept.

    Raises:
        ValueError: if an option has another value.

    Example:
        >>> ms.JitConfig("O1").jit_config_dict["jit_level"]
        'O1'
    """

    def __init__(
        self,
        jit_level: Any = "",
        exc_mode: Any = "auto",
        jit_syntax_level: Any = "",
        debug_level: Any = "RELEASE",
        infer_boost: Any = "off",
        **kwargs,
    ):
        options = {
            "jit_level": (jit_level, ("O0", "O1", "O2"), True),
            "exc_mode": (exc_mode, ("auto", "sink", "no_sink"), False),
            "jit_syntax_level": (jit_syntax_level, ("STRICT", "COMPATIBLE", "LAX"), True),
            "debug_level": (debug_level, ("RELEASE", "DEBUG"), False),
            "infer_boost": (infer_boost, ("on", "off"), False),
        }
        for name, (value, possible, optional) in options.items():
            if value not in possible and not (optional and value == ""):
                raise ValueError(f"For '{name}' must be one of {list(possible)}, but got {value!r}.")
        self.jit_config_dict = {**kwargs, **{name: value for name, (value, _, _) in options.items()}}
        if jit_level:
            self.jit_config_dict.setdefault("backend", "GE" if jit_level == "O2" else "ms_backend")


def set_recursion_limit(recursion_limit: int = 1000) -> None:
    """Let Python functions, and so traced ones, call each other this deeply.

    Args:
        recursion_limit: how deeply. A limit of Python's own that is higher stays.

    Raises:
        TypeError, ValueError: if it is no positive int.

    Example:
        >>> ms.set_recursion_limit(10000)
    """
    if not is_a(recursion_limit, "int"):
        raise TypeError(f"The input value must be int, but got '{type(recursion_limit).__name__}'")
    if recursion_limit < 1:
        raise ValueError(f"The input value must be int and must > 0, but got '{recursion_limit}' with type 'int'.")
    sys.setrecursionlimit(max(recursion_limit, sys.getrecursionlimit()))


def set_dump(target: Any, enabled: bool = True) -> None:
    """Accepted, and without effect: MindSpore writes the Tensors of a part of a network into files, on an Ascend.

    Hooks see them here: `Cell.register_forward_hook`, `ops.TensorSummary`.

    Args:
        target: a Cell or Primitive.
        enabled: whether to write.

    Raises:
        ValueError: if an argument is of another type.

    Example:
        >>> ms.set_dump(nn.Dense(2, 1))
    """
    if not is_cell(target) and not isinstance(target, Primitive):
        raise ValueError(f"For 'set_dump', 'target' must be a Cell or Primitive, but got {type(target).__name__}.")
    if not isinstance(enabled, bool):
        raise ValueError(f"For 'set_dump', 'enabled' must be bool, but got {type(enabled).__name__}.")
    log.warning("set_dump has no effect: msjax writes no dumps. Cell.register_forward_hook shows what a Cell gives.")
