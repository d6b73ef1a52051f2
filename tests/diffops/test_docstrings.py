"""The examples in the docstrings give what they say."""

import doctest
import importlib

import pytest

import msjax as ms
from msjax import Parameter, Tensor, diffops, ops

NAMES = {**vars(diffops), "ms": ms, "ops": ops, "Tensor": Tensor, "Parameter": Parameter}


@pytest.mark.parametrize("name", ["vector", "second", "high", "network", "stochastic"])
def test_examples(name):
    module = importlib.import_module(f"msjax.diffops.{name}")
    found = doctest.testmod(module, extraglobs=NAMES, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted and not found.failed
