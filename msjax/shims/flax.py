"""What Flax does not promise to keep, and Cells need all the same to be nodes of its graphs."""

from __future__ import annotations

from typing import Any

import flax
from flax import config, nnx

try:
    from flax.nnx import graphlib
except ImportError as error:
    raise ImportError(
        f"Cells in Flax need flax 0.12.5 or newer, but this is flax {flax.__version__}: pip install -U flax."
    ) from error

# -- nodes of graphs: there is no public way to make a class a node that does not derive from nnx.Pytree ---------------

# Tells Flax how to take a class apart and build it: (kind, flatten, set_key, pop_key, create_empty, clear, init).
register_node_type = graphlib.register_graph_node_type
# An entry of a node that is hashed and compared, not traced: all that a Cell is beside its Parameters and Cells.
Static = graphlib.StaticElem


def is_node_type(kind: type) -> bool:
    """Whether objects of a class are nodes, and so have to be children where a Cell holds one."""
    return kind in graphlib.GRAPH_REGISTRY


# -- Variables: a linked one has no value of its own, so reading and writing it must reach the handle ------------------

# The slot in which a Variable holds its value. `Linked` has a property of that name in its place, which all of Flax
# goes through; a Variable that is not linked uses the slot beneath.
value_slot: Any = nnx.Variable.__dict__["_raw_value"]

# What Flax wants to know of any Variable. `Variable.__init__` writes it too, but asks for a value.
_METADATA = {"hijax": False, "ref": False, "eager_sharding": config.flax_always_shard_variable}


def new_variable(kind: Any) -> Any:
    """A Variable without a value."""
    return kind._new(None, dict(_METADATA))


def metadata_of(variable) -> dict[str, Any]:
    """The metadata of a Variable, to read and write; `get_metadata` gives a copy."""
    return variable._var_metadata


# Methods of Flax's that classes here override, by the class: if Flax renamed one, nothing would call ours.
OVERRIDDEN = {
    nnx.Variable: ("_raw_value", "_can_update", "_check_can_update"),
    nnx.RngStream: (
        "_check_valid_context", "_graph_node_flatten", "_graph_node_set_key", "_graph_node_pop_key",
        "_graph_node_create_empty", "_graph_node_clear", "_graph_node_init",
    ),
}  # fmt: skip
