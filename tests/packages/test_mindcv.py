"""Networks of mindcv say under the launcher what they say with MindSpore, from the same weights."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
RECORD = json.loads((HERE / "networks.json").read_text())
FIRST, *OTHERS = RECORD["networks"]

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("mindcv") is None, reason="mindcv is not installed (pip install mindcv)"
)


def answers(*arguments):
    """What a program says under the launcher, as a user starts it."""
    command = [sys.executable, "-m", "msjax", str(HERE / "networks.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["networks"]


def assert_near(got, expected):
    assert np.abs(np.subtract(got, expected)).max() <= 1e-4 * np.abs(expected).max()


def assert_gradients_are_near(got, expected):
    assert [*got["gradients"]] == [*expected["gradients"]] and [*got["seen"]] == [*expected["seen"]]
    least = 1e-4 * sum(norm**2 for norm, _ in expected["gradients"].values()) ** 0.5
    for name, (norm, product) in expected["gradients"].items():
        assert np.abs(np.subtract(got["gradients"][name], (norm, product))).max() <= 1e-3 * max(norm, least), name
    for name, mean in expected["seen"].items():
        assert got["seen"][name] == pytest.approx(mean, rel=1e-4, abs=1e-5), name


def test_gradients_of_the_first():
    got, expected = answers(FIRST, "--gradients")[FIRST], RECORD["networks"][FIRST]
    assert_near(got["scores"], expected["scores"])
    assert_gradients_are_near(got, expected)


def test_scores_of_others():
    for name, got in answers(*OTHERS[:3]).items():
        assert_near(got["scores"], RECORD["networks"][name]["scores"])


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_scores_and_gradients(name):
    got, expected = answers(name, "--gradients")[name], RECORD["networks"][name]
    assert_near(got["scores"], expected["scores"])
    assert_gradients_are_near(got, expected)
