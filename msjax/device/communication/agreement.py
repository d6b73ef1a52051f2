"""Processes agree on what they are about to do together, the first time that they do it.

XLA's collectives wait for all processes, for ever if one does something else. So the first time that a process of a
group comes to an exchange of some kind, shape and dtype, or to a program that has certain ones, it tells the first
process of the group, by the key-value store of `jax.distributed`, and that one tells all whether they agree. As long as
they do, each knows the same exchanges, so that all ask or none does. What is known costs nothing.

A process that goes on to a known exchange, while others ask about a new one, is not heard, and would wait for ever. So
a thread of each process listens for questions; if one is about an exchange that this process has begun already, as
something else, it answers in its place, and ends it, unless the others can do the same. An answer also says what has
been exchanged before, as a number that depends on the order. `watch` compares that while nothing is asked.
"""

from __future__ import annotations

import threading
import time
import weakref
import zlib
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import jax

from msjax.device.communication import cluster
from msjax.device.communication.group import Group, mistaken, world
from msjax.device.communication.watch import DIFFERENT, VARIABLE, Watch, end, limit, names
from msjax.shims import distributed

_SLICE = 5.0  # seconds that one question to the store waits
_PATIENCE = 10.0  # seconds more, for the way of the verdict
_REMEMBERED = 1000  # exchanges
_END = "the end of the program"
_CLOSED = "closed"
_RUNNING = "already "
_AGREED, _ONE_BY_ONE = "agreed", "one by one"
_BEFORE = "\nafter "  # between what is exchanged, and what was before
_MARK = 64  # so often is what was exchanged compared, if nothing new is
PROGRAM, COMPILED = "a program with\n", "\nof which are left\n"


class Disagreement(RuntimeError):
    """Processes do not do the same together, or do not come."""


class Lost(Disagreement):
    """An exchange that had begun has failed, as they do if a process ends."""


class Waiting(NamedTuple):
    """What a process waits for.

    Attributes:
        number: of the exchange, in its group.
        what: it is, in a line.
        since: the time.
        runs: whether it has begun, which can not be stopped.
        result: one of its results, once there are some, as a weak reference.
    """

    number: int
    what: str
    since: float
    runs: bool
    result: Callable | None = None

    def over(self) -> bool:
        """Whether the result is there, or nobody has it any more."""
        result = self.result and self.result()
        return self.result is not None and (result is None or result.is_deleted() or result.is_ready())


class Agreement:
    """What the processes of a group have agreed on.

    Args:
        group: the group; this process is in it.
        name: the same for groups of the same processes.

    Attributes:
        begun: how many exchanges there have been.
        marks: what they were, by their number, now and then.
    """

    def __init__(self, group: Group, name: str):
        self.group, self.ranks, self._own, self.name = group, group.ranks, group.ranks[group.own], name
        self._known: dict[str, int] = {}
        self.begun = 0
        self._past = 0  # depends on all exchanges and their order
        self.marks: dict[int, int] = {}
        self._recent: deque[tuple[str, int]] = deque(maxlen=_REMEMBERED)
        self._waiting: Waiting | None = None
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
                prefix = f"msjax/{self.name}/{self._questions}"
                self._questions += 1
                distributed.offer(f"{prefix}/question", f"{self.begun}")
            self._waiting = Waiting(self.begun + 1, _brief(what), time.monotonic(), False)
            try:
                verdict = self._verdict(prefix, what, self.begun, self._past, limit() if wait is None else wait)
            finally:
                self._waiting = None
            if verdict == _AGREED:
                self._known[what] = zlib.crc32(what.encode())
            elif verdict != _ONE_BY_ONE:
                raise Disagreement(verdict)
            elif what.startswith(PROGRAM):
                return False
        self._recent.append((what, self._past))
        self.begun += 1
        self._past = hash((self._past, self._known[what]))
        if self.begun % _MARK == 0:
            self.marks[self.begun] = self._past
            self.marks.pop(self.begun - _MARK * _REMEMBERED, None)
        return True

    def run(self, function: Callable[..., list], *arguments) -> list:
        """The results of an exchange, after `on`: it is watched until they are there.

        Raises:
            Lost: if it fails.
        """
        what, _ = self._recent[-1]
        self._waiting = waiting = Waiting(self.begun, what, time.monotonic(), True)
        try:
            results = function(*arguments)
        except BaseException as error:
            self._waiting = None
            if isinstance(error, (jax.errors.JaxRuntimeError, ValueError)):  # gloo's errors are the latter
                raise Lost(_LOST.format(what=_brief(what), error=f"{error}".splitlines()[0])) from None
            raise
        self._waiting = waiting._replace(result=weakref.ref(results[0])) if results else None
        return results

    def waiting(self) -> Waiting | None:
        """The exchange that this process waits for."""
        waiting = self._waiting
        return None if waiting is None or waiting.over() else waiting._replace(what=_brief(waiting.what))

    def _verdict(self, prefix: str, what: str, number: int, past: int, wait: float) -> str:
        """Answer a question; what comes of it, or what is wrong."""
        first = self.ranks[0]
        distributed.offer(f"{prefix}/{self._own}", f"{what}{_BEFORE}{self._history(number, past)}")
        if self._own != first:
            verdict = self._ask(first, f"{prefix}/verdict", time.monotonic() + wait + _PATIENCE)
            return verdict or self._absent([first], what, wait)
        said: dict[int, str] = {}
        histories: dict[int, str] = {}
        until = time.monotonic() + wait
        for rank in self.ranks:
            answer = self._ask(rank, f"{prefix}/{rank}", until)
            if answer is not None:
                said[rank], _, histories[rank] = answer.partition(_BEFORE)
                if said[rank] != what:  # the others may not come any more
                    until = min(until, time.monotonic() + 1)
        verdict = _judged(said, histories)
        missing = [rank for rank in self.ranks if rank not in said]
        if verdict == _AGREED and missing:
            verdict = self._absent(missing, what, wait)
        distributed.offer(f"{prefix}/verdict", verdict)
        return verdict

    def _ask(self, rank: int, key: str, until: float) -> str | None:
        """What another process says, if it does before that time, and means the same group."""
        while True:
            left = max(until - time.monotonic(), 0)
            answer = distributed.ask(key, min(left, _SLICE), _SLICE)
            if answer is not None or left <= _SLICE or mistaken(self.group, rank):
                return answer

    def _history(self, number: int, past: int) -> str:
        """What was exchanged before, as a number, and the last of it in words."""
        words = [_brief(what) for what, _ in [*self._recent][: number - self.begun or None][-3:]]
        return "\n".join([f"{number} exchanges, {past & 0xFFFFFFFF:x}", *words])

    def _absent(self, ranks: list[int], what: str, wait: float) -> str:
        other = next(filter(None, (mistaken(self.group, rank) for rank in ranks)), None)
        return other or (
            f"{names(ranks)} did not come to {what.splitlines()[0]} within {wait:.0f} s ({VARIABLE}). The processes "
            "of a group must all communicate, in the same order."
        )

    def _listen(self) -> None:
        """Answer the questions that this process has passed by."""
        number = 0
        while True:
            prefix = f"msjax/{self.name}/{number}"
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
                    passed = self._questions <= number and self.begun > at
                    self._questions += passed
                if passed:
                    self._answer(prefix, at, *self._recent[at - self.begun])
                time.sleep(0.05)
            number += 1

    def _answer(self, prefix: str, number: int, what: str, past: int) -> None:
        """The other processes are told what this one does; if that can not be, it has to end: it can not be stopped."""
        what = f"{_RUNNING}{what}" if what.startswith(PROGRAM) else what
        verdict = self._verdict(prefix, what, number, past, _PATIENCE)
        if verdict != _ONE_BY_ONE:
            end(verdict)

    def close(self) -> None:
        """Listen no more: Python does not end well while a thread waits in code of JAX."""
        distributed.offer(f"msjax/{self.name}/{self._questions}/question", _CLOSED)
        self._listener.join(timeout=_PATIENCE)


_LOST = "{what} failed: another process of the group has ended, as its log may explain, or can not be reached. {error}"


def _brief(what: str) -> str:
    """An exchange in one line."""
    if not what.startswith(PROGRAM):
        return what
    first, *others = what.removeprefix(PROGRAM).partition(COMPILED)[0].splitlines()
    return f"a program with {first}" + (f" and {len(others)} more" if others else "")


def _judged(said: dict[int, str], histories: dict[int, str]) -> str:
    """What comes of the answers to a question."""
    if len({*said.values()}) > 1:
        programs = [what for what in said.values() if what.startswith(PROGRAM)]
        written = {what.partition(COMPILED)[0] for what in programs}
        running = any(what.startswith(_RUNNING) for what in said.values())
        mixed = 0 < len(programs) < len(said) or (len(programs) == len(said) and len(written) == 1)
        if running or not mixed:
            return _different(said)
    if len({*histories.values()}) > 1:
        lines = [f"{names([rank])}: {'; '.join(history.splitlines())}" for rank, history in histories.items()]
        return "\n    ".join([f"{DIFFERENT} Before {_brief(next(iter(said.values())))} they have done:", *lines])
    return _ONE_BY_ONE if len({*said.values()}) > 1 else _AGREED


def _different(said: dict[int, str]) -> str:
    """Who does what, first what most do."""
    parts = {rank: what.removeprefix(_RUNNING).replace(COMPILED, "\n").split("\n") for rank, what in said.items()}
    length = max(map(len, parts.values()))
    columns = [[[*lines, *["nothing more"] * length][i] for lines in parts.values()] for i in range(length)]
    place = next(i for i, column in enumerate(columns) if len({*column}) > 1)  # where they first differ
    doing: dict[str, list[int]] = {}
    for rank, what in zip(parts, columns[place], strict=True):
        doing.setdefault(what, []).append(rank)
    lines = [f"{names(ranks)}: {what}" for what, ranks in sorted(doing.items(), key=lambda item: -len(item[1]))]
    return "\n    ".join([DIFFERENT, *lines])


_agreements: dict[str, Agreement] = {}
_watch = Watch(_agreements)


def of(group: Group, name: str) -> Agreement:
    """That of a group of several processes, which has a name."""
    if not _agreements:
        _watch.start()
    return _agreements.get(name) or _agreements.setdefault(name, Agreement(group, name))


def _leave() -> None:
    """At the end of the program: wait for the other processes; they are told if they want to communicate."""
    of(world(), "all").on(_END, wait=float("inf"))
    _watch.close()
    for agreement in _agreements.values():
        agreement.close()


cluster.before_leaving.append(_leave)
