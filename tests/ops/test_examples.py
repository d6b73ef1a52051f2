"""Every example in the docstrings of operators gives what it says."""

import doctest
import importlib
import pkgutil
import re

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, mint, nn, numpy, ops
from msjax.ops import table

NAMES = {"ms": ms, "mnp": numpy, "Tensor": Tensor, "Parameter": Parameter, "mint": mint, "nn": nn, "ops": ops, "np": np}
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\bnan\b|\binf\b)j?")


class Numbers(doctest.OutputChecker):
    """Compares numbers up to rounding: their last digits are not the same on all machines."""

    def check_output(self, want, got, flags):
        if super().check_output(want, got, flags):
            return True
        words = [re.sub(r"\s+", "", _NUMBER.sub("#", text)) for text in (want, got)]
        numbers = [[complex(n) for n in _NUMBER.findall(text)] for text in (want, got)]
        return words[0] == words[1] and np.allclose(*numbers, rtol=1e-4, atol=1e-6, equal_nan=True)


def failures(name: str, doc: str) -> list[str]:
    test = doctest.DocTestParser().get_doctest(doc, dict(NAMES), name, None, 0)
    said: list[str] = []
    doctest.DocTestRunner(Numbers(), optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    return said


def docs() -> dict[str, str]:
    """The docstring of each face that has an example."""
    found = {}
    for room in sorted(table.rooms):
        for name in table.rooms[room].rows:
            doc = (numpy.__getattr__(name) if room == "numpy" else table.lookup(room, name)).__doc__
            if ">>>" in doc:
                found[f"{room}.{name}"] = doc
    return found


def test_most_faces_have_an_example():
    count = sum(len(room.rows) for room in table.rooms.values())
    assert len(docs()) > 0.75 * count


def test_some_examples():
    assert not [line for name, doc in list(docs().items())[::12] for line in failures(name, doc)]


@pytest.mark.slow
def test_all_examples():
    assert not [line for name, doc in docs().items() for line in failures(name, doc)]


MODULES = [f"msjax.ops.{module.name}" for module in pkgutil.iter_modules(ops.__path__)]


@pytest.mark.parametrize("module", MODULES)
def test_examples_of_definitions(module):
    """Also of what is no operator, such as `ops.HyperMap`."""
    found = doctest.DocTestFinder().find(importlib.import_module(module), globs=dict(NAMES))
    runner = doctest.DocTestRunner(Numbers(), optionflags=doctest.NORMALIZE_WHITESPACE)
    said: list[str] = []
    for test in found:
        runner.run(test, out=said.append)
    assert not said
