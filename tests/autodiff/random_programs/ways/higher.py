"""Derivatives of higher order, maps, operators at points."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..twin import total
from .base import ANY, COMPILED, PURE, TENSORS, Twin, one_or_all, way

# -- higher orders ---------------------------------------------------------------------------------------------------


def _higher(t, order):
    """The gradient of the sum of the gradient ... of one argument; the Parameters are those of the last run."""

    def level(k):
        if k == 0:

            def zeroth(chosen, w):
                out, P = t.run(t.placed(chosen), w)
                return total(out), P

            return zeroth
        inner = jax.grad(level(k - 1), has_aux=True)

        def run(chosen, w):
            g, P = inner(chosen, w)
            return sum(one.sum() for one in g), P

        return run

    return level(order)


@way("second", "G = ms.grad(ms.grad(F, {at}), {at})", without=frozenset(("once",)))
def _(t):
    g, P = jax.grad(_higher(t, 1), has_aux=True)(t.chosen, t.values)
    return one_or_all(g), P


@way(
    "third",
    "G = ms.grad(ms.grad(ms.grad(F, {at}), {at}), {at})",
    without=frozenset(("once",)),
    forms=("tensor", "scalar", "tuple"),
)
def _(t):
    g, P = jax.grad(_higher(t, 2), has_aux=True)(t.chosen, t.values)
    return one_or_all(g), P


@way(
    "weights_of_grad",
    """
    I = ms.grad(F, {at})
    def L({args}):
        g = I({args})
        return sum((one * one).sum() for one in (g if isinstance(g, tuple) else (g,)))
    G = ms.value_and_grad(L, None, weights)
    """,
    without=frozenset(("once",)),
)
def _(t):
    inner = jax.grad(_higher(t, 0), has_aux=True)

    def loss(w):
        g, P = inner(t.chosen, w)
        return sum((one * one).sum() for one in g), P

    (value, P), w = jax.value_and_grad(loss, has_aux=True)(t.values)
    return (value, tuple(w[name] for name in t.weights)), P


@way(
    "value_and_grad_twice",
    "G = ms.value_and_grad(lambda {args}: ms.value_and_grad(F, {at})({args})[1], {at})",
    without=frozenset(("once",)),
)
def _(t):
    inner = jax.grad(_higher(t, 0), has_aux=True)

    def loss(chosen):
        g, P = inner(chosen, t.values)
        return sum(one.sum() for one in g), (g, P)

    g2, (g, P) = jax.grad(loss, has_aux=True)(t.chosen)
    return (one_or_all(g), one_or_all(g2)), P


@way(
    "jvp_of_grad",
    """
    def G({args}):
        return ms.jvp(lambda {chosen}: ms.grad(F, {at})({args}), {inputs}, {directions})
    """,
    without=PURE | {"once"},
)
def _(t):
    def inner(*chosen):
        return one_or_all(jax.grad(_higher(t, 0), has_aux=True)(list(chosen), t.values)[0])

    return jax.jvp(inner, tuple(t.chosen), tuple(t.directions)), t.P


@way(
    "grad_of_jvp",
    """
    def G({args}):
        return ms.grad(lambda {chosen}: ms.jvp(lambda {chosen}: F({args}), {inputs}, {directions})[1])({chosen})
    """,
    forms=TENSORS,
    without=PURE | {"once"},
)
def _(t):
    def pushed(*chosen):
        return total(jax.jvp(t.of_one(), chosen, tuple(t.directions))[1])

    return jax.grad(pushed)(*t.chosen), t.P


def _hessian(t):
    return jax.hessian(lambda a: total(t.function(dict(t.P), *t.placed([a, *t.chosen[1:]]))))(t.chosen[0])


for _name, _setup in {
    "jacfwd_of_grad": "G = ms.jacfwd(ms.grad(F, {first}), {first})",
    "jacrev_of_grad": "G = ms.jacrev(ms.grad(F, {first}), {first})",
    "jacfwd_of_jacrev": "G = ms.jacfwd(ms.jacrev(F, {first}), {first})",
    "jacrev_of_jacfwd": "G = ms.jacrev(ms.jacfwd(F, {first}), {first})",
    "jacfwd_of_jacfwd": "G = ms.jacfwd(ms.jacfwd(F, {first}), {first})",
}.items():
    _forms = ("scalar",) if "of_jac" in _name else ANY

    @way(
        _name,
        _setup.replace("{first}", "0"),
        forms=_forms,
        without=PURE | {"once"},
        kinds=("v",) if _name.startswith("jacrev") else (),
    )
    def _(t):
        t.at = (0,)
        return _hessian(t), t.P


# -- vmap ------------------------------------------------------------------------------------------------------------


@way("vmap", "G = ms.vmap(F)", forms=TENSORS, without=PURE, batched=True)
def _(t):
    return jax.vmap(lambda *a: t.function(dict(t.P), *a))(*t.args), t.P


@way("vmap_of_grad", "G = ms.vmap(ms.grad(F, {at}))", without=PURE, batched=True)
def _(t):
    g = jax.vmap(jax.grad(lambda *a: total(t.function(dict(t.P), *a)), t.at))(*t.args)
    return one_or_all(list(g)), t.P


@way("grad_of_vmap", "G = ms.grad(ms.vmap(F), {at}, weights)", forms=TENSORS, without=PURE, batched=True)
def _(t):
    def loss(w, *a):
        return total(jax.vmap(lambda *a: t.function({**t.P, **w}, *a))(*a))

    w, *g = jax.grad(loss, (0, *(i + 1 for i in t.at)))(t.values, *t.args)
    return (one_or_all(list(g)), tuple(w[name] for name in t.weights)), t.P


@way("vmap_of_weights", "G = ms.vmap(ms.grad(F, None, weights))", without=PURE, batched=True)
def _(t):
    def loss(w, *a):
        return total(t.function({**t.P, **w}, *a))

    w = jax.vmap(lambda *a: jax.grad(loss)(t.values, *a))(*t.args)
    return tuple(w[name] for name in t.weights), t.P


@way("vmap_of_second", "G = ms.vmap(ms.grad(ms.grad(F)))", without=PURE | {"once"}, batched=True)
def _(t):
    def first(*a):
        return jax.grad(lambda *b: total(t.function(dict(t.P), *b)))(*a).sum()

    return jax.vmap(jax.grad(first))(*t.args), t.P


# -- operators at points ---------------------------------------------------------------------------------------------

POINTS: dict[str, Any] = {"forms": ("tensor",), "without": COMPILED | {"mixes", "once"}, "kinds": ("m",)}


def _rows(t, fn):
    def one(row):
        return t.function(dict(t.P), row[None])[0]

    return jax.vmap(lambda row: fn(one, row))(t.args[0])


def _laplacian(one, row):
    return jnp.trace(jax.hessian(one)(row), axis1=-2, axis2=-1)


@way("laplacian", "G = ms.diffops.laplacian(F)", **POINTS)
def _(t):
    return _rows(t, _laplacian), t.P


@way("jacobian_at_points", "G = ms.diffops.jacobian(F)", **POINTS)
def _(t):
    return _rows(t, lambda one, row: jax.jacfwd(one)(row)), t.P


@way("divergence", "G = ms.diffops.divergence(F)", **POINTS)
def _(t):
    return _rows(t, lambda one, row: jnp.trace(jax.jacfwd(one)(row))), t.P


@way("hessian_at_points", "G = ms.diffops.hessian(F)", **POINTS)
def _(t):
    return _rows(t, lambda one, row: jax.hessian(one)(row)), t.P


@way(
    "weights_of_laplacian",
    """
    L = ms.diffops.laplacian(F)
    G = ms.value_and_grad(lambda x: (L(x) ** 2).sum(), None, weights)
    """,
    **POINTS,
)
def _(t):
    def loss(w):
        held = Twin(t.function, t.args, t.at, {**t.P, **w}, t.weights, t.same)
        return (_rows(held, _laplacian) ** 2).sum()

    value, w = jax.value_and_grad(loss)(t.values)
    return (value, tuple(w[name] for name in t.weights)), t.P
