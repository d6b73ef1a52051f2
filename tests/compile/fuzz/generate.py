"""Programs from seeds: what one consists of, and its source."""

from __future__ import annotations

import ast
import random
import re
from dataclasses import dataclass, replace

from fuzz.carriers import CARRIERS, CHILD, Carrier
from fuzz.construct import Construct
from fuzz.constructs import ALL
from fuzz.ways import HOSTS, OPTIMIZERS, WAYS, Way

LINKS = {"same": "{}", "view": "{}[:]", "tensor": "Tensor({})", "viewed": "{}.view(3)"}
OPTIONS = ("remade", "constant", "poked", "quiet", "twice")


@dataclass(frozen=True)
class Part:
    """A construct in a program, with the home of its state and its carrier.

    Attributes:
        link: how its Tensor is made of that of a part before it, if it is: one of `LINKS`.
    """

    construct: Construct
    home: str
    carrier: str
    link: str = ""

    def __str__(self) -> str:
        return f"{self.construct} ({self.home}, {self.carrier}{', ' if self.link else ''}{self.link})"


@dataclass(frozen=True)
class Spec:
    """What a program consists of.

    Attributes:
        options: `remade`, the compiled thing is made anew for each call; `constant`, each call gets the same `x`;
            `poked`, results are written into; `quiet`, state is only looked at in the end; `twice`, another gradient
            function calls the function too.
    """

    host: str
    way: str
    parts: tuple[Part, ...]
    options: frozenset[str] = frozenset()
    optimizer: str = "sgd"

    def __str__(self) -> str:
        options = ", ".join([*sorted(self.options), *([self.optimizer] if WAYS[self.way].optimizer else [])])
        return f"{self.way} of a {self.host} [{options}]: {'; '.join(map(str, self.parts))}"


def homes(host: str, construct: Construct) -> list[str]:
    """Where the state of a construct may live."""
    possible = {"global", "box", "table"}
    possible |= {"cell": {"self", "child"}, "object": {"self"}, "closure": {"closure"}}.get(host, set())
    return [home for home in construct.homes if home in possible]


def carriers(host: str, home: str, way: Way) -> list[str]:
    """Which carriers can reach a state."""
    if home == "child":
        return ["child"]
    found = []
    for carrier in CARRIERS.values():
        if carrier.in_class and host not in ("cell", "object"):
            continue
        if home in ("self", "closure") and carrier.outside and not (home == "self" and carrier.in_class):
            continue
        if way.sides[0] != "auto" and carrier.name == "bare_except":
            continue
        found.append(carrier.name)
    return found


def spec(seed: int, constructs=ALL) -> Spec:
    """The program of a seed. Programs that surely run eagerly are rare: they prove little."""
    rng = random.Random(seed)
    way = WAYS[rng.choice(list(WAYS))]
    host = rng.choice(way.hosts)
    effect = rng.random() < 0.15
    able = [c for c in constructs if homes(host, c) and (way.sides[0] == "auto" or c.asked)]
    quiet = [c for c in able if not c.eager and not c.raises]
    chosen = rng.sample(quiet, rng.choice((1, 2, 2, 3, 3, 4, 5)))
    if effect:
        chosen.append(rng.choice([c for c in able if c.eager]))
    if rng.random() < 0.15:
        chosen.append(rng.choice([c for c in able if c.raises]))
    rng.shuffle(chosen)
    parts = []
    for construct in chosen:
        possible = homes(host, construct)
        if construct.rebinds and rng.random() < 0.8:  # names and dicts that are rebound always run eagerly
            possible = [h for h in possible if h in ("self", "child", "box")] or possible
        home = rng.choice(possible)
        able = carriers(host, home, way)
        plain = rng.random() < 0.4
        link = rng.choice(list(LINKS)) if construct.linkable and rng.random() < 0.4 else ""
        parts.append(Part(construct, home, "inline" if plain and "inline" in able else rng.choice(able), link))
    options = frozenset(o for o in OPTIONS if rng.random() < 0.25)
    return Spec(host, way.name, tuple(parts), options, rng.choice(list(OPTIMIZERS)))


HEADER = """
import collections, contextlib, copy, dataclasses, enum, fractions, functools, logging, math, random, sys
import types, warnings
import numpy as np
import msjax as ms
from msjax import Parameter, Tensor, mint, nn, ops
"""
_IMPORTS = """
from contract import program
from fuzz.support import asked, attempt, parameters, poke, shown
"""


def source(spec: Spec, imports: str = _IMPORTS) -> str:
    """The program as a module."""
    return _Source(spec).module(imports)


class _Source:
    """Collects the lines of a program."""

    def __init__(self, spec: Spec):
        self.spec, self.way = spec, WAYS[spec.way]
        self.in_class = spec.host in ("cell", "object")
        self.top: list[str] = ["class Box:\n    pass", "box, table = Box(), {}"]
        self.init: list[str] = []  # of the host
        self.members: list[str] = []
        self.locals: list[str] = []  # of the program
        self.body: list[str] = []
        self.after: list[str] = []
        self.states: dict[str, str] = {}
        self.args: list[tuple[str, str]] = []
        self.outer: dict[str, set[str]] = {"global": set(), "nonlocal": set()}  # declared by the host
        self.globals: set[str] = set()  # declared by the program
        self.vector: str | None = None  # of a part, which others can reach
        for n, part in enumerate(spec.parts, 1):
            self._add(n, part)

    # -- a construct ------------------------------------------------------------------------------------------------

    def _add(self, n: int, part: Part) -> None:
        construct, home = part.construct, part.home
        inside = {"self": "self.{}", "child": "self.{}"}.get(home, _ANYWHERE.get(home, "{}"))
        outside = {"self": "net.{}", "child": f"net.part{n}.{{}}"}.get(home, _ANYWHERE.get(home, "{}"))

        def text(t: str, place: str) -> str:
            return re.sub(r"\$(\w+)", lambda m: place.format(f"{m[1]}_{n}"), t).replace("#", str(n))

        names = dict.fromkeys(f"{m}_{n}" for m in re.findall(r"\$(\w+)", construct.init))
        carrier = CHILD if home == "child" else CARRIERS[part.carrier]
        made = construct.linked(LINKS[part.link].format(self.vector)) if part.link and self.vector else construct.init
        body, init = text(construct.body, inside), text(made, inside)
        if construct.vector and home in ("global", "box", "table"):
            self.vector = outside.format(f"{construct.vector}_{n}")
        if construct.top:
            self.top.append(text(construct.top, "{}"))
        if construct.arg:
            self.args.append((f"z{n}", text(construct.arg, outside)))
        self.states.update((name, outside.format(name)) for name in names)
        if home in ("global", "closure"):
            body = self._declared(body, set(names), "global" if home == "global" else "nonlocal", carrier)
        self._carry(n, carrier, body, init, f", z{n}" if construct.arg else "")
        if home != "child":
            {"self": self.init, "closure": self.locals}.get(home, self.top).append(init)
        self._after(text(construct.after, outside), set(names) if home == "global" else set())

    def _declared(self, body: str, names: set[str], kind: str, carrier: Carrier) -> str:
        """Says of names that the body assigns that they are not its own."""
        names &= _assigned(body)
        if carrier.scoped:
            return "\n".join([f"{kind} {name}" for name in sorted(names)] + [body])
        self.outer[kind] |= names
        return body

    def _carry(self, n: int, carrier: Carrier, body: str, init: str, z: str) -> None:
        for text, lines in ((carrier.top, self.top), (carrier.member, self.members), (carrier.text, self.body)):
            if text:
                filled = _filled(text.replace("#", str(n)).replace("{z}", z), "{body}", body)
                lines.append(_filled(filled, "{init}", init or "pass"))
        if carrier is CHILD:
            self.init.append(f"self.part{n} = Part{n}()")

    def _after(self, text: str, names: set[str]) -> None:
        lines = text.splitlines()
        self.globals.update(line.removeprefix("global ") for line in lines if line.startswith("global "))
        text = "\n".join(line for line in lines if not line.startswith("global "))
        self.globals |= names & _assigned(text)
        if text:
            self.after.append(text)

    # -- the module -------------------------------------------------------------------------------------------------

    def module(self, imports: str) -> str:
        parts = [f'"""{self.spec}"""', HEADER.strip(), imports.strip()]
        parts += ["X = Tensor([0.5, 1.0, 2.0])", *filter(None, self.top)]
        if not self.in_class:
            parts.append(f"base = {_BASE}")
        if self.spec.host != "closure":
            parts.append(self._host())
        return "\n".join([*parts, self._program(), ""])

    def _host(self) -> str:
        spec, z = self.spec, "".join(f", {name}" for name, _ in self.args)
        lines = [f"{kind} {name}" for kind, names in self.outer.items() for name in sorted(names)]
        lines += ["out = []", f"y = x * {'self.' if self.in_class else ''}base", *self.body]
        loss = "y.sum() + (y * y).sum() * 0.125"
        lines.append(f"return {loss}, y, *out" if self.way.aux else f"return {loss}")
        name = {"cell": "construct", "object": "__call__"}.get(spec.host, "forward")
        function = f"def {name}({'self, ' if self.in_class else ''}x{z}):\n{_indented(lines)}"
        if not self.in_class:
            return function
        cell = spec.host == "cell"
        init = [*(["super().__init__()"] if cell else []), f"self.base = {_BASE}", *filter(None, self.init)]
        members = [f"def __init__(self):\n{_indented(init)}", *self.members, function]
        return f"class Net{'(nn.Cell)' if cell else ''}:\n{_indented(members)}"

    def _program(self) -> str:
        spec, way = self.spec, self.way
        optimizer, changed = OPTIMIZERS[spec.optimizer]
        make = f"f = {way.make}"
        seen = "".join(f", attempt(lambda: shown({place}))" for place in self.states.values())
        states = ", ".join(f"attempt(lambda: {place})" for place in self.states.values())
        args = "".join(f", {arg}" for _, arg in self.args)
        args = re.sub(r"\bx\b", "x.copy()", args) if way.slots else args
        lines = [f"global {name}" for name in sorted(self.globals)] + self.locals
        if spec.host == "closure":
            lines.append(self._host())
        lines.append("net = Net()" if self.in_class else "net = forward")
        own = "net, net.base" if self.in_class else "base"
        lines.append(f"weights = parameters({own}{', ' if states else ''}{states})")
        if way.optimizer:
            lines.append(f"update = {optimizer}")
        lines += [] if "remade" in spec.options else [make]
        loop = [make] if "remade" in spec.options else []
        loop += [f"x = {'X' if 'constant' in spec.options else 'X * (0.5 * (k + 1))'}", f"args = (x{args},)"]
        loop += ["r = attempt(f, *args)", "yield r, args"]
        if way.trains:
            loop.append(f"if not isinstance(r[0], str):\n    yield attempt(lambda: {way.trains})")
        if "quiet" not in spec.options:
            loop.append(f"yield [p for p in weights]{seen}")
        if "poked" in spec.options:
            loop.append("attempt(poke, r)\nyield r, args")
        if "twice" in spec.options:
            loop.append("yield attempt(ms.grad(net), *args)" if not way.aux else "yield attempt(net, *args)")
        loop += [*self.after, *([changed] if way.optimizer and changed else [])]
        lines.append(f"for k in range(5):\n{_indented(loop)}")
        lines.append(f"yield [p for p in weights]{seen}")
        return f"@program\ndef fuzzed():\n{_indented(lines)}"


_ANYWHERE = {"box": "box.{}", "table": "table['{}']"}
_BASE = 'Parameter(Tensor([1.0, 0.5, 0.5]), name="base")'


def _assigned(text: str) -> set[str]:
    """The names that statements assign or delete."""
    nodes = ast.walk(ast.parse(text))
    return {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}


def _indented(lines: list[str]) -> str:
    text = "\n".join(lines)
    return "\n".join("    " + line for line in text.splitlines())


def _filled(template: str, mark: str, text: str) -> str:
    """The template with the lines of a text, indented as the mark is."""
    lines = []
    for line in template.splitlines():
        if line.strip() == mark:
            indent = line[: line.index(mark)]
            lines += [indent + inner for inner in text.splitlines()]
        else:
            lines.append(line)
    return "\n".join(lines)


def simpler(spec: Spec):
    """Programs that are a little simpler than one."""
    for i in range(len(spec.parts)):
        yield replace(spec, parts=(*spec.parts[:i], *spec.parts[i + 1 :]))
    for option in sorted(spec.options):
        yield replace(spec, options=spec.options - {option})
    if spec.optimizer != "sgd" and WAYS[spec.way].optimizer:
        yield replace(spec, optimizer="sgd")
    for i, part in enumerate(spec.parts):
        if part.link:
            yield replace(spec, parts=(*spec.parts[:i], replace(part, link=""), *spec.parts[i + 1 :]))
        for home, carrier in (("global", "inline"), (part.home, "inline"), ("global", part.carrier)):
            able = home in homes(spec.host, part.construct) and carrier in carriers(spec.host, home, WAYS[spec.way])
            if able and (home, carrier) != (part.home, part.carrier):
                changed = replace(part, home=home, carrier=carrier)
                yield replace(spec, parts=(*spec.parts[:i], changed, *spec.parts[i + 1 :]))
    yield from _simpler_call(spec)


def _simpler_call(spec: Spec):
    plainest = HOSTS[::-1]
    for host in ("function", "cell"):
        if plainest.index(host) and host != spec.host and spec.host != "function" and host in WAYS[spec.way].hosts:
            fits = all(
                p.home in homes(host, p.construct) and p.carrier in carriers(host, p.home, WAYS[spec.way])
                for p in spec.parts
            )
            if fits:
                yield replace(spec, host=host)
    if spec.way not in ("grad", "aux", "jit"):
        for way in ("grad", "aux") if WAYS[spec.way].sides[0] == "auto" else ("jit",):
            yield replace(spec, way=way)
