"""Threads that share Tensors: a transform in one does not disturb what another one reads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn


@pytest.mark.parametrize("mode", ["auto", "off"])
def test_one_network_in_two_threads(mode):
    net = nn.Dense(3, 2)
    x = Tensor([[1.0, 2.0, 3.0]])
    expected, weights = net(x).asnumpy(), net.trainable_params()
    gradient = ms.grad(lambda x: (net(x) ** 2).sum(), None, weights)
    expected_gradient = gradient(x)[0].asnumpy()

    def differentiate():
        return [gradient(x)[0].asnumpy() for _ in range(10)]

    def run():
        return [net(x).asnumpy() for _ in range(100)]

    ms.set_compile(mode)
    try:
        with ThreadPoolExecutor(3) as pool:
            jobs = [pool.submit(job) for job in (differentiate, run, differentiate, run)]
            results = [job.result() for job in jobs]
    finally:
        ms.set_compile("auto")
    for found, wanted in zip(results, (expected_gradient, expected) * 2, strict=True):
        for value in found:
            np.testing.assert_allclose(value, wanted, rtol=1e-6)
