"""What editors and type checkers see: fresh stubs, typed programs as users write them, msjax itself."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TYPED = sorted((ROOT / "tests" / "typed").glob("*.py"))


def test_stubs_are_up_to_date():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "make_stubs.py", "--check"], capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}{done.stderr}Run scripts/make_stubs.py."


def _without_path() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@pytest.fixture(scope="module")
def errors(tmp_path_factory) -> set[tuple[str, int, str]]:
    """What pyright says of the typed programs where msjax is an installed package: file, line, message."""
    if importlib.util.find_spec("pyright") is None:
        pytest.skip("pyright is not installed")
    folder = tmp_path_factory.mktemp("typed")
    # An environment with msjax among its packages, so that pyright takes it for a library: what a library's modules
    # import is not public, but for what they offer again.
    packages = folder / "venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "msjax").symlink_to(ROOT / "msjax", target_is_directory=True)
    (packages / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    for path in TYPED:
        (folder / path.name).write_text(path.read_text())
    settings = {"venvPath": ".", "venv": "venv", "typeCheckingMode": "standard", "include": ["*.py"]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--project", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=_without_path())
    try:
        found = json.loads(done.stdout)["generalDiagnostics"]
    except ValueError:  # it fetches its JavaScript when it first runs
        pytest.skip(f"pyright does not run here: {done.stderr[-200:]}")
    return {(Path(d["file"]).name, d["range"]["start"]["line"] + 1, d["message"]) for d in found}


@pytest.mark.parametrize("path", TYPED, ids=lambda path: path.stem)
def test_typed_programs(path, errors):
    marked = {n for n, line in enumerate(path.read_text().splitlines(), 1) if re.search(r"# error$", line)}
    found = {line: message for file, line, message in errors if file == path.name}
    assert set(found) == marked, found


@pytest.fixture(scope="module")
def findings() -> list[str]:
    """What pyright says of msjax itself."""
    if importlib.util.find_spec("pyright") is None:
        pytest.skip("pyright is not installed")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, env=_without_path())
    try:
        found = json.loads(done.stdout)["generalDiagnostics"]
    except ValueError:
        pytest.skip(f"pyright does not run here: {done.stderr[-200:]}")
    errors = [one for one in found if one["severity"] == "error"]
    return [f"{one['file']}:{one['range']['start']['line'] + 1}: {one['message']}" for one in errors]


def test_the_package_is_clean(findings):
    assert not findings, "\n".join(findings)
