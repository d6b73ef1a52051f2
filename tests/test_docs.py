"""What the documentation promises: differences have sections, links lead somewhere, tables are fresh."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from golden.differences import DIFFERENCES  # noqa: E402


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("anchor", sorted({d.anchor for d in DIFFERENCES}))
def test_a_difference_has_its_section(anchor):
    assert anchor in anchors((ROOT / "docs" / "differences.md").read_text(encoding="utf-8"))


PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if not link.startswith("http")]
    missing = [link for link in links if not ((ROOT / page).parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_work_on_a_package_index_and_in_the_site(page):
    """These pages are also shown where no file of the repository is beside them."""
    links = re.findall(r"\]\(([^)]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert all(link.startswith("https://") for link in links)


@pytest.mark.parametrize("each", [20, pytest.param(1, marks=pytest.mark.slow)])
def test_the_site_builds(each, tmp_path):
    """mkdocs.yml says strict: a dead link, a page that nothing leads to or a name that is not there is an error."""
    pytest.importorskip("mkdocstrings")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", tmp_path / "site"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "MSJAX_DOCS_EACH": str(each)}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "site" / "reference" / "ops" / "maths" / "elementwise" / "index.html").read_text("utf-8")
    text = re.sub(r"<[^>]+>", "", page)
    assert "The absolute value of each element; of a complex number its size." in text  # what a stub has too
    assert "ops.Abs()(Tensor([" in text  # what only `help` has


def test_every_file_is_in_the_source_distribution():
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no repository")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = {name[1:] for name in settings["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]}
    always = {"README.md", "LICENSE", "pyproject.toml", ".gitignore"}
    assert not {name.partition("/")[0] for name in listed} - included - always


def test_coverage_table_is_up_to_date():
    done = subprocess.run([sys.executable, ROOT / "scripts" / "make_coverage.py", "--check"], check=False)
    assert done.returncode == 0, "run scripts/make_coverage.py"
