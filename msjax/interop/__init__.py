"""Where msjax meets Flax, optax, optimistix, orbax and plain JAX. Each border is loaded when it is first asked for."""

from msjax.core.names import Lazily, unknown_name

__getattr__ = unknown_name(__name__, Lazily(__name__, ("flax", "jax", "optax", "optimistix", "orbax")))
