"""Transformers of older releases: what their layers compute, and that configurations are checked and kept."""

import importlib

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops

pytestmark = pytest.mark.filterwarnings("ignore:mindspore:FutureWarning")
RANDOM = np.random.default_rng(0)


def at(path=""):
    return importlib.import_module(f"msjax.parallel._transformer{path}")


def normal(*shape):
    return RANDOM.normal(size=shape).astype(np.float32)


def softmax(x):
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def test_both_releases_have_the_same():
    assert importlib.import_module("msjax.nn.transformer").TransformerEncoder is at().TransformerEncoder


def test_configurations():
    config = at().TransformerOpParallelConfig(2, model_parallel=4, recompute=True, vocab_emb_dp=False)
    assert (config.data_parallel, config.model_parallel, config.micro_batch_num) == (2, 4, 1)
    assert config.recompute.recompute and config.dp_mp_config.model_parallel == 4
    assert config.embedding_dp_mp_config.vocab_emb_dp is False and config.moe_parallel_config.expert_parallel == 1
    config.data_parallel = 8
    assert config.dp_mp_config.data_parallel == 8
    for wrong, error in (
        ({"data_parallel": 0}, ValueError),
        ({"data_parallel": "a"}, TypeError),
        ({"no": 1}, TypeError),
    ):
        with pytest.raises(error):
            at(".op_parallel_config").OpParallelConfig(**wrong)
    with pytest.raises(TypeError, match="recompute"):
        at().TransformerOpParallelConfig(recompute=3)


def test_one_expert_is_a_layer_and_several_are_refused():
    inside, layer = at(".moe"), at().TransformerEncoderLayer
    assert inside.default_moe_config.expert_num == at().MoEConfig().expert_num == 1
    several = at().MoEConfig(4, num_experts_chosen=2)
    layer(1, 8, 8, 2, 3, moe_config=inside.default_moe_config)
    for refused in (lambda: inside.MoE(8, 8, 0.1), lambda: layer(1, 8, 8, 2, 3, moe_config=several)):
        with pytest.raises(ValueError, match="moe_token_permute"):
            refused()
    with pytest.raises(TypeError, match="must be a MoEConfig, but got int"):
        inside._check_moe_config(2, at().OpParallelConfig())


def test_attention_takes_no_past():
    attention, x = at().MultiHeadAttention(1, 3, 3, 8, 2), Tensor(normal(1, 3, 8))
    same = attention(x, x, x, None, None, None, None)[0].asnumpy()
    assert np.array_equal(same, attention(x, x, x)[0].asnumpy())
    with pytest.raises(TypeError, match="'value_past' must be None"):
        attention(x, x, x, None, None, x)


def test_parts_and_devices():
    inside = at(".op_parallel_config")
    inside._check_config(inside.OpParallelConfig(64, 64))  # alone it does not matter
    ms.set_auto_parallel_context(parallel_mode="semi_auto_parallel", device_num=8)
    try:
        inside._check_config(inside.OpParallelConfig(2, 4))
        with pytest.raises(ValueError, match="8 devices, but got 16"):
            inside._check_config(inside.OpParallelConfig(4, 4))
    finally:
        ms.reset_auto_parallel_context()


def test_layer_norm():
    x = normal(3, 4)
    layer = at(".layers")._LayerNorm((4,))
    assert layer.shard(((1, 1),)) is layer and [p.name for p in layer.get_parameters()] == ["gamma", "beta"]
    assert np.allclose(layer(Tensor(x)).asnumpy(), nn.LayerNorm((4,), epsilon=1e-5)(Tensor(x)).asnumpy(), atol=1e-6)


@pytest.mark.parametrize("transpose", [True, False])
def test_linear(transpose):
    layer = at(".layers")._Linear(3, 2, transpose_b=transpose, compute_dtype=ms.float32, activation="relu")
    assert layer.weight.shape == ((2, 3) if transpose else (3, 2))
    x, weight = normal(4, 3), layer.weight.asnumpy()
    assert np.allclose(layer(Tensor(x)).asnumpy(), np.maximum(x @ (weight.T if transpose else weight), 0), atol=1e-6)


def test_loss_is_of_tokens_that_count():
    logits, label, mask = normal(4, 5), np.array([0, 1, 2, 3]), np.array([[1, 0], [1, 1]])
    losses = -np.log(softmax(logits))[np.arange(4), label]
    loss = at(".loss").CrossEntropyLoss()(Tensor(logits), Tensor(label, ms.int32), Tensor(mask, ms.float32))
    assert np.isclose(float(loss), (losses * mask.ravel()).sum() / 3)


def test_mask():
    mask = at().AttentionMask(3)(Tensor([[1, 1, 0]]))
    assert mask.tolist() == [[[1, 0, 0], [1, 1, 0], [0, 0, 0]]]


def test_attention():
    layer = at().MultiHeadAttention(2, 3, 3, 4, 2, 0.0, 0.0, compute_dtype=ms.float32)
    x, mask = normal(2, 3, 4), np.tril(np.ones((2, 3, 3), np.float32))
    q, k, v = (
        (x @ dense.weight.asnumpy().T).reshape(2, 3, 2, 2).swapaxes(1, 2)
        for dense in (layer.dense1, layer.dense2, layer.dense3)
    )
    weights = softmax(np.where(mask[:, None] == 1, q @ k.swapaxes(2, 3) / np.sqrt(2), -np.inf))
    wanted = (weights @ v).swapaxes(1, 2).reshape(2, 3, 4) @ layer.projection.weight.asnumpy()
    output, (keys, values) = layer(*[Tensor(x)] * 3, Tensor(mask))
    assert np.allclose(output.asnumpy(), wanted, atol=1e-5)
    assert np.allclose(keys.asnumpy(), k.swapaxes(2, 3), atol=1e-5) and np.allclose(values.asnumpy(), v, atol=1e-5)
    with pytest.raises(ValueError, match="use_past"):
        at().MultiHeadAttention(2, 3, 3, 4, 2, use_past=True)


def test_encoder():
    net = at().TransformerEncoder(2, 2, 8, 16, 3, 2, attention_dropout_rate=0.0, hidden_dropout_rate=0.0)
    x, mask = Tensor(normal(2, 3, 8)), Tensor(np.tril(np.ones((2, 3, 3), np.float32)))
    output, present = net(x, mask)
    assert output.shape == (2, 3, 8) and len(present) == 2
    changed = Tensor(x.asnumpy())
    changed[:, 2] = 0  # the last token is seen by no other
    assert np.array_equal(net(changed, mask)[0][:, :2], output[:, :2])
    weights = ms.ParameterTuple(net.trainable_params())
    gradients = ms.grad(lambda x: net(x, mask)[0].sum(), None, weights)(x)
    assert all(np.isfinite(g.asnumpy()).all() for g in gradients)
    gradient = ms.grad(lambda x: ops.square(net(x, mask)[0]).sum())(x)
    assert gradient.asnumpy().any()


def test_blocks_are_placed():
    config = at().TransformerOpParallelConfig(pipeline_stage=2, recompute=True)
    try:
        net = at().TransformerEncoder(2, 4, 8, 16, 3, 2, parallel_config=config)
        assert [block.pipeline_stage for block in net.blocks] == [0, 0, 1, 1]
        assert ms.get_auto_parallel_context("pipeline_stages") == 2
    finally:
        ms.reset_auto_parallel_context()


def test_checks():
    inside = at(".layers")
    check = inside._LayerInputCheck
    assert check.check_shape_equal((2, 3), "x", "f", [2, 3]) and check.check_shape_equal(
        (2, 3), "x", "f", [[1, 3], [2, 3]]
    )
    assert check.check_shape_length((2, 3), "x", "f", [2, 3]) and check.check_shape_value_on_axis(
        (2, 3), 1, "x", "f", 3
    )
    assert check.check_shape_equal_without_batch((7, 3), "x", "f", [2, 3])
    for call in (
        lambda: check.check_shape_equal((2, 4), "x", "f", [2, 3]),
        lambda: check.check_shape_length((2,), "x", "f", 2),
        lambda: inside._valid_value_checks([1, 2], "C")(3, "x"),
    ):
        with pytest.raises(ValueError, match="x"):
            call()
    for call in (
        lambda: inside._check_input_dtype(ms.int32, "x", [ms.float32], "C"),
        lambda: inside._valid_type_checks([ms.float32, int], "C")("a", "x"),
        lambda: inside._check_past_none_input_none(False, "x", "f", None, True, False),
    ):
        with pytest.raises(TypeError, match="x"):
            call()

    class Layer(nn.Cell):
        @inside._args_type_validator_check(
            size=ms._checkparam.check_positive_int, kind=inside._valid_type_checks([ms.float32], "Layer")
        )
        def __init__(self, size, kind=ms.float32):
            super().__init__()

    Layer(3)
    with pytest.raises(ValueError, match="size"):
        Layer(0)
