"""The docstring of a face, made for that face: with its own name, parameters, defaults and overloads.

What an operator means stands once, in its definition's docstring, which speaks of the definition's parameters; here
they get the names that the face has for them, and what is said of parameters that the face has not is left out. What
a parameter means stands once for each name (`parameters`), or in the definition's section "Args".
"""

from __future__ import annotations

import functools
import inspect
import re

from msjax.ops.call.operator import Operator
from msjax.ops.help import examples
from msjax.ops.help.operators import MEANINGS, RETURNS, WORDS
from msjax.ops.help.parameters import IGNORED, PARAMETERS
from msjax.ops.table.signature import Face, Param, Signature

UNSAID = "see above."  # a test finds what still lacks its meaning
_QUOTED = re.compile(r"`([^`\n]+)`")
_NAMES = re.compile(r"`[^`\n]+`|(?<!` )\b[xy]\b")  # also in formulas; not the sign in "`n` x `m`"
_CLAUSE = re.compile(r"(?<=[;.])\s+")
_WORD = re.compile(r"[A-Za-z_]\w*")
_VALUE = re.compile(r"\{(\w+)((?:\s*\|[^|{}]+)*)\}")  # "{axis}" or "{side|tril: below|triu: above}"


def text(faces: list[Face], like: str = "") -> str:
    """The docstring of an object made of `faces`.

    Args:
        like: "room.name" of what gives the same, whose example fits if there is no own.
    """
    views = [_View(face, like) for face in faces]
    first, *_ = different = list({view.face.operator: view for view in reversed(views)}.values())[::-1]
    parts = [_overloads(views)] if len(faces) > 1 else []
    parts += _distinct(view.summary for view in different)
    if first.face.init is not None:
        parts += [_parameters("Args:", views, first.face.init), _parameters("Inputs:", views, first.face.call)]
    else:
        parts.append(_parameters("Args:", views, *(face.call for face in faces)))
    returned = _distinct(view.returns for view in different)
    parts.append("\n".join(["Returns:", *(f"    {line}" for line in returned)]))
    raised = _distinct(line for view in different for line in view.raises)
    parts.append("\n".join(["Raises:", *(f"    {line}" for line in raised)]) if raised else "")
    parts += [
        next(filter(None, (view.example for view in views)), ""),
        *_distinct(note for view in different for note in view.notes),
    ]
    return "\n\n".join(part for part in parts if part)


def _distinct(lines) -> list[str]:
    return list(dict.fromkeys(lines))


def _overloads(views: list[_View]) -> str:
    return "\n".join(_distinct(f"{v.face.name}({_shown(v.face).source()})" for v in views))


def _shown(face: Face) -> Signature:
    """The parameters of a call as the user writes it: without `self`."""
    return Signature(tuple(p for p in face.call.parameters if not _is_self(face, p)))


def _is_self(face: Face, p: Param) -> bool:
    return face.room == "Tensor" and p.name == "self"


def _parameters(title: str, views: list[_View], *signatures: Signature) -> str:
    """The section that says what the parameters of one or several signatures mean, each once."""
    lines: dict[str, str] = {}
    owners = views if len(signatures) == len(views) else views[:1] * len(signatures)
    defaults: dict[str, set] = {}
    for view, signature in zip(owners, signatures, strict=True):
        for p in signature.parameters:
            if not _is_self(view.face, p):
                lines.setdefault(p.name, f"{'*' * (p.kind == '*')}{p.name}: {view.meaning(p.name)}")
                defaults.setdefault(p.name, set()).add(p.default)
    for name, found in defaults.items():
        if len(found) == 1 and None not in found:
            lines[name] += f" Default: {found.pop().replace('mstype.', 'ms.')}."
    return "\n".join([title, *(f"    {line}" for line in lines.values())]) if lines else ""


class _Said:
    """A definition's docstring, taken apart."""

    def __init__(self, doc: str):
        self.body: list[str] = []  # paragraphs
        self.notes: list[str] = []  # paragraphs that say in what we differ
        self.args: dict[str, str] = {}
        self.returns, self.raises, self.example = "", [], []
        for paragraph in doc.split("\n\n") if doc else ():
            head, *lines = paragraph.split("\n")
            if head == "Args:":
                for names, _, meaning in (line.partition(": ") for line in _entries(lines)):
                    self.args.update(dict.fromkeys(names.split(", "), meaning))
            elif head == "Returns:":
                self.returns = " ".join(line.strip() for line in lines)
            elif head == "Raises:":
                self.raises = _entries(lines)
            elif head == "Example:":
                self.example = lines
            else:
                (self.notes if head.startswith("Differs from MindSpore") else self.body).append(paragraph)


@functools.cache
def _said(operator: Operator) -> _Said:
    doc = inspect.cleandoc(operator.definition.__doc__ or "")
    doc = _VALUE.sub(lambda value: _worded(operator, value), doc)
    return _Said(doc.replace("the last 1 axes", "the last axis").replace(" 1 axes", " 1 axis"))  # made for 1, 2, 3 axes


def _worded(operator: Operator, value: re.Match) -> str:
    """The value of a static parameter in words."""
    name, choices = value[1], value[2].split("|")[1:]
    words = WORDS.get(name, {}) | dict(choice.strip().split(": ", 1) for choice in choices)
    text = str(operator.defaults[name]).lower() if name in operator.defaults else value[0]
    return words.get(text, text)


def _entries(lines: list[str]) -> list[str]:
    """The entries of a section; what is indented further continues the entry before."""
    entries: list[str] = []
    for line in lines:
        if line.startswith("     "):
            entries[-1] += f" {line.strip()}"
        else:
            entries.append(line.strip())
    return entries


class _View:
    """What a definition says, in the words of one face."""

    def __init__(self, face: Face, like: str):
        definition = face.operator.definition
        self.face, self.targets, self.like = face, face.targets, like
        self.said, self.name = _said(face.operator), definition.__name__
        *_, self.wing, self.topic = definition.__module__.split(".")
        known = {*face.operator.arrays, *face.operator.statics}
        self.renamed = {target: name for name, target in self.targets.items() if target in known}
        self.missing = known - set(self.renamed)

    @property
    def in_table(self) -> tuple[str, str] | None:
        """Meaning and result of a definition made in a loop."""
        face = f"{self.face.room}.{self.face.name}"
        return None if self.said.body else MEANINGS.get(face) or MEANINGS.get(self.name)

    @property
    def summary(self) -> str:
        said = [self.in_table[0]] if self.in_table else self.said.body
        return "\n\n".join(self.worded(paragraph) for paragraph in said)

    @property
    def returns(self) -> str:
        face, returned = self.face, self.in_table
        if face.room == "Tensor" and face.name.endswith("_") and not face.name.endswith("__"):
            return "This Tensor, with the new elements."
        if self.said.returns:
            return self.worded(self.said.returns)
        return returned[1] if returned else RETURNS.get(f"{self.topic}.{self.name}") or RETURNS.get(self.topic, UNSAID)

    @property
    def raises(self) -> list[str]:
        return [self.worded(line) for line in self.said.raises if not self._speaks_of_missing(line)]

    @property
    def notes(self) -> list[str]:
        return [self.worded(note) for note in self.said.notes]

    @property
    def example(self) -> str:
        """The definition's example, if it is one of this face, or a call of this face with values from the table."""
        call = f"{self.face.room}.{self.face.name}("
        lines = self.said.example
        if not any(call in line for line in lines):
            own = examples.find(self.wing, call[:-1], self.like, f"{self.topic}.{self.name}")
            lines = self._shown(*own) if own else []
        return "\n".join(["Example:", *lines]) if lines else ""

    def _shown(self, arguments: str, output: str) -> list[str]:
        """The lines of an example: a call with `arguments` for the definition's parameters, and what it gives."""
        values = dict(argument.split("=", 1) for argument in arguments.split("; "))
        face, method = self.face, self.face.room == "Tensor"
        init = None if face.init is None else self._arguments(face.init, values)
        call = self._arguments(_shown(face), values)
        fits = self.missing.isdisjoint(values) and call is not None and (face.init is None or init is not None)
        if not fits or face.name.startswith("__") or (method and self.targets["self"] not in values):
            return []
        before = self._value(self.targets["self"], values) if method else face.room.replace("numpy", "ms.numpy")
        made = "" if face.init is None else f"({init})"
        return [f"    >>> {before}.{face.name}{made}({call})", *(f"    {line}" for line in output.split("\n"))]

    def _arguments(self, signature: Signature, values: dict[str, str]) -> str | None:
        """The arguments of an example's call; None if one is wanted that has no value."""
        given, by_name = [], False
        for p in signature.parameters:
            target = self.targets[p.name]
            if target in values:
                by_name = by_name or p.kind == "="
                value = self._value(target, values)
                given.append(f"{p.name}={value}" if by_name else value)
            elif p.default is None and p.kind != "*":
                return None
            else:
                by_name = True
        return ", ".join(given)

    def _value(self, target: str, values: dict[str, str]) -> str:
        """An array's value is written as a list."""
        value = values[target]
        return f"Tensor({value})" if target in self.face.operator.arrays and value[0] == "[" else value

    def meaning(self, name: str) -> str:
        """What a parameter of the face means."""
        target, said = self.targets[name], self.said.args
        for own in (name, target):
            if own in said:
                return self.worded(said[own])
        if target == "_":
            return "the result is cast to it; None to leave it." if self.face.room == "numpy" else IGNORED
        for own in (name, target):
            for key in (f"{self.name}.{own}", f"{self.topic}.{own}"):
                if key in PARAMETERS:
                    return PARAMETERS[key]
        return PARAMETERS.get(name, UNSAID)

    def worded(self, said: str) -> str:
        """A text with the names that the face has for the definition's parameters; without the clauses that speak of
        others."""
        if self.missing and self._speaks_of_missing(said):
            first, *others = _CLAUSE.split(said)
            clauses = [first, *(clause for clause in others if not self._speaks_of_missing(clause))]
            said = " ".join(clauses).rstrip(";.") + "."
            said = _QUOTED.sub(lambda m: m[1] if m[1] in self.missing else m[0], said)
        return _NAMES.sub(lambda names: _WORD.sub(self._own_name, names[0]), said)

    def _own_name(self, word: re.Match) -> str:
        return self.renamed.get(word[0]) or word[0]

    def _speaks_of_missing(self, said: str) -> bool:
        return any(name in self.missing for quoted in _QUOTED.findall(said) for name in _WORD.findall(quoted))
