"""The programs in docs/distributed.md that want eight devices run, and print what the page says."""

from pathlib import Path

from doctests import Numbers
from test_guides import PROGRAM, run

PAGE = Path(__file__).parents[3] / "docs" / "distributed.md"


def test_programs_run():
    names = {"__name__": "guide"}
    programs = [p for p in PROGRAM.findall(PAGE.read_text(encoding="utf-8")) if p[0].startswith("# devices: 8\n")]
    assert programs
    for number, (program, expected) in enumerate(programs, 1):
        printed = run(program, f"docs/distributed.md, program {number}", names)
        assert not expected or Numbers().check_output(expected, printed, 0), f"{program}\nprints\n{printed}"
