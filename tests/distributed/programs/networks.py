"""Batch statistics of all processes, and gradients that overflow on one of them."""

import mindspore as ms
import numpy as np
import pytest
from mindspore import Tensor, amp, mint, nn, ops
from mindspore.communication import get_group_size, get_rank, init

init()
rank, size = get_rank(), get_group_size()
ms.set_auto_parallel_context(parallel_mode="data_parallel", gradients_mean=True)
IMAGES = np.random.default_rng(0).normal(size=(6, 3, 4, 4)).astype(np.float32) * 3 + 1
WEIGHTS = np.random.default_rng(1).normal(size=IMAGES.shape).astype(np.float32)
own = slice(0, 4) if rank == 0 else slice(4, 6)  # batches of different sizes


def after(norm, rows, reduce):
    """The result, the derivatives of the sum over all, and the moving moments."""
    norm.set_train()
    x, w = Tensor(IMAGES[rows]), Tensor(WEIGHTS[rows])
    run = ms.value_and_grad(lambda x: (norm(x) ** 2 * w).sum(), 0, norm.trainable_params())
    for _ in range(3):  # eagerly, and compiled
        (_, (by_x, by_weights)), result = run(x), norm(x)
    return [result, by_x], [*map(reduce, by_weights), *[p for p in norm.get_parameters() if not p.requires_grad]]


def test_moments_are_those_of_all():
    add = ops.AllReduce()
    for together, alone in ((nn.SyncBatchNorm, nn.BatchNorm2d), (mint.nn.SyncBatchNorm, mint.nn.BatchNorm2d)):
        rows, whole = after(together(3), own, add)
        rows_alone, whole_alone = after(alone(3), slice(None), lambda x: x)
        for found, expected in zip(rows, rows_alone, strict=True):
            np.testing.assert_allclose(found.asnumpy(), expected.asnumpy()[own], rtol=1e-4, atol=1e-4)
        for found, expected in zip(whole, whole_alone, strict=True):
            np.testing.assert_allclose(found.asnumpy(), expected.asnumpy(), rtol=1e-4, atol=1e-4)


def test_groups_that_normalize_apart():
    rows, _ = after(nn.SyncBatchNorm(3, process_groups=[[0], [1]]), own, lambda x: x)
    alone, _ = after(nn.BatchNorm2d(3), own, lambda x: x)
    for found, expected in zip(rows, alone, strict=True):
        np.testing.assert_allclose(found.asnumpy(), expected.asnumpy(), rtol=1e-5, atol=1e-5)
    for groups in ([[0, 1], [1]], [[0, 5]]):
        with pytest.raises(ValueError, match="different ranks from 0 to 1"):
            nn.SyncBatchNorm(3, process_groups=groups)


def test_an_overflow_of_one_process_is_one_of_all():
    net = nn.Dense(2, 1, weight_init="ones")
    scaler = amp.DynamicLossScaler(2.0**10, 2, 100)
    optimizer = nn.SGD(net.trainable_params(), 0.1)
    gradient = ms.value_and_grad(lambda x: scaler.scale(net(x).sum()), None, optimizer.parameters)
    reduce = nn.DistributedGradReducer(optimizer.parameters)
    steps = []
    for step in range(4):
        x = Tensor(np.full((2, 2), np.inf if step == 1 and rank == 1 else 1, np.float32))
        gradients = scaler.unscale(reduce(gradient(x)[1]))
        steps.append(bool(amp.all_finite(gradients)))
        scaler.adjust(Tensor(steps[-1]))
        if steps[-1]:
            optimizer(gradients)
    assert steps == [True, False, True, True] and scaler.scale_value.item() == 2.0**9
    np.testing.assert_allclose(ops.AllReduce("max")(net.weight).asnumpy(), net.weight.asnumpy())


for test in [value for name, value in list(globals().items()) if name.startswith("test_")]:
    test()
print("all is well", rank)
