"""Every operator on Tensors whose lengths differ from call to call: compiled it gives what it gives eagerly."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "autodiff"))

from samples import LEFT_OUT, draws, is_tensor, operators, sample, total_of

import msjax as ms
from msjax import Tensor
from msjax.compile import table
from sampling import sampled

OPERATORS = operators()
LENGTHS = 5, 6, 9, 11, 8, 15, 2, 12  # from the third on one program serves


def places(args, axis: int) -> list[int]:
    """The arguments that have the length of the first long axis."""
    counts = [a.shape[axis] if is_tensor(a) and a.ndim > abs(axis + 0.5) else 0 for a in args]
    count = next((n for n in counts if n > 1), 0)
    return [k for k, n in enumerate(counts) if n == count and n]


def grown(tensor: Tensor, length: int, axis: int) -> Tensor:
    """The Tensor with its elements over and over along an axis, up to a length."""
    array = tensor.asnumpy()
    return Tensor(np.take(array, np.arange(length) % array.shape[axis], axis), tensor.dtype)


def program_of(name: str, axis: int):
    """A function of a sample's Tensors, and these for a length."""
    operator = OPERATORS[name]  # since a program checks all of what it reads
    args, statics = sample(name, operator)
    at = places(args, axis)

    def f(*given):
        filled = list(args)
        for k, tensor in zip(at, given, strict=True):
            filled[k] = tensor
        return total_of(operator.call(filled, statics))

    return f, at, lambda length: [grown(args[k], length, axis) for k in at]


def outcome(step, given) -> list:
    """The value and the gradients, or the error's type."""
    try:
        value, gradients = step(*given)
    except Exception as error:
        return [type(error)]
    return [a.asnumpy().astype(np.complex128) for a in (value, *gradients)]


def takes_lengths(name: str, operator) -> bool:
    return name not in LEFT_OUT and not draws(name, operator) and bool(places(sample(name, operator)[0], 0))


NAMES = [name for name, operator in OPERATORS.items() if takes_lengths(name, operator)]


@pytest.mark.parametrize("axis", [0, -1])
@pytest.mark.parametrize("name", sampled(60, NAMES))
def test_lengths(name, axis, monkeypatch):
    monkeypatch.setattr(table, "_short_lived", {})  # each case has the same code, and a function of its own
    f, at, given = program_of(name, axis)
    step = ms.value_and_grad(f, tuple(range(len(at))))
    for length in LENGTHS:
        found = outcome(step, given(length))  # some write to what they are given
        ms.set_compile("off")
        try:
            expected = outcome(step, given(length))
        finally:
            ms.set_compile("auto")
        for one, other in zip(found, expected, strict=True):
            if isinstance(other, type):
                assert one is other
            else:
                np.testing.assert_allclose(one, other, rtol=2e-4, atol=1e-5)
