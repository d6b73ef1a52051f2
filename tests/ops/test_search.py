"""Places, distinct elements, bins."""

import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.ops.table import lookup

V = Tensor([3.0, 1.0, 2.0, 3.0])


def test_nonzero():
    x = Tensor([[1.0, 0.0], [0.0, 2.0]])
    assert ops.nonzero(x).tolist() == [[0, 0], [1, 1]]
    assert [t.tolist() for t in x.nonzero(as_tuple=True)] == [[0, 1], [0, 1]]
    assert ops.is_nonzero(Tensor([1.0])) is True


def test_unique_keeps_the_order_of_appearance():
    found, inverse = ops.unique(V)
    assert found.tolist() == [3, 1, 2]
    assert inverse.tolist() == [0, 1, 2, 0]
    assert inverse.dtype is ms.int32
    assert V.unique().tolist() == [1, 2, 3]
    assert [t.tolist() for t in lookup("mint", "unique")(V, True, True, True)] == [[1, 2, 3], [2, 0, 1, 2], [1, 1, 2]]


def test_unique_is_differentiable():
    assert ms.grad(lambda x: ops.unique(x)[0] * Tensor([1.0, 2.0, 3.0]))(V).tolist() == [1, 2, 3, 0]


def test_unique_consecutive():
    found, inverse, counts = ops.unique_consecutive(Tensor([1, 1, 2, 2, 1]), True, True)
    assert (found.tolist(), inverse.tolist(), counts.tolist()) == ([1, 2, 1], [0, 0, 1, 1, 2], [2, 2, 1])
    rows = ops.unique_consecutive(Tensor([[1, 1], [1, 1], [2, 2]]), dim=0)
    assert rows.tolist() == [[1, 1], [2, 2]]


@pytest.mark.parametrize(("right", "places"), [(False, [0, 1, 3]), (True, [0, 2, 3])])
def test_searchsorted(right, places):
    found = ops.searchsorted(Tensor([1.0, 3.0, 5.0]), Tensor([0.0, 3.0, 6.0]), right=right)
    assert found.tolist() == places
    assert found.dtype is ms.int64


def test_searchsorted_in_rows():
    found = ops.searchsorted(Tensor([[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]), Tensor([[3.0], [5.0]]), out_int32=True)
    assert found.tolist() == [[1], [2]]
    assert found.dtype is ms.int32
    with pytest.raises(ValueError, match="side"):
        ops.searchsorted(V, V, side="middle")


def test_counts():
    assert ops.bincount(Tensor([1, 2, 2]), Tensor([1.0, 2.0, 3.0]), 5).tolist() == [0, 1, 5, 0, 0]
    assert ops.histc(Tensor([1.0, 5.0, 5.0, 4.0, 2.0, 0.0]), 4).tolist() == [2, 1, 0, 3]
    assert ops.bucketize(Tensor([1.0, 4.0]), [1.0, 3.0, 5.0]).tolist() == [0, 2]
    assert ops.intopk(Tensor([[1.0, 5.0, 5.0], [4.0, 2.0, 0.0]]), Tensor([1, 2], ms.int32), 1).tolist() == [True, False]
