"""The programs in docs/flax.md and docs/jax.md run."""

import importlib.util
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
NEEDS = {"orbax": "orbax.checkpoint", "flatbuffers": "flatbuffers"}


def blocks(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def available(block: str) -> bool:
    wanted = re.match(r"# needs: (\w+)", block)
    return wanted is None or importlib.util.find_spec(NEEDS[wanted.group(1)].partition(".")[0]) is not None


@pytest.mark.parametrize("page", ["flax.md", "jax.md"])
def test_programs_run(page):
    namespace = {"__name__": "guide"}
    found = blocks(page)
    assert len(found) > 4
    for i, block in enumerate(found):
        if available(block):
            exec(compile(block, f"{page}, program {i + 1}", "exec"), namespace)
