"""The contract of automatic compilation: programs that must do the same whether or not anything is compiled.

Each file of this folder is one topic. A program is a generator: it builds its objects, calls something about five
times, may change something between the calls, and yields what a user could see after each. The runner
(`contract.run`) executes the file anew for each mode, so that globals start fresh, and compares everything that was
yielded, printed, warned, logged, drawn and raised.

Numbers in programs that print are small dyadic fractions: what a compiler may round differently is not the matter here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

TOPICS = (
    "pure",
    "effects",
    "state",
    "captures",
    "rebinding",
    "cells",
    "control_flow",
    "values",
    "randomness",
    "outside",
    "exceptions",
    "identity",
    "hooks",
    "patching",
    "callables",
    "transforms",
    "shapes",
    "containers",
    "classes",
    "lifetime",
    "threads",
    "optimizers",
    "steps",
    "modes",
    "functions",
    "members",
    "kinds",
    "arrays",
    "replaced",
    "corners",
    "parameters",
    "wrong",
    "transaction",
    "numbers",
    "weights",
    "sources",
    "swallowed",
    "tensors",
    "hooked",
    "specials",
    "reading",
    "data",
    "warned",
    "networks",
    "first_calls",
    "late",
    "changing",
    "sharing",
    "raised",
    "exchanged",
    "trained",
    "moments",
    "given",
    "ambient",
    "varied",
    "jax_inside",
    "sinks",
    "choosing",
    "answers",
    "stored",
)

STEPS = range(5)


@dataclass
class Program:
    """One program.

    Attributes:
        body: the generator function.
        compiles: True where what it watches must end up compiled, False where it must stay eager, None where either
            is right.
        watched: what `watch` was given in the current run.
    """

    body: Callable[[], Iterator[Any]]
    compiles: bool | None = None
    watched: list = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.body.__name__


_running: list[Program] = []


def program(body=None, *, compiles: bool | None = None):
    """Declare a program: `@program` or `@program(compiles=True)`."""
    if body is None:
        return lambda body: Program(body, compiles)
    return Program(body)


def watch(fn):
    """Name the function, optimizer or Cell whose being compiled is meant; gives it back. The last one counts."""
    _running[-1].watched.append(fn)
    return fn


def attempt(fn, *args, **kwargs):
    """What a call gives, or what it raises as (type, text)."""
    try:
        return fn(*args, **kwargs)
    except Exception as error:
        return type(error).__name__, str(error)


@contextmanager
def patched(owner, name: str, value):
    """`owner.name` is `value` inside, and what it was afterwards."""
    own = name in vars(owner)
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if own:
            setattr(owner, name, before)
        else:
            delattr(owner, name)
