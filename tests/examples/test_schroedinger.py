"""The network learns: its loss falls, its error is measured, its wave is drawn."""

import pytest


def test_quick(solve):
    solved = solve("schroedinger", "--quick")
    assert len(solved.losses) > 10
    assert solved.losses[-1] < solved.losses[0] / 5
    assert solved.error < 1.5
    assert solved.picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_trained_long_enough_it_solves_the_equation(solve):
    solved = solve("schroedinger")
    assert solved.losses[-1] < 1e-4
    assert solved.error < 0.01
