"""The two commands explain themselves, work from anywhere, and say in one line what is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are bash scripts")


def run(script, *arguments, cwd=REPO, **environment):
    return subprocess.run(
        [shutil.which("bash"), str(script), *arguments],
        cwd=cwd,
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        capture_output=True,
        text=True,
    )


def folder_of_programs(folder, *names):
    """A PATH that has the given programs and nothing else."""
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(shutil.which(name))
    return folder


@pytest.fixture
def no_python(tmp_path):
    programs = folder_of_programs(tmp_path / "bin", "bash", "cat", "cksum", "mkdir", "rm", "sed", "grep")
    broken = programs / "python3.12"  # like a version manager's shim for a version that is not installed
    broken.write_text("#!/bin/sh\necho 'version 3.12 is not installed' >&2\nexit 127\n")
    broken.chmod(0o755)
    return programs


def assert_one_line_error(done, *words):
    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert all(word in done.stderr for word in words), done.stderr


@pytest.mark.parametrize("name", ["test", "test_versions", "demo", "docs"])
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_needs_no_environment(name, flag, no_python, tmp_path):
    done = run(REPO / "scripts" / name, flag, cwd=tmp_path, PATH=no_python, MSJAX_VENV=tmp_path / "env")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: scripts/{name}")
    assert "MSJAX_VENV" in done.stdout and not done.stderr
    assert not (tmp_path / "env").exists()


@pytest.mark.parametrize("name", ["test", "test_versions", "demo", "docs"])
def test_without_python(name, no_python, tmp_path):
    done = run(REPO / "scripts" / name, PATH=no_python, MSJAX_VENV=tmp_path / "env")
    assert_one_line_error(done, f"scripts/{name}: ", "Python 3.11")
    assert not (tmp_path / "env").exists()


def test_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    done = run(REPO / "scripts" / "test", MSJAX_VENV=tmp_path / "file" / "env")
    assert_one_line_error(done, "cannot write", "MSJAX_VENV")


@pytest.fixture
def fake_environment(tmp_path):
    """An environment that is there already, whose Python says what it was asked to do; only pip fails, if told to."""
    python = tmp_path / "env" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(
        "#!/bin/sh\n"
        'case "$*" in *"pip install"*) [ -z "$PIP_SAYS" ] || { echo "$PIP_SAYS"; exit 1; } ;; esac\n'
        'case "$1" in -c) ;; *) echo "ran in $PWD: $*" ;; esac\n'
    )
    python.chmod(0o755)
    return tmp_path / "env"


@pytest.mark.parametrize(
    ("pip_says", "words"),
    [
        ("WARNING: Retrying (Retry(total=4)): Failed to establish a new connection", ["no network"]),
        ("ERROR: No space left on device", ["pip could not install", "No space left on device"]),
    ],
)
def test_pip_that_fails(fake_environment, pip_says, words):
    done = run(REPO / "scripts" / "test", MSJAX_VENV=fake_environment, PIP_SAYS=pip_says)
    done.stderr = done.stderr.removeprefix("Installing msjax and what it needs (a minute or two)\n")
    assert_one_line_error(done, *words, str(fake_environment / "install.log"))
    assert pip_says in (fake_environment / "install.log").read_text()


def test_installs_once_and_hands_arguments_on(fake_environment, tmp_path):
    for expected_stderr in ("Installing msjax and what it needs (a minute or two)\n", ""):
        done = run(REPO / "scripts" / "test", "-k", "two words", cwd=tmp_path, MSJAX_VENV=fake_environment)
        assert done.returncode == 0
        assert done.stdout == f"ran in {REPO}: -m pytest -k two words\n"
        assert done.stderr == expected_stderr


def test_demo_runs_both_examples_where_the_user_is(fake_environment, tmp_path):
    done = run(os.path.relpath(REPO / "scripts" / "demo", tmp_path), "--quick", cwd=tmp_path, MSJAX_VENV="env")
    ran = [line for line in done.stdout.splitlines() if line.startswith("ran")]
    assert done.returncode == 0
    assert ran == [
        f"ran in {tmp_path}: -m msjax {REPO}/examples/autodiff_tutorial.py",
        f"ran in {tmp_path}: -m msjax {REPO}/examples/pinn_burgers.py --quick",
    ]
