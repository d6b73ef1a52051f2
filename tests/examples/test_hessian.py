"""Newton's method converges quadratically, which it does only with the right Hessian."""

import itertools
import re

NUMBERS = re.compile(r"-?\d+\.?\d*(?:e[+-]\d+)?")


def test_newton_converges_to_the_numpy_solution(run_example):
    lines = run_example("hessian", "--steps", "5")
    steps = [[float(n) for n in NUMBERS.findall(line)] for line in lines if re.match(r" +\d+  ", line)]
    errors = [error for _, _, _, error in steps]
    assert len(errors) == 6
    assert errors[0] > 0.1 and errors[-1] < 1e-12
    for before, after in itertools.pairwise(errors[:5]):
        assert after < 10 * before**2

    newton, by_numpy = ([float(n) for n in NUMBERS.findall(line)] for line in lines[-2:])
    assert newton == by_numpy
