"""Recurrent layers against figures of MindSpore 2.10."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops

X = Tensor(np.arange(24, dtype=np.float32).reshape(4, 2, 3) / 24)


def state(n):
    return Tensor(np.full((n, 2, 4), 0.3, np.float32))


def fixed(layer):
    for p in layer.get_parameters():
        p.set_data(Tensor((np.arange(p.size).reshape(p.shape) % 7 - 3).astype(np.float32) / 7))
    return layer


def head(tensor):
    return tensor.asnumpy().ravel()[:4]


@pytest.mark.parametrize(
    ("layer", "hx", "output", "last"),
    [
        (lambda: nn.LSTM(3, 4), (state(1),) * 2, [0.0493054, 0.0202049, 0.0555967, 0.0951131], [-0.072875, -0.2617237]),
        (
            lambda: nn.LSTM(3, 4, 2, bidirectional=True),
            (state(4),) * 2,
            [0.0397105, 0.0509005, 0.0643035, 0.1020782],
            [-0.072875, -0.2617237],
        ),
        (lambda: nn.GRU(3, 4), state(1), [0.0583103, 0.0767712, 0.2313406, 0.2511247], [-0.0542777, -0.2833657]),
        (lambda: nn.RNN(3, 4), state(1), [-0.8137717, -0.3910976, -0.3910977, 0.0119042], [-0.7793113, -0.4117442]),
    ],
)
def test_layers(layer, hx, output, last):
    outputs, final = fixed(layer())(X, hx)
    np.testing.assert_allclose(head(outputs), output, rtol=1e-4)
    final = final[0] if isinstance(final, tuple) else final
    np.testing.assert_allclose(head(final)[:2], last, rtol=1e-4)


def test_lengths():
    _, (h, c) = fixed(nn.LSTM(3, 4))(X, (state(1),) * 2, Tensor([2, 4], ms.int32))
    np.testing.assert_allclose(head(h), [-0.0320173, -0.1015242, 0.041538, 0.0900568], rtol=1e-4)
    np.testing.assert_allclose(head(c), [-0.0526589, -0.1335531, 0.171807, 0.2338717], rtol=1e-4)
    outputs, h = fixed(nn.GRU(3, 4, bidirectional=True))(X, state(2), Tensor([2, 4], ms.int32))
    np.testing.assert_allclose(outputs.asnumpy().ravel()[4:6], [-0.0660696, -0.0674176], rtol=1e-4)
    np.testing.assert_allclose(head(h), [-0.0462816, -0.0791367, 0.1740302, 0.2884912], rtol=1e-4)


def test_single_steps():
    np.testing.assert_allclose(head(fixed(nn.GRUCell(3, 4))(X[0], state(1)[0]))[:2], [0.0583103, 0.0767712], rtol=1e-4)
    np.testing.assert_allclose(head(fixed(nn.RNNCell(3, 4))(X[0], state(1)[0]))[:2], [-0.8137717, -0.391098], rtol=1e-4)
    h, c = fixed(nn.LSTMCell(3, 4))(X[0], (state(1)[0],) * 2)
    np.testing.assert_allclose(head(h)[:2], [0.0493055, 0.0202049], rtol=1e-4)
    np.testing.assert_allclose(head(c)[:2], [0.0813374, 0.026533], rtol=1e-4)


def test_parameter_names_and_default_state():
    layer = nn.LSTM(3, 4, bidirectional=True)
    names = [
        f"{label}_l0{end}" for label in ("weight_ih", "weight_hh", "bias_ih", "bias_hh") for end in ("", "_reverse")
    ]
    assert [p.name for p in layer.get_parameters()] == names
    assert nn.GRU(3, 4, batch_first=True)(X)[0].shape == (4, 2, 4)
    with pytest.raises(ValueError, match="hx"):
        nn.GRU(3, 4)(X, state(2))


@pytest.mark.parametrize(
    ("make", "drawn"),  # how many numbers MindSpore takes from numpy's stream, in units of `rand`
    [
        (lambda: nn.GRU(3, 4), 108),
        (lambda: nn.LSTM(3, 4), 144),
        (lambda: nn.GRUCell(3, 4), 140),
        (lambda: nn.RNNCell(3, 4), 46),
    ],
)
def test_weights_come_from_numpys_stream(make, drawn):
    np.random.seed(3)
    expected = np.random.rand(drawn + 1)[-1]
    np.random.seed(3)
    make()
    assert np.random.rand() == expected


def test_first_weights_are_those_of_mindspore():
    np.random.seed(3)
    layer = nn.GRU(3, 4)
    np.random.seed(3)
    assert np.array_equal(layer.w_ih_list[0].asnumpy(), np.random.uniform(-0.5, 0.5, (12, 3)).astype(np.float32))


@pytest.mark.parametrize("layer", [nn.RNN, nn.LSTM, nn.GRU])
def test_layers_say_what_is_wrong(layer):
    net, x = layer(3, 4), ops.ones((2, 3, 3))
    pair = (lambda h: (h, h)) if layer is nn.LSTM else lambda h: h
    for arguments, error, words in [
        ((ops.ones((2, 3, 5)),), ValueError, r"'x' must be of shape \(time, batch, 3\), but got \(2, 3, 5\)"),
        ((ops.ones((2, 3)),), ValueError, "'x' must be of shape"),
        ((ops.ones((2, 3, 3), ms.int32),), TypeError, "'x' must be a Tensor of floats"),
        ((1.0,), TypeError, "'x' must be a Tensor of floats, but got float"),
        ((x, pair(ops.ones((1, 5, 4)))), ValueError, r"'hx.*must be of shape \(1, 3, 4\)"),
        ((x, pair(ops.ones((1, 3, 4), ms.float64))), TypeError, "'hx.*must be a Tensor of Float32"),
        ((x, 1.0), TypeError, "'hx' must be a"),
        ((x, None, Tensor([1, 2])), ValueError, "seq_length"),
        ((x, None, [1, 2, 3]), TypeError, "seq_length"),
    ]:
        with pytest.raises(error, match=words):
            net(*arguments)
    assert [net(x.astype(t))[0].dtype for t in (ms.float16, ms.float64)] == [ms.float16, ms.float64]


@pytest.mark.parametrize("layer", [nn.RNNCell, nn.LSTMCell, nn.GRUCell])
def test_steps_say_what_is_wrong(layer):
    net, h = layer(3, 4), ops.ones((2, 4))
    pair = (lambda h: (h, h)) if layer is nn.LSTMCell else lambda h: h
    for x, state, error in [
        (ops.ones((2, 5)), h, ValueError), (ops.ones((2, 3)), ops.ones((2, 5)), ValueError),
        (ops.ones((2, 3)), ops.ones((3, 4)), ValueError), (ops.ones((3,)), h, ValueError),
        (ops.ones((2, 3), ms.float16), h, TypeError), (ops.ones((2, 3)), ops.ones((2, 4), ms.int32), TypeError),
    ]:  # fmt: skip
        with pytest.raises(error, match="must be"):
            net(x, pair(state))
