"""Cells in checkpoints of orbax."""

import jax
import numpy as np
import pytest
from flax import nnx

import msjax as ms
from msjax import Tensor, nn, ops

ocp = pytest.importorskip("orbax.checkpoint")
from msjax.interop import orbax  # noqa: E402


def network():
    return nn.SequentialCell(nn.Dense(3, 4), nn.BatchNorm1d(4), nn.Dense(4, 2))


def test_state_round_trips(tmp_path):
    net = network()
    net.set_train()(ops.ones((2, 3)))
    training = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.Adam(net.trainable_params()))
    training(ops.ones((2, 3)), ops.ones((2, 2)))
    orbax.save(tmp_path / "state", training)
    other = network()
    fresh = nn.TrainOneStepCell(nn.WithLossCell(other, nn.MSELoss()), nn.Adam(other.trainable_params()))
    orbax.restore(tmp_path / "state", fresh)
    for (name, a), (same, b) in zip(training.state_dict().items(), fresh.state_dict().items(), strict=True):
        assert name == same and (a.asnumpy() == b.asnumpy()).all()
    assert fresh.optimizer.global_step.asnumpy() == 1


def test_what_does_not_fit_is_named(tmp_path):
    orbax.save(tmp_path / "net", network())
    other = nn.SequentialCell(nn.Dense(3, 5), nn.BatchNorm1d(4))
    before = other[0].weight.asnumpy()
    with pytest.raises(RuntimeError, match=r"unexpected: \['2.bias', '2.weight'\]; 0.weight has shape \(5, 3\)"):
        orbax.restore(tmp_path / "net", other)
    assert (other[0].weight.asnumpy() == before).all()
    with pytest.raises(ValueError, match="already exists"):
        orbax.save(tmp_path / "net", network())
    orbax.save(tmp_path / "net", network(), force=True)
    with pytest.raises(TypeError, match="state of a Cell, but got dict"):
        orbax.save(tmp_path / "dict", {})


def test_a_part_can_be_restored(tmp_path):
    net = network()
    orbax.save(tmp_path / "net", net)
    part = nn.SequentialCell(nn.Dense(3, 4))
    orbax.restore(tmp_path / "net", part, strict=False)
    assert (part[0].weight.asnumpy() == net[0].weight.asnumpy()).all()


def test_bfloat16(tmp_path):
    net = nn.Dense(2, 2, dtype=ms.bfloat16)
    orbax.save(tmp_path / "net", net)
    other = nn.Dense(2, 2, dtype=ms.bfloat16)
    orbax.restore(tmp_path / "net", other)
    assert other.weight.dtype is ms.bfloat16
    assert (other.weight.asnumpy() == net.weight.asnumpy()).all()


def test_as_flax_saves_a_module(tmp_path):
    net, other = network(), network()
    with ocp.StandardCheckpointer() as checkpointer:
        checkpointer.save(tmp_path / "state", nnx.state(net))
    with ocp.StandardCheckpointer() as checkpointer:
        shapes = jax.tree.map(ocp.utils.to_shape_dtype_struct, nnx.state(other))
        nnx.update(other, checkpointer.restore(tmp_path / "state", shapes))
    x = Tensor(np.ones((2, 3), np.float32))
    assert (net(x).asnumpy() == other(x).asnumpy()).all()
