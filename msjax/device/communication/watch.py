"""A thread that sees to it that processes do not wait for each other for ever.

What processes have agreed on once they do without asking. If they do it in different orders, they may all wait, or get
what was meant for something else. So now and then the thread compares what was exchanged with what the first process of
each group says; and while this process waits, it tells the others for what, and looks whom they wait for.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from typing import Any

from msjax.device.communication import cluster
from msjax.shims import distributed

VARIABLE = "MSJAX_EXCHANGE_TIMEOUT"
DIFFERENT = "The processes of a group must do the same together, but do not."
_OFTEN = 10.0  # seconds from one look to the next
_LOOKS = 3  # in which all wait for each other, for the same


def limit() -> float:
    """How many seconds a process waits for the others."""
    return float(os.environ.get(VARIABLE) or 600)


def names(ranks: list[int]) -> str:
    """Ranks, in words."""
    return f"{'Ranks' if len(ranks) > 1 else 'Rank'} {', '.join(map(str, ranks))}"


def end(reason: str) -> None:
    """End this process, which waits in code of XLA, and can not be stopped in another way."""
    print(f"Rank {cluster.rank()} is ended. {reason}", file=sys.stderr, flush=True)
    cluster.fail(SystemExit(1))
    cluster.leave()


class Watch:
    """The thread.

    Args:
        agreements: those of this process, by name, which may become more.
    """

    def __init__(self, agreements: dict[str, Any]):
        self._agreements = agreements
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._look_often, name="msjax watch", daemon=True)
        self._told = False
        self._seen: list[dict[int, str]] = []  # who waits for what, in the last looks

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        self._thread.join()

    def _look_often(self) -> None:
        while not self._closed.wait(_OFTEN):
            try:
                self._look()
            except Exception:  # the store is gone, and with it the program
                return

    def _look(self) -> None:
        for agreement in [*self._agreements.values()]:
            self._compare(agreement)
        now = time.monotonic()
        waiting = {name: agreement.waiting() for name, agreement in [*self._agreements.items()]}
        waiting = {name: found for name, found in waiting.items() if found and now - found.since > _OFTEN / 2}
        if waiting or self._told:
            self._tell(waiting)
        if not waiting:
            self._seen.clear()
            return
        self._seen = [*self._seen, self._all_that_wait()][-_LOOKS:]
        said = self._seen[-1]
        stuck = len(self._seen) == _LOOKS and all(seen == said for seen in self._seen) and _none_runs(said)
        longest = max([now - found.since for found in waiting.values() if found.runs], default=0)
        if stuck or longest > limit():
            reason = "Processes wait for each other" if stuck else f"It has waited for {longest:.0f} s ({VARIABLE})"
            end("\n    ".join([f"{DIFFERENT} {reason}.", *_in_words(said)]))

    def _compare(self, agreement) -> None:
        """What was exchanged, with the first process of a group."""
        marks = {**agreement.marks}
        key = f"msjax/{agreement.name}/marks"
        if cluster.rank() == agreement.ranks[0]:
            if marks:
                distributed.tell(key, json.dumps(max(marks.items())))
            return
        said = distributed.heard(key) if marks else None
        number, past = json.loads(said) if said else (0, 0)
        if marks.get(number, past) != past:
            both = f"Rank {agreement.ranks[0]} and rank {cluster.rank()}"
            end(f"{DIFFERENT} {both} have done {number} exchanges {_among(agreement.name)}, but in different orders.")

    def _tell(self, waiting: dict) -> None:
        """The other processes what this one waits for, and how far it is."""
        self._told = bool(waiting)
        waits = [(name, self._agreements[name].ranks, found.number, found.what) for name, found in waiting.items()]
        begun = {name: agreement.begun for name, agreement in [*self._agreements.items()]}
        distributed.tell(_key(cluster.rank()), json.dumps([waits, begun]) if waiting else "")

    def _all_that_wait(self) -> dict[int, str]:
        """What this process and those that it waits for say, and those that these wait for."""
        said: dict[int, str] = {}
        new = [cluster.rank()]
        while new:
            rank = new.pop()
            text = said[rank] = distributed.heard(_key(rank)) or ""
            new += [other for _, ranks, *_ in _waits(text) for other in ranks if other not in said]
        return said


def _key(rank: int) -> str:
    return f"msjax/waiting/{rank}"


def _waits(text: str) -> list:
    """(group, its ranks, the number of the exchange, what it is) for each exchange that a process waits for."""
    return json.loads(text)[0] if text else []


def _none_runs(said: dict[int, str]) -> bool:
    """Whether those that processes wait for, as they have not begun the same, wait themselves."""
    begun = {rank: json.loads(text)[1] for rank, text in said.items() if text}
    missed = [
        {rank for rank in ranks if begun.get(rank, {}).get(group, 0) < number}
        for text in said.values()
        for group, ranks, number, _ in _waits(text)
    ]
    return any(missed) and all(said[rank] for ranks in missed for rank in ranks)


def _in_words(said: dict[int, str]) -> list[str]:
    """Who waits for what."""
    lines = []
    for rank, text in sorted(said.items()):
        waits = [f"{what}, which is exchange {number} {_among(group)}" for group, _, number, what in _waits(text)]
        lines.append(f"Rank {rank}: {' and '.join(waits)}" if waits else f"Rank {rank}: nothing")
    return lines


def _among(name: str) -> str:
    return f"among {'all processes' if name == 'all' else f'the processes {name}'}"
