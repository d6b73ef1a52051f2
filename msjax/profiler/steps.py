"""schedule: which steps of a program a profiler records."""

from __future__ import annotations

from enum import Enum

from msjax import log
from msjax.core.kinds import is_a


class ProfilerAction(Enum):
    """What a profiler does in a step."""

    NONE = 0
    WARM_UP = 1
    RECORD = 2
    RECORD_AND_SAVE = 3

    @property
    def records(self) -> bool:
        return self in (ProfilerAction.RECORD, ProfilerAction.RECORD_AND_SAVE)


class schedule:
    """Skip some steps, then repeat: wait, warm up, record and save.

    An argument that is no int, or too small, counts as the least possible, and a warning says so.

    Args:
        wait: steps of each round in which nothing happens.
        active: steps that are recorded; at the end of the last the trace is saved.
        warmup: steps between the two.
        repeat: the number of rounds; 0 for any.
        skip_first: steps before the first round.

    Raises:
        ValueError: if it is asked for a negative step.

    Example:
        >>> plan = ms.profiler.schedule(wait=1, active=2, repeat=1)
        >>> [plan(step).name for step in range(4)]
        ['NONE', 'RECORD', 'RECORD_AND_SAVE', 'NONE']
    """

    def __init__(self, *, wait: int, active: int, warmup: int = 0, repeat: int = 0, skip_first: int = 0):
        given = dict(wait=wait, active=active, warmup=warmup, repeat=repeat, skip_first=skip_first)
        self._values = {name: _at_least(int(name == "active"), name, value) for name, value in given.items()}

    def __call__(self, step: int) -> ProfilerAction:
        if step < 0:
            raise ValueError(f"Invalid parameter step, which must be not less than 0, but got {step}.")
        wait, active, warmup, repeat, skipped = self._values.values()
        turn, at = divmod(step - skipped, wait + warmup + active)
        if step < skipped or (repeat and turn >= repeat) or at < wait:
            return ProfilerAction.NONE
        if at < wait + warmup:
            return ProfilerAction.WARM_UP
        return ProfilerAction.RECORD_AND_SAVE if at == wait + warmup + active - 1 else ProfilerAction.RECORD

    def to_dict(self) -> dict[str, int]:
        """The numbers of steps by their names.

        Returns:
            A dict of ints.

        Example:
            >>> ms.profiler.schedule(wait=1, active=2).to_dict()["active"]
            2
        """
        return dict(self._values)

    def __repr__(self) -> str:
        return f"Schedule({', '.join(f'{name}={value}' for name, value in self._values.items())})"


def _at_least(least: int, name: str, value) -> int:
    if is_a(value, f"int >= {least}"):
        return value
    log.warning("For 'schedule', '%s' must be int >= %s, but got %r: %s is taken.", name, least, value, least)
    return least
