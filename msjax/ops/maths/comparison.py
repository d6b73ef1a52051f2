"""Comparison, logic, bits, membership, and tests of values."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax.core.opaque import Number
from msjax.core.tensor import Tensor
from msjax.ops.call.checks import one_dtype
from msjax.ops.call.promotion import array, inexact_pair, is_inexact, pair, pair_by_value
from msjax.ops.maths.elementwise import binary, of_any, unary
from msjax.ops.table import lookup, member, op


def by_value(function):
    """Of a pair in which Python integers count by their value."""
    return lambda x, y: function(*pair_by_value(x, y))


for names, function, rooms, *others in (
    ("eq", jnp.equal, "otm", None),
    ("equal", jnp.equal, "otn", "Equal"),
    ("ne not_equal", jnp.not_equal, "otm", "NotEqual"),
    ("not_equal", jnp.not_equal, "n", None),
    ("gt greater", jnp.greater, "otm", "Greater", "gt"),
    ("greater", jnp.greater, "n", None),
    ("ge greater_equal", jnp.greater_equal, "otm", "GreaterEqual", "ge"),
    ("greater_equal", jnp.greater_equal, "n", None),
    ("lt less", jnp.less, "otm", "Less", "lt"),
    ("less", jnp.less, "n", None),
    ("le less_equal", jnp.less_equal, "otm", "LessEqual", "le"),
    ("less_equal", jnp.less_equal, "n", None),
    ("tensor_gt", jnp.greater, "o", None),
    ("tensor_ge", jnp.greater_equal, "o", None),
    ("tensor_lt", jnp.less, "o", None),
    ("tensor_le", jnp.less_equal, "o", None),
):
    binary(names, by_value(function), rooms, *others)


def _as_bool(function):
    return lambda x, y: function(array(x).astype(bool), array(y).astype(bool))


for names, function, rooms, *others in (
    ("logical_and", jnp.logical_and, "otmn", "LogicalAnd"),
    ("logical_or", jnp.logical_or, "otmn", "LogicalOr"),
    ("logical_xor", jnp.logical_xor, "otmn", "LogicalXor"),
):
    binary(names, _as_bool(function), rooms, *others)


def _bits(function):
    def of_integers(x, y):
        x, y = pair(x, y)
        if is_inexact(x):
            raise TypeError(f"Bitwise operators take integers or bools, but got {x.dtype}; cast with astype first.")
        return function(x, y)

    return of_integers


for names, function, rooms, *others in (
    ("bitwise_and", jnp.bitwise_and, "otmn", "BitwiseAnd", "and"),
    ("bitwise_or", jnp.bitwise_or, "otmn", "BitwiseOr", "or"),
    ("bitwise_xor", jnp.bitwise_xor, "otmn", "BitwiseXor", "xor"),
    ("bitwise_left_shift", jnp.left_shift, "ot", None),
    ("bitwise_right_shift", jnp.right_shift, "ot", None),
    ("left_shift", jnp.left_shift, "", "LeftShift"),
    ("right_shift", jnp.right_shift, "", "RightShift"),
):
    binary(names, _bits(function), rooms, *others)

for names, function, rooms, *others in (
    ("logical_not", lambda x: jnp.logical_not(x.astype(bool)), "otmn", "LogicalNot"),
    ("isnan", lambda x: jnp.isnan(x) if is_inexact(x) else jnp.zeros(x.shape, bool), "otmn", "IsNan"),
    ("isinf", lambda x: jnp.isinf(x) if is_inexact(x) else jnp.zeros(x.shape, bool), "otmn", "IsInf"),
    ("isfinite", lambda x: jnp.isfinite(x) if is_inexact(x) else jnp.ones(x.shape, bool), "otmn", "IsFinite"),
    ("isneginf", jnp.isneginf, "otmn", None),
    ("isposinf", jnp.isposinf, "otn", None),
    ("isreal", jnp.isreal, "ot", None),
    ("bitwise_not", jnp.bitwise_not, "tmn", None),
    ("invert", jnp.bitwise_not, "otn", "Invert"),
):
    unary(names, of_any(function), rooms, *others)

# Python's ~ is the logical not in MindSpore, for integers too.
unary("invert", lambda x: jnp.logical_not(array(x).astype(bool)), "p")


@op(
    "ops.isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)",
    "ops.IsClose(rtol=1e-05, atol=1e-08, equal_nan=False)(input, other)",
    "Tensor.isclose(other, rtol=1e-05, atol=1e-08, equal_nan=False)",
    "Tensor.isclose(x2, rtol=1e-05, atol=1e-08, equal_nan=False)",
    "mint.isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)",
    "numpy.isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)",
)
def isclose(x, y, *, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Elementwise |input - other| <= atol + rtol * |other|."""
    return jnp.isclose(*inexact_pair(x, y), rtol, atol, equal_nan)


@op(
    "ops.allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)",
    "Tensor.allclose(other, rtol=1e-05, atol=1e-08, equal_nan=False)",
    "mint.allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)",
    jit=False,
)
def allclose(x, y, *, rtol=1e-5, atol=1e-8, equal_nan=False) -> bool:
    """Whether all elements are close, as a Python bool."""
    return bool(isclose(x, y, rtol=rtol, atol=atol, equal_nan=equal_nan).all())


@op("mint.equal(input, other)")
def same_arrays(x, y):
    """Whether both are of one shape and have the same elements.

    Returns:
        A bool Tensor of shape ().

    Raises:
        TypeError: for a number.
    """
    x, y = array(x), array(y, "other")
    if any(getattr(a, "weak_type", False) for a in (x, y)):
        raise TypeError("For 'equal', both must be Tensors, but one is a number.")
    return jnp.equal(*pair(x, y)).all() if x.shape == y.shape else jnp.asarray(False)


@op(
    "ops.approximate_equal(x, y, tolerance=1e-5)",
    "ops.ApproximateEqual(tolerance=1e-5)(x, y)",
    "Tensor.approximate_equal(other, tolerance=1e-5)",
)
def approximate_equal(x, y, *, tolerance=1e-5):
    """Elementwise |x - y| < tolerance."""
    x, y = inexact_pair(x, y)
    return jnp.abs(x - y) < tolerance


def _comparable(tensor, other) -> bool:
    if isinstance(other, (complex, np.complexfloating)):
        return tensor.is_complex()
    return isinstance(other, (Tensor, bool, int, float, np.generic, Number))


@member
def __eq__(self, other) -> Any:
    return lookup("ops", "equal")(self, other) if _comparable(self, other) else False


@member
def __ne__(self, other) -> Any:
    return lookup("ops", "not_equal")(self, other) if _comparable(self, other) else True


@op("numpy.array_equal(a1, a2, equal_nan=False)")
def array_equal(x, y, *, equal_nan=False):
    """Whether shapes and elements are equal."""
    return jnp.array_equal(x, y, equal_nan)


@op("numpy.array_equiv(a1, a2)")
def array_equiv(x, y):
    """Whether the elements are equal after broadcasting; False if the shapes do not broadcast."""
    return jnp.array_equiv(x, y)


@op("numpy.isin(element, test_elements, invert=False)")
def isin(x, tests, *, invert=False):
    """For each element, whether it is one of `tests`."""
    return _isin(x, tests, invert)


@op("numpy.in1d(ar1, ar2, invert=False)")
def in1d(x, tests, *, invert=False):
    """For each element of `x`, in one axis, whether it is one of `tests`."""
    return _isin(x, tests, invert).ravel()


def _isin(x, tests, invert: bool):
    found = (jnp.expand_dims(x, -1) == jnp.ravel(tests)).any(-1)
    return ~found if invert else found


@op("ops.EqualCount()(x, y)")
def equal_count(x, y):
    """How many elements of two Tensors are equal.

    Returns:
        A Tensor of shape (1,), of their dtype.

    Raises:
        TypeError: if the dtypes differ.
        ValueError: if the shapes differ.
    """
    one_dtype("EqualCount", x, y)
    if x.shape != y.shape:
        raise ValueError(f"For 'EqualCount', the shapes must be equal, but got {x.shape} and {y.shape}.")
    return jnp.sum(x == y).astype(x.dtype).reshape(1)
