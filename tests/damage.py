"""What may have happened to a file: bytes that are others, are missing, or come twice, and texts without end."""

from __future__ import annotations

import json
import random
from typing import Any

_EVIL = (
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"\xff" * 16,
    b"\x00" * 64,
    b"9" * 400,
    b"-1",
    b"1e999",
    b"null",
    b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
    "é\u2028".encode(),
)


def damaged(content: bytes, draw: random.Random) -> bytes:
    """The content with one to three damages."""
    for _ in range(draw.choice((1, 1, 2, 3))):
        at = draw.randrange(len(content) + 1)
        end = min(len(content), at + draw.choice((1, 2, 8, 100)))
        content = draw.choice(
            (
                lambda at=at, end=end, c=content: c[:at] + draw.randbytes(end - at) + c[end:],
                lambda at=at, end=end, c=content: c[:at] + c[end:],
                lambda at=at, end=end, c=content: c[:end] + c[at:],
                lambda at=at, c=content: c[:at],
                lambda at=at, c=content: c[:at] + draw.choice(_EVIL) + c[at:],
                lambda at=at, end=end, c=content: c[:at] + draw.choice(_EVIL) + c[end:],
                lambda c=content: _number_changed(c, draw),
                lambda c=content: _value_changed(c, draw),
            )
        )()
    return content


_VALUES: list[Any] = [
    None, True, -1, 0, 1.5, float("inf"), float("nan"), 10**400, 2**63, "", "x", "..", [], {}, [[1]], {"a": None},
]  # fmt: skip


def _value_changed(content: bytes, draw: random.Random) -> bytes:
    """Of JSON, one value is another, is missing or comes twice: what no change of a few bytes makes of it."""
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError):
        return _number_changed(content, draw)
    places: list[tuple[Any, Any]] = []
    waiting = [whole]
    while waiting:
        node = waiting.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        places += [(node, key) for key in keys]
        waiting += [node[key] for key in keys]
    if not places:
        return json.dumps(draw.choice(_VALUES)).encode()
    node, key = draw.choice(places)
    what = draw.random()
    if what < 0.15:
        del node[key]
    elif what < 0.25 and isinstance(node, list):
        node.append(node[key])
    else:
        node[key] = draw.choice(_VALUES)
    return json.dumps(whole).encode()


def _number_changed(content: bytes, draw: random.Random) -> bytes:
    """One byte is another digit, or the next one: what else stands there remains readable."""
    places = [i for i, byte in enumerate(content[:4096]) if 48 <= byte < 58]
    if not places:
        return content + b"0"
    at = draw.choice(places)
    return content[:at] + draw.choice((b"-7", b"0", b"99999999999", b"x", b"1.5")) + content[at + 1 :]
