"""THOR: gradients turned by moments that JAX computes sample by sample."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.core.tensor import raw

RATE, DAMPING, MOMENTUM = 0.1, 0.03, 0.9
RNG = np.random.default_rng(0)


def normal(*shape):
    return RNG.normal(size=shape).astype(np.float32)


class Image(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 2, pad_mode="valid", has_bias=True)
        self.dense = nn.Dense(12, 2)

    def construct(self, x):
        return self.dense(ops.tanh(self.conv(x)).reshape(len(x), -1))


def image(weights, probes, x):
    """Of one sample. The probes are added to what comes out of the layers."""
    kernel, bias, weight, offset = weights
    y = jax.lax.conv_general_dilated(x[None], kernel, (1, 1), "VALID")[0] + bias[:, None, None] + probes[0]
    return weight @ jnp.tanh(y).ravel() + offset + probes[1], (x, jnp.tanh(y).ravel())


def dense(weights, probes, x):
    first, bias, second, offset = weights
    y = jnp.tanh(first @ x + bias + probes[0])
    return second @ y + offset + probes[1], (x, y)


def moments(forward, shapes, weights, xs, ys):
    """A and G of both layers, from the gradients of the loss of each sample."""
    probes = [jnp.zeros(shape) for shape in shapes]

    def loss(probes, x, y):
        out, inputs = forward(weights, probes, x)
        return jnp.mean((out - y) ** 2), inputs

    gradients, inputs = jax.vmap(jax.grad(loss, has_aux=True), (None, 0, 0))(probes, xs, ys)
    found = []
    for x, g in zip(inputs, gradients, strict=True):
        if x.ndim == 4:  # images: a row for each place
            x = jax.lax.conv_general_dilated_patches(x, (2, 2), (1, 1), "VALID")
        x, g = (jnp.moveaxis(a.reshape(*a.shape[:2], -1), 1, -1) for a in (x, g))
        found.append((jnp.einsum("npa,npb->ab", x, x) / len(x), jnp.einsum("npa,npb->ab", g, g) / g.size * g.shape[-1]))
    return found


def expected(forward, shapes, weights, batches, frequency, decay=0.0):
    """The weights after steps."""

    @jax.jit
    def told(weights, xs, ys):
        def loss(weights):
            zeros = [jnp.zeros(shape) for shape in shapes]
            return jnp.mean((jax.vmap(lambda x: forward(weights, zeros, x)[0])(xs) - ys) ** 2)

        return jax.grad(loss)(weights), moments(forward, shapes, weights, xs, ys)

    weights, sums, inverses = list(weights), [jnp.zeros_like(w) for w in weights], []
    for number, (xs, ys) in enumerate(batches):
        gradients, pairs = told(weights, xs, ys)
        if number % frequency == 0:
            inverses = [[jnp.linalg.inv(m + DAMPING * jnp.eye(len(m))) for m in pair] for pair in pairs]
        for layer, (a, g) in enumerate(inverses):
            flat = gradients[2 * layer].reshape(len(gradients[2 * layer]), -1)
            gradients[2 * layer] = (g @ flat @ a).reshape(gradients[2 * layer].shape)
        sums = [MOMENTUM * s + g + decay * w for s, g, w in zip(sums, gradients, weights, strict=True)]
        weights = [w - RATE * s for w, s in zip(weights, sums, strict=True)]
    return weights


NETS = {
    "dense": (
        lambda: nn.SequentialCell(nn.Dense(4, 3, activation="tanh"), nn.Dense(3, 2)), dense, [(3,), (2,)], (4,),
    ),
    "convolution": (Image, image, [(3, 2, 2), (2,)], (2, 3, 3)),
}  # fmt: skip


def run(kind, steps, **options):
    """A network's own weights after steps, and those that are expected."""
    make, forward, shapes, shape = NETS[kind]
    net, batches = make(), [(normal(8, *shape), normal(8, 2)) for _ in range(steps)]
    before = [jnp.asarray(p.asnumpy(), np.float64) for p in net.trainable_params()]
    optimizer = nn.thor(net, Tensor(RATE), Tensor(DAMPING), MOMENTUM, **{"frequency": 2, **options})
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer, sens=options.get("loss_scale", 1.0))
    for xs, ys in batches:
        step(Tensor(xs), Tensor(ys))
    own = [p.asnumpy() for p in net.trainable_params() if "matrix" not in p.name]
    decay = options.get("weight_decay", 0.0)
    batches = [(xs.astype(np.float64), ys) for xs, ys in batches]
    return own, expected(forward, shapes, before, batches, options.get("frequency", 2), decay)


@pytest.mark.parametrize(
    "kind, options",
    [("dense", {}), ("dense", {"weight_decay": 0.1}), ("convolution", {"loss_scale": 64.0})],
    ids=str,
)
def test_gradients_are_turned(kind, options):
    own, wanted = run(kind, 4, **options)
    for found, right in zip(own, wanted, strict=True):
        np.testing.assert_allclose(found, right, rtol=2e-4, atol=2e-5)


def test_a_step_is_compiled_and_does_the_same_eagerly(request):
    request.addfinalizer(lambda: ms.set_compile("auto"))
    make, _, _, shape = NETS["dense"]
    found = []
    for mode in ("auto", "off"):
        ms.set_seed(1)
        net, rng = make(), np.random.default_rng(1)
        optimizer = nn.thor(net, Tensor(RATE), Tensor(DAMPING), MOMENTUM, frequency=3)
        step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer)
        ms.set_compile(mode)
        for _ in range(7):
            step(*(Tensor(rng.normal(size=(8, n)).astype(np.float32)) for n in (*shape, 2)))
        assert mode == "off" or "compiled" in str(ms.explain(nn.TrainOneStepCell.construct))
        found.append([p.asnumpy() for p in net.trainable_params()])
    for first, second in zip(*found, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-6)


def test_a_table():
    """Its A is a diagonal: how often each row is looked up."""
    net = nn.Embedding(4, 2)
    optimizer = nn.thor(net, Tensor(1.0), Tensor(DAMPING), 0.0)
    table, ids = jnp.asarray(net.embedding_table.asnumpy()), jnp.asarray([0, 2, 2, 1])
    gradients = ms.grad(lambda ids: (net(ids) ** 2).sum(-1).mean(), None, optimizer.parameters)(Tensor([0, 2, 2, 1]))
    optimizer(gradients)
    of_samples = 2 * table[ids]
    g = jnp.linalg.inv(of_samples.T @ of_samples / 4 + DAMPING * jnp.eye(2))
    a = 1 / (jnp.bincount(ids, length=4) / 4 + DAMPING)
    gradient = jnp.zeros((4, 2)).at[ids].add(of_samples / 4)
    np.testing.assert_allclose(net.embedding_table.asnumpy(), table - a[:, None] * gradient @ g, rtol=1e-4, atol=1e-5)


def test_a_model_as_documented():
    net, rng = NETS["convolution"][0](), np.random.default_rng(0)
    images = rng.normal(size=(64, 2, 3, 3)).astype(np.float32)
    labels = (images.mean((1, 2, 3)) > 0).astype(np.int32)
    rows = ms.dataset.NumpySlicesDataset((images, labels), shuffle=False).batch(16)
    schedule = Tensor(np.linspace(0.1, 0.01, 20), ms.float32)
    optimizer = nn.thor(net, schedule, Tensor(np.full(20, 0.1), ms.float32), 0.9, loss_scale=128.0, frequency=4)
    loss, scale = nn.SoftmaxCrossEntropyWithLogits(True, "mean"), ms.FixedLossScaleManager(128, False)
    model = ms.Model(net, loss, optimizer, loss_scale_manager=scale, metrics={"acc"})
    model = ms.ConvertModelUtils.convert_to_thor_model(model, net, loss, optimizer, loss_scale_manager=scale)
    model.train(5, rows, dataset_sink_mode=True)
    assert model.eval(rows)["acc"] > 0.9
    assert [type(cell).__name__ for cell in net.cells()] == ["Conv2dThor", "DenseThor"]
    assert float(raw(optimizer.global_step)[0]) == 20


@pytest.mark.parametrize(
    "options, error",
    [
        ({"learning_rate": 0.1}, TypeError),
        ({"frequency": 1}, ValueError),
        ({"momentum": -0.1}, ValueError),
        ({"use_nesterov": 1}, TypeError),
    ],
    ids=str,
)
def test_wrong_arguments(options, error):
    given = {"learning_rate": Tensor(0.1), "damping": Tensor(0.1), "momentum": 0.9, **options}
    with pytest.raises(error):
        nn.thor(nn.Dense(2, 1), **given)
