"""Small internal names of MindSpore's that programs reach for, though no page of its documentation lists them."""

from __future__ import annotations

import functools

__all__ = ["deprecated", "is_dim_unknown", "is_shape_unknown"]


def is_shape_unknown(shape) -> bool:
    """Whether a shape has an axis, or a number of axes, that is not known. No shape of ours is, but scripts ask."""
    return any(size < 0 for size in shape)


def is_dim_unknown(shape) -> bool:
    """Whether a shape says that even the number of axes is unknown."""
    return tuple(shape) == (-2,)


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
