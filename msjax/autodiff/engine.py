"""The one place where functions on handles meet JAX's transforms.

The handles to differentiate are swapped for tracers while the function runs, so whoever holds one of them, whether as
an argument, in a closure or as `self.w`, sees the tracer: a Tensor passed twice or captured gets the sum of its uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

import jax
import jax.numpy as jnp

from msjax.autodiff.hooks import called, hooked
from msjax.autodiff.late import hooks_moved
from msjax.autodiff.linear import is_linear
from msjax.autodiff.merge import merged
from msjax.autodiff.rows import are_rows, pulled
from msjax.autodiff.tree import differentiable, leaves_in, refilled, tensors_in
from msjax.core import context, trace
from msjax.core.demands import Placed
from msjax.core.frames import Frame
from msjax.core.tensor import Tensor, raw, wrap
from msjax.core.trace import Kind
from msjax.core.tracebacks import shorten
from msjax.core.view import owner
from msjax.ops.call.shadows import as_integers, derivative_of, of_leaf
from msjax.shims.jax import eval_program
from msjax.shims.programs import size_of

# How many derivatives along directions may stand for one gradient of gradients.
_COLUMNS = 4
# So many directions of a Jacobian are computed one by one, if that takes not more operators than these.
_FEW, _SMALL = 8, 2000


def whole(value: Any) -> Any:
    """What is differentiated of a function's result: all of it."""
    return value


class Leaves:
    """The distinct handles among those to differentiate; handles that are held constant are left out."""

    def __init__(self, handles, constant=()):
        held = {id(owner(h)) for h in constant}
        # `Tensor(t)` is the same leaf as `t`, and a Tensor that is passed twice is one leaf: gradients add up in it.
        distinct = {id(owner(h)): owner(h) for h in handles}
        self.handles = [h for key, h in distinct.items() if key not in held]
        self._index = {id(h): i for i, h in enumerate(self.handles)}

    def arrays(self) -> list:
        return [of_leaf(h) for h in self.handles]

    def index_of(self, handle: Tensor) -> int | None:
        """Which leaf `handle` is, or None."""
        return self._index.get(id(owner(handle)))

    def gradient(self, handle: Tensor, gradients: list) -> Tensor:
        """The gradient of one handle, zeros if it is not among the leaves."""
        index, array = self.index_of(handle), raw(handle)
        if index is None:
            return wrap(jnp.zeros_like(array))
        return wrap(gradients[index]) if differentiable(array) else as_integers(gradients[index], array.dtype)


class Evaluation:
    """One run of a function on handles, as the pure function of arrays that JAX's transforms take.

    Calling it gives the arrays of the outputs and those of the handles that outlive the run; the latter, as they come
    out of the transform, are what `through` puts back.

    Args:
        run: the function.
        leaves: handles that hold the tracers while it runs.
        select: of its result, what are the outputs.
        records: whether to note which handles it reads.
        kind: what the transform does with values.

    Attributes:
        value: what the function returned, the very object unless arrays are in it.
        outputs: the Tensors among the outputs, and new ones that stand for arrays.
        stand_ins: if there are arrays in the value, all its Tensors, and those that stand for arrays.
        markers: how many of the last results are those of hooks that came late.
    """

    def __init__(
        self, run: Callable, leaves=(), select: Callable = whole, records: bool = False, kind: Kind = Kind.FORWARD
    ):
        self.frame = Placed(leaves, records, kind)
        self._run, self._select = run, select

    def __call__(self, tracers, *args):
        with self.frame.running(tracers):
            self.value = self._run(*args)
            self.outputs = tensors_in(self._select(self.value))
            # Only where arrays are in the value it has to be built anew afterwards; else it stays the very object.
            self.stand_ins = [] if _has_no_array(self.value) else tensors_in(self.value)
            results = [raw(t) for t in self.outputs]
            self._derived = [derivative_of(t) for t in self.outputs]
            self.escaping = self.frame.escaping()
            # What is still alive, and so can be seen when the transform is over, leaves it as further results.
            values = [h._array for h in self.escaping]
            return results, values + [trace.detach(h._array) for h in self.frame.rewritten()]

    def floats(self, tracers: Iterable) -> tuple[list, list]:
        """The same, without the outputs that have no derivative."""
        _, values = self(tracers)
        derived, self._derived = self._derived, []  # tracers are not to be kept
        # As results of the function the markers are kept by JAX, so that `late` finds them on the way back.
        markers, self.frame.late = [raw(m) for m in self.frame.late], []
        self.has_derivative, self.markers = [d is not None for d in derived], len(markers)
        return [d for d in derived if d is not None] + markers, values

    def is_compiled(self) -> bool:
        """Whether all is compiled, and the function has no rules of its own, whose Python code is run once."""
        return self.frame.abstract and not self.frame.ruled

    def through(self, transform: Callable, *args) -> list:
        """`transform(*args)`, whose last result is the values of handles that outlive the run; gives the others."""
        try:
            *answer, values = transform(*args)
        except BaseException as error:
            # JAX has let go of the tracers: there is no value to come out any more.
            self.frame.lose()
            shorten(error)
            raise
        self.frame.settle(self.escaping, values)
        if self.stand_ins:
            self.value = refilled(self.value, iter(self.stand_ins))
        return answer

    def filled(self, derivatives: list) -> list[Tensor]:
        """One Tensor for each output, of the derivatives of those that have one; zeros for the others."""
        remaining = iter(derivatives)
        return [
            _like(next(remaining), raw(t)) if has else wrap(jnp.zeros_like(raw(t)))
            for t, has in zip(self.outputs, self.has_derivative, strict=True)
        ]


def _has_no_array(value) -> bool:
    return all(isinstance(leaf, Tensor) for leaf in leaves_in(value))


def _like(derivative, output) -> Tensor:
    return wrap(derivative) if differentiable(output) else as_integers(derivative, output.dtype)


def isolated(function: Callable) -> Callable:
    """`function`, for a transform of its own: handles that it leaves behind keep a value if there is one, no tracer."""

    def run(*args):
        frame = Frame()
        with frame.running([]):
            result = function(*args)
        frame.abandon()
        return result

    return run


def _vjp(run: Callable, arrays: list):
    if trace.staged():
        # Eagerly nothing is merged: it takes a trace of its own, which pays where the program is run often.
        run = merged(run, arrays)
    return jax.vjp(run, arrays, has_aux=True)


class Linearized:
    """`fn(*args, **kwargs)` evaluated, and its pullback to `leaves`.

    Args:
        select: of fn's result, what is differentiated; the whole by default.

    Attributes:
        value: what fn returned, the very object.
        differentiated: what of it is differentiated.
        outputs: the Tensors in that.
    """

    def __init__(self, fn: Callable, args, kwargs, leaves: Leaves, select: Callable = whole):
        self.leaves = leaves
        evaluation = Evaluation(lambda: fn(*args, **kwargs), leaves.handles, select, records=True, kind=Kind.REVERSE)
        self.evaluation = evaluation

        def run(arrays):
            # Inside of what JAX differentiates, so that a hook of a leaf sees what has come from all of its uses.
            handles = zip(leaves.handles, arrays, strict=True)
            return evaluation.floats([hooked(h._hooks, a, raw(h).dtype) for h, a in handles])

        with context.of_graph((*args, *kwargs.values())) if context.in_graph() else nullcontext():
            results, pullback = evaluation.through(_vjp, run, leaves.arrays())
        end = len(results) - evaluation.markers
        self.results, self.pullback = results[:end], hooks_moved(pullback, results[end:]) if results[end:] else pullback
        self.value, self.outputs = evaluation.value, evaluation.outputs
        self.differentiated = select(self.value)
        # The transforms around learn that this is a gradient of gradients, which `rows` may push forward.
        trace.note_derivative()

    def reads(self, handle: Tensor) -> bool:
        """Whether the function used `handle`."""
        return id(handle) in self.evaluation.frame.reads

    def order_of_use(self, handle: Tensor) -> int:
        """Sorts the handles that the function used by their first use."""
        return list(self.evaluation.frame.reads).index(id(handle))

    def pull(self, cotangents: list | None = None) -> list:
        """Gradients of the leaves, as raw arrays.

        Args:
            cotangents: one raw array for each output; None for ones.
        """
        if cotangents is None:
            wanted = [jnp.ones_like(r) for r in self.results]
        else:
            pairs = zip(cotangents, self.evaluation.has_derivative, strict=True)
            needed = [c for c, has in pairs if has]
            wanted = [c.astype(r.dtype) for c, r in zip(needed, self.results, strict=True)]
        # JAX's gradient of a complex argument is the conjugate of MindSpore's.
        conjugate = [jnp.conj(w) for w in wanted]
        if self.evaluation.is_compiled():
            leaves = self.leaves.arrays()
            nested = self.in_compiled_nest() or _orders_around() > 1
            wide = pulled(self.pullback, conjugate, leaves, _COLUMNS, nested)
            gradients = [g.astype(a.dtype) for g, a in zip(wide, leaves, strict=True)]  # pushed forward, wide ones win
        else:
            (gradients,) = self.pullback(conjugate)
        held_back = self.evaluation.frame.held_back
        of_leaves = zip(self.leaves.handles, gradients, strict=True)
        return [jnp.zeros_like(g) if id(h) in held_back else jnp.conj(g) for h, g in of_leaves]

    def of_weight(self, weight: Tensor, gradients: list) -> Tensor:
        """The gradient of a weight; if the function does not use it, its hooks get zeros, except in graph mode."""
        gradient = self.leaves.gradient(weight, gradients)
        if weight._hooks and self.leaves.index_of(weight) is not None and not self.reads(weight):
            return gradient if context.in_graph() else called(weight._hooks, gradient)
        return gradient

    def in_compiled_nest(self) -> bool:
        """Whether the function computes gradients itself, without rules of its own, and all is compiled."""
        return self.evaluation.is_compiled() and self.evaluation.frame.nested

    def push(self, tangents: list) -> list:
        """Tangents of the results for tangents of the leaves: by the transpose of the pullback, if that is linear."""
        transpose = self._transpose()
        if transpose is not None:
            return transpose((tangents,))[0]
        pushed: list[Any] = [sum(map(_product, row, tangents)) for row in self.rows()]
        return [p.reshape(r.shape) for p, r in zip(pushed, self.results, strict=True)]

    def rows(self) -> list:
        """For each result the gradients of its elements, stacked in front: a list of arrays, one for each leaf."""
        # A user's rule may run inside, and make Tensors: under `vmap` their tracers must not stay in handles.
        pull = isolated(self.pullback)
        try:
            return [for_each(lambda one: pull(one)[0], basis, self.evaluation) for basis in bases(self.results)]
        except trace.NEEDS_VALUE:
            if trace.staged():
                raise
        # The rule decides by values, which `vmap` does not have: one call for each direction then.
        each = [[pull(list(one))[0] for one in zip(*basis, strict=True)] for basis in bases(self.results)]
        return [list(map(jnp.stack, zip(*gradients, strict=True))) for gradients in each]

    def _transpose(self) -> Callable | None:
        """The transpose of the pullback; None if it is not known to be linear, since it has a rule of the user's."""
        zeros = [jnp.zeros_like(r) for r in self.results]
        try:
            program = jax.make_jaxpr(isolated(self.pullback))(zeros)
        except trace.NEEDS_VALUE:
            return None
        if not is_linear(program):
            return None
        _, transpose = jax.vjp(lambda cotangents: (eval_program(program, *cotangents),), zeros)
        return transpose


def _orders_around() -> int:
    """How many running gradients by points this one is a part of. From two on, which is of third order in all, it costs
    less to push forward the innermost, too: reverse mode would double what the others differentiate."""
    gradients = (f for f in trace.stack().frames if f.kind is Kind.REVERSE)
    return sum(are_rows([raw(leaf) for leaf in f.leaves], _COLUMNS) for f in gradients)


def _product(row, tangent):
    """Of the gradients of some numbers by a leaf, and a direction of the leaf."""
    return jnp.tensordot(row, tangent, tangent.ndim)


def for_each(function: Callable, basis: list, evaluation: Evaluation) -> list:
    """The results for each direction, stacked; of what is compiled a few are computed one by one, which is faster."""
    count = len(basis[0])
    if not evaluation.is_compiled() or not 0 < count <= _FEW:
        return jax.vmap(function)(basis)
    program = jax.make_jaxpr(function)([b[0] for b in basis])
    if count * size_of(program.jaxpr) > _SMALL:
        return jax.vmap(function)(basis)
    each = [eval_program(program, *(b[k] for b in basis)) for k in range(count)]
    return [jnp.stack(parts) for parts in zip(*each, strict=True)]


def bases(arrays: list) -> list:
    """For each array, the directions along its elements, and as many zeros for the other arrays."""
    return [
        [
            jnp.eye(a.size, dtype=a.dtype).reshape(a.size, *a.shape)
            if i == k
            else jnp.zeros((a.size, *b.shape), b.dtype)
            for i, b in enumerate(arrays)
        ]
        for k, a in enumerate(arrays)
    ]
