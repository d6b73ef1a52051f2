"""Products with a matrix of weights, and biases."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import lax

from msjax.ops.call.checks import one_dtype
from msjax.ops.call.promotion import array
from msjax.ops.table import op

_NARROW = 32  # fewer columns than that


def turned(matrix):
    """The transposed matrix, of which XLA does not know that it is one.

    Folded into a product, it would turn the product of its gradient, and XLA's CPU products take up to ten times longer
    where the sum is long and the last dimension of the outcome is small. Hidden is a row of all elements: the layout of
    a matrix would reach products of many gradients at once (`vmap` of `grad`), of which XLA's CPU compiler dies.
    """
    return lax.optimization_barrier(matrix.T.ravel()).reshape(matrix.shape[::-1])


def add_bias(x, bias, *, last=False):
    """Add one number to each channel."""
    bias = array(bias, "bias")
    one_dtype("BiasAdd", x, bias)
    channel = -1 if last else 1
    if bias.shape != (x.shape[channel],):
        raise ValueError(
            "For 'BiasAdd', bias[0] shape should be equal to input_x[1] shape, but "
            f"got bias shape: {bias.shape}, input_shape: {x.shape}."
        )
    return x + (bias if last else bias.reshape(-1, *(1,) * (x.ndim - 2)))


@op("ops.bias_add(input_x, bias)", "ops.BiasAdd(data_format='NCHW')(input_x, bias)")
def bias_add(x, bias, *, data_format="NCHW"):
    """Add one number to each channel."""
    return add_bias(array(x), bias, last=data_format == "NHWC")


@op(
    "ops.dense(input, weight, bias=None)",
    "ops.Dense()(input, weight, bias=None)",
    "mint.nn.functional.linear(input, weight, bias=None)",
)
def dense(x, weight, bias=None):
    """x @ weight.T + bias.

    Args:
        x: (..., in).
        weight: (out, in), or (in,).

    Raises:
        TypeError: if the dtypes differ.
        ValueError: if the numbers of inputs differ.
    """
    x, weight, bias = array(x), array(weight, "weight"), bias if bias is None else array(bias, "bias")
    one_dtype("Dense", x, weight, bias)
    if x.shape[-1:] != weight.shape[-1:]:
        raise ValueError(
            "For 'MatMul' the input dimensions must be equal, but got 'x1_col': "
            f"{x.shape[-1]} and 'x2_row': {weight.shape[-1]}."
        )
    if weight.ndim == 2 and weight.shape[1] < _NARROW and jax.default_backend() == "cpu":
        product = jnp.matmul(x, turned(weight))
    else:  # each term of the weight's gradient takes its transposition into its product
        product = jnp.tensordot(x, weight, (-1, -1))
    return product if bias is None else product + bias


@op("ops.bidense(input1, input2, weight, bias=None)")
def bidense(x, y, weight, bias=None):
    """x @ weight[k] @ y for each output k, plus bias.

    Args:
        x: (..., in1).
        y: (..., in2).
        weight: (out, in1, in2).
    """
    x, y, weight = array(x), array(y), array(weight, "weight")
    one_dtype("bidense", x, weight)
    product = jnp.einsum("...i,kij,...j->...k", x, weight, y)
    if bias is not None:
        one_dtype("bidense", product, bias := array(bias, "bias"))
    return product if bias is None else product + bias
