"""Compilation of functions on handles with jax.jit."""

from msjax.compile.automatic import set_compile
from msjax.compile.explain import explain
from msjax.compile.jit import jit, ms_function
