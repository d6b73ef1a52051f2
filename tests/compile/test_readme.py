"""What the page on compilation prints is what the code prints."""

import doctest
import re
from pathlib import Path

import msjax as ms
from msjax import compile as room
from msjax.compile.instrument import as_text
from msjax.compile.lines import Lines

PAGE = Path(room.__file__).with_name("README.md").read_text()


def test_the_examples_are_what_the_code_prints(tmp_path, monkeypatch):
    program, rewritten, checks = re.findall(r"```(?:python|text)\n(.*?)```", PAGE, re.DOTALL)
    path, names, printed, text = tmp_path / "program.py", {"__name__": "program"}, [], Lines.text
    path.write_text(program)
    monkeypatch.setattr(Lines, "text", lambda *args: printed.append(text(*args)) or printed[-1])
    exec(compile(program, str(path), "exec", dont_inherit=True), names)
    assert f"{as_text(names['energy'])}\n" == rewritten
    assert doctest.OutputChecker().check_output(checks, printed[0], doctest.ELLIPSIS), printed[0]
    assert ms.explain(names["force"]).compiled


def test_it_speaks_of_each_file():
    files = {path.name for path in Path(room.__file__).parent.glob("*.py")} - {"__init__.py"}
    assert files == {name for name in re.findall(r"`(\w+\.py)`", PAGE) if name in files}
