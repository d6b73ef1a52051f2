"""Where msjax differs from MindSpore on purpose. Each entry has its paragraph in docs/differences.md, under its anchor."""

from dataclasses import dataclass
from fnmatch import fnmatchcase  # noqa: F401
import re


def matches(pattern, name):
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None
