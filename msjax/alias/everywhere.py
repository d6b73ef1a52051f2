"""`python -m msjax --alias on`: the alias for every program of a Python environment, however it is started.

A path file among the environment's packages (see Python's module `site`) names the folder of `children`.
"""

from __future__ import annotations

import sys
import sysconfig
from importlib.machinery import PathFinder
from pathlib import Path

from msjax.alias.install import CHILDREN

FILE = "msjax-alias.pth"


def main(words: list[str]) -> int:
    """Switch the alias on or off; the exit status."""
    if words not in (["on"], ["off"]):
        print("--alias needs on or off", file=sys.stderr)
        return 2
    packages = Path(sysconfig.get_path("purelib"))
    if words == ["off"]:
        (packages / FILE).unlink(missing_ok=True)
        print(f"`import mindspore` is as it was for the programs of {sys.prefix}")
        return 0
    found = PathFinder.find_spec("mindspore", [str(packages), sysconfig.get_path("platlib")])
    if found is not None:
        print(f"MindSpore itself is installed, which an import finds first: {found.origin}", file=sys.stderr)
        return 1
    (packages / FILE).write_text(f"{CHILDREN}\n", encoding="utf-8")
    print(f"`import mindspore` gives msjax in all programs of {sys.prefix}, until `python -m msjax --alias off`")
    return 0
