"""What two processes may do wrong, each of which both hear of."""

import mindspore as ms
import numpy as np
import pytest
from mindspore import Tensor, communication, ops
from mindspore.communication import comm_func

communication.init()
rank = communication.get_rank()
add = ops.AllReduce()


def ones(*shape, dtype=ms.float32):
    return Tensor(np.ones(shape), dtype)


def told(function, *parts, error=RuntimeError):
    with pytest.raises(error) as caught:
        function()
    assert all(part in str(caught.value) for part in parts), caught.value


told(lambda: add(ones(2 + rank)), "Rank 0: the sum of float32[2]", "Rank 1: the sum of float32[3]")
told(lambda: add(ones(2, dtype=ms.float64 if rank else ms.int32)), "float64[2]", "int32[2]")
told(lambda: ops.AllReduce("max" if rank else "min")(ones(2)), "Rank 0: the least", "Rank 1: the greatest")
told(lambda: (add if rank else ops.AllGather())(ones(2)), "Rank 0: all arrays along axis 0", "Rank 1: the sum")
told(
    lambda: ms.jit(lambda x: add(x) if rank else add(add(x)))(ones(5)),
    "Rank 0: psum of float32[5]",
    "Rank 1: all-reduce f32[5]",
)
communication.create_group("one", [1])
if rank == 0:
    told(lambda: ops.AllReduce(group="one")(ones(2)), "Rank 0 is not in the group 'one'".lower())
told(lambda: ops.AllReduce(group="none")(ones(2)), "there is no group 'none'")
told(lambda: ops.Broadcast(7)((ones(2),)), "rank 7 is not in the group")
told(lambda: communication.create_group("far", [0, 5]), "from 0 to 1, but got 5")
told(lambda: comm_func.reduce(ones(2), 0, "sums"), "'op' must be", "but got 'sums'", error=ValueError)
told(lambda: ops.ReduceScatter()(ones(3)), "divisible by 2", error=ValueError)
told(lambda: add(Tensor([True])), "dtype is bool", error=TypeError)
assert add(ones(1)).tolist() == [2.0]
print("all is well", rank)
