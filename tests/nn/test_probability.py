"""Distributions, bijectors and layers with distributed weights, beyond what tests/golden records of MindSpore."""

import numpy as np
import pytest
import scipy.stats

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.nn.probability import bijector as msb
from msjax.nn.probability import bnn_layers
from msjax.nn.probability import distribution as msd

# A distribution, and scipy's.
SAMPLED = [
    (lambda: msd.Bernoulli(0.3), scipy.stats.bernoulli(0.3)),
    (lambda: msd.Beta([2.0], [0.5]), scipy.stats.beta(2.0, 0.5)),
    (lambda: msd.Categorical([0.2, 0.3, 0.5]), scipy.stats.rv_discrete(values=([0, 1, 2], [0.2, 0.3, 0.5]))),
    (lambda: msd.Cauchy(3.0, 4.0), scipy.stats.cauchy(3, 4)),
    (lambda: msd.Exponential(0.5), scipy.stats.expon(scale=2)),
    (lambda: msd.Gamma([3.0], [4.0]), scipy.stats.gamma(3, scale=0.25)),
    (lambda: msd.Geometric(0.3), scipy.stats.geom(0.3, loc=-1)),
    (lambda: msd.Gumbel(3.0, 4.0), scipy.stats.gumbel_r(3, 4)),
    (lambda: msd.Logistic(3.0, 4.0), scipy.stats.logistic(3, 4)),
    (lambda: msd.LogNormal(0.3, 0.4), scipy.stats.lognorm(0.4, scale=np.exp(0.3))),
    (lambda: msd.Normal(3.0, 4.0), scipy.stats.norm(3, 4)),
    (lambda: msd.Poisson([2.5]), scipy.stats.poisson(2.5)),
    (lambda: msd.Uniform(1.0, 3.0), scipy.stats.uniform(1, 2)),
]


@pytest.mark.parametrize("made, theirs", SAMPLED)
def test_samples_are_of_the_distribution(made, theirs):
    ms.set_seed(0)
    drawn = made().sample((4000,)).asnumpy().ravel()
    levels = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    at = theirs.ppf(levels)
    np.testing.assert_allclose((drawn[:, None] <= at).mean(0), theirs.cdf(at), atol=0.03)


@pytest.mark.parametrize("made, theirs", SAMPLED)
def test_probabilities_and_moments_are_scipys(made, theirs):
    ours = made()
    values = theirs.ppf([0.1, 0.5, 0.9]).astype(np.float32)
    discrete = (msd.Bernoulli, msd.Categorical, msd.Geometric, msd.Poisson)
    density = theirs.pmf if isinstance(ours, discrete) else theirs.pdf
    np.testing.assert_allclose(ours.prob(Tensor(values)).asnumpy(), density(values), rtol=1e-4)
    if not isinstance(ours, msd.Beta):
        np.testing.assert_allclose(ours.cdf(Tensor(values)).asnumpy(), theirs.cdf(values), rtol=1e-4)
        np.testing.assert_allclose(ours.log_survival(Tensor(values)).asnumpy(), theirs.logsf(values), rtol=1e-4)
    if not isinstance(ours, msd.Cauchy):
        np.testing.assert_allclose(ours.mean().asnumpy().ravel(), theirs.mean(), rtol=1e-5)
        np.testing.assert_allclose(ours.sd().asnumpy().ravel(), theirs.std(), rtol=1e-5)


def test_the_mode_of_a_bernoulli_distribution_is_the_likelier_value():
    assert msd.Bernoulli([0.3, 0.5, 0.7]).mode().asnumpy().tolist() == [0, 0, 1]


def test_tails_are_exact_where_differences_to_1_would_not_be():
    assert float(msd.Normal(0.0, 1.0).log_survival(Tensor(20.0))) == pytest.approx(-203.917, rel=1e-5)
    assert float(msd.Logistic(0.0, 1.0).log_cdf(Tensor(-50.0))) == pytest.approx(-50.0)


def test_samples_follow_the_seed_and_the_object():
    ms.set_seed(3)
    first = msd.Normal(0.0, 1.0).sample((3,)).asnumpy()
    assert not np.array_equal(first, msd.Normal(0.0, 1.0).sample((3,)).asnumpy())
    ms.set_seed(3)
    assert np.array_equal(first, msd.Normal(0.0, 1.0).sample((3,)).asnumpy())
    seeded = msd.Normal(0.0, 1.0, seed=5)
    one, two = seeded.sample((3,)).asnumpy(), seeded.sample((3,)).asnumpy()
    assert not np.array_equal(one, two)
    assert np.array_equal(one, msd.Normal(0.0, 1.0, seed=5).sample((3,)).asnumpy())


def test_derivatives_flow_through_samples():
    def spread(mean, sd):
        ms.set_seed(1)
        return (msd.Normal().sample((1000,), mean, sd) ** 2).mean()

    of_mean, of_sd = ms.grad(spread, (0, 1))(Tensor(1.0), Tensor(2.0))
    assert float(of_mean) == pytest.approx(2.0, abs=0.3)
    assert float(of_sd) == pytest.approx(4.0, abs=0.5)


class _Encoder(nn.Cell):
    def __init__(self):
        super().__init__()
        self.mean = nn.Dense(3, 2, weight_init="ones")
        self.posterior, self.prior = msd.Normal(), msd.Normal(0.0, 1.0)
        self.positive = msd.TransformedDistribution(msb.Softplus(), msd.Normal([0.0, 1.0], 1.0))

    def construct(self, x):
        mean = self.mean(x)
        drawn = self.posterior.sample((), mean, ops.exp(mean))
        divergence = self.posterior.kl_loss("Normal", Tensor(0.0), Tensor(1.0), mean, ops.exp(mean))
        return (divergence - self.prior("log_prob", drawn) - self.positive.log_prob(ops.softplus(drawn))).sum()


def _training(mode: str):
    ms.set_compile(mode)
    ms.set_seed(3)
    net = _Encoder()
    step = ms.value_and_grad(net, None, net.trainable_params())
    optimizer = nn.SGD(net.trainable_params(), 0.01)
    losses = []
    for _ in range(3):
        loss, gradients = step(Tensor(np.ones((4, 3), np.float32)))
        optimizer(gradients)
        losses.append(float(loss))
    return losses, str(ms.explain(step))


def test_compilation_is_not_noticeable():
    try:
        eager, _ = _training("off")
    finally:
        ms.set_compile("auto")
    compiled, report = _training("auto")
    assert compiled == pytest.approx(eager, rel=1e-5)
    assert "compiled" in report


def test_parameters_of_a_distribution_are_trained():
    mean = Parameter(Tensor([0.0]), name="mean")
    normal = msd.Normal(mean, 1.0)
    assert [p.name for p in normal.trainable_params()] == ["mean"]
    gradient = ms.grad(lambda x: normal.log_prob(x).sum(), None, normal.trainable_params())(Tensor([2.0]))
    assert [g.asnumpy().tolist() for g in gradient] == [[2.0]]


class _Die(msd.Distribution):
    """A distribution of a user's: it says what it knows, and the rest follows."""

    def __init__(self):
        super().__init__(0, ms.int32, "Die", {})

    def _prob(self, value):
        return ops.ones_like(value) / 6

    def _cdf(self, value):
        return value / 6

    def _var(self):
        return Tensor(35.0) / 12


def test_a_subclass_answers_what_follows_from_what_it_defines():
    die, value = _Die(), Tensor([1.0, 3.0])
    assert die.log_prob(value).asnumpy() == pytest.approx([np.log(1 / 6)] * 2)
    assert die.survival_function(value).asnumpy() == pytest.approx([5 / 6, 1 / 2])
    assert die.log_cdf(value).asnumpy() == pytest.approx(np.log([1 / 6, 1 / 2]))
    assert float(die.sd()) == pytest.approx(np.sqrt(35 / 12))
    with pytest.raises(NotImplementedError, match="mean is not implemented for Die"):
        die.mean()


@pytest.mark.parametrize(
    "wrong, error, says",
    [
        (lambda: msd.Normal(0.0, -1.0), ValueError, "'sd' must be float > 0, but got -1.0"),
        (lambda: msd.Normal([0.0, 1.0], [1.0, 1.0, 1.0]), ValueError, "do not broadcast"),
        (lambda: msd.Normal().mean(), TypeError, "'mean' was not given when the distribution was made"),
        (lambda: msd.Normal(0.0, 1.0).prob(0.5), TypeError, "'value' must be Tensor"),
        (lambda: msd.Normal(0.0, 1.0).kl_loss("Cauchy", Tensor(0.0), Tensor(1.0)), ValueError, "must be a Normal"),
        (lambda: msd.Cauchy(0.0, 1.0).mean(), ValueError, "has no mean"),
        (lambda: msd.Normal([0.0, 1.0], 1.0).prob(Tensor([1.0, 2.0, 3.0])), ValueError, "Normal.log_prob.*broadcast"),
        (lambda: msb.Exp().forward(Tensor([1])), TypeError, "must be one of Float16"),
        (
            lambda: msb.Bijector(name="nothing").forward(Tensor([1.0])),
            NotImplementedError,
            "forward is not implemented",
        ),
    ],
)
def test_errors_say_what_is_wrong(wrong, error, says):
    with pytest.raises(error, match=says):
        wrong()


@pytest.mark.parametrize("made", [msb.Exp, lambda: msb.Softplus(2.0), lambda: msb.ScalarAffine(-2.0, 1.0),
                                  lambda: msb.GumbelCDF(0.5, 2.0), lambda: msb.PowerTransform(0.5)])  # fmt: skip
def test_bijectors_invert_and_know_their_derivatives(made):
    bijector, x = made(), Tensor([0.3, 1.2])
    y = bijector.forward(x)
    np.testing.assert_allclose(bijector.inverse(y).asnumpy(), x.asnumpy(), rtol=1e-5)
    slope = ms.grad(lambda v: bijector.forward(v).sum())(x)
    jacobian = np.broadcast_to(bijector.forward_log_jacobian(x).asnumpy(), (2,))
    np.testing.assert_allclose(jacobian, np.log(np.abs(slope.asnumpy())), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(np.broadcast_to(bijector.inverse_log_jacobian(y).asnumpy(), (2,)), -jacobian, rtol=1e-4)


def test_a_bayesian_network_is_trained_even_where_an_input_is_zero():
    ms.set_seed(0)
    net = nn.SequentialCell(bnn_layers.DenseLocalReparam(3, 1))
    loss = bnn_layers.WithBNNLossCell(net, nn.MSELoss(), 1, 0.001)
    step = nn.TrainOneStepCell(loss, nn.SGD(net.trainable_params(), 0.01))
    x, y = Tensor(np.zeros((8, 3), np.float32)), Tensor(np.ones((8, 1), np.float32))
    losses = [float(step(x, y)) for _ in range(30)]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]
