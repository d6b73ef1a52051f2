"""Several steps of a compiled function in one program: `lax.scan` over what their batches hold, stacked."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from msjax.compile import together
from msjax.compile.options import options_for
from msjax.core import placement
from msjax.core.handover import write_over
from msjax.core.tensor import Tensor, _new
from msjax.core.view import array_of


class Sink:
    """The step of a program, for several batches.

    Args:
        program: the jaxpr of a step.
        step: its outputs, from the arrays of what it takes: first the new ones of what it writes, then those of its
            result, then whether its demands hold.
        written: the positions of what it writes.
        end: how many outputs are no demands.
    """

    def __init__(self, program, step: Callable[[list], list], written: list[int], end: int):
        self._program, self._step, self._written, self._end = program, step, written, end
        self._outputs, self._options = program.out_avals, options_for(program.jaxpr)
        self._compiled: dict[tuple, list] = {}

    def run(self, arrays: list, written: list[Tensor], columns: dict[int, np.ndarray | jax.Array]) -> list | None:
        """The Tensors of the last step's result; None if a demand was not met, or the step can not be repeated. Then
        nothing has changed; nor has it if other processes, with which it communicates, do not repeat it: `Refused`.

        Args:
            arrays: what the program takes; None for what it writes.
            written: the Tensors that it writes.
            columns: by position, what changes from step to step, stacked.
        """
        count = len(next(iter(columns.values())))
        devices = placement.mesh()
        kept = None if devices is None else tuple([tensor._array.sharding for tensor in written])
        key = (count, *columns, kept)
        if key not in self._compiled:
            scan = self._scan(tuple(columns), kept) if self._repeats(written) else None
            self._compiled[key] = [scan, 0]
        compiled, runs = self._compiled[key]
        if compiled is None:
            return None
        demands = self._end < len(self._outputs)
        new = [_new(Tensor) for _ in range(self._end - len(written) + demands)]
        arrays = [columns.get(i, array) for i, array in enumerate(arrays)]
        if type(compiled) is together.Together:
            given = dict(zip(self._written, written, strict=True))
            compiled.agree([array_of(given[i]) if i in given else array for i, array in enumerate(arrays)])
        write_over(written, self._written, compiled, arrays, new, runs)
        if devices is not None:
            placement.done(devices, written or new)
        self._compiled[key][1] += 1
        return None if demands and not np.asarray(new.pop()._array) else new

    def _repeats(self, written: list[Tensor]) -> bool:
        """Whether what a step writes is like what it was, so that the next can take it."""
        new = [(aval.shape, aval.dtype, aval.weak_type) for aval in self._outputs[: len(written)]]
        return new == [(t._array.shape, t._array.dtype, t._array.weak_type) for t in written]

    def _scan(self, places: tuple[int, ...], kept: tuple | None) -> Callable:
        end, writes = self._end, len(self._written)

        def function(*arrays):
            old = [arrays[i] for i in self._written]

            def one(state, rows):
                now = list(arrays)
                for i, array in (*zip(self._written, state, strict=True), *zip(places, rows, strict=True)):
                    now[i] = array
                outputs = self._step(now)
                return outputs[:writes], outputs[writes:]

            state, others = jax.lax.scan(one, old, [arrays[i] for i in places])
            results = [array[-1] for array in others[: end - writes]]
            if flags := others[end - writes :]:  # what is written is written only if all demands hold
                met = jnp.stack([flag.all() for flag in flags]).all()
                return [*(jnp.where(met, a, b) for a, b in zip(state, old, strict=True)), *results, met]
            return [*state, *results]

        options: dict = {"donate_argnums": tuple(self._written), "compiler_options": self._options}
        if kept is not None:  # on several devices, what is written stays where it was
            options["out_shardings"] = [*kept, *[None] * (end - writes + (end < len(self._outputs)))]
        return together.compiled(function, self._program, **options)
