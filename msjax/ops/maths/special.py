"""Special functions."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import jax.scipy.special as special
import numpy as np

from msjax.ops.call.operator import check_size
from msjax.ops.call.promotion import array, inexact
from msjax.ops.maths.rules import nan_unless
from msjax.ops.table import op


@op(
    "ops.logit(input, eps=None)",
    "ops.Logit(eps=-1.0)(input)",
    "Tensor.logit(eps=None)",
    numbers="eps",
)
def logit(x, *, eps=None):
    """log(x / (1 - x)), of x clipped to [eps, 1 - eps]."""
    x = inexact(x)
    return special.logit(nan_unless((x >= 0) & (x <= 1), x) if eps is None or eps < 0 else jnp.clip(x, eps, 1 - eps))


@op("ops.mvlgamma(input, p)", "ops.Mvlgamma(p)(x)", "Tensor.mvlgamma(p)")
def mvlgamma(x, *, p):
    """The logarithm of the multivariate gamma function of dimension p."""
    x = inexact(x)
    check_size("mvlgamma", (*x.shape, p), x.dtype)  # JAX computes all terms side by side
    return special.multigammaln(x, p)


@op("ops.polygamma(n, input: x)", "ops.Polygamma()(n, x)")
def polygamma(n, x):
    """The n-th derivative of digamma."""
    return special.polygamma(jnp.asarray(n), inexact(x))


@op("ops.Betainc()(a, b, x)")
def betainc(a, b, x):
    """The regularized incomplete beta function."""
    return special.betainc(inexact(a), inexact(b), inexact(x))


@op("ops.population_count(input_x: x)", "ops.PopulationCount()(input_x: x)")
def population_count(x):
    """How many bits are set, as uint8."""
    return jax.lax.population_count(array(x)).astype(np.uint8)
