"""Who changes what a handle holds: docs/architecture.md, "The handle"."""

import ast
from pathlib import Path

import pytest

import msjax

ROOT = Path(msjax.__file__).parent
# In core: the functions that change handles, frames and views.
OWNERS = {"core/tensor.py", "core/frames.py", "core/view.py", "core/trace.py"}


def writers(path: Path):
    """The functions of a file that put an array into a handle that they have not made."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            parts = list(ast.walk(node))
            stored = [n.attr for n in parts if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)]
            makes = any(isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "_new" for n in parts)
            if "_array" in stored and not makes:
                yield f"{path.relative_to(ROOT).as_posix()}:{node.name}"


@pytest.mark.parametrize("room", sorted(p.parent.name for p in ROOT.glob("*/__init__.py")))
def test_handles_are_changed_by_core_alone(room):
    paths = [p for p in (ROOT / room).rglob("*.py") if p.relative_to(ROOT).as_posix() not in OWNERS]
    assert not [writer for path in paths for writer in writers(path)]
