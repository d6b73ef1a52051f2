"""Newton's method lowers the loss, and Lanczos finds the eigenvalues that the whole Hessian has."""

import re

import pytest


def losses(lines, method):
    after = lines[lines.index(method) + 1 :]
    end = next((i for i, line in enumerate(after) if not line.startswith(" ")), None)
    return [float(match[1]) for line in after[:end] if (match := re.match(r" +\d+  (\S+)", line))]


def value(lines, label):
    (line,) = [line for line in lines if line.startswith(label)]
    return line.removeprefix(label).strip()


def final_loss(lines, method):
    return float(value(lines, f"{method}: loss").split()[0])


def test_quick(run_example, tmp_path):
    lines = run_example("curvature", "--quick", "--picture", "spectrum.png")
    for method in ("Adam", "Newton-CG"):
        history = losses(lines, method)
        assert history[-1] < history[0] / 5
    assert float(value(lines, "relative error of the 10 largest eigenvalues:")) < 1e-6
    assert value(lines, "picture:") == str(tmp_path / "spectrum.png")
    assert (tmp_path / "spectrum.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_newton_gets_further_than_adam(run_example):
    lines = run_example("curvature")
    assert final_loss(lines, "Newton-CG") < final_loss(lines, "Adam") / 2
    assert float(value(lines, "relative error of the 10 largest eigenvalues:")) < 1e-6
