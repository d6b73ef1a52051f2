"""What a program is composed of: constructs, declared as texts in which `$w` is state and `#` a number of their own."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

# The first Tensor of three elements among the states: its name, and what makes it.
_VECTOR = re.compile(r"^\$(\w+) = ((?:Parameter\()?Tensor\(\[[^][,]+,[^][,]+,[^][,]+\]\).*)$", re.MULTILINE)

EVERYWHERE = ("self", "child", "global", "box", "table", "closure")


@dataclass(frozen=True)
class Construct:
    """A piece of a program.

    Attributes:
        name: what it shows.
        category: the file that declares it.
        body: statements of the compiled function. They read the Tensors `x`, an argument, and `y`, what was computed so
            far, both of shape [3]; they may set `y` and append results to the local list `out`.
        init: statements that make the state.
        top: definitions of the module.
        after: statements that run after the call number `k`, which gave `r` for `x`.
        arg: one more argument of the call, an expression which may use `k`, `x` and the state; `z#` in the body.
        homes: where the state may live.
        eager: whether the function surely runs eagerly.
        raises: whether calls may raise by themselves.
        asked: whether the body is legal under `ms.jit` and in GRAPH_MODE.
    """

    name: str
    category: str
    body: str
    init: str = ""
    top: str = ""
    after: str = ""
    arg: str = ""
    homes: tuple[str, ...] = EVERYWHERE
    eager: bool = False
    raises: bool = False
    asked: bool = True

    def __str__(self) -> str:
        return f"{self.category}.{self.name}"

    @property
    def vector(self) -> str | None:
        """The name of a state that is a Tensor of three elements, if there is one."""
        found = _VECTOR.search(self.init)
        return found[1] if found else None

    @property
    def linkable(self) -> bool:
        """Whether another Tensor may take the place of that one, which is no Parameter then."""
        found = _VECTOR.search(self.init)
        return found is not None and found[2].startswith("Tensor")

    @property
    def rebinds(self) -> bool:
        """Whether the body gives a state a new value, which is no change of a Tensor."""
        return bool(re.search(r"\$\w+(, \$\w+)* (= |[-+*]= )", self.body))

    def linked(self, init: str) -> str:
        """The statements that make the state, in which `init` makes that Tensor."""
        return _VECTOR.sub(lambda found: f"${found[1]} = {init}", self.init, count=1)


class Table:
    """The constructs of one category."""

    def __init__(self, category: str):
        self.category = category
        self.constructs: list[Construct] = []

    def __call__(self, name: str, body: str = "", **fields) -> None:
        """Declare a construct; its texts may be indented as a whole."""
        texts = {key: textwrap.dedent(v).strip("\n") if isinstance(v, str) else v for key, v in fields.items()}
        self.constructs.append(Construct(name, self.category, textwrap.dedent(body).strip("\n") or "pass", **texts))
