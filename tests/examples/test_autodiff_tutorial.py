"""The tutorial prints what MindSpore 2.10.0 prints; that was recorded in autodiff_tutorial.txt."""

import re
from pathlib import Path

import pytest

RECORDED = Path(__file__).with_name("autodiff_tutorial.txt").read_text().splitlines()
# The last digits of these lines are the processor's business; of all others, every character is MindSpore's.
ROUNDED = re.compile(r"loss |dloss|the loss alone|z stopped|z too|-1\.5\d+e-07")
NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]\d+)?")


def assert_prints_as_recorded(lines):
    assert len(lines) == len(RECORDED)
    for line, recorded in zip(lines, RECORDED, strict=True):
        if ROUNDED.match(recorded):
            assert NUMBER.sub("#", line) == NUMBER.sub("#", recorded)
            numbers, expected = ([float(n) for n in NUMBER.findall(text)] for text in (line, recorded))
            assert numbers == pytest.approx(expected, rel=1e-6, abs=1e-7)
        else:
            assert line == recorded


def test_unmodified_through_the_launcher(run_example):
    assert_prints_as_recorded(run_example("autodiff_tutorial"))


def test_with_msjax_imported_in_its_stead(run_python, examples, tmp_path):
    source = (examples / "autodiff_tutorial.py").read_text()
    script = tmp_path / "tutorial.py"
    script.write_text(source.replace("import mindspore as", "import msjax as").replace("from mindspore", "from msjax"))
    assert_prints_as_recorded(run_python(script))
