"""Layers of mint.nn: they agree with mint.nn.functional, and are named and initialized as in MindSpore 2.10."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, mint

IMAGE = Tensor(np.arange(2 * 2 * 5 * 5, dtype=np.float32).reshape(2, 2, 5, 5) / 50)
LABELS = Tensor(np.arange(50).reshape(2, 5, 5) % 2)


@pytest.mark.parametrize(
    ("layer", "function", "arguments"),
    [
        ("ReLU", "relu", {}),
        ("ELU", "elu", {"alpha": 2.0}),
        ("GELU", "gelu", {"approximate": "tanh"}),
        ("Threshold", "threshold", {"threshold": 0.5, "value": 7.0}),
        ("AvgPool2d", "avg_pool2d", {"kernel_size": 2}),
        ("AdaptiveMaxPool2d", "adaptive_max_pool2d", {"output_size": 2}),
        ("Unfold", "unfold", {"kernel_size": 3}),
        ("Upsample", "interpolate", {"size": (3, 3), "mode": "bilinear"}),
    ],
)
def test_layers_pass_their_fields(layer, function, arguments):
    expected = getattr(mint.nn.functional, function)(IMAGE, **arguments)
    np.testing.assert_array_equal(getattr(mint.nn, layer)(**arguments)(IMAGE).asnumpy(), expected.asnumpy())


def test_losses():
    loss = mint.nn.CrossEntropyLoss(label_smoothing=0.1)(IMAGE, LABELS)
    assert loss.item() == mint.nn.functional.cross_entropy(IMAGE, LABELS, label_smoothing=0.1).item()
    assert mint.nn.MSELoss(reduction="sum")(IMAGE, IMAGE + 1).item() == pytest.approx(100)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (lambda nn: nn.Linear(2, 3), "Linear(input_features=2, output_features=3, has_bias=True)"),
        (
            lambda nn: nn.Conv2d(2, 3, 3),
            "Conv2d(input_channels=2, output_channels=3, kernel_size=(3, 3), stride=(1, 1), padding=(0, 0), "
            "dilation=(1, 1), groups=1, bias=True)",
        ),
        (
            lambda nn: nn.BatchNorm2d(3),
            "BatchNorm2d(num_features=3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)",
        ),
        (lambda nn: nn.GroupNorm(1, 3), "GroupNorm(num_groups=1, num_channels=3, eps=1e-05, affine=True)"),
    ],
)
def test_text(layer, text):
    assert repr(layer(mint.nn)) == text


def test_convolutions():
    assert mint.nn.Conv2d(2, 3, 3, padding=1)(IMAGE).shape == (2, 3, 5, 5)
    transposed = mint.nn.ConvTranspose2d(2, 3, 3, stride=2)
    assert transposed(IMAGE).shape == (2, 3, 11, 11)
    assert transposed(IMAGE, output_size=(12, 12)).shape == (2, 3, 12, 12)
    with pytest.raises(ValueError, match="groups"):
        mint.nn.Conv2d(2, 4, 3, groups=3)


def test_batch_norm_counts_batches():
    layer = mint.nn.BatchNorm2d(2)
    names = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
    assert [p.name for p in layer.get_parameters()] == names
    layer.set_train()(IMAGE)
    assert layer.num_batches_tracked.item() == 1
    np.testing.assert_allclose(layer.running_mean.asnumpy(), IMAGE.asnumpy().mean((0, 2, 3)) * 0.1, rtol=1e-5)


def test_dropout_acts_in_training_only():
    x = Tensor(np.ones(1000, np.float32))
    layer = mint.nn.Dropout(0.5)
    assert (layer(x).asnumpy() == 1).all()
    assert 350 < (layer.set_train()(x).asnumpy() == 0).sum() < 650


def test_embedding_starts_normal():
    weight = mint.nn.Embedding(300, 400, padding_idx=2).weight.asnumpy()
    assert weight[2].any() == np.False_
    assert weight.std() == pytest.approx(1, abs=0.02)
    assert mint.nn.Embedding(3, 4)(Tensor([1, 2], ms.int32)).shape == (2, 4)
