"""The declared cases: small pieces of MindSpore code whose outcome is recorded once and compared ever after.

A `Table` is a setup and many rows. A row given as one line of text is its own name; longer rows come from a dictionary
`{name: code}`. The last statement of a case must be an expression: its value is the outcome. Cases say `ms`, `np`, `nn`,
`ops`, `Tensor`, ... (see `golden.run.prelude`), so that the same text runs on MindSpore and on msjax.
"""

import hashlib
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from textwrap import dedent

SECTIONS = (
    "calling_grad",
    "slots",
    "identity",
    "products",
    "vmap",
    "custom_rules",
    "hooks",
    "writing_in_place",
    "higher_order",
    "jit",
    "python_in_jit",
    "graph_mode",
    "arithmetic",
    "python_protocols",
    "indexing",
    "printing",
    "cells",
    "kinks",
    "tutorial",
    "random_expressions",
    "detection",
    "probability",
    "scipy",
    "sparse",
    "grad_ops",
    "primitives",
    "cell_state",
    "rarer",
    "numbers_alone",
)

GRAPH_MODE = "ms.set_context(mode=ms.GRAPH_MODE)\n"


@dataclass(frozen=True)
class Case:
    name: str
    code: str

    @property
    def digest(self) -> str:
        """Tells a record of this very code from a record of an older text under the same name."""
        return hashlib.sha256(self.code.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Table:
    """Rows that share a setup. `rows` is text (one expression per line) or a mapping from name to code.

    With `graph="too"` each row is run a second time in GRAPH_MODE, as a case of its own marked `[graph]`;
    with `graph="only"` in GRAPH_MODE alone.
    """

    name: str
    rows: str | Mapping[str, str]
    setup: str = ""
    graph: str = "no"
    more: Mapping[str, str] = field(default_factory=dict)

    def cases(self) -> Iterator[Case]:
        rows = self.rows if isinstance(self.rows, Mapping) else {line: line for line in _lines(self.rows)}
        for title, code in {**rows, **self.more}.items():
            text = dedent(self.setup).lstrip("\n") + dedent(code).strip("\n") + "\n"
            name = f"{self.name}: {title}"
            if self.graph in ("no", "too"):
                yield Case(name, text)
            if self.graph in ("only", "too"):
                yield Case(f"{name} [graph]", GRAPH_MODE + text)


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def load(section: str) -> list[Case]:
    """All cases of a section, in the order of declaration. Names are unique within a section."""
    tables = importlib.import_module(f"{__name__}.{section}").TABLES
    cases = [case for table in tables for case in table.cases()]
    seen: set[str] = set()
    for case in cases:
        if case.name in seen:
            raise ValueError(f"{section} declares two cases named {case.name!r}")
        seen.add(case.name)
    return cases
