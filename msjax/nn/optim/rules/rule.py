"""Update rules: what an optimizer computes, as pure functions of raw arrays; and the one step that all optimizers take.

A `Rule` is a frozen dataclass of hyperparameters, hence hashable: equal rules share one compiled call, `apply`.
Its `init` and `update` are those of an `optax.GradientTransformation` on a list of arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.core.handover import fill, given_up
from msjax.core.tensor import Tensor, raw, rebind


class Common(NamedTuple):
    """What all Parameters of one update share.

    Attributes:
        lr: the learning rate, a float32 scalar.
        step: int32 scalar, counts this step from 1; None if the optimizer does not count.
        values: the scalars that the optimizer keeps, already advanced; none if it keeps none.
    """

    lr: Any
    step: Any
    values: tuple = ()

    def time(self, p):
        """`step` as a number of the Parameter's dtype."""
        return self.step.astype(p.dtype)


class State(NamedTuple):
    """What an optimizer remembers.

    Attributes:
        slots: for each slot a list of one array per Parameter.
        values: scalars that all Parameters share.
        step: int32 of one element, the number of steps done; None if they are not counted.
    """

    slots: list
    values: tuple
    step: Any


@dataclass(frozen=True)
class Rule:
    """Base class; a subclass says in `step` what happens to one Parameter.

    Class attributes:
        slots: beginnings of the names of the arrays that are kept for each Parameter.
        decoupled: whether `step` treats weight decay itself; else it is added to the gradient before.

    Attributes:
        maximize: whether to go up the gradient.
    """

    slots: ClassVar[tuple[str, ...]] = ()
    decoupled: ClassVar[bool] = False
    maximize: bool = field(default=False, kw_only=True)

    def init(self, parameters) -> State:
        """The state before the first step."""
        slots = [[self.first(slot, p) for p in parameters] for slot in self.slots]
        return State(slots, tuple(jnp.asarray(v, np.float32) for v in self.values()), jnp.zeros(1, np.int32))

    def update(self, gradients, state: State, parameters, lr) -> tuple[list, State]:
        """As in optax: (what to add to the Parameters, the new state)."""
        n = len(parameters)
        plan = Plan((0,) * n, (-1,) * n, (False,) * n)
        new, state = apply(self, plan, parameters, gradients, state, [jnp.asarray(lr, np.float32)], [], None)
        return [after - before for after, before in zip(new, parameters, strict=True)], state

    def first(self, slot: str, p):
        """A slot's array before the first step."""
        return jnp.zeros_like(p)

    def values(self) -> tuple:
        """The shared scalars before the first step."""
        return ()

    def advance(self, values: tuple) -> tuple:
        """The shared scalars of the next step."""
        return values

    def step(self, p, g, slots: tuple, common: Common, decay) -> tuple:
        """New elements and slots of one Parameter.

        Args:
            p, g: Parameter and gradient, at least float32.
            slots: one array per slot.
            decay: the weight decay of a rule that is `decoupled`; None without.
        """
        raise NotImplementedError


class Plan(NamedTuple):
    """Which learning rate and decay (-1 for none) each Parameter takes, and whether its gradient is centred."""

    lr: tuple[int, ...]
    decay: tuple[int, ...]
    centralize: tuple[bool, ...]


def _apply(rule: Rule, plan: Plan, parameters, gradients, state: State, rates, decays, scale) -> tuple[list, State]:
    """One step of all Parameters: their new arrays, and the new state.

    Args:
        rates, decays: the distinct learning rates and weight decays that `plan` refers to, of one element each.
        scale: what gradients are multiplied with, or None.
    """
    rates, decays = (list(map(_scalar, values)) for values in (rates, decays))
    values = rule.advance(state.values)
    step = None if state.step is None else state.step + np.int32(1)
    now = None if step is None else step.reshape(())
    columns = list(zip(*state.slots, strict=True)) or [()] * len(parameters)
    new_parameters, new_columns = [], []
    for i, (p, g, column) in enumerate(zip(parameters, gradients, columns, strict=True)):
        common = Common(rates[plan.lr[i]], now, values)
        decay = None if plan.decay[i] < 0 else decays[plan.decay[i]]
        p, column = _one(rule, p, g, column, common, decay, scale, plan.centralize[i])
        new_parameters.append(p)
        new_columns.append(column)
    return new_parameters, State([list(slot) for slot in zip(*new_columns, strict=True)], values, step)


def _scalar(value):
    """A rate or decay without axes, in float32; a Python number, whose type is weak, follows what it meets."""
    return (value if value.weak_type else value.astype(np.float32)).reshape(())


apply = partial(jax.jit, static_argnums=(0, 1))(_apply)


@partial(jax.jit, static_argnums=(0, 1), donate_argnums=(2, 4))
def apply_in_place(*arguments) -> list:
    """The same, in one list, over the arrays of Parameters and state, which are given up."""
    return jax.tree.leaves(_apply(*arguments))


def take_step(rule: Rule, plan: Plan, gradients: list, handles: State, parameters: Sequence[Tensor], *common) -> None:
    """One step of all Parameters, in place: theirs and the state's handles get new arrays.

    Args:
        handles: a State of Tensors in place of arrays.
        common: `rates`, `decays` and `scale` as `apply` takes them.
    """
    counter = [] if handles.step is None else [handles.step]
    written = [*parameters, *(handle for slot in handles.slots for handle in slot), *handles.values, *counter]
    if trace.top() is None and not trace.staged():
        with trace.registration:
            own = given_up(parameters), gradients, _arrays(handles, given_up)
            fill(written, apply_in_place, (rule, plan, *own, *common))
        return
    new = apply(rule, plan, _arrays_now(parameters), gradients, _arrays(handles, _arrays_now), *common)
    for handle, array in zip(written, jax.tree.leaves(new), strict=True):
        rebind(handle, array)


def _arrays(handles: State, read: Callable) -> State:
    """The state, as `read` gives the arrays of a list of Tensors."""
    step = None if handles.step is None else read([handles.step])[0]
    return State([read(slot) for slot in handles.slots], tuple(read(handles.values)), step)


def arrays_of(owner: str, gradients) -> list:
    """The arrays of gradients; TypeError if one is no Tensor."""
    for g in gradients:
        if not isinstance(g, (Tensor, jax.Array)):
            raise TypeError(f"For '{owner}', gradients must be Tensors, but got {type(g).__name__}.")
    return [raw(g) for g in gradients]


def _arrays_now(tensors) -> list:
    return [raw(t) for t in tensors]


def _one(rule, p, g, column, common, decay, scale, centralize):
    """Half precision is computed in float32, and kept in half."""
    if not jnp.issubdtype(p.dtype, jnp.inexact):
        raise TypeError(f"An optimizer updates Parameters of float dtypes, but got one of {p.dtype}.")
    if p.shape != g.shape:
        raise ValueError(f"A gradient must have its Parameter's shape {p.shape}, but has {g.shape}.")
    work = jnp.promote_types(p.dtype, np.float32)
    wide, g, wide_column = p.astype(work), g.astype(work), [s.astype(work) for s in column]
    if rule.maximize:
        g = -g
    if decay is not None and not rule.decoupled:
        g = g + decay * wide
    if centralize and g.ndim == 4:  # convolutions, as in MindSpore
        g = g - g.mean(axis=(1, 2, 3), keepdims=True)
    if scale is not None:
        g = g * scale
    wide, wide_column = rule.step(wide, g, tuple(wide_column), common, decay)
    return wide.astype(p.dtype), [new.astype(old.dtype) for new, old in zip(wide_column, column, strict=True)]
