"""Whole training programs print under msjax what they print under MindSpore, from the same initial values."""

import json
import re

import numpy as np
import pytest

import msjax as ms
import training

RECORDED = json.loads(training.RECORD.read_text())["printed"]
QUICK = {"quickstart", "vae", "wide_and_deep", "resume_training", "policy_gradient", "maml"}
# Rounding differs from library to library, and grows from step to step.
TOLERANCE = 2e-3
NUMBER = re.compile(r"(?<![A-Za-z_\d.])-?\d+(?:\.\d*)?(?:e[-+]?\d+)?")
by_name = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in training.PROGRAMS]
)


@pytest.fixture
def as_mindspore(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ms.install_as("mindspore")
    yield
    ms.uninstall()


@by_name
@pytest.mark.filterwarnings("ignore::FutureWarning")  # of paths of older releases
def test_program(name, as_mindspore):
    found, expected = training.printed(name), RECORDED[name]
    different = [
        f"{mine!r}, expected {line!r}" for mine, line in zip(found, expected, strict=False) if not same(mine, line)
    ]
    assert not different and len(found) == len(expected), "\n".join(different)


def same(mine: str, line: str) -> bool:
    """Whether lines have the same words and numbers: within the tolerance, or as far as they are printed."""
    numbers = [NUMBER.findall(text) for text in (mine, line)]
    if NUMBER.sub("#", mine).split() != NUMBER.sub("#", line).split():
        return False
    return all(close(a, b) for a, b in zip(*numbers, strict=True))


def close(a: str, b: str) -> bool:
    digits = min(len(text.partition(".")[2]) for text in (a, b))
    last = 1.01 * 10.0**-digits if digits else 0
    return bool(np.isclose(float(a), float(b), rtol=TOLERANCE, atol=last))


def test_lines_that_differ_are_told_apart():
    assert same("step 3 loss 0.12345 O2", "step 3 loss 0.12346 O2") and same("loss is 1000.0", "loss is 1001.0")
    assert not same("step 3 loss 0.12345", "step 4 loss 0.12345") and not same("loss 0.1234", "loss 0.1244")
    assert not same("loss 1.0 O2", "loss 1.0 O3") and not same("loss nan", "loss 1.0")


def test_every_program_is_recorded():
    assert RECORDED.keys() == training.PROGRAMS.keys() >= QUICK
    assert len(RECORDED) >= 20
