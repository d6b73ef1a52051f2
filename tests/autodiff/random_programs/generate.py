"""Programs from seeds: what one consists of, and its source for msjax and for JAX."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from .construct import WHOLE, Construct
from .constructs import BY_NAME
from .variations import VARIATIONS, Variation
from .ways import Way

HOSTS = ("cell", "function", "closure")


@dataclass
class Program:
    """A program of a seed.

    Attributes:
        lines, jax_lines: of the differentiated function.
        top, jax_top: outside of it.
        made: what makes its Parameters and Cells, by name.
        arguments: kinds of the arguments, by name.
        positions: which arguments are differentiated.
        same: whether all arguments are one and the same Tensor.
        variation: the kind of the program, if it is no ordinary one.
    """

    seed: int
    way: Way
    host: str
    dtype: str
    arguments: dict[str, str]
    positions: tuple[int, ...]
    form: str
    same: bool
    names: list[str] = field(default_factory=list)
    made: dict[str, str] = field(default_factory=dict)
    top: list[str] = field(default_factory=list)
    jax_top: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    jax_lines: list[str] = field(default_factory=list)
    judged: bool = True
    variation: str | None = None

    def __str__(self) -> str:
        how = ["same"] if self.same else []
        at = f"at {self.positions} of ({', '.join(self.arguments.values())})"
        how = ", ".join([self.dtype, self.form, *how])
        return f"{self.way.name} {at} of a {self.host} [{how}]: {', '.join(self.names)}"


class Scope:
    """Tensors that statements may use, by kind, as (name in msjax, name in JAX)."""

    def __init__(self, outer: Scope | None = None, without: frozenset[str] = frozenset()):
        self.tensors: dict[str, list[str]] = {k: list(v) for k, v in outer.tensors.items()} if outer else {}
        self.without = without | (outer.without if outer else frozenset())
        self.depth = outer.depth + 1 if outer else 0

    def add(self, kind: str, name: str) -> None:
        self.tensors.setdefault(kind, []).append(name)

    @property
    def kinds(self) -> list[str]:
        """The kinds of floats that there are."""
        return sorted(kind for kind in self.tensors if kind != WHOLE)


class Generator:
    """Draws statements; each has the same number in both texts."""

    def __init__(self, seed: int, constructs=None, way: str | None = None, variation: str | None = None):
        self.random = rng = random.Random(seed if variation is None else f"{variation} {seed}")
        self.variation = varied = VARIATIONS[variation] if variation else Variation()
        self.constructs = varied.constructs if constructs is None else constructs
        self.number = 0
        chosen = varied.ways[way or rng.choice(list(varied.ways))]
        kinds = chosen.kinds or tuple(rng.choice("mmmvvqqsi") for _ in range(rng.choice((1, 2, 2, 3))))
        kinds = (*kinds[: 3 - len(varied.kinds)], *varied.kinds)
        same = chosen.identity and WHOLE not in kinds and len(kinds) > 1 and rng.random() < 0.15
        arguments = dict(zip("xyz", [kinds[0]] * len(kinds) if same else kinds, strict=False))
        positions = list(range(len(kinds)))
        rng.shuffle(positions)
        positions = positions[: rng.randint(1, len(kinds))]
        self.program = Program(
            seed,
            chosen,
            rng.choice(HOSTS),
            rng.choices(varied.dtypes, (3, 1)[: len(varied.dtypes)])[0],
            arguments,
            tuple(positions),
            rng.choice(chosen.forms),
            same,
            variation=variation,
        )

    def make(self) -> Program:
        program, way = self.program, self.program.way
        scope = Scope(without=way.without)
        for name, kind in program.arguments.items():
            scope.add(kind, name)
        lines = self.statements(scope, self.random.choice((2, 3, 3, 4, 5, 6)))
        if must := [c for c in self.variation.must if self.fits(c, scope)]:
            last = self.statement(self.random.choice(must), scope)
            lines = (lines[0] + last[0], lines[1] + last[1])
        if "weights" in way.setup(program) and not any(map(_is_trained, program.made.values())):
            last = self.statement(BY_NAME["networks.parameter_of_the_shape"], scope)
            lines = (lines[0] + last[0], lines[1] + last[1])
        result = FORMS[program.form](self, scope)
        program.lines = [*lines[0], f"return {result}"]
        program.jax_lines = [*lines[1], f"return {result}"]
        return program

    # -- statements -------------------------------------------------------------------------------------------------

    def statements(self, scope: Scope, count: int) -> tuple[list[str], list[str]]:
        both: tuple[list[str], list[str]] = ([], [])
        for _ in range(count):
            for lines, more in zip(both, self.statement(self.choose(scope), scope), strict=True):
                lines += more
        return both

    def fits(self, c: Construct, scope: Scope, gives: str | None = None) -> bool:
        """Whether a construct can be used with the Tensors that there are, and gives that kind."""
        if c.tags & scope.without or (scope.depth > 1 and c.inner):
            return False
        if gives and c.gives not in (gives, "?"):
            return False
        if "mixes" in scope.without and c.inner not in ("", "? -> ?"):
            return False
        wild = [kind for kind in scope.kinds if gives is None or c.gives != "?" or kind == gives]
        return all(kind == "?" or kind in scope.tensors for kind in c.takes) and ("?" not in c.takes or bool(wild))

    def choose(self, scope: Scope, gives: str | None = None) -> Construct:
        able = [c for c in self.constructs if self.fits(c, scope, gives)]
        topics = sorted({str(c).partition(".")[0] for c in able})
        topic = self.random.choice(topics)
        # What few Tensors fit is as rare as it is, so its kinds count for more than their number.
        groups: dict[tuple, list[Construct]] = {}
        for c in able:
            if str(c).startswith(topic + "."):
                groups.setdefault((c.takes, c.gives), []).append(c)
        sizes = [len(group) ** 0.5 for group in groups.values()]
        return self.random.choice(self.random.choices(list(groups.values()), sizes)[0])

    def statement(self, c: Construct, scope: Scope, gives: str | None = None) -> tuple[list[str], list[str]]:
        self.number += 1
        n, rng = self.number, self.random
        self.program.names.append(str(c))
        wild = gives if gives and c.gives == "?" else rng.choice(scope.kinds)
        takes = [wild if kind == "?" else kind for kind in c.takes]
        values = {"a": self.operand(scope, takes[0]), "r": f"R['{takes[0]}']", "k": takes[0], "f": f"f{n}"}
        if len(takes) > 1:
            values["b"] = self.operand(scope, takes[1])
        values["o"] = out = f"t{n}"
        lines, jax_lines = self.inner(c, n, scope, wild) if c.inner else ([], [])
        for name, text in c.make.items():
            self.program.made[f"{name}_{n}"] = text.replace("#", f"_{n}")
        place = "self.{}" if self.program.host == "cell" else "{}"
        if c.top:
            top = c.top.replace("#", f"_{n}")
            self.program.top.append(top)
            self.program.jax_top.append(c.jax_top.replace("#", f"_{n}") or top)
        text = re.sub(r"@(\w+)", lambda m: place.format(f"{m[1]}_{n}"), filled(c.text, values, n))
        if c.jax is None:
            self.program.judged = False
        else:
            jax_lines += re.sub(
                r"@(\w+(?:\.\w+)*)", lambda m: parameter(m[1], n, c), filled(c.jax, values, n)
            ).splitlines()
        scope.add(wild if c.gives == "?" else c.gives, out)
        return lines + text.splitlines(), jax_lines

    def operand(self, scope: Scope, kind: str) -> str:
        """A Tensor, more often a late one."""
        names = scope.tensors[kind]
        return names[-1] if self.random.random() < 0.5 else self.random.choice(names)

    def inner(self, c: Construct, n: int, outer: Scope, wild: str) -> tuple[list[str], list[str]]:
        """The function that a construct calls; it sees what is around it."""
        takes, gives = (wild if kind == "?" else kind for kind in c.inner.replace(" ", "").split("->"))
        scope = Scope(outer, c.without)
        if self.random.random() < 0.6:  # what it is given, and nothing else
            scope.tensors = {}
        scope.add(takes, f"u{n}")
        lines, jax_lines = self.statements(scope, self.random.choice((0, 1, 1, 2)))
        last = self.statement(self.to(scope, gives), scope, gives)
        out = f"return t{self.number}"
        made = ([*lines, *last[0], out], [*jax_lines, *last[1], out])
        return tuple([f"def f{n}(u{n}):", *("    " + line for line in body)] for body in made)  # type: ignore[return-value]

    def to(self, scope: Scope, kind: str) -> Construct:
        """A construct without inner functions that gives a kind."""
        deep = Scope(scope)
        deep.depth = 2
        return self.choose(deep, kind)

    def any_of(self, scope: Scope) -> str:
        return self.operand(scope, self.random.choice(scope.kinds))

    def last(self, scope: Scope) -> str:
        """The Tensor that was made last."""
        made = [name for names in scope.tensors.values() for name in names if name == f"t{self.number}"]
        return made[0] if made else self.any_of(scope)


def filled(text: str, values: dict[str, str], n: int) -> str:
    text = re.sub(r"\$(\w)\b", lambda m: values[m[1]], text)
    return text.replace("#", f"_{n}")


def parameter(path: str, n: int, c: Construct) -> str:
    name, _, rest = path.partition(".")
    kept = []
    attributes = rest.split(".") if rest else []
    while attributes and attributes[-1] in ("T", "at", "sum", "mean"):  # of the array, not part of the name
        kept.insert(0, attributes.pop())
    return ".".join([f'P["{".".join([f"{name}_{n}", *attributes])}"]', *kept])


def _is_trained(made: str) -> bool:
    return 'data("w' in made and "requires_grad=False" not in made


def _named(text: str):
    """A form of results: `{}` are Tensors, the first the one that was made last."""

    def form(g: Generator, scope: Scope) -> str:
        return text.format(g.last(scope), *(g.any_of(scope) for _ in range(3)))

    return form


FORMS = {
    "scalar": _named("ops.tanh({0}).sum() + {1}.mean()"),
    "tensor": _named("{0}"),
    "tuple": _named("({0}, {1})"),
    "list": _named("[{0}, {1}]"),
    "dict": _named("{{'p': {0}, 'q': [{1}, {2}]}}"),
    "mixed": _named("({0}, {{'k': {1}, 'n': 3, 's': 'text', 'none': None}}, [{2}, (1.5, True)])"),
    "aux": _named("({0}.mean(), {1}, 7)"),
    "nested_aux": _named("({0}, ({1}, {{'a': {2}, 'b': [None, 'text']}}))"),
    "aux_one": _named("(ops.sin({0}), {1})"),
    "constant": _named("ops.ones_like({0}) * 2"),
    "argument": _named("({0}, x)"),
}

HEADER = '''"""{title}"""
import collections, contextlib, dataclasses, functools, types
import numpy as np
import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from contract import program
from autodiff.random_programs import support
from autodiff.random_programs.support import forward_hooked, hooked, named, pre_hooked, ramps, recomputed
from fuzz.support import attempt

D = ms.{dtype}
R = ramps(D)
n = Tensor([1, 0])


def data(name, kind, dtype=D, call=0):
    return support.data({seed}, name, kind, dtype, call)
'''


def source(p: Program) -> str:
    """The program as a module of msjax."""
    parts = [HEADER.format(title=p, dtype=p.dtype, seed=p.seed), *dict.fromkeys(p.top)]
    arguments = ", ".join(p.arguments)
    made = [f"{name} = {text}" for name, text in p.made.items()]
    if p.host == "cell":
        init = ["super().__init__()", *(f"self.{line}" for line in made)]
        construct = [f"def construct(self, {arguments}):", *indented(p.lines)]
        parts.append(
            "\n".join(["class Net(nn.Cell):", *indented(["def __init__(self):", *indented(init), *construct])])
        )
        body = ["F = Net()"]
    else:
        function = [f"def F({arguments}):", *indented(p.lines)]
        if p.host == "function":
            parts += [*made, "\n".join(function)]
            body = []
        else:
            body = [*made, *function]
    places = ", ".join(f"{name}={'F.' if p.host == 'cell' else ''}{name}" for name in p.made)
    xs = [f"data('{'x' if p.same else name}', {call_kind(p, kind)!r}, D, k)" for name, kind in p.arguments.items()]
    assign = "; ".join(
        f"{name} = {'x' if p.same and name != 'x' else text}" for name, text in zip(p.arguments, xs, strict=True)
    )
    body += [
        f"P = named({p.seed}, {places})",
        "weights = [p for p in P.values() if p.requires_grad]",
        "yield [(name, p) for name, p in P.items()]",
        *p.way.setup(p).splitlines(),
        "for k in (0, 0, 1):",
        f"    {assign}",
        f"    r = attempt(lambda: {p.way.call(p)})",
        f"    yield r, ({arguments},), [p for p in P.values()]",
    ]
    parts.append("\n".join(["@program", "def fuzzed():", *indented(body)]))
    return "\n\n".join(parts) + "\n"


def call_kind(p: Program, kind: str) -> str:
    return f"batch {kind}" if p.way.batched else kind


def jax_source(p: Program) -> str:
    """The differentiated function for JAX."""
    parts = [*dict.fromkeys(p.jax_top), "\n".join([f"def F(P, {', '.join(p.arguments)}):", *indented(p.jax_lines)])]
    return "\n\n".join(parts) + "\n"


def indented(lines: list[str]) -> list[str]:
    return ["    " + line for text in lines for line in text.splitlines()]
