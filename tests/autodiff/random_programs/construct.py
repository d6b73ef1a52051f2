"""Constructs: what programs are made of, each a few lines of MindSpore and the same in plain JAX."""

from __future__ import annotations

from dataclasses import dataclass, field

# Shapes of Tensors by kind: a scalar, a vector, a matrix, a square one, an image.
SHAPES = {"s": (), "v": (3,), "m": (2, 3), "q": (3, 3), "i": (1, 2, 4, 4)}
WHOLE = "n"  # a vector of integers, which only what asks for it is given
# Tags of what JAX's transforms can not take, and of what compiled functions can not: each argument is a variable of its
# own there, and hooks must come in time.
PURE = "state random decides"
COMPILED = f"{PURE} identity late alias"


@dataclass(frozen=True)
class Construct:
    """A few lines that make one Tensor of others.

    In the text, `$a` and `$b` stand for what it takes, `$o` for what it gives, `$r` for a constant of the shape of `$a`
    whose elements differ, `$k` for the kind of `$a`, `$f` for an inner function, `#` for a number that no other
    construct of the program has. `@w` is a Parameter or a Cell; JAX sees `P["w"]`, or `P["w.weight"]` of a Cell.

    Attributes:
        takes, gives: kinds, or `?`, which is the same kind wherever it stands.
        text: the lines, or an expression.
        jax: the same for JAX, if it differs; names as `ops.sin` mean functions of `twin` there. None if there is none.
        make: what makes a Parameter or a Cell, by its name.
        inner: what the inner function takes and gives, as `m -> s`.
        without: tags that must not be in the inner function.
        tags: `state`, it writes a Parameter; `random`; `mixes`, a row of the result depends on other rows; `decides`,
            it looks at values; `identity`, it differentiates by a Tensor that it uses otherwise, too; `late`, a hook
            comes after uses of its Tensor; `alias`, it augments a Tensor of two names, in place under `jit`; `once`,
            derivatives of higher order are not those of the twin.
        top: lines outside of the function, which both sides have.
    """

    name: str
    takes: tuple[str, ...]
    gives: str
    text: str
    jax: str | None
    make: dict[str, str] = field(default_factory=dict)
    inner: str = ""
    without: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    top: str = ""
    jax_top: str = ""

    def __str__(self) -> str:
        return self.name


class Table:
    """The constructs of a topic."""

    def __init__(self, topic: str):
        self.topic = topic
        self.constructs: list[Construct] = []

    def __call__(self, name, kinds, text, jax="", *, make=None, inner="", without="", tags="", top="", jax_top=""):
        takes, _, gives = kinds.partition("->")
        self.constructs.append(
            Construct(
                f"{self.topic}.{name}",
                tuple(takes.split()),
                gives.strip(),
                _statements(text),
                None if jax is None else _statements(jax or text),
                make or {},
                inner,
                frozenset(without.split()),
                frozenset(tags.split()) | ({"mixes"} if "$r" in text else frozenset()),
                top,
                jax_top,
            )
        )

    def each(self, kinds: str, rows: str, tags: str = "") -> None:
        """Constructs that are one expression in one line, `name: expression`, or `name: expression | in JAX`."""
        for line in rows.strip().splitlines():
            name, _, text = line.strip().partition(": ")
            text, _, jax = text.partition(" | ")
            self(name, kinds, text.strip(), jax.strip(), tags=tags)


def _statements(text: str) -> str:
    text = text.strip("\n")
    return text if "\n" in text or "$o" in text else f"$o = {text}"
