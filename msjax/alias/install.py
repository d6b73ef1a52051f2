"""`mindspore` as another name of msjax, for the length of a program."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from msjax.alias.finder import FINDER, ROOT

CHILDREN = str(Path(__file__).parent / "children")


def install_as(name: str = "mindspore") -> None:
    """Make `import mindspore` give msjax, with all of its submodules and MindSpore's legacy paths.

    Call it before anything imports mindspore. Calling it again changes nothing.

    Args:
        name: the name that programs import.

    Raises:
        ImportError: if another package of that name is imported already.
        ValueError: if `name` is not a top-level name, or is msjax's own.

    Example:
        >>> import msjax
        >>> msjax.install_as("mindspore")
        >>> import mindspore.nn
        >>> mindspore.nn is msjax.nn
        True
        >>> msjax.uninstall()
    """
    if not name.isidentifier() or name == ROOT:
        raise ValueError(f"install_as takes a top-level module name other than {ROOT!r}, but got {name!r}")
    for known, module in list(sys.modules.items()):
        if module is not None and _under(known, name) and not _ours(module):
            where = getattr(module, "__file__", None) or "no file"
            raise ImportError(
                f"{known!r} is already imported ({where}) and is not msjax: call msjax.install_as({name!r}) before "
                f"the first import of {name}, or start the program with `python -m msjax`",
                name=name,
            )
    FINDER.aliases.add(name)


def take_over(name: str) -> None:
    """`install_as`, in the middle of an import of that name, whose result msjax is then."""
    del sys.modules[name]
    install_as(name)
    importlib.import_module(name)


def for_children(on: bool = True) -> None:
    """Let `import mindspore` give msjax in processes that this one starts, too, whatever starts them; or no longer.

    `PYTHONPATH` is what they inherit; those that multiprocessing spawns get this one's `sys.path` instead.
    """
    inherited = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path not in ("", CHILDREN)]
    sys.path[:] = [path for path in sys.path if path != CHILDREN]
    if on:
        sys.path.insert(0 if sys.flags.safe_path else 1, CHILDREN)
        inherited = [CHILDREN, *inherited]
    os.environ["PYTHONPATH"] = os.pathsep.join(inherited)


def uninstall() -> None:
    """Undo `install_as`: the names it gave out are importable again as whatever else they are.

    Example:
        >>> import msjax
        >>> msjax.install_as("mindspore")
        >>> msjax.uninstall()
    """
    for name in FINDER.aliases:
        for known in [known for known in sys.modules if _under(known, name)]:
            del sys.modules[known]
    FINDER.aliases.clear()


def load_ipython_extension(ipython) -> None:
    """`%load_ext msjax` in a notebook: `import mindspore` gives msjax from here on, in processes that it starts, too.

    Args:
        ipython: the running shell, which calls this.

    Example:
        >>> import msjax
        >>> msjax.load_ipython_extension(None)
        >>> import mindspore.nn
        >>> msjax.unload_ipython_extension(None)
    """
    install_as("mindspore")
    for_children()


def unload_ipython_extension(ipython) -> None:
    """`%unload_ext msjax`.

    Args:
        ipython: the running shell, which calls this.
    """
    uninstall()
    for_children(False)


def _under(module: str, name: str) -> bool:
    return module == name or module.startswith(f"{name}.")


def _ours(module) -> bool:
    return _under(getattr(module, "__name__", ""), ROOT)
