"""What is not public in Flax is still what `msjax.shims.flax` says."""

import inspect
from pathlib import Path

import jax.numpy as jnp
import pytest
from flax import nnx

import msjax
from msjax.interop.stream import Stream
from msjax.interop.variables import Linked
from msjax.shims import flax as private

ROOT = Path(msjax.__file__).parent


class Pair:
    def __init__(self, first, name):
        self.first, self.name = first, name


@pytest.fixture
def registered():
    def flatten(pair):
        return [("first", pair.first), ("name", private.Static(pair.name))], type(pair)

    def init(pair, children):
        pair.first, pair.name = (dict(children)[key] for key in ("first", "name"))

    def create_empty(kind):
        return object.__new__(kind)

    if not private.is_node_type(Pair):
        private.register_node_type(Pair, flatten, setattr, getattr, create_empty, lambda pair: None, init)
    return Pair


def test_a_class_becomes_a_node_with_a_static_entry(registered):
    pair = registered(nnx.Param(jnp.ones(2)), "a")
    assert private.is_node_type(registered) and not private.is_node_type(int)
    graph, state = nnx.split(pair)
    again = nnx.merge(graph, state)
    assert type(again) is registered and again.name == "a" and again.first.shape == (2,)
    assert hash(graph) == hash(nnx.split(registered(nnx.Param(jnp.zeros(2)), "a"))[0])
    assert graph != nnx.split(registered(nnx.Param(jnp.ones(2)), "b"))[0]


def test_the_slot_holds_a_variables_value():
    variable = nnx.Param(jnp.ones(2))
    assert private.value_slot.__get__(variable) is variable.get_raw_value()
    private.value_slot.__set__(variable, jnp.zeros(3))
    assert variable.shape == (3,)


def test_a_variable_without_a_value_has_the_metadata_of_others():
    bare, usual = private.new_variable(nnx.Param), nnx.Param(jnp.ones(2))
    assert type(bare) is nnx.Param and bare.get_raw_value() is None
    assert private.metadata_of(bare) == private.metadata_of(usual)
    private.metadata_of(bare)["name"] = "w"
    assert bare.get_metadata()["name"] == "w" and "name" not in private.metadata_of(private.new_variable(nnx.Param))


@pytest.mark.parametrize(
    ("theirs", "name"), [(kind, name) for kind, names in private.OVERRIDDEN.items() for name in names]
)
def test_methods_that_are_overridden_are_still_there(theirs, name):
    ours = {nnx.Variable: Linked, nnx.RngStream: Stream}[theirs]
    assert inspect.getattr_static(theirs, name) is not inspect.getattr_static(ours, name)


def test_private_parts_stand_in_one_module():
    words = ("graphlib", "variablelib", "rnglib", "_var_metadata", "flax.config", "._new(", "from flax import config")
    texts = {path: path.read_text() for path in ROOT.rglob("*.py")}
    files = [path for path, text in texts.items() if "flax" in text and any(word in text for word in words)]
    assert files == [ROOT / "shims" / "flax.py"]
