"""Make a program that can be told apart as short as it gets."""

from __future__ import annotations

from fuzz.check import Outcome, check
from fuzz.generate import Spec, simpler

_RUNS = 80


def shrink(spec: Spec, check=check) -> tuple[Spec, Outcome]:
    """The simplest program found, by taking one thing away at a time as long as it still differs, and its outcome."""
    outcome, runs = check(spec), 0
    found = True
    while found:
        found = False
        for candidate in simpler(spec):
            runs += 1
            if runs > _RUNS:
                return spec, outcome
            new = check(candidate)
            if new.told:
                spec, outcome, found = candidate, new, True
                break
    return spec, outcome
