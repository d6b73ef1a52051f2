"""Tensors in nested containers: tuples, lists, dicts, and whatever else JAX knows as one, as dataclasses may be.

Arrays of JAX are results as Tensors are: jnp's functions of Tensors give them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp

from msjax.core.cells import is_cell
from msjax.core.nested import like
from msjax.core.tensor import Tensor, raw, wrap


def leaves_in(value: Any, inside: tuple = ()) -> list:
    """All Tensors and arrays in nested containers, in order; those may hold themselves, as `inside` tells."""
    if isinstance(value, (Tensor, jax.Array)):
        return [value]
    if isinstance(value, (tuple, list, dict)):
        parts = value.values() if isinstance(value, dict) else value
        # A container that holds itself has no more leaves than were met already.
        return [] if id(value) in inside else [t for v in parts for t in leaves_in(v, (*inside, id(value)))]
    return [t for v in _taken_apart(value)[0] for t in leaves_in(v)] if _is_node(value) else []


def tensors_in(value: Any) -> list[Tensor]:
    """All Tensors in nested containers, in order, and new ones for the arrays."""
    return [leaf if isinstance(leaf, Tensor) else wrap(leaf) for leaf in leaves_in(value)]


def refilled(value: Any, tensors: Iterator) -> Any:
    """`value` with its Tensors replaced by those of the iterator, in order, and its arrays by what those hold."""
    return mapped(value, lambda leaf: next(tensors) if isinstance(leaf, Tensor) else raw(next(tensors)))


def derived(value: Any, tensors: Iterator[Tensor], other: Callable = lambda value: value) -> Any:
    """`tensors`, derivatives of the Tensors and arrays of `value`, nested like it; `other` of what else there is."""
    return mapped(value, lambda _: next(tensors), other)


def mapped(value: Any, change: Callable, other: Callable = lambda value: value) -> Any:
    """`value` with its Tensors and arrays changed, and what is neither these nor a container."""
    if isinstance(value, Tensor):
        return change(value)
    if isinstance(value, dict):
        return {k: mapped(v, change, other) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return like(value, (mapped(v, change, other) for v in value))
    if isinstance(value, jax.Array):
        return change(value)
    if not _is_node(value):
        return other(value)
    parts, structure = _taken_apart(value)
    changed = [mapped(v, change, other) for v in parts]
    return value if all(a is b for a, b in zip(changed, parts, strict=True)) else structure.unflatten(changed)


def _is_node(value) -> bool:
    """Whether JAX knows a value as a container. Cells are ones, but as results they are objects."""
    if value is None or isinstance(value, (int, float, str)) or is_cell(value):
        return False
    return not jax.tree_util.all_leaves((value,))


def _taken_apart(node) -> tuple:
    """(the parts of a container of JAX's, its structure)."""
    return jax.tree.flatten(node, is_leaf=lambda part: part is not node)


def differentiable(array: Any) -> bool:
    """Whether an array has a dtype with derivatives."""
    return jnp.issubdtype(array.dtype, jnp.inexact)
