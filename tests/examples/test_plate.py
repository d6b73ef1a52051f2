"""The network learns: its loss falls, its error is measured, its solution is drawn."""

import pytest


def test_quick(solve):
    solved = solve("plate", "--quick")
    assert len(solved.losses) > 10
    assert solved.losses[-1] < solved.losses[0] / 4
    assert solved.error < 0.5
    assert solved.picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_trained_long_enough_it_solves_the_equation(solve):
    assert solve("plate").error < 1e-2
