"""What runs in a worker process: a function is received, then chunks of items, for which its results are sent.

This file is run as a program of its own and imports nothing of msjax, so that a worker is there quickly; what the
function needs, unpickling imports. It ends when its connection does.
"""

from __future__ import annotations

import pickle
import random
import sys
import traceback
from multiprocessing.connection import Connection


def serve(connection: Connection) -> None:
    sys.path[:], seed, body = pickle.loads(connection.recv_bytes())
    try:
        function = pickle.loads(body)
    except Exception as error:
        function = None
        problem = _report(error)
    while True:
        try:
            first, items = pickle.loads(connection.recv_bytes())
        except EOFError:
            return
        try:
            if function is None:
                answer = problem
            else:
                answer = (True, [_one(function, seed, first + i, item) for i, item in enumerate(items)])
            connection.send_bytes(pickle.dumps(answer, protocol=5))
        except Exception as error:
            connection.send_bytes(pickle.dumps(_report(error), protocol=5))


def _one(function, seed: int | None, number: int, item):
    if seed is not None:  # so that no row depends on which worker has it
        random.seed(seed + number)
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed((seed + number) % 2**32)
    return function(number, item)


def _report(error: Exception) -> tuple[bool, str]:
    return False, "".join(traceback.format_exception(error))


if __name__ == "__main__":
    try:  # noqa: SIM105 (a worker starts sooner with few imports)
        serve(Connection(int(sys.argv[1])))
    except (BrokenPipeError, KeyboardInterrupt):
        pass
