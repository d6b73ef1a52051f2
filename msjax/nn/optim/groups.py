"""Parameter groups: what an optimizer is given to train, spread out to one learning rate and decay per Parameter."""

from __future__ import annotations

from dataclasses import dataclass, field

from msjax.core.kinds import check
from msjax.core.parameter import Parameter, ParameterTuple
from msjax.core.tensor import Tensor

_KEYS = ("params", "lr", "weight_decay", "order_params", "grad_centralization")


@dataclass
class Groups:
    """Parameters in the order of the gradients, for each the number of its group, and its options; None where the
    optimizer's own holds."""

    parameters: list[Parameter]
    numbers: list[int]
    rates: list = field(default_factory=list)
    decays: list = field(default_factory=list)
    centralize: list[bool] = field(default_factory=list)
    grouped: bool = False
    ordered: bool = False

    @property
    def has_rates(self) -> bool:
        return any(rate is not None for rate in self.rates)


def parse(parameters) -> Groups:
    """Check and spread out an optimizer's `params`.

    Raises:
        TypeError: if they are neither Parameters nor dicts with "params".
        KeyError, ValueError, RuntimeError: if a dict has other keys, is empty, or repeats a Parameter.
    """
    if parameters is None:
        raise ValueError("For 'Optimizer', the argument parameters can not be None.")
    entries = None if isinstance(parameters, (Tensor, dict, str)) else list(parameters)
    if entries is not None and not entries:
        raise ValueError("For 'Optimizer', the argument parameters must not be empty.")
    if entries is not None and all(isinstance(e, Parameter) for e in entries):
        none = [None] * len(entries)
        return Groups(list(ParameterTuple(entries)), [0] * len(entries), none, none, [False] * len(entries))
    if entries is not None and all(isinstance(e, dict) for e in entries):
        return _parse_groups(entries)
    raise TypeError(
        "For 'Optimizer', all elements of the argument 'parameters' must be 'Parameter' or 'dict', "
        "please check the 'parameters'."
    )


def _parse_groups(entries: list[dict]) -> Groups:
    order = None
    options: dict[int, tuple] = {}
    for number, entry in enumerate(entries):
        unknown = [key for key in entry if key not in _KEYS]
        if unknown:
            raise KeyError(f"For 'Optimizer', the key in group params must be one of {list(_KEYS)}, but got {unknown}.")
        if "order_params" in entry:
            order = _order(entry)
            continue
        centered = entry.get("grad_centralization", False)
        check("Optimizer", "grad_centralization", centered, "bool")
        chosen = (number, entry.get("lr"), entry.get("weight_decay"), centered)
        for parameter in _members(entry["params"]):
            if id(parameter) in options:
                raise RuntimeError(
                    f"For 'Optimizer', the parameter {parameter.name} already exists. "
                    "Give each parameter in one group only."
                )
            options[id(parameter)] = (parameter, *chosen)
    if order is not None:
        _check_order(order, options)
        options = {id(p): options[id(p)] for p in order}
    members, *columns = map(list, zip(*options.values(), strict=True))
    return Groups(list(ParameterTuple(members)), *columns, grouped=True, ordered=order is not None)


def _order(entry: dict) -> list:
    if len(entry) > 1:
        raise ValueError(
            "For 'Optimizer', the order params dict in group parameters should only include the 'order_params' key, "
            f"but got {entry.keys()}."
        )
    return list(entry["order_params"])


def _check_order(order: list, options: dict) -> None:
    if len(order) != len(options):
        raise ValueError(
            "For 'Optimizer', the length of order parameters must be the same as the length of group parameters, "
            f"but got order parameters' length {len(order)}, group parameters' length {len(options)}."
        )
    missing = [p for p in order if id(p) not in options]
    if missing:
        raise ValueError(f"For 'Optimizer', the parameter {missing[0]} of 'order_params' is in no group.")


def _members(parameters) -> list[Parameter]:
    members = list(parameters)
    if not members:
        raise ValueError("For 'Optimizer', the argument group `params` must not be empty.")
    for i, member in enumerate(members):
        if not isinstance(member, Parameter):
            raise TypeError(
                "For 'Optimizer', the element in group parameters must be Parameter type, "
                f"but got {type(member)} at index {i}."
            )
    return members
