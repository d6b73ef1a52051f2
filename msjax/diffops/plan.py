"""Which formulation computes a derivative, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from msjax.shims.jax import needs_reverse

# What a formulation costs for k directions, about, in evaluations of the function; measured on tanh networks, see
# benchmarks/results. For the Jacobian and the Hessian also for m numbers that the function gives at a point.
SECOND_SUM: dict[str, Callable[[int], int]] = {
    "forward": lambda k: k + 2,
    "jvp": lambda k: 3 * k + 1,
    "jet": lambda k: 4 * k + 2,
    "forward_over_reverse": lambda k: 5 * k + 1,
    "reverse": lambda k: 5 * k + 2,
}
SECOND_EACH = SECOND_SUM | {"forward": lambda k: 3 * k}
JACOBIAN: dict[str, Callable[[int, int], int]] = {
    "forward": lambda k, m: k + 1,
    "reverse": lambda k, m: 2 * m + 1,
}
HESSIAN: dict[str, Callable[[int, int], int]] = {
    "jvp": lambda k, m: 2 * k * (k + 1) + 1,
    "forward_over_reverse": lambda k, m: (2 * m + 2) * (k + 1),
    "reverse": lambda k, m: (2 * m + 2) * (2 * k + 1),
}
# For order n along one direction. A jvp has twice the terms of the one inside, but those that are alike are merged, so
# that the matrix products are one for each order; from order nine on it takes too long to compile.
DIRECTIONAL: dict[str, Callable[[int], int]] = {
    "jvp": lambda n: max(n + 1, 2 ** (n - 4)),
    "jet": lambda n: 2 * n,
    "reverse": lambda n: 3**n,
}


_REASONS = {
    "forward": "all directions are pushed forward at once",
    "jvp": "a jvp of a jvp along each direction",
    "forward_over_reverse": "a jvp of a gradient",
    "reverse": "only reverse mode",
    "jet": "Taylor coefficients along each direction",
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


def costs(formulations: dict[str, Callable], *sizes: int) -> dict[str, int]:
    """What each of the formulations costs."""
    return {name: cost(*sizes) for name, cost in formulations.items()}


def planned(operator: str, costs: dict[str, int], method: str, size: int, compute: Callable) -> tuple[Plan, list]:
    """(the plan, `compute(formulation)`) for the cheapest formulation that the function admits.

    A custom rule for reverse mode rules forward ones out, which shows when they are tried.

    Args:
        operator, costs: as in `Plan`.
        method: a formulation, or "auto".
        size: the number of coordinates.

    Raises:
        ValueError: if the function does not admit `method`.
    """
    reasons = [f"with {size} coordinates, diffops.stochastic can estimate it"] if size >= _MANY else []
    for candidate in sorted(costs, key=costs.__getitem__) if method == "auto" else [method]:
        try:
            result = compute(candidate)
        except Exception as error:
            if candidate == "jet":  # the rules that it lacks fail in ways that differ
                reasons.append(f"'jet' has no rule for one of the function's operators ({error})")
            elif needs_reverse(error):
                reasons.append(f"the function has a rule for reverse mode only, which {candidate!r} can not use")
            else:
                raise
            continue
        chosen = _REASONS[candidate] + ("" if method == "auto" else ", as the caller chose")
        return Plan(operator, candidate, "; ".join([chosen, *reasons]), costs), result
    raise ValueError(
        f"For '{operator}', method={method!r} is not possible: {reasons[-1]}. Leave the choice to method='auto'."
    )


def check_method(operator: str, method: Any, known: Iterable[str]) -> None:
    """Raises:
    ValueError: if there is no such method."""
    if method != "auto" and method not in known:
        raise ValueError(f"For '{operator}', 'method' must be 'auto' or one of {sorted(known)}, but got {method!r}.")
