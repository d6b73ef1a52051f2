"""All that two processes exchange, against what numpy says; eagerly, compiled, and with derivatives."""

import subprocess
import sys

import mindspore as ms
import numpy as np
from mindspore import Tensor, communication, ops

communication.init()
rank, size = communication.get_rank(), communication.get_group_size()
other = 1 - rank
rng = np.random.default_rng(0)
EVERY = rng.normal(size=(2, 4, 3)).astype(np.float32)  # what each process has
WEIGHTS = rng.normal(size=(8, 3)).astype(np.float32)
x = Tensor(EVERY[rank])


def same(found, expected, **tolerance):
    np.testing.assert_allclose(found.asnumpy(), expected, **({"rtol": 1e-5} | tolerance))


def test_ranks():
    assert (size, communication.get_local_rank(), communication.get_local_rank_size()) == (2, rank, 2)
    assert (ms.get_auto_parallel_context("device_num"), ms.get_auto_parallel_context("global_rank")) == (2, rank)
    communication.create_group("turned", [1, 0])
    assert communication.get_rank("turned") == other
    assert communication.get_world_rank_from_group_rank("turned", 0) == 1
    same(ops.AllGather("turned")(x), np.concatenate([EVERY[1], EVERY[0]]))
    communication.destroy_group("turned")


def test_a_process_that_this_one_starts_knows_whose_it_is():
    code = "import msjax as ms; ms.communication.init(); print(ms.communication.get_rank(), ms.hal.device_count())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{rank} 1\n"


def test_values():
    a, b = EVERY
    half = slice(2 * rank, 2 * rank + 2)
    results = {
        "sum": a + b, "max": np.maximum(a, b), "min": np.minimum(a, b), "prod": a * b, "avg": (a + b) / 2,
    }  # fmt: skip
    for name, expected in results.items():
        same(ops.AllReduce(name)(x), expected)
        same(ops.ReduceScatter(name)(x), expected[half])
        same(ops.Reduce(1, name)(x), expected * rank)
    both = np.concatenate([a, b])

    def several(t):
        reduced = [ops.AllReduce(name)(t) for name in results]
        others = ops.AllGather()(t), ops.Broadcast(1)((t,))[0], ops.AlltoAll(2, 0, 1)(t), ops.CollectiveScatter(0)(t)
        return (*reduced, *others)

    wanted = *results.values(), both, b, np.concatenate([a[half], b[half]], 1), a[half]
    for run in (several, ms.jit(several)):
        for found, expected in zip(run(x), wanted, strict=True):
            same(found, expected)
    same(ops.CollectiveGather(0)(x), [0] if rank else both)
    whole = Tensor(np.array([3, 4]) + rank, ms.int32)
    assert ops.AllReduce()(whole).dtype == ms.int32
    assert ops.AllReduce("max")(whole).tolist() == [4, 5]
    assert ops.Broadcast(1)((Tensor([True, rank == 1]),))[0].tolist() == [True, True]
    assert ops.AllReduce()(x.astype(ms.bfloat16)).dtype == ms.bfloat16


def test_derivatives():
    """As in MindSpore: cotangents are exchanged the other way; a mean or sum of all losses has its derivative then."""
    a, b = EVERY
    mine, w = WEIGHTS[4 * rank : 4 * rank + 4], Tensor(WEIGHTS)
    total = WEIGHTS[:4] + WEIGHTS[4:]
    parts = Tensor(WEIGHTS[2 * rank : 2 * rank + 2])
    winner = EVERY[rank] == np.maximum(a, b)
    expected = {
        "AllReduce": (lambda t: (ops.AllReduce()(t) * Tensor(mine)).sum(), total),
        "max": (lambda t: (ops.AllReduce("max")(t) * Tensor(mine)).sum(), total * winner),
        "prod": (lambda t: (ops.AllReduce("prod")(t) * Tensor(mine)).sum(), total * EVERY[other]),
        "AllGather": (lambda t: (ops.AllGather()(t) * w).sum(), 2 * mine),
        "ReduceScatter": (lambda t: (ops.ReduceScatter()(t) * parts).sum(), WEIGHTS[:4]),
        "Broadcast": (lambda t: (ops.Broadcast(0)((t,))[0] * Tensor(mine)).sum(), mine),
        "AlltoAll": (lambda t: (ops.AlltoAll(2, 0, 0)(t) * ops.AlltoAll(2, 0, 0)(t) / 2).sum(), EVERY[rank]),
        "CollectiveScatter": (lambda t: (ops.CollectiveScatter(0)(t) * parts).sum(), WEIGHTS[:4] * (rank == 0)),
    }
    for name, (function, gradient) in expected.items():
        same(ms.grad(function)(x), gradient, err_msg=name)

    compiled = [expected[name] for name in ("AllReduce", "AllGather", "CollectiveScatter")]

    @ms.jit
    def several(t):
        return tuple(ms.grad(function)(t) for function, _ in compiled)

    for found, (_, gradient) in zip(several(x), compiled, strict=True):
        same(found, gradient)
    same(ms.jvp(lambda t: ops.AllReduce()(t) ** 2, x, x)[1], 2 * (a + b) ** 2, rtol=1e-5)
    same(ms.vmap(ops.AllGather())(x.reshape(2, 2, 3)), np.concatenate([a.reshape(2, 2, 3), b.reshape(2, 2, 3)], 1))


def test_one_process_that_prints_does_not_hold_up_the_others():
    """Its function runs eagerly, so those of the others do."""
    seen = []

    @ms.jit
    def both(t):
        if rank == 0:
            seen.append(1)
        return ops.AllReduce("max")(ops.AllReduce()(t) + t)

    for _ in range(3):
        same(both(x), (EVERY.sum(0) + EVERY).max(0))
    assert len(seen) == (3 if rank == 0 else 0)


def test_what_only_one_process_uses_is_exchanged_all_the_same():
    def first(t):
        total = ops.AllReduce()(t)
        return total if rank == 0 else t

    for _ in range(2):
        same(ms.jit(first)(x[:3]), EVERY[1, :3] if rank else EVERY.sum(0)[:3])
    same(ops.AllReduce()(x), EVERY.sum(0))


def test_last_batches_may_differ():
    def loss(t):
        return ops.AllReduce()((t * t).sum())

    for last in (4, 4, 4, 3, 4):
        value, gradient = ms.value_and_grad(loss)(Tensor(np.ones((last if rank else 4, 2), np.float32)))
        assert value.item() == 8 + 2 * last
        assert gradient.tolist() == [[4.0, 4.0]] * (last if rank else 4)  # of both losses


for test in [value for name, value in list(globals().items()) if name.startswith("test_")]:
    test()
print("all is well", rank)
