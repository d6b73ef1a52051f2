"""The contract of automatic compilation: nobody can tell. See tests/compile/contract."""

import pytest

import contract
from contract.run import FOLDER, difference, names, observe
from sampling import sampled

PROGRAMS = [(topic, name) for topic in contract.TOPICS for name in names(topic)]


def both(topic: str, name: str):
    return observe(topic, name, "auto"), observe(topic, name, "off")


@pytest.mark.parametrize(("topic", "name"), sampled(3, PROGRAMS), ids=["-".join(program) for program in PROGRAMS])
def test_nobody_can_tell(topic: str, name: str):
    auto, off = both(topic, name)
    assert off["raised"] is None, f"the program itself fails: {off['raised']}"
    told = difference(auto, off)
    assert not told, told


def test_the_programs_are_those_of_the_folder():
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "run", "helper"}
    assert files == set(contract.TOPICS)
    assert len(PROGRAMS) == len(set(PROGRAMS)) >= 90


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        (("steps", [{"tensor": "Float32", "shape": [1], "values": [1.5]}]), "steps"),
        (("stdout", "x\n"), "stdout"),
        (("raised", ["ValueError", "no"]), "raised"),
        (("draws", [0.1, 0.2, 0.4]), "draws"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_difference_is_found(changed, where):
    off = {
        "steps": [{"tensor": "Float32", "shape": [1], "values": [1.0]}],
        "stdout": "",
        "raised": None,
        "draws": [0.1, 0.2, 0.3],
    }
    assert difference(dict(off), off) is None
    assert f"program.{where}" in difference({**off, changed[0]: changed[1]}, off)
