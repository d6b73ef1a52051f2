"""Processes that a program under the launcher starts find the alias, whatever starts them."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import jax
import pytest

import msjax

POOL = """\
import multiprocessing
import mindspore as ms
import mindspore.nn as nn

def work(number):
    import mindspore.ops.operations as P
    return ms.__name__, float(P.Add()(ms.Tensor(1.0), ms.Tensor(float(number))))

if __name__ == "__main__":
    with multiprocessing.get_context({method!r}).Pool(1) as pool:
        print(pool.map(work, [1, 2]))
"""
LAUNCHER = """\
import subprocess, sys
print(subprocess.run([sys.executable, "train.py", "a"], capture_output=True, text=True, check=True).stdout, end="")
"""
TRAIN = "import sys\nfrom mindspore.ops import functional as F\nimport mindspore\nprint(mindspore.__name__, sys.argv)\n"


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_multiprocessing(python, tmp_path, method):
    (tmp_path / "pool.py").write_text(POOL.format(method=method))
    done = python("-m", "msjax", "pool.py")
    assert done.stdout == "[('msjax', 2.0), ('msjax', 3.0)]\n", done.stderr


def test_a_script_that_starts_others(python, tmp_path):
    (tmp_path / "launch.py").write_text(LAUNCHER)
    (tmp_path / "train.py").write_text(TRAIN)
    done = python("-m", "msjax", "launch.py")
    assert done.stdout == "msjax ['train.py', 'a']\n", done.stderr


def test_pytest(python, tmp_path):
    (tmp_path / "test_it.py").write_text("def test():\n    import mindspore.nn as nn\n    assert nn.ReLU\n")
    done = python("-m", "msjax", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py")
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_python_without_msjax_finds_mindspore_itself(python, tmp_path):
    package = tmp_path / "site" / "mindspore"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("name = 'the real one'\n")
    children = Path(msjax.__file__).parent / "alias" / "children"
    (tmp_path / "there.py").write_text(
        f"import sys\nsys.path[:0] = [{str(children)!r}, {str(package.parent)!r}]\nsys.modules['msjax'] = None\n"
        "import mindspore\nprint(mindspore.name, mindspore is sys.modules['mindspore'])\n"
    )
    assert python("there.py").stdout == "the real one True\n"


def test_all_programs_of_an_environment(tmp_path):
    venv.create(tmp_path / "env", symlinks=True)
    own, package = tmp_path / "env" / "bin" / "python", Path(msjax.__file__).parent
    folder = next((tmp_path / "env" / "lib").glob("python*/site-packages"))
    (folder / "others.pth").write_text("".join(f"{path}\n" for path in (package.parent, Path(jax.__file__).parents[1])))
    program = [own, "-I", "-c", "import mindspore.nn; print(mindspore.__name__)"]

    def run(*command):
        return subprocess.run(command, capture_output=True, text=True)

    assert "ModuleNotFoundError" in run(*program).stderr
    assert run(own, "-m", "msjax", "--alias", "on").returncode == 0
    done = run(*program)
    assert done.stdout == "msjax\n", done.stderr
    assert run(own, "-m", "msjax", "--alias", "off").returncode == 0
    assert "ModuleNotFoundError" in run(*program).stderr
    (folder / "mindspore.py").write_text("")
    assert "MindSpore itself is installed" in run(own, "-m", "msjax", "--alias", "on").stderr


def test_the_environment_is_told_once(monkeypatch):
    from msjax.alias import install

    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setattr(sys, "path", ["", "a"])
    install.for_children()
    install.for_children()
    assert os.environ["PYTHONPATH"].split(os.pathsep) == [install.CHILDREN, "elsewhere"]
    assert sys.path == ["", install.CHILDREN, "a"]
    install.for_children(False)
    assert (os.environ["PYTHONPATH"], sys.path) == ("elsewhere", ["", "a"])
