"""Networks as files of StableHLO."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops

pytest.importorskip("flatbuffers")
X = Tensor(np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32))


def network():
    return nn.SequentialCell(nn.Dense(3, 4), nn.BatchNorm1d(4), nn.Dense(4, 2))


def test_a_file_computes_as_the_network_did(tmp_path):
    net = network()
    expected = net(X).asnumpy()
    ms.export(net, X, file_name=str(tmp_path / "sub" / "net"), file_format="STABLEHLO")
    net[0].weight.set_data(net[0].weight * 0)
    loaded = nn.GraphCell(ms.load(str(tmp_path / "sub" / "net.stablehlo")))
    assert np.allclose(loaded(X).asnumpy(), expected, atol=1e-6)
    assert np.allclose(ms.jit(loaded)(X).asnumpy(), expected, atol=1e-6)
    with pytest.raises(ValueError, match=r"takes inputs of shapes \[\(4, 3\)\], but got \[\(2, 3\)\]"):
        loaded(ops.ones((2, 3)))


def test_functions_structures_and_derivatives(tmp_path):
    def f(x, y):
        return {"sum": (x * y).sum(), "pair": (x, [y])}

    ms.export(f, X, X, file_name=str(tmp_path / "f"), file_format="STABLEHLO", vjp_order=1)
    loaded = nn.GraphCell(ms.load(str(tmp_path / "f.stablehlo")))
    answer = loaded(X, X)
    assert isinstance(answer["pair"][1][0], Tensor)
    assert np.allclose(ms.grad(lambda x: loaded(x, 2 * ops.ones((4, 3)))["sum"])(X).asnumpy(), 2)


def test_the_network_is_left_as_it_was(tmp_path):
    net = network().set_train()
    ms.export(net, X, file_name=str(tmp_path / "net"), file_format="STABLEHLO")
    assert net.training and not net[1].moving_mean.asnumpy().any()
    assert net(X).shape == (4, 2)


def test_wrong_arguments(tmp_path):
    name = str(tmp_path / "net")
    refusal = r"'file_format' must be one of \['STABLEHLO', 'ONNX'\], but got MINDIR\. .*save_checkpoint"
    with pytest.raises(ValueError, match=refusal):
        ms.export(network(), X, file_name=name, file_format="MINDIR")
    with pytest.raises(TypeError, match="'net' must be a Cell or a function, but got int"):
        ms.export(3, X, file_name=name, file_format="STABLEHLO")
    with pytest.raises(TypeError, match="the inputs must be Tensors, but got int"):
        ms.export(network(), 3, file_name=name, file_format="STABLEHLO")
    with pytest.raises(ValueError, match=r"keywords \['speed'\] are not known"):
        ms.export(network(), X, file_name=name, file_format="STABLEHLO", speed=1)
    for wrong, message in ((3, "must be string"), ("a.mindir", "should end with"), ("a.stablehlo", "does not exist")):
        with pytest.raises(ValueError, match=message):
            ms.load(wrong)
    with pytest.raises(TypeError, match="must be what 'load' returns"):
        nn.GraphCell(network())


def open_shape(*shape):
    return Tensor(shape=shape, dtype=ms.float32)


def test_axes_of_any_length(tmp_path):
    net = nn.SequentialCell(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.MaxPool2d(2, 2), nn.Flatten(), nn.Dense(8, 2))
    name = str(tmp_path / "net")
    ms.export(net, open_shape(None, 1, 4, 4), file_name=name, file_format="STABLEHLO", vjp_order=1)
    loaded = nn.GraphCell(ms.load(name + ".stablehlo"))
    for batch in (2, 5):
        images = Tensor(np.random.default_rng(batch).normal(size=(batch, 1, 4, 4)).astype(np.float32))
        assert np.allclose(loaded(images).asnumpy(), net(images).asnumpy(), atol=1e-5)
    wanted = ms.grad(lambda x: net(x).sum())(images).asnumpy()
    assert np.allclose(ms.grad(lambda x: loaded(x).sum())(images).asnumpy(), wanted, atol=1e-5)
    with pytest.raises(ValueError, match=r"takes inputs of shapes \[\(axis0, 1, 4, 4\)\], but got \[\(2, 1, 4, 5\)\]"):
        loaded(ops.ones((2, 1, 4, 5)))


def test_indices_and_shapes_of_an_open_axis(tmp_path):
    def f(x):
        steps = x[1:] - x[:-1]
        shaped = x.reshape(x.shape[0], -1), ops.zeros(x.shape) + ops.clamp(x, -1, 1)
        return steps, x[0], x[-1, :1], x[:, [0, 1]], *shaped

    ms.export(f, open_shape(None, 2, 3), file_name=str(tmp_path / "f"), file_format="STABLEHLO")
    x = Tensor(np.arange(30, dtype=np.float32).reshape(5, 2, 3))
    for got, want in zip(nn.GraphCell(ms.load(str(tmp_path / "f.stablehlo")))(x), f(x), strict=True):
        assert (got.asnumpy() == want.asnumpy()).all()


def test_open_axes_are_equal_by_position_or_by_name(tmp_path):
    name = str(tmp_path / "f")
    ms.export(lambda x, y: x + y, open_shape(None, 3), open_shape(-1, 3), file_name=name, file_format="STABLEHLO")
    loaded = nn.GraphCell(ms.load(name + ".stablehlo"))
    assert loaded(ops.ones((2, 3)), ops.ones((2, 3))).shape == (2, 3)
    with pytest.raises(ValueError, match="inconsistency between dimension size"):
        loaded(ops.ones((2, 3)), ops.ones((4, 3)))
    pair, symbols = (open_shape(None, None), open_shape(None, 5)), ["a, b", "b, 5"]
    ms.export(ops.matmul, *pair, file_name=name, file_format="STABLEHLO", symbols=symbols)
    assert nn.GraphCell(ms.load(name + ".stablehlo"))(ops.ones((2, 3)), ops.ones((3, 5))).shape == (2, 5)
    with pytest.raises(
        ValueError, match=r"must give the shapes of the inputs, \[\(-1, -1\), \(-1, 5\)\], .* \['a, b'\]"
    ):
        ms.export(ops.matmul, *pair, file_name=name, file_format="STABLEHLO", symbols=["a, b"])


def test_a_tensor_without_elements_describes_its_shape():
    assert repr(open_shape(None, 3)) == "Tensor(shape=[-1, 3], dtype=Float32, value=\n)"
    assert open_shape(None, 3).shape == (-1, 3)


@pytest.mark.parametrize(
    "function",
    [lambda x: x[1:-1] + x[:-2], lambda x: x[2:] - 2 * x[1:-1] + x[:-2], lambda x: x[-3:] * 2, lambda x: x[:5] * 2],
)
def test_slices_of_an_axis_of_any_length(function, tmp_path):
    name = str(tmp_path / "slices")
    ms.export(function, Tensor(shape=[None], dtype=ms.float32), file_name=name, file_format="STABLEHLO")
    loaded = nn.GraphCell(ms.load(name + ".stablehlo"))
    for n in (2, 3, 4, 9):  # also where the slices are empty
        x = np.arange(n, dtype=np.float32)
        assert (loaded(Tensor(x)).asnumpy() == function(x)).all()
