"""The network learns the forces: its loss falls, forces and vibrations are measured against exact ones and drawn."""

import pytest


def test_quick(solve):
    solved = solve("molecule", "--quick")
    assert len(solved.losses) > 10
    assert solved.losses[-1] < solved.losses[0] / 5
    assert float(solved.value("relative error of unseen forces:")) < 0.3
    assert float(solved.value("relative error of the Hessian at the minimum:")) < 0.5
    assert solved.picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_trained_long_enough_it_knows_forces_and_vibrations(solve):
    solved = solve("molecule")
    assert float(solved.value("relative error of unseen forces:")) < 0.02
    assert float(solved.value("relative error of the Hessian at the minimum:")) < 0.02
    learned, exact = (list(map(float, solved.value(f"frequencies, {of}:").split())) for of in ("network", "exact"))
    assert learned == pytest.approx(exact, rel=0.02)
