"""Processes agree on what they are about to do together, the first time that they do it.

XLA's collectives wait for all processes, for ever if one does something else. So the first time that a process of a
group comes to an exchange of some kind, shape and dtype, or to a program that has certain ones, it tells the first
process of the group, by the key-value store of `jax.distributed`, and that one tells all whether they agree. As long as
they do, each knows the same exchanges, so that all ask or none does. What is known costs nothing.

A process that goes on to a known exchange, while others ask about a new one, is not heard, and would wait for ever. So
a thread of each process listens for questions; if one is about an exchange that this process has begun already, as
something else, it answers in its place, and ends it, unless the others can do the same.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque

from msjax.device.communication import cluster
from msjax.device.communication.group import Group, world
from msjax.shims import distributed

_SLICE = 5.0  # seconds that one question to the store waits
_PATIENCE = 10.0  # seconds more, for the way of the verdict
_REMEMBERED = 1000  # exchanges
_VARIABLE = "MSJAX_EXCHANGE_TIMEOUT"
_END = "the end of the program"
_CLOSED = "closed"
_RUNNING = "already "
_AGREED, _ONE_BY_ONE = "agreed", "one by one"
PROGRAM, COMPILED = "a program with\n", "\nof which are left\n"


def _limit() -> float:
    return float(os.environ.get(_VARIABLE) or 300)


class Disagreement(RuntimeError):
    """Processes do not do the same together, or do not come."""


class Agreement:
    """What the processes of a group have agreed on.

    Args:
        group: the group; this process is in it.
        name: the same for groups of the same processes.
    """

    def __init__(self, group: Group, name: str):
        self._ranks, self._own, self._name = group.ranks, group.ranks[group.own], name
        self._known: set[str] = set()
        self._begun = 0  # exchanges
        self._recent: deque[str] = deque(maxlen=_REMEMBERED)
        self._questions = 0
        self._asking = threading.Lock()  # held to begin a question
        self._listener = threading.Thread(target=self._listen, name="msjax agreement", daemon=True)
        self._listener.start()

    def on(self, what: str, wait: float | None = None) -> bool:
        """Before an exchange: whether all processes of the group do the same.

        Args:
            what: the exchange, in words; if it is a whole program, after `PROGRAM`.
            wait: how many seconds to wait for the others, if not as long as usual.

        Returns:
            False for a program, if others do the exchanges in it one by one: then all have to.

        Raises:
            Disagreement: if they do not, or do not come.
        """
        while what not in self._known:
            with self._asking:
                prefix = f"msjax/{self._name}/{self._questions}"
                self._questions += 1
                distributed.offer(f"{prefix}/question", f"{self._begun}")
            verdict = self._verdict(prefix, what, _limit() if wait is None else wait)
            if verdict == _AGREED:
                self._known.add(what)
            elif verdict != _ONE_BY_ONE:
                raise Disagreement(verdict)
            elif what.startswith(PROGRAM):
                return False
        self._recent.append(what)
        self._begun += 1
        return True

    def _verdict(self, prefix: str, what: str, wait: float) -> str:
        """Answer a question; what comes of it, or what is wrong."""
        first = self._ranks[0]
        distributed.offer(f"{prefix}/{self._own}", what)
        if self._own != first:
            return distributed.ask(f"{prefix}/verdict", wait + _PATIENCE, _SLICE) or _absent([first], what, wait)
        said: dict[int, str] = {}
        until = time.monotonic() + wait
        for rank in self._ranks:
            answer = distributed.ask(f"{prefix}/{rank}", until - time.monotonic(), _SLICE)
            if answer is not None:
                said[rank] = answer
                if answer != what:  # the others may not come any more
                    until = min(until, time.monotonic() + 1)
        missing = [rank for rank in self._ranks if rank not in said]
        if len({*said.values()}) > 1:
            programs = [what for what in said.values() if what.startswith(PROGRAM)]
            written = {what.partition(COMPILED)[0] for what in programs}
            running = any(what.startswith(_RUNNING) for what in said.values())
            mixed = 0 < len(programs) < len(said) or (len(programs) == len(said) and len(written) == 1)
            verdict = _ONE_BY_ONE if mixed and not running else _different(said)
        else:
            verdict = _absent(missing, what, wait) if missing else _AGREED
        distributed.offer(f"{prefix}/verdict", verdict)
        return verdict

    def _listen(self) -> None:
        """Answer the questions that this process has passed by."""
        number = 0
        while True:
            prefix = f"msjax/{self._name}/{number}"
            question = None
            while question is None and self._questions <= number:
                try:
                    question = distributed.ask(f"{prefix}/question", 60, 60)
                except Exception:  # the store is gone, and with it the program
                    return
            if question == _CLOSED:
                return
            at = -1 if question is None else int(question)
            while self._questions <= number:
                with self._asking:
                    passed = self._questions <= number and self._begun > at
                    self._questions += passed
                if passed:
                    self._answer(prefix, self._recent[at - self._begun])
                time.sleep(0.05)
            number += 1

    def _answer(self, prefix: str, what: str) -> None:
        """The other processes are told what this one does; if that can not be, it has to end: it can not be stopped."""
        what = f"{_RUNNING}{what}" if what.startswith(PROGRAM) else what
        verdict = self._verdict(prefix, what, _PATIENCE)
        if verdict != _ONE_BY_ONE:
            print(f"Rank {self._own} is ended. {verdict}", file=sys.stderr, flush=True)
            cluster.fail(SystemExit(1))
            cluster.leave()

    def close(self) -> None:
        """Listen no more: Python does not end well while a thread waits in code of JAX."""
        distributed.offer(f"msjax/{self._name}/{self._questions}/question", _CLOSED)
        self._listener.join(timeout=_PATIENCE)


def _absent(ranks: list[int], what: str, wait: float) -> str:
    return (
        f"{_names(ranks)} did not come to {what.splitlines()[0]} within {wait:.0f} s ({_VARIABLE}). The processes of "
        "a group must all communicate, in the same order."
    )


def _different(said: dict[int, str]) -> str:
    """Who does what, first what most do."""
    parts = {rank: what.removeprefix(_RUNNING).replace(COMPILED, "\n").split("\n") for rank, what in said.items()}
    length = max(map(len, parts.values()))
    columns = [[[*lines, *["nothing more"] * length][i] for lines in parts.values()] for i in range(length)]
    place = next(i for i, column in enumerate(columns) if len({*column}) > 1)  # where they first differ
    doing: dict[str, list[int]] = {}
    for rank, what in zip(parts, columns[place], strict=True):
        doing.setdefault(what, []).append(rank)
    lines = [f"{_names(ranks)}: {what}" for what, ranks in sorted(doing.items(), key=lambda item: -len(item[1]))]
    return "\n    ".join(["The processes of a group must do the same together, but do not.", *lines])


def _names(ranks: list[int]) -> str:
    return f"{'Ranks' if len(ranks) > 1 else 'Rank'} {', '.join(map(str, ranks))}"


_agreements: dict[str, Agreement] = {}


def of(group: Group, name: str) -> Agreement:
    """That of a group of several processes, which has a name."""
    return _agreements.get(name) or _agreements.setdefault(name, Agreement(group, name))


def _leave() -> None:
    """At the end of the program: wait for the other processes; they are told if they want to communicate."""
    of(world(), "all").on(_END, wait=float("inf"))
    for agreement in _agreements.values():
        agreement.close()


cluster.before_leaving.append(_leave)
