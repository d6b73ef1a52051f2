"""Three processes that do what all know, but not in the same order; or mean others by a
group's name, or are not there any more."""

import os
import signal
import sys
import time

import numpy as np
from mindspore import Tensor, communication, ops

communication.init()
rank, way = communication.get_rank(), sys.argv[1]
x = Tensor(np.ones(2, np.float32))
gather = ops.AllGather()


def turned(first, second, steps):
    """Both, in the other order by rank 1 when they are known."""
    for step in range(steps):
        for function in (second, first) if rank == 1 and step > 3 else (first, second):
            function().asnumpy()


if way == "groups":
    communication.create_group("two", [0, 1])
    add = ops.AllReduce(group="two")
    turned(lambda: add(x) if rank < 2 else x, lambda: gather(x), 6)
if way == "sizes":
    turned(lambda: ops.AllReduce()(x), lambda: ops.AllReduce()(x[:1]), 6)
if way == "made":
    communication.create_group("two", [1, 0] if rank == 1 else [0, 1])
    if rank < 2:
        ops.AllReduce(group="two")(x)
if way == "exits":
    gather(x).asnumpy()
    if rank == 1:
        os._exit(0)
    time.sleep(100)
if way == "stops":
    gather(x).asnumpy()
    if rank == 1:
        os.kill(os.getpid(), signal.SIGSTOP)
    gather(x).asnumpy()
