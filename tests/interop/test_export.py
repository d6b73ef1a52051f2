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
    with pytest.raises(ValueError, match=r"'file_format' must be one of \['STABLEHLO'\], but got MINDIR"):
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
