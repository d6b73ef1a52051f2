"""Random programs of Tensors with a state, each drawn from a seed: MindSpore and msjax are asked for the same ones.

`outcome(ms, seed)` runs one with either, and tells after each statement what has changed.
"""

from __future__ import annotations

import copy
import json
import warnings
from types import ModuleType
from typing import Any

from golden.compare import Describer
from golden.run import describe_error, prelude

from .drawing import Program

Step = dict[str, Any]


def statements(seed: int) -> list[str]:
    return Program(seed).statements


def outcome(ms: ModuleType, seed: int) -> list[Step]:
    """What each statement of the program of a seed does."""
    return run(ms, statements(seed))


def run(ms: ModuleType, text: list[str]) -> list[Step]:
    """`{"error": type}` if a statement raises, and `{"changed": {name: what it is now}}` if it changes variables."""
    describe, names, before = Describer(ms), prelude(ms), {}
    known = set(names)
    steps = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for statement in text:
            step: Step = {}
            try:
                exec(statement, names)
            except Exception as error:
                step = {key: told for key, told in describe_error(error).items() if key != "says"}
            after = {name: _told(describe, names[name]) for name in names.keys() - known if name[0] != "_"}
            changed = {name: after[name] for name in sorted(after) if after[name] != before.get(name)}
            before = copy.deepcopy(after)
            steps.append(step | ({"changed": changed} if changed else {}))
    return json.loads(json.dumps(steps))


def _told(describe: Describer, value: Any) -> Any:
    try:
        return describe(value)
    except Exception as error:
        return {"broken": type(error).__name__}
