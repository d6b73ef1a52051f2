"""Several processes: what they exchange, what they train, and what they are told when they do something wrong."""

from pathlib import Path

import pytest

from test_guides import PROGRAM

PAGE = Path(__file__).parents[2] / "docs" / "distributed.md"


@pytest.mark.parametrize(
    "count, program",
    [
        (2, "exchanges.py"),
        (2, "mistakes.py"),
        (2, "training.py"),
        (2, "networks.py"),
        pytest.param(2, "functions.py", marks=pytest.mark.slow),
        pytest.param(4, "training.py", marks=pytest.mark.slow),
    ],
)
def test_processes_agree_with_one(launch, count, program):
    status, printed, logs = launch(count, program)
    assert status == 0, printed
    assert all(f"all is well {rank}" in log for rank, log in enumerate(logs))


def test_the_guide_is_right(launch, tmp_path):
    programs = [p for p in PROGRAM.findall(PAGE.read_text(encoding="utf-8")) if p[0].startswith("# processes: 2\n")]
    assert len(programs) == 1
    for program, expected in programs:
        (tmp_path / "script.py").write_text(program)
        status, printed, _ = launch(2, str(tmp_path / "script.py"))
        assert status == 0, printed
        assert expected in printed
