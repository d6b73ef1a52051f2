"""Activation functions. Where the derivative at a kink differs from JAX's, a comment says so."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.core.kinds import is_a
from msjax.core.random import next_key
from msjax.ops.call.promotion import array, axis_in, is_float, saturated
from msjax.ops.maths import rules
from msjax.ops.table import op


def floating(x, what: str) -> jax.Array:
    """`x`, which must be of a float dtype.

    Raises:
        TypeError: if it is not.
    """
    x = array(x)
    if not is_float(x):
        raise TypeError(
            f"For '{what}', the input must be float16, bfloat16, float32 or float64, but got {x.dtype}; cast it first."
        )
    return x


def activation(function, *faces: str, integers: bool = False) -> None:
    """Declare a function of one Tensor without further arguments."""
    name = faces[0].partition("(")[0].rpartition(".")[2]

    def definition(x):
        return function(array(x) if integers else floating(x, name))

    definition.__name__ = name
    op(*faces)(definition)


def _selu(x):
    """At 0 the derivative is the scale alone."""
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return scale * jnp.where(x >= 0, x, alpha * jnp.expm1(jnp.where(x >= 0, 0, x)))


def _relu6(x):
    """At 6 the derivative is 1."""
    return jnp.where(x > 6, jnp.asarray(6, x.dtype), jax.nn.relu(x))


def _hardswish(x):
    """At -3 and 3 the derivative is the inner one."""
    if not is_float(x):
        wide = x.astype(np.int64)
        inside = lax.div(wide * jnp.clip(wide + 3, 0, 6), np.int64(6)).astype(x.dtype)
        return jnp.where(wide < 3, inside, x)  # beyond, the product may not fit
    inner = x + 3
    inner = jnp.where(inner < 0, jnp.zeros_like(x), jnp.where(inner > 6, jnp.full_like(x, 6), inner))
    return jnp.where(jnp.isneginf(x), 0, x) * (inner / 6)


def _hardsigmoid(x):
    return jax.nn.hard_sigmoid(x) if is_float(x) else (x >= 3).astype(x.dtype)


def _relu(x):
    return jax.nn.relu(x) if x.dtype != np.bool_ else x


FUNCTIONAL = "mint.nn.functional"

for function, *lines in (
    (
        jax.nn.silu,
        "ops.silu(input)",
        "ops.inner_ops.SiLU()(input)",
        f"{FUNCTIONAL}.silu(input, inplace: in_place = False)",
    ),
    (jax.nn.mish, "ops.mish(x)", "ops.Mish()(x)", f"{FUNCTIONAL}.mish(input)"),
    (_relu6, "ops.relu6(x)", "ops.ReLU6()(x)", f"{FUNCTIONAL}.relu6(input, inplace: in_place = False)"),
    (_selu, "ops.selu(input_x)", "ops.SeLU()(input_x)", f"{FUNCTIONAL}.selu(input)"),
    (jax.nn.log_sigmoid, "ops.logsigmoid(x)", f"{FUNCTIONAL}.logsigmoid(input)"),
    (jax.nn.soft_sign, "ops.softsign(x)", "ops.Softsign()(x)"),
    (lambda x: x * jax.nn.sigmoid(1.702 * x), "ops.fast_gelu(x)", "ops.FastGeLU()(x)", "ops.FastGelu()(x)"),
    (lambda x: jax.nn.gelu(x, approximate=True), "ops.GeLU()(input)", "ops.Gelu()(input)"),
    (jax.nn.softplus, "ops.Softplus()(x)"),
):
    activation(function, *lines)

for function, *lines in (
    (_relu, "ops.relu(input, inplace: in_place = False)", "ops.ReLU()(input)", f"{FUNCTIONAL}.relu_(input)",
     f"{FUNCTIONAL}.relu(input, inplace: in_place = False)", "numpy.relu(x)"),
    (_hardswish, "ops.hardswish(input)", "ops.HSwish()(input)", f"{FUNCTIONAL}.hardswish(input)"),
    (_hardsigmoid, "ops.hardsigmoid(input)", "ops.HSigmoid()(input)", f"{FUNCTIONAL}.hardsigmoid(input)"),
):  # fmt: skip
    activation(function, *lines, integers=True)


# -- with parameters -------------------------------------------------------------------------------------------------


# In a program one call, not the many equations of jax.nn.gelu: the forward Laplacian takes it as a whole then.
_gelu = jax.jit(jax.nn.gelu, static_argnums=1)


@op("ops.gelu(input, approximate='none')", f"{FUNCTIONAL}.gelu(input, *, approximate='none')")
def gelu(x, *, approximate="none"):
    """x * Phi(x) with the normal distribution's Phi, or its tanh approximation.

    Raises:
        ValueError: if `approximate` is neither "none" nor "tanh".
    """
    if approximate not in ("none", "tanh"):
        raise ValueError(f"For ops.gelu, approximate value should be either 'none' or 'tanh', but got {approximate!r}.")
    return _gelu(floating(x, "gelu"), approximate == "tanh")


@op(
    "ops.elu(input_x, alpha=1.0)",
    "ops.Elu(alpha=1.0)(input_x)",
    f"{FUNCTIONAL}.elu(input, alpha=1.0, inplace: in_place = False)",
    f"{FUNCTIONAL}.elu_(input, alpha=1.0)",
)
def elu(x, *, alpha=1.0):
    """x where positive, else alpha * (exp(x) - 1)."""
    return jax.nn.elu(floating(x, "elu"), alpha)


@op("ops.celu(x, alpha=1.0)", "ops.CeLU(alpha=1.0)(x)")
def celu(x, *, alpha=1.0):
    """x where positive, else alpha * (exp(x / alpha) - 1).

    Raises:
        ValueError: if alpha is 0.
    """
    if alpha == 0:
        raise ValueError("For 'CeLU', 'alpha' must not be 0.")
    return jax.nn.celu(floating(x, "celu"), alpha)


def _number(value, name: str, what: str):
    if not is_a(value, "number"):
        raise TypeError(
            f"For '{what}', the type of '{name}' should be 'float' or 'int', but got {type(value).__name__}."
        )
    return value


@op("ops.leaky_relu(input, alpha=0.2)")
def leaky_relu(x, *, alpha=0.2):
    """x where positive, else alpha * x; at 0 the derivative is the mean of both slopes."""
    _number(alpha, "alpha", "leaky_relu")
    x = array(x)
    alpha = alpha * jnp.ones((), x.dtype if is_float(x) else np.float32)
    if not is_float(x):  # of integers, MindSpore takes the slope for one, cut off
        other = x * alpha.astype(np.int64).astype(x.dtype)
        return jnp.where(alpha <= 1, jnp.maximum(x, other), jnp.minimum(x, other))
    slope = jnp.where(x > 0, 1, jnp.where(x < 0, alpha, (1 + alpha) / 2))
    return x * slope


@op(f"{FUNCTIONAL}.leaky_relu(input, negative_slope=0.01)")
def leaky_relu_mint(x, *, negative_slope=0.01):
    """x where positive, else negative_slope * x."""
    return jax.nn.leaky_relu(floating(x, "leaky_relu"), negative_slope)


@op("ops.prelu(input, weight)", "ops.PReLU()(input, weight)", f"{FUNCTIONAL}.prelu(input, weight)")
def prelu(x, weight):
    """x where positive, else weight * x; at 0 the derivative is the weight.

    Args:
        weight: one slope, or one for each channel (axis 1).

    Raises:
        ValueError: if it has another length.
    """
    x, weight = floating(x, "prelu"), array(weight)
    channels = x.shape[1] if x.ndim > 1 else 1
    if weight.ndim != 1 or weight.size not in (1, channels):
        raise ValueError(
            "For 'Prelu', the length of 'weight' must be 1 or the number of "
            f"channels: {channels}, but got {weight.shape}."
        )
    slope = weight.reshape(-1, *(1,) * max(x.ndim - 2, 0)) if x.ndim else weight.reshape(())
    return jnp.where(x > 0, x, slope.astype(x.dtype) * x)


@op(
    "ops.hardtanh(input, min_val=-1.0, max_val=1.0)",
    f"{FUNCTIONAL}.hardtanh(input, min_val=-1.0, max_val=1.0, inplace: in_place = False)",
    f"{FUNCTIONAL}.hardtanh_(input, min_val=-1, max_val=1)",
)
def hardtanh(x, *, min_val=-1.0, max_val=1.0):
    """x between min_val and max_val; at both the derivative is 1/2."""
    x = array(x)
    return jnp.clip(x, *(saturated(b, x.dtype) for b in (min_val, max_val)))


@op(
    "ops.hardshrink(input, lambd=0.5)",
    "ops.HShrink(lambd=0.5)(input)",
    "Tensor.hardshrink(lambd=0.5)",
    f"{FUNCTIONAL}.hardshrink(input, lambd=0.5)",
)
def hardshrink(x, *, lambd=0.5):
    """x where |x| > lambd, else 0."""
    x = floating(x, "hardshrink")
    return jnp.where((x >= -lambd) & (x <= lambd), 0, x)


@op(
    "ops.softshrink(input, lambd=0.5)",
    "ops.soft_shrink(input, lambd=0.5)",
    "ops.SoftShrink(lambd=0.5)(input)",
    "Tensor.soft_shrink(lambd=0.5)",
    f"{FUNCTIONAL}.softshrink(input, lambd=0.5)",
)
def softshrink(x, *, lambd=0.5):
    """x moved towards 0 by lambd, and 0 between.

    Raises:
        RuntimeError: if lambd is negative.
    """
    if lambd < 0:
        raise RuntimeError(f"For 'SoftShrink', 'lambd' must not be negative, but got {lambd}.")
    x = floating(x, "softshrink")
    return jnp.where(x > lambd, x - lambd, jnp.where(x < -lambd, x + lambd, 0))


@op(
    "ops.softplus(input, beta=1, threshold=20)",
    "ops.softplus_ext(input, beta=1, threshold=20)",
    f"{FUNCTIONAL}.softplus(input, beta=1, threshold=20)",
    numbers="beta threshold",
)
def softplus(x, *, beta=1, threshold=20):
    """log(1 + exp(beta * x)) / beta, and x itself where beta * x exceeds the threshold.

    Raises:
        ValueError: if `beta` is 0.
    """
    if beta == 0:
        raise ValueError("For 'softplus', the value of 'beta' cannot be 0.")
    x = floating(x, "softplus")
    return jnp.where(x * beta > threshold, x, jax.nn.softplus(x * beta) / beta)


@op(
    "ops.threshold(input, thr, value)",
    f"{FUNCTIONAL}.threshold(input, threshold: thr, value, inplace: in_place = False)",
    f"{FUNCTIONAL}.threshold_(input, threshold: thr, value)",
    numbers="thr value",
)
def threshold(x, *, thr, value):
    """x where above `thr`, else `value`."""
    _number(thr, "thr", "threshold")
    _number(value, "value", "threshold")
    x = array(x)
    return jnp.where(x > thr, x, array(value).astype(x.dtype))


def _halves(x, axis: int, what: str):
    axis = axis_in(axis, x.ndim)
    if x.shape[axis] % 2:
        raise ValueError(f"For '{what}', the size of axis {axis} must be even, but got shape {x.shape}.")
    return jnp.split(x, 2, axis)


@op("ops.glu(x, axis=-1)", "ops.glu_ext(input, dim=-1)", "ops.GLU(axis=-1)(x)", f"{FUNCTIONAL}.glu(input, dim=-1)")
def glu(x, *, axis=-1):
    """The first half along `axis`, times the sigmoid of the second.

    Raises:
        ValueError: if the axis is of odd size.
    """
    first, second = _halves(floating(x, "glu"), axis, "glu")
    return first * jax.nn.sigmoid(second)


@op("ops.swiglu(input, dim=-1)")
def swiglu(x, *, axis=-1):
    """silu of the first half along `dim`, times the second."""
    first, second = _halves(floating(x, "swiglu"), axis, "swiglu")
    return jax.nn.silu(first) * second


# -- softmax ---------------------------------------------------------------------------------------------------------


def _softmax(function, x, axis, dtype, what):
    x = floating(x if dtype is None else x.astype(dtype.numpy), what)
    if not x.ndim:
        axis_in(axis if isinstance(axis, int) else 0, 0)
        return function(x[None], 0).reshape(())
    if isinstance(axis, tuple):
        return function(x, tuple(axis_in(a, x.ndim) for a in axis))
    return function(x, axis_in(axis, x.ndim))


def _implicit_axis(x) -> int:
    return 0 if x.ndim in (0, 1, 3) else 1


@op("ops.Softmax(axis=-1)(input)")
@op(
    "ops.softmax(input, axis=-1, *, dtype=None)",
    "Tensor.softmax(axis, dtype=None)",
)
def softmax(x, *, axis=-1, dtype=None):
    """exp(x), divided by its sum along `axis`.

    Args:
        dtype: the input is cast to it first.

    Raises:
        ValueError: if `axis` is out of range.
    """
    return _softmax(rules.softmax, x, axis, dtype, "softmax")


def _precise_log_softmax(x, axis):
    """Of 16 bits in float32: else what is near 0 is rounded as the largest elements are."""
    wide = x.astype(np.float32) if x.dtype.itemsize == 2 else x
    return jax.nn.log_softmax(wide, axis).astype(x.dtype)


@op("ops.log_softmax(logits, axis=-1)", "ops.LogSoftmax(axis=-1)(logits)")
def log_softmax(x, *, axis=-1, dtype=None):
    """The logarithm of softmax along `axis`."""
    return _softmax(_precise_log_softmax, x, axis, dtype, "log_softmax")


@op("ops.softmin(x, axis=-1, *, dtype=None)")
def softmin(x, *, axis=-1, dtype=None):
    """softmax of -x."""
    return _softmax(lambda x, axis: rules.softmax(-x, axis), x, axis, dtype, "softmin")


@op(f"{FUNCTIONAL}.softmax(input, dim=None, dtype=None)", "ops.softmax_ext(input, dim=None, dtype=None)",
    "mint.softmax(input, dim, *, dtype=None)")  # fmt: skip
def softmax_mint(x, *, axis=None, dtype=None):
    """exp(x), divided by its sum along `dim`; by default axis 0 of 1 or 3 axes, else axis 1."""
    return softmax(x, axis=_implicit_axis(x) if axis is None else axis, dtype=dtype)


@op(
    f"{FUNCTIONAL}.log_softmax(input, dim=None, *, dtype=None)",
    "ops.LogSoftmaxExt()(input, dim=None, dtype=None)",
    "mint.special.log_softmax(input, dim=None, *, dtype=None)",
)
def log_softmax_mint(x, *, axis=None, dtype=None):
    """The logarithm of softmax along `dim`; by default axis 0 of 1 or 3 axes, else axis 1."""
    return log_softmax(x, axis=_implicit_axis(x) if axis is None else axis, dtype=dtype)


@jax.jit
def _gumbel(key, like):
    return jax.random.gumbel(jax.random.wrap_key_data(key), like.shape, like.dtype)


@op("ops.gumbel_softmax(logits, tau=1.0, hard=False, dim=-1)", jit=False)
def gumbel_softmax(logits, *, tau=1.0, hard=False, axis=-1):
    """softmax of (logits + Gumbel noise) / tau; with `hard` one-hot in value, with the derivative of the soft one.

    Raises:
        TypeError: if `tau` is not a float.
    """
    if not isinstance(tau, float):
        raise TypeError(
            f"For 'gumbel_softmax', the type of 'tau' should be 'float', but got type '{type(tau).__name__}'."
        )
    logits = floating(logits, "gumbel_softmax")
    soft = softmax((logits + _gumbel(next_key(given=[logits]), logits)) / tau, axis=axis)
    if not hard:
        return soft
    one_hot = jax.nn.one_hot(
        jnp.argmax(soft, axis), logits.shape[axis], dtype=soft.dtype, axis=axis_in(axis, logits.ndim)
    )
    return soft + lax.stop_gradient(one_hot - soft)


@op("ops.rrelu(input, lower=0.125, upper=0.3333333333333333)", jit=False)
def rrelu(x, *, lower=0.125, upper=1 / 3):
    """x where not negative, else x times a slope drawn uniformly between lower and upper.

    Raises:
        ValueError: if upper is less than lower.
    """
    if upper < lower:
        raise ValueError(
            "For 'rrelu', the value of 'upper' must be greater than or equal to "
            f"'lower', but got upper: {upper}, lower: {lower}."
        )
    x = floating(x, "rrelu")
    key = jax.random.wrap_key_data(next_key(given=[x]))
    slope = jax.random.uniform(key, x.shape, x.dtype, lower, max(upper, lower + 1e-12))
    return jnp.where(x >= 0, x, slope * x)
