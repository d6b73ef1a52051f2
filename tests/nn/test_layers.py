"""Layers: names, texts and figures as MindSpore 2.10 has them."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops

X = Tensor((np.arange(24).reshape(2, 3, 2, 2) ** 1.5).astype(np.float32))
IMAGE = Tensor(np.arange(2 * 2 * 5 * 5, dtype=np.float32).reshape(2, 2, 5, 5))


class Described(nn.Cell):
    def __init__(self, text):
        super().__init__()
        self.text = text

    def extend_repr(self):
        return self.text


def names(cell):
    return [p.name for p in cell.get_parameters()]


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (lambda: nn.ReLU(), "ReLU()"),
        (lambda: nn.LeakyReLU(0.1), "LeakyReLU()"),
        (lambda: nn.Dense(3, 4), "Dense(input_channels=3, output_channels=4, has_bias=True)"),
        (lambda: nn.Dense(3, 4, has_bias=False), "Dense(input_channels=3, output_channels=4)"),
        (lambda: nn.Dropout(p=0.5), "Dropout(p=0.5)"),
        (lambda: nn.Dropout(0.3), "Dropout(keep_prob=0.3)"),
        (lambda: nn.GRU(2, 3), "GRU(\n  (rnn): _DynamicGRUCPUGPU()\n  (dropout_op): Dropout(p=0.0)\n)"),
        (lambda: Described("a"), "Described(a)"),
        (lambda: Described("a\nb"), "Described(\n  a\n  b\n)"),
        (lambda: nn.MaxPool2d(2, 2), "MaxPool2d(kernel_size=2, stride=2, pad_mode=VALID)"),
        (lambda: nn.AvgPool1d(2, 2), "AvgPool1d(kernel_size=(1, 2), stride=(1, 2), pad_mode=VALID)"),
        (lambda: nn.GroupNorm(1, 3), "GroupNorm(num_groups=1, num_channels=3)"),
        (
            lambda: nn.LayerNorm((3,)),
            "LayerNorm(normalized_shape=(3,), begin_norm_axis=-1, begin_params_axis=-1, "
            "gammaParameter (name=gamma, shape=(3,), dtype=Float32, requires_grad=True), "
            "beta=Parameter (name=beta, shape=(3,), dtype=Float32, requires_grad=True))",
        ),
        (
            lambda: nn.Embedding(3, 4),
            "Embedding(vocab_size=3, embedding_size=4, use_one_hot=False, "
            "embedding_table=Parameter (name=embedding_table, "
            "shape=(3, 4), dtype=Float32, requires_grad=True), dtype=Float32, padding_idx=None)",
        ),
    ],
)
def test_text(layer, text):
    assert repr(layer()) == text


def test_text_of_convolutions():
    text = repr(nn.Conv2d(2, 4, 3, weight_init="ones"))
    assert text == (
        "Conv2d(input_channels=2, output_channels=4, kernel_size=(3, 3), stride=(1, 1), pad_mode=same, padding=0, "
        "dilation=(1, 1), group=1, has_bias=False, weight_init=ones, bias_init=None, format=NCHW)"
    )


def test_parameter_names():
    assert names(nn.Conv2d(3, 4, 3, has_bias=True)) == ["weight", "bias"]
    assert names(nn.BatchNorm2d(3)) == ["mean", "variance", "gamma", "beta"]
    net = nn.SequentialCell(nn.Dense(3, 4), nn.BatchNorm1d(4))
    assert names(net) == ["0.weight", "0.bias", "1.moving_mean", "1.moving_variance", "1.gamma", "1.beta"]
    assert [p.requires_grad for p in nn.BatchNorm2d(3, affine=False).get_parameters()] == [False] * 4
    assert names(nn.PReLU()) == ["a"]


@pytest.mark.parametrize(
    ("layer", "bound"),
    [
        (lambda: nn.Dense(300, 400), 300**-0.5),
        (lambda: nn.Conv1d(30, 40, 3, has_bias=True), 90**-0.5),
        (lambda: nn.Conv2d(30, 40, 3, group=2, has_bias=True), 135**-0.5),
        (lambda: nn.Conv2dTranspose(30, 40, 3, has_bias=True), 360**-0.5),
        (lambda: nn.BiDense(30, 40, 50), 30**-0.5),
    ],
)
def test_default_initializers_are_uniform(layer, bound):
    layer = layer()
    for parameter in (layer.weight, layer.bias):
        values = parameter.asnumpy()
        assert bound * 0.8 < np.abs(values).max() <= bound
        np.testing.assert_allclose(values.std(), bound / 3**0.5, rtol=0.25)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (lambda: nn.Conv2d(2, 4, 3), (2, 4, 5, 5)),
        (lambda: nn.Conv2d(2, 4, 3, 2, "pad", (1, 0, 1, 2)), (2, 4, 2, 3)),
        (lambda: nn.Conv2dTranspose(2, 4, 3, 2), (2, 4, 10, 10)),
        (lambda: nn.Conv2dTranspose(2, 4, 3, 2, "valid"), (2, 4, 11, 11)),
        (lambda: nn.Conv2dTranspose(2, 4, 2, 3, "valid"), (2, 4, 15, 15)),
        (lambda: nn.Conv2dTranspose(2, 4, 3, 2, "pad", 1, 1), (2, 4, 10, 10)),
        (lambda: nn.Conv2dTranspose(2, 4, 3, 2, "pad", (1, 0, 1, 0), 1), (2, 4, 11, 11)),
        (lambda: nn.MaxPool2d(2, 2, "same"), (2, 2, 3, 3)),
        (lambda: nn.MaxPool2d(2, 2, "pad", 1), (2, 2, 3, 3)),
        (lambda: nn.AdaptiveAvgPool2d((3, None)), (2, 2, 3, 5)),
        (lambda: nn.Flatten(), (2, 50)),
        (lambda: nn.Unflatten(1, (1, -1)), (2, 1, 2, 5, 5)),
        (lambda: nn.Pad(((0, 0), (0, 0), (1, 1), (2, 2)), "REFLECT"), (2, 2, 7, 9)),
        (lambda: nn.ConstantPad2d((1, 0, 2, 0), 1.0), (2, 2, 7, 6)),
        (lambda: nn.ReflectionPad2d(1), (2, 2, 7, 7)),
        (lambda: nn.Softmax2d(), (2, 2, 5, 5)),
    ],
)
def test_shapes(layer, shape):
    assert layer()(IMAGE).shape == shape


@pytest.mark.parametrize(("mode", "length"), [("same", 50), ("valid", 51)])
def test_one_axis(mode, length):
    x = IMAGE.reshape(2, 2, 25)
    assert nn.Conv1d(2, 4, 3)(x).shape == (2, 4, 25)
    assert nn.Conv1d(2, 4, 3).weight.shape == (4, 2, 1, 3)
    assert nn.Conv1dTranspose(2, 4, 3, 2, mode)(x).shape == (2, 4, length)
    assert nn.MaxPool1d(2, 2)(x[0]).shape == (2, 12)


def test_derived_layers_find_the_operators_of_their_base():
    class Twice(nn.Conv2d):
        def construct(self, x):
            return self.bias_add(self.conv2d(x, 2 * self.weight), self.bias)

    class Transposed(nn.Dense):
        def __init__(self, *args):
            super().__init__(*args)
            self.bias_add = ops.Add()  # goes before that of the base

        def construct(self, x):
            return self.bias_add(self.matmul(x, self.weight), self.bias)

    class Sum(nn.LossBase):
        def construct(self, x, y):
            return self.reduce_mean(self.cast(self.mul(x, y), ms.float32)) + self.reduce_sum(x, 0)

    x = ops.randn(2, 4, 9, 9)
    settings = {"stride": 2, "pad_mode": "pad", "padding": (1, 2, 0, 1), "dilation": 2, "group": 2, "has_bias": True}
    twice, once = Twice(4, 6, 3, **settings), nn.Conv2d(4, 6, 3, **settings)
    once.weight, once.bias = 2 * twice.weight, twice.bias
    assert np.allclose(twice(x), once(x), atol=1e-6)
    volume, deep = ops.randn(1, 2, 4, 4, 4), nn.Conv3d(2, 2, 3)
    assert np.allclose(deep.conv3d(volume, deep.weight), deep(volume), atol=1e-6)
    dense = Transposed(3, 2)
    assert np.allclose(dense(ops.ones((4, 3))), nn.Dense.construct(dense, ops.ones((4, 3))), atol=1e-6)
    assert Sum()(Tensor([1.0, 2.0]), Tensor([3.0, 4.0])) == 8.5


def test_batch_norm_in_training_and_evaluation():
    layer = nn.BatchNorm2d(3)
    np.testing.assert_allclose(layer(X).asnumpy().ravel()[:3], [0, 0.999995, 2.828413], rtol=1e-5)
    assert layer.moving_mean.asnumpy().tolist() == [0, 0, 0]
    result = layer.set_train()(X)
    np.testing.assert_allclose(result.asnumpy().ravel()[:3], [-1.075262, -1.033895, -0.958258], rtol=1e-5)
    np.testing.assert_allclose(layer.moving_mean.asnumpy(), [2.599299, 4.320962, 6.461289], rtol=1e-5)
    np.testing.assert_allclose(layer.moving_variance.asnumpy(), [67.68452, 108.206154, 147.3199], rtol=1e-5)
    frozen = nn.BatchNorm2d(3, use_batch_statistics=False).set_train()
    np.testing.assert_allclose(frozen(X).asnumpy().ravel()[:3], [0, 0.999995, 2.828413], rtol=1e-5)


def test_batch_norm_moves_its_moments_once_under_a_gradient():
    layer = nn.BatchNorm2d(3).set_train()
    _, gradients = ms.value_and_grad(lambda x: (layer(x) ** 2).sum(), None, layer.trainable_params())(X)
    assert len(gradients) == 2
    np.testing.assert_allclose(layer.moving_mean.asnumpy(), [2.599299, 4.320962, 6.461289], rtol=1e-5)


def test_dropout_acts_in_training_only():
    x = ops.ones((1000,), ms.float32)
    layer = nn.Dropout(p=0.25)
    assert layer(x) is x
    values = layer.set_train()(x).asnumpy()
    assert set(values.round(4).tolist()) == set(np.float32([0, 1.3333]).tolist())
    assert 150 < (values == 0).sum() < 350
    layer.p = 0.0  # as programs turn it off
    assert layer(x) is x
    layer.p, layer.keep_prob = 0.25, 1.0
    assert layer(x) is x


def test_embedding():
    layer = nn.Embedding(3, 4, padding_idx=1)
    assert layer.embedding_table.asnumpy()[1].tolist() == [0, 0, 0, 0]
    assert layer(Tensor([[1, 2]])).shape == (1, 2, 4)


def test_activation_by_name():
    assert isinstance(nn.get_activation("relu"), nn.ReLU)
    assert nn.get_activation(None) is None
    with pytest.raises(KeyError, match="softmin"):
        nn.get_activation("other")


def test_network_learns():
    ms.set_seed(0)
    net = nn.SequentialCell(nn.Dense(2, 16), nn.Tanh(), nn.Dense(16, 1))
    x = Tensor(np.random.RandomState(0).rand(64, 2).astype(np.float32))
    y = x[:, :1] * x[:, 1:]
    loss = nn.MSELoss()
    step = ms.value_and_grad(lambda x, y: loss(net(x), y), None, net.trainable_params())
    values = []
    for _ in range(60):
        value, gradients = step(x, y)
        values.append(value.item())
        for parameter, gradient in zip(net.trainable_params(), gradients, strict=True):
            parameter.set_data(parameter - 0.1 * gradient)
    assert values[-1] < values[0] / 3


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: nn.Dense("a", 4), TypeError),
        (lambda: nn.Dense(3, 0), ValueError),
        (lambda: nn.Dense(3, 4, activation="other"), KeyError),
        (lambda: nn.Dense(3, 4, activation=ops.relu), TypeError),
        (lambda: nn.Dense(3, 4, weight_init=Tensor(np.ones((3, 4)))), ValueError),
        (lambda: nn.Dropout(p=2.0), ValueError),
        (lambda: nn.Conv2d(2, 4, 3, padding=1), ValueError),
        (lambda: nn.Conv2d(2, 4, 3, pad_mode="other"), ValueError),
        (lambda: nn.Conv2d(2, 4, 3, group=3), ValueError),
        (lambda: nn.MaxPool2d(0), ValueError),
        (lambda: nn.MaxPool2d(2, 2, "valid", 1), ValueError),
        (lambda: nn.LayerNorm(3), TypeError),
        (lambda: nn.BatchNorm2d(3, momentum=2.0), ValueError),
        (lambda: nn.BatchNorm2d(3)(X[0]), ValueError),
        (lambda: nn.GroupNorm(2, 3), ValueError),
        (lambda: nn.Embedding(3, 4, padding_idx=7), ValueError),
        (lambda: nn.Pad(1), TypeError),
    ],
)
def test_errors(call, error):
    with pytest.raises(error):
        call()


class Wrong(nn.Cell):
    """A network of the user's, whose errors are its own."""

    def construct(self, x):
        return x.missing[3]


WEIGHTS = [ms.Parameter(Tensor([1.0]), name="w")]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: nn.Conv1d(2, 3, 2)(0.5), TypeError, "^For 'Conv1d', the 'x' must be a Tensor, but got float"),
        (lambda: nn.SequentialCell(nn.BatchNorm1d(3))([1]), TypeError, "^For 'BatchNorm1d', the 'x' must be a Tensor"),
        (
            lambda: nn.Unflatten(1, (1, 3))(Tensor(1.0)),
            ValueError,
            "^For 'Unflatten', an input has another number of axes",
        ),
        (lambda: nn.ReLU()(1), TypeError, "^For 'ReLU', the 'input' must be a Tensor, but got int 1"),
        (lambda: nn.MSELoss()(Tensor([1.0]), True), TypeError, "the 'target' must be a Tensor, but got bool True"),
        (lambda: nn.BCEWithLogitsLoss()(Tensor([1.0]), 1.0), TypeError, "the 'target' must be a Tensor"),
        (
            lambda: nn.SmoothL1Loss()(Tensor([1.0]), Tensor([[1.0]])),
            ValueError,
            "'input' and 'target' must be of one shape",
        ),
        (lambda: nn.SGD(WEIGHTS, 0.1)([None]), TypeError, "^For 'SGD', gradients must be Tensors, but got NoneType"),
        (lambda: nn.SequentialCell(Wrong())(3), AttributeError, "^'int' object has no attribute 'missing'"),
    ],
)
def test_inputs_that_a_layer_was_not_made_for(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_empty_batches():
    assert nn.GroupNorm(2, 4)(ops.zeros((0, 4, 2, 2))).shape == (0, 4, 2, 2)
    assert nn.PixelShuffle(2)(ops.zeros((1, 4, 0, 2))).shape == (1, 1, 0, 4)
    assert nn.PixelUnshuffle(2)(ops.zeros((0, 1, 2, 2))).shape == (0, 4, 1, 1)
