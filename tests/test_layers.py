"""The rooms of docs/architecture.md: imports point down only."""

import ast
from pathlib import Path

import pytest

import msjax

ROOT = Path(msjax.__file__).parent
# From the ground up. Rooms on one floor do not know each other.
FLOORS = """
log shims version
core
device mindrecord
ops
compile
autodiff
diffops
nn
train dataset
boost experimental interop mint numpy scipy profiler parallel rewrite
alias
__init__ __main__ launch
""".strip().splitlines()
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms.split()}


def imports(path: Path):
    """The names of what a file imports, at its top or later: modules, and names in them."""
    package = ["msjax", *path.relative_to(ROOT).parent.parts]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = package[: len(package) + 1 - node.level] if node.level else []
            home = ".".join([*home, *filter(None, [node.module])])
            yield from (f"{home}.{alias.name}" for alias in node.names)


def room_of(name: str) -> str | None:
    """The room that a name is in: a name that the root offers is of the root; None outside of the package."""
    top, _, rest = name.partition(".")
    room = rest.partition(".")[0]
    return None if top != "msjax" else room if is_room(room) else "__init__"


def is_room(name: str) -> bool:
    return bool(name) and ((ROOT / name / "__init__.py").exists() or (ROOT / f"{name}.py").exists())


def arrows(path: Path):
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    return {(own, room) for room in map(room_of, imports(path)) if room not in (None, own)}


def test_imports_point_down():
    up = [
        (path.relative_to(ROOT).as_posix(), room)
        for path in sorted(ROOT.rglob("*.py"))
        for own, room in arrows(path)
        if FLOOR[room] >= FLOOR[own]
    ]
    assert not up


@pytest.mark.parametrize("room", sorted(FLOOR))
def test_rooms_exist(room):
    assert is_room(room)


def test_every_room_has_a_floor():
    rooms = {p.parent.name for p in ROOT.glob("*/__init__.py")} | {p.stem for p in ROOT.glob("*.py")}
    assert rooms == FLOOR.keys()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import msjax", {"__init__"}),
        ("import msjax.nn as nn", {"nn"}),
        ("from msjax import ops, Tensor", {"ops", "__init__"}),
        ("from . import sibling", {"train"}),
        ("from .. import Tensor", {"__init__"}),
        ("from ..nn.cell import Cell", {"nn"}),
        ("def f():\n    from msjax.core import dtype", {"core"}),
        ("import jax", {None}),
    ],
)
def test_all_ways_to_import_are_seen(text, names, monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda self: text)
    assert {room_of(name) for name in imports(ROOT / "train" / "some.py")} == names
