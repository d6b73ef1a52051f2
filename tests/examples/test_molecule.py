"""The network learns the forces: its loss falls, forces and vibrations are measured against exact ones and drawn."""

import re

import pytest


def losses(lines):
    return [float(match[1]) for line in lines if (match := re.match(r" +\d+  (\S+)", line))]


def value(lines, label):
    (line,) = [line for line in lines if line.startswith(label)]
    return line.removeprefix(label).strip()


def test_quick(run_example, tmp_path):
    lines = run_example("molecule", "--quick", "--picture", "m.png")
    history = losses(lines)
    assert len(history) > 10
    assert history[-1] < history[0] / 5
    assert float(value(lines, "relative error of unseen forces:")) < 0.3
    assert float(value(lines, "relative error of the Hessian at the minimum:")) < 0.5
    assert value(lines, "picture:") == str(tmp_path / "m.png")
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_trained_long_enough_it_knows_forces_and_vibrations(run_example):
    lines = run_example("molecule")
    assert float(value(lines, "relative error of unseen forces:")) < 0.02
    assert float(value(lines, "relative error of the Hessian at the minimum:")) < 0.02
    learned, exact = (list(map(float, value(lines, f"frequencies, {of}:").split())) for of in ("network", "exact"))
    assert learned == pytest.approx(exact, rel=0.02)
