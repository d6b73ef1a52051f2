"""Workers that are processes: a thread of the pool has a process each, to which it hands its tasks.

The processes are programs of their own, neither forked from this one, which runs JAX's threads, nor do they import the
user's script again. Functions of the script itself, lambdas and closures travel by value, with cloudpickle.
"""

from __future__ import annotations

import importlib.util
import pickle
import subprocess
import sys
import threading
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from msjax import log
from msjax.dataset.execution import Run, Threads

_WORKER = Path(__file__).with_name("worker.py")


def pickled(operations: list) -> bytes | None:
    """Functions in bytes, by value where they are the script's own; None if that cannot be."""
    pickler: Any = pickle
    if importlib.util.find_spec("cloudpickle"):
        pickler = importlib.import_module("cloudpickle")
    try:
        body = pickler.dumps(operations, protocol=5)
    except Exception:
        return None
    by_name = pickler is pickle and b"__main__" in body  # workers have another main module
    return None if by_name else body


class Processes(Threads):
    """Workers that are processes. They answer an item with whether all went well, and the tuple of results; or, if not,
    the name of the function that raised and its traceback."""

    def __init__(self, run: Run, body: bytes, count: int, owner: str, seed: int | None, whole: bool):
        super().__init__(run, lambda number, item: None, count)
        self._hello = pickle.dumps((sys.path, _aliases(), seed, whole, body), protocol=5)
        self._owner = owner
        self._mine = threading.local()
        self._all: list[_Process] = []
        self._stopped = False

    def call(self, first: int, items: list) -> list:
        process = getattr(self._mine, "process", None)
        if process is None:
            process = self._mine.process = _Process(self._hello, self._owner)
            self._all.append(process)
            if self._stopped:
                process.kill()
        return process.call(first, items)

    def stop(self) -> None:
        self._stopped = True
        super().stop()
        for process in self._all:
            process.kill()


class _Process:
    """One worker and the connection to it."""

    def __init__(self, hello: bytes, owner: str):
        self._owner = owner
        self._connection, theirs = Pipe()
        with theirs:
            handle = theirs.fileno()
            self._process = subprocess.Popen([sys.executable, str(_WORKER), str(handle)], pass_fds=[handle])
        self._send(hello)

    def call(self, first: int, items: list) -> list:
        self._send(pickle.dumps((first, items), protocol=5))
        try:
            return pickle.loads(self._connection.recv_bytes())
        except (EOFError, OSError):
            raise self._ended() from None

    def _send(self, message: bytes) -> None:
        try:
            self._connection.send_bytes(message)
        except OSError:
            raise self._ended() from None

    def _ended(self) -> RuntimeError:
        self._process.kill()
        code = self._process.wait()
        how = f"was killed by signal {-code}" if code < 0 else f"exited with code {code}"
        return RuntimeError(
            f"A worker process of {self._owner} {how} (pid {self._process.pid}), so its rows are lost. It may have run "
            "out of memory: use fewer workers, or python_multiprocessing=False."
        )

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._connection.close()


def _aliases() -> list[str]:
    """The names, apart from its own, that msjax is imported by."""
    own = __name__.partition(".")[0]
    root = sys.modules[own]
    return [name for name, module in list(sys.modules.items()) if module is root and name != own]


def warn_unpicklable(owner: str) -> None:
    """Say that threads are used instead."""
    log.warning(
        f"{owner} cannot be sent to other processes, so its workers are threads: define it in a module, or install "
        "cloudpickle."
    )
