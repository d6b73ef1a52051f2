"""The optimizers of `experimental.optim` and `mint.optim`: their groups are open dicts, as in PyTorch.

Learning rates and options may be changed between steps: `optimizer.param_groups[0]["lr"]` is a Parameter.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core import trace
from msjax.core.parameter import Parameter, ParameterTuple
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.nn.cell import Cell

_NOT_OPTIONS = ("params", "lr", "initial_lr", "lr_float")


class GroupedOptimizer(Cell):
    """Base class. A subclass names the arrays that it keeps and says in `update` what happens to one Parameter.

    Args:
        params: Parameters, or dicts with "params" and options of a group.
        defaults: options of groups that do not say otherwise, "lr" among them.

    Attributes:
        param_groups: one dict for each group: its "params", its "lr", a Parameter, and its options.

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
    slots: tuple[str, ...] = ()
    counter: str | None = "step_t"

    def __init__(self, params, defaults: dict):
        super().__init__(auto_prefix=False)
        if isinstance(params, Tensor | str | dict):
            raise TypeError(
                f"For '{self.cls_name}', 'params' must be an iterable of Parameters or dicts, but got {type(params)}."
            )
        params = list(params)
        if not params:
            raise ValueError("For 'Optimizer', the argument params must not be empty.")
        self.defaults = {**defaults, "lr": self._valid_rate(defaults["lr"])}
        self.param_groups: list[dict[str, Any]] = []
        self.lrs: list[Parameter] = []
        self.parameters = ParameterTuple(())
        for group in params if isinstance(params[0], dict) else [{"params": params}]:
            self.add_param_group(group)
        if self.counter:
            setattr(self, self.counter, Parameter(Tensor(0, mstype.int32), name=self.counter))

    def _valid_rate(self, rate):
        if isinstance(rate, bool) or not isinstance(rate, int | float | Tensor):
            raise TypeError(
                f"For '{self.cls_name}', the type of 'lr' should be one of '['float', 'int', 'Tensor']', "
                f"but got type '{type(rate).__name__}'."
            )
        if not isinstance(rate, Tensor) and rate < 0:
            raise ValueError(f"Invalid learning rate: {rate}")
        return rate

    def add_param_group(self, group_id, param_group: dict | None = None) -> None:
        """One more group: `add_param_group(group)`; its state begins now."""
        group = dict(group_id if param_group is None else param_group)
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
        self.param_groups.append({**self.defaults, **group, "params": members, "lr": lr})
        self.check(self.param_groups[-1])
        self.lrs.append(lr)
        self.parameters = ParameterTuple((*self.parameters, *members))
        for slot in self.slots:
            new = [_slot(slot, p, self.first(slot, raw(p), self.param_groups[-1])) for p in members]
            setattr(self, slot, ParameterTuple((*getattr(self, slot, ()), *new)))

    def check(self, group: dict) -> None:
        """Raise ValueError if options of a group do not go together."""

    def first(self, slot: str, p, group: dict):
        """An array that is kept for a Parameter, before the first step."""
        return jnp.zeros_like(p)

    @staticmethod
    def update(p, g, slots: tuple, step, lr, h: dict) -> tuple:
        """New elements of a Parameter and of the arrays kept for it.

        Args:
            step: counts this step from 1.
            h: the options.
        """
        raise NotImplementedError

    def construct(self, gradients):
        """Update the Parameters.

        Args:
            gradients: a tuple or list of Tensors, one for each Parameter, in their order.

        Returns:
            True.

        Raises:
            ValueError: if the number of the gradients does not fit.
        """
        if isinstance(gradients, Tensor) or len(gradients) != len(self.parameters):
            raise ValueError(f"For '{self.cls_name}', there must be {len(self.parameters)} gradients.")
        step = raw(getattr(self, self.counter)) + 1 if self.counter else 0
        columns = list(zip(*(getattr(self, slot) for slot in self.slots), strict=True)) or [()] * len(self.parameters)
        start = 0
        for group in self.param_groups:
            end = start + len(group["params"])
            options = tuple((k, _plain(v)) for k, v in sorted(group.items()) if k not in _NOT_OPTIONS)
            handles = [(p, *column) for p, column in zip(group["params"], columns[start:end], strict=True)]
            lr = group["lr"]
            new = _apply(
                type(self).update, options, [raw(g) for g in gradients[start:end]],
                [tuple(map(raw, h)) for h in handles], step, raw(lr) if isinstance(lr, Tensor) else np.float32(lr),
            )  # fmt: skip
            for group_handles, arrays in zip(handles, new, strict=True):
                for handle, array in zip(group_handles, arrays, strict=True):
                    rebind(handle, array)
            start = end
        if self.counter:
            rebind(getattr(self, self.counter), step)
        return True

    def __repr__(self) -> str:
        parts = []
        for i, group in enumerate(self.param_groups):
            shown = {k: v for k, v in sorted(group.items()) if k != "params"}
            shown["lr"] = f"{float(raw(group['lr'])):.8g}" if isinstance(group["lr"], Tensor) else group["lr"]
            lines = "".join(f"    {key}: {value}\n" for key, value in shown.items())
            parts.append(f"Parameter Group {i}\n{lines}")
        return f"{type(self).__name__} (\n" + "\n".join(parts) + ")"


def _plain(value):
    return tuple(value) if isinstance(value, list) else float(value) if isinstance(value, Tensor) else value


def _slot(slot: str, p: Parameter, array) -> Parameter:
    return Parameter(wrap(trace.detach(array)), name=f"{slot}.{p.name}", requires_grad=p.requires_grad)


@partial(jax.jit, static_argnums=(0, 1))
def _apply(update, options: tuple, gradients, columns, step, lr) -> list[tuple]:
    """One step of all Parameters of a group, each with what is kept for it; half precision is computed in float32."""
    h, new = dict(options), []
    for g, column in zip(gradients, columns, strict=True):
        work = jnp.promote_types(column[0].dtype, np.float32)
        p, *slots = (a.astype(work) for a in column)
        g = -g.astype(work) if h.get("maximize") else g.astype(work)
        p, slots = update(p, g, tuple(slots), step, lr, h)
        new.append(tuple(a.astype(old.dtype) for a, old in zip((p, *slots), column, strict=True)))
    return new
