"""msjax against what MindSpore 2.10.0 answered to the same code: see tests/golden and scripts/record_golden.py."""

import functools
import json
import sys
from pathlib import Path

import pytest

import msjax as ms

sys.path.insert(0, str(Path(__file__).parent))

from golden.cases import SECTIONS, Case, load
from golden.compare import disagreement
from golden.differences import DIFFERENCES, Difference, find
from golden.run import outcome

CASES = [pytest.param(section, case, id=f"{section}-{case.name}") for section in SECTIONS for case in load(section)]

# What no case may end in unless MindSpore does: a name that is not there is never a difference on purpose.
NOT_THERE = ("AttributeError", "NameError", "ImportError", "NotImplementedError")


@functools.cache
def records(section: str) -> dict[str, dict]:
    file = Path(__file__).parent / "golden" / f"{section}.json"
    return json.loads(file.read_text())["cases"]


@functools.cache
def own_outcome(case: Case) -> dict:
    ms.set_seed(0)
    mode = ms.get_context("mode")
    try:
        return outcome(case, ms)
    finally:
        ms.set_context(mode=mode)


def disagreement_here(case: Case, record: dict, difference: Difference | None, section: str) -> str | None:
    """None if msjax does what it should: as recorded, or as the difference says."""
    actual = own_outcome(case)
    told = disagreement(actual, record)
    if not told or difference is None:
        return told
    if difference.own is None:
        return told if actual.get("error") in NOT_THERE else None
    return disagreement(actual, records(section)[difference.own] if isinstance(difference.own, str) else difference.own)


@pytest.mark.parametrize("section, case", CASES)
def test_case(section: str, case: Case):
    record = records(section)[case.name]
    assert record["digest"] == case.digest, "the case has changed since it was recorded: run scripts/record_golden.py"
    if "value" not in record and "error" not in record:
        pytest.skip("MindSpore itself crashes or hangs here")
    told = disagreement_here(case, record, find(section, case.name), section)
    assert not told, f"{told}\n\n{case.code}"


@pytest.mark.parametrize("section", SECTIONS)
def test_the_record_has_the_declared_cases(section: str):
    assert list(records(section)) == [case.name for case in load(section)]


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda d: f"{d.anchor}-{d.patterns[0]}")
def test_a_declared_difference_is_still_one(difference: Difference):
    covered = [case for case in load(difference.section) if find(difference.section, case.name) is difference]
    recorded = records(difference.section)
    assert any(disagreement(own_outcome(case), recorded[case.name]) for case in covered), "take it out: nothing differs"
