"""`python -m msjax --check`: reads scripts, runs none."""

import json

import pytest

from msjax.alias import check

SCRIPT = """\
import sys
import mindspore as ms
from mindspore import nn, ops, Tensor as T, NoName
import mindspore.ops.operations as P
import msjax.nn as ours
F = ops.functional
optimizer = nn.Adam
optimizer = optimizer([])
optimizer.anything
def shadowed(ops, ms=3):
    return ops.no_such, ms.no_such
class Net(nn.Cell):
    nn = 3
    def construct(self, x):
        return nn.NoLayer(ms.ops.no_op(x)) + F.no_function(x) + P.Add()(x, x)
def inner():
    import mindspore.common.dtype as mstype
    return mstype.float32, mstype.float99, T.no_method, lambda ms: ms.no_such
try:
    from mindspore.no_room import thing
except ImportError:
    ours.NoLayer
sys.exit(ms.ops.no_op)
"""

LACKING = [
    (3, "mindspore.NoName"),
    (15, "mindspore.nn.NoLayer"),
    (15, "mindspore.ops.functional.no_function"),
    (15, "mindspore.ops.no_op"),
    (18, "mindspore.Tensor.no_method"),
    (18, "mindspore.common.dtype.float99"),
    (20, "mindspore.no_room"),
    (22, "msjax.nn.NoLayer"),
]


@pytest.fixture
def script(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text, name="script.py"):
        (tmp_path / name).write_text(text)
        return name

    return write


def test_each_name_that_is_lacking_is_listed_once(script, capsys):
    assert check.main([script(SCRIPT)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" is not in msjax ")[0] for line in lines] == [
        f"script.py:{line}: {name}" for line, name in LACKING
    ]


def test_a_name_that_is_nearly_right(script, capsys):
    assert check.main([script("from mindspore import nn\nnn.Dens\nnn.zzqq\n")]) == 1
    (near, far) = capsys.readouterr().out.splitlines()
    assert near.endswith("(not a name of MindSpore 2.10; nearest: mindspore.nn.Dense)")
    assert "nearest" not in far


def test_names_of_older_releases_are_there(script, capsys):
    assert (
        check.main([script("from mindspore.nn import ResizeBilinear\nimport mindspore.dataset.vision.c_transforms\n")])
        == 0
    )
    assert capsys.readouterr().err == ""


def test_all_there(script, capsys):
    text = "import mindspore as ms\nfrom mindspore import nn\nnn.Dense\nnn.Dense\nms.Tensor\n"
    assert check.main([script(text), script("import os\n", "other.py")]) == 0
    assert capsys.readouterr().out == "all 2 names are supported\n"


def test_star_import(script, capsys, monkeypatch):
    monkeypatch.setattr(check.names, "is_documented", lambda module, name: name == "no_such_op")
    assert check.main([script("from mindspore.ops import *\nadd, no_such_op, len, undefined\n")]) == 1
    assert capsys.readouterr().out.startswith("script.py:2: mindspore.ops.no_such_op is not in msjax ")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("wrong.py", "line 1: "),
        ("missing.py", "No such file or directory"),
        ("null.py", "null"),
        ("deep.py", "nested too deeply"),
        ("deep.ipynb", "nested too deeply"),
        ("coded.py", "not a text encoding"),
    ],
)
def test_files_that_cannot_be_read(name, reason, script, capsys):
    script("def (\n", "wrong.py")
    script("x" + ".a" * 100_000, "deep.py")
    script("[" * 100_000, "deep.ipynb")
    script("# coding: zlib_codec\n", "coded.py")
    script("\0", "null.py")
    assert check.main([name]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"{name}: cannot be checked: ") and reason in said.err
    assert said.err.count("\n") == 1 and not said.out


def notebook(*cells):
    cells = [{"cell_type": "markdown", "source": ["nn.Nothing"]}] + [
        {"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells
    ]
    return json.dumps({"nbformat": 4, "cells": cells})


def test_notebooks(script, capsys):
    text = notebook(
        "%matplotlib inline\n!pip install x\nfrom mindspore import nn\nnn.Dense?",
        "%%bash\nls nn.NoLayer",
        "%%time\nfiles = !ls\nif files:\n    %time nn.NoLayer\n    nn.NoLayer()",
        "x = 5 \\\n  % 3",
    )
    assert check.main([script(text, "a.ipynb")]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("a.ipynb:cell 3, line 5: mindspore.nn.NoLayer is not in msjax ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [(notebook("x", "y = 3\ndef (\n"), "cell 2, line 2: "), ("{}", "no notebook of format 4"), ("", "Expecting value")],
)
def test_notebooks_that_cannot_be_read(text, reason, script, capsys):
    assert check.main([script(text, "a.ipynb")]) == 2
    said = capsys.readouterr()
    assert reason in said.err and said.err.count("\n") == 1


def test_folders(script, capsys, tmp_path):
    for folder in ("deep/er", ".hidden"):
        (tmp_path / folder).mkdir(parents=True)
        script("import mindspore\nmindspore.no_such\n", f"{folder}/a.py")
    script(notebook("import mindspore", "mindspore.no_such"), "deep/b.ipynb")
    script("no Python", "deep/c.txt")
    assert check.main(["deep", "."]) == 1
    places = [line.partition(": ")[0] for line in capsys.readouterr().out.splitlines()]
    assert places == ["deep/b.ipynb:cell 2, line 1", "deep/er/a.py:2"] * 2


def test_from_the_command_line(python, script):
    script("import mindspore\nmindspore.no_such\nraise SystemExit('it ran')\n")
    done = python("-m", "msjax", "--check", "script.py")
    assert done.returncode == 1 and done.stderr == ""
    assert done.stdout.startswith("script.py:2: mindspore.no_such is not in msjax ")
