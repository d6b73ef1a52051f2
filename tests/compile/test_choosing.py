"""Every operator on rows that a mask chooses: compiled it gives what it gives eagerly, with NaN in the other rows."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "autodiff"))

from samples import LEFT_OUT, draws, floats, is_tensor, operators, sample, total_of

import msjax as ms
from msjax import Tensor
from msjax.compile import table
from sampling import sampled

OPERATORS = operators()


def rows_of(args) -> list[int]:
    """How many rows of floats each argument has."""
    return [len(a) if is_tensor(a) and floats(a) and a.ndim else 0 for a in args]


def takes_rows(name: str, operator) -> bool:
    return name not in LEFT_OUT and not draws(name, operator) and max(rows_of(sample(name, operator)[0]), default=0) > 1


NAMES = [name for name, operator in OPERATORS.items() if takes_rows(name, operator)]


def chosen_from(name: str):
    """A function of a mask and arrays that have a sample's rows among others, which are NaN; the mask; the arrays."""
    operator = OPERATORS[name]  # since a program checks all of what it reads
    args, statics = sample(name, operator)
    rows = rows_of(args)
    count = next(n for n in rows if n > 1)
    places = [k for k, n in enumerate(rows) if n == count]
    mask = np.random.RandomState(0).permutation(2 * count + 1) < count
    given = []
    for k in places:
        known = args[k].asnumpy()
        given.append(np.full((len(mask), *known.shape[1:]), np.nan, known.dtype))
        given[-1][mask] = known

    def f(mask, *given):
        filled = list(args)
        for k, rows in zip(places, given, strict=True):
            filled[k] = rows[mask]
        return total_of(operator.call(filled, statics))

    return f, Tensor(mask), [Tensor(a) for a in given]


def outcome(f, mask, given) -> list:
    """The value and the gradients, or the error's type."""
    step = ms.value_and_grad(f, tuple(range(1, 1 + len(given))))
    try:
        for _ in range(2):  # eagerly, and compiled where that is possible
            value, gradients = step(mask, *given)
    except Exception as error:
        return [type(error)]
    return [a.asnumpy().astype(np.complex128) for a in (value, *gradients)]


@pytest.mark.parametrize("name", sampled(100, NAMES))
def test_chosen_rows(name, monkeypatch):
    monkeypatch.setattr(table, "_short_lived", {})  # each case has the same code, and a function of its own
    f, mask, given = chosen_from(name)
    ms.set_compile("off")
    try:
        expected = outcome(f, mask, given)
    finally:
        ms.set_compile("auto")
    for found, wanted in zip(outcome(f, mask, given), expected, strict=True):
        if isinstance(wanted, type):
            assert found is wanted
        else:
            np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=1e-5)
