"""The rooms of docs/architecture.md: imports point down only."""

import ast
from pathlib import Path

import pytest

import msjax

ROOT = Path(msjax.__file__).parent
FACES = {"mint", "numpy", "amp", "runtime", "hal", "communication", "interop", "device_context", "experimental"}
FLOORS = [{"core"}, {"ops"}, {"compile"}, {"autodiff"}, {"diffops"}, {"nn"}, {"dataset"}, {"train"}, FACES, {"alias"}]
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
# Looked up when called, to give a Parameter's clone an initializer and a Cell's inputs a cast.
ALLOWED = {("core", "nn")}


def imports(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows():
    for path in sorted(ROOT.rglob("*.py")):
        room = path.relative_to(ROOT).parts[0].removesuffix(".py")
        for name in imports(path):
            parts = name.split(".")
            if room in FLOOR and parts[0] == "msjax" and len(parts) > 1 and parts[1] in FLOOR:
                yield room, parts[1], path.name


def test_imports_point_down():
    up = {(a, b, f) for a, b, f in arrows() if FLOOR[b] > FLOOR[a] and (a, b) not in ALLOWED}
    assert not up


@pytest.mark.parametrize("room", sorted(FLOOR.keys() - {"alias"}))
def test_rooms_exist(room):
    assert (ROOT / room / "__init__.py").exists() or (ROOT / f"{room}.py").exists()
