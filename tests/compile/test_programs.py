"""Programs of users: compiled, they train as they do when nothing is compiled, and as they do under MindSpore."""

import json
from contextlib import contextmanager

import numpy as np
import pytest

import msjax as ms
import programs
from msjax.compile import table, task
from msjax.compile.explain import _reports
from sampling import sampled

RECORDED = json.loads((programs.FOLDER / "mindspore.json").read_text())["losses"]

# What can not be compiled, and what is said of it. An entry that no longer holds is to be taken out.
VALUE = "it needs the value of a Tensor"
NOT_COMPILED = {
    "classic-finetuning_with_loss_scale": VALUE,  # `if not overflow:`; its gradient and its optimizer are compiled
    "precision-jit_with_dynamic_scaler": VALUE,  # `if is_finite:`, as above
}


@contextmanager
def as_mindspore():
    ms.install_as("mindspore")
    try:
        yield
    finally:
        ms.uninstall()


with as_mindspore():
    PROGRAMS = {f"{field}-{name}": one for field in programs.FIELDS for name, one in programs.load(field).items()}


def run(program: str, mode: str):
    """(the losses of each step, what `explain` says of the parts)"""
    field, name = program.split("-")
    for known in (table.entries, table._seen, table._short_lived, table._spent, _reports):
        known.clear()  # programs of one file share code
    ms.set_compile(mode)
    try:
        with as_mindspore():
            losses = programs.losses(programs.load(field)[name].body)
    finally:
        ms.set_compile("auto")
    return np.array(losses), ms.explain().data


@pytest.fixture(autouse=True)
def _whatever_it_costs(monkeypatch):
    """Whether compilation pays is not the matter here."""
    monkeypatch.setattr(task, "_FREE", 10**6)


@pytest.mark.parametrize("program", sampled(2, PROGRAMS))
def test_program(program: str):
    auto, parts = run(program, "auto")
    off, _ = run(program, "off")
    np.testing.assert_allclose(auto, off, rtol=1e-4, atol=1e-6)
    if PROGRAMS[program].falls:
        assert auto[-1, 0] < auto[0, 0]
    compare_with_mindspore(program, off)
    check_compiled(program, parts)


def compare_with_mindspore(program: str, losses) -> None:
    recorded = RECORDED[program]
    if isinstance(recorded, str):  # MindSpore has no CPU kernel for it
        return
    if PROGRAMS[program].draws:
        assert recorded[-1][0] < recorded[0][0]
    else:
        furthest = np.abs(losses - recorded).max(0)
        assert (furthest < 1e-3 * np.abs(recorded).max(0)).all(), f"{losses}, expected {recorded}"


def check_compiled(program: str, parts: list[dict]) -> None:
    """All that a program calls again and again is compiled, once or twice: its parts, or what contains them."""
    compiled = [part for part in parts if part["status"] == "compiled"]
    gradients = [part for part in compiled if part["function"] != "Optimizer.construct"]
    whole = any(part["kind"] in ("step", "jit", "Cell") for part in gradients)
    left = [
        f"{part['function']}: {part['reason'] or 'compiled by no call'}"
        for part in parts
        if part["status"] == "eager" or (part["status"] == "new" and not whole)
    ]
    left += [f"{part['function']}: compiled anew, {part['causes']}" for part in compiled if part["traces"] > 2]
    left += [] if gradients else ["no gradient is compiled"]
    if expected := NOT_COMPILED.get(program):
        assert any(expected in one for one in left), f"compiled, or left for another reason: {left}"
    else:
        assert not left


IMPORTS_INSIDE = """
import msjax as ms
def make():
    from msjax import nn, ops
    net = nn.Dense(3, 2)
    return ms.grad(lambda x: ops.mish(net(x)).mean(), None, net.trainable_params())
gradient = make()
for _ in range(3):
    gradient(ms.Tensor([[1.0, 2.0, 3.0]]))
assert ms.explain(gradient).compiled, ms.explain(gradient)
"""


def test_an_operator_is_first_used_in_what_is_compiled(run_python, tmp_path):
    path = tmp_path / "inside.py"
    path.write_text(IMPORTS_INSIDE)
    run_python(f"import runpy; runpy.run_path({str(path)!r})")


def test_the_programs_are_those_of_the_folder():
    assert {path.stem for path in programs.FOLDER.glob("*.py")} - {"__init__"} == set(programs.FIELDS)
    assert len(PROGRAMS) >= 50
    assert PROGRAMS.keys() == RECORDED.keys() and PROGRAMS.keys() >= NOT_COMPILED.keys()
