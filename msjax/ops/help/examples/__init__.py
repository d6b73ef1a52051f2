"""An example for each operator, shown in the docstrings of all its faces.

What a table says: arguments, by the definition's parameters, and for each "topic.definition" what that gives; lists
stand for Tensors. Where a face gives something else, as its defaults are others, an entry "room.name" says so.
"""

from __future__ import annotations

import functools
import importlib

_TABLES = {
    "arrays": "arrange blocks casting clipping creation diagonals differences folding joining numpy_only pads shaping",
    "elementwise": "comparison elementwise",
    "maths": "decomposition distance fourier histograms linalg polynomials reduction",
    "picking": "gathering order scattering search segments",
}
_OF_TOPIC = {topic: name for name, topics in _TABLES.items() for topic in topics.split()}  # the others: "networks"


@functools.cache
def _examples(name: str) -> dict[str, tuple[str, str]]:
    groups = importlib.import_module(f"{__name__}.{name}").EXAMPLES
    pairs = ((operator, (arguments, r)) for arguments, results in groups.items() for operator, r in results.items())
    return dict(pairs)


def find(topic: str, *names: str) -> tuple[str, str] | None:
    """The arguments and the result of the example for the first of some names that has one."""
    known = _examples(_OF_TOPIC.get(topic, "networks"))
    return next((known[name] for name in names if name in known), None)
