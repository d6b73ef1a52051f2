"""Docstrings of layers, optimizers and schedules: what an argument means stands once, and each shows all of its own.

The docstring in the text says what something computes and gives, and shows an example. `documented` and its kin add

- what the docstring of the nearest private base class says, if the own one is only a sentence;
- under "Args" all arguments with their defaults, under "Inputs" those of `construct`: as the class or a private base
  class describes them, else as `meanings` does;
- what the whole family gives and raises, and its example, if nothing else is said.
"""

from __future__ import annotations

import functools
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from msjax.nn import meanings

_Described = TypeVar("_Described", bound=Callable)
_NOTE = "Differs from MindSpore"
_TITLES = ("Args", "Inputs", "Returns", "Raises", "Example")


class _Docstring:
    """The docstring of a class, made when it is first read: programs that train read none of several hundred."""

    def __init__(self, make: Callable[[], str]):
        self._make = make

    @functools.cached_property
    def text(self) -> str:
        return self._make()

    def __get__(self, instance, owner) -> str:
        return self.text


class Family:
    """A decorator that completes the docstrings of the members of a family, see above.

    Args:
        meanings: of arguments, by their names.
        filled_in: the example of those whose own is one line, "arguments -> [results]".
        sections: what is said where a member does not say otherwise, by title.
    """

    def __init__(self, meanings: dict[str, str], filled_in: str = "", **sections: str):
        self._filled_in = filled_in
        self._meanings = {name: meaning for names, meaning in meanings.items() for name in names.split()}
        self._sections = {title: text.split("\n") for title, text in sections.items()}

    def __call__(self, member: _Described) -> _Described:
        text = member.__doc__
        if text is None:  # python -OO
            return member
        doc: Any = _Docstring(lambda: self._completed(member, text))
        is_class: bool = isinstance(member, type)
        member.__doc__ = doc if is_class else doc.text  # of a function it must be a text
        return member

    def _completed(self, member: Callable, text: str) -> str:
        own = _sections(text)
        private = [base for base in getattr(member, "__mro__", ())[1:] if base.__name__[0] == "_"]
        bases = [_sections(base.__doc__ or "") for base in private if "__doc__" in vars(base)]
        shared = {title: [t.replace("NAME", member.__name__) for t in text] for title, text in self._sections.items()}
        said = [own, *bases, shared]
        sections = {title: next((s[title] for s in said if title in s), []) for title in _TITLES}
        if self._filled_in and len(sections["Example"]) == 1:
            sections["Example"] = self._example(member.__name__, *sections["Example"][0].split(" -> "))
        known = self._meanings | _entries(own, *bases)
        sections["Args"] = list(_described(member, known, defaults=True))
        sections["Inputs"] = list(_described(member.construct, known)) if hasattr(member, "construct") else []
        body = own[""] if len(own[""]) > 1 else [*own[""], *next((base[""] for base in bases if base[""]), [])]
        notes = [paragraph for paragraph in body if paragraph.startswith(_NOTE)]
        parts = [paragraph for paragraph in body if paragraph not in notes]
        parts += [f"{title}:\n{_indented(lines)}" for title, lines in sections.items() if lines]
        return "\n\n".join([*parts, *notes])

    def _example(self, name: str, arguments: str, results: str) -> list[str]:
        words = {"NAME": name, "ARGUMENTS": arguments, "COUNT": str(results.count(",") + 1), "RESULTS": results}
        return re.sub("|".join(words), lambda word: words[word[0]], self._filled_in).split("\n")


_FAULTY = "TypeError, ValueError: if an argument is out of range or of the wrong type."
# Of most optimizers the first step is as long as the learning rate.
_STEP = """>>> w = Parameter(Tensor([1.0]), name="w")
>>> done = {}((Tensor([3.0]),))
>>> w.asnumpy()
array([0.5], dtype=float32)"""
documented = Family(meanings.LAYERS)
documented_optimizer = Family(
    meanings.OPTIMIZERS,
    Returns="A tuple of True, one for each Parameter.",
    Raises=_FAULTY,
    Example=_STEP.format("nn.NAME([w], learning_rate=0.5)"),
)
documented_grouped = Family(
    meanings.GROUPED,
    Returns="True.",
    Raises=_FAULTY,
    Example=_STEP.format("ms.experimental.optim.NAME([w], lr=0.5)"),
)
documented_schedule = Family(meanings.SCHEDULES, Returns="A Tensor, the rate of the step.", Raises=_FAULTY)
documented_rates = Family(meanings.SCHEDULES, Returns="One rate for each step.", Raises=_FAULTY)
documented_scheduler = Family(
    meanings.SCHEDULERS,
    Raises="TypeError: if an argument is of the wrong type.",
    filled_in="""\
>>> optimizer = ms.experimental.optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
>>> scheduler = ms.experimental.optim.lr_scheduler.NAME(optimizer, ARGUMENTS)
>>> rates = []
>>> for _ in range(COUNT):
...     rates.append(round(float(optimizer.param_groups[0]["lr"]), 4))
...     _ = scheduler.step()
>>> rates
RESULTS""",
)


def _indented(lines: list[str]) -> str:
    return textwrap.indent("\n".join(lines), "    ")


def _sections(text: str) -> dict[str, list[str]]:
    """The sections of a docstring as it stands in the source, and under "" its paragraphs."""
    sections: dict[str, list[str]] = {"": []}
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        head, *lines = paragraph.split("\n")
        title = head.removesuffix(":")
        if title in _TITLES:
            sections[title] = [line.removeprefix("    ") for line in lines]
        elif paragraph:
            sections[""].append(paragraph)
    return sections


def _entries(*sections: dict[str, list[str]]) -> dict[str, str]:
    """What arguments mean, by name; the first of some sections counts."""
    known: dict[str, str] = {}
    lines = [line for said in sections for title in ("Args", "Inputs") for line in said.get(title, ())]
    names: list[str] = []
    for line in lines:
        if line.startswith(" "):
            known |= {name: f"{known[name]} {line.strip()}" for name in names}
        else:
            head, _, meaning = line.partition(": ")
            names = [name for name in head.split(", ") if name not in known]
            known |= dict.fromkeys(names, meaning)
    return known


def _described(function: Callable, known: dict[str, str], defaults: bool = False) -> Iterator[str]:
    """A line for each argument."""
    for p in inspect.signature(function).parameters.values():
        if p.name == "self":
            continue
        star = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
        shown = defaults and p.default is not p.empty and not inspect.isfunction(p.default)
        default = f" Default: {_shown(p.default)}." if shown else ""
        line = f"{star}{p.name}: {known[p.name]}{default}"
        yield textwrap.fill(line, 116, subsequent_indent="    ")


def _shown(default: object) -> str:
    return repr(default).replace("mindspore.", "ms.").replace("'", '"')
