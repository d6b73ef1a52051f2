"""Common subexpressions, merged before a function is differentiated.

A loss of MindSpore's idiom evaluates the same network anew for u, for `grad(u)` and for `grad(grad(u))`. XLA finds that
out and computes what is common once. But reverse mode has then made a way back for each copy, and those are different
computations. Merged beforehand there is one way back, as in a program that was written to share its intermediates.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import jax
import numpy as np

from msjax.shims.jax import product
from msjax.shims.primitives import ELEMENTWISE
from msjax.shims.programs import bound, inner, is_literal, live, run

_SMALL = 64


def merged(function: Callable, *args) -> Callable:
    """`function`, which is traced for `args` now, for arguments of their shapes; what it computes twice is merged, and
    what is not used left out: to differentiate an equation takes ten times as long as to trace it."""
    program, shape = jax.make_jaxpr(function, return_shape=True)(*args)
    # Constants of equal content are one, so that equations with them are found to be equal, too.
    tree, equal = jax.tree.structure(shape), {}
    consts = [equal.setdefault(_identity(c), c) for c in program.consts]

    def merged_once(*leaves):
        return run(program.jaxpr, consts, leaves, _Merging().results)

    # Traced once more, what is merged is a program of its own, of which the unused part can be seen.
    once = jax.make_jaxpr(merged_once)(*jax.tree.leaves(args))
    used = live(once.jaxpr)

    def merging(*args):
        results = run(used, once.consts, jax.tree.leaves(args), lambda equation, operands: bound(equation)(*operands))
        return jax.tree.unflatten(tree, results)

    return merging


class _Merging:
    """Remembers the results of equations."""

    def __init__(self):
        self.known: dict = {}  # what it keeps alive keeps its id
        self.joined: dict = {}  # by id, of what is a concatenation, (its axis, its parts)
        self.flat = _Flat()

    def results(self, equation, operands: list) -> list:
        # What has effects happens as often, and in the order, in which it is written.
        if equation.effects:
            return bound(equation)(*operands)
        if called := inner(equation):
            return run(*called, operands, self.results)
        name = equation.primitive.name
        if name == "slice" and id(operands[0]) in self.joined and (part := self.part(operands[0], equation.params)):
            return part
        identities = (
            (str(atom.aval), repr(np.asarray(value).item())) if is_literal(atom) else id(value)
            for atom, value in zip(equation.invars, operands, strict=True)
        )
        # By identity of the operands: equal equations of equal operands were merged before, so these are one by now.
        key = (equation.primitive, _fixed(equation.params), *identities)
        if key not in self.known:
            self.known[key] = operands, self.flat.results(equation, operands) or bound(equation)(*operands)
        results = self.known[key][1]
        if name == "concatenate":
            self.joined[id(results[0])] = equation.params["dimension"], operands
        return results

    def part(self, whole, params: dict) -> list | None:
        """One part of a concatenation, if that is what a slice of it is: then nothing is spent on the others."""
        axis, parts = self.joined[id(whole)]
        start = 0
        for one in parts:
            starts, limits = [0] * whole.ndim, list(whole.shape)
            starts[axis], limits[axis] = start, start + one.shape[axis]
            if (list(params["start_indices"]), list(params["limit_indices"])) == (starts, limits):
                # With steps between, it is not the part but some of its elements.
                return None if params["strides"] and max(params["strides"]) > 1 else [one]
            start = limits[axis]
        return None


class _Flat:
    """Products of stacked rows with a matrix, and what is computed of them element by element, as of rows in one axis.

    `vmap` makes such stacks, of one row each where a network is written for a batch and called for a point. Of these
    XLA computes the gradient by the matrix several times slower, and it does not vectorize loops over axes of length 1.
    """

    def __init__(self):
        self._known: dict = {}  # by id, (stacked rows, the same in one axis)

    def results(self, equation, operands: list) -> list | None:
        """The result of an equation, computed flat; None if that is not possible or of no use."""
        name = equation.primitive.name
        if name == "dot_general":
            return self._product(equation.params, *operands)
        if name in ELEMENTWISE and any(id(value) in self._known for value in operands):
            return self._elementwise(equation, operands)
        return None

    def _product(self, params: dict, left, right) -> list | None:
        (contracted, others), (batched, _) = params["dimension_numbers"]
        # Only rows times a matrix: there the axes in front are but a long way to say how many rows there are.
        if left.ndim < 3 or right.ndim != 2 or batched or contracted != (left.ndim - 1,):
            return None
        rows, numbers = self._of(left), (((1,), others), ((), ()))
        flat = product(rows, right, **params | {"dimension_numbers": numbers})
        return [self._stacked(flat, left.shape[:-1])]

    def _elementwise(self, equation, operands: list) -> list | None:
        (out,) = equation.outvars
        shape = out.aval.shape
        fitting = [np.ndim(v) == 0 or np.shape(v) in (shape, (*[1] * (len(shape) - 1), shape[-1])) for v in operands]
        if not all(fitting):
            return None
        flat = [self._of(v) if np.ndim(v) else v for v in operands]
        (result,) = bound(equation)(*flat)
        return [self._stacked(result, shape[:-1])]

    def _of(self, stacked):
        if id(stacked) not in self._known:
            *stacks, width = stacked.shape
            self._known[id(stacked)] = stacked, stacked.reshape(math.prod(stacks), width)
        return self._known[id(stacked)][1]

    def _stacked(self, rows, stacks: tuple):
        stacked = rows.reshape(*stacks, rows.shape[1])
        self._known[id(stacked)] = stacked, rows
        return stacked


def _identity(constant):
    """What equal constants have in common; of large arrays and tracers the identity."""
    if isinstance(constant, np.ndarray) and constant.size <= _SMALL:
        return constant.shape, str(constant.dtype), constant.tobytes()
    return id(constant)


def _fixed(params):
    """Parameters of an equation, hashable: what is not counts by identity."""
    if isinstance(params, dict):
        return tuple((name, _fixed(value)) for name, value in params.items())
    if isinstance(params, (list, tuple)):
        return tuple(map(_fixed, params))
    try:
        hash(params)
    except TypeError:
        return id(params)
    return params
