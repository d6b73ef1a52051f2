"""Networks as ONNX files, which onnxruntime runs."""

import importlib.util

import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.train import onnx_file

missing = [name for name in ("jax2onnx", "onnxruntime") if importlib.util.find_spec(name) is None]
converts = pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} not there: pip install 'msjax[onnx]'")


class Attends(nn.Cell):
    def __init__(self):
        super().__init__()
        self.attention, self.norm = nn.MultiheadAttention(8, 2, batch_first=True), nn.LayerNorm((8,))

    def construct(self, x):
        return self.norm(x + self.attention(x, x, x)[0])


def lenet():
    return nn.SequentialCell(
        nn.Conv2d(1, 6, 5, pad_mode="valid"), nn.ReLU(), nn.MaxPool2d(2, 2), nn.Conv2d(6, 16, 5, pad_mode="valid"),
        nn.ReLU(), nn.MaxPool2d(2, 2), nn.Flatten(), nn.Dense(256, 84), nn.ReLU(), nn.Dense(84, 10),
    )  # fmt: skip


def normalized():
    return nn.SequentialCell(
        nn.Conv2d(3, 20, 3, stride=2, pad_mode="same"), nn.BatchNorm2d(20), nn.LeakyReLU(),
        nn.MaxPool2d(3, 2, pad_mode="same"), nn.Conv2d(20, 20, 3, group=20), nn.BatchNorm2d(20), nn.HSwish(),
        nn.AvgPool2d(2, 2), nn.Conv2dTranspose(20, 4, 4, stride=2), nn.GroupNorm(2, 4), nn.Flatten(), nn.Dense(64, 5),
    )  # fmt: skip


NETWORKS = {
    "dense": (lambda: nn.SequentialCell(nn.Dense(8, 16), nn.Tanh(), nn.Dense(16, 4), nn.Softmax()), (3, 8)),
    "lenet": (lenet, (2, 1, 28, 28)),
    "normalized": (normalized, (2, 3, 16, 16)),
    "attention": (Attends, (2, 5, 8)),
    "recurrent": (lambda: nn.GRU(4, 6, bidirectional=True), (5, 2, 4)),
}


def drawn(shape):
    return Tensor(np.random.default_rng(0).normal(size=shape).astype(np.float32))


def outputs(path, *arrays):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {given.name: array for given, array in zip(session.get_inputs(), arrays, strict=True)})


@converts
@pytest.mark.parametrize("name", NETWORKS)
def test_the_file_computes_as_the_network(name, tmp_path):
    make, shape = NETWORKS[name]
    net, x = make().set_train(False), drawn(shape)
    expected = net(x)
    ms.export(net, x, file_name=str(tmp_path / "sub" / "net"), file_format="ONNX")
    assert [file.name for file in (tmp_path / "sub").iterdir()] == ["net.onnx"]
    expected = expected if isinstance(expected, tuple) else (expected,)
    for one, two in zip(expected, outputs(tmp_path / "sub" / "net.onnx", x.asnumpy()), strict=True):
        assert np.allclose(one.asnumpy(), two, atol=1e-5)


@converts
def test_jax_is_left_as_it_was(tmp_path):
    before = dict(vars(jnp))
    pair = drawn((2, 3)), drawn((3, 2))
    ms.export(lambda x, y: [x @ y, x[0]], *pair, file_name=str(tmp_path / "f"), file_format="ONNX")
    assert all(vars(jnp)[name] is value for name, value in before.items())
    assert ops.cumsum(drawn((2, 3)), 1).shape == (2, 3)


@converts
def test_what_cannot_be_converted_leaves_no_file(tmp_path, monkeypatch):
    with pytest.raises(RuntimeError, match="jax2onnx cannot convert this network"):
        ms.export(ops.svd, drawn((3, 3)), file_name=str(tmp_path / "f"), file_format="ONNX")
    convert = onnx_file._convert

    def double(function, inputs, file):
        convert(lambda x: [2 * y for y in function(x)], inputs, file)

    monkeypatch.setattr(onnx_file, "_convert", double)
    with pytest.raises(RuntimeError, match="computes something else"):
        ms.export(ops.tanh, drawn((3, 3)), file_name=str(tmp_path / "f"), file_format="ONNX")
    assert not list(tmp_path.iterdir())


def test_wrong_arguments(tmp_path, monkeypatch):
    given = {"file_name": str(tmp_path / "net"), "file_format": "ONNX"}
    with pytest.raises(ValueError, match=r"keywords \['vjp_order'\] are not known"):
        ms.export(ops.tanh, drawn((3, 3)), vjp_order=1, **given)
    with pytest.raises(ValueError, match="each axis of the inputs must have a length"):
        ms.export(ops.tanh, Tensor(shape=[None, 3], dtype=ms.float32), **given)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"needs the package jax2onnx: pip install 'msjax\[onnx\]'"):
        ms.export(ops.tanh, drawn((3, 3)), **given)
