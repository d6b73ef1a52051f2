"""Workers whose random numbers are those that MindSpore's workers have under the same seed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from msjax.dataset.execution import Run, Threads
from msjax.dataset.seeding import Lane, use


class Lanes(Threads):
    """Workers to which rows go in turn, each with random numbers of its own.

    As in MindSpore, the end of an epoch takes a turn too.

    Args:
        run (Run): the run.
        function (function): of the arguments of a row.
        count (int): how many workers, which decides about the numbers.
        threads (int): how many threads do their work; 0 for the thread that takes the results. Then they share Python's
            and numpy's random numbers, as there is an order.
    """

    def __init__(self, run: Run, function: Callable[[tuple], Any], count: int, threads: int):
        self._function, self._count, self._turn = lambda number, values: function(values), count, 0
        self._lanes = [Lane(run.seed + number, own=threads > 0) for number in range(count)]
        self._executors = [ThreadPoolExecutor(1, "msjax-dataset-worker") for _ in range(min(threads, count))]
        run.on_stop(self.stop)

    def over(self, items: Iterable[tuple]) -> Iterator:
        """The results for items, in their order."""
        yield from super().over(items) if self._executors else map(self._here, items)
        self._turn += 1

    def _here(self, values: tuple) -> Any:
        use(self._lanes[self._turn % self._count])
        self._turn += 1
        try:
            return self._function(0, values)
        finally:
            use(None)

    def _submit(self, task: tuple[int, list]) -> _Together:
        """Hand the rows of a chunk to the workers whose turn it is."""
        _, items = task
        shares = []
        for start in range(min(self._count, len(items))):
            number = (self._turn + start) % self._count
            executor = self._executors[number % len(self._executors)]
            shares.append(executor.submit(self._share, self._lanes[number], items[start :: self._count]))
        self._turn += len(items)
        return _Together(shares, len(items))

    def _share(self, lane: Lane, items: list) -> tuple[list, float]:
        use(lane)
        start = time.perf_counter()
        return self.call(0, items), time.perf_counter() - start

    def stop(self) -> None:
        for executor in self._executors:
            executor.shutdown(wait=False, cancel_futures=True)


class _Together:
    """The future of a chunk whose rows several workers have. What comes after an error in a share is left out."""

    def __init__(self, shares: list[Future], rows: int):
        self._shares, self._rows = shares, rows

    def result(self) -> tuple[list, float]:
        answers = [share.result() for share in self._shares]
        results: list = [None] * self._rows
        for start, (part, _) in enumerate(answers):
            for at, value in enumerate(part):
                results[start + at * len(answers)] = value
        return results, sum(seconds for _, seconds in answers)

    def cancel(self) -> None:
        for share in self._shares:
            share.cancel()
