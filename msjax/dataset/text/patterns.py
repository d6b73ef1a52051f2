"""Regular expressions as ICU, MindSpore's library for them, reads them: translated to Python's."""

from __future__ import annotations

import functools
import re

from msjax.dataset.text.characters import Ranges, complement, with_property

_SHORT = {"s": "whitespace", "w": "word", "d": "nd", "h": "blank"}
_LINE_ENDS = r"\n\v\f\r\x85\u2028\u2029"
_END = rf"(?=\r?\n?\Z|[{_LINE_ENDS}]\Z)"
_TOKEN = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|\Z)"
    r"|\\(?P<sign>[pP])\{(?P<caret>\^?)(?P<property>[^}]+)\}"
    r"|\\(?P<short>[swdhSWDH])"
    r"|\\x\{(?P<code>[0-9a-fA-F]+)\}"
    r"|\[:(?P<negated>\^?)(?P<posix>\w+):\]"
    r"|(?P<group>\(\?<(?=[A-Za-z]))"
    r"|(?P<end>\\Z)|(?P<very_end>\\z)"
    r"|(?P<escape>\\.)"
    r"|(?P<sets>&&|--)"
    r"|(?P<character>.)",
    re.DOTALL,
)


@functools.lru_cache(256)
def compiled(pattern: str) -> re.Pattern:
    """What Python makes of a pattern of ICU.

    Raises:
        ValueError: if it is none, or has what Python does not: sets in sets, and what is made of them.
    """
    try:
        return re.compile(_translated(pattern))
    except (re.error, KeyError) as error:
        raise ValueError(f"{pattern!r} is no regular expression that can be read: {error}.") from error


def _translated(pattern: str) -> str:
    parts: list[str] = []
    opened = None  # which part opened the set of characters that this is in
    for match in _TOKEN.finditer(pattern):
        ranges, kind, text, inside = _ranges(match), match.lastgroup, match.group(), opened is not None
        if ranges is not None:
            parts.append(_shown(ranges) if inside else f"[{_shown(ranges)}]")
        elif kind == "quoted":
            parts.append(re.escape(match["quoted"]))
        elif kind == "code":
            parts.append(re.escape(chr(int(match["code"], 16))))
        elif inside and (kind == "sets" or text == "["):
            raise re.error("sets of characters in sets are not supported")
        else:
            parts.append(_plain(kind, text, inside))
        if kind == "character" and text == "[":
            opened = len(parts) - 1
        elif kind == "character" and text == "]" and "".join(parts[opened:-1]) not in ("[", "[^"):
            opened = None  # else it is the first character of the set
    return "".join(parts)


def _plain(kind: str | None, text: str, inside: bool) -> str:
    """A part of the pattern that is no set of characters."""
    if inside:
        return text
    if kind == "group":
        return "(?P<"
    if kind in ("end", "very_end"):
        return r"\Z" if kind == "very_end" else _END
    return {".": f"[^{_LINE_ENDS}]", "$": _END}.get(text, text)


def _ranges(match: re.Match) -> Ranges | None:
    """The characters that a part of the pattern means, if it means a set of them."""
    if match["property"]:
        ranges, negative = with_property(match["property"]), (match["sign"] == "P") != bool(match["caret"])
    elif match["short"]:
        ranges, negative = with_property(_SHORT[match["short"].lower()]), match["short"].isupper()
    elif match["posix"]:
        ranges, negative = with_property(match["posix"]), bool(match["negated"])
    else:
        return None
    return complement(ranges) if negative else ranges


def _shown(ranges: Ranges) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" if first < last else f"\\U{first:08x}" for first, last in ranges)


def expanded(template: str, match: re.Match) -> str:
    """What a replacement means for a match: `$1`, `${name}` and a backslash before any character.

    Raises:
        ValueError: if it names a group that is not there.
    """
    return "".join(part if isinstance(part, str) else match[part[0]] or "" for part in _parts(template, match.re))


@functools.lru_cache(256)
def _parts(template: str, pattern: re.Pattern) -> list[str | tuple[int | str]]:
    """Texts, and groups in tuples."""
    parts: list[str | tuple[int | str]] = []
    at = 0
    while at < len(template):
        if template[at] == "\\":
            parts.append(template[at + 1 : at + 2])
            at += 2
        elif template[at] == "$":
            found = re.compile(r"\{(\w+)\}|(\d+)").match(template, at + 1)
            name = found and (found[1] or _longest_group(found[2], pattern.groups))
            if not found or name is None or (found[1] and found[1] not in pattern.groupindex):
                raise ValueError(f"the replacement {template!r} names a group that the pattern does not have")
            parts.append((name if found[1] else int(name),))
            at += 1 + (len(name) + 2 if found[1] else len(name))
        else:
            parts.append(template[at])
            at += 1
    return parts


def _longest_group(digits: str, groups: int) -> str | None:
    """As many digits as are the number of a group."""
    return next((digits[:n] for n in range(len(digits), 0, -1) if int(digits[:n]) <= groups), None)
