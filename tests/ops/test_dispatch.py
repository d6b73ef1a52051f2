"""Calls that have come up before take a short way; what they mean does not change."""

import jax
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.ops.call import arguments

TIMES = range(4)  # the first use, the second, which prepares the short way, and two that take it


def test_numbers_by_type_and_sign():
    x = Tensor(np.array([2, 3], np.int32))
    for _ in TIMES:
        assert [(x * n).dtype for n in (1, 1.0, True)] == [ms.int32, ms.float32, ms.int32]
        assert (Tensor([1.0]) / 0.0).tolist() == [np.inf] and (Tensor([1.0]) / -0.0).tolist() == [-np.inf]
        with pytest.raises(RuntimeError, match="unable to cast"):
            x * 2**70


def test_a_number_becomes_an_array_at_its_second_use():
    assert arguments.number(123.25) == 123.25 and isinstance(arguments.number(123.25), jax.Array)
    assert arguments.number(123.25) is arguments.number(123.25)
    assert arguments.number(123.25).weak_type
    assert arguments.number(0.0) is arguments.number(0.0) and isinstance(arguments.number(0.0), float)


def test_no_tracer_is_remembered():
    double = jax.jit(lambda x: (Tensor(x) * 321.5)._array)
    for size in (1, 2, 3):
        np.testing.assert_array_equal(double(np.ones(size, np.float32)), np.full(size, 321.5, np.float32))
    assert (Tensor([2.0]) * 321.5).tolist() == [643.0]


def test_static_arguments_by_type():
    x = Tensor(np.ones((2, 3), np.float32))
    for _ in TIMES:
        assert x.sum(1).tolist() == [3, 3] and x.sum(-1).tolist() == [3, 3] and x.sum([0, 1]).tolist() == 6
        assert x.sum(0, True).shape == (1, 3)
        with pytest.raises(TypeError):
            ops.softmax(x, 1.0)


@pytest.mark.parametrize(
    "index",
    [
        0, -1, True, None, ..., slice(None), slice(1, None), slice(None, None, -1), slice(3, 0, -2), slice(0, 0),
        (0, 1, 2), (0, slice(1, 3)), (..., 0), (None, 1), (slice(None), None, -1), (slice(0, 4, 3), slice(0, 1), 0),
        [0, 2], (1, [0, 1]),
    ],
    ids=str,
)  # fmt: skip
def test_an_index_again(index):
    """Reads and writes are numpy's, in arrays of two shapes that the same index meets in turns."""
    arrays = [np.arange(60.0, dtype=np.float32).reshape(shape) for shape in ((5, 4, 3), (4, 3, 5))]
    for turn in TIMES:
        for array in arrays:
            x = Tensor(array)
            np.testing.assert_array_equal(x[index].asnumpy(), array[index])
            x[index] = turn
            expected = array.copy()
            expected[index] = turn
            np.testing.assert_array_equal(x.asnumpy(), expected)


def test_a_view_found_again_is_a_view():
    for turn in TIMES:
        x = Tensor(np.zeros((2, 2), np.float32))
        row, flat = x[1], x.reshape(4)
        row[0] = turn + 1.0
        assert flat.tolist() == [0, 0, turn + 1, 0]
        x[1, 1] = 9.0
        assert row.tolist() == [turn + 1, 9]


def test_out_of_range_again():
    for _ in TIMES:
        with pytest.raises(IndexError, match="out of bounds"):
            Tensor([1.0, 2.0])[2]
