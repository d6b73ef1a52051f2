"""Second derivatives pushed forward through a program, summed while they are pushed.

`sum_k w_k d^2/ds^2 f(x + s v_k)` needs, of all second derivatives, only their sum. So each intermediate value carries
its derivatives along the directions and *one* second derivative, the weighted sum, instead of one for each direction.
For the Laplacian (unit directions, weights one) this is the forward Laplacian of Li et al.,
doi:10.1038/s42256-024-00794-x; in general it is collapsed Taylor mode, arXiv:2505.13644.

The program is a jaxpr. Most primitives need no rule of their own: the generic one differentiates the primitive twice
along each direction, so there is none that is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.maths.rules import softmax
from msjax.shims.jax import product
from msjax.shims.primitives import (
    AFFINE,
    AFFINE_IN_FIRST,
    BILINEAR,
    CHECKPOINTS,
    PIECEWISE_LINEAR,
    SMOOTH,
    SMOOTH_IN_ONE,
)
from msjax.shims.programs import bound, inner, is_elementwise, run

# So many directions, and so many equations for all of them, are computed one by one: narrow arrays are faster than
# stacks, but long programs take long to compile.
_MANY, _LONG = 16, 2000


class Carried(NamedTuple):
    """A value with its derivatives: `first` along each direction, a stack or a tuple; `second` their weighted sum.

    `second` is None where it is known to vanish. Axes of the batch have length 1 in `first` where it is the same at all
    points, as directions are: the first layer of a network pushes those on, not copies of them for each point.
    """

    value: jax.Array
    first: Any
    second: jax.Array | None


def propagated(function: Callable, xs: list, directions: list, weights: Any = None, axis: int = 0) -> tuple:
    """(f(x), derivatives along the directions, weighted sum of the second derivatives along them).

    Args:
        function: from a list of arrays to a list of arrays.
        xs: the list of arrays.
        directions: for each array one with an axis of length k more: its part of the k directions. The axes in front of
            that may have length 1.
        weights: k numbers; ones by default.
        axis: where that axis is. Behind the axes of a batch it makes for contiguous matrix products.

    Returns:
        three lists with an array for each result; the derivatives along the directions are stacked at `axis` too.
    """
    # A program can be walked through equation by equation, which a function can not.
    program = jax.make_jaxpr(function)(xs)
    count = directions[0].shape[min(axis, xs[0].ndim)]
    # Unrolled, each equation is there once for each direction, and all of them have to be compiled.
    short = count <= _MANY and count * _length(program.jaxpr) <= _LONG
    kind = (_OneByOne if short else _Stacked)(count, weights, axis)
    carried = [Carried(a, kind.of(v), None) for a, v in zip(xs, directions, strict=True)]
    results = [_filled(r, kind) for r in _Interpreter(kind, axis).run(program.jaxpr, program.consts, carried)]
    return [r.value for r in results], [kind.stack(r.first) for r in results], [r.second for r in results]


def _length(jaxpr) -> int:
    """How many equations there are, those of called programs too."""
    lengths = [_length(called[0]) if (called := inner(equation)) else 1 for equation in jaxpr.eqns]
    return sum(lengths)


def _filled(result, kind) -> Carried:
    if not isinstance(result, Carried):  # it does not depend on x
        result = jnp.asarray(result)
        return Carried(result, kind.zeros(result), jnp.zeros_like(result))
    result = result._replace(first=kind.spread(result))
    return result if result.second is not None else result._replace(second=jnp.zeros_like(result.value))


class _Stacked:
    """Derivatives along many directions, in one array with an axis for them."""

    def __init__(self, count: int, weights, axis: int):
        self._count, self._weights, self._axis = count, weights, axis

    def of(self, stack):
        return stack

    def stack(self, first):
        return first

    def zeros(self, value):
        return jnp.repeat(jnp.zeros_like(jnp.expand_dims(value, self._place(value))), self._count, self._place(value))

    def along(self, function, *firsts):
        """`function` of each direction's part."""
        axes = tuple(min(self._axis, f.ndim - 1) for f in firsts)
        shapes = jax.eval_shape(
            function, *(jax.ShapeDtypeStruct(_without(f.shape, a), f.dtype) for f, a in zip(firsts, axes, strict=True))
        )
        return jax.vmap(function, axes, jax.tree.map(self._place, shapes))(*firsts)

    def scaled(self, factor, first):
        """`first`, each direction's part times `factor`."""
        return jnp.expand_dims(factor, self._place(factor)) * first

    def crossed(self, params: dict, a, b):
        """The weighted sum of the products `dot_general` of each direction's parts, as one product."""
        places = [min(self._axis, one.ndim - 1) for one in (a, b)]
        if self._weights is not None:
            shape = [-1 if i == places[0] else 1 for i in range(a.ndim)]
            a = a * jnp.asarray(self._weights, a.dtype).reshape(shape)
        contracted, batched = (
            [[i + (i >= axis) for i in axes] for axes, axis in zip(pair, places, strict=True)]
            for pair in params["dimension_numbers"]
        )
        numbers = [[*axes, axis] for axes, axis in zip(contracted, places, strict=True)], batched
        return product(a, b, **params | {"dimension_numbers": _frozen(numbers)})

    def spread(self, carried: Carried):
        """`first` for each point."""
        axis, shape = self._place(carried.value), carried.value.shape
        return jnp.broadcast_to(carried.first, (*shape[:axis], self._count, *shape[axis:]))

    def summed(self, terms):
        """The weighted sum over the directions."""
        return weighted(terms, self._weights, min(self._axis, terms.ndim - 1))

    def _place(self, value) -> int:
        return min(self._axis, value.ndim)


class _OneByOne:
    """Derivatives along some directions, in a tuple."""

    def __init__(self, count: int, weights, axis: int):
        self._count, self._weights, self._axis = count, weights, axis

    def of(self, stack):
        axis = min(self._axis, stack.ndim - 1)
        return tuple(jax.lax.index_in_dim(stack, k, axis, keepdims=False) for k in range(self._count))

    def stack(self, first):
        return jnp.stack(first, min(self._axis, first[0].ndim))

    def zeros(self, value):
        return (jnp.zeros_like(value),) * self._count

    def along(self, function, *firsts):
        results = [function(*parts) for parts in zip(*firsts, strict=True)]
        return jax.tree.map(lambda *parts: parts, *results)

    def scaled(self, factor, first):
        return tuple(factor * one for one in first)

    def crossed(self, params, a, b):
        return self.summed(self.along(partial(product, **params), a, b))

    def spread(self, carried):
        return tuple(jnp.broadcast_to(one, carried.value.shape) for one in carried.first)

    def summed(self, terms):
        if self._weights is None:
            return sum(terms[1:], terms[0])
        pairs = [(w, t) for w, t in zip(self._weights, terms, strict=True) if not isinstance(w, np.generic) or w != 0]
        return sum((w.astype(t.dtype) * t for w, t in pairs), jnp.zeros_like(terms[0]))


class _Interpreter:
    """Runs a jaxpr on Carried values.

    Each rule takes the primitive as a function of those of its arguments that vary, and gives the results.
    """

    def __init__(self, kind, axis: int):
        self.along, self.scaled, self.summed, self.spread = kind.along, kind.scaled, kind.summed, kind.spread
        self.crossed = kind.crossed
        self.axis = axis

    def run(self, jaxpr, consts, arguments) -> list:
        """The results, each Carried, or an array if it does not vary."""
        return run(jaxpr, consts, arguments, self.apply)

    def apply(self, equation, arguments) -> list:
        """The results of one equation."""
        name, function = equation.primitive.name, bound(equation)
        varying = [isinstance(a, Carried) for a in arguments]
        if not any(varying):
            return function(*arguments)
        called, places = inner(equation), [i for i, v in enumerate(varying) if v]
        if called and not (len(places) == 1 and is_elementwise(called[0], places)):  # as activations are
            return self.run(*called, arguments)
        if name in CHECKPOINTS:  # what is recomputed stays so
            again = partial(self.run, equation.params["jaxpr"], ())
            return jax.checkpoint(again, policy=equation.params["policy"])(arguments)

        def of_varying(*arrays):
            remaining = iter(arrays)
            whole = [next(remaining) if v else a for v, a in zip(varying, arguments, strict=True)]
            return function(*whole)

        carried = [a for a in arguments if isinstance(a, Carried)]
        if not any(_inexact(v.aval) for v in equation.outvars):  # comparisons, indices: constant but for jumps
            return of_varying(*(g.value for g in carried))
        if name == "stop_gradient":
            return of_varying(*(g.value for g in carried))
        rule = self.elementwise if called else self._rule(equation, varying)
        if sum(varying) == 1 and carried[0].second is None:
            first = self._same_at_all_points(equation, varying, of_varying, carried[0].first)
            if first is not None:
                (value,) = of_varying(carried[0].value)
                return [Carried(value, first, None)]
        if rule not in (self.elementwise, self.quotient):
            carried = [g._replace(first=self.spread(g)) for g in carried]
        return rule(of_varying, carried)

    def _same_at_all_points(self, equation, varying, function, first):
        """`first` of a product with a matrix, or of a sum with a constant, not spread over the batch; else None."""
        name = equation.primitive.name
        if name == "add" or (name == "sub" and varying[0]):
            return first
        if name == "dot_general" and varying[0]:
            (contracted, _), (batched, _) = equation.params["dimension_numbers"]
            if not batched and all(a >= self.axis for a in contracted):
                return self.along(lambda v: function(v)[0], first)
        return None

    def _rule(self, equation, varying: list[bool]) -> Callable:
        name, alone = equation.primitive.name, sum(varying) == 1
        if (
            name in AFFINE
            or name in PIECEWISE_LINEAR
            or (name in AFFINE_IN_FIRST and alone and varying[0])
            or (name in BILINEAR and alone)
            or (name == "select_n" and not varying[0])
        ):
            return self.linear
        if name == "dot_general":
            return partial(self.bilinear, crossed=partial(self.crossed, equation.params))
        if axes := _softmax_axes(equation):
            return partial(self.softmax, axes)
        if name in BILINEAR:
            return self.bilinear
        (out, *_) = equation.outvars
        if any(v.aval.ndim != out.aval.ndim for v, varies in zip(equation.invars, varying, strict=True) if varies):
            return self.generic  # spread over more axes
        if name == "div" and not alone:
            return self.quotient
        return self.elementwise if name in SMOOTH or (name in SMOOTH_IN_ONE and alone) else self.generic

    def linear(self, function, carried) -> list:
        values = tuple(g.value for g in carried)
        results, push = function(*values), _pushforward(function, values)
        first = self.along(push, *(g.first for g in carried))
        return list(map(Carried, results, first, _seconds(push, carried, len(results))))

    def bilinear(self, function, carried, crossed: Callable | None = None) -> list:
        a, b = carried
        first = self.along(lambda u, v: function(u, b.value)[0] + function(a.value, v)[0], a.first, b.first)
        if crossed is None:
            second = 2 * self.summed(self.along(lambda u, v: function(u, v)[0], a.first, b.first))
        else:
            second = 2 * crossed(a.first, b.first)
        if a.second is not None:
            second = second + function(a.second, b.value)[0]
        if b.second is not None:
            second = second + function(a.value, b.second)[0]
        return [Carried(function(a.value, b.value)[0], first, second)]

    def elementwise(self, function, carried) -> list:
        (x,) = carried
        if jnp.iscomplexobj(x.value):  # not all of them are holomorphic
            return self.generic(function, carried)
        one = jnp.ones_like(x.value)

        def slope(v):
            return jax.jvp(lambda u: function(u)[0], (v,), (one,))

        (value, first), (_, second) = jax.jvp(slope, (x.value,), (one,))
        bent = second * self.summed(jax.tree.map(jnp.square, x.first))
        return [Carried(value, self.scaled(first, x.first), bent if x.second is None else bent + first * x.second)]

    def quotient(self, function, carried) -> list:
        a, b = carried
        # With the value and 1 / b at hand, no direction needs a division of its own.
        (value,), over = function(a.value, b.value), 1 / b.value
        first = jax.tree.map(jnp.subtract, self.scaled(over, a.first), self.scaled(value * over, b.first))
        second = -2 * self.summed(jax.tree.map(jnp.multiply, first, b.first))
        if a.second is not None:
            second = second + a.second
        if b.second is not None:
            second = second - value * b.second
        return [Carried(value, first, second * over)]

    def softmax(self, axes: tuple, function, carried) -> list:
        (x,) = carried
        (value,) = function(x.value)

        def total(terms):
            return terms.sum(axes, keepdims=True)

        deviations = self.along(lambda v: v - total(value * v), x.first)
        first = self.scaled(value, deviations)
        bent = self.summed(jax.tree.map(jnp.multiply, first, deviations))  # where the value is 0, so is this
        bent = bent if x.second is None else bent + value * x.second
        return [Carried(value, first, bent - value * total(bent))]

    def generic(self, function, carried) -> list:
        values = tuple(g.value for g in carried)
        results = function(*values)
        smooth = [jnp.issubdtype(r.dtype, jnp.inexact) for r in results]

        def floats(*arrays):
            return [r for r, keep in zip(function(*arrays), smooth, strict=True) if keep]

        def bent(*directions):
            def slope(*arrays):
                return jax.jvp(floats, arrays, directions)[1]

            return jax.jvp(slope, values, directions)

        first, second = self.along(bent, *(g.first for g in carried))
        pushed = _seconds(_pushforward(floats, values), carried, len(first))
        summed = [self.summed(s) if p is None else self.summed(s) + p for s, p in zip(second, pushed, strict=True)]
        derived = zip(first, summed, strict=True)
        return [Carried(r, *next(derived)) if keep else r for r, keep in zip(results, smooth, strict=True)]


def _softmax_axes(equation) -> tuple | None:
    """The axes if an equation is our softmax, which is told by its program; else None."""
    if equation.primitive.name != "custom_jvp_call":
        return None
    called = equation.params["call_jaxpr"]
    largest = [e for e in called.jaxpr.eqns if e.primitive.name == "reduce_max"]
    if len(largest) != 1 or len(equation.invars) != 1:
        return None
    (x,), axes = called.in_avals, largest[0].params["axes"]
    known = jax.make_jaxpr(lambda x: softmax(x, axes))(jax.ShapeDtypeStruct(x.shape, x.dtype))
    return axes if str(known.eqns[0].params["call_jaxpr"]) == str(called) else None


def weighted(terms: Any, weights: Any, axis: int) -> jax.Array:
    """The sum along an axis, weighted if there are weights."""
    return terms.sum(axis) if weights is None else jnp.tensordot(terms, weights.astype(terms.dtype), ((axis,), (0,)))


def _frozen(numbers):
    return tuple(map(_frozen, numbers)) if isinstance(numbers, (list, tuple)) else numbers


def _without(shape: tuple, axis: int) -> tuple:
    return (*shape[:axis], *shape[axis + 1 :])


def _inexact(aval) -> bool:
    return jnp.issubdtype(getattr(aval, "dtype", jnp.int32), jnp.inexact)


def _pushforward(function, values) -> Callable:
    """The derivative of `function`, as a function of tangents."""

    def push(*tangents):
        return jax.jvp(function, values, tangents)[1]

    return push


def _seconds(push: Callable, carried, count: int) -> list:
    """What the second derivatives of the arguments contribute to those of the `count` results."""
    if all(g.second is None for g in carried):
        return [None] * count
    seconds = [jnp.zeros_like(g.value) if g.second is None else g.second for g in carried]
    return push(*seconds)
