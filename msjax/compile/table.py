"""The table of programs, by the keys of the calls that they serve, and what is known of calls that have none yet."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import Any

from msjax.compile.answers import note
from msjax.compile.fingerprint import Call
from msjax.compile.guards import Guards
from msjax.compile.lengths import Seen
from msjax.compile.program import Program
from msjax.compile.stores import Store
from msjax.shims.lengths import Example

VARIANTS = 8  # programs for calls of one key; the oldest goes then
UNUSED = 4  # that many in a row, which served fewer calls than _WORTH each: what they read changes all the time
_WORTH = 4
_PATIENCE = 8  # calls before a program is made for objects that are made anew all the time, twice as many each time
_LONGEST = 5  # doublings of that
_TWICE = 2  # a function goes a way, of the last WAYS, before a program is made for it
WAYS = 16
_BEFORE = 8  # calls, by whose ways that of the next one is guessed
_UNSETTLED = 2  # programs in a row that stored what no checks expect
_DIFFERENT = 2  # numbers of an argument, before a program is made for all
_KEPT = 256  # keys with programs
_SEEN = 4096  # keys without programs

entries: OrderedDict = OrderedDict()
# What is known of calls without programs goes by hashes, so that it keeps nothing of the user's alive.
_seen: dict[int, int] = {}  # by the hash of a key that has no programs yet: how many calls
_short_lived: dict[tuple, int] = {}  # by code that lives: how many programs in a row went with their objects unpaid
_numbers: dict[int, set] = {}  # by the hash of a key without numbers: the hashes of the last keys with them
_spent: dict[tuple, float] = {}  # by code: seconds in eager calls
_shapes: dict[int, Seen] = {}  # by the hash of a key without shapes: those of the last calls
_compiled: dict[tuple, int] = {}  # by code: the hash of what its last new program took, see `compiles`
together: set[tuple] = set()  # code in whose programs processes communicate, so that all must compile it, or none


class Variant:
    """A program, and the checks under which it may run: `check` of what a call brings finds the Tensors that it
    captured, then the objects in which it stores something, then the numbers of its result.

    Attributes:
        stores: what is stored after each run. The program gives the values beside its result, if there are any.
        beside: how much the checks find besides Tensors.
        answers: what Tensors answer that its function asks for their values; its program demands that.
        example: what its function was told about lengths that may be others.
        runs: how many calls it served.
    """

    __slots__ = ("answers", "beside", "check", "example", "guards", "program", "runs", "stores")

    def __init__(
        self, program: Program, check: Callable, guards: Guards, stores: tuple[Store, ...], answers: tuple = (),
        example: Example | None = None,
    ):  # fmt: skip
        self.program, self.check, self.guards, self.stores = program, check, guards, stores
        self.beside, self.answers = len(stores) + len(program.numbers), answers
        self.example: Any = example
        self.runs = 0

    def found(self, call: Call) -> Any:
        """What the check finds for a call; None if it fails."""
        if self.example is not None and not self.example.holds(call.lengths.values):
            return None
        return self.check(call.pins, call.handles, call.numbers, call.containers)

    def run(self, call: Call, found: list, again: Callable):
        """The result for a call, with what its check found; `again` runs the call eagerly."""
        numbers, objects = (), []
        if self.beside:  # as it seldom is
            end = len(found) - self.beside
            numbers, objects = found[end + len(self.stores) :], found[end : end + len(self.stores)]
            found = found[:end]
        result = self.program(call, found, again, numbers)
        self.runs += 1
        if self.answers:
            note(self.answers)
        if not self.stores:
            return result
        result, values = result
        for store, obj, value in zip(self.stores, objects, values, strict=True):
            store.do(obj, store.key, value)
        return result


class Entry:
    """The programs for calls of one key.

    Attributes:
        codes: the user's code that they run.
        lives: the code by which it is known how long their objects live: the user's, else msjax's own.
        eager: why these calls run eagerly, or None.
        open: whether the calls may differ in the numbers that they take.
        fixed: whether numbers that differ from call to call must be compiled in.
        postponed: how many seconds they are to take before they are traced again.
        ways: if the function asks for values, the answers that its last eager calls got.
        gone, follows: the programs of the last calls of such a function, and which one came after some in a row.
        first: whether it is made for a first call, which may make what others find: a table, a weight of a shape.
        unsettled: how many programs in a row stored what the checks of none would let pass.
        seen: the shapes of such calls, if these may be others.
    """

    __slots__ = (
        "codes", "eager", "first", "fixed", "follows", "gone", "lives", "open", "postponed", "seen", "unsettled",
        "variants", "ways",
    )  # fmt: skip

    def __init__(self, codes: tuple = (), lives: tuple | None = None):
        self.codes, self.lives = codes, codes if lives is None else lives
        self.variants: list[Variant] = []
        self.eager: str | None = None
        self.open = self.fixed = self.first = False
        self.postponed = 0.0
        self.unsettled = 0
        self.seen: Seen | None = None
        self.ways: deque[tuple] | None = None
        self.gone: tuple[Variant, ...] = ()
        self.follows: dict[tuple[Variant, ...], Variant] = {}

    def found(self, call: Call, wrong: Sequence[tuple] = ()) -> tuple:
        """A program for a call, and what its check found; None if there is none.

        Args:
            wrong: the answers that programs got, up to the one that did not hold.
        """
        for variant in self.variants if self.ways is None else self._likely():
            if not wrong or _may_hold(variant.answers, wrong):
                found = variant.found(call)
                if found is not None:
                    return variant, found
        return None, []

    def due_way(self, wrong: Sequence[tuple]) -> tuple | None:
        """The answers for which a program is to be made, if it is time for one: the function got them last, not for the
        first time, and they may hold."""
        ways = self.ways or ()
        return ways[0] if ways and ways.count(ways[0]) >= _TWICE and _may_hold(ways[0], wrong) else None

    def give_up(self, reason: str) -> None:
        """No more programs are made; those that hardly served go."""
        self.eager = reason
        self._keep([v for v in self.variants if v.runs >= _WORTH])

    def _likely(self) -> list[Variant]:
        """The programs, the one first that came next when the same came before; else the one that served last."""
        before = (self.gone[n:] for n in range(len(self.gone) + 1))  # the more, the surer
        guess = next((self.follows[b] for b in before if b in self.follows), None)
        return self.variants if guess is None else [guess, *(v for v in self.variants if v is not guess)]

    def went(self, variant: Variant) -> None:
        """A program served a call of a function that goes by values."""
        _bound(self.follows)
        self.follows |= {self.gone[n:]: variant for n in range(len(self.gone) + 1)}
        self.gone = (*self.gone, variant)[-_BEFORE:]
        if self.variants[:1] != [variant]:
            self.variants = [variant, *(v for v in self.variants if v is not variant)]

    def settles(self, variant: Variant, call: Call) -> bool:
        """Whether what a new program has stored may be stored again by one that is known, or by the next. A first call
        may store what the others find; but what every call finds anew would need a program each time."""
        settled = not variant.stores or self.found(call)[0] is not None
        self.unsettled = 0 if settled else self.unsettled + 1
        return self.unsettled <= _UNSETTLED

    def always_changes(self, tries: int) -> bool:
        """Whether the latest programs hardly served, so that one more will not either."""
        return len(self.variants) >= tries and sum(v.runs for v in self.variants[:tries]) < tries * _WORTH

    def add(self, variant: Variant) -> None:
        self._keep([variant, *self.variants[: VARIANTS - 1]])

    def drop(self, variant: Variant) -> None:
        """A program can not be run any more."""
        self._keep([v for v in self.variants if v is not variant])

    def _keep(self, variants: list[Variant]) -> None:
        self.variants, self.gone = variants, ()
        self.follows.clear()

    def known_numbers(self) -> dict:
        """The numbers that the latest program read, if those that differ may stay open."""
        return {} if self.fixed or not self.variants else self.variants[0].guards.numbers


def _may_hold(answers: tuple, wrong: Sequence[tuple]) -> bool:
    """Whether answers are those that held, and others than those that did not."""
    return all(answers[: (n := len(w) - 1)] == w[:n] and answers[n : n + 1] != w[n:] for w in wrong)


def enter(key, codes: tuple, lives: tuple | None = None) -> Entry:
    """A new entry; the oldest one goes."""
    entry = entries[key] = Entry(codes, lives)
    if len(entries) > _KEPT:
        entries.popitem(last=False)
    return entry


def enter_when_due(key, codes: tuple, lives: tuple, at_once: bool, trains: Callable[[], bool]) -> Entry | None:
    """A new entry, if it is time for one: the first call is not, unless `at_once`, since it may be the only one."""
    calls = _seen.get(hash(key), 0)
    # A function whose objects are made anew for each use, as in a loop that builds networks, or a layer that a step
    # makes to call it once, would always be compiled. What trains is, if it is to be compiled at once.
    lost = _short_lived.get(lives, 0) - UNUSED if lives else -1
    _bound(_seen, _short_lived)
    _seen[hash(key)] = calls + 1
    if lost < 0 or lives in together or (at_once and trains()):
        patience = 0 if at_once else 1
    else:
        patience = _PATIENCE << (0 if at_once else min(lost, _LONGEST))
    if calls < patience:
        return None
    entry = enter(key, codes, lives)
    entry.first = not calls
    return entry


def differs_in_numbers(shared, key) -> bool:
    """Whether calls of one key, but for their numbers, have come with so many that a program for all is worth it."""
    _bound(_numbers)
    others = _numbers.setdefault(hash(shared), set())
    others.add(hash(key))
    return len(others) > _DIFFERENT


def seen_shapes(key) -> Seen:
    """The shapes of calls with a key that leaves them out."""
    _bound(_shapes)
    return _shapes.setdefault(hash(key), Seen())


def note_compiled(codes: tuple, taken: tuple | None) -> None:
    """A program was made for a call of some code that took something; None if that may differ each time."""
    _bound(_compiled)
    _compiled[codes] = hash(taken)


def compiles(codes: tuple, taken: tuple | None) -> bool:
    """Whether calls of some code that take the same but for shapes compile: others then will, too, the first time."""
    return taken is not None and _compiled.get(codes) == hash(taken)


def has_run(codes: tuple) -> bool:
    """Whether calls of some code have run eagerly, or been compiled."""
    return codes in _spent


def spent(codes: tuple) -> float:
    """The seconds that eager calls of some code have taken."""
    return _spent.setdefault(codes, 0.0) if codes else 0.0


def spend(codes: tuple, seconds: float) -> None:
    """An eager call took some seconds. What is of msjax alone, as optimizers are, is not told apart by its code."""
    _bound(_spent)
    if codes:
        _spent[codes] = _spent.get(codes, 0.0) + seconds


def gone(key, reference) -> None:
    """An object that the programs of a key are for is gone, so they are, too."""
    if entries is None:  # as it is when the interpreter ends
        return
    entry = entries.pop(key, None)
    if entry is not None:
        _seen.pop(hash(key), None)  # another object may get the same id
        paid = sum(v.runs for v in entry.variants) >= _WORTH
        _short_lived[entry.lives] = 0 if paid else _short_lived.get(entry.lives, 0) + 1


def _bound(*tables: dict) -> None:
    for table in tables:
        if len(table) > _SEEN:
            table.clear()
