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
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.extend.core import Literal

from msjax.autodiff.equations import bound, inner

# Linear in all that varies, up to constants that are added.
_LINEAR = frozenset(
    "neg add sub add_any reshape broadcast_in_dim transpose squeeze expand_dims slice rev reduce_sum cumsum "
    "concatenate convert_element_type copy copy_p real imag complex conj".split()
)
# Linear in the first argument, if the others do not vary.
_LINEAR_IN_FIRST = frozenset("div gather dynamic_slice pad".split())
_BILINEAR = frozenset("mul dot_general conv_general_dilated".split())
_ELEMENTWISE = frozenset(
    "tanh exp exp2 expm1 log log1p sin cos tan asin acos atan sinh cosh asinh acosh atanh logistic sqrt rsqrt cbrt "
    "integer_pow square erf erfc erf_inv abs".split()
)
_CHECKPOINTS = frozenset("remat remat2 checkpoint".split())


class Carried(NamedTuple):
    """A value with its derivatives: `first` along each direction, stacked; `second` their weighted sum.

    `second` is None where it is known to vanish.
    """

    value: jax.Array
    first: jax.Array
    second: jax.Array | None


def propagated(function: Callable, xs: list, directions: list, weights=None, axis: int = 0) -> tuple:
    """(f(x), derivatives along the directions, weighted sum of the second derivatives along them).

    Args:
        function: from a list of arrays to a list of arrays.
        xs: the list of arrays.
        directions: for each array one with an axis of length k more: its part of the k directions.
        weights: k numbers; ones by default.
        axis: where that axis is. Behind the axes of a batch it makes for contiguous matrix products.

    Returns:
        three lists with an array for each result; the derivatives along the directions are stacked at `axis` too.
    """
    program = jax.make_jaxpr(function)(xs)
    carried = [Carried(a, v, None) for a, v in zip(xs, directions, strict=True)]
    count = directions[0].shape[min(axis, xs[0].ndim)]
    results = [_filled(r, count, axis) for r in _Interpreter(weights, axis).run(program.jaxpr, program.consts, carried)]
    return [r.value for r in results], [r.first for r in results], [r.second for r in results]


def _filled(result, count: int, axis: int) -> Carried:
    if not isinstance(result, Carried):  # it does not depend on x
        result = jnp.asarray(result)
        zeros = jnp.zeros_like(jnp.expand_dims(result, min(axis, result.ndim)))
        result = Carried(result, jnp.repeat(zeros, count, min(axis, result.ndim)), None)
    return result if result.second is not None else result._replace(second=jnp.zeros_like(result.value))


class _Interpreter:
    """Runs a jaxpr on Carried values.

    Each rule takes the primitive as a function of those of its arguments that vary, and gives the results.
    """

    def __init__(self, weights, axis: int):
        self.weights, self.axis = weights, axis

    def run(self, jaxpr, consts, arguments) -> list:
        """The results, each Carried, or an array if it does not vary."""
        values: dict = dict(zip(jaxpr.constvars, consts, strict=True))
        values.update(zip(jaxpr.invars, arguments, strict=True))

        def read(atom):
            return atom.val if isinstance(atom, Literal) else values[atom]

        for equation in jaxpr.eqns:
            results = self.apply(equation, [read(a) for a in equation.invars])
            values.update(zip(equation.outvars, results, strict=True))
        return [read(a) for a in jaxpr.outvars]

    def apply(self, equation, arguments) -> list:
        """The results of one equation."""
        name, function = equation.primitive.name, bound(equation)
        varying = [isinstance(a, Carried) for a in arguments]
        if not any(varying):
            return function(*arguments)
        if called := inner(equation):
            return self.run(*called, arguments)
        if name in _CHECKPOINTS:  # what is recomputed stays so
            run = partial(self.run, equation.params["jaxpr"], ())
            return jax.checkpoint(run, policy=equation.params["policy"])(arguments)

        def of_varying(*arrays):
            found = iter(arrays)
            return function(*(next(found) if v else a for v, a in zip(varying, arguments, strict=True)))

        given = [a for a in arguments if isinstance(a, Carried)]
        if not any(_inexact(v.aval) for v in equation.outvars):  # comparisons, indices: constant but for jumps
            return of_varying(*(g.value for g in given))
        return self._rule(name, varying)(of_varying, given)

    def _rule(self, name: str, varying: list[bool]) -> Callable:
        alone = sum(varying) == 1
        if (
            name in _LINEAR
            or (name in _LINEAR_IN_FIRST and alone and varying[0])
            or (name in _BILINEAR and alone)
            or (name == "select_n" and not varying[0])
        ):
            return self.linear
        if name in _BILINEAR:
            return self.bilinear
        return self.elementwise if name in _ELEMENTWISE else self.generic

    def linear(self, function, given) -> list:
        values = tuple(g.value for g in given)
        results, push = function(*values), _pushforward(function, values)
        first = self.along(push, *(g.first for g in given))
        return list(map(Carried, results, first, _seconds(push, given, len(results))))

    def bilinear(self, function, given) -> list:
        a, b = given
        (left,) = self.along(lambda v: function(v, b.value), a.first)
        (right,) = self.along(lambda v: function(a.value, v), b.first)
        (cross,) = self.along(function, a.first, b.first)
        second = 2 * self.summed(cross)
        if a.second is not None:
            second = second + function(a.second, b.value)[0]
        if b.second is not None:
            second = second + function(a.value, b.second)[0]
        return [Carried(function(a.value, b.value)[0], left + right, second)]

    def elementwise(self, function, given) -> list:
        (x,) = given
        if jnp.iscomplexobj(x.value):  # not all of them are holomorphic
            return self.generic(function, given)
        one = jnp.ones_like(x.value)

        def slope(v):
            return jax.jvp(lambda u: function(u)[0], (v,), (one,))

        (value, first), (_, second) = jax.jvp(slope, (x.value,), (one,))
        spread = jnp.expand_dims(first, min(self.axis, first.ndim))
        bent = second * self.summed(x.first * x.first)
        return [Carried(value, spread * x.first, bent if x.second is None else bent + first * x.second)]

    def generic(self, function, given) -> list:
        values = tuple(g.value for g in given)
        results = function(*values)
        smooth = [jnp.issubdtype(r.dtype, jnp.inexact) for r in results]

        def floats(*arrays):
            return [r for r, keep in zip(function(*arrays), smooth, strict=True) if keep]

        def bent(*directions):
            def slope(*arrays):
                return jax.jvp(floats, arrays, directions)[1]

            return jax.jvp(slope, values, directions)

        first, second = self.along(bent, *(g.first for g in given))
        pushed = _seconds(_pushforward(floats, values), given, len(first))
        derived = iter(
            (f, self.summed(s) if p is None else self.summed(s) + p)
            for f, s, p in zip(first, second, pushed, strict=True)
        )
        return [Carried(r, *next(derived)) if keep else r for r, keep in zip(results, smooth, strict=True)]

    def along(self, function, *stacks):
        """`function` of each direction's part, the results stacked."""
        axes = tuple(min(self.axis, s.ndim - 1) for s in stacks)
        shapes = jax.eval_shape(
            function, *(jax.ShapeDtypeStruct(_without(s.shape, a), s.dtype) for s, a in zip(stacks, axes, strict=True))
        )
        return jax.vmap(function, axes, jax.tree.map(lambda s: min(self.axis, s.ndim), shapes))(*stacks)

    def summed(self, terms):
        """The weighted sum over directions."""
        return weighted(terms, self.weights, min(self.axis, terms.ndim - 1))


def weighted(terms, weights, axis: int):
    """The sum along an axis, weighted if there are weights."""
    return terms.sum(axis) if weights is None else jnp.tensordot(terms, weights.astype(terms.dtype), ((axis,), (0,)))


def _without(shape: tuple, axis: int) -> tuple:
    return (*shape[:axis], *shape[axis + 1 :])


def _inexact(aval) -> bool:
    return jnp.issubdtype(getattr(aval, "dtype", jnp.int32), jnp.inexact)


def _pushforward(function, values) -> Callable:
    """The derivative of `function`, as a function of tangents."""

    def push(*tangents):
        return jax.jvp(function, values, tangents)[1]

    return push


def _seconds(push: Callable, given, count: int) -> list:
    """What the second derivatives of the arguments contribute to those of the `count` results."""
    if all(g.second is None for g in given):
        return [None] * count
    return push(*(jnp.zeros_like(g.value) if g.second is None else g.second for g in given))
