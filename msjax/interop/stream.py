"""The random state of Cells as streams of Flax, which `nnx.split_rngs`, `nnx.fork_rngs` and `nnx.reseed` look for."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from flax import nnx

from msjax.core.random import Generator
from msjax.interop.keys import typed
from msjax.interop.variables import TAG, RngKey, handle_for, variable_of

_KEY = "key"  # the name of a stream's only child in the graph


class Stream(nnx.RngStream):
    """A generator as a stream. Its key moves on with each draw, where Flax counts: the count is always zero.

    Attributes:
        generator: the generator; each has one stream, made when Flax first asks for it.
    """

    generator: Generator
    tag = TAG
    __setattr__ = object.__setattr__

    def __init__(self, key: Any, *, tag: str = TAG):
        self.generator = Generator()
        self.key = nnx.RngKey(key, tag=tag)
        self.generator.__dict__["_stream"] = self

    @property
    def key(self) -> Any:
        return variable_of(self.generator.state(), _KEY, RngKey)

    @key.setter
    def key(self, variable) -> None:
        self.generator._handle = handle_for(variable, _KEY)

    @property
    def count(self) -> Any:
        return nnx.RngCount(jnp.zeros(self.key.shape, jnp.uint32), tag=TAG)

    @count.setter
    def count(self, variable) -> None:
        pass

    def __call__(self):
        return typed(self.generator.next_key())

    def _check_valid_context(self, error_msg) -> None:
        pass  # a Cell is written at any depth of transforms, as in MindSpore

    # -- as a node of the graph: see `interop/node.py` ------------------------------------------------------------

    def _graph_node_flatten(self):
        return [(_KEY, self.key)], type(self)

    def _graph_node_set_key(self, name, value) -> None:
        self.key = value

    def _graph_node_pop_key(self, name):
        raise ValueError("The key of a generator can not be taken out of it.")

    @staticmethod
    def _graph_node_create_empty(kind):
        return stream_of(Generator())

    def _graph_node_clear(self) -> None:
        pass

    def _graph_node_init(self, children) -> None:
        self.key = dict(children)[_KEY]


def stream_of(generator: Generator) -> Stream:
    """The stream of a generator."""
    stream = generator.__dict__.get("_stream")
    if stream is None:
        stream = object.__new__(Stream)
        stream.generator = generator
        generator.__dict__["_stream"] = stream
    return stream
