"""Newton's method lowers the loss, and Lanczos finds the eigenvalues that the whole Hessian has."""

import pytest


def final_loss(solved, method):
    return float(solved.value(f"{method}: loss").split()[0])


def test_quick(solve):
    solved = solve("curvature", "--quick")
    for method in ("Adam", "Newton-CG"):
        history = solved.losses_of(method)
        assert history[-1] < history[0] / 5
    assert float(solved.value("relative error of the 10 largest eigenvalues:")) < 1e-6
    assert solved.picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_newton_gets_further_than_adam(solve):
    solved = solve("curvature")
    assert final_loss(solved, "Newton-CG") < final_loss(solved, "Adam") / 2
    assert float(solved.value("relative error of the 10 largest eigenvalues:")) < 1e-6
