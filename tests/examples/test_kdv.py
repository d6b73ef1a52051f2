"""The network learns: its loss falls, its error is measured, its waves are drawn."""

import pytest


def test_quick(solve):
    solved = solve("kdv", "--quick")
    assert len(solved.losses) > 10
    assert solved.losses[-1] < solved.losses[0] / 2
    assert solved.error < 1.5
    assert solved.picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_trained_long_enough_it_solves_the_equation(solve):
    solved = solve("kdv")
    assert solved.losses[-1] < 1e-4
    assert solved.error < 0.01
