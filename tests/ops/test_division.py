"""Quotients are rounded once, as IEEE 754 has it, where XLA would multiply by a rounded inverse."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, mint, ops

WHOLE = Tensor(np.arange(1, 200, dtype=np.float32))
DIVISIONS = {
    "/": lambda x, n: x / n,
    "by a Tensor": lambda x, n: x / Tensor(float(n)),
    "compiled": ms.jit(lambda x, n: x / n),
    "div": ops.div,
    "RealDiv": lambda x, n: ops.RealDiv()(x, Tensor([float(n)])),
    "cut off": lambda x, n: mint.div(x, n, rounding_mode="trunc"),
}


@pytest.mark.parametrize("divide", DIVISIONS.values(), ids=DIVISIONS.keys())
@pytest.mark.parametrize("number", (7, 41, 47, 61, 107))
def test_multiples_of_a_number_have_whole_quotients(divide, number):
    assert (divide(WHOLE * number, number).asnumpy() == WHOLE.asnumpy()).all()


@pytest.mark.parametrize("count", (41, 47, 55, 109))
@pytest.mark.parametrize("dtype", (ms.float16, ms.float32, ms.float64))
def test_the_mean_of_ones_is_one(count, dtype):
    assert ops.ones((count,), dtype).mean() == 1 and (ops.ones((count, 2), dtype).mean(0) == 1).all()


def test_a_tensor_in_another_dtype_is_cast_by_one_rule():
    x = Tensor([-2.5, 300.0, 1e10, float("inf")])
    for dtype in (ms.uint8, ms.int8, ms.int32, ms.bool_, ms.float16):
        assert Tensor(x, dtype).tolist() == x.astype(dtype).tolist()
