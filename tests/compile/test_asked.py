"""What the user asks to be compiled does the same where it runs eagerly, by the same rules."""

from pathlib import Path

import pytest

from contract.run import difference, names_in, observe
from msjax.compile import task
from msjax.core import trace

FOLDER = Path(__file__).parent / "asked"
PROGRAMS = [(path.stem, name) for path in sorted(FOLDER.glob("*.py")) for name in names_in(FOLDER, path.stem)]


def eagerly(task):
    with trace.lock:
        return task.eagerly()


@pytest.mark.parametrize(("topic", "name"), PROGRAMS, ids=["-".join(program) for program in PROGRAMS])
def test_nobody_can_tell(monkeypatch, topic: str, name: str):
    compiled = observe(topic, name, "auto", FOLDER)
    monkeypatch.setattr(task.Task, "run", eagerly)
    eager = observe(topic, name, "auto", FOLDER)
    assert eager["raised"] is None, f"the program itself fails: {eager['raised']}"
    told = difference(compiled, eager)
    assert not told, told
