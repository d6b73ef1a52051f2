"""Operators that write into their first argument: numbers as values."""

import pytest

import msjax as ms
from msjax import Parameter, Tensor, ops


def parameter(values, dtype=ms.float32):
    return Parameter(Tensor(values, dtype), name="p")


@pytest.mark.parametrize("dtype", [ms.int32, ms.int64, ms.float16, ms.float32])
def test_numbers_take_the_dtype_of_the_variable(dtype):
    for values in (5, [5]):
        p = parameter(values, dtype)
        assert (ops.assign_add(p, 2).dtype, p.asnumpy().item()) == (dtype, 7)
        assert (ops.AssignSub()(p, True).dtype, p.asnumpy().item()) == (dtype, 6)
    p = parameter(5, dtype)
    assert (ops.assign(p, 2).dtype, p.asnumpy().item()) == (dtype, 2)


def test_numbers_that_do_not_fit():
    for operator in (ops.assign, ops.assign_add, ops.AssignSub()):
        with pytest.raises(TypeError, match="does not fit"):
            operator(parameter(5, ms.int32), 0.5)
        with pytest.raises(ValueError, match="same shape"):
            operator(parameter([5, 6]), 2)
    assert float(ops.assign_add(parameter(5), 0.5)) == 5.5


def test_an_argument_that_is_differentiated_can_be_assigned():
    rows, y = Tensor([0, 1], ms.int32), Tensor([[1.0, 2.0], [3.0, 4.0]])
    for operator in (lambda x: ops.index_add(x, rows, y * x, 0), lambda x: ops.assign_add(x, y * x)):
        x = Tensor([[1.0, 2.0], [3.0, 4.0]])
        assert ms.grad(operator)(x).asnumpy().tolist() == [[2, 3], [4, 5]]
        assert x.asnumpy().tolist() == [[2, 6], [12, 20]]
