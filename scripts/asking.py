"""Ask MindSpore about what is drawn from seeds, in processes that may hang or die."""

import multiprocessing
import sys
from collections.abc import Callable


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
