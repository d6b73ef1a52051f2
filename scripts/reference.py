"""What MkDocs is told of the API (see mkdocs.yml): the pages of the reference, and docstrings as `help` shows them.

MkDocs calls `on_config` and `on_files`; mkdocstrings, which reads the stubs, uses the extension `Docstrings`.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import os
import pydoc
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import griffe
from mkdocs.structure.files import File

from msjax import nn
from msjax.ops import table


def _room(value: Any) -> str:
    return value.__module__.split(".")[1]


def _layer_or_not(value: Any) -> str:
    for kind, title in (
        (nn.Optimizer, "Optimizers"),
        (nn.LearningRateSchedule, "Learning-rate schedules"),
        (nn.LossBase, "Losses"),
        (nn.Cell, "Cells and layers"),
    ):
        if isinstance(value, type) and issubclass(value, kind):
            return title
    return "Others"


TOP = {
    "core": "Tensors, random numbers, settings",
    "autodiff": "Derivatives",
    "compile": "Compilation",
    "train": "Training and checkpoints",
}
# Rooms: the title of each page, and what its names are grouped by.
PAGES: dict[str, tuple[str, Callable[[Any], str] | None]] = {
    "msjax": ("msjax", lambda value: TOP.get(_room(value), "Others")),
    "msjax.nn": ("msjax.nn", _layer_or_not),
    "msjax.nn.initializer": ("Initializers", None),
    "msjax.autodiff": ("msjax.autodiff", None),
    "msjax.diffops": ("msjax.diffops", None),
    "msjax.diffops.stochastic": ("msjax.diffops.stochastic", None),
    "msjax.train": ("msjax.train", None),
    "msjax.amp": ("msjax.amp", None),
    "msjax.dataset": ("msjax.dataset", None),
    "msjax.dataset.transforms": ("msjax.dataset.transforms", None),
    "msjax.dataset.vision": ("msjax.dataset.vision", None),
    "msjax.mint": ("msjax.mint", None),
    "msjax.mint.nn": ("msjax.mint.nn", None),
    "msjax.mint.nn.functional": ("msjax.mint.nn.functional", None),
    "msjax.mint.optim": ("msjax.mint.optim", None),
    "msjax.numpy": ("msjax.numpy", None),
    "msjax.numpy.fft": ("msjax.numpy.fft", None),
    "msjax.interop.flax": ("msjax.interop.flax", None),
    "msjax.interop.jax": ("msjax.interop.jax", None),
    "msjax.interop.optax": ("msjax.interop.optax", None),
    "msjax.interop.optimistix": ("msjax.interop.optimistix", None),
    "msjax.interop.orbax": ("msjax.interop.orbax", None),
    "msjax.runtime": ("msjax.runtime", None),
    "msjax.experimental.optim": ("msjax.experimental.optim", None),
}
# Without a stub or `__all__` a module offers what is written in it, or, where this is shorter, in its room.
HOMES = {
    "msjax.interop.flax": "msjax.interop",
    **dict.fromkeys(
        ("msjax.interop.jax", "msjax.interop.optax", "msjax.interop.optimistix", "msjax.interop.orbax"), ""
    ),
    **dict.fromkeys(("msjax.diffops.stochastic", "msjax.nn.initializer", "msjax.runtime"), ""),
}
EACH = int(os.environ.get("MSJAX_DOCS_EACH", "1"))  # 20: only each 20th name of a page, which is built in no time
MANY = 5  # public methods, from which on a class shows its members


def public(room: str) -> list[str]:
    """The functions and classes that a room offers."""
    module = importlib.import_module(room)
    names = getattr(module, "__all__", None) or [name for name in dir(module) if name[0] != "_"]
    home = HOMES.get(room, "msjax") or module.__name__
    return [name for name in sorted(names, key=str.lower) if _is_of(getattr(module, name, None), home)][::EACH]


def _is_of(value: Any, home: str) -> bool:
    own = getattr(value, "__module__", None) or ""
    return callable(value) and f"{own}.".startswith(f"{home}.") and own != "msjax.core.names"


def _entry(path: str, value: Any) -> str:
    """The directive for one name. Of an operator's class the call is shown, of other classes what is worth it."""
    options, (room, _, name) = {}, path.rpartition(".")
    if not _is_written(name, f"{room}.pyi"):
        home = getattr(value, "__module__", "")
        if getattr(value, "__qualname__", None) != name or not _is_written(name, f"{home}.py"):
            doc = as_sections(inspect.getdoc(value) or "")
            return (
                f"### `{path}{inspect.signature(value)}`\n\n{doc}\n"  # made by a line of code that only Python follows
            )
        options["heading"], path = path, f"{home}.{name}"
    if isinstance(value, type):
        methods = [name for name, method in vars(value).items() if name[0] != "_" and callable(method)]
        options["members"] = len(methods) >= MANY or [name for name in ("__call__",) if name in vars(value)]
    return f"::: {path}\n    options: {json.dumps(options)}\n"


def _is_written(name: str, file: str) -> bool:
    """Whether a function or class stands in the text of a module, or in its stub."""
    module, _, suffix = file.rpartition(".")
    path = Path(importlib.import_module(module).__file__ or "").with_suffix(f".{suffix}")
    return path.exists() and re.search(rf"^(def|class) {name}\b", path.read_text("utf-8"), re.M) is not None


def _page(title: str, room: str, key: Callable[[Any], str] | None) -> str:
    module = importlib.import_module(room)
    sections: dict[str, list[str]] = {}
    for name in public(room):
        value = getattr(module, name)
        sections.setdefault(key(value) if key else "", []).append(_entry(f"{room}.{name}", value))
    body = "".join(
        (f"## {heading}\n\n" if heading else "") + "\n".join(entries) for heading, entries in sections.items()
    )
    return f"# {title}\n\n{inspect.getdoc(module) or ''}\n\n{body}"


def _topics() -> dict[str, list[str]]:
    """The names of `ops` by the module that defines them."""
    found: dict[str, list[str]] = {}
    for name in table.names("ops"):
        faces = table.rooms["ops"].rows.get(name)
        home = faces[0][0].definition.__module__ if faces else table.lookup("ops", name).__module__
        found.setdefault(home if home.startswith("msjax.ops.") else "others", []).append(name)
    return found


def _operators() -> dict[str, str]:
    pages = {}
    for topic, names in sorted(_topics().items()):
        title = topic.removeprefix("msjax.ops.")
        doc = inspect.getdoc(importlib.import_module(topic)) if topic != "others" else ""
        entries = [
            _entry(f"msjax.ops.{name}", table.lookup("ops", name)) for name in sorted(names, key=str.lower)[::EACH]
        ]
        pages[f"reference/ops/{title.replace('.', '/')}.md"] = f"# ops: {title}\n\n{doc}\n\n" + "\n".join(entries)
    return pages


TENSOR = """# Tensor

::: msjax.core.tensor.Tensor
    options:
      members: true
      inherited_members: true
      heading: msjax.Tensor

::: msjax.Parameter
    options:
      members: true
"""


@functools.cache
def pages() -> dict[str, str]:
    """All pages of the reference: path and text."""
    rooms = {f"reference/{room.replace('.', '_')}.md": _page(title, room, key) for room, (title, key) in PAGES.items()}
    return {"reference/tensor.md": TENSOR, **_operators(), **rooms}


def on_config(config: Any) -> Any:
    """Put the reference's pages into the navigation, where mkdocs.yml says "reference"."""
    rooms = [path for path in pages() if not path.startswith("reference/ops/")]
    wings: dict[str, list[Any]] = {}
    for path in (path for path in pages() if path not in rooms):
        *_, wing, topic = path.removesuffix(".md").split("/")
        wings.setdefault(wing, []).append({topic: path})
    entry: list[Any] = [rooms[0], {"msjax.ops": [{wing: topics} for wing, topics in wings.items()]}, *rooms[1:]]
    position = config["nav"].index({"API reference": "reference"})
    config["nav"][position] = {"API reference": entry}
    return config


def on_files(files: Any, config: Any) -> Any:
    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


class Docstrings(griffe.Extension):
    """Stubs have the first line of each docstring: take the whole from the object itself."""

    def on_members(self, *, node: Any, obj: griffe.Object, agent: Any, **_: Any) -> None:
        if getattr(obj.filepath, "suffix", "") != ".pyi" or not (obj.is_module or obj.is_class):
            return
        for name, overloads in obj.overloads.items():
            if overloads and name not in obj.members:  # griffe waits for an implementation, which no stub has
                obj.set_member(name, overloads[-1])
                overloads[-1].overloads = list(overloads)
        for member in obj.members.values():
            path = member.path.replace("msjax.core.methods.Methods", "msjax.core.tensor.Tensor")
            if not member.is_alias and member.docstring and (doc := inspect.getdoc(pydoc.locate(path))):
                member.docstring.value = doc

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = as_sections(obj.docstring.value)


def as_sections(doc: str) -> str:
    """A docstring with the titles that mkdocstrings knows, and with lists where the others have lines."""
    doc = re.sub(r"^Example:$", "Examples:", doc, flags=re.M)
    return re.sub(r"^Inputs:\n((?:    .*\n?)+)", lambda m: "Inputs:\n" + _listed(m[1]), doc, flags=re.M)


def _listed(lines: str) -> str:
    return re.sub(r"^    (?! )([^:\n]+):", r"    - `\1`:", lines, flags=re.M)
