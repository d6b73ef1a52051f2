"""Ask MindSpore in processes that may hang or die."""

import multiprocessing
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TextIO


def mindspore_of(version: str) -> ModuleType:
    """MindSpore, which must be of this version."""
    os.environ.setdefault("GLOG_v", "4")
    import mindspore

    if mindspore.__version__ != version:
        sys.exit(f"the recorded answers are those of MindSpore {version}, this is {mindspore.__version__}")
    return mindspore


def lines_of_child(write: Callable[[TextIO], None], path: Path) -> list[str]:
    """The lines that `write` gets into a file in a child process, which prints nothing."""
    path.write_text("")
    if not (child := os.fork()):
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        try:
            with path.open("w") as file:
                write(file)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return path.read_text().splitlines()


def answers(work: Callable, count: int, *arguments, seconds: float, at_most: int = 1000) -> dict:
    """What `work` sends about the seeds below `count`; those at which it hangs or dies are left out.

    Args:
        work: a function `work(first, last, *arguments, pipe)` that sends pairs of a seed and its answer, in order.
        seconds: how long one answer may take.
        at_most: how many seeds one process is asked about.
    """
    multiprocessing.set_start_method("spawn", force=True)
    found, first = {}, 0
    while first < count:
        last = min(count, first + at_most)
        mine, theirs = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=work, args=(first, last, *arguments, theirs))
        process.start()
        theirs.close()
        try:
            while first < last and mine.poll(seconds):
                seed, found[seed] = mine.recv()
                first = seed + 1
        except EOFError:
            pass
        process.kill()
        process.join()
        if first < last:
            print(f"{first} is left out", file=sys.stderr)
            first += 1
    return found
