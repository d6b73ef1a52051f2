"""Compilation of functions on handles with jax.jit."""

from msjax.compile.explain import explain
from msjax.compile.jit import jit
from msjax.compile.mode import set_compile
