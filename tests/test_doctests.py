"""Every example in the package's docstrings gives what it says; for operators' faces see tests/ops/test_examples.py."""

import doctest
import importlib
import pkgutil

import jax
import jax.numpy as jnp
import pytest

import msjax
from doctests import NAMES, failures
from msjax import amp, communication, dataset, diffops, interop, train

MODULES = [m.name for m in pkgutil.walk_packages(msjax.__path__, "msjax.") if m.name != "msjax.__main__"]
ROOMS = {
    "amp": amp,
    "communication": communication,
    "diffops": diffops,
    "ds": dataset,
    "interop": interop,
    "train": train,
}


def examples(module: str) -> list[doctest.DocTest]:
    names = {**NAMES, **ROOMS, "jax": jax, "jnp": jnp, **(vars(diffops) if module.startswith("msjax.diffops") else {})}
    if module.startswith("msjax.dataset"):
        names |= {room: getattr(dataset, room) for room in ("audio", "text", "transforms", "vision")}
    found = doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(module), extraglobs=names)
    return [test for test in found if test.examples]


@pytest.mark.parametrize("module", MODULES)
def test_examples(module, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not [said for test in examples(module) for said in failures(test)]
