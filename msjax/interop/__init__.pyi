# Made by scripts/make_stubs.py.
"""Where msjax meets Flax, optax, optimistix, orbax and plain JAX. Each border is loaded when it is first asked for."""

from msjax.interop import flax as flax
from msjax.interop import jax as jax
from msjax.interop import optax as optax
from msjax.interop import optimistix as optimistix
from msjax.interop import orbax as orbax

