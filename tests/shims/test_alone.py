"""Private parts of JAX and Python are named in the shims alone."""

import ast
from pathlib import Path

import pytest

import msjax

ROOT = Path(msjax.__file__).parent
PRIVATE = ("jax.core", "jax.extend", "jax._src", "jax.experimental", "jax.interpreters", "jaxlib", "opcode", "dis")
ATTRIBUTES = {"_trace", "batch_dim", "_HAS_DEFAULT_FACTORY", "_showwarnmsg", "onceregistry"}


def names(path: Path):
    """The private parts that a file imports or reads."""
    for node in ast.walk(ast.parse(path.read_text())):
        imported = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            imported = [f"{node.module}.{a.name}" for a in node.names]
        yield from (name for name in imported if f"{name}.".startswith(tuple(f"{p}." for p in PRIVATE)))
        if isinstance(node, ast.Attribute):
            whole = ast.unparse(node)
            if node.attr in ATTRIBUTES or whole in PRIVATE or whole.startswith(tuple(f"{p}." for p in PRIVATE)):
                yield whole


@pytest.mark.parametrize("room", sorted(p.parent.name for p in ROOT.glob("*/__init__.py") if p.parent.name != "shims"))
def test_nothing_else_names_them(room):
    met = {path.name: found for path in (ROOT / room).rglob("*.py") if (found := sorted(set(names(path))))}
    assert not met
