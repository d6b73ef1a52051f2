"""Values that a function asks Tensors for: which ways by them are compiled, and when. What each gives is compared in
tests/compile/contract/answers.py."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.compile import answers
from msjax.compile.program import Program

X = Tensor([1.0, 2.0, 3.0])


def report(f) -> dict:
    (found,) = ms.explain(f).data
    return found


def by_sign(x):
    return (x * x).sum() if x[0] > 0 else (x * 3).sum()


def by_number(x, n):
    return (x * int(n)).sum()


def test_each_way_is_compiled_when_it_is_gone_again():
    f = ms.grad(by_sign)
    traces = []
    for sign in (1, 1, 1, 1, -1, -1, -1, 1, -1, 1, 1, -1):
        np.testing.assert_array_equal(f(X * sign).asnumpy(), (X * 2 if sign > 0 else X * 0 + 3).asnumpy())
        traces.append(report(by_sign)["traces"])
    assert traces == [0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2]
    assert ms.explain(by_sign).compiled


@pytest.mark.parametrize("turn", [(1, -1), (1, 1, -1), (1, 1, 1, 1, -1, -1)])
def test_ways_that_come_by_turns_are_not_tried_in_vain(turn, monkeypatch):
    def by_turns(x):
        return (x * x).sum() if x[0] > 0 else (x * 3).sum()

    f, runs = ms.grad(by_turns), []
    for sign in turn * 8:
        f(X * sign)
    monkeypatch.setattr(Program, "__call__", counted(Program.__call__, runs))
    for sign in turn * 3:
        f(X * sign)
    assert len(runs) == 3 * len(turn)


def counted(function, runs: list):
    def inner(*args):
        runs.append(args)
        return function(*args)

    return inner


def test_ways_that_are_never_gone_again_are_not_compiled():
    f = ms.jit(by_number)
    for k in range(8):
        assert f(X, Tensor(k)).asnumpy() == 6 * k
    told = report(by_number)
    assert (told["status"], told["traces"]) == ("eager", 0)
    assert "value of a Tensor" in told["reason"] and f"({__file__}:" in told["reason"]


def test_ways_that_soon_end_are_given_up():
    def by_other_number(x, n):
        return (x * int(n)).sum()

    f = ms.grad(by_other_number)
    for k in range(10):
        for _ in range(3):
            np.testing.assert_array_equal(f(X, Tensor(k)).asnumpy(), [k, k, k])
    told = report(by_other_number)
    assert told["traces"] == 4 and "changes from call to call" in told["reason"]


def test_a_way_of_very_many_answers_runs_eagerly():
    def counts(x):
        n = Tensor(0)
        while n < answers._MOST:
            n = n + 1
        return x.sum() + n

    f = ms.jit(counts)
    for _ in range(4):
        assert f(X).asnumpy() == 6 + answers._MOST
    assert not ms.explain(counts).compiled


@pytest.mark.parametrize("wrong", [1.5, 3.5], ids=["on the way compiled", "on another one"])
def test_an_error_of_a_value_is_raised_on_the_way_it_is_on(wrong):
    def rows(x, i):
        return x[i].sum() if x[0] < 2 else (x * 2)[i + 1].sum()

    f = ms.grad(rows)
    for _ in range(6):
        f(X, Tensor(1))
    with pytest.raises(RuntimeError, match="out of bounds"):
        f(X + (wrong - 1), Tensor(7))
    np.testing.assert_array_equal(f(X, Tensor(1)).asnumpy(), [0, 1, 0])


def test_a_function_that_is_asked_to_compile_notes_the_answers_of_those_inside():
    inner = ms.value_and_grad(by_sign)

    @ms.jit
    def outer(x):
        value, gradient = inner(x)
        return value if value > 20 else gradient.sum() + ops.relu(x).sum()

    expected = {1: 14 if 14 > 20 else 18, 2: 56}
    for scale in (1, 1, 1, 1, 2, 2, 2, 1, 2):
        assert outer(X * scale).asnumpy() == expected[scale]
    assert report(outer)["traces"] == 2
