"""The optimizers of `experimental.optim` and `mint.optim`: their groups are open dicts, as in PyTorch.

Learning rates and options may be changed between steps: `optimizer.param_groups[0]["lr"]` is a Parameter. So each step
makes the rule anew, of the options that a group has now; equal rules share one compiled step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core import trace
from msjax.core.kinds import check_finite
from msjax.core.parameter import Parameter, ParameterTuple, slot_of
from msjax.core.tensor import Tensor, raw, wrap
from msjax.nn.cell import Cell
from msjax.nn.optim.optimizer import Params
from msjax.nn.optim.rules.rule import Plan, Rule, State, arrays_of, take_step

# What arguments of several of these optimizers may be.
RATE, DECAY = "real > 0 or Tensor", "real >= 0"
POSITIVE, NOT_NEGATIVE = "real > 0 or Tensor or scalar", "real >= 0 or Tensor or scalar"
_NOT_OPTIONS = ("params", "lr", "initial_lr", "lr_float")


class GroupedOptimizer(Cell):
    """Base class of optimizers whose groups are open dicts. A subclass says which rule takes its steps.

    `param_groups` lists the groups, one dict for each: its "params", its "lr", a Parameter, and its options.

    Args:
        params: Parameters, or dicts with "params" and options of a group.
        defaults: options of groups that do not say otherwise, "lr" among them.

    Raises:
        TypeError, ValueError, KeyError: if an argument is not as described.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> optimizer = ms.experimental.optim.SGD([w], lr=0.5)
        >>> optimizer((Tensor([1.0]),))
        True
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    _is_step = True
    _takes_rows = False  # on several devices: gradients are no batches
    # The kind of rule; the options that are its fields of another name; its fields that are not options.
    _kind: type[Rule] = Rule
    _names: Mapping[str, str] = {}
    _fixed: Mapping[str, Any] = {}
    # The attributes that hold what is kept for Parameters, and the rule's slots; the attribute that counts steps.
    slots: Mapping[str, str] = {}
    counter: str | None = "step_t"

    def __init__(self, params: Params, defaults: dict[str, Any]):
        super().__init__(auto_prefix=False)
        if isinstance(params, Tensor | str | dict):
            raise TypeError(
                f"For '{self.cls_name}', 'params' must be an iterable of Parameters or dicts, but got {type(params)}."
            )
        members: list = list(params)
        if not members:
            raise ValueError("For 'Optimizer', the argument params must not be empty.")
        self.defaults = {**defaults, "lr": self._valid_rate(defaults["lr"])}
        self.param_groups: list[dict[str, Any]] = []
        self.lrs: list[Parameter] = []
        self.parameters = ParameterTuple(())
        for group in members if isinstance(members[0], dict) else [{"params": members}]:
            self.add_param_group(group)
        if self.counter:
            setattr(self, self.counter, Parameter(Tensor(0, mstype.int32), name=self.counter))

    def _valid_rate(self, rate):
        check_finite(self.cls_name, "lr", rate, "number >= 0 or Tensor")
        return rate

    def add_param_group(self, param_group: dict[str, Any], *older: Any) -> None:
        """Add a group; what is kept for its Parameters begins now.

        Args:
            param_group: the group, a dict with "params".
            older: the group, if its number stands before it, as in older releases.

        Raises:
            TypeError: if a member of "params" is no Parameter, or a learning rate is no number.
            ValueError: if a learning rate is negative.
            KeyError: if there are no "params".

        Example:
            >>> optimizer = ms.experimental.optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=0.5)
            >>> optimizer.add_param_group({"params": [Parameter(Tensor([1.0]), name="b")], "lr": 0.25})
            >>> len(optimizer.param_groups)
            2
        """
        group = dict(*(older or (param_group,)))
        members = group["params"]
        members = [members] if isinstance(members, Parameter) else list(members)
        for member in members:
            if not isinstance(member, Parameter):
                raise TypeError(
                    f"For '{self.cls_name}', the members of 'params' must be Parameters, but got {type(member)}."
                )
        rate = self._valid_rate(group.get("lr", self.defaults["lr"]))
        value = raw(rate) if isinstance(rate, Tensor) else np.float32(rate)
        lr = Parameter(wrap(jnp.asarray(value, np.float32)), name=f"learning_rate_group_{len(self.param_groups)}")
        group = {**self.defaults, **group, "params": members, "lr": lr}
        self.param_groups.append(group)
        self.lrs.append(lr)
        self.parameters = ParameterTuple((*self.parameters, *members))
        rule = self._rule(_options(group))
        for attribute, slot in self.slots.items():
            new = [_slot(attribute, p, self._first(rule, slot, raw(p), group)) for p in members]
            setattr(self, attribute, ParameterTuple((*getattr(self, attribute, ()), *new)))

    def _rule(self, options: dict[str, Any]) -> Rule:
        """The rule of a group, whose fields are its options; "betas" are two of them."""
        options = {**options, **dict(zip(("beta1", "beta2"), options.get("betas", ()), strict=False))}
        names = {field.name: self._names.get(field.name, field.name) for field in fields(self._kind)}
        chosen = {field: options[name] for field, name in names.items() if name in options}
        return self._kind(**chosen, **self._fixed)

    def _first(self, rule: Rule, slot: str, p, group: dict[str, Any]):
        """The array of a slot of the rule for a Parameter, before the first step."""
        return rule.first(slot, p)

    def construct(self, gradients: Sequence[Tensor]) -> Any:
        """Update the Parameters.

        Args:
            gradients: a tuple or list of Tensors, one for each Parameter, in their order.

        Returns:
            True.

        Raises:
            ValueError: if the number or a shape of the gradients does not fit.
        """
        if isinstance(gradients, Tensor) or len(gradients) != len(self.parameters):
            raise ValueError(f"For '{self.cls_name}', there must be {len(self.parameters)} gradients.")
        counter = getattr(self, self.counter) if self.counter else None
        start = 0
        for group in self.param_groups:
            end = start + len(group["params"])
            # All groups take the same step: only the last one counts it.
            step = counter if counter is None or group is self.param_groups[-1] else wrap(raw(counter))
            self._step(group, slice(start, end), arrays_of(self.cls_name, gradients[start:end]), step)
            start = end
        return True

    def _step(self, group: dict[str, Any], part: slice, gradients: list, step: Tensor | None) -> None:
        """The step of one group, whose Parameters are this part of all."""
        options, lr, count = _options(group), group["lr"], len(gradients)
        rule, decay = self._rule(options), options.get("weight_decay")
        columns = {slot: getattr(self, attribute)[part] for attribute, slot in self.slots.items()}
        state = State([columns[slot] for slot in rule.slots], (), step)
        plan = Plan((0,) * count, (0 if decay else -1,) * count, (False,) * count)
        rates = [raw(lr) if isinstance(lr, Tensor) else np.float32(lr)]
        take_step(rule, plan, gradients, state, group["params"], rates, [decay] if decay else [], None)

    def __repr__(self) -> str:
        parts = []
        for i, group in enumerate(self.param_groups):
            shown = {k: v for k, v in sorted(group.items()) if k != "params"}
            shown["lr"] = f"{float(raw(group['lr'])):.8g}" if isinstance(group["lr"], Tensor) else group["lr"]
            lines = "".join(f"    {key}: {value}\n" for key, value in shown.items())
            parts.append(f"Parameter Group {i}\n{lines}")
        return f"{type(self).__name__} (\n" + "\n".join(parts) + ")"


def _options(group: dict[str, Any]) -> dict[str, Any]:
    """The options of a group in a form that can be hashed."""
    return {name: _plain(value) for name, value in group.items() if name not in _NOT_OPTIONS}


def _plain(value):
    if isinstance(value, list):
        return tuple(value)
    return float(value) if isinstance(value, Tensor) else value


def _slot(slot: str, p: Parameter, array) -> Parameter:
    return slot_of(p, f"{slot}.{p.name}", trace.detach(array))
