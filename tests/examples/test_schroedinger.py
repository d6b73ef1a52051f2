"""The network learns: its loss falls, its error is measured, its wave is drawn."""

import re

import pytest


def losses(lines):
    return [float(match[1]) for line in lines if (match := re.match(r" +\d+  (\S+)", line))]


def value(lines, label):
    (line,) = [line for line in lines if line.startswith(label)]
    return line.removeprefix(label).strip()


def test_quick(run_example, tmp_path):
    lines = run_example("schroedinger", "--quick", "--picture", "h.png")
    history = losses(lines)
    assert len(history) > 10
    assert history[-1] < history[0] / 5
    assert float(value(lines, "relative L2 error:")) < 1.5
    assert value(lines, "picture:") == str(tmp_path / "h.png")
    assert (tmp_path / "h.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_trained_long_enough_it_solves_the_equation(run_example):
    lines = run_example("schroedinger")
    assert losses(lines)[-1] < 1e-4
    assert float(value(lines, "relative L2 error:")) < 0.01
