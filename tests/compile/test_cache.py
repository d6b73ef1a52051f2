"""The compilation cache on disk: a second process compiles nothing that a first one compiled."""

import os
import subprocess
import sys

import pytest

SCRIPT = """
import jax.monitoring
events = {}
jax.monitoring.register_event_listener(lambda name, **_: events.update({name: events.get(name, 0) + 1}))
import msjax as ms
from msjax import Tensor, nn

net = nn.Dense(3, 2)
optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
f = ms.value_and_grad(lambda x: (lambda y: net(y).sum())(x), None, net.trainable_params())
for _ in range(3):
    optimizer(f(Tensor([[1.0, 2.0, 3.0]]))[1])
assert ms.explain(f).compiled
print(events.get("/jax/compilation_cache/cache_misses", 0), events.get("/jax/compilation_cache/cache_hits", 0))
"""


def run(folder, script=SCRIPT) -> list[str]:
    environment = {**os.environ, "MSJAX_CACHE_DIR": str(folder)}
    environment.pop("JAX_COMPILATION_CACHE_DIR", None)
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return f"import runpy; runpy.run_path({str(path)!r})"


def test_a_second_process_compiles_nothing(tmp_path, script):
    misses, hits = map(int, run(tmp_path / "cache", script))
    assert misses > 0 and hits == 0
    misses, hits = map(int, run(tmp_path / "cache", script))
    assert misses == 0 and hits > 0


def test_it_can_be_switched_off():
    told = run("off", "import msjax, jax; print(jax.config.jax_compilation_cache_dir)")
    assert told == ["None"]
