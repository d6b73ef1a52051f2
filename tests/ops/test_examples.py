"""Every example in the docstrings of operators gives what it says."""

import doctest

import pytest

from doctests import NAMES, failures
from msjax import numpy
from msjax.ops import table

_PARSER = doctest.DocTestParser()


def docs() -> dict[str, str]:
    """The docstring of each face that has an example."""
    found = {}
    for room in sorted(table.rooms):
        for name in table.rooms[room].rows:
            doc = (numpy.__getattr__(name) if room == "numpy" else table.lookup(room, name)).__doc__
            if ">>>" in doc:
                found[f"{room}.{name}"] = doc
    return found


def _failures(name: str, doc: str) -> list[str]:
    return failures(_PARSER.get_doctest(doc, dict(NAMES), name, None, 0))


def test_most_faces_have_an_example():
    count = sum(len(room.rows) for room in table.rooms.values())
    assert len(docs()) > 0.75 * count


def test_some_examples():
    assert not [line for name, doc in list(docs().items())[::12] for line in _failures(name, doc)]


@pytest.mark.slow
def test_all_examples():
    assert not [line for name, doc in docs().items() for line in _failures(name, doc)]
