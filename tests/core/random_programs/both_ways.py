"""Random programs as functions, compiled and not."""

from __future__ import annotations

import linecache
import warnings
from typing import Any

import msjax as ms
from golden.compare import Describer, mismatch
from golden.run import describe_error, prelude

from . import run
from .drawing import Program

CALLS = 3  # the second one compiles


def told_apart(seed: int) -> str | None:
    """In what the calls of a program differ where it may be compiled; None if they do not."""
    setup, text = function(seed)
    try:
        ms.set_compile("off")
        expected = calls(setup, text, f"/random_program_{seed}_off.py")
        ms.set_compile("auto")
        actual = calls(setup, text, f"/random_program_{seed}_auto.py")
    finally:
        ms.set_compile("auto")
    return mismatch(actual, expected)


def function(seed: int) -> tuple[str, str]:
    """Statements that make the arguments of `program`, and the text of that.

    It has the statements that do not raise; of each third program the first one that does, too.
    """
    program = Program(seed)
    failed = ["error" in step for step in run(ms, program.statements)]
    if seed % 3 == 0 and True in failed[program.inputs :]:
        failed[failed.index(True, program.inputs)] = False
    kept = [statement for statement, one in zip(program.statements, failed, strict=True) if not one]
    first = program.inputs - sum(failed[: program.inputs])
    given = _bound(kept[:first])
    lines = [f"def program({', '.join(given)}):", *kept[first:], f"return {', '.join(_bound(kept))},"]
    return "\n".join(kept[:first]), "\n    ".join(lines) + "\n"


def _bound(statements: list[str]) -> list[str]:
    """The names that they bind, once each."""
    return list(
        dict.fromkeys(
            name for name, equals, *_ in (f"{statement} .".split() for statement in statements) if equals == "="
        )
    )


def calls(setup: str, text: str, file: str) -> list[Any]:
    """What each call gives, and leaves in its arguments."""
    names: dict[str, Any] = prelude(ms) | {"__name__": "random_program"}
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    exec(compile(text, file, "exec"), names)
    describe, told = Describer(ms), []
    for _ in range(CALLS):
        given: dict[str, Any] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(setup, names, given)
            try:
                result = names["program"](**given)
            except Exception as error:
                result = describe_error(error)["error"]
        told.append(describe((result, given)))
    return told
