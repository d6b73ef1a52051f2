"""Functions of the user's, and transforms, over rows: with workers or without, errors in plain words.

Who runs a function:

- Transforms of this package run in threads, for they compute outside Python most of the time. If a seed was set, random
  ones run in lanes, whose numbers are those of MindSpore's workers; no order of threads shows.
- Functions of the user's run in the thread that makes the rows, in order, unless workers are asked for. Neither do they
  run at once if a seed was set, as all draw from the same generators; those marked with `transforms.not_random` may.
- With `python_multiprocessing=True` they run in processes, where each row has its own random numbers.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msjax.dataset import config
from msjax.dataset.execution import Run, Threads
from msjax.dataset.lanes import Lanes
from msjax.dataset.processes import Processes, pickled, warn_unpicklable
from msjax.dataset.worker import OperationError, apply

_OURS = __name__.partition(".")[0]

Finish = Callable[[tuple], Any]
Through = Callable[[Iterable[tuple]], Iterator]


class Workers:
    """Functions, applied one after the other to the arguments of each row, in one run.

    Args:
        run (Run): the run.
        operations (list): the functions.
        finish (function): makes the result of the tuple that they give.
        workers (int): how many workers were asked for; None for no wish.
        processes (bool): whether they are to be processes.
        owner (str): what messages call it.
        guarded (bool): whether an error is given in place of the result, so that the rows after it go on.
        whole (bool): whether a tuple that a function gives is one value, not several.
    """

    def __init__(
        self, run: Run, operations: Iterable[Callable], finish: Finish, workers: int | None, processes: bool,
        owner: str, guarded: bool = False, whole: bool = False,
    ):  # fmt: skip
        self._operations, self._finish, self._owner = list(operations), finish, owner
        self._guarded, self._whole = guarded, whole
        self._through = self._choose(run, workers, processes)

    def over(self, items: Iterable[tuple[Any, tuple]]) -> Iterator[tuple[Any, Any]]:
        """For pairs of anything and the arguments of a row, in order: the same thing and the result."""
        if self._through is None:
            return ((companion, self._one(values)) for companion, values in items)
        return self._by_others(self._through, items)

    def _by_others(self, through: Through, items: Iterable[tuple[Any, tuple]]) -> Iterator[tuple[Any, Any]]:
        ahead: deque = deque()

        def arguments() -> Iterator[tuple]:
            for companion, values in items:
                ahead.append(companion)
                yield values

        for result in through(arguments()):
            yield ahead.popleft(), result

    def _choose(self, run: Run, workers: int | None, processes: bool) -> Through | None:
        """What goes over arguments with workers; None for no workers."""
        ours = all(map(_is_ours, self._operations))
        asked = workers or config.get_num_parallel_workers()
        count = min(asked, max(2, os.cpu_count() or 1))
        parallel = count > 1 and not run.serial
        if processes and parallel and not ours:
            seed = (run.seed + 1_000_003 * run.number()) % 2**32
            body = pickled(self._operations)
            if body is not None:
                through = Processes(run, body, count, self._owner, seed if run.seeded else None, self._whole).over
                return lambda items: map(self._from_process, through(items))
            warn_unpicklable(self._owner)
        free = all(getattr(part, "random", True) is False for part in self._operations)
        if run.seeded and any(map(_draws, self._operations)):
            return Lanes(run, self._one, asked, threads=count if ours and parallel else 0).over
        if not parallel:
            return None
        if not ours and (workers is None or (run.seeded and not free)):
            return None
        return Threads(run, lambda number, values: self._one(values), count).over

    def _one(self, values: tuple) -> Any:
        try:
            return self._finish(apply(self._operations, values, self._whole))
        except Exception as error:
            return self._failed(error)

    def _from_process(self, answer: tuple[bool, Any]) -> Any:
        done, content = answer
        try:
            if not done:
                raise OperationError(*content)
            return self._finish(content)
        except Exception as error:
            return self._failed(error)

    def _failed(self, error: Exception) -> Exception:
        if isinstance(error, OperationError):
            raised, cause = failed(f"{self._owner}: [{error.operation}]", error.error), error.error
        else:
            raised, cause = failed(self._owner, error), error
        if self._guarded:
            return raised
        raise raised from (cause if isinstance(cause, Exception) else None)


def _is_ours(operation: Any) -> bool:
    """Whether an operation is a transform of this package, and so are those that it is made of."""
    own = type(operation).__module__.startswith(f"{_OURS}.dataset.")
    return own and all(map(_is_ours, getattr(operation, "transforms", ())))


def _draws(operation: Any) -> bool:
    """Whether an operation is a transform of this package that draws random numbers, or is made of such."""
    own = type(operation).__module__.startswith(f"{_OURS}.dataset.")
    return own and (getattr(operation, "random", False) or any(map(_draws, getattr(operation, "transforms", ()))))


def failed(owner: str, error: Exception | str) -> RuntimeError:
    """The error that a pipeline raises for that of a user's function; raise it from that."""
    if isinstance(error, str):
        return RuntimeError(f"{owner} failed in a worker process.\n{error}")
    return RuntimeError(f"{owner} failed. {type(error).__name__}: {error}{_where(error)}")


def _where(error: Exception) -> str:
    """The line of the user's at which an exception was raised."""
    where, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if not trace.tb_frame.f_globals.get("__name__", "").startswith(f"{_OURS}."):
            where = f" ({code.co_filename}, line {trace.tb_lineno}, in {code.co_name})"
        trace = trace.tb_next
    return where
