"""Parts of JAX that its documentation does not promise.

What loads much of JAX is imported where it is first used, since `import msjax` is not to wait for it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.core

from msjax.shims.programs import names_of

# The type of an array inside a transform. JAX offers no question "is there a value?", so its absence is told by this.
Tracer = jax.core.Tracer
# What an array's `aval` is: its shape and dtype.
KIND = jax.core.ShapedArray
# Least and greatest of sizes, of which some may be symbols, as `jax.export` makes them for axes of any length.
max_size, min_size = jax.core.max_dim, jax.core.min_dim
# What JAX leaves below an error's message where it has cut its own frames out of the traceback; we cut it out too.
FILTERED = "JAX has removed its internal frames"
# The type of compiled functions, which is of JAX's library in C++.
JITTED = type(jax.jit(len))
# What JAX makes of functions, and the attributes in which it keeps them.
MADE_BY_JAX: dict[type, tuple[str, ...]] = {
    JITTED: ("__wrapped__",),
    jax.custom_vjp: ("fun", "fwd", "bwd", "nondiff_argnums"),
    jax.custom_jvp: ("fun", "jvp", "nondiff_argnums"),
}
# Parts of the names of JAX's modules whose functions only compute, and of those which make functions of functions.
COMPUTING = (
    *("numpy", "lax", "nn", "scipy", "api", "tree", "pjit", "ad_checkpoint", "custom_derivatives"),
    "traceback_util",
)
# Its modules whose functions trace what they are given once, and then use its program.
REMEMBERING = ("jax._src.lax.", "jax._src.ad_checkpoint")
# The rules that forward mode can not pass have these primitives. It says so in errors of no class of their own.
_REVERSE_ONLY = ("custom_vjp", "custom_lin")


def trace_state() -> object:
    """Which transforms run here, JAX's and ours; equal as long as it is the same ones."""
    from jax.extend.core import get_opaque_trace_state

    return get_opaque_trace_state()


def lanes(array: Any) -> Any:
    """What is inside of an array under `jax.vmap`: the values of all lanes together. Others as they are."""
    while isinstance(array, Tracer) and hasattr(array, "batch_dim"):
        array = getattr(array, "val")  # noqa: B009 (of a class that JAX does not name)
    return array


def eval_program(program: Any, *arguments) -> list:
    """The results of a closed jaxpr, computed or traced anew."""
    return jax.core.eval_jaxpr(program.jaxpr, program.consts, *arguments)


def as_function(program: Any) -> Callable[..., list]:
    """A closed jaxpr as a function of its arguments."""
    from jax.extend.core import jaxpr_as_fun

    return jaxpr_as_fun(program)


def zero(aval: Any) -> Any:
    """The number 0 in the text of a program, of an abstract value."""
    from jax.extend.core import Literal

    return Literal(0, aval)


def taylor(program: Any, point: tuple, series: tuple) -> tuple[list, list]:
    """(results of a closed jaxpr, their derivatives by order) along a curve, by JAX's experimental Taylor arithmetic.

    Raises:
        Exception: of various types, if an operator has no rule, or the program has rules of its own.
    """
    from jax.experimental.jet import jet

    rules = {name for name in names_of(program.jaxpr) if name.startswith("custom_")}
    if rules:  # it would pass over them
        raise NotImplementedError(f"{min(rules)}, a rule of the function's own")
    return jet(as_function(program), point, series)


def shows_all_frames() -> bool:
    """Whether the user has asked to see JAX's own frames in tracebacks."""
    return getattr(jax.config, "jax_traceback_filtering") == "off"  # noqa: B009 (which type checkers do not know)


def needs_reverse(error: BaseException | None) -> bool:
    """Whether forward mode failed at a custom rule for reverse mode, or a function when it handled that."""
    if isinstance(error, TypeError | NotImplementedError) and any(name in str(error) for name in _REVERSE_ONLY):
        return True
    return error is not None and needs_reverse(error.__context__)


def product(left: Any, right: Any, **params) -> jax.Array:
    """`dot_general` with the parameters of an equation: `lax.dot_general` takes them under other names."""
    return jax.lax.dot_general_p.bind(left, right, **params)


def linear_program(pullback: Any) -> Any:
    """The program that `jax.vjp` keeps for the way back: linear, from cotangents of results to those of arguments."""
    return pullback.jaxpr


def with_linear_program(pullback: Any, program: Any) -> Callable:
    """A pullback of `jax.vjp` with another program for the way back."""
    own = linear_program(pullback)
    arguments = [program if a is own else a for a in pullback.fun.args]
    changed = copy.copy(pullback)
    changed.fun = partial(pullback.fun.func, *arguments)
    return changed


def name_of_rule(equation: Any) -> str | None:
    """The name of the function that is the custom rule of an equation in such a program; None if it has none."""
    rule = equation.params.get("bwd")
    return None if rule is None else rule.debug_info.func_name


def first_linear(equation: Any) -> Any:
    """The first of the variables that such a rule is linear in; before them are the residuals of the way there."""
    return equation.invars[equation.params["num_res"]]


def stop_computing(refuse: Callable) -> None:
    """From now on, what would compile or run a program or make an array calls `refuse`. There is no way back."""
    from jax._src import compiler
    from jax._src.interpreters import pxla

    setattr(pxla.ExecuteReplicated, "__call__", refuse)  # noqa: B010 (pyright)
    pxla.batched_device_put = compiler.compile_or_get_cached = refuse
    # Calls that have come up before pass by these, until something is set that programs depend on.
    chosen = getattr(jax.config, "jax_threefry_partitionable")  # noqa: B009 (pyright)
    jax.config.update("jax_threefry_partitionable", not chosen)
