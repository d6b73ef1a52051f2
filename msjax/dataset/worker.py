"""What workers do: apply functions, one after the other. And what runs in a worker process.

A worker process runs this file as a program of its own, which imports nothing of msjax, so that it is there quickly;
what the functions need, unpickling imports. It ends when its connection does.
"""

from __future__ import annotations

import importlib
import importlib.util
import pickle
import random
import sys
import traceback
from multiprocessing.connection import Connection
from typing import Any


class OperationError(Exception):
    """A function of the user's raised.

    Args:
        operation (str): the name of the function.
        error: what it raised, or, from another process, the traceback as a text.
    """

    def __init__(self, operation: str, error: Exception | str):
        super().__init__(operation, error)
        self.operation, self.error = operation, error


def apply(operations: list, values: tuple, whole: bool = False) -> tuple:
    """What functions give, one applied to what the one before gave; a tuple is several values, unless `whole`."""
    for operation in operations:
        try:
            result = operation(*values)
        except Exception as error:
            raise OperationError(name_of(operation), error) from error
        values = result if isinstance(result, tuple) and not whole else (result,)
    return values


def name_of(function: Any) -> str:
    """What a message calls a function."""
    return getattr(function, "__name__", type(function).__name__)


def serve(connection: Connection) -> None:
    """Answer chunks of arguments with what the functions give, until the connection ends."""
    sys.path[:], aliases, seed, whole, body = pickle.loads(connection.recv_bytes())
    sys.meta_path.insert(0, _Aliases(aliases))
    try:
        operations = pickle.loads(body)
    except Exception as error:
        operations = [_raising(error)]
    while True:
        try:
            first, items = pickle.loads(connection.recv_bytes())
        except EOFError:
            return
        answers = [_answer(operations, seed, whole, first + i, values) for i, values in enumerate(items)]
        try:
            message = pickle.dumps(answers, protocol=5)
        except Exception as error:
            message = pickle.dumps([(False, (name_of(operations[-1]), _text(error)))] * len(items))
        connection.send_bytes(message)


class _Aliases:
    """Gives msjax for the names that it goes by in the main process, at their first import."""

    def __init__(self, names: list[str]):
        self._names = names

    def find_spec(self, name: str, path: Any = None, target: Any = None):
        if name.partition(".")[0] not in self._names:
            return None
        sys.meta_path.remove(self)
        msjax = importlib.import_module("msjax")
        for alias in self._names:
            msjax.install_as(alias)
        return importlib.util.find_spec(name)


def _answer(operations: list, seed: int | None, whole: bool, number: int, values: tuple) -> tuple[bool, Any]:
    if seed is not None:  # so that no row depends on which worker has it
        random.seed(seed + number)
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed((seed + number) % 2**32)
    try:
        return True, apply(operations, values, whole)
    except OperationError as failure:
        return False, (failure.operation, _text(failure.error))


def _text(error: Any) -> str:
    trace = error.__traceback__
    return "".join(traceback.format_exception(type(error), error, trace.tb_next if trace else None)).rstrip()


def _raising(error: Exception):
    def unpickle(*values):
        raise error

    return unpickle


if __name__ == "__main__":
    try:  # noqa: SIM105 (a worker starts sooner with few imports)
        serve(Connection(int(sys.argv[1])))
    except (BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        pass
