"""Checkpoints as messages: programs that read and write them themselves."""

import numpy as np

import msjax as ms
from msjax import nn
from msjax.train.checkpoint_pb2 import Checkpoint


def test_what_save_checkpoint_writes_is_read(tmp_path):
    net = nn.Dense(3, 2)
    ms.save_checkpoint(net, str(tmp_path / "net.ckpt"))
    message = Checkpoint()
    message.ParseFromString((tmp_path / "net.ckpt").read_bytes())
    for parameter, value in zip(net.get_parameters(), message.value, strict=True):
        assert (value.tag, value.tensor.tensor_type) == (parameter.name, "Float32")
        values = np.frombuffer(value.tensor.tensor_content, np.float32).reshape(value.tensor.dims)
        assert np.array_equal(values, parameter.asnumpy())


def test_what_is_written_load_checkpoint_reads(tmp_path):
    message, weights = Checkpoint(), np.arange(6, dtype=np.float32).reshape(2, 3)
    for half in (weights[:1], weights[1:]):  # one array in two pieces
        value = message.value.add()
        value.tag, value.tensor.tensor_type = "w", "Float32"
        value.tensor.dims.extend(weights.shape)
        value.tensor.tensor_content = half.tobytes()
    (tmp_path / "w.ckpt").write_bytes(message.SerializeToString())
    assert np.array_equal(ms.load_checkpoint(str(tmp_path / "w.ckpt"))["w"].asnumpy(), weights)
