"""A user's function near given points, as a pure function of arrays of coordinates."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.autodiff.engine import Evaluation
from msjax.autodiff.slots import check_function, check_position, positions_of
from msjax.autodiff.tree import derived, differentiable, tensors_in
from msjax.core import dtype as mstype
from msjax.core import watching
from msjax.core.demands import enforce
from msjax.core.kinds import is_a
from msjax.core.tensor import Tensor, raw, wrap
from msjax.core.trace import NEEDS_VALUE, Kind
from msjax.diffops.mixing import mixing_operator
from msjax.shims.jax import as_function
from msjax.shims.programs import live


class Field:
    """f at points.

    The last axis of each chosen argument holds coordinates; the axes in front are a batch, whose rows f must treat
    each by itself. A number (a Tensor without axes) is one coordinate.

    Args:
        f: a function or Cell.
        args: its arguments.
        grad_position: which of them hold coordinates.
        chunk: how many rows to compute at a time; all by default.
        name: what is computed, for a warning if f is seen to mix the rows; without it there is none.

    Attributes:
        xs: the arrays of the chosen arguments.
        axis: how many axes the batch has.
        size: the number of coordinates in all.

    Raises:
        TypeError: if f can not be called, or a chosen argument is no Tensor of floats.
        ValueError: if the chosen arguments have batches of different shapes, or `chunk` is no positive int.
    """

    def __init__(self, f: Callable, args: tuple, grad_position: Any = 0, chunk: int | None = None, name: str = ""):
        check_function(f)
        check_position(grad_position)
        self._f, self._args, self._positions, self._name = f, args, positions_of(grad_position), name
        self.xs = [_coordinates(args, p) for p in self._positions]
        self.batch = self.xs[0].shape[:-1]
        for x in self.xs:
            if x.shape[:-1] != self.batch:
                raise ValueError(
                    "The arguments that hold coordinates must agree in all axes but the last, but have the shapes "
                    f"{' and '.join(str(a.shape) for a in self.xs)}."
                )
        self.axis = len(self.batch)
        self.widths = [x.shape[-1] if x.ndim else 1 for x in self.xs]
        self.size = sum(self.widths)
        self.dtype = jnp.result_type(*self.xs)
        self.chunk = _chunk(chunk, self.batch)

    def derived(self, transform: Callable) -> list:
        """`transform(function, xs)` for the pure function of the coordinates.

        It gives a list of lists of arrays, each with one array for each output of f. So does this, with the Tensors in
        the places that they have in what f returns.
        """
        return self._at_once(transform) if self.chunk is None else self._in_chunks(transform)

    def _at_once(self, transform: Callable, writes: bool = True) -> list:
        evaluation = Evaluation(self._run, kind=Kind.COMPILE)

        def compute():
            try:
                program = jax.make_jaxpr(lambda xs: evaluation([], *xs))(self.xs)
            except NEEDS_VALUE as error:
                raise ValueError(
                    "The function decides by the value of a Tensor, which is not known while its derivatives are "
                    "pushed through it. Use ops.where, or nest ms.jvp or ms.grad instead."
                ) from error
            # Of a transform that was tried in vain it may have what no other can pass.
            program = program.replace(jaxpr=live(program.jaxpr))
            # The program is traced once; the formulations differentiate it as often as they need.
            flat, count = as_function(program), len(evaluation.outputs)
            self._check(program.out_avals[:count])
            self._look_for_mixing(program, count)
            if writes:
                values = flat(*self.xs)[count:] if len(program.out_avals) > count else []
            else:
                values = self._forget(evaluation)
            return transform(lambda xs: flat(*xs)[:count], self.xs), values

        (derivatives,) = evaluation.through(compute)
        enforce(evaluation.frame)
        return [derived(evaluation.value, iter(map(wrap, part))) for part in derivatives]

    def _look_for_mixing(self, program, count: int) -> None:
        operators = (mixing_operator(program, count, axis) for axis in range(self.axis if self._name else 0))
        if by := next(filter(None, operators), None):
            watching.refuse("it mixes the rows of its batch, of which diffops warns")  # eagerly, where that is shown
            warnings.warn(
                f"diffops.{self._name}: the function mixes the rows of its batch (by {by}), so what is computed are no "
                "derivatives at points. Each row must depend on its own point only: give a network with BatchNorm in "
                "evaluation mode, or one point at a time.",
                stacklevel=2,
            )

    def _forget(self, evaluation: Evaluation) -> list:
        """Of what some rows leave behind in Tensors from outside there is no sensible value for all."""
        if any(evaluation.frame.is_outer(h) for h in evaluation.escaping):
            raise ValueError("The function writes Tensors, which it can not do some rows at a time: omit 'chunk'.")
        evaluation.frame.lose()
        evaluation.escaping = evaluation.stand_ins = []
        return []

    def _run(self, *arrays):
        args = list(self._args)
        for position, array in zip(self._positions, arrays, strict=True):
            args[position] = wrap(array)
        return self._f(*args)

    def _check(self, outputs) -> None:
        for output in outputs:
            if not differentiable(output):
                raise TypeError(f"The function must return floats, but one of its results is {mstype.of(output)}.")
            if output.shape[: self.axis] != self.batch:
                raise ValueError(
                    f"The function must keep the batch axes {self.batch} of its argument in front, but it returns the "
                    f"shape {output.shape}. For a function of one point, pass one point, of shape ({self.size},)."
                )

    def _in_chunks(self, transform: Callable) -> list:
        """The same, some rows at a time; the derivative of the whole needs the memory of one chunk too."""
        rows, derivatives = self.batch[0], []

        @jax.checkpoint
        def block(xs):
            args = list(self._args)
            for position, x in zip(self._positions, xs, strict=True):
                args[position] = wrap(x)
            of_rows = Field(self._f, tuple(args), self._positions, name=self._name)
            # The loop traces this once: how results are nested is known from then on, outside of it, too.
            derivatives[:] = of_rows._at_once(transform, writes=False)
            return [[raw(t) for t in tensors_in(one)] for one in derivatives]

        def cut(x):
            # The last block is filled up with copies of the last point: at a made-up one f might have no derivative.
            blocks = -(-rows // self.chunk)
            padded = jnp.concatenate([x, jnp.repeat(x[-1:], blocks * self.chunk - rows, 0)])
            return padded.reshape(blocks, self.chunk, *x.shape[1:])

        results = jax.lax.map(block, [cut(x) for x in self.xs])
        whole = [[r.reshape(-1, *r.shape[2:])[:rows] for r in part] for part in results]
        return [derived(one, iter(map(wrap, part))) for one, part in zip(derivatives, whole, strict=True)]

    def directions(self, matrix: Any) -> list:
        """Rows of a (k, size) matrix as directions of the arguments, the same at each point.

        The axes of the batch have length 1, the axis of length k is behind them. Known numbers stay arrays of numpy.
        """
        xp = np if isinstance(matrix, np.ndarray) else jnp
        parts = xp.split(xp.asarray(matrix, self.dtype), _ends(self.widths), axis=1)
        return [
            p.reshape(*(1,) * self.axis, *p.shape) if x.ndim else p[:, 0] for x, p in zip(self.xs, parts, strict=True)
        ]


def _ends(widths: list[int]) -> list[int]:
    return [sum(widths[: i + 1]) for i in range(len(widths) - 1)]


def _coordinates(args: tuple, position: int):
    if position >= len(args):
        raise ValueError(f"grad_position {position} is beyond the {len(args)} arguments of the call.")
    value = args[position]
    if not isinstance(value, Tensor):
        raise TypeError(f"Argument {position} holds coordinates and must be a Tensor, but got {type(value).__name__}.")
    array = raw(value)
    if not jnp.issubdtype(array.dtype, jnp.floating):
        raise TypeError(f"Argument {position} holds coordinates and must be of floats, but got {value.dtype}.")
    return array


def _chunk(chunk, batch: tuple) -> int | None:
    if chunk is None:
        return None
    if not is_a(chunk, "int >= 1"):
        raise ValueError(f"'chunk' must be a positive int, the number of rows to compute at a time, but got {chunk!r}.")
    if not batch:
        raise ValueError("'chunk' needs a batch of points, but got one point.")
    return None if chunk >= batch[0] else chunk
