"""msjax against what MindSpore 2.10.0 answered to the same code: see tests/golden and scripts/record_golden.py."""

import functools
import json
import sys
from pathlib import Path

import pytest

import msjax as ms

sys.path.insert(0, str(Path(__file__).parent))

from golden.cases import SECTIONS, Case, load  # noqa: E402
from golden.compare import disagreement  # noqa: E402
from golden.differences import DIFFERENCES, find, matches  # noqa: E402
from golden.run import outcome  # noqa: E402

CASES = [pytest.param(section, case, id=f"{section}-{case.name}") for section in SECTIONS for case in load(section)]

# What a case must not end in, even where MindSpore's own answer is not wanted.
NOT_THERE = ("AttributeError", "NameError", "ImportError", "NotImplementedError")


@functools.cache
def recorded(section: str) -> dict[str, dict]:
    file = Path(__file__).parent / "golden" / f"{section}.json"
    return json.loads(file.read_text())["cases"]


@pytest.fixture(autouse=True)
def fresh_state():
    mode = ms.get_context("mode")
    ms.set_seed(0)
    yield
    ms.set_context(mode=mode)


@pytest.mark.parametrize("section, case", CASES)
def test_case(section: str, case: Case):
    record = recorded(section)[case.name]
    assert record["digest"] == case.digest, "the case has changed since it was recorded: run scripts/record_golden.py"
    if "value" not in record and "error" not in record:
        pytest.skip("MindSpore itself crashes here")
    actual = outcome(case, ms)
    difference = find(section, case.name)
    if difference is None:
        assert not (told := disagreement(actual, record)), f"{told}\n\n{case.code}"
        return
    assert disagreement(actual, record), f"no longer differs from MindSpore: take {difference} out"
    own = recorded(section)[difference.own] if isinstance(difference.own, str) else difference.own
    if own is not None:
        assert not (told := disagreement(actual, own)), f"{told}\n\n{case.code}"
    else:
        assert actual.get("error") not in NOT_THERE, f"{actual}\n\n{case.code}"


@pytest.mark.parametrize("section", SECTIONS)
def test_the_record_has_the_declared_cases(section: str):
    assert list(recorded(section)) == [case.name for case in load(section)]


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda d: f"{d.anchor}-{d.pattern}")
def test_a_difference_is_about_some_case(difference):
    assert any(matches(difference.pattern, name) for name in recorded(difference.section))
