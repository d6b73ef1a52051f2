"""Which formulation computes a derivative, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from msjax.autodiff.forward import NEEDS_REVERSE, needs_reverse
from msjax.diffops import formulations

# How many evaluations of the function k directions cost, about; measured on tanh networks, see benchmarks/results.
_SECOND_ORDER: dict[str, Callable[[int], int]] = {
    "forward": lambda k: k + 2,
    "jvp": lambda k: 3 * k + 1,
    "forward_over_reverse": lambda k: 4 * k + 2,
    "reverse": lambda k: 5 * k + 2,
    "jet": lambda k: 10 * k + 2,
}
_REASONS = {
    "forward": "all directions are pushed forward at once and their second derivatives are summed on the way",
    "jvp": "a jvp of a jvp along each direction",
    "forward_over_reverse": "a jvp of a gradient",
    "reverse": "a gradient of a gradient",
    "jet": "Taylor coefficients along each direction",
    "forward of forward": "the inner operator is a program like any other, through which the outer one is pushed",
}
# From here on the directions no longer fit well into memory, and estimates are worth a thought.
_MANY = 1000


@dataclass(frozen=True)
class Plan:
    """How a derivative is computed.

    Attributes:
        operator: what is computed.
        method: the formulation.
        reason: why it was chosen, and what to consider.
        costs: what each formulation costs, about, in evaluations of the function.
        chunk: how many points are computed at a time, or None for all.
    """

    operator: str
    method: str
    reason: str
    costs: dict[str, int]
    chunk: int | None = None

    def __str__(self):
        lines = [f"{self.operator}: {self.method}", f"  {self.reason}"]
        if self.chunk:
            lines.append(f"  {self.chunk} points at a time")
        for method, cost in sorted(self.costs.items(), key=lambda item: item[1]):
            mark = "*" if method == self.method else " "
            lines.append(f"  {mark} {method:<22} about {cost} evaluations")
        return "\n".join(lines)


def plan_second_order(operator: str, count: int, method: str = "auto", chunk: int | None = None) -> Plan:
    """How the weighted sum of second derivatives along `count` directions is computed.

    Raises:
        ValueError: if there is no such method.
    """
    check_method(operator, method, _SECOND_ORDER)
    costs = {name: cost(count) for name, cost in _SECOND_ORDER.items()}
    chosen = min(costs, key=costs.__getitem__) if method == "auto" else method
    reason = _REASONS[chosen] + ("" if method == "auto" else "; chosen by the caller")
    if count >= _MANY:
        reason += f"; with {count} directions, diffops.stochastic estimates it by a few"
    return Plan(operator, chosen, reason, costs, chunk)


def plan_hessian(size: int, outputs: int, method: str = "auto", chunk: int | None = None) -> Plan:
    """How all second derivatives by `size` coordinates of `outputs` numbers are computed."""
    costs = {"forward": size * size + size + 1, "forward_over_reverse": 2 * outputs * (size + 1) + 2}
    check_method("hessian", method, costs)
    chosen = min(costs, key=costs.__getitem__) if method == "auto" else method
    reason = "a jvp of all gradients" if chosen == "forward_over_reverse" else "a jvp of all jvps"
    return Plan("hessian", chosen, reason + ("" if method == "auto" else "; chosen by the caller"), costs, chunk)


def check_method(operator: str, method, known) -> None:
    """Raises:
    ValueError: if there is no such method."""
    if method != "auto" and method not in known:
        raise ValueError(f"For '{operator}', 'method' must be 'auto' or one of {sorted(known)}, but got {method!r}.")


def second_order_sum(method: str) -> Callable:
    """The formulation of that name; reverse mode stands in where a custom rule admits no other."""
    chosen = formulations.SECOND_ORDER[method]

    def compute(*arguments):
        try:
            return chosen(*arguments)
        except NEEDS_REVERSE as error:
            if not needs_reverse(error):
                raise
            return formulations.reverse(*arguments)

    return compute
