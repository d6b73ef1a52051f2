"""What the names in programs mean for JAX: MindSpore's operators as they are in jax.numpy, and some formulas."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import functools
import types

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

import msjax
from msjax.core.tensor import raw


def total(out):
    """The sum of all floats in a result, which is what MindSpore differentiates."""
    leaves = [leaf for leaf in jax.tree.leaves(out) if isinstance(leaf, jax.Array)]
    return sum((leaf.sum() for leaf in leaves if jnp.issubdtype(leaf.dtype, jnp.inexact)), jnp.zeros(()))


def AS(value, derivative):
    """The value of one expression with the derivatives of another."""
    return lax.stop_gradient(value - derivative) + derivative


def OWN_DERIVATIVE(value, x):
    """A function of x with that value, which is its own derivative, of any order."""
    return lax.stop_gradient(value) * jnp.exp(x - lax.stop_gradient(x))


def DRAWN(fn, like):
    """What a random operator of msjax gives for ones: it draws as the program does."""
    with jax.ensure_compile_time_eval():
        drawn = raw(fn(msjax.Tensor(np.ones(like.shape, dtypes["numpy"]))))
    return jnp.asarray(np.asarray(drawn, np.float64))


dtypes = {"numpy": np.float64}


def COSINE(a, b):
    return a @ b / jnp.sqrt((a @ a) * (b @ b))


def SMOOTH(d):
    return jnp.where(jnp.abs(d) < 1, 0.5 * d * d, jnp.abs(d) - 0.5)


def BCE(p, t):
    return -jnp.mean(t * jnp.log(p) + (1 - t) * jnp.log(1 - p))


def PUT(a, index, values):
    return a.at[index, jnp.arange(index.shape[1])].set(values)


def SHRUNK(a):
    times = jnp.ceil(jnp.log(jnp.maximum(jnp.abs(lax.stop_gradient(a)).max() / 0.5, 1e-30)) / -np.log(0.6))
    return a * 0.6 ** jnp.maximum(times, 0)


def NORM(a, axis, gamma, beta, eps):
    mean, var = a.mean(axis, keepdims=True), a.var(axis, keepdims=True)
    return (a - mean) / jnp.sqrt(var + eps) * gamma + beta


def GROUP_NORM(a, groups, gamma, beta):
    rows = a.reshape(a.shape[0] * groups, -1)
    rows = (rows - rows.mean(1, keepdims=True)) / jnp.sqrt(rows.var(1, keepdims=True) + 1e-5)
    return rows.reshape(a.shape) * gamma.reshape(1, -1, 1, 1) + beta.reshape(1, -1, 1, 1)


def BATCH_NORM(a, gamma, beta, mean, var, momentum=0.9):
    out = NORM(a, 0, gamma, beta, 1e-5)
    new = (momentum * mean + (1 - momentum) * a.mean(0), momentum * var + (1 - momentum) * a.var(0, ddof=1))
    return out, *lax.stop_gradient(new)


def CONV(a, kernel, padding):
    return lax.conv_general_dilated(a, kernel, (1, 1), padding)


def CONV_TRANSPOSE(a, kernel):
    kernel = jnp.flip(kernel, (2, 3)).swapaxes(0, 1)
    return lax.conv_general_dilated(a, kernel, (1, 1), "SAME")


def POOL(a, size, stride, padding, kind):
    window, strides = (1, 1, size, size), (1, 1, stride, stride)
    pads = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    if kind == "max":
        return lax.reduce_window(a, -jnp.inf, lax.max, window, strides, pads)
    return lax.reduce_window(a, 0.0, lax.add, window, strides, pads) / size**2


def _grad(fn, grad_position=0):
    def run(*args):
        return jax.grad(lambda *a: total(fn(*a)), grad_position)(*args)

    return run


def _value_and_grad(fn):
    return lambda a: (fn(a), _grad(fn)(a))


def _linearize(fn, a):
    return fn(a), lambda v: jax.jvp(fn, (a,), (v,))[1]


ms = types.SimpleNamespace(
    grad=_grad,
    value_and_grad=_value_and_grad,
    vjp=jax.vjp,
    jvp=lambda f, a, v: jax.jvp(f, (a,), (v,)),
    jacfwd=jax.jacfwd,
    jacrev=jax.jacrev,
    vmap=jax.vmap,
    float64=jnp.float64,
    float32=jnp.float32,
)
ops = types.SimpleNamespace(
    **{
        name: getattr(jnp, name)
        for name in """sin cos tanh exp log log1p sqrt square abs sign floor maximum minimum where matmul einsum
        inner outer hypot logaddexp sinc expm1 arctan2 trace tril triu kron cov diag cumsum zeros_like ones_like
        argmax eye round ceil""".split()
    },
    rsqrt=lax.rsqrt,
    sigmoid=jax.nn.sigmoid,
    erf=jax.scipy.special.erf,
    linearize=_linearize,
    identity=lambda a: a,
    stop_gradient=lax.stop_gradient,
)


def _tensor(data, dtype=None):
    return jnp.asarray(data, dtype)


NAMES = {
    **{name: value for name, value in globals().items() if name.isupper() and callable(value)},
    "D": jnp.float64,
    "Tensor": _tensor,
    "functools": functools,
    "collections": collections,
    "contextlib": contextlib,
    "dataclasses": dataclasses,
    "types": types,
    "jax": jax,
    "jnp": jnp,
    "lax": lax,
    "np": np,
    "ms": ms,
    "real": msjax,
    "ops": ops,
}
