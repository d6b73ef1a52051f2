"""What the documentation promises: every declared difference has its section, and the tables are up to date."""

import re
import subprocess
import sys
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


PAGES = ("architecture", "migration", "differences", "physics", "flax", "jax")


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{page}.md" for page in PAGES)])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if not link.startswith("http")]
    missing = [link for link in links if not ((ROOT / page).parent / link).exists()]
    assert not missing


def test_coverage_table_is_up_to_date():
    done = subprocess.run([sys.executable, ROOT / "scripts" / "make_coverage.py", "--check"], check=False)
    assert done.returncode == 0, "run scripts/make_coverage.py"
