"""Errors that JAX or Python raises inside of an operator speak of what the user gave."""

import re

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.ops.call.wording import reworded

X, Y, SPATIAL = ops.ones((2, 3)), ops.ones((4, 5)), ops.ones((2, 3, 4))
JAXES = re.compile(r"jax|jnp|lax|Tracer|ndarray|input arrays|<class|dot_general", re.IGNORECASE)

CALLS = {
    "ranks": (lambda: ops.Addcmul()(X, 5, X, SPATIAL), ValueError, r"^For 'Addcmul', shapes .* need to broadcast\.$"),
    "filled": (lambda: ops.Fills()(X, Y), ValueError, r"^For 'Fills', the shape \(4,5\) does not broadcast to \(2,3\)"),
    "list": (lambda: ops.ACos()([X, Y]), ValueError, r"^For 'ACos', Tensors in a list must have the same shape"),
    "no list": (lambda: ops.AddN()(X), TypeError, r"a tuple or list of Tensors, but got Tensor\.$"),
    "None": (lambda: ops.ComplexAbs()(None), TypeError, "requires Tensors or numbers, got NoneType"),
    "loss": (lambda: ops.binary_cross_entropy_with_logits(X, Y), ValueError, "need to broadcast"),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("run", [lambda f: f(), lambda f: ms.grad(lambda x: f())(X), lambda f: ms.jit(f)()])
def test_plain_words(name, run):
    call, kind, words = CALLS[name]
    with pytest.raises(kind, match=words) as caught:
        run(call)
    assert type(caught.value) is kind and not JAXES.search(str(caught.value))


SAID = {
    TypeError("dot_general requires contracting dimensions to have the same shape, got (5,) and (3,)."): ValueError(
        "For 'f', axes that are summed over must be equal, but got (5,) and (3,)."
    ),
    TypeError("unsupported operand type(s) for *: 'DynamicJaxprTracer' and 'tuple'"): TypeError(
        "For 'f', unsupported operand type(s) for *: 'Tensor' and 'tuple'."
    ),
    ValueError("data type <class 'numpy.int32'> not inexact"): ValueError("For 'f', data type int32 not inexact."),
    TypeError("Arguments to jax.numpy.gcd must be integers."): TypeError("For 'f', Arguments to gcd must be integers."),
}


@pytest.mark.parametrize("error", SAID)
def test_words(error):
    made, expected = reworded(error, "f"), SAID[error]
    assert type(made) is type(expected) and str(made) == str(expected)


@pytest.mark.parametrize("error", [ValueError("For 'f', x must be positive."), KeyError("jnp.x"), IndexError("jnp.")])
def test_other_errors_stay(error):
    assert reworded(error, "f") is None


def test_float64_of_numpy_2():
    weight = Tensor(np.ones((4, 3), np.float32) / np.sqrt(np.float64(3)))
    for call in (lambda: ops.matmul(X, weight.T), lambda: ops.stack([X, weight[:2]])):
        with pytest.raises(TypeError, match=r"numpy 2, .*math\.sqrt"):
            call()
    with pytest.raises(TypeError) as caught:
        ops.matmul(X, X.astype(ms.float16).T)
    assert "numpy" not in str(caught.value)
