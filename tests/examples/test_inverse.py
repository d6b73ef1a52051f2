"""The network finds the coefficients: its loss falls, they are printed with their errors and drawn."""

import re

import pytest


def test_quick(solve):
    solved = solve("inverse", "--quick")
    assert len(solved.losses) > 10
    assert solved.losses[-1] < solved.losses[0] / 5
    for name in ("D:", "k:"):
        true, found, error = (float(number) for number in re.findall(r"\d+\.\d+", solved.value(name)))
        assert error == pytest.approx(abs(found / true - 1), abs=2e-4)
    assert float(solved.value("largest relative error:")) < 1
    assert solved.picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_trained_long_enough_it_finds_the_coefficients(solve):
    assert float(solve("inverse").value("largest relative error:")) < 0.01
