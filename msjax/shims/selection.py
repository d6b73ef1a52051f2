"""Elements chosen by a mask whose values are not known: an axis whose length is a symbol, as `jax.export` has them.

Two primitives of ours stand in a program for the choice and for its way back; what computes them is `compile/sizes`.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.core
import numpy as np
from jax._src.core import Literal, Primitive
from jax.interpreters import ad

from msjax.shims.lengths import LEAST, is_length

SELECT, PLACE = Primitive("msjax_select"), Primitive("msjax_place")
MOST = 16  # symbols
_BEHIND = 80  # arrays, and ways to compute them
_scope: Any = None


def symbol(number: int) -> Any:
    """The length of an axis, at least `LEAST`. It is the same symbol for the same number, so JAX knows what it traced
    for it before."""
    from jax import export

    global _scope
    if _scope is None:
        _scope = export.SymbolicScope([f"n{i} >= {LEAST}" for i in range(MOST)])
    return export.symbolic_shape(f"n{number}", scope=_scope)[0]


def has_symbols(value: Any) -> bool:
    """Whether a value is a length that depends on values, or a container of some."""
    if isinstance(value, (tuple, list)):
        return any(map(has_symbols, value))
    return hasattr(type(value), "_evaluate") and type(value).__module__.startswith("jax.") and not is_length(value)


def is_symbolic(shape: tuple) -> bool:
    """Whether a shape has an axis whose length is a symbol, or computed of some."""
    return not all(isinstance(size, (int, np.integer)) for size in shape)


def made_of(array: Any, known: dict) -> Any:
    """A key for how an array is computed in a trace: arrays with the same one have the same values.

    Args:
        known: the numbers of this trace.
    """
    most = len(known) + _BEHIND

    def made(tracer):
        variable = getattr(tracer, "val", tracer)
        if isinstance(variable, Literal):
            return str(tracer.aval), repr(variable.val)
        if id(variable) not in known:
            equation = getattr(tracer, "parent", None)
            how = id(variable)  # what goes into the trace, or how that is computed is a long story
            if equation is not None and len(known) < most:
                options = tuple([(name, _told_apart(value)) for name, value in sorted(equation.params.items())])
                parts = tuple(map(made, equation.in_tracers))
                how = equation.primitive, equation.outvars.index(variable), options, parts
            # It, and what is told apart by its id, must live as long as its number.
            known[id(variable)] = known.setdefault(how, len(known)), variable, equation
        return known[id(variable)][0]

    return made(array)


def _told_apart(value: Any) -> Any:
    try:
        return type(value), hash(value), value
    except TypeError:
        return id(value)


def select(x: Any, mask: Any, size: Any) -> Any:
    """The rows of an array where a mask of one axis holds; `size` of them."""
    return SELECT.bind(x, mask, size=size)


@SELECT.def_abstract_eval
def _selected(x, mask, *, size):
    return jax.core.ShapedArray((size, *x.shape[1:]), x.dtype, weak_type=x.weak_type)


@PLACE.def_abstract_eval
def _placed(x, mask, *, size):
    return jax.core.ShapedArray((*mask.shape, *x.shape[1:]), x.dtype, weak_type=x.weak_type)


def _derived(primitive: Primitive):
    def rule(primals, tangents, *, size):
        (x, mask), tangent = primals, tangents[0]
        out = primitive.bind(x, mask, size=size)
        if type(tangent) is ad.Zero:
            return out, ad.Zero(jax.typeof(out).to_tangent_aval())
        return out, primitive.bind(tangent, mask, size=size)

    return rule


def _transposed(primitive: Primitive):
    def rule(cotangent, x, mask, *, size):
        return (cotangent if type(cotangent) is ad.Zero else primitive.bind(cotangent, mask, size=size)), None

    return rule


for _primitive, _back in ((SELECT, PLACE), (PLACE, SELECT)):
    ad.primitive_jvps[_primitive] = _derived(_primitive)
    ad.primitive_transposes[_primitive] = _transposed(_back)
