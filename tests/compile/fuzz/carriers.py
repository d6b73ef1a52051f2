"""Carriers: the forms of Python in which the statements of a construct stand."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True)
class Carrier:
    """A form of Python around `{body}`; `{z}` are further arguments, after a comma.

    Attributes:
        text: what stands in the compiled function.
        top: what stands in the module.
        member: what stands in the class of the host.
        scoped: whether the body is in a function of its own.
    """

    name: str
    text: str
    top: str = ""
    member: str = ""
    scoped: bool = False

    @property
    def outside(self) -> bool:
        """Whether the body stands outside the compiled function."""
        return "{body}" in self.top + self.member

    @property
    def in_class(self) -> bool:
        return "{body}" in self.member


def _clean(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


_PART = "def part#(x, y, out{z}):\n    {body}\n    return y\n"
_CALL = "y = part#(x, y, out{z})"

_IN_PLACE = {
    "inline": "{body}",
    "loop": "for i# in range(2):\n    {body}",
    "while_loop": "i# = 0\nwhile i# < 2:\n    i# += 1\n    {body}",
    "branch": "if x.shape[0] == 3:\n    {body}\nelse:\n    y = y * 0.0",
    "try": "try:\n    {body}\nexcept (ZeroDivisionError, OSError):\n    y = y * 0.0",
    "bare_except": "try:\n    {body}\nexcept:\n    y = y * 0.25",
    "finally": "try:\n    {body}\nfinally:\n    y = y + 0.5",
    "with": "with contextlib.nullcontext():\n    {body}",
    "match": "match len(x.shape):\n    case 1:\n        {body}\n    case _:\n        y = y * 0.0",
}

_NESTED = {
    "nested": _PART + _CALL,
    "nested_twice": _PART + "y = part#(x, part#(x, y, out{z}), out{z})",
    "comprehension": _PART + "y = [part#(x, y, out{z}) for _ in range(2)][1]",
    "generator": "def part#(x, y, out{z}):\n    {body}\n    yield y\nfor y in part#(x, y, out{z}):\n    pass",
    "partial": _PART + "y = functools.partial(part#, x)(y, out{z})",
    "lambda": _PART + "y = (lambda *a: part#(*a))(x, y, out{z})",
    "mapped": _PART + "y = list(map(lambda v: part#(x, v, out{z}), [y]))[0]",
    "default": _PART + "def twice#(f=part#):\n    return f(x, y, out{z})\ny = twice#()",
    "gradient": """
        def part#(y):
            {body}
            return (y * y).sum()
        y = y + ms.grad(part#)(y) * 0.125
    """,
    "value_and_gradient": """
        def part#(y):
            {body}
            return (y * y).sum(), y
        (v#, y), g# = ms.value_and_grad(part#, has_aux=True)(y)
        y = y + g# * 0.125
    """,
    "second_gradient": """
        def part#(y):
            {body}
            return (y * y * y).sum()
        y = y + ms.grad(lambda v: ms.grad(part#)(v).sum())(y) * 0.125
    """,
    "vmapped": """
        def part#(y):
            {body}
            return y
        y = ms.vmap(part#)(ops.stack((y, x)))[0]
    """,
    "jvp": """
        def part#(y):
            {body}
            return y
        y = sum(ms.jvp(part#, y, x))
    """,
}

_MODULE = {
    "function": (_CALL, _PART),
    "decorated": (
        _CALL,
        "def plain#(f):\n    @functools.wraps(f)\n    def inner(*a):\n        return f(*a)\n    return inner\n@plain#\n"
        + _PART,
    ),
    "callable_object": (
        _CALL,
        "class Part#:\n    def __call__(self, x, y, out{z}):\n        {body}\n        return y\npart# = Part#()",
    ),
    "static_method": (
        "y = Part#.run(x, y, out{z})",
        "class Part#:\n    @staticmethod\n    def run(x, y, out{z}):\n        {body}\n        return y",
    ),
    "local_cell": (
        "y = part#(x, y, out{z})",
        "class Part#(nn.Cell):\n    def construct(self, x, y, out{z}):\n        {body}\n        return y\n"
        "part# = Part#()",
    ),
    "jitted": (_CALL, "@ms.jit\n" + _PART),
}

_MEMBERS = {
    "method": ("y = self.part#(x, y, out{z})", "def part#(self, x, y, out{z}):\n    {body}\n    return y"),
    "property": (
        "y = self.part#(x, y, out{z})",
        "@property\ndef part#(self):\n    def run(x, y, out{z}):\n        {body}\n        return y\n    return run",
    ),
}

# A child Cell, whose own the state is.
CHILD = Carrier(
    "child",
    "y = self.part#(x, y, out{z})",
    "class Part#(nn.Cell):\n    def __init__(self):\n        super().__init__()\n        {init}\n"
    "    def construct(self, x, y, out{z}):\n        {body}\n        return y",
    scoped=True,
)

CARRIERS = {
    carrier.name: carrier
    for carrier in (
        *(Carrier(name, text) for name, text in _IN_PLACE.items()),
        *(Carrier(name, _clean(text), scoped=True) for name, text in _NESTED.items()),
        *(Carrier(name, text, top=top, scoped=True) for name, (text, top) in _MODULE.items()),
        *(Carrier(name, text, member=member, scoped=True) for name, (text, member) in _MEMBERS.items()),
    )
}
