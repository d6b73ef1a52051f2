"""Compilation of functions on handles with jax.jit."""

from msjax.compile.jit import jit, ms_function
