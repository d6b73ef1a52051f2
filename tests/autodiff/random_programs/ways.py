"""How a function is differentiated: by msjax, as text, and by JAX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from .twin import total

ANY = ("scalar", "tensor", "tuple", "list", "dict", "mixed", "argument", "constant")
TENSORS = ("scalar", "tensor", "tuple", "argument")
AUX = ("aux", "nested_aux", "aux_one")
PURE = frozenset(("state", "random", "decides"))
UNBATCHED = frozenset(("state", "random"))


class Twin:
    """The function for JAX, with the arguments and Parameters of one call.

    Attributes:
        function: of Parameters, which it may replace, and arguments.
        args: one array each.
        at: which arguments are differentiated.
        P: all Parameters by name; weights are the names of those that are differentiated.
        same: whether the arguments are one Tensor.
    """

    def __init__(self, function, args, at, P, weights, same):
        self.function, self.args, self.at, self.P, self.weights, self.same = function, args, at, P, weights, same

    def run(self, args, weights: dict) -> tuple[Any, dict]:
        """The result for other arguments and weights, and the Parameters after it."""
        P = {**self.P, **weights}
        return self.function(P, *args), P

    def placed(self, chosen) -> list:
        """All arguments, of which the differentiated ones are these."""
        if self.same:
            return [chosen[0]] * len(self.args)
        args = list(self.args)
        for i, value in zip(self.at, chosen, strict=True):
            args[i] = value
        return args

    @property
    def chosen(self) -> list:
        return [self.args[0]] if self.same else [self.args[i] for i in self.at]

    @property
    def values(self) -> dict:
        return {name: self.P[name] for name in self.weights}

    def gradients(self, loss=total, keep: bool = True):
        """Gradients of arguments and weights, the result, and the Parameters afterwards."""

        def scalar(chosen, weights):
            out, P = self.run(self.placed(chosen), weights)
            return loss(out), (out, P)

        (g, w), (out, P) = jax.grad(scalar, (0, 1), has_aux=True)(self.chosen, self.values)
        return self.spread(g), [w[name] for name in self.weights], out, P

    def spread(self, g: list) -> list:
        return [g[0]] * len(self.at) if self.same else g

    def of_one(self, fn=None):
        """The function of the differentiated arguments alone, without state."""
        return lambda *chosen: self.function(dict(self.P), *self.placed(list(chosen)))


def one_or_all(found):
    return found[0] if len(found) == 1 else tuple(found)


@dataclass(frozen=True)
class Way:
    """One way to differentiate.

    Attributes:
        setup: the lines before the calls, of a program.
        call: the expression that is called.
        twin: from a `Twin`, the expected result and the Parameters afterwards.
        forms: what the function may return.
        without: tags of constructs that can not be in it.
        identity: whether arguments may be the same Tensor.
        kinds: of the arguments, if only some are possible.
        functions: whether only functions can be called in it.
        batched: whether arguments have an axis of slices.
    """

    name: str
    setup: Callable
    call: Callable
    twin: Callable
    forms: tuple[str, ...] = ANY
    without: frozenset[str] = frozenset()
    identity: bool = False
    kinds: tuple[str, ...] = ()
    functions: bool = False
    batched: bool = False


WAYS: dict[str, Way] = {}


def way(name: str, setup: str, call: str = "G({args})", **more):
    """In texts, `{args}` are the arguments, `{at}` the positions, `{chosen}` the differentiated arguments."""

    def add(twin):
        WAYS[name] = Way(name, lambda p: _text(setup, p), lambda p: _text(call, p), twin, **more)
        return twin

    return add


def _text(text: str, p) -> str:
    names = list(p.arguments)
    chosen = [names[i] for i in p.positions]
    return (
        text.replace("{args}", ", ".join(names))
        .replace("{at}", repr(p.positions if len(p.positions) > 1 or p.seed % 2 else p.positions[0]))
        .replace("{inputs}", f"({', '.join(chosen)},)" if len(chosen) > 1 else chosen[0])
        .replace("{directions}", f"({', '.join(f'R[{p.arguments[c]!r}]' for c in chosen)},)" if len(chosen) > 1 else f"R[{p.arguments[chosen[0]]!r}]")
        .replace("{chosen}", ", ".join(chosen))
    )


# -- gradients ----------------------------------------------------------------------------------------------------------

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


@way("sens", "G = ms.grad(F, {at}, sens_param=True)", "G({args}, ops.ones_like(F({args})) * 0.5)", forms=("tensor",), without=UNBATCHED, **FAMILY)
def _(t):
    g, _w, _out, P = t.gradients(lambda out: total(out) * 0.5)
    return one_or_all(g), P


@way("jit_of_grad", "G = ms.jit(ms.grad(F, {at}))", without=PURE)
def _(t):
    g, _w, _out, P = t.gradients()
    return one_or_all(g), P


@way("grad_of_jit", "G = ms.value_and_grad(ms.jit(F), {at}, weights)", without=PURE)
def _(t):
    g, w, out, P = t.gradients()
    return (out, (one_or_all(g), tuple(w))), P


@way("jit_step", "V = ms.value_and_grad(F, None, weights)\nO = nn.SGD(weights, 0.125)\n@ms.jit\ndef G({args}):\n    value, g = V({args})\n    O(g)\n    return value", without=frozenset(("decides", "random")))
def _(t):
    return stepped(t)


@way("step", "V = ms.value_and_grad(F, None, weights)\nO = nn.SGD(weights, 0.125)\ndef G({args}):\n    value, g = V({args})\n    O(g)\n    return value")
def _(t):
    return stepped(t)


def stepped(t):
    _g, w, out, P = t.gradients()
    return out, {**P, **{name: P[name] - 0.125 * g for name, g in zip(t.weights, w, strict=True)}}


@way("again", "V = ms.value_and_grad(F, {at})\ndef G({args}):\n    a, b = V({args}), V({args})\n    return a, b[1]")
def _(t):
    g, _w, out, P = t.gradients()
    later = Twin(t.function, t.args, t.at, P, t.weights, t.same)
    again, _w, _out, P = later.gradients()
    return ((out, one_or_all(g)), one_or_all(again)), P


# -- products and Jacobians ---------------------------------------------------------------------------------------------


@way("vjp", "def G({args}):\n    out, back = ms.vjp(F, {args})\n    return out, back(ops.cos(ops.stop_gradient(out)))", forms=("tensor", "scalar"))
def _(t):
    t.at = tuple(range(len(t.args)))
    g, _w, out, P = t.gradients(lambda out: total(out * jnp.cos(jax.lax.stop_gradient(out))))
    return (out, tuple(g)), P


@way("vjp_weights", "def G({args}):\n    out, back = ms.vjp(F, {args}, weights=weights)\n    return back(ops.ones_like(out))", forms=("tensor", "scalar"))
def _(t):
    t.at = tuple(range(len(t.args)))
    g, w, _out, P = t.gradients()
    return (tuple(g), tuple(w)), P


@way("jvp", "def G({args}):\n    return ms.jvp(lambda {chosen}: F({args}), {inputs}, {directions})", forms=TENSORS, without=PURE)
def _(t):
    out, tangent = jax.jvp(t.of_one(), tuple(t.chosen), tuple(t.directions))
    return (out, tangent), t.P


@way("linearize", "def G({args}):\n    out, push = ops.linearize(lambda {chosen}: F({args}), {inputs})\n    return out, push({directions})", forms=TENSORS, without=PURE)
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


# -- higher orders ------------------------------------------------------------------------------------------------------


def _higher(t, fn, order, weights=()):
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
    g, P = jax.grad(_higher(t, None, 1), has_aux=True)(t.chosen, t.values)
    return one_or_all(g), P


@way("third", "G = ms.grad(ms.grad(ms.grad(F, {at}), {at}), {at})", without=frozenset(("once",)), forms=("tensor", "scalar", "tuple"))
def _(t):
    g, P = jax.grad(_higher(t, None, 2), has_aux=True)(t.chosen, t.values)
    return one_or_all(g), P


@way("weights_of_grad", "I = ms.grad(F, {at})\ndef L({args}):\n    g = I({args})\n    return sum((one * one).sum() for one in (g if isinstance(g, tuple) else (g,)))\nG = ms.value_and_grad(L, None, weights)", without=frozenset(("once",)))
def _(t):
    inner = jax.grad(_higher(t, None, 0), has_aux=True)

    def loss(w):
        g, P = inner(t.chosen, w)
        return sum((one * one).sum() for one in g), P

    (value, P), w = jax.value_and_grad(loss, has_aux=True)(t.values)
    return (value, tuple(w[name] for name in t.weights)), P


@way("value_and_grad_twice", "G = ms.value_and_grad(lambda {args}: ms.value_and_grad(F, {at})({args})[1], {at})", without=frozenset(("once",)))
def _(t):
    inner = jax.grad(_higher(t, None, 0), has_aux=True)

    def loss(chosen):
        g, P = inner(chosen, t.values)
        return sum(one.sum() for one in g), (g, P)

    g2, (g, P) = jax.grad(loss, has_aux=True)(t.chosen)
    return (one_or_all(g), one_or_all(g2)), P


@way("jvp_of_grad", "def G({args}):\n    return ms.jvp(lambda {chosen}: ms.grad(F, {at})({args}), {inputs}, {directions})", without=PURE | {"once"})
def _(t):
    inner = lambda *chosen: one_or_all(jax.grad(_higher(t, None, 0), has_aux=True)(list(chosen), t.values)[0])
    return jax.jvp(inner, tuple(t.chosen), tuple(t.directions)), t.P


@way("grad_of_jvp", "def G({args}):\n    return ms.grad(lambda {chosen}: ms.jvp(lambda {chosen}: F({args}), {inputs}, {directions})[1])({chosen})", forms=TENSORS, without=PURE | {"once"})
def _(t):
    pushed = lambda *chosen: total(jax.jvp(t.of_one(), chosen, tuple(t.directions))[1])
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

    @way(_name, _setup.replace("{first}", "0"), forms=_forms, without=PURE | {"once"}, kinds=("v",) if _name.startswith("jacrev") else ())
    def _(t):
        t.at = (0,)
        return _hessian(t), t.P


# -- vmap ---------------------------------------------------------------------------------------------------------------


@way("vmap", "G = ms.vmap(F)", forms=TENSORS, without=PURE, batched=True)
def _(t):
    return jax.vmap(lambda *a: t.function(dict(t.P), *a))(*t.args), t.P


@way("vmap_of_grad", "G = ms.vmap(ms.grad(F, {at}))", without=PURE, batched=True)
def _(t):
    g = jax.vmap(jax.grad(lambda *a: total(t.function(dict(t.P), *a)), t.at))(*t.args)
    return one_or_all(list(g)), t.P


@way("grad_of_vmap", "G = ms.grad(ms.vmap(F), {at}, weights)", forms=TENSORS, without=PURE, batched=True)
def _(t):
    loss = lambda w, *a: total(jax.vmap(lambda *a: t.function({**t.P, **w}, *a))(*a))
    w, *g = jax.grad(loss, (0, *(i + 1 for i in t.at)))(t.values, *t.args)
    return (one_or_all(list(g)), tuple(w[name] for name in t.weights)), t.P


@way("vmap_of_weights", "G = ms.vmap(ms.grad(F, None, weights))", without=PURE, batched=True)
def _(t):
    loss = lambda w, *a: total(t.function({**t.P, **w}, *a))
    w = jax.vmap(lambda *a: jax.grad(loss)(t.values, *a))(*t.args)
    return tuple(w[name] for name in t.weights), t.P


@way("vmap_of_second", "G = ms.vmap(ms.grad(ms.grad(F)))", without=PURE | {"once"}, batched=True)
def _(t):
    first = lambda *a: jax.grad(lambda *b: total(t.function(dict(t.P), *b)))(*a).sum()
    return jax.vmap(jax.grad(first))(*t.args), t.P


# -- operators at points ------------------------------------------------------------------------------------------------

POINTS: dict[str, Any] = {"forms": ("tensor",), "without": PURE | {"mixes", "once"}, "kinds": ("m",)}


def _rows(t, fn):
    one = lambda row: t.function(dict(t.P), row[None])[0]
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


@way("weights_of_laplacian", "L = ms.diffops.laplacian(F)\nG = ms.value_and_grad(lambda x: (L(x) ** 2).sum(), None, weights)", **POINTS)
def _(t):
    def loss(w):
        held = Twin(t.function, t.args, t.at, {**t.P, **w}, t.weights, t.same)
        return (_rows(held, _laplacian) ** 2).sum()

    value, w = jax.value_and_grad(loss)(t.values)
    return (value, tuple(w[name] for name in t.weights)), t.P
