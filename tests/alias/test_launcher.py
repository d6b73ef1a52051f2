"""`python -m msjax` behaves as python does, down to tracebacks and exit codes."""

import os
import subprocess
import sys

import pytest

from .conftest import ENVIRONMENT

PROBE = """\
import sys
print(sys.argv, sys.path[0], __name__, __package__, __spec__ and __spec__.name, globals().get("__file__"))
print(sorted(globals().keys() - {"__annotations__", "__cached__"}), sys.modules["__main__"].__dict__ is globals())
class Local: pass
import pickle
pickle.loads(pickle.dumps(Local()))
def fail():
    raise ValueError("on purpose")
if "fail" in sys.argv:
    fail()
"""

FILES = {
    "probe.py": PROBE,
    "package/__init__.py": "",
    "package/__main__.py": PROBE,
    "exits.py": "import sys, atexit\natexit.register(print, 'at exit')\nsys.exit('a message')\n",
    "interrupted.py": "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise KeyboardInterrupt from error\n",
    "wrong.py": "def f(:\n    pass\n",
}

AS_PYTHON_DOES = {
    "script": ["./probe.py", "-a", "fail"],
    "folder": ["package", "a"],
    "module": ["-m", "package", "-c"],
    "no such module": ["-m", "package.no_such"],
    "code": ["-c", PROBE, "a"],
    "standard input": ["-", "a", "fail"],
    "nothing": [],
    "exit message": ["exits.py"],
    "interrupt": ["interrupted.py"],
    "syntax error": ["wrong.py"],
    "no such file": ["no_such.py"],
}


@pytest.fixture
def files(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)


@pytest.mark.parametrize("case", AS_PYTHON_DOES)
def test_as_python_does(case, python, files):
    plain = python(*AS_PYTHON_DOES[case], stdin=PROBE)
    ours = python("-m", "msjax", *AS_PYTHON_DOES[case], stdin=PROBE)
    assert (ours.stdout, ours.stderr, ours.returncode) == (plain.stdout, plain.stderr, plain.returncode)


def test_script_that_imports_mindspore(python, tmp_path):
    (tmp_path / "script.py").write_text(
        "import mindspore as ms\n"
        "from mindspore import Tensor, nn\n"
        "from mindspore.common.initializer import Normal\n"
        "print(ms.__name__, nn.__name__)\n"
        "nn.Dens\n"
    )
    done = python("-m", "msjax", "script.py")
    assert done.stdout == "msjax msjax.nn\n"
    assert f'File "{tmp_path / "script.py"}", line 5' in done.stderr and "launcher" not in done.stderr
    assert "AttributeError: mindspore.nn.Dens is not a name of MindSpore 2.10" in done.stderr
    assert done.returncode == 1


def test_allocator(python, tmp_path):
    (tmp_path / "script.py").write_text("import os, sys\nprint(sys.argv, os.environ['MSJAX_ALLOCATOR'])\n")
    done = python("-m", "msjax", "--allocator", "retain", "script.py", "a")
    assert (done.stdout, done.stderr) == ("['script.py', 'a'] retain\n", "")


def test_devices(python, tmp_path):
    script = """
import mindspore as ms

double = ms.jit(lambda x: x * 2)
print(double(ms.ops.ones((8, 2)))._array.sharding.shard_shape((8, 2)), ms.get_auto_parallel_context("device_num"))
"""
    (tmp_path / "script.py").write_text(script)
    done = python("-m", "msjax", "--devices", "4", "script.py")
    assert (done.stdout, done.stderr) == ("(2, 2) 1\n", "")


def test_help_version_and_misuse(capsys):
    from msjax.alias.launcher import main

    assert main(["--help"]) == 0 and "python -m msjax [script.py" in capsys.readouterr().out
    assert main(["--version"]) == 0 and capsys.readouterr().out.startswith("msjax ")
    assert main(["--no-such"]) == 2 and "unknown option --no-such" in capsys.readouterr().err
    assert main(["--allocator", "hoard"]) == 2 and "--allocator needs one of retain" in capsys.readouterr().err
    assert main(["--devices", "0"]) == 2 and "--devices needs a positive number" in capsys.readouterr().err
    assert main(["-c"]) == 2 and "argument expected for the -c option" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_prompt():
    import pty

    master, terminal = pty.openpty()
    words = [sys.executable, "-m", "msjax"]
    session = subprocess.Popen(
        words, stdin=terminal, stdout=terminal, stderr=terminal, env={**ENVIRONMENT, "TERM": "dumb"}
    )
    os.close(terminal)
    os.write(master, b"import mindspore as ms\nprint(ms.__name__, __name__)\nraise SystemExit(7)\n")
    shown = b""
    try:
        while part := os.read(master, 1024):
            shown += part
    except OSError:  # how Linux reports that the other side has closed
        pass
    os.close(master)
    assert session.wait(timeout=60) == 7
    assert b"msjax __main__" in shown


def test_nothing_of_msjax_s_own_comes_from_the_current_folder(python, tmp_path):
    for name in ("inspect", "dataclasses", "jax", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from the current folder')")
    (tmp_path / "helper.py").write_text("print('a helper')")
    (tmp_path / "script.py").write_text("import helper, mindspore; print(mindspore.Tensor([1]).shape)")
    assert python("-m", "msjax", "script.py").stdout.split() == ["a", "helper", "(1,)"]
    assert python("-m", "msjax", "-m", "script").stdout.split() == ["a", "helper", "(1,)"]
