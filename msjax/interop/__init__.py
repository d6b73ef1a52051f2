"""Where msjax meets Flax, optax, optimistix, orbax and plain JAX. Each border is loaded when it is first asked for."""

import importlib

from msjax.core.names import unknown_name

_ROOMS = ("flax", "jax", "optax", "optimistix", "orbax")


def _first(name: str):
    if name in _ROOMS:
        return importlib.import_module(f"msjax.interop.{name}")
    raise AttributeError(name=name)


__getattr__ = unknown_name(__name__, _first)
