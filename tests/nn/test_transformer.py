"""Attention and the Transformer against figures of MindSpore 2.10."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops


def fixed(cell):
    for p in cell.get_parameters():
        p.set_data(Tensor(np.sin(np.arange(p.size) * 1.7).reshape(p.shape) * 0.3, p.dtype))
    return cell


def draw(*shapes):
    rng = np.random.RandomState(0)
    return [Tensor(rng.randn(*shape), ms.float32) for shape in shapes]


PADDED = Tensor([[False] * 5, [False] * 3 + [True] * 2])
CAUSAL = Tensor(np.triu(np.ones((4, 5)), 1), ms.bool_)


def head(tensor):
    return tensor.asnumpy().ravel()[:3]


@pytest.mark.parametrize(
    ("masks", "output", "weights"),
    [
        ({}, [-0.4260764, 0.42280495, 0.47765276], [0.2211613, 0.15465139, 0.081702285]),
        ({"key_padding_mask": PADDED}, [-0.4260764, 0.42280495, 0.47765276], [0.48392323, 0.3378829, 0.17819382]),
        ({"attn_mask": CAUSAL}, [-0.72385937, 0.24241835, 0.59082663], [0.5886884, 0.4113117, 0.0]),
        (
            {"key_padding_mask": PADDED, "attn_mask": CAUSAL},
            [-0.72385937, 0.24241835, 0.59082663],
            [0.5886884, 0.4113117, 0.0],
        ),
    ],
)
def test_attention(masks, output, weights):
    attention, sequences = fixed(nn.MultiheadAttention(8, 2)), draw((4, 2, 8), (5, 2, 8), (5, 2, 8))
    found, shares = attention(*sequences, **masks)
    np.testing.assert_allclose(head(found[1]), output, rtol=1e-4)
    np.testing.assert_allclose(head(shares[1, 1]), weights, rtol=1e-4)
    assert len(attention(*sequences, need_weights=False, **masks)) == 1


def test_attention_of_other_sizes():
    attention = fixed(
        nn.MultiheadAttention(8, 2, kdim=3, vdim=5, add_bias_kv=True, add_zero_attn=True, batch_first=True)
    )
    output, weights = attention(*draw((2, 4, 8), (2, 5, 3), (2, 5, 5)), key_padding_mask=PADDED)
    np.testing.assert_allclose(head(output), [-0.35073888, 0.34518126, 0.32287446], rtol=1e-4)
    expected = [0.19094086, 0.18700233, 0.21502908, 0.0, 0.0, 0.21158603, 0.19544175]
    np.testing.assert_allclose(weights[1, 0].asnumpy(), expected, rtol=1e-4)


@pytest.mark.parametrize(
    ("norm_first", "encoded", "decoded"),
    [
        (False, [0.0, 0.69694686, -0.00032062083], [0.0, 0.86553574, 0.018888794]),
        (True, [1.8649828, 0.91012454, 1.0470384], [-1.1341242, 2.0169103, 0.8701929]),
    ],
)
def test_layers(norm_first, encoded, decoded):
    source, target = draw((5, 2, 8), (4, 2, 8))
    encoder = fixed(nn.TransformerEncoderLayer(8, 2, 16, 0.0, "gelu", norm_first=norm_first))
    decoder = fixed(nn.TransformerDecoderLayer(8, 2, 16, 0.0, norm_first=norm_first))
    np.testing.assert_allclose(head(encoder(source, src_key_padding_mask=PADDED)), encoded, rtol=1e-3, atol=1e-6)
    found = decoder(target, source, tgt_mask=CAUSAL[:, :4], memory_key_padding_mask=PADDED)
    np.testing.assert_allclose(head(found), decoded, rtol=1e-3, atol=1e-6)


def test_transformer():
    model, (source, target) = fixed(nn.Transformer(8, 2, 1, 2, 16, 0.0)), draw((5, 2, 8), (4, 2, 8))
    np.testing.assert_allclose(head(model(source, target)), [0.0, 0.9970486, -0.052421845], rtol=1e-3, atol=1e-6)
    gradient = ms.grad(lambda s: (model(s, target) ** 3).sum())(source)
    np.testing.assert_allclose(float(ops.norm(gradient)), 0.00254432, rtol=1e-2)
    names = [p.name for p in model.get_parameters()]
    assert names[0] == "encoder.layers.0.self_attn.in_proj_weight" and names[-1] == "decoder.norm.beta"
    assert len(names) == 52


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.MultiheadAttention(8, 3),
        lambda: nn.TransformerEncoderLayer(8, 2, activation="foo"),
        lambda: nn.Transformer(8, 2, 1, 1, 16)(*draw((5, 2, 8), (4, 2, 6))),
    ],
)
def test_errors(make):
    with pytest.raises(ValueError):
        make()


def test_initial_values():
    """As found in MindSpore: the whole draws all its matrices anew, and biases of projections are not 0."""
    layer, whole = nn.TransformerEncoderLayer(64, 4, 256), nn.Transformer(64, 4, 1, 1, 256)
    assert np.ptp(nn.MultiheadAttention(64, 4).out_proj.bias.asnumpy()) > 0
    assert np.abs(layer.dense1.weight.asnumpy()).max() < 1 / 8
    found = np.abs(whole.encoder.layers[0].dense1.weight.asnumpy()).max()
    assert 0.13 < found < np.sqrt(6 / (64 + 256))


@pytest.mark.parametrize("norm_first", [False, True])
def test_a_layer_with_a_part_of_its_own(norm_first):
    """The parts have MindSpore's names and arguments, so that a derived class can change one of them."""

    class Encoder(nn.TransformerEncoderLayer):
        def _ff_block(self, x):
            return super()._ff_block(x) * 0

    class Decoder(nn.TransformerDecoderLayer):
        def _mha_block(self, x, mem, attn_mask, key_padding_mask):
            assert attn_mask is None and key_padding_mask is None
            return mem * 0

        def _sa_block(self, x, attn_mask, key_padding_mask):
            return x * 0

    x = ops.ones((5, 2, 8))
    encoder = Encoder(8, 2, 16, 0.0, norm_first=norm_first)
    after = encoder.self_attn(x, x, x)[0] if not norm_first else encoder.self_attn(*[encoder.norm1(x)] * 3)[0]
    expected = x + after if norm_first else encoder.norm2(encoder.norm1(x + after))
    np.testing.assert_allclose(encoder(x).asnumpy(), expected.asnumpy(), atol=1e-5)
    decoder = Decoder(8, 2, 16, 0.0, norm_first=norm_first)
    before = x if norm_first else decoder.norm2(decoder.norm1(x))
    part = decoder._ff_block(decoder.norm3(before) if norm_first else before)
    expected = before + part if norm_first else decoder.norm3(before + part)
    np.testing.assert_allclose(decoder(x, x).asnumpy(), expected.asnumpy(), atol=1e-5)
