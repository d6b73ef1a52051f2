"""How a pipeline runs: passes over its rows, workers for its functions, a thread that makes rows ready.

Each operation is a generator of rows over another; nothing here decides what comes next. What runs beside that are the
threads of one `ThreadPoolExecutor` for each operation that has workers, and one thread for each iterator, in which the
generators run and which puts rows into a queue. Order never depends on any of them.
"""

from __future__ import annotations

import atexit
import queue
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from msjax.dataset import config

# What gives the rows of one pass, an epoch of the part of the pipeline below it; called again, those of the next.
Pass = Callable[[], Iterator[Any]]

_CHUNK_SECONDS = 2e-3  # how long one task of a worker should take: short rows go to it by the dozen
_CHUNK_ROWS = 64
_READY_BYTES = 2**26  # how much may be ready beyond the first rows


class Run:
    """One run of a pipeline, by one iterator: what its operations share, and what is to be closed with it."""

    def __init__(self, dataset: Any):
        self.dataset = dataset
        self.seed = config.fresh_seed()
        self.seeded = config.is_seeded()
        self.serial = config.get_debug_mode()  # everything in the thread that iterates
        self.stopped = False
        self.epoch = 0
        self.after_epoch: list[Callable[[], None]] = []  # called when the rows of an epoch are made
        self._closers: list[Callable[[], None]] = []
        self._opened = 0

    def number(self) -> int:
        """The number of an operation in this run, for random numbers of its own."""
        self._opened += 1
        return self._opened

    def on_stop(self, close: Callable[[], None]) -> None:
        """Have a function called when the iterator is dropped, from another thread than that which runs."""
        self._closers.append(close)

    def stop(self) -> None:
        """Let everything that waits or works for this run end."""
        self.stopped = True
        while self._closers:
            self._closers.pop()()


class Pace:
    """How many rows a task has, from how long rows have taken."""

    def __init__(self):
        self.rows = 1

    def learn(self, rows: int, seconds: float) -> None:
        self.rows = max(1, min(_CHUNK_ROWS, int(_CHUNK_SECONDS * rows / max(seconds, 1e-9))))


def chunks(items: Iterable, pace: Pace) -> Iterator[tuple[int, list]]:
    """The items in lists, each with the number of its first."""
    rest, first = iter(items), 0
    while chunk := list(islice(rest, pace.rows)):
        yield first, chunk
        first += len(chunk)


def in_order(submit: Callable[[Any], Any], tasks: Iterable, window: int) -> Iterator:
    """The results of tasks, for which `submit` gives futures, in their order; up to `window` tasks are under way."""
    pending: deque = deque()
    try:
        for task in tasks:
            pending.append(submit(task))
            if len(pending) >= window:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        for future in pending:
            future.cancel()


class Threads:
    """Workers that are threads. `function` takes the number of an item and the item."""

    def __init__(self, run: Run, function: Callable[[int, Any], Any], count: int):
        self._function, self._count = function, count
        self._executor = ThreadPoolExecutor(count, thread_name_prefix="msjax-dataset-worker")
        run.on_stop(self.stop)

    def over(self, items: Iterable) -> Iterator:
        """The results for items, in their order."""
        pace = Pace()
        for results, seconds in in_order(self._submit, chunks(items, pace), self._count + 2):
            pace.learn(len(results), seconds)
            for result in results:
                if isinstance(result, _Raised):
                    raise result.error
                yield result

    def _submit(self, task: tuple[int, list]) -> Any:
        return self._executor.submit(self._chunk, task)

    def _chunk(self, task: tuple[int, list]) -> tuple[list, float]:
        first, items = task
        start = time.perf_counter()
        results = self.call(first, items)
        return results, time.perf_counter() - start

    def call(self, first: int, items: list) -> list:
        results: list = []
        try:
            results.extend(self._function(first + i, item) for i, item in enumerate(items))
        except Exception as error:  # after the rows before it
            results.append(_Raised(error))
        return results

    def stop(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


class _Raised:
    """Stands for the result of an item for which the function raised."""

    def __init__(self, error: Exception):
        self.error = error


class _End:
    """Put into the queue after the rows of an epoch (`last`: of all), or in place of them, an error."""

    def __init__(self, last: bool = False, error: BaseException | None = None):
        self.last, self.error = last, error


class Producer:
    """A thread that makes the rows of some epochs ready, a few ahead of who takes them.

    Whoever holds it takes with `take`. It holds nobody, so an iterator that is dropped can stop it.
    """

    def __init__(self, run: Run, one_pass: Pass, epochs: int, ready: int):
        self._run, self._one_pass, self._epochs = run, one_pass, epochs
        self._ready, self._bytes = ready, 0
        self._queue: queue.SimpleQueue = queue.SimpleQueue()
        self._room = threading.Semaphore(ready)
        # Without an end to them, one epoch after the one that is taken is made ready, as in MindSpore: each asks the
        # user's samplers and sources anew, which may draw random numbers that the program draws too.
        self._epochs_ahead = threading.Semaphore(2)
        self._thread: threading.Thread | None = None
        self._inline: Iterator | None = self._items() if run.serial else None
        self._finished: _End | None = None
        _producers.add(self)

    def take(self) -> Any:
        """The next row.

        Raises:
            StopIteration: at the end of an epoch.
        """
        if self._finished:
            raise self._finished.error or beyond_the_end()
        item = next(self._inline) if self._inline is not None else self._next()
        if isinstance(item, _End):
            self._epochs_ahead.release()
            if item.last or item.error:
                self._finished = item
            if item.error:
                raise item.error
            raise StopIteration
        return item

    def _next(self) -> Any:
        if self._thread is None:
            self._thread = threading.Thread(target=self._produce, name="msjax-dataset", daemon=True)
            self._thread.start()
        item = self._queue.get()
        self._room.release()
        return item

    def _produce(self) -> None:
        items = self._items()
        for item in items:
            self._room.acquire()
            if self._run.stopped:
                break
            self._queue.put(item)
            self._bound(item)
            del item
        items.close()  # in this thread, which is in it: tasks under way are cancelled
        self._run.stop()

    def _bound(self, item) -> None:
        """Keep less ready than asked for, if the first row shows that it would be very much."""
        if self._bytes or isinstance(item, _End):
            return
        self._bytes = 1 + sum(getattr(part, "nbytes", 0) for part in item)
        for _ in range(self._ready - max(2, min(self._ready, _READY_BYTES // self._bytes))):
            self._room.acquire(blocking=False)

    def _items(self) -> Generator:
        run = self._run
        try:
            while not run.stopped and run.epoch != self._epochs:
                if self._epochs < 0:
                    self._epochs_ahead.acquire()
                    if run.stopped:
                        return
                yield from self._one_pass()
                for call in run.after_epoch:
                    call()
                run.epoch += 1
                yield _End(last=run.epoch == self._epochs)
        except Exception as error:
            yield _End(error=error)

    def stop(self, seconds: float = 1.0) -> None:
        """End the thread and what works for it, and wait for it as long as said."""
        self._run.stop()
        self._finished = self._finished or _End(last=True)
        self._room.release()
        self._epochs_ahead.release()
        self._queue.put(_End(last=True))
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)


_producers: weakref.WeakSet[Producer] = weakref.WeakSet()


def _stop_all() -> None:
    for producer in list(_producers):
        producer.stop()


atexit.register(_stop_all)


def beyond_the_end() -> RuntimeError:
    """The error for taking rows after the last epoch."""
    return RuntimeError(
        "The iterator is at its end: rows were asked for beyond the number of epochs that it was created for. "
        "Create a new one, or give `num_epochs`."
    )
