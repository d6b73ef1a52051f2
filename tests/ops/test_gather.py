"""Reading and writing by index, masks, and assignment."""

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, mint, ops

X = np.arange(6, dtype=np.float32).reshape(2, 3)
LOWEST = np.finfo(np.float32).min


def tensor(values):
    return Tensor(np.asarray(values, np.float32))


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (lambda x: ops.gather(x, Tensor([0, -1]), 1), [[0, 2], [3, 5]]),
        (lambda x: ops.gather(x, Tensor([[0, 2], [1, 0]]), 1, 1), [[0, 2], [4, 3]]),
        (lambda x: x.gather(1, Tensor([[0], [2]])), [[0], [5]]),
        (lambda x: x.gather(Tensor([0, 2]), 1), [[0, 2], [3, 5]]),
        (lambda x: ops.gather_elements(x, 0, Tensor([[0, 1]])), [[0, 4]]),
        (lambda x: ops.gather_nd(x, Tensor([[0, 1], [1, 2]])), [1, 5]),
        (lambda x: mint.index_select(x, 1, Tensor([2, 0])), [[2, 0], [5, 3]]),
        (lambda x: x.take(Tensor([0, 9, -1])), [0, 5, 5]),
        (lambda x: x.take(Tensor([0, 9]), mode="wrap"), [0, 3]),
        (lambda x: ops.masked_select(x, Tensor([True, False, True])), [0, 2, 3, 5]),
        (lambda x: ops.masked_fill(x, x > 2, 9), [[0, 1, 2], [9, 9, 9]]),
        (lambda x: x.masked_scatter(x > 2, tensor([9, 8, 7, 6])), [[0, 1, 2], [9, 8, 7]]),
        (lambda x: ops.where(x > 2, x, 9), [[9, 9, 9], [3, 4, 5]]),
        (lambda x: x.where(x > 2, 9.0), [[9, 9, 9], [3, 4, 5]]),
        (lambda x: x.select(1, 2), [2, 5]),
        (lambda x: ops.index_fill(x, 1, Tensor([0, -1]), 9.0), [[9, 1, 9], [9, 4, 9]]),
        (lambda x: x.index_add(1, Tensor([0, 0]), tensor(np.ones((2, 2))), alpha=2), [[4, 1, 2], [7, 4, 5]]),
        (lambda x: x.index_put((Tensor([0, 0]), Tensor([1, 1])), tensor([7, 8]), True), [[0, 16, 2], [3, 4, 5]]),
        (lambda x: x.index_put((x > 3,), tensor([7])), [[0, 1, 2], [3, 7, 7]]),
        (lambda x: ops.scatter(x, 1, Tensor([[0], [-1]]), tensor([[9], [8]])), [[9, 1, 2], [3, 4, 8]]),
        (lambda x: mint.scatter(x, 1, Tensor([[0], [2]]), 9.0), [[9, 1, 2], [3, 4, 9]]),
        (lambda x: x.scatter_add(1, Tensor([[0], [2]]), tensor([[9], [8]])), [[9, 1, 2], [3, 4, 13]]),
        (lambda x: x.scatter_sub(Tensor([[0, 1], [0, 1]]), tensor([1, 1])), [[0, -1, 2], [3, 4, 5]]),
        (lambda x: ops.TensorScatterUpdate()(x, Tensor([[1]]), tensor([[7, 8, 9]])), [[0, 1, 2], [7, 8, 9]]),
        (
            lambda x: ops.tensor_scatter_elements(x, Tensor([[0], [1]]), tensor([[7], [8]]), 1, "add"),
            [[7, 1, 2], [3, 12, 5]],
        ),
        (lambda x: ops.inplace_add(x, tensor([[1, 1, 1]]), (1,)), [[0, 1, 2], [4, 5, 6]]),
        (lambda x: ops.select_scatter(x, tensor([9, 9]), 1, 0), [[9, 1, 2], [9, 4, 5]]),
        (lambda x: ops.diagonal_scatter(x, tensor([9, 9]), 1), [[0, 9, 2], [3, 4, 9]]),
        (lambda x: x.fill_diagonal(9.0), [[9, 1, 2], [3, 9, 5]]),
        (lambda x: ops.scatter_nd(Tensor([[1], [1]]), tensor([1, 2]), (3,)), [0, 3, 0]),
    ],
)
def test_values(result, expected):
    x = Tensor(X)
    result = result(x)
    assert result.asnumpy().tolist() == expected
    assert result.dtype == ms.float32
    np.testing.assert_array_equal(x.asnumpy(), X)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda x: ops.gather(x, Tensor([0, 7]), 1), RuntimeError, "\\[-3, 3\\), but got 7"),
        (lambda x: ops.gather(x, Tensor([0.0]), 1), TypeError, "integers"),
        (lambda x: ops.gather(x, Tensor([0]), 2), ValueError, "axis"),
        (lambda x: ops.gather_elements(x, 1, Tensor([0])), ValueError, "rank"),
        (lambda x: ops.gather_nd(x, Tensor([[-1, 0]])), RuntimeError, "but got -1"),
        (lambda x: ops.tensor_scatter_add(x, Tensor([[0, 7]]), tensor([1])), RuntimeError, "but got 7"),
        (lambda x: ops.tensor_scatter_add(x, Tensor([[0, 1]]), Tensor([1])), TypeError, "dtype"),
        (lambda x: ops.tensor_scatter_add(x, Tensor([[0, 1]]), tensor([1, 2])), ValueError, "shape \\(1,\\)"),
        (lambda x: ops.masked_fill(x, x, 1.0), TypeError, "bools"),
        (lambda x: ops.masked_fill(x, x > 1, tensor([1])), ValueError, "without axes"),
        (lambda x: ops.where(x, x, x), TypeError, "bools"),
        (lambda x: x.take(Tensor([0]), mode="raise"), NotImplementedError, "clip"),
    ],
)
def test_errors_name_what_was_wrong(call, error, says):
    with pytest.raises(error, match=says):
        call(Tensor(X))


def test_where_promotes_as_mindspore():
    mask = Tensor([True, False])
    assert ops.where(mask, 1, 0).dtype == ms.int64
    assert ops.where(mask, 1, 0.5).dtype == ms.float32
    assert ops.where(mask, Tensor([1, 2]), 0.5).dtype == ms.float32


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (lambda x: x.masked_fill_(x > 2, 0), [[0, 1, 2], [0, 0, 0]]),
        (lambda x: x.index_add_(0, Tensor([0]), tensor([[1, 1, 1]])), [[1, 2, 3], [3, 4, 5]]),
        (lambda x: x.scatter_(1, Tensor([[0], [2]]), 9), [[9, 1, 2], [3, 4, 9]]),
        (lambda x: x.scatter_(1, Tensor([[0], [2]]), 2, reduce="multiply"), [[0, 1, 2], [3, 4, 10]]),
        (lambda x: x.index_put_((Tensor([1]),), tensor([7])), [[0, 1, 2], [7, 7, 7]]),
        (lambda x: x.put_(Tensor([0, -1]), tensor([7, 8])), [[7, 1, 2], [3, 4, 8]]),
        (lambda x: x.copy_(Tensor([1, 2, 3])), [[1, 2, 3], [1, 2, 3]]),
        (lambda x: x.fill_diagonal_(9.0), [[9, 1, 2], [3, 9, 5]]),
    ],
)
def test_names_with_an_underscore_write_into_the_tensor(write, expected):
    x = Tensor(X)
    rows = x[1]
    assert write(x) is x
    assert x.asnumpy().tolist() == expected
    assert x.dtype == ms.float32
    assert rows.asnumpy().tolist() == expected[1]


def test_assignment_writes_into_a_parameter():
    p = Parameter(tensor([1, 2]), name="p")
    result = ops.assign(p, tensor([3, 4]))
    assert type(result) is Tensor
    assert p.asnumpy().tolist() == [3, 4]
    ops.assign_add(p, Tensor([1, 1]))
    ops.AssignSub()(p, tensor([0, 5]))
    assert p.asnumpy().tolist() == [4, 0]
    ops.scatter_update(p, Tensor([1]), tensor([9]))
    ops.scatter_nd_mul(p, Tensor([[0]]), tensor([2]))
    assert p.asnumpy().tolist() == [8, 9]
    with pytest.raises(ValueError, match="same shape"):
        ops.assign(p, tensor([1]))
    with pytest.raises(TypeError, match="float64 does not fit"):
        ops.assign(p, Tensor(np.ones(2)))


def test_assignment_in_a_compiled_function():
    p = Parameter(tensor([0, 0]), name="p")

    @ms.jit
    def step(x):
        ops.assign_add(p, x)
        return p * 2

    assert step(tensor([1, 2])).asnumpy().tolist() == [2, 4]
    assert step(tensor([1, 2])).asnumpy().tolist() == [4, 8]
    assert p.asnumpy().tolist() == [2, 4]


def test_compiled_gather_and_its_gradients():
    index = Tensor([[0, 2], [1, 1]])

    def f(x):
        return (ops.gather_elements(x, 1, index) ** 3).sum() + (ops.gather(x, index[0], 1) ** 2).sum()

    x = tensor([[1, 2, 3], [4, 5, 6]])
    expected = [[3 + 2, 0, 27 + 6], [8, 2 * 75, 12]]
    assert ms.grad(f)(x).asnumpy().tolist() == expected
    assert ms.jit(ms.grad(f))(x).asnumpy().tolist() == expected
    second = ms.grad(lambda x: ms.grad(f)(x).sum())(x)
    assert second.asnumpy().tolist() == [[6 + 2, 0, 18 + 2], [2, 60, 2]]
    assert second.dtype == ms.float32


def test_masked_select_is_differentiated():
    x = tensor([1, -2, 3])
    grad = ms.grad(lambda x: (ops.masked_select(x, x > 0) ** 2).sum())(x)
    assert grad.asnumpy().tolist() == [2, 0, 6]


@pytest.mark.parametrize(
    ("meeting", "expected"),
    [("sum", [[3, 5, 7], [0, 0, 0]]), ("max", [[3, 4, 5], [LOWEST] * 3]), ("min", [[0, 1, 2], [-LOWEST] * 3])],
)
def test_unsorted_segments(meeting, expected):
    result = getattr(ops, f"unsorted_segment_{meeting}")(Tensor(X), Tensor([0, 0]), 2)
    np.testing.assert_array_equal(result.asnumpy(), np.asarray(expected, np.float32))


def test_segments_of_several_axes_and_without_a_segment():
    assert ops.unsorted_segment_sum(Tensor(X), Tensor([[0, 1, 0], [1, -1, 0]]), 2).asnumpy().tolist() == [7, 4]
    with pytest.raises(RuntimeError, match="but got 5"):
        ops.unsorted_segment_sum(Tensor(X), Tensor([0, 5]), 2)
    grad = ms.grad(lambda x: (ops.unsorted_segment_sum(x, Tensor([0, 0]), 2) ** 2).sum())(Tensor(X))
    assert grad.asnumpy().tolist() == [[6, 10, 14]] * 2


def test_sorted_segments():
    assert ops.SegmentMean()(Tensor(X), Tensor([0, 2])).asnumpy().tolist() == [[0, 1, 2], [0, 0, 0], [3, 4, 5]]
    chosen = ops.sparse_segment_mean(Tensor(X), Tensor([0, 1, 1]), Tensor([0, 0, 1]))
    assert chosen.asnumpy().tolist() == [[1.5, 2.5, 3.5], [3, 4, 5]]
    assert ops.sequence_mask(Tensor([1, 2]), 3).asnumpy().tolist() == [[True, False, False], [True, True, False]]


def test_products_are_differentiated_where_places_repeat():
    x, u, places = tensor([2, 3]), tensor([5, 0, 7]), Tensor([[0], [0], [1]])
    assert ops.tensor_scatter_mul(x, places, u).asnumpy().tolist() == [0, 21]
    grads = ms.grad(lambda x, u: ops.tensor_scatter_mul(x, places, u).sum(), (0, 1))(x, u)
    assert [g.asnumpy().tolist() for g in grads] == [[0, 7], [0, 10, 3]]
    second = ms.grad(lambda u: ms.grad(lambda u: ops.tensor_scatter_mul(x, places, u).sum())(u).sum())(u)
    assert second.asnumpy().tolist() == [2, 2, 0]
    product = ms.grad(lambda x: ops.unsorted_segment_prod(x, Tensor([0, 0]), 2).sum())(tensor([[0, 2], [3, 4]]))
    assert product.asnumpy().tolist() == [[3, 4], [0, 2]]
    assert ops.tensor_scatter_div(Tensor([7, 9]), Tensor([[0]]), Tensor([2])).asnumpy().tolist() == [3, 9]
