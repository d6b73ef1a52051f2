"""How a function is differentiated: by msjax, as text, and by JAX."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from .. import construct
from ..twin import total

ANY = ("scalar", "tensor", "tuple", "list", "dict", "mixed", "argument", "constant")
TENSORS = ("scalar", "tensor", "tuple", "argument")
AUX = ("aux", "nested_aux", "aux_one")
PURE, COMPILED = (frozenset(tags.split()) for tags in (construct.PURE, construct.COMPILED))
UNBATCHED = frozenset(("state", "random"))


@dataclass(frozen=True)
class Whole:
    """The gradient of an integer, before it is cut off to a whole number."""

    value: jax.Array


class Twin:
    """The function for JAX, with the arguments and Parameters of one call.

    Attributes:
        function: of Parameters, which it may replace, and arguments.
        args: one array each.
        at: which arguments are differentiated.
        P: all Parameters by name; weights are the names of those that are differentiated.
        same: whether the arguments are one Tensor.
        whole: which arguments are integers.
    """

    def __init__(self, function, args, at, P, weights, same, whole=()):
        self.function, self.args, self.at, self.P, self.weights, self.same = function, args, at, P, weights, same
        self.whole = whole

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

        # MindSpore's gradient of complex numbers is the conjugate of JAX's.
        _, back, (out, P) = jax.vjp(scalar, self.chosen, self.values, has_aux=True)
        g, w = jax.tree.map(jnp.conj, back(jnp.ones_like(loss(out))))
        return self.spread(g), [w[name] for name in self.weights], out, P

    def spread(self, g: list) -> list:
        g = [g[0]] * len(self.at) if self.same else g
        return [Whole(one) if i in self.whole else one for i, one in zip(self.at, g, strict=True)]

    def of_one(self):
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
    batched: bool = False


WAYS: dict[str, Way] = {}
SERIES: dict[str, Way] = {}


def way(name: str, setup: str, call: str = "G({args})", table: dict[str, Way] = WAYS, **more):
    """In texts, `{args}` are the arguments, `{at}` the positions, `{chosen}` the differentiated arguments."""

    def add(twin):
        lines = textwrap.dedent(setup).strip()
        table[name] = Way(name, lambda p: _text(lines, p), lambda p: _text(call, p), twin, **more)
        return twin

    return add


def _text(text: str, p) -> str:
    names = list(p.arguments)
    chosen = [names[i] for i in p.positions]
    directions = [f"R[{p.arguments[name]!r}]" for name in chosen]
    series = [f"ops.stack(({one}, {one} * 0.5))" for one in directions]
    # One position may stand alone or in a tuple.
    at = p.positions if len(p.positions) > 1 or p.seed % 2 else p.positions[0]
    filled = {
        "{args}": ", ".join(names),
        "{at}": repr(at),
        "{inputs}": _one_or_tuple(chosen),
        "{directions}": _one_or_tuple(directions),
        "{series}": _one_or_tuple(series),
        "{chosen}": ", ".join(chosen),
    }
    return functools.reduce(lambda text, mark: text.replace(mark, filled[mark]), filled, text)


def _one_or_tuple(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
