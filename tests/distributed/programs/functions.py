"""The collectives as functions, parts of different sizes and messages between two processes."""

import mindspore as ms
import mindspore.communication.comm_func as functions
import mindspore.mint.distributed as dist
import numpy as np
from mindspore import Tensor, communication, ops

communication.init()
rank = communication.get_rank()
other = 1 - rank
EVERY = np.random.default_rng(0).normal(size=(2, 4, 3)).astype(np.float32)  # what each process has
x = Tensor(EVERY[rank])


def same(found, expected):
    np.testing.assert_allclose(found.asnumpy(), expected, rtol=1e-5)


def test_parts_of_different_sizes():
    line = Tensor(np.arange(3 + rank, dtype=np.float32))
    assert ops.AllGatherV()(line, [3, 4]).tolist() == [0, 1, 2, 0, 1, 2, 3]
    assert ops.ReduceScatterV()(Tensor([0.0, 1.0, 2.0]), [2, 1]).tolist() == ([4.0] if rank else [0.0, 2.0])
    given = Tensor([3.0, 4.0, 5.0] if rank else [0.0, 1.0, 2.0])
    sizes = [2, 1] if rank else [1, 2]
    expected = [1.0, 2.0, 5.0] if rank else [0.0, 3.0, 4.0]
    assert ops.AlltoAllV()(given, sizes, sizes).tolist() == expected
    assert ops.AlltoAllVC()(given, [1, 2, 2, 1]).tolist() == expected
    rows = Tensor(np.arange(6, dtype=np.float32).reshape(3, 2) + 10 * rank)
    found, handle = functions.all_to_all_single_with_output_shape((3, 2), rows, sizes, sizes)
    assert found.tolist() == ([[2, 3], [4, 5], [14, 15]] if rank else [[0, 1], [10, 11], [12, 13]])
    assert handle is None


def test_parts_that_are_equal_for_one_process_only():
    sizes = [1, 2 if rank else 1]
    found = ops.AlltoAllV()(Tensor(np.arange(sum(sizes), dtype=np.float32) + 10 * rank), sizes, sizes)
    assert found.tolist() == ([1.0, 11.0, 12.0] if rank else [0.0, 10.0])


def test_derivatives():
    """Cotangents take the way back."""
    weights = Tensor(EVERY[other])
    swap = ops.NeighborExchange([other], [other], ([4, 3],), ([4, 3],), ms.float32)
    same(ms.grad(lambda t: (swap((t * 2,))[0] * weights).sum())(x), 2 * EVERY[rank])
    same(ms.grad(lambda t: (ms.grad(lambda s: (swap((s**2,))[0] * weights).sum())(t)).sum())(x), 2 * EVERY[rank])
    if rank:
        receive = ops.Receive(0, 0, [4, 3], ms.float32)
        link = ops.zeros(())
        gradients = ms.grad(lambda w, link: (receive(link) * w).sum(), (0, 1))(x, link)
        same(gradients[0], EVERY[0] ** 2), same(gradients[1], 0)
    else:
        send = ops.Send(0, 1)
        same(ms.grad(lambda t: send(t * t))(x), 2 * EVERY[0] * EVERY[1])
    sizes = [2, 1] if rank else [1, 2]
    line, scale = Tensor(EVERY[rank, 0]), Tensor([1.0, 2.0, 3.0])
    went = [2.0, 3.0, 3.0] if rank else [1.0, 1.0, 2.0]  # what multiplies each number where it has gone
    same(ms.grad(lambda t: (ops.AlltoAllV()(t, sizes, sizes) * scale).sum())(line), went)


def test_messages():
    if rank:
        functions.send(x, 0)
        same(functions.recv(x, 0), EVERY[0])
    else:
        same(functions.recv(x, 1), EVERY[1])
        functions.send(x, 1)
    sent = functions.isend(x, other)
    received, handle = functions.irecv(x, other)
    sent.wait(), handle.wait()
    same(received, EVERY[other])
    same(functions.batch_isend_irecv([functions.P2POp(op, x, other) for op in ("isend", "irecv")])[1], EVERY[other])
    same(ops.NeighborExchange([other], [other], ([4, 3],), ([4, 3],), ms.float32)((x,))[0], EVERY[other])
    objects: list = [None, None]
    if rank:
        dist.recv_object_list(objects, 0)
        assert objects == ["a", {"b": 1}]
    else:
        dist.send_object_list(["a", {"b": 1}], 1)


def test_into_tensors():
    y = Tensor(EVERY[rank])
    handle = dist.all_reduce(y, async_op=True)
    handle.wait()
    same(y, EVERY.sum(0))
    results = [ops.zeros_like(x), ops.zeros_like(x)]
    dist.all_gather(results, x)
    same(results[1], EVERY[1])
    dist.scatter(y, [x, x * 2], 1)
    same(y, EVERY[1] * (1 + rank))
    dist.broadcast(y, 1)
    same(y, EVERY[1] * 2)
    part = ops.zeros((2, 3))
    dist.reduce_scatter_tensor(part, x)
    same(part, EVERY.sum(0)[2 * rank : 2 * rank + 2])
    objects: list = [None, None]
    dist.all_gather_object(objects, {"rank": rank})
    assert objects == [{"rank": 0}, {"rank": 1}]
    assert dist.get_rank(dist.new_group([1])) == rank - 1
    dist.barrier()


for test in [value for name, value in list(globals().items()) if name.startswith("test_")]:
    test()
print("all is well", rank)
