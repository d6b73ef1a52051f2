"""Programs of users: compiled, they train as they do when nothing is compiled, and as they do under MindSpore."""

import json
from contextlib import contextmanager

import numpy as np
import pytest

import msjax as ms
import programs

RECORDED = json.loads((programs.FOLDER / "mindspore.json").read_text())["losses"]
OUTER = ("step", "jit")  # kinds that compile what they call with them

# What does not run compiled, and what `explain` says of it. An entry that no longer holds is to be taken out.
NOT_COMPILED = {
}  # fmt: skip


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
    """(the losses of each step, what `explain` says of the parts that are no part of something compiled)"""
    field, name = program.split("-")
    known = ms.explain().data
    ms.set_compile(mode)
    try:
        with as_mindspore():
            losses = programs.losses(programs.load(field)[name].body)
    finally:
        ms.set_compile("auto")
    parts = [part for part in ms.explain().data if part not in known]
    if any(part["kind"] in OUTER and part["status"] == "compiled" for part in parts):
        parts = [part for part in parts if part["status"] != "new"]
    return np.array(losses), parts


@pytest.mark.parametrize("program", PROGRAMS)
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
        np.testing.assert_allclose(losses, recorded, rtol=1e-3, atol=1e-5)


def check_compiled(program: str, parts: list[dict]) -> None:
    left = [f"{part['kind']} {part['function']}: {part['reason'] or part['status']}" for part in parts
            if part["status"] != "compiled"]  # fmt: skip
    if expected := NOT_COMPILED.get(program):
        assert any(expected in reason for reason in left), f"compiled, or left for another reason: {left}"
    else:
        assert not left
        assert parts, "nothing was compiled"


def test_the_programs_are_those_of_the_folder():
    assert {path.stem for path in programs.FOLDER.glob("*.py")} - {"__init__"} == set(programs.FIELDS)
    assert len(PROGRAMS) >= 50
    assert PROGRAMS.keys() == RECORDED.keys() and PROGRAMS.keys() >= NOT_COMPILED.keys()
