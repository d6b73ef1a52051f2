"""Transforms of each text of an array: forms of Unicode, case, replacements."""

from __future__ import annotations

import re
from string import ascii_uppercase

from msjax.core.kinds import check_is, takes
from msjax.dataset.text.base import ElementwiseOperation
from msjax.dataset.text.characters import case_folded, normalized
from msjax.dataset.text.enumerations import NormalizeForm
from msjax.dataset.text.patterns import compiled, expanded
from msjax.dataset.transforms.base import refusal


def check_form(owner: str, name: str, form) -> None:
    """Check that an argument is a `NormalizeForm`.

    Raises:
        TypeError: if it is not.
    """
    check_is(owner, name, form, NormalizeForm)


class CaseFold(ElementwiseOperation):
    """Put texts in lower case, in Unicode's form for comparison (NFKC_Casefold).

    Raises:
        RuntimeError: if the input is no text.

    Example:
        >>> text.CaseFold()("Große Stadt").item()
        'grosse stadt'
    """

    def _text(self, text: str) -> str:
        return case_folded(text)


class NormalizeUTF8(ElementwiseOperation):
    """Bring texts to a normalization form of Unicode.

    Args:
        normalize_form (NormalizeForm): the form. Default: `NormalizeForm.NFKC`.

    Raises:
        TypeError: if `normalize_form` is none.
        RuntimeError: if the input is no text.

    Example:
        >>> text.NormalizeUTF8()("ﬁve①").item()
        'five1'
    """

    def __init__(self, normalize_form: NormalizeForm = NormalizeForm.NFKC):
        check_form("NormalizeUTF8", "normalize_form", normalize_form)
        self.normalize_form = normalize_form

    def _text(self, text: str) -> str:
        return normalized(text, self.normalize_form)


class RegexReplace(ElementwiseOperation):
    """Replace what a pattern of ICU matches.

    Args:
        pattern (str): the pattern.
        replace (str): what to put there; `$1` is what the first group matched.
        replace_all (bool): whether to replace all matches, else the first. Default: True.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if the input is no text, or `pattern` or `replace` cannot be read.

    Example:
        >>> text.RegexReplace(r"(\\w+)@(\\w+)", "$2 of $1")("me@home").item()
        'home of me'
    """

    @takes(pattern="str", replace="str", replace_all="bool")
    def __init__(self, pattern: str, replace: str, replace_all: bool = True):
        self.pattern = pattern
        self.replace = replace
        self.replace_all = replace_all

    def _text(self, text: str) -> str:
        try:
            count = 0 if self.replace_all else 1
            return compiled(self.pattern).sub(lambda match: expanded(self.replace, match), text, count)
        except ValueError as error:
            raise refusal(self, str(error).rstrip(".")) from error


class FilterWikipediaXML(ElementwiseOperation):
    """Keep of the lines of a dump of Wikipedia the words, in lower case, of the letters a to z; digits become words.

    Raises:
        RuntimeError: if the input is no text.

    Example:
        >>> text.FilterWikipediaXML()("<b>Page</b> The 7 [[seas]] &amp; more").item()
        'the seven seas more'
    """

    def _text(self, text: str) -> str:
        if "#redirect" in text or "#REDIRECT" in text:
            return ""
        text = re.sub("&[^;]*;", " ", re.sub("<[^>]*>", "", compiled("<.*>").sub("", text)))
        return re.sub("[^a-z]+", " ", text.translate(_LETTERS_AND_DIGITS)).strip()


_DIGITS = "zero one two three four five six seven eight nine".split()
_LETTERS_AND_DIGITS = str.maketrans(
    {letter: letter.lower() for letter in ascii_uppercase}
    | {str(digit): f" {word} " for digit, word in enumerate(_DIGITS)}
)
