"""One traced and compiled version of a function on handles.

A trace runs the function once, with tracers in all handles that it may read: those that the call brings, and those of
the networks in reach. If it reads others too, it is traced again with these. So a Parameter is never frozen into the
program: each call passes its present array, and what the function wrote is put back.

A trace is a transaction: whatever happens, all that it changed is as it was before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import jax
import jax.numpy as jnp

from msjax.compile import spread, together
from msjax.compile.answers import Otherwise
from msjax.compile.beforehand import Beforehand
from msjax.compile.lengths import Opened
from msjax.compile.options import options_for
from msjax.compile.refusal import Refused
from msjax.compile.result import Result
from msjax.compile.sink import Sink
from msjax.compile.sizes import fixed_sizes, has_sizes
from msjax.core import demands, placement, trace
from msjax.core.frames import LostValue, OpenFrame, TooLarge
from msjax.core.handover import write_over
from msjax.core.tensor import Tensor, _new, raw
from msjax.core.trace import Kind
from msjax.core.view import array_of, current, origin_of, owner
from msjax.shims.jax import eval_program
from msjax.shims.programs import is_literal, size_of

# What XLA takes to compile grows with the square of a program's size, and derivatives of high order have many more
# operators than the function that is differentiated.
_EQUATIONS = 200
_TRACES = 4  # each finds what was hidden behind what the one before it found


class Unmet(BaseException):
    """The values that a program gets are not what it demands.

    Args:
        errors: of demands that are not met.

    Attributes:
        at: which answer is another one than it was compiled for; None if that is not what is wrong.
    """

    def __init__(self, errors: list[Exception]):
        super().__init__(*errors)
        self.at = min((e.at for e in errors if isinstance(e, Otherwise)), default=None)


class Captured(demands.Placed, OpenFrame):
    """The frame of a function being compiled; the program puts back what it writes.

    Args:
        budget: how many Tensors the function may make before the trace is given up.

    Attributes:
        choices: by what elements were chosen, and how long the axis of these is.
        made: how what they were chosen by is computed.
    """

    def __init__(self, leaves, budget: int):
        super().__init__(leaves, records=True, kind=Kind.COMPILE)
        self.budget = [budget]
        self.choices: dict = {}
        self.made: dict = {}

    def strangers(self) -> list:
        """Handles from outside that were read or written, and are not leaves."""
        touched = {**self.reads, **{id(handle): handle for handle, *_ in self._before.values()}}
        return [h for key, h in touched.items() if key not in self._leaf_ids and not isinstance(h._array, LostValue)]


class Program:
    """A function compiled for Tensors of given shapes and dtypes.

    The caller's Tensors are the variables of the function themselves, so that it sees them also where it captured them.

    Args:
        run: a function without arguments.
        call: the call; the program serves others with Tensors of the same shapes and dtypes.
        watch: what goes along while the function is traced.
        name: what the program is called in profiles.
        guess: other Tensors that the function may read.
        budget: how many Tensors it may make.
        opened: the lengths of its arguments that may be others.

    Attributes:
        captured: the Tensors that it takes besides its arguments.
        distinct: how many different Tensors it takes.
        communicates: whether processes exchange something in it.
        numbers: the variables of the checks that hold numbers of its result.
        settles: whether a call is over only when it is known whether all demands are met.
    """

    def __init__(
        self, run: Callable, call, watch, name: str, guess: Iterable[Tensor] = (), budget: int = 1 << 62,
        opened: Opened | None = None,
    ):  # fmt: skip
        self._run: Any = run
        self._opened: Any = opened
        self._watch: Any = watch
        self._result: Any = None
        self._budget = budget
        # The guess saves traces. If the function reads Tensors that are no leaves, their values would be constants of
        # the program, so it is traced again with these among the leaves.
        leaves = list({id(h): h for h in (*call.distinct, *guess)}.values())
        for _ in range(_TRACES):
            arrays = [raw(h) for h in leaves]
            if placement.mesh() is not None:
                arrays = [placement.plain(a) for a in arrays]
            frame, program = self._traced(leaves, arrays)
            strangers = frame.strangers()
            if not strangers:
                break
            leaves += strangers
        else:
            raise Refused("it does not use the same Tensors when it is traced again")
        self._finish(program, leaves, len(call.distinct), frame, name)

    def _traced(self, leaves: list[Tensor], arrays: list):
        """The function's jaxpr for arrays of the leaves; notes how its results are made of those of the jaxpr."""
        frame, opened = Captured(leaves, self._budget), self._opened

        def pure(*arrays):
            if opened is not None:
                arrays = opened.open(arrays)
            with frame.running(arrays), self._watch.active():
                self._result = result = Result(self._run(), leaves, self._watch.is_outer, self._watch.asked)
                self._written = [i for i, h in enumerate(leaves) if h._array is not arrays[i]]
                # Here, inside, since the frame restores the handles at the end of the block.
                new, held = [leaves[i]._array for i in self._written], demands.met(frame.demands)
            frame.abandon()  # what the function left elsewhere has no value
            return [*new, *result.arrays, *held]

        try:
            given = arrays if opened is None else opened.arguments(arrays)
            program = jax.make_jaxpr(pure, axis_env=together.axes())(*given)
        finally:
            frame.undo()
        if opened is not None:
            self._shapes = [v.aval.shape for v in program.jaxpr.outvars]
        if opened is not None or (frame.choices and has_sizes(program)):
            program = fixed_sizes(program, opened)
        if size_of(program.jaxpr) > _EQUATIONS * math.sqrt(self._budget):
            raise TooLarge
        return frame, program

    def _finish(self, program, leaves: list[Tensor], own: int, frame: Captured, name: str) -> None:
        """Make the compiled function of a jaxpr, of which the leaves are the arguments.

        Its outputs are the new arrays of what it writes, those of its result, and whether its demands hold.
        """
        self._check_writes(leaves)
        position = self._take(program, leaves, own, frame)
        if self._opened is not None:  # the lengths come behind the leaves
            self._opened.note_results(self._shapes, len(self._written))
            position |= {len(leaves) + i: len(position) + i for i in range(len(self._opened.bounds))}
        count = len(program.jaxpr.outvars)
        end = count - len(frame.demands)  # of the outputs that are not demands
        self._known = Beforehand(program, list(range(end, count)))
        self._asked = [position[i] for i in self._known.arguments]
        late = [i for i in range(end, count) if i not in self._known.outputs]
        self._errors, self._known_errors = (
            [frame.demands[i - end][1] for i in outputs] for outputs in (late, self._known.outputs)
        )
        self.settles = any(isinstance(error, Otherwise) for error in self._errors)
        self._results = end - len(self._written) + bool(late)
        positions, started = [position.get(i) for i in range(len(program.jaxpr.invars))], []
        kinds = [(v.aval.shape, v.aval.dtype) for v in (program.jaxpr.invars[i] for i in position)]

        def step(arrays):
            return eval_program(program, *[None if p is None else arrays[p] for p in positions])  # None: nothing asks

        def function(*arrays):
            results = step(arrays)
            if held := results[end:]:  # what is written is written only if all demands hold
                met = jnp.stack(held).all()
                for i, written in enumerate(self._written):
                    results[i] = jnp.where(met, results[i], arrays[written])
            return [*results[:end], jnp.stack([results[i] for i in late])] if late else results[:end]

        def once(*arrays):
            if started:  # the arrays are of other shapes, or JAX was told to do something in another way
                raise Refused("the program would have to be traced again")
            started.append(True)
            return function(*arrays)

        def anywhere(*arrays):  # traced again for arrays that lie elsewhere
            if [(a.shape, a.dtype) for a in arrays] != kinds:
                raise Refused("the program would have to be traced again")
            return function(*arrays)

        once.__name__ = anywhere.__name__ = name
        # The memory of what is written is given up to the results.
        options = options_for(program.jaxpr)
        self._call: Any = together.compiled(
            once, program, donate_argnums=tuple(self._written), compiler_options=options
        )
        self.communicates = type(self._call) is together.Together
        self._runs = 0
        self._spread = spread.Spread(anywhere, self._written, end - len(self._written) + bool(late), options)
        self._sink = Sink(program, step, self._written, end)

    def _take(self, program, leaves: list[Tensor], own: int, frame: Captured) -> dict[int, int]:
        """Drop the leaves that were only guessed; gives the positions of the others, by those that they had.

        What the call brings is taken anyway. Of the rest, what the function read counts, be it by its shape alone, what
        it returns, and what the jaxpr uses, as a view may read its base unseen.
        """
        variables = program.jaxpr.invars
        atoms = (*program.jaxpr.outvars, *(v for equation in program.jaxpr.eqns for v in equation.invars))
        used = {v for v in atoms if not is_literal(v)}
        read = frame.reads.keys() | {id(leaves[i]) for i in (*self._written, *self._result.returned)}
        taken = [i for i, h in enumerate(leaves) if i < own or id(h) in read or variables[i] in used]
        position = {old: new for new, old in enumerate(taken)}
        self._written = [position[i] for i in self._written]
        self._views = [position[i] for i in taken if leaves[i]._view is not None]
        self._plain = [position[i] for i in taken if position[i] in self._written and type(leaves[i]) is Tensor]
        self._result.move(position)
        self.numbers = self._result.numbers
        self.captured = [leaves[i] for i in taken[own:]]
        self.distinct = len(taken)
        self._apart = frozenset(self._written)
        return position

    def _check_writes(self, leaves: list[Tensor]) -> None:
        """Views and what they show may be other Tensors on the next call, so they must not be written."""
        shown = {id(h._view.base) for h in leaves if h._view is not None and owner(h) is h}
        written = [leaves[i] for i in self._written]
        if any(h._view is not None or id(h) in shown for h in written):
            raise Refused("it writes to a view, or to a Tensor that it sees by a view")
        self._check_origins(written)

    @staticmethod
    def _check_origins(written: Iterable[Tensor]) -> None:
        """What is written must not be a copy that writes back: the next one may be copied from another Tensor."""
        if any(origin_of(h) is not None for h in written):
            raise Refused("it writes to a Tensor that was copied from another one by an index")

    def forget(self) -> None:
        """Let go of the function and of the Tensors that it was traced with; from now on a call brings them."""
        self._run, self._watch, self.captured = None, None, []

    def __call__(self, call, captured: list[Tensor], again: Callable, numbers=()):
        """Run it for a call like the one that it was compiled for, outside of any transform.

        Args:
            again: runs the call eagerly, if it turns out that a demand was not met.
            numbers: those of the result.

        Raises:
            Unmet: if that is known by now; what is written is as it was.
            Refused: if other processes, with which it communicates, run it eagerly.
        """
        leaves = [*call.distinct, *captured]
        if self.communicates:
            self._call.agree(() if self._call.executable else [*map(array_of, leaves)])
        written = [leaves[i] for i in self._written]
        if self._views or self._plain:
            self._check_views(leaves, written)
        compiled, runs = self._call, self._runs
        if (devices := placement.mesh()) is not None:
            placement.lay(devices, leaves, call.given)
            compiled, runs = self._spread.at(written)
        self._runs += 1
        arrays = [h._array if h._view is None else current(h) for h in leaves]
        if call.lengths is not None:
            arrays = call.lengths.filled(arrays)
        held = None
        if self._known.outputs:  # begun first, and looked at when the program has been started
            held = self._known.compute(*[arrays[i] for i in self._asked])
        # The handles of the results are made beforehand, so that one call of C code fills these and what is written.
        new = [_new(Tensor) for _ in range(self._results)]
        for i in self._written:
            arrays[i] = None  # held by its Tensor alone
        if devices is not None:
            for listener in spread.listeners:
                listener(compiled, [array_of(h) for h in leaves])
        write_over(written, self._written, compiled, arrays, new, runs)
        if call.lengths is not None:
            self._opened.cut_results(new, call.lengths.values)
        if devices is not None:
            placement.done(devices, written or new)
        unmet = None if held is None else demands.Pending(held, self._known_errors, again).unmet()
        if self._errors:
            pending = demands.Pending(new.pop()._array, self._errors, again)
            # To wait would end what runs meanwhile; but whether this is the right program must be known now.
            if unmet is None and not self.settles and jax.default_backend() != "cpu":
                trace.stack().pending = pending
            elif (late := pending.unmet()) is not None:
                raise Unmet([late] if unmet is None else [unmet, late])
        if unmet is not None:
            raise Unmet([unmet])
        return self._result.rebuilt(new, leaves, numbers)

    def sunk(self, call, captured: list[Tensor], tensors: tuple, columns: list, taken: set[int]):
        """Run it for as many calls as `columns` have rows, in which some Tensors hold one row after the other.

        Args:
            tensors: of the last call, those that hold the last rows.
            columns: the rows, stacked, for each of them.
            taken: the ids of what holds the rows; a step may read what another has written.

        Returns:
            A tuple of the last result; None if that can not be. Then nothing has changed.
        """
        leaves = [*call.distinct, *captured]
        written = [leaves[i] for i in self._written]
        position = {id(h): i for i, h in enumerate(call.distinct) if i not in self._apart}
        places = [position[id(t)] for t in tensors if id(t) in position]
        if len({*places}) < len(tensors) or not taken.isdisjoint(map(id, written)):
            return None
        self._check_views(leaves, written)
        if (devices := placement.mesh()) is not None:
            placement.lay(devices, [h for i, h in enumerate(leaves) if i not in places])
            columns = placement.lay_columns(devices, columns)
        arrays = [None if i in self._apart else array_of(h) for i, h in enumerate(leaves)]
        new = self._sink.run(arrays, written, dict(zip(places, columns, strict=True)))
        return None if new is None else (self._result.rebuilt(new, leaves),)

    def _check_views(self, leaves: list[Tensor], written: list[Tensor]) -> None:
        """A view that the program takes must not be one of what it writes by now, nor that a copy that writes back."""
        self._check_origins(leaves[i] for i in self._plain)
        for i in self._views:
            tensor = leaves[i]
            while tensor._view is not None:
                tensor = tensor._view.base
                if any(tensor is w for w in written):
                    raise Refused("it writes to a Tensor that it sees by a view")
