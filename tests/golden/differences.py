"""Where msjax differs from MindSpore on purpose: the one list of it that tests read.

Every entry has its paragraph in docs/differences.md, under its anchor. A case that is listed here must differ: an entry
that no longer does so is to be taken out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """`pattern` is a name of cases of `section`, with `*` for anything.

    `own` is msjax's outcome: `{"value": description}` or `{"error": type}`; as a string, the name of the case whose
    recorded outcome is also right here. Without it, any outcome but the recorded one is right.
    """

    anchor: str
    section: str
    pattern: str
    own: Mapping[str, Any] | str | None = None


def vector(*values: float, dtype: str = "Float32") -> dict[str, Any]:
    return {"tensor": dtype, "shape": [len(values)], "values": list(values)}


def value(described: Any) -> dict[str, Any]:
    return {"value": described}


DIFFERENCES: tuple[Difference, ...] = ()


def matches(pattern: str, name: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None


def find(section: str, name: str) -> Difference | None:
    return next((d for d in DIFFERENCES if d.section == section and matches(d.pattern, name)), None)
