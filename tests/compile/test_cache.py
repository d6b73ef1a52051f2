"""The compilation cache on disk: a second process compiles nothing that a first one compiled."""

import os
import subprocess
import sys
import time

import pytest

from msjax.compile import cache

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


# -- whose folder it is ----------------------------------------------------------------------------------------------

WHERE = "import msjax, jax; print(jax.config.jax_compilation_cache_dir)"


def told(folder, **environment):
    """The folder that is used, and what is said about it."""
    surroundings = {**os.environ, "MSJAX_CACHE_DIR": str(folder), **environment}
    done = subprocess.run([sys.executable, "-c", WHERE], env=surroundings, capture_output=True, text=True, check=True)
    return done.stdout.strip(), done.stderr


def test_the_folder_is_the_users_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        assert cache._fault(tmp_path / "new" / "cache") is None
    finally:
        os.umask(before)
    for folder in (tmp_path / "new", tmp_path / "new" / "cache"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_can_write_to_is_not_used(tmp_path):
    tmp_path.chmod(0o777)
    used, said = told(tmp_path)
    assert used == "None" and said.count("everybody can write to it") == said.count("WARNING") == 1


def test_a_folder_of_somebody_else_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: os.stat(tmp_path).st_uid + 1)
    assert "another user's" in cache._fault(tmp_path).text


@pytest.mark.parametrize("name", ["a file/cache", "a file", "long" * 2000])
def test_a_folder_that_can_not_be_made_is_one_warning(name, tmp_path):
    (tmp_path / "a file").write_text("")
    used, said = told(tmp_path / name)
    assert used == "None" and said.count("WARNING") == 1 and "MSJAX_CACHE_DIR" in said


def test_the_programs_used_longest_ago_go_first(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_MOST_BYTES", 250)
    for age, name in enumerate(["newest", "middle", "oldest"]):
        (tmp_path / name).write_bytes(bytes(100))
        os.utime(tmp_path / name, (time.time() - age * 1000,) * 2)
    cache._sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".swept", "middle", "newest"]
    (tmp_path / "more").write_bytes(bytes(100))
    cache._sweep(tmp_path)  # not twice a day
    assert (tmp_path / "middle").exists()
