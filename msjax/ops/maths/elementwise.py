"""Elementwise arithmetic, powers, exponentials, trigonometry and rounding."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce

import jax
import jax.numpy as jnp
import jax.scipy.special as special
import numpy as np

from msjax.ops.call.arguments import dtype_of
from msjax.ops.call.promotion import (
    array,
    cast,
    inexact,
    inexact_pair,
    is_float,
    is_inexact,
    pair,
    saturated,
    single,
)
from msjax.ops.maths import bessel, rules
from msjax.ops.maths.division import (
    divide,
    floor_divide,
    floor_remainder,
    or_zero,
    rest,
    truncate_divide,
    truncate_remainder,
    whole,
)
from msjax.ops.table import op

ROOMS = {
    "o": "ops.{0}(input)",
    "t": "Tensor.{0}()",
    "_": "Tensor.{0}_()",
    "O": "ops.{0}_(input)",
    "m": "mint.{0}(input)",
    "s": "mint.special.{0}(input)",
    "f": "mint.nn.functional.{0}(input)",
    "F": "mint.nn.functional.{0}_(input)",
    "n": "numpy.{0}(x, dtype=None)",
    "p": "Tensor.__{0}__()",
}
# Parameters that MindSpore calls otherwise there.
NAMES = {
    **{
        f"ops.{name}": "x"
        for name in ("arcsin", "bessel_i0", "bessel_i0e", "bessel_i1", "bessel_i1e", "bessel_j0", "bessel_j1",
                     "bessel_k0", "bessel_k0e", "bessel_k1", "bessel_k1e", "bessel_y0", "bessel_y1", "deg2rad", "frac",
                     "inv", "invert", "rad2deg", "sqrt")
    },
    **{f"numpy.{name}": "a, dtype=None" for name in ("negative", "positive", "logical_not")},
    "numpy.arccos": "input, dtype=None", "numpy.fix": "x",
    "mint.arcsin": "x", "ops.floormod": "x, y", "ops.tensor_div": "x, y", "ops.tensor_mod": "x, y",
    "ops.pows": "input, exponent", "ops.tensor_pow": "input, exponent",
    "ops.copysign": "x, other", "ops.ldexp": "x, other", "ops.floor_div": "x, y", "ops.floor_mod": "x, y",
    "ops.truncate_div": "x, y", "ops.truncate_mod": "x, y",
    "ops.xdivy": "x, y", "ops.true_divide": "dividend, divisor", "ops.float_power": "input, exponent",
    "mint.float_power": "input, exponent", "ops.heaviside": "input, values", "Tensor.heaviside": "values",
    "Tensor.multiply": "value", "Tensor.xdivy": "y",
}  # fmt: skip


def named(face: str) -> str:
    """A face with the names that MindSpore gives its parameters."""
    path = face.partition("(")[0]
    return f"{path}({NAMES[path]})" if path in NAMES else face


def unary(names: str, function: Callable, rooms: str, primitive: str | None = None) -> None:
    """Declare a function of one Tensor under `names` in `rooms` (letters of `ROOMS`) and as a primitive class.

    What it means is said in `ops/help/operators`.
    """

    def definition(x):
        return function(x)

    definition.__name__ = names.split()[0]
    faces = [named(ROOMS[r].format(name)) for name in names.split() for r in rooms]
    op(*faces, *([f"ops.{primitive}()(x)"] if primitive else []))(definition)


def of_inexact(function: Callable) -> Callable:
    """Integers count as float32."""
    return lambda x: function(inexact(x))


def of_any(function: Callable) -> Callable:
    return lambda x: function(array(x))


def rounding(function: Callable) -> Callable:
    """Integers are round already and keep their dtype."""
    return lambda x: function(x) if is_float(array(x)) else array(x)


# names, function, rooms, primitive
for names, function, rooms, *others in (
    ("exp", jnp.exp, "otmn_", "Exp"),
    ("tensor_exp", jnp.exp, "o", None),
    ("tensor_expm1", jnp.expm1, "o", None),
    ("exp2", jnp.exp2, "omsn", None),
    ("expm1", jnp.expm1, "otmsn", "Expm1"),
    ("log", jnp.log, "otmn_", "Log"),
    ("log1p", jnp.log1p, "otmsn", "Log1p"),
    ("log2", jnp.log2, "otmn", None),
    ("log10", jnp.log10, "otmn", None),
    ("sqrt", jnp.sqrt, "otmn", "Sqrt"),
    ("rsqrt", jax.lax.rsqrt, "otm", "Rsqrt"),
    ("sin", jnp.sin, "otm", "Sin"),
    ("cos", jnp.cos, "otm", "Cos"),
    ("tan", jnp.tan, "otm", "Tan"),
    ("asin arcsin", jnp.arcsin, "otm", "Asin"),
    ("acos arccos", jnp.arccos, "otm", "ACos"),
    ("atan arctan", jnp.arctan, "otm", "Atan"),
    ("sinh", jnp.sinh, "otm", "Sinh"),
    ("cosh", jnp.cosh, "otm", "Cosh"),
    ("tanh", jnp.tanh, "otmf_O", "Tanh"),
    ("tanhshrink", lambda x: x - jnp.tanh(x), "o", None),
    ("asinh arcsinh", jnp.arcsinh, "otm", "Asinh"),
    ("acosh arccosh", rules.acosh, "otm", "Acosh"),
    ("atanh arctanh", jnp.arctanh, "otm", "Atanh"),
    ("sigmoid", jax.nn.sigmoid, "otmf_F", "Sigmoid"),
    ("erf", special.erf, "otm", "Erf"),
    ("erfc", special.erfc, "otms", "Erfc"),
    ("erfinv", special.erfinv, "otm_O", "Erfinv"),
    ("lgamma", special.gammaln, "ot", "Lgamma"),
    ("digamma", special.digamma, "ot", "Digamma"),
    ("sinc", jnp.sinc, "otms", "Sinc"),
    ("i0", bessel.i0, "ot", None),
    ("reciprocal", lambda x: 1 / x, "otm", "Reciprocal"),
    ("deg2rad", jnp.deg2rad, "otn", None),
    ("rad2deg", jnp.rad2deg, "otn", None),
    ("bessel_i0", bessel.i0, "o", "BesselI0"),
    ("bessel_i0e", special.i0e, "o", "BesselI0e"),
    ("bessel_i1", bessel.i1, "o", "BesselI1"),
    ("bessel_i1e", special.i1e, "o", "BesselI1e"),
    ("bessel_j0", bessel.j0, "o", "BesselJ0"),
    ("bessel_j1", bessel.j1, "o", "BesselJ1"),
    ("bessel_y0", bessel.y0, "o", "BesselY0"),
    ("bessel_y1", bessel.y1, "o", "BesselY1"),
    ("bessel_k0", bessel.k0, "o", "BesselK0"),
    ("bessel_k0e", bessel.k0e, "o", "BesselK0e"),
    ("bessel_k1", bessel.k1, "o", "BesselK1"),
    ("bessel_k1e", bessel.k1e, "o", "BesselK1e"),
):
    unary(names, of_inexact(function), rooms, *others)


def short(x):
    """Integers of 8 bits as float16, as numpy has it for some functions."""
    x = array(x)
    return x.astype(np.float16) if x.dtype in (np.bool_, np.int8, np.uint8) else x


def of_short(function: Callable) -> Callable:
    return lambda x: function(inexact(short(x)))


for name in ("cbrt", "radians"):
    unary(name, of_inexact(getattr(jnp, name)), "n")
for name in "sin cos tan sinh cosh tanh arcsin arccos arctan arcsinh arctanh".split():
    unary(name, of_short(getattr(jnp, name)), "n")
unary("arccosh", of_short(rules.acosh), "n")


def negative(x):
    if x.dtype == np.bool_:
        raise TypeError("For 'Neg', bool is not supported; use logical_not.")
    return -x


def inv(x):
    return 1 / x if is_inexact(x) else jnp.where(x == 0, 0, (1 / x.astype(np.float32)).astype(x.dtype))


def truncated_inverse(x):
    """1 / x; of integers towards zero, and the largest integer for 0."""
    x = x.astype(np.int64) if x.dtype == np.bool_ else x
    return 1 / x if is_inexact(x) else whole(truncate_divide)(jnp.ones_like(x), x)


def frac(x):
    """What trunc takes away: nothing of integers; int64 for bools."""
    return x - jnp.trunc(x) if is_float(x) else jnp.zeros_like(x, dtype=np.int64 if x.dtype == np.bool_ else None)


def sign(x):
    """Of nan it is 0."""
    return jnp.where(jnp.isnan(x), 0, jnp.sign(x)) if is_float(x) else jnp.sign(x)


for names, function, rooms, *others in (
    ("abs absolute", rules.absolute, "otn", "Abs"),
    ("abs", rules.absolute, "m", None),
    ("fabs", rules.absolute, "n", None),
    ("neg", negative, "otm", "Neg"),
    ("negative", negative, "otmn", None),
    ("positive", lambda x: x, "otn", None),
    ("square", lambda x: x * x, "otmn", "Square"),
    ("sign", sign, "otm_", "Sign"),
    ("sgn", sign, "ot", None),
    ("signbit", jnp.signbit, "otn", None),
    ("real", jnp.real, "otm", "Real"),
    ("imag", jnp.imag, "otm", "Imag"),
    ("conj", jnp.conj, "ot", "Conj"),
    ("inv", inv, "ot", "Inv"),
    ("frac", frac, "otm", None),
    ("reciprocal", truncated_inverse, "n", None),
):
    unary(names, of_any(function), rooms, *others)

for names, function, rooms, *others in (
    ("floor", jnp.floor, "otmn_", "Floor"),
    ("ceil", jnp.ceil, "otm", "Ceil"),
    ("trunc", jnp.trunc, "otm", "Trunc"),
):
    unary(names, rounding(function), rooms, *others)

unary("fix", rounding(jnp.trunc), "m")
unary("ceil", lambda x: jnp.ceil(single(x)), "n")
for names, function in (("trunc fix", jnp.trunc), ("sign", jnp.sign)):
    unary(names, of_inexact(function), "n")
unary("abs", of_any(rules.absolute), "p")
unary("neg", of_any(negative), "p")


@op(
    "ops.round(input, *, decimals=0)",
    "ops.Round()(x, decimals=0)",
    "Tensor.round(decimals=0)",
    "mint.round(input, *, decimals=0)",
    "mint.special.round(input, *, decimals=0)",
    "Tensor.__round__(decimals=0)",
)
def round_(x, *, decimals=0):
    """Round half to even, to `decimals` places."""
    return jnp.round(x, decimals) if is_float(array(x)) else x


op("numpy.around(a, decimals=0)", "numpy.round(a, decimals=0)", "numpy.round_(a, decimals=0)")(round_)
unary("rint", of_inexact(jnp.rint), "n", "Rint")


# -- of two Tensors --------------------------------------------------------------------------------------------------

PAIRS = {
    "o": "ops.{0}(input, other)",
    "t": "Tensor.{0}(other)",
    "_": "Tensor.{0}_(other)",
    "m": "mint.{0}(input, other)",
    "n": "numpy.{0}(x1, x2, dtype=None)",
}
ALSO = {"remainder": "divisor", "logical_and": "y", "logical_or": "y"}  # second names of what methods take


def binary(
    names: str, function: Callable, rooms: str, primitive: str | None = None, operator: str | None = None
) -> None:
    """Declare a function of two Tensors or numbers; `operator` is its Python operator's method, "add" for `x + y`."""

    def definition(x, y):
        return function(x, y)

    definition.__name__ = names.split()[0]
    faces = [named(PAIRS[r].format(name)) for name in names.split() for r in rooms]
    faces += [f"Tensor.{name}({ALSO[name]})" for name in names.split() if "t" in rooms and name in ALSO]
    faces += [f"ops.{primitive}()(x, y)"] if primitive else []
    faces += [f"Tensor.__{operator}__(other)", f"Tensor.__r{operator}__(other: x)"] if operator else []
    op(*faces)(definition)


_KINDS = (jnp.floating, jnp.integer)


def of_array(function: Callable) -> Callable:
    """Beside an array, a Tensor of its kind without dimensions is as a number: the result has the array's dtype."""

    def computed(x, y):
        result = function(x, y)
        ranks = [getattr(one, "ndim", None) for one in (x, y)]  # lists and numbers have none
        if None in ranks or all(ranks) or not any(ranks):
            return result
        whole = x if ranks[0] else y
        alike = any(jnp.issubdtype(whole.dtype, k) and jnp.issubdtype(result.dtype, k) for k in _KINDS)
        return result.astype(whole.dtype) if alike else result

    return computed


def of_pair(function: Callable) -> Callable:
    return lambda x, y: function(*pair(x, y))


def of_limits(function: Callable) -> Callable:
    """Beside an integer Tensor, a Python integer beyond its dtype is the end of the dtype's range."""

    def of_pair(x, y):
        x, y = array(x), array(y, "other")
        dtype = pair(x, y)[0].dtype
        return function(*(saturated(v, dtype) if getattr(v, "weak_type", False) else v.astype(dtype) for v in (x, y)))

    return of_pair


def of_inexact_pair(function: Callable) -> Callable:
    return lambda x, y: function(*inexact_pair(x, y))


def real_divide(x, y):
    """x / y; of integers rounded towards 0."""
    return divide(*pair(x, y)) if is_inexact(pair(x, y)[0]) else whole(truncate_divide)(x, y)


def subtract(x, y):
    return x - y if x.dtype != np.bool_ else x ^ y


def power(x, y):
    if not is_inexact(x):
        x, y = (x.astype(np.int64), y.astype(np.int64)) if x.dtype == np.bool_ else (x, y)
        safe = jnp.where(y < 0, 0, y)
        small = jnp.where(jnp.abs(x) == 1, x ** (jnp.abs(y) % 2 + 2), 0)  # 1 / x**n, truncated
        return jnp.where(y < 0, small, x**safe)
    return rules.power(x, y)


def double_power(x, y):
    """In float64, or complex128."""
    dtype = jnp.promote_types(x.dtype, np.float64)
    return rules.power(x.astype(dtype), y.astype(dtype))


def single_power(x, y):
    """x ** y in the dtype of both, at least float32."""
    dtype = jnp.promote_types(x.dtype, np.float32)
    return rules.power(x.astype(dtype), y.astype(dtype))


def _magnitude(x):
    """|x| of integers in the unsigned dtype of the same width: that of the smallest one does not fit a signed one."""
    if not jnp.issubdtype(x.dtype, jnp.integer):
        raise TypeError(f"The operands of 'gcd' and 'lcm' must be integers, but got {x.dtype}.")
    return jnp.abs(x).astype(f"uint{8 * x.dtype.itemsize}")


def gcd(x, y):
    return jnp.gcd(_magnitude(x), _magnitude(y)).astype(x.dtype)


def lcm(x, y):
    a, b = _magnitude(x), _magnitude(y)
    common = jnp.gcd(a, b)
    return (a // jnp.where(common == 0, 1, common) * b).astype(x.dtype)


for names, function, rooms, *others in (
    ("add", jnp.add, "o", "Add", "add"),
    ("sub", subtract, "o", "Sub", "sub"),
    ("multiply", jnp.multiply, "n", None),
    ("subtract", subtract, "n", None),
    ("tensor_add", jnp.add, "o", "TensorAdd"),
    ("tensor_sub", subtract, "o", None),
    ("tensor_mul", jnp.multiply, "o", None),
    ("tensor_pow pows", power, "o", None),
    ("add", jnp.add, "n", None),
    ("gcd", gcd, "otmn", "Gcd"),
    ("lcm", lcm, "otn", "Lcm"),
    ("squared_difference", lambda x, y: (x - y) * (x - y), "o", "SquaredDifference"),
    ("div_no_nan", lambda x, y: jnp.where(y == 0, 0, x / jnp.where(y == 0, 1, y)), "o", "DivNoNan"),
    ("mul_no_nan", rules.mul_no_nan, "", "MulNoNan"),
):
    binary(names, of_pair(function), rooms, *others)

for names, function, rooms, *others in (
    ("tensor_floordiv floordiv", whole(floor_divide), "o", None),
    ("tensor_mod floormod", rest(floor_remainder), "o", None),
    ("floor_divide", whole(floor_divide), "otmn_", None),
    ("floor_div", whole(floor_divide), "ot", "FloorDiv", "floordiv"),
    ("floor_mod", rest(floor_remainder), "ot", "FloorMod", "mod"),
    ("remainder", rest(floor_remainder), "otm_", None),
    ("mod", rest(floor_remainder), "o", None),
    ("mod", rest(truncate_remainder), "", "Mod"),
    ("fmod", rest(truncate_remainder), "otm", None),
    ("remainder mod", rest(or_zero(floor_remainder)), "n", None),
    ("fmod", rest(or_zero(truncate_remainder)), "n", None),
    ("arctan2", lambda x, y: jnp.arctan2(*map(inexact, map(short, pair(x, y)))), "n", None),
    ("truncate_div", whole(truncate_divide), "o", "TruncateDiv"),
    ("truncate_mod", lambda x, y: truncate_remainder(*pair(x, y)), "o", "TruncateMod"),
    ("real_div", real_divide, "", "RealDiv"),
    ("tensor_div", real_divide, "o", None),
    ("maximum", of_limits(jnp.maximum), "otmn", "Maximum"),
    ("minimum", of_limits(jnp.minimum), "otmn", "Minimum"),
    ("fmax", of_limits(rules.fmax), "otn", "Fmax"),
    ("fmin", of_limits(rules.fmin), "otn", "Fmin"),
):
    binary(names, function, rooms, *others)


def copysign_as_first(x, y):
    """In the dtype of x, whatever y has."""
    size = rules.absolute(array(x))
    return jnp.where(jnp.signbit(array(y)), -size, size)


def copysign_of_floats(x, y):
    """In the dtype of x, float32 for integers, whatever y has."""
    if getattr(array(x), "weak_type", False):
        return rules.copysign(*inexact_pair(x, y))
    x = inexact(x)
    return rules.copysign(x, inexact(y).astype(x.dtype))


binary("copysign", copysign_as_first, "n", None)
binary("copysign", copysign_of_floats, "ot", None)

for names, function, rooms, *others in (
    ("true_divide divide", divide, "n", None),
    ("atan2 arctan2", jnp.arctan2, "otm", "Atan2"),
    ("hypot", rules.hypot, "otn", "Hypot"),
    ("logaddexp", rules.logaddexp, "otmn", None),
    ("logaddexp2", rules.logaddexp2, "otmn", None),
    ("float_power", double_power, "otm", None),
    ("float_power", single_power, "n", None),
    ("nextafter", rules.nextafter, "ot", "NextAfter"),
    ("xdivy", rules.xdivy, "ot", "Xdivy"),
    ("heaviside", jnp.heaviside, "otn", "Heaviside"),
    ("ldexp", lambda x, y: x * jnp.exp2(y), "ot", None),
    ("igamma", special.gammainc, "ot", "Igamma"),
    ("igammac", special.gammaincc, "ot", "Igammac"),
    ("zeta", lambda x, y: jnp.where(x < 1, np.nan, special.zeta(x, y)), "o", "Zeta"),
):
    binary(names, of_inexact_pair(function), rooms, *others)


def xlogy(x, y):
    """A number counts as a Tensor of float32."""
    x, y = (v.astype(np.float32) if getattr(v, "weak_type", False) else v for v in (array(x), array(y, "other")))
    return rules.xlogy(*inexact_pair(x, y))


binary("xlogy", xlogy, "otm", "Xlogy")

for names, function, rooms, *others in (
    ("mul", of_pair(jnp.multiply), "otm_", "Mul", "mul"),
    ("multiply", of_pair(jnp.multiply), "ot", None),
    ("true_divide", of_inexact_pair(divide), "otm", None, "truediv"),
    ("div", of_inexact_pair(divide), "", "Div"),
):
    binary(names, of_array(function), rooms, *others)


def _scaled(x, y, alpha) -> tuple[jax.Array, jax.Array]:
    """Both in their common dtype, the second one times alpha.

    Raises:
        TypeError: if alpha is a float and both are whole numbers.
    """
    x, y = pair(x, y)
    if is_float(array(alpha)) and jnp.issubdtype(x.dtype, jnp.integer):
        raise TypeError(f"'alpha' must be a whole number beside Tensors of {x.dtype}, but got a float; cast one first.")
    return x, y if alpha == 1 else y * cast(array(alpha), x.dtype)


@op(
    "ops.AddExt()(input, other, alpha=1)",
    "Tensor.add(other, *, alpha=1)",
    "Tensor.add_(other, *, alpha=1)",
    "mint.add(input, other, *, alpha=1)",
    numbers="alpha",
)
def add_scaled(x, y, *, alpha=1):
    """input + alpha * other, broadcast; alpha is a float beside floats only."""
    return jnp.add(*_scaled(x, y, alpha))


@op("ops.subtract(input, other, *, alpha=1)", numbers="alpha")
def subtract_product(x, y, *, alpha=1):
    """input - alpha * other, broadcast."""
    floating = is_float(array(alpha))
    if (y := array(y)).shape:
        y, alpha = pair(inexact(y) if floating else y, alpha)
    elif floating:  # it is a number
        x = inexact(x)
    return subtract(*pair(x, y * alpha))


@op(
    "Tensor.sub(other, *, alpha=1)",
    "Tensor.sub(y)",
    "Tensor.sub_(other, *, alpha=1)",
    "Tensor.sub_(y)",
    "Tensor.subtract(other, *, alpha=1)",
    "mint.sub(input, other, *, alpha=1)",
    numbers="alpha",
)
def sub_scaled(x, y, *, alpha=1):
    """input - alpha * other, broadcast; alpha is a float beside floats only."""
    return subtract(*_scaled(x, y, alpha))


ROUNDED = {"trunc": whole(truncate_divide), "floor": whole(floor_divide)}


@op(
    "ops.div(input, other, *, rounding_mode=None)",
    "ops.divide(input, other, *, rounding_mode=None)",
    "Tensor.div(other, *, rounding_mode=None)",
    "Tensor.div_(other, *, rounding_mode=None)",
    "Tensor.divide(other, *, rounding_mode=None)",
    "mint.div(input, other, *, rounding_mode=None)",
    "mint.divide(input, other, *, rounding_mode=None)",
)
def div(x, y, *, rounding_mode=None):
    """input / other; rounded towards zero ("trunc") or down ("floor") in the common dtype if asked.

    Raises:
        ValueError: for another rounding_mode.
    """
    if rounding_mode is None:
        return of_array(of_inexact_pair(divide))(x, y)
    if rounding_mode not in ROUNDED:
        raise ValueError(f"'rounding_mode' must be None, 'trunc' or 'floor', but got {rounding_mode!r}.")
    return of_array(ROUNDED[rounding_mode])(x, y)


@op(
    "ops.pow(input, exponent)",
    "ops.Pow()(x, y)",
    "Tensor.pow(exponent)",
    "Tensor.__pow__(other)",
    "Tensor.__rpow__(other: x)",
    "mint.pow(input, exponent)",
    "numpy.power(x1, x2, dtype=None)",
    literal="y",
)
def pow_(x, y):
    """input ** exponent, broadcast; a negative exponent of integers gives the truncated reciprocal."""
    if isinstance(y, int) and is_inexact(array(x)):
        return jax.lax.integer_pow(x, y)
    return power(*pair(x, y))


@op("numpy.divmod(x1, x2, dtype=None)")
def divmod_(x, y, *, dtype=None) -> tuple[jax.Array, jax.Array]:
    """Quotient rounded down and remainder."""
    dtype = dtype_of(dtype)
    both = whole(floor_divide)(x, y), rest(or_zero(floor_remainder))(x, y)
    return tuple(r if dtype is None else r.astype(dtype) for r in both)


@op("ops.addn(x)", "ops.AddN()(x)", "ops.accumulate_n(x)", "ops.AccumulateNV2()(x)")
def addn(x):
    """The sum of a list or tuple of Tensors of one shape and dtype.

    Raises:
        TypeError: if it is another.
        ValueError: if it is empty, or the shapes differ.
    """
    if not isinstance(x, (list, tuple)):
        raise TypeError(f"For 'AddN', the input must be a tuple or list of Tensors, but got {type(x).__name__}.")
    terms = [array(t) for t in x]
    if len({t.shape for t in terms}) != 1:
        raise ValueError(f"For 'AddN', the Tensors must have one shape, but have {[t.shape for t in terms]}.")
    return reduce(operator.add, terms)
