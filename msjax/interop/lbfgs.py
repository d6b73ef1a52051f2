"""L-BFGS: the quasi-Newton method with little memory, optax's, for losses over a full batch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.flatten_util import ravel_pytree

from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.interop.objective import Solution, compiled, of_parameters, scalar, trained
from msjax.interop.optax_optimizer import OptaxOptimizer

_PATIENCE = 10  # steps without a lower loss, after which nothing improves


class _Point(NamedTuple):
    """Where the method is: Parameters, its memory, and the loss and gradient there."""

    position: Any
    memory: list
    loss: Any
    gradient: Any


class _Best(NamedTuple):
    position: Any
    loss: Any
    norm: Any


class _Progress(NamedTuple):
    point: _Point
    best: _Best
    steps: Any
    idle: Any
    bad: Any


class LBFGS(OptaxOptimizer):
    """L-BFGS with a zoom line search, `optax.lbfgs`, which moves Parameters in position.

    It needs a loss without noise: the same points at each step, no dropout. From step to step it may change what it
    reads (other points, other weights of the parts), at the price of a memory that fits less well. For the last digits
    use Parameters of float64.

    The loss, its gradient and the line search are one compiled program, traced at the first step. Tensors that `loss`
    takes or has captured, and all Parameters, are read anew on each call. What `loss` writes is forgotten. The memory
    is in Parameters, so it is saved in checkpoints, and goes on from call to call.

    Args:
        parameters: Parameters, `net.trainable_params()` for example. Those with requires_grad=False stay as they are.
        options: those of `optax.lbfgs`: `memory_size=10`, `scale_init_precond=True`,
            `linesearch=optax.scale_by_zoom_linesearch(...)`.

    Raises:
        TypeError: if there is something other than Parameters, or an unknown option.
        ValueError: if no Parameter is to be trained, or their requires_grad changes later on.

    Example:
        >>> w = Parameter(Tensor([3.0, -2.0], ms.float64), name="w")
        >>> lbfgs = ms.interop.optax.LBFGS([w])
        >>> lbfgs.run(lambda: ops.square(w - 1).sum()).converged
        True
        >>> w.asnumpy().round(6)
        array([1., 1.])
    """

    def __init__(self, parameters: Iterable[Parameter], **options: Any):
        super().__init__(trained("LBFGS", parameters), optax.lbfgs(**options))

    def construct(self, gradients: Sequence[Tensor] = (), **extra: Any) -> Any:
        """Refuse: L-BFGS needs the loss itself.

        Args:
            gradients, extra: what another optimizer takes.

        Raises:
            TypeError: always.
        """
        raise TypeError("LBFGS evaluates the loss itself: call 'step(loss, *args)' or 'run(loss, *args)'.")

    def step(self, loss: Callable, *args: Any) -> Tensor:
        """One step: one new direction, and a line search along it.

        Args:
            loss: a function of Tensors or a Cell; it returns a Tensor of one element.
            args: what it is called with.

        Returns:
            The loss after the step, where the Parameters are now. If it is nan or infinite, or a gradient is, then nan,
            and Parameters and memory stay as they were.

        Raises:
            TypeError, ValueError: if `loss` is not callable or does not return one real number.
        """
        self._check(loss)

        def step(*args):
            function = self._function(loss, args)
            start = self._start(function)
            point, good = self._next(function, start)
            self._settle(point.position, point.memory, 1)
            return wrap(jnp.where(good, point.loss, jnp.full_like(point.loss, jnp.nan)))

        return compiled("LBFGS", step, args)

    def run(
        self, loss: Callable, *args: Any, steps: int = 500, tolerance: float = 1e-9,
        report: Callable | None = None, every: int = 50,
    ) -> Solution:  # fmt: skip
        """Many steps, in a compiled loop.

        It stops when the norm of the gradient is at most `tolerance`, after 10 steps without a lower loss, when the
        loss is not finite, or after `steps`. The Parameters are left where the loss was lowest.

        Args:
            loss, args: as for `step`.
            steps: the most to take.
            tolerance: of the Euclidean norm of the gradient. Rounding sets a limit to it, near 1e-4 with float32.
            report: called as `report(step, loss, gradient_norm)`, with numbers, after each `every` steps and the last.
            every: how many steps the loop takes before it looks up.

        Returns:
            `loss`, `steps`, `converged` (by `tolerance`), `message` (why it stopped) and `gradient_norm`.

        Raises:
            TypeError, ValueError: as `step`, and if `steps` or `every` is not a positive int.

        Example:
            >>> w = Parameter(Tensor([3.0]), name="w")
            >>> ms.interop.optax.LBFGS([w]).run(lambda x: ops.square(w - x).sum(), Tensor([1.0])).loss
            0.0
        """
        self._check(loss)
        for name, value in (("steps", steps), ("every", every)):
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"For 'LBFGS', '{name}' must be a positive int, but got {value!r}.")

        def run(limit, tolerance, idle, *args):
            progress = self._loop(self._function(loss, args), raw(limit), raw(tolerance), raw(idle))
            best = progress.best
            self._settle(best.position, progress.point.memory, progress.steps)
            return [wrap(a) for a in (best.loss, best.norm, progress.steps, progress.idle, progress.bad)]

        done, idle = 0, np.int32(0)
        while True:
            limit = np.int32(min(every, steps - done))
            answer = compiled("LBFGS", run, (Tensor(limit), Tensor(np.float64(tolerance)), Tensor(idle), *args))
            value, norm, taken, idle, bad = (t.asnumpy() for t in answer)
            done += int(taken)
            if report is not None:
                report(done, float(value), float(norm))
            message = self._verdict(float(value), float(norm), tolerance, int(idle), bool(bad))
            if message is None and done >= steps:
                message = f"all {steps} steps are taken"
            if message is not None:
                return Solution(float(value), done, bool(norm <= tolerance), message, float(norm))

    @staticmethod
    def _verdict(loss: float, norm: float, tolerance: float, idle: int, bad: bool) -> str | None:
        """Why to stop, None to go on."""
        if bad or not math.isfinite(loss) or not math.isfinite(norm):
            return "the loss or its gradient is not finite; the Parameters are as they were before"
        if norm <= tolerance:
            return "the gradient is within the tolerance"
        if idle >= _PATIENCE:
            return f"{idle} steps have not lowered the loss"
        return None

    def _check(self, loss) -> None:
        if not callable(loss):
            raise TypeError(f"For 'LBFGS', 'loss' must be a function or a Cell, but got {type(loss).__name__}.")
        frozen = [p.name for p in self._parameters if not p.requires_grad]
        if frozen:
            raise ValueError(f"requires_grad is now False for {frozen}: make a new LBFGS for the other Parameters.")

    # -- on arrays, inside the compiled program -------------------------------------------------------------------

    def _seen(self, arrays):
        """One vector: of many Parameters, it compiles and runs several times faster than a tree of them."""
        return ravel_pytree(list(arrays))[0]

    def _split(self, vector) -> list:
        return ravel_pytree([raw(p) for p in self._parameters])[1](vector)

    def _function(self, loss, args) -> Callable:
        of_arrays = of_parameters(loss, list(self._parameters), args, scalar)
        dtype = self._seen([raw(p) for p in self._parameters]).dtype
        # With 64-bit types on, the line search tries points that are float64.
        return lambda vector: of_arrays(self._split(vector.astype(dtype)))

    def _start(self, function) -> _Point:
        position = self._seen([raw(p) for p in self._parameters])
        return _Point(position, [raw(h) for h in self._held], *jax.value_and_grad(function)(position))

    def _next(self, function, point: _Point):
        """The next point and whether it is good; if not, then the same point again."""
        state: Any = jax.tree.unflatten(self._tree, point.memory)
        updates, state = self._update(
            point.gradient, state, point.position, value=point.loss, grad=point.gradient, value_fn=function
        )
        position: Any = optax.apply_updates(point.position, updates)
        line = state[-1]
        if isinstance(line, optax.ScaleByZoomLinesearchState):  # it has been there already
            loss, gradient = line.value, jnp.asarray(line.grad)
        else:
            loss, gradient = jax.value_and_grad(function)(position)
        after = _Point(position, jax.tree.leaves(state), loss, gradient)
        after = jax.tree.map(lambda a, b: a.astype(b.dtype), after, point)
        good = jnp.isfinite(loss) & jnp.isfinite(gradient).all() & jnp.isfinite(position).all()
        return jax.tree.map(lambda a, b: jnp.where(good, a, b), after, point), good

    def _loop(self, function, limit, tolerance, idle) -> _Progress:
        def goes_on(now: _Progress):
            far = jnp.linalg.norm(now.point.gradient) > tolerance
            return far & (now.steps < limit) & (now.idle < _PATIENCE) & ~now.bad

        def advance(now: _Progress):
            point, good = self._next(function, now.point)
            lower = point.loss < now.best.loss
            best = jax.tree.map(lambda a, b: jnp.where(lower, a, b), _best(point), now.best)
            return _Progress(point, best, now.steps + 1, jnp.where(lower, 0, now.idle + 1), ~good)

        start = self._start(function)
        zero = jnp.zeros_like(idle)
        return jax.lax.while_loop(goes_on, advance, _Progress(start, _best(start), zero, idle, jnp.asarray(False)))

    def _settle(self, position, memory, steps) -> None:
        for handle, array in zip([*self._parameters, *self._held], [*self._split(position), *memory], strict=True):
            rebind(handle, array)
        rebind(self.global_step, raw(self.global_step) + steps)


def _best(point: _Point) -> _Best:
    return _Best(point.position, point.loss, jnp.linalg.norm(point.gradient))
