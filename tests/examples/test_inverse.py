"""The network finds the coefficients: its loss falls, they are printed with their errors and drawn."""

import re

import pytest


def losses(lines):
    return [float(match[1]) for line in lines if (match := re.match(r" +\d+  (\S+)", line))]


def value(lines, label):
    (line,) = [line for line in lines if line.startswith(label)]
    return line.removeprefix(label).strip()


def test_quick(run_example, tmp_path):
    lines = run_example("inverse", "--quick", "--picture", "u.png")
    history = losses(lines)
    assert len(history) > 10
    assert history[-1] < history[0] / 5
    for name in ("D:", "k:"):
        true, found, error = (float(number) for number in re.findall(r"\d+\.\d+", value(lines, name)))
        assert error == pytest.approx(abs(found / true - 1), abs=2e-4)
    assert float(value(lines, "largest relative error:")) < 1
    assert value(lines, "picture:") == str(tmp_path / "u.png")
    assert (tmp_path / "u.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_trained_long_enough_it_finds_the_coefficients(run_example):
    lines = run_example("inverse")
    assert float(value(lines, "largest relative error:")) < 0.01
