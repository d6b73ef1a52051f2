"""jet and derivative of every differentiable elementwise operator, against gradients of gradients."""

import sys
from pathlib import Path

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops

sys.path.insert(0, str(Path(__file__).parent))

from samples import elementwise, operators, sample

from sampling import sampled

OPERATORS = operators()
NAMES = elementwise(OPERATORS)
ORDER = 3


def of_one_step(name: str):
    """The operator's value when all its arguments move by t together, as a function of t, and its arguments."""
    operator = OPERATORS[name]
    arrays, statics = sample(name, operator)
    moving = tuple(a for a in arrays if isinstance(a, Tensor))
    return lambda *given: operator.call([*given, *arrays[len(moving) :]], statics), moving


@pytest.mark.parametrize("name", sampled(8, NAMES))
def test_every_elementwise_operator(name):
    function, arguments = of_one_step(name)
    wanted = lambda t: function(*(a + t for a in arguments))  # noqa: E731
    start = ops.zeros_like(arguments[0])
    value, derived = ms.jit(lambda *given: ops.derivative(function, given, ORDER))(*arguments)
    series = tuple(ops.stack([ops.ones_like(a), *[start] * (ORDER - 1)]) for a in arguments)
    found = ms.jit(lambda given, along: ops.jet(function, given, along)[1])(arguments, series)
    np.testing.assert_allclose(value.asnumpy(), wanted(start).asnumpy(), rtol=1e-6)
    for order in range(ORDER):
        wanted = ms.grad(wanted)
        expected = ms.jit(wanted)(start).asnumpy()
        np.testing.assert_allclose(found[order].asnumpy(), expected, rtol=1e-6, atol=1e-7, err_msg=str(order + 1))
    np.testing.assert_allclose(derived.asnumpy(), expected, rtol=1e-6, atol=1e-7)
