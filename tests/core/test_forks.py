"""A forked process can read what there was; what would have to compute raises, and does not wait for ever."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")

SCRIPT = """
import multiprocessing, os, sys, warnings
import numpy as np
import msjax as ms
from msjax import Tensor, nn, ops

warnings.simplefilter("ignore")
if sys.argv[1] == "after":
    x = Tensor([1.0, 2.0])
    net = nn.Dense(2, 1)
    step = ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params())
    for _ in range(3):
        step(x.reshape(1, 2))
        x * x

def attempt(work):
    try:
        return str(work())
    except RuntimeError as error:
        assert "forked" in str(error) and "spawn" in str(error), error
        return "refused"

AFTER = {
    "values": lambda: x.asnumpy().tolist(), "printed": lambda: x, "shape": lambda: x.shape,
    "product": lambda: x * x, "new operator": lambda: ops.tanh(x), "index": lambda: x[0], "made": lambda: Tensor([1.0]),
    "zeros": lambda: ops.zeros(3), "network": lambda: net(x.reshape(1, 2)), "step": lambda: step(x),
    "random": lambda: ops.rand(3), "layer": lambda: nn.Dense(2, 3), "jit": lambda: ms.jit(lambda y: y + y)(x),
}
BEFORE = {"sum": lambda: Tensor([1.0, 2.0]).sum(), "product": lambda: Tensor([2.0]) * 2}

def child(name):
    os.write(1, f"{name}: {attempt(dict(AFTER if sys.argv[1] == 'after' else BEFORE)[name])}\\n".encode())

fork = multiprocessing.get_context("fork")
for name in AFTER if sys.argv[1] == "after" else BEFORE:
    process = fork.Process(target=child, args=(name,))
    process.start()
    process.join(20)
    if process.is_alive():
        print(f"{name}: hangs", flush=True)
        process.kill()
"""


def told(when, tmp_path) -> dict[str, str]:
    (tmp_path / "script.py").write_text(SCRIPT)
    words = [sys.executable, str(tmp_path / "script.py"), when]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


def test_after_jax_has_computed(tmp_path):
    answers = told("after", tmp_path)
    assert [answers.pop(name) for name in ("values", "printed", "shape")] == ["[1.0, 2.0]", "[1. 2.]", "(2,)"]
    assert set(answers.values()) == {"refused"} and len(answers) == 10


def test_before_jax_has_computed(tmp_path):
    assert told("before", tmp_path) == {"sum": "3.0", "product": "[4.]"}
