"""Shapes, views of the same elements, joining and splitting."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, mint, ops

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4)


@pytest.mark.parametrize(
    ("ours", "numpys"),
    [
        (lambda x: x.reshape(4, -1), lambda x: x.reshape(4, -1)),
        (lambda x: ops.reshape(x, Tensor([6, 4])), lambda x: x.reshape(6, 4)),
        (lambda x: x.view(3, 8), lambda x: x.reshape(3, 8)),
        (lambda x: x.flatten(), lambda x: x.ravel()),
        (lambda x: x.flatten("F"), lambda x: x.flatten("F")),
        (lambda x: ops.flatten(x), lambda x: x.reshape(2, 12)),
        (lambda x: mint.flatten(x, 1, 2), lambda x: x.reshape(2, 12)),
        (lambda x: x.transpose(0, 2), lambda x: x.swapaxes(0, 2)),
        (lambda x: x.transpose(2, 0, 1), lambda x: x.transpose(2, 0, 1)),
        (lambda x: x.transpose((2, 0, 1)), lambda x: x.transpose(2, 0, 1)),
        (lambda x: x.permute(1, 2, 0), lambda x: x.transpose(1, 2, 0)),
        (lambda x: x.permute(dims=(1, 2, 0)), lambda x: x.transpose(1, 2, 0)),
        (lambda x: x.reshape(shape=(-1, 3)), lambda x: x.reshape(-1, 3)),
        (lambda x: x.view(shape=(-1, 3)), lambda x: x.reshape(-1, 3)),
        (lambda x: x.unsqueeze(axis=1), lambda x: x[:, None]),
        (lambda x: x.T, lambda x: x.T),
        (lambda x: x.mT, lambda x: x.swapaxes(1, 2)),
        (lambda x: ops.moveaxis(x, (0, 1), (2, 0)), lambda x: np.moveaxis(x, (0, 1), (2, 0))),
        (lambda x: x.expand_dims(-1), lambda x: x[..., None]),
        (lambda x: x[:, :1].squeeze(1), lambda x: x[:, 0]),
        (lambda x: x.squeeze(1), lambda x: x),  # an axis of another size stays
        (lambda x: x.broadcast_to((5, -1, 3, 4)), lambda x: np.broadcast_to(x, (5, 2, 3, 4))),
        (lambda x: ops.diagonal(x, 1, 1, 2), lambda x: np.diagonal(x, 1, 1, 2)),
        (lambda x: x.sum_to_size(3, 1), lambda x: x.sum((0, 2)).reshape(3, 1)),
        (lambda x: x.resize(5, 5), lambda x: np.append(x, 0).reshape(5, 5)),
        (lambda x: ops.concat([x, x], 1), lambda x: np.concatenate([x, x], 1)),
        (lambda x: ops.Stack(-1)([x, x]), lambda x: np.stack([x, x], -1)),
        (lambda x: ops.hstack((x, x)), lambda x: np.hstack((x, x))),
        (lambda x: ops.dstack((x[0], x[1])), lambda x: np.dstack((x[0], x[1]))),
        (lambda x: ops.split(x, [1, 2], 1)[1], lambda x: x[:, 1:]),
        (lambda x: x.split(2, dim=1)[1], lambda x: x[:, 2:]),
        (lambda x: ops.chunk(x, 3, 2)[1], lambda x: x[:, :, 2:]),
        (lambda x: ops.tensor_split(x, [1, 9], 0)[2], lambda x: x[2:]),
        (lambda x: ops.unstack(x, 1)[2], lambda x: x[:, 2]),
    ],
)
def test_against_numpy(ours, numpys):
    result = ours(Tensor(X))
    np.testing.assert_array_equal(result.asnumpy(), numpys(X))
    assert result.dtype == ms.float32


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda x: x.reshape(5, 5), ValueError, "shape \\(5, 5\\)"),
        (lambda x: x.reshape(-1, -1), ValueError, "only one dimension"),
        (lambda x: x.reshape(2.0, 12), TypeError, "must be an int"),
        (lambda x: x.transpose(0), ValueError, "number of axes"),
        (lambda x: x.swapaxes(0, 3), ValueError, "\\[-3,3\\)"),
        (lambda x: x.expand_dims(1.0), TypeError, "int"),
        (lambda x: x.broadcast_to((5, 3, 4)), ValueError, "broadcast"),
        (lambda x: ops.concat(x), TypeError, "tuple or list"),
        (lambda x: ops.concat([x, x[0]]), ValueError, "one rank"),
        (lambda x: ops.stack([x, x.astype(ms.int32)]), TypeError, "one dtype"),
        (lambda x: ops.split(x, [1, 1], 1), ValueError, "add up to 3"),
        (lambda x: x[0, 0].H, ValueError, "2-D"),
    ],
)
def test_errors_name_what_was_wrong(call, error, says):
    with pytest.raises(error, match=says):
        call(Tensor(X))


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x.reshape(-1),
        lambda x: x.view(4, 6),
        lambda x: x.T,
        lambda x: x.transpose(1, 0, 2),
        lambda x: x.flatten("F"),
        lambda x: x.expand_dims(0),
        lambda x: x.split(1)[1],
        lambda x: ops.unstack(x, 2)[3],
        lambda x: x.diagonal(0, 1, 2),
        lambda x: x.astype(ms.float32),
        lambda x: x.data,
    ],
)
def test_views_share_their_elements(view):
    x = Tensor(X)
    v = view(x)
    v.fill_(-1)
    assert (v.asnumpy() == -1).all()
    assert (x.asnumpy() == -1).sum() == v.size
    x.zero_()
    assert not v.asnumpy().any()


@pytest.mark.parametrize(
    "copy", [lambda x: x.copy(), lambda x: x.clone(), lambda x: x.astype(ms.int32), lambda x: x + 0]
)
def test_copies_share_nothing(copy):
    x = Tensor(X)
    copy(x).fill_(-1)
    np.testing.assert_array_equal(x.asnumpy(), X)


def test_layout_is_that_of_the_elements_a_view_reads():
    x = Tensor(X)
    assert x.stride() == [12, 4, 1]
    assert x.T.stride() == [1, 4, 12]
    assert x[1].storage_offset() == 12
    assert x[1].is_contiguous()
    assert not x.T.is_contiguous()


def test_view_as_another_dtype():
    assert Tensor([1.0, 2.0]).view(ms.int32).asnumpy().tolist() == [1065353216, 1073741824]


def test_gradients_pass_through_shapes():
    def f(x):
        a, b = ops.split(x.transpose(1, 0).reshape(-1), 3)
        return (ops.concat([a * 2, b**2]) * ops.stack([a, b]).flatten()).sum()

    x = Tensor(np.arange(6, dtype=np.float32).reshape(2, 3))
    grad = ms.grad(f)(x)
    order = x.asnumpy().T.ravel()
    expected = np.concatenate([4 * order[:3], 3 * order[3:] ** 2]).reshape(3, 2).T
    np.testing.assert_allclose(grad.asnumpy(), expected)


@pytest.mark.parametrize("view", ["x[0]", "x[:, 1:]", "x.reshape(-1)", "x.view(-1)", "x.T", "x[None]"])
@pytest.mark.parametrize("index", ["0", "0:1", "[0, -1]", "Tensor([0])", "...", "None", "y == 0", "True"])
def test_every_write_into_a_view_reaches_its_base(view, index):
    x = Tensor(np.zeros((2, 2), np.float32))
    y = eval(view)
    exec(f"y[{index}] = 1.0")
    assert y.sum() == x.sum() > 0
