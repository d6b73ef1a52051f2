"""Gradients, products with Jacobians, Jacobians."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..twin import total
from .base import AUX, COMPILED, PURE, TENSORS, UNBATCHED, Twin, one_or_all, way

# -- gradients -------------------------------------------------------------------------------------------------------

FAMILY: dict[str, Any] = {"identity": True}


@way("grad", "G = ms.grad(F, {at})", **FAMILY)
def _(t):
    g, _w, _out, P = t.gradients()
    return one_or_all(g), P


@way("value_and_grad", "G = ms.value_and_grad(F, {at})", **FAMILY)
def _(t):
    g, _w, out, P = t.gradients()
    return (out, one_or_all(g)), P


@way("weights", "G = ms.grad(F, None, weights)", **FAMILY)
def _(t):
    _g, w, _out, P = t.gradients()
    return tuple(w), P


@way("both", "G = ms.value_and_grad(F, {at}, ms.ParameterTuple(weights))", **FAMILY)
def _(t):
    g, w, out, P = t.gradients()
    return (out, (one_or_all(g), tuple(w))), P


@way("aux", "G = ms.grad(F, {at}, has_aux=True)", forms=AUX, **FAMILY)
def _(t):
    g, _w, out, P = t.gradients(lambda out: total(out[0]))
    return (one_or_all(g), out[1:]), P


@way("value_aux", "G = ms.value_and_grad(F, {at}, weights, has_aux=True)", forms=AUX, **FAMILY)
def _(t):
    g, w, out, P = t.gradients(lambda out: total(out[0]))
    return (out, (one_or_all(g), tuple(w))), P


@way("ids", "G = ms.grad(F, {at}, return_ids=True)", **FAMILY)
def _(t):
    g, _w, _out, P = t.gradients()
    return one_or_all([(i, one) for i, one in zip(t.at, g, strict=True)]), P


@way("operation", "G = ops.GradOperation(get_all=True, get_by_list=True)(F, weights)", **FAMILY)
def _(t):
    t.at = tuple(range(len(t.args)))
    g, w, _out, P = t.gradients()
    return (tuple(g), tuple(w)), P


@way("operation_first", "G = ops.GradOperation()(F)", **FAMILY)
def _(t):
    t.at = (0,)
    g, _w, _out, P = t.gradients()
    return g[0], P


@way(
    "sens",
    "G = ms.grad(F, {at}, sens_param=True)",
    "G({args}, ops.ones_like(F({args})) * 0.5)",
    forms=("tensor",),
    without=UNBATCHED,
    **FAMILY,
)
def _(t):
    g, _w, _out, P = t.gradients(lambda out: total(out) * 0.5)
    return one_or_all(g), P


@way("jit_of_grad", "G = ms.jit(ms.grad(F, {at}))", without=COMPILED)
def _(t):
    g, _w, _out, P = t.gradients()
    return one_or_all(g), P


@way("grad_of_jit", "G = ms.value_and_grad(ms.jit(F), {at}, weights)", without=COMPILED)
def _(t):
    g, w, out, P = t.gradients()
    return (out, (one_or_all(g), tuple(w))), P


@way(
    "jit_step",
    """
    V = ms.value_and_grad(F, None, weights)
    O = nn.SGD(weights, 0.125)
    @ms.jit
    def G({args}):
        value, g = V({args})
        O(g)
        return value
    """,
    without=COMPILED - {"state"},
)
def _(t):
    return stepped(t)


@way(
    "step",
    """
    V = ms.value_and_grad(F, None, weights)
    O = nn.SGD(weights, 0.125)
    def G({args}):
        value, g = V({args})
        O(g)
        return value
    """,
)
def _(t):
    return stepped(t)


def stepped(t):
    _g, w, out, P = t.gradients()
    return out, {**P, **{name: P[name] - 0.125 * g for name, g in zip(t.weights, w, strict=True)}}


@way(
    "again",
    """
    V = ms.value_and_grad(F, {at})
    def G({args}):
        a, b = V({args}), V({args})
        return a, b[1]
    """,
)
def _(t):
    g, _w, out, P = t.gradients()
    later = Twin(t.function, t.args, t.at, P, t.weights, t.same, t.whole)
    again, _w, _out, P = later.gradients()
    return ((out, one_or_all(g)), one_or_all(again)), P


# -- products and Jacobians ------------------------------------------------------------------------------------------


@way(
    "vjp",
    """
    def G({args}):
        out, back = ms.vjp(F, {args})
        return out, back(ops.cos(ops.stop_gradient(out)))
    """,
    forms=("tensor", "scalar"),
)
def _(t):
    t.at = tuple(range(len(t.args)))
    g, _w, out, P = t.gradients(lambda out: total(out * jnp.conj(jnp.cos(jax.lax.stop_gradient(out)))))
    return (out, tuple(g)), P


@way(
    "vjp_weights",
    """
    def G({args}):
        out, back = ms.vjp(F, {args}, weights=weights)
        return back(ops.ones_like(out))
    """,
    forms=("tensor", "scalar"),
)
def _(t):
    t.at = tuple(range(len(t.args)))
    g, w, _out, P = t.gradients()
    return (tuple(g), tuple(w)), P


@way(
    "jvp",
    """
    def G({args}):
        return ms.jvp(lambda {chosen}: F({args}), {inputs}, {directions})
    """,
    forms=TENSORS,
    without=PURE,
)
def _(t):
    out, tangent = jax.jvp(t.of_one(), tuple(t.chosen), tuple(t.directions))
    return (out, tangent), t.P


@way(
    "linearize",
    """
    def G({args}):
        out, push = ops.linearize(lambda {chosen}: F({args}), {inputs})
        return out, push({directions})
    """,
    forms=TENSORS,
    without=PURE,
)
def _(t):
    out, tangent = jax.jvp(t.of_one(), tuple(t.chosen), tuple(t.directions))
    return (out, tangent), t.P


def _jacobian(t):
    J = jax.jacrev(t.of_one(), tuple(range(len(t.at))))(*t.chosen)

    def one(per_output):
        return one_or_all(list(per_output))

    out = t.of_one()(*t.chosen)
    return tuple(one(j) for j in J) if isinstance(out, tuple) else one(J)


@way("jacfwd", "G = ms.jacfwd(F, {at})", forms=TENSORS, without=PURE)
def _(t):
    return _jacobian(t), t.P


@way("jacrev", "G = ms.jacrev(F, {at})", forms=TENSORS, without=PURE)
def _(t):
    return _jacobian(t), t.P
