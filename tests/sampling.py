"""Which cases of a long sweep run in a quick run."""

from collections.abc import Iterable

import pytest


def sampled(every: int, cases: Iterable) -> list:
    """All cases for `parametrize`: the first of `every` so many is quick, the others are slow."""
    return [
        case
        if number % every == 0
        else pytest.param(*case if isinstance(case, tuple) else (case,), marks=pytest.mark.slow)
        for number, case in enumerate(cases)
    ]
