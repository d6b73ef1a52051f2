"""What Unicode says of characters, where Python does not: scripts, white space, case folding, sets by property."""

from __future__ import annotations

import functools
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path

from msjax.dataset.text.enumerations import NormalizeForm

Ranges = list[tuple[int, int]]  # first and last characters

WHITE_SPACE: Ranges = [
    (0x9, 0xD), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
]  # fmt: skip
_SPACES = frozenset(chr(code) for first, last in WHITE_SPACE for code in range(first, last + 1))

# Default_Ignorable_Code_Point, which case folding removes.
_IGNORABLE = [
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
]  # fmt: skip
_WITHOUT_IGNORABLE = {code: None for first, last in _IGNORABLE for code in range(first, last + 1)}

_LETTERS_BY_LOOKS = [(0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189)]  # in circles
_JOINERS = [(0x200C, 0x200D)]


def is_space(character: str) -> bool:
    """Whether a character is white space, of which Python's `isspace` has more."""
    return character in _SPACES


def normalized(text: str, form: NormalizeForm) -> str:
    """A text in a normalization form."""
    return text if form is NormalizeForm.NONE else unicodedata.normalize(form.name, text)


def case_folded(text: str) -> str:
    """A text in lower case, in Unicode's form for comparison, NFKC_Casefold."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKC", folded.casefold().translate(_WITHOUT_IGNORABLE))


@functools.cache
def _scripts() -> tuple[list[int], list[str]]:
    """Where runs of characters of one script begin, and their scripts. `scripts.txt` is Unicode's Scripts.txt, in
    short."""
    lines = Path(__file__).with_name("scripts.txt").read_text(encoding="ascii").splitlines()
    starts, names = zip(*(line.split() for line in lines), strict=True)
    return [int(start, 16) for start in starts], list(names)


def script(character: str) -> str:
    """The script of a character, such as "Han"."""
    starts, names = _scripts()
    return names[bisect_right(starts, ord(character)) - 1]


@functools.cache
def with_property(name: str) -> Ranges:
    """The characters with a property: a general category, a script, or one of a few more.

    Raises:
        KeyError: if there is no such property.
    """
    key = name.replace(" ", "").replace("_", "").lower().removeprefix("script=").removeprefix("generalcategory=")
    if key in _NAMED:
        return _NAMED[key]()
    names = _scripts()[1]
    matching = next((one for one in names if key in (one.lower(), f"is{one.lower()}")), None)
    if matching is None:
        return _of_categories(_CATEGORIES[key.removeprefix("is")])
    starts = [*_scripts()[0], sys.maxunicode + 1]
    return [(starts[at], starts[at + 1] - 1) for at, one in enumerate(names) if one == matching]


def complement(ranges: Ranges) -> Ranges:
    """All other characters."""
    result, after = [], 0
    for first, last in sorted(ranges):
        if first > after:
            result.append((after, first - 1))
        after = max(after, last + 1)
    return result + ([(after, sys.maxunicode)] if after <= sys.maxunicode else [])


@functools.cache
def _runs_of_categories() -> list[tuple[int, int, str]]:
    """First and last character of each run of one general category, and the category."""
    runs, start, last = [], 0, unicodedata.category(chr(0))
    for code in range(1, sys.maxunicode + 1):
        category = unicodedata.category(chr(code))
        if category != last:
            runs.append((start, code - 1, last))
            start, last = code, category
    return [*runs, (start, sys.maxunicode, last)]


def _of_categories(prefixes: tuple[str, ...]) -> Ranges:
    return [(first, last) for first, last, category in _runs_of_categories() if category.startswith(prefixes)]


_CATEGORIES = {
    name.lower(): (name,)
    for name in "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp "
    "C Cc Cf Cs Co Cn".split()
} | {
    "letter": ("L",), "mark": ("M",), "number": ("N",), "punctuation": ("P",), "symbol": ("S",), "separator": ("Z",),
    "other": ("C",), "decimalnumber": ("Nd",), "digit": ("Nd",), "lowercaseletter": ("Ll",), "uppercaseletter": ("Lu",),
    "punct": ("P",), "cntrl": ("Cc",), "l&": ("Lu", "Ll", "Lt"), "lc": ("Lu", "Ll", "Lt"),
    "lowercase": ("Ll",), "lower": ("Ll",), "uppercase": ("Lu",), "upper": ("Lu",),
}  # fmt: skip
_NAMED: dict[str, Callable[[], Ranges]] = {
    "word": lambda: _of_categories(("L", "M", "Nd", "Nl", "Pc")) + _LETTERS_BY_LOOKS + _JOINERS,
    "alphabetic": lambda: _of_categories(("L", "Nl")) + _LETTERS_BY_LOOKS,
    "alpha": lambda: _of_categories(("L", "Nl")) + _LETTERS_BY_LOOKS,
    "alnum": lambda: _of_categories(("L", "Nl", "Nd")) + _LETTERS_BY_LOOKS,
    "whitespace": lambda: WHITE_SPACE,
    "space": lambda: WHITE_SPACE,
    "blank": lambda: [(0x9, 0x9), *_of_categories(("Zs",))],
    "any": lambda: [(0, sys.maxunicode)],
    "ascii": lambda: [(0, 127)],
}
