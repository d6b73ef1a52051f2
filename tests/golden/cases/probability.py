"""Distributions, what transforms them, and layers with distributed weights."""

from golden.cases import Table

SETUP = """
import importlib
probability = importlib.import_module(ms.__name__ + ".nn.probability")
importlib.import_module(probability.__name__ + ".distribution")
importlib.import_module(probability.__name__ + ".bijector")
msd, msb = probability.distribution, probability.bijector

def floats(*values, dtype=ms.float32):
    return Tensor(np.array(values), dtype)

def ints(*values):
    return Tensor(np.array(values), ms.int32)
"""

# How each is made, other parameters of the same shapes, and values.
DISTRIBUTIONS = {
    "Bernoulli": ("[0.3, 0.5, 0.7]", "floats(0.6, 0.1, 0.2)", "ints(1, 0, 1)"),
    "Beta": ("[3.0, 1.0, 0.5], [4.0, 1.0, 0.5]", "floats(2, 2, 2), floats(2, 1.5, 0.5)", "floats(0.1, 0.5, 0.8)"),
    "Categorical": ("[0.2, 0.3, 0.5]", "floats(0.6, 0.3, 0.1)", "ints(1, 0, 2)"),
    "Cauchy": ("[3.0, 1.0, 2.0], [4.0, 1.0, 0.5]", "floats(2, 1, 0), floats(2, 1.5, 0.5)", "floats(1, 2, 3)"),
    "Exponential": ("[0.5, 1.0, 2.0]", "floats(0.2, 0.5, 0.4)", "floats(-1, 0, 3)"),
    "Gamma": ("[3.0, 1.0, 0.5], [4.0, 1.0, 2.0]", "floats(2, 1, 3), floats(2, 1.5, 0.5)", "floats(0.1, 0.5, 3)"),
    "Geometric": ("[0.5, 0.2, 0.8]", "floats(0.2, 0.5, 0.4)", "floats(-1, 0, 2.5)"),
    "Gumbel": ("[3.0, 1.0, 2.0], [4.0, 1.0, 0.5]", "", "floats(-1, 0.5, 3)"),
    "HalfNormal": ("[3.0, 1.0, 2.0], [4.0, 1.0, 0.5]", "floats(2, 1, 0), floats(2, 1.5, 0.5)", "floats(-1, 2.5, 3)"),
    "Laplace": ("[3.0, 1.0, 2.0], [4.0, 1.0, 0.5]", "floats(2, 1, 0), floats(2, 1.5, 0.5)", "floats(-1, 2.5, 3)"),
    "LogNormal": ("[0.3, 0.5, 1.0], [0.4, 0.5, 1.0]", "floats(2, 1, 0), floats(2, 1.5, 0.5)", "floats(0.5, 1, 3)"),
    "Logistic": ("[3.0, 1.0, 2.0], [4.0, 1.0, 0.5]", "floats(2, 1, 0), floats(2, 1.5, 0.5)", "floats(-1, 0.5, 3)"),
    "Normal": ("[3.0, 1.0, 2.0], [4.0, 1.0, 0.5]", "floats(2, 1, 2.5), floats(2, 1.5, 0.5)", "floats(-1, 0.5, 3)"),
    "Poisson": ("[0.5, 1.0, 2.5]", "floats(0.2, 0.5, 0.4)", "floats(-1, 0, 3)"),
    "StudentT": (
        "[2.0, 3.0, 4.0], [3.0, 1.0, 2.0], [4.0, 1.0, 0.5]",
        "floats(1, 2, 3), floats(2, 1, 0), floats(2, 1.5, 0.5)",
        "floats(-1, 2.5, 3)",
    ),
    "Uniform": ("[0.0, 1.0, -2.0], [1.0, 3.0, 4.0]", "floats(0, 0, 0), floats(2, 1.5, 0.5)", "floats(-1, 1.5, 3)"),
}
OF_VALUES = ("prob", "log_prob", "cdf", "log_cdf", "survival_function", "log_survival")
OF_PARAMETERS = ("mean", "sd", "var", "mode", "entropy")
OF_TWO = ("kl_loss", "cross_entropy")


def _questions():
    """Every question, asked of the distribution and, where it may be, with other parameters."""
    for name, (made, others, values) in DISTRIBUTIONS.items():
        of = f"msd.{name}({made})"
        for method in OF_VALUES:
            yield f"{of}.{method}({values})"
            if others:
                yield f"{of}.{method}({values}, {others})"
        for method in OF_PARAMETERS:
            if (name, method) == ("Bernoulli", "mode"):
                continue  # MindSpore fails, unless it is compiled
            yield f"{of}.{method}()"
            if others:
                yield f"{of}.{method}({others})"
        for method in OF_TWO:
            yield f"{of}.{method}({name!r}, {others or 'floats(2, 1, 0), floats(2, 1.5, 0.5)'})"


MORE = """
    [msd.Normal(0.0, 1.0)(name) for name in ('mean', 'sd', 'var', 'mode', 'entropy', 'get_dist_args', 'get_dist_type')]
    [msd.Normal(0.0, 1.0)(name, floats(0.5)) for name in ('prob', 'log_prob', 'cdf', 'survival_function')]
    msd.Normal(0.0, 1.0)('kl_loss', 'Normal', floats(0.5), floats(2.0))
    msd.Normal(0.0, 1.0)('nothing')
    msd.Normal(0.0, 1.0).kl_loss('Uniform', floats(0.5), floats(2.0))
    msd.Normal(0.0, 1.0).kl_loss(dist='Normal', mean_b=floats(1.), sd_b=floats(2.), mean=floats(3.))
    msd.Normal(0.0, 1.0).kl_loss('Normal', floats(0.5))
    msd.Normal(0.0, 1.0).kl_loss('Normal', 0.5, 2.0)
    msd.Normal(0.0, 1.0).prob(0.5)
    msd.Normal(0.0, 1.0).prob(floats(0.5), 1.0, 2.0)
    msd.Normal(0.0, 1.0).log_prob(floats(0.5), sd=floats(1, 2))
    msd.Normal().prob(floats(0.5))
    msd.Normal().prob(floats(0.5), floats(1.0), floats(2.0))
    msd.Normal([0.0, 1.0], [[1.0], [2.0]]).prob(floats(0.5))
    [msd.Normal([0.0, 1.0], [[1.0], [2.0]]).mean(), msd.Normal([0.0, 1.0], [[1.0], [2.0]]).batch_shape]
    msd.Normal([0.0, 1.0], [[1.0], [2.0]]).prob(floats(1, 2, 3))
    msd.Normal([0.0, 1.0], [1.0, 1.0, 1.0])
    msd.Normal(0.0, 1.0, dtype=ms.float16).prob(floats(0.5, 1))
    msd.Normal(0.0, 1.0, dtype=ms.float64).prob(floats(0.5, 1))
    msd.Normal(0.0, 1.0, dtype=ms.int32)
    msd.Normal(0.0, 1.0).prob(ints(1, 2))
    msd.Normal(floats(1.0, dtype=ms.float16), 1.0).mean()
    msd.Normal(floats(1.0, dtype=ms.float64), 1.0).mean()
    msd.Normal(ints(1), 2.0).mean()
    msd.Normal(np.array([1.0]), floats(1.0))
    msd.Normal('a', 1.0)
    msd.Normal(True, 1.0)
    msd.Normal((1.0,), 1.0)
    msd.Normal(0.0, -1.0)
    msd.Normal(0.0, [1.0, 0.0])
    msd.Normal(0.0, 1.0, seed=-1)
    msd.Normal(0.0, 1.0, seed=1.5)
    msd.Normal(0.0, 1.0, name=3)
    [msd.Normal(0.0, 1.0).seed, msd.Normal(0.0, 1.0, seed=4).seed, msd.Normal(0.0, 1.0).name, msd.Normal(0.0, 1.0).dtype]
    [msd.Normal(0.0, 1.0).is_scalar_batch, msd.Normal([0.0], 1.0).is_scalar_batch, msd.Normal().batch_shape]
    [repr(msd.Normal(0.0, 1.0)), repr(msd.Normal([0.0], 1.0)), repr(msd.Normal()), repr(msd.Cauchy(0.0, 1.0))]
    sorted(msd.Normal(0.0, 1.0).parameters)
    [p.name for p in msd.Normal(Parameter(floats(1, 2), name='loc'), 1.0).get_parameters()]
    grad(lambda v, m, s: msd.Normal().log_prob(v, m, s).sum(), (0, 1, 2))(floats(0.5, 2), floats(1.0), floats(2.0))
    grad(lambda m, s: msd.Normal(0.0, 1.0).kl_loss('Normal', m, s).sum(), (0, 1))(floats(1.0), floats(2.0))
    [msd.Normal(0.0, 1.0).sample().shape, msd.Normal([0.0, 1.0], 1.0).sample((3,)).shape]
    [msd.Normal(0.0, 1.0).sample((3,), floats(1.0), floats(1, 2)).shape, msd.Bernoulli(0.5).sample((2,)).dtype]
    msd.Normal(0.0, 1.0).sample(3)
    msd.Normal(0.0, 1.0).sample([3])
    msd.Bernoulli(0.0)
    msd.Bernoulli(1.0)
    msd.Bernoulli(0.5, dtype=ms.bool_)
    msd.Bernoulli(0.3).prob(floats(0.5))
    msd.Bernoulli(0.3).cdf(floats(-1, -0.5, 0, 0.5, 1, 2))
    [msd.Categorical([0.2, 0.3, 0.5]).prob(ints(0, 1, 2, 3, -1)), msd.Categorical([0.2, 0.3, 0.5]).cdf(ints(0, 1, 2, 3, -1))]
    msd.Categorical(0.5)
    msd.Categorical([0.5, 0.4])
    msd.Categorical([[0.2, 0.3, 0.5], [0.6, 0.2, 0.2]]).prob(ints(0, 1))
    msd.Categorical([[0.2, 0.3, 0.5], [0.6, 0.2, 0.2]]).cdf(ints([0], [1]))
    [msd.Categorical([[0.2, 0.3, 0.5], [0.6, 0.2, 0.2]])(name) for name in ('mean', 'var', 'mode', 'entropy')]
    msd.Categorical([[0.2, 0.3, 0.5], [0.6, 0.2, 0.2]]).kl_loss('Categorical', floats(0.1, 0.3, 0.6))
    msd.Categorical([[0.2, 0.3, 0.5], [0.6, 0.2, 0.2]]).sample((4,)).shape
    [msd.Categorical([0.2, 0.8]).batch_shape, msd.Categorical([0.2, 0.8]).broadcast_shape]
    msd.Geometric(0.3).prob(floats(-0.5, 0, 0.5, 1, 2.7))
    msd.Poisson([2.5]).prob(floats(-0.5, 0, 0.5, 1, 2.7))
    msd.Poisson([2.5]).cdf(floats(-0.5, 0, 0.5, 1, 2.7))
    msd.Poisson([3.5, 2.0]).mode()
    msd.Poisson(0.5)
    msd.Gamma(0.5, 0.5)
    msd.Gamma([.5, 1., 2.], [1., 1., 2.]).mode()
    msd.Gamma([3.0], [4.0]).prob(floats(-1, 0))
    msd.Beta([2., 2.], [3., .5]).mode()
    msd.Beta([3.0], [4.0]).prob(floats(-0.5, 1, 1.5))
    msd.Beta(3.0, 4.0)
    msd.Uniform(1.0, 1.0)
    msd.Uniform(1.0, 2.0).prob(floats(0.5, 1, 2, 3))
    msd.Uniform(0., 1.).kl_loss('Uniform', floats(-1, 0, .5), floats(2, .5, 3))
    msd.LogNormal(1.0, 2.0).cdf(floats(-1, 0, 0.5))
    msd.LogNormal(0.3, 0.4).prob(ints(1))
    msd.HalfNormal(-3.0, 4.0).log_prob(floats(-4, -0.5, 0, 3))
    isinstance(msd.LogNormal(0.3, 0.4), msd.TransformedDistribution)
"""

BIJECTORS = {
    "Exp": ("",),
    "PowerTransform": ("", "0.5", "[0.5, 2.0]"),
    "ScalarAffine": ("", "2.0, 1.0", "[2.0, 3.0], 1.0"),
    "Softplus": ("", "2.0"),
    "GumbelCDF": ("", "1.0, 2.0"),
}
MAPS = ("forward", "inverse", "forward_log_jacobian", "inverse_log_jacobian")


def _maps():
    for name, made in BIJECTORS.items():
        for arguments in made:
            for method in MAPS:
                yield f"msb.{name}({arguments}).{method}(floats(0.1, 0.7))"
    for method in MAPS:
        yield f"msb.Invert(msb.Softplus()).{method}(floats(0.1, 0.7))"


MORE_MAPS = """
    msb.Exp()('forward', floats(0.5))
    msb.Exp().forward(0.5)
    msb.Exp().forward(ints(1))
    [msb.Exp().forward(floats(0.5, dtype=dtype)) for dtype in (ms.float16, ms.float64)]
    msb.PowerTransform(-1.0)
    msb.PowerTransform(1)
    msb.PowerTransform(None)
    msb.ScalarAffine(floats(2.0, dtype=ms.float16), 1.0)
    msb.ScalarAffine(np.array([2.0]), np.array([1.0])).forward(floats(0.5))
    msb.GumbelCDF(1.0, -2.0)
    msb.Invert(3)
    msb.Exp(name=3)
    [repr(msb.ScalarAffine(2.0, 1.0)), repr(msb.Exp()), repr(msb.ScalarAffine([2.0], 1.0)), msb.Invert(msb.Exp()).name]
    [msb.ScalarAffine().is_constant_jacobian, msb.Exp().is_constant_jacobian, msb.Exp().is_injective, msb.Exp().dtype]
    msb.Exp().cast_param_by_value(floats(1.0, dtype=ms.float16), floats(2.0))
    msd.TransformedDistribution(msb.ScalarAffine(2.0, 1.0), msd.Normal([0.0, 1.0], 1.0)).mean()
    msd.TransformedDistribution(msb.Exp(), msd.Normal(0.0, 1.0)).mean()
    msd.TransformedDistribution(msb.Exp(), msd.Normal(0.0, 1.0)).sd()
    msd.TransformedDistribution(msb.Exp(), msd.Normal(0.0, 1.0)).prob(floats(0.5, 1.5), floats(1.0), floats(2.0))
    msd.TransformedDistribution(msb.Softplus(), msd.Normal(0.0, 1.0)).sample((3,)).shape
    msd.TransformedDistribution(msb.ScalarAffine([2.0, 3.0], 1.0), msd.Normal(0.0, 1.0)).broadcast_shape
    msd.TransformedDistribution(3, msd.Normal(0.0, 1.0))
    msd.TransformedDistribution(msb.Exp(), 3)
    msd.TransformedDistribution(msb.Exp(), msd.Normal(0.0, 1.0)).is_linear_transformation
    msd.TransformedDistribution(msb.Exp(), msd.Normal(0.0, 1.0)).get_dist_type()
    [msd.TransformedDistribution(msb.Exp(), msd.Uniform(0.0, 1.0))(name, floats(0.5, 1.5)) for name in ('prob', 'cdf')]
    type(msb.Exp()(msd.Normal(0.0, 1.0))).__name__
"""

LAYERS = """
importlib.import_module(probability.__name__ + ".bnn_layers")
layers = probability.bnn_layers

def settled(net, deviation):
    for p in net.get_parameters():
        p.set_data(Tensor(np.full(p.shape, deviation if p.name.endswith('std') else 0.2), ms.float32))
    return net

certain, uncertain = -30.0, -1.0
"""

OF_LAYERS = """
    [p.name for p in layers.DenseReparam(3, 2).get_parameters()]
    [p.name for p in layers.NormalPosterior('fc', [3, 2]).get_parameters()]
    settled(layers.DenseReparam(2, 2, activation='relu'), certain)(floats([1, 2]))
    settled(layers.DenseLocalReparam(2, 2), certain)(floats([1, 2]))
    settled(layers.ConvReparam(1, 2, 3, has_bias=True), certain)(Tensor(np.ones((1, 1, 4, 4)), ms.float32))
    settled(layers.DenseReparam(2, 2), uncertain).compute_kl_loss()
    settled(layers.DenseLocalReparam(2, 2, has_bias=False), uncertain).compute_kl_loss()
    layers.NormalPrior()('log_prob', floats(1.0))
    settled(layers.NormalPosterior('fc', [2]), uncertain)('sd')
    settled(layers.NormalPosterior('fc', [2]), uncertain)('sample').shape
    layers.WithBNNLossCell(layers.DenseReparam(2, 2), nn.MSELoss(), None)
    layers.DenseReparam(0, 2)
    layers.DenseReparam(2, 2)(floats(1, 2))
    layers.ConvReparam(1, 2, 3, pad_mode='nothing')
    layers.NormalPosterior('fc', 3)
"""

TABLES = [
    Table("distribution", {row: row for row in _questions()}, SETUP),
    Table("distribution", MORE, SETUP),
    Table("bijector", {row: row for row in _maps()}, SETUP),
    Table("bijector", MORE_MAPS, SETUP),
    Table("layer", OF_LAYERS, SETUP + LAYERS),
    Table(
        "layer",
        {
            "the loss of a Bayesian network": """
                net = settled(nn.SequentialCell(layers.DenseReparam(2, 2), layers.DenseLocalReparam(2, 1)), -5.0)
                together = layers.WithBNNLossCell(net, nn.MSELoss(), 2, 0.5)
                settled(net, -3.0)
                kl = net[0].compute_kl_loss() + net[1].compute_kl_loss()
                abs(together(floats([1, 2]), floats([1])) / kl - 0.5) < 0.1
            """
        },
        SETUP + LAYERS,
    ),
]
