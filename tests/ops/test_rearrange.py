"""Repeating, reversing, rolling, padding and slicing."""

import numpy as np
import pytest

import msjax as ms
import msjax.numpy as mnp
from msjax import Tensor, mint, ops

X = np.arange(6, dtype=np.float32).reshape(2, 3)


@pytest.mark.parametrize(
    ("ours", "numpys"),
    [
        (lambda x: ops.tile(x, (2, 1)), lambda x: np.tile(x, (2, 1))),
        (lambda x: x.tile(2, 1), lambda x: np.tile(x, (2, 1))),
        (lambda x: x.repeat(1, 2), lambda x: np.tile(x, (1, 2))),
        (lambda x: mnp.repeat(x, [1, 2], 0), lambda x: np.repeat(x, [1, 2], 0)),
        (lambda x: x.repeat_interleave(2, dim=1), lambda x: np.repeat(x, 2, 1)),
        (lambda x: ops.repeat_interleave(x, Tensor([0, 2]), 0), lambda x: np.repeat(x, [0, 2], 0)),
        (lambda x: ops.flip(x, (0, 1)), lambda x: np.flip(x)),
        (lambda x: x.fliplr(), np.fliplr),
        (lambda x: ops.roll(x, 1), lambda x: np.roll(x, 1)),
        (lambda x: ops.roll(x, (1, 2), (0, 1)), lambda x: np.roll(x, (1, 2), (0, 1))),
        (lambda x: x.rot90(1, (0, 1)), np.rot90),
        (lambda x: ops.narrow(x, 1, 1, 2), lambda x: x[:, 1:]),
        (lambda x: ops.slice(x, (0, 1), (-1, 1)), lambda x: x[:, 1:2]),
        (lambda x: ops.strided_slice(x, (1, 2), (-3, -4), (-1, -1)), lambda x: x[::-1, ::-1]),
        (lambda x: ops.StridedSlice(shrink_axis_mask=2)(x, (0, 1), (2, 2), (1, 1)), lambda x: x[:, 1]),
        (lambda x: ops.strided_slice(x, (0, 1), (2, 3), (1, 1), ellipsis_mask=1), lambda x: x[..., 1:3]),
        (lambda x: ops.pad(x, (1, 2)), lambda x: np.pad(x, ((0, 0), (1, 2)))),
        (lambda x: ops.pad(x, (-1, 0, 0, 1), value=5), lambda x: np.pad(x[:, 1:], ((0, 1), (0, 0)), constant_values=5)),
        (lambda x: ops.pad(x, (2, 1), mode="reflect"), lambda x: np.pad(x, ((0, 0), (2, 1)), "reflect")),
        (lambda x: ops.pad(x, (2, 1), mode="replicate"), lambda x: np.pad(x, ((0, 0), (2, 1)), "edge")),
        (lambda x: ops.pad(x, (2, 1), mode="circular"), lambda x: np.pad(x, ((0, 0), (2, 1)), "wrap")),
        (lambda x: mint.nn.functional.pad(x, [1, 1]), lambda x: np.pad(x, ((0, 0), (1, 1)))),
        (lambda x: ops.Pad(((1, 0), (0, 2)))(x), lambda x: np.pad(x, ((1, 0), (0, 2)))),
    ],
)
def test_against_numpy(ours, numpys):
    result = ours(Tensor(X))
    np.testing.assert_array_equal(result.asnumpy(), numpys(X))
    assert result.dtype == ms.float32


def test_mirror_pad_takes_its_paddings_as_a_tensor():
    padded = ops.MirrorPad("SYMMETRIC")(Tensor(X), Tensor([[1, 1], [2, 2]]))
    np.testing.assert_array_equal(padded.asnumpy(), np.pad(X, ((1, 1), (2, 2)), "symmetric"))


def test_reverse_sequence():
    result = ops.reverse_sequence(Tensor(X), Tensor([1, 3]), 1)
    assert result.asnumpy().tolist() == [[0, 1, 2], [5, 4, 3]]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda x: ops.tile(x, (-1, 1)), "negative"),
        (lambda x: ops.repeat_interleave(x, [1, 2, 3], 0), "length of 'repeats'"),
        (lambda x: ops.flip(x, (0, 0)), "twice"),
        (lambda x: ops.narrow(x, 1, 2, 2), "within axis 1"),
        (lambda x: ops.slice(x, (0, 1), (2, 5)), "no greater than the shape"),
        (lambda x: ops.strided_slice(x, (0, 0), (2, 3), (0, 1)), "0"),
        (lambda x: ops.pad(x, (1,)), "divisible by 2"),
        (lambda x: ops.pad(x, (3, 3), mode="reflect"), "less than the size"),
        (lambda x: ops.pad(x, (1, 1), mode="mirror"), "must be one of"),
    ],
)
def test_errors_name_what_was_wrong(call, says):
    with pytest.raises(ValueError, match=says):
        call(Tensor(X))


def test_padding_an_integer_keeps_its_dtype():
    padded = ops.pad(Tensor([1, 2]), (1, 0), value=2.7)
    assert padded.dtype == ms.int64
    assert padded.asnumpy().tolist() == [2, 1, 2]


def image(*shape):
    return Tensor(np.arange(np.prod(shape), dtype=np.float32).reshape(shape))


def test_blocks_as_mindspore():
    depth = ops.SpaceToDepth(2)(image(1, 1, 4, 4))
    assert depth.asnumpy()[0, :, 0, 0].tolist() == [0, 1, 4, 5]
    batch = ops.space_to_batch_nd(image(1, 1, 4, 4), [2, 2], [[0, 0], [0, 0]])
    assert batch.asnumpy()[:, 0, 0, 0].tolist() == [0, 1, 4, 5]
    assert ops.channel_shuffle(image(1, 4, 1, 1), 2).asnumpy().ravel().tolist() == [0, 2, 1, 3]


@pytest.mark.parametrize(
    "there_and_back",
    [
        lambda x: ops.DepthToSpace(2)(ops.SpaceToDepth(2)(x)),
        lambda x: ops.batch_to_space_nd(ops.space_to_batch_nd(x, 2, [[0, 0], [1, 1]]), 2, [[0, 0], [1, 1]]),
        lambda x: ops.channel_shuffle(ops.channel_shuffle(x, 2), 3),
    ],
)
def test_blocks_have_inverses(there_and_back):
    x = image(2, 6, 4, 6)
    np.testing.assert_array_equal(there_and_back(x).asnumpy(), x.asnumpy())


def test_blocks_must_divide():
    with pytest.raises(ValueError, match="divisible by 3"):
        ops.SpaceToDepth(3)(image(1, 1, 4, 4))


def test_differences():
    x = Tensor(X)
    np.testing.assert_array_equal(x.diff(axis=0).asnumpy(), np.diff(X, axis=0))
    np.testing.assert_array_equal(ops.diff(x, append=x[:, :1]).asnumpy(), np.diff(X, append=X[:, :1]))
    assert ops.diff(Tensor([True, False, False])).asnumpy().tolist() == [True, False]
    with pytest.raises(TypeError, match="axis"):
        ops.diff(Tensor(1.0))
