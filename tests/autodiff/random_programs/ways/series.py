"""Taylor series along curves: what is judged is the function of the curve's parameter, differentiated by it."""

from __future__ import annotations

from math import factorial

import jax
import jax.numpy as jnp

from .base import PURE, SERIES, way

_MOST = {"forms": ("tensor", "scalar", "tuple"), "without": PURE | {"once"}, "table": SERIES}


def _along(t, coefficients) -> list:
    """The result on the curve x + sum of c[k] s**(k+1) / (k+1)!, at 0: its value and all derivatives."""

    def curve(s):
        moved = [
            x + sum(one * s**k / factorial(k) for k, one in enumerate(c, 1))
            for x, c in zip(t.chosen, coefficients, strict=True)
        ]
        return t.of_one()(*moved)

    found, function = [], curve
    for _ in range(1 + len(coefficients[0])):
        found.append(function(0.0))
        function = jax.jacfwd(function)
    return found


@way(
    "jet",
    """
    def G({args}):
        return ops.jet(lambda {chosen}: F({args}), {inputs}, {series})
    """,
    **_MOST,
)
def _(t):
    value, *derivatives = _along(t, [(d, d * 0.5) for d in t.directions])
    return (value, jax.tree.map(lambda *each: jnp.stack(each), *derivatives)), t.P


def _derivative(name: str, order: int) -> None:
    @way(
        name,
        f"""
        def G({{args}}):
            return ops.derivative(lambda {{chosen}}: F({{args}}), {{inputs}}, {order})
        """,
        **_MOST,
    )
    def _(t):
        value, *_, last = _along(t, [(jnp.ones_like(x), *[jnp.zeros_like(x)] * (order - 1)) for x in t.chosen])
        return (value, last), t.P


_derivative("derivative", 2)
_derivative("third_derivative", 3)


@way(
    "grad_of_derivative",
    """
    def L({args}):
        value, d = ops.derivative(lambda {chosen}: F({args}), {inputs}, 1)
        return sum(one.sum() for one in (d if isinstance(d, tuple) else (d,)))
    G = ms.grad(L, {at})
    """,
    **_MOST,
)
def _(t):
    def loss(chosen):
        directions = [jnp.ones_like(x) for x in t.chosen]
        _, first = jax.jvp(t.of_one(), tuple(chosen), tuple(directions))
        return sum(one.sum() for one in jax.tree.leaves(first))

    g = jax.grad(loss)(t.chosen)
    return g[0] if len(g) == 1 else tuple(g), t.P
