"""Classes that derive from layers find the operators that MindSpore's layers have."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.nn import kept

DRAW = np.random.default_rng(0)
IMAGES, ROWS = (Tensor(DRAW.normal(size=shape).astype(np.float32)) for shape in ((2, 3, 8, 8), (4, 5)))
SEQUENCES, WORDS, CLASSES = IMAGES[:, :, 0], Tensor([[0, 2], [1, 3]], ms.int32), Tensor([0, 1, 2, 3], ms.int32)
POOLS = ("AvgPool1d", "AvgPool2d", "MaxPool1d", "MaxPool2d")
DECAYS = ("ExponentialDecay", "NaturalExpDecay", "InverseDecay")
OPTIMIZERS = ("Adam", "AdamOffload", "LazyAdam", "AdamWeightDecay", "Lamb", "AdaMax")
MADE = {
    "Dense": lambda: nn.Dense(5, 2),
    "BiDense": lambda: nn.BiDense(5, 5, 2),
    "Conv1d": lambda: nn.Conv1d(3, 4, 3),
    "Conv2d": lambda: nn.Conv2d(3, 4, 3, has_bias=True),
    "Conv3d": lambda: nn.Conv3d(3, 4, 3),
    "Conv2dTranspose": lambda: nn.Conv2dTranspose(3, 4, 3, stride=2),
    "BatchNorm1d": lambda: nn.BatchNorm1d(5),
    "BatchNorm2d": lambda: nn.BatchNorm2d(3),
    "BatchNorm3d": lambda: nn.BatchNorm3d(3),
    "SyncBatchNorm": lambda: nn.SyncBatchNorm(3),
    "InstanceNorm1d": lambda: nn.InstanceNorm1d(3),
    "InstanceNorm2d": lambda: nn.InstanceNorm2d(3),
    "InstanceNorm3d": lambda: nn.InstanceNorm3d(3),
    "AdaptiveAvgPool2d": lambda: nn.AdaptiveAvgPool2d(2),
    **{name: lambda name=name: getattr(nn, name)(2, 2) for name in POOLS},
    "Embedding": lambda: nn.Embedding(4, 3),
    "EmbeddingLookup": lambda: nn.EmbeddingLookup(4, 3),
    "SequentialCell": lambda: nn.SequentialCell(nn.Dense(5, 2), nn.ReLU()),
    "GLU": lambda: nn.GLU(0),
    "LossBase": lambda: nn.MSELoss(),
    "WarmUpLR": lambda: nn.WarmUpLR(0.1, 6),
    "CosineDecayLR": lambda: nn.CosineDecayLR(0.0, 0.1, 6),
    "PolynomialDecayLR": lambda: nn.PolynomialDecayLR(0.1, 0.0, 6, 2.0),
    **{f"{kind}LR": lambda kind=kind: getattr(nn, f"{kind}LR")(0.1, 0.9, 6) for kind in DECAYS},
    **{kind: lambda kind=kind: getattr(nn, kind)(3, 4) for kind in ("LSTM", "GRU", "RNN")},
    **{kind: lambda kind=kind: getattr(nn, kind)([nn.Dense(1, 1).weight], 0.1) for kind in OPTIMIZERS},
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in kept._TABLE if name != "_Conv"])
def test_all_can_be_made(name):
    layer = MADE.get(name, lambda: getattr(nn, name)())()
    for attribute, make in kept._TABLE[name].items():
        assert type(getattr(layer, attribute)) is type(make(layer))


class Dense(nn.Dense):
    def construct(self, x):
        rows = self.reshape(x, (-1, self.shape_op(x)[-1]))
        return self.bias_add(self.matmul(rows, self.weight), self.bias)


class Conv1d(nn.Conv1d):
    def construct(self, x):
        return self.squeeze(self.conv2d(self.expand_dims(x, 2), self.weight))


class Conv2d(nn.Conv2d):
    def construct(self, x):
        return self.bias_add(self.conv2d(x, self.weight), self.bias)


class Conv2dTranspose(nn.Conv2dTranspose):
    def construct(self, x):
        n, _, height, width = self.shape(x)
        size = (n, self.out_channels, height * 2, width * 2)
        return self.conv2d_transpose(x, self.weight, size) if self.is_same and not self.is_pad else None


class BatchNorm2d(nn.BatchNorm2d):
    def construct(self, x):
        norm = self.bn_train if self.training else self.bn_infer
        return norm(x, self.gamma, self.beta, self.moving_mean, self.moving_variance)[0]


class MaxPool2d(nn.MaxPool2d):
    def construct(self, x):
        return self.max_pool(x)


class AvgPool2d(nn.AvgPool2d):
    def construct(self, x):
        return self.avg_pool(x)


class Embedding(nn.Embedding):
    def construct(self, words):
        flat = self.reshape_flat(words, self.shp_flat)
        one_hot = self.one_hot(flat, self.vocab_size, self.on_value, self.off_value)
        both = self.gather(self.embedding_table, flat, 0) + self.array_mul(one_hot, self.embedding_table)
        return self.reshape(both / 2, (*self.get_shp(words), self.embedding_size))


class Loss(nn.SoftmaxCrossEntropyWithLogits):
    def construct(self, logits, labels):
        if self.reduction == "mean":
            return self.sparse_softmax_cross_entropy(logits, labels)
        one_hot = self.one_hot(labels, logits.shape[-1], self.on_value, self.off_value)
        return self.get_loss(self.softmax_cross_entropy(logits, one_hot)[0])


class Sequence(nn.SequentialCell):
    def construct(self, x):
        for cell in self.cell_list:
            x = cell(x)
        return x


class Gated(nn.GLU):
    def construct(self, x):
        left, right = self.spilt(x)
        return left * self.sigmoid(right)


class WarmUp(nn.WarmUpLR):
    def construct(self, step):
        return self.learning_rate * self.cast(self.min(step, self.warmup_steps), ms.float32) / self.warmup_steps


class Cosine(nn.CosineDecayLR):
    def construct(self, step):
        part = self.min(self.cast(step, ms.float32), self.decay_steps) / self.decay_steps
        return self.min_lr + self.delta * (1 + self.cos(self.math_pi * part))


class Polynomial(nn.PolynomialDecayLR):
    def construct(self, step):
        left = 1 - ops.cast(step, ms.float32) / self.decay_steps
        return self.diff_learning_rate * self.pow(left, self.power) + self.end_learning_rate


@pytest.mark.parametrize(
    ("derived", "arguments", "inputs"),
    [
        (Dense, (5, 2), (ROWS,)),
        (Conv1d, (3, 4, 3), (SEQUENCES,)),
        (Conv2d, (3, 4, 3, 2, "pad", 1, 1, 1, True), (IMAGES,)),
        (Conv2dTranspose, (3, 4, 3, 2), (IMAGES,)),
        (BatchNorm2d, (3,), (IMAGES,)),
        (MaxPool2d, (2, 2), (IMAGES,)),
        (AvgPool2d, (3, 2, "same"), (IMAGES,)),
        (Embedding, (4, 3), (WORDS,)),
        (Loss, (True, "mean"), (ROWS, CLASSES)),
        (Loss, (True, "sum"), (ROWS, CLASSES)),
        (Sequence, (nn.Dense(5, 2), nn.ReLU()), (ROWS,)),
        (Gated, (0,), (ROWS,)),
        (WarmUp, (0.1, 6), (Tensor(3, ms.int32),)),
        (Cosine, (0.0, 0.1, 6), (Tensor(3, ms.int32),)),
        (Polynomial, (0.1, 0.0, 6, 2.0), (Tensor(3, ms.int32),)),
    ],
)
def test_derived_classes_compute_with_them(derived, arguments, inputs):
    layers = []
    for kind in (derived, derived.__base__):
        ms.set_seed(1)
        layers.append(kind(*arguments).set_train())
    for mode in (ms.PYNATIVE_MODE, ms.GRAPH_MODE, ms.GRAPH_MODE):
        ms.set_context(mode=mode)
        found, expected = (layer(*inputs).asnumpy() for layer in layers)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    for mine, given in zip(*(layer.get_parameters() for layer in layers), strict=True):
        np.testing.assert_allclose(mine.asnumpy(), given.asnumpy(), rtol=1e-6)
    rows = [row for row in ms.explain().data if f"{derived.__name__}.construct (" in row["function"]]
    assert rows[-1]["status"] == "compiled", rows[-1]["reason"]


def test_a_cell_takes_the_place_of_one():
    class Doubled(nn.Cell):
        def construct(self, x, weight):
            return 2 * ops.matmul(x, weight.T)

    class Mine(Dense):
        def __init__(self):
            super().__init__(5, 2, "ones")
            self.matmul, self.reshape = Doubled(), ops.Reshape()

    layer = Mine()
    expected = 2 * ROWS.sum(1, keepdims=True) + layer.bias
    np.testing.assert_allclose(layer(ROWS).asnumpy(), expected.asnumpy(), rtol=1e-5, atol=1e-5)


def test_another_one_takes_its_place_in_compiled_code():
    class Given(nn.Dense):
        def construct(self, x):
            return self.matmul(x, self.weight)

    layer = Given(5, 2, has_bias=False)
    ms.set_context(mode=ms.GRAPH_MODE)
    first = layer(ROWS)
    layer.matmul = lambda x, weight: 2 * ops.matmul(x, weight.T)
    np.testing.assert_allclose(layer(ROWS).asnumpy(), 2 * first.asnumpy(), rtol=1e-6)
