"""Random programs do what they did in MindSpore, and the same compiled as eagerly: `random_programs` says which."""

import json
import lzma
from pathlib import Path

import pytest

import msjax as ms
from core.random_programs import outcome, statements
from core.random_programs.both_ways import told_apart
from core.random_programs.known import RULES, first_difference

RECORDED = Path(__file__).with_name("recorded") / "random_programs.json.xz"
ANSWERS = {int(seed): answer for seed, answer in json.loads(lzma.decompress(RECORDED.read_bytes()))["answers"].items()}
SOME = [*ANSWERS][:: len(ANSWERS) // 20]


@pytest.mark.parametrize("seeds", [SOME, pytest.param(ANSWERS, marks=pytest.mark.slow)], ids=["some", "all"])
def test_as_in_mindspore(seeds):
    found = {seed: first_difference(statements(seed), outcome(ms, seed), ANSWERS[seed]) for seed in seeds}
    assert not {seed: told for seed, told in found.items() if told}


@pytest.mark.parametrize("seeds", [range(6), pytest.param(range(500), marks=pytest.mark.slow)], ids=["some", "others"])
def test_compiled_as_eagerly(seeds):
    found = {seed: told_apart(seed) for seed in seeds}
    assert not {seed: told for seed, told in found.items() if told}


def test_most_statements_do_something():
    steps = [step for answer in ANSWERS.values() for step in answer]
    assert sum("error" in step for step in steps) < 0.25 * len(steps)
    assert sum("changed" in step for step in steps) > 0.7 * len(steps)


def test_each_rule_has_its_section():
    sections = Path(ms.__file__).parents[1].joinpath("docs", "differences.md").read_text().splitlines()
    assert not [section for section, _ in RULES if f"### {section}" not in sections]
