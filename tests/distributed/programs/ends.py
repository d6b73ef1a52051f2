"""A process that goes on adding, and one that ends in the way that is asked for."""

import os
import signal
import sys
import time

import mindspore as ms
import numpy as np
from mindspore import Tensor, communication, ops

communication.init()
rank, way, when = communication.get_rank(), sys.argv[1], float(sys.argv[2])
net = ms.nn.Dense(2, 1)
begin = time.monotonic()
for step in range(10**6):
    ops.AllReduce()(Tensor(np.ones(2)))
    if rank == 0 and step % 5 == 0:
        ms.save_checkpoint(net, "last.ckpt")
    if step == 3:
        print("going", flush=True)
    if rank == 1 and step > 3 and time.monotonic() - begin > when:
        print("ends at", time.time(), flush=True)
        if way == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if way == "vanishes":
            os._exit(0)
        if way == "raises":
            raise ValueError("no more")
        if way == "shorter":
            ops.AllReduce()(Tensor(np.ones(1)))
        break
