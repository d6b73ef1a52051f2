"""Small internal names of MindSpore's that programs reach for, though no page of its documentation lists them."""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable
from typing import ClassVar

from msjax import ops
from msjax.ops.sparse.tensors import RowTensor

__all__ = ["deprecated", "get_func", "is_dim_unknown", "is_shape_unknown"]


_primexpr = ops.constexpr  # of shapes, too, that graphs do not know yet


def is_shape_unknown(shape) -> bool:
    """Whether a shape has an axis, or a number of axes, that is not known. No shape of ours is, but scripts ask."""
    return any(size < 0 for size in shape)


def is_dim_unknown(shape) -> bool:
    """Whether a shape says that even the number of axes is unknown."""
    return tuple(shape) == (-2,)


def get_func(func):
    """The function of a method; any other function itself."""
    return getattr(func, "__func__", func)


def deprecated(version: str, substitute: str, use_substitute_name: bool = False, module_prefix: str = ""):
    """A decorator that warns, once per call site of Python's warning filters, that a name is on its way out."""

    def decorate(function):
        @functools.wraps(function, updated=())
        def call(*args, **kwargs):
            import warnings

            old = f"{module_prefix}{function.__name__}"
            warnings.warn(f"{old!r} is deprecated since {version}: use {substitute!r}", FutureWarning, stacklevel=2)
            return function(*args, **kwargs)

        return call

    return decorate


def _get_cache_prim(primitive: type):
    """A constructor of `primitive` that gives the same object again for the same arguments."""

    @functools.wraps(primitive, updated=())
    def build(*args, **kwargs):
        try:
            return _cached(primitive, args, tuple(sorted(kwargs.items())))
        except TypeError:  # an argument that cannot be hashed
            return primitive(*args, **kwargs)

    return build


@functools.lru_cache(maxsize=1024, typed=True)
def _cached(primitive: type, args: tuple, kwargs: tuple):
    return primitive(*args, **dict(kwargs))


class StubTensor:
    """MindSpore's promise of a Tensor that is not computed yet. Ours are Tensors from the start, so none is of this."""


RowTensorInner = RowTensor  # what MindSpore's compiled code sees of one


class _LogActionOnce:
    """A decorator: what the function says by `logger.warning` is said once in a program for each `key`.

    Args:
        logger: what has `warning`.
        key: what the message is about.
        no_warning: whether it is not said at all.
    """

    _said: ClassVar[set] = set()

    def __init__(self, logger, key, no_warning: bool = False):
        self._logger, self._key, self._silent = logger, key, no_warning

    def __call__(self, function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            say = self._logger.warning
            if self._silent or self._key in self._said:
                self._logger.warning = lambda *args, **kwargs: None
            self._said.add(self._key)
            try:
                return function(*args, **kwargs)
            finally:
                self._logger.warning = say

        return call


def cell_attr_register(fn=None, attrs=None):
    """A decorator of a Cell's `__init__`, which notes the arguments, or those in `attrs`, in `cell_init_args`."""

    def decorate(init):
        @functools.wraps(init)
        def noting(self, *args, **kwargs):
            init(self, *args, **kwargs)
            given = inspect.signature(init).bind(self, *args, **kwargs).arguments
            noted = [value for name, value in list(given.items())[1:] if attrs is None or name in attrs]
            self.cell_init_args = f"{type(self).__name__}{noted}"

        return noting

    return decorate if fn is None else decorate(fn)


def _tensor_setitem(self, index, value):
    """A Tensor with a value written to an index of it."""
    self[index] = value
    return self


def _convert_stub(stub):
    """The Tensor that was promised: the argument, since none ever is."""
    return stub


class Registry:
    """The operators that MindSpore's Tensor looks up by their names: `get("add")` is `ops.add`.

    What is registered is found by `get`; methods of Tensor are what they are.
    """

    def __init__(self):
        self._registered: dict[str, Callable] = {}

    def register(self, name: str, operator: Callable) -> None:
        """Let `get` give an operator for a name."""
        self._registered[name] = operator

    def get(self, name: str) -> Callable:
        """The operator of a name."""
        return self._registered[name] if name in self._registered else getattr(ops, name)

    def __getattr__(self, name: str) -> Callable:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.get(name)


tensor_operator_registry = Registry()

PARAMETER_NAME_DEFAULT = "Parameter"
_keys = itertools.count()


def _get_unique_parameter_key() -> int:
    """A number that no Parameter had before."""
    return next(_keys)


def init_to_value(init) -> float:
    """The number that "zeros", "ones" or a number stands for."""
    if isinstance(init, str):
        if init not in ("zeros", "ones"):
            raise ValueError("The argument 'init' should be one of values in ['zeros', 'ones'].")
        return float(init == "ones")
    return float(init)


def type_size_in_bytes(dtype) -> int:
    """How many bytes an element takes."""
    return dtype.numpy.itemsize
